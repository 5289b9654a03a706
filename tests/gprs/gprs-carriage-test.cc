// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-world.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/gsm-radio-conditions.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <optional>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// How RLC, LLC and the coding scheme carry what a phone has to send.
class GprsCarriage : public GprsWorld
{
  protected:
    /// Builds a network with a phone whose bearer is up, by a radio that loses nothing.
    void BuildUp()
    {
        Build(1);
        BringUp(0);
        RunFor(Seconds(20));
        ASSERT_TRUE(m_outcomes[0].up) << m_outcomes[0].cause;
    }

    /// @return how many of @p count pings are answered, one in 5 s.
    std::size_t Ping(uint32_t count)
    {
        Pinger pinger(m_network, m_stations[0], 400);
        for (uint32_t n = 0; n < count; ++n)
        {
            Simulator::Schedule(Seconds(5 * n), &Pinger::Send, &pinger);
        }
        RunFor(Seconds(5 * count) + Minutes(5));
        return pinger.GetRoundTrips().size();
    }

    void LoseBlocks(double share)
    {
        m_network->GetGprsCells()[0]->SetAttribute("BlockErrorRate", DoubleValue(share));
    }
};

/// A radio of a certain C/I.
class GivenRatio : public ConstantRadioConditions
{
  public:
    explicit GivenRatio(double ratio)
        : m_ratio(ratio)
    {
    }

    std::optional<double> GetMeanCarrierRatio(const GsmMobileStation& /* ms */,
                                              GsmDirection /* direction */) const override
    {
        return m_ratio;
    }

  private:
    double m_ratio; ///< dB
};

/// @return octets of RLC data that a block carries and that are not lost, in the mean.
double
GetYield(GprsCodingScheme scheme, double ratio)
{
    const double above = ratio - GetGprsCoding(scheme).referenceRatio;
    return GetRlcDataOctets(scheme) * std::pow(0.9, std::pow(10, -above / 10));
}

} // namespace

// TS 44.060 9.3: acknowledged, RLC repeats what is lost; unacknowledged a ping of 18 blocks each
// way arrives with probability 0.95^36 = 0.16
TEST_F(GprsCarriage, RlcRepeatsOrLoses)
{
    BuildUp();
    LoseBlocks(0.05);
    EXPECT_EQ(Ping(40), 40U);
    TearDown();
    m_outcomes.clear();
    SetUp();
    Set("GprsCell::RlcMode", EnumValue(RlcTransfer::UNACKNOWLEDGED));
    BuildUp();
    LoseBlocks(0.05);
    EXPECT_LE(Ping(40), 18U);
    EXPECT_GT(GetCounter("cell-0", "llc_uplink_octets_lost_radio"), 0);
}

// TS 44.064 8.5: what RLC loses, acknowledged LLC repeats after T201
TEST_F(GprsCarriage, AcknowledgedLlcRepeatsWhatRlcLoses)
{
    Set("GprsCell::RlcMode", EnumValue(RlcTransfer::UNACKNOWLEDGED));
    Set("CellularNetwork::AcknowledgedLlc", BooleanValue(true));
    BuildUp();
    EXPECT_EQ(Ping(3), 3U);
    LoseBlocks(0.01); // 0.99^18: a frame of a ping is lost with probability 0.17
    EXPECT_EQ(Ping(40), 40U);
    EXPECT_GT(GetCounter("cell-0", "llc_uplink_octets_lost_radio"), 0);
}

