// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * RFC 7857 10 and RFC 6864 5.3: what leaves by one address, and may become fragments, has
 * identifications of its own.
 */
#include "nat-world.h"

#include <gtest/gtest.h>
#include <set>
#include <utility>

using namespace p2pim::test;

namespace
{

constexpr const char* PEER = "203.0.113.10:1000";

/// @return the identifications of what has left, all with right checksums.
std::multiset<int>
GetIdentifications(const NatWorld& world)
{
    std::multiset<int> all;
    for (const NatOutput& one : world.packets)
    {
        all.insert(one.packet[4] << 8 | one.packet[5]);
        EXPECT_EQ(Describe(one.packet).find("BADSUM"), std::string::npos);
    }
    return all;
}

int
Send(NatWorld& world, const std::string& from, const IpFields& fields)
{
    world.In(0, MakeUdp(from, PEER, 1, fields));
    const auto all = GetIdentifications(world);
    return all.size() == 1 ? *all.begin() : -1;
}

} // namespace

TEST(NatIdentification, Rfc7857_10_HostsDoNotShareOne)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    IpFields fields;
    fields.identification = 500;
    EXPECT_NE(Send(world, "10.0.0.2:5000", fields), Send(world, "10.0.0.3:5000", fields));
}

// RFC 6864 4: of an atomic datagram it means nothing.
TEST(NatIdentification, Rfc6864_4_AtomicDatagramsKeepTheirs)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    IpFields fields;
    fields.identification = 500;
    fields.dontFragment = true;
    EXPECT_EQ(Send(world, "10.0.0.2:5000", fields), 500);
    EXPECT_EQ(Send(world, "10.0.0.3:5000", fields), 500);
}

TEST(NatIdentification, LinuxKeepsThem)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    IpFields fields;
    fields.identification = 500;
    EXPECT_EQ(Send(world, "10.0.0.2:5000", fields), 500);
}

TEST(NatIdentification, FragmentsOfADatagramShareOne)
{
    for (const auto fragments : {NatSettings::FRAGMENTS_IN_ORDER, NatSettings::FRAGMENTS_ANY_ORDER})
    {
        NatSettings settings = GetNatPreset(NAT_RFC);
        settings.fragments = fragments;
        NatWorld world(settings);
        std::set<int> all;
        for (const char* from : {"10.0.0.2:5000", "10.0.0.3:5000"})
        {
            IpFields fields;
            fields.identification = 500;
            const auto [head, tail] = CutInTwo(MakeUdp(from, PEER, 1000, fields), 568);
            world.In(0, head);
            auto both = GetIdentifications(world);
            world.In(0, tail);
            both.merge(GetIdentifications(world));
            ASSERT_EQ(both.size(), 2U);
            EXPECT_EQ(both.count(*both.begin()), 2U);
            all.insert(*both.begin());
        }
        EXPECT_EQ(all.size(), 2U);
    }
}
