// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/access-grant-channel.h"

#include "ns3/ns3-compatibility.h"
#include "ns3/paging-channel.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

AccessGrantChannel::AccessGrantChannel(const CcchLayout& layout,
                                       const PagingChannel& paging,
                                       const uint32_t& queueLimit)
    : m_layout(layout),
      m_paging(paging),
      m_queueLimit(queueLimit)
{
}

AccessGrantChannel::~AccessGrantChannel()
{
    Clear();
}

void
AccessGrantChannel::Clear()
{
    m_event.Cancel();
    m_queue.clear();
    m_rejects.clear();
    m_rejectsSent = m_rejectsQueued;
    m_waiting = 0;
}

const AgchCounters&
AccessGrantChannel::GetCounters() const
{
    return m_counters;
}

void
AccessGrantChannel::Send(SentCallback sent, Time wait)
{
    Push({TdmaFrameAtOrAfter(Simulator::Now() + wait), sent, false, 0});
}

bool
AccessGrantChannel::Offer(SentCallback sent, Time wait)
{
    if (m_waiting >= m_queueLimit || !m_inService)
    {
        ++m_counters.dropped;
        return false;
    }
    Push({TdmaFrameAtOrAfter(Simulator::Now() + wait), sent, true, 0});
    return true;
}

bool
AccessGrantChannel::OfferReject(const ImmediateAssignmentReject& reject,
                                RejectCallback sent,
                                Time wait)
{
    if (m_waiting >= m_queueLimit || !m_inService)
    {
        ++m_counters.dropped;
        return false;
    }
    const int64_t ready = TdmaFrameAtOrAfter(Simulator::Now() + wait);
    m_rejects.push_back({ready, reject, sent});
    Push({ready, SentCallback(), true, m_rejectsQueued++});
    return true;
}

void
AccessGrantChannel::Push(Message message)
{
    ++m_waiting;
    m_queue.push_back(std::move(message));
    if (!IsPending(m_event))
    {
        Plan(0);
    }
}

void
AccessGrantChannel::Plan(int64_t earliestFrame)
{
    while (!m_queue.empty() && m_queue.front().sent.IsNull() &&
           m_queue.front().rejectNumber < m_rejectsSent)
    {
        m_queue.pop_front();
    }
    if (m_queue.empty() || !m_inService)
    {
        return;
    }
    const int64_t frame =
        m_layout.GetNextBlock(std::max(earliestFrame, m_queue.front().readyFrame));
    m_event = Simulator::Schedule(TdmaFrameStart(frame + TDMA_BLOCK_FRAMES) - Simulator::Now(),
                                  &AccessGrantChannel::EndBlock,
                                  this,
                                  frame);
}

void
AccessGrantChannel::EndBlock(int64_t frame)
{
    const int64_t next = frame + TDMA_BLOCK_FRAMES;
    if (m_paging.UsesBlock(frame))
    {
        Plan(next);
        return;
    }
    const Message message = std::move(m_queue.front());
    m_queue.pop_front();
    ++m_counters.blocks;
    if (message.sent.IsNull())
    {
        SendRejects(frame);
        return;
    }
    --m_waiting;
    m_counters.waited += frame - message.readyFrame;
    Plan(next);
    message.sent();
}

void
AccessGrantChannel::SendRejects(int64_t frame)
{
    RejectList list;
    std::vector<RejectCallback> sent;
    while (!m_rejects.empty() && sent.size() < list.size() && m_rejects.front().readyFrame <= frame)
    {
        m_counters.waited += frame - m_rejects.front().readyFrame;
        list[sent.size()] = m_rejects.front().reject;
        sent.push_back(m_rejects.front().sent);
        m_rejects.pop_front();
        ++m_rejectsSent;
        ++m_counters.rejects;
        --m_waiting;
    }
    Plan(frame + TDMA_BLOCK_FRAMES);
    const L2Block block = EncodeImmediateAssignmentReject(list, sent.size());
    for (std::size_t place = 0; place < sent.size(); ++place)
    {
        sent[place](block, place);
    }
}

void
AccessGrantChannel::SetInService(bool inService)
{
    m_inService = inService;
    if (inService)
    {
        Plan(TdmaFrameAtOrAfter(Simulator::Now()));
        return;
    }
    m_event.Cancel();
    m_queue.erase(std::remove_if(m_queue.begin(),
                                 m_queue.end(),
                                 [](const Message& message) { return message.droppable; }),
                  m_queue.end());
    m_rejects.clear();
    m_rejectsSent = m_rejectsQueued;
    m_waiting = static_cast<uint32_t>(m_queue.size());
}

} // namespace p2pim
} // namespace ns3
