// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * UDP: the requirements of RFC 4787, by their number and by that of the checklist (U).
 */
#include "nat-world.h"

#include <gtest/gtest.h>
#include <set>

using namespace p2pim::test;

namespace
{

using Lines = NatWorld::Lines;

constexpr const char* X1 = "10.0.0.2:7000";
constexpr const char* X2 = "10.0.0.3:7000";
constexpr const char* Y1 = "203.0.113.10:1000";
constexpr const char* Y1_OTHER_PORT = "203.0.113.10:1001";
constexpr const char* Y2 = "203.0.113.20:1000";

NatSettings
WithMapping(NatSettings::Mapping mapping)
{
    NatSettings settings = GetNatPreset(NAT_SYMMETRIC);
    settings.udpMapping = mapping;
    settings.conflictMapping = NatSettings::EIM;
    return settings;
}

NatSettings
WithFiltering(NatSettings::Filtering filtering)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.udpFiltering = filtering;
    return settings;
}

/// @return how many of three probes pass: the peer, its address with another port, another address.
int
CountProbes(NatWorld& world, double at)
{
    const std::string outside = world.Udp(at, X1, Y1);
    return world.Passes(at, Y1, outside) + world.Passes(at, Y1_OTHER_PORT, outside) +
           world.Passes(at, Y2, outside);
}

} // namespace

// RFC 4787 4.1: the same outside endpoint for all destinations.
TEST(NatUdp, Rfc4787_U1_EndpointIndependentMapping)
{
    NatWorld world(WithMapping(NatSettings::EIM));
    const std::string outside = world.Udp(0, X1, Y1);
    EXPECT_EQ(outside.rfind("203.0.113.1:", 0), 0U);
    EXPECT_EQ(world.Udp(0, X1, Y1_OTHER_PORT), outside);
    EXPECT_EQ(world.Udp(0, X1, Y2), outside);
    EXPECT_EQ(world.core.GetMappings(), 1U);
    EXPECT_EQ(world.core.GetSessions(), 3U);
}

// RFC 4787 4.1: the same if and only if the address is the same.
TEST(NatUdp, Rfc4787_U1_AddressDependentMapping)
{
    NatWorld world(WithMapping(NatSettings::ADM));
    const std::string outside = world.Udp(0, X1, Y1);
    EXPECT_EQ(world.Udp(0, X1, Y1_OTHER_PORT), outside);
    EXPECT_NE(world.Udp(0, X1, Y2), outside);
}

// RFC 4787 4.1: the same if and only if address and port are the same.
TEST(NatUdp, Rfc4787_U1_AddressAndPortDependentMapping)
{
    NatWorld world(WithMapping(NatSettings::APDM));
    const std::string outside = world.Udp(0, X1, Y1);
    const std::string second = world.Udp(0, X1, Y1_OTHER_PORT);
    EXPECT_NE(second, outside);
    EXPECT_NE(world.Udp(0, X1, Y2), second);
    EXPECT_EQ(world.Udp(0, X1, Y1), outside);
}

// RFC 4787 REQ-2: all mappings of a host have one of the addresses of the pool; RFC 6888 REQ-2: of
// all protocols.
TEST(NatUdp, Rfc4787_U2_PairedPooling)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.pool = {Ipv4Address("203.0.113.1"),
                     Ipv4Address("203.0.113.2"),
                     Ipv4Address("198.51.100.9")};
    NatWorld world(settings);
    std::set<std::string> used;
    for (int host = 2; host < 22; ++host)
    {
        std::set<uint32_t> own;
        for (int flow = 0; flow < 5; ++flow)
        {
            const std::string from =
                "10.0.0." + std::to_string(host) + ":" + std::to_string(5000 + flow);
            own.insert(At(world.Udp(0, from, flow % 2 == 0 ? Y1 : Y2)).address);
            own.insert(At(world.Syn(0, from, Y1)).address);
        }
        EXPECT_EQ(own.size(), 1U);
        used.insert(std::to_string(*own.begin()));
    }
    EXPECT_EQ(used.size(), 3U);
}

