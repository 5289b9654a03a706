// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Carrier-grade NAT: the requirements of RFC 6888, by their number and by that of the checklist
 * (C), and the load of others.
 */
#include "nat-world.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <set>

using namespace p2pim::test;

namespace
{

using Lines = NatWorld::Lines;

constexpr const char* Y1 = "203.0.113.10:1000";

std::string
From(int host, int port)
{
    return "10.0." + std::to_string(host / 250) + "." + std::to_string(2 + host % 250) + ":" +
           std::to_string(port);
}

NatSettings
WithPool(NatSettings settings, uint32_t addresses)
{
    for (uint32_t i = 0; i < addresses; ++i)
    {
        settings.pool.emplace_back(Ipv4Address("198.51.100.1").Get() + 2 * i);
    }
    return settings;
}

} // namespace

// RFC 6888 REQ-1, REQ-7: EIM and EIF.
TEST(NatCarrier, Rfc6888_C1_C7_Classes)
{
    NatWorld world(GetNatPreset(NAT_CARRIER_GRADE));
    const std::string outside = world.Udp(0, From(0, 5000), Y1);
    EXPECT_EQ(world.Udp(0, From(0, 5000), "203.0.113.20:7"), outside);
    EXPECT_TRUE(world.Passes(0, "203.0.113.30:9", outside));
}

// RFC 6888 REQ-2, REQ-3: paired, of addresses that do not follow each other.
TEST(NatCarrier, Rfc6888_C2_C3_PairedPoolWithGaps)
{
    NatWorld world(WithPool(GetNatPreset(NAT_CARRIER_GRADE), 4));
    std::set<uint32_t> all;
    for (int host = 0; host < 40; ++host)
    {
        const uint32_t own = At(world.Udp(0, From(host, 5000), Y1)).address;
        EXPECT_EQ(At(world.Syn(0, From(host, 6000), Y1)).address, own);
        all.insert(own);
    }
    EXPECT_EQ(all.size(), 4U);
}

// RFC 7857 4: if the ports of the paired address are gone a new session is dropped, or, "soft",
// gets another address.
TEST(NatCarrier, Rfc7857_PairedOrSoftPaired)
{
    for (const auto pooling : {NatSettings::PAIRED, NatSettings::SOFT_PAIRED})
    {
        NatSettings settings = WithPool(GetNatPreset(NAT_SYMMETRIC), 2);
        settings.pooling = pooling;
        settings.portClasses = NatSettings::NO_CLASSES;
        settings.firstPort = 2000;
        settings.lastPort = 2003;
        NatWorld world(settings);
        std::set<uint32_t> own;
        std::size_t made = 0;
        for (int port = 0; port < 12; ++port)
        {
            const std::string outside = world.Udp(0, From(0, 5000 + port), Y1);
            made += outside.empty() ? 0 : 1;
            own.insert(outside.empty() ? 0 : At(outside).address);
        }
        EXPECT_EQ(made, pooling == NatSettings::PAIRED ? 4U : 8U);
        EXPECT_EQ(world.GetCause(), NatCause::EXHAUSTED);
        EXPECT_EQ(own.size(), pooling == NatSettings::PAIRED ? 2U : 3U); // 0 is among them
    }
}

// RFC 6888 REQ-4, REQ-11: of a subscriber's fourth mapping of three: dropped, ICMP 3/1, the others
// stay, and another subscriber is not concerned. As measured on Linux with ct count over 3.
TEST(NatCarrier, Rfc6888_C4_C11_SubscriberLimit)
{
    NatSettings settings = GetNatPreset(NAT_CARRIER_GRADE);
    settings.limits.subscriberMappings = 3;
    NatWorld world(settings);
    std::string first = world.Udp(0, From(0, 5000), Y1);
    world.Udp(0, From(0, 5001), Y1);
    world.Syn(0, From(0, 5002), Y1);
    EXPECT_EQ(world.In(0, MakeUdp(From(0, 5003), Y1)),
              Lines{"in ICMP 10.0.0.1>10.0.0.2 type=3 code=1 mtu=0 "
                    "[UDP 10.0.0.2:5003>203.0.113.10:1000]"});
    EXPECT_EQ(world.GetCause(), NatCause::LIMIT);
    EXPECT_TRUE(world.Passes(0, Y1, first));
    EXPECT_NE(world.Udp(0, From(1, 5000), Y1), "");
    // A known mapping may be used for another peer; when one has expired there is room.
    EXPECT_EQ(world.Udp(299, From(0, 5000), "203.0.113.20:1"), first);
    EXPECT_NE(world.Udp(300, From(0, 5003), Y1), "");
}

