// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/traversal-servers.h"

#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
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

InetSocketAddress
ToEndpoint(Ipv4Address address, const Object& server)
{
    UintegerValue port;
    server.GetAttribute("Port", port);
    return {address, static_cast<uint16_t>(port.Get())};
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
    return ToEndpoint(m_stunAddress, *m_stun);
}

InetSocketAddress
TraversalServers::GetRelay() const
{
    return ToEndpoint(m_relayAddress, *m_relay);
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
