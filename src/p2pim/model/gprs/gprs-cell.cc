// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gprs-cell.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/gprs-coding-scheme.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/log.h"
#include "ns3/ns3-compatibility.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GprsCell");
NS_OBJECT_ENSURE_REGISTERED(GprsCell);

namespace
{

const Time g_block = NanoSeconds(RADIO_BLOCK_NS);

/// @return the first start of a block period at or after @p time.
Time
NextBlock(Time time)
{
    const int64_t blocks = (time.GetNanoSeconds() + RADIO_BLOCK_NS - 1) / RADIO_BLOCK_NS;
    return NanoSeconds(blocks * RADIO_BLOCK_NS);
}

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
                          "Packet data channels (timeslots) of the cell, 1 to 8.",
                          UintegerValue(4),
                          MakeUintegerAccessor(&GprsCell::m_pdchCount),
                          MakeUintegerChecker<uint8_t>(1, MAX_PDCHS))
            .AddAttribute("CodingScheme",
                          "Coding scheme of every data block, 1 to 4: CS-1 to CS-4 with 8, 12, "
                          "14.4, 20 kbit/s of RLC data a timeslot (TS 45.003).",
                          UintegerValue(2),
                          MakeUintegerAccessor(&GprsCell::m_codingScheme),
                          MakeUintegerChecker<uint8_t>(1, 4))
            .AddAttribute("BlockErrorRate",
                          "Share of radio blocks that are lost and sent again in the next turn, "
                          "0 to 0.9. Links are designed for about 0.1; 0 is a good radio.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&GprsCell::m_blockErrorRate),
                          MakeDoubleChecker<double>(0, 0.9))
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
            .AddAttribute("ExtendedUplinkTbf",
                          "How long an idle uplink TBF is kept open (extended uplink TBF mode, "
                          "TS 44.060 9.3.1b); 0 s releases it at once, as before Release 4.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&GprsCell::m_extendedUplink),
                          MakeTimeChecker(Seconds(0)))
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
            .AddAttribute("TwoPhaseAccess",
                          "Whether uplink access takes a second phase: PACKET RESOURCE REQUEST on "
                          "a block of its own and PACKET UPLINK ASSIGNMENT (TS 44.060 7.1.3).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&GprsCell::m_twoPhaseAccess),
                          MakeBooleanChecker());
    return tid;
}

GprsCell::GprsCell()
    : m_blockErrors(CreateObject<UniformRandomVariable>())
{
}

GprsCell::~GprsCell() = default;

void
GprsCell::DoDispose()
{
    m_tick.Cancel();
    m_uplink = {};
    m_downlink = {};
    m_ccch = nullptr;
    m_sgsn = nullptr;
    m_blockErrors = nullptr;
    Object::DoDispose();
}

void
GprsCell::SetCommonControlChannel(Ptr<CommonControlChannel> ccch)
{
    m_ccch = ccch;
}

void
GprsCell::SetSgsn(Ptr<Sgsn> sgsn)
{
    m_sgsn = sgsn;
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
    return 1;
}

RlcEntity&
GprsCell::GetRlc(GprsMobileStation& ms)
{
    auto& rlc = ms.GetRlc();
    rlc.uplink.ms = &ms;
    rlc.downlink.ms = &ms;
    return rlc;
}

void
GprsCell::Enqueue(BlockFlow& flow, LlcPdu pdu)
{
    if (flow.queue.empty())
    {
        flow.headOctetsLeft = GetLlcOctets(pdu);
    }
    flow.queue.push_back(std::move(pdu));
}

bool
GprsCell::IsDownlinkOpen(const RlcEntity& rlc) const
{
    return rlc.downlink.state == BlockFlow::State::ACTIVE ||
           Simulator::Now() < rlc.downlink.openUntil;
}

void
GprsCell::SendUplink(Ptr<GprsMobileStation> ms, LlcPdu pdu)
{
    auto& flow = GetRlc(*ms).uplink;
    Enqueue(flow, std::move(pdu));
    if (flow.state != BlockFlow::State::NONE)
    {
        return;
    }
    if (Simulator::Now() < flow.openUntil)
    {
        Activate(flow, true);
        return;
    }
    RequestUplink(ms);
}

void
GprsCell::RequestUplink(Ptr<GprsMobileStation> ms)
{
    auto& rlc = GetRlc(*ms);
    rlc.uplink.state = BlockFlow::State::REQUESTED;
    if (!IsDownlinkOpen(rlc))
    {
        m_ccch->RequestAccess(MakeCallback(&GprsCell::UplinkAccessDecoded, this).Bind(ms));
        return;
    }
    // the next poll of the downlink TBF carries the request, its assignment comes on the PACCH
    const auto period = m_pollPeriod.GetNanoSeconds();
    const auto since = (Simulator::Now() - rlc.downlink.opened).GetNanoSeconds();
    const auto untilPoll = NanoSeconds(period - since % period);
    Simulator::Schedule(untilPoll + m_pcuProcessing + g_block + m_assignmentReaction,
                        &GprsCell::UplinkAssigned,
                        this,
                        ms);
}

