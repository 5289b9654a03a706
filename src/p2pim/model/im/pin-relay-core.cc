// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pin-relay-core.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

PinRelayCore::PinRelayCore(SendFunction send)
    : m_send(std::move(send))
{
}

void
PinRelayCore::SetSettings(const Settings& settings)
{
    m_settings = settings;
}

void
PinRelayCore::AddPin(uint32_t pin)
{
    m_phones[pin];
}

const PinRelayCore::Counters&
PinRelayCore::GetCounters() const
{
    return m_counters;
}

bool
PinRelayCore::IsRegistered(const Phone& phone, Time now)
{
    return phone.address && now < phone.expiry;
}

std::optional<InetSocketAddress>
PinRelayCore::GetAddress(uint32_t pin, Time now) const
{
    const auto found = m_phones.find(pin);
    return found != m_phones.end() && IsRegistered(found->second, now) ? found->second.address
                                                                       : std::nullopt;
}

void
PinRelayCore::Receive(const PinMessage& message, const InetSocketAddress& from, Time now)
{
    switch (message.type)
    {
    case PinMessageType::REGISTER:
        Register(message, from, now);
        break;
    case PinMessageType::SUBMIT:
        Submit(message, from, now);
        break;
    case PinMessageType::DELIVER_ACK:
    case PinMessageType::REPORT_ACK:
        Acknowledge(message, now);
        break;
    default:
        break; // what only a relay sends
    }
}

void
PinRelayCore::Register(const PinMessage& message, const InetSocketAddress& from, Time now)
{
    PinMessage answer;
    answer.type = PinMessageType::REGISTER_ACK;
    answer.id = message.id;
    answer.pin = message.pin;
    const auto found = m_phones.find(message.pin);
    if (found == m_phones.end())
    {
        ++m_counters.refused;
        answer.status = PinStatus::UNKNOWN_PIN;
        m_send(answer, from);
        return;
    }
    ++m_counters.registrations;
    Phone& phone = found->second;
    const Time lifetime = std::min(Seconds(message.seconds), m_settings.maxLifetime);
    answer.seconds = static_cast<uint32_t>(lifetime.GetSeconds());
    m_send(answer, from);
    const bool stood = IsRegistered(phone, now);
    const bool moved = !stood || *phone.address != from;
    m_counters.addressChanges += stood && moved ? 1 : 0;
    phone.address = from;
    phone.expiry = now + lifetime;
    if (moved)
    {
        phone.transmissions = 0;
        Serve(message.pin, phone, now);
    }
}

void
PinRelayCore::Submit(const PinMessage& message, const InetSocketAddress& from, Time now)
{
    PinMessage answer;
    answer.type = PinMessageType::SUBMIT_ACK;
    answer.id = message.id;
    answer.pin = message.pin;
    const auto sender = m_phones.find(message.pin);
    if (sender == m_phones.end() || !IsRegistered(sender->second, now) ||
        *sender->second.address != from)
    {
        ++m_counters.refused;
        answer.status = PinStatus::NOT_REGISTERED;
        m_send(answer, from);
        return;
    }
    auto& recent = sender->second.recent;
    const auto seen = std::find_if(recent.begin(), recent.end(), [&message](const auto& each) {
        return each.first == message.id;
    });
    if (seen != recent.end())
    {
        ++m_counters.repeated;
        answer.status = seen->second;
        m_send(answer, from);
        return;
    }
    constexpr std::size_t remembered = 32;
    answer.status = Accept(message, now);
    recent.emplace_back(message.id, answer.status);
    if (recent.size() > remembered)
    {
        recent.pop_front();
    }
    m_send(answer, from);
}

PinStatus
PinRelayCore::Accept(const PinMessage& message, Time now)
{
    const auto target = m_phones.find(message.peer);
    if (target == m_phones.end() || target->second.waiting.size() >= m_settings.maxStored)
    {
        ++m_counters.refused;
        return target == m_phones.end() ? PinStatus::UNKNOWN_PIN : PinStatus::STORE_FULL;
    }
    ++m_counters.accepted;
    ++m_counters.stored;
    const Time validity = message.seconds == 0
                              ? m_settings.defaultValidity
                              : std::min(Seconds(message.seconds), m_settings.defaultValidity);
    Stored stored;
    stored.message = message;
    stored.message.type = PinMessageType::DELIVER;
    std::swap(stored.message.pin, stored.message.peer);
    stored.expiry = now + validity;
    stored.wantsReport = message.wantsReport;
    Store(message.peer, std::move(stored), now);
    return PinStatus::OK;
}

