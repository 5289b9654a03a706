// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_COMMON_CONTROL_CHANNEL_H
#define P2PIM_COMMON_CONTROL_CHANNEL_H

#include "ns3/callback.h"
#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/rr-messages.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The CCCH of one cell on time slot 0 of its BCCH carrier (TS 45.002 6.4.1, 7): RACH, AGCH and PCH,
 * for circuit and packet access alike. Opportunities are computed from the frame number; a channel
 * on which nothing is queued has no event.
 */
class CommonControlChannel : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    CommonControlChannel();
    ~CommonControlChannel() override;

    /// Called once with the outcome of a random access.
    using AccessCallback = Callback<void, bool /* decoded by the BTS */>;
    /// Called once, at the end of the block that carries the message.
    using ReceivedCallback = Callback<void>;
    /// TracedCallback signature of the trace source PagingBlock.
    typedef void (*BlockTracedCallback)(int64_t frame, const L2Block& block);

    /**
     * Starts a random access (TS 44.018 3.3.1.1.2): CHANNEL REQUEST in a random RACH slot, repeated
     * after S to S + T - 1 slots up to MaxRetrans times. Requests in the same slot are all lost.
     *
     * @param done called with true at the end of the slot in which the BTS decodes the request, or
     * with false T3126 after the last request.
     */
    void RequestAccess(AccessCallback done);

    /**
     * Queues one message on the AGCH. Blocks are used in the order of the calls: those reserved by
     * BS_AG_BLKS_RES, and those of the PCH that carry no paging (TS 44.018 3.3.1.1.3.1).
     *
     * @param received called at the end of its block.
     * @param wait for how long it may not be sent yet: the processing time of the network.
     */
    void SendOnAgch(ReceivedCallback received, Time wait = Time());

    /**
     * Queues a paging request in the paging group of a phone (TS 45.002 6.5.2). A block carries one
     * PAGING REQUEST TYPE 1 with at most two IMSIs (TS 44.018 9.1.22); when it is full the request
     * waits for the group's next block.
     *
     * @param imsi the phone.
     * @param received called at the end of its block.
     * @param wait for how long it may not be sent yet: the processing time of the network.
     */
    void Page(uint64_t imsi, ReceivedCallback received, Time wait = Time());

    /// @return the time between two blocks of one paging group.
    Time GetPagingCycle() const;

    /**
     * @param imsi a phone.
     * @param frame the earliest frame that may be used.
     * @return the first frame of the next block of the phone's paging group.
     */
    int64_t GetNextPagingBlock(uint64_t imsi, int64_t frame) const;

    /// @return counters: RACH requests, collisions and failures, AGCH and paging blocks.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @return the number of streams used.
     */
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    /// A phone in random access.
    struct Access
    {
        AccessCallback done; ///< outcome
        uint32_t sent = 0;   ///< CHANNEL REQUESTs sent, the one under way included
    };

    /// A message that waits for the AGCH.
    struct Grant
    {
        int64_t readyFrame;        ///< earliest first frame of its block
        ReceivedCallback received; ///< end of its block
    };

    /// The paging requests of one block.
    struct PagingBlock
    {
        uint32_t count = 0;                       ///< identities, 1 or 2
        std::array<uint64_t, 2> imsi{};           ///< who is paged
        std::array<ReceivedCallback, 2> received; ///< end of the block
    };

    uint32_t GetBlocksPerMultiframe() const;
    uint32_t GetPagingBlocksPerMultiframe() const;
    int64_t GetNextBlock(int64_t frame) const;
    int64_t GetRachFrame(int64_t rachSlot) const;
    int64_t GetRachSlot(int64_t frame) const;
    void SendChannelRequest(Access access, int64_t firstSlot, uint32_t spread);
    void EndRachSlot(int64_t rachSlot);
    void RepeatAccess(Access access, int64_t rachSlot);
    void FailAccess(AccessCallback done);
    void PlanAgch(int64_t earliestFrame);
    void EndAgchBlock(int64_t frame);
    void EndPagingBlock(int64_t frame);

    uint32_t m_txInteger;   ///< T (TS 44.018 table 3.1.1.2.1)
    uint32_t m_maxRetrans;  ///< M
    uint32_t m_bsPaMfrms;   ///< 51-multiframes of a paging cycle
    uint32_t m_bsAgBlksRes; ///< blocks reserved for the AGCH
    bool m_combined;        ///< BCCH+CCCH+SDCCH/4 on the time slot
    Time m_t3126;           ///< wait after the last CHANNEL REQUEST

    Ptr<UniformRandomVariable> m_rachSpread;       ///< slots to wait
    std::map<int64_t, std::vector<Access>> m_rach; ///< requests by RACH slot
    std::deque<Grant> m_agch;                      ///< first in, first out
    EventId m_agchEvent;                           ///< end of the head's block
    std::map<int64_t, PagingBlock> m_paging;       ///< by the block's first frame
    int64_t m_lastPagedFrame = -1;                 ///< first frame of the last block that paged

    uint64_t m_requests = 0;
    uint64_t m_collisions = 0;
    uint64_t m_accessFailures = 0;
    uint64_t m_agchBlocks = 0;
    uint64_t m_pagingBlocks = 0;
    uint64_t m_pagings = 0;

    TracedCallback<int64_t, const L2Block&> m_blockTrace; ///< PCH blocks as sent
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_COMMON_CONTROL_CHANNEL_H
