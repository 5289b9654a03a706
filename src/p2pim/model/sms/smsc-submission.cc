// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * How the SMSC takes messages in: from phones, and from external senders.
 */
#include "ns3/msc-vlr.h"
#include "ns3/simulator.h"
#include "ns3/smsc.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return a number that tells one message of a sender from another (FNV-1a).
uint64_t
GetFingerprint(uint64_t destination, const std::vector<uint8_t>& userData)
{
    constexpr uint64_t prime = 0x100000001B3;
    uint64_t hash = 0xCBF29CE484222325 ^ destination;
    for (const uint8_t octet : userData)
    {
        hash = (hash ^ octet) * prime;
    }
    return hash;
}

} // namespace

Time
Smsc::GetExpiry(const std::optional<Time>& requested) const
{
    const Time asked =
        requested.value_or(m_defaultValidity.value_or(m_retrySchedule.GetDefaultValidity()));
    return Simulator::Now() + std::min(std::max(asked, m_minValidity), m_maxValidity);
}

int64_t
Smsc::GetTimeOfDay() const
{
    return m_epoch + Simulator::Now().GetNanoSeconds() / 1000000000;
}

void
Smsc::MoForwardSm(Ptr<MapMoForwardSm> operation)
{
    Simulator::Schedule(m_storageTime, &Smsc::Write, this, m_restarts, operation);
}

void
Smsc::Write(uint32_t restarts, Ptr<MapMoForwardSm> operation)
{
    if (restarts != m_restarts)
    {
        return; // the SMSC has crashed before the message was on the disk
    }
    const MapError error = AcceptTpdu(*operation);
    m_submissionsRefused += error == MapError::NONE ? 0 : 1;
    m_signalling->Send(m_point,
                       operation->node->GetPoint(),
                       MAP_OCTETS,
                       Callback<void>([operation, error]() {
                           operation->node->ReceiveMoResult(operation->dialogue, error);
                       }));
}

MapError
Smsc::AcceptTpdu(const MapMoForwardSm& operation)
{
    const uint8_t first = operation.tpdu.empty() ? 0xFF : operation.tpdu.front();
    return GetSmsTpduType(first, false) == SmsTpduType::COMMAND ? AcceptCommand(operation)
                                                                : AcceptSubmit(operation);
}

MapError
Smsc::AcceptSubmit(const MapMoForwardSm& operation)
{
    SmsSubmit submit;
    if (DecodeSubmit(operation.tpdu.data(), operation.tpdu.size(), submit) != SmsCodecError::NONE)
    {
        return MapError::FACILITY_NOT_SUPPORTED;
    }
    const auto msisdn = ParseDigits(submit.destination.digits);
    if (!msisdn)
    {
        return MapError::UNKNOWN_SUBSCRIBER;
    }
    Message message;
    message.reference = MakeSmsReference(operation.originator, submit.messageReference);
    const uint64_t fingerprint = GetFingerprint(*msisdn, submit.userData.octets);
    const bool repeated = IsRepetition(message.reference, fingerprint);
    if (repeated && submit.rejectDuplicates)
    {
        ++m_duplicatesDropped;
        Stamp(message, SmsHop::DUPLICATE_DROPPED);
        return MapError::NONE;
    }
    if (IsFull())
    {
        return MapError::SC_CONGESTION;
    }
    std::optional<Time> validity;
    if (const auto seconds = submit.validityPeriod.GetSeconds(GetTimeOfDay()))
    {
        validity = Seconds(*seconds);
    }
    message.expiry = GetExpiry(validity);
    message.singleShot = submit.validityPeriod.singleShot;
    message.statusReportRequest = submit.statusReportRequest;
    message.recipientType = submit.destination.type;
    message.deliver.originator.digits = std::to_string(operation.originator);
    message.deliver.replyPath = submit.replyPath;
    message.deliver.statusReportIndication = submit.statusReportRequest;
    message.deliver.userData = std::move(submit.userData);
    Remember(message.reference, fingerprint);
    ++m_messagesAccepted;
    const auto stored = Store(*msisdn, std::move(message));
    if (repeated)
    {
        ++m_duplicatesStored;
        Stamp(*stored, SmsHop::DUPLICATE_STORED);
    }
    return MapError::NONE;
}

bool
Smsc::IsFull() const
{
    return m_maxMessages > 0 && m_stored.GetValue() >= m_maxMessages;
}