void
PinRelayCore::Store(uint32_t pin, Stored stored, Time now)
{
    Phone& phone = m_phones.at(pin);
    phone.waiting.push_back(std::move(stored));
    if (phone.waiting.size() == 1)
    {
        phone.transmissions = 0;
        Serve(pin, phone, now);
    }
}

void
PinRelayCore::Serve(uint32_t pin, Phone& phone, Time now)
{
    DropExpired(phone, now);
    if (phone.waiting.empty())
    {
        SetDeadline(pin, phone, Time::Max());
        return;
    }
    const Stored& first = phone.waiting.front();
    if (phone.transmissions >= m_settings.maxTransmissions)
    {
        ++m_counters.lost;
        phone.address.reset();
        phone.transmissions = 0;
    }
    if (!IsRegistered(phone, now))
    {
        SetDeadline(pin, phone, first.expiry);
        return;
    }
    m_counters.retransmissions += phone.transmissions > 0 ? 1 : 0;
    const Time wait = m_settings.retransmission * (int64_t{1} << phone.transmissions);
    ++phone.transmissions;
    SetDeadline(pin, phone, std::min(now + wait, first.expiry));
    m_send(first.message, *phone.address);
}

void
PinRelayCore::DropExpired(Phone& phone, Time now)
{
    while (!phone.waiting.empty() && phone.waiting.front().expiry <= now)
    {
        const Stored over = std::move(phone.waiting.front());
        phone.waiting.pop_front();
        phone.transmissions = 0;
        if (over.message.type == PinMessageType::DELIVER)
        {
            ++m_counters.expired;
            --m_counters.stored;
            Report(over, PinStatus::EXPIRED, now);
        }
    }
}

void
PinRelayCore::Report(const Stored& over, PinStatus status, Time now)
{
    if (!over.wantsReport || over.message.pin == over.message.peer)
    {
        return; // who writes to itself sees what comes of it
    }
    Stored report;
    report.message.type = PinMessageType::REPORT;
    report.message.status = status;
    report.message.id = over.message.id;
    report.message.pin = over.message.peer;
    report.message.peer = over.message.pin;
    report.expiry = now + m_settings.defaultValidity;
    Store(over.message.peer, std::move(report), now);
}

void
PinRelayCore::Acknowledge(const PinMessage& message, Time now)
{
    const auto found = m_phones.find(message.pin);
    if (found == m_phones.end() || found->second.waiting.empty())
    {
        return;
    }
    Phone& phone = found->second;
    const bool isReport = message.type == PinMessageType::REPORT_ACK;
    const auto expected = isReport ? PinMessageType::REPORT : PinMessageType::DELIVER;
    const Stored& first = phone.waiting.front();
    if (first.message.type != expected || first.message.id != message.id ||
        first.message.peer != message.peer)
    {
        return; // the acknowledgement of a repetition
    }
    const Stored over = std::move(phone.waiting.front());
    phone.waiting.pop_front();
    phone.transmissions = 0;
    Serve(message.pin, phone, now);
    if (isReport)
    {
        ++m_counters.reports;
        return;
    }
    ++m_counters.delivered;
    --m_counters.stored;
    Report(over, PinStatus::OK, now);
}

void
PinRelayCore::SetDeadline(uint32_t pin, Phone& phone, Time due)
{
    m_deadlines.erase({phone.due, pin});
    phone.due = due;
    if (due != Time::Max())
    {
        m_deadlines.emplace(due, pin);
    }
}

Time
PinRelayCore::GetDeadline() const
{
    return m_deadlines.empty() ? Time::Max() : m_deadlines.begin()->first;
}

void
PinRelayCore::Advance(Time now)
{
    while (GetDeadline() <= now)
    {
        const auto pin = m_deadlines.begin()->second;
        Serve(pin, m_phones.at(pin), now);
    }
}

} // namespace p2pim
} // namespace ns3
