// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_ACCESS_GRANT_CHANNEL_H
#define P2PIM_ACCESS_GRANT_CHANNEL_H

#include "ns3/callback.h"
#include "ns3/ccch-layout.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/rr-messages.h"

#include <cstdint>
#include <deque>

namespace ns3
{
namespace p2pim
{

class PagingChannel;

/// What has happened on an AGCH.
struct AgchCounters
{
    uint64_t blocks = 0;  ///< blocks sent
    uint64_t rejects = 0; ///< requests rejected, up to four in a block
    uint64_t dropped = 0; ///< messages that found the queue full
    int64_t waited = 0;   ///< frames that messages have waited beyond their processing time
};

/**
 * The AGCH of a cell: messages leave first in, first out, one a block, in the blocks that
 * BS_AG_BLKS_RES keeps for it and those of the PCH that carry no paging (TS 44.018 3.3.1.1.3.1).
 * When an IMMEDIATE ASSIGNMENT REJECT leaves it takes along up to three more that wait.
 */
class AccessGrantChannel
{
  public:
    /// Called at the end of the block that carries the message.
    using SentCallback = Callback<void>;
    /// Called at the end of a block with rejects: the block, the place in it, from 0.
    using RejectCallback = Callback<void, const L2Block&, std::size_t>;

    /**
     * @param layout where the blocks are.
     * @param paging says which of them page.
     * @param queueLimit most messages that wait. All must outlive the channel.
     */
    AccessGrantChannel(const CcchLayout& layout,
                       const PagingChannel& paging,
                       const uint32_t& queueLimit);
    ~AccessGrantChannel();
    AccessGrantChannel(const AccessGrantChannel&) = delete;
    AccessGrantChannel& operator=(const AccessGrantChannel&) = delete;

    /// Queues a message for whose loss nobody is prepared: it is never dropped.
    void Send(SentCallback sent, Time wait);
    /// Queues a message. @return false, and no call of @p sent will come, if the queue is full.
    bool Offer(SentCallback sent, Time wait);
    /// Queues a reject. @return false if the queue is full.
    bool OfferReject(const ImmediateAssignmentReject& reject, RejectCallback sent, Time wait);

    /// @param inService false drops what may be dropped, and holds the rest until it is true.
    void SetInService(bool inService);
    /// Drops all that waits, without callbacks.
    void Clear();
    /// @return what has happened.
    const AgchCounters& GetCounters() const;

  private:
    /// A message that waits, or the place of a reject in the order.
    struct Message
    {
        int64_t readyFrame;    ///< earliest first frame of its block
        SentCallback sent;     ///< null for a reject
        bool droppable;        ///< Offer() rather than Send()
        uint64_t rejectNumber; ///< of a reject
    };

    /// A reject that waits.
    struct Reject
    {
        int64_t readyFrame;
        ImmediateAssignmentReject reject;
        RejectCallback sent;
    };

    void Push(Message message);
    void Plan(int64_t earliestFrame);
    void EndBlock(int64_t frame);
    void SendRejects(int64_t frame);

    const CcchLayout& m_layout;
    const PagingChannel& m_paging;
    const uint32_t& m_queueLimit;
    std::deque<Message> m_queue;  ///< first in, first out
    std::deque<Reject> m_rejects; ///< first in, first out
    uint64_t m_rejectsQueued = 0;
    uint64_t m_rejectsSent = 0; ///< places in m_queue with a lower number are void
    uint32_t m_waiting = 0;     ///< messages not sent yet, rejects included
    bool m_inService = true;
    EventId m_event; ///< end of the head's block
    AgchCounters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_ACCESS_GRANT_CHANNEL_H
