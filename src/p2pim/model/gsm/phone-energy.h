// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PHONE_ENERGY_H
#define P2PIM_PHONE_ENERGY_H

#include "ns3/counter-list.h"
#include "ns3/object.h"
#include "ns3/radio-energy-meter.h"
#include "ns3/radio-power-profile.h"

#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The energy that the radio of a phone has taken, aggregated to the phone's node: a
 * RadioEnergyMeter, and the RadioPowerProfile that its times and blocks are valued with. It has no
 * event; GsmMobileStation, GprsCell and RandomAccessChannel tell the meter what changes.
 */
class PhoneEnergy : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    PhoneEnergy();
    ~PhoneEnergy() override;

    /// @param profile the powers, which phones may share.
    void SetProfile(Ptr<const RadioPowerProfile> profile);
    /// @return what the phone does.
    RadioEnergyMeter& GetMeter();

    /// @return joules until now.
    EnergyTable GetEnergy() const;
    /// @return how long the phone was in a state until now.
    Time GetTime(RadioState state) const;

    /**
     * @param phones some phones.
     * @return the number of phones, and summed over them: joules (…_j) by state and by purpose, and
     * seconds (…_s) by state; the mean of a phone's joules.
     */
    static CounterList GetCounters(const std::vector<Ptr<PhoneEnergy>>& phones);

  protected:
    void DoDispose() override;

  private:
    RadioEnergyMeter m_meter;
    Ptr<const RadioPowerProfile> m_profile;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PHONE_ENERGY_H
