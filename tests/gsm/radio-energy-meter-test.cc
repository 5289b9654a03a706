// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/double.h"
#include "ns3/radio-energy-meter.h"
#include "ns3/radio-power-profile.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

const Time g_cycle = Seconds(1.2); ///< between paging blocks

/// Powers that are easily told apart.
constexpr RadioPowers POWERS{0.001, 0.02, 0.01, 0.012, 0.1, 0.05, 4};

/// @return the powers of the attributes' defaults.
RadioPowers
GetDefaults()
{
    return CreateObject<RadioPowerProfile>()->GetPowers();
}

/// @return how @p meter 's states add up at @p now.
Time
SumTimes(const RadioEnergyMeter& meter, Time now)
{
    Time sum;
    for (std::size_t state = 0; state < RADIO_STATES; ++state)
    {
        sum += meter.GetTime(now, static_cast<RadioState>(state));
    }
    return sum;
}

/// @return how the purposes of @p table add up.
double
SumPurposes(const EnergyTable& table)
{
    double sum = 0;
    for (std::size_t purpose = 0; purpose < ENERGY_PURPOSES; ++purpose)
    {
        sum += table.Get(static_cast<EnergyPurpose>(purpose));
    }
    return sum;
}

/// A TBF that ends at @p end is kept open for 2 s, with a poll in 200 ms, then T3192 of 500 ms; the
/// non-DRX period is 4 s.
TransferTail
MakeTail(Time end)
{
    return {end,
            end + Seconds(2),
            MilliSeconds(200),
            end + MilliSeconds(2500),
            end + Seconds(4)};
}

} // namespace

TEST(RadioEnergyMeter, IdlePhoneTakesSleepAndItsPagingBlocks)
{
    RadioEnergyMeter meter;
    meter.SetCircuit(Time(), CircuitActivity::NONE, g_cycle);
    const EnergyTable energy = meter.GetEnergy(Hours(1), POWERS);
    EXPECT_NEAR(energy.GetTotal(), 3600 * (0.01 + 0.012 / 1.2), 1e-6);
    EXPECT_NEAR(energy.Get(EnergyPurpose::IDLE), energy.GetTotal(), 1e-9);
    EXPECT_EQ(meter.GetTime(Hours(1), RadioState::IDLE), Hours(1));
}

TEST(RadioEnergyMeter, EachCircuitStateHasItsPower)
{
    const struct
    {
        CircuitActivity activity;
        RadioState state;
        EnergyPurpose purpose;
        double power;
    } cases[]{
        {CircuitActivity::OFF, RadioState::OFF, EnergyPurpose::IDLE, 0.001},
        {CircuitActivity::NO_SERVICE, RadioState::NO_SERVICE, EnergyPurpose::IDLE, 0.02},
        {CircuitActivity::ACCESS, RadioState::ACCESS, EnergyPurpose::SIGNALLING, 0.1 + 0.05},
        // 4 bursts in 51 frames and 4 in 102, each way (TS 45.002 clause 7)
        {CircuitActivity::DEDICATED,
         RadioState::DEDICATED,
         EnergyPurpose::SIGNALLING,
         0.1 + 6 / 51.0 * (0.05 + 0.5)},
        // a slot each way in every frame: a burst is an eighth of it
        {CircuitActivity::CALL, RadioState::CALL, EnergyPurpose::VOICE, 0.1 + 0.05 + 4 / 8.0},
    };
    for (const auto& each : cases)
    {
        RadioEnergyMeter meter;
        meter.SetCircuit(Time(), each.activity, g_cycle);
        meter.SetCircuit(Seconds(10), CircuitActivity::NONE, g_cycle);
        const EnergyTable energy = meter.GetEnergy(Seconds(10), POWERS);
        EXPECT_NEAR(energy.Get(each.state), 10 * each.power, 1e-9);
        EXPECT_NEAR(energy.Get(each.purpose), 10 * each.power, 1e-9);
        EXPECT_NEAR(energy.GetTotal(), 10 * each.power, 1e-9);
    }
}

