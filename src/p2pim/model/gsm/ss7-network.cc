// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ss7-network.h"

#include "ns3/attribute-checkers.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Ss7Network);

TypeId
Ss7Network::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Ss7Network")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Ss7Network>()
            .AddAttribute("Delay",
                          "From one element's link set to another's: two transfer points and the "
                          "lines between. Own estimate.",
                          TimeValue(MilliSeconds(38)),
                          MakeTimeAccessor(&Ss7Network::m_delay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("InterOperatorDelay",
                          "What a message to another operator takes besides: the gateways of both "
                          "and the lines between them. Own estimate.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&Ss7Network::m_interOperatorDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("LinkRate",
                          "Rate of an element's link set in each direction; a signalling link is "
                          "64 kbit/s (ITU-T Q.702), loaded to 0.4 Erlang at most. Own choice: 16 "
                          "links.",
                          DataRateValue(DataRate("1024kb/s")),
                          MakeDataRateAccessor(&Ss7Network::m_linkRate),
                          MakePositiveRateChecker());
    return tid;
}

Ss7Network::Ss7Network() = default;

Ss7Network::~Ss7Network() = default;

Ss7Network::Point
Ss7Network::AddPoint(const std::string& name)
{
    m_points.emplace_back();
    m_points.back().name = name;
    return {this, static_cast<uint32_t>(m_points.size() - 1)};
}

Ss7Network::PointState&
Ss7Network::Get(Point point)
{
    return point.network->m_points[point.index];
}

Time
Ss7Network::Occupy(Time& linkFree, Time earliest, uint32_t octets, PointState& point) const
{
    const Time start = std::max(linkFree, earliest);
    point.queued += start - earliest;
    linkFree = start + m_linkRate.CalculateBytesTxTime(octets);
    return linkFree;
}

void
Ss7Network::Send(Point from, Point to, uint32_t octets, ArrivalCallback arrived)
{
    PointState& sender = Get(from);
    PointState& receiver = Get(to);
    if (!sender.inService || !receiver.inService)
    {
        ++sender.lost;
        return;
    }
    ++sender.sent;
    sender.octets += octets;
    const Time now = Simulator::Now();
    const Ss7Network& origin = *from.network;
    const Time delay =
        origin.m_delay + (from.network == to.network ? Time() : origin.m_interOperatorDelay);
    const Time sent = origin.Occupy(sender.outboundFree, now, octets, sender);
    const Time received = to.network->Occupy(receiver.inboundFree, sent + delay, octets, receiver);
    Simulator::Schedule(received - now, &Ss7Network::Arrive, this, to, receiver.outages, arrived);
}

void
Ss7Network::Arrive(Point to, uint32_t outages, ArrivalCallback arrived)
{
    PointState& receiver = Get(to);
    if (!receiver.inService || receiver.outages != outages)
    {
        ++receiver.lost;
        return;
    }
    arrived();
}

void
Ss7Network::SetInService(Point point, bool inService)
{
    PointState& state = Get(point);
    if (state.inService && !inService)
    {
        ++state.outages;
    }
    state.inService = inService;
}

bool
Ss7Network::IsInService(Point point) const
{
    return Get(point).inService;
}

CounterList
Ss7Network::GetCounters() const
{
    CounterList counters;
    for (const PointState& point : m_points)
    {
        counters.emplace_back(point.name + "_sent", static_cast<double>(point.sent));
        counters.emplace_back(point.name + "_octets", static_cast<double>(point.octets));
        counters.emplace_back(point.name + "_lost", static_cast<double>(point.lost));
        counters.emplace_back(point.name + "_queue_seconds", point.queued.GetSeconds());
    }
    return counters;
}

} // namespace p2pim
} // namespace ns3
