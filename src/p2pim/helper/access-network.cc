// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/access-network.h"

#include "ns3/abort.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/ipv4.h"
#include "ns3/lan-bearer.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/nat-chain.h"
#include "ns3/nat-helper.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/string.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(AccessNetwork);

namespace
{

// public addresses: a block of a kind has its NATs' pool first
constexpr uint32_t FIRST_BLOCK = 0xF0000000; // 240.0.0.0, reserved (RFC 1112 4)
constexpr uint32_t BLOCK_BITS = 20;
constexpr uint32_t GI_OFFSET = 0x40000;    ///< the last link
constexpr uint32_t LINKS_OFFSET = 0x50000; ///< the links in between
constexpr uint32_t POOL_OFFSET = 0x80000;  ///< homes and phones
constexpr uint8_t POOL_PREFIX = 13;

const Ipv4Address g_shared("100.64.0.0");    // NATs behind NATs (RFC 6598)
const AddressPool g_homes("100.96.0.0", 11); // homes behind NATs
const AddressPool g_enterprise("10.0.0.0", 8);
const Ipv4Address g_lan("192.168.1.0");
const Ipv4Mask g_lanMask("/24");
const Ipv4Address g_routerLan("192.168.1.1");
const Ipv4Address g_routerLine("169.254.0.2"); // nobody sends to it: the line has no numbers
const Ipv4Address g_providerLine("169.254.0.1");

constexpr uint32_t INSIDE = 1; ///< a router's first interface
constexpr uint32_t OUTSIDE = 2;
constexpr uint32_t FIRST_PHONE = 2; ///< of a home's LAN
constexpr uint32_t MAX_PHONES = 253;

/// A node that passes packets on.
Ptr<Node>
MakeRouter()
{
    auto node = CreateObject<Node>();
    LeanStackHelper::Install(node);
    return node;
}

/// Adds the counters of one home to those of all.
void
Add(const CounterList& counters, CounterList& sum)
{
    for (const auto& [name, value] : counters)
    {
        const auto found = std::find_if(sum.begin(), sum.end(), [&name = name](const auto& each) {
            return each.first == name;
        });
        if (found == sum.end())
        {
            sum.emplace_back(name, value);
        }
        else
        {
            found->second += value;
        }
    }
}

} // namespace

