// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/common-control-channel.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(CommonControlChannel);

namespace
{

/// First frames of the CCCH blocks of a 51-multiframe (TS 45.002 7, table 5).
constexpr std::array<int64_t, 9> BLOCK_OFFSETS{6, 12, 16, 22, 26, 32, 36, 42, 46};
/// Blocks of the CCCH when the time slot carries an SDCCH/4 as well: the first three.
constexpr uint32_t COMBINED_BLOCKS = 3;
/// RACH slots of a 51-multiframe when combined: frames 4, 5, 14 to 36, 45, 46.
constexpr int64_t COMBINED_RACH_SLOTS = 27;
constexpr std::array<int64_t, COMBINED_RACH_SLOTS> COMBINED_RACH_FRAMES{
    4,  5,  14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46};

/// A row of TS 44.018 table 3.1.1.2.1.
struct SpreadRow
{
    uint32_t txInteger;   ///< T
    uint32_t nonCombined; ///< S on a CCCH that is not combined with SDCCHs
    uint32_t combined;    ///< S on one that is
};

constexpr std::array<SpreadRow, 16> SPREAD{{
    {3, 55, 41},
    {4, 76, 52},
    {5, 109, 58},
    {6, 163, 86},
    {7, 217, 115},
    {8, 55, 41},
    {9, 76, 52},
    {10, 109, 58},
    {11, 163, 86},
    {12, 217, 115},
    {14, 55, 41},
    {16, 76, 52},
    {20, 109, 58},
    {25, 163, 86},
    {32, 217, 115},
    {50, 55, 41},
}};

/// @return S for @p txInteger, or for the next greater T of the table.
uint32_t
GetSpreadOffset(uint32_t txInteger, bool combined)
{
    const auto* row = std::find_if(SPREAD.begin(), SPREAD.end() - 1, [txInteger](const auto& r) {
        return r.txInteger >= txInteger;
    });
    return combined ? row->combined : row->nonCombined;
}

} // namespace

TypeId
CommonControlChannel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::CommonControlChannel")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<CommonControlChannel>()
            .AddAttribute("TxInteger",
                          "T: a CHANNEL REQUEST is repeated after S to S+T-1 RACH slots. 3-12, 14, "
                          "16, 20, 25, 32 or 50 (TS 44.018 table 3.1.1.2.1); osmo-bsc: 12.",
                          UintegerValue(12),
                          MakeUintegerAccessor(&CommonControlChannel::m_txInteger),
                          MakeUintegerChecker<uint32_t>(3, 50))
            .AddAttribute("MaxRetrans",
                          "Most repetitions of a CHANNEL REQUEST (TS 44.018 10.5.2.29: 1, 2, 4 or "
                          "7); osmo-bsc: 7.",
                          UintegerValue(7),
                          MakeUintegerAccessor(&CommonControlChannel::m_maxRetrans),
                          MakeUintegerChecker<uint32_t>(0, 7))
            .AddAttribute("BsPaMfrms",
                          "BS_PA_MFRMS: 51-multiframes of a paging cycle (TS 44.018 10.5.2.11, 2 "
                          "to 9); osmo-bsc: 5, a cycle of 1.177 s.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&CommonControlChannel::m_bsPaMfrms),
                          MakeUintegerChecker<uint32_t>(2, 9))
            .AddAttribute("BsAgBlksRes",
                          "BS_AG_BLKS_RES: CCCH blocks of a 51-multiframe that never page (TS "
                          "44.018 10.5.2.11: 0-7, combined 0-2); osmo-bsc: 1.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&CommonControlChannel::m_bsAgBlksRes),
                          MakeUintegerChecker<uint32_t>(0, 7))
            .AddAttribute("Combined",
                          "Whether the time slot also carries an SDCCH/4, which leaves 3 CCCH "
                          "blocks of 9 and 27 RACH slots of 51 (TS 45.002 6.4.1, combination v).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&CommonControlChannel::m_combined),
                          MakeBooleanChecker())
            .AddAttribute("T3126",
                          "How long a phone waits after its last CHANNEL REQUEST, at most 5 s (TS "
                          "44.018 11.1.1).",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&CommonControlChannel::m_t3126),
                          MakeTimeChecker(Seconds(0), Seconds(5)))
            .AddTraceSource("PagingBlock",
                            "A PCH block at its end: its first TDMA frame and its octets.",
                            MakeTraceSourceAccessor(&CommonControlChannel::m_blockTrace),
                            "ns3::p2pim::CommonControlChannel::BlockTracedCallback");
    return tid;
}

