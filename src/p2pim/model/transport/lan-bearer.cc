// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/lan-bearer.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(LanBearer);

TypeId
LanBearer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::LanBearer")
                            .SetParent<PacketBearer>()
                            .SetGroupName("P2pim")
                            .AddConstructor<LanBearer>();
    return tid;
}

LanBearer::LanBearer() = default;

LanBearer::~LanBearer() = default;

void
LanBearer::DoDispose()
{
    m_install.Nullify();
    PacketBearer::DoDispose();
}

void
LanBearer::SetInterface(Ipv4Address address, InterfaceCallback install)
{
    m_address = address;
    m_install = install;
}

bool
LanBearer::IsUp() const
{
    return m_isUp;
}

Ipv4Address
LanBearer::GetAddress() const
{
    return m_isUp ? m_address : Ipv4Address::GetAny();
}

void
LanBearer::BringUp(AttachedCallback attached, DoneCallback done)
{
    if (!m_isUp)
    {
        m_isUp = true;
        m_install(m_address);
    }
    attached();
    done(true, "");
}

} // namespace p2pim
} // namespace ns3
