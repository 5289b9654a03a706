// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The Linux presets: expected values were measured on a Linux 6.18 kernel in network namespaces,
 * with nftables' masquerade, defaults of nf_conntrack, and unsolicited packets dropped.
 */
#include "nat-world.h"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

using namespace p2pim::test;

namespace
{

using Lines = NatWorld::Lines;

constexpr const char* X1 = "10.0.0.2:7000";
constexpr const char* X2 = "10.0.0.3:7000";
constexpr const char* N1 = "203.0.113.1:7000";
constexpr const char* Y1 = "203.0.113.10:1000";
constexpr const char* Y2 = "203.0.113.20:1000";

/// A segment of a walk; after it the connection lives for so long.
struct Step
{
    bool isOut; ///< from Y1
    const char* flags;
    uint32_t sequence;
    uint32_t acknowledgment;
    std::size_t size;
    double lifetime; ///< seconds; 0: it is gone
};

/// The handshake: 120 s, 60 s, 5 days.
const std::vector<Step> HANDSHAKE{{false, "S", 100, 0, 0, 120},
                                  {true, "SA", 500, 101, 0, 60},
                                  {false, "A", 101, 501, 0, 432000}};

std::vector<Step>
After(std::vector<Step> steps, const std::vector<Step>& more)
{
    steps.insert(steps.end(), more.begin(), more.end());
    return steps;
}

/// @return whether the NAT knows the connection of X1 and Y1; changes nothing.
bool
Knows(NatWorld& world, double at)
{
    return world.Out(at, MakeError("203.0.113.20", "203.0.113.1", 11, 0, MakeTcp(N1, Y1, "A")))
               .size() == 1;
}

void
Send(NatWorld& world, double at, const Step& step)
{
    if (step.isOut)
    {
        world.Out(at, MakeTcp(Y1, N1, step.flags, step.sequence, step.acknowledgment, step.size));
    }
    else
    {
        world.In(at, MakeTcp(X1, Y1, step.flags, step.sequence, step.acknowledgment, step.size));
    }
}

/// Checks the life time behind each step of a walk.
void
ExpectLifetimes(const std::vector<Step>& steps)
{
    for (std::size_t count = 1; count <= steps.size(); ++count)
    {
        for (const bool isBefore : {true, false})
        {
            NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
            for (std::size_t i = 0; i < count; ++i)
            {
                Send(world, 0.01 * static_cast<double>(i), steps[i]);
            }
            const double last = 0.01 * static_cast<double>(count - 1);
            const double lifetime = steps[count - 1].lifetime;
            if (!isBefore || lifetime > 0)
            {
                EXPECT_EQ(Knows(world, last + lifetime - (isBefore ? 0.005 : 0)), isBefore)
                    << steps[count - 1].flags << " is step " << count;
            }
        }
    }
}

} // namespace

// U1: EIM, the port is kept; with fully-random APDM.
TEST(NatLinux, Measured_U1_Mapping)
{
    NatWorld plain(GetNatPreset(NAT_LINUX_MASQUERADE));
    EXPECT_EQ(plain.Udp(0, X1, Y1), N1);
    EXPECT_EQ(plain.Udp(0, X1, Y2), N1);
    EXPECT_EQ(plain.Syn(0, X1, Y1), N1);
    EXPECT_EQ(plain.Syn(0, X1, Y2), N1);
    NatWorld random(GetNatPreset(NAT_LINUX_FULLY_RANDOM));
    EXPECT_NE(random.Udp(0, X1, Y1), random.Udp(0, X1, Y2));
    EXPECT_NE(random.Syn(0, X1, Y1), random.Syn(0, X1, Y2));
}

