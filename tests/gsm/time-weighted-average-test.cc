// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/time-weighted-average.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

// 0 for 1 s, 3 for 2 s, 1 for 5 s: (6 + 5) / 8.
TEST(TimeWeightedAverage, ValuesWeighAsLongAsTheyHold)
{
    TimeWeightedAverage average;
    average.Set(Seconds(1), 3);
    average.Add(Seconds(3), -2);
    EXPECT_DOUBLE_EQ(average.GetAverage(Seconds(8)), 11.0 / 8);
    EXPECT_DOUBLE_EQ(average.GetAverage(Seconds(3)), 2);
    EXPECT_DOUBLE_EQ(average.GetValue(), 1);
    EXPECT_DOUBLE_EQ(average.GetMaximum(), 3);
}

// A value that holds for no time has no weight, but may be the greatest.
TEST(TimeWeightedAverage, MomentaryValues_CountForTheMaximumOnly)
{
    TimeWeightedAverage average(Seconds(10));
    EXPECT_DOUBLE_EQ(average.GetAverage(Seconds(10)), 0);
    average.Set(Seconds(12), 100);
    average.Set(Seconds(12), 2);
    EXPECT_DOUBLE_EQ(average.GetAverage(Seconds(14)), 1);
    EXPECT_DOUBLE_EQ(average.GetMaximum(), 100);
}

// At or above 2 from 1 to 4 s and from 6 s on.
TEST(TimeWeightedAverage, ShareAtLevel_IsOfTheTime)
{
    TimeWeightedAverage average(Seconds(0), 2);
    average.Set(Seconds(1), 2);
    average.Set(Seconds(4), 1);
    average.Set(Seconds(6), 5);
    EXPECT_DOUBLE_EQ(average.GetShareAtLevel(Seconds(8)), 5.0 / 8);
    EXPECT_DOUBLE_EQ(TimeWeightedAverage().GetShareAtLevel(Seconds(8)), 0);
    EXPECT_DOUBLE_EQ(average.GetShareAtLevel(Seconds(0)), 0);
}

TEST(TimeWeightedAverage, Restart_ForgetsAllButTheValue)
{
    TimeWeightedAverage average(Seconds(0), 4);
    average.Set(Seconds(1), 9);
    average.Set(Seconds(2), 4);
    average.Restart(Seconds(10));
    average.Set(Seconds(11), 0);
    EXPECT_DOUBLE_EQ(average.GetAverage(Seconds(14)), 1);
    EXPECT_DOUBLE_EQ(average.GetShareAtLevel(Seconds(14)), 0.25);
    EXPECT_DOUBLE_EQ(average.GetMaximum(), 4);
}