// RFC 4787 4.1: "arbitrary" pooling gives a host several addresses.
TEST(NatUdp, Rfc4787_U2_ArbitraryPooling)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.pool = {Ipv4Address("203.0.113.1"), Ipv4Address("203.0.113.2")};
    settings.pooling = NatSettings::ARBITRARY;
    NatWorld world(settings);
    std::set<uint32_t> own;
    for (int flow = 0; flow < 20; ++flow)
    {
        own.insert(At(world.Udp(0, "10.0.0.2:" + std::to_string(5000 + flow), Y1)).address);
    }
    EXPECT_EQ(own.size(), 2U);
}

// RFC 4787 REQ-3: two hosts do not share an outside endpoint towards the same peer.
TEST(NatUdp, Rfc4787_U3_NoPortOverloading)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const std::string first = world.Udp(0, X1, Y1);
    const std::string second = world.Udp(0, X2, Y1);
    EXPECT_EQ(first, "203.0.113.1:7000");
    EXPECT_NE(second, first);
    EXPECT_EQ(world.Out(0, MakeUdp(Y1, first)),
              Lines{"in UDP 203.0.113.10:1000>10.0.0.2:7000 len=1"});
    EXPECT_EQ(world.Out(0, MakeUdp(Y1, second)),
              Lines{"in UDP 203.0.113.10:1000>10.0.0.3:7000 len=1"});
}

// The bug of REQ-3: the port goes to whoever asked last.
TEST(NatUdp, Rfc4787_U3_OverloadingTakesThePortAway)
{
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    settings.allocation = NatSettings::OVERLOAD;
    NatWorld world(settings);
    EXPECT_EQ(world.Udp(0, X1, Y1), "203.0.113.1:7000");
    EXPECT_EQ(world.Udp(0, X2, Y1), "203.0.113.1:7000");
    EXPECT_EQ(world.Out(0, MakeUdp(Y1, "203.0.113.1:7000")),
              Lines{"in UDP 203.0.113.10:1000>10.0.0.3:7000 len=1"});
}

// RFC 4787 REQ-3a: to 1023 stays to 1023, the others from 1024 on.
TEST(NatUdp, Rfc4787_U3a_PortRangeClass)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.allocation = NatSettings::RANDOM;
    NatWorld world(settings);
    for (int flow = 0; flow < 100; ++flow)
    {
        const int low =
            NatWorld::GetPort(world.Udp(0, "10.0.0.2:" + std::to_string(900 + flow), Y1));
        const int high =
            NatWorld::GetPort(world.Udp(0, "10.0.0.2:" + std::to_string(1024 + flow), Y1));
        EXPECT_TRUE(low >= 1 && low < 1024);
        EXPECT_GE(high, 1024);
    }
}

// RFC 4787 REQ-4: the parity of a port is kept where the port is not.
TEST(NatUdp, Rfc4787_U4_PortParity)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    for (int port = 6000; port < 6040; ++port)
    {
        world.Udp(0, "10.0.0.2:" + std::to_string(port), Y1);
        const std::string second = world.Udp(0, "10.0.0.3:" + std::to_string(port), Y1);
        EXPECT_EQ(NatWorld::GetPort(second) % 2, port % 2);
    }
}

// RFC 4787 4.2.3: no requirement; a sequential allocation gives RTP's next port with delta 1.
TEST(NatUdp, Rfc4787_U4b_SequentialPortsDifferByDelta)
{
    for (const uint16_t delta : {1, 2, 5})
    {
        NatSettings settings = GetNatPreset(NAT_SYMMETRIC);
        settings.allocation = NatSettings::SEQUENTIAL;
        settings.keepsParity = false;
        settings.portDelta = delta;
        NatWorld world(settings);
        const int first = NatWorld::GetPort(world.Udp(0, X1, Y1));
        EXPECT_EQ(NatWorld::GetPort(world.Udp(0, X1, Y2)), first + delta);
        EXPECT_EQ(NatWorld::GetPort(world.Udp(0, X2, Y2)), first + 2 * delta);
    }
}

