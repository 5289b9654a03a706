// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TURN_CLIENT_H
#define P2PIM_TURN_CLIENT_H

#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/lazy-timer.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/stun-requester.h"
#include "ns3/stun-stream.h"
#include "ns3/tcp-stream.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Who uses a relay. Each function may release the client, or drop it.
class TurnClientUser
{
  public:
    virtual ~TurnClientUser() = default;

    /**
     * The relay has given an address.
     *
     * @param relayed the address and port at the relay, which peers connect to.
     * @param reflexive the own address and port as the relay sees them.
     */
    virtual void HandleAllocated(const InetSocketAddress& relayed,
                                 const InetSocketAddress& reflexive) = 0;

    /// The relay lets in the peers of the first Permit() that has not been answered.
    virtual void HandlePermitted() = 0;

    /**
     * A connection with a peer stands. Its callbacks are not set.
     *
     * @param peer the peer's address and port as the relay sees them.
     * @param socket the connection; from now on it is the user's.
     * @param early octets that have come already.
     */
    virtual void HandleConnection(const InetSocketAddress& peer,
                                  Ptr<PeerTcpSocket> socket,
                                  const std::string& early) = 0;

    /// A connection with a peer was not made. @param cause as HandleEnded().
    virtual void HandleConnectFailed(const InetSocketAddress& peer, const std::string& cause) = 0;

    /**
     * There is no relay any more, or none has been found.
     *
     * @param cause "relay refused", "relay timeout", "relay closed", "relay malformed", or "relay"
     *              and the status of an error, such as "relay 486".
     */
    virtual void HandleEnded(const std::string& cause) = 0;
};

/**
 * The client of a relay for TCP (RFC 8656, RFC 6062): gets a relayed address, keeps it, and makes
 * connections of those of peers. The connections last as long as the client.
 */
class TurnClient : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    TurnClient();
    ~TurnClient() override;

    /**
     * Asks for a relayed address. Called once.
     *
     * @param node the own node.
     * @param relay the relay's address and port.
     * @param username the own name at the relay; empty if it asks for none.
     * @param password the password.
     * @param user is told what happens.
     */
    void Start(Ptr<Node> node,
               const InetSocketAddress& relay,
               const std::string& username,
               const std::string& password,
               TurnClientUser& user);

    /// Lets peers connect to the relayed address, from all of their ports, until the end.
    void Permit(const std::vector<Ipv4Address>& peers);

    /// Has the relay connect to a peer; HandleConnection() or HandleConnectFailed() follows. Only
    /// while there is a relayed address.
    void Connect(const InetSocketAddress& peer);

    /// @return the relayed address, once there is one.
    std::optional<InetSocketAddress> GetRelayedAddress() const;

    /// Gives the relayed address back, and with it all connections. The user hears no more.
    void Release();

  protected:
    void DoDispose() override;

  private:
    /// A connection to the relay that carries messages.
    struct Connection
    {
        Connection(Ptr<PeerTcpSocket> socket, StunRequester requester);
        ~Connection();

        Ptr<PeerTcpSocket> socket;
        StunRequester requester;
        std::unique_ptr<TcpStream> stream; ///< once it stands
        StunStream messages;
        std::optional<InetSocketAddress> peer; ///< of a data connection
        LazyTimer timer;                       ///< for the answers
    };

    /// Number of the control connection; data connections have their CONNECTION-ID.
    static constexpr uint32_t CONTROL = 0;

    /// Opens a connection to the relay; its first request is sent when it stands.
    void Open(uint32_t id, const StunMessage& first, std::optional<InetSocketAddress> peer);
    void HandleConnected(uint32_t id, const StunMessage& first);
    void Request(uint32_t id, const StunMessage& request);
    void Write(uint32_t id, const Octets& octets);
    void HandleOctets(uint32_t id, const std::string& octets);
    void HandleMessage(uint32_t id, const Octets& octets);
    void HandleAnswer(uint32_t id, const StunMessage& request, const StunMessage& answer);
    void HandleAllocate(const StunMessage& answer);
    void HandleAttempt(const StunMessage& indication);
    /// Opens the data connection for a peer's.
    void Bind(uint32_t id, const InetSocketAddress& peer);
    /// Hands a data connection over.
    void HandOver(uint32_t id);
    /// A connection to the relay, or the request on it, has failed.
    void Fail(uint32_t id, const std::string& cause);
    void HandleTimer(uint32_t id);
    /// @param answer the success response with the lifetime.
    void ScheduleRefresh(const StunMessage& answer);
    void Refresh();
    void RenewPermissions();
    void RequestPermissions(const std::vector<Ipv4Address>& peers);
    static void Close(Connection& connection);

    // attributes
    Time m_timeout;
    Time m_lifetime;
    Time m_permissionInterval;

    Ptr<Node> m_node;
    std::optional<InetSocketAddress> m_relay;
    StunCredentials m_credentials;
    TurnClientUser* m_user{nullptr};
    std::map<uint32_t, std::unique_ptr<Connection>> m_connections;
    std::optional<InetSocketAddress> m_relayed;
    std::vector<Ipv4Address> m_permitted;
    uint32_t m_permitting{0}; ///< calls of Permit() without an answer
    EventId m_refresh;        ///< of the allocation
    EventId m_renewal;        ///< of the permissions
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TURN_CLIENT_H
