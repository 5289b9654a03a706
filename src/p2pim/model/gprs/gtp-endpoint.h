// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GTP_ENDPOINT_H
#define P2PIM_GTP_ENDPOINT_H

#include "ns3/address.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gtp.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/ptr.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace ns3
{
namespace p2pim
{

/// How a GSN repeats requests (TS 29.060 7.6).
struct GtpSettings
{
    Time t3Response = Seconds(5); ///< T3-RESPONSE: wait for a response
    uint8_t n3Requests = 5;       ///< N3-REQUESTS: transmissions of a request in all
};

/**
 * One end of the Gn interface, between an SGSN and a GGSN on one link: GTP's path management and
 * its requests, which are repeated until they are answered.
 *
 * Control messages go through the node's UDP, and so do error indications. G-PDUs carry the same
 * octets on the link, IPv4 and UDP headers included, but are put there and taken from there without
 * the node's IP stack, as a GTP driver in a kernel does; on the receiving node they are told apart
 * by a link protocol number that is not on the wire.
 */
class GtpEndpoint
{
  public:
    /// Called with a request of the peer, and where it came from.
    using RequestFunction = std::function<void(const GtpMessage& request, const Address& from)>;
    /// Called with the T-PDU of a G-PDU and its tunnel endpoint identifier.
    using UserFunction = std::function<void(uint32_t teid, Ptr<Packet> packet)>;
    /// Called once with the response to a request, or with null when there was none.
    using ResponseFunction = std::function<void(const GtpMessage* response)>;
    /// Called when the peer has restarted: its contexts are gone.
    using RestartFunction = std::function<void()>;

    /// What the endpoint's owner does about what arrives.
    struct Handlers
    {
        RequestFunction request; ///< requests, and error indications
        UserFunction user;       ///< G-PDUs, even out of service, so that they are counted
        RestartFunction restart; ///< the peer's restart counter has changed
    };

    /// @param settings of requests; must outlive the endpoint.
    explicit GtpEndpoint(const GtpSettings& settings);

    /**
     * Opens the endpoint on a node that has a UDP stack.
     *
     * @param device the node's device on the Gn link.
     * @param own the node's address there.
     * @param peer the other node's address there.
     * @param handlers called from now on.
     */
    void Open(Ptr<NetDevice> device, Ipv4Address own, Ipv4Address peer, Handlers handlers);

    /// Lets go of the node.
    void Close();

    /// @return the node's address on Gn.
    Ipv4Address GetAddress() const;

    /**
     * Sends a request to the peer's GTP-C port, and again until it is answered.
     *
     * @param request the request; its sequence number is set here.
     * @param done called with the outcome.
     */
    void Request(GtpMessage request, ResponseFunction done);

    /**
     * Sends a response.
     *
     * @param response the response.
     * @param to where the request came from.
     */
    void Respond(const GtpMessage& response, const Address& to);

    /**
     * Sends a T-PDU.
     *
     * @param teid the peer's tunnel endpoint identifier.
     * @param packet the T-PDU; the headers are added to it.
     */
    void SendUser(uint32_t teid, Ptr<Packet> packet);

    /// Tells the peer that there is no context for the G-PDUs that it sends to a @p teid (7.3.7).
    void SendErrorIndication(uint32_t teid);

    /// @param inService whether the node works; when it comes back its restart counter is one more.
    void SetInService(bool inService);
    /// @return whether it works.
    bool IsInService() const;
    /// @return the own restart counter, for messages that carry it.
    uint8_t GetRestartCounter() const;

    /// @return counters of the messages.
    CounterList GetCounters() const;

  private:
    void ReceiveControl(Ptr<Socket> socket);
    void ReceiveUser(Ptr<NetDevice> device,
                     Ptr<const Packet> packet,
                     uint16_t protocol,
                     const Address& from,
                     const Address& to,
                     NetDevice::PacketType type);

    /// A request that is not yet answered.
    struct Pending
    {
        Octets octets;
        ResponseFunction done;
        uint8_t transmissions = 0;
        EventId timer;
    };

    void Transmit(uint16_t sequence);
    void ReceiveErrorIndication(Ptr<Socket> socket);
    void NoteRestartCounter(const GtpMessage& message);

    const GtpSettings& m_settings;
    Handlers m_handlers;
    Ptr<NetDevice> m_device;
    Ptr<Socket> m_control;
    Ptr<Socket> m_errors; ///< user plane's port, all but G-PDUs
    Ipv4Address m_own;
    Ipv4Address m_peer;
    bool m_inService = true;
    uint8_t m_restartCounter = 0;
    std::optional<uint8_t> m_peerRestartCounter;
    uint16_t m_lastSequence = 0;
    std::map<uint16_t, Pending> m_pending; ///< by sequence number

    uint64_t m_requests = 0;
    uint64_t m_repetitions = 0;
    uint64_t m_timeouts = 0;
    uint64_t m_errorIndications = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GTP_ENDPOINT_H
