// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PAGING_CHANNEL_H
#define P2PIM_PAGING_CHANNEL_H

#include "ns3/callback.h"
#include "ns3/ccch-layout.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/rr-messages.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <deque>
#include <map>

namespace ns3
{
namespace p2pim
{

/// What has happened on a PCH.
struct PchCounters
{
    uint64_t blocks = 0;   ///< blocks that paged
    uint64_t requests = 0; ///< phones paged or queued to be
    uint64_t dropped = 0;  ///< requests that found their group's queue full
    uint64_t sent = 0;     ///< phones paged
    int64_t waited = 0;    ///< frames from when a request might be sent to its block
};

/**
 * The PCH of a cell: a queue for each paging group (TS 45.002 6.5.2), whose block comes once in
 * BS_PA_MFRMS multiframes. A block names two phones by IMSI or TMSI, three of which two by TMSI, or
 * four by TMSI: PAGING REQUEST TYPE 1, 2 or 3. A group that waits has one event.
 */
class PagingChannel
{
  public:
    /// Called at the end of the block that names the phone.
    using SentCallback = Callback<void>;
    /// Each block at its end: its first frame and its octets.
    using BlockTrace = TracedCallback<int64_t, const L2Block&>;

    /**
     * @param layout where the blocks are.
     * @param queueLimit most requests that wait in a group.
     * @param trace fired at each block. All must outlive the channel.
     */
    PagingChannel(const CcchLayout& layout, const uint32_t& queueLimit, BlockTrace& trace);
    ~PagingChannel();
    PagingChannel(const PagingChannel&) = delete;
    PagingChannel& operator=(const PagingChannel&) = delete;

    /**
     * Queues a paging request.
     *
     * @param imsi the phone, for its group.
     * @param identity by what it is paged.
     * @param sent called at the end of its block.
     * @param wait for how long it may not be sent yet.
     * @param droppable whether the caller is prepared for its loss.
     * @return false, and no call of @p sent will come, if the queue is full.
     */
    bool Page(uint64_t imsi,
              const PagingIdentity& identity,
              SentCallback sent,
              Time wait,
              bool droppable);

    /// @return whether the block at @p frame pages, so that it is not free for the AGCH.
    bool UsesBlock(int64_t frame) const;
    /// @param inService false drops what may be dropped, and holds the rest until it is true.
    void SetInService(bool inService);
    /// Drops all that waits, without callbacks.
    void Clear();
    /// @return what has happened.
    const PchCounters& GetCounters() const;

  private:
    /// A phone that is to be paged.
    struct Request
    {
        PagingIdentity identity; ///< by what
        SentCallback sent;       ///< end of the block
        int64_t firstBlock;      ///< earliest block of its group
        bool droppable;          ///< its loss is provided for
    };

    /// The requests of one paging group.
    struct Group
    {
        std::deque<Request> queue; ///< by earliest block
        int64_t next = -1;         ///< block that is planned
        int64_t last = -1;         ///< last block that paged
        EventId event;             ///< end of the planned block
    };

    void Plan(int64_t number, Group& group);
    void EndBlock(int64_t number);

    const CcchLayout& m_layout;
    const uint32_t& m_queueLimit;
    BlockTrace& m_trace;
    bool m_inService = true;
    std::map<int64_t, Group> m_groups; ///< by number
    PchCounters m_counters;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PAGING_CHANNEL_H
