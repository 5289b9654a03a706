// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PIN_RELAY_H
#define P2PIM_PIN_RELAY_H

#include "ns3/chat-server.h"
#include "ns3/lazy-timer.h"
#include "ns3/pin-relay-core.h"
#include "ns3/random-variable-stream.h"
#include "ns3/server-processing.h"
#include "ns3/socket.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * The routing server of PIN-to-PIN messaging, the server of the scheme `p2p-pin`: a PinRelayCore at
 * a UDP port. What arrives is processed for a time first.
 */
class PinRelay : public ChatServer
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PinRelay();
    ~PinRelay() override;

    /**
     * Makes a PIN known.
     *
     * @param pin eight hexadecimal digits.
     * @param password not used.
     */
    void AddUser(const std::string& pin, const std::string& password) override;
    int64_t AssignStreams(int64_t first) override;
    CounterList GetCounters() const override;

    /// @return the routing table and the store.
    const PinRelayCore& GetCore() const;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    void HandleRead(Ptr<Socket> socket);
    void Process(const Octets& datagram, const InetSocketAddress& from);
    void Send(const PinMessage& message, const InetSocketAddress& to);
    void HandleTimer();
    void Rearm();

    // attributes
    uint16_t m_port{0};
    Time m_maxLifetime;
    Time m_validityPeriod;
    Time m_retransmissionTime;
    uint32_t m_maxTransmissions{0};
    uint32_t m_maxStored{0};
    Ptr<RandomVariableStream> m_processingTime;

    PinRelayCore m_core;
    ServerProcessing m_processing;
    Ptr<Socket> m_socket;
    LazyTimer m_timer;
    uint64_t m_malformed{0};
    uint64_t m_octetsReceived{0};
    uint64_t m_octetsSent{0};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PIN_RELAY_H
