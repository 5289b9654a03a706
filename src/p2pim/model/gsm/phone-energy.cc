// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/phone-energy.h"

#include "ns3/simulator.h"

#include <array>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(PhoneEnergy);

namespace
{

/// Names of RadioState and EnergyItem in counters.
constexpr std::array<const char*, ENERGY_ITEMS> ITEM_NAMES{"off",
                                                           "no_service",
                                                           "idle",
                                                           "non_drx",
                                                           "access",
                                                           "dedicated",
                                                           "call",
                                                           "tbf_open",
                                                           "transfer",
                                                           "received_blocks",
                                                           "sent_blocks",
                                                           "access_bursts"};

/// Names of EnergyPurpose in counters.
constexpr std::array<const char*, ENERGY_PURPOSES> PURPOSE_NAMES{"idle",
                                                                 "signalling",
                                                                 "data",
                                                                 "voice"};

} // namespace

TypeId
PhoneEnergy::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::PhoneEnergy")
                            .SetParent<Object>()
                            .SetGroupName("P2pim")
                            .AddConstructor<PhoneEnergy>();
    return tid;
}

PhoneEnergy::PhoneEnergy() = default;

PhoneEnergy::~PhoneEnergy() = default;

void
PhoneEnergy::DoDispose()
{
    m_profile = nullptr;
    Object::DoDispose();
}

void
PhoneEnergy::SetProfile(Ptr<const RadioPowerProfile> profile)
{
    m_profile = profile;
}

RadioEnergyMeter&
PhoneEnergy::GetMeter()
{
    return m_meter;
}

EnergyTable
PhoneEnergy::GetEnergy() const
{
    return m_meter.GetEnergy(Simulator::Now(), m_profile->GetPowers());
}

Time
PhoneEnergy::GetTime(RadioState state) const
{
    return m_meter.GetTime(Simulator::Now(), state);
}

CounterList
PhoneEnergy::GetCounters(const std::vector<Ptr<PhoneEnergy>>& phones)
{
    std::array<double, ENERGY_ITEMS> byItem{};
    std::array<double, ENERGY_PURPOSES> byPurpose{};
    std::array<Time, RADIO_STATES> times;
    double total = 0;
    for (const auto& phone : phones)
    {
        const EnergyTable energy = phone->GetEnergy();
        total += energy.GetTotal();
        for (std::size_t item = 0; item < ENERGY_ITEMS; ++item)
        {
            byItem[item] += energy.Get(static_cast<EnergyItem>(item));
        }
        for (std::size_t purpose = 0; purpose < ENERGY_PURPOSES; ++purpose)
        {
            byPurpose[purpose] += energy.Get(static_cast<EnergyPurpose>(purpose));
        }
        for (std::size_t state = 0; state < RADIO_STATES; ++state)
        {
            times[state] += phone->GetTime(static_cast<RadioState>(state));
        }
    }
    CounterList counters{{"phones", static_cast<double>(phones.size())},
                         {"total_j", total},
                         {"mean_j", phones.empty() ? 0 : total / double(phones.size())}};
    for (std::size_t purpose = 0; purpose < ENERGY_PURPOSES; ++purpose)
    {
        counters.emplace_back(std::string("purpose_") + PURPOSE_NAMES[purpose] + "_j",
                              byPurpose[purpose]);
    }
    for (std::size_t item = 0; item < ENERGY_ITEMS; ++item)
    {
        counters.emplace_back(std::string("state_") + ITEM_NAMES[item] + "_j", byItem[item]);
    }
    for (std::size_t state = 0; state < RADIO_STATES; ++state)
    {
        counters.emplace_back(std::string("time_") + ITEM_NAMES[state] + "_s",
                              times[state].GetSeconds());
    }
    return counters;
}

} // namespace p2pim
} // namespace ns3
