// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/random-sample.h"
#include "campaign/statistics.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>
#include <stdexcept>

using namespace p2pim::campaign;

namespace
{

/// The sample 1, 2, ... n.
std::vector<double>
CountTo(size_t n)
{
    std::vector<double> sample(n);
    std::iota(sample.begin(), sample.end(), 1.0);
    return sample;
}

} // namespace

// Mean 2, s = 1; t(0.975; 2) = 4.303 in every table of Student's t: 2 ± 4.303 / sqrt(3).
TEST(Statistics, Mean_HasStudentsInterval)
{
    const Estimate mean = EstimateMean({1, 2, 3});
    EXPECT_DOUBLE_EQ(mean.value, 2);
    EXPECT_EQ(mean.n, 3u);
    EXPECT_NEAR(mean.high - 2, 4.303 / std::sqrt(3.0), 5e-4);
    EXPECT_NEAR(2 - mean.low, 4.303 / std::sqrt(3.0), 5e-4);
}

// 1..10: mean 5.5, s = 3.02765; t(0.975; 9) = 2.262.
TEST(Statistics, Mean_IntervalUsesNMinusOneDegreesOfFreedom)
{
    const Estimate mean = EstimateMean(CountTo(10));
    EXPECT_NEAR(mean.high - mean.value, 2.262 * 3.02765 / std::sqrt(10.0), 1e-3);
}

TEST(Statistics, Mean_OfEqualValuesHasNoWidth)
{
    const Estimate mean = EstimateMean({7, 7, 7, 7});
    EXPECT_DOUBLE_EQ(mean.low, 7);
    EXPECT_DOUBLE_EQ(mean.high, 7);
}

TEST(Statistics, SmallSamples_HaveNoInterval)
{
    for (const auto& estimate :
         {EstimateMean({5}), EstimateQuantile({5}, 0.5), EstimateShare(1, 1)})
    {
        EXPECT_FALSE(std::isnan(estimate.value));
        EXPECT_TRUE(std::isnan(estimate.low));
        EXPECT_TRUE(std::isnan(estimate.high));
        EXPECT_EQ(estimate.n, 1u);
    }
    for (const auto& estimate : {EstimateMean({}), EstimateQuantile({}, 0.5), EstimateShare(0, 0)})
    {
        EXPECT_TRUE(std::isnan(estimate.value));
        EXPECT_TRUE(std::isnan(estimate.low));
        EXPECT_EQ(estimate.n, 0u);
    }
}

// Type 7 (R's default): position 1 + (n-1)p among the order statistics.
TEST(Statistics, Quantile_IsHyndmanAndFansType7)
{
    EXPECT_DOUBLE_EQ(EstimateQuantile({1, 2, 3, 4}, 0.5).value, 2.5);
    EXPECT_DOUBLE_EQ(EstimateQuantile({1, 2, 3, 4, 5}, 0.5).value, 3);
    EXPECT_NEAR(EstimateQuantile(CountTo(10), 0.95).value, 9.55, 1e-12);
    EXPECT_NEAR(EstimateQuantile(CountTo(4), 0.9).value, 3.7, 1e-12);
}

// Ranks of the 95 % interval of a median, as tabulated (Conover, table A3 with p = 0.5; Hollander
// and Wolfe's sign-test intervals): 6: 1-6, 10: 2-9, 15: 4-12, 20: 6-15, 100: 40-61.
TEST(Statistics, MedianRanks_AreThoseOfTheTables)
{
    using Ranks = std::pair<uint64_t, uint64_t>;
    EXPECT_EQ(GetQuantileRanks(6, 0.5), Ranks(1, 6));
    EXPECT_EQ(GetQuantileRanks(10, 0.5), Ranks(2, 9));
    EXPECT_EQ(GetQuantileRanks(15, 0.5), Ranks(4, 12));
    EXPECT_EQ(GetQuantileRanks(20, 0.5), Ranks(6, 15));
    EXPECT_EQ(GetQuantileRanks(100, 0.5), Ranks(40, 61));
}

// n = 6: P(B <= 0) = 1/64, P(B <= 1) = 7/64 for B binomial (6, 1/2). Hettmansperger and Sheather
// (1986): with I = (g1 - g) / (g1 - g2), g1 = 62/64, g2 = 50/64, g = 0.95 the share of the inner
// pair is (n - 1) I / (1 + (n - 2) I) = 5/14, after I = 0.1.
TEST(Statistics, MedianInterval_IsHettmanspergerAndSheathers)
{
    const Estimate median = EstimateQuantile(CountTo(6), 0.5);
    EXPECT_NEAR(median.low, 1 + 5 / 14.0, 1e-12);
    EXPECT_NEAR(median.high, 6 - 5 / 14.0, 1e-12);
}

// Below n = 6 two order statistics cover a median with 1 - 2^(1-n) < 0.95 at most.
TEST(Statistics, MedianInterval_NeedsSixValues)
{
    EXPECT_TRUE(std::isnan(EstimateQuantile(CountTo(5), 0.5).low));
    EXPECT_TRUE(std::isnan(EstimateQuantile(CountTo(5), 0.5).high));
}