// U2: the address is by source and destination, hence not paired; with "persistent" it is.
TEST(NatLinux, Measured_U2_Pooling)
{
    for (const auto pooling : {NatSettings::PER_DESTINATION, NatSettings::PAIRED})
    {
        NatSettings settings = GetNatPreset(NAT_LINUX_MASQUERADE);
        settings.pool = {Ipv4Address("203.0.113.1"),
                         Ipv4Address("203.0.113.2"),
                         Ipv4Address("203.0.113.3")};
        settings.pooling = pooling;
        NatWorld world(settings);
        std::set<uint32_t> used;
        for (int i = 0; i < 30; ++i)
        {
            const std::string peer = "198.51.100." + std::to_string(i) + ":9";
            used.insert(At(world.Udp(0, "10.0.0.2:" + std::to_string(5000 + i), peer)).address);
        }
        EXPECT_EQ(used.size(), pooling == NatSettings::PAIRED ? 1U : 3U);
    }
}

// U3: another port towards the same peer; towards different peers one port for both.
TEST(NatLinux, Measured_U3_PortsOverlap)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    EXPECT_EQ(world.Udp(0, X1, Y1), N1);
    EXPECT_EQ(world.Udp(0, X2, Y2), N1);
    EXPECT_EQ(world.Out(0, MakeUdp(Y1, N1)), Lines{"in UDP 203.0.113.10:1000>10.0.0.2:7000 len=1"});
    EXPECT_EQ(world.Out(0, MakeUdp(Y2, N1)), Lines{"in UDP 203.0.113.20:1000>10.0.0.3:7000 len=1"});
    EXPECT_NE(world.Udp(0, "10.0.0.4:7000", Y1), N1);
}

// U3a: below 512 stays there; 512 to 1023 becomes 600 to 1023; the others are 1024 or more.
TEST(NatLinux, Measured_U3a_PortClasses)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    for (int host = 2; host < 60; ++host)
    {
        const auto map = [&](int port) {
            const std::string from = "10.0.0." + std::to_string(host) + ":" + std::to_string(port);
            return NatWorld::GetPort(world.Udp(0, from, Y1));
        };
        const int low = map(300);
        EXPECT_TRUE(low >= 1 && low < 512);
        const int middle = map(700);
        EXPECT_TRUE(middle >= 600 && middle < 1024);
        EXPECT_GE(map(7000), 1024);
    }
}

// U5: 30 s without a reply, 30 s with, 120 s after traffic both ways for more than 2 s.
TEST(NatLinux, Measured_U5_UdpTimers)
{
    NatWorld unreplied(GetNatPreset(NAT_LINUX_MASQUERADE));
    unreplied.Udp(0, X1, Y1);
    EXPECT_FALSE(unreplied.Passes(30, Y1, N1));
    NatWorld replied(GetNatPreset(NAT_LINUX_MASQUERADE));
    replied.Udp(0, X1, Y1);
    EXPECT_TRUE(replied.Passes(1, Y1, N1));
    EXPECT_FALSE(replied.Passes(31, Y1, N1));
    NatWorld young(GetNatPreset(NAT_LINUX_MASQUERADE));
    young.Udp(0, X1, Y1);
    EXPECT_TRUE(young.Passes(1, Y1, N1));
    young.Udp(1.9, X1, Y1);
    EXPECT_FALSE(young.Passes(31.9, Y1, N1));
    NatWorld stream(GetNatPreset(NAT_LINUX_MASQUERADE));
    stream.Udp(0, X1, Y1);
    EXPECT_TRUE(stream.Passes(1, Y1, N1));
    EXPECT_EQ(stream.Udp(3, X1, Y1), N1);
    EXPECT_TRUE(stream.Passes(122.9, Y1, N1));
    // U6: inbound packets refresh.
    EXPECT_TRUE(stream.Passes(242.8, Y1, N1));
    EXPECT_FALSE(stream.Passes(362.8, Y1, N1));
}

// U8, T3: filtering by address and port.
TEST(NatLinux, Measured_U8_Filtering)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    world.Udp(0, X1, Y1);
    EXPECT_FALSE(world.Passes(0, "203.0.113.10:1001", N1));
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    EXPECT_FALSE(world.Passes(0, Y2, N1));
    EXPECT_TRUE(world.Passes(0, Y1, N1));
}

