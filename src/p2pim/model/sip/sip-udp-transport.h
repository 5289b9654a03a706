// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SIP_UDP_TRANSPORT_H
#define P2PIM_SIP_UDP_TRANSPORT_H

#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"
#include "ns3/server-processing.h"
#include "ns3/sip-transaction-layer.h"
#include "ns3/socket.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The datagrams of one transport, since it was opened.
struct SipTransportCounters
{
    uint64_t datagramsSent{0};     ///< datagrams handed to UDP, keep-alives among them
    uint64_t octetsSent{0};        ///< their octets, without headers of UDP and IP
    uint64_t datagramsReceived{0}; ///< datagrams from UDP
    uint64_t octetsReceived{0};    ///< their octets
    uint64_t keepAlives{0};        ///< datagrams received that hold only CRLF
    uint64_t malformed{0};         ///< datagrams dropped as no SIP message
};

/**
 * The transport layer (RFC 3261 18) of one element over UDP: a socket on a node, the transactions
 * above it, and one pending event for all their timers.
 */
class SipUdpTransport
{
  public:
    /**
     * @param user the user agent or proxy.
     * @param timers T1, T2 and T4.
     */
    SipUdpTransport(SipTransactionUser& user, const SipTimers& timers);
    ~SipUdpTransport();
    SipUdpTransport(const SipUdpTransport&) = delete;
    SipUdpTransport& operator=(const SipUdpTransport&) = delete;

    /**
     * Opens the socket.
     *
     * @param node the node.
     * @param port the local UDP port.
     * @return whether the port was free.
     */
    bool Open(Ptr<Node> node, uint16_t port);

    /// @param delay seconds from the arrival of a datagram to its processing; null for none.
    void SetProcessingTime(Ptr<RandomVariableStream> delay);

    /// Begins a client transaction, as SipTransactionLayer::SendRequest().
    uint64_t SendRequest(const SipMessage& request, const InetSocketAddress& target);

    /// Answers a request, as SipTransactionLayer::SendResponse().
    void SendResponse(uint64_t server, const SipMessage& response);

    /**
     * Sends the CRLF CRLF of a keep-alive (RFC 5626 3.5.1; over UDP it is the one-way habit of
     * handsets, where that RFC would have STUN).
     *
     * @param target the next hop.
     */
    void SendKeepAlive(const InetSocketAddress& target);

    /// @return the transactions.
    SipTransactionLayer& GetTransactionLayer();

    /// @return the counters of datagrams.
    const SipTransportCounters& GetCounters() const;

    /// @return name and value of the counters of datagrams and transactions; the names are stable.
    std::vector<std::pair<std::string, double>> ListCounters() const;

  private:
    bool SendDatagram(const InetSocketAddress& to, const std::string& bytes);
    void HandleRead(Ptr<Socket> socket);
    void Process(Ptr<Packet> packet, const InetSocketAddress& source);
    /// The earliest timer of the transactions is due.
    void HandleTimer();
    /// Makes the pending event no later than the earliest timer.
    void Rearm();

    SipTransactionLayer m_layer;
    Ptr<Socket> m_socket;
    ServerProcessing m_processing;
    EventId m_timer; ///< for the transactions
    SipTransportCounters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SIP_UDP_TRANSPORT_H