// the blocks: 4 bursts of 15/26 ms sent, 4 frames of 120/26 ms in which a slot is received
TEST(RadioEnergyMeter, TransferTakesItsTimeItsSlotsAndItsBlocks)
{
    RadioEnergyMeter meter;
    meter.SetCircuit(Time(), CircuitActivity::NONE, g_cycle);
    meter.SetPacketPurpose(Time(), EnergyPurpose::DATA);
    meter.SetPacketRequest(Seconds(10), true, true);
    meter.CountAccessBurst();
    meter.StartTransfer(Seconds(11), true, 2);
    constexpr int sent = 30;
    for (int i = 0; i < sent; ++i)
    {
        meter.CountBlock(true, EnergyPurpose::DATA);
    }
    meter.CountBlock(false, EnergyPurpose::DATA);
    meter.EndTransfer(Seconds(13),
                      true,
                      {Seconds(13.5), Time(), MilliSeconds(200), Seconds(13.5), Seconds(17.5)});
    const Time end = Seconds(20);
    const EnergyTable energy = meter.GetEnergy(end, POWERS);
    constexpr double burst = 4 * 0.015 / 26;
    constexpr double received = 0.05 * 4 * 0.120 / 26;
    EXPECT_NEAR(energy.Get(EnergyItem::SENT_BLOCKS), sent * 4 * burst, 1e-12);
    EXPECT_NEAR(energy.Get(EnergyItem::RECEIVED_BLOCKS), received, 1e-12);
    EXPECT_NEAR(energy.Get(EnergyItem::ACCESS_BURSTS), burst * 88 / 156.25, 1e-12);
    EXPECT_NEAR(energy.Get(RadioState::ACCESS), 0.15, 1e-9);
    EXPECT_NEAR(energy.Get(RadioState::TRANSFER), 2.5 * (0.1 + 2 * 0.05) - received, 1e-9);
    EXPECT_NEAR(energy.Get(RadioState::NON_DRX), 4 * 0.15, 1e-9);
    EXPECT_NEAR(energy.Get(RadioState::IDLE), 12.5 * 0.02, 1e-9);
    EXPECT_NEAR(energy.Get(EnergyPurpose::DATA), energy.GetTotal() - 12.5 * 0.02, 1e-9);
    EXPECT_EQ(energy.Get(EnergyPurpose::SIGNALLING), 0);
    EXPECT_EQ(SumTimes(meter, end), end);
}

TEST(RadioEnergyMeter, TbfThatIsKeptOpenIsHeardAndPolledAndThenLeft)
{
    RadioEnergyMeter meter;
    meter.SetCircuit(Time(), CircuitActivity::NONE, g_cycle);
    meter.StartTransfer(Seconds(1), false, 4);
    meter.EndTransfer(Seconds(2), false, MakeTail(Seconds(2)));
    const Time end = Seconds(100);
    EXPECT_EQ(meter.GetTime(end, RadioState::TRANSFER), Seconds(1));
    EXPECT_EQ(meter.GetTime(end, RadioState::TBF_OPEN), MilliSeconds(2500));
    EXPECT_EQ(meter.GetTime(end, RadioState::NON_DRX), MilliSeconds(1500));
    EXPECT_EQ(meter.GetTime(end, RadioState::IDLE), Seconds(95));
    const EnergyTable energy = meter.GetEnergy(end, POWERS);
    EXPECT_NEAR(energy.Get(RadioState::TBF_OPEN), 2.5 * (0.1 + 4 * 0.05), 1e-9);
    // 2 s of polls 200 ms apart
    EXPECT_NEAR(energy.Get(EnergyItem::SENT_BLOCKS), 10 * POWERS.GetSentBlock(), 1e-9);
}

TEST(RadioEnergyMeter, PhoneThatIsOffOrWithoutCoverageHearsNoPdch)
{
    RadioEnergyMeter meter;
    meter.SetCircuit(Time(), CircuitActivity::NONE, g_cycle);
    meter.StartTransfer(Time(), false, 4);
    meter.SetCircuit(Time(), CircuitActivity::OFF, g_cycle);
    meter.CountBlock(false, EnergyPurpose::DATA);
    EXPECT_EQ(meter.GetBlocks(false), 0U);
    EXPECT_NEAR(meter.GetEnergy(Seconds(10), POWERS).GetTotal(), 0.01, 1e-9);
}

