// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TURN_RELAY_H
#define P2PIM_TURN_RELAY_H

#include "ns3/application.h"
#include "ns3/counter-list.h"
#include "ns3/lazy-timer.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/random-variable-stream.h"
#include "ns3/server-processing.h"
#include "ns3/stun-stream.h"
#include "ns3/tcp-stream.h"
#include "ns3/turn-relay-core.h"
#include "ns3/turn-splice.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * A relay for TCP on a host of the Internet: a TurnRelayCore at a TCP port, and the connections
 * that it joins. It answers Binding requests, too.
 */
class TurnRelay : public Application, private TurnRelaySockets
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    TurnRelay();
    ~TurnRelay() override;

    /**
     * Makes a user known, before the relay is initialized or after.
     *
     * @param name the user's name.
     * @param password its password.
     */
    void AddUser(const std::string& name, const std::string& password);

    /**
     * Fixes the streams of the random draws.
     *
     * @param first the first stream to use.
     * @return how many are used.
     */
    int64_t AssignStreams(int64_t first);

    /// @return what has happened since the start; the names are stable.
    CounterList GetCounters() const;

    /// @return the allocations and connections.
    const TurnRelayCore& GetCore() const;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

  private:
    /// A client's connection that carries messages.
    struct Client
    {
        Ptr<PeerTcpSocket> socket;
        StunStream messages;
        std::unique_ptr<TcpStream> connection;
        uint32_t joined = 0; ///< the connection with a peer that it carries from now on
    };

    /// A connection with a peer.
    struct Peer
    {
        Ptr<PeerTcpSocket> socket;
        bool isClosed = false; ///< by the peer, before the client has bound it
        std::unique_ptr<TurnSplice> splice;
    };

    // what the core asks for
    void Send(uint64_t client, const Octets& message) override;
    void CloseClient(uint64_t client) override;
    bool Listen(uint16_t port) override;
    void StopListening(uint16_t port) override;
    void Connect(uint32_t connection, uint16_t port, const InetSocketAddress& peer) override;
    void ClosePeer(uint32_t connection) override;
    void Join(uint64_t client, uint32_t connection) override;

    /// @return a listener on a port with a handler of accepted connections; none if it is taken.
    Ptr<PeerTcpSocket> OpenListener(uint16_t port,
                                    std::function<void(Ptr<Socket>, const Address&)> accept);
    /// @return the own address.
    Ipv4Address GetOwnAddress() const;
    void HandleClient(Ptr<Socket> socket, const Address& from);
    void HandlePeer(uint16_t port, Ptr<Socket> socket, const Address& from);
    /// Hears of a peer's connection until it is joined.
    void WatchPeer(uint32_t connection);
    /// A connection with a peer is over, or was not made.
    void EndPeer(uint32_t connection);
    /// Forgets a connection with a peer and keeps the count of its octets.
    void ErasePeer(uint32_t connection);
    /// A client's octets have been processed.
    void Process(uint64_t client, const std::string& octets);
    void HandleLost(uint64_t client);
    void HandleArrived(uint32_t connection, TurnSplice::End from);
    void HandleTimer();
    void Rearm();

    // attributes
    uint16_t m_port{0};
    uint16_t m_firstPort{0};
    uint16_t m_lastPort{0};
    Time m_defaultLifetime;
    Time m_maxLifetime;
    Time m_permissionLifetime;
    Time m_connectTimeout;
    Time m_bindTimeout;
    Time m_nonceLifetime;
    uint32_t m_maxAllocations{0};
    uint32_t m_maxAllocationsPerUser{0};
    uint32_t m_maxPermissions{0};
    uint32_t m_maxConnections{0};
    bool m_authenticate{true};
    bool m_checkPeers{true};
    std::string m_realm;
    Ptr<RandomVariableStream> m_processingTime;

    TurnRelayCore m_core;
    ServerProcessing m_processing;
    Ptr<PeerTcpSocket> m_listener;
    std::map<uint16_t, Ptr<PeerTcpSocket>> m_relayed; ///< listeners, by port
    std::map<uint64_t, Client> m_clients;
    std::map<uint32_t, Peer> m_peers;
    uint64_t m_lastClient{0};
    LazyTimer m_timer;
    uint64_t m_octetsReceived{0};
    uint64_t m_octetsSent{0};
    uint64_t m_relayedToPeers{0};
    uint64_t m_relayedToClients{0};
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TURN_RELAY_H
