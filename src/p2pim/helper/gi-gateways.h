// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GI_GATEWAYS_H
#define P2PIM_GI_GATEWAYS_H

#include "ns3/counter-list.h"
#include "ns3/internet.h"
#include "ns3/ipv4-address.h"
#include "ns3/nat-chain.h"
#include "ns3/nat-gateway.h"
#include "ns3/nat-settings-text.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * What stands between an operator's GGSN and the Internet: no NAT, or NATs and firewalls in a row.
 *
 *     GGSN - NAT of an enterprise - carrier's NAT - Internet router
 *
 * The outermost NAT has the public addresses; one behind another NAT has an address of the shared
 * space 100.64.0.0/10 (RFC 6598). Addresses of phones are seen outside only if nothing translates.
 */
class GiGateways : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    GiGateways();
    ~GiGateways() override;

    /// Networks, and their masks.
    using Networks = std::vector<std::pair<Ipv4Address, Ipv4Mask>>;

    /// Where they stand.
    struct Site
    {
        Ptr<Node> first;             ///< they begin behind it: a GGSN, or the router of a site
        Networks inside;             ///< what @p first leads to
        bool ofSource = false;       ///< @p first has other ways for packets from elsewhere
        Ipv4Address links;           ///< first address of the links in between
        Ipv4Address gi;              ///< four public addresses of the last link
        Ipv4Address publicAddresses; ///< the first of the outermost NAT
        Ipv4Address sharedAddresses; ///< the first of those behind it
        Ptr<Internet> internet;      ///< where they lead
        Time delay;                  ///< of the last link
    };

    /// What is wrong with an attribute.
    struct Fault
    {
        std::string attribute;
        NatTextFault text;
    };

    /// @return what is wrong with the attributes, if anything.
    std::optional<Fault> FindFault() const;
    /// @return whether phones' addresses are translated; Chain must be right.
    bool Translates() const;
    /// @param number the operator, from 1. @return the outside addresses of the outermost NAT.
    std::vector<Ipv4Address> GetPublicAddresses(uint32_t number) const;

    /**
     * @param number the operator, from 1.
     * @return the addresses of a site at its GGSN; nodes, networks and delay are not set.
     */
    static Site GetOperatorSite(uint32_t number);

    /**
     * Builds them.
     *
     * @param site where.
     * @return the first node's device on the link to them, or to the Internet if there are none.
     */
    Ptr<NetDevice> Build(const Site& site);

    /// @return the NATs and firewalls, from the GGSN on.
    const std::vector<Ptr<NatGateway>>& GetGateways() const;

    /**
     * @param name begins their names.
     * @param number ends that of the first.
     * @return the counters of each: nat-1 is the GGSN's neighbour.
     */
    std::vector<std::pair<std::string, CounterList>> GetCounters(const std::string& name = "nat-",
                                                                 std::size_t number = 1) const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// Gives each NAT its outside addresses.
    void GivePools(std::vector<NatSettings>& chain, const Site& site) const;
    /// @return the outside addresses of the outermost NAT, of which @p first is the first by rule.
    std::vector<Ipv4Address> GetPool(Ipv4Address first) const;
    /// @return the node of the next gateway, joined to @p last, with its routes to @p inside.
    Ptr<Node> Append(Ptr<Node> last, const Site& site, std::size_t place, const Networks& inside);

    std::string m_chain;
    std::string m_pool;
    uint32_t m_addresses;
    Time m_linkDelay;

    Ptr<NetDevice> m_firstDevice; ///< of the first node
    std::vector<Ptr<NatGateway>> m_gateways;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GI_GATEWAYS_H
