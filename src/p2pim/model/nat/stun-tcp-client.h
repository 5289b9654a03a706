// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_TCP_CLIENT_H
#define P2PIM_STUN_TCP_CLIENT_H

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/stun-discovery.h"
#include "ns3/stun-stream.h"
#include "ns3/stun-transaction.h"
#include "ns3/tcp-stream.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * Asks a STUN server over TCP what endpoint a local port has after NATs, and, if wanted, how the
 * NAT maps it. A listener and other connections may have the port at the same time.
 *
 * The connection to the server's first address can be held open: as long as it stands, the NAT
 * keeps the mapping, so that the endpoint is good for as long as the invitation that tells it
 * travels.
 */
class StunTcpClient : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    StunTcpClient();
    ~StunTcpClient() override;

    /// Called at the end with what has been found; it may release or drop the client.
    using DoneFunction = std::function<void(const StunDiscovery::Findings&)>;

    /**
     * Begins. What an earlier start has left is released.
     *
     * @param node the own node.
     * @param localPort the port to ask for; 0 for one that nobody has.
     * @param server the server's first address and port.
     * @param done called once, unless Release() comes before.
     */
    void Start(Ptr<Node> node,
               uint16_t localPort,
               const InetSocketAddress& server,
               DoneFunction done);

    /// @return whether a connection is held open.
    bool IsHolding() const;

    /// Closes what is open, without a word to who waits.
    void Release();

  protected:
    void DoDispose() override;

  private:
    /// A connection to the server. Its end says nothing to the other side: see End().
    struct Connection
    {
        ~Connection();

        Ptr<PeerTcpSocket> socket;
        std::unique_ptr<TcpStream> stream; ///< once it stands
        StunStream messages;
        StunTransactionId id{}; ///< of the request
    };

    /// Closes a connection, if there is one.
    static void End(std::unique_ptr<Connection>& connection);
    /// Asks the open question, or ends.
    void Ask();
    void HandleConnected(Ptr<Socket> socket);
    void HandleFailed(Ptr<Socket> socket);
    void HandleOctets(const std::string& octets);
    /// The open question will not be answered.
    void Fail();
    void Finish();
    void Hold();
    void KeepAlive();
    void Send(const StunMessage& message, TcpStream& stream);

    // attributes
    bool m_discoverMapping{false};
    bool m_hold{true};
    Time m_timeout;
    Time m_keepAliveInterval;

    Ptr<Node> m_node;
    uint16_t m_localPort{0};
    DoneFunction m_done;
    std::unique_ptr<StunTransactionIds> m_ids;
    std::unique_ptr<StunDiscovery> m_discovery;
    std::unique_ptr<Connection> m_asking; ///< that of the open question
    std::unique_ptr<Connection> m_held;
    EventId m_timer; ///< Ti of the open question, then the keep-alive
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_TCP_CLIENT_H
