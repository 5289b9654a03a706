// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pin-endpoint.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return the cause of a failure that a status stands for; empty for OK.
const char*
GetCause(PinStatus status)
{
    switch (status)
    {
    case PinStatus::OK:
        return "";
    case PinStatus::UNKNOWN_PIN:
        return "pin unknown";
    case PinStatus::NOT_REGISTERED:
        return "pin not registered";
    case PinStatus::STORE_FULL:
        return "pin store full";
    case PinStatus::EXPIRED:
        return "pin message expired";
    }
    return "";
}

} // namespace

PinEndpoint::PinEndpoint(PinEndpointUser& user)
    : m_user(user)
{
}

void
PinEndpoint::SetUp(uint32_t pin, uint32_t firstId, const Settings& settings)
{
    m_pin = pin;
    m_nextId = firstId;
    m_settings = settings;
}

bool
PinEndpoint::IsRegistered() const
{
    return m_registered;
}

Ipv4Address
PinEndpoint::GetAddress() const
{
    return m_address;
}

// --- registration ---

void
PinEndpoint::Register(Ipv4Address address, Time now)
{
    const bool moved = address != m_address;
    m_address = address;
    if (moved || (!m_registered && !m_registration.isPending))
    {
        StartRegistration(now);
    }
}

void
PinEndpoint::StartRegistration(Time now)
{
    m_registration = Request();
    m_registration.message.type = PinMessageType::REGISTER;
    m_registration.message.id = m_nextId++;
    m_registration.message.pin = m_pin;
    m_registration.message.seconds = static_cast<uint32_t>(m_settings.lifetime.GetSeconds());
    Transmit(m_registration, now);
}

void
PinEndpoint::FinishRegistration(const PinMessage& answer, Time now)
{
    if (!m_registration.isPending || answer.id != m_registration.message.id)
    {
        return;
    }
    m_registration.isPending = false;
    if (answer.status != PinStatus::OK)
    {
        Fail(GetCause(answer.status));
        return;
    }
    ++m_registrations;
    if (!m_settings.keepAlive.IsZero())
    {
        m_keepAliveDue = now + m_settings.keepAlive;
    }
    if (!m_registered)
    {
        m_registered = true;
        m_user.HandleRegistered(true);
    }
    SubmitNext(now);
}

void
PinEndpoint::Fail(const char* cause)
{
    m_registration.isPending = false;
    m_submission.isPending = false;
    if (m_registered)
    {
        m_registered = false;
        m_user.HandleRegistered(false);
    }
    std::deque<PinMessage> failed;
    failed.swap(m_waiting);
    m_refused += failed.size();
    for (const auto& message : failed)
    {
        m_user.HandleSubmitted(message.id, cause);
    }
}

void
PinEndpoint::Leave()
{
    if (m_registered)
    {
        PinMessage leave;
        leave.type = PinMessageType::REGISTER;
        leave.id = m_nextId++;
        leave.pin = m_pin;
        m_user.SendToRelay(leave);
    }
    m_keepAliveDue = Time::Max();
    m_address = Ipv4Address::GetAny();
    Fail("switched off");
}

// --- submissions ---

uint32_t
PinEndpoint::Submit(PinMessage message, Time now)
{
    message.type = PinMessageType::SUBMIT;
    message.id = m_nextId++;
    message.pin = m_pin;
    message.seconds = static_cast<uint32_t>(m_settings.validity.GetSeconds());
    message.wantsReport = m_settings.wantsReports;
    ++m_submitted;
    m_waiting.push_back(message);
    if (m_registered)
    {
        SubmitNext(now);
    }
    return message.id;
}

void
PinEndpoint::SubmitNext(Time now)
{
    if (m_submission.isPending || m_waiting.empty())
    {
        return;
    }
    m_submission = Request();
    m_submission.message = m_waiting.front();
    Transmit(m_submission, now);
}

