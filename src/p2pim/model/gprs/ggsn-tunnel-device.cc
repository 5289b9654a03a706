// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ggsn.h"
#include "ns3/hlr.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GgsnTunnelDevice);

TypeId
GgsnTunnelDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::GgsnTunnelDevice")
                            .SetParent<TunnelDevice>()
                            .SetGroupName("P2pim")
                            .AddConstructor<GgsnTunnelDevice>();
    return tid;
}

GgsnTunnelDevice::GgsnTunnelDevice() = default;

GgsnTunnelDevice::~GgsnTunnelDevice() = default;

void
GgsnTunnelDevice::SetGgsn(Ptr<Ggsn> ggsn)
{
    m_ggsn = ggsn;
}

void
GgsnTunnelDevice::DoDispose()
{
    m_ggsn = nullptr;
    TunnelDevice::DoDispose();
}

bool
GgsnTunnelDevice::DoSend(Ptr<Packet> packet, uint16_t protocol)
{
    return protocol == IPV4 && m_ggsn->SendToTunnel(packet);
}

} // namespace p2pim
} // namespace ns3
