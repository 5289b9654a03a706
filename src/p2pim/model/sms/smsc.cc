// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smsc.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/hlr.h"
#include "ns3/integer.h"
#include "ns3/msc-vlr.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Smsc);

TypeId
Smsc::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::Smsc")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<Smsc>()
            .AddAttribute("Address",
                          "The SMSC's address towards phones: E.164 digits without +.",
                          StringValue("441234500000"),
                          MakeStringAccessor(&Smsc::m_address),
                          MakeStringChecker())
            .AddAttribute("StorageTime",
                          "From a submission to its answer: the message is written to disk. Own "
                          "estimate.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&Smsc::m_storageTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ServiceTime",
                          "From the storage of a message to its first delivery attempt, in s. With "
                          "the storage a message spends 1-2 s in the SMSC (Forbes, ITU-T workshop "
                          "2006).",
                          StringValue("ns3::UniformRandomVariable[Min=0.9|Max=1.5]"),
                          MakePointerAccessor(&Smsc::m_serviceTime),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("DefaultValidity",
                          "Validity period of a message that names none: a time in s, min or h, or "
                          "\"schedule\": that of the retry schedule.",
                          StringValue("schedule"),
                          MakeStringAccessor(&Smsc::SetDefaultValidity, &Smsc::GetDefaultValidity),
                          MakeStringChecker())
            .AddAttribute("MaxValidity",
                          "Longest validity period; a message that asks for more gets this. "
                          "RestComm: 240 h.",
                          TimeValue(Hours(240)),
                          MakeTimeAccessor(&Smsc::m_maxValidity),
                          MakeTimeChecker(Minutes(1)))
            .AddAttribute(
                "RetrySchedule",
                "When to try again after a failed attempt. restcomm: after 300 s, doubled each "
                "time, at most 24 h (default validity 72 h); infobip: 5 x 1 min, 6 x 10 min, then "
                "hourly, always hourly if the subscriber is absent (48 h); osmocom: not before the "
                "subscriber is heard of (7 d); or an own one: times in s, min or h, separated by "
                "blanks, none shorter than the one before, the last one repeated (72 h).",
                StringValue("restcomm"),
                MakeStringAccessor(&Smsc::SetRetrySchedule, &Smsc::GetRetrySchedule),
                MakeStringChecker())
            .AddAttribute("PriorityRequest",
                          "sm-RP-PRI of SendRoutingInfoForSM: true asks for a delivery attempt "
                          "although the HLR has the subscriber marked as not reachable (TS 29.002 "
                          "12.1).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Smsc::m_priorityRequest),
                          MakeBooleanChecker())
            .AddAttribute(
                "MaxThroughput",
                "Most delivery attempts a second, 0: no limit. Attempts that are due wait "
                "in a queue, by priority.",
                DoubleValue(0),
                MakeDoubleAccessor(&Smsc::m_maxThroughput),
                MakeDoubleChecker<double>(0, 1e6))
            .AddAttribute("MaxMessages",
                          "Most messages stored, 0: no limit. Further ones are refused as "
                          "congestion.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&Smsc::m_maxMessages),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("DuplicateWindow",
                          "For how long the SMSC knows a submission again by its sender and TP-MR: "
                          "with TP-RD it drops the repetition (TS 23.040 9.2.3.25). Own choice.",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&Smsc::m_duplicateWindow),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute(
                "SriTimer",
                "Wait for the answer to SendRoutingInfoForSM: class m, 15-30 s (TS 29.002 "
                "17.1.2); jSS7: 30 s.",
                TimeValue(Seconds(30)),
                MakeTimeAccessor(&Smsc::m_sriTimer),
                MakeTimeChecker(Seconds(15), Seconds(30)))
            .AddAttribute("ForwardTimer",
                          "Wait for the answer to MT-ForwardSM: class ml, 1-10 min (TS 29.002 "
                          "17.1.2). Own choice: longer than paging and transfer together.",
                          TimeValue(Minutes(3)),
                          MakeTimeAccessor(&Smsc::m_forwardTimer),
                          MakeTimeChecker(Minutes(1), Minutes(10)))
            .AddAttribute(
                "Epoch",
                "The time of day at the start of the simulation, s since 1970-01-01 00:00 "
                "UTC, for time stamps.",
                IntegerValue(1199145600),
                MakeIntegerAccessor(&Smsc::m_epoch),
                MakeIntegerChecker<int64_t>(0, 4102444799))
            .AddTraceSource("Hop",
                            "A hop of a message: reference, hop, time.",
                            MakeTraceSourceAccessor(&Smsc::m_hopTrace),
                            "ns3::p2pim::Smsc::HopTracedCallback")
            .AddTraceSource("Attempt",
                            "A delivery attempt has ended: reference, number of the attempt from "
                            "1, outcome.",
                            MakeTraceSourceAccessor(&Smsc::m_attemptTrace),
                            "ns3::p2pim::Smsc::AttemptTracedCallback");
    return tid;
}

