// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * TCP: the requirements of RFC 5382 and RFC 7857, by their number and by that of the checklist (T).
 */
#include "nat-world.h"

#include <gtest/gtest.h>
#include <string>
#include <tuple>
#include <vector>

using namespace p2pim::test;

namespace
{

using Lines = NatWorld::Lines;

constexpr const char* X1 = "10.0.0.2:7000";
constexpr const char* X2 = "10.0.0.3:7000";
constexpr const char* N1 = "203.0.113.1:7000";
constexpr const char* Y1 = "203.0.113.10:1000";
constexpr const char* Y1_OTHER_PORT = "203.0.113.10:1001";
constexpr const char* Y2 = "203.0.113.20:1000";

/// A connection of X1, by N1, with Y1; sequence numbers are those of the ends.
struct Connection
{
    explicit Connection(const NatSettings& settings)
        : world(settings)
    {
    }

    /// A segment of X1. @return whether it passes.
    bool In(double at,
            const std::string& flags,
            uint32_t sequence,
            uint32_t acknowledgment,
            std::size_t size = 0)
    {
        const Lines lines = world.In(at, MakeTcp(X1, Y1, flags, sequence, acknowledgment, size));
        return !lines.empty() && lines[0].rfind("out TCP 203.0.113.1:7000>", 0) == 0;
    }

    /// A segment of Y1. @return whether it passes.
    bool Out(double at,
             const std::string& flags,
             uint32_t sequence,
             uint32_t acknowledgment,
             std::size_t size = 0)
    {
        const Lines lines = world.Out(at, MakeTcp(Y1, N1, flags, sequence, acknowledgment, size));
        return !lines.empty() && lines[0].rfind("in TCP ", 0) == 0;
    }

    /// The handshake, from numbers 100 of X1 and 500 of Y1.
    void Establish(double at = 0)
    {
        ASSERT_TRUE(In(at, "S", 100, 0));
        ASSERT_TRUE(Out(at, "SA", 500, 101));
        ASSERT_TRUE(In(at, "A", 101, 501));
    }

    /// Both close.
    void Close(double at = 0)
    {
        ASSERT_TRUE(In(at, "FA", 101, 501));
        ASSERT_TRUE(Out(at, "FA", 501, 102));
        ASSERT_TRUE(In(at, "A", 102, 502));
    }

    NatWorld world;
};

NatSettings
WithTracking(NatSettings::TcpTracking tracking, NatPreset preset = NAT_PORT_RESTRICTED)
{
    NatSettings settings = GetNatPreset(preset);
    settings.tcpTracking = tracking;
    return settings;
}

NatSettings
WithUnsolicited(NatSettings::Unsolicited policy)
{
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    settings.unsolicitedTcp = policy;
    return settings;
}

NatSettings
WithMapping(NatSettings::Mapping mapping)
{
    NatSettings settings = GetNatPreset(NAT_SYMMETRIC);
    settings.tcpMapping = mapping;
    settings.conflictMapping = NatSettings::EIM;
    settings.allocation = NatSettings::SEQUENTIAL;
    return settings;
}

/// All ways of tracking that do not look at windows but know connections, and those that do.
constexpr NatSettings::TcpTracking TRACKINGS[] = {NatSettings::NO_TRACKING,
                                                  NatSettings::FLAGS,
                                                  NatSettings::WINDOW,
                                                  NatSettings::LIBERAL};

} // namespace

// RFC 5382 4.1: mappings by destination.
TEST(NatTcp, Rfc5382_T1_MappingClasses)
{
    const std::vector<std::tuple<NatSettings::Mapping, bool, bool>> expected{
        {NatSettings::EIM, true, true},
        {NatSettings::ADM, true, false},
        {NatSettings::APDM, false, false},
        {NatSettings::CDM, false, false}};
    for (const auto& [mapping, samePort, sameAddress] : expected)
    {
        NatWorld world(WithMapping(mapping));
        const std::string outside = world.Syn(0, X1, Y1);
        EXPECT_EQ(world.Syn(0, X1, Y1_OTHER_PORT) == outside, samePort);
        EXPECT_EQ(world.Syn(0, X1, Y2) == outside, sameAddress);
        EXPECT_EQ(world.Syn(0, X1, Y1), outside);
    }
}

