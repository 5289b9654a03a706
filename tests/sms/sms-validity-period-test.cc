// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/sms-validity-period.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::test::FromHex;
using p2pim::test::ToHex;

namespace
{

using Format = SmsValidityPeriod::Format;
using Enhanced = SmsValidityPeriod::Enhanced;

constexpr int64_t NEW_YEAR_2008 = 1199145600; ///< 00:00 UTC
constexpr int64_t DAY = 86400;

SmsValidityPeriod
MakeEnhanced(Enhanced kind, uint32_t seconds, bool singleShot = false)
{
    SmsValidityPeriod period = SmsValidityPeriod::MakeRelative(11);
    period.format = Format::ENHANCED;
    period.enhanced = kind;
    period.seconds = seconds;
    period.singleShot = singleShot;
    return period;
}

/// @return TP-VP in hexadecimal digits.
std::string
Write(const SmsValidityPeriod& period)
{
    std::vector<uint8_t> octets;
    EXPECT_EQ(AppendValidityPeriod(period, octets), SmsCodecError::NONE);
    return ToHex(octets);
}

SmsCodecError
Read(Format format, const std::string& hex, SmsValidityPeriod& period)
{
    const std::vector<uint8_t> octets = FromHex(hex);
    OctetReader reader(octets.data(), octets.size());
    const SmsCodecError error = ReadValidityPeriod(reader, format, period);
    return reader.HasFailed() ? SmsCodecError::TRUNCATED : error;
}

SmsCodecError
ReadEnhanced(const std::string& hex)
{
    SmsValidityPeriod period;
    return Read(Format::ENHANCED, hex, period);
}

} // namespace

// TS 23.040 9.2.3.12.1 and 9.2.3.12.2: an octet, or a time stamp; no TP-VP at all is nothing.
TEST(SmsValidityPeriod, IsAnOctetOrATimeStamp)
{
    EXPECT_EQ(Write(SmsValidityPeriod()), "");
    EXPECT_EQ(SmsValidityPeriod().GetSeconds(0), std::nullopt);
    EXPECT_EQ(Write(SmsValidityPeriod::MakeRelative(0xAA)), "aa");
    SmsValidityPeriod absolute;
    absolute.format = Format::ABSOLUTE;
    absolute.absolute = MakeSmsTimeStamp(NEW_YEAR_2008);
    absolute.absolute.quarterHours = 4;
    EXPECT_EQ(Write(absolute), "80101000000040");
    SmsValidityPeriod read;
    ASSERT_EQ(Read(Format::ABSOLUTE, "80101000000040", read), SmsCodecError::NONE);
    EXPECT_EQ(read.GetSeconds(NEW_YEAR_2008 - 2 * 3600), 3600); // an hour ahead of GMT
    EXPECT_EQ(read.GetSeconds(NEW_YEAR_2008), 0);               // over
    EXPECT_EQ(Read(Format::ABSOLUTE, "801310000000", read), SmsCodecError::TRUNCATED);
    EXPECT_EQ(Read(Format::ABSOLUTE, "80311000000000", read), SmsCodecError::BAD_TIME_STAMP);
    EXPECT_EQ(Read(Format::RELATIVE, "", read), SmsCodecError::TRUNCATED);
}

// TS 23.040 9.2.3.12.3: seven octets whatever is in them; bits 2 to 0 of the first say what, bit 6
// asks for a single shot. Hours, minutes and seconds are semi-octets, the tens in the low ones.
TEST(SmsValidityPeriod, HasFourEnhancedFormats)
{
    EXPECT_EQ(Write(MakeEnhanced(Enhanced::NONE, 0)), "00000000000000");
    EXPECT_EQ(Write(MakeEnhanced(Enhanced::NONE, 0, true)), "40000000000000");
    EXPECT_EQ(Write(MakeEnhanced(Enhanced::RELATIVE, 0)), "010b0000000000");
    EXPECT_EQ(Write(MakeEnhanced(Enhanced::SECONDS, 45, true)), "422d0000000000");
    EXPECT_EQ(Write(MakeEnhanced(Enhanced::HOURS, 12 * 3600 + 34 * 60 + 56)), "03214365000000");
    SmsValidityPeriod read;
    ASSERT_EQ(Read(Format::ENHANCED, "40000000000000", read), SmsCodecError::NONE);
    EXPECT_TRUE(read.singleShot);
    EXPECT_EQ(read.GetSeconds(0), std::nullopt);
    ASSERT_EQ(Read(Format::ENHANCED, "010b0000000000", read), SmsCodecError::NONE);
    EXPECT_FALSE(read.singleShot);
    EXPECT_EQ(read.GetSeconds(0), 3600);
    ASSERT_EQ(Read(Format::ENHANCED, "02ff0000000000", read), SmsCodecError::NONE);
    EXPECT_EQ(read.GetSeconds(0), 255);
    ASSERT_EQ(Read(Format::ENHANCED, "03999595000000", read), SmsCodecError::NONE);
    EXPECT_EQ(read.GetSeconds(0), 99 * 3600 + 59 * 60 + 59);
}

