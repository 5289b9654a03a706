// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smsc.h"

#include "ns3/hlr.h"
#include "ns3/integer.h"
#include "ns3/msc-vlr.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(Smsc);

namespace
{

/// @return the time that "300s", "5min" or "24h" stands for, or nothing.
std::optional<Time>
ParseInterval(const std::string& word)
{
    std::istringstream text(word);
    double value = 0;
    std::string unit;
    if (!(text >> value >> unit) || !(value > 0))
    {
        return std::nullopt;
    }
    if (unit == "s")
    {
        return Seconds(value);
    }
    if (unit == "min")
    {
        return Minutes(value);
    }
    return unit == "h" ? std::optional<Time>(Hours(value)) : std::nullopt;
}

} // namespace

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
                          "From an MO-ForwardSM to its result: the message is written to disk. Own "
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
            .AddAttribute("LinkDelay",
                          "From the SMSC to an MSC or HLR over SS7: 150 octets at 64 kbit/s are 19 "
                          "ms, and two transfer points. Own estimate.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&Smsc::m_linkDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("DefaultValidity",
                          "Validity period of a message that names none; RestComm: 72 h.",
                          TimeValue(Hours(72)),
                          MakeTimeAccessor(&Smsc::m_defaultValidity),
                          MakeTimeChecker(Minutes(5)))
            .AddAttribute(
                "RetryIntervals",
                "Times from a failed attempt to the next in s, min or h, separated by "
                "blanks, none shorter than the one before; the last one repeats until the validity "
                "period ends. RestComm: 300 s, doubled each "
                "time, at most 24 h.",
                StringValue("300s 600s 1200s 2400s 4800s 9600s 19200s 38400s 76800s 86400s"),
                MakeStringAccessor(&Smsc::SetRetryIntervals, &Smsc::GetRetryIntervals),
                MakeStringChecker())
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
                            "ns3::p2pim::Smsc::HopTracedCallback");
    return tid;
}

Smsc::Smsc() = default;

Smsc::~Smsc() = default;

void
Smsc::DoDispose()
{
    for (auto& destination : m_destinations)
    {
        destination.second.next.Cancel();
    }
    m_destinations.clear();
    m_serviceTime = nullptr;
    m_hlr = nullptr;
    Object::DoDispose();
}

void
Smsc::SetHlr(Ptr<Hlr> hlr)
{
    m_hlr = hlr;
}

bool
Smsc::SetRetryIntervals(const std::string& intervals)
{
    std::vector<Time> parsed;
    std::istringstream words(intervals);
    for (std::string word; words >> word;)
    {
        const auto interval = ParseInterval(word);
        if (!interval || (!parsed.empty() && *interval < parsed.back()))
        {
            return false;
        }
        parsed.push_back(*interval);
    }
    if (parsed.empty())
    {
        return false;
    }
    m_retryIntervals = parsed;
    return true;
}

std::string
Smsc::GetRetryIntervals() const
{
    std::ostringstream words;
    for (const Time& interval : m_retryIntervals)
    {
        words << (words.tellp() > 0 ? " " : "") << interval.GetSeconds() << "s";
    }
    return words.str();
}

void
Smsc::MoForwardSm(Ptr<MapMoForwardSm> operation)
{
    const MapError error = Store(*operation);
    Simulator::Schedule(m_storageTime + m_linkDelay,
                        &MscVlr::ReceiveMoResult,
                        operation->msc,
                        operation->dialogue,
                        error);
}

MapError
Smsc::Store(const MapMoForwardSm& operation)
{
    SmsSubmit submit;
    if (DecodeSubmit(operation.tpdu.data(), operation.tpdu.size(), submit) != SmsCodecError::NONE)
    {
        ++m_refused;
        return MapError::FACILITY_NOT_SUPPORTED;
    }
    const auto msisdn = ParseDigits(submit.destination.digits);
    if (!msisdn)
    {
        ++m_refused;
        return MapError::UNKNOWN_SUBSCRIBER;
    }
    const Time now = Simulator::Now();
    Destination& destination = m_destinations[*msisdn];
    Message& message = destination.messages.emplace_back();
    message.reference = MakeSmsReference(operation.originator, submit.messageReference);
    message.expiry =
        now + (submit.validityPeriod ? Seconds(GetRelativeValiditySeconds(*submit.validityPeriod))
                                     : m_defaultValidity);
    message.deliver.originator.digits = std::to_string(operation.originator);
    message.deliver.timeStamp = MakeSmsTimeStamp(m_epoch + now.GetNanoSeconds() / 1000000000);
    message.deliver.userData = std::move(submit.userData);
    ++m_accepted;
    ++m_stored;
    Stamp(message, SmsHop::STORED);
    const bool first = destination.messages.size() == 1;
    if (first || (!destination.busy && destination.failures > 0))
    {
        // A new message restarts the schedule of those that wait.
        destination.failures = 0;
        PlanAttempt(*msisdn, destination, m_storageTime + Seconds(m_serviceTime->GetValue()));
    }
    return MapError::NONE;
}

