// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/bootstrap.h"
#include "campaign/random-sample.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace p2pim::campaign;

namespace
{

double
GetMean(const std::vector<double>& sample)
{
    return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

/// The statistic of the values that are drawn of a sample.
DrawnStatistic
Of(std::vector<double> sample, double (*statistic)(const std::vector<double>&))
{
    return [sample = std::move(sample), statistic](const std::vector<std::size_t>& drawn) {
        std::vector<double> values;
        values.reserve(drawn.size());
        for (const auto place : drawn)
        {
            values.push_back(sample[place]);
        }
        return statistic(values);
    };
}

double
GetVariance(const std::vector<double>& sample)
{
    const double mean = GetMean(sample);
    double squares = 0;
    for (const double x : sample)
    {
        squares += (x - mean) * (x - mean);
    }
    return squares / static_cast<double>(sample.size());
}

} // namespace

// The spatial test data of Efron and Tibshirani, table 14.1, whose variance is 171.5 there. SciPy's
// bootstrap(method="BCa") with 200,000 resamples has 105.7 and 279.0; its percentile interval
// is 86.3 to 249.7. With 20,000 resamples the bounds' standard errors are some 0.5 and 1.
TEST(Bootstrap, Interval_IsBiasCorrectedAndAccelerated)
{
    const std::vector<double> children{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                                       0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};
    const Estimate variance = Bootstrap(children.size(), Of(children, GetVariance), 1, 20000);
    EXPECT_NEAR(variance.value, 171.5, 0.05);
    EXPECT_NEAR(variance.low, 105.7, 2);
    EXPECT_NEAR(variance.high, 279.0, 4);
    EXPECT_EQ(variance.n, 26u);
}

// By a Python program that has the generator, the mapping of its upper 32 bits to an index, and the
// formulas of BCa.
TEST(Bootstrap, EqualSeeds_GiveEqualIntervalsEverywhere)
{
    const std::vector<double> sample{1, 2, 3, 5, 8, 13, 21};
    const Estimate mean = Bootstrap(sample.size(), Of(sample, GetMean), 3);
    EXPECT_NEAR(mean.low, 3.6768690534835815, 1e-9);
    EXPECT_NEAR(mean.high, 14.308535808979482, 1e-9);
    EXPECT_NE(mean.low, Bootstrap(sample.size(), Of(sample, GetMean), 4).low);
}

TEST(Bootstrap, SampleWithoutSpread_HasNoWidth)
{
    const Estimate estimate = Bootstrap(4, Of({4, 4, 4, 4}, GetMean), 1);
    EXPECT_DOUBLE_EQ(estimate.low, 4);
    EXPECT_DOUBLE_EQ(estimate.high, 4);
}

TEST(Bootstrap, SmallSamples_HaveNoInterval)
{
    EXPECT_TRUE(std::isnan(Bootstrap(0, Of({}, GetMean), 1).value));
    const Estimate one = Bootstrap(1, Of({4}, GetMean), 1);
    EXPECT_DOUBLE_EQ(one.value, 4);
    EXPECT_TRUE(std::isnan(one.low));
}

// Without the second unit nothing is there to divide by: so in (1/2)^2 of the draws.
TEST(Bootstrap, StatisticThatADrawDoesNotDefine_HasNoInterval)
{
    const std::vector<double> sample{0, 4};
    const auto getInverse = [&](const std::vector<std::size_t>& drawn) {
        double sum = 0;
        for (const auto place : drawn)
        {
            sum += sample[place];
        }
        return sum == 0 ? std::nan("") : 1 / sum;
    };
    const Estimate estimate = Bootstrap(2, getInverse, 1);
    EXPECT_DOUBLE_EQ(estimate.value, 0.25);
    EXPECT_TRUE(std::isnan(estimate.low));
    EXPECT_TRUE(std::isnan(estimate.high));
}

// 1,000 trials; standard error 0.8 %. Efron and Tibshirani, 14.3: the error of BCa falls as 1/n,
// and for the mean of 50 exponential values it is known to lose 1 to 2 %.
TEST(Bootstrap, Interval_CoversTheTruthOfASkewedDistribution)
{
    constexpr int trials = 1000;
    constexpr size_t n = 50;
    test::RandomNumbers random(11);
    int covered = 0;
    for (int trial = 0; trial < trials; ++trial)
    {
        const Estimate mean =
            Bootstrap(n, Of(random.DrawSample(test::Exponential, n), GetMean), trial, 1000);
        covered += mean.low <= 1 && mean.high >= 1 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(covered) / trials, 0.935, 0.02);
}
