// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PEER_TCP_PROTOCOL_H
#define P2PIM_PEER_TCP_PROTOCOL_H

#include "ns3/ipv4-address.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/transport-preset.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace ns3
{
namespace p2pim
{

class PeerTcpSocket;

/// What names a TCP connection on one host (RFC 9293 3.3.1); with remote 0.0.0.0:0, a listener.
struct TcpFourTuple
{
    Ipv4Address local;      ///< own address
    Ipv4Address remote;     ///< peer's address
    uint16_t localPort{0};  ///< own port
    uint16_t remotePort{0}; ///< peer's port
};

/// @return whether @p a and @p b name the same connection.
bool operator==(const TcpFourTuple& a, const TcpFourTuple& b);

/**
 * ns-3's TCP, which finds the socket of a segment in constant time.
 *
 * ns-3 compares each segment with every end point of the node; a log-in server has one for every
 * phone. Here PeerTcpSockets enrol with their four-tuple, and only a segment that belongs to none
 * of them takes ns-3's way, which knows other kinds of socket and answers a closed port with a
 * reset (RFC 9293 3.10.7.1). A port with a listening PeerTcpSocket is for PeerTcpSockets only.
 */
class PeerTcpProtocol : public TcpL4Protocol
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PeerTcpProtocol();
    ~PeerTcpProtocol() override;

    /**
     * Makes @p socket the receiver of the segments of a connection, or of the SYNs for a listener,
     * in place of an earlier one.
     *
     * @param connection the connection's or the listener's name.
     * @param socket the socket; it withdraws itself before it is destroyed.
     */
    void Enrol(const TcpFourTuple& connection, PeerTcpSocket* socket);

    /**
     * Undoes Enrol. Without effect if another socket has taken the name since.
     *
     * @param connection the connection's or the listener's name.
     * @param socket the socket that was enrolled.
     */
    void Withdraw(const TcpFourTuple& connection, const PeerTcpSocket* socket);

    /**
     * Whose TCP the node has: what PeerTcpSocket::Create makes from now on. Called once, after the
     * protocol has its node.
     *
     * @param preset the preset.
     */
    void SetTransportPreset(TransportPreset preset);
    /// @return whose TCP the node has.
    TransportPreset GetTransportPreset() const;

    using TcpL4Protocol::Receive;
    IpL4Protocol::RxStatus Receive(Ptr<Packet> packet,
                                   const Ipv4Header& header,
                                   Ptr<Ipv4Interface> interface) override;

    using TcpL4Protocol::ReceiveIcmp;
    void ReceiveIcmp(Ipv4Address from,
                     uint8_t ttl,
                     uint8_t type,
                     uint8_t code,
                     uint32_t info,
                     Ipv4Address source,
                     Ipv4Address destination,
                     const uint8_t payload[8]) override;

  protected:
    void DoDispose() override;

  private:
    /// The octets of a TCP header up to the control bits.
    using SegmentStart = std::array<uint8_t, 14>;

    /// Hash of a connection's name.
    struct Hash
    {
        /// @return a well-mixed hash of @p connection.
        std::size_t operator()(const TcpFourTuple& connection) const;
    };

    /// Hands a segment to IP, in a SYN with the option that tells the maximum segment size.
    void SendDown(Ptr<Packet> segment,
                  Ipv4Address source,
                  Ipv4Address destination,
                  uint8_t protocol,
                  Ptr<Ipv4Route> route) const;
    /// @return the socket enrolled under @p connection, or none.
    Ptr<PeerTcpSocket> Find(const TcpFourTuple& connection) const;
    /// @return the socket that a segment is for, or none if that is to be left to ns-3.
    Ptr<PeerTcpSocket> FindReceiver(const SegmentStart& segment,
                                    const TcpFourTuple& connection) const;

    std::unordered_map<TcpFourTuple, PeerTcpSocket*, Hash> m_sockets; ///< looked up only
    TransportPreset m_preset = TRANSPORT_ATTRIBUTES;
    uint16_t m_maximumSegmentSize = 0; ///< told in a SYN, if not 0
    DownTargetCallback m_ip;           ///< what a segment with that option is handed to
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PEER_TCP_PROTOCOL_H
