// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/paging-channel.h"

#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

PagingChannel::PagingChannel(const CcchLayout& layout,
                             const uint32_t& queueLimit,
                             BlockTrace& trace)
    : m_layout(layout),
      m_queueLimit(queueLimit),
      m_trace(trace)
{
}

PagingChannel::~PagingChannel()
{
    Clear();
}

void
PagingChannel::Clear()
{
    for (auto& group : m_groups)
    {
        group.second.event.Cancel();
    }
    m_groups.clear();
}

const PchCounters&
PagingChannel::GetCounters() const
{
    return m_counters;
}

bool
PagingChannel::Page(uint64_t imsi,
                    const PagingIdentity& identity,
                    SentCallback sent,
                    Time wait,
                    bool droppable)
{
    const int64_t number = m_layout.GetPagingGroup(imsi);
    Group& group = m_groups[number];
    if (droppable && (group.queue.size() >= m_queueLimit || !m_inService))
    {
        ++m_counters.dropped;
        return false;
    }
    ++m_counters.requests;
    const int64_t block =
        m_layout.GetNextBlockOfGroup(number, TdmaFrameAtOrAfter(Simulator::Now() + wait));
    auto behind = group.queue.end();
    while (behind != group.queue.begin() && std::prev(behind)->firstBlock > block)
    {
        --behind;
    }
    group.queue.insert(behind, {identity, sent, block, droppable});
    Plan(number, group);
    return true;
}

void
PagingChannel::Plan(int64_t number, Group& group)
{
    if (group.queue.empty() || !m_inService)
    {
        return;
    }
    const int64_t block =
        std::max(group.queue.front().firstBlock,
                 m_layout.GetNextBlockOfGroup(number, std::max<int64_t>(group.last + 1, 0)));
    if (block == group.next)
    {
        return;
    }
    group.event.Cancel();
    group.next = block;
    group.event = Simulator::Schedule(TdmaFrameStart(block + TDMA_BLOCK_FRAMES) - Simulator::Now(),
                                      &PagingChannel::EndBlock,
                                      this,
                                      number);
}

void
PagingChannel::EndBlock(int64_t number)
{
    Group& group = m_groups.at(number);
    const int64_t block = group.next;
    group.last = block;
    std::vector<PagingIdentity> identities;
    for (const Request& request : group.queue)
    {
        if (request.firstBlock > block || identities.size() == MAX_PAGED)
        {
            break;
        }
        identities.push_back(request.identity);
    }
    identities.resize(CountPagedTogether(identities));
    std::vector<SentCallback> sent;
    for (std::size_t i = 0; i < identities.size(); ++i)
    {
        m_counters.waited += block - group.queue.front().firstBlock;
        sent.push_back(group.queue.front().sent);
        group.queue.pop_front();
    }
    ++m_counters.blocks;
    m_counters.sent += sent.size();
    Plan(number, group);
    if (!m_trace.IsEmpty())
    {
        m_trace(block, EncodePagingRequest(identities));
    }
    for (const SentCallback& each : sent)
    {
        each();
    }
}

bool
PagingChannel::UsesBlock(int64_t frame) const
{
    const auto group = m_groups.find(m_layout.GetGroupOfBlock(frame));
    return group != m_groups.end() &&
           (group->second.last == frame ||
            (group->second.next == frame && !group->second.queue.empty()));
}

void
PagingChannel::SetInService(bool inService)
{
    m_inService = inService;
    for (auto& entry : m_groups)
    {
        Group& group = entry.second;
        if (inService)
        {
            group.last = TdmaCurrentFrame(Simulator::Now());
            Plan(entry.first, group);
            continue;
        }
        group.event.Cancel();
        group.next = -1;
        std::deque<Request>& queue = group.queue;
        queue.erase(std::remove_if(queue.begin(),
                                   queue.end(),
                                   [](const Request& request) { return request.droppable; }),
                    queue.end());
    }
}

} // namespace p2pim
} // namespace ns3