bool
Smsc::IsRepetition(uint64_t reference, uint64_t fingerprint)
{
    const Time start = Simulator::Now() - m_duplicateWindow;
    while (!m_acceptedOrder.empty() && m_acceptedOrder.front().first < start)
    {
        const auto old = m_accepted.find(m_acceptedOrder.front().second);
        if (old != m_accepted.end() && old->second.when < start && old->second.stored == 0)
        {
            m_accepted.erase(old);
        }
        m_acceptedOrder.pop_front();
    }
    const auto found = m_accepted.find(reference);
    return found != m_accepted.end() && found->second.fingerprint == fingerprint;
}

/// A message is accepted, of which repetitions are to be known.
void
Smsc::Remember(uint64_t reference, uint64_t fingerprint)
{
    Accepted& entry = m_accepted[reference];
    entry.fingerprint = fingerprint;
    entry.when = Simulator::Now();
    ++entry.stored;
    m_acceptedOrder.emplace_back(entry.when, reference);
}

/// A message has left the store: repetitions are known for the rest of the window.
void
Smsc::ForgetAccepted(uint64_t reference)
{
    const auto found = m_accepted.find(reference);
    if (found != m_accepted.end() && --found->second.stored == 0 &&
        found->second.when < Simulator::Now() - m_duplicateWindow)
    {
        m_accepted.erase(found);
    }
}

Smsc::Messages::iterator
Smsc::Store(uint64_t msisdn, Message message)
{
    message.number = ++m_lastNumber;
    message.deliver.timeStamp = MakeSmsTimeStamp(GetTimeOfDay());
    Destination& destination = m_destinations[msisdn];
    const bool idle = destination.phase == Phase::IDLE;
    // behind all that have the same priority or a higher one, and never before one on its way
    auto place = destination.messages.end();
    const auto first =
        idle ? destination.messages.begin() : std::next(destination.messages.begin());
    while (place != first && std::prev(place)->priority < message.priority)
    {
        --place;
    }
    const auto stored = destination.messages.insert(place, std::move(message));
    destination.expiries[{stored->expiry, stored->number}] = stored;
    m_stored.Add(Simulator::Now(), 1);
    Stamp(*stored, SmsHop::STORED);
    const bool queued = std::get<1>(destination.place) != 0;
    if (idle && !queued && (destination.messages.size() == 1 || destination.failures > 0))
    {
        PlanAttempt(msisdn,
                    destination,
                    Simulator::Now() + m_firstDueDelay + Seconds(m_serviceTime->GetValue()));
    }
    else if (queued && -stored->priority < std::get<0>(destination.place))
    {
        LeaveQueue(destination);
        Enqueue(msisdn, destination);
    }
    else if (idle && !queued && destination.expiries.begin()->second == stored)
    {
        Arm(msisdn, destination);
    }
    destination.failures = 0; // a new message restarts the schedule of those that wait
    return stored;
}

void
Smsc::SubmitExternal(SmscSubmission submission, StoredFunction stored)
{
    if (!m_signalling->IsInService(m_point))
    {
        return;
    }
    Simulator::Schedule(m_storageTime,
                        &Smsc::WriteExternal,
                        this,
                        m_restarts,
                        std::move(submission),
                        std::move(stored));
}

void
Smsc::WriteExternal(uint32_t restarts,
                    const SmscSubmission& submission,
                    const StoredFunction& stored)
{
    if (restarts != m_restarts)
    {
        return;
    }
    const auto msisdn = ParseDigits(submission.destination.digits);
    if (!msisdn || IsFull())
    {
        ++m_submissionsRefused;
        stored(msisdn ? MapError::SC_CONGESTION : MapError::UNKNOWN_SUBSCRIBER, 0);
        return;
    }
    Message message;
    const uint64_t id = ++m_lastId;
    message.id = id;
    message.reference = EXTERNAL | id;
    message.priority = submission.priority;
    message.expiry = GetExpiry(submission.validity);
    message.deliver.originator = submission.originator;
    message.deliver.userData = submission.userData;
    ++m_messagesAccepted;
    m_external[id] = {*msisdn, Store(*msisdn, std::move(message))};
    stored(MapError::NONE, id);
}

void
Smsc::SetOutcomeFunction(OutcomeFunction outcome)
{
    m_outcome = std::move(outcome);
}

bool
Smsc::HasMessage(uint64_t id) const
{
    return m_external.count(id) > 0;
}

bool
Smsc::CancelMessage(uint64_t id)
{
    const auto external = m_external.find(id);
    if (external == m_external.end())
    {
        return false;
    }
    const ExternalPlace found = external->second;
    Destination& destination = m_destinations.find(found.msisdn)->second;
    if (destination.phase != Phase::IDLE && found.message == destination.messages.begin())
    {
        return false; // it is on its way
    }
    Withdraw(found.msisdn, destination, found.message);
    return true;
}

} // namespace p2pim
} // namespace ns3
