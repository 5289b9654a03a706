// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What a phone's GPRS has to do with its circuit-switched side: the mobile classes
 * (TS 23.060 5.4.5, 16.2).
 */
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

void
GprsMobileStation::SetMobileClass(MobileClass mobileClass)
{
    const bool changes = m_gsm != nullptr && m_class != mobileClass; // else it is being built
    m_class = mobileClass;
    if (!changes)
    {
        return;
    }
    m_gsm->SetCircuitService(mobileClass != MobileClass::CLASS_C_GPRS);
    if (mobileClass == MobileClass::CLASS_C_GSM)
    {
        Detach();
    }
    else if (mobileClass == MobileClass::CLASS_C_GPRS)
    {
        Attach();
    }
}

MobileClass
GprsMobileStation::GetMobileClass() const
{
    return m_class;
}

bool
GprsMobileStation::IsSuspended() const
{
    return m_suspended;
}

bool
GprsMobileStation::HearsPch()
{
    const bool hears = m_class == MobileClass::CLASS_A || !m_cell->IsInTransfer(*this);
    if (!hears)
    {
        m_cell->NotifyPageMissed();
    }
    return hears;
}

void
GprsMobileStation::ReceiveCircuitPage()
{
    if (m_gsm != nullptr)
    {
        m_gsm->AnswerPaging();
    }
}

void
GprsMobileStation::EnterDedicatedMode()
{
    // at power off GPRS is detached beside the IMSI detach
    const bool switchingOff = m_gsm != nullptr && !m_gsm->IsPoweredOn();
    if (m_class != MobileClass::CLASS_A && !switchingOff)
    {
        m_suspended = true;
        m_suspensionSent = false;
        m_cell->Interrupt(*this);
        m_suspensionTrace(true);
    }
}

std::optional<GprsSuspensionRequest>
GprsMobileStation::StartSuspension(GprsSuspensionCause cause)
{
    if (!m_suspended || !m_gmm.IsRegistered())
    {
        return std::nullopt;
    }
    m_suspensionSent = true;
    GprsSuspensionRequest request;
    request.tlli = *m_gmm.GetPtmsi();
    Octets area;
    OctetWriter writer(area);
    AppendRoutingArea(m_cell->GetRoutingArea(), writer);
    std::copy_n(area.begin(), request.routingArea.size(), request.routingArea.begin());
    request.cause = cause;
    return request;
}

void
GprsMobileStation::LeaveDedicatedMode(bool resumed)
{
    if (!std::exchange(m_suspended, false))
    {
        return;
    }
    m_suspensionTrace(false);
    if (std::exchange(m_suspensionSent, false))
    {
        m_updateDue = !resumed;
    }
    if (IsReachable())
    {
        RequestUpdateIfDue();
        Update();
    }
    if (m_rlc)
    {
        m_cell->Resume(*this);
    }
}

void
GprsMobileStation::RequestUpdateIfDue()
{
    if (std::exchange(m_updateDue, false))
    {
        m_gmm.RequestUpdate(Simulator::Now(), m_sm.GetActiveContexts());
    }
}

} // namespace p2pim
} // namespace ns3
