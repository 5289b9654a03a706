// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-device.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GprsDevice);

TypeId
GprsDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::GprsDevice")
                            .SetParent<TunnelDevice>()
                            .SetGroupName("P2pim")
                            .AddConstructor<GprsDevice>();
    return tid;
}

GprsDevice::GprsDevice() = default;

GprsDevice::~GprsDevice() = default;

void
GprsDevice::SetMobileStation(Ptr<GprsMobileStation> ms)
{
    m_ms = ms;
}

void
GprsDevice::DoDispose()
{
    m_ms = nullptr;
    TunnelDevice::DoDispose();
}

bool
GprsDevice::DoSend(Ptr<Packet> packet, uint16_t protocol)
{
    return protocol == IPV4 && m_ms->SendPacket(packet);
}

} // namespace p2pim
} // namespace ns3
