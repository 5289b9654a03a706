// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * How the SMSC delivers: which message goes to which phone when (TS 23.040 3.2, 10).
 */
#include "ns3/global-title-table.h"
#include "ns3/hlr.h"
#include "ns3/simulator.h"
#include "ns3/sms-serving-node.h"
#include "ns3/smsc.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

void
Smsc::PlanAttempt(uint64_t msisdn, Destination& destination, Time due)
{
    destination.due = due;
    Arm(msisdn, destination);
}

/// Sees to it that Wake() is called at the next attempt or expiry.
void
Smsc::Arm(uint64_t msisdn, Destination& destination)
{
    const Time at = std::min(destination.due, destination.expiries.begin()->first.first);
    Simulator::Remove(destination.next);
    destination.next =
        Simulator::Schedule(std::max(at - Simulator::Now(), Time()), &Smsc::Wake, this, msisdn);
}

void
Smsc::Wake(uint64_t msisdn)
{
    Destination& destination = m_destinations.find(msisdn)->second;
    if (!DropExpired(msisdn, destination))
    {
        return;
    }
    if (destination.due <= Simulator::Now())
    {
        BeDue(msisdn, destination);
        return;
    }
    Arm(msisdn, destination);
}

void
Smsc::BeDue(uint64_t msisdn, Destination& destination)
{
    if (m_maxThroughput == 0)
    {
        Attempt(msisdn, destination);
        return;
    }
    if (std::get<1>(destination.place) == 0)
    {
        Enqueue(msisdn, destination);
        ArmQueue();
    }
}

void
Smsc::Enqueue(uint64_t msisdn, Destination& destination)
{
    destination.place = {-destination.messages.front().priority, ++m_lastTurn, msisdn};
    m_queue.insert(destination.place);
    m_queuePeak = std::max<uint64_t>(m_queuePeak, m_queue.size());
}

void
Smsc::LeaveQueue(Destination& destination)
{
    if (std::get<1>(destination.place) != 0)
    {
        m_queue.erase(destination.place);
        destination.place = {};
    }
}

void
Smsc::ArmQueue()
{
    if (!m_queue.empty() && !m_queueEvent.IsRunning())
    {
        m_queueEvent = Simulator::Schedule(std::max(m_nextSlot - Simulator::Now(), Time()),
                                           &Smsc::ServeQueue,
                                           this);
    }
}

void
Smsc::ServeQueue()
{
    while (!m_queue.empty())
    {
        const uint64_t msisdn = std::get<2>(*m_queue.begin());
        Destination& destination = m_destinations.find(msisdn)->second;
        LeaveQueue(destination);
        if (DropExpired(msisdn, destination))
        {
            m_nextSlot = Simulator::Now() + Seconds(1 / m_maxThroughput);
            Attempt(msisdn, destination);
            break;
        }
    }
    ArmQueue();
}

/// @return whether messages are left; else the destination is gone.
bool
Smsc::DropExpired(uint64_t msisdn, Destination& destination)
{
    Expiries& expiries = destination.expiries;
    while (!expiries.empty() && expiries.begin()->first.first <= Simulator::Now())
    {
        ++m_expired;
        End(msisdn, destination, expiries.begin()->second, SmsHop::EXPIRED, MapError::NONE);
    }
    return !DropIfEmpty(msisdn, destination);
}

/// Messages that were to be tried once are given up after a crash during that attempt.
/// @return whether nothing is left; then the destination is gone.
bool
Smsc::DropTried(uint64_t msisdn, Destination& destination)
{
    for (auto place = destination.messages.begin(); place != destination.messages.end();)
    {
        const auto one = place++;
        if (one->singleShot && one->attempts > 0)
        {
            ++m_expired;
            End(msisdn, destination, one, SmsHop::EXPIRED, one->lastError);
        }
    }
    return DropIfEmpty(msisdn, destination);
}

