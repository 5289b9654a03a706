// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RADIO_POWER_PROFILE_H
#define P2PIM_RADIO_POWER_PROFILE_H

#include "ns3/object.h"
#include "ns3/radio-energy-meter.h"

namespace ns3
{
namespace p2pim
{

/**
 * What the radio of a handset takes from its battery: the attributes that a RadioEnergyMeter's
 * times and blocks are valued with. Display, processor and the user's programs are not in it.
 *
 * Defaults are fitted to the average currents that a module of the time is specified with, Telit
 * GM862-QUAD (Hardware User Guide 1vv0300748 of 2007, clause 6.1) at 3.8 V.
 */
class RadioPowerProfile : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    RadioPowerProfile();
    ~RadioPowerProfile() override;

    /// @return the powers that the attributes make.
    RadioPowers GetPowers() const;

  private:
    double m_off;
    double m_noService;
    double m_sleep;
    double m_pagingBlock;
    double m_active;
    double m_receiveSlot;
    double m_transmitter;
    double m_efficiency;
    double m_output;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RADIO_POWER_PROFILE_H