// An upper bound of the 95th percentile exists from 0.95^n <= 0.025 on: n >= ln 0.025 / ln 0.95 =
// 71.9. There the largest value is hardly too far out: 0.95^72 = 0.02489.
TEST(Statistics, PercentileInterval_IsOpenAboveInSmallSamples)
{
    EXPECT_TRUE(std::isnan(EstimateQuantile(CountTo(71), 0.95).high));
    const double high = EstimateQuantile(CountTo(72), 0.95).high;
    EXPECT_LT(high, 72);
    EXPECT_NEAR(high, 72, 0.1);
    EXPECT_FALSE(std::isnan(EstimateQuantile(CountTo(71), 0.95).low));
}

// 0.99^2 = 0.98: both values are below the quantile with more than 97.5 %, and there is none above.
TEST(Statistics, QuantileInterval_EndsAtTheLargestValue)
{
    const Estimate estimate = EstimateQuantile({1, 2}, 0.99);
    EXPECT_DOUBLE_EQ(estimate.low, 2);
    EXPECT_TRUE(std::isnan(estimate.high));
    EXPECT_DOUBLE_EQ(EstimateQuantile({1, 2}, 0.01).high, 1);
}

// The mirror image of a sample has the mirrored interval.
TEST(Statistics, QuantileInterval_IsSymmetric)
{
    std::vector<double> sample{0.1, 0.7, 2, 2.5, 3, 7, 11, 12, 20, 31, 32, 40, 50, 51, 60};
    const Estimate estimate = EstimateQuantile(sample, 0.3);
    for (double& x : sample)
    {
        x = -x;
    }
    std::reverse(sample.begin(), sample.end());
    const Estimate mirrored = EstimateQuantile(sample, 0.7);
    EXPECT_NEAR(mirrored.low, -estimate.high, 1e-12);
    EXPECT_NEAR(mirrored.high, -estimate.low, 1e-12);
}

// 2,000 trials of two skewed distributions: the interval has the true quantile in 93 to 97 %, and
// misses it to either side in 1.5 to 3.5 %. The standard error of 95 % of 2,000 is 0.5 %. With
// order statistics alone it would be 97.9 % (n = 10) and 98.3 % (p = 0.95, n = 100).
TEST(Statistics, QuantileInterval_CoversTheTruthOfSkewedDistributions)
{
    constexpr int trials = 2000;
    for (const auto& [p, sizes] :
         std::vector<std::pair<double, std::vector<size_t>>>{{0.5, {10, 20, 50, 300}},
                                                             {0.95, {72, 100, 200, 300}}})
    {
        for (const size_t n : sizes)
        {
            for (const auto& distribution : {test::Exponential, test::LogNormal})
            {
                test::RandomNumbers random(n);
                const double truth = distribution(p);
                int below = 0;
                int above = 0;
                for (int trial = 0; trial < trials; ++trial)
                {
                    auto sample = random.DrawSample(distribution, n);
                    std::sort(sample.begin(), sample.end());
                    const Estimate estimate = EstimateQuantile(sample, p);
                    below += estimate.high < truth ? 1 : 0;
                    above += estimate.low > truth ? 1 : 0;
                }
                const double covered = 1 - static_cast<double>(below + above) / trials;
                EXPECT_GE(covered, 0.93) << p << " " << n;
                EXPECT_LE(covered, 0.97) << p << " " << n;
                EXPECT_NEAR(static_cast<double>(below) / trials, 0.025, 0.01) << p << " " << n;
                EXPECT_NEAR(static_cast<double>(above) / trials, 0.025, 0.01) << p << " " << n;
            }
        }
    }
}

// The definition, by summing the binomial distribution: no tail above 2.5 %, and none that could
// be one rank shorter.
TEST(Statistics, QuantileRanks_AreTheClosestWithTheConfidence)
{
    for (const double p : {0.5, 0.95})
    {
        for (uint64_t n = 2; n <= 200; n += 6)
        {
            std::vector<double> cumulated{0}; // [k + 1] is P(B <= k)
            double term = std::pow(1 - p, static_cast<double>(n));
            for (uint64_t k = 0; k <= n; ++k)
            {
                cumulated.push_back(cumulated.back() + term);
                term *= p / (1 - p) * static_cast<double>(n - k) / static_cast<double>(k + 1);
            }
            const auto [lower, upper] = GetQuantileRanks(n, p);
            EXPECT_LT(cumulated[lower], 0.025) << n;
            EXPECT_GT(cumulated[lower + 1], 0.025) << n;
            EXPECT_GT(cumulated[upper], 0.975) << n;
            EXPECT_LT(cumulated[upper - 1], 0.975) << n;
        }
    }
}

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
TEST(Statistics, Share_HasWilsonsInterval)
{
    const Estimate large = EstimateShare(81, 263);
    EXPECT_NEAR(large.low, 0.2553, 5e-5);
    EXPECT_NEAR(large.high, 0.3662, 5e-5);
    const Estimate none = EstimateShare(0, 20);
    EXPECT_DOUBLE_EQ(none.low, 0);
    EXPECT_NEAR(none.high, 0.1611, 5e-5);
    const Estimate one = EstimateShare(1, 29);
    EXPECT_NEAR(one.low, 0.0061, 5e-5);
    EXPECT_NEAR(one.high, 0.1718, 5e-5);
}

TEST(Statistics, Share_OfAllEndsAtOne)
{
    const Estimate all = EstimateShare(20, 20);
    EXPECT_DOUBLE_EQ(all.high, 1);
    EXPECT_NEAR(all.low, 1 - 0.1611, 5e-5);
}