// RFC 4787 REQ-5: not less than two minutes, five by default.
TEST(NatUdp, Rfc4787_U5_MappingTimer)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const std::string outside = world.Udp(0, X1, Y1);
    EXPECT_TRUE(world.Passes(299.999, Y1, outside));
    EXPECT_FALSE(world.Passes(300, Y1, outside));
    EXPECT_EQ(world.GetCause(), NatCause::EXPIRED);
    EXPECT_EQ(world.core.GetMappings(), 0U);
}

// RFC 4787 REQ-5a: a shorter time for destination ports that are well known.
TEST(NatUdp, Rfc4787_U5a_TimerOfAWellKnownPort)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.timers.udpPorts[53] = Seconds(10);
    NatWorld world(settings);
    const std::string outside = world.Udp(0, X1, "203.0.113.10:53");
    EXPECT_TRUE(world.Passes(9.999, "203.0.113.10:53", outside));
    EXPECT_FALSE(world.Passes(10, "203.0.113.10:53", outside));
}

// The event of an expiry has the time at which it was due, whenever it is found out.
TEST(NatUdp, Rfc4787_U5_ExpiryIsToldWithItsTime)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.Udp(1, X1, Y1);
    EXPECT_EQ(world.core.GetNextDue(), Time::Max());
    world.Wait(1000);
    ASSERT_EQ(world.Count(NatEvent::Kind::MAPPING_EXPIRED), 1U);
    EXPECT_EQ(world.events.back().time, Seconds(301));
}

// RFC 4787 REQ-6: outbound packets refresh; inbound ones only if so set.
TEST(NatUdp, Rfc4787_U6_RefreshDirection)
{
    for (const bool inbound : {false, true})
    {
        NatSettings settings = GetNatPreset(NAT_RFC);
        settings.timers.udpInboundRefresh = inbound;
        NatWorld world(settings);
        const std::string outside = world.Udp(0, X1, Y1);
        EXPECT_TRUE(world.Passes(240, Y1, outside));
        EXPECT_EQ(world.Passes(480, Y1, outside), inbound);
    }
    NatWorld world(GetNatPreset(NAT_RFC));
    const std::string outside = world.Udp(0, X1, Y1);
    EXPECT_EQ(world.Udp(240, X1, Y1), outside);
    EXPECT_TRUE(world.Passes(480, Y1, outside));
}

// RFC 7857 7: what is filtered does not refresh.
TEST(NatUdp, Rfc7857_U6b_FilteredPacketsDoNotRefresh)
{
    NatSettings settings = WithFiltering(NatSettings::APDF);
    settings.timers.udpInboundRefresh = true;
    NatWorld world(settings);
    const std::string outside = world.Udp(0, X1, Y1);
    EXPECT_FALSE(world.Passes(150, Y2, outside));
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    EXPECT_FALSE(world.Passes(299, Y2, outside));
    EXPECT_FALSE(world.Passes(300, Y1, outside));
}

// RFC 7857 7.1: an ICMP error that the inside sends does not refresh.
TEST(NatUdp, Rfc7857_U6b_OutboundErrorsDoNotRefresh)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const std::string outside = world.Udp(0, X1, Y1);
    const Octets received = MakeUdp(Y1, X1);
    EXPECT_EQ(world.In(299, MakeError("10.0.0.2", "203.0.113.10", 3, 3, received)).size(), 1U);
    EXPECT_FALSE(world.Passes(300, Y1, outside));
}

// RFC 4787 REQ-7: the inner network may be the outer one.
TEST(NatUdp, Rfc4787_U7_OverlappingNetworks)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.pool = {Ipv4Address("10.0.0.77")};
    NatWorld world(settings);
    EXPECT_EQ(world.In(0, MakeUdp("10.0.0.2:7000", "10.0.0.2:1000")),
              Lines{"out UDP 10.0.0.77:7000>10.0.0.2:1000 len=1"});
    EXPECT_EQ(world.Out(0, MakeUdp("10.0.0.2:1000", "10.0.0.77:7000")),
              Lines{"in UDP 10.0.0.2:1000>10.0.0.2:7000 len=1"});
}