// The coding with the highest yield at its C/I, by the formula of the radio
TEST_F(GprsCarriage, LinkAdaptationTakesTheCodingThatCarriesMost)
{
    Set("GprsCell::LinkAdaptation", BooleanValue(true));
    Set("GprsCell::CodingScheme", EnumValue(GprsCodingScheme::CS_4));
    for (const double ratio : {5.0, 12.0, 15.0, 40.0})
    {
        BuildUp();
        const auto cell = m_network->GetGprsCells()[0];
        cell->SetRadioConditions(CreateObject<GivenRatio>(ratio));
        const auto count = [this] {
            return GetCounter("cell-0", "downlink_blocks") -
                   GetCounter("cell-0", "downlink_blocks_repeated");
        };
        const double before = count();
        cell->SendDownlink(m_stations[0], {Create<Packet>(9000)});
        RunFor(Minutes(2));
        const std::vector<GprsCodingScheme> schemes{CS_1, CS_2, CS_3, CS_4};
        const auto best =
            *std::max_element(schemes.begin(), schemes.end(), [ratio](auto a, auto b) {
                return GetYield(a, ratio) < GetYield(b, ratio);
            });
        EXPECT_EQ(count() - before, 9000.0 / GetRlcDataOctets(best)) << ratio;
        TearDown();
        m_outcomes.clear();
        SetUp();
        Set("GprsCell::LinkAdaptation", BooleanValue(true));
        Set("GprsCell::CodingScheme", EnumValue(GprsCodingScheme::CS_4));
    }
}

// Type II hybrid ARQ where receptions add up: with x = -ln(1 - p) the n-th is in vain if a Poisson
// number of mean x is n or more, so a block is repeated x times in the mean; without p / (1 - p).
TEST_F(GprsCarriage, IncrementalRedundancySparesRepetitions)
{
    constexpr double p = 0.25;
    constexpr double blocks = 10000;
    Set("GprsCell::CodingScheme", EnumValue(GprsCodingScheme::MCS_5));
    for (const bool combines : {false, true})
    {
        Set("GprsCell::IncrementalRedundancy", BooleanValue(combines));
        BuildUp();
        LoseBlocks(p);
        const double before = GetCounter("cell-0", "downlink_blocks_repeated");
        for (int n = 0; n < 100; ++n)
        {
            // its 56 octets are those of a block
            m_network->GetGprsCells()[0]->SendDownlink(m_stations[0], {Create<Packet>(5600)});
        }
        RunFor(Minutes(10));
        const double repeated = GetCounter("cell-0", "downlink_blocks_repeated") - before;
        const double mean = combines ? -std::log(1 - p) : p / (1 - p);
        const double deviation = std::sqrt((combines ? mean : p / (1 - p) / (1 - p)) / blocks);
        EXPECT_NEAR(repeated / blocks, mean, 4 * deviation) << combines;
        TearDown();
        m_outcomes.clear();
        SetUp();
        Set("GprsCell::CodingScheme", EnumValue(GprsCodingScheme::MCS_5));
    }
}

// A phone that has come into a worse radio: MCS-9, which needs 33 dB, is lost at 12 dB in all but
// 2 of a million blocks, and what was sent with it arrives only with another coding.
TEST_F(GprsCarriage, ResegmentationSavesWhatWasSentInABetterRadio)
{
    for (const bool resegments : {false, true})
    {
        Set("GprsCell::CodingScheme", EnumValue(GprsCodingScheme::MCS_9));
        Set("GprsCell::LinkAdaptation", BooleanValue(true));
        Set("GprsCell::Resegmentation", BooleanValue(resegments));
        BuildUp();
        const auto cell = m_network->GetGprsCells()[0];
        cell->SetRadioConditions(CreateObject<GivenRatio>(60));
        const double before = GetCounter("cell-0", "llc_downlink_octets_out");
        for (int n = 0; n < 100; ++n)
        {
            cell->SendDownlink(m_stations[0], {Create<Packet>(1000)});
        }
        RunFor(Seconds(1.5));
        const double soon = GetCounter("cell-0", "llc_downlink_octets_out") - before;
        EXPECT_GT(soon, 1000);
        EXPECT_LT(soon, 90000);
        cell->SetRadioConditions(CreateObject<GivenRatio>(12));
        RunFor(Minutes(5));
        const double all = GetCounter("cell-0", "llc_downlink_octets_out") - before;
        if (resegments)
        {
            EXPECT_EQ(all, 100 * 1000.0);
        }
        else
        {
            EXPECT_LT(all, 100 * 1000.0);
        }
        TearDown();
        m_outcomes.clear();
        SetUp();
    }
}
