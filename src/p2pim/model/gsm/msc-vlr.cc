// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/msc-vlr.h"

#include "ns3/boolean.h"
#include "ns3/gsm-cell.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("MscVlr");
NS_OBJECT_ENSURE_REGISTERED(MscVlr);

TypeId
MscVlr::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::MscVlr")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<MscVlr>()
            .AddAttribute("Authentication",
                          "Whether each connection is authenticated (TS 24.008 4.3.2). The VLR has "
                          "its triplets at hand.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MscVlr::m_authentication),
                          MakeBooleanChecker())
            .AddAttribute("Ciphering",
                          "Whether each connection is ciphered (TS 44.018 3.4.7).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MscVlr::m_ciphering),
                          MakeBooleanChecker())
            .AddAttribute("ProcessingTime",
                          "From a message to what the MSC does about it. Own estimate.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&MscVlr::m_processingTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("TR1N",
                          "Wait for the phone's RP-ACK (TS 24.011 10); as TR1M, 35-45 s.",
                          TimeValue(Seconds(40)),
                          MakeTimeAccessor(&MscVlr::m_tr1n),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute(
                "TR2N",
                "Wait for the SMSC's answer to a phone's RP-DATA (TS 24.011 10); as TR2M, "
                "12-20 s.",
                TimeValue(Seconds(15)),
                MakeTimeAccessor(&MscVlr::m_tr2n),
                MakeTimeChecker(Seconds(0)))
            .AddAttribute("TC1N",
                          "TC1*: wait for the CP-ACK (TS 24.011 5.3.2.1); libosmocore: 10 s.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&MscVlr::m_tc1n),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("MaxCpRetransmissions",
                          "Most repetitions of a CP-DATA, 1-3 (TS 24.011 5.3.2.1); libosmocore: 2.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&MscVlr::m_maxCpRetransmissions),
                          MakeUintegerChecker<uint32_t>(1, 3))
            .AddAttribute(
                "T3260",
                "Wait for a phone's answer to an MM or RR message (TS 24.008 table 11.2).",
                TimeValue(Seconds(12)),
                MakeTimeAccessor(&MscVlr::m_t3260),
                MakeTimeChecker(Seconds(0)))
            .AddAttribute("MoreMessagesTime",
                          "How long a connection waits for the next message after one that has "
                          "announced it (TS 24.011 5.4). Own choice.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&MscVlr::m_moreMessagesTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ImplicitDetachTime",
                          "After how long without a sign of life a subscriber is taken for "
                          "detached (TS 23.012 4.1.2.2), longer than T3212; 0: never.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&MscVlr::m_implicitDetachTime),
                          MakeTimeChecker(Seconds(0)))
            .AddTraceSource("Hop",
                            "A hop of a message: reference, hop, time.",
                            MakeTraceSourceAccessor(&MscVlr::m_hopTrace),
                            "ns3::p2pim::Smsc::HopTracedCallback");
    return tid;
}

MscVlr::MscVlr()
    : m_challenge(CreateObject<UniformRandomVariable>())
{
}

MscVlr::~MscVlr() = default;

void
MscVlr::DoDispose()
{
    m_subscribers.clear();
    m_areas.clear();
    m_hlr = nullptr;
    m_smsc = nullptr;
    m_signalling = nullptr;
    m_challenge = nullptr;
    Object::DoDispose();
}

void
MscVlr::SetSignalling(Ptr<Ss7Network> network, Ss7Network::Point point)
{
    m_signalling = network;
    m_point = point;
}

Ss7Network::Point
MscVlr::GetPoint() const
{
    return m_point;
}

void
MscVlr::SendMap(Time wait, Ss7Network::Point to, uint32_t octets, Callback<void> arrived)
{
    Simulator::Schedule(wait, &Ss7Network::Send, m_signalling, m_point, to, octets, arrived);
}

void
MscVlr::AnswerMtForwardSm(Time wait, const Delivery& delivery, MapError error)
{
    SendMap(
        wait,
        delivery.smsc->GetPoint(),
        MAP_OCTETS,
        Callback<void>([smsc = delivery.smsc, dialogue = delivery.operation->dialogue, error]() {
            smsc->ReceiveDeliveryResult(dialogue, error);
        }));
}

void
MscVlr::SetHlr(Ptr<Hlr> hlr)
{
    m_hlr = hlr;
}

void
MscVlr::SetSmsc(Ptr<Smsc> smsc)
{
    m_smsc = smsc;
}

MscVlr::Subscriber*
MscVlr::Find(uint64_t imsi)
{
    const auto found = m_subscribers.find(imsi);
    return found == m_subscribers.end() ? nullptr : &found->second;
}

