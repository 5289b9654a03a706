// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_ACCESS_NETWORK_H
#define P2PIM_ACCESS_NETWORK_H

#include "ns3/access-population.h"
#include "ns3/access-segment.h"
#include "ns3/address-pool.h"
#include "ns3/counter-list.h"
#include "ns3/gi-gateways.h"
#include "ns3/host-routing.h"
#include "ns3/internet.h"
#include "ns3/ipv4-address.h"
#include "ns3/nat-gateway.h"
#include "ns3/nat-settings.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/transport-preset.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * What stands between the phones of an AccessKind and the Internet, in one operator's network:
 *
 *     carrier:     phones ~ GPRS ~ GGSN - chain - Internet router
 *     home:        phones - LAN - home's router - line - provider's router - chain's rest - ...
 *     enterprise:  phones - LAN - router - chain - Internet router
 *
 * A home's router is the first element of the chain. Homes have the same addresses inside,
 * 192.168.1.0/24, if it translates; an enterprise has 10.0.0.0/8 if one of its chain does. What
 * homes have outside is of 100.96.0.0/11 if something behind it translates. Everything else is
 * public, of a block of 240.0.0.0/4 that no other kind has: addresses of nobody (RFC 1112 4).
 */
class AccessNetwork : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    AccessNetwork();
    ~AccessNetwork() override;

    /// Whose network it is, and what it is attached to.
    struct Surroundings
    {
        uint32_t operatorNumber = 1; ///< from 1
        std::size_t index = 0;       ///< of the kind
        Ptr<Internet> internet;
        Time delay;                       ///< of the link to the Internet router
        Ptr<Node> ggsn;                   ///< of a carrier's kind
        GiGateways::Networks accessPoint; ///< the pool of its access point
        TransportPreset transport{};      ///< of phones on a LAN
    };

    /**
     * @param operatorNumber from 1.
     * @param index the kind's.
     * @return the public addresses of the kind's phones or homes.
     */
    static AddressPool GetPublicPool(uint32_t operatorNumber, std::size_t index);

    /**
     * Builds what all phones of the kind share.
     *
     * @param kind the kind.
     * @param surroundings of it.
     */
    void Build(const AccessKind& kind, const Surroundings& surroundings);

    /// @return the GGSN's device towards the chain, or that of the router in its place.
    Ptr<NetDevice> GetFirstDevice() const;

    /**
     * Puts a phone on a LAN, in place of GPRS.
     *
     * @param phone a phone without an IP stack.
     * @param site the home; nothing in an enterprise.
     */
    void Join(Ptr<Node> phone, uint32_t site);

    /// @return all NATs and firewalls, first those that are shared, from the phones on.
    std::vector<Ptr<NatGateway>> GetGateways() const;

    /// @return the counters of each NAT; those of all homes are one: nat-KIND-1, nat-KIND-2.
    std::vector<std::pair<std::string, CounterList>> GetCounters() const;

    /**
     * @param first the first of two stream numbers to use; homes have some far away.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// A LAN of phones.
    struct Lan
    {
        Ptr<AccessSegment> segment;
        Ptr<HostRouting> routing; ///< of a home's router
        Ptr<NetDevice> line;      ///< of a home's router, towards its provider
        Ptr<NatGateway> nat;      ///< of a home
        uint32_t phones = 0;
    };

    /// @return the first public address of the kind.
    static uint32_t GetBlock(uint32_t operatorNumber, std::size_t index);
    void BuildSite();
    Lan& GetHome(uint32_t site);
    Lan MakeHome();
    void AssignStream(std::size_t home);
    Ipv4Address TakeAddress(Lan& lan);
    static void InstallInterface(Ptr<Node> phone,
                                 Ptr<AccessSegment> segment,
                                 TransportPreset transport,
                                 Ipv4Address address);

    // attributes
    Time m_lanDelay;
    Time m_lineDelay;

    AccessKind m_kind;
    Surroundings m_surroundings;
    std::optional<NatSettings> m_home; ///< what each home's router does
    Ptr<GiGateways> m_chain;           ///< that all share
    Ptr<NetDevice> m_firstDevice;
    std::optional<AddressPool> m_addresses; ///< of homes, or of phones that none translates
    Ptr<Node> m_router;                     ///< of the provider, or of the enterprise
    Ptr<AccessSegment> m_segment;           ///< behind it: lines, or the LAN
    std::vector<Lan> m_lans;                ///< homes, or the one of an enterprise
    std::unordered_map<uint32_t, std::size_t> m_homes; ///< by site; looked up only
    std::optional<int64_t> m_homeStreams;              ///< the first
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_ACCESS_NETWORK_H
