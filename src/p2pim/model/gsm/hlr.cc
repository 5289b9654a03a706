// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/hlr.h"

#include "ns3/msc-vlr.h"
#include "ns3/simulator.h"
#include "ns3/sms-address.h"
#include "ns3/smsc.h"
#include "ns3/uinteger.h"

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
                "AlertRetryTime",
                "Wait for the answer to AlertServiceCentre before it is repeated; the MAP "
                "timer is of class s, 3-10 s (TS 29.002 17.1.2). Own choice.",
                TimeValue(Seconds(60)),
                MakeTimeAccessor(&Hlr::m_alertRetryTime),
                MakeTimeChecker(Seconds(3)))
            .AddAttribute("AlertRetries",
                          "Most repetitions of an AlertServiceCentre. Own choice.",
                          UintegerValue(10),
                          MakeUintegerAccessor(&Hlr::m_alertRetries),
                          MakeUintegerChecker<uint32_t>(0, 1000));
    return tid;
}

Hlr::Hlr() = default;

Hlr::~Hlr() = default;

void
Hlr::DoDispose()
{
    for (auto& alert : m_alerts)
    {
        alert.second.timer.Cancel();
    }
    m_alerts.clear();
    m_subscribers.clear();
    m_signalling = nullptr;
    Object::DoDispose();
}

void
Hlr::SetSignalling(Ptr<Ss7Network> network, Ss7Network::Point point)
{
    m_signalling = network;
    m_point = point;
}

Ss7Network::Point
Hlr::GetPoint() const
{
    return m_point;
}

void
Hlr::AddSubscriber(uint64_t imsi, const std::string& msisdn, Ptr<MscVlr> msc)
{
    Subscriber& subscriber = m_subscribers[ParseDigits(msisdn).value_or(0)];
    subscriber.imsi = imsi;
    subscriber.msc = PeekPointer(msc);
}

void
Hlr::UpdateGprsLocation(uint64_t msisdn, SmsServingNode* sgsn)
{
    if (Subscriber* subscriber = Find(msisdn))
    {
        subscriber->gprs = true;
        if (sgsn)
        {
            subscriber->sgsn = sgsn;
        }
        if (sgsn && subscriber->status.mnrf)
        {
            ReadyForSm(msisdn, MapAlertReason::MS_PRESENT);
        }
        if (subscriber->status.mnrg)
        {
            ReadyForSm(msisdn, MapAlertReason::MS_PRESENT_FOR_GPRS);
        }
    }
}

void
Hlr::SetInService(bool inService)
{
    m_signalling->SetInService(m_point, inService);
}

Hlr::Subscriber*
Hlr::Find(uint64_t msisdn)
{
    const auto found = m_subscribers.find(msisdn);
    return found == m_subscribers.end() ? nullptr : &found->second;
}

void
Hlr::SendRoutingInfoForSm(Ptr<Smsc> smsc, MapDialogue dialogue, bool priority)
{
    ++m_queries;
    MapRoutingInfo info;
    MapMwStatus status;
    if (Subscriber* subscriber = Find(dialogue.subscriber))
    {
        status = subscriber->status;
        subscriber->cleared = MapMwStatus();
        if (IsAbsent(*subscriber) && !priority)
        {
            AddWaiting(*subscriber, smsc);
            info.error = MapError::ABSENT_SUBSCRIBER_SM;
        }
        info.imsi = subscriber->imsi;
        info.msc = subscriber->msc;
        info.sgsn = status.mnrg && !priority ? nullptr : subscriber->sgsn;
    }
    else
    {
        ++m_unknown;
        info.error = MapError::UNKNOWN_SUBSCRIBER;
    }
    Simulator::Schedule(m_queryTime, &Hlr::AnswerRoutingInfo, this, smsc, dialogue, info, status);
}

void
Hlr::AnswerRoutingInfo(Ptr<Smsc> smsc,
                       MapDialogue dialogue,
                       MapRoutingInfo info,
                       MapMwStatus status)
{
    m_signalling->Send(
        m_point,
        smsc->GetPoint(),
        MAP_OCTETS,
        Callback<void>([smsc, dialogue, info]() { smsc->ReceiveRoutingInfo(dialogue, info); }));
    if (status.mnrf || status.mcef)
    {
        ++m_informs;
        m_signalling->Send(m_point,
                           smsc->GetPoint(),
                           MAP_OCTETS,
                           Callback<void>([smsc, dialogue, status]() {
                               smsc->InformServiceCentre(dialogue.subscriber, status);
                           }));
    }
}

