// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/common-control-channel.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(CommonControlChannel);

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
            .AddAttribute("CaptureProbability",
                          "Probability that of several CHANNEL REQUESTs in one RACH slot one is "
                          "decoded, 0 to 1, when their levels are not known. Own choice: 0.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&CommonControlChannel::m_captureProbability),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("CaptureRatio",
                          "By how much a CHANNEL REQUEST has to exceed all others in its slot to "
                          "be decoded, dB, when the radio conditions know their levels. Default: "
                          "the reference interference ratio (TS 45.005 6.3).",
                          DoubleValue(9.0),
                          MakeDoubleAccessor(&CommonControlChannel::m_captureRatio),
                          MakeDoubleChecker<double>(0.0, 60.0))
            .AddAttribute("AgchQueueLimit",
                          "Messages that may wait for the AGCH, 1-10000. An IMMEDIATE ASSIGNMENT "
                          "or REJECT beyond it is dropped, and the phone repeats its request. Own "
                          "choice.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&CommonControlChannel::m_agchQueueLimit),
                          MakeUintegerChecker<uint32_t>(1, 10000))
            .AddAttribute("PagingQueueLimit",
                          "Paging requests that may wait in one paging group, 1-10000. One beyond "
                          "it is dropped and repeated after T3113. Own choice.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&CommonControlChannel::m_pagingQueueLimit),
                          MakeUintegerChecker<uint32_t>(1, 10000))
            .AddTraceSource("PagingBlock",
                            "A PCH block at its end: its first TDMA frame and its octets.",
                            MakeTraceSourceAccessor(&CommonControlChannel::m_blockTrace),
                            "ns3::p2pim::CommonControlChannel::BlockTracedCallback");
    return tid;
}

CommonControlChannel::CommonControlChannel()
    : m_layout{m_bsPaMfrms, m_bsAgBlksRes, m_combined},
      m_rachSettings{m_txInteger, m_maxRetrans, m_t3126, m_captureProbability, m_captureRatio},
      m_rach(m_layout, m_rachSettings),
      m_pch(m_layout, m_pagingQueueLimit, m_blockTrace),
      m_agch(m_layout, m_pch, m_agchQueueLimit)
{
}

CommonControlChannel::~CommonControlChannel() = default;

void
CommonControlChannel::DoDispose()
{
    m_rach.Clear();
    m_rach.SetConditions(nullptr);
    m_agch.Clear();
    m_pch.Clear();
    Object::DoDispose();
}

void
CommonControlChannel::RequestAccess(AccessCallback done)
{
    m_rach.Start(done, nullptr, false);
}

void
CommonControlChannel::SendOnAgch(ReceivedCallback received, Time wait)
{
    m_agch.Send(received, wait);
}

void
CommonControlChannel::Page(uint64_t imsi, ReceivedCallback received, Time wait)
{
    m_pch.Page(imsi, {imsi, std::nullopt}, received, wait, false);
}

RandomAccessChannel&
CommonControlChannel::GetRach()
{
    return m_rach;
}

AccessGrantChannel&
CommonControlChannel::GetAgch()
{
    return m_agch;
}

PagingChannel&
CommonControlChannel::GetPch()
{
    return m_pch;
}

bool
CommonControlChannel::IsCombined() const
{
    return m_layout.combined;
}

void
CommonControlChannel::SetInService(bool inService)
{
    m_rach.SetInService(inService);
    m_pch.SetInService(inService);
    m_agch.SetInService(inService);
}

Time
CommonControlChannel::GetPagingCycle() const
{
    return TdmaFrameStart(m_layout.GetPagingCycle());
}

int64_t
CommonControlChannel::GetNextPagingBlock(uint64_t imsi, int64_t frame) const
{
    return m_layout.GetNextBlockOfGroup(m_layout.GetPagingGroup(imsi), frame);
}

CounterList
CommonControlChannel::GetCounters() const
{
    const RachCounters& rach = m_rach.GetCounters();
    const AgchCounters& agch = m_agch.GetCounters();
    const PchCounters& pch = m_pch.GetCounters();
    const int64_t frame = TdmaCurrentFrame(Simulator::Now());
    const auto multiframes = static_cast<double>(frame) / TDMA_MULTIFRAME;
    const auto seconds = [](int64_t waited) { return TdmaFrameStart(waited).GetSeconds(); };
    const auto count = [](uint64_t number) { return static_cast<double>(number); };
    return {
        {"rach_requests", count(rach.requests)},
        {"rach_collisions", count(rach.collisions)},
        {"rach_failures", count(rach.failures)},
        {"agch_blocks", count(agch.blocks)},
        {"paging_blocks", count(pch.blocks)},
        {"paging_requests", count(pch.requests)},
        {"rach_slots", static_cast<double>(m_layout.GetRachSlot(frame))},
        {"rach_slots_used", count(rach.slotsUsed)},
        {"rach_captured", count(rach.captured)},
        {"rach_lost", count(rach.lost)},
        {"rach_unanswered", count(rach.unanswered)},
        {"ccch_blocks", multiframes * m_layout.GetBlocksPerMultiframe()},
        {"agch_rejects", count(agch.rejects)},
        {"agch_dropped", count(agch.dropped)},
        {"agch_queue_seconds", seconds(agch.waited)},
        {"pch_blocks", multiframes * m_layout.GetPagingBlocksPerMultiframe()},
        {"paging_sent", count(pch.sent)},
        {"paging_dropped", count(pch.dropped)},
        {"paging_queue_seconds", seconds(pch.waited)},
    };
}

int64_t
CommonControlChannel::AssignStreams(int64_t first, int64_t capture)
{
    return m_rach.AssignStreams(first, capture);
}

int64_t
CommonControlChannel::AssignStreams(int64_t first)
{
    return AssignStreams(first, GetOptionalStreams(first));
}

} // namespace p2pim
} // namespace ns3