// RFC 4787 5: of three probes EIF passes three, ADF two, APDF one.
TEST(NatUdp, Rfc4787_U8_Filtering)
{
    NatWorld independent(WithFiltering(NatSettings::EIF));
    EXPECT_EQ(CountProbes(independent, 0), 3);
    NatWorld address(WithFiltering(NatSettings::ADF));
    EXPECT_EQ(CountProbes(address, 0), 2);
    NatWorld port(WithFiltering(NatSettings::APDF));
    EXPECT_EQ(CountProbes(port, 0), 1);
    EXPECT_EQ(port.GetCause(), NatCause::FILTERED);
    // Of an address that the inside has sent to, ADF forgets nothing as long as a session lives.
    EXPECT_EQ(CountProbes(address, 299), 2);
    EXPECT_EQ(CountProbes(address, 1000), 2);
}

// RFC 4787 REQ-9: the hairpinned packet comes from the outside endpoint, and can be answered.
TEST(NatUdp, Rfc4787_U9_HairpinningWithExternalSource)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    world.Udp(0, X1, Y1);
    const std::string second = world.Udp(0, "10.0.0.3:8000", Y1);
    EXPECT_EQ(world.In(1, MakeUdp(X1, second)),
              Lines{"in UDP 203.0.113.1:7000>10.0.0.3:8000 len=1"});
    EXPECT_EQ(world.In(1, MakeUdp("10.0.0.3:8000", "203.0.113.1:7000")),
              Lines{"in UDP 203.0.113.1:8000>10.0.0.2:7000 len=1"});
}

// RFC 4787 6: hairpinned packets are filtered like those from outside.
TEST(NatUdp, Rfc4787_U9_HairpinningIsFiltered)
{
    NatWorld world(WithFiltering(NatSettings::APDF));
    const std::string second = world.Udp(0, "10.0.0.3:8000", Y1);
    EXPECT_TRUE(world.In(1, MakeUdp(X1, second)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    // Both have sent to each other: the hole is there.
    EXPECT_EQ(world.In(1, MakeUdp("10.0.0.3:8000", "203.0.113.1:7000")).size(), 1U);
    EXPECT_EQ(world.In(1, MakeUdp(X1, second)).size(), 1U);
}

// RFC 4787 6: "internal source IP address and port", which REQ-9a forbids; and none at all.
TEST(NatUdp, Rfc4787_U9a_OtherHairpinning)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.hairpinning = NatSettings::INTERNAL_SOURCE;
    NatWorld internal(settings);
    const std::string second = internal.Udp(0, "10.0.0.3:8000", Y1);
    EXPECT_EQ(internal.In(1, MakeUdp(X1, second)),
              Lines{"in UDP 10.0.0.2:7000>10.0.0.3:8000 len=1"});
    settings.hairpinning = NatSettings::NO_HAIRPIN;
    NatWorld none(settings);
    EXPECT_TRUE(none.In(1, MakeUdp(X1, none.Udp(0, "10.0.0.3:8000", Y1))).empty());
    EXPECT_EQ(none.GetCause(), NatCause::HAIRPIN);
}

// RFC 1812 5.3.7: a packet from outside does not come from an own address, though the inside has
// sent there.
TEST(NatUdp, OwnAddressesDoNotComeFromOutside)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const std::string second = world.Udp(0, "10.0.0.3:8000", Y1);
    EXPECT_EQ(world.In(0, MakeUdp(X1, second)).size(), 1U);
    EXPECT_FALSE(world.Passes(0, "203.0.113.1:7000", second));
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
}

