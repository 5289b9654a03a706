// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/host-routing.h"

#include "ns3/ipv4-header.h"
#include "ns3/log.h"
#include "ns3/net-device.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/packet.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("HostRouting");

NS_OBJECT_ENSURE_REGISTERED(HostRouting);

TypeId
HostRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::HostRouting")
                            .SetParent<Ipv4RoutingProtocol>()
                            .SetGroupName("P2pim")
                            .AddConstructor<HostRouting>();
    return tid;
}

HostRouting::HostRouting() = default;

HostRouting::~HostRouting() = default;

void
HostRouting::DoDispose()
{
    m_nextHops.clear();
    m_hosts.reset();
    m_ipv4 = nullptr;
    Ipv4RoutingProtocol::DoDispose();
}

// --- The table -----------------------------------------------------------------------------------

void
HostRouting::SetDefaultRoute(uint32_t interface, Ipv4Address gateway)
{
    m_default = GetNextHop(interface, gateway);
}

void
HostRouting::AddHostRoute(Ipv4Address host, uint32_t interface, Ipv4Address gateway)
{
    if (!m_hosts)
    {
        m_hosts = std::make_unique<std::unordered_map<uint32_t, uint32_t>>();
    }
    (*m_hosts)[host.Get()] = GetNextHop(interface, gateway);
}

bool
HostRouting::RemoveHostRoute(Ipv4Address host)
{
    return m_hosts && m_hosts->erase(host.Get()) != 0;
}

void
HostRouting::AddNetworkRoute(Ipv4Address network,
                             Ipv4Mask mask,
                             uint32_t interface,
                             Ipv4Address gateway)
{
    if (mask == Ipv4Mask::GetOnes())
    {
        AddHostRoute(network, interface, gateway);
        return;
    }
    const Prefix added{network.CombineMask(mask).Get(), mask.Get(), GetNextHop(interface, gateway)};
    const auto position =
        std::lower_bound(m_prefixes.begin(),
                         m_prefixes.end(),
                         added,
                         [](const Prefix& a, const Prefix& b) {
                             return a.mask != b.mask ? a.mask > b.mask : a.network < b.network;
                         });
    if (position != m_prefixes.end() && position->mask == added.mask &&
        position->network == added.network)
    {
        *position = added;
        return;
    }
    m_prefixes.insert(position, added);
}

void
HostRouting::AddSourceRoute(Ipv4Address network,
                            Ipv4Mask mask,
                            uint32_t interface,
                            Ipv4Address gateway)
{
    m_sources.push_back(
        {network.CombineMask(mask).Get(), mask.Get(), GetNextHop(interface, gateway)});
}

uint32_t
HostRouting::GetNextHop(uint32_t interface, Ipv4Address gateway)
{
    for (std::size_t i = 0; i < m_nextHops.size(); ++i)
    {
        if (m_nextHops[i].interface == interface && m_nextHops[i].gateway == gateway)
        {
            return static_cast<uint32_t>(i);
        }
    }
    m_nextHops.push_back({interface, gateway, nullptr});
    return static_cast<uint32_t>(m_nextHops.size() - 1);
}

const HostRouting::Prefix*
HostRouting::Find(const std::vector<Prefix>& prefixes, Ipv4Address address)
{
    const auto match = std::find_if(prefixes.begin(), prefixes.end(), [&](const Prefix& prefix) {
        return (address.Get() & prefix.mask) == prefix.network;
    });
    return match != prefixes.end() ? &*match : nullptr;
}

uint32_t
HostRouting::FindNextHop(Ipv4Address source, Ipv4Address destination) const
{
    if (m_hosts)
    {
        const auto host = m_hosts->find(destination.Get());
        if (host != m_hosts->end())
        {
            return host->second;
        }
    }
    const Prefix* match = Find(m_prefixes, destination);
    match = match != nullptr ? match : Find(m_sources, source);
    return match != nullptr ? match->nextHop : m_default;
}

Ptr<Ipv4Route>
HostRouting::GetRoute(uint32_t nextHop, Ipv4Address destination)
{
    if (nextHop == NONE)
    {
        return nullptr;
    }
    NextHop& hop = m_nextHops[nextHop];
    if (!hop.route)
    {
        if (hop.interface >= m_ipv4->GetNInterfaces() || !m_ipv4->IsUp(hop.interface) ||
            m_ipv4->GetNAddresses(hop.interface) == 0)
        {
            return nullptr;
        }
        hop.route = Create<Ipv4Route>();
        hop.route->SetGateway(hop.gateway);
        hop.route->SetSource(m_ipv4->GetAddress(hop.interface, 0).GetLocal());
        hop.route->SetOutputDevice(m_ipv4->GetNetDevice(hop.interface));
    }
    hop.route->SetDestination(destination);
    return hop.route;
}

