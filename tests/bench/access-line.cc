// SPDX-License-Identifier: GPL-2.0-only
#include "access-line.h"

#include "ns3/data-rate.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace p2pim
{
namespace bench
{

using namespace ns3;
using ns3::p2pim::TunnelDevice;

namespace
{

const DataRate g_rate("40kbps");        ///< three to four slots of CS-2
const Time g_delay = MilliSeconds(250); ///< makes a small-packet round trip of about 0.6 s

/// Puts @p packet on the line that is busy until @p free, to @p device.
void
Transmit(Ptr<Packet> packet, Time& free, TunnelDevice* device)
{
    const Time now = Simulator::Now();
    free = std::max(now, free) + g_rate.CalculateBytesTxTime(packet->GetSize());
    Simulator::ScheduleWithContext(device->GetNode()->GetId(),
                                   free + g_delay - now,
                                   &TunnelDevice::Receive,
                                   device,
                                   packet,
                                   TunnelDevice::IPV4);
}

} // namespace

TypeId
AccessLine::GetTypeId()
{
    static TypeId tid = TypeId("p2pim::bench::AccessLine").SetParent<TunnelDevice>();
    return tid;
}

AccessLine::AccessLine(Ipv4Address first)
    : m_first(first.Get())
{
}

AccessLine::~AccessLine() = default;

void
AccessLine::DoDispose()
{
    m_phones.clear();
    TunnelDevice::DoDispose();
}

Ptr<PhoneLine>
AccessLine::AddPhone()
{
    const Ipv4Address address(m_first + static_cast<uint32_t>(m_phones.size()));
    m_phones.push_back(CreateObject<PhoneLine>(this, address));
    return m_phones.back();
}

bool
AccessLine::DoSend(Ptr<Packet> packet, uint16_t)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const uint32_t phone = header.GetDestination().Get() - m_first;
    if (phone >= m_phones.size())
    {
        return false;
    }
    m_phones[phone]->SendDown(packet);
    return true;
}

TypeId
PhoneLine::GetTypeId()
{
    static TypeId tid = TypeId("p2pim::bench::PhoneLine").SetParent<TunnelDevice>();
    return tid;
}

PhoneLine::PhoneLine(AccessLine* station, Ipv4Address address)
    : m_station(station),
      m_address(address)
{
}

PhoneLine::~PhoneLine() = default;

Ipv4Address
PhoneLine::GetPhoneAddress() const
{
    return m_address;
}

void
PhoneLine::SendDown(Ptr<Packet> packet)
{
    Transmit(packet, m_downFree, this);
}

bool
PhoneLine::DoSend(Ptr<Packet> packet, uint16_t)
{
    Transmit(packet, m_upFree, m_station);
    return true;
}

} // namespace bench
} // namespace p2pim
