// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * A station that goes to another cell, out of coverage, or is switched off.
 */
#include "ns3/gprs-mobile-station.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

void
GprsMobileStation::ChangeCell(Ptr<GprsCell> cell)
{
    const Ptr<GprsCell> old = std::exchange(m_cell, cell);
    m_cellChanged = true;
    if (m_rlc)
    {
        m_cell->Enter(*this, old->Leave(*this));
    }
    if (IsReachable())
    {
        BecameReachable();
    }
}

/// The network is told if it can be, after what is on its way; otherwise all that waits is void.
void
GprsMobileStation::SwitchingOff()
{
    m_wasAttached = m_gmm.IsToBeAttached();
    Detach(true);
    if (m_rlc && !IsReachable())
    {
        m_cell->Discard(*this, LossCause::DETACHED);
    }
}

void
GprsMobileStation::BecameReachable()
{
    if (!m_cell)
    {
        return;
    }
    const bool wasDetached = m_gmm.GetState() == GmmStation::State::DEREGISTERED;
    m_gmm.EnterCell(Simulator::Now(), m_cell->GetRoutingArea(), m_sm.GetActiveContexts());
    if (wasDetached && m_gmm.GetState() != GmmStation::State::DEREGISTERED)
    {
        ResetLink();
    }
    RequestUpdateIfDue();
    if (std::exchange(m_wasAttached, false))
    {
        Attach();
    }
    Update();
    const bool waits = m_rlc && !m_rlc->uplink.queue.empty();
    if (std::exchange(m_cellChanged, false) && IsReady() && !waits)
    {
        SendFrames({GetLink().MakeEmptyFrame()}); // the cell update
    }
    if (m_rlc)
    {
        m_cell->Resume(*this);
    }
}

} // namespace p2pim
} // namespace ns3