MscConnection*
MscVlr::FindConnection(const MapDialogue& dialogue)
{
    Subscriber* subscriber = Find(dialogue.subscriber);
    const bool same = subscriber && subscriber->connection &&
                      subscriber->connection->GetDialogue().serial == dialogue.serial;
    return same ? subscriber->connection.get() : nullptr;
}

void
MscVlr::AddSubscriber(uint64_t imsi, uint64_t msisdn, GsmCell* cell)
{
    Subscriber& subscriber = m_subscribers[imsi];
    subscriber.msisdn = msisdn;
    subscriber.cell = cell;
    subscriber.attached = true;
    subscriber.lastContact = Simulator::Now();
}

void
MscVlr::AddCell(GsmCell* cell)
{
    m_areas[cell->GetLocationAreaCode()].push_back(cell);
}

std::vector<GsmCell*>
MscVlr::GetArea(GsmCell* cell) const
{
    const auto area = m_areas.find(cell->GetLocationAreaCode());
    return area != m_areas.end() ? area->second : std::vector<GsmCell*>{cell};
}

void
MscVlr::AddDetached(uint64_t imsi)
{
    Find(imsi)->attached = false;
}

void
MscVlr::ImsiDetach(uint64_t imsi)
{
    Subscriber* subscriber = Find(imsi);
    if (!subscriber)
    {
        return;
    }
    ++m_imsiDetaches;
    subscriber->attached = false;
    if (subscriber->paging)
    {
        StopPaging(imsi, *subscriber);
    }
    AnswerDeliveries(*subscriber, MapError::ABSENT_SUBSCRIBER_SM);
}

bool
MscVlr::IsAttached(Subscriber& subscriber)
{
    const Time silence = Simulator::Now() - subscriber.lastContact;
    if (subscriber.attached && !m_implicitDetachTime.IsZero() && silence > m_implicitDetachTime)
    {
        ++m_implicitDetaches;
        subscriber.attached = false;
    }
    return subscriber.attached;
}

void
MscVlr::MarkPresent(uint64_t imsi, Subscriber& subscriber)
{
    subscriber.attached = true;
    subscriber.lastContact = Simulator::Now();
    if (subscriber.absence != 0)
    {
        SendReadyForSm(
            m_processingTime,
            subscriber.msisdn,
            MapAlertReason::MS_PRESENT,
            Callback<void>([self = Ptr<MscVlr>(this), imsi, absence = subscriber.absence]() {
                Subscriber& told = *self->Find(imsi);
                told.absence = told.absence == absence ? 0 : told.absence;
            }));
    }
}

/// @p answered is called when the HLR has confirmed it.
void
MscVlr::SendReadyForSm(Time wait, uint64_t msisdn, MapAlertReason reason, Callback<void> answered)
{
    const auto arrived = [self = Ptr<MscVlr>(this), msisdn, reason, answered]() {
        self->m_hlr->ReadyForSm(msisdn, reason);
        self->m_signalling->Send(self->m_hlr->GetPoint(), self->m_point, MAP_OCTETS, answered);
    };
    SendMap(wait, m_hlr->GetPoint(), MAP_OCTETS, Callback<void>(arrived));
}

void
MscVlr::SetInService(bool inService)
{
    m_signalling->SetInService(m_point, inService);
    if (inService)
    {
        return;
    }
    std::vector<uint64_t> busy;
    for (const auto& [imsi, subscriber] : m_subscribers)
    {
        if (subscriber.connection || !subscriber.deliveries.empty())
        {
            busy.push_back(imsi);
        }
    }
    std::sort(busy.begin(), busy.end());
    for (const uint64_t imsi : busy)
    {
        Subscriber& subscriber = *Find(imsi);
        if (subscriber.paging)
        {
            StopPaging(imsi, subscriber);
        }
        if (subscriber.connection)
        {
            subscriber.connection->Drop();
            subscriber.connection.reset();
        }
        subscriber.deliveries.clear();
    }
}

void
MscVlr::CompleteLayer3(GsmCell* cell, Sdcch& channel, const uint8_t* message, std::size_t size)
{
    if (!m_signalling->IsInService(m_point))
    {
        cell->ReleaseChannel(channel);
        return;
    }
    const auto initial = DecodeInitialMessage(message, size);
    Subscriber* subscriber = initial ? Find(initial->imsi) : nullptr;
    if (!subscriber)
    {
        NS_LOG_LOGIC("first message of nobody known");
        cell->ReleaseChannel(channel);
        return;
    }
    if (subscriber->connection)
    {
        // The phone has lost its old connection before the network has.
        subscriber->connection->Abort();
        subscriber->connection.reset();
    }
    if (subscriber->paging)
    {
        StopPaging(initial->imsi, *subscriber);
    }
    using Kind = InitialMessage::Kind;
    if (initial->kind == Kind::IMSI_DETACH)
    {
        ImsiDetach(initial->imsi);
    }
    else if (initial->kind != Kind::LOCATION_UPDATING)
    {
        MarkPresent(initial->imsi, *subscriber);
    }
    ++m_connections;
    channel.SetNetwork(this, initial->imsi);
    subscriber->connection =
        std::make_unique<MscConnection>(*this,
                                        *cell,
                                        channel,
                                        MapDialogue{initial->imsi, m_nextSerial++});
    const bool delivers = initial->kind == Kind::PAGING_RESPONSE && !subscriber->deliveries.empty();
    subscriber->connection->Start(initial->kind,
                                  delivers ? subscriber->deliveries.front().operation : nullptr);
    CheckConnection(initial->imsi, *subscriber);
}

