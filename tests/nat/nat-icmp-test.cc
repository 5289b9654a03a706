// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * ICMP: the requirements of RFC 5508, by their number and by that of the checklist (I).
 */
#include "nat-world.h"

#include <gtest/gtest.h>

using namespace p2pim::test;

namespace
{

using Lines = NatWorld::Lines;

constexpr const char* X1 = "10.0.0.2";
constexpr const char* X2 = "10.0.0.3";
constexpr const char* N = "203.0.113.1";
constexpr const char* Y1 = "203.0.113.10";
constexpr const char* Y2 = "203.0.113.20";

/// Spoils the checksum of the header that an error quotes, and puts that of ICMP right.
Octets
SpoilQuoted(const Octets& about, std::size_t at)
{
    Octets spoilt = about;
    spoilt[at] ^= 0x55;
    return MakeError(Y2, N, 3, 1, spoilt);
}

} // namespace

// RFC 5508 REQ-1: queries pass; the identifier does not depend on the destination.
TEST(NatIcmp, Rfc5508_I1_Queries)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    EXPECT_EQ(world.In(0, MakeEcho(X1, Y1, 77)),
              Lines{"out ICMP 203.0.113.1>203.0.113.10 type=8 id=77"});
    EXPECT_EQ(world.In(0, MakeEcho(X1, Y2, 77)),
              Lines{"out ICMP 203.0.113.1>203.0.113.20 type=8 id=77"});
    EXPECT_EQ(world.core.GetMappings(), 1U);
    EXPECT_EQ(world.Out(0, MakeEcho(Y1, N, 77, 0)),
              Lines{"in ICMP 203.0.113.10>10.0.0.2 type=0 id=77"});
    // RFC 5508 REQ-10: timestamps too.
    EXPECT_EQ(world.In(0, MakeEcho(X1, Y1, 78, 13)),
              Lines{"out ICMP 203.0.113.1>203.0.113.10 type=13 id=78"});
    EXPECT_EQ(world.Out(0, MakeEcho(Y1, N, 78, 14)),
              Lines{"in ICMP 203.0.113.10>10.0.0.2 type=14 id=78"});
}

// Two hosts with one identifier, and replies that nobody asked for.
TEST(NatIcmp, Rfc5508_I1_IdentifiersDoNotCollide)
{
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    NatWorld world(settings);
    world.In(0, MakeEcho(X1, Y1, 77));
    world.In(0, MakeEcho(X2, Y1, 77));
    const Octets& request = world.packets.at(0).packet;
    const auto other = static_cast<uint16_t>(request[24] << 8 | request[25]);
    EXPECT_NE(other, 77);
    EXPECT_EQ(world.Out(0, MakeEcho(Y1, N, other, 0)),
              Lines{"in ICMP 203.0.113.10>10.0.0.3 type=0 id=77"});
    EXPECT_EQ(world.Out(0, MakeEcho(Y1, N, 77, 0)),
              Lines{"in ICMP 203.0.113.10>10.0.0.2 type=0 id=77"});
    EXPECT_TRUE(world.Out(0, MakeEcho(Y2, N, 77, 0)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    EXPECT_TRUE(world.Out(0, MakeEcho(Y1, N, 77)).empty()); // a query from outside
    EXPECT_EQ(world.GetCause(), NatCause::NO_MAPPING);
}

// RFC 5508 REQ-2: sixty seconds.
TEST(NatIcmp, Rfc5508_I2_QueryTimer)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeEcho(X1, Y1, 77));
    EXPECT_EQ(world.Out(59.999, MakeEcho(Y1, N, 77, 0)).size(), 1U);
    EXPECT_TRUE(world.Out(60, MakeEcho(Y1, N, 77, 0)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::EXPIRED);
}

// RFC 5508 REQ-3: the checksum of ICMP and of the quoted header count, that of quoted UDP does not;
// options of the quoted header are passed over.
TEST(NatIcmp, Rfc5508_I3_Validation)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeUdp("10.0.0.2:7000", "203.0.113.10:1000"));
    const Octets sent = MakeUdp("203.0.113.1:7000", "203.0.113.10:1000");
    Octets wrong = MakeError(Y2, N, 3, 1, sent);
    wrong[22] ^= 1;
    EXPECT_TRUE(world.Out(1, wrong).empty());
    EXPECT_EQ(world.GetCause(), NatCause::CHECKSUM);
    EXPECT_TRUE(world.Out(1, SpoilQuoted(sent, 10)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::CHECKSUM);
    EXPECT_EQ(world.Out(1, SpoilQuoted(sent, 26)).size(), 1U);

    const Octets options = WithOptions(sent, {1, 1, 1, 0});
    EXPECT_EQ(world.Out(1, MakeError(Y2, N, 3, 1, options, 0, 32)),
              Lines{"in ICMP 203.0.113.20>10.0.0.2 type=3 code=1 mtu=0 "
                    "[UDP 10.0.0.2:7000>203.0.113.10:1000]"});
}