// U9: the NAT itself answers a packet to its outside address.
TEST(NatLinux, Measured_U9_NoHairpinning)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    world.Udp(0, X2, Y1);
    EXPECT_EQ(world.In(0, MakeUdp("10.0.0.2:6000", N1)),
              Lines{"in ICMP 203.0.113.1>10.0.0.2 type=3 code=3 mtu=0 [UDP "
                    "10.0.0.2:6000>203.0.113.1:7000]"});
}

// U11: a host whose port conflicts towards one peer keeps it towards another: not deterministic.
TEST(NatLinux, Measured_U11_MappingChangesUnderConflict)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    EXPECT_EQ(world.Udp(0, X1, Y1), N1);
    EXPECT_EQ(world.Udp(0, X2, Y2), N1);
    const std::string moved = world.Udp(0, X2, Y1);
    EXPECT_NE(moved, N1);
    // Reference 0.6: what the source last got is used again where it is free.
    EXPECT_EQ(world.Udp(0, X2, "203.0.113.30:1"), moved);
    EXPECT_EQ(world.Udp(0, X2, Y2), N1);
}

// U14: put together before translation; without the first fragment nothing leaves.
TEST(NatLinux, Measured_U14_FragmentsOutOfOrder)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    const auto [head, tail] = CutInTwo(MakeUdp(X1, Y1, 1000), 568);
    EXPECT_TRUE(world.In(0, tail).empty());
    EXPECT_EQ(world.In(0, head).size(), 2U);
}

// Reference 4.2: a datagram from outside that the NAT's host accepts takes the tuple, and the
// inside packet that comes later gets another port: hole punching breaks.
TEST(NatLinux, Measured_EarlyDatagramTakesThePort)
{
    for (const bool accepts : {false, true})
    {
        NatSettings settings = GetNatPreset(NAT_LINUX_MASQUERADE);
        settings.unsolicitedUdp = accepts ? NatSettings::ANSWERED_BY_HOST : NatSettings::SILENCE;
        NatWorld world(settings);
        EXPECT_FALSE(world.Passes(0, "203.0.113.10:6001", "203.0.113.1:6001"));
        EXPECT_EQ(world.Udp(0.5, "10.0.0.2:6001", "203.0.113.10:6001") != "203.0.113.1:6001",
                  accepts);
        EXPECT_EQ(world.Passes(1, "203.0.113.10:6001", "203.0.113.1:6001"), !accepts);
    }
}

// T5: SYN 120, SYN-ACK 60, ACK 432000, data 300, FIN 120, ACK 60, FIN 30, ACK 120 s.
TEST(NatLinux, Measured_T5_TcpTimers)
{
    ExpectLifetimes(After(HANDSHAKE,
                          {{false, "PA", 101, 501, 10, 300},
                           {true, "A", 501, 111, 0, 432000},
                           {false, "FA", 111, 501, 0, 120},
                           {true, "A", 501, 112, 0, 60},
                           {true, "FA", 501, 112, 0, 30},
                           {false, "A", 112, 502, 0, 120}}));
}

// T5: three retransmissions without an acknowledgment leave 300 s.
TEST(NatLinux, Measured_T5_Retransmissions)
{
    ExpectLifetimes(After(HANDSHAKE,
                          {{false, "PA", 101, 501, 10, 300},
                           {false, "PA", 101, 501, 10, 300},
                           {false, "PA", 101, 501, 10, 300},
                           {false, "PA", 101, 501, 10, 300}}));
}

// The same with times that differ: the fourth of the same segment.
TEST(NatLinux, RetransmissionsShortenTheLife)
{
    NatSettings settings = GetNatPreset(NAT_LINUX_MASQUERADE);
    settings.timers.tcpRetransmitted = Seconds(100);
    for (const int copies : {3, 4})
    {
        NatWorld world(settings);
        for (const Step& step : HANDSHAKE)
        {
            Send(world, 0, step);
        }
        for (int i = 0; i < copies; ++i)
        {
            Send(world, 0, {false, "PA", 101, 501, 10, 0});
        }
        EXPECT_EQ(Knows(world, 100), copies == 3);
    }
}

