// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * What the circuit-switched side of a phone tells the meter of its energy.
 */
#include "ns3/gsm-cell.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

void
GsmMobileStation::SetEnergy(Ptr<PhoneEnergy> energy)
{
    m_energy = energy;
    FollowEnergy();
}

RadioEnergyMeter*
GsmMobileStation::GetEnergyMeter() const
{
    return m_energy ? &m_energy->GetMeter() : nullptr;
}

void
GsmMobileStation::FollowEnergy() const
{
    if (!m_energy)
    {
        return;
    }
    CircuitActivity activity = CircuitActivity::NONE;
    if (!m_poweredOn && !m_detachDue)
    {
        activity = CircuitActivity::OFF;
    }
    else if (!m_covered)
    {
        activity = CircuitActivity::NO_SERVICE;
    }
    else if (m_session && m_session->IsOnTrafficChannel())
    {
        activity = CircuitActivity::CALL;
    }
    else if (m_session)
    {
        activity =
            m_session->HasChannel() ? CircuitActivity::DEDICATED : CircuitActivity::ACCESS;
    }
    m_energy->GetMeter().SetCircuit(Simulator::Now(),
                                    activity,
                                    m_cell->GetCcch()->GetPagingCycle());
}

} // namespace p2pim
} // namespace ns3
