// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/precision-rule.h"
#include "campaign/random-sample.h"
#include "campaign/statistics.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace p2pim::campaign;

namespace
{

/// @p n values around @p centre: centre + 1 and centre - 1 in turn.
std::vector<double>
Alternate(size_t n, double centre)
{
    std::vector<double> values(n, centre + 1);
    for (size_t i = 1; i < n; i += 2)
    {
        values[i] = centre - 1;
    }
    return values;
}

/// Makes runs as a study does. @return how many.
uint64_t
RunUntilPrecise(const PrecisionRule& rule, std::vector<double>& values, test::RandomNumbers& random)
{
    for (uint64_t target = rule.GetTarget(values); target > values.size();
         target = rule.GetTarget(values))
    {
        while (values.size() < target)
        {
            values.push_back(random.Draw(test::Exponential));
        }
    }
    return values.size();
}

} // namespace

// Each batch makes it half as many again, rounded up: 10, 15, 23, 35, 53.
TEST(PrecisionRule, Batches_GrowByHalf)
{
    const PrecisionRule rule({1e-6, 10, 50});
    EXPECT_EQ(rule.GetTarget({}), 10u);
    EXPECT_EQ(rule.GetTarget(Alternate(9, 5)), 10u);
    EXPECT_EQ(rule.GetTarget(Alternate(10, 5)), 15u);
    EXPECT_EQ(rule.GetTarget(Alternate(15, 5)), 23u);
    EXPECT_EQ(rule.GetTarget(Alternate(23, 5)), 35u);
    EXPECT_EQ(rule.GetTarget(Alternate(35, 5)), 50u);
    EXPECT_EQ(rule.GetTarget(Alternate(50, 5)), 50u);
    EXPECT_EQ(PrecisionRule({0.05, 10, 4}).GetTarget({}), 4u);
}

// 10 values m ± 1: s = sqrt(10/9), half the width is t(0.975; 9) s / sqrt(10) = 2.262 / 3 = 0.754,
// so m = 15.2 is the mean from which on it is less than 5 %: 0.754 / 0.05 = 15.08.
TEST(PrecisionRule, Mean_IsPreciseAtTheRelativeWidth)
{
    const PrecisionRule rule(PrecisionGoal{});
    EXPECT_TRUE(rule.IsPrecise(Alternate(10, 15.2)));
    EXPECT_TRUE(rule.IsPrecise(Alternate(10, -15.2)));
    EXPECT_FALSE(rule.IsPrecise(Alternate(10, 15.0)));
    EXPECT_FALSE(rule.IsPrecise(Alternate(10, 0)));
}

TEST(PrecisionRule, NoWidth_IsPrecise)
{
    const PrecisionRule rule(PrecisionGoal{});
    EXPECT_TRUE(rule.IsPrecise(std::vector<double>(10, 0)));
    EXPECT_TRUE(rule.IsPrecise(std::vector<double>(10, 3)));
    EXPECT_FALSE(rule.IsPrecise({3}));
    EXPECT_FALSE(rule.IsPrecise({}));
}

TEST(PrecisionRule, RunsWithoutValue_CountAsRunsOnly)
{
    const PrecisionRule rule(PrecisionGoal{});
    auto values = Alternate(10, 15.2);
    values.insert(values.begin(), std::nan(""));
    EXPECT_TRUE(rule.IsPrecise(values));
    values.resize(10); // 9 of them count
    EXPECT_EQ(rule.GetTarget(values), 15u);
    EXPECT_EQ(PrecisionRule({0.05, 10, 15}).GetTarget(std::vector<double>(15, std::nan(""))), 15u);
}

// Whoever makes runs ahead gets the same answer: what comes after the batch that is precise is not
// looked at.
TEST(PrecisionRule, RunsAhead_DoNotChangeTheTarget)
{
    const PrecisionRule rule({0.2, 10, 100000});
    for (uint64_t seed = 1; seed <= 20; ++seed)
    {
        test::RandomNumbers random(seed);
        std::vector<double> values;
        const uint64_t target = RunUntilPrecise(rule, values, random);
        EXPECT_GT(target, 10u);
        const auto more = random.DrawSample(test::LogNormal, 500);
        values.insert(values.end(), more.begin(), more.end());
        EXPECT_EQ(rule.GetTarget(values), target);
    }
}

// Stopping when the interval happens to be narrow makes it miss more often than in 5 %; with few
// looks by little. 2,000 trials: standard error 0.5 %.
TEST(PrecisionRule, Stopping_CostsLittleCoverage)
{
    constexpr int trials = 2000;
    const PrecisionRule rule({0.1, 10, 100000});
    test::RandomNumbers random(5);
    int covered = 0;
    for (int trial = 0; trial < trials; ++trial)
    {
        std::vector<double> values;
        RunUntilPrecise(rule, values, random);
        const Estimate mean = EstimateMean(values);
        covered += mean.low <= 1 && mean.high >= 1 ? 1 : 0;
    }
    EXPECT_GE(static_cast<double>(covered) / trials, 0.93);
    EXPECT_LE(static_cast<double>(covered) / trials, 0.96);
}