Smsc::Smsc()
    : m_routingTimer(
          [this](const MapDialogue& dialogue) {
              return FindDialogue(dialogue, Phase::ROUTING) != nullptr;
          },
          [this](const MapDialogue& dialogue) {
              ++m_timeouts;
              EndAttempt(dialogue.subscriber,
                         *FindDialogue(dialogue, Phase::ROUTING),
                         MapError::TIMED_OUT);
          }),
      m_deliveryTimer(
          [this](const MapDialogue& dialogue) {
              return FindDialogue(dialogue, Phase::FORWARDING) != nullptr;
          },
          [this](const MapDialogue& dialogue) {
              ++m_timeouts;
              EndAttempt(dialogue.subscriber,
                         *FindDialogue(dialogue, Phase::FORWARDING),
                         MapError::TIMED_OUT);
          })
{
}

Smsc::~Smsc() = default;

void
Smsc::DoDispose()
{
    for (auto& destination : m_destinations)
    {
        destination.second.next.Cancel();
    }
    m_destinations.clear();
    m_routingTimer.Cancel();
    m_deliveryTimer.Cancel();
    m_queueEvent.Cancel();
    m_serviceTime = nullptr;
    m_hlr = nullptr;
    m_signalling = nullptr;
    m_outcome = nullptr;
    Object::DoDispose();
}

void
Smsc::SetHlr(Ptr<Hlr> hlr)
{
    m_hlr = hlr;
}

void
Smsc::SetSignalling(Ptr<Ss7Network> network, Ss7Network::Point point)
{
    m_signalling = network;
    m_point = point;
}

Ss7Network::Point
Smsc::GetPoint() const
{
    return m_point;
}

bool
Smsc::SetRetrySchedule(const std::string& text)
{
    const auto schedule = SmsRetrySchedule::Parse(text);
    if (schedule)
    {
        m_retrySchedule = *schedule;
    }
    return schedule.has_value();
}

std::string
Smsc::GetRetrySchedule() const
{
    return m_retrySchedule.GetText();
}

bool
Smsc::SetDefaultValidity(const std::string& text)
{
    if (text != "schedule" && !SmsRetrySchedule::ParseTime(text))
    {
        return false;
    }
    m_defaultValidityText = text;
    return true;
}

std::string
Smsc::GetDefaultValidity() const
{
    return m_defaultValidityText;
}

void
Smsc::PlanAttempt(uint64_t msisdn, Destination& destination, Time wait)
{
    const Time untilExpiry = destination.messages.front().expiry - Simulator::Now();
    destination.next.Cancel();
    destination.next = Simulator::Schedule(std::max(std::min(wait, untilExpiry), Time()),
                                           &Smsc::BeDue,
                                           this,
                                           msisdn);
}

