// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Stations that come to a cell, leave it, or go out of its coverage.
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

/// Frames of the station wait; when it is switched off they are void.
bool
GprsCell::WaitsForCoverage(TemporaryBlockFlow& flow)
{
    if (!flow.uplink || flow.ms->IsReachable())
    {
        return false;
    }
    if (!flow.ms->IsPoweredOn())
    {
        Lose(flow, LossCause::DETACHED);
    }
    m_scheduler.Stop(flow);
    flow.state = TemporaryBlockFlow::State::NONE;
    flow.attempts = 0;
    flow.openUntil = Time();
    return true;
}

std::list<LlcPdu>
GprsCell::Leave(GprsMobileStation& ms)
{
    auto& rlc = GetRlc(ms);
    for (auto* flow : {&rlc.uplink, &rlc.downlink})
    {
        m_scheduler.Stop(*flow);
        flow->state = TemporaryBlockFlow::State::NONE;
        flow->attempts = 0;
        flow->openUntil = Time();
        flow->lastBlock = Time();
    }
    if (!rlc.downlink.queue.empty())
    {
        auto& left = m_left[ms.GetImsi()];
        left.splice(left.end(), rlc.downlink.queue);
    }
    for (const auto& pdu : rlc.uplink.queue)
    {
        m_uplinkOctets.Lose(GetLlcOctets(pdu), LossCause::REROUTED);
    }
    return std::exchange(rlc.uplink.queue, {});
}

void
GprsCell::Enter(GprsMobileStation& ms, std::list<LlcPdu> waiting)
{
    auto& rlc = GetRlc(ms);
    for (const auto& pdu : waiting)
    {
        m_uplinkOctets.In(GetLlcOctets(pdu));
    }
    rlc.uplink.queue = std::move(waiting);
    const auto left = m_left.find(ms.GetImsi());
    if (left != m_left.end())
    {
        rlc.downlink.queue = std::move(left->second);
        m_left.erase(left);
    }
    if (!m_inService)
    {
        Discard(ms, LossCause::OUTAGE);
    }
}

void
GprsCell::Resume(GprsMobileStation& ms)
{
    auto& rlc = GetRlc(ms);
    for (auto* flow : {&rlc.uplink, &rlc.downlink})
    {
        if (flow->state == TemporaryBlockFlow::State::NONE && !flow->queue.empty())
        {
            SendMore(*flow);
        }
    }
}

void
GprsCell::Flush(Ptr<GprsMobileStation> ms, Ptr<GprsCell> to)
{
    const auto left = m_left.find(ms->GetImsi());
    if (left == m_left.end())
    {
        return;
    }
    LosePdus(ms->GetImsi(), false, left->second, to ? LossCause::REROUTED : LossCause::CELL_CHANGE);
    if (to)
    {
        for (LlcPdu& pdu : left->second)
        {
            to->SendDownlink(ms, std::move(pdu));
        }
    }
    m_left.erase(left);
}

} // namespace p2pim
} // namespace ns3