// Reserved values, 0 s (TS 23.040 9.2.3.12.3), and what is no time of day.
TEST(SmsValidityPeriod, RefusesWhatDoesNotExist)
{
    for (const std::string first : {"04", "05", "06", "07", "80", "81"})
    {
        EXPECT_EQ(ReadEnhanced(first + "010000000000"), SmsCodecError::BAD_VALIDITY_PERIOD);
    }
    EXPECT_EQ(ReadEnhanced("02000000000000"), SmsCodecError::BAD_VALIDITY_PERIOD);
    EXPECT_EQ(ReadEnhanced("030A0000000000"), SmsCodecError::BAD_VALIDITY_PERIOD);
    EXPECT_EQ(ReadEnhanced("03A00000000000"), SmsCodecError::BAD_VALIDITY_PERIOD);
    EXPECT_EQ(ReadEnhanced("03000600000000"), SmsCodecError::BAD_VALIDITY_PERIOD);
    EXPECT_EQ(ReadEnhanced("03000006000000"), SmsCodecError::BAD_VALIDITY_PERIOD);
    EXPECT_EQ(ReadEnhanced("030000"), SmsCodecError::TRUNCATED);
    std::vector<uint8_t> octets;
    for (const SmsValidityPeriod& bad : {MakeEnhanced(Enhanced::SECONDS, 0),
                                         MakeEnhanced(Enhanced::SECONDS, 256),
                                         MakeEnhanced(Enhanced::HOURS, 100 * 3600)})
    {
        EXPECT_EQ(AppendValidityPeriod(bad, octets), SmsCodecError::BAD_VALIDITY_PERIOD);
    }
    SmsValidityPeriod absolute;
    absolute.format = Format::ABSOLUTE;
    absolute.absolute.month = 13;
    EXPECT_EQ(AppendValidityPeriod(absolute, octets), SmsCodecError::BAD_TIME_STAMP);
}

// Make() keeps a period exactly wherever a format can say it, and never makes it shorter.
TEST(SmsValidityPeriod, IsMadeInTheFormatThatSaysItBest)
{
    for (const int64_t seconds : {300, 3600, 43200, 45000, 86400, 172800, 3024000})
    {
        const SmsValidityPeriod period = SmsValidityPeriod::Make(seconds);
        EXPECT_EQ(period.format, Format::RELATIVE) << seconds;
        EXPECT_EQ(period.GetSeconds(0), seconds);
    }
    for (const int64_t seconds : {1, 255, 256, 301, 86401, 359999})
    {
        const SmsValidityPeriod period = SmsValidityPeriod::Make(seconds);
        EXPECT_EQ(period.format, Format::ENHANCED) << seconds;
        EXPECT_EQ(period.enhanced, seconds <= 255 ? Enhanced::SECONDS : Enhanced::HOURS);
        EXPECT_EQ(period.GetSeconds(0), seconds);
        SmsValidityPeriod read;
        ASSERT_EQ(Read(Format::ENHANCED, Write(period), read), SmsCodecError::NONE);
        EXPECT_EQ(read.GetSeconds(0), seconds);
    }
    EXPECT_EQ(SmsValidityPeriod::Make(360000).GetSeconds(0), 5 * DAY); // 100 h
    EXPECT_EQ(SmsValidityPeriod::Make(31 * DAY).GetSeconds(0), 35 * DAY);
    EXPECT_EQ(SmsValidityPeriod::Make(1000 * DAY).GetSeconds(0), 63 * 7 * DAY); // the longest
}
