// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-gateway.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/node.h"
#include "ns3/octets.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(NatGateway);

TypeId
NatGateway::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::NatGateway")
            .SetParent<Ipv4RoutingProtocol>()
            .SetGroupName("P2pim")
            .AddConstructor<NatGateway>()
            .AddTraceSource("Event",
                            "A mapping is made or has expired, a packet is dropped.",
                            MakeTraceSourceAccessor(&NatGateway::m_eventTrace),
                            "ns3::p2pim::NatGateway::EventTracedCallback");
    return tid;
}

NatGateway::NatGateway()
    : m_draws(CreateObject<UniformRandomVariable>())
{
}

NatGateway::~NatGateway() = default;

void
NatGateway::DoDispose()
{
    m_advance.Cancel();
    if (m_routing)
    {
        m_routing->Dispose();
    }
    m_routing = nullptr;
    m_ipv4 = nullptr;
    m_core.reset();
    Ipv4RoutingProtocol::DoDispose();
}

void
NatGateway::Mount(Ptr<Node> node, const NatSettings& settings, uint32_t inside)
{
    const auto ipv4 = node->GetObject<Ipv4>();
    m_routing = ipv4->GetRoutingProtocol();
    m_inside = inside;
    NatSettings all = settings;
    all.checksums = Node::ChecksumEnabled();
    all.insideAddress = ipv4->GetAddress(inside, 0).GetLocal();
    m_core = std::make_unique<NatCore>(all, [draws = m_draws](uint32_t limit) {
        return draws->GetInteger(0, limit - 1);
    });
    ipv4->SetRoutingProtocol(this);
}

const NatCore&
NatGateway::GetCore() const
{
    return *m_core;
}

std::optional<NatEndpoint>
NatGateway::RequestMapping(NatProtocol protocol, const NatEndpoint& inside, Time lifetime)
{
    return m_core->RequestMapping(Simulator::Now(), protocol, inside, lifetime);
}

int64_t
NatGateway::AssignStreams(int64_t first)
{
    m_draws->SetStream(first);
    return 1;
}

CounterList
NatGateway::GetCounters() const
{
    CounterList counters{
        {"packets_in", m_passed[static_cast<std::size_t>(NatSide::INSIDE)]},
        {"packets_out", m_passed[static_cast<std::size_t>(NatSide::OUTSIDE)]},
        {"mappings_made", m_mappingsMade},
        {"sessions_made", m_sessionsMade},
        {"mappings_left", m_core ? m_core->GetMappings() : 0},
    };
    for (std::size_t cause = 0; cause < m_dropped.size(); ++cause)
    {
        if (m_dropped[cause] != 0)
        {
            std::string name = GetNatCauseName(static_cast<NatCause>(cause));
            std::replace(name.begin(), name.end(), ' ', '_');
            counters.emplace_back("dropped_" + name, m_dropped[cause]);
        }
    }
    return counters;
}

bool
NatGateway::IsForRouter(const Ipv4Header& header) const
{
    return m_ipv4->GetInterfaceForAddress(header.GetDestination()) >= 0;
}

Ptr<Ipv4Route>
NatGateway::RouteOutput(Ptr<Packet> packet,
                        const Ipv4Header& header,
                        Ptr<NetDevice> device,
                        Socket::SocketErrno& error)
{
    return m_routing->RouteOutput(packet, header, device, error);
}

bool
NatGateway::RouteInput(Ptr<const Packet> packet,
                       const Ipv4Header& header,
                       Ptr<const NetDevice> device,
                       RouteInputParameters::At<3> forward,
                       RouteInputParameters::At<4> multicast,
                       RouteInputParameters::At<5> deliver,
                       RouteInputParameters::At<6> fail)
{
    if (IsForRouter(header))
    {
        return m_routing->RouteInput(packet, header, device, forward, multicast, deliver, fail);
    }
    auto whole = packet->Copy();
    whole->AddHeader(header);
    const auto interface = m_ipv4->GetInterfaceForDevice(device);
    const auto from =
        static_cast<uint32_t>(interface) == m_inside ? NatSide::INSIDE : NatSide::OUTSIDE;
    Carry(m_core->Receive(Simulator::Now(), from, ToOctets(whole)));
    return true;
}

void
NatGateway::Carry(const NatResult& result)
{
    for (const auto& event : result.events)
    {
        m_mappingsMade += event.kind == NatEvent::Kind::MAPPING_CREATED ? 1 : 0;
        m_sessionsMade += event.kind == NatEvent::Kind::SESSION_CREATED ? 1 : 0;
        if (event.kind == NatEvent::Kind::PACKET_DROPPED)
        {
            ++m_dropped.at(static_cast<std::size_t>(event.cause));
        }
        m_eventTrace(event);
    }
    for (const auto& output : result.packets)
    {
        Send(output);
    }
    const auto due = m_core->GetNextDue();
    if (due != Time::Max() && !IsPending(m_advance))
    {
        m_advance =
            Simulator::Schedule(Max(due - Simulator::Now(), Time()), &NatGateway::Advance, this);
    }
}

void
NatGateway::Advance()
{
    Carry(m_core->Advance(Simulator::Now()));
}

void
NatGateway::Send(const NatOutput& output)
{
    auto packet = Create<Packet>(output.packet.data(), static_cast<uint32_t>(output.packet.size()));
    Ipv4Header header;
    packet->RemoveHeader(header);
    header.SetTtl(header.GetTtl() - 1); // the NAT has looked whether there is one left
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    if (const auto route = m_routing->RouteOutput(packet, header, nullptr, error))
    {
        ++m_passed.at(static_cast<std::size_t>(output.side));
        m_ipv4->SendWithHeader(packet, header, route);
    }
}

void
NatGateway::SetIpv4(Ptr<Ipv4> ipv4)
{
    m_ipv4 = ipv4;
}

void
NatGateway::NotifyInterfaceUp(uint32_t interface)
{
    m_routing->NotifyInterfaceUp(interface);
}

void
NatGateway::NotifyInterfaceDown(uint32_t interface)
{
    m_routing->NotifyInterfaceDown(interface);
}

void
NatGateway::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_routing->NotifyAddAddress(interface, address);
}

void
NatGateway::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    m_routing->NotifyRemoveAddress(interface, address);
}

void
NatGateway::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    m_routing->PrintRoutingTable(stream, unit);
}

} // namespace p2pim
} // namespace ns3
