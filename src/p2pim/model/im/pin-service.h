// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PIN_SERVICE_H
#define P2PIM_PIN_SERVICE_H

#include "ns3/inet-socket-address.h"
#include "ns3/lazy-timer.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet-bearer.h"
#include "ns3/page-mode-service.h"
#include "ns3/pin-endpoint.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * PIN-to-PIN messaging on a phone: a page-mode service like SMS, over the packet bearer. The
 * phone's number is its PIN. It holds a registration of its address with a PinRelay from its first
 * use on, which takes the bearer; a phone without one cannot be reached. The last-named need sets
 * it apart from SMS, which finds a phone that is only switched on.
 */
class PinService : public PageModeService, private PinEndpointUser
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PinService();
    ~PinService() override;

    /// TracedCallback signature of the trace source Registered.
    typedef void (*RegisteredTracedCallback)(bool registered);
    /// TracedCallback signature of the trace source Report.
    typedef void (*ReportTracedCallback)(const std::string& receiver, PinStatus status);

    /**
     * Puts the service on a phone. To be called once, before any of the below.
     *
     * @param phone a node with a PacketBearer.
     * @param pin the phone's PIN.
     * @param relay the relay's address and port.
     */
    void Mount(Ptr<Node> phone, uint32_t pin, const InetSocketAddress& relay);

    /// Brings up the bearer, registers, and keeps the registration from now on.
    void GoOnline();

    /// The bearer has another address, or none: registers anew. Also seen before each use and at
    /// each keep-alive.
    void CheckAddress();

    /// Ends the registration; messages that wait to be sent fail.
    void GoOffline();

    /// @return whether the relay knows of the phone.
    bool IsRegistered() const;

    /// @return what has happened since the start; the names are stable.
    CounterList GetCounters() const;

    // PageModeService: a number is a PIN of eight hexadecimal digits
    uint32_t GetMaxUserData() const override;
    void Submit(const std::string& destination,
                uint16_t destinationPort,
                uint16_t originatorPort,
                const std::vector<uint8_t>& userData,
                SubmitCallback done) override;
    void Listen(uint16_t port, ReceiveCallback received) override;

  protected:
    void DoDispose() override;

  private:
    // PinEndpointUser
    bool SendToRelay(const PinMessage& message) override;
    void HandleSubmitted(uint32_t id, const char* cause) override;
    void HandleMessage(const PinMessage& message) override;
    void HandleReport(const PinMessage& report) override;
    void HandleRegistered(bool registered) override;

    void BearerUp(bool up, const std::string& cause);
    void HandleRead(Ptr<Socket> socket);
    void HandleTimer();
    void Rearm();

    // attributes
    uint16_t m_localPort;
    Time m_lifetime;
    Time m_keepAliveInterval;
    Time m_retransmissionTime;
    uint32_t m_maxTransmissions;
    Time m_validityPeriod;
    bool m_deliveryReports;

    PinEndpoint m_endpoint;
    Ptr<Node> m_phone;
    Ptr<PacketBearer> m_bearer;
    std::optional<InetSocketAddress> m_relay;
    Ptr<Socket> m_socket;
    LazyTimer m_timer;
    std::vector<std::pair<PinMessage, SubmitCallback>> m_waiting; ///< for the bearer
    std::map<uint32_t, SubmitCallback> m_submissions;             ///< by message id
    std::map<uint16_t, ReceiveCallback> m_listeners;              ///< by port
    TracedCallback<bool> m_registeredTrace;
    TracedCallback<const std::string&, PinStatus> m_reportTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PIN_SERVICE_H