void
Smsc::PlanAttempt(uint64_t msisdn, Destination& destination, Time wait)
{
    const Time untilExpiry = destination.messages.front().expiry - Simulator::Now();
    destination.next.Cancel();
    destination.next = Simulator::Schedule(std::max(std::min(wait, untilExpiry), Time()),
                                           &Smsc::Attempt,
                                           this,
                                           msisdn);
}

void
Smsc::DropExpired(Destination& destination)
{
    while (!destination.messages.empty() && destination.messages.front().expiry <= Simulator::Now())
    {
        ++m_expired;
        --m_stored;
        Stamp(destination.messages.front(), SmsHop::EXPIRED);
        destination.messages.pop_front();
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
    destination.busy = true;
    destination.alerted = false;
    ++m_attempts;
    Stamp(destination.messages.front(), SmsHop::ROUTING_REQUESTED);
    Simulator::Schedule(m_linkDelay,
                        &Hlr::SendRoutingInfoForSm,
                        m_hlr,
                        Ptr<Smsc>(this),
                        MapDialogue{msisdn, 0},
                        true);
}

void
Smsc::ReceiveRoutingInfo(MapDialogue dialogue, MapRoutingInfo info)
{
    const uint64_t msisdn = dialogue.subscriber;
    const auto found = m_destinations.find(msisdn);
    if (found == m_destinations.end())
    {
        return;
    }
    Destination& destination = found->second;
    if (info.error != MapError::NONE)
    {
        ReceiveDeliveryResult(dialogue, info.error);
        return;
    }
    Message& message = destination.messages.front();
    Ptr<MapMtForwardSm> operation = Create<MapMtForwardSm>();
    operation->imsi = info.imsi;
    operation->dialogue = dialogue;
    operation->reference = message.reference;
    operation->moreMessagesToSend = destination.messages.size() > 1;
    operation->serviceCentre.digits = m_address;
    message.deliver.moreMessagesToSend = operation->moreMessagesToSend;
    if (EncodeDeliver(message.deliver, operation->tpdu) != SmsCodecError::NONE)
    {
        ReceiveDeliveryResult(dialogue, MapError::FACILITY_NOT_SUPPORTED);
        return;
    }
    Stamp(message, SmsHop::MT_FORWARDED);
    Simulator::Schedule(m_linkDelay,
                        &MscVlr::MtForwardSm,
                        Ptr<MscVlr>(info.msc),
                        Ptr<Smsc>(this),
                        operation);
}

void
Smsc::ReceiveDeliveryResult(MapDialogue dialogue, MapError error)
{
    const uint64_t msisdn = dialogue.subscriber;
    const auto found = m_destinations.find(msisdn);
    if (found == m_destinations.end())
    {
        return;
    }
    Destination& destination = found->second;
    destination.busy = false;
    switch (error)
    {
    case MapError::NONE:
        ++m_delivered;
        Finish(msisdn, destination, SmsHop::REPORTED);
        break;
    case MapError::UNKNOWN_SUBSCRIBER:
    case MapError::FACILITY_NOT_SUPPORTED:
        ++m_refused;
        Finish(msisdn, destination, SmsHop::REFUSED);
        break;
    case MapError::ABSENT_SUBSCRIBER_SM:
    case MapError::NO_PAGING_RESPONSE:
        Fail(msisdn, destination, true);
        break;
    default:
        Fail(msisdn, destination, false);
        break;
    }
}

void
Smsc::Finish(uint64_t msisdn, Destination& destination, SmsHop hop)
{
    Stamp(destination.messages.front(), hop);
    destination.messages.pop_front();
    --m_stored;
    if (destination.reportedAbsent)
    {
        destination.reportedAbsent = false;
        Simulator::Schedule(m_linkDelay,
                            &Hlr::ReportSmDeliveryStatus,
                            m_hlr,
                            Ptr<Smsc>(this),
                            msisdn,
                            false);
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
Smsc::Fail(uint64_t msisdn, Destination& destination, bool absent)
{
    ++m_failedAttempts;
    Stamp(destination.messages.front(), SmsHop::ATTEMPT_FAILED);
    if (absent)
    {
        destination.reportedAbsent = true;
        Simulator::Schedule(m_linkDelay,
                            &Hlr::ReportSmDeliveryStatus,
                            m_hlr,
                            Ptr<Smsc>(this),
                            msisdn,
                            true);
    }
    const std::size_t last = m_retryIntervals.size() - 1;
    const std::size_t row = std::min<std::size_t>(destination.failures, last);
    ++destination.failures;
    PlanAttempt(msisdn, destination, destination.alerted ? Time() : m_retryIntervals[row]);
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
    if (found->second.busy)
    {
        found->second.alerted = true;
        return;
    }
    found->second.failures = 0;
    PlanAttempt(msisdn, found->second, Time());
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
        {"messages_accepted", static_cast<double>(m_accepted)},
        {"messages_delivered", static_cast<double>(m_delivered)},
        {"messages_expired", static_cast<double>(m_expired)},
        {"messages_refused", static_cast<double>(m_refused)},
        {"messages_stored", static_cast<double>(m_stored)},
        {"delivery_attempts", static_cast<double>(m_attempts)},
        {"delivery_attempts_failed", static_cast<double>(m_failedAttempts)},
        {"alerts_received", static_cast<double>(m_alerts)},
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
