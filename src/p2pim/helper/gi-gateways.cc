// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gi-gateways.h"

#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GiGateways);

namespace
{

constexpr uint32_t MAX_GATEWAYS = 8;          // of an operator
constexpr uint32_t POOL_SIZE = 256;           // most addresses of a NAT
constexpr uint32_t LINK_SIZE = 4;             // addresses of a link
constexpr uint32_t FIRST_GI = 0xC0000200;     // 192.0.2.0
constexpr uint32_t FIRST_LINK = 0xAC110000;   // 172.17.0.0: links between gateways
constexpr uint32_t FIRST_PUBLIC = 0xC6120000; // 198.18.0.0, for benchmarks (RFC 2544 C.2.2)
constexpr uint32_t FIRST_SHARED = 0x64400000; // 100.64.0.0: NATs behind NATs (RFC 6598)
constexpr uint32_t GATEWAY_INSIDE = 1;        ///< interfaces count from 1, 0 being the loopback

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
    m_pcpServers.clear();
    Object::DoDispose();
}

std::optional<NatTextFault>
GiGateways::Read(std::vector<NatSettings>& chain) const
{
    std::istringstream text(m_chain);
    std::string kind;
    while (std::getline(text, kind, '/'))
    {
        std::optional<NatSettings> settings;
        if (auto fault = ReadNatSettings(kind, settings))
        {
            return fault;
        }
        if (settings)
        {
            chain.push_back(*settings);
        }
    }
    if (chain.size() > MAX_GATEWAYS)
    {
        return NatTextFault{"", "more than 8 in a row", {}};
    }
    return std::nullopt;
}

std::optional<NatTextFault>
GiGateways::FindFault() const
{
    std::vector<NatSettings> chain;
    return Read(chain);
}

bool
GiGateways::Translates() const
{
    std::vector<NatSettings> chain;
    Read(chain);
    return std::any_of(chain.begin(), chain.end(), [](const auto& each) {
        return each.translates;
    });
}

void
GiGateways::GivePools(std::vector<NatSettings>& chain, uint32_t number) const
{
    uint32_t first = FIRST_PUBLIC + (number - 1) * POOL_SIZE;
    uint32_t next = FIRST_SHARED + (number - 1) * MAX_GATEWAYS * POOL_SIZE;
    for (auto place = chain.rbegin(); place != chain.rend(); ++place)
    {
        if (!place->translates)
        {
            continue;
        }
        for (uint32_t n = 0; n < m_addresses; ++n)
        {
            place->pool.emplace_back(first + n);
        }
        first = next;
        next += POOL_SIZE;
    }
}

Ptr<Node>
GiGateways::Append(Ptr<Node> last, uint32_t number, std::size_t place, const Networks& inside) const
{
    auto node = CreateObject<Node>();
    LeanStackHelper::Install(node);
    const uint32_t network =
        FIRST_LINK + ((number - 1) * MAX_GATEWAYS + static_cast<uint32_t>(place)) * LINK_SIZE;
    const auto device = LeanStackHelper::Join(last, node, Ipv4Address(network), m_linkDelay);
    LeanStackHelper::GetRouting(last)->SetDefaultRoute(
        last->GetObject<Ipv4>()->GetInterfaceForDevice(device),
        Ipv4Address(network + 2));
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
GiGateways::Build(Ptr<Node> ggsn,
                  const std::vector<AddressPool>& pools,
                  uint32_t number,
                  Ptr<Internet> internet,
                  Time delay)
{
    std::vector<NatSettings> chain;
    Read(chain);
    GivePools(chain, number);
    Networks inside; // on the GGSN's side
    for (const auto& pool : pools)
    {
        inside.emplace_back(pool.GetNetwork(), pool.GetMask());
    }
    Ptr<Node> last = ggsn;
    std::vector<Ptr<Node>> nodes;
    for (const auto& settings : chain)
    {
        last = Append(last, number, nodes.size(), inside);
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
    const Ipv4Address link(FIRST_GI + (number - 1) * LINK_SIZE);
    const auto gi = internet->Attach(last, link, delay);
    for (const auto& [network, mask] : inside)
    {
        internet->AddNetwork(network, mask, gi);
    }
    for (std::size_t n = 0; n < nodes.size(); ++n)
    {
        Mount(nodes[n], chain[n]); // now that all routes are there
    }
    return nodes.empty() ? gi.device : ggsn->GetDevice(ggsn->GetNDevices() - 1);
}

void
GiGateways::Mount(Ptr<Node> node, const NatSettings& settings)
{
    auto gateway = CreateObject<NatGateway>();
    gateway->Mount(node, settings, GATEWAY_INSIDE);
    m_gateways.push_back(gateway);
    if (settings.translates)
    {
        node->GetObject<Ipv4>()->AddAddress(
            GATEWAY_INSIDE,
            Ipv4InterfaceAddress(g_pcpAnycast, Ipv4Mask::GetOnes()));
        auto server = CreateObject<PcpServer>();
        server->SetGateway(gateway);
        node->AddApplication(server);
        m_pcpServers.push_back(server);
    }
}

const std::vector<Ptr<NatGateway>>&
GiGateways::GetGateways() const
{
    return m_gateways;
}

std::vector<std::pair<std::string, CounterList>>
GiGateways::GetCounters() const
{
    std::vector<std::pair<std::string, CounterList>> counters;
    for (std::size_t n = 0; n < m_gateways.size(); ++n)
    {
        counters.emplace_back("nat-" + std::to_string(n + 1), m_gateways[n]->GetCounters());
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