// RFC 4787 REQ-10: there is no gateway of an application that would change what is in a packet.
TEST(NatUdp, Rfc4787_U10_PayloadIsUnchanged)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    Octets sip = MakeUdp("10.0.0.2:5060", "203.0.113.10:5060", 32);
    const std::string text = "Contact: <sip:x@10.0.0.2:5060>";
    std::copy(text.begin(), text.end(), sip.begin() + 28);
    sip[26] = 0; // no checksum
    sip[27] = 0;
    world.In(0, sip);
    ASSERT_EQ(world.packets.size(), 1U);
    EXPECT_TRUE(std::equal(sip.begin() + 28, sip.end(), world.packets[0].packet.begin() + 28));
    // RFC 768: a checksum of zero is none, and stays so.
    EXPECT_EQ(world.packets[0].packet[26] | world.packets[0].packet[27], 0);
}

// RFC 4787 REQ-11: the classes are the same for hosts that conflict.
TEST(NatUdp, Rfc4787_U11_DeterministicUnderConflict)
{
    NatWorld world(WithFiltering(NatSettings::ADF));
    for (const std::string host : {"10.0.0.2", "10.0.0.3", "10.0.0.4"})
    {
        const std::string outside = world.Udp(0, host + ":7000", Y1);
        EXPECT_EQ(world.Udp(0, host + ":7000", Y2), outside);
        EXPECT_TRUE(world.Passes(0, Y1_OTHER_PORT, outside));
        EXPECT_FALSE(world.Passes(0, "203.0.113.30:1000", outside));
    }
}

// What REQ-11 forbids: EIM as long as the port is preserved, APDM for a host that conflicts.
TEST(NatUdp, Rfc4787_U11_NonDeterministicUnderConflict)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.conflictMapping = NatSettings::APDM;
    NatWorld world(settings);
    EXPECT_EQ(world.Udp(0, X1, Y1), world.Udp(0, X1, Y2));
    const std::string outside = world.Udp(0, X2, Y1);
    EXPECT_NE(world.Udp(0, X2, Y2), outside);
    EXPECT_EQ(world.Udp(0, X2, Y1), outside);
}

// RFC 4787 REQ-12: errors of any router pass, and change nothing.
TEST(NatUdp, Rfc4787_U12_IcmpErrors)
{
    NatWorld world(WithFiltering(NatSettings::APDF));
    const std::string outside = world.Udp(0, X1, Y1);
    const Octets sent = MakeUdp(outside, Y1);
    const std::vector<std::pair<int, int>> kinds{{3, 1}, {3, 3}, {3, 13}, {3, 4}, {11, 0}};
    for (const auto& [type, code] : kinds)
    {
        const auto lines = world.Out(1,
                                     MakeError("203.0.113.20",
                                               "203.0.113.1",
                                               static_cast<uint8_t>(type),
                                               static_cast<uint8_t>(code),
                                               sent));
        EXPECT_EQ(lines,
                  Lines{"in ICMP 203.0.113.20>10.0.0.2 type=" + std::to_string(type) + " code=" +
                        std::to_string(code) + " mtu=0 [UDP 10.0.0.2:7000>203.0.113.10:1000]"});
    }
    EXPECT_TRUE(world.Passes(299, Y1, outside));
}

// RFC 4787 REQ-13: too long and not to be fragmented gives 3/4; otherwise fragments, in order. The
// reference measured 568 and 424 octets on Linux for 1000 octets of UDP and an MTU of 600.
TEST(NatUdp, Rfc4787_U13_Fragmentation)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.outsideMtu = 600;
    NatWorld world(settings);
    IpFields fields;
    fields.dontFragment = true;
    EXPECT_EQ(world.In(0, MakeUdp(X1, Y1, 992, fields)),
              Lines{"in ICMP 10.0.0.1>10.0.0.2 type=3 code=4 mtu=600 "
                    "[UDP 10.0.0.2:7000>203.0.113.10:1000]"});
    EXPECT_EQ(world.core.GetMappings(), 0U);
    const auto lines = world.In(0, MakeUdp(X1, Y1, 992));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0], "out UDP 203.0.113.1:7000>203.0.113.10:1000 len=568 at=0+");
    EXPECT_EQ(lines[1], "out 203.0.113.1>203.0.113.10 len=424 at=576");
}

