// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/equivalence.h"
#include "campaign/random-sample.h"

#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>

using namespace p2pim::campaign;

// As SciPy has it: ttest_1samp(x, -1, alternative="greater"), ttest_1samp(x, 1,
// alternative="less"), and the 90 % interval of ttest_1samp(x, 0).
TEST(Equivalence, TwoOneSidedTests_HaveThePValuesOfStudent)
{
    const auto test = TestEquivalence({1.1, -0.4, 0.3, 0.8, -0.2, 0.5, 0.1, -0.6}, 1);
    EXPECT_NEAR(test.pLower, 0.00034962341, 1e-9);
    EXPECT_NEAR(test.pUpper, 0.00321818333, 1e-9);
    EXPECT_DOUBLE_EQ(test.difference.value, 0.2);
    EXPECT_NEAR(test.difference.low, -0.19546998580, 1e-9);
    EXPECT_NEAR(test.difference.high, 0.59546998580, 1e-9);
    EXPECT_DOUBLE_EQ(test.margin, 1);
    EXPECT_TRUE(test.equivalent);
}

// Schuirmann (1987): the tests agree with "the interval of 1 - 2 alpha is within the margin".
TEST(Equivalence, Verdict_IsThatOfTheInterval)
{
    const std::vector<double> differences{1.1, -0.4, 0.3, 0.8, -0.2, 0.5, 0.1, -0.6};
    for (const double alpha : {0.05, 0.01})
    {
        const double bound = TestEquivalence(differences, 1, alpha).difference.high;
        EXPECT_TRUE(TestEquivalence(differences, bound + 1e-6, alpha).equivalent);
        EXPECT_FALSE(TestEquivalence(differences, bound - 1e-6, alpha).equivalent);
    }
}

TEST(Equivalence, FewerThanTwoPairs_ShowNothing)
{
    EXPECT_FALSE(TestEquivalence({}, 1).equivalent);
    EXPECT_FALSE(TestEquivalence({0}, 1).equivalent);
    EXPECT_DOUBLE_EQ(TestEquivalence({0}, 1).pUpper, 1);
}

TEST(Equivalence, EqualDifferences_AreCertain)
{
    const auto none = TestEquivalence({0, 0, 0}, 0.1);
    EXPECT_TRUE(none.equivalent);
    EXPECT_DOUBLE_EQ(none.pLower, 0);
    EXPECT_DOUBLE_EQ(none.pUpper, 0);
    const auto moved = TestEquivalence({0.5, 0.5, 0.5}, 0.1);
    EXPECT_FALSE(moved.equivalent);
    EXPECT_DOUBLE_EQ(moved.pLower, 0);
    EXPECT_DOUBLE_EQ(moved.pUpper, 1);
    EXPECT_FALSE(TestEquivalence({-0.5, -0.5}, 0.1).equivalent);
}

// The manual of PASS, page 519-5, as the tests of the R package TOSTER quote it: a margin of 19.2,
// a true difference of 4, a deviation of 25.4558.
TEST(Equivalence, Power_IsThatOfThePassManual)
{
    EXPECT_NEAR(GetEquivalencePower(5, 25.4558, 19.2, 0.05, -4), 0.10599, 5e-6);
    EXPECT_NEAR(GetEquivalencePower(15, 25.4558, 19.2, 0.05, -4), 0.66629, 5e-6);
    EXPECT_NEAR(GetEquivalencePower(30, 25.4558, 19.2, 0.05, -4), 0.93855, 5e-6);
    EXPECT_NEAR(GetEquivalencePower(50, 25.4558, 19.2, 0.05, 4), 0.99410, 5e-6);
}

// By scipy.integrate.quad of the same integral: few degrees of freedom are the hard ones.
TEST(Equivalence, Power_OfFewPairs)
{
    EXPECT_NEAR(GetEquivalencePower(2, 1, 1, 0.05), 0.0864742765, 1e-8);
    EXPECT_NEAR(GetEquivalencePower(3, 1, 3, 0.05), 0.8804207331, 1e-8);
    EXPECT_NEAR(GetEquivalencePower(10, 1, 1, 0.05), 0.7952072667, 1e-8);
    EXPECT_DOUBLE_EQ(GetEquivalencePower(1, 1, 1, 0.05), 0);
    EXPECT_DOUBLE_EQ(GetEquivalencePower(2, 0, 1, 0.05), 1);
    EXPECT_DOUBLE_EQ(GetEquivalencePower(2, 0, 1, 0.05, 2), 0);
}

// The test has its alpha: at the margin the power is alpha, but for what the other test takes.
TEST(Equivalence, Power_AtTheMarginIsAlpha)
{
    EXPECT_NEAR(GetEquivalencePower(200, 1, 0.5, 0.05, 0.5), 0.05, 1e-6);
    EXPECT_NEAR(GetEquivalencePower(1000000, 1, 0.5, 0.01, -0.5), 0.01, 1e-6);
}

// The same, pages 519-8 and 519-5: 16 pairs for 70 %, 36 for 80 %.
TEST(Equivalence, Replications_AreThoseOfThePassManual)
{
    EXPECT_EQ(GetReplications(28.284, 20, 0.05, 0.3), 16u);
    EXPECT_EQ(GetReplications(0.1, 0.05, 0.05, 0.2), 36u);
}

TEST(Equivalence, Replications_AreTheLeastThatSuffice)
{
    for (const double beta : {0.2, 0.05, 0.01})
    {
        for (const double margin : {3.0, 1.0, 0.3, 0.02})
        {
            const uint64_t n = GetReplications(1, margin, 0.05, beta);
            EXPECT_GE(GetEquivalencePower(n, 1, margin, 0.05), 1 - beta) << margin;
            EXPECT_LT(GetEquivalencePower(n - 1, 1, margin, 0.05), 1 - beta) << margin;
        }
    }
    EXPECT_EQ(GetReplications(0, 1, 0.05, 0.05), 2u);
    EXPECT_THROW(GetReplications(1, 0, 0.05, 0.05), std::invalid_argument);
    EXPECT_THROW(GetReplications(1, 1e-9, 0.05, 0.05), std::invalid_argument);
    EXPECT_THROW(GetReplications(1, 1, 0.5, 0.05), std::invalid_argument);
    EXPECT_THROW(GetReplications(1, 1, 0.05, 1), std::invalid_argument);
}

// 4,000 simulated studies of as many pairs as are asked for: standard error 0.4 % and 0.35 %.
TEST(Equivalence, Simulation_HasThePowerAndTheError)
{
    constexpr int trials = 4000;
    const uint64_t n = GetReplications(1, 0.8, 0.05, 0.1);
    test::RandomNumbers random(7);
    int shown = 0;
    int wrong = 0;
    for (int trial = 0; trial < trials; ++trial)
    {
        auto differences = random.DrawSample(test::Normal, n);
        shown += TestEquivalence(differences, 0.8).equivalent ? 1 : 0;
        for (double& difference : differences)
        {
            difference += 0.8;
        }
        wrong += TestEquivalence(differences, 0.8).equivalent ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(shown) / trials, GetEquivalencePower(n, 1, 0.8, 0.05), 0.015);
    EXPECT_NEAR(static_cast<double>(wrong) / trials, 0.05, 0.011);
}
