// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/sms-time-stamp.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::test::FromHex;
using p2pim::test::ToHex;

namespace
{

SmsCodecError
Read(const std::string& hex, SmsTimeStamp& stamp)
{
    const std::vector<uint8_t> octets = FromHex(hex);
    OctetReader reader(octets.data(), octets.size());
    return ReadTimeStamp(reader, stamp);
}

std::string
Write(const SmsTimeStamp& stamp)
{
    std::vector<uint8_t> octets;
    EXPECT_EQ(AppendTimeStamp(stamp, octets), SmsCodecError::NONE);
    return ToHex(octets);
}

} // namespace

// The time stamp of the published SMS-DELIVER in sms-codec-test: 29 March 1999, 15:16:59 GMT+2,
// which is 13:16:59 UTC; `date -u -d "1999-03-29 13:16:59" +%s` says 922713419.
TEST(SmsTimeStamp, IsLocalTime)
{
    SmsTimeStamp stamp;
    ASSERT_EQ(Read("99309251619580", stamp), SmsCodecError::NONE);
    EXPECT_EQ(stamp.quarterHours, 8);
    EXPECT_EQ(GetSeconds(stamp), 922713419);
    EXPECT_EQ(Write(stamp), "99309251619580");
}

// TS 23.040 9.2.3.11: quarters of an hour in semi-octets, the tens in the low one, whose highest
// bit is the sign: 1 for behind GMT. Newfoundland, GMT-3:30, is 14 quarters behind.
TEST(SmsTimeStamp, HasTimeZonesOnBothSidesOfGreenwich)
{
    struct Zone
    {
        int8_t quarterHours;
        const char* octet;
    };

    for (const Zone zone : {Zone{0, "00"},
                            Zone{4, "40"},
                            Zone{23, "32"}, // Nepal
                            Zone{79, "97"},
                            Zone{-4, "48"},
                            Zone{-14, "49"},
                            Zone{-20, "0a"},
                            Zone{-79, "9f"}})
    {
        SmsTimeStamp stamp;
        ASSERT_EQ(Read(std::string("801010000000") + zone.octet, stamp), SmsCodecError::NONE);
        EXPECT_EQ(stamp.quarterHours, zone.quarterHours);
        EXPECT_EQ(GetSeconds(stamp), 1199145600 - zone.quarterHours * 900);
        EXPECT_EQ(Write(stamp), std::string("801010000000") + zone.octet);
    }
}

// Two digits name the years from 1990 to 2089; `date -u` gave the seconds.
TEST(SmsTimeStamp, NamesTheYearsFrom1990To2089)
{
    SmsTimeStamp stamp;
    ASSERT_EQ(Read("09101000000000", stamp), SmsCodecError::NONE);
    EXPECT_EQ(GetSeconds(stamp), 631152000);
    ASSERT_EQ(Read("98211332959500", stamp), SmsCodecError::NONE);
    EXPECT_EQ(GetSeconds(stamp), 3786911999);
    EXPECT_EQ(Write(MakeSmsTimeStamp(631152000)), "09101000000000");
    EXPECT_EQ(Write(MakeSmsTimeStamp(3786911999)), "98211332959500");
}

// Every day of the hundred years, back and forth.
TEST(SmsTimeStamp, IsExactOnEveryDay)
{
    for (int64_t seconds = 631152000 + 43199; seconds < 3786912000; seconds += 86400)
    {
        ASSERT_EQ(GetSeconds(MakeSmsTimeStamp(seconds)), seconds);
    }
}

TEST(SmsTimeStamp, RefusesDatesAndTimesThatDoNotExist)
{
    SmsTimeStamp stamp;
    EXPECT_EQ(Read("80209200000000", stamp), SmsCodecError::NONE); // 29 February 2008
    for (const char* bad : {"10209200000000",                      // 29 February 2001
                            "80000100000000",                      // month 0
                            "80310100000000",                      // month 13
                            "80100000000000",                      // day 0
                            "80401300000000",                      // 31 April
                            "80101042000000",                      // 24 h
                            "80101000060000",                      // 60 min
                            "80101000000600",                      // 60 s
                            "801010000000A0",                      // semi-octets that are no digits
                            "A0101000000000",
                            "8A101000000000"})
    {
        EXPECT_EQ(Read(bad, stamp), SmsCodecError::BAD_TIME_STAMP) << bad;
    }
    EXPECT_EQ(Read("801010000000", stamp), SmsCodecError::TRUNCATED);
    stamp = MakeSmsTimeStamp(1199145600);
    stamp.quarterHours = 80;
    std::vector<uint8_t> octets;
    EXPECT_EQ(AppendTimeStamp(stamp, octets), SmsCodecError::BAD_TIME_STAMP);
}