// RFC 5382 4.1: a new connection between the same endpoints has another mapping only with CDM.
TEST(NatTcp, Rfc5382_T1_ConnectionDependentMapping)
{
    for (const auto mapping : {NatSettings::APDM, NatSettings::CDM})
    {
        NatWorld world(WithMapping(mapping));
        const std::string outside = world.Syn(0, X1, Y1, 100);
        world.Out(0, MakeTcp(Y1, outside, "SA", 500, 101));
        world.In(0, MakeTcp(X1, Y1, "FA", 101, 501));
        world.Out(0, MakeTcp(Y1, outside, "FA", 501, 102));
        world.In(0, MakeTcp(X1, Y1, "A", 102, 502));
        EXPECT_EQ(world.Syn(1, X1, Y1, 9000) == outside, mapping == NatSettings::APDM);
    }
}

// RFC 5382 REQ-2: sequences that RFC 793 allows pass, whatever is tracked.
TEST(NatTcp, Rfc5382_T2_HandshakeHalfCloseAndRetransmission)
{
    for (const auto tracking : TRACKINGS)
    {
        for (const auto preset : {NAT_PORT_RESTRICTED, NAT_LINUX_MASQUERADE})
        {
            Connection tcp(WithTracking(tracking, preset));
            tcp.Establish();
            EXPECT_TRUE(tcp.In(1, "PA", 101, 501, 10));
            EXPECT_TRUE(tcp.In(2, "PA", 101, 501, 10)); // once more
            EXPECT_TRUE(tcp.Out(2, "A", 501, 111));
            EXPECT_TRUE(tcp.In(3, "FA", 111, 501)); // X1 closes its half
            EXPECT_TRUE(tcp.Out(3, "A", 501, 112));
            EXPECT_TRUE(tcp.Out(4, "PA", 501, 112, 1000)); // Y1 goes on
            EXPECT_TRUE(tcp.In(4, "A", 112, 1501));
            EXPECT_TRUE(tcp.Out(5, "FA", 1501, 112));
            EXPECT_TRUE(tcp.Out(6, "FA", 1501, 112)); // once more
            EXPECT_TRUE(tcp.In(6, "A", 112, 1502));
        }
    }
}

// RFC 5382 REQ-2: a connection that a host outside opens to a mapping.
TEST(NatTcp, Rfc5382_T2_OpenedFromOutside)
{
    for (const auto tracking : TRACKINGS)
    {
        NatWorld world(WithTracking(tracking, NAT_RFC));
        world.Syn(0, X1, Y1);
        EXPECT_EQ(world.Out(0, MakeTcp(Y2, N1, "S", 900)),
                  Lines{"in TCP 203.0.113.20:1000>10.0.0.2:7000 [S] seq=900 ack=0 len=0"});
        EXPECT_EQ(world.In(0, MakeTcp(X1, Y2, "SA", 300, 901)),
                  Lines{"out TCP 203.0.113.1:7000>203.0.113.20:1000 [SA] seq=300 ack=901 len=0"});
        EXPECT_EQ(world.Out(0, MakeTcp(Y2, N1, "A", 901, 301)).size(), 1U);
        EXPECT_EQ(world.Out(7000, MakeTcp(Y2, N1, "PA", 901, 301, 5)).size(), 1U);
    }
}

// RFC 5382 REQ-2a: SYNs cross. RFC 793 figure 8 has the sequence.
TEST(NatTcp, Rfc5382_T2a_SimultaneousOpen)
{
    for (const auto tracking : TRACKINGS)
    {
        for (const auto preset : {NAT_PORT_RESTRICTED, NAT_LINUX_MASQUERADE})
        {
            Connection tcp(WithTracking(tracking, preset));
            EXPECT_TRUE(tcp.In(0, "S", 100, 0));
            EXPECT_TRUE(tcp.Out(0.3, "S", 500, 0));
            EXPECT_TRUE(tcp.In(0.4, "SA", 100, 501));
            EXPECT_TRUE(tcp.Out(0.5, "SA", 500, 101));
            EXPECT_TRUE(tcp.In(0.6, "A", 101, 501));
            EXPECT_TRUE(tcp.Out(0.7, "A", 501, 101));
            EXPECT_TRUE(tcp.In(1, "PA", 101, 501, 10));
            EXPECT_TRUE(tcp.Out(1, "PA", 501, 111, 10));
        }
    }
}

