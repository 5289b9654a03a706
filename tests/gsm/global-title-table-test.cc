// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/global-title-table.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

TEST(GlobalTitleTable, FindsTheLongestPrefix)
{
    const auto country = CreateObject<Hlr>();
    const auto range = CreateObject<Hlr>();
    const auto titles = Create<GlobalTitleTable>();
    titles->Add("44", country);
    titles->Add("447701", range);
    EXPECT_EQ(titles->Find(447701000001), range);
    EXPECT_EQ(titles->Find(447700000001), country);
    EXPECT_EQ(titles->Find(447701), range);
    EXPECT_FALSE(titles->Find(33123456789));
    EXPECT_FALSE(titles->Find(4));
}