// RFC 6888 REQ-4b: how fast mappings are made is limited.
TEST(NatCarrier, Rfc6888_C4_CreationRate)
{
    NatSettings settings = GetNatPreset(NAT_CARRIER_GRADE);
    settings.limits.subscriberRate = 2;
    settings.limits.subscriberBurst = 10;
    NatWorld world(settings);
    int made = 0;
    for (int i = 0; i < 100; ++i)
    {
        made += world.Udp(0, From(0, 5000 + i), Y1).empty() ? 0 : 1;
    }
    EXPECT_EQ(made, 10);
    EXPECT_EQ(world.GetCause(), NatCause::RATE);
    for (int i = 0; i < 100; ++i)
    {
        made += world.Udp(3, From(0, 6000 + i), Y1).empty() ? 0 : 1;
    }
    EXPECT_EQ(made, 16); // 3 s at 2 a second
}

// RFC 6888 REQ-5: limits of all.
TEST(NatCarrier, Rfc6888_C5_SessionLimits)
{
    NatSettings settings = GetNatPreset(NAT_CARRIER_GRADE);
    settings.limits.sessions = 5;
    settings.limits.subscriberSessions = 3;
    NatWorld world(settings);
    int made = 0;
    for (int i = 0; i < 10; ++i)
    {
        made +=
            world.Udp(0, From(0, 5000), "203.0.113.10:" + std::to_string(1000 + i)).empty() ? 0 : 1;
    }
    EXPECT_EQ(made, 3);
    for (int i = 0; i < 10; ++i)
    {
        made += world.Udp(0, From(1 + i, 5000), Y1).empty() ? 0 : 1;
    }
    EXPECT_EQ(made, 5);
    EXPECT_EQ(world.core.GetSessions(), 5U);
}

// RFC 6888 REQ-6: destinations that are not translated.
TEST(NatCarrier, Rfc6888_C6_UntranslatedDestinations)
{
    NatSettings settings = GetNatPreset(NAT_CARRIER_GRADE);
    settings.untranslated = {{Ipv4Address("192.0.2.0"), Ipv4Mask("255.255.255.0")}};
    NatWorld world(settings);
    EXPECT_EQ(world.In(0, MakeUdp(From(0, 5000), "192.0.2.7:9")),
              Lines{"out UDP 10.0.0.2:5000>192.0.2.7:9 len=1"});
    EXPECT_EQ(world.Out(0, MakeUdp("192.0.2.7:9", From(0, 5000))),
              Lines{"in UDP 192.0.2.7:9>10.0.0.2:5000 len=1"});
    EXPECT_EQ(world.core.GetMappings(), 0U);
}

// RFC 6888 REQ-8: a port that was released is not used for 120 s, after a loss of state neither.
TEST(NatCarrier, Rfc6888_C8_PortQuarantine)
{
    for (const bool isLoss : {false, true})
    {
        NatSettings settings = GetNatPreset(NAT_RFC);
        settings.allocation = NatSettings::PRESERVE;
        settings.quarantine = Seconds(120);
        NatWorld world(settings);
        world.Udp(0, From(0, 5000), Y1);
        const double end = isLoss ? 10 : 300;
        if (isLoss)
        {
            world.core.LoseState(Seconds(10));
        }
        EXPECT_EQ(world.Udp(end + 119.9, From(1, 5000), Y1), "");
        EXPECT_EQ(world.GetCause(), NatCause::EXHAUSTED);
        EXPECT_EQ(world.Udp(end + 120, From(1, 5000), Y1), "203.0.113.1:5000");
    }
}

// A loss of state at a time that is set.
TEST(NatCarrier, StateIsLostAtATime)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.stateLoss = Seconds(50);
    NatWorld world(settings);
    const std::string outside = world.Udp(0, From(0, 5000), Y1);
    EXPECT_TRUE(world.Passes(49.9, Y1, outside));
    EXPECT_FALSE(world.Passes(60, Y1, outside));
    EXPECT_EQ(world.Count(NatEvent::Kind::STATE_LOST), 1U);
    EXPECT_EQ(world.events.front().time, Seconds(50));
    EXPECT_EQ(world.GetCause(), NatCause::EXPIRED);
    EXPECT_EQ(world.Udp(61, From(0, 5000), Y1), outside);
    EXPECT_TRUE(world.Passes(70, Y1, outside));
}

