// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What the SGSN has to do with the cells: frames that go down, flow control (TS 48.018 8.2), and
 * stations that change their cell (8.1).
 */
#include "ns3/gprs-cell.h"
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

void
Sgsn::SetFlowControlQueue(uint32_t octets)
{
    m_flowControl.queueOctets = octets;
}

uint32_t
Sgsn::GetFlowControlQueue() const
{
    return m_flowControl.queueOctets;
}

void
Sgsn::SetFlowControlValidity(Time time)
{
    m_flowControl.msValidity = time;
}

Time
Sgsn::GetFlowControlValidity() const
{
    return m_flowControl.msValidity;
}

void
Sgsn::PassFrames(Context& context, const LogicalLink::Frames& frames)
{
    const auto cell = context.cell;
    Bvc* bvc = FindBvc(cell);
    for (LlcPdu frame : frames)
    {
        m_gbDownlink.In(frame.frame->GetSize());
        if (bvc == nullptr)
        {
            PassFrame(cell, context.ms, frame);
            continue;
        }
        if (m_pduLifetime.IsStrictlyPositive())
        {
            frame.expires = Simulator::Now() + m_pduLifetime;
        }
        Submit(*bvc, context.ms->GetImsi(), std::move(frame));
    }
    if (bvc != nullptr)
    {
        Serve(cell);
    }
}

void
Sgsn::PassFrame(Ptr<GprsCell> cell, Ptr<GprsMobileStation> ms, const LlcPdu& pdu)
{
    m_gbDownlink.Out(pdu.frame->GetSize());
    Simulator::Schedule(cell->GetGbDelay(), &GprsCell::SendDownlink, cell, ms, pdu);
}

/// A cell tells its first buckets when its BVC is reset, before all frames.
/// @return null for a cell without flow control.
Sgsn::Bvc*
Sgsn::FindBvc(Ptr<GprsCell> cell)
{
    const auto found = m_bvcs.find(PeekPointer(cell));
    if (found != m_bvcs.end())
    {
        return &found->second;
    }
    const auto first = cell->GetFlowControl();
    if (!first)
    {
        return nullptr;
    }
    Bvc bvc{BssgpFlowControl(m_flowControl), {}};
    bvc.control.ReceiveBvc(Simulator::Now(), *first);
    return &m_bvcs.emplace(PeekPointer(cell), std::move(bvc)).first->second;
}

void
Sgsn::Submit(Bvc& bvc, uint64_t imsi, LlcPdu pdu)
{
    const uint32_t octets = GetLlcOctets(pdu);
    if (!bvc.control.Submit(Simulator::Now(), imsi, std::move(pdu)))
    {
        m_gbDownlink.Lose(octets, LossCause::NO_ROOM);
    }
}

/// Passes what the buckets of a cell take now, and sees to what has to wait.
void
Sgsn::Serve(Ptr<GprsCell> cell)
{
    Bvc& bvc = *FindBvc(cell);
    const Time now = Simulator::Now();
    std::vector<LlcPdu> expired;
    for (const auto& [imsi, pdu] : bvc.control.Serve(now, expired))
    {
        PassFrame(cell, m_contexts.find(imsi)->second.ms, pdu);
    }
    for (const LlcPdu& pdu : expired)
    {
        m_gbDownlink.Lose(GetLlcOctets(pdu), LossCause::NO_ROOM);
    }
    bvc.timer.Cancel();
    const Time deadline = bvc.control.GetDeadline(now);
    if (deadline != Time::Max())
    {
        bvc.timer = Simulator::Schedule(deadline - now, &Sgsn::Serve, this, cell);
    }
}

void
Sgsn::ReceiveFlowControlBvc(Ptr<GprsCell> cell, const FlowControlBvc& message)
{
    if (Bvc* bvc = m_gn.IsInService() ? FindBvc(cell) : nullptr)
    {
        bvc->control.ReceiveBvc(Simulator::Now(), message);
        Serve(cell);
    }
}

void
Sgsn::ReceiveFlowControlMs(Ptr<GprsCell> cell, uint64_t imsi, const BssgpBucket& message)
{
    if (Bvc* bvc = m_gn.IsInService() ? FindBvc(cell) : nullptr)
    {
        bvc->control.ReceiveMs(Simulator::Now(), imsi, message);
        Serve(cell);
    }
}

void
Sgsn::ReceiveDiscarded(Ptr<GprsCell> cell, uint64_t imsi, uint32_t octets, uint32_t frames)
{
    m_llcDiscarded += frames;
    if (Bvc* bvc = m_gn.IsInService() ? FindBvc(cell) : nullptr)
    {
        bvc->control.ReceiveDiscarded(Simulator::Now(), imsi, octets);
        Serve(cell);
    }
}

void
Sgsn::LoseHeld()
{
    for (auto& [cell, bvc] : m_bvcs)
    {
        bvc.timer.Cancel();
        for (const LlcPdu& pdu : bvc.control.Clear())
        {
            m_gbDownlink.Lose(GetLlcOctets(pdu), LossCause::OUTAGE);
        }
    }
}

/// What is on its way in the cell that the station has left does not reach it there (FLUSH-LL);
/// what is still held goes to the new one.
void
Sgsn::MoveTo(Context& context, Ptr<GprsCell> cell)
{
    const auto left = context.cell;
    context.cell = cell;
    if (!left || left == cell)
    {
        return;
    }
    ++m_cellChanges;
    Simulator::Schedule(left->GetGbDelay(),
                        &GprsCell::Flush,
                        left,
                        context.ms,
                        m_reroute ? cell : nullptr);
    Bvc* bvc = FindBvc(left);
    if (bvc == nullptr)
    {
        return;
    }
    auto held = bvc->control.Remove(context.ms->GetImsi());
    bvc = FindBvc(cell);
    for (LlcPdu& pdu : held)
    {
        if (bvc != nullptr)
        {
            Submit(*bvc, context.ms->GetImsi(), std::move(pdu));
        }
        else
        {
            PassFrame(cell, context.ms, pdu);
        }
    }
    if (bvc != nullptr)
    {
        Serve(cell);
    }
}

} // namespace p2pim
} // namespace ns3