// Reference 0.7: SYN, abort, listen: the listener's SYN-ACK has another number than its SYN had. A
// NAT that keeps windows drops it; a liberal one does not (measured on Linux, both ways).
TEST(NatTcp, SequentialPunchFailsWhereWindowsAreTracked)
{
    for (const auto preset : {NAT_PORT_RESTRICTED, NAT_LINUX_MASQUERADE})
    {
        for (const auto tracking : TRACKINGS)
        {
            Connection tcp(WithTracking(tracking, preset));
            EXPECT_TRUE(tcp.In(0, "S", 3000000000, 0));
            EXPECT_TRUE(tcp.Out(2, "S", 500, 0));
            EXPECT_EQ(tcp.In(2, "SA", 100, 501), tracking != NatSettings::WINDOW);
            EXPECT_EQ(tcp.world.GetCause(),
                      tracking == NatSettings::WINDOW ? NatCause::WINDOW : NatCause::NONE);
        }
    }
}

// RFC 5382 4.3: after the close a SYN from outside passes APDF and not CDF.
TEST(NatTcp, Rfc5382_T3_ConnectionDependentFiltering)
{
    for (const auto filtering : {NatSettings::APDF, NatSettings::CDF})
    {
        NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
        settings.tcpFiltering = filtering;
        Connection tcp(settings);
        tcp.Establish();
        tcp.Close();
        EXPECT_EQ(tcp.Out(10, "S", 9000, 0), filtering == NatSettings::APDF);
        EXPECT_EQ(tcp.world.GetCause(),
                  filtering == NatSettings::APDF ? NatCause::NONE : NatCause::FILTERED);
    }
}

// RFC 5382 4.3: classes of filtering, and UDP's may differ.
TEST(NatTcp, Rfc5382_T3_FilteringClasses)
{
    const std::vector<std::tuple<NatSettings::Filtering, bool, bool>> expected{
        {NatSettings::EIF, true, true},
        {NatSettings::ADF, true, false},
        {NatSettings::APDF, false, false},
        {NatSettings::CDF, false, false}};
    for (const auto& [filtering, otherPort, otherAddress] : expected)
    {
        NatSettings settings = GetNatPreset(NAT_RFC);
        settings.tcpFiltering = filtering;
        settings.unsolicitedTcp = NatSettings::SILENCE;
        NatWorld world(settings);
        world.Syn(0, X1, Y1);
        EXPECT_EQ(world.Out(0, MakeTcp(Y1_OTHER_PORT, N1, "S")).size() == 1, otherPort);
        EXPECT_EQ(world.Out(0, MakeTcp(Y2, N1, "S")).size() == 1, otherAddress);
        EXPECT_EQ(world.Out(0, MakeTcp(Y1, N1, "S")).size(), 1U);
        world.Udp(0, X1, Y1);
        EXPECT_TRUE(world.Passes(0, Y2, N1));
    }
}

