// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_PING_HOSTS_H
#define P2PIM_GPRS_PING_HOSTS_H

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/socket.h"

#include <cstdint>
#include <functional>
#include <map>

namespace ns3
{
namespace p2pim
{

/// Hosts that ping each other: datagrams to the echo port (RFC 862), each with a number.
class GprsPingHosts
{
  public:
    /// Called when a ping has arrived (@p echo false), or its echo.
    using HeardFunction = std::function<void(uint32_t number, bool echo)>;

    /// @param heard what is told of every datagram.
    explicit GprsPingHosts(HeardFunction heard);
    ~GprsPingHosts();
    GprsPingHosts(const GprsPingHosts&) = delete;
    GprsPingHosts& operator=(const GprsPingHosts&) = delete;

    /// @param node a node with a stack, which listens from now on; a second time changes nothing.
    void Listen(Ptr<Node> node);

    /**
     * Sends a datagram, which comes back.
     *
     * @param from a node that listens.
     * @param to the address of another one.
     * @param number its number.
     * @param octets its payload, 8 and up.
     */
    void Send(Ptr<Node> from, Ipv4Address to, uint32_t number, uint32_t octets);

  private:
    void Receive(Ptr<Socket> socket);

    HeardFunction m_heard;
    std::map<uint32_t, Ptr<Socket>> m_sockets; ///< by node
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_PING_HOSTS_H
