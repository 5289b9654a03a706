// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/progress-bar.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace p2pim::campaign;
using namespace std::chrono_literals;

namespace
{

const std::string g_clear = "\r\x1b[K";

} // namespace

TEST(ProgressBar, WithoutATerminal_IsSilent)
{
    std::ostringstream out;
    {
        ProgressBar bar(out, false, 2, 10);
        bar.BeginRun("p2p, seed 1");
        bar.Update(5);
        bar.Finish();
    }
    EXPECT_EQ(out.str(), "");
}

// 30 of 40 sessions in 5 s: 6 a second, so 10 / 6 = 1.7 s are left, shown as 2 s.
TEST(ProgressBar, Line_HasRunsSessionsRateAndTimeLeft)
{
    std::ostringstream out;
    std::chrono::nanoseconds now = 1h;
    ProgressBar bar(out, true, 4, 10, [&now]() { return now; });
    for (const char* label : {"p2p, seed 1", "p2p, seed 2", "p2p, seed 3"})
    {
        bar.BeginRun(label);
    }
    now += 5s;
    out.str("");
    bar.Update(10);
    EXPECT_EQ(out.str(),
              g_clear + "[############....] 30/40 sessions, 6/s, 0:02 left, run 3/4: p2p, seed 3");
}

TEST(ProgressBar, Line_FitsIntoEightyColumns)
{
    std::ostringstream out;
    ProgressBar bar(out, true, 4, 10);
    bar.BeginRun(std::string(200, 'x'));
    EXPECT_EQ(out.str().size(), g_clear.size() + 79);
}

TEST(ProgressBar, Drawing_IsLimitedToTenTimesASecond)
{
    std::ostringstream out;
    std::chrono::nanoseconds now = 1h;
    ProgressBar bar(out, true, 1, 1000, [&now]() { return now; });
    bar.BeginRun("p2p, seed 1");
    out.str("");
    for (int i = 1; i <= 99; ++i)
    {
        now += 1ms;
        bar.Update(i);
    }
    EXPECT_EQ(out.str(), "");
    now += 1ms;
    bar.Update(100);
    EXPECT_NE(out.str(), "");
}

TEST(ProgressBar, End_TakesTheLineAwayOnce)
{
    std::ostringstream out;
    {
        ProgressBar bar(out, true, 1, 10);
        bar.BeginRun("p2p, seed 1");
        out.str("");
        bar.Finish();
        bar.Update(10);
    }
    EXPECT_EQ(out.str(), g_clear);
}
