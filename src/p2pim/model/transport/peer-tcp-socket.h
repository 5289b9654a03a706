// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PEER_TCP_SOCKET_H
#define P2PIM_PEER_TCP_SOCKET_H

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/transport-preset.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// Why a connection was not made, or did not end in order.
enum class TcpFailure : uint8_t
{
    NONE,      ///< nothing went wrong
    REFUSED,   ///< the peer answered the SYN with a reset (RFC 9293 3.10.7.3)
    TIMED_OUT, ///< all transmissions of a SYN, or of data, went unanswered
    RESET,     ///< the peer reset an established connection (RFC 9293 3.10.7.4)
};

/**
 * A TCP socket for two equal peers. To ns-3's TcpSocketBase it adds, after RFC 9293:
 *
 *  - simultaneous open (3.5, figure 8): both sides reach ESTABLISHED and both get the
 *    connection-succeeded callback;
 *  - refusal: an acceptable reset in SYN-SENT or SYN-RECEIVED ends the attempt at once with the
 *    connection-failed callback, and GetFailure tells a refusal from silence;
 *  - resets outside the window are ignored, those inside it but not in order are challenged
 *    (3.10.7.4, RFC 5961 3.2), and a reset of an open connection calls the error-close callback;
 *  - answers that ns-3 leaves out: the acknowledgment of a repeated SYN or SYN,ACK and of a FIN
 *    repeated in TIME-WAIT, the reset for an unacceptable acknowledgment;
 *  - after a time-out the retransmission timer keeps its doubled value until there is a measurement
 *    of a segment that was sent only once (RFC 6298 5.5 to 5.7, Karn); ns-3 goes back at the next
 *    acknowledgment, which repeats all that a slow link holds;
 *  - a FIN is repeated at doubled times and not for ever, and the states that wait for its
 *    acknowledgment are not left for another one;
 *  - a listener and any number of connections on one local port, as with SO_REUSEADDR;
 *  - initial sequence numbers that differ (TcpSequenceNumbers), in place of 0;
 *  - on request, repetitions of the SYN at a constant rate before the time doubles, and ICMP errors
 *    that end an attempt to connect, both as in Linux;
 *  - the settings of a handset as attributes.
 *
 * The settings have names of their own, as ns-3 does
 * not let a subclass change the default of an inherited attribute; they are applied after the
 * inherited ones, so that they win over a default set for ns3::TcpSocket.
 *
 * Callbacks: ns-3 keeps a socket alive until its connection has left TIME-WAIT, and a socket calls
 * what it was given until then. Who lets go of a socket, or is disposed of, first calls
 * ForgetCallbacks. An accepted socket starts with the listener's close callbacks. A connection that
 * is half open when its listener is closed is reset and calls nothing.
 */
class PeerTcpSocket : public TypedTcpSocket<PeerTcpSocket>
{
  public:
    /// What ICMP errors do to an attempt to connect.
    enum IcmpErrors : uint8_t
    {
        ICMP_SOFT, ///< nothing: the SYN is repeated
        ICMP_HARD  ///< they end it as refused
    };

    /// @return the type.
    static TypeId GetTypeId();

    PeerTcpSocket();
    /// @param other the socket to copy: a listener, or the prototype.
    PeerTcpSocket(const PeerTcpSocket& other);
    ~PeerTcpSocket() override;

    /**
     * Makes a socket from a prototype, which costs a fraction of building one from its attributes.
     * The prototype lasts until Simulator::Destroy: attribute defaults count as they are when the
     * first socket of a simulation is made. There is one for each TransportPreset, whose settings
     * count in place of the attributes of this class.
     *
     * @param node a node with a TCP/IP stack, whose preset counts if it is a PeerTcpProtocol.
     * @return the socket, closed and unbound.
     */
    static Ptr<PeerTcpSocket> Create(Ptr<Node> node);

    /**
     * Opens a connection from a given local port, which a listener and other connections may use
     * at the same time.
     *
     * @param local the own address, or 0.0.0.0 for that of the route to @p remote.
     * @param localPort the own port, 1 to 65535.
     * @param remote the peer's address and port.
     * @return 0, or -1 with the error ERROR_ADDRINUSE if that very connection exists,
     *         ERROR_NOROUTETOHOST if there is no way to the peer, ERROR_INVAL if the socket is in
     *         use.
     */
    int ConnectFrom(Ipv4Address local, uint16_t localPort, const InetSocketAddress& remote);

