// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/random-sample.h"
#include "campaign/warm-up.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace p2pim::campaign;

namespace
{

constexpr int64_t SECOND = 1000000000;

/// Noise with deviation 1 around @p level that falls to 0 within the first @p warmUp values.
std::vector<double>
MakeSeries(size_t n, size_t warmUp, double level, uint64_t seed)
{
    test::RandomNumbers random(seed);
    auto series = random.DrawSample(test::Normal, n);
    for (size_t i = 0; i < warmUp; ++i)
    {
        series[i] += level * static_cast<double>(warmUp - i) / static_cast<double>(warmUp);
    }
    return series;
}

} // namespace

// 20 batches of 5: two of mean 10, then 9 of mean 0 and 9 of mean 1. From batch 2 on the statistic
// is 18 x 0.25 / 18^2; leaving out more of the noughts makes it larger until few are left, which is
// beyond the half.
TEST(WarmUp, Truncation_MinimisesTheStandardError)
{
    std::vector<double> series(10, 10);
    for (int batch = 0; batch < 18; ++batch)
    {
        series.insert(series.end(), 5, batch % 2);
    }
    const auto truncation = FindTruncation(series);
    EXPECT_EQ(truncation.drop, 10u);
    EXPECT_FALSE(truncation.isTooShort);
}

TEST(WarmUp, SteadySeries_LosesLittle)
{
    EXPECT_EQ(FindTruncation(std::vector<double>(200, 3)).drop, 0u);
    uint64_t dropped = 0;
    for (uint64_t seed = 1; seed <= 100; ++seed)
    {
        dropped += FindTruncation(MakeSeries(1000, 0, 0, seed)).drop;
    }
    EXPECT_LT(dropped / 100, 100u); // a tenth on the average
}

// A warm-up of 200 values of 1,000: on the average its most part goes, and nothing like half of the
// rest.
TEST(WarmUp, Truncation_FindsTheEndOfATrend)
{
    uint64_t dropped = 0;
    for (uint64_t seed = 1; seed <= 100; ++seed)
    {
        const auto truncation = FindTruncation(MakeSeries(1000, 200, 10, seed));
        EXPECT_FALSE(truncation.isTooShort) << seed;
        EXPECT_EQ(truncation.drop % 5, 0u);
        dropped += truncation.drop;
    }
    EXPECT_GT(dropped / 100, 150u);
    EXPECT_LT(dropped / 100, 250u);
}

TEST(WarmUp, SeriesThatNeverSettles_IsTooShort)
{
    EXPECT_TRUE(FindTruncation(MakeSeries(1000, 1000, 100, 1)).isTooShort);
    EXPECT_TRUE(FindTruncation(std::vector<double>(49, 3)).isTooShort);
    EXPECT_EQ(FindTruncation(std::vector<double>(49, 3)).drop, 0u);
    EXPECT_FALSE(FindTruncation(std::vector<double>(50, 3)).isTooShort);
}

// Two runs of 50 sessions, one a second; those of the first 10 s take 100 s, the others 1 s.
// Sessions of one second are one after the other in the series: 20 values, 4 batches, are left out.
TEST(WarmUp, Runs_AreLaidOverEachOther)
{
    std::vector<TimedValue> values;
    for (int seed = 1; seed <= 2; ++seed)
    {
        for (int64_t second = 0; second < 50; ++second)
        {
            values.push_back({second * SECOND, second < 10 ? 100.0 : 1.0});
        }
    }
    const auto warmUp = FindWarmUp(values);
    EXPECT_EQ(warmUp.endNs, 10 * SECOND);
    EXPECT_FALSE(warmUp.isTooShort);
}

TEST(WarmUp, FewSessions_AreTooShort)
{
    const std::vector<TimedValue> values(49, {SECOND, 1});
    EXPECT_EQ(FindWarmUp(values).endNs, 0);
    EXPECT_TRUE(FindWarmUp(values).isTooShort);
}
