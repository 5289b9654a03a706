// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smsc.h"

#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/global-title-table.h"
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
                          MakeDigitsChecker(20))
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
                          MakeRandomChecker(0))
            .AddAttribute("FirstDueDelay",
                          "Extra time before the first delivery attempt. RestComm's "
                          "firstDueDelay: 20 s, in its store-and-forward path.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Smsc::m_firstDueDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("DefaultValidity",
                          "Validity period of a message that names none: a time in s, min or h, or "
                          "\"schedule\": that of the retry schedule.",
                          StringValue("schedule"),
                          MakeStringAccessor(&Smsc::SetDefaultValidity, &Smsc::GetDefaultValidity),
                          MakeStringChecker())
            .AddAttribute("MinValidity",
                          "Shortest validity period; a message that asks for less gets this. "
                          "osmo-msc: 1 min.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Smsc::m_minValidity),
                          MakeTimeChecker(Seconds(0)))
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
                "hourly to 24 h, or hourly for 7 d if the subscriber is absent (48 h); osmocom: "
                "not before the "
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
                          "For how long the SMSC knows a submission again by its sender and TP-MR "
                          "that it does not have any more: with TP-RD it drops the repetition (TS "
                          "23.040 9.2.3.25). Own choice.",
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
            .AddAttribute("ReportTimer",
                          "Wait for the answer to ReportSM-DeliveryStatus: class m, 15-30 s (TS "
                          "29.002 17.1.2). Without one it is reported again, as long as messages "
                          "wait: own choice.",
                          TimeValue(Seconds(30)),
                          MakeTimeAccessor(&Smsc::m_reportWait),
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
          }),
      m_reportTimer([this](const MapDialogue& dialogue) { return FindReport(dialogue) != nullptr; },
                    [this](const MapDialogue& dialogue) {
                        SendReport(dialogue.subscriber, *FindReport(dialogue));
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
    m_external.clear();
    m_destinations.clear();
    m_routingTimer.Cancel();
    m_deliveryTimer.Cancel();
    m_reportTimer.Cancel();
    m_queueEvent.Cancel();
    m_serviceTime = nullptr;
    m_hlr = nullptr;
    m_titles = nullptr;
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
Smsc::SetGlobalTitles(Ptr<const GlobalTitleTable> titles)
{
    m_titles = titles;
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
    const auto validity = SmsRetrySchedule::ParseTime(text);
    if (text != "schedule" && !validity)
    {
        return false;
    }
    m_defaultValidityText = text;
    m_defaultValidity = validity;
    return true;
}

std::string
Smsc::GetDefaultValidity() const
{
    return m_defaultValidityText;
}

void
Smsc::Crash()
{
    if (!m_signalling->IsInService(m_point))
    {
        return;
    }
    m_signalling->SetInService(m_point, false);
    ++m_restarts;
    m_routingTimer.Cancel();
    m_deliveryTimer.Cancel();
    m_reportTimer.Cancel();
    m_queueEvent.Cancel();
    m_queue.clear();
    for (const uint64_t msisdn : GetSortedDestinations())
    {
        Destination& destination = m_destinations.find(msisdn)->second;
        Simulator::Remove(destination.next);
        destination.place = {};
        destination.alerted = false;
        if (destination.phase != Phase::IDLE)
        {
            destination.phase = Phase::IDLE;
            ++m_failedAttempts;
            ++m_failures[static_cast<std::size_t>(MapError::RESTARTED)];
            Message& message = destination.messages.front();
            message.lastError = MapError::RESTARTED;
            m_firstAttemptsFailed += message.attempts == 1 ? 1 : 0;
            Stamp(message, SmsHop::ATTEMPT_FAILED);
            m_attemptTrace(message.reference, message.attempts, MapError::RESTARTED);
            GiveWay(destination);
        }
    }
}

void
Smsc::Restart()
{
    if (m_signalling->IsInService(m_point))
    {
        return;
    }
    m_signalling->SetInService(m_point, true);
    for (const uint64_t msisdn : GetSortedDestinations())
    {
        Destination& destination = m_destinations.find(msisdn)->second;
        destination.failures = 0;
        if (!DropTried(msisdn, destination))
        {
            PlanAttempt(msisdn, destination, Simulator::Now());
        }
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
    CounterList counters{
        {"messages_accepted", static_cast<double>(m_messagesAccepted)},
        {"messages_delivered", static_cast<double>(m_delivered)},
        {"messages_expired", static_cast<double>(m_expired)},
        {"messages_refused", static_cast<double>(m_refused)},
        {"messages_cancelled", static_cast<double>(m_cancelled)},
        {"messages_stored", m_stored.GetValue()},
        {"messages_stored_mean", m_stored.GetAverage(Simulator::Now())},
        {"messages_stored_peak", m_stored.GetMaximum()},
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
        {"queue_length", static_cast<double>(m_queue.size())},
        {"status_reports", static_cast<double>(m_statusReports)},
        {"commands", static_cast<double>(m_commands)},
    };
    for (std::size_t error = 1; error < MAP_ERRORS; ++error)
    {
        counters.emplace_back(std::string("attempts_") +
                                  GetMapErrorName(static_cast<MapError>(error)),
                              static_cast<double>(m_failures[error]));
    }
    return counters;
}

int64_t
Smsc::AssignStreams(int64_t first)
{
    m_serviceTime->SetStream(first);
    return 1;
}

} // namespace p2pim
} // namespace ns3