CommonControlChannel::CommonControlChannel()
    : m_rachSpread(CreateObject<UniformRandomVariable>())
{
}

CommonControlChannel::~CommonControlChannel() = default;

void
CommonControlChannel::DoDispose()
{
    m_agchEvent.Cancel();
    m_rach.clear();
    m_agch.clear();
    m_paging.clear();
    m_rachSpread = nullptr;
    Object::DoDispose();
}

uint32_t
CommonControlChannel::GetBlocksPerMultiframe() const
{
    return m_combined ? COMBINED_BLOCKS : static_cast<uint32_t>(BLOCK_OFFSETS.size());
}

uint32_t
CommonControlChannel::GetPagingBlocksPerMultiframe() const
{
    const uint32_t blocks = GetBlocksPerMultiframe();
    return blocks - std::min(m_bsAgBlksRes, blocks - 1);
}

Time
CommonControlChannel::GetPagingCycle() const
{
    return TdmaFrameStart(TDMA_MULTIFRAME * m_bsPaMfrms);
}

int64_t
CommonControlChannel::GetNextBlock(int64_t frame) const
{
    const int64_t multiframe = frame / TDMA_MULTIFRAME;
    const int64_t within = frame % TDMA_MULTIFRAME;
    for (uint32_t i = 0; i < GetBlocksPerMultiframe(); ++i)
    {
        if (BLOCK_OFFSETS[i] >= within)
        {
            return multiframe * TDMA_MULTIFRAME + BLOCK_OFFSETS[i];
        }
    }
    return (multiframe + 1) * TDMA_MULTIFRAME + BLOCK_OFFSETS[0];
}

int64_t
CommonControlChannel::GetNextPagingBlock(uint64_t imsi, int64_t frame) const
{
    // TS 45.002 6.5.2 with BS_CC_CHANS = 1.
    const int64_t perMultiframe = GetPagingBlocksPerMultiframe();
    const int64_t cycle = m_bsPaMfrms;
    const auto group = static_cast<int64_t>(imsi % 1000) % (perMultiframe * cycle);
    const int64_t block = GetBlocksPerMultiframe() - perMultiframe + group % perMultiframe;
    const int64_t offset =
        group / perMultiframe * TDMA_MULTIFRAME + BLOCK_OFFSETS[static_cast<std::size_t>(block)];
    const int64_t period = cycle * TDMA_MULTIFRAME;
    const int64_t behind = (frame - offset) % period;
    return behind <= 0 ? frame - behind : frame + period - behind;
}

int64_t
CommonControlChannel::GetRachFrame(int64_t rachSlot) const
{
    if (!m_combined)
    {
        return rachSlot;
    }
    return rachSlot / COMBINED_RACH_SLOTS * TDMA_MULTIFRAME +
           COMBINED_RACH_FRAMES[static_cast<std::size_t>(rachSlot % COMBINED_RACH_SLOTS)];
}

int64_t
CommonControlChannel::GetRachSlot(int64_t frame) const
{
    if (!m_combined)
    {
        return frame;
    }
    const auto* slot = std::lower_bound(COMBINED_RACH_FRAMES.begin(),
                                        COMBINED_RACH_FRAMES.end(),
                                        frame % TDMA_MULTIFRAME);
    return frame / TDMA_MULTIFRAME * COMBINED_RACH_SLOTS + (slot - COMBINED_RACH_FRAMES.begin());
}

void
CommonControlChannel::RequestAccess(AccessCallback done)
{
    const int64_t slot = GetRachSlot(TdmaFrameAtOrAfter(Simulator::Now()));
    SendChannelRequest({done, 0}, slot, std::max(m_txInteger, 8U));
}

void
CommonControlChannel::SendChannelRequest(Access access, int64_t firstSlot, uint32_t spread)
{
    const int64_t slot = firstSlot + m_rachSpread->GetInteger(0, spread - 1);
    ++access.sent;
    ++m_requests;
    std::vector<Access>& inSlot = m_rach[slot];
    inSlot.push_back(std::move(access));
    if (inSlot.size() == 1)
    {
        Simulator::Schedule(TdmaFrameStart(GetRachFrame(slot) + 1) - Simulator::Now(),
                            &CommonControlChannel::EndRachSlot,
                            this,
                            slot);
    }
}