    /**
     * Lets the SYNs of an active open go fewer hops than other segments, so that they open the NATs
     * on this side and are lost before those of the other.
     *
     * @param ttl the TTL of a SYN without ACK; 0: as of any segment.
     */
    void SetSynTtl(uint8_t ttl);

    /// @return why the last attempt failed or the connection broke; valid in the callbacks.
    TcpFailure GetFailure() const;

    /// @return the state of the connection.
    TcpStates_t GetState() const;

    /// Forgets every callback set on this socket.
    void ForgetCallbacks();

    /**
     * Takes a segment that is known to be for this socket.
     *
     * @param packet the segment with its TCP header.
     * @param header the IP header.
     * @param remotePort the sender's port.
     * @param interface where it came in.
     * @return whether the socket still has an end point; else nothing was done.
     */
    bool Deliver(Ptr<Packet> packet,
                 const Ipv4Header& header,
                 uint16_t remotePort,
                 Ptr<Ipv4Interface> interface);

    /**
     * Takes an ICMP error about a segment of this connection.
     *
     * @param type the type, a number of Icmpv4Header.
     * @param code the code of that type.
     * @param sequence the segment's sequence number.
     */
    void HeedIcmpError(uint8_t type, uint8_t code, const SequenceNumber32& sequence);

    using TcpSocketBase::Bind;
    /**
     * As ns-3's, but fails only if a socket that is not connected has the same address and port.
     *
     * @param address the own address and port; port 0 for an ephemeral one.
     * @return 0, or -1 with the error ERROR_ADDRINUSE.
     */
    int Bind(const Address& address) override;
    int Listen() override;
    int Connect(const Address& address) override;
    /**
     * As ns-3's, but a listener, a bound port or an attempt that has not been answered yet is given
     * up in silence (RFC 9293 3.10.4), and a half-open one is reset.
     *
     * @return 0.
     */
    int Close() override;

    using TcpSocketBase::Recv;
    /**
     * As ns-3's, but tells the peer when a window that had no room for a segment has it again (RFC
     * 9293 3.8.6.2.2), for which ns-3's sender would wait for ever.
     *
     * @param maxSize the most octets to read.
     * @param flags not used.
     * @return what was read, or null.
     */
    Ptr<Packet> Recv(uint32_t maxSize, uint32_t flags) override;

  protected:
    void NotifyConstructionCompleted() override;
    Ptr<TcpSocketBase> Fork() override;
    void CompleteFork(Ptr<Packet> packet,
                      const TcpHeader& header,
                      const Address& from,
                      const Address& to) override;
    void DoForwardUp(Ptr<Packet> packet, const Address& from, const Address& to) override;
    void SendEmptyPacket(uint8_t flags) override;
    void UpdateRttHistory(const SequenceNumber32& sequence,
                          uint32_t size,
                          bool isRetransmission) override;
    void ReTxTimeout() override;
    void NewAck(const SequenceNumber32& ack, bool resetRto) override;
    void LastAckTimeout() override;

  private:
    /// A segment that has come in, as the state functions see it.
    struct Segment
    {
        Ptr<Packet> packet;  ///< with its TCP header
        const Address& from; ///< the sender's address and port
        const Address& to;   ///< own address and port
        TcpHeader header;    ///< a copy of the header

        /// @return whether flag @p flag is set.
        bool Has(TcpHeader::Flags_t flag) const;
    };

    /// @return the prototype of this simulation with @p preset.
    static Ptr<PeerTcpSocket> GetPrototype(TransportPreset preset);
    /// Takes the settings of a preset.
    void Apply(const TransportSettings& settings);
    /// Sends no greater segments than the peer says in its SYN (RFC 9293 3.7.1), if it does.
    void HeedSegmentSize(const TcpHeader& syn);
    /// Learns the peer's initial sequence number, without which ns-3 echoes no timestamp of a SYN.
    void HeedInitialSequence(const TcpHeader& syn);
    /// Gives a connection that is about to be opened its initial sequence number.
    void ChooseInitialSequence(const TcpFourTuple& connection);

    /// @return the time in TIME-WAIT.
    Time GetTimeWait() const;
    /// @param timeWait the time in TIME-WAIT.
    void SetTimeWait(Time timeWait);

