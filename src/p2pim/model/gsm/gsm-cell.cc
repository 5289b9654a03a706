// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-cell.h"

#include "ns3/double.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/log.h"
#include "ns3/msc-vlr.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GsmCell");
NS_OBJECT_ENSURE_REGISTERED(GsmCell);

namespace
{

constexpr uint16_t REFERENCE_MODULUS = 42432; // TS 44.018 10.5.2.30

/// @return the reference of the CHANNEL REQUEST in the RACH slot that ends now.
RequestReference
MakeReference(EstablishmentCause cause)
{
    const int64_t frame = TdmaCurrentFrame(Simulator::Now()) - 1;
    return {EncodeChannelRequest(cause, static_cast<uint8_t>(frame)),
            static_cast<uint16_t>(frame % REFERENCE_MODULUS)};
}

} // namespace

TypeId
GsmCell::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GsmCell")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<GsmCell>()
            .AddAttribute("SdcchCount",
                          "SDCCHs of the cell, 1-64; 8 are one time slot of SDCCH/8 (TS 45.002 "
                          "6.4.1, combination vii).",
                          UintegerValue(8),
                          MakeUintegerAccessor(&GsmCell::m_sdcchCount),
                          MakeUintegerChecker<uint32_t>(1, 64))
            .AddAttribute("FrameErasureRate",
                          "Share of L2 frames on SDCCHs that are lost, 0 to 1.",
                          DoubleValue(0.0),
                          MakeDoubleAccessor(&GsmCell::m_frameErasureRate),
                          MakeDoubleChecker<double>(0.0, 1.0))
            .AddAttribute("T200Sapi0",
                          "T200 of SAPI 0 on an SDCCH, in TDMA frames (TS 44.006 5.8.1); osmo-bts: "
                          "36, which is 0.166 s.",
                          UintegerValue(36),
                          MakeUintegerAccessor(&GsmCell::m_t200Sapi0),
                          MakeUintegerChecker<uint32_t>(1, 2000))
            .AddAttribute("T200Sapi3",
                          "T200 of SAPI 3 on an SDCCH, in TDMA frames (TS 44.006 5.8.1); osmo-bts: "
                          "444, which is 2.05 s.",
                          UintegerValue(444),
                          MakeUintegerAccessor(&GsmCell::m_t200Sapi3),
                          MakeUintegerChecker<uint32_t>(1, 4000))
            .AddAttribute("N200",
                          "Most retransmissions of an I frame on an SDCCH (TS 44.006 5.8.2.1: 23).",
                          UintegerValue(23),
                          MakeUintegerAccessor(&GsmCell::m_n200),
                          MakeUintegerChecker<uint32_t>(1, 255))
            .AddAttribute("N200Establish",
                          "Most retransmissions of a SABM or DISC (TS 44.006 5.8.2.1: 5).",
                          UintegerValue(5),
                          MakeUintegerAccessor(&GsmCell::m_n200Establish),
                          MakeUintegerChecker<uint32_t>(1, 255))
            .AddAttribute("BscProcessingTime",
                          "From a CHANNEL REQUEST to its IMMEDIATE ASSIGNMENT in the AGCH queue: "
                          "CHANNEL REQUIRED and CHANNEL ACTIVATION over Abis (TS 48.058 4.1). "
                          "Own estimate.",
                          TimeValue(MilliSeconds(80)),
                          MakeTimeAccessor(&GsmCell::m_bscProcessingTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("TransitTime",
                          "One way of an L3 message between BTS and MSC: 16 kbit/s Abis and 64 "
                          "kbit/s A signalling links. Own estimate.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&GsmCell::m_transitTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3101",
                          "How long an assigned SDCCH waits for its SABM (TS 44.018 11.1.2); "
                          "osmo-bsc: 3 s.",
                          TimeValue(Seconds(3)),
                          MakeTimeAccessor(&GsmCell::m_t3101),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3111",
                          "How long a released SDCCH rests before it is free: two DISC periods, as "
                          "T3110 (TS 44.018 11.1.2); 2 x 0.235 s.",
                          TimeValue(MilliSeconds(471)),
                          MakeTimeAccessor(&GsmCell::m_t3111),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3113",
                          "From one PAGING REQUEST to the next (TS 44.018 11.1.2); osmo-bsc: 7 s.",
                          TimeValue(Seconds(7)),
                          MakeTimeAccessor(&GsmCell::m_t3113),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("PagingAttempts",
                          "PAGING REQUESTs sent before the MSC is told that there is no response. "
                          "Own choice; with T3113 it exceeds the 10 s of osmo-msc's X4.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&GsmCell::m_pagingAttempts),
                          MakeUintegerChecker<uint32_t>(1, 10))
            .AddAttribute("T3122",
                          "Wait indication of an IMMEDIATE ASSIGNMENT REJECT, 0-255 s (TS 44.018 "
                          "10.5.2.43); osmo-bsc: 10 s.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&GsmCell::m_t3122),
                          MakeTimeChecker(Seconds(0), Seconds(255)))
            .AddTraceSource(
                "LapdmFrame",
                "An L2 frame sent on an SDCCH: uplink or not, first TDMA frame, octets.",
                MakeTraceSourceAccessor(&GsmCell::m_frameTrace),
                "ns3::p2pim::GsmCell::LapdmFrameTracedCallback")
            .AddTraceSource("Layer3",
                            "An L3 message received on an SDCCH: uplink or not, SAPI, octets.",
                            MakeTraceSourceAccessor(&GsmCell::m_layer3Trace),
                            "ns3::p2pim::GsmCell::Layer3TracedCallback")
            .AddTraceSource("AgchBlock",
                            "An AGCH block for an SDCCH at its end: its octets.",
                            MakeTraceSourceAccessor(&GsmCell::m_agchTrace),
                            "ns3::p2pim::GsmCell::AgchBlockTracedCallback");
    return tid;
}

GsmCell::GsmCell()
    : m_ccch(CreateObject<CommonControlChannel>()),
      m_erasure(CreateObject<UniformRandomVariable>()),
      m_environment(m_frameTrace, m_layer3Trace)
{
}

GsmCell::~GsmCell() = default;

void
GsmCell::DoDispose()
{
    for (auto& paging : m_pagings)
    {
        paging.second.t3113.Cancel();
    }
    m_pagings.clear();
    m_camped.clear();
    m_ccch->Dispose();
    m_msc = nullptr;
    m_erasure = nullptr;
    m_environment.erasure = nullptr;
    Object::DoDispose();
}

void
GsmCell::SetMsc(Ptr<MscVlr> msc)
{
    m_msc = msc;
}

Ptr<MscVlr>
GsmCell::GetMsc() const
{
    return m_msc;
}

Ptr<CommonControlChannel>
GsmCell::GetCcch() const
{
    return m_ccch;
}

Time
GsmCell::GetTransitTime() const
{
    return m_transitTime;
}

Time
GsmCell::GetT3111() const
{
    return m_t3111;
}

void
GsmCell::Camp(uint64_t imsi, GsmMobileStation* ms)
{
    m_camped[imsi] = ms;
}

void
GsmCell::Leave(uint64_t imsi)
{
    m_camped.erase(imsi);
}

void
GsmCell::CreatePool()
{
    m_environment.lapdm.t200Sapi0 = m_t200Sapi0;
    m_environment.lapdm.t200Sapi3 = m_t200Sapi3;
    m_environment.lapdm.n200 = m_n200;
    m_environment.lapdm.n200Establish = m_n200Establish;
    m_environment.frameErasureRate = m_frameErasureRate;
    m_environment.erasure = m_erasure;
    m_pool.reserve(m_sdcchCount);
    for (uint32_t i = 0; i < m_sdcchCount; ++i)
    {
        m_pool.push_back(std::make_unique<Sdcch>(m_environment, i));
        m_free.push_back({m_pool.back().get(), Time()});
    }
}

void
GsmCell::Count(const Sdcch& channel, Time end)
{
    m_sdcchTime += end - channel.GetActivationTime();
}

void
GsmCell::ReclaimUnused()
{
    const Time now = Simulator::Now();
    while (!m_assigned.empty() && m_assigned.front().t3101 <= now)
    {
        const Assigned assigned = m_assigned.front();
        m_assigned.pop_front();
        Sdcch& channel = *assigned.channel;
        if (channel.GetSeizure() == assigned.seizure && channel.GetSubscriber() == 0 &&
            channel.IsOpen())
        {
            ++m_unused;
            channel.CloseNetwork(now);
            Count(channel, assigned.t3101);
            m_free.push_front({&channel, assigned.t3101});
        }
    }
}

Sdcch*
GsmCell::Allocate()
{
    if (m_pool.empty())
    {
        CreatePool();
    }
    ReclaimUnused();
    if (m_free.empty() || m_free.front().since > Simulator::Now())
    {
        ++m_blocked;
        return nullptr;
    }
    Sdcch* channel = m_free.front().channel;
    m_free.pop_front();
    ++m_seizures;
    channel->Activate(this);
    m_assigned.push_back({channel, channel->GetSeizure(), Simulator::Now() + m_t3101});
    return channel;
}

void
GsmCell::RequestChannel(Ptr<GsmMobileStation> ms, EstablishmentCause cause)
{
    m_ccch->RequestAccess(Callback<void, bool>(
        [this, ms, cause](bool decoded) { AssignChannel(ms, cause, decoded); }));
}

void
GsmCell::AssignChannel(Ptr<GsmMobileStation> ms, EstablishmentCause cause, bool decoded)
{
    if (!decoded)
    {
        ms->AccessFailed();
        return;
    }
    const RequestReference reference = MakeReference(cause);
    if (Sdcch* channel = Allocate())
    {
        ImmediateAssignment assignment;
        assignment.subchannel = channel->GetSubchannel();
        assignment.timeSlot = channel->GetTimeSlot();
        assignment.reference = reference;
        const Grant grant{ms,
                          channel,
                          channel->GetSeizure(),
                          EncodeImmediateAssignment(assignment)};
        m_ccch->SendOnAgch(Callback<void>([this, grant]() { DeliverAssignment(grant); }),
                           m_bscProcessingTime);
        return;
    }
    NS_LOG_LOGIC("no SDCCH is free");
    const L2Block block =
        EncodeImmediateAssignmentReject({reference, static_cast<uint8_t>(m_t3122.GetSeconds())});
    m_ccch->SendOnAgch(Callback<void>([this, ms, block]() { DeliverReject(ms, block); }),
                       m_bscProcessingTime);
}

void
GsmCell::DeliverAssignment(const Grant& grant)
{
    m_agchTrace(grant.block);
    if (grant.channel->GetSeizure() == grant.seizure && grant.channel->IsOpen())
    {
        grant.ms->ReceiveImmediateAssignment(grant.block, *grant.channel);
    }
    else
    {
        grant.ms->AccessFailed();
    }
}

void
GsmCell::DeliverReject(Ptr<GsmMobileStation> ms, const L2Block& block)
{
    m_agchTrace(block);
    ms->ReceiveAssignmentReject(block);
}

void
GsmCell::HandleLink(Sdcch& channel, const LapdmIndication& indication)
{
    if (indication.primitive == LapdmPrimitive::ESTABLISH_INDICATION)
    {
        m_msc->CompleteLayer3(this, channel, indication.message, indication.size);
    }
}

void
GsmCell::ReleaseChannel(Sdcch& channel)
{
    const Time end = Simulator::Now() + m_t3111;
    Count(channel, end);
    channel.CloseNetwork(end);
    m_free.push_back({&channel, end});
}

void
GsmCell::StartPaging(uint64_t imsi, Time wait)
{
    m_pagings[imsi].attempts = 0;
    SendPagingRequest(imsi, wait + m_transitTime);
}

void
GsmCell::SendPagingRequest(uint64_t imsi, Time wait)
{
    Paging& paging = m_pagings[imsi];
    ++paging.attempts;
    ++m_pagingsSent;
    m_ccch->Page(imsi, Callback<void>([this, imsi]() { DeliverPaging(imsi); }), wait);
    paging.t3113 = Simulator::Schedule(wait + m_t3113, &GsmCell::ExpireT3113, this, imsi);
}

void
GsmCell::DeliverPaging(uint64_t imsi)
{
    const auto camped = m_camped.find(imsi);
    if (camped != m_camped.end())
    {
        camped->second->ReceivePaging();
    }
}

void
GsmCell::ExpireT3113(uint64_t imsi)
{
    const auto paging = m_pagings.find(imsi);
    if (paging->second.attempts < m_pagingAttempts)
    {
        SendPagingRequest(imsi, Time());
        return;
    }
    m_pagings.erase(paging);
    ++m_pagingsFailed;
    m_msc->NoPagingResponse(imsi);
}

void
GsmCell::StopPaging(uint64_t imsi)
{
    const auto paging = m_pagings.find(imsi);
    if (paging != m_pagings.end())
    {
        paging->second.t3113.Cancel();
        m_pagings.erase(paging);
    }
}

CounterList
GsmCell::GetCounters() const
{
    CounterList counters{
        {"sdcch_seizures", static_cast<double>(m_seizures)},
        {"sdcch_blocked", static_cast<double>(m_blocked)},
        {"sdcch_unused", static_cast<double>(m_unused)},
        {"sdcch_seconds", m_sdcchTime.GetSeconds()},
        {"lapdm_frames", static_cast<double>(m_environment.frames)},
        {"lapdm_frames_lost", static_cast<double>(m_environment.erased)},
        {"lapdm_link_failures", static_cast<double>(m_environment.linkFailures)},
        {"pagings_sent", static_cast<double>(m_pagingsSent)},
        {"pagings_failed", static_cast<double>(m_pagingsFailed)},
    };
    const CounterList ccch = m_ccch->GetCounters();
    counters.insert(counters.end(), ccch.begin(), ccch.end());
    return counters;
}

int64_t
GsmCell::AssignStreams(int64_t first)
{
    m_erasure->SetStream(first);
    return 1 + m_ccch->AssignStreams(first + 1);
}

} // namespace p2pim
} // namespace ns3