/// A subscriber that the SGSN may reach is not absent, whatever the MSC says, and the other way
/// round.
bool
Hlr::IsAbsent(const Subscriber& subscriber)
{
    return subscriber.status.mnrf && (subscriber.status.mnrg || !subscriber.sgsn);
}

void
Hlr::SendRoutingInfoForGprs(GprsGateway* ggsn, uint64_t msisdn)
{
    ++m_gprsQueries;
    auto info = GprsRoutingInfo::ABSENT;
    Subscriber* subscriber = Find(msisdn);
    if (subscriber && subscriber->status.mnrg)
    {
        info = GprsRoutingInfo::NOT_REACHABLE;
        AddGateway(*subscriber, ggsn);
    }
    else if (subscriber && subscriber->gprs)
    {
        info = GprsRoutingInfo::SGSN_KNOWN;
    }
    Simulator::Schedule(m_queryTime, &Hlr::AnswerGprsRoutingInfo, this, ggsn, msisdn, info);
}

void
Hlr::AnswerGprsRoutingInfo(GprsGateway* ggsn, uint64_t msisdn, GprsRoutingInfo info)
{
    m_signalling->Send(
        m_point,
        ggsn->GetPoint(),
        MAP_OCTETS,
        Callback<void>([ggsn, msisdn, info]() { ggsn->ReceiveRoutingInfo(msisdn, info); }));
}

void
Hlr::FailureReport(GprsGateway* ggsn, uint64_t msisdn)
{
    ++m_failureReports;
    if (Subscriber* subscriber = Find(msisdn))
    {
        subscriber->status.mnrg = true;
        AddGateway(*subscriber, ggsn);
    }
}

void
Hlr::AddGateway(Subscriber& subscriber, GprsGateway* ggsn)
{
    auto& gateways = subscriber.gateways;
    if (std::find(gateways.begin(), gateways.end(), ggsn) == gateways.end())
    {
        gateways.push_back(ggsn);
    }
}

