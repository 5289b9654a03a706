// SPDX-License-Identifier: GPL-2.0-only
#include "nat-held-syns.h"

namespace ns3
{
namespace p2pim
{

NatHeldSyns::NatHeldSyns(std::size_t most, Time delay)
    : m_most(most),
      m_delay(delay)
{
}

void
NatHeldSyns::Add(const NatEndpoint& outside, const NatEndpoint& remote, const Octets& syn, Time now)
{
    const Key key(outside, remote);
    if (m_order.size() < m_most && m_held.emplace(key, Held{now + m_delay, syn}).second)
    {
        m_order.emplace_back(now + m_delay, key);
    }
}

void
NatHeldSyns::Remove(const NatEndpoint& outside, const NatEndpoint& remote)
{
    if (!m_held.empty())
    {
        m_held.erase({outside, remote});
    }
}

std::vector<Octets>
NatHeldSyns::TakeDue(Time now)
{
    std::vector<Octets> due;
    while (!m_order.empty() && m_order.front().first <= now)
    {
        const auto held = m_held.find(m_order.front().second);
        if (held != m_held.end() && held->second.due == m_order.front().first)
        {
            due.push_back(std::move(held->second.syn));
            m_held.erase(held);
        }
        m_order.pop_front();
    }
    return due;
}

Time
NatHeldSyns::GetNextDue() const
{
    return m_order.empty() ? Time::Max() : m_order.front().first;
}

void
NatHeldSyns::Clear()
{
    m_held.clear();
    m_order.clear();
}

std::size_t
NatHeldSyns::GetSize() const
{
    return m_held.size();
}

} // namespace p2pim
} // namespace ns3
