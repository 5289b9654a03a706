// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LEAN_STACK_HELPER_H
#define P2PIM_LEAN_STACK_HELPER_H

#include "ns3/host-routing.h"
#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * Puts on a node what a handset or a router of the study needs of TCP/IP and nothing else: IPv4,
 * ICMP, UDP, TCP and HostRouting; no IPv6, no ARP, no queue discipline.
 */
class LeanStackHelper
{
  public:
    /// Which transport protocols a node has.
    enum class Transports : uint8_t
    {
        ALL,      ///< UDP and TCP
        TCP_ONLY, ///< for a node that never opens a UDP socket
        NONE,     ///< for a router
    };

    /**
     * @param node a node without a stack.
     * @param transports the transport protocols to install.
     */
    static void Install(Ptr<Node> node, Transports transports = Transports::ALL);

    /**
     * Adds a device of the node as an IPv4 interface that is up.
     *
     * @param node a node with a lean stack.
     * @param device a device of the node that needs no ARP.
     * @param address the interface's address; 0.0.0.0 for none yet.
     * @param mask its mask.
     * @return the index of the interface.
     */
    static uint32_t AddInterface(Ptr<Node> node,
                                 Ptr<NetDevice> device,
                                 Ipv4Address address = Ipv4Address::GetAny(),
                                 Ipv4Mask mask = Ipv4Mask::GetOnes());

    /**
     * Gives an interface its address, in place of any it had: a PDP context has come up, or, with
     * 0.0.0.0, has gone.
     *
     * @param node a node with a lean stack.
     * @param interface the index of the interface.
     * @param address the address, or 0.0.0.0 for none.
     * @param mask its mask.
     */
    static void SetAddress(Ptr<Node> node,
                           uint32_t interface,
                           Ipv4Address address,
                           Ipv4Mask mask = Ipv4Mask::GetOnes());

    /// The mask of the network of a link between two nodes.
    static Ipv4Mask GetLinkMask();

    /**
     * Joins two nodes by a CoreLink, and gives its ends the two addresses of a network.
     *
     * @param first a node with a lean stack.
     * @param second another one.
     * @param network the network's address; the ends have the next two, in this order.
     * @param delay the link's delay.
     * @return the first node's device.
     */
    static Ptr<NetDevice> Join(Ptr<Node> first, Ptr<Node> second, Ipv4Address network, Time delay);

    /**
     * @param node a node with a lean stack.
     * @return its routing.
     */
    static Ptr<HostRouting> GetRouting(Ptr<Node> node);
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LEAN_STACK_HELPER_H
