// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What the packet side of a cell has to do with circuit switching: stations that are in packet
 * transfer when they are paged, and those that suspend their GPRS (TS 44.018 3.4.25,
 * TS 48.018 7.4).
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

void
GprsCell::SetNetworkMode(NetworkMode mode)
{
    m_networkMode = mode;
}

NetworkMode
GprsCell::GetNetworkMode() const
{
    return m_networkMode;
}

bool
GprsCell::IsInTransfer(const GprsMobileStation& ms) const
{
    const RlcEntity* rlc = ms.FindRlc();
    if (rlc == nullptr)
    {
        return false;
    }
    const Time now = Simulator::Now();
    const Time listens = rlc->downlink.openUntil;
    return rlc->uplink.state == TemporaryBlockFlow::State::ACTIVE || now < rlc->uplink.openUntil ||
           rlc->downlink.state == TemporaryBlockFlow::State::ACTIVE ||
           (listens.IsStrictlyPositive() && now < listens + m_t3192);
}

void
GprsCell::NotifyPageMissed()
{
    ++m_pagesMissed;
}

void
GprsCell::Interrupt(GprsMobileStation& ms)
{
    if (ms.FindRlc() == nullptr)
    {
        return;
    }
    auto& rlc = GetRlc(ms);
    for (auto* flow : {&rlc.uplink, &rlc.downlink})
    {
        m_scheduler.Stop(*flow);
        flow->state = TemporaryBlockFlow::State::NONE;
        flow->attempts = 0;
        flow->openUntil = Time();
        flow->lastBlock = Time();
    }
}

void
GprsCell::ReceiveSuspension(uint64_t imsi, const GprsSuspensionRequest& request)
{
    ++m_suspensions;
    Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                   m_gbDelay,
                                   &Sgsn::Suspend,
                                   m_sgsn,
                                   imsi,
                                   request.tlli);
}

bool
GprsCell::TellsResumption(uint64_t imsi) const
{
    return m_resumption && m_sgsn->IsRegistered(imsi);
}

void
GprsCell::ReceiveRelease(uint64_t imsi, Time wait)
{
    Simulator::ScheduleWithContext(m_sgsn->GetNodeId(),
                                   wait + m_gbDelay,
                                   &Sgsn::Resume,
                                   m_sgsn,
                                   imsi);
}

bool
GprsCell::PageOnPacch(uint64_t imsi, Time wait)
{
    const auto ms = m_networkMode == NetworkMode::NMO_I ? m_sgsn->FindAssociated(imsi) : nullptr;
    if (!ms || ms->GetCell() != this || !IsInTransfer(*ms))
    {
        return false;
    }
    ++m_pacchPages;
    // by way of the SGSN, and in the next radio block
    Simulator::ScheduleWithContext(ms->GetNodeId(),
                                   wait + m_gbDelay + NanoSeconds(RADIO_BLOCK_NS),
                                   &GprsCell::PacchPageSent,
                                   Ptr<GprsCell>(this),
                                   ms);
    return true;
}

void
GprsCell::PacchPageSent(Ptr<GprsMobileStation> ms)
{
    if (!LosesBlock(GetRlc(*ms).downlink, GprsCodingScheme::CS_1, 0))
    {
        ms->ReceiveCircuitPage();
    }
}

} // namespace p2pim
} // namespace ns3