void
Smsc::BeDue(uint64_t msisdn)
{
    if (m_maxThroughput == 0)
    {
        Attempt(msisdn);
        return;
    }
    Destination& destination = m_destinations.find(msisdn)->second;
    if (std::get<1>(destination.place) != 0)
    {
        return;
    }
    destination.place = {-destination.messages.front().priority, ++m_lastTurn, msisdn};
    m_queue.insert(destination.place);
    m_queuePeak = std::max<uint64_t>(m_queuePeak, m_queue.size());
    if (m_queue.size() == 1)
    {
        m_queueEvent = Simulator::Schedule(std::max(m_nextSlot - Simulator::Now(), Time()),
                                           &Smsc::ServeQueue,
                                           this);
    }
}

void
Smsc::ServeQueue()
{
    if (m_queue.empty())
    {
        return;
    }
    const uint64_t msisdn = std::get<2>(*m_queue.begin());
    m_queue.erase(m_queue.begin());
    const Time slot = Seconds(1 / m_maxThroughput);
    m_nextSlot = Simulator::Now() + slot;
    if (!m_queue.empty())
    {
        m_queueEvent = Simulator::Schedule(slot, &Smsc::ServeQueue, this);
    }
    m_destinations.find(msisdn)->second.place = {};
    Attempt(msisdn);
}

void
Smsc::DropExpired(Destination& destination)
{
    while (!destination.messages.empty() && destination.messages.front().expiry <= Simulator::Now())
    {
        ++m_expired;
        Forget(destination.messages.front(), SmsHop::EXPIRED, MapError::NONE);
        destination.messages.pop_front();
    }
}

void
Smsc::Forget(Message& message, SmsHop hop, MapError error)
{
    --m_stored;
    Stamp(message, hop);
    if (message.id != 0)
    {
        m_externalDestinations.erase(message.id);
        if (m_outcome)
        {
            m_outcome(message.id, hop, error);
        }
    }
}

void
Smsc::Attempt(uint64_t msisdn)
{
    const auto found = m_destinations.find(msisdn);
    Destination& destination = found->second;
    DropExpired(destination);
    if (destination.messages.empty())
    {
        m_destinations.erase(found);
        return;
    }
    destination.phase = Phase::ROUTING;
    destination.serial = ++m_lastSerial;
    destination.alerted = false;
    Message& message = destination.messages.front();
    ++message.attempts;
    ++m_attempts;
    m_firstAttempts += message.attempts == 1 ? 1 : 0;
    Stamp(message, SmsHop::ROUTING_REQUESTED);
    const MapDialogue dialogue{msisdn, destination.serial};
    m_routingTimer.Start(dialogue, m_sriTimer);
    m_signalling->Send(m_point,
                       m_hlr->GetPoint(),
                       MAP_OCTETS,
                       Callback<void>([hlr = m_hlr,
                                       self = Ptr<Smsc>(this),
                                       dialogue,
                                       priority = m_priorityRequest || message.priority > 0]() {
                           hlr->SendRoutingInfoForSm(self, dialogue, priority);
                       }));
}

Smsc::Destination*
Smsc::FindDialogue(const MapDialogue& dialogue, Phase phase)
{
    const auto found = m_destinations.find(dialogue.subscriber);
    const bool open = found != m_destinations.end() && found->second.phase == phase &&
                      found->second.serial == dialogue.serial;
    return open ? &found->second : nullptr;
}

void
Smsc::ReceiveRoutingInfo(MapDialogue dialogue, MapRoutingInfo info)
{
    Destination* destination = FindDialogue(dialogue, Phase::ROUTING);
    if (!destination)
    {
        return;
    }
    if (info.error != MapError::NONE)
    {
        EndAttempt(dialogue.subscriber, *destination, info.error);
        return;
    }
    Message& message = destination->messages.front();
    Ptr<MapMtForwardSm> operation = Create<MapMtForwardSm>();
    operation->imsi = info.imsi;
    operation->dialogue = dialogue;
    operation->reference = message.reference;
    operation->moreMessagesToSend = destination->messages.size() > 1;
    operation->serviceCentre.digits = m_address;
    message.deliver.moreMessagesToSend = operation->moreMessagesToSend;
    if (EncodeDeliver(message.deliver, operation->tpdu) != SmsCodecError::NONE)
    {
        EndAttempt(dialogue.subscriber, *destination, MapError::FACILITY_NOT_SUPPORTED);
        return;
    }
    destination->phase = Phase::FORWARDING;
    Stamp(message, SmsHop::MT_FORWARDED);
    m_deliveryTimer.Start(dialogue, m_forwardTimer);
    m_signalling->Send(
        m_point,
        info.msc->GetPoint(),
        MAP_OCTETS + static_cast<uint32_t>(operation->tpdu.size()),
        Callback<void>([msc = Ptr<MscVlr>(info.msc), self = Ptr<Smsc>(this), operation]() {
            msc->MtForwardSm(self, operation);
        }));
}

