// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/address-pool.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

// 8 addresses: the network's, the gateway's and the broadcast address are not given
TEST(AddressPool, GivesEachAddressOnce)
{
    AddressPool pool(Ipv4Address("10.1.2.8"), 29);
    EXPECT_EQ(pool.GetSize(), 5U);
    for (uint32_t n = 10; n <= 14; ++n)
    {
        EXPECT_EQ(pool.Take(), Ipv4Address(0x0A010200 + n));
    }
    EXPECT_FALSE(pool.Take());
    EXPECT_EQ(pool.GetTaken(), 5U);
}

TEST(AddressPool, GivesThoseThatCameBackLast)
{
    AddressPool pool(Ipv4Address("10.0.0.0"), 29);
    pool.Take();
    const auto second = pool.Take();
    pool.GiveBack(*second);
    EXPECT_EQ(pool.Take(), Ipv4Address("10.0.0.4"));
    EXPECT_EQ(pool.Take(), Ipv4Address("10.0.0.5"));
    EXPECT_EQ(pool.Take(), Ipv4Address("10.0.0.6"));
    EXPECT_EQ(pool.Take(), second);
    EXPECT_FALSE(pool.Take());
}

TEST(AddressPool, TakesStaticAddressesOutOfTheirTurn)
{
    AddressPool pool(Ipv4Address("10.0.0.0"), 29);
    EXPECT_TRUE(pool.Take(Ipv4Address("10.0.0.3")));
    EXPECT_FALSE(pool.Take(Ipv4Address("10.0.0.3")));
    for (const char* refused : {"10.0.0.0", "10.0.0.1", "10.0.0.7", "10.0.0.8", "9.255.255.255"})
    {
        EXPECT_FALSE(pool.Take(Ipv4Address(refused))) << refused;
    }
    EXPECT_EQ(pool.Take(), Ipv4Address("10.0.0.2"));
    EXPECT_EQ(pool.Take(), Ipv4Address("10.0.0.4"));
    pool.GiveBack(Ipv4Address("10.0.0.3"));
    EXPECT_TRUE(pool.Take(Ipv4Address("10.0.0.3")));
}

TEST(AddressPool, ReadsAccessPoints)
{
    const auto points = ParseAccessPoints("internet=10.0.0.0/8 corporate.example=192.168.4.0/30");
    ASSERT_TRUE(points);
    ASSERT_EQ(points->size(), 2U);
    EXPECT_EQ(points->at(0).name, "internet");
    EXPECT_EQ(points->at(0).pool.GetMask(), Ipv4Mask("255.0.0.0"));
    EXPECT_EQ(points->at(1).name, "corporate.example");
    EXPECT_EQ(points->at(1).pool.GetSize(), 1U);
}

TEST(AddressPool, RefusesAccessPointsThatAreNone)
{
    for (const char* text : {"",
                             "internet",
                             "internet=",
                             "=10.0.0.0/8",
                             "inter_net=10.0.0.0/8",
                             "a..b=10.0.0.0/8",
                             "internet=10.0.0.0",
                             "internet=10.0.0.0/",
                             "internet=10.0.0.0/31", // empty
                             "internet=10.0.0.0/7",
                             "internet=10.0.0.1/24", // not the network's address
                             "internet=10.0.0.256/24",
                             "internet=10.0.0.0.0/24",
                             "internet=10.0.0.0/24x",
                             "a=10.0.0.0/8 a=11.0.0.0/8",  // twice
                             "a=10.0.0.0/8 b=10.1.0.0/16", // overlap
                             "b=10.1.0.0/16 c=1.0.0.0/8 a=10.0.0.0/8"})
    {
        EXPECT_FALSE(ParseAccessPoints(text)) << text;
    }
}
