// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/traversal-servers.h"

#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/pcp-server.h"
#include "ns3/stun-tcp-client.h"
#include "ns3/turn-client.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(TraversalServers);

namespace
{

const Ipv4Address g_stunLink("203.0.113.16");
const Ipv4Address g_stunOther("203.0.113.24");
const Ipv4Address g_relayLink("203.0.113.20");

uint64_t
GetNumber(const Object& server, const std::string& attribute)
{
    UintegerValue value;
    server.GetAttribute(attribute, value);
    return value.Get();
}

Time
GetTime(const Object& server, const std::string& attribute)
{
    TimeValue value;
    server.GetAttribute(attribute, value);
    return value.Get();
}

} // namespace

TypeId
TraversalServers::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::TraversalServers")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<TraversalServers>()
            .AddAttribute("Delay",
                          "One-way delay between the Internet router and either host. Default: "
                          "that of Internet.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&TraversalServers::m_delay),
                          MakeTimeChecker(Seconds(0)));
    return tid;
}

TraversalServers::TraversalServers() = default;
TraversalServers::~TraversalServers() = default;

void
TraversalServers::DoDispose()
{
    m_stun = nullptr;
    m_relay = nullptr;
    Object::DoDispose();
}

std::optional<TraversalServers::Fault>
TraversalServers::FindFault()
{
    const auto stun = CreateObject<StunServer>();
    Ipv4AddressValue other;
    stun->GetAttribute("OtherAddress", other);
    if (!other.Get().IsAny())
    {
        return Fault{"StunServer.OtherAddress", "the STUN server of a scenario has one"};
    }
    if (GetNumber(*stun, "OtherPort") == GetNumber(*stun, "Port"))
    {
        return Fault{"StunServer.OtherPort", "the same as StunServer.Port"};
    }
    const auto relay = CreateObject<TurnRelay>();
    const auto port = GetNumber(*relay, "Port");
    if (GetNumber(*relay, "LastPort") < GetNumber(*relay, "FirstPort"))
    {
        return Fault{"TurnRelay.LastPort", "below TurnRelay.FirstPort"};
    }
    if (port >= GetNumber(*relay, "FirstPort") && port <= GetNumber(*relay, "LastPort"))
    {
        return Fault{"TurnRelay.Port",
                     "among the ports to allocate, TurnRelay.FirstPort to LastPort"};
    }
    if (GetTime(*relay, "MaxLifetime") < GetTime(*relay, "DefaultLifetime"))
    {
        return Fault{"TurnRelay.MaxLifetime", "below TurnRelay.DefaultLifetime"};
    }
    const auto isTooShort = [](Time time) {
        return time.IsStrictlyPositive() && time < Seconds(1);
    };
    if (isTooShort(GetTime(*CreateObject<TurnClient>(), "Lifetime")))
    {
        return Fault{"TurnClient.Lifetime", "neither 0 nor 1 s at least"};
    }
    if (isTooShort(GetTime(*CreateObject<StunTcpClient>(), "KeepAliveInterval")))
    {
        return Fault{"StunTcpClient.KeepAliveInterval", "neither 0 nor 1 s at least"};
    }
    const auto pcp = CreateObject<PcpServer>();
    if (GetTime(*pcp, "MaximumLifetime") < GetTime(*pcp, "MinimumLifetime"))
    {
        return Fault{"PcpServer.MaximumLifetime", "below PcpServer.MinimumLifetime"};
    }
    return std::nullopt;
}

void
TraversalServers::Build(Ptr<Internet> internet)
{
    auto stunNode = CreateObject<Node>();
    auto relayNode = CreateObject<Node>();
    LeanStackHelper::Install(stunNode);
    LeanStackHelper::Install(relayNode);

    const auto stunLink = internet->Attach(stunNode, g_stunLink, m_delay);
    m_stunAddress = stunLink.address;
    const auto ipv4 = stunNode->GetObject<Ipv4>();
    ipv4->AddAddress(ipv4->GetInterfaceForDevice(stunLink.device),
                     Ipv4InterfaceAddress(g_stunOther, Ipv4Mask::GetOnes()));
    internet->AddNetwork(g_stunOther, Ipv4Mask::GetOnes(), stunLink);
    m_stun = CreateObject<StunServer>();
    m_stun->SetAttribute("OtherAddress", Ipv4AddressValue(g_stunOther));
    stunNode->AddApplication(m_stun);

    m_relayAddress = internet->Attach(relayNode, g_relayLink, m_delay).address;
    m_relay = CreateObject<TurnRelay>();
    relayNode->AddApplication(m_relay);
}

void
TraversalServers::AddUser(const std::string& name)
{
    m_relay->AddUser(name, name);
}

InetSocketAddress
TraversalServers::GetStun() const
{
    return {m_stunAddress, static_cast<uint16_t>(GetNumber(*m_stun, "Port"))};
}

InetSocketAddress
TraversalServers::GetRelay() const
{
    return {m_relayAddress, static_cast<uint16_t>(GetNumber(*m_relay, "Port"))};
}

std::vector<std::pair<std::string, CounterList>>
TraversalServers::GetCounters() const
{
    return {{"stun", m_stun->GetCounters()}, {"relay", m_relay->GetCounters()}};
}

int64_t
TraversalServers::AssignStreams(int64_t first)
{
    const auto next = first + m_stun->AssignStreams(first);
    return next + m_relay->AssignStreams(next) - first;
}

} // namespace p2pim
} // namespace ns3