void
GprsCell::UplinkAccessDecoded(Ptr<GprsMobileStation> ms, bool decoded)
{
    if (!decoded)
    {
        NS_LOG_LOGIC("random access failed, tried again after T3142");
        ++m_accessRejects;
        Simulator::Schedule(m_t3142, &GprsCell::RequestUplink, this, ms);
        return;
    }
    auto delay = m_pcuProcessing;
    if (m_twoPhaseAccess)
    {
        // the single block for the request, its processing, the assignment on the PACCH
        delay += m_assignmentReaction + g_block + m_pcuProcessing + g_block;
    }
    m_ccch->SendOnAgch(MakeCallback(&GprsCell::ReactUplink, this).Bind(ms), delay);
}

void
GprsCell::ReactUplink(Ptr<GprsMobileStation> ms)
{
    Simulator::Schedule(m_assignmentReaction, &GprsCell::UplinkAssigned, this, ms);
}

void
GprsCell::UplinkAssigned(Ptr<GprsMobileStation> ms)
{
    auto& flow = GetRlc(*ms).uplink;
    if (ChoosePdchs(1, true) == 0)
    {
        ++m_accessRejects;
        Simulator::Schedule(m_t3142, &GprsCell::RequestUplink, this, ms);
        return;
    }
    ++m_uplinkTbfs;
    flow.opened = Simulator::Now();
    Activate(flow, true);
}

void
GprsCell::SendDownlink(Ptr<GprsMobileStation> ms, LlcPdu pdu)
{
    auto& rlc = GetRlc(*ms);
    auto& flow = rlc.downlink;
    Enqueue(flow, std::move(pdu));
    if (flow.state != BlockFlow::State::NONE)
    {
        return;
    }
    if (IsDownlinkOpen(rlc))
    {
        Activate(flow, false);
        return;
    }
    AssignDownlink(ms);
}

void
GprsCell::AssignDownlink(Ptr<GprsMobileStation> ms)
{
    auto& rlc = GetRlc(*ms);
    rlc.downlink.state = BlockFlow::State::REQUESTED;
    const auto now = Simulator::Now();
    auto assigned = MakeCallback(&GprsCell::ReactDownlink, this).Bind(ms);

    const bool everOpen = rlc.downlink.openUntil.IsStrictlyPositive();
    if (rlc.uplink.state == BlockFlow::State::ACTIVE ||
        (everOpen && now < rlc.downlink.openUntil + m_t3192))
    {
        Simulator::Schedule(m_pcuProcessing + g_block + m_assignmentReaction,
                            &GprsCell::DownlinkAssigned,
                            this,
                            ms);
        return;
    }
    const auto lastBlock = std::max(rlc.uplink.lastBlock, rlc.downlink.lastBlock);
    if (lastBlock.IsStrictlyPositive() && now < lastBlock + m_drxTimerMax)
    {
        m_ccch->SendOnAgch(assigned, m_pcuProcessing);
        return;
    }
    m_ccch->Page(ms->GetImsi(), assigned, m_pcuProcessing);
}

void
GprsCell::ReactDownlink(Ptr<GprsMobileStation> ms)
{
    Simulator::Schedule(m_assignmentReaction, &GprsCell::DownlinkAssigned, this, ms);
}

void
GprsCell::DownlinkAssigned(Ptr<GprsMobileStation> ms)
{
    auto& flow = GetRlc(*ms).downlink;
    ++m_downlinkTbfs;
    flow.opened = Simulator::Now();
    Activate(flow, false);
}

void
GprsCell::Page(Ptr<GprsMobileStation> ms)
{
    ++m_packetPages;
    m_ccch->Page(ms->GetImsi(), MakeCallback(&GprsMobileStation::ReceivePage, ms));
}

uint8_t
GprsCell::ChoosePdchs(uint8_t slots, bool uplink) const
{
    const auto& rotations = uplink ? m_uplink : m_downlink;
    const uint8_t width = std::min(slots, m_pdchCount);
    std::size_t best = 0;
    std::size_t bestLoad = SIZE_MAX;
    for (std::size_t first = 0; first + width <= m_pdchCount; ++first)
    {
        std::size_t load = 0;
        for (std::size_t n = first; n < first + width; ++n)
        {
            load += rotations[n].flows.size();
        }
        if (load < bestLoad)
        {
            best = first;
            bestLoad = load;
        }
    }
    if (uplink && bestLoad >= MAX_USF * width)
    {
        return 0;
    }
    return static_cast<uint8_t>(((1U << width) - 1) << best);
}

