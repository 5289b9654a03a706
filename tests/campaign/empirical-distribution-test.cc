// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/empirical-distribution.h"
#include "campaign/random-sample.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace p2pim::campaign;

TEST(EmpiricalDistribution, Share_IsOfTheValuesUpToThere)
{
    const EmpiricalDistribution distribution({3, 1, 2, 2});
    EXPECT_DOUBLE_EQ(distribution.GetShare(0.9), 0);
    EXPECT_DOUBLE_EQ(distribution.GetShare(1), 0.25);
    EXPECT_DOUBLE_EQ(distribution.GetShare(2), 0.75);
    EXPECT_DOUBLE_EQ(distribution.GetShare(3), 1);
    EXPECT_DOUBLE_EQ(distribution.GetQuantile(0.5), 2);
    EXPECT_DOUBLE_EQ(distribution.GetQuantile(0), 1);
    EXPECT_DOUBLE_EQ(distribution.GetQuantile(1), 3);
}

TEST(EmpiricalDistribution, Points_AreWhereItRises)
{
    const auto points = EmpiricalDistribution({3, 1, 2, 2}).GetPoints();
    ASSERT_EQ(points.size(), 3u);
    EXPECT_DOUBLE_EQ(points[1].value, 2);
    EXPECT_DOUBLE_EQ(points[1].share, 0.75);
    EXPECT_NEAR(points[1].low, 0.75 - std::sqrt(std::log(40.0) / 8), 1e-12);
    EXPECT_DOUBLE_EQ(points[1].high, 1);
    EXPECT_DOUBLE_EQ(points[0].low, 0);
}

// sqrt(ln 40 / 2n) = 1.3581 / sqrt(n): the asymptotic 5 % point of the Kolmogorov-Smirnov statistic
// in every table.
TEST(EmpiricalDistribution, Band_IsMassarts)
{
    const EmpiricalDistribution distribution(std::vector<double>(100, 1));
    EXPECT_NEAR(distribution.GetBand(), 0.13581, 5e-6);
    EXPECT_NEAR(distribution.GetBand(0.99), 0.16276, 5e-6);
}

// 2,000 trials of 50 values: the whole curve is within the band in 95 % or a little more.
TEST(EmpiricalDistribution, Band_HasTheWholeCurve)
{
    constexpr int trials = 2000;
    constexpr size_t n = 50;
    test::RandomNumbers random(3);
    int covered = 0;
    for (int trial = 0; trial < trials; ++trial)
    {
        auto sample = random.DrawSample(test::Exponential, n);
        const EmpiricalDistribution distribution(sample);
        const double band = distribution.GetBand();
        // the distance to the truth is greatest at a value, or just before it
        covered += std::all_of(sample.begin(), sample.end(), [&](double x) {
            const double truth = 1 - std::exp(-x);
            const double share = distribution.GetShare(x);
            return std::abs(share - truth) <= band && std::abs(share - 1.0 / n - truth) <= band;
        });
    }
    EXPECT_GE(static_cast<double>(covered) / trials, 0.945);
    EXPECT_LE(static_cast<double>(covered) / trials, 0.975);
}

// By hand: at 2 the shares are 2/3 and 0; at 5 they are 1 and 1/2.
TEST(EmpiricalDistribution, Distance_IsTheGreatestDifference)
{
    const EmpiricalDistribution a({1, 2, 5});
    const EmpiricalDistribution b({3, 6});
    EXPECT_DOUBLE_EQ(GetDistance(a, b), 2.0 / 3);
    EXPECT_DOUBLE_EQ(GetDistance(b, a), 2.0 / 3);
    EXPECT_DOUBLE_EQ(GetDistance(a, a), 0);
    EXPECT_DOUBLE_EQ(GetDistance(EmpiricalDistribution({1}), EmpiricalDistribution({2})), 1);
}

TEST(EmpiricalDistribution, EmptySample_DefinesNothing)
{
    const EmpiricalDistribution empty({});
    EXPECT_TRUE(std::isnan(empty.GetShare(1)));
    EXPECT_TRUE(std::isnan(empty.GetQuantile(0.5)));
    EXPECT_TRUE(std::isinf(empty.GetBand()));
    EXPECT_TRUE(empty.GetPoints().empty());
    EXPECT_TRUE(std::isnan(GetDistance(empty, EmpiricalDistribution({1}))));
}