// RFC 5382 REQ-4: an unsolicited SYN is not answered for six seconds.
TEST(NatTcp, Rfc5382_T4_UnsolicitedSynIsAnsweredAfterSixSeconds)
{
    NatWorld world(WithUnsolicited(NatSettings::HOLD));
    world.Syn(0, X1, Y1);
    EXPECT_TRUE(world.Out(1, MakeTcp(Y2, N1, "S", 900)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::FILTERED);
    EXPECT_TRUE(world.Out(4, MakeTcp(Y2, N1, "S", 900)).empty()); // repeated by its sender
    EXPECT_EQ(world.core.GetNextDue(), Seconds(7));
    EXPECT_TRUE(world.Wait(6.999).empty());
    EXPECT_EQ(world.Wait(7),
              Lines{"out ICMP 203.0.113.1>203.0.113.20 type=3 code=3 mtu=0 "
                    "[TCP 203.0.113.20:1000>203.0.113.1:7000]"});
    EXPECT_TRUE(world.Wait(20).empty());
    EXPECT_EQ(world.core.GetNextDue(), Time::Max());
}

// RFC 5382 REQ-4: if the inside opens the same connection in time, the SYN is dropped silently.
TEST(NatTcp, Rfc5382_T4_HeldSynIsDroppedWhenTheInsideOpens)
{
    NatWorld world(WithUnsolicited(NatSettings::HOLD));
    world.Syn(0, X1, Y1);
    EXPECT_TRUE(world.Out(0, MakeTcp(Y2, N1, "S", 900)).empty());
    EXPECT_EQ(world.Syn(5.9, X1, Y2), N1);
    EXPECT_TRUE(world.Wait(60).empty());
    EXPECT_EQ(world.Out(60, MakeTcp(Y2, N1, "S", 900)).size(), 1U);
}

// A SYN that the inside opens towards another peer does not help; what is not a SYN is not held.
TEST(NatTcp, Rfc5382_T4_OnlyTheSameConnectionCounts)
{
    NatWorld world(WithUnsolicited(NatSettings::HOLD));
    world.Syn(0, X1, Y1);
    world.Out(0, MakeTcp(Y2, N1, "S", 900));
    world.Out(0, MakeTcp(Y2, N1, "A", 900, 7));
    world.Syn(1, X1, "203.0.113.20:1001");
    EXPECT_EQ(world.Wait(6).size(), 1U);
}

// A SYN that is held once more has six seconds of its own.
TEST(NatTcp, Rfc5382_T4_HeldOnceMore)
{
    NatSettings settings = WithUnsolicited(NatSettings::HOLD);
    settings.resetAction = NatSettings::RESET_DELETES;
    NatWorld world(settings);
    world.Out(0, MakeTcp(Y2, N1, "S", 900));
    world.Syn(1, X1, Y2);
    world.Out(2, MakeTcp(Y2, N1, "R", 900));
    EXPECT_TRUE(world.Out(3, MakeTcp(Y2, N1, "S", 900)).empty());
    EXPECT_TRUE(world.Wait(8.999).empty());
    EXPECT_EQ(world.Wait(9).size(), 1U);
}

// RFC 5382 REQ-4a and what NATs do besides: silence, RST (RFC 793: it acknowledges the SYN), ICMP.
TEST(NatTcp, Rfc5382_T4a_OtherAnswers)
{
    const std::string icmp = "out ICMP 203.0.113.1>203.0.113.20 type=3 code=";
    const std::string quoted = " mtu=0 [TCP 203.0.113.20:1000>203.0.113.1:7000]";
    const std::vector<std::pair<NatSettings::Unsolicited, Lines>> expected{
        {NatSettings::SILENCE, {}},
        {NatSettings::RESET,
         {"out TCP 203.0.113.1:7000>203.0.113.20:1000 [RA] seq=0 ack=901 len=0"}},
        {NatSettings::PORT_UNREACHABLE, {icmp + "3" + quoted}},
        {NatSettings::PROHIBITED, {icmp + "13" + quoted}}};
    for (const auto& [policy, lines] : expected)
    {
        NatWorld world(WithUnsolicited(policy));
        EXPECT_EQ(world.Out(0, MakeTcp(Y2, N1, "S", 900)), lines);
        EXPECT_EQ(world.GetCause(), NatCause::NO_MAPPING);
        // RFC 793 3.4: a RST is never answered.
        EXPECT_TRUE(world.Out(0, MakeTcp(Y2, N1, "R", 900)).empty());
    }
}

// RFC 5382 REQ-5: two hours and four minutes; RFC 7857 2: then four minutes in TRANS.
TEST(NatTcp, Rfc5382_T5_EstablishedTimer)
{
    Connection tcp(GetNatPreset(NAT_PORT_RESTRICTED));
    tcp.Establish();
    EXPECT_TRUE(tcp.Out(7439.9, "PA", 501, 101, 1));
    EXPECT_TRUE(tcp.Out(7439.9 + 7440 + 239.9, "PA", 502, 101, 1));
    // Data in TRANS has brought it back to ESTABLISHED.
    EXPECT_TRUE(tcp.Out(22500, "PA", 503, 101, 1));
    EXPECT_FALSE(tcp.Out(22500 + 7440 + 240, "PA", 504, 101, 1));
    EXPECT_EQ(tcp.world.GetCause(), NatCause::EXPIRED);
}

// RFC 5382 REQ-5: four minutes for one that is partially open.
TEST(NatTcp, Rfc5382_T5_OpeningTimer)
{
    Connection tcp(GetNatPreset(NAT_PORT_RESTRICTED));
    EXPECT_TRUE(tcp.In(0, "S", 100, 0));
    EXPECT_TRUE(tcp.Out(239.9, "S", 500, 0));
    Connection late(GetNatPreset(NAT_PORT_RESTRICTED));
    EXPECT_TRUE(late.In(0, "S", 100, 0));
    EXPECT_FALSE(late.Out(240, "S", 500, 0));
    EXPECT_EQ(late.world.GetCause(), NatCause::EXPIRED);
    // A repeated SYN starts it again.
    Connection again(GetNatPreset(NAT_PORT_RESTRICTED));
    EXPECT_TRUE(again.In(0, "S", 100, 0));
    EXPECT_TRUE(again.In(63, "S", 100, 0));
    EXPECT_TRUE(again.Out(302.9, "S", 500, 0));
}

// RFC 7857 2.1: the times of opening and closing are set apart.
TEST(NatTcp, Rfc7857_T5b_OpeningAndClosingTimers)
{
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    settings.timers.tcpOpening = Seconds(30);
    settings.timers.tcpClosing = Seconds(60);
    Connection opening(settings);
    opening.In(0, "S", 100, 0);
    EXPECT_FALSE(opening.Out(30, "SA", 500, 101));
    Connection closing(settings);
    closing.Establish();
    closing.Close();
    EXPECT_TRUE(closing.Out(59.9, "A", 502, 102));
    EXPECT_FALSE(closing.Out(60, "A", 502, 102));
}

// RFC 5382 REQ-6: there is no gateway of FTP that would change what is in a segment.
TEST(NatTcp, Rfc5382_T6_PayloadIsUnchanged)
{
    Connection tcp(GetNatPreset(NAT_RFC));
    tcp.Establish();
    Octets port = MakeTcp(X1, Y1, "PA", 101, 501, 23);
    const std::string text = "PORT 10,0,0,2,27,88\r\n";
    std::copy(text.begin(), text.end(), port.begin() + 40);
    tcp.world.In(1, port);
    ASSERT_EQ(tcp.world.packets.size(), 1U);
    EXPECT_TRUE(
        std::equal(port.begin() + 40, port.end(), tcp.world.packets[0].packet.begin() + 40));
}

// RFC 5382 REQ-7.
TEST(NatTcp, Rfc5382_T7_NoPortOverloading)
{
    NatWorld world(GetNatPreset(NAT_RFC));
    EXPECT_EQ(world.Syn(0, X1, Y1), N1);
    const std::string second = world.Syn(0, X2, Y1);
    EXPECT_NE(second, N1);
    EXPECT_EQ(world.Out(0, MakeTcp(Y1, second, "SA", 500, 101)),
              Lines{"in TCP 203.0.113.10:1000>10.0.0.3:7000 [SA] seq=500 ack=101 len=0"});
}

// RFC 5382 REQ-8: a connection, and a simultaneous open, of two hosts of the inside.
TEST(NatTcp, Rfc5382_T8_Hairpinning)
{
    for (const bool isSimultaneous : {false, true})
    {
        NatSettings settings = GetNatPreset(isSimultaneous ? NAT_PORT_RESTRICTED : NAT_RFC);
        settings.unsolicitedTcp = NatSettings::SILENCE;
        NatWorld world(settings);
        const std::string other = "10.0.0.3:8000";
        const std::string otherOutside = world.Syn(0, other, Y1);
        const std::string own = world.Syn(0, X1, Y1);
        const Lines first = world.In(1, MakeTcp(X1, otherOutside, "S", 100));
        EXPECT_EQ(first.empty(), isSimultaneous);
        if (isSimultaneous)
        {
            EXPECT_EQ(world.In(1.1, MakeTcp(other, own, "S", 500)),
                      Lines{"in TCP 203.0.113.1:8000>10.0.0.2:7000 [S] seq=500 ack=0 len=0"});
            EXPECT_EQ(world.In(2, MakeTcp(X1, otherOutside, "SA", 100, 501)).size(), 1U);
        }
        EXPECT_EQ(world.In(3, MakeTcp(other, own, "SA", 500, 101)),
                  Lines{"in TCP 203.0.113.1:8000>10.0.0.2:7000 [SA] seq=500 ack=101 len=0"});
        EXPECT_EQ(world.In(3, MakeTcp(X1, otherOutside, "A", 101, 501)),
                  Lines{"in TCP 203.0.113.1:7000>10.0.0.3:8000 [A] seq=101 ack=501 len=0"});
    }
}

// A hairpinned SYN that is filtered is dropped silently: its sender is not outside.
TEST(NatTcp, Rfc5382_T8_RefusedHairpinningIsNotAnswered)
{
    NatWorld world(WithUnsolicited(NatSettings::RESET));
    EXPECT_TRUE(world.In(0, MakeTcp(X1, "203.0.113.1:9000", "S", 100)).empty());
    EXPECT_EQ(world.GetCause(), NatCause::NO_MAPPING);
}

// RFC 5382 REQ-9, REQ-10: errors pass, and do not end a connection.
TEST(NatTcp, Rfc5382_T9_T10_IcmpErrors)
{
    for (const auto preset : {NAT_PORT_RESTRICTED, NAT_LINUX_MASQUERADE})
    {
        Connection tcp(GetNatPreset(preset));
        tcp.In(0, "S", 100, 0);
        const Octets sent = MakeTcp(N1, Y1, "S", 100);
        for (uint8_t code = 0; code < 6; ++code)
        {
            EXPECT_EQ(tcp.world.Out(1, MakeError("203.0.113.20", "203.0.113.1", 3, code, sent)),
                      Lines{"in ICMP 203.0.113.20>10.0.0.2 type=3 code=" + std::to_string(code) +
                            " mtu=0 [TCP 10.0.0.2:7000>203.0.113.10:1000]"});
        }
        EXPECT_TRUE(tcp.Out(2, "SA", 500, 101));
    }
}

// The bug that REQ-10 forbids, and a NAT that knows no errors.
TEST(NatTcp, Rfc5382_T10_WhatErrorsMayDoInstead)
{
    const Octets error = MakeError("203.0.113.20", "203.0.113.1", 3, 1, MakeTcp(N1, Y1, "S", 100));
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    settings.icmpErrors = NatSettings::ERRORS_KILL;
    Connection killed(settings);
    killed.In(0, "S", 100, 0);
    EXPECT_EQ(killed.world.Out(1, error).size(), 1U);
    EXPECT_FALSE(killed.Out(2, "SA", 500, 101));
    settings.icmpErrors = NatSettings::DROP_ERRORS;
    Connection silent(settings);
    silent.In(0, "S", 100, 0);
    EXPECT_TRUE(silent.world.Out(1, error).empty());
    EXPECT_EQ(silent.world.GetCause(), NatCause::ERROR);
    EXPECT_TRUE(silent.Out(2, "SA", 500, 101));
}

// RFC 7857 2.2: a RST is translated, and the state kept for four minutes.
TEST(NatTcp, Rfc7857_T11_ResetKeepsStateFourMinutes)
{
    Connection tcp(GetNatPreset(NAT_PORT_RESTRICTED));
    tcp.Establish();
    EXPECT_TRUE(tcp.Out(1, "R", 501, 0));
    EXPECT_TRUE(tcp.Out(240.9, "A", 501, 101));
    Connection over(GetNatPreset(NAT_PORT_RESTRICTED));
    over.Establish();
    EXPECT_TRUE(over.Out(1, "R", 501, 0));
    EXPECT_FALSE(over.Out(241, "A", 501, 101));
    // In answer to a SYN as well: the peer's NAT may have sent it.
    Connection opening(GetNatPreset(NAT_PORT_RESTRICTED));
    opening.In(0, "S", 100, 0);
    EXPECT_TRUE(opening.Out(1, "RA", 0, 101));
    EXPECT_TRUE(opening.Out(239.9, "S", 500, 0));
}

// RFC 7857 2.2: it should be verified that a RST belongs to the connection.
TEST(NatTcp, Rfc7857_T11_ResetFromOffThePath)
{
    Connection tcp(WithTracking(NatSettings::WINDOW));
    tcp.Establish();
    EXPECT_FALSE(tcp.Out(1, "R", 501 + 140000, 0));
    EXPECT_EQ(tcp.world.GetCause(), NatCause::WINDOW);
    EXPECT_TRUE(tcp.Out(7000, "PA", 501, 101, 1));
}

// What else NATs do on a RST.
TEST(NatTcp, Rfc7857_T11_ResetActions)
{
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    settings.resetAction = NatSettings::RESET_DELETES;
    Connection deleted(settings);
    deleted.Establish();
    EXPECT_TRUE(deleted.Out(1, "R", 501, 0));
    EXPECT_FALSE(deleted.Out(1, "A", 501, 101));
    settings.resetAction = NatSettings::RESET_IGNORED;
    Connection ignored(settings);
    ignored.Establish();
    EXPECT_TRUE(ignored.Out(1, "R", 501, 0));
    EXPECT_TRUE(ignored.Out(7000, "A", 501, 101));
}

// A segment without state: dropped, answered, picked up, or let out as it is.
TEST(NatTcp, Rfc5382_T12_SegmentsWithoutState)
{
    const Octets data = MakeTcp(X1, Y1, "PA", 5000, 6000, 10);
    NatSettings settings = GetNatPreset(NAT_RFC);
    NatWorld silent(settings);
    EXPECT_TRUE(silent.In(0, data).empty());
    EXPECT_EQ(silent.GetCause(), NatCause::INVALID);
    settings.resetsStray = true;
    NatWorld resetting(settings);
    EXPECT_EQ(resetting.In(0, data),
              Lines{"in TCP 203.0.113.10:1000>10.0.0.2:7000 [R] seq=6000 ack=0 len=0"});
    settings.picksUp = true;
    NatWorld loose(settings);
    EXPECT_EQ(loose.In(0, data),
              Lines{"out TCP 203.0.113.1:7000>203.0.113.10:1000 [PA] seq=5000 ack=6000 len=10"});
    EXPECT_EQ(loose.Out(1, MakeTcp(Y1, N1, "A", 6000, 5010)).size(), 1U);
    settings = GetNatPreset(NAT_RFC);
    settings.leaksInvalid = true;
    NatWorld leaking(settings);
    EXPECT_EQ(leaking.In(0, data),
              Lines{"out TCP 10.0.0.2:7000>203.0.113.10:1000 [PA] seq=5000 ack=6000 len=10"});
}

// RFC 5382 REQ-5: both ends may be told that a connection has expired.
TEST(NatTcp, Rfc5382_T13_ResetOnExpiry)
{
    NatSettings settings = GetNatPreset(NAT_PORT_RESTRICTED);
    settings.resetsExpired = true;
    settings.timers.tcpEstablished = Seconds(255);
    settings.timers.tcpClosing = Seconds(0);
    Connection tcp(settings);
    tcp.Establish();
    EXPECT_TRUE(tcp.In(10, "PA", 101, 501, 9));
    EXPECT_TRUE(tcp.Out(10, "A", 501, 110));
    EXPECT_LE(tcp.world.core.GetNextDue(), Seconds(265));
    EXPECT_TRUE(tcp.world.Wait(264.9).empty());
    EXPECT_EQ(tcp.world.core.GetNextDue(), Seconds(265));
    const Lines expected{"in TCP 203.0.113.10:1000>10.0.0.2:7000 [RA] seq=501 ack=110 len=0",
                         "out TCP 203.0.113.1:7000>203.0.113.10:1000 [RA] seq=110 ack=501 len=0"};
    EXPECT_EQ(tcp.world.Wait(265), expected);
}
