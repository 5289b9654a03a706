// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_HOST_ROUTING_H
#define P2PIM_HOST_ROUTING_H

#include "ns3/ipv4-address.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ns3-compatibility.h"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Static IPv4 routing whose cost does not grow with the number of hosts: an exact table of hosts,
 * then a few prefixes, the longest first (RFC 1812 5.2.4.3), then a default route, which may depend
 * on where a packet that is passed on comes from.
 *
 * Meant for nodes with a handful of interfaces, each shared by all hosts behind it. A phone has a
 * default route only and no table. Routes of one next hop are one object, filled in anew for each
 * packet; a caller that keeps a route past the packet has to copy it. Unicast only: a multicast
 * packet has no route.
 */
class HostRouting : public Ipv4RoutingProtocol
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    HostRouting();
    ~HostRouting() override;

    /**
     * Sets the route of everything that no other route matches.
     *
     * @param interface the IPv4 interface to leave by.
     * @param gateway the next hop, or 0.0.0.0 if the interface reaches the destination itself.
     */
    void SetDefaultRoute(uint32_t interface, Ipv4Address gateway = Ipv4Address::GetAny());

    /**
     * Adds or replaces the route to one host.
     *
     * @param host the host's address.
     * @param interface the IPv4 interface to leave by.
     * @param gateway the next hop, or 0.0.0.0 if the interface reaches the host itself.
     */
    void AddHostRoute(Ipv4Address host,
                      uint32_t interface,
                      Ipv4Address gateway = Ipv4Address::GetAny());

    /**
     * @param host the host's address.
     * @return whether there was a route to it.
     */
    bool RemoveHostRoute(Ipv4Address host);

    /**
     * Adds or replaces the route to a prefix.
     *
     * @param network the prefix; bits outside the mask are ignored.
     * @param mask the mask.
     * @param interface the IPv4 interface to leave by.
     * @param gateway the next hop, or 0.0.0.0 if the interface reaches the hosts itself.
     */
    void AddNetworkRoute(Ipv4Address network,
                         Ipv4Mask mask,
                         uint32_t interface,
                         Ipv4Address gateway = Ipv4Address::GetAny());

    /**
     * Adds another default route for packets that are passed on from a network.
     *
     * @param network where they come from; bits outside the mask are ignored. No other has its
     *                addresses.
     * @param mask the mask.
     * @param interface the IPv4 interface to leave by.
     * @param gateway the next hop, or 0.0.0.0 if the interface reaches the destination itself.
     */
    void AddSourceRoute(Ipv4Address network,
                        Ipv4Mask mask,
                        uint32_t interface,
                        Ipv4Address gateway = Ipv4Address::GetAny());

    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv4Header& header,
                               Ptr<NetDevice> device,
                               Socket::SocketErrno& error) override;
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    RouteInputParameters::At<3> forward,
                    RouteInputParameters::At<4> multicast,
                    RouteInputParameters::At<5> deliver,
                    RouteInputParameters::At<6> fail) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /// Where a packet goes next.
    struct NextHop
    {
        uint32_t interface;   ///< the interface to leave by
        Ipv4Address gateway;  ///< the next hop, or 0.0.0.0
        Ptr<Ipv4Route> route; ///< made when first used; none while the interface has no address
    };

    /// An entry of the table of prefixes.
    struct Prefix
    {
        uint32_t network; ///< the prefix, masked
        uint32_t mask;    ///< the mask
        uint32_t nextHop; ///< index into m_nextHops
    };

    /// One of this node's own addresses.
    struct Local
    {
        Ipv4Address address;   ///< the address
        Ipv4Address broadcast; ///< the subnet's broadcast address
        uint32_t interface;    ///< the interface it is on
    };

    /// Stands for "no next hop".
    static constexpr uint32_t NONE = UINT32_MAX;

    /// @return the index of a next hop, which is made if it is new.
    uint32_t GetNextHop(uint32_t interface, Ipv4Address gateway);
    /// @return the index of the next hop from @p source to @p destination, or NONE.
    uint32_t FindNextHop(Ipv4Address source, Ipv4Address destination) const;
    /// @return the one of some prefixes that has an address, or none.
    static const Prefix* Find(const std::vector<Prefix>& prefixes, Ipv4Address address);
    /// @return the route to @p destination by a next hop, or none.
    Ptr<Ipv4Route> GetRoute(uint32_t nextHop, Ipv4Address destination);
    /// @return the own address that a packet to @p destination is for, or none.
    const Local* FindLocal(Ipv4Address destination) const;
    /// Drops the routes of an interface, whose address has changed.
    void Invalidate(uint32_t interface);

    Ptr<Ipv4> m_ipv4;                ///< the stack of this node
    std::vector<Local> m_locals;     ///< own addresses
    std::vector<NextHop> m_nextHops; ///< next hops in use
    std::vector<Prefix> m_prefixes;  ///< prefixes, the longest first
    std::vector<Prefix> m_sources;   ///< whose packets have another default route
    std::unique_ptr<std::unordered_map<uint32_t, uint32_t>>
        m_hosts;              ///< host to next hop, looked up only
    uint32_t m_default{NONE}; ///< next hop of the default route
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_HOST_ROUTING_H