void
Smsc::ReceiveDeliveryResult(MapDialogue dialogue, MapError error)
{
    if (Destination* destination = FindDialogue(dialogue, Phase::FORWARDING))
    {
        EndAttempt(dialogue.subscriber, *destination, error);
    }
    else if (error == MapError::NONE)
    {
        ++m_lateSuccesses; // the message has been delivered, and will be once more
    }
}

void
Smsc::EndAttempt(uint64_t msisdn, Destination& destination, MapError error)
{
    destination.phase = Phase::IDLE;
    const Message& message = destination.messages.front();
    m_attemptTrace(message.reference, message.attempts, error);
    switch (error)
    {
    case MapError::NONE:
        ++m_delivered;
        Finish(msisdn, destination, SmsHop::REPORTED, error);
        break;
    case MapError::UNKNOWN_SUBSCRIBER:
    case MapError::FACILITY_NOT_SUPPORTED:
        ++m_refused;
        m_firstAttemptsFailed += message.attempts == 1 ? 1 : 0;
        Finish(msisdn, destination, SmsHop::REFUSED, error);
        break;
    default:
        m_firstAttemptsFailed += message.attempts == 1 ? 1 : 0;
        Fail(msisdn, destination, error);
        break;
    }
}

void
Smsc::Finish(uint64_t msisdn, Destination& destination, SmsHop hop, MapError error)
{
    Forget(destination.messages.front(), hop, error);
    destination.messages.pop_front();
    if (destination.reported)
    {
        destination.reported = false;
        Report(msisdn, MapDeliveryOutcome::SUCCESSFUL_TRANSFER);
    }
    destination.failures = 0;
    if (destination.messages.empty())
    {
        m_destinations.erase(msisdn);
        return;
    }
    PlanAttempt(msisdn, destination, Time());
}

void
Smsc::Fail(uint64_t msisdn, Destination& destination, MapError error)
{
    ++m_failedAttempts;
    Stamp(destination.messages.front(), SmsHop::ATTEMPT_FAILED);
    const bool absent =
        error == MapError::ABSENT_SUBSCRIBER_SM || error == MapError::NO_PAGING_RESPONSE;
    if (absent || error == MapError::MEMORY_CAPACITY_EXCEEDED)
    {
        destination.reported = true;
        Report(msisdn,
               absent ? MapDeliveryOutcome::ABSENT_SUBSCRIBER
                      : MapDeliveryOutcome::MEMORY_CAPACITY_EXCEEDED);
    }
    ++destination.failures;
    const auto wait = m_retrySchedule.GetWait(destination.failures, absent);
    // without a wait, the next thing that happens is an alert or the end of the validity period
    PlanAttempt(msisdn, destination, destination.alerted ? Time() : wait.value_or(m_maxValidity));
}

void
Smsc::Report(uint64_t msisdn, MapDeliveryOutcome outcome)
{
    m_signalling->Send(m_point,
                       m_hlr->GetPoint(),
                       MAP_OCTETS,
                       Callback<void>([hlr = m_hlr, self = Ptr<Smsc>(this), msisdn, outcome]() {
                           hlr->ReportSmDeliveryStatus(self, msisdn, outcome);
                       }));
}