void
PinEndpoint::FinishSubmission(const PinMessage& answer, Time now)
{
    if (!m_submission.isPending || answer.id != m_submission.message.id)
    {
        return;
    }
    m_submission.isPending = false;
    if (answer.status == PinStatus::NOT_REGISTERED)
    {
        // the relay has lost the registration: the message waits for the next one
        if (!m_registration.isPending)
        {
            StartRegistration(now);
        }
        return;
    }
    m_waiting.pop_front();
    ++(answer.status == PinStatus::OK ? m_accepted : m_refused);
    m_user.HandleSubmitted(answer.id, GetCause(answer.status));
    SubmitNext(now);
}

// --- what comes from the relay ---

void
PinEndpoint::Receive(const PinMessage& message, Time now)
{
    if (message.pin != m_pin)
    {
        return; // for a phone that had this address before
    }
    switch (message.type)
    {
    case PinMessageType::REGISTER_ACK:
        FinishRegistration(message, now);
        break;
    case PinMessageType::SUBMIT_ACK:
        FinishSubmission(message, now);
        break;
    case PinMessageType::DELIVER:
    case PinMessageType::REPORT:
        Deliver(message);
        break;
    default:
        break; // what only a phone sends
    }
}

void
PinEndpoint::Deliver(const PinMessage& message)
{
    const bool isReport = message.type == PinMessageType::REPORT;
    PinMessage acknowledgement;
    acknowledgement.type = isReport ? PinMessageType::REPORT_ACK : PinMessageType::DELIVER_ACK;
    acknowledgement.id = message.id;
    acknowledgement.pin = m_pin;
    acknowledgement.peer = message.peer;
    m_user.SendToRelay(acknowledgement);
    if (isReport)
    {
        m_user.HandleReport(message);
        return;
    }
    constexpr std::size_t remembered = 32;
    const std::pair<uint32_t, uint32_t> name(message.peer, message.id);
    if (std::find(m_received.begin(), m_received.end(), name) != m_received.end())
    {
        ++m_duplicates;
        return;
    }
    m_received.push_back(name);
    if (m_received.size() > remembered)
    {
        m_received.pop_front();
    }
    ++m_deliveries;
    m_user.HandleMessage(message);
}

// --- times ---

void
PinEndpoint::Transmit(Request& request, Time now)
{
    m_retransmissions += request.transmissions > 0 ? 1 : 0;
    request.isPending = true;
    request.due = now + m_settings.retransmission * (int64_t{1} << request.transmissions);
    ++request.transmissions;
    m_user.SendToRelay(request.message);
}

Time
PinEndpoint::GetDeadline() const
{
    Time deadline = m_keepAliveDue;
    for (const auto* request : {&m_registration, &m_submission})
    {
        if (request->isPending)
        {
            deadline = std::min(deadline, request->due);
        }
    }
    return deadline;
}

bool
PinEndpoint::Repeat(Request& request, Time now)
{
    if (!request.isPending || now < request.due)
    {
        return false;
    }
    if (request.transmissions >= m_settings.maxTransmissions)
    {
        return true;
    }
    Transmit(request, now);
    return false;
}

void
PinEndpoint::Advance(Time now)
{
    if (Repeat(m_registration, now) || Repeat(m_submission, now))
    {
        Fail("pin relay timed out");
    }
    if (m_keepAliveDue <= now)
    {
        m_keepAliveDue = now + m_settings.keepAlive;
        if (!m_registration.isPending)
        {
            StartRegistration(now);
        }
    }
}

CounterList
PinEndpoint::GetCounters() const
{
    return {
        {"pin_registrations", static_cast<double>(m_registrations)},
        {"pin_submitted", static_cast<double>(m_submitted)},
        {"pin_accepted", static_cast<double>(m_accepted)},
        {"pin_refused", static_cast<double>(m_refused)},
        {"pin_retransmissions", static_cast<double>(m_retransmissions)},
        {"pin_received", static_cast<double>(m_deliveries)},
        {"pin_duplicates", static_cast<double>(m_duplicates)},
    };
}

} // namespace p2pim
} // namespace ns3
