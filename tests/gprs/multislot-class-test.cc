// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/multislot-class.h"

#include <gtest/gtest.h>
#include <string>

using namespace ns3::p2pim;

namespace
{

std::string
Show(const std::string& text)
{
    const auto slots = ParseMultislotClass(text);
    return slots ? std::to_string(slots->downlink) + "+" + std::to_string(slots->uplink) + "/" +
                       std::to_string(slots->sum)
                 : "refused";
}

} // namespace

// TS 45.002 table B.1
TEST(MultislotClass, HasTheSlotsOfTheStandard)
{
    EXPECT_EQ(Show("1"), "1+1/2");
    EXPECT_EQ(Show("4"), "3+1/4");
    EXPECT_EQ(Show("6"), "3+2/4");
    EXPECT_EQ(Show("8"), "4+1/5");
    EXPECT_EQ(Show("10"), "4+2/5");
    EXPECT_EQ(Show("12"), "4+4/5");
}

TEST(MultislotClass, TakesFewerSlots)
{
    EXPECT_EQ(Show("10:2+1"), "2+1/5");
    EXPECT_EQ(Show("12:1+4"), "1+4/5");
}

TEST(MultislotClass, RefusesMoreThanTheClassAllows)
{
    for (const char* text : {"",
                             "0",
                             "13",
                             "x",
                             "8:",
                             "8:5+1",
                             "8:4+2",
                             "12:4+4",
                             "8:0+1",
                             "8:1+0",
                             "8:1",
                             "8:+1",
                             "8:1+1+1",
                             "8 ",
                             "-1",
                             "8:1+1 "})
    {
        EXPECT_EQ(Show(text), "refused") << text;
    }
}
