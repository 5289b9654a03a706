// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-cell.h"

#include "ns3/attribute-checkers.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/pointer.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <bitset>
#include <utility>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GprsCell);

namespace
{

/// @return how many timeslots are assigned.
uint32_t
CountSlots(uint8_t pdchs)
{
    return static_cast<uint32_t>(std::bitset<PacketScheduler::MAX_PDCHS>(pdchs).count());
}

/// RLC window of GPRS (TS 44.060 9.1.9.1).
constexpr uint32_t GPRS_WINDOW = 64;

} // namespace

TypeId
GprsCell::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::GprsCell")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<GprsCell>()
            .AddAttribute("Pdchs",
                          "Packet data channels (timeslots) that the cell always has, 1 to 8.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&GprsCell::m_pdchs),
                          MakeUintegerChecker<uint8_t>(1, PacketScheduler::MAX_PDCHS))
            .AddAttribute("SharedPdchs",
                          "Timeslots that are PDCHs while voice does not need them, 0 to 7; with "
                          "Pdchs no more than 8. 0: none, and the cell's voice is not looked at.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&GprsCell::m_sharedPdchs),
                          MakeUintegerChecker<uint8_t>(0, PacketScheduler::MAX_PDCHS - 1))
            .AddAttribute(
                "VoiceChannels",
                "Timeslots that voice can have, 1 to 112, SharedPdchs among them: those "
                "it takes last. 14 as GsmCell.TchCount.",
                UintegerValue(14),
                MakeUintegerAccessor(&GprsCell::SetVoice<uint32_t, &VoiceLoadSettings::channels>,
                                     &GprsCell::GetVoice<uint32_t, &VoiceLoadSettings::channels>),
                MakeUintegerChecker<uint32_t>(1, 112))
            .AddAttribute(
                "VoiceLoad",
                "Load of voice that the cell is offered, Erlang, 0 to 200: calls of "
                "people who are not simulated, a Poisson process. 14 channels lose 2 % "
                "of 8.2 Erlang (Erlang B).",
                DoubleValue(0),
                MakeDoubleAccessor(&GprsCell::SetVoice<double, &VoiceLoadSettings::erlangs>,
                                   &GprsCell::GetVoice<double, &VoiceLoadSettings::erlangs>),
                MakeDoubleChecker<double>(0, 200))
            .AddAttribute(
                "VoiceHoldingTime",
                "Mean time for which a call of VoiceLoad holds its channel, "
                "exponentially distributed. Own choice, as VoiceCalls.MeanDuration.",
                TimeValue(Seconds(90)),
                MakeTimeAccessor(&GprsCell::SetVoice<Time, &VoiceLoadSettings::meanHoldingTime>,
                                 &GprsCell::GetVoice<Time, &VoiceLoadSettings::meanHoldingTime>),
                MakeTimeChecker(Seconds(1)))
            .AddAttribute("CodingScheme",
                          "Coding of data blocks: CS-1 to CS-4 with 8, 12, 14.4, 20 kbit/s of RLC "
                          "data a timeslot (TS 45.003), MCS-1 to MCS-9 of EGPRS with 8.8 to 59.2. "
                          "With LinkAdaptation the highest that is used, of its kind.",
                          EnumValue(GprsCodingScheme::CS_2),
                          MakeEnumAccessor(&GprsCell::m_codingScheme),
                          MakeGprsCodingSchemeChecker())
            .AddAttribute("LinkAdaptation",
                          "Whether the coding of each TBF follows its C/I: the one with the "
                          "highest rate of blocks that are not lost. Without a known C/I it is "
                          "CodingScheme.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GprsCell::m_linkAdaptation),
                          MakeBooleanChecker())
            .AddAttribute("RlcMode",
                          "Whether lost blocks are repeated (TS 44.060 9).",
                          EnumValue(RlcTransfer::Mode::ACKNOWLEDGED),
                          MakeEnumAccessor(&GprsCell::m_rlcMode),
                          MakeEnumChecker(RlcTransfer::Mode::ACKNOWLEDGED,
                                          "Acknowledged",
                                          RlcTransfer::Mode::UNACKNOWLEDGED,
                                          "Unacknowledged"))
            .AddAttribute("EgprsWindow",
                          "RLC window of EGPRS a timeslot, blocks: 64 to 192 (TS 44.060 table "
                          "9.1.9.2.1, where it depends on the slots). That of GPRS is 64.",
                          UintegerValue(128),
                          MakeUintegerAccessor(&GprsCell::m_egprsWindow),
                          MakeUintegerChecker<uint32_t>(64, 192))
            .AddAttribute("BlockErrorRate",
                          "Share of radio blocks that are lost where no C/I is known, 0 to 0.9. "
                          "Links are designed for about 0.1; 0 is a good radio.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&GprsCell::m_blockErrorRate),
                          MakeDoubleChecker<double>(0, 0.9))
            .AddAttribute(
                "Resegmentation",
                "Whether a block of EGPRS is repeated with the coding of its family "
                "that goes with the coding of new blocks, in two halves if it has to "
                "be (TS 44.060 8.1.1.1, RESEGMENT); otherwise with the coding that it "
                "had.",
                BooleanValue(false),
                MakeBooleanAccessor(&GprsCell::SetResegmentation, &GprsCell::GetResegmentation),
                MakeBooleanChecker())
            .AddAttribute("IncrementalRedundancy",
                          "Whether what was received of a lost block of EGPRS is combined with "
                          "its repetitions (TS 43.064, type II hybrid ARQ).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GprsCell::m_incrementalRedundancy),
                          MakeBooleanChecker())
            .AddAttribute("AcknowledgementBlocks",
                          "Blocks after which an acknowledgement is asked for, at the latest. Own "
                          "choice: a quarter of GPRS's window.",
                          UintegerValue(16),
                          MakeUintegerAccessor(&GprsCell::SetAcknowledgementBlocks,
                                               &GprsCell::GetAcknowledgementBlocks),
                          MakeUintegerChecker<uint32_t>(1, 64))
            .AddAttribute("BsCvMax",
                          "BS_CV_MAX: an uplink TBF takes no further data when no more than this "
                          "many of its blocks are left, 0 to 15 (TS 44.060 9.3.1; osmo-bsc: 15).",
                          UintegerValue(15),
                          MakeUintegerAccessor(&GprsCell::SetBsCvMax, &GprsCell::GetBsCvMax),
                          MakeUintegerChecker<uint32_t>(0, 15))
            .AddAttribute("PcuProcessing",
                          "Time that the packet control unit takes from a request to the "
                          "assignment being ready to be sent. Own choice, part of target C7.",
                          TimeValue(MilliSeconds(70)),
                          MakeTimeAccessor(&GprsCell::m_pcuProcessing),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("AssignmentReaction",
                          "Time from an assignment's reception to the first block that may use "
                          "it: the TBF starting time. Own choice of three blocks.",
                          TimeValue(MilliSeconds(60)),
                          MakeTimeAccessor(&GprsCell::m_assignmentReaction),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("PollPeriod",
                          "Period at which an open downlink TBF polls its station for an "
                          "acknowledgement, in which it can ask for an uplink TBF (TS 44.060 "
                          "8.1.1.1.2 Channel Request Description). Own choice.",
                          TimeValue(MilliSeconds(200)),
                          MakeTimeAccessor(&GprsCell::m_pollPeriod),
                          MakeTimeChecker(MilliSeconds(20)))
            .AddAttribute("TbfReleaseDelay",
                          "How long an idle downlink TBF is kept open (TS 44.060 9.3.1a; osmo-pcu "
                          "X2031: 2 s).",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&GprsCell::m_tbfReleaseDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute(
                "ExtendedUplinkTbf",
                "How long an idle uplink TBF is kept open (extended uplink TBF mode, "
                "TS 44.060 9.3.1b); 0 s releases it at once, as before Release 4.",
                TimeValue(Seconds(0)),
                MakeTimeAccessor(&GprsCell::SetExtendedUplink, &GprsCell::GetExtendedUplink),
                MakeTimeChecker(Seconds(0)))
            .AddAttribute("T3168",
                          "How long a station waits for its PACKET UPLINK ASSIGNMENT before it "
                          "asks again (TS 44.060 13.1; broadcast, 0.5 to 4 s; osmo-bsc: 2 s).",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&GprsCell::m_t3168),
                          MakeTimeChecker(MilliSeconds(500), Seconds(4)))
            .AddAttribute("T3192",
                          "How long a station listens on its PDCH after the end of a downlink TBF, "
                          "so that the next is assigned there (TS 44.060 13.2).",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&GprsCell::m_t3192),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("DrxTimerMax",
                          "How long a station stays out of DRX after a transfer, so that an "
                          "assignment need not wait for its paging group (TS 45.002 6.5.6: at most "
                          "4 s).",
                          TimeValue(Seconds(4)),
                          MakeTimeAccessor(&GprsCell::m_drxTimerMax),
                          MakeTimeChecker(Seconds(0), Seconds(4)))
            .AddAttribute("T3142",
                          "How long a station waits after its packet access was rejected (TS "
                          "44.060 13.1; osmo-pcu: 20 s).",
                          TimeValue(Seconds(20)),
                          MakeTimeAccessor(&GprsCell::m_t3142),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("GbDelay",
                          "One-way delay between the packet control unit and the SGSN. Own choice, "
                          "part of target C7.",
                          TimeValue(MilliSeconds(80)),
                          MakeTimeAccessor(&GprsCell::m_gbDelay),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("FlowControl",
                          "Whether the cell has the SGSN hold back what it cannot send (BSSGP flow "
                          "control, TS 48.018 8.2); otherwise it takes all that comes.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GprsCell::m_flowControl),
                          MakeBooleanChecker())
            .AddAttribute("FlowControlBucketTime",
                          "Size of the buckets of the cell and of each station, as the time in "
                          "which they leak (osmo-pcu: 10 s).",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&GprsCell::m_bucketTime),
                          MakeTimeChecker(MilliSeconds(100), Seconds(100)))
            .AddAttribute("FlowControlPeriod",
                          "C: least time between two reports of a bucket to the SGSN (TS 48.018 "
                          "11: 1 to 10 s).",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&GprsCell::m_flowControlPeriod),
                          MakeTimeChecker(Seconds(1), Seconds(10)))
            .AddAttribute("GprsResumption",
                          "Whether the BSS tells the SGSN when a station that has suspended its "
                          "GPRS is released from its channel (RESUME, TS 48.018 7.4.2); otherwise "
                          "the station has a routing area update then.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&GprsCell::m_resumption),
                          MakeBooleanChecker())
            .AddAttribute("TwoPhaseAccess",
                          "Whether uplink access takes a second phase: PACKET RESOURCE REQUEST on "
                          "a block of its own and PACKET UPLINK ASSIGNMENT (TS 44.060 7.1.3).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GprsCell::m_twoPhaseAccess),
                          MakeBooleanChecker())
            .AddTraceSource("LlcFrame",
                            "An LLC frame has crossed the radio: whether uplink, TLLI, the frame.",
                            MakeTraceSourceAccessor(&GprsCell::m_frameTrace),
                            "ns3::p2pim::GprsCell::FrameTracedCallback")
            .AddAttribute("DelaySpikeInterval",
                          "Mean time from one delay spike of an active TBF to the next; their "
                          "times are a Poisson process. 0: there are none.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&GprsCell::m_spikeInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("DelaySpikeDuration",
                          "Seconds for which a delay spike lets no data block of the TBF pass: 4 "
                          "to 40 s on a live network (Chakravorty and Pratt 2002).",
                          StringValue("ns3::UniformRandomVariable[Min=4|Max=40]"),
                          MakePointerAccessor(&GprsCell::m_spikeDuration),
                          MakeRandomChecker(0))
            .AddTraceSource("Transfer",
                            "A station's page, TBF or LLC PDU: its IMSI, whether it is the uplink, "
                            "what happened and when.",
                            MakeTraceSourceAccessor(&GprsCell::m_transferTrace),
                            "ns3::p2pim::GprsCell::TransferTracedCallback");
    return tid;
}

GprsCell::GprsCell()
    : m_blockErrors(CreateObject<UniformRandomVariable>()),
      m_spikes(CreateObject<ExponentialRandomVariable>()),
      m_voice(m_voiceSettings),
      m_scheduler(*this, m_settings)
{
}

GprsCell::~GprsCell() = default;

void
GprsCell::DoDispose()
{
    m_scheduler.Cancel();
    m_ccch = nullptr;
    m_conditions = nullptr;
    m_sgsn = nullptr;
    m_blockErrors = nullptr;
    m_spikes = nullptr;
    m_spikeDuration = nullptr;
    m_left.clear();
    Object::DoDispose();
}

void
GprsCell::SetCommonControlChannel(Ptr<CommonControlChannel> ccch)
{
    m_ccch = ccch;
}

void
GprsCell::SetRadioConditions(Ptr<GsmRadioConditions> conditions)
{
    m_conditions = conditions;
}

void
GprsCell::SetSgsn(Ptr<Sgsn> sgsn)
{
    m_sgsn = sgsn;
}

void
GprsCell::SetRoutingArea(const RoutingAreaId& area)
{
    m_routingArea = area;
}

const RoutingAreaId&
GprsCell::GetRoutingArea() const
{
    return m_routingArea;
}

Time
GprsCell::GetGbDelay() const
{
    return m_gbDelay;
}

int64_t
GprsCell::AssignStreams(int64_t first)
{
    m_blockErrors->SetStream(first);
    const int64_t far = GetOptionalStreams(first);
    m_spikes->SetStream(far);
    m_spikeDuration->SetStream(far + 1);
    m_voice.AssignStreams(far + 2);
    return 1;
}

void
GprsCell::SetAcknowledgementBlocks(uint32_t blocks)
{
    m_settings.acknowledgementBlocks = blocks;
}

uint32_t
GprsCell::GetAcknowledgementBlocks() const
{
    return m_settings.acknowledgementBlocks;
}

void
GprsCell::SetBsCvMax(uint32_t blocks)
{
    m_settings.countdownBlocks = blocks;
}

uint32_t
GprsCell::GetBsCvMax() const
{
    return m_settings.countdownBlocks;
}

void
GprsCell::SetResegmentation(bool resegments)
{
    m_settings.resegmentation = resegments;
}

bool
GprsCell::GetResegmentation() const
{
    return m_settings.resegmentation;
}

void
GprsCell::SetExtendedUplink(Time time)
{
    m_extendedUplink = time;
    m_settings.extendedUplink = time.IsStrictlyPositive();
}

Time
GprsCell::GetExtendedUplink() const
{
    return m_extendedUplink;
}

RlcEntity&
GprsCell::GetRlc(GprsMobileStation& ms)
{
    auto& rlc = ms.GetRlc();
    rlc.uplink.ms = &ms;
    rlc.uplink.uplink = true;
    rlc.downlink.ms = &ms;
    const GsmMobileStation* gsm = ms.GetGsmMobileStation();
    rlc.uplink.meter = gsm != nullptr ? gsm->GetEnergyMeter() : nullptr;
    rlc.downlink.meter = rlc.uplink.meter;
    return rlc;
}

/// There is a queue and no TBF at work.
void
GprsCell::SendMore(TemporaryBlockFlow& flow)
{
    if (flow.ms->IsSuspended() || WaitsForCoverage(flow))
    {
        return;
    }
    if (Simulator::Now() < flow.openUntil)
    {
        Activate(flow);
    }
    else if (flow.uplink)
    {
        RequestUplink(flow.ms);
    }
    else
    {
        AssignDownlink(flow.ms);
    }
}

bool
GprsCell::IsDownlinkOpen(const RlcEntity& rlc)
{
    return rlc.downlink.state == TemporaryBlockFlow::State::ACTIVE ||
           Simulator::Now() < rlc.downlink.openUntil;
}

void
GprsCell::Page(Ptr<GprsMobileStation> ms)
{
    ++m_packetPages;
    m_transferTrace(ms->GetImsi(), false, GprsTransferEvent::PAGED, Simulator::Now());
    m_ccch->Page(ms->GetImsi(), MakeCallback(&GprsCell::PageRead, this).Bind(ms));
}

void
GprsCell::PageRead(Ptr<GprsMobileStation> ms)
{
    if (ms->GetCell() == this)
    {
        ms->ReceivePage();
    }
}

void
GprsCell::Activate(TemporaryBlockFlow& flow)
{
    flow.attempts = 0;
    LoseExpired(flow);
    if (flow.queue.empty())
    {
        flow.state = TemporaryBlockFlow::State::NONE;
        MeterEnd(flow);
        return;
    }
    const MultislotClass& slots = flow.ms->GetSlots();
    const auto& rlc = flow.ms->GetRlc();
    const auto& other = flow.uplink ? rlc.downlink : rlc.uplink;
    const auto used =
        other.state == TemporaryBlockFlow::State::ACTIVE ? CountSlots(other.pdchs) : 1;
    const uint8_t most = flow.uplink ? slots.uplink : slots.downlink;
    const auto width = std::min(most, static_cast<uint8_t>(slots.sum - used));
    flow.slots = width;
    const auto chosen = m_scheduler.Choose(width, flow.uplink);
    flow.pdchs = chosen != 0 ? chosen : 1;
    if (m_spikeInterval.IsStrictlyPositive())
    {
        flow.nextSpike =
            Simulator::Now() + Seconds(m_spikes->GetValue(m_spikeInterval.GetSeconds(), 0));
    }
    const uint32_t window =
        IsEgprs(m_codingScheme) ? m_egprsWindow * CountSlots(flow.pdchs) : GPRS_WINDOW;
    MeterStart(flow);
    m_scheduler.Start(flow, m_rlcMode, window);
}

void
GprsCell::EndTransfer(TemporaryBlockFlow& flow)
{
    flow.openUntil = flow.lastBlock + (flow.uplink ? m_extendedUplink : m_tbfReleaseDelay);
    MeterEnd(flow);
    if (!flow.queue.empty())
    {
        SendMore(flow);
    }
}

void
GprsCell::FailTransfer(TemporaryBlockFlow& flow)
{
    ++m_tbfFailures;
    flow.openUntil = Time();
    if (!WaitsForCoverage(flow))
    {
        Lose(flow, LossCause::LINK_FAILURE);
    }
}

CounterList
GprsCell::GetCounters() const
{
    CounterList counters{
        {"access_rejects", static_cast<double>(m_accessRejects)},
        {"assignments_lost", static_cast<double>(m_assignmentsLost)},
        {"cs_pages_missed", static_cast<double>(m_pagesMissed)},
        {"cs_pages_pacch", static_cast<double>(m_pacchPages)},
        {"delay_spikes", static_cast<double>(m_delaySpikes)},
        {"downlink_tbfs", static_cast<double>(m_downlinkTbfs)},
        {"packet_pages", static_cast<double>(m_packetPages)},
        {"suspensions", static_cast<double>(m_suspensions)},
        {"tbf_failures", static_cast<double>(m_tbfFailures)},
        {"uplink_tbfs", static_cast<double>(m_uplinkTbfs)},
    };
    const CounterList blocks = m_scheduler.GetCounters();
    counters.insert(counters.end(), blocks.begin(), blocks.end());
    uint64_t left = 0;
    for (const auto& [imsi, pdus] : m_left)
    {
        for (const LlcPdu& pdu : pdus)
        {
            left += GetLlcOctets(pdu);
        }
    }
    counters.emplace_back("llc_downlink_octets_left_behind", static_cast<double>(left));
    m_downlinkOctets.AppendTo("llc_downlink", counters);
    m_uplinkOctets.AppendTo("llc_uplink", counters);
    AppendVoiceCounters(counters);
    m_stationOctets.downlink.AppendTo("phone_downlink", counters);
    m_stationOctets.llcDownlink.AppendTo("phone_llc_downlink", counters);
    m_stationOctets.sndcpDownlink.AppendTo("phone_sndcp_downlink", counters);
    m_stationOctets.uplink.AppendTo("phone_uplink", counters);
    return counters;
}

GprsStationOctets&
GprsCell::GetStationOctets()
{
    return m_stationOctets;
}

} // namespace p2pim
} // namespace ns3
