// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-world.h"

#include "ns3/double.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A cell of one PDCH and three timeslots that it shares with voice.
class LentPdch : public GprsWorld
{
  protected:
    static constexpr double ERLANGS = 12;
    static constexpr uint32_t CHANNELS = 14;
    static constexpr uint32_t SHARED = 3;

    void BuildUp(double erlangs)
    {
        Set("GprsCell::Pdchs", UintegerValue(1));
        Set("GprsCell::SharedPdchs", UintegerValue(SHARED));
        Set("GprsCell::VoiceChannels", UintegerValue(CHANNELS));
        Set("GprsCell::VoiceLoad", DoubleValue(erlangs));
        Build(1);
        BringUp(0);
        RunFor(Seconds(20));
        ASSERT_TRUE(m_outcomes[0].up) << m_outcomes[0].cause;
    }

    /// Sends octets down to the phone and waits. @return the time from the first to the last block.
    Time Download(uint32_t frames)
    {
        const auto cell = m_network->GetGprsCells()[0];
        for (uint32_t n = 0; n < frames; ++n)
        {
            cell->SendDownlink(m_stations[0], {Create<Packet>(1500)});
        }
        const double before = GetCounter("cell-0", "llc_downlink_octets_out");
        const Time begin = Simulator::Now();
        Time end;
        while (end.IsZero())
        {
            RunFor(Seconds(1));
            const double out = GetCounter("cell-0", "llc_downlink_octets_out");
            end = out - before >= frames * 1500.0 ? Simulator::Now() : Time();
        }
        return end - begin;
    }
};

/// @return mean PDCHs by Erlang's distribution of calls: 1 and what voice leaves of three.
double
GetMeanPdchs(double erlangs, uint32_t channels, uint32_t shared)
{
    double weight = 1;
    double sum = 0;
    double pdchs = 0;
    for (uint32_t calls = 0; calls <= channels; ++calls)
    {
        weight *= calls > 0 ? erlangs / calls : 1;
        sum += weight;
        pdchs += weight * (1 + std::min(shared, channels - calls));
    }
    return pdchs / sum;
}

} // namespace

// M/M/c/c: in the mean there are as many PDCHs as Erlang's distribution leaves, though nobody looks
TEST_F(LentPdch, ThereAreAsManyAsVoiceLeaves)
{
    BuildUp(ERLANGS);
    const uint64_t before = Simulator::GetEventCount();
    RunFor(Hours(3000));
    // an idle cell and an idle phone have no event: the one is that which ends the run
    EXPECT_LE(Simulator::GetEventCount() - before, 1U);
    EXPECT_NEAR(GetCounter("cell-0", "pdchs_mean"), GetMeanPdchs(ERLANGS, CHANNELS, SHARED), 0.03);
    EXPECT_GT(GetCounter("cell-0", "voice_calls_blocked"), 0);
}

// CS-2 has 12 kbit/s a timeslot: a download gets what there is of them in the mean, and RLC loses
// nothing when they come and go
TEST_F(LentPdch, ADownloadGoesOnWithWhatThereIs)
{
    BuildUp(ERLANGS);
    constexpr uint32_t frames = 10000;
    const double seconds = Download(frames).GetSeconds();
    const double rate = frames * 1500 * 8 / seconds;
    EXPECT_NEAR(rate, 12000 * GetMeanPdchs(ERLANGS, CHANNELS, SHARED), 0.05 * rate);
    EXPECT_GT(GetCounter("cell-0", "tbfs_pre_empted"), 100);
    EXPECT_EQ(GetCounter("cell-0", "tbf_failures"), 0);
}

// Without voice all four are there; 200 Erlang leave some seven in a hundred of one more.
TEST_F(LentPdch, VoiceGoesFirst)
{
    BuildUp(0);
    const double alone = Download(400).GetSeconds();
    EXPECT_NEAR(alone, 400 * 1500 * 8 / 48000.0, 3);
    TearDown();
    m_outcomes.clear();
    SetUp();
    BuildUp(200);
    const double crowded = Download(400).GetSeconds();
    const double pdchs = GetMeanPdchs(200, CHANNELS, SHARED);
    EXPECT_LT(pdchs, 1.1);
    EXPECT_NEAR(crowded, 400 * 1500 * 8 / 12000.0 / pdchs, 0.03 * crowded);
}

// Who does not switch it on has neither its events nor its counters.
TEST_F(LentPdch, IsOffByDefault)
{
    Build(1);
    RunFor(Hours(1));
    for (const auto& [element, counters] : m_network->GetCounters())
    {
        for (const auto& counter : counters)
        {
            EXPECT_NE(counter.first, "pdchs_mean") << element;
        }
    }
}
