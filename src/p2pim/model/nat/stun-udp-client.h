// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_UDP_CLIENT_H
#define P2PIM_STUN_UDP_CLIENT_H

#include "ns3/event-id.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/socket.h"
#include "ns3/stun-discovery.h"
#include "ns3/stun-transaction.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace ns3
{
namespace p2pim
{

/**
 * Asks a STUN server over UDP what endpoint a local port has after NATs, and, if wanted, how the
 * NAT maps it and what it lets in (RFC 5780).
 */
class StunUdpClient : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    StunUdpClient();
    ~StunUdpClient() override;

    /// Called at the end with what has been found; it may release or drop the client.
    using DoneFunction = std::function<void(const StunDiscovery::Findings&)>;

    /**
     * Begins. What an earlier start has left is released.
     *
     * @param node the own node.
     * @param localPort the port to ask for, which must be free.
     * @param server the server's first address and port.
     * @param done called once, unless Release() comes before.
     */
    void Start(Ptr<Node> node,
               uint16_t localPort,
               const InetSocketAddress& server,
               DoneFunction done);

    /// Gives the port up, without a word to who waits.
    void Release();

  protected:
    void DoDispose() override;

  private:
    /// Asks the open question, or ends.
    void Ask();
    void Send();
    void HandleTimer();
    void HandleRead(Ptr<Socket> socket);
    void HandleDatagram(const Octets& datagram);
    void Schedule();
    /// @return the own address and port.
    InetSocketAddress GetOwn() const;

    // attributes
    bool m_discover{true};
    Time m_rto;
    uint32_t m_transmissions{0};
    uint32_t m_lastWait{0};

    Ptr<Node> m_node;
    Ptr<Socket> m_socket;
    uint16_t m_localPort{0};
    DoneFunction m_done;
    std::unique_ptr<StunTransactionIds> m_ids;
    std::unique_ptr<StunDiscovery> m_discovery;
    std::unique_ptr<StunTransaction> m_transaction; ///< of the open question
    StunTransactionId m_id{};                       ///< of the open question
    EventId m_timer;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_UDP_CLIENT_H
