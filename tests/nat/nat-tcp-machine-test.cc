// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/nat-tcp-tracker.h"

#include <gtest/gtest.h>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

// RFC 7857 2, figure 1, by what each state bears: INIT 4 min, ESTABLISHED 2 h 4 min, one FIN as
// ESTABLISHED, both FINs 4 min whatever comes, TRANS 4 min and data leads back.
TEST(NatTcp, Rfc7857_T14_StateMachine)
{
    using State = NatTcpTracker::State;
    const NatSettings settings = GetNatPreset(NAT_RFC);
    const auto make = [](const char* flags) {
        NatSegment segment;
        const std::string text = flags;
        segment.syn = text.find('S') != std::string::npos;
        segment.ack = text.find('A') != std::string::npos;
        segment.fin = text.find('F') != std::string::npos;
        segment.rst = text.find('R') != std::string::npos;
        return segment;
    };
    const auto walk = [&](const std::vector<std::pair<int, const char*>>& segments) {
        NatTcpTracker tracker;
        tracker.Open(make("S"), settings);
        NatTcpVerdict verdict;
        for (const auto& [direction, flags] : segments)
        {
            verdict = tracker.Continue(make(flags), static_cast<uint8_t>(direction), settings);
        }
        return std::make_tuple(tracker.GetState(), verdict.action, verdict.lifetime);
    };
    const auto pass = NatTcpVerdict::Action::PASS;
    const auto alone = NatTcpVerdict::Action::PASS_ALONE;
    const Time idle = Seconds(7440);
    const Time transitory = Seconds(240);
    EXPECT_EQ(walk({{0, "S"}}), std::make_tuple(State::INIT, pass, transitory));
    EXPECT_EQ(walk({{1, "R"}}), std::make_tuple(State::INIT, alone, Time()));
    EXPECT_EQ(walk({{1, "SA"}}), std::make_tuple(State::ESTABLISHED, pass, idle));
    EXPECT_EQ(walk({{1, "S"}}), std::make_tuple(State::ESTABLISHED, pass, idle));
    EXPECT_EQ(walk({{1, "SA"}, {0, "R"}}), std::make_tuple(State::TRANSITORY, pass, transitory));
    EXPECT_EQ(walk({{1, "SA"}, {0, "R"}, {0, "R"}}),
              std::make_tuple(State::TRANSITORY, alone, Time()));
    EXPECT_EQ(walk({{1, "SA"}, {0, "R"}, {1, "A"}}),
              std::make_tuple(State::ESTABLISHED, pass, idle));
    EXPECT_EQ(walk({{1, "SA"}, {0, "FA"}}), std::make_tuple(State::FIN_RECEIVED, pass, idle));
    EXPECT_EQ(walk({{1, "SA"}, {0, "FA"}, {1, "A"}}),
              std::make_tuple(State::FIN_RECEIVED, pass, idle));
    EXPECT_EQ(walk({{1, "SA"}, {1, "FA"}}), std::make_tuple(State::FIN_ANSWERED, pass, idle));
    EXPECT_EQ(walk({{1, "SA"}, {1, "FA"}, {0, "R"}}),
              std::make_tuple(State::TRANSITORY, pass, transitory));
    EXPECT_EQ(walk({{1, "SA"}, {0, "FA"}, {1, "FA"}}),
              std::make_tuple(State::BOTH_FINS, pass, transitory));
    EXPECT_EQ(walk({{1, "SA"}, {1, "FA"}, {0, "FA"}, {0, "A"}}),
              std::make_tuple(State::BOTH_FINS, alone, Time()));
}
