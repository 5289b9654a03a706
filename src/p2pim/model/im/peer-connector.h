// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PEER_CONNECTOR_H
#define P2PIM_PEER_CONNECTOR_H

#include "ns3/callback.h"
#include "ns3/connection-attempt.h"
#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * One end of a session on its way to a connection: a listener, and attempts to connect from the
 * same port, side by side. Every connection that stands is handed over; the owner says when it has
 * the right one, by Stop().
 */
class PeerConnector : public SimpleRefCount<PeerConnector>
{
  public:
    /// How an address is dialled.
    enum class Mode : uint8_t
    {
        ONCE,       ///< one attempt, with its retransmissions
        PERSISTENT, ///< another one after each that fails
        OPENING,    ///< one SYN, to open the way for the other end
    };

    /// Called with a connection that stands.
    using EstablishedCallback = Callback<void, Ptr<PeerTcpSocket>>;
    /// Called when an attempt has failed that is not repeated.
    using FailedCallback = Callback<void, TcpFailure>;
    /// Called when a try begins, and when it is over; the candidate is not known here.
    using AttemptCallback = Callback<void, const ConnectionAttempt&>;

    /**
     * @param node the phone.
     * @param address its address, which listener and attempts have.
     * @param interval time from a refusal to the next attempt, and until an opening is given up, s.
     */
    PeerConnector(Ptr<Node> node, Ipv4Address address, Ptr<RandomVariableStream> interval);
    ~PeerConnector();

    /**
     * @param established called with each connection.
     * @param failed called with each failure.
     * @param attempted told of each attempt, to the end of all.
     */
    void SetCallbacks(EstablishedCallback established,
                      FailedCallback failed,
                      AttemptCallback attempted = AttemptCallback());

    /**
     * Listens.
     *
     * @return the port.
     */
    uint16_t Listen();

    /// @return the port of the listener; 0 if there is none.
    uint16_t GetPort() const;

    /**
     * Begins to dial, from the listener's port if there is one.
     *
     * @param remote whom.
     * @param mode how.
     * @param synTtl how many hops the SYNs may go; 0: as any packet.
     */
    void Dial(const InetSocketAddress& remote, Mode mode, uint8_t synTtl = 0);

    /// From now on SYNs go as far as any packet.
    void LiftTtl();

    /// @return whether an attempt is under way, or will be.
    bool IsTrying() const;

    /// Ends listener and attempts; connections that were handed over stay.
    void Stop();

  private:
    /// An address that is dialled.
    struct Attempt
    {
        InetSocketAddress remote;
        Mode mode;
        uint8_t synTtl;
        Ptr<PeerTcpSocket> socket;
        EventId timer; ///< the next attempt, or the end of an opening
        ConnectionAttempt report{};
    };

    void Accepted(Ptr<Socket> socket, const Address& from);
    void Tell(Ptr<PeerTcpSocket> socket);
    void Try(std::size_t index);
    void Connected(std::size_t index, Ptr<Socket> socket);
    void Failed(std::size_t index, Ptr<Socket> socket);
    /// An attempt is over.
    void GiveUp(std::size_t index);
    void Report(std::size_t index, ConnectionAttempt::Outcome outcome, bool isOver);

    Ptr<Node> m_node;
    Ipv4Address m_address;
    Ptr<RandomVariableStream> m_interval;
    EstablishedCallback m_established;
    FailedCallback m_failed;
    AttemptCallback m_attempted;
    Ptr<PeerTcpSocket> m_listener;
    uint16_t m_port = 0;
    std::vector<Attempt> m_attempts;
    bool m_stopped = false;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PEER_CONNECTOR_H
