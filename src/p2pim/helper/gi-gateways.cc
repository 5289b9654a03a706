// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gi-gateways.h"

#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/nat-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GiGateways);

namespace
{

constexpr uint32_t MAX_GATEWAYS = 8;          // of a site
constexpr uint32_t POOL_SIZE = 256;           // most addresses of a NAT
constexpr uint32_t LINK_SIZE = 4;             // addresses of a link
constexpr uint32_t FIRST_GI = 0xC0000200;     // 192.0.2.0
constexpr uint32_t FIRST_LINK = 0xAC110000;   // 172.17.0.0: links between gateways
constexpr uint32_t FIRST_PUBLIC = 0xC6120000; // 198.18.0.0, for benchmarks (RFC 2544 C.2.2)
constexpr uint32_t FIRST_SHARED = 0x64400000; // 100.64.0.0: NATs behind NATs (RFC 6598)
constexpr uint32_t GATEWAY_INSIDE = 1;        ///< interfaces count from 1, 0 being the loopback

/// Gives a node its way to the Internet.
void
SetRoute(Ptr<Node> node, const GiGateways::Site& site, Ptr<NetDevice> device, Ipv4Address gateway)
{
    const auto routing = LeanStackHelper::GetRouting(node);
    const auto interface =
        static_cast<uint32_t>(node->GetObject<Ipv4>()->GetInterfaceForDevice(device));
    if (node != site.first || !site.ofSource)
    {
        routing->SetDefaultRoute(interface, gateway);
        return;
    }
    for (const auto& [network, mask] : site.inside)
    {
        routing->AddSourceRoute(network, mask, interface, gateway);
    }
}

} // namespace

