// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/radio-power-profile.h"

#include "ns3/double.h"

#include <cmath>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(RadioPowerProfile);

TypeId
RadioPowerProfile::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::p2pim::RadioPowerProfile")
            .SetParent<Object>()
            .SetGroupName("P2pim")
            .AddConstructor<RadioPowerProfile>()
            .AddAttribute("OffPower",
                          "Power of a phone that is off, W. Siemens TC35 (2001): 50 uA at 4.2 V.",
                          DoubleValue(0.00021),
                          MakeDoubleAccessor(&RadioPowerProfile::m_off),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("NoServicePower",
                          "Mean power without coverage, W: the phone sleeps and looks for a cell "
                          "from time to time. Own choice: awake for an eighth of the time.",
                          DoubleValue(0.035),
                          MakeDoubleAccessor(&RadioPowerProfile::m_noService),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("SleepPower",
                          "Power between two paging blocks, W. GM862-QUAD: 7.20 mA at worst and "
                          "3.56 mA at best, taken for the shortest and the longest paging cycle "
                          "(own reading); with PagingBlockEnergy.",
                          DoubleValue(0.0096),
                          MakeDoubleAccessor(&RadioPowerProfile::m_sleep),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("PagingBlockEnergy",
                          "Energy of hearing a paging block and what goes with it, J, beside "
                          "SleepPower, which has the source: as 40 ms awake.",
                          DoubleValue(0.0084),
                          MakeDoubleAccessor(&RadioPowerProfile::m_pagingBlock),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("ActivePower",
                          "Power of a radio that is awake, W, without its slots. GM862-QUAD: 52.3, "
                          "65.2, 78.6, 88.4 mA with 1 to 4 slots received, of which a straight "
                          "line leaves 40.7 mA.",
                          DoubleValue(0.155),
                          MakeDoubleAccessor(&RadioPowerProfile::m_active),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("ReceiveSlotPower",
                          "Mean power of receiving one timeslot in each frame, W, beside "
                          "ActivePower, which has the source: 12.2 mA.",
                          DoubleValue(0.046),
                          MakeDoubleAccessor(&RadioPowerProfile::m_receiveSlot),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("TransmitterPower",
                          "Power of the transmitter during a burst, W, without its output "
                          "amplifier. GM862-QUAD: 25.8 mA more at the lowest power level than "
                          "with one slot received only, in an eighth of the time.",
                          DoubleValue(0.78),
                          MakeDoubleAccessor(&RadioPowerProfile::m_transmitter),
                          MakeDoubleChecker<double>(0, 100))
            .AddAttribute("AmplifierEfficiency",
                          "Share of the output amplifier's power that comes out, 0.05 to 1. "
                          "GM862-QUAD: 122 mA more at the highest power level than at the lowest, "
                          "in an eighth of the time, for 2 W.",
                          DoubleValue(0.54),
                          MakeDoubleAccessor(&RadioPowerProfile::m_efficiency),
                          MakeDoubleChecker<double>(0.05, 1))
            .AddAttribute("OutputPower",
                          "Power of a burst at the antenna, dBm, 5 to 33: 33 is the 2 W of power "
                          "class 4 in GSM 900 (TS 45.005 4.1.1). There is no power control.",
                          DoubleValue(33),
                          MakeDoubleAccessor(&RadioPowerProfile::m_output),
                          MakeDoubleChecker<double>(5, 33));
    return tid;
}

RadioPowerProfile::RadioPowerProfile() = default;

RadioPowerProfile::~RadioPowerProfile() = default;

RadioPowers
RadioPowerProfile::GetPowers() const
{
    const double output = std::pow(10, m_output / 10 - 3);
    return {m_off,
            m_noService,
            m_sleep,
            m_pagingBlock,
            m_active,
            m_receiveSlot,
            m_transmitter + output / m_efficiency};
}

} // namespace p2pim
} // namespace ns3
