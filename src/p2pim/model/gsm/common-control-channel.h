// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_COMMON_CONTROL_CHANNEL_H
#define P2PIM_COMMON_CONTROL_CHANNEL_H

#include "ns3/access-grant-channel.h"
#include "ns3/callback.h"
#include "ns3/ccch-layout.h"
#include "ns3/counter-list.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/paging-channel.h"
#include "ns3/random-access-channel.h"
#include "ns3/rr-messages.h"
#include "ns3/traced-callback.h"

#include <cstdint>

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
    using AccessCallback = RandomAccessChannel::AccessCallback;
    /// Called once, at the end of the block that carries the message.
    using ReceivedCallback = Callback<void>;
    /// TracedCallback signature of the trace source PagingBlock.
    typedef void (*BlockTracedCallback)(int64_t frame, const L2Block& block);

    /**
     * Starts a random access (TS 44.018 3.3.1.1.2): CHANNEL REQUEST in a random RACH slot, repeated
     * after S to S + T - 1 slots up to MaxRetrans times until the BTS decodes one.
     *
     * @param done called with true at the end of the slot in which the BTS decodes the request, or
     * with false T3126 after the last request.
     */
    void RequestAccess(AccessCallback done);

    /**
     * Queues one message on the AGCH. Blocks are used in the order of the calls: those reserved by
     * BS_AG_BLKS_RES, and those of the PCH that carry no paging (TS 44.018 3.3.1.1.3.1). It is
     * never dropped.
     *
     * @param received called at the end of its block.
     * @param wait for how long it may not be sent yet: the processing time of the network.
     */
    void SendOnAgch(ReceivedCallback received, Time wait = Time());

    /**
     * Queues a paging request by IMSI in the paging group of a phone (TS 45.002 6.5.2). When the
     * group's block is full the request waits for its next. It is never dropped.
     *
     * @param imsi the phone.
     * @param received called at the end of its block.
     * @param wait for how long it may not be sent yet: the processing time of the network.
     */
    void Page(uint64_t imsi, ReceivedCallback received, Time wait = Time());

    /// @return the RACH, for accesses that repeat until they are answered.
    RandomAccessChannel& GetRach();
    /// @return the AGCH, for messages that may be dropped.
    AccessGrantChannel& GetAgch();
    /// @return the PCH, for paging that may be dropped.
    PagingChannel& GetPch();
    /// @return whether the time slot carries an SDCCH/4 as well.
    bool IsCombined() const;

    /// @param inService whether the BTS works: otherwise nothing is sent and no request is decoded.
    void SetInService(bool inService);

    /// @return the time between two blocks of one paging group.
    Time GetPagingCycle() const;

    /**
     * @param imsi a phone.
     * @param frame the earliest frame that may be used.
     * @return the first frame of the next block of the phone's paging group.
     */
    int64_t GetNextPagingBlock(uint64_t imsi, int64_t frame) const;

    /// @return counters of RACH, AGCH and PCH: requests, losses, blocks used and available, waits.
    CounterList GetCounters() const;

    /**
     * @param first the first stream number to use.
     * @param capture the stream number for captures, far from the others.
     * @return the number of streams used from @p first on.
     */
    int64_t AssignStreams(int64_t first, int64_t capture);
    /// AssignStreams() with a @p capture of its own far from @p first.
    int64_t AssignStreams(int64_t first);

  protected:
    void DoDispose() override;

  private:
    uint32_t m_txInteger;        ///< T (TS 44.018 table 3.1.1.2.1)
    uint32_t m_maxRetrans;       ///< M
    uint32_t m_bsPaMfrms;        ///< 51-multiframes of a paging cycle
    uint32_t m_bsAgBlksRes;      ///< blocks reserved for the AGCH
    bool m_combined;             ///< BCCH+CCCH+SDCCH/4 on the time slot
    Time m_t3126;                ///< wait after the last CHANNEL REQUEST
    double m_captureProbability; ///< of one of several requests in a slot
    double m_captureRatio;       ///< dB
    uint32_t m_agchQueueLimit;   ///< messages
    uint32_t m_pagingQueueLimit; ///< requests in a group
    CcchLayout m_layout;         ///< refers to the above, as the next
    RachSettings m_rachSettings;
    PagingChannel::BlockTrace m_blockTrace; ///< PCH blocks as sent
    RandomAccessChannel m_rach;
    PagingChannel m_pch;
    AccessGrantChannel m_agch;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_COMMON_CONTROL_CHANNEL_H
