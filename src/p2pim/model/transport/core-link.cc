// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/core-link.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(CoreLink);
NS_OBJECT_ENSURE_REGISTERED(CoreLinkDevice);

// --- The line ------------------------------------------------------------------------------------

TypeId
CoreLink::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::CoreLink")
            .SetParent<Channel>()
            .SetGroupName("P2pim")
            .AddConstructor<CoreLink>()
            .AddAttribute("Rate",
                          "Rate of each direction. 2048 kbit/s: an E1 line, ITU-T G.704.",
                          DataRateValue(DataRate("2048kbps")),
                          MakeDataRateAccessor(&CoreLink::m_rate),
                          MakeDataRateChecker())
            .AddAttribute("Delay",
                          "Propagation delay. 5 ms: 1000 km of fibre.",
                          TimeValue(MilliSeconds(5)),
                          MakeTimeAccessor(&CoreLink::m_delay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("QueueLimit",
                          "Most octets that may wait in one direction, the packet on the line "
                          "included. 65536: a quarter of a second of the default rate.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&CoreLink::m_queueLimit),
                          MakeUintegerChecker<uint32_t>(1500, 1U << 30));
    return tid;
}

CoreLink::CoreLink() = default;

CoreLink::~CoreLink() = default;

void
CoreLink::DoDispose()
{
    m_ends = {};
    Channel::DoDispose();
}

void
CoreLink::Attach(Ptr<Node> first, Ptr<Node> second)
{
    NS_ABORT_MSG_IF(m_rate.GetBitRate() == 0, "the rate of a CoreLink is 0");
    m_ends = {CreateObject<CoreLinkDevice>(), CreateObject<CoreLinkDevice>()};
    m_ends[0]->Connect(this, m_ends[1]);
    m_ends[1]->Connect(this, m_ends[0]);
    first->AddDevice(m_ends[0]);
    second->AddDevice(m_ends[1]);
}

std::size_t
CoreLink::GetNDevices() const
{
    return m_ends[0] ? m_ends.size() : 0;
}

Ptr<NetDevice>
CoreLink::GetDevice(std::size_t index) const
{
    return m_ends.at(index);
}

Time
CoreLink::GetTransmissionTime(uint32_t octets) const
{
    constexpr uint64_t NANOSECOND_BITS = 8'000'000'000;
    const uint64_t rate = m_rate.GetBitRate();
    return NanoSeconds((octets * NANOSECOND_BITS + rate / 2) / rate);
}

Time
CoreLink::GetDelay() const
{
    return m_delay;
}

uint32_t
CoreLink::GetQueueLimit() const
{
    return m_queueLimit;
}

// --- Its ends ------------------------------------------------------------------------------------

TypeId
CoreLinkDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::CoreLinkDevice")
                            .SetParent<TunnelDevice>()
                            .SetGroupName("P2pim")
                            .AddConstructor<CoreLinkDevice>()
                            .AddTraceSource("Tx",
                                            "An IP packet was accepted for the line.",
                                            MakeTraceSourceAccessor(&CoreLinkDevice::m_txTrace),
                                            "ns3::Packet::TracedCallback")
                            .AddTraceSource("Rx",
                                            "An IP packet has come over the line.",
                                            MakeTraceSourceAccessor(&CoreLinkDevice::m_rxTrace),
                                            "ns3::Packet::TracedCallback")
                            .AddTraceSource("Drop",
                                            "An IP packet found the queue full.",
                                            MakeTraceSourceAccessor(&CoreLinkDevice::m_dropTrace),
                                            "ns3::Packet::TracedCallback");
    return tid;
}

CoreLinkDevice::CoreLinkDevice() = default;

CoreLinkDevice::~CoreLinkDevice() = default;

void
CoreLinkDevice::DoDispose()
{
    m_link = nullptr;
    m_peer = nullptr;
    TunnelDevice::DoDispose();
}

void
CoreLinkDevice::Connect(Ptr<CoreLink> link, Ptr<CoreLinkDevice> peer)
{
    m_link = link;
    m_peer = peer;
}

Ptr<Channel>
CoreLinkDevice::GetChannel() const
{
    return m_link;
}

bool
CoreLinkDevice::DoSend(Ptr<Packet> packet, uint16_t protocol)
{
    const Time now = Simulator::Now();
    const Time free = std::max(now, m_free) + m_link->GetTransmissionTime(packet->GetSize());
    if (free - now > m_link->GetTransmissionTime(m_link->GetQueueLimit()))
    {
        m_dropTrace(packet);
        return false;
    }
    m_free = free;
    m_txTrace(packet);
    Simulator::ScheduleWithContext(m_peer->GetNode()->GetId(),
                                   free - now + m_link->GetDelay(),
                                   &CoreLinkDevice::HandleArrival,
                                   PeekPointer(m_peer),
                                   packet,
                                   protocol);
    return true;
}

void
CoreLinkDevice::HandleArrival(Ptr<Packet> packet, uint16_t protocol)
{
    m_rxTrace(packet);
    Receive(packet, protocol);
}

} // namespace p2pim
} // namespace ns3