TypeId
AccessNetwork::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::AccessNetwork")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<AccessNetwork>()
            .AddAttribute("LanDelay",
                          "One-way delay of the LAN of a home or an enterprise. Own choice: a "
                          "wireless LAN without load.",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&AccessNetwork::m_lanDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("LineDelay",
                          "One-way delay of the line between a home and its provider. Own choice: "
                          "ADSL with interleaving.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&AccessNetwork::m_lineDelay),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

AccessNetwork::AccessNetwork() = default;

AccessNetwork::~AccessNetwork() = default;

void
AccessNetwork::DoDispose()
{
    m_surroundings = {};
    m_chain = nullptr;
    m_firstDevice = nullptr;
    m_router = nullptr;
    m_segment = nullptr;
    m_lans.clear();
    Object::DoDispose();
}

uint32_t
AccessNetwork::GetBlock(uint32_t operatorNumber, std::size_t index)
{
    const auto number = (operatorNumber - 1) * MAX_ACCESS_KINDS + index;
    return FIRST_BLOCK + (static_cast<uint32_t>(number) << BLOCK_BITS);
}

AddressPool
AccessNetwork::GetPublicPool(uint32_t operatorNumber, std::size_t index)
{
    return {Ipv4Address(GetBlock(operatorNumber, index) + POOL_OFFSET), POOL_PREFIX};
}

// --- What is shared ------------------------------------------------------------------------------

void
AccessNetwork::Build(const AccessKind& kind, const Surroundings& surroundings)
{
    m_kind = kind;
    m_surroundings = surroundings;
    const bool isHome = kind.place == AccessPlace::HOME;
    NatChain chain;
    ReadNatChain(kind.chain, chain);
    std::string shared = kind.chain;
    if (isHome)
    {
        m_home = chain.front();
        chain.erase(chain.begin());
        const auto slash = shared.find('/');
        shared = slash == std::string::npos ? "none" : shared.substr(slash + 1);
    }
    m_chain = CreateObject<GiGateways>();
    m_chain->SetAttribute("Chain", StringValue(shared));
    m_chain->SetAttribute("Pool", StringValue(""));

    const uint32_t block = GetBlock(surroundings.operatorNumber, surroundings.index);
    GiGateways::Site site;
    site.links = Ipv4Address(block + LINKS_OFFSET);
    site.gi = Ipv4Address(block + GI_OFFSET);
    site.publicAddresses = Ipv4Address(block);
    site.sharedAddresses = g_shared;
    site.internet = surroundings.internet;
    site.delay = surroundings.delay;
    if (kind.place == AccessPlace::CARRIER)
    {
        site.first = surroundings.ggsn;
        site.inside = surroundings.accessPoint;
        site.ofSource = true;
    }
    else
    {
        m_addresses = GetPublicPool(surroundings.operatorNumber, surroundings.index);
        if (Translates(chain))
        {
            m_addresses = isHome ? g_homes : g_enterprise;
        }
        BuildSite();
        site.first = m_router;
        site.inside = {{m_addresses->GetNetwork(), m_addresses->GetMask()}};
    }
    m_firstDevice = m_chain->Build(site);
}

/// The router that homes, or an enterprise's phones, are behind.
void
AccessNetwork::BuildSite()
{
    const bool isHome = m_kind.place == AccessPlace::HOME;
    m_router = MakeRouter();
    m_segment = CreateObject<AccessSegment>();
    m_segment->Configure(isHome ? m_lineDelay : m_lanDelay, !isHome);
    LeanStackHelper::AddInterface(m_router, m_segment->AddGateway(m_router), g_providerLine);
    LeanStackHelper::GetRouting(m_router)->AddNetworkRoute(m_addresses->GetNetwork(),
                                                           m_addresses->GetMask(),
                                                           INSIDE);
    if (!isHome)
    {
        Lan lan;
        lan.segment = m_segment;
        m_lans.push_back(lan);
    }
}

Ptr<NetDevice>
AccessNetwork::GetFirstDevice() const
{
    return m_firstDevice;
}

// --- Homes and phones ----------------------------------------------------------------------------

AccessNetwork::Lan&
AccessNetwork::GetHome(uint32_t site)
{
    const auto [home, isNew] = m_homes.emplace(site, m_lans.size());
    if (isNew)
    {
        m_lans.push_back(MakeHome());
        AssignStream(home->second);
    }
    return m_lans[home->second];
}

AccessNetwork::Lan
AccessNetwork::MakeHome()
{
    Lan home;
    const auto router = MakeRouter();
    home.segment = CreateObject<AccessSegment>();
    home.segment->Configure(m_lanDelay, true);
    LeanStackHelper::AddInterface(router, home.segment->AddGateway(router), g_routerLan);
    home.line = m_segment->AddHost(router);
    LeanStackHelper::AddInterface(router, home.line, g_routerLine);
    home.routing = LeanStackHelper::GetRouting(router); // it is not to be found behind a NAT
    home.routing->AddNetworkRoute(g_lan, g_lanMask, INSIDE);
    home.routing->SetDefaultRoute(OUTSIDE);
    if (!m_home)
    {
        return home;
    }
    auto settings = *m_home;
    if (settings.translates)
    {
        const auto outside = m_addresses->Take();
        NS_ABORT_MSG_IF(!outside, "too many homes of the kind " << m_kind.name);
        settings.pool = {*outside};
        m_segment->AddAddress(*outside, home.line);
    }
    home.nat = NatHelper::Mount(router, INSIDE, settings);
    return home;
}

/// @return the address of a further phone, with the routes to it.
Ipv4Address
AccessNetwork::TakeAddress(Lan& lan)
{
    if (m_kind.place == AccessPlace::HOME && m_home && m_home->translates)
    {
        NS_ABORT_MSG_IF(lan.phones == MAX_PHONES, "more than 253 phones in a home");
        return Ipv4Address(g_lan.Get() + FIRST_PHONE + lan.phones++);
    }
    const auto address = m_addresses->Take();
    NS_ABORT_MSG_IF(!address, "too many phones of the kind " << m_kind.name);
    if (lan.line)
    {
        lan.routing->AddHostRoute(*address, INSIDE);
        m_segment->AddAddress(*address, lan.line);
    }
    return *address;
}

void
AccessNetwork::Join(Ptr<Node> phone, uint32_t site)
{
    Lan& lan = m_kind.place == AccessPlace::HOME ? GetHome(site) : m_lans.front();
    auto bearer = CreateObject<LanBearer>();
    bearer->SetInterface(TakeAddress(lan),
                         MakeBoundCallback(&AccessNetwork::InstallInterface,
                                           phone,
                                           lan.segment,
                                           m_surroundings.transport));
    phone->GetObject<GprsMobileStation>()->SetOtherBearer(bearer);
}

void
AccessNetwork::InstallInterface(Ptr<Node> phone,
                                Ptr<AccessSegment> segment,
                                TransportPreset transport,
                                Ipv4Address address)
{
    LeanStackHelper::Install(phone);
    phone->GetObject<PeerTcpProtocol>()->SetTransportPreset(transport);
    const auto device = segment->AddHost(phone);
    const auto interface = LeanStackHelper::AddInterface(phone, device, address);
    LeanStackHelper::GetRouting(phone)->SetDefaultRoute(interface);
    segment->AddAddress(address, device);
}

// --- Results -------------------------------------------------------------------------------------

std::vector<Ptr<NatGateway>>
AccessNetwork::GetGateways() const
{
    auto gateways = m_chain->GetGateways();
    for (const auto& lan : m_lans)
    {
        if (lan.nat)
        {
            gateways.push_back(lan.nat);
        }
    }
    return gateways;
}

std::vector<std::pair<std::string, CounterList>>
AccessNetwork::GetCounters() const
{
    std::vector<std::pair<std::string, CounterList>> all;
    const std::string name = "nat-" + m_kind.name + "-";
    if (m_home)
    {
        CounterList sum;
        for (const auto& lan : m_lans)
        {
            Add(lan.nat->GetCounters(), sum);
        }
        all.emplace_back(name + "1", sum);
    }
    for (auto& each : m_chain->GetCounters(name, m_home ? 2 : 1))
    {
        all.push_back(std::move(each));
    }
    return all;
}

int64_t
AccessNetwork::AssignStreams(int64_t first)
{
    constexpr int64_t farAway = int64_t{1} << 52;
    constexpr uint32_t homeBits = 20;
    m_homeStreams = farAway + (first << homeBits);
    for (std::size_t home = 0; home < m_lans.size(); ++home)
    {
        AssignStream(home);
    }
    return m_chain->AssignStreams(first);
}

void
AccessNetwork::AssignStream(std::size_t home)
{
    if (m_homeStreams && m_lans[home].nat)
    {
        m_lans[home].nat->AssignStreams(*m_homeStreams + static_cast<int64_t>(home));
    }
}

} // namespace p2pim
} // namespace ns3
