// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tunnel-device.h"

#include "ns3/channel.h"
#include "ns3/mac48-address.h"
#include "ns3/node.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(TunnelDevice);

TypeId
TunnelDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::TunnelDevice").SetParent<NetDevice>().SetGroupName("P2pim");
    return tid;
}

TunnelDevice::TunnelDevice() = default;

TunnelDevice::~TunnelDevice() = default;

void
TunnelDevice::DoDispose()
{
    m_node = nullptr;
    m_receive.Nullify();
    NetDevice::DoDispose();
}

void
TunnelDevice::Receive(Ptr<Packet> packet, uint16_t protocol)
{
    m_receive(this, packet, protocol, Mac48Address());
}

bool
TunnelDevice::Send(Ptr<Packet> packet, const Address&, uint16_t protocol)
{
    return DoSend(packet, protocol);
}

bool
TunnelDevice::SendFrom(Ptr<Packet>, const Address&, const Address&, uint16_t)
{
    return false;
}

void
TunnelDevice::SetIfIndex(const uint32_t index)
{
    m_index = index;
}

uint32_t
TunnelDevice::GetIfIndex() const
{
    return m_index;
}

Ptr<Channel>
TunnelDevice::GetChannel() const
{
    return nullptr;
}

void
TunnelDevice::SetAddress(Address)
{
}

Address
TunnelDevice::GetAddress() const
{
    return Mac48Address();
}

bool
TunnelDevice::SetMtu(const uint16_t mtu)
{
    m_mtu = mtu;
    return true;
}

uint16_t
TunnelDevice::GetMtu() const
{
    return m_mtu;
}

bool
TunnelDevice::IsLinkUp() const
{
    return true;
}

void
TunnelDevice::AddLinkChangeCallback(Callback<void>)
{
}

bool
TunnelDevice::IsBroadcast() const
{
    return false;
}

Address
TunnelDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast();
}

bool
TunnelDevice::IsMulticast() const
{
    return false;
}

Address
TunnelDevice::GetMulticast(Ipv4Address group) const
{
    return Mac48Address::GetMulticast(group);
}

Address
TunnelDevice::GetMulticast(Ipv6Address address) const
{
    return Mac48Address::GetMulticast(address);
}

bool
TunnelDevice::IsBridge() const
{
    return false;
}

bool
TunnelDevice::IsPointToPoint() const
{
    return true;
}

Ptr<Node>
TunnelDevice::GetNode() const
{
    return m_node;
}

void
TunnelDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
TunnelDevice::NeedsArp() const
{
    return false;
}

void
TunnelDevice::SetReceiveCallback(ReceiveCallback received)
{
    m_receive = received;
}

void
TunnelDevice::SetPromiscReceiveCallback(PromiscReceiveCallback)
{
}

bool
TunnelDevice::SupportsSendFrom() const
{
    return false;
}

} // namespace p2pim
} // namespace ns3
