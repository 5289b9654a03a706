// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/map-timer.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

MapTimer::MapTimer(IsOpenFunction isOpen, ExpiryFunction expired)
    : m_isOpen(std::move(isOpen)),
      m_expired(std::move(expired))
{
}

void
MapTimer::DropAnswered()
{
    while (!m_entries.empty() && !m_isOpen(m_entries.front().dialogue))
    {
        m_entries.pop_front();
    }
}

void
MapTimer::Start(const MapDialogue& dialogue, Time wait)
{
    DropAnswered();
    m_entries.push_back({Simulator::Now() + wait, dialogue});
    m_timer.Arm(m_entries.front().deadline, &MapTimer::Expire, this);
}

void
MapTimer::Cancel()
{
    m_entries.clear();
    m_timer.Cancel();
}

void
MapTimer::Expire()
{
    m_timer.Expired();
    for (DropAnswered(); !m_entries.empty() && m_entries.front().deadline <= Simulator::Now();
         DropAnswered())
    {
        const MapDialogue dialogue = m_entries.front().dialogue;
        m_entries.pop_front();
        m_expired(dialogue);
    }
    if (!m_entries.empty())
    {
        m_timer.Arm(m_entries.front().deadline, &MapTimer::Expire, this);
    }
}

} // namespace p2pim
} // namespace ns3
