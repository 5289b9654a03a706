// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/step-order.h"

#include <gtest/gtest.h>

using namespace p2pim::campaign;

namespace
{

using Names = std::vector<std::string>;
using Steps = std::vector<::p2pim::StepRecord>;

Names
Order(const std::vector<Steps>& sessions)
{
    ::p2pim::RunRecord run;
    for (const auto& steps : sessions)
    {
        run.sessions.emplace_back().steps = steps;
    }
    return GetStepOrder({&run});
}

} // namespace

TEST(StepOrder, FollowsTheSessions)
{
    const Names expected{"pressed", "zebra", "apple", "ready"};
    EXPECT_EQ(Order({{{"pressed", 100}, {"zebra", 101}, {"ready", 105}},
                     {{"pressed", 0}, {"zebra", 1}, {"apple", 2}, {"ready", 4}}}),
              expected);
}

TEST(StepOrder, StepsAtOneMomentKeepTheirOrder)
{
    const Names expected{"pressed", "pdp_up", "listening"};
    EXPECT_EQ(Order({{{"pressed", 7}, {"pdp_up", 9}, {"listening", 9}}}), expected);
}

// Only slow sessions register: its mean time is later than that of what comes after it.
TEST(StepOrder, AStepOfSlowSessionsComesWhereTheyPassIt)
{
    const Names expected{"pressed", "registered", "ready"};
    EXPECT_EQ(Order({{{"pressed", 0}, {"ready", 1}},
                     {{"pressed", 0}, {"ready", 1}},
                     {{"pressed", 0}, {"registered", 8}, {"ready", 9}}}),
              expected);
}

TEST(StepOrder, TheMajorityDecides)
{
    const Names expected{"pressed", "b", "a"};
    EXPECT_EQ(Order({{{"pressed", 0}, {"b", 1}, {"a", 2}},
                     {{"pressed", 0}, {"b", 1}, {"a", 2}},
                     {{"pressed", 0}, {"a", 0}, {"b", 90}}}),
              expected);
}

TEST(StepOrder, ACircleIsCutWhereTheTimeIsEarliest)
{
    const Names expected{"a", "b", "c"};
    EXPECT_EQ(Order({{{"a", 0}, {"b", 1}}, {{"b", 0}, {"c", 5}}, {{"c", 0}, {"a", 1}}}), expected);
    EXPECT_TRUE(GetStepOrder({}).empty());
}