// RFC 6888 REQ-9, RFC 6887 11: a mapping by request lives its time without traffic, and all may
// send.
TEST(NatCarrier, Rfc6888_C9_MappingByRequest)
{
    NatSettings settings = GetNatPreset(NAT_SYMMETRIC);
    settings.unsolicitedTcp = NatSettings::SILENCE;
    NatWorld world(settings);
    const NatEndpoint inside = At(From(0, 5000));
    const auto outside =
        world.core.RequestMapping(Seconds(0), NatProtocol::TCP, inside, Seconds(3600));
    ASSERT_TRUE(outside);
    const std::string text = "203.0.113.1:" + std::to_string(outside->port);
    EXPECT_EQ(world.Out(3599, MakeTcp(Y1, text, "S", 7)),
              Lines{"in TCP 203.0.113.10:1000>10.0.0.2:5000 [S] seq=7 ack=0 len=0"});
    EXPECT_EQ(world.In(3599, MakeTcp(From(0, 5000), Y1, "SA", 9, 8)).size(), 1U);
    // Its own connections go by it too, though it is a symmetric NAT.
    EXPECT_EQ(world.Syn(3599, From(0, 5000), "203.0.113.20:5"), text);
    EXPECT_EQ(world.core.RequestMapping(Seconds(3599), NatProtocol::TCP, inside, Seconds(10)),
              outside);
    EXPECT_TRUE(world.Out(3610, MakeTcp("203.0.113.30:1", text, "S", 7)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    EXPECT_EQ(world.Out(3610, MakeTcp(Y1, text, "A", 8, 10)).size(), 1U);
}

// RFC 6888 REQ-10, REQ-12: what is told of a mapping has no destination; drops have their cause.
TEST(NatCarrier, Rfc6888_C10_C12_EventsOfMappings)
{
    NatWorld world(GetNatPreset(NAT_CARRIER_GRADE));
    world.Udp(5, From(0, 5000), Y1);
    ASSERT_EQ(world.Count(NatEvent::Kind::MAPPING_CREATED), 1U);
    const NatEvent& event = world.events.front();
    EXPECT_EQ(event.inside, At(From(0, 5000)));
    EXPECT_EQ(event.outside.address, At("203.0.113.1").address);
    EXPECT_EQ(event.remote, NatEndpoint());
    EXPECT_EQ(event.time, Seconds(5));
}

// RFC 6888 REQ-13 to REQ-15: random ports, blocks by subscriber, ports by a rule (RFC 7422).
TEST(NatCarrier, Rfc6888_C13_RandomPortsAreSpread)
{
    NatSettings settings = GetNatPreset(NAT_SYMMETRIC);
    NatWorld world(settings);
    double sum = 0;
    double steps = 0;
    int before = 0;
    constexpr int n = 2000;
    for (int i = 0; i < n; ++i)
    {
        const int port = NatWorld::GetPort(world.Udp(0, From(i, 5001), Y1));
        sum += port;
        steps += std::abs(port - before);
        before = port;
    }
    // Uniform from 1024: mean 33280, standard error 18622 / sqrt(2000) = 416; the distance of two
    // is a third of the range, 21504, standard deviation 15206, standard error about 400.
    EXPECT_NEAR(sum / n, 33280, 4 * 416);
    EXPECT_NEAR(steps / n, 21504, 4 * 400);
}

TEST(NatCarrier, Rfc6888_C14_BlocksOfPorts)
{
    NatSettings settings = GetNatPreset(NAT_CARRIER_GRADE);
    settings.blockSize = 64;
    settings.subscriberBlocks = 2;
    NatWorld world(settings);
    std::map<int, std::set<int>> blocks;
    for (int host = 0; host < 5; ++host)
    {
        for (int i = 0; i < 128; ++i)
        {
            const std::string outside = world.Udp(0, From(host, 5000 + i), Y1);
            ASSERT_NE(outside, "");
            blocks[host].insert((NatWorld::GetPort(outside) - 1024) / 64);
        }
        EXPECT_EQ(world.Udp(0, From(host, 6000), Y1), "");
        EXPECT_EQ(world.GetCause(), NatCause::EXHAUSTED);
    }
    std::set<int> all;
    for (const auto& one : blocks)
    {
        EXPECT_EQ(one.second.size(), 2U);
        all.insert(one.second.begin(), one.second.end());
    }
    EXPECT_EQ(all.size(), 10U);
    // When all its ports are released, and quarantine is over, a subscriber begins anew.
    EXPECT_NE(world.Udp(1000, From(0, 7000), Y1), "");
}

TEST(NatCarrier, Rfc6888_C14_BlocksAreGivenBack)
{
    NatSettings settings = GetNatPreset(NAT_CARRIER_GRADE);
    settings.blockSize = 4;
    settings.lastPort = 1024 + 7; // two blocks
    NatWorld world(settings);
    for (int i = 0; i < 8; ++i)
    {
        EXPECT_NE(world.Udp(0, From(0, 5000 + i), Y1), "");
    }
    EXPECT_EQ(world.Udp(419.9, From(1, 5000), Y1), ""); // 300 s of life, 120 s of quarantine
    EXPECT_NE(world.Udp(420, From(1, 5000), Y1), "");
}

// RFC 7422 2: 256 subscribers, two addresses, 64512 ports: 128 share an address, 504 ports each.
TEST(NatCarrier, Rfc7422_C15_DeterministicPorts)
{
    NatSettings settings = WithPool(GetNatPreset(NAT_CARRIER_GRADE), 2);
    settings.allocation = NatSettings::DETERMINISTIC;
    settings.subscriberNetwork = Ipv4Address("10.0.0.0");
    settings.subscriberPrefix = 24;
    ASSERT_EQ(settings.FindFault(), "");
    NatWorld world(settings);
    for (const int host : {2, 127, 128, 255})
    {
        const std::string from = "10.0.0." + std::to_string(host) + ":5000";
        const NatEndpoint outside = At(world.Udp(0, from, Y1));
        EXPECT_EQ(outside.address, At(host < 128 ? "198.51.100.1" : "198.51.100.3").address);
        EXPECT_EQ((outside.port - 1024) / 504, host % 128);
    }
    EXPECT_EQ(world.Udp(0, "10.0.1.2:5000", Y1), "");
}

// The load of others moves a sequential allocation on by its rate times the time.
TEST(NatCarrier, BackgroundLoadAdvancesSequentialPorts)
{
    NatSettings settings = GetNatPreset(NAT_SYMMETRIC);
    settings.allocation = NatSettings::SEQUENTIAL;
    settings.keepsParity = false;
    settings.portClasses = NatSettings::NO_CLASSES;
    settings.load.rate = 10;
    settings.load.holding = Seconds(0);
    NatWorld world(settings);
    double sum = 0;
    int before = NatWorld::GetPort(world.Udp(0, From(0, 5000), Y1));
    constexpr int n = 400;
    for (int i = 1; i <= n; ++i)
    {
        const int port = NatWorld::GetPort(world.Udp(3.0 * i, From(i, 5000), Y1));
        sum += (port - before + 65535) % 65535 - 1;
        before = port;
    }
    // Poisson: mean 30, standard error sqrt(30 / 400) = 0.27.
    EXPECT_NEAR(sum / n, 30, 4 * 0.28);
}

// The load of others takes ports: rate x holding of those there are.
TEST(NatCarrier, BackgroundLoadOccupiesPorts)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.load.rate = 100;
    settings.load.holding = Seconds(131.07);
    NatWorld world(settings);
    int preserved = 0;
    constexpr int n = 2000;
    for (int i = 0; i < n; ++i)
    {
        const std::string outside = world.Udp(0, From(0, 2000 + i), Y1);
        preserved += NatWorld::GetPort(outside) == 2000 + i ? 1 : 0;
    }
    // A fifth of 65535 is taken: 1600, standard deviation sqrt(2000 x 0.2 x 0.8) = 18; some more
    // are taken by own mappings that had to move.
    EXPECT_NEAR(preserved, 1600 - 5, 4 * 18);
    settings.load.holding = Seconds(1000);
    NatWorld full(settings);
    EXPECT_EQ(full.Udp(0, From(0, 2000), Y1), "");
    EXPECT_EQ(full.GetCause(), NatCause::EXHAUSTED);
}