// against a sum over milliseconds of the power of the state that the phone says it is in
TEST(RadioEnergyMeter, IntegralIsThatOfTheStatesPowers)
{
    RadioEnergyMeter meter;
    meter.SetCircuit(Time(), CircuitActivity::NONE, g_cycle);
    const auto act = [&meter](Time now) {
        switch (now.GetMilliSeconds())
        {
        case 1000:
            meter.SetPacketRequest(now, true, true);
            break;
        case 1500:
            meter.StartTransfer(now, true, 1);
            break;
        case 2000:
            meter.StartTransfer(now, false, 4);
            break;
        case 2600:
            meter.EndTransfer(now, true, {now, Time(), MilliSeconds(200), now, now});
            break;
        case 3000:
            meter.EndTransfer(now, false, {now, now, MilliSeconds(200), now, now + Seconds(4)});
            break;
        case 4000:
            meter.SetCircuit(now, CircuitActivity::ACCESS, g_cycle);
            break;
        case 5000:
            meter.SetCircuit(now, CircuitActivity::DEDICATED, g_cycle);
            break;
        case 6500:
            meter.SetCircuit(now, CircuitActivity::CALL, g_cycle);
            break;
        case 9000:
            meter.SetCircuit(now, CircuitActivity::OFF, g_cycle);
            break;
        case 9500:
            meter.SetCircuit(now, CircuitActivity::NONE, 2 * g_cycle);
            break;
        default:
            break;
        }
    };
    double sum = 0;
    for (Time now; now < Seconds(12); now += MilliSeconds(1))
    {
        act(now);
        const RadioState state = meter.GetState(now);
        const double cycle = now < Seconds(9) ? 1.2 : 2.4;
        sum += 0.001 * (POWERS.GetPower(state) +
                        (state == RadioState::IDLE ? POWERS.pagingBlock / cycle : 0));
    }
    // the slots: 0.5 s of one, then 1 s of four
    sum += (0.5 * 1 + 1 * 4) * POWERS.receiveSlot;
    const EnergyTable energy = meter.GetEnergy(Seconds(12), POWERS);
    EXPECT_NEAR(energy.GetTotal(), sum, 1e-6);
    EXPECT_NEAR(SumPurposes(energy), energy.GetTotal(), 1e-9);
    EXPECT_EQ(SumTimes(meter, Seconds(12)), Seconds(12));
    EXPECT_GT(energy.Get(EnergyPurpose::VOICE), 0);
}

// Telit GM862-QUAD Hardware User Guide 1vv0300748, 6.1: average currents at 3.8 V
TEST(RadioPowerProfile, DefaultsGiveTheCurrentsOfAModuleOfTheTime)
{
    const RadioPowers powers = GetDefaults();
    constexpr double volts = 3.8;
    const double receiving[]{0.0523, 0.0652, 0.0786, 0.0884};
    for (int slots = 1; slots <= 4; ++slots)
    {
        const double watts = powers.active + slots * powers.receiveSlot;
        EXPECT_NEAR(watts / volts / receiving[slots - 1], 1, 0.03) << slots << " slots";
    }
    EXPECT_NEAR(powers.GetPower(RadioState::CALL) / volts / 0.2001, 1, 0.02);
    // class 10, two slots up; how many down it does not say: two to three
    const double sending = powers.active + 2.5 * powers.receiveSlot + 2 * powers.GetTransmitSlot();
    EXPECT_NEAR(sending / volts / 0.3708, 1, 0.05);
    const auto idle = [&powers](int multiframes) {
        return powers.sleep + powers.pagingBlock / (multiframes * 0.120 / 26 * 51);
    };
    EXPECT_NEAR(idle(2) / volts / 0.00720, 1, 0.02);
    EXPECT_NEAR(idle(9) / volts / 0.00356, 1, 0.02);
}

// TS 45.005 4.1.1: 33 dBm is 2 W; at 5 dBm hardly anything but the transmitter itself is left
TEST(RadioPowerProfile, OutputPowerTakesTheAmplifiersEfficiency)
{
    const auto profile = CreateObject<RadioPowerProfile>();
    const auto burst = [&profile](double dBm) {
        profile->SetAttribute("OutputPower", DoubleValue(dBm));
        return profile->GetPowers().transmitBurst;
    };
    EXPECT_NEAR(burst(33), 0.78 + 1.9953 / 0.54, 0.001);
    EXPECT_NEAR(burst(33) - burst(30), (1.9953 - 1) / 0.54, 0.001);
    EXPECT_NEAR(burst(5), 0.78, 0.01);
}
