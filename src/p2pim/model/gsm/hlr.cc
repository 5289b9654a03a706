// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/hlr.h"

#include "ns3/msc-vlr.h"
#include "ns3/simulator.h"
#include "ns3/sms-address.h"
#include "ns3/smsc.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Hlr);

TypeId
Hlr::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Hlr")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Hlr>()
            .AddAttribute("QueryTime",
                          "From an SRI-SM to its answer: one look-up. Own estimate.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&Hlr::m_queryTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute(
                "LinkDelay",
                "From the HLR to an SMSC over SS7: 150 octets at 64 kbit/s are 19 ms, and "
                "two transfer points. Own estimate.",
                TimeValue(MilliSeconds(40)),
                MakeTimeAccessor(&Hlr::m_linkDelay),
                MakeTimeChecker(Seconds(0)));
    return tid;
}

Hlr::Hlr() = default;

Hlr::~Hlr() = default;

void
Hlr::DoDispose()
{
    m_subscribers.clear();
    Object::DoDispose();
}

void
Hlr::AddSubscriber(uint64_t imsi, const std::string& msisdn, Ptr<MscVlr> msc)
{
    Subscriber& subscriber = m_subscribers[ParseDigits(msisdn).value_or(0)];
    subscriber.imsi = imsi;
    subscriber.msc = PeekPointer(msc);
}

void
Hlr::SendRoutingInfoForSm(Ptr<Smsc> smsc, MapDialogue dialogue, bool priority)
{
    const uint64_t msisdn = dialogue.subscriber;
    ++m_queries;
    MapRoutingInfo info;
    const auto found = m_subscribers.find(msisdn);
    if (found == m_subscribers.end())
    {
        ++m_unknown;
        info.error = MapError::UNKNOWN_SUBSCRIBER;
    }
    else if (found->second.notReachable && !priority)
    {
        AddWaiting(found->second, smsc);
        info.error = MapError::ABSENT_SUBSCRIBER_SM;
    }
    else
    {
        info.imsi = found->second.imsi;
        info.msc = found->second.msc;
    }
    Simulator::Schedule(m_queryTime + m_linkDelay, &Smsc::ReceiveRoutingInfo, smsc, dialogue, info);
}

void
Hlr::AddWaiting(Subscriber& subscriber, Ptr<Smsc> smsc)
{
    std::vector<Ptr<Smsc>>& waiting = subscriber.waiting;
    if (std::find(waiting.begin(), waiting.end(), smsc) == waiting.end())
    {
        waiting.push_back(smsc);
    }
}

void
Hlr::ReportSmDeliveryStatus(Ptr<Smsc> smsc, uint64_t msisdn, bool absent)
{
    const auto found = m_subscribers.find(msisdn);
    if (found == m_subscribers.end())
    {
        return;
    }
    if (absent)
    {
        ++m_absentReports;
        found->second.notReachable = true;
        AddWaiting(found->second, smsc);
    }
    else
    {
        Alert(msisdn, found->second, smsc);
    }
}

void
Hlr::ReadyForSm(uint64_t msisdn)
{
    const auto found = m_subscribers.find(msisdn);
    if (found != m_subscribers.end())
    {
        Alert(msisdn, found->second, nullptr);
    }
}

void
Hlr::Alert(uint64_t msisdn, Subscriber& subscriber, Ptr<Smsc> except)
{
    subscriber.notReachable = false;
    const std::vector<Ptr<Smsc>> waiting = std::move(subscriber.waiting);
    subscriber.waiting.clear();
    for (const Ptr<Smsc>& smsc : waiting)
    {
        if (smsc != except)
        {
            ++m_alerts;
            Simulator::Schedule(m_queryTime + m_linkDelay, &Smsc::AlertServiceCentre, smsc, msisdn);
        }
    }
}

CounterList
Hlr::GetCounters() const
{
    return {
        {"sri_sm", static_cast<double>(m_queries)},
        {"unknown_subscriber", static_cast<double>(m_unknown)},
        {"absent_reports", static_cast<double>(m_absentReports)},
        {"alerts_sent", static_cast<double>(m_alerts)},
    };
}

} // namespace p2pim
} // namespace ns3
