// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/lean-stack-helper.h"

#include "ns3/core-link.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/ipv4-interface-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-l4-protocol.h"

namespace ns3
{
namespace p2pim
{

void
LeanStackHelper::Install(Ptr<Node> node, Transports transports)
{
    // Ipv4Interface sends and receives by way of the traffic control layer, with or without a
    // queue discipline.
    node->AggregateObject(CreateObject<TrafficControlLayer>());
    const Ptr<Ipv4L3Protocol> ipv4 = CreateObject<Ipv4L3Protocol>();
    node->AggregateObject(ipv4);
    ipv4->SetRoutingProtocol(CreateObject<HostRouting>());
    node->AggregateObject(CreateObject<Icmpv4L4Protocol>());
    if (transports == Transports::ALL)
    {
        node->AggregateObject(CreateObject<UdpL4Protocol>());
    }
    if (transports != Transports::NONE)
    {
        node->AggregateObject(CreateObject<PeerTcpProtocol>());
    }
}

uint32_t
LeanStackHelper::AddInterface(Ptr<Node> node,
                              Ptr<NetDevice> device,
                              Ipv4Address address,
                              Ipv4Mask mask)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->SetUp(interface);
    SetAddress(node, interface, address, mask);
    return interface;
}

void
LeanStackHelper::SetAddress(Ptr<Node> node, uint32_t interface, Ipv4Address address, Ipv4Mask mask)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    while (ipv4->GetNAddresses(interface) > 0)
    {
        ipv4->RemoveAddress(interface, 0);
    }
    if (!address.IsAny())
    {
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
    }
}

Ipv4Mask
LeanStackHelper::GetLinkMask()
{
    return Ipv4Mask("255.255.255.252");
}

Ptr<NetDevice>
LeanStackHelper::Join(Ptr<Node> first, Ptr<Node> second, Ipv4Address network, Time delay)
{
    auto link = CreateObjectWithAttributes<CoreLink>("Delay", TimeValue(delay));
    link->Attach(first, second);
    AddInterface(first, link->GetDevice(0), Ipv4Address(network.Get() + 1), GetLinkMask());
    AddInterface(second, link->GetDevice(1), Ipv4Address(network.Get() + 2), GetLinkMask());
    return link->GetDevice(0);
}

Ptr<HostRouting>
LeanStackHelper::GetRouting(Ptr<Node> node)
{
    return DynamicCast<HostRouting>(node->GetObject<Ipv4>()->GetRoutingProtocol());
}

} // namespace p2pim
} // namespace ns3
