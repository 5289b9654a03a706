// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * How a station gets its TBFs: uplink access and downlink assignment (TS 44.060 7.1, 7.2).
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_LOG_COMPONENT_DEFINE("GprsCellAccess");

namespace
{

/// Length of a block that an assignment or request takes, rounded up.
const Time g_block = NanoSeconds(RADIO_BLOCK_NS);
/// How often a station or the network tries again before it gives up (TS 44.060 7.1.3.3: 4 times).
constexpr uint8_t MAX_ATTEMPTS = 4;

} // namespace

uint32_t
GprsCell::StartRequest(TemporaryBlockFlow& flow)
{
    flow.state = TemporaryBlockFlow::State::REQUESTED;
    m_transferTrace(flow.ms->GetImsi(),
                    flow.uplink,
                    GprsTransferEvent::REQUESTED,
                    Simulator::Now());
    return ++flow.request;
}

bool
GprsCell::IsWanted(const TemporaryBlockFlow& flow, uint32_t request)
{
    return flow.state == TemporaryBlockFlow::State::REQUESTED && flow.request == request;
}

bool
GprsCell::TryAgain(TemporaryBlockFlow& flow)
{
    ++m_assignmentsLost;
    if (++flow.attempts < MAX_ATTEMPTS)
    {
        return true;
    }
    ++m_tbfFailures;
    Lose(flow, LossCause::LINK_FAILURE);
    return false;
}

void
GprsCell::RequestUplink(Ptr<GprsMobileStation> ms)
{
    auto& rlc = GetRlc(*ms);
    const uint32_t request = StartRequest(rlc.uplink);
    MeterRequest(rlc.uplink, true);
    if (!IsDownlinkOpen(rlc))
    {
        m_ccch->GetRach().Start(
            MakeCallback(&GprsCell::UplinkAccessDecoded, this).Bind(ms, request),
            nullptr,
            false,
            rlc.uplink.meter);
        return;
    }
    // the next poll of the downlink TBF carries the request, its assignment comes on the PACCH
    const auto period = m_pollPeriod.GetNanoSeconds();
    const auto since = (Simulator::Now() - rlc.downlink.opened).GetNanoSeconds();
    const auto untilPoll = NanoSeconds(period - since % period);
    Simulator::Schedule(untilPoll + m_pcuProcessing + g_block + m_assignmentReaction,
                        &GprsCell::UplinkAssigned,
                        this,
                        ms,
                        request);
}

void
GprsCell::RequestUplinkAgain(Ptr<GprsMobileStation> ms, uint32_t request)
{
    auto& flow = GetRlc(*ms).uplink;
    if (IsWanted(flow, request) && !WaitsForCoverage(flow))
    {
        RequestUplink(ms);
    }
}

void
GprsCell::UplinkAccessDecoded(Ptr<GprsMobileStation> ms, uint32_t request, bool decoded)
{
    if (!decoded)
    {
        NS_LOG_LOGIC("random access failed, tried again after T3142");
        MeterRequest(GetRlc(*ms).uplink, false);
        ++m_accessRejects;
        Simulator::Schedule(m_t3142, &GprsCell::RequestUplinkAgain, this, ms, request);
        return;
    }
    auto delay = m_pcuProcessing;
    if (m_twoPhaseAccess)
    {
        // the single block for the request, its processing, the assignment on the PACCH
        delay += m_assignmentReaction + g_block + m_pcuProcessing + g_block;
    }
    m_ccch->SendOnAgch(MakeCallback(&GprsCell::ReactUplink, this).Bind(ms, request), delay);
}

void
GprsCell::ReactUplink(Ptr<GprsMobileStation> ms, uint32_t request)
{
    Simulator::Schedule(m_assignmentReaction, &GprsCell::UplinkAssigned, this, ms, request);
}

void
GprsCell::UplinkAssigned(Ptr<GprsMobileStation> ms, uint32_t request)
{
    auto& flow = GetRlc(*ms).uplink;
    if (!IsWanted(flow, request))
    {
        return;
    }
    if (LosesBlock(flow, GprsCodingScheme::CS_1, 0))
    {
        if (!WaitsForCoverage(flow) && TryAgain(flow))
        {
            Simulator::Schedule(m_t3168, &GprsCell::RequestUplinkAgain, this, ms, request);
        }
        return;
    }
    if (m_scheduler.Choose(1, true) == 0)
    {
        MeterRequest(flow, false);
        ++m_accessRejects;
        Simulator::Schedule(m_t3142, &GprsCell::RequestUplinkAgain, this, ms, request);
        return;
    }
    ++m_uplinkTbfs;
    flow.opened = Simulator::Now();
    m_transferTrace(ms->GetImsi(), flow.uplink, GprsTransferEvent::OPENED, flow.opened);
    Activate(flow);
}

void
GprsCell::AssignDownlink(Ptr<GprsMobileStation> ms)
{
    auto& rlc = GetRlc(*ms);
    const uint32_t request = StartRequest(rlc.downlink);
    const auto now = Simulator::Now();
    auto assigned = MakeCallback(&GprsCell::ReactDownlink, this).Bind(ms, request);

    const bool everOpen = rlc.downlink.openUntil.IsStrictlyPositive();
    if (rlc.uplink.state == TemporaryBlockFlow::State::ACTIVE ||
        (everOpen && now < rlc.downlink.openUntil + m_t3192))
    {
        Simulator::Schedule(m_pcuProcessing + g_block + m_assignmentReaction,
                            &GprsCell::DownlinkAssigned,
                            this,
                            ms,
                            request);
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
GprsCell::ReactDownlink(Ptr<GprsMobileStation> ms, uint32_t request)
{
    MeterRequest(GetRlc(*ms).downlink, true);
    Simulator::Schedule(m_assignmentReaction, &GprsCell::DownlinkAssigned, this, ms, request);
}

void
GprsCell::DownlinkAssigned(Ptr<GprsMobileStation> ms, uint32_t request)
{
    auto& flow = GetRlc(*ms).downlink;
    if (!IsWanted(flow, request))
    {
        return;
    }
    if (LosesBlock(flow, GprsCodingScheme::CS_1, 0))
    {
        if (TryAgain(flow))
        {
            AssignDownlink(ms);
        }
        return;
    }
    ++m_downlinkTbfs;
    flow.opened = Simulator::Now();
    m_transferTrace(ms->GetImsi(), flow.uplink, GprsTransferEvent::OPENED, flow.opened);
    Activate(flow);
}

} // namespace p2pim
} // namespace ns3
