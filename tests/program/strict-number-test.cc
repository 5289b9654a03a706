// SPDX-License-Identifier: GPL-2.0-only
#include "program/strict-number.h"

#include <gtest/gtest.h>

using namespace p2pim::program;

// The refused texts are those that ns-3's CommandLine or Boost.Program_options 1.74 take.

TEST(StrictNumber, ReadsUnsignedToItsLastValue)
{
    EXPECT_EQ(ReadUnsigned("0"), 0u);
    EXPECT_EQ(ReadUnsigned("18446744073709551615"), 18446744073709551615u);
    EXPECT_FALSE(ReadUnsigned("18446744073709551616"));
}

TEST(StrictNumber, RefusesWhatIsNotAnUnsignedNumberFromEndToEnd)
{
    for (const char* text : {"", "-1", "+1", "3.7", "12abc", " 1", "1 ", "nan", "0x10", "1e3"})
    {
        EXPECT_FALSE(ReadUnsigned(text)) << text;
    }
}

TEST(StrictNumber, ReadsNegativeIntegers)
{
    EXPECT_EQ(ReadInteger("-9223372036854775808"), INT64_MIN);
    EXPECT_FALSE(ReadInteger("9223372036854775808"));
    EXPECT_FALSE(ReadInteger("-"));
}

TEST(StrictNumber, RefusesWhatIsNotFinite)
{
    EXPECT_EQ(ReadDecimal("-1.5e3"), -1500.0);
    for (const char* text : {"nan", "inf", "-inf", "infinity", "1e400", "1.5x", "", "0x1p3"})
    {
        EXPECT_FALSE(ReadDecimal(text)) << text;
    }
}

TEST(StrictNumber, SplitsANumberFromItsUnit)
{
    const auto quantity = ReadQuantity("1.5e-3ms");
    ASSERT_TRUE(quantity);
    EXPECT_EQ(quantity->number, 0.0015);
    EXPECT_EQ(quantity->unit, "ms");
    EXPECT_EQ(ReadQuantity("5")->unit, "");
    EXPECT_FALSE(ReadQuantity("s"));
    EXPECT_FALSE(ReadQuantity("infs"));
    EXPECT_FALSE(ReadQuantity("nans"));
}