/// A message leaves the store.
void
Smsc::End(uint64_t msisdn,
          Destination& destination,
          Messages::iterator place,
          SmsHop hop,
          MapError error)
{
    Messages gone;
    gone.splice(gone.end(), destination.messages, place);
    Message& message = gone.front();
    destination.expiries.erase({message.expiry, message.number});
    m_stored.Add(Simulator::Now(), -1);
    ForgetAccepted(message.reference);
    Stamp(message, hop);
    if (message.statusReportRequest)
    {
        ReportEnd(msisdn, message, hop, error);
    }
    if (message.id != 0)
    {
        m_external.erase(message.id);
        if (m_outcome)
        {
            m_outcome(message.id, hop, error);
        }
    }
}

/// @return whether the destination had no message and is gone.
bool
Smsc::DropIfEmpty(uint64_t msisdn, Destination& destination)
{
    if (!destination.messages.empty())
    {
        return false;
    }
    LeaveQueue(destination);
    Simulator::Remove(destination.next);
    m_destinations.erase(msisdn);
    return true;
}

Ptr<Hlr>
Smsc::FindHlr(uint64_t msisdn) const
{
    const auto hlr = m_titles ? m_titles->Find(msisdn) : nullptr;
    return hlr ? hlr : m_hlr;
}