// RFC 5508 REQ-3c: extensions of RFC 4884 behind the quoted packet are left alone.
TEST(NatIcmp, Rfc5508_I3_ExtensionsAreUnchanged)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeUdp("10.0.0.2:7000", "203.0.113.10:1000"));
    Octets about = MakeUdp("203.0.113.1:7000", "203.0.113.10:1000", 100);
    about.insert(about.end(), {0x20, 0, 0, 0, 0, 8, 1, 1, 0xAB, 0xCD, 0xEF, 0x01});
    const auto lines = world.Out(1, MakeError(Y2, N, 11, 0, about, 32U << 16, about.size()));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].find("BADSUM"), std::string::npos);
    const Octets& packet = world.packets[0].packet;
    EXPECT_TRUE(std::equal(about.end() - 12, about.end(), packet.end() - 12));
}

// RFC 5508 REQ-4: what an error from outside quotes is given back its inside endpoint; one about no
// mapping is dropped.
TEST(NatIcmp, Rfc5508_I4_ErrorsFromOutside)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeEcho(X1, Y1, 77));
    EXPECT_EQ(world.Out(0, MakeError(Y2, N, 11, 0, MakeEcho(N, Y1, 77))),
              Lines{"in ICMP 203.0.113.20>10.0.0.2 type=11 code=0 mtu=0 [ICMP "
                    "10.0.0.2>203.0.113.10 id=77]"});
    EXPECT_TRUE(world.Out(0, MakeError(Y2, N, 11, 0, MakeEcho(N, Y1, 78))).empty());
    EXPECT_EQ(world.GetCause(), NatCause::NO_MAPPING);
    // A full quoted segment has its checksum put right too (RFC 1812 4.3.2.3).
    world.In(0, MakeTcp("10.0.0.2:7000", "203.0.113.10:1000", "S", 100));
    const Octets sent = MakeTcp("203.0.113.1:7000", "203.0.113.10:1000", "S", 100);
    ASSERT_EQ(world.Out(0, MakeError(Y2, N, 3, 1, sent, 0, sent.size())).size(), 1U);
    const Octets& packet = world.packets[0].packet;
    EXPECT_EQ(Describe(Octets(packet.begin() + 28, packet.end())),
              "TCP 10.0.0.2:7000>203.0.113.10:1000 [S] seq=100 ack=0 len=0");
}

// RFC 5508 REQ-5: an error from inside comes from the NAT and quotes what the peer has sent.
TEST(NatIcmp, Rfc5508_I5_ErrorsFromInside)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeUdp("10.0.0.2:7000", "203.0.113.10:1000"));
    const Octets received = MakeUdp("203.0.113.10:1000", "10.0.0.2:7000");
    EXPECT_EQ(world.In(1, MakeError("10.0.0.1", Y1, 3, 3, received)),
              Lines{"out ICMP 203.0.113.1>203.0.113.10 type=3 code=3 mtu=0 "
                    "[UDP 203.0.113.10:1000>203.0.113.1:7000]"});
    // Of a peer that only EIF let in as well.
    const Octets other = MakeUdp("203.0.113.20:9", "10.0.0.2:7000");
    EXPECT_EQ(world.In(1, MakeError(X1, Y2, 3, 3, other)),
              Lines{"out ICMP 203.0.113.1>203.0.113.20 type=3 code=3 mtu=0 "
                    "[UDP 203.0.113.20:9>203.0.113.1:7000]"});
    EXPECT_TRUE(world.In(1, MakeError(X2, Y1, 3, 3, MakeUdp("203.0.113.10:1000", "10.0.0.3:7000")))
                    .empty());
}