void
GprsCell::Activate(BlockFlow& flow, bool uplink)
{
    flow.state = BlockFlow::State::ACTIVE;
    const uint8_t slots = uplink ? flow.ms->GetUplinkSlots() : flow.ms->GetDownlinkSlots();
    const auto chosen = ChoosePdchs(slots, uplink);
    flow.pdchs = chosen != 0 ? chosen : 1;
    auto& rotations = uplink ? m_uplink : m_downlink;
    for (std::size_t n = 0; n < m_pdchCount; ++n)
    {
        if ((flow.pdchs >> n & 1U) != 0)
        {
            rotations[n].flows.push_back(&flow);
        }
    }
    ++m_backlogged;
    ScheduleTick();
}

void
GprsCell::ScheduleTick()
{
    if (IsPending(m_tick))
    {
        return;
    }
    const auto now = Simulator::Now();
    const auto next = std::max(NextBlock(now), m_nextBlock);
    m_tick = Simulator::Schedule(next - now, &GprsCell::Tick, this);
}

void
GprsCell::Tick()
{
    m_nextBlock = Simulator::Now() + g_block;
    for (std::size_t n = 0; n < m_pdchCount; ++n)
    {
        if (!m_downlink[n].flows.empty())
        {
            SendBlock(m_downlink[n], false);
        }
        if (!m_uplink[n].flows.empty())
        {
            SendBlock(m_uplink[n], true);
        }
    }
    if (m_backlogged > 0)
    {
        m_tick = Simulator::Schedule(g_block, &GprsCell::Tick, this);
    }
}

void
GprsCell::SendBlock(Rotation& rotation, bool uplink)
{
    ++(uplink ? m_uplinkBlocks : m_downlinkBlocks);
    rotation.next %= rotation.flows.size();
    auto& flow = *rotation.flows[rotation.next++];
    if (m_blockErrorRate > 0 && m_blockErrors->GetValue() < m_blockErrorRate)
    {
        ++m_erroredBlocks;
        return;
    }
    auto room = GetRlcDataOctets(m_codingScheme);
    while (room > 0 && !flow.queue.empty())
    {
        const auto sent = std::min(room, flow.headOctetsLeft);
        room -= sent;
        flow.headOctetsLeft -= sent;
        if (flow.headOctetsLeft == 0)
        {
            DeliverHead(flow, uplink);
        }
    }
    if (flow.queue.empty())
    {
        Release(flow, uplink);
    }
}

void
GprsCell::DeliverHead(BlockFlow& flow, bool uplink)
{
    auto pdu = std::move(flow.queue.front());
    flow.queue.pop_front();
    if (!flow.queue.empty())
    {
        flow.headOctetsLeft = GetLlcOctets(flow.queue.front());
    }
    if (uplink)
    {
        Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                       g_block + m_gbDelay,
                                       &Sgsn::ReceiveUplink,
                                       m_sgsn,
                                       Ptr<GprsMobileStation>(flow.ms),
                                       pdu);
    }
    else
    {
        Simulator::ScheduleWithContext(flow.ms->GetNodeId(),
                                       g_block + flow.ms->GetProcessingDelay(),
                                       &GprsMobileStation::ReceiveDownlink,
                                       Ptr<GprsMobileStation>(flow.ms),
                                       pdu);
    }
}

void
GprsCell::Release(BlockFlow& flow, bool uplink)
{
    auto& rotations = uplink ? m_uplink : m_downlink;
    for (std::size_t n = 0; n < m_pdchCount; ++n)
    {
        if ((flow.pdchs >> n & 1U) != 0)
        {
            auto& flows = rotations[n].flows;
            flows.erase(std::find(flows.begin(), flows.end(), &flow));
        }
    }
    --m_backlogged;
    flow.state = BlockFlow::State::NONE;
    flow.lastBlock = Simulator::Now() + g_block;
    flow.openUntil = flow.lastBlock + (uplink ? m_extendedUplink : m_tbfReleaseDelay);
}

CounterList
GprsCell::GetCounters() const
{
    return {
        {"access_rejects", static_cast<double>(m_accessRejects)},
        {"downlink_blocks", static_cast<double>(m_downlinkBlocks)},
        {"downlink_tbfs", static_cast<double>(m_downlinkTbfs)},
        {"errored_blocks", static_cast<double>(m_erroredBlocks)},
        {"packet_pages", static_cast<double>(m_packetPages)},
        {"uplink_blocks", static_cast<double>(m_uplinkBlocks)},
        {"uplink_tbfs", static_cast<double>(m_uplinkTbfs)},
    };
}

} // namespace p2pim
} // namespace ns3
