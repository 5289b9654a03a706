// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gsm-cell.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/log.h"
#include "ns3/msc-vlr.h"
#include "ns3/object-description.h"
#include "ns3/packet-side.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <memory>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GsmCell");
NS_OBJECT_ENSURE_REGISTERED(GsmCell);

namespace
{

/// Stands for a subscriber on channels that the background load holds.
constexpr uint64_t LOAD_SUBSCRIBER = UINT64_MAX;
/// SDCCHs on the time slot of a combined CCCH.
constexpr uint32_t COMBINED_SDCCHS = 4;

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
                          "6.4.1, combination vii). With a combined CCCH the first 4 are SDCCH/4 "
                          "on its time slot.",
                          UintegerValue(8),
                          MakeUintegerAccessor(&GsmCell::m_sdcchCount),
                          MakeUintegerChecker<uint32_t>(1, 64))
            .AddAttribute("SdcchQueueLimit",
                          "Requests that may wait for an SDCCH when all are taken, 0-1000; 0: they "
                          "are rejected at once. Own choice.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GsmCell::m_sdcchQueueLimit),
                          MakeUintegerChecker<uint32_t>(0, 1000))
            .AddAttribute("SdcchQueueTime",
                          "How long a request waits for an SDCCH before it is rejected, as T11 "
                          "does for a TCH (TS 48.008 3.1.17). Own choice: less than the 1.0 s "
                          "after which a phone asks again when TxInteger is 12; such a request "
                          "takes a second SDCCH until T3101.",
                          TimeValue(MilliSeconds(750)),
                          MakeTimeAccessor(&GsmCell::m_sdcchQueueTime),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("TchCount",
                          "TCH/Fs of the cell, 0-112. Own choice: two carriers with 8 SDCCHs.",
                          UintegerValue(14),
                          MakeUintegerAccessor(&GsmCell::m_tchCount),
                          MakeUintegerChecker<uint32_t>(0, 112))
            .AddAttribute("RadioConditions",
                          "What the radio links do: ns3::p2pim::ConstantRadioConditions, "
                          "ns3::p2pim::PropagationRadioConditions, or either with attributes in "
                          "brackets, as [UplinkErasureRate=0.1|DownlinkErasureRate=0.2].",
                          StringValue("ns3::p2pim::ConstantRadioConditions"),
                          MakeStringAccessor(&GsmCell::SetRadioConditionsByName,
                                             &GsmCell::GetRadioConditionsName),
                          MakeStringChecker())
            .AddAttribute("Position",
                          "Where the antenna is, m, as x:y:z.",
                          VectorValue(Vector(0, 0, 30)),
                          MakeVectorAccessor(&GsmCell::SetPosition, &GsmCell::GetPosition),
                          MakeVectorChecker())
            .AddAttribute("FrameErasureRate",
                          "Share of L2 frames on SDCCHs and SACCHs that are lost beside what the "
                          "radio conditions lose, 0 to 1.",
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
            .AddAttribute("T200Sacch",
                          "T200 on the SACCH of a TCH, in TDMA frames (TS 44.006 5.8.1). Own "
                          "choice: 300, as an answer takes at most 287.",
                          UintegerValue(300),
                          MakeUintegerAccessor(&GsmCell::m_t200Sacch),
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
            .AddAttribute("PageByTmsi",
                          "Whether a phone is paged by its TMSI when the MSC names it: up to four "
                          "phones fit in a block then, of IMSIs two (TS 44.018 9.1.22 to 9.1.24).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GsmCell::m_pageByTmsi),
                          MakeBooleanChecker())
            .AddAttribute("T3122",
                          "Wait indication of an IMMEDIATE ASSIGNMENT REJECT, 0-255 s (TS 44.018 "
                          "10.5.2.43); osmo-bsc: 10 s.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&GsmCell::m_t3122),
                          MakeTimeChecker(Seconds(0), Seconds(255)))
            .AddAttribute(
                "T3212",
                "How often a phone that is otherwise silent updates its location, 0 to "
                "25.5 h in steps of 6 min (TS 44.018 10.5.2.11); 0: never. Phones that are "
                "not simulated do so as the background load says.",
                TimeValue(Seconds(0)),
                MakeTimeAccessor(&GsmCell::m_t3212),
                MakeTimeChecker(Seconds(0), Minutes(255 * 6)))
            .AddAttribute("ImsiAttachDetach",
                          "Whether phones tell the network that they are switched on and off: the "
                          "ATT flag (TS 44.018 10.5.2.11).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&GsmCell::m_imsiAttachDetach),
                          MakeBooleanChecker())
            .AddAttribute("LocationAreaCode",
                          "LAC of the cell, which is a location area of its own (TS 24.008 "
                          "10.5.1.3).",
                          UintegerValue(1),
                          MakeUintegerAccessor(&GsmCell::m_locationAreaCode),
                          MakeUintegerChecker<uint16_t>())
            .AddTraceSource(
                "LapdmFrame",
                "An L2 frame sent on an SDCCH: uplink or not, first TDMA frame, octets.",
                MakeTraceSourceAccessor(&GsmCell::m_frameTrace),
                "ns3::p2pim::GsmCell::LapdmFrameTracedCallback")
            .AddTraceSource(
                "SacchBlock",
                "A block with an L2 frame on the SACCH of a TCH: uplink or not, first TDMA frame, "
                "octets with the L1 header.",
                MakeTraceSourceAccessor(&GsmCell::m_sacchTrace),
                "ns3::p2pim::GsmCell::LapdmFrameTracedCallback")
            .AddTraceSource("DedicatedBlock",
                            "What LapdmFrame and SacchBlock tell, and the channel: channel, uplink "
                            "or not, first TDMA frame, octets.",
                            MakeTraceSourceAccessor(&GsmCell::m_blockTrace),
                            "ns3::p2pim::GsmCell::DedicatedBlockTracedCallback")
            .AddTraceSource(
                "Layer3",
                "An L3 message received on a dedicated channel: uplink or not, SAPI, octets.",
                MakeTraceSourceAccessor(&GsmCell::m_layer3Trace),
                "ns3::p2pim::GsmCell::Layer3TracedCallback")
            .AddTraceSource("AgchBlock",
                            "An AGCH block of the immediate assignment procedure at its end: its "
                            "octets.",
                            MakeTraceSourceAccessor(&GsmCell::m_agchTrace),
                            "ns3::p2pim::GsmCell::AgchBlockTracedCallback");
    return tid;
}

GsmCell::GsmCell()
    : m_ccch(CreateObject<CommonControlChannel>()),
      m_load(CreateObject<GsmBackgroundLoad>()),
      m_erasure(CreateObject<UniformRandomVariable>()),
      m_environment(m_frameTrace, m_layer3Trace, &m_sacchTrace),
      m_assignmentSettings{m_bscProcessingTime,
                           m_t3101,
                           m_t3122,
                           m_sdcchQueueLimit,
                           m_sdcchQueueTime},
      m_assignment(m_assignmentSettings, m_sdcchs, *this, m_agchTrace),
      m_paging(m_ccch->GetPch(),
               m_t3113,
               m_pagingAttempts,
               MakeCallback(&GsmCell::PageOnPacch, this),
               MakeCallback(&GsmCell::DeliverPaging, this),
               MakeCallback(&GsmCell::FailPaging, this))
{
    m_environment.blockTrace = &m_blockTrace;
    m_assignment.SetCcch(m_ccch);
    m_load->SetCell(this);
}

GsmCell::~GsmCell() = default;

void
GsmCell::DoDispose()
{
    m_paging.Clear();
    m_camped.clear();
    m_requests.clear();
    m_load->Dispose();
    m_assignment.SetCcch(nullptr);
    m_ccch->Dispose();
    m_conditions = nullptr;
    m_packets = nullptr;
    m_msc = nullptr;
    m_erasure = nullptr;
    m_environment.erasure = nullptr;
    Object::DoDispose();
}

void
GsmCell::SetMsc(Ptr<MscVlr> msc)
{
    m_msc = msc;
    m_load->Start();
}

Ptr<MscVlr>
GsmCell::GetMsc() const
{
    return m_msc;
}

void
GsmCell::SetPacketBss(PacketBss* packets)
{
    m_packets = packets;
}

PacketBss*
GsmCell::GetPacketBss() const
{
    return m_packets;
}

bool
GsmCell::PageOnPacch(uint64_t imsi, Time wait)
{
    return m_packets != nullptr && m_packets->PageOnPacch(imsi, wait);
}

Ptr<CommonControlChannel>
GsmCell::GetCcch() const
{
    return m_ccch;
}

Ptr<GsmBackgroundLoad>
GsmCell::GetBackgroundLoad() const
{
    return m_load;
}

bool
GsmCell::SetRadioConditionsByName(const std::string& description)
{
    const auto factory = ParseObjectDescription(description, GsmRadioConditions::GetTypeId());
    if (!factory)
    {
        return false;
    }
    SetRadioConditions(factory->Create<GsmRadioConditions>());
    m_conditionsName = description;
    return true;
}

std::string
GsmCell::GetRadioConditionsName() const
{
    return m_conditionsName;
}

void
GsmCell::SetRadioConditions(Ptr<GsmRadioConditions> conditions)
{
    m_conditions = conditions;
    m_conditionsName = conditions->GetInstanceTypeId().GetName();
    m_conditions->SetCellPosition(m_position);
    m_ccch->GetRach().SetConditions(conditions);
    m_assignment.SetConditions(conditions);
}

Ptr<GsmRadioConditions>
GsmCell::GetRadioConditions() const
{
    return m_conditions;
}

void
GsmCell::SetPosition(const Vector& position)
{
    m_position = position;
    if (m_conditions)
    {
        m_conditions->SetCellPosition(position);
    }
}

Vector
GsmCell::GetPosition() const
{
    return m_position;
}

Time
GsmCell::GetTransitTime() const
{
    return m_transitTime;
}

uint16_t
GsmCell::GetLocationAreaCode() const
{
    return m_locationAreaCode;
}

bool
GsmCell::HasImsiAttachDetach() const
{
    return m_imsiAttachDetach;
}

Time
GsmCell::GetT3212() const
{
    return m_t3212;
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
    const auto request = m_requests.find(imsi);
    if (request != m_requests.end())
    {
        m_assignment.Abandon(request->second);
        m_requests.erase(request);
    }
}

void
GsmCell::CreatePools()
{
    if (!m_sdcchs.GetChannels().empty())
    {
        return;
    }
    m_environment.lapdm.t200Sapi0 = m_t200Sapi0;
    m_environment.lapdm.t200Sapi3 = m_t200Sapi3;
    m_environment.lapdm.n200 = m_n200;
    m_environment.lapdm.n200Establish = m_n200Establish;
    m_environment.sacch.t200Sapi0 = m_t200Sacch;
    m_environment.sacch.t200Sapi3 = m_t200Sacch;
    m_environment.frameErasureRate = m_frameErasureRate;
    m_environment.erasure = m_erasure;
    const uint32_t combined = m_ccch->IsCombined() ? COMBINED_SDCCHS : 0;
    for (uint32_t i = 0; i < m_sdcchCount; ++i)
    {
        m_sdcchs.Add(i < combined
                         ? std::make_unique<Sdcch>(m_environment, i, DedicatedChannelKind::SDCCH_4)
                         : std::make_unique<Sdcch>(m_environment, i - combined));
    }
    for (uint32_t i = 0; i < m_tchCount; ++i)
    {
        m_tchs.Add(std::make_unique<Sdcch>(m_environment, i, DedicatedChannelKind::SACCH_TCH));
    }
}

DedicatedChannelPool&
GsmCell::GetPool(const Sdcch& channel)
{
    return channel.GetKind() == DedicatedChannelKind::SACCH_TCH ? m_tchs : m_sdcchs;
}

void
GsmCell::RequestChannel(Ptr<GsmMobileStation> ms, EstablishmentCause cause)
{
    CreatePools();
    const auto answer = ChannelCallback([this, ms](const ChannelAnswer& received) {
        m_requests.erase(ms->GetImsi());
        AnswerPhone(*ms, received);
    });
    const uint64_t number = m_assignment.Start(cause, PeekPointer(ms), answer);
    const auto [request, isNew] = m_requests.emplace(ms->GetImsi(), number);
    if (!isNew)
    {
        // The phone has given its last request up.
        m_assignment.Abandon(request->second);
        request->second = number;
    }
}

void
GsmCell::RequestChannel(EstablishmentCause cause, ChannelCallback done)
{
    CreatePools();
    m_assignment.Start(cause, nullptr, done);
}

void
GsmCell::AnswerPhone(GsmMobileStation& ms, const ChannelAnswer& answer)
{
    switch (answer.outcome)
    {
    case ChannelOutcome::ASSIGNED:
        ms.ReceiveImmediateAssignment(*answer.block, *answer.channel);
        break;
    case ChannelOutcome::REJECTED:
        ms.ReceiveAssignmentReject(*answer.block);
        break;
    case ChannelOutcome::FAILED:
        ms.AccessFailed();
        break;
    }
}

Sdcch*
GsmCell::AllocateTrafficChannel(const GsmMobileStation* ms)
{
    CreatePools();
    Sdcch* channel = m_inService ? m_tchs.Seize(this, Time::Max()) : nullptr;
    if (channel == nullptr)
    {
        ++m_tchBlocked;
        return nullptr;
    }
    m_conditions->Apply(ms, *channel);
    return channel;
}

void
GsmCell::SeizeForLoad(Sdcch& channel)
{
    channel.SetNetwork(this, LOAD_SUBSCRIBER);
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
    const Time now = Simulator::Now();
    GetPool(channel).Release(channel, m_inService ? now + m_t3111 : now);
    m_assignment.FollowRelease();
}

void
GsmCell::SetInService(bool inService)
{
    if (inService == m_inService)
    {
        return;
    }
    m_inService = inService;
    m_ccch->SetInService(inService);
    if (inService)
    {
        return;
    }
    m_assignment.DropQueue();
    m_paging.NotifyDropped();
    SilencePool(m_sdcchs);
    SilencePool(m_tchs);
}

bool
GsmCell::IsInService() const
{
    return m_inService;
}

void
GsmCell::SilencePool(const DedicatedChannelPool& pool)
{
    for (const auto& channel : pool.GetChannels())
    {
        channel->FallSilent();
        if (!channel->IsOpen())
        {
            continue;
        }
        const uint64_t seizure = channel->GetSeizure();
        channel->GetNetwork()->HandleLink(
            *channel,
            {LapdmPrimitive::ERROR_INDICATION, SAPI_SIGNALLING, nullptr, 0});
        if (channel->IsOpen() && channel->GetSeizure() == seizure)
        {
            ReleaseChannel(*channel);
        }
    }
}

void
GsmCell::StartPaging(uint64_t imsi, Time wait, std::optional<uint32_t> tmsi)
{
    m_paging.Start(imsi, m_pageByTmsi ? tmsi : std::nullopt, wait + m_transitTime);
}

void
GsmCell::DeliverPaging(uint64_t imsi)
{
    const auto camped = m_camped.find(imsi);
    if (camped != m_camped.end() && !m_conditions->LosesCcchBlock(camped->second))
    {
        camped->second->ReceivePaging();
    }
}

void
GsmCell::FailPaging(uint64_t imsi)
{
    m_msc->NoPagingResponse(imsi);
}

void
GsmCell::StopPaging(uint64_t imsi)
{
    m_paging.Stop(imsi);
}

CounterList
GsmCell::GetCounters() const
{
    const Time now = Simulator::Now();
    const auto perTime = [now](Time busy) {
        return now.IsStrictlyPositive() ? busy.GetSeconds() / now.GetSeconds() : 0;
    };
    CounterList counters{
        {"sdcch_seizures", static_cast<double>(m_sdcchs.GetSeizures())},
        {"sdcch_blocked", static_cast<double>(m_assignment.GetBlocked())},
        {"sdcch_unused", static_cast<double>(m_sdcchs.GetUnused())},
        {"sdcch_seconds", m_sdcchs.GetFinishedTime().GetSeconds()},
        {"lapdm_frames", static_cast<double>(m_environment.frames)},
        {"lapdm_frames_lost", static_cast<double>(m_environment.erased)},
        {"lapdm_link_failures", static_cast<double>(m_environment.linkFailures)},
        {"pagings_sent", static_cast<double>(m_paging.GetSent())},
        {"pagings_failed", static_cast<double>(m_paging.GetFailed())},
    };
    const auto append = [&counters](const CounterList& more) {
        counters.insert(counters.end(), more.begin(), more.end());
    };
    append(m_ccch->GetCounters());
    append(m_assignment.GetCounters());
    append({
        {"sdcch_erlang", perTime(m_sdcchs.GetBusyTime())},
        {"sdcch_peak", static_cast<double>(m_sdcchs.GetPeak())},
        {"tch_seizures", static_cast<double>(m_tchs.GetSeizures())},
        {"tch_blocked", static_cast<double>(m_tchBlocked)},
        {"tch_erlang", perTime(m_tchs.GetBusyTime())},
        {"tch_peak", static_cast<double>(m_tchs.GetPeak())},
    });
    append(m_load->GetCounters());
    return counters;
}

int64_t
GsmCell::AssignStreams(int64_t first)
{
    const int64_t far = GetOptionalStreams(first);
    m_erasure->SetStream(first);
    m_load->AssignStreams(far + 1);
    m_conditions->AssignStreams(far + 8);
    return 1 + m_ccch->AssignStreams(first + 1, far);
}

} // namespace p2pim
} // namespace ns3