// RFC 5508 REQ-6: an error neither refreshes nor ends the session of a query.
TEST(NatIcmp, Rfc5508_I6_ErrorsLeaveQueriesAlone)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeEcho(X1, Y1, 77));
    EXPECT_EQ(world.Out(59, MakeError(Y2, N, 3, 1, MakeEcho(N, Y1, 77))).size(), 1U);
    EXPECT_EQ(world.Out(59.9, MakeEcho(Y1, N, 77, 0)).size(), 1U);
    EXPECT_TRUE(world.Out(60, MakeEcho(Y1, N, 77, 0)).empty());
}

// RFC 5508 REQ-7, RFC 7857 12: an error about a hairpinned packet is hairpinned.
TEST(NatIcmp, Rfc5508_I7_HairpinnedErrors)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeUdp("10.0.0.3:8000", "203.0.113.10:1000"));
    EXPECT_EQ(world.In(1, MakeUdp("10.0.0.2:7000", "203.0.113.1:8000")),
              Lines{"in UDP 203.0.113.1:7000>10.0.0.3:8000 len=1"});
    const Octets received = world.packets[0].packet;
    EXPECT_EQ(world.In(1, MakeError(X2, N, 3, 3, received)),
              Lines{"in ICMP 203.0.113.1>10.0.0.2 type=3 code=3 mtu=0 "
                    "[UDP 10.0.0.2:7000>203.0.113.1:8000]"});
}

// RFC 5508 REQ-8: without resources ICMP 3/13, and the packet is dropped.
TEST(NatIcmp, Rfc5508_I8_OutOfResources)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.limits.mappings = 1;
    NatWorld world(settings);
    world.In(0, MakeEcho(X1, Y1, 77));
    EXPECT_EQ(
        world.In(0, MakeEcho(X2, Y1, 78)),
        Lines{"in ICMP 10.0.0.1>10.0.0.3 type=3 code=13 mtu=0 [ICMP 10.0.0.3>203.0.113.10 id=78]"});
    EXPECT_EQ(world.GetCause(), NatCause::LIMIT);
    EXPECT_EQ(world.core.GetMappings(), 1U);
}

// RFC 5508 REQ-9: whether errors are sent is a policy.
TEST(NatIcmp, Rfc5508_I9_ErrorsMayBeOff)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.sendsErrors = false;
    NatWorld world(settings);
    IpFields fields;
    fields.ttl = 1;
    EXPECT_TRUE(world.In(0, MakeEcho(X1, Y1, 77, 8, fields)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::TTL);
}

// RFC 5508 REQ-10: unreachable, time exceeded, parameter problem and echo pass; source quench,
// redirect, information request and address mask do not.
TEST(NatIcmp, Rfc5508_I10_I11_Types)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.In(0, MakeUdp("10.0.0.2:7000", "203.0.113.10:1000"));
    const Octets sent = MakeUdp("203.0.113.1:7000", "203.0.113.10:1000");
    for (const uint8_t type : {3, 11, 12})
    {
        EXPECT_EQ(world.Out(0, MakeError(Y2, N, type, 0, sent)).size(), 1U);
    }
    for (const uint8_t type : {4, 5})
    {
        EXPECT_TRUE(world.Out(0, MakeError(Y2, N, type, 0, sent)).empty());
        EXPECT_EQ(world.GetCause(), NatCause::UNSUPPORTED);
    }
    for (const uint8_t type : {9, 10, 15, 17})
    {
        EXPECT_TRUE(world.In(0, MakeEcho(X1, Y1, 5, type)).empty());
        EXPECT_EQ(world.GetCause(), NatCause::UNSUPPORTED);
    }
}
