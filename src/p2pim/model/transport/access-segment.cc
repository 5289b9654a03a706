// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/access-segment.h"

#include "ns3/ipv4-header.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(AccessSegment);
NS_OBJECT_ENSURE_REGISTERED(AccessSegmentDevice);

// --- The segment ---------------------------------------------------------------------------------

TypeId
AccessSegment::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::AccessSegment")
                            .SetParent<Object>()
                            .SetGroupName("P2pim")
                            .AddConstructor<AccessSegment>();
    return tid;
}

AccessSegment::AccessSegment() = default;

AccessSegment::~AccessSegment() = default;

void
AccessSegment::DoDispose()
{
    m_gateway = nullptr;
    m_hosts.clear();
    Object::DoDispose();
}

void
AccessSegment::Configure(Time delay, bool isLan)
{
    m_delay = delay;
    m_isLan = isLan;
}

Ptr<AccessSegmentDevice>
AccessSegment::AddDevice(Ptr<Node> node)
{
    auto device = CreateObject<AccessSegmentDevice>();
    device->SetSegment(this);
    node->AddDevice(device);
    return device;
}

Ptr<NetDevice>
AccessSegment::AddGateway(Ptr<Node> node)
{
    m_gateway = AddDevice(node);
    return m_gateway;
}

Ptr<NetDevice>
AccessSegment::AddHost(Ptr<Node> node)
{
    return AddDevice(node);
}

void
AccessSegment::AddAddress(Ipv4Address address, Ptr<NetDevice> device)
{
    m_hosts[address.Get()] = DynamicCast<AccessSegmentDevice>(device);
}

bool
AccessSegment::Carry(const AccessSegmentDevice* from, Ptr<Packet> packet)
{
    const bool fromGateway = from == PeekPointer(m_gateway);
    AccessSegmentDevice* to = fromGateway ? nullptr : PeekPointer(m_gateway);
    if (fromGateway || m_isLan)
    {
        Ipv4Header header;
        packet->PeekHeader(header);
        const auto host = m_hosts.find(header.GetDestination().Get());
        to = host == m_hosts.end() ? to : PeekPointer(host->second);
    }
    if (to == nullptr)
    {
        ++m_lost;
        return false;
    }
    Simulator::ScheduleWithContext(to->GetNode()->GetId(),
                                   m_delay,
                                   &AccessSegmentDevice::Receive,
                                   to,
                                   packet,
                                   TunnelDevice::IPV4);
    return true;
}

uint64_t
AccessSegment::GetLost() const
{
    return m_lost;
}

// --- Its devices ---------------------------------------------------------------------------------

TypeId
AccessSegmentDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::AccessSegmentDevice")
                            .SetParent<TunnelDevice>()
                            .SetGroupName("P2pim")
                            .AddConstructor<AccessSegmentDevice>();
    return tid;
}

AccessSegmentDevice::AccessSegmentDevice() = default;

AccessSegmentDevice::~AccessSegmentDevice() = default;

void
AccessSegmentDevice::DoDispose()
{
    m_segment = nullptr;
    TunnelDevice::DoDispose();
}

void
AccessSegmentDevice::SetSegment(Ptr<AccessSegment> segment)
{
    m_segment = segment;
}

bool
AccessSegmentDevice::DoSend(Ptr<Packet> packet, uint16_t)
{
    return m_segment->Carry(this, packet);
}

} // namespace p2pim
} // namespace ns3
