// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/port-sequence.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3::p2pim;

// each difference is a multiple of the step, as those that others have got in between are
TEST(PortSequence, TheStepIsWhatAllDifferencesAreMultiplesOf)
{
    const struct
    {
        std::vector<uint16_t> ports;
        uint16_t step;
    } cases[] = {{{5000, 5001, 5002}, 1},
                 {{5000, 5002, 5004}, 2},
                 {{5000, 5006, 5010}, 2},
                 {{5000, 5005, 5020}, 5},
                 {{65530, 65534, 2}, 4}}; // modulo 65536

    for (const auto& each : cases)
    {
        const auto sequence = FindPortSequence(each.ports);
        ASSERT_TRUE(sequence) << each.ports[1];
        EXPECT_EQ(sequence->step, each.step);
        EXPECT_EQ(sequence->last, each.ports[2]);
    }
}

TEST(PortSequence, PortsThatDoNotGoUpAreNone)
{
    EXPECT_FALSE(FindPortSequence({}));
    EXPECT_FALSE(FindPortSequence({5000, 5001}));              // who knows
    EXPECT_FALSE(FindPortSequence({5000, 5000, 5000}));        // endpoint-independent
    EXPECT_FALSE(FindPortSequence({5000, 4999, 5000}));        // down, and up
    EXPECT_FALSE(FindPortSequence({5000, 5001, 6026}));        // 1025: random
    EXPECT_TRUE(FindPortSequence({5000, 5001, 6025}));         // 1024: busy
    EXPECT_FALSE(FindPortSequence({40000, 1200, 63000, 777})); // random
}

TEST(PortSequence, PredictsWhatComesNext)
{
    const PortSequence sequence{5000, 2};
    EXPECT_EQ(sequence.Predict(1, 3), (std::vector<uint16_t>{5002, 5004, 5006}));
    EXPECT_EQ(sequence.Predict(3, 2), (std::vector<uint16_t>{5006, 5008}));
    EXPECT_EQ((PortSequence{65532, 2}.Predict(1, 3)), std::vector<uint16_t>{65534});
    EXPECT_EQ(sequence.CountTo(5000), 0U);
    EXPECT_EQ(sequence.CountTo(5006), 3U);
    EXPECT_EQ(sequence.CountTo(5007), 3U); // a port of another parity
    EXPECT_EQ((PortSequence{65535, 1}.CountTo(4)), 5U);
}