const HostRouting::Local*
HostRouting::FindLocal(Ipv4Address destination) const
{
    const auto match = std::find_if(m_locals.begin(), m_locals.end(), [&](const Local& local) {
        return local.address == destination || local.broadcast == destination;
    });
    return match != m_locals.end() ? &*match : nullptr;
}

// --- Packets -------------------------------------------------------------------------------------

Ptr<Ipv4Route>
HostRouting::RouteOutput(Ptr<Packet> packet [[maybe_unused]],
                         const Ipv4Header& header,
                         Ptr<NetDevice> device [[maybe_unused]],
                         Socket::SocketErrno& error)
{
    const Ipv4Address destination = header.GetDestination();
    const Local* local = FindLocal(destination);
    Ptr<Ipv4Route> route;
    if (local != nullptr)
    {
        route = GetRoute(GetNextHop(local->interface, Ipv4Address::GetAny()), destination);
    }
    else if (!destination.IsMulticast())
    {
        route = GetRoute(FindNextHop(Ipv4Address::GetAny(), destination), destination);
    }
    error = route ? Socket::ERROR_NOTERROR : Socket::ERROR_NOROUTETOHOST;
    return route;
}

bool
HostRouting::RouteInput(Ptr<const Packet> packet,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> device,
                        RouteInputParameters::At<3> forward,
                        RouteInputParameters::At<4> multicast [[maybe_unused]],
                        RouteInputParameters::At<5> deliver,
                        RouteInputParameters::At<6> fail)
{
    const Ipv4Address destination = header.GetDestination();
    const auto interface = static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(device));
    if (FindLocal(destination) != nullptr || destination.IsBroadcast())
    {
        deliver(packet, header, interface);
        return true;
    }
    Ptr<Ipv4Route> route;
    if (m_ipv4->IsForwarding(interface) && !destination.IsMulticast())
    {
        route = GetRoute(FindNextHop(header.GetSource(), destination), destination);
    }
    if (!route)
    {
        NS_LOG_LOGIC("no route to " << destination);
        fail(packet, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    forward(route, packet, header);
    return true;
}

// --- Notifications -------------------------------------------------------------------------------

void
HostRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    m_ipv4 = ipv4;
    for (uint32_t i = 0; i < ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); ++j)
        {
            NotifyAddAddress(i, ipv4->GetAddress(i, j));
        }
    }
}

void
HostRouting::NotifyInterfaceUp(uint32_t interface)
{
    Invalidate(interface);
}

void
HostRouting::NotifyInterfaceDown(uint32_t interface)
{
    Invalidate(interface);
}

void
HostRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_locals.push_back({address.GetLocal(), address.GetBroadcast(), interface});
    Invalidate(interface);
}

void
HostRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_locals.erase(std::remove_if(m_locals.begin(),
                                  m_locals.end(),
                                  [&](const Local& local) {
                                      return local.interface == interface &&
                                             local.address == address.GetLocal();
                                  }),
                   m_locals.end());
    Invalidate(interface);
}

void
HostRouting::Invalidate(uint32_t interface)
{
    for (NextHop& hop : m_nextHops)
    {
        if (hop.interface == interface)
        {
            hop.route = nullptr;
        }
    }
}

void
HostRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                               Time::Unit unit [[maybe_unused]]) const
{
    std::ostream& out = *stream->GetStream();
    const auto print = [&](Ipv4Address network, Ipv4Mask mask, uint32_t nextHop) {
        const NextHop& hop = m_nextHops[nextHop];
        out << network << mask << " via " << hop.gateway << " interface " << hop.interface << '\n';
    };
    if (m_hosts)
    {
        const std::map<uint32_t, uint32_t> sorted(m_hosts->begin(), m_hosts->end());
        for (const auto& [host, nextHop] : sorted)
        {
            print(Ipv4Address(host), Ipv4Mask::GetOnes(), nextHop);
        }
    }
    for (const Prefix& prefix : m_prefixes)
    {
        print(Ipv4Address(prefix.network), Ipv4Mask(prefix.mask), prefix.nextHop);
    }
    for (const Prefix& prefix : m_sources)
    {
        out << "from ";
        print(Ipv4Address(prefix.network), Ipv4Mask(prefix.mask), prefix.nextHop);
    }
    if (m_default != NONE)
    {
        print(Ipv4Address::GetAny(), Ipv4Mask::GetZero(), m_default);
    }
}

} // namespace p2pim
} // namespace ns3