    /// @return whether ns-3 treats @p packet as the standard says, so that Receive is not needed.
    bool IsOrdinary(Ptr<const Packet> packet) const;
    /// Treats a segment in CLOSED (bound, not connected): RFC 9293 3.10.7.1.
    void ReceiveInClosed(const Segment& segment);
    /// Treats a segment in LISTEN: RFC 9293 3.10.7.2.
    void ReceiveInListen(const Segment& segment);
    /// Treats a segment in SYN-SENT: RFC 9293 3.10.7.3.
    void ReceiveInSynSent(const Segment& segment);
    /// Treats a segment in SYN-RECEIVED: RFC 9293 3.10.7.4.
    void ReceiveInSynReceived(const Segment& segment);
    /// Treats a SYN in SYN-RECEIVED, which may be the second half of a simultaneous open.
    void ReceiveSynInSynReceived(const Segment& segment);
    /// Treats a segment in ESTABLISHED and later states: RFC 9293 3.10.7.4.
    void ReceiveSynchronized(const Segment& segment);
    /// Treats a segment in CLOSING and LAST-ACK, which wait for the acknowledgment of the own FIN.
    void ReceiveAfterBothFins(const Segment& segment);
    /// Treats a reset in SYN-RECEIVED and later states: RFC 9293 3.10.7.4.
    void ReceiveReset(const Segment& segment);
    /// Hands a segment to ns-3, and reports the connection if it completed it.
    void PassOn(const Segment& segment);

    /// Ends an attempt to connect with the connection-failed callback.
    void FailConnect(TcpFailure failure);
    /// Ends an open connection, with the error-close callback if no close was reported yet.
    void BreakConnection(TcpFailure failure);
    /// Drops the connection without a callback.
    void Abandon();
    /// Reports that the connection is made.
    void ReportConnected();

    /// From now on segments go that many hops; 0: as many as those of any socket.
    void LimitHops(uint8_t ttl);
    /// Sets the time of the next SYN if the first repetitions come at a constant rate.
    void TimeNextSyn(uint8_t flags);
    /// Answers a segment with a reset (RFC 9293 3.10.7.1) and leaves the own state alone.
    void SendResetFor(const Segment& segment);
    /// Acknowledges what has come so far, in SYN-RECEIVED and later states.
    void SendAck();
    /// Sends a segment without data to the connection's peer, with the numbers in @p header.
    void SendOwn(TcpHeader& header);
    /// Sends a segment without data, whoever the peer is.
    void SendControl(TcpHeader& header, const Address& from, const Address& to);
    /// @return the address for packets to @p remote, or 0.0.0.0 if there is no route.
    Ipv4Address FindSource(Ipv4Address remote) const;
    /// @return the name of the connection.
    TcpFourTuple GetFourTuple() const;
    /// Enrols the end point with the protocol.
    void Enrol();
    /// Undoes Enrol.
    void Withdraw();

    /// @return RCV.NXT.
    SequenceNumber32 GetNextReceive() const;
    /// @return the acknowledgment number that answers the own SYN.
    SequenceNumber32 GetSynAcknowledgment() const;
    /// @return the acknowledgment number that answers the own FIN.
    SequenceNumber32 GetAfterFin() const;

    TypeId m_congestionControlType;         ///< type of the congestion control algorithm
    Ptr<PeerTcpSocket> m_listener;          ///< who accepts, while the open is passive
    uint32_t m_synLinearRepetitions{0};     ///< repetitions of a SYN before the time doubles
    IcmpErrors m_icmpErrors{ICMP_SOFT};     ///< what those do to an attempt
    uint8_t m_synTtl{0};                    ///< see SetSynTtl
    uint32_t m_finCount{0};                 ///< how often the timer has sent the FIN
    Time m_backedOffRto;                    ///< after a time-out, until a round trip is measured
    uint32_t m_samplesBefore{0};            ///< round trips measured before that time-out
    bool m_isHopLimited{false};             ///< the last segment went fewer hops than others
    bool m_activeOpen{false};               ///< this side has called Connect
    bool m_enrolled{false};                 ///< m_connection is enrolled
    TcpFailure m_failure{TcpFailure::NONE}; ///< see GetFailure
    TcpFourTuple m_connection;              ///< what was enrolled
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PEER_TCP_SOCKET_H
