// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-retry-schedule.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// @return the times of the attempts after the first, in min, each @p failure at once.
std::vector<double>
GetMinutes(const SmsRetrySchedule& schedule, bool absent, std::size_t most)
{
    std::vector<double> times;
    double minutes = 0;
    for (uint32_t failures = 1; times.size() < most; ++failures)
    {
        const auto wait = schedule.GetWait(failures, absent);
        if (!wait)
        {
            break;
        }
        minutes += wait->GetMinutes();
        times.push_back(minutes);
    }
    return times;
}

} // namespace

// C10 without the 20 s before the first attempt: reference A.6.
TEST(SmsRetrySchedule, RestcommDoublesUpToADay)
{
    const auto schedule = SmsRetrySchedule::Parse("restcomm");
    ASSERT_TRUE(schedule);
    EXPECT_EQ(GetMinutes(*schedule, true, 11),
              (std::vector<double>{5, 15, 35, 75, 155, 315, 635, 1275, 2555, 3995, 5435}));
    EXPECT_EQ(GetMinutes(*schedule, false, 11), GetMinutes(*schedule, true, 11));
    EXPECT_EQ(schedule->GetDefaultValidity(), Hours(72));
}

// Infobip's glossary: each minute five times, each 10 minutes for an hour, hourly to 24 h.
TEST(SmsRetrySchedule, InfobipTriesForADay)
{
    const auto schedule = SmsRetrySchedule::Parse("infobip");
    ASSERT_TRUE(schedule);
    const std::vector<double> times = GetMinutes(*schedule, false, 100);
    ASSERT_EQ(times.size(), 5U + 6 + 22);
    EXPECT_EQ(times[4], 5);
    EXPECT_EQ(times[10], 65);
    EXPECT_EQ(times[11], 125);
    EXPECT_LE(times.back(), 24 * 60);
    EXPECT_GT(times.back() + 60, 24 * 60);
    EXPECT_EQ(schedule->GetDefaultValidity(), Hours(48));
}

// Infobip's glossary: to an absent subscriber hourly up to 7 days.
TEST(SmsRetrySchedule, InfobipTriesAnAbsentSubscriberHourly)
{
    const std::vector<double> times = GetMinutes(*SmsRetrySchedule::Parse("infobip"), true, 1000);
    ASSERT_EQ(times.size(), 7U * 24);
    EXPECT_EQ(times.front(), 60);
    EXPECT_EQ(times.back(), 7 * 24 * 60);
}

// osmo-msc's max_fail 1: after a failure nothing goes by the clock.
TEST(SmsRetrySchedule, OsmocomWaitsForTheSubscriber)
{
    const auto schedule = SmsRetrySchedule::Parse("osmocom");
    ASSERT_TRUE(schedule);
    EXPECT_TRUE(GetMinutes(*schedule, true, 10).empty());
    EXPECT_EQ(schedule->GetDefaultValidity(), Hours(7 * 24));
}

TEST(SmsRetrySchedule, OwnOneRepeatsItsLastWait)
{
    const auto schedule = SmsRetrySchedule::Parse(" 30s 1min  1min 0.5h");
    ASSERT_TRUE(schedule);
    EXPECT_EQ(GetMinutes(*schedule, false, 5), (std::vector<double>{0.5, 1.5, 2.5, 32.5, 62.5}));
}

TEST(SmsRetrySchedule, RefusesWhatIsNone)
{
    for (const char* text : {"",
                             " ",
                             "RestComm",
                             "restcomm 300s",
                             "300",
                             "s",
                             "300 s",
                             "300sec",
                             "0s",
                             "-300s",
                             "nans",
                             "infs",
                             "1e300h",
                             "1e-12s",
                             "600s 300s",
                             "300s 600s 599s",
                             "300s,600s",
                             "300s 600"})
    {
        EXPECT_FALSE(SmsRetrySchedule::Parse(text)) << text;
    }
}

TEST(SmsRetrySchedule, ReadsASingleTime)
{
    EXPECT_EQ(SmsRetrySchedule::ParseTime("90s"), Seconds(90));
    EXPECT_EQ(SmsRetrySchedule::ParseTime("1.5min"), Seconds(90));
    EXPECT_EQ(SmsRetrySchedule::ParseTime("72h"), Hours(72));
    for (const char* text : {"", "72", "72h 1s", "72hx", "0h", "schedule", "-1s"})
    {
        EXPECT_FALSE(SmsRetrySchedule::ParseTime(text)) << text;
    }
}