void
CommonControlChannel::EndRachSlot(int64_t rachSlot)
{
    auto node = m_rach.extract(rachSlot);
    if (node.empty())
    {
        return;
    }
    std::vector<Access>& inSlot = node.mapped();
    if (inSlot.size() == 1)
    {
        inSlot.front().done(true);
        return;
    }
    m_collisions += inSlot.size();
    for (Access& access : inSlot)
    {
        RepeatAccess(std::move(access), rachSlot);
    }
}

void
CommonControlChannel::RepeatAccess(Access access, int64_t rachSlot)
{
    if (access.sent <= m_maxRetrans)
    {
        const int64_t first = rachSlot + GetSpreadOffset(m_txInteger, m_combined);
        SendChannelRequest(std::move(access), first, m_txInteger);
        return;
    }
    ++m_accessFailures;
    Simulator::Schedule(m_t3126, &CommonControlChannel::FailAccess, this, access.done);
}

void
CommonControlChannel::FailAccess(AccessCallback done)
{
    done(false);
}

void
CommonControlChannel::SendOnAgch(ReceivedCallback received, Time wait)
{
    m_agch.push_back({TdmaFrameAtOrAfter(Simulator::Now() + wait), received});
    if (m_agch.size() == 1)
    {
        PlanAgch(m_agch.front().readyFrame);
    }
}

void
CommonControlChannel::PlanAgch(int64_t earliestFrame)
{
    const int64_t frame = GetNextBlock(earliestFrame);
    m_agchEvent = Simulator::Schedule(TdmaFrameStart(frame + TDMA_BLOCK_FRAMES) - Simulator::Now(),
                                      &CommonControlChannel::EndAgchBlock,
                                      this,
                                      frame);
}

void
CommonControlChannel::EndAgchBlock(int64_t frame)
{
    const bool paged = m_lastPagedFrame == frame || m_paging.count(frame) > 0;
    if (paged)
    {
        PlanAgch(frame + TDMA_BLOCK_FRAMES);
        return;
    }
    const ReceivedCallback received = m_agch.front().received;
    m_agch.pop_front();
    ++m_agchBlocks;
    if (!m_agch.empty())
    {
        PlanAgch(std::max(frame + TDMA_BLOCK_FRAMES, m_agch.front().readyFrame));
    }
    received();
}

void
CommonControlChannel::Page(uint64_t imsi, ReceivedCallback received, Time wait)
{
    int64_t frame = GetNextPagingBlock(imsi, TdmaFrameAtOrAfter(Simulator::Now() + wait));
    auto block = m_paging.find(frame);
    while (block != m_paging.end() && block->second.count == block->second.imsi.size())
    {
        frame = GetNextPagingBlock(imsi, frame + 1);
        block = m_paging.find(frame);
    }
    PagingBlock& paging = m_paging[frame];
    paging.imsi[paging.count] = imsi;
    paging.received[paging.count] = received;
    ++paging.count;
    ++m_pagings;
    if (paging.count == 1)
    {
        Simulator::Schedule(TdmaFrameStart(frame + TDMA_BLOCK_FRAMES) - Simulator::Now(),
                            &CommonControlChannel::EndPagingBlock,
                            this,
                            frame);
    }
}

void
CommonControlChannel::EndPagingBlock(int64_t frame)
{
    auto node = m_paging.extract(frame);
    if (node.empty())
    {
        return;
    }
    const PagingBlock& paging = node.mapped();
    m_lastPagedFrame = frame;
    ++m_pagingBlocks;
    if (!m_blockTrace.IsEmpty())
    {
        m_blockTrace(frame, EncodePagingRequest1(paging.imsi, paging.count));
    }
    for (uint32_t i = 0; i < paging.count; ++i)
    {
        paging.received[i]();
    }
}

CounterList
CommonControlChannel::GetCounters() const
{
    return {
        {"rach_requests", static_cast<double>(m_requests)},
        {"rach_collisions", static_cast<double>(m_collisions)},
        {"rach_failures", static_cast<double>(m_accessFailures)},
        {"agch_blocks", static_cast<double>(m_agchBlocks)},
        {"paging_blocks", static_cast<double>(m_pagingBlocks)},
        {"paging_requests", static_cast<double>(m_pagings)},
    };
}

int64_t
CommonControlChannel::AssignStreams(int64_t first)
{
    m_rachSpread->SetStream(first);
    return 1;
}

} // namespace p2pim
} // namespace ns3