void
Smsc::AlertServiceCentre(uint64_t msisdn)
{
    ++m_alerts;
    const auto found = m_destinations.find(msisdn);
    if (found == m_destinations.end())
    {
        return;
    }
    if (found->second.phase != Phase::IDLE)
    {
        found->second.alerted = true;
        return;
    }
    found->second.failures = 0;
    PlanAttempt(msisdn, found->second, Time());
}

void
Smsc::InformServiceCentre(uint64_t /* msisdn */, MapMwStatus /* status */)
{
    ++m_informs; // the attempt goes on, as its priority has asked for
}

void
Smsc::Crash()
{
    m_signalling->SetInService(m_point, false);
    ++m_restarts;
    m_routingTimer.Cancel();
    m_deliveryTimer.Cancel();
    m_queueEvent.Cancel();
    m_queue.clear();
    for (const uint64_t msisdn : GetSortedDestinations())
    {
        Destination& destination = m_destinations.find(msisdn)->second;
        destination.next.Cancel();
        destination.place = {};
        destination.alerted = false;
        if (destination.phase != Phase::IDLE)
        {
            destination.phase = Phase::IDLE;
            ++m_failedAttempts;
            Message& message = destination.messages.front();
            m_firstAttemptsFailed += message.attempts == 1 ? 1 : 0;
            Stamp(message, SmsHop::ATTEMPT_FAILED);
            m_attemptTrace(message.reference, message.attempts, MapError::RESTARTED);
        }
    }
}

void
Smsc::Restart()
{
    m_signalling->SetInService(m_point, true);
    for (const uint64_t msisdn : GetSortedDestinations())
    {
        Destination& destination = m_destinations.find(msisdn)->second;
        destination.failures = 0;
        PlanAttempt(msisdn, destination, Time());
    }
}

std::vector<uint64_t>
Smsc::GetSortedDestinations() const
{
    std::vector<uint64_t> numbers;
    numbers.reserve(m_destinations.size());
    for (const auto& destination : m_destinations)
    {
        numbers.push_back(destination.first);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void
Smsc::Stamp(Message& message, SmsHop hop)
{
    const Time now = Simulator::Now();
    message.timeLine.push_back({hop, now});
    m_hopTrace(message.reference, hop, now);
}

std::vector<Smsc::HopStamp>
Smsc::GetTimeLine(uint64_t msisdn) const
{
    const auto found = m_destinations.find(msisdn);
    return found == m_destinations.end() ? std::vector<HopStamp>()
                                         : found->second.messages.front().timeLine;
}

CounterList
Smsc::GetCounters() const
{
    return {
        {"messages_accepted", static_cast<double>(m_messagesAccepted)},
        {"messages_delivered", static_cast<double>(m_delivered)},
        {"messages_expired", static_cast<double>(m_expired)},
        {"messages_refused", static_cast<double>(m_refused)},
        {"messages_cancelled", static_cast<double>(m_cancelled)},
        {"messages_stored", static_cast<double>(m_stored)},
        {"messages_stored_peak", static_cast<double>(m_storedPeak)},
        {"submissions_refused", static_cast<double>(m_submissionsRefused)},
        {"duplicates_stored", static_cast<double>(m_duplicatesStored)},
        {"duplicates_dropped", static_cast<double>(m_duplicatesDropped)},
        {"delivery_attempts", static_cast<double>(m_attempts)},
        {"delivery_attempts_failed", static_cast<double>(m_failedAttempts)},
        {"first_attempts", static_cast<double>(m_firstAttempts)},
        {"first_attempts_failed", static_cast<double>(m_firstAttemptsFailed)},
        {"queue_peak", static_cast<double>(m_queuePeak)},
        {"map_timeouts", static_cast<double>(m_timeouts)},
        {"late_successes", static_cast<double>(m_lateSuccesses)},
        {"alerts_received", static_cast<double>(m_alerts)},
        {"informs_received", static_cast<double>(m_informs)},
        {"restarts", static_cast<double>(m_restarts)},
    };
}

int64_t
Smsc::AssignStreams(int64_t first)
{
    m_serviceTime->SetStream(first);
    return 1;
}

} // namespace p2pim
} // namespace ns3