// RFC 4787 REQ-14: fragments in any order.
TEST(NatUdp, Rfc4787_U14_FragmentsInAnyOrder)
{
    NatWorld world(WithFiltering(NatSettings::APDF));
    const std::string outside = world.Udp(0, X1, Y1);
    const auto [head, tail] = CutInTwo(MakeUdp(Y1, outside, 1000), 568);
    EXPECT_TRUE(world.Out(0, tail).empty());
    const Lines expected{"in UDP 203.0.113.10:1000>10.0.0.2:7000 len=560 at=0+",
                         "in 203.0.113.10>10.0.0.2 len=440 at=568"};
    EXPECT_EQ(world.Out(1, head), expected);
    EXPECT_TRUE(world.Out(2, head).empty());
    EXPECT_EQ(world.Out(3, tail), expected);
    EXPECT_EQ(world.core.GetFragments().GetDatagrams(), 0U);
    // Together they are the packet, and its checksum is right.
    Octets whole = world.packets[0].packet;
    whole.insert(whole.end(), world.packets[1].packet.begin() + 20, world.packets[1].packet.end());
    const Octets payload(whole.begin() + 20, whole.end());
    EXPECT_EQ(Describe(MakeIp(17, At("203.0.113.10").address, At("10.0.0.2").address, payload)),
              "UDP 203.0.113.10:1000>10.0.0.2:7000 len=1000");
}

// RFC 4787 11: "in order" passes what follows the first fragment, and nothing that precedes it.
TEST(NatUdp, Rfc4787_U14_FragmentsInOrder)
{
    NatSettings settings = GetNatPreset(NAT_RFC);
    settings.fragments = NatSettings::FRAGMENTS_IN_ORDER;
    NatWorld world(settings);
    const auto [head, tail] = CutInTwo(MakeUdp(X1, Y1, 1000), 568);
    EXPECT_TRUE(world.In(0, tail).empty());
    EXPECT_EQ(world.GetCause(), NatCause::FRAGMENT);
    EXPECT_EQ(world.In(0, head), Lines{"out UDP 203.0.113.1:7000>203.0.113.10:1000 len=560 at=0+"});
    EXPECT_EQ(world.In(0, tail), Lines{"out 203.0.113.1>203.0.113.10 len=440 at=568"});
    settings.fragments = NatSettings::DROP_FRAGMENTS;
    NatWorld none(settings);
    EXPECT_TRUE(none.In(0, head).empty());
    EXPECT_EQ(none.GetCause(), NatCause::FRAGMENT);
}

// RFC 4787 REQ-14a: a flood of fragments takes a bounded part of memory, and ends by itself.
TEST(NatUdp, Rfc4787_U14a_FragmentMemoryIsBounded)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const std::string outside = world.Udp(0, X1, Y1);
    IpFields fields;
    fields.offset = 800;
    for (int i = 0; i < 20000; ++i)
    {
        fields.identification = static_cast<uint16_t>(i);
        world.Out(1, MakeUdp(Y1, outside, 1000, fields));
    }
    const NatLimits limits;
    EXPECT_EQ(
        world.core.GetFragments().GetDatagrams(),
        std::min<std::size_t>(limits.fragmentedDatagrams, limits.fragmentOctets / (1008 + 64)));
    EXPECT_LE(world.core.GetFragments().GetOctets(), limits.fragmentOctets);
    const auto [head, tail] = CutInTwo(MakeUdp(Y1, outside, 1000), 568);
    world.Out(2, tail);
    EXPECT_EQ(world.Out(2, head).size(), 2U);
    // RFC 791 3.2: an upper bound of the life of an incomplete datagram.
    world.Out(3, tail);
    EXPECT_TRUE(world.Out(33.5, head).empty());
}

