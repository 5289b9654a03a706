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

/// The bit that tells the references of external messages from those of phones' messages.
constexpr uint64_t EXTERNAL = uint64_t{1} << 63;

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
Smsc::GetExpiry(std::optional<Time> requested) const
{
    const Time byDefault = SmsRetrySchedule::ParseTime(m_defaultValidityText)
                               .value_or(m_retrySchedule.GetDefaultValidity());
    return Simulator::Now() + std::min(requested.value_or(byDefault), m_maxValidity);
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
    const MapError error = AcceptSubmit(*operation);
    m_submissionsRefused += error == MapError::NONE ? 0 : 1;
    m_signalling->Send(m_point,
                       operation->msc->GetPoint(),
                       MAP_OCTETS,
                       Callback<void>([operation, error]() {
                           operation->msc->ReceiveMoResult(operation->dialogue, error);
                       }));
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
    const bool repeated =
        IsRepetition(message.reference, GetFingerprint(*msisdn, submit.userData.octets));
    if (repeated && submit.rejectDuplicates)
    {
        ++m_duplicatesDropped;
        Stamp(message, SmsHop::DUPLICATE_DROPPED);
        return MapError::NONE;
    }
    std::optional<Time> validity;
    if (const auto seconds = submit.validityPeriod.GetSeconds(GetTimeOfDay()))
    {
        validity = Seconds(*seconds);
    }
    message.expiry = GetExpiry(validity);
    message.deliver.originator.digits = std::to_string(operation.originator);
    message.deliver.userData = std::move(submit.userData);
    const uint64_t reference = message.reference;
    const MapError error = Store(*msisdn, std::move(message));
    if (repeated && error == MapError::NONE)
    {
        ++m_duplicatesStored;
        m_hopTrace(reference, SmsHop::DUPLICATE_STORED, Simulator::Now());
    }
    return error;
}

bool
Smsc::IsRepetition(uint64_t reference, uint64_t fingerprint)
{
    const Time now = Simulator::Now();
    while (!m_acceptedOrder.empty() && m_acceptedOrder.front().first + m_duplicateWindow < now)
    {
        const auto old = m_accepted.find(m_acceptedOrder.front().second);
        if (old != m_accepted.end() && old->second.when == m_acceptedOrder.front().first)
        {
            m_accepted.erase(old);
        }
        m_acceptedOrder.pop_front();
    }
    Accepted& entry = m_accepted[reference];
    const bool repeated = entry.fingerprint == fingerprint;
    entry = {fingerprint, now};
    m_acceptedOrder.emplace_back(now, reference);
    return repeated;
}

MapError
Smsc::Store(uint64_t msisdn, Message message)
{
    if (m_maxMessages > 0 && m_stored >= m_maxMessages)
    {
        return MapError::SC_CONGESTION;
    }
    message.deliver.timeStamp = MakeSmsTimeStamp(GetTimeOfDay());
    Destination& destination = m_destinations[msisdn];
    // behind all that have the same priority or a higher one, and never before one on its way
    auto place = destination.messages.end();
    const auto first = destination.phase == Phase::IDLE ? destination.messages.begin()
                                                        : std::next(destination.messages.begin());
    while (place != first && std::prev(place)->priority < message.priority)
    {
        --place;
    }
    Message& stored = *destination.messages.insert(place, std::move(message));
    ++m_messagesAccepted;
    ++m_stored;
    m_storedPeak = std::max(m_storedPeak, m_stored);
    Stamp(stored, SmsHop::STORED);
    const bool only = destination.messages.size() == 1;
    if (only || (destination.phase == Phase::IDLE && destination.failures > 0))
    {
        // A new message restarts the schedule of those that wait.
        destination.failures = 0;
        PlanAttempt(msisdn, destination, Seconds(m_serviceTime->GetValue()));
    }
    return MapError::NONE;
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
    MapError error = MapError::UNKNOWN_SUBSCRIBER;
    uint64_t id = 0;
    if (msisdn)
    {
        Message message;
        message.id = ++m_lastId;
        message.reference = EXTERNAL | message.id;
        message.priority = submission.priority;
        message.expiry = GetExpiry(submission.validity);
        message.deliver.originator = submission.originator;
        message.deliver.userData = submission.userData;
        error = Store(*msisdn, std::move(message));
    }
    if (error == MapError::NONE)
    {
        id = m_lastId;
        m_externalDestinations[id] = *msisdn;
    }
    else
    {
        ++m_submissionsRefused;
    }
    stored(error, id);
}

void
Smsc::SetOutcomeFunction(OutcomeFunction outcome)
{
    m_outcome = std::move(outcome);
}

bool
Smsc::HasMessage(uint64_t id) const
{
    return m_externalDestinations.count(id) > 0;
}

bool
Smsc::CancelMessage(uint64_t id)
{
    const auto external = m_externalDestinations.find(id);
    if (external == m_externalDestinations.end())
    {
        return false;
    }
    const uint64_t msisdn = external->second;
    Destination& destination = m_destinations.find(msisdn)->second;
    const auto message = std::find_if(destination.messages.begin(),
                                      destination.messages.end(),
                                      [id](const Message& one) { return one.id == id; });
    if (destination.phase != Phase::IDLE && message == destination.messages.begin())
    {
        return false; // it is on its way
    }
    ++m_cancelled;
    --m_stored;
    m_externalDestinations.erase(external);
    destination.messages.erase(message);
    if (destination.messages.empty())
    {
        m_queue.erase(destination.place);
        destination.next.Cancel();
        m_destinations.erase(msisdn);
    }
    return true;
}

} // namespace p2pim
} // namespace ns3