void
MscVlr::FinishLocationUpdating(MscConnection& connection, GsmCell& cell)
{
    ++m_locationUpdatings;
    const uint64_t imsi = connection.GetDialogue().subscriber;
    Subscriber& subscriber = *Find(imsi);
    subscriber.cell = &cell;
    MarkPresent(imsi, subscriber);
}

void
MscVlr::EndCall(uint64_t imsi)
{
    Subscriber* subscriber = Find(imsi);
    if (subscriber && subscriber->connection)
    {
        subscriber->connection->EndCall();
        CheckConnection(imsi, *subscriber);
    }
}

void
MscVlr::HandleLink(Sdcch& channel, const LapdmIndication& indication)
{
    const uint64_t imsi = channel.GetSubscriber();
    Subscriber* subscriber = Find(imsi);
    if (subscriber && subscriber->connection)
    {
        subscriber->connection->HandleLink(indication);
        CheckConnection(imsi, *subscriber);
    }
}

void
MscVlr::CheckConnection(uint64_t imsi, Subscriber& subscriber)
{
    MscConnection& connection = *subscriber.connection;
    if (!connection.IsOver())
    {
        connection.GetTimer().Arm(connection.GetDeadline(),
                                  &MscVlr::ExpireTimer,
                                  this,
                                  connection.GetDialogue());
        return;
    }
    subscriber.connection.reset();
    if (!subscriber.deliveries.empty() && !subscriber.paging)
    {
        StartDelivery(imsi, subscriber, subscriber.cell->GetT3111());
    }
}

void
MscVlr::ExpireTimer(MapDialogue dialogue)
{
    MscConnection* connection = FindConnection(dialogue);
    if (!connection)
    {
        return;
    }
    connection->GetTimer().Expired();
    if (connection->GetDeadline() <= Simulator::Now())
    {
        connection->Expire();
    }
    CheckConnection(dialogue.subscriber, *Find(dialogue.subscriber));
}

void
MscVlr::ForwardMo(MscConnection& connection, const RpMessage& rp)
{
    const Subscriber* subscriber = Find(connection.GetDialogue().subscriber);
    Ptr<MapMoForwardSm> operation = Create<MapMoForwardSm>();
    operation->node = this;
    operation->dialogue = connection.GetDialogue();
    operation->originator = subscriber->msisdn;
    operation->serviceCentre = rp.serviceCentre;
    operation->tpdu.assign(rp.userData, rp.userData + rp.size);
    ++m_moForwarded;
    const uint8_t messageReference = rp.size > 1 ? rp.userData[1] : 0;
    NotifyHop(MakeSmsReference(subscriber->msisdn, messageReference), SmsHop::MO_FORWARDED);
    SendMap(subscriber->cell->GetTransitTime() + m_processingTime,
            m_smsc->GetPoint(),
            MAP_OCTETS + static_cast<uint32_t>(rp.size),
            Callback<void>([smsc = m_smsc, operation]() { smsc->MoForwardSm(operation); }));
}

void
MscVlr::ForwardMemoryAvailable(MscConnection& connection)
{
    const MapDialogue dialogue = connection.GetDialogue();
    const Subscriber* subscriber = Find(dialogue.subscriber);
    SendReadyForSm(subscriber->cell->GetTransitTime() + m_processingTime,
                   subscriber->msisdn,
                   MapAlertReason::MEMORY_AVAILABLE,
                   Callback<void>([self = Ptr<MscVlr>(this), dialogue]() {
                       self->ReceiveMoResult(dialogue, MapError::NONE);
                   }));
}

void
MscVlr::ReceiveMoResult(MapDialogue dialogue, MapError error)
{
    if (MscConnection* connection = FindConnection(dialogue))
    {
        connection->AnswerMo(error);
        CheckConnection(dialogue.subscriber, *Find(dialogue.subscriber));
    }
}