// A client that lost its connection and opens it again: its SYN passes though the entry is
// established, and the answer to it brings the entry into step (comments of nf_conntrack's table).
TEST(NatLinux, EntryGetsIntoStepWithANewConnection)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    for (const Step& step : HANDSHAKE)
    {
        Send(world, 0, step);
    }
    EXPECT_EQ(world.In(1, MakeTcp(X1, Y1, "S", 3000000000)).size(), 1U);
    EXPECT_EQ(world.Out(1, MakeTcp(Y1, N1, "SA", 2000000000, 3000000001)).size(), 1U);
    EXPECT_EQ(world.In(1, MakeTcp(X1, Y1, "A", 3000000001, 2000000001)).size(), 1U);
    EXPECT_EQ(world.In(1, MakeTcp(X1, Y1, "PA", 3000000001, 2000000001, 10)).size(), 1U);
    EXPECT_TRUE(world.In(1, MakeTcp(X1, Y1, "PA", 101, 501, 10)).empty());
}

// T2a: SYN_SENT, SYN_SENT2, SYN_RECV, ESTABLISHED: 120, 120, 60 s, 5 days.
TEST(NatLinux, Measured_T2a_SimultaneousOpen)
{
    ExpectLifetimes({{false, "S", 100, 0, 0, 120},
                     {true, "S", 500, 0, 0, 119.99}, // renews nothing, see T5SimultaneousOpening
                     {false, "SA", 100, 501, 0, 60},
                     {true, "SA", 500, 101, 0, 59.99}, // passes, and changes nothing
                     {false, "A", 101, 501, 0, 432000}});
}

// T11: the only reply is a RST: gone at once; exact RST: 10 s; in the window: 10 s, and the state
// is kept; out of the window: dropped.
TEST(NatLinux, Measured_T11_Resets)
{
    ExpectLifetimes({HANDSHAKE[0], {true, "RA", 0, 101, 0, 0}});
    ExpectLifetimes(After(HANDSHAKE, {{true, "R", 501, 0, 0, 10}}));
    ExpectLifetimes(
        After(HANDSHAKE, {{true, "R", 601, 0, 0, 10}, {false, "A", 101, 601, 0, 432000}}));
    ExpectLifetimes(After(HANDSHAKE, {{true, "R", 501 + 140000, 0, 0, 431999.99}}));
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    for (const Step& step : HANDSHAKE)
    {
        Send(world, 0, step);
    }
    EXPECT_EQ(world.Out(0, MakeTcp(Y1, N1, "R", 601)).size(), 1U);
    EXPECT_TRUE(world.Out(0, MakeTcp(Y1, N1, "R", 501 + 140000)).empty());
}

// T3: in TIME_WAIT a SYN from inside opens another connection with the same port, 120 s; one from
// outside removes the entry and is dropped.
TEST(NatLinux, Measured_T3_TimeWait)
{
    const auto closed = After(HANDSHAKE,
                              {{false, "FA", 101, 501, 0, 120},
                               {true, "FA", 501, 102, 0, 30},
                               {false, "A", 102, 502, 0, 120}});
    ExpectLifetimes(After(closed, {{false, "S", 9000, 0, 0, 120}}));
    ExpectLifetimes(After(closed, {{true, "S", 9000, 0, 0, 0}}));
}

