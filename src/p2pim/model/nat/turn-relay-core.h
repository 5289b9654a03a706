// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TURN_RELAY_CORE_H
#define P2PIM_TURN_RELAY_CORE_H

#include "ns3/inet-socket-address.h"
#include "ns3/nstime.h"
#include "ns3/stun-message.h"
#include "ns3/stun-transaction.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace ns3
{
namespace p2pim
{

/// What the core of a relay has done for it: what is around it has sockets.
class TurnRelaySockets
{
  public:
    virtual ~TurnRelaySockets() = default;

    /// Sends a message to a client on its control connection.
    virtual void Send(uint64_t client, const Octets& message) = 0;
    /// Closes a client's connection.
    virtual void CloseClient(uint64_t client) = 0;
    /// Listens on a port of the relayed address. @return whether it is free.
    virtual bool Listen(uint16_t port) = 0;
    /// Listens no longer.
    virtual void StopListening(uint16_t port) = 0;
    /// Connects from a port of the relayed address; PeerConnected() or PeerClosed() follows.
    virtual void Connect(uint32_t connection, uint16_t port, const InetSocketAddress& peer) = 0;
    /// Closes the connection with a peer, or gives up connecting.
    virtual void ClosePeer(uint32_t connection) = 0;
    /// From now on passes the octets of a client's and a peer's connection to each other.
    virtual void Join(uint64_t client, uint32_t connection) = 0;
};

/**
 * A TURN server for TCP (RFC 8656, RFC 6062): messages, connections and times in; messages and
 * connections out. Octets that are relayed do not pass through it.
 *
 * A client is a connection of a client to the server. With an allocation it is a control
 * connection; with ConnectionBind it becomes a data connection. An allocation ends with its
 * lifetime or its control connection; with it end its data connections.
 *
 * Not here: relaying of UDP (an Allocate for it gets 403), IPv6 (440, 443), channels, mobility,
 * TLS.
 */
class TurnRelayCore
{
  public:
    /// What it goes by. The attributes of TurnRelay say where the defaults are from.
    struct Settings
    {
        Ipv4Address relayedAddress; ///< of every allocation
        uint16_t firstPort = 0;     ///< of those that are allocated
        uint16_t lastPort = 0;      ///< of those that are allocated
        Time defaultLifetime;       ///< of an allocation; the least, too
        Time maxLifetime;           ///< of an allocation
        Time permissionLifetime;
        Time connectTimeout; ///< of a connection to a peer
        Time bindTimeout;    ///< until the ConnectionBind for a peer's connection
        Time nonceLifetime;
        uint32_t maxAllocations = 0;
        uint32_t maxAllocationsPerUser = 0;
        uint32_t maxPermissions = 0; ///< of one allocation
        uint32_t maxConnections = 0; ///< with peers, of one allocation
        bool authenticate = true;    ///< whether requests need long-term credentials
        bool checkPeers = true;      ///< whether a peer that connects needs a permission
        std::string realm;
    };

    /// What has happened.
    struct Counters
    {
        uint64_t allocations = 0;     ///< made
        uint64_t refused = 0;         ///< requests with an error, but for those that ask for
                                      ///< credentials
        uint64_t challenges = 0;      ///< requests that were asked for credentials
        uint64_t malformed = 0;       ///< messages
        uint64_t connects = 0;        ///< connections to peers that were made
        uint64_t connectsFailed = 0;  ///< connections to peers that were not
        uint64_t attempts = 0;        ///< connections of peers that were accepted
        uint64_t attemptsRefused = 0; ///< connections of peers without a permission, or too many
        uint64_t unbound = 0;         ///< connections with peers that no client has bound in time
        uint64_t joined = 0;          ///< data connections
    };

    /// @param sockets does what is asked of it; it must outlive the core.
    explicit TurnRelayCore(TurnRelaySockets& sockets);

    /// @param settings what to go by.
    void SetSettings(const Settings& settings);
    /// Makes a user known.
    void AddUser(const std::string& name, const std::string& password);

    /// A client has connected. @param client a number that no other has had.
    void ClientConnected(uint64_t client, const InetSocketAddress& from);
    /// A message has come on a client's connection that is no data connection.
    void Receive(uint64_t client, const Octets& octets, Time now);
    /// A client's connection is over.
    void ClientClosed(uint64_t client);

    /**
     * A peer has connected to a port of the relayed address.
     *
     * @return the number of the connection; none if it is to be closed.
     */
    std::optional<uint32_t> PeerAccepted(uint16_t port, const InetSocketAddress& from, Time now);
    /// A connection to a peer stands.
    void PeerConnected(uint32_t connection, Time now);
    /// A connection with a peer is over, or was not made.
    void PeerClosed(uint32_t connection);

    /// @return when Advance() has to be called; Time::Max() if never.
    Time GetDeadline() const;
    /// Ends what has not been renewed or bound in time.
    void Advance(Time now);

    /// @return what has happened.
    const Counters& GetCounters() const;
    /// @return how many allocations there are.
    std::size_t GetAllocations() const;
    /// @return how many connections with peers there are, or are being made.
    std::size_t GetConnections() const;

  private:
    /// An end point as a key.
    using Endpoint = std::pair<uint32_t, uint16_t>;

    /// A user.
    struct User
    {
        std::string password;
        Octets key; ///< of its credentials
        uint32_t allocations = 0;
    };

    /// What a client has been given.
    struct Allocation
    {
        User* user = nullptr; ///< none without authentication
        uint16_t port = 0;
        Time expiry;
        std::map<uint32_t, Time> permissions; ///< address of a peer, end
        std::map<Endpoint, uint32_t> peers;   ///< connections
    };

    /// A connection of a client.
    struct Client
    {
        InetSocketAddress from;
        std::optional<Allocation> allocation; ///< a control connection has one
        uint32_t connection = 0;              ///< a data connection's peer
    };

    /// A connection with a peer.
    struct Connection
    {
        uint64_t owner = 0; ///< the client with the allocation
        Endpoint peer;
        StunMessage request; ///< the Connect, if the relay connects
        Octets key;          ///< of that request
        bool isOpen = false;
        Time due;            ///< end of connecting, or of waiting for the ConnectionBind
        uint64_t client = 0; ///< the data connection that is bound to it
    };

    /// A request that has come.
    struct Request
    {
        uint64_t id; ///< of the client
        Client& client;
        const StunMessage& message;
        User* user; ///< who has signed it; none without authentication
        Time now;
    };

    /// What a deadline is of.
    enum class Timer : uint8_t
    {
        ALLOCATION,
        CONNECTION,
    };

    /// Time, of what, its number.
    using Deadline = std::tuple<Time, Timer, uint64_t>;

    /// @return the status that refuses a request, or none; @p user is who has signed it.
    std::optional<StunStatus> Authenticate(const Octets& octets,
                                           const StunMessage& request,
                                           Time now,
                                           User*& user);
    bool IsFresh(const std::string& nonce, Time now) const;
    void Handle(const Request& request);
    void Allocate(const Request& request);
    /// @return the status that refuses an Allocate, or none.
    std::optional<StunStatus> CheckAllocate(const Request& request) const;
    void Refresh(const Request& request);
    void CreatePermission(const Request& request);
    void Connect(const Request& request);
    void ConnectionBind(const Request& request);
    /// @return the status that refuses a request about an allocation, or none.
    static std::optional<StunStatus> CheckAllocation(const Request& request);

    /// @return the key that signs what a user is told.
    static const Octets& GetKey(const User* user);
    /// @return the lifetime that is granted (RFC 8656 7.2).
    Time GetLifetime(const StunMessage& message) const;
    void Refuse(const Request& request, StunStatus status);
    /// Refuses a request and says what credentials are to be like (RFC 8489 9.2.4).
    void Challenge(uint64_t client, const StunMessage& request, StunStatus status, Time now);
    void Answer(uint64_t client, const StunMessage& response, const Octets& key = {});

    /// Says that a connection to a peer was not made.
    void FailConnect(const Connection& connection);
    uint32_t AddConnection(uint64_t owner, const Endpoint& peer);
    void EndAllocation(uint64_t client);
    /// Ends a connection with a peer and the client's data connection.
    void EndConnection(uint32_t connection, bool closePeer);
    void SetDue(uint32_t connection, Time due);

    TurnRelaySockets& m_sockets;
    Settings m_settings;
    std::map<std::string, User> m_users;
    std::map<uint64_t, Client> m_clients;
    std::map<uint16_t, uint64_t> m_ports; ///< allocated, with the client
    std::deque<uint16_t> m_free;          ///< the longest free first
    std::map<uint32_t, Connection> m_connections;
    uint32_t m_lastConnection = 0;
    std::set<Deadline> m_deadlines;
    StunTransactionIds m_ids{"relay"}; ///< of indications
    Counters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TURN_RELAY_CORE_H