TypeId
GiGateways::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GiGateways")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<GiGateways>()
            .AddAttribute("Chain",
                          "NATs and firewalls between the GGSN and the Internet, from the GGSN on, "
                          "with / between them: none, or for each its kind (rfc, linux-masquerade, "
                          "linux-fully-random, home-router, carrier-grade, port-restricted, "
                          "symmetric, firewall) and what differs from it: home-router / "
                          "carrier-grade tcp-opening=30s. The manual lists all settings.",
                          StringValue("none"),
                          MakeStringAccessor(&GiGateways::m_chain),
                          MakeStringChecker())
            .AddAttribute("Addresses",
                          "Outside addresses of each NAT, 1 to 256.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&GiGateways::m_addresses),
                          MakeUintegerChecker<uint32_t>(1, 256))
            .AddAttribute("Pool",
                          "Outside addresses of the outermost NAT: some with blanks between, "
                          "198.18.0.1 198.18.0.7, or a network, 198.18.0.0/28; 256 at most. Empty: "
                          "as many as Addresses says, of 198.18.0.0/24 and, for further operators, "
                          "the networks behind it.",
                          StringValue(""),
                          MakeStringAccessor(&GiGateways::m_pool),
                          MakeStringChecker())
            .AddAttribute("LinkDelay",
                          "One-way delay between the GGSN and the first of them, and between two. "
                          "Own choice: they stand side by side.",
                          TimeValue(MilliSeconds(1)),
                          MakeTimeAccessor(&GiGateways::m_linkDelay),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

GiGateways::GiGateways() = default;
GiGateways::~GiGateways() = default;

void
GiGateways::DoDispose()
{
    m_gateways.clear();
    m_firstDevice = nullptr;
    Object::DoDispose();
}

std::optional<GiGateways::Fault>
GiGateways::FindFault() const
{
    NatChain chain;
    if (const auto fault = ReadNatChain(m_chain, chain))
    {
        return Fault{"Chain", *fault};
    }
    if (m_pool.empty())
    {
        return std::nullopt;
    }
    std::vector<Ipv4Address> pool;
    if (const auto fault = ReadNatPool(m_pool, pool))
    {
        return Fault{"Pool", *fault};
    }
    if (!p2pim::Translates(chain))
    {
        return Fault{"Pool", {"", "there is no NAT that could have it", {}}};
    }
    return std::nullopt;
}

bool
GiGateways::Translates() const
{
    NatChain chain;
    ReadNatChain(m_chain, chain);
    return p2pim::Translates(chain);
}

std::vector<Ipv4Address>
GiGateways::GetPool(Ipv4Address first) const
{
    std::vector<Ipv4Address> pool;
    if (!m_pool.empty())
    {
        ReadNatPool(m_pool, pool);
        return pool;
    }
    for (uint32_t n = 0; n < m_addresses; ++n)
    {
        pool.emplace_back(first.Get() + n);
    }
    return pool;
}

std::vector<Ipv4Address>
GiGateways::GetPublicAddresses(uint32_t number) const
{
    return Translates() ? GetPool(GetOperatorSite(number).publicAddresses)
                        : std::vector<Ipv4Address>();
}

GiGateways::Site
GiGateways::GetOperatorSite(uint32_t number)
{
    const uint32_t n = number - 1;
    Site site;
    site.links = Ipv4Address(FIRST_LINK + n * MAX_GATEWAYS * LINK_SIZE);
    site.gi = Ipv4Address(FIRST_GI + n * LINK_SIZE);
    site.publicAddresses = Ipv4Address(FIRST_PUBLIC + n * POOL_SIZE);
    site.sharedAddresses = Ipv4Address(FIRST_SHARED + n * MAX_GATEWAYS * POOL_SIZE);
    return site;
}

void
GiGateways::GivePools(std::vector<NatSettings>& chain, const Site& site) const
{
    bool isOutermost = true;
    uint32_t next = site.sharedAddresses.Get();
    for (auto place = chain.rbegin(); place != chain.rend(); ++place)
    {
        if (!place->translates)
        {
            continue;
        }
        if (isOutermost)
        {
            place->pool = GetPool(site.publicAddresses);
            isOutermost = false;
            continue;
        }
        for (uint32_t n = 0; n < m_addresses; ++n)
        {
            place->pool.emplace_back(next + n);
        }
        next += POOL_SIZE;
    }
}

Ptr<Node>
GiGateways::Append(Ptr<Node> last, const Site& site, std::size_t place, const Networks& inside)
{
    auto node = CreateObject<Node>();
    LeanStackHelper::Install(node);
    const uint32_t network = site.links.Get() + static_cast<uint32_t>(place) * LINK_SIZE;
    const auto device = LeanStackHelper::Join(last, node, Ipv4Address(network), m_linkDelay);
    m_firstDevice = place == 0 ? device : m_firstDevice;
    SetRoute(last, site, device, Ipv4Address(network + 2));
    for (const auto& [behind, mask] : inside)
    {
        LeanStackHelper::GetRouting(node)->AddNetworkRoute(behind,
                                                           mask,
                                                           GATEWAY_INSIDE,
                                                           Ipv4Address(network + 1));
    }
    return node;
}

Ptr<NetDevice>
GiGateways::Build(const Site& site)
{
    NatChain elements;
    ReadNatChain(m_chain, elements);
    std::vector<NatSettings> chain;
    for (const auto& element : elements)
    {
        if (element)
        {
            chain.push_back(*element);
        }
    }
    GivePools(chain, site);
    Networks inside = site.inside;
    Ptr<Node> last = site.first;
    std::vector<Ptr<Node>> nodes;
    for (const auto& settings : chain)
    {
        last = Append(last, site, nodes.size(), inside);
        nodes.push_back(last);
        if (settings.translates)
        {
            inside.clear();
            for (const auto& address : settings.pool)
            {
                inside.emplace_back(address, Ipv4Mask::GetOnes());
            }
        }
    }
    const auto gi = site.internet->Join(last, site.gi, site.delay);
    m_firstDevice = nodes.empty() ? gi.device : m_firstDevice;
    SetRoute(last, site, gi.device, gi.gateway);
    for (const auto& [network, mask] : inside)
    {
        site.internet->AddNetwork(network, mask, gi);
    }
    for (std::size_t n = 0; n < nodes.size(); ++n)
    {
        // now that all routes are there
        m_gateways.push_back(NatHelper::Mount(nodes[n], GATEWAY_INSIDE, chain[n]));
    }
    return m_firstDevice;
}

const std::vector<Ptr<NatGateway>>&
GiGateways::GetGateways() const
{
    return m_gateways;
}

std::vector<std::pair<std::string, CounterList>>
GiGateways::GetCounters(const std::string& name, std::size_t number) const
{
    std::vector<std::pair<std::string, CounterList>> counters;
    for (const auto& gateway : m_gateways)
    {
        counters.emplace_back(name + std::to_string(number++), gateway->GetCounters());
    }
    return counters;
}

int64_t
GiGateways::AssignStreams(int64_t first)
{
    int64_t next = first;
    for (const auto& gateway : m_gateways)
    {
        next += gateway->AssignStreams(next);
    }
    return next - first;
}

} // namespace p2pim
} // namespace ns3
