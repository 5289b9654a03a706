// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PCP_CLIENT_H
#define P2PIM_PCP_CLIENT_H

#include "ns3/event-id.h"
#include "ns3/inet-socket-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/pcp-message.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * Asks the NAT in front of a phone for an outside address and port for a TCP port of its own
 * (RFC 6887). The mapping ends with its life time; it is not renewed.
 */
class PcpClient : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PcpClient();
    ~PcpClient() override;

    /// Called at the end: the outside endpoint, if the NAT has given one.
    using DoneFunction = std::function<void(const std::optional<InetSocketAddress>&)>;

    /**
     * Begins.
     *
     * @param node the own node.
     * @param local the own address and TCP port.
     * @param done called once, unless Release() comes before.
     */
    void Start(Ptr<Node> node, const InetSocketAddress& local, DoneFunction done);

    /// Asks no more. The mapping stays.
    void Release();

  protected:
    void DoDispose() override;

  private:
    void Send();
    void HandleRead(Ptr<Socket> socket);
    void Finish(const std::optional<InetSocketAddress>& outside);

    // attributes
    Time m_lifetime;
    Time m_retransmission;
    uint32_t m_transmissions;

    PcpMap m_request;
    DoneFunction m_done;
    Ptr<Socket> m_socket;
    uint32_t m_requests = 0; ///< begun
    uint32_t m_sent = 0;     ///< transmissions of this one
    EventId m_timer;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PCP_CLIENT_H
