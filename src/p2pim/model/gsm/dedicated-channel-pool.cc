// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/dedicated-channel-pool.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

void
DedicatedChannelPool::Add(std::unique_ptr<Sdcch> channel)
{
    m_channels.push_back(std::move(channel));
    m_free.push_back(m_channels.back().get());
}

const std::vector<std::unique_ptr<Sdcch>>&
DedicatedChannelPool::GetChannels() const
{
    return m_channels;
}

bool
DedicatedChannelPool::IsUnused(const Assigned& assigned)
{
    const Sdcch& channel = *assigned.channel;
    return channel.GetSeizure() == assigned.seizure && channel.GetSubscriber() == 0 &&
           channel.IsOpen();
}

void
DedicatedChannelPool::Finish(const Sdcch& channel, Time end)
{
    --m_active;
    m_activationTimes -= channel.GetActivationTime();
    m_finishedTime += end - channel.GetActivationTime();
}

void
DedicatedChannelPool::Settle()
{
    const Time now = Simulator::Now();
    while (!m_resting.empty() && m_resting.front().since <= now)
    {
        m_free.push_back(m_resting.front().channel);
        m_resting.pop_front();
    }
    while (!m_assigned.empty() && m_assigned.front().t3101 <= now)
    {
        const Assigned assigned = m_assigned.front();
        m_assigned.pop_front();
        if (IsUnused(assigned))
        {
            ++m_unused;
            Finish(*assigned.channel, assigned.t3101);
            assigned.channel->CloseNetwork(now);
            m_free.push_front(assigned.channel);
        }
    }
}

Sdcch*
DedicatedChannelPool::Seize(DedicatedChannelUser* network, Time t3101)
{
    Settle();
    if (m_free.empty())
    {
        return nullptr;
    }
    Sdcch* channel = m_free.front();
    m_free.pop_front();
    channel->Activate(network);
    ++m_seizures;
    ++m_active;
    m_activationTimes += channel->GetActivationTime();
    m_peak = std::max(m_peak, m_channels.size() - m_free.size());
    if (t3101 != Time::Max())
    {
        m_assigned.push_back({channel, channel->GetSeizure(), Simulator::Now() + t3101});
    }
    return channel;
}

void
DedicatedChannelPool::Release(Sdcch& channel, Time end)
{
    Finish(channel, end);
    channel.CloseNetwork(end);
    if (end <= Simulator::Now())
    {
        m_free.push_back(&channel);
    }
    else
    {
        m_resting.push_back({&channel, end});
    }
}

Time
DedicatedChannelPool::GetNextFree() const
{
    const Time rested = m_resting.empty() ? Time::Max() : m_resting.front().since;
    return m_assigned.empty() ? rested : std::min(rested, m_assigned.front().t3101);
}

uint64_t
DedicatedChannelPool::GetSeizures() const
{
    return m_seizures;
}

uint64_t
DedicatedChannelPool::GetUnused() const
{
    return m_unused;
}

Time
DedicatedChannelPool::GetFinishedTime() const
{
    return m_finishedTime;
}

Time
DedicatedChannelPool::GetBusyTime() const
{
    const Time now = Simulator::Now();
    Time busy = m_finishedTime + now * m_active - m_activationTimes;
    for (const Resting& resting : m_resting)
    {
        busy -= Max(resting.since - now, Time());
    }
    for (const Assigned& assigned : m_assigned)
    {
        if (assigned.t3101 > now)
        {
            break;
        }
        busy -= IsUnused(assigned) ? now - assigned.t3101 : Time();
    }
    return busy;
}

std::size_t
DedicatedChannelPool::GetPeak() const
{
    return m_peak;
}

} // namespace p2pim
} // namespace ns3
