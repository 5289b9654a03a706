// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/study-bar.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

using namespace p2pim::campaign;
using namespace std::chrono_literals;

namespace
{

const std::string g_clear = "\r\x1b[K";

/// A bar with a clock that stands still.
struct TestBar
{
    TestBar(bool isTerminal, uint64_t runs)
        : bar(out, isTerminal, runs, [this]() { return now; })
    {
        Take();
    }

    /// @return what was written since the last call.
    std::string Take()
    {
        auto text = out.str();
        out.str("");
        return text;
    }

    std::chrono::nanoseconds now = 1h;
    std::ostringstream out;
    StudyBar bar;
};

} // namespace

// Half of the 8 runs have ended after 20 s, one of them failed: 3 x 50 sessions. Two are under way
// with 25 sessions each, half a run: 5 of 8 runs are made. So 200 sessions in 20 s are 10 a second,
// and the 3 runs that are left take 20 s / 5 x 3 = 12 s.
TEST(StudyBar, Line_HasRunsFailuresRateAndTimeLeft)
{
    TestBar test(true, 8);
    for (uint64_t run = 1; run <= 4; ++run)
    {
        test.bar.EndRun(run, run != 3, run != 3 ? 50 : 0);
    }
    test.bar.Update(5, 25);
    test.now += 20s;
    test.bar.Update(6, 25);
    EXPECT_EQ(test.Take(),
              g_clear + "[########........] 4/8 runs, 1 failed, 10 sessions/s, 0:12 left");
}

// Its 50 sessions count once: 50 in 100 s.
TEST(StudyBar, RunThatHasEnded_IsNotUnderWay)
{
    TestBar test(true, 2);
    test.bar.Update(1, 49);
    test.now += 100s;
    test.bar.EndRun(1, true, 50);
    EXPECT_EQ(test.Take(), g_clear + "[########........] 1/2 runs, 0.5 sessions/s, 1:40 left");
}

TEST(StudyBar, LongTime_HasHours)
{
    TestBar test(true, 3);
    test.now += 2h + 3min + 4s;
    test.bar.EndRun(1, false, 0);
    EXPECT_EQ(test.Take(), g_clear + "[#####...........] 1/3 runs, 1 failed, 4:06:08 left");
}

TEST(StudyBar, FurtherRuns_MakeItLonger)
{
    TestBar test(true, 1);
    test.bar.EndRun(1, true, 5);
    test.now += 10s;
    test.bar.Expect(1);
    EXPECT_EQ(test.Take(), g_clear + "[########........] 1/2 runs, 0.5 sessions/s, 0:10 left");
}

TEST(StudyBar, End_TakesTheLineAwayOnce)
{
    TestBar test(true, 1);
    test.bar.Finish();
    EXPECT_EQ(test.Take(), g_clear);
    test.now += 10s;
    test.bar.EndRun(1, true, 5);
    test.bar.Finish();
    EXPECT_EQ(test.Take(), "");
}

TEST(StudyBar, WithoutATerminal_BeginAndEndAreLines)
{
    std::chrono::nanoseconds now = 1h;
    std::ostringstream out;
    {
        StudyBar bar(out, false, 2, [&now]() { return now; });
        EXPECT_EQ(out.str(), "0/2 runs\n");
        out.str("");
        now += 9s;
        bar.Update(1, 3);
        EXPECT_EQ(out.str(), "");
        bar.EndRun(1, true, 45);
        bar.EndRun(2, false, 0);
        out.str("");
    }
    EXPECT_EQ(out.str(), "2/2 runs, 1 failed, 5.0 sessions/s, in 0:09\n");
}

TEST(StudyBar, WithoutATerminal_QuickRunsAreTenLines)
{
    TestBar test(false, 1000);
    for (uint64_t run = 1; run <= 1000; ++run)
    {
        test.bar.EndRun(run, true, 1);
    }
    test.bar.Finish();
    const auto text = test.Take();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10); // 10 % to 90 %, and the end
}

// Every 10 s up to 200 s, of which 10 s are a twentieth: 20 lines. Then each is a twentieth of the
// time later, so up to the hour ln(3600 / 200) / ln(1 / 0.95) = 56.4 lines more; less, as the
// clock goes by whole seconds.
TEST(StudyBar, WithoutATerminal_SlowRunsAreEverRarerLines)
{
    TestBar test(false, 1000);
    std::string text;
    for (int second = 1; second <= 200; ++second)
    {
        test.now += 1s;
        test.bar.Update(1, 1);
    }
    text = test.Take();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 20);
    for (int second = 201; second <= 3600; ++second)
    {
        test.now += 1s;
        test.bar.Update(1, 1);
    }
    text = test.Take();
    EXPECT_GE(std::count(text.begin(), text.end(), '\n'), 52);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 56);
}
