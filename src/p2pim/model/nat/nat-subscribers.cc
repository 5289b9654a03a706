// SPDX-License-Identifier: GPL-2.0-only
#include "nat-subscribers.h"

#include "nat-table.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

uint32_t
GetHash(uint32_t address)
{
    return GetNatHash(NatProtocol::ICMP, {address, 0}, {});
}

} // namespace

NatSubscribers::NatSubscribers(const NatLimits& limits)
    : m_limits(limits)
{
}

uint32_t
NatSubscribers::Find(uint32_t address) const
{
    return m_index.Find(GetHash(address),
                        [&](uint32_t number) { return m_subscribers[number].address == address; });
}

float
NatSubscribers::GetTokens(const Subscriber& subscriber, Time now) const
{
    const double earned = m_limits.subscriberRate * (now - subscriber.filled).GetSeconds();
    return static_cast<float>(
        std::min<double>(subscriber.tokens + earned, m_limits.subscriberBurst));
}

NatCause
NatSubscribers::CheckSession(uint32_t address) const
{
    const uint32_t number = Find(address);
    const bool isFull =
        number != NAT_NONE && m_subscribers[number].sessions >= m_limits.subscriberSessions;
    return isFull ? NatCause::LIMIT : NatCause::NONE;
}

NatCause
NatSubscribers::CheckMapping(uint32_t address, Time now)
{
    const uint32_t number = Find(address);
    if (number == NAT_NONE)
    {
        return NatCause::NONE;
    }
    if (m_subscribers[number].mappings >= m_limits.subscriberMappings)
    {
        return NatCause::LIMIT;
    }
    const bool isTooFast = m_limits.subscriberRate > 0 && GetTokens(m_subscribers[number], now) < 1;
    return isTooFast ? NatCause::RATE : NatCause::NONE;
}

void
NatSubscribers::AddMapping(uint32_t address, Time now)
{
    uint32_t number = Find(address);
    if (number == NAT_NONE)
    {
        number = m_subscribers.Take();
        m_subscribers[number].address = address;
        m_subscribers[number].tokens = static_cast<float>(m_limits.subscriberBurst);
        m_subscribers[number].filled = now;
        m_index.Insert(GetHash(address), number);
    }
    Subscriber& subscriber = m_subscribers[number];
    ++subscriber.mappings;
    subscriber.tokens = GetTokens(subscriber, now) - 1;
    subscriber.filled = now;
}

void
NatSubscribers::RemoveMapping(uint32_t address)
{
    const uint32_t number = Find(address);
    if (--m_subscribers[number].mappings == 0)
    {
        m_index.Erase(GetHash(address), number);
        m_subscribers.Give(number);
    }
}

void
NatSubscribers::CountSession(uint32_t address, int change)
{
    m_subscribers[Find(address)].sessions += static_cast<uint32_t>(change);
}

uint32_t
NatSubscribers::GetSize() const
{
    return m_subscribers.GetSize();
}

std::size_t
NatSubscribers::GetMemory() const
{
    return m_subscribers.GetMemory() + m_index.GetMemory();
}

uint64_t
NatSubscribers::GetSteps() const
{
    return m_index.GetSteps();
}

} // namespace p2pim
} // namespace ns3