void
MscVlr::MtForwardSm(Ptr<Smsc> smsc, Ptr<MapMtForwardSm> operation)
{
    Subscriber* subscriber = Find(operation->imsi);
    if (!subscriber || !IsAttached(*subscriber))
    {
        if (subscriber)
        {
            subscriber->absence = ++m_lastAbsence;
        }
        ++m_mtFailed;
        AnswerMtForwardSm(m_processingTime,
                          {smsc, operation},
                          subscriber ? MapError::ABSENT_SUBSCRIBER_SM
                                     : MapError::UNKNOWN_SUBSCRIBER);
        return;
    }
    const uint64_t imsi = operation->imsi;
    subscriber->deliveries.push_back({smsc, operation});
    if (subscriber->deliveries.size() > 1)
    {
        return;
    }
    if (!subscriber->connection)
    {
        StartDelivery(imsi, *subscriber, m_processingTime);
    }
    else if (subscriber->connection->Deliver(operation))
    {
        CheckConnection(imsi, *subscriber);
    }
}

void
MscVlr::ContinueDelivery(MscConnection& connection)
{
    const Subscriber& subscriber = *Find(connection.GetDialogue().subscriber);
    if (!subscriber.deliveries.empty())
    {
        connection.Deliver(subscriber.deliveries.front().operation);
    }
}

void
MscVlr::StartDelivery(uint64_t imsi, Subscriber& subscriber, Time wait)
{
    subscriber.paging = true;
    NotifyHop(subscriber.deliveries.front().operation->reference, SmsHop::PAGED);
    for (GsmCell* cell : GetArea(subscriber.cell))
    {
        cell->StartPaging(imsi, wait);
    }
}

void
MscVlr::StopPaging(uint64_t imsi, Subscriber& subscriber)
{
    subscriber.paging = false;
    for (GsmCell* cell : GetArea(subscriber.cell))
    {
        cell->StopPaging(imsi);
    }
}

void
MscVlr::NoPagingResponse(uint64_t imsi)
{
    Subscriber* subscriber = Find(imsi);
    if (subscriber && subscriber->paging)
    {
        StopPaging(imsi, *subscriber);
        ++m_noPagingResponse;
        AnswerDeliveries(*subscriber, MapError::NO_PAGING_RESPONSE);
    }
}

void
MscVlr::FinishMt(MscConnection& connection, MapError error)
{
    AnswerDelivery(*Find(connection.GetDialogue().subscriber), error);
}

/// All that wait for a phone that cannot be reached; no connection has taken one of them over.
void
MscVlr::AnswerDeliveries(Subscriber& subscriber, MapError error)
{
    while (!subscriber.deliveries.empty())
    {
        AnswerDelivery(subscriber, error);
    }
}

void
MscVlr::AnswerDelivery(Subscriber& subscriber, MapError error)
{
    const Delivery delivery = std::move(subscriber.deliveries.front());
    subscriber.deliveries.erase(subscriber.deliveries.begin());
    if (error == MapError::NONE)
    {
        ++m_mtDelivered;
    }
    else
    {
        ++m_mtFailed;
    }
    if (error == MapError::ABSENT_SUBSCRIBER_SM || error == MapError::NO_PAGING_RESPONSE)
    {
        subscriber.absence = ++m_lastAbsence;
    }
    AnswerMtForwardSm(subscriber.cell->GetTransitTime() + m_processingTime, delivery, error);
}

void
MscVlr::NotifyHop(uint64_t reference, SmsHop hop)
{
    m_hopTrace(reference, hop, Simulator::Now());
}

void
MscVlr::NotifyAuthenticationFailure()
{
    ++m_authenticationFailures;
}

uint32_t
MscVlr::DrawChallenge()
{
    constexpr uint32_t limit = 0xFFFFFFFE;
    return m_challenge->GetInteger(0, limit);
}

MscSettings
MscVlr::GetSettings() const
{
    return {m_authentication,
            m_ciphering,
            m_processingTime,
            m_t3260,
            m_moreMessagesTime,
            {m_tr1n, m_tr2n, m_tc1n, m_maxCpRetransmissions}};
}

CounterList
MscVlr::GetCounters() const
{
    return {
        {"connections", static_cast<double>(m_connections)},
        {"mo_forwarded", static_cast<double>(m_moForwarded)},
        {"mt_delivered", static_cast<double>(m_mtDelivered)},
        {"mt_failed", static_cast<double>(m_mtFailed)},
        {"location_updatings", static_cast<double>(m_locationUpdatings)},
        {"imsi_detaches", static_cast<double>(m_imsiDetaches)},
        {"implicit_detaches", static_cast<double>(m_implicitDetaches)},
        {"no_paging_response", static_cast<double>(m_noPagingResponse)},
        {"authentication_failures", static_cast<double>(m_authenticationFailures)},
    };
}

int64_t
MscVlr::AssignStreams(int64_t first)
{
    m_challenge->SetStream(first);
    return 1;
}

} // namespace p2pim
} // namespace ns3
