// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Which pairs of hosts behind NATs get a TCP connection. The tables were measured between the
 * stacks and NATs of Linux 6.18 kernels, one way 300 ms; tests/oracle/nat measures them again.
 */
#include "punching-world.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::PUNCH_KINDS;
using ::p2pim::test::PunchingWorld;
using ::p2pim::test::PunchPlan;

/// A row for each kind of the left side, a column for each of the right one.
using Table = std::vector<std::string>;

Table
Measure(const PunchPlan& plan)
{
    Table table;
    for (const auto& left : PUNCH_KINDS)
    {
        std::string row;
        for (const auto& right : PUNCH_KINDS)
        {
            row += PunchingWorld(left.settings, right.settings).Try(plan) ? 'Y' : '-';
        }
        table.push_back(row + " " + left.name);
    }
    return table;
}

// columns: open fw eim-eif eim-adf eim-drop eim-icmp eim-rst apdm-drop apdm-rst
const Table g_simultaneousOpen{"YYYYYYYYY open",
                               "YYYYYYY-- fw",
                               "YYYYYYYYY eim-eif",
                               "YYYYYYYYY eim-adf",
                               "YYYYYYY-- eim-drop",
                               "YYYYYYY-- eim-icmp",
                               "YYYYYYY-- eim-rst",
                               "Y-YY----- apdm-drop",
                               "Y-YY----- apdm-rst"};

} // namespace

TEST(SimultaneousOpen, ConnectsAllButPortsThatNobodyKnows)
{
    EXPECT_EQ(Measure({true, true, 0}), g_simultaneousOpen);
}

TEST(SimultaneousOpen, ASkewBelowTheDelayChangesNothing)
{
    EXPECT_EQ(Measure({true, true, 0.25}), g_simultaneousOpen);
    EXPECT_EQ(Measure({true, true, -0.25}), g_simultaneousOpen);
}

// The kernels have these, too. A SYN that meets no hole costs nothing where it is dropped. If it is
// answered by ICMP, its host has given up when the other's SYN comes; the listener's answer has
// another number, which the own NAT does not let out. If it is answered by a reset, the own NAT
// ends the mapping. Both try again in step a second later, and miss each other as before.
TEST(SimultaneousOpen, ASkewAboveTheDelayFailsWhereTheFirstSynIsAnswered)
{
    EXPECT_EQ(Measure({true, true, 2}),
              (Table{"YYYYYYYYY open",
                     "YYYYYYY-- fw",
                     "YYYYY-YYY eim-eif",
                     "YYYYY-YYY eim-adf",
                     "YYYYY-Y-- eim-drop",
                     "YYYYY---- eim-icmp",
                     "YYYYY---- eim-rst",
                     "Y-YY----- apdm-drop",
                     "Y-YY----- apdm-rst"}));
}

// RFC 1122 4.2.3.9: a host that goes on after an ICMP error meets the other's hole with a later SYN
TEST(SimultaneousOpen, AHostThatIgnoresIcmpErrorsGetsThrough)
{
    const char* const icmp = PUNCH_KINDS[5].settings;
    EXPECT_FALSE(PunchingWorld(icmp, icmp, TRANSPORT_LINUX).Try({true, true, 2}));
    EXPECT_TRUE(PunchingWorld(icmp, icmp, TRANSPORT_MODERN).Try({true, true, 2}));
}

// one SMS cannot open a hole: the callee listens, and has sent nothing
TEST(SimultaneousOpen, OnlyAnOpenHostIsReachedDirectly)
{
    Table expected;
    for (const auto& kind : PUNCH_KINDS)
    {
        expected.push_back(std::string("Y-------- ") + kind.name);
    }
    EXPECT_EQ(Measure({true, false, 0}), expected);
}

// nothing is bound before it dials but the listener: a SYN that comes early is accepted, not reset
TEST(SimultaneousOpen, AnEarlySynIsAccepted)
{
    PunchingWorld world("none", "none");
    EXPECT_TRUE(world.Try({true, true, 2}));
    EXPECT_NEAR(world.GetDuration(), 4 * 0.3, 0.01) << "SYN, SYN-ACK, ACK, data";
}