// Overlapping fragments hide ports (RFC 1858 3): the datagram is given up.
TEST(NatUdp, Rfc1858_U14_OverlappingFragmentsAreDropped)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const auto [head, tail] = CutInTwo(MakeUdp(X1, Y1, 1000), 568);
    const auto [shorter, longer] = CutInTwo(MakeUdp(X1, Y1, 1000), 560);
    EXPECT_TRUE(world.In(0, head).empty());
    EXPECT_TRUE(world.In(0, longer).empty());
    EXPECT_TRUE(world.In(0, tail).empty());
    EXPECT_EQ(world.core.GetMappings(), 0U);
    EXPECT_TRUE(world.In(1, shorter).empty());
}

// The same where the lengths add up: 16 octets at 0, 16 at 8, and a last of 8 at 32.
TEST(NatUdp, Rfc1858_U14_OverlapBesideAGap)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const Octets whole = MakeUdp(X1, Y1, 32);
    const auto part = [&whole](std::size_t offset, std::size_t size, bool isLast) {
        IpFields fields;
        fields.offset = static_cast<uint16_t>(offset);
        fields.moreFragments = !isLast;
        const auto begin = whole.begin() + 20 + static_cast<long>(offset);
        return MakeIp(17,
                      At(X1).address,
                      At(Y1).address,
                      Octets(begin, begin + static_cast<long>(size)),
                      fields);
    };
    EXPECT_TRUE(world.In(0, part(0, 16, false)).empty());
    EXPECT_TRUE(world.In(0, part(8, 16, false)).empty());
    EXPECT_TRUE(world.In(0, part(32, 8, true)).empty());
    EXPECT_EQ(world.core.GetMappings(), 0U);
}

// RFC 768: a checksum that comes out as zero is sent as all ones.
TEST(NatUdp, ChecksumOfZeroIsSentAsAllOnes)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    const auto translate = [&world](uint16_t data) {
        Octets payload;
        OctetWriter(payload).U16(7000).U16(1000).U16(10).U16(0).U16(data);
        Octets packet = MakeIp(17, At(X1).address, At(Y1).address, payload);
        const uint32_t pseudo = (At(X1).address >> 16) + (At(X1).address & 0xFFFF) +
                                (At(Y1).address >> 16) + (At(Y1).address & 0xFFFF) + 17 + 10;
        const uint16_t checksum = GetInternetChecksum(payload.data(), payload.size(), pseudo);
        packet[26] = static_cast<uint8_t>(checksum >> 8);
        packet[27] = static_cast<uint8_t>(checksum);
        world.In(0, packet);
        const Octets& sent = world.packets.at(0).packet;
        return static_cast<uint16_t>(sent[26] << 8 | sent[27]);
    };
    EXPECT_EQ(translate(translate(0)), 0xFFFF);
}

// RFC 7857 5: mappings of protocols are apart.
TEST(NatUdp, Rfc7857_MappingsArePerProtocol)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    EXPECT_EQ(world.Syn(0, X1, Y1), "203.0.113.1:7000");
    EXPECT_FALSE(world.Passes(0, Y1, "203.0.113.1:7000"));
    EXPECT_EQ(world.GetCause(), NatCause::NO_MAPPING);
    EXPECT_EQ(world.Udp(0, "10.0.0.3:7000", Y1), "203.0.113.1:7000");
}

// RFC 1812 5.3.1: a packet with TTL 1 makes no state; measured on Linux: 11/0 from the inside
// address.
TEST(NatUdp, TimeToLiveIsCheckedBeforeTranslation)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    IpFields fields;
    fields.ttl = 1;
    EXPECT_EQ(world.In(0, MakeUdp(X1, Y1, 1, fields)),
              Lines{"in ICMP 10.0.0.1>10.0.0.2 type=11 code=0 mtu=0 "
                    "[UDP 10.0.0.2:7000>203.0.113.10:1000]"});
    EXPECT_EQ(world.core.GetMappings(), 0U);
    EXPECT_EQ(world.GetCause(), NatCause::TTL);
}
