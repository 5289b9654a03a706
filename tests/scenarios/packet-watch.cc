// SPDX-License-Identifier: GPL-2.0-only
#include "tests/scenarios/packet-watch.h"

#include "ns3/ggsn.h"
#include "ns3/gprs-device.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/ipv4-header.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <iterator>

namespace p2pim::test
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Less than it takes a new phone to attach.
const Time SCAN_INTERVAL = MilliSeconds(500);

Ipv4Header
ReadHeader(Ptr<const Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    return header;
}

double
CountOctets(const TemporaryBlockFlow& flow)
{
    double octets = 0;
    for (const LlcPdu& pdu : flow.queue)
    {
        octets += GetLlcOctets(pdu);
    }
    return octets;
}

} // namespace

void
PacketWatch::Start()
{
    Simulator::ScheduleDestroy(&PacketWatch::AddQueues, this);
    Simulator::ScheduleNow(&PacketWatch::FindNodes, this);
}

/// A phone's device comes with its first PDP context, long after its node.
void
PacketWatch::FindNodes()
{
    while (m_nodes < NodeList::GetNNodes())
    {
        NodeList::GetNode(m_nodes++)->RegisterDeviceAdditionListener(
            MakeCallback(&PacketWatch::Hook, this));
    }
    Simulator::Schedule(SCAN_INTERVAL, &PacketWatch::FindNodes, this);
}

void
PacketWatch::Hook(Ptr<NetDevice> device)
{
    const bool isPhone = DynamicCast<GprsDevice>(device) != nullptr;
    if (!isPhone && !DynamicCast<GgsnTunnelDevice>(device))
    {
        return;
    }
    using Seen = Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>;
    const auto ipv4 = device->GetNode()->GetObject<Ipv4>();
    const NetDevice* own = PeekPointer(device);
    ipv4->TraceConnectWithoutContext(
        "Tx",
        Seen([this, own, isPhone](Ptr<const Packet> packet, Ptr<Ipv4> stack, uint32_t interface) {
            if (stack->GetNetDevice(interface) == own)
            {
                Enter(isPhone, packet);
            }
        }));
    ipv4->TraceConnectWithoutContext(
        "Rx",
        Seen([this, own, isPhone](Ptr<const Packet> packet, Ptr<Ipv4> stack, uint32_t interface) {
            if (stack->GetNetDevice(interface) == own)
            {
                Leave(!isPhone, packet);
            }
        }));
}

void
PacketWatch::Enter(bool uplink, Ptr<const Packet> packet)
{
    const Ipv4Header header = ReadHeader(packet);
    const auto own = uplink ? header.GetSource() : header.GetDestination();
    const auto other = uplink ? header.GetDestination() : header.GetSource();
    m_inside[{own.Get(), uplink}].emplace_back(other.Get(),
                                               header.GetProtocol(),
                                               header.GetIdentification());
    ++entered;
}

/// Those that had entered before and have not come out are lost, or will come out of order.
void
PacketWatch::Leave(bool uplink, Ptr<const Packet> packet)
{
    const Ipv4Header header = ReadHeader(packet);
    const auto own = uplink ? header.GetSource() : header.GetDestination();
    const auto other = uplink ? header.GetDestination() : header.GetSource();
    auto& inside = m_inside.try_emplace({own.Get(), uplink}).first->second;
    const Identity identity(other.Get(), header.GetProtocol(), header.GetIdentification());
    const auto found = std::find(inside.begin(), inside.end(), identity);
    if (found == inside.end())
    {
        ++outOfOrder;
    }
    else
    {
        inside.erase(inside.begin(), std::next(found));
    }
    ++left;
}

void
PacketWatch::AddQueues()
{
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        const auto station = (*node)->GetObject<GprsMobileStation>();
        const RlcEntity* rlc = station ? station->FindRlc() : nullptr;
        if (rlc != nullptr)
        {
            uplinkQueued += CountOctets(rlc->uplink);
            downlinkQueued += CountOctets(rlc->downlink);
        }
    }
}

} // namespace p2pim::test
