// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GI_GATEWAYS_H
#define P2PIM_GI_GATEWAYS_H

#include "ns3/address-pool.h"
#include "ns3/counter-list.h"
#include "ns3/internet.h"
#include "ns3/nat-gateway.h"
#include "ns3/nat-settings-text.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/pcp-server.h"

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

    /// @return what is wrong with the attribute Chain, if anything.
    std::optional<NatTextFault> FindFault() const;
    /// @return whether phones' addresses are translated; Chain must be right.
    bool Translates() const;

    /**
     * Builds them.
     *
     * @param ggsn the GGSN's node.
     * @param pools the phones' addresses.
     * @param number the operator, from 1.
     * @param internet where they lead.
     * @param delay of the last link.
     * @return the GGSN's device on its Gi link.
     */
    Ptr<NetDevice> Build(Ptr<Node> ggsn,
                         const std::vector<AddressPool>& pools,
                         uint32_t number,
                         Ptr<Internet> internet,
                         Time delay);

    /// @return the NATs and firewalls, from the GGSN on.
    const std::vector<Ptr<NatGateway>>& GetGateways() const;

    /// @return the counters of each, by name: nat-1 is the GGSN's neighbour.
    std::vector<std::pair<std::string, CounterList>> GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    using Networks = std::vector<std::pair<Ipv4Address, Ipv4Mask>>;

    /// @return the settings in Chain, from the GGSN on, without pools.
    std::optional<NatTextFault> Read(std::vector<NatSettings>& chain) const;
    /// Gives each NAT its outside addresses.
    void GivePools(std::vector<NatSettings>& chain, uint32_t number) const;
    /// @return the node of the next gateway, joined to @p last, with its routes to @p inside.
    Ptr<Node> Append(Ptr<Node> last,
                     uint32_t number,
                     std::size_t place,
                     const Networks& inside) const;
    void Mount(Ptr<Node> node, const NatSettings& settings);

    std::string m_chain;
    uint32_t m_addresses;
    Time m_linkDelay;

    std::vector<Ptr<NatGateway>> m_gateways;
    std::vector<Ptr<PcpServer>> m_pcpServers;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GI_GATEWAYS_H
