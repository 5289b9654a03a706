// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_HELPER_H
#define P2PIM_NAT_HELPER_H

#include "ns3/ipv4-address.h"
#include "ns3/nat-gateway.h"
#include "ns3/nat-settings-text.h"
#include "ns3/nat-settings.h"
#include "ns3/node.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Makes NATs and firewalls of routers, wherever they stand:
 *
 *     NatHelper nat("port-restricted tcp-opening=30s");
 *     nat.SetPool({Ipv4Address("198.51.100.7")});
 *     Ptr<NatGateway> gateway = nat.Install(router, 1);
 *
 * The router has an IPv4 stack, two interfaces or more, and all its routes: to the inside by its
 * inside interface, to the rest by others. Whoever stands outside routes the pool to it. A NAT gets
 * a PCP server (RFC 6887), which the inside reaches by the anycast address of RFC 7723.
 */
class NatHelper
{
  public:
    /// @param kind the kind and what differs from it, as ReadNatSettings() takes it; not `none`.
    explicit NatHelper(const std::string& kind);
    /// @param settings what it does; its pool may be set.
    explicit NatHelper(const NatSettings& settings);

    /// @param pool the outside addresses; none of a firewall.
    void SetPool(const std::vector<Ipv4Address>& pool);

    /**
     * Looks at the whole network that there is so far. Addresses that several networks may have
     * (RFC 1918, RFC 6598) may be those of several NATs.
     *
     * @param router what is to be a NAT.
     * @param inside the interface that is inside.
     * @return what is wrong: a text that is no kind, a router without this interface or without
     *         another one, an empty pool, an address that another NAT or a node has. Nothing if
     *         Install() will do.
     */
    std::optional<NatTextFault> FindFault(Ptr<Node> router, uint32_t inside) const;

    /**
     * Makes a router a NAT. What FindFault() finds ends the simulation.
     *
     * @param router the router.
     * @param inside the interface that is inside.
     * @return the NAT.
     */
    Ptr<NatGateway> Install(Ptr<Node> router, uint32_t inside) const;

    /// As Install(), for whoever has given all addresses of the network: nothing is looked at.
    static Ptr<NatGateway> Mount(Ptr<Node> router, uint32_t inside, const NatSettings& settings);

  private:
    std::optional<NatTextFault> m_fault; ///< of the text
    NatSettings m_settings;
};

/**
 * Reads outside addresses: some with blanks between, "198.18.0.1 198.18.0.7", or a network,
 * "198.18.0.0/28", all of whose addresses they are; 256 at most.
 *
 * @param text the text.
 * @param[out] pool what it says; unchanged on a fault.
 * @return what is wrong; nothing if it is right.
 */
std::optional<NatTextFault> ReadNatPool(const std::string& text, std::vector<Ipv4Address>& pool);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_HELPER_H