void
Hlr::TellGateways(uint64_t msisdn, Subscriber& subscriber)
{
    for (GprsGateway* ggsn : std::exchange(subscriber.gateways, {}))
    {
        m_signalling->Send(m_point, ggsn->GetPoint(), MAP_OCTETS, Callback<void>([ggsn, msisdn]() {
                               ggsn->NoteMsPresentForGprs(msisdn);
                           }));
    }
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
Hlr::ReportSmDeliveryStatus(Ptr<Smsc> smsc, MapDialogue dialogue, MapDeliveryOutcome outcome)
{
    m_signalling->Send(m_point, smsc->GetPoint(), MAP_OCTETS, Callback<void>([smsc, dialogue]() {
                           smsc->ReceiveReportResult(dialogue);
                       }));
    const uint64_t msisdn = dialogue.subscriber;
    Subscriber* subscriber = Find(msisdn);
    if (!subscriber)
    {
        return;
    }
    switch (outcome)
    {
    case MapDeliveryOutcome::ABSENT_SUBSCRIBER:
        ++m_absentReports;
        SetFlag(msisdn, *subscriber, smsc, &MapMwStatus::mnrf);
        if (subscriber->sgsn)
        {
            SetFlag(msisdn, *subscriber, smsc, &MapMwStatus::mnrg);
        }
        break;
    case MapDeliveryOutcome::MEMORY_CAPACITY_EXCEEDED:
        ++m_memoryReports;
        SetFlag(msisdn, *subscriber, smsc, &MapMwStatus::mcef);
        break;
    case MapDeliveryOutcome::SUCCESSFUL_TRANSFER:
        subscriber->status = MapMwStatus();
        TellGateways(msisdn, *subscriber);
        AlertWaiting(msisdn, *subscriber, smsc);
        break;
    }
}

void
Hlr::SetFlag(uint64_t msisdn, Subscriber& subscriber, Ptr<Smsc> smsc, bool MapMwStatus::*flag)
{
    if (subscriber.cleared.*flag)
    {
        StartAlert(msisdn, smsc);
        return;
    }
    subscriber.status.*flag = true;
    AddWaiting(subscriber, smsc);
}

void
Hlr::ReadyForSm(uint64_t msisdn, MapAlertReason reason)
{
    if (Subscriber* subscriber = Find(msisdn))
    {
        const bool present = reason != MapAlertReason::MEMORY_AVAILABLE;
        const auto flag = reason == MapAlertReason::MS_PRESENT            ? &MapMwStatus::mnrf
                          : reason == MapAlertReason::MS_PRESENT_FOR_GPRS ? &MapMwStatus::mnrg
                                                                          : &MapMwStatus::mcef;
        subscriber->status.*flag = false;
        subscriber->cleared.*flag = true;
        if (reason == MapAlertReason::MS_PRESENT_FOR_GPRS)
        {
            TellGateways(msisdn, *subscriber);
        }
        if (!present || !subscriber->status.mcef)
        {
            AlertWaiting(msisdn, *subscriber, nullptr);
        }
    }
}

void
Hlr::AlertWaiting(uint64_t msisdn, Subscriber& subscriber, Ptr<Smsc> except)
{
    const std::vector<Ptr<Smsc>> waiting = std::move(subscriber.waiting);
    subscriber.waiting.clear();
    for (const Ptr<Smsc>& smsc : waiting)
    {
        if (smsc != except)
        {
            StartAlert(msisdn, smsc);
        }
    }
}

void
Hlr::StartAlert(uint64_t msisdn, Ptr<Smsc> smsc)
{
    m_alerts[++m_lastAlert] = {smsc, msisdn, 0, EventId()};
    SendAlert(m_lastAlert);
}

void
Hlr::SendAlert(uint64_t serial)
{
    ++m_alertsSent;
    Alert& alert = m_alerts.at(serial);
    alert.timer = Simulator::Schedule(m_alertRetryTime, &Hlr::ExpireAlert, this, serial);
    const auto arrived =
        [self = Ptr<Hlr>(this), smsc = alert.smsc, number = alert.msisdn, serial]() {
            smsc->AlertServiceCentre(number);
            self->m_signalling->Send(
                smsc->GetPoint(),
                self->m_point,
                MAP_OCTETS,
                Callback<void>([self, serial]() { self->ReceiveAlertResult(serial); }));
        };
    m_signalling->Send(m_point, alert.smsc->GetPoint(), MAP_OCTETS, Callback<void>(arrived));
}

void
Hlr::ReceiveAlertResult(uint64_t serial)
{
    const auto alert = m_alerts.find(serial);
    if (alert != m_alerts.end())
    {
        alert->second.timer.Cancel();
        m_alerts.erase(alert);
    }
}

void
Hlr::ExpireAlert(uint64_t serial)
{
    Alert& alert = m_alerts.at(serial);
    if (alert.retries < m_alertRetries)
    {
        ++alert.retries;
        SendAlert(serial);
        return;
    }
    ++m_alertsLost;
    m_alerts.erase(serial);
}

MapMwStatus
Hlr::GetMwStatus(uint64_t msisdn) const
{
    const auto found = m_subscribers.find(msisdn);
    return found == m_subscribers.end() ? MapMwStatus() : found->second.status;
}

CounterList
Hlr::GetCounters() const
{
    return {
        {"sri_sm", static_cast<double>(m_queries)},
        {"unknown_subscriber", static_cast<double>(m_unknown)},
        {"absent_reports", static_cast<double>(m_absentReports)},
        {"memory_full_reports", static_cast<double>(m_memoryReports)},
        {"alerts_sent", static_cast<double>(m_alertsSent)},
        {"alerts_lost", static_cast<double>(m_alertsLost)},
        {"informs_sent", static_cast<double>(m_informs)},
        {"sri_gprs", static_cast<double>(m_gprsQueries)},
        {"failure_reports", static_cast<double>(m_failureReports)},
    };
}

} // namespace p2pim
} // namespace ns3
