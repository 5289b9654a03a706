// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * A share of the hostile packets of `./waf fuzz --decoders=nat-hostile`, counted: all causes of a
 * drop must come up, else the generator does not reach them.
 */
#include "hostile-nat.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <random>

using namespace p2pim::test;

TEST(NatHostile, NothingComesInAndNothingLeaksForAnySettings)
{
    constexpr uint32_t NATS = 400;
    constexpr uint32_t PACKETS = 200;
    std::map<NatCause, uint64_t> drops;
    uint64_t admitted = 0;
    for (uint32_t seed = 0; seed < NATS; ++seed)
    {
        std::mt19937 random(seed);
        HostileNat nat([&random](uint32_t limit) { return random() % limit; });
        for (uint32_t sent = 0; sent < PACKETS;)
        {
            sent += nat.Step();
            ASSERT_EQ(nat.GetFault(), "") << "seed " << seed << ", packet " << sent;
        }
        for (const auto& [cause, count] : nat.GetDrops())
        {
            drops[cause] += count;
        }
        admitted += nat.GetAdmitted();
        ASSERT_TRUE(nat.Ends()) << "seed " << seed;
    }
    EXPECT_GT(admitted, NATS); // it is not just closed
    for (int cause = 1; cause <= static_cast<int>(NatCause::ERROR); ++cause)
    {
        EXPECT_GT(drops[static_cast<NatCause>(cause)], 10)
            << ns3::p2pim::GetNatCauseName(static_cast<NatCause>(cause));
    }
}