// T12: a segment in the middle is picked up as established, 300 s; without tcp_loose it is not.
TEST(NatLinux, Measured_T12_LoosePickUp)
{
    ExpectLifetimes({{false, "PA", 5000, 6000, 10, 300},
                     {true, "A", 6000, 5010, 0, 300},
                     {false, "A", 5010, 6000, 0, 432000}});
    NatSettings settings = GetNatPreset(NAT_LINUX_MASQUERADE);
    settings.picksUp = false;
    NatWorld strict(settings);
    EXPECT_TRUE(strict.In(0, MakeTcp(X1, Y1, "PA", 5000, 6000, 10)).empty());
    EXPECT_EQ(strict.GetCause(), NatCause::INVALID);
}

// I1, I2: the identifier is kept, a colliding one random; 30 s.
TEST(NatLinux, Measured_I1_I2_Queries)
{
    NatWorld world(GetNatPreset(NAT_LINUX_MASQUERADE));
    EXPECT_EQ(world.In(0, MakeEcho("10.0.0.2", "203.0.113.10", 77)),
              Lines{"out ICMP 203.0.113.1>203.0.113.10 type=8 id=77"});
    EXPECT_NE(world.In(0, MakeEcho("10.0.0.3", "203.0.113.10", 77)),
              Lines{"out ICMP 203.0.113.1>203.0.113.10 type=8 id=77"});
    EXPECT_EQ(world.Out(29.9, MakeEcho("203.0.113.10", "203.0.113.1", 77, 0)).size(), 1U);
    EXPECT_TRUE(world.Out(59.9, MakeEcho("203.0.113.10", "203.0.113.1", 77, 0)).empty());
}

// C5: "masquerade to :2000-2003": the fifth flow to a peer is dropped silently, one to another is
// not.
TEST(NatLinux, Measured_C5_ExhaustionIsPerPeer)
{
    NatSettings settings = GetNatPreset(NAT_LINUX_MASQUERADE);
    settings.firstPort = 2000;
    settings.lastPort = 2003;
    NatWorld world(settings);
    for (int i = 0; i < 4; ++i)
    {
        EXPECT_NE(world.Udp(0, "10.0.0.2:" + std::to_string(5000 + i), Y1), "");
    }
    EXPECT_TRUE(world.In(0, MakeUdp("10.0.0.2:5004", Y1)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::EXHAUSTED);
    EXPECT_NE(world.Udp(0, "10.0.0.2:5004", Y2), "");
}

// C4: "ct count over 3 reject with icmp type host-unreachable" counts flows.
TEST(NatLinux, Measured_C4_FlowsAreCounted)
{
    NatSettings settings = GetNatPreset(NAT_LINUX_MASQUERADE);
    settings.limits.subscriberSessions = 3;
    settings.refusal = NatSettings::REFUSE_UNREACHABLE;
    NatWorld world(settings);
    for (int i = 0; i < 3; ++i)
    {
        EXPECT_NE(world.Udp(0, X1, "203.0.113.10:" + std::to_string(1000 + i)), "");
    }
    EXPECT_EQ(
        world.In(0, MakeUdp(X1, Y2)),
        Lines{
            "in ICMP 10.0.0.1>10.0.0.2 type=3 code=1 mtu=0 [UDP 10.0.0.2:7000>203.0.113.20:1000]"});
    EXPECT_NE(world.Udp(0, X2, Y2), "");
}

// A firewall: the same tracking, nothing is rewritten.
TEST(NatLinux, FirewallTranslatesNothing)
{
    NatWorld world(GetNatPreset(NAT_FIREWALL));
    EXPECT_TRUE(world.Out(0, MakeTcp(Y1, X1, "S", 500)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::NO_MAPPING);
    const Octets syn = MakeTcp(X1, Y1, "S", 100);
    world.In(0, syn);
    ASSERT_EQ(world.packets.size(), 1U);
    EXPECT_EQ(world.packets[0].packet, syn);
    EXPECT_EQ(world.Out(0, MakeTcp(Y1, X1, "S", 500)).size(), 1U);
    EXPECT_TRUE(world.Out(0, MakeTcp(Y2, X1, "S", 500)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    EXPECT_TRUE(world.Out(121, MakeTcp(Y1, X1, "SA", 500, 101)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::EXPIRED);
}