void
Smsc::Attempt(uint64_t msisdn, Destination& destination)
{
    Simulator::Remove(destination.next);
    destination.due = Time::Max();
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
    const auto hlr = FindHlr(msisdn);
    m_signalling->Send(m_point,
                       hlr->GetPoint(),
                       MAP_OCTETS,
                       Callback<void>([hlr,
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

SmsCodecError
Smsc::Encode(Message& message, bool more, std::vector<uint8_t>& tpdu) const
{
    if (message.report)
    {
        message.report->moreMessagesToSend = more;
        return EncodeStatusReport(*message.report, tpdu);
    }
    message.deliver.moreMessagesToSend = more;
    return EncodeDeliver(message.deliver, tpdu);
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
    if (Encode(message, operation->moreMessagesToSend, operation->tpdu) != SmsCodecError::NONE)
    {
        EndAttempt(dialogue.subscriber, *destination, MapError::FACILITY_NOT_SUPPORTED);
        return;
    }
    destination->phase = Phase::FORWARDING;
    Stamp(message, SmsHop::MT_FORWARDED);
    destination->operation = info.sgsn != nullptr ? operation : nullptr;
    destination->msc = info.msc;
    Forward(info.sgsn != nullptr ? info.sgsn : info.msc, operation);
}

void
Smsc::Forward(SmsServingNode* node, Ptr<MapMtForwardSm> operation)
{
    m_deliveryTimer.Start(operation->dialogue, m_forwardTimer);
    m_signalling->Send(m_point,
                       node->GetPoint(),
                       MAP_OCTETS + static_cast<uint32_t>(operation->tpdu.size()),
                       Callback<void>([node, self = Ptr<Smsc>(this), operation]() {
                           node->MtForwardSm(self, operation);
                       }));
}

void
Smsc::ReceiveDeliveryResult(MapDialogue dialogue, MapError error)
{
    if (Destination* destination = FindDialogue(dialogue, Phase::FORWARDING))
    {
        const auto operation = std::exchange(destination->operation, nullptr);
        const bool absent =
            error == MapError::ABSENT_SUBSCRIBER_SM || error == MapError::NO_PAGING_RESPONSE;
        if (operation && absent)
        {
            Forward(destination->msc, operation); // TS 23.040 3.2.8: by the other node
            return;
        }
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
    const auto place = destination.messages.begin();
    m_attemptTrace(place->reference, place->attempts, error);
    ++m_failures[static_cast<std::size_t>(error)];
    m_firstAttemptsFailed += error != MapError::NONE && place->attempts == 1 ? 1 : 0;
    switch (error)
    {
    case MapError::NONE:
        ++m_delivered;
        if (destination.flagged)
        {
            destination.flagged = false;
            Report(msisdn, destination, MapDeliveryOutcome::SUCCESSFUL_TRANSFER);
        }
        End(msisdn, destination, place, SmsHop::REPORTED, error);
        break;
    case MapError::UNKNOWN_SUBSCRIBER:
    case MapError::FACILITY_NOT_SUPPORTED:
        ++m_refused;
        End(msisdn, destination, place, SmsHop::REFUSED, error);
        break;
    default:
        Fail(msisdn, destination, error);
        return;
    }
    destination.failures = 0;
    if (!DropIfEmpty(msisdn, destination))
    {
        PlanAttempt(msisdn, destination, Simulator::Now());
    }
}

void
Smsc::Fail(uint64_t msisdn, Destination& destination, MapError error)
{
    ++m_failedAttempts;
    const auto place = destination.messages.begin();
    place->lastError = error;
    Stamp(*place, SmsHop::ATTEMPT_FAILED);
    const bool absent =
        error == MapError::ABSENT_SUBSCRIBER_SM || error == MapError::NO_PAGING_RESPONSE;
    if (absent || error == MapError::MEMORY_CAPACITY_EXCEEDED)
    {
        destination.flagged = true;
        Report(msisdn,
               destination,
               absent ? MapDeliveryOutcome::ABSENT_SUBSCRIBER
                      : MapDeliveryOutcome::MEMORY_CAPACITY_EXCEEDED);
    }
    const Time now = Simulator::Now();
    const auto wait = m_retrySchedule.GetWait(++destination.failures, absent);
    // without a wait, the next thing that happens is an alert or the end of the validity period
    Time due = wait ? now + *wait : Time::Max();
    if (destination.alerted)
    {
        destination.failures = 0;
        due = now;
    }
    GiveWay(destination);
    if (place->singleShot)
    {
        ++m_expired;
        End(msisdn, destination, place, SmsHop::EXPIRED, error);
        if (DropIfEmpty(msisdn, destination))
        {
            return;
        }
    }
    PlanAttempt(msisdn, destination, due);
}

/// The message that was on its way goes behind those of higher priority that came meanwhile.
void
Smsc::GiveWay(Destination& destination)
{
    Messages& messages = destination.messages;
    const auto place = std::find_if(std::next(messages.begin()),
                                    messages.end(),
                                    [first = messages.front().priority](const Message& other) {
                                        return other.priority <= first;
                                    });
    messages.splice(place, messages, messages.begin());
}

void
Smsc::Report(uint64_t msisdn, Destination& destination, MapDeliveryOutcome outcome)
{
    destination.outcome = outcome;
    destination.report = ++m_lastSerial;
    SendReport(msisdn, destination);
}

void
Smsc::SendReport(uint64_t msisdn, const Destination& destination)
{
    const MapDialogue dialogue{msisdn, destination.report};
    m_reportTimer.Start(dialogue, m_reportWait);
    const auto hlr = FindHlr(msisdn);
    m_signalling->Send(
        m_point,
        hlr->GetPoint(),
        MAP_OCTETS,
        Callback<void>([hlr, self = Ptr<Smsc>(this), dialogue, outcome = destination.outcome]() {
            hlr->ReportSmDeliveryStatus(self, dialogue, outcome);
        }));
}

void
Smsc::ReceiveReportResult(MapDialogue dialogue)
{
    if (Destination* destination = FindReport(dialogue))
    {
        destination->report = 0;
    }
}

Smsc::Destination*
Smsc::FindReport(const MapDialogue& dialogue)
{
    const auto found = m_destinations.find(dialogue.subscriber);
    const bool open = found != m_destinations.end() && found->second.report == dialogue.serial;
    return open ? &found->second : nullptr;
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
    Destination& destination = found->second;
    if (destination.phase != Phase::IDLE)
    {
        destination.alerted = true;
        return;
    }
    destination.failures = 0;
    PlanAttempt(msisdn, destination, Simulator::Now());
}

void
Smsc::InformServiceCentre(uint64_t msisdn, MapMwStatus /* status */)
{
    ++m_informs;
    const auto found = m_destinations.find(msisdn);
    if (found != m_destinations.end())
    {
        found->second.flagged = true; // a success has to be reported, to clear the flags
    }
}

} // namespace p2pim
} // namespace ns3
