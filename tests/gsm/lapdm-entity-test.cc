// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/lapdm-entity.h"

#include <algorithm>
#include <array>
#include <functional>
#include <gtest/gtest.h>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

using namespace ns3::p2pim;

namespace
{

using Octets = std::vector<uint8_t>;

/// Two entities and a channel with a downlink block every 51 frames, the uplink 15 frames later.
class LapdmPair
{
  public:
    /// An indication with a copy of its message.
    struct Seen
    {
        LapdmSide side;
        LapdmPrimitive primitive;
        uint8_t sapi;
        Octets message;
    };

    /// Runs @p blocks multiframes; `lose` says of each frame whether it is lost.
    void Run(int blocks)
    {
        for (int i = 0; i < blocks; ++i, frame += 51)
        {
            Pass(LapdmSide::BTS, bts, ms, frame);
            Pass(LapdmSide::MS, ms, bts, frame + 15);
        }
    }

    /// @return how often @p primitive was seen on @p side.
    int Count(LapdmSide side, LapdmPrimitive primitive) const
    {
        int count = 0;
        for (const Seen& one : seen)
        {
            count += one.side == side && one.primitive == primitive ? 1 : 0;
        }
        return count;
    }

    LapdmParameters parameters;
    LapdmEntity bts{LapdmSide::BTS, parameters};
    LapdmEntity ms{LapdmSide::MS, parameters};
    std::function<bool(LapdmSide, const L2Block&)> lose = [](LapdmSide, const L2Block&) {
        return false;
    };
    std::vector<Seen> seen;
    std::vector<L2Block> uplink;
    int64_t frame = 0;

  private:
    void Note(LapdmSide side, const LapdmIndication& indication)
    {
        if (indication.primitive != LapdmPrimitive::NONE)
        {
            seen.push_back({side,
                            indication.primitive,
                            indication.sapi,
                            Octets(indication.message, indication.message + indication.size)});
        }
    }

    void Pass(LapdmSide side, LapdmEntity& from, LapdmEntity& to, int64_t at)
    {
        L2Block block;
        LapdmIndication indication;
        const auto built = from.BuildFrame(at, block, indication);
        if (built == LapdmEntity::Build::FAILED)
        {
            Note(side, indication);
        }
        if (built != LapdmEntity::Build::FRAME)
        {
            return;
        }
        if (side == LapdmSide::MS)
        {
            uplink.push_back(block);
        }
        if (!lose(side, block))
        {
            const LapdmSide other = side == LapdmSide::MS ? LapdmSide::BTS : LapdmSide::MS;
            Note(other, to.Receive(at + 4, block));
        }
    }
};

Octets
MakeMessage(std::size_t size)
{
    Octets message(size);
    for (std::size_t i = 0; i < size; ++i)
    {
        message[i] = static_cast<uint8_t>(i);
    }
    return message;
}

} // namespace

// TS 44.006 3.2, 3.4, 3.6: address 01 (SAPI 0 command of the phone), SABM with P, length, fill.
TEST(LapdmEntity, OpensWithContentionResolution)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {0x05, 0x24, 0x74}, 0);
    pair.Run(3);
    ASSERT_EQ(pair.uplink.size(), 1U);
    EXPECT_EQ(pair.uplink[0][0], 0x01);
    EXPECT_EQ(pair.uplink[0][1], 0x3F);
    EXPECT_EQ(pair.uplink[0][2], 3 << 2 | 1);
    EXPECT_EQ(pair.uplink[0][6], 0x2B);
    ASSERT_EQ(pair.seen.size(), 2U);
    EXPECT_EQ(pair.seen[0].primitive, LapdmPrimitive::ESTABLISH_INDICATION);
    EXPECT_EQ(pair.seen[0].message, Octets({0x05, 0x24, 0x74}));
    EXPECT_EQ(pair.seen[1].primitive, LapdmPrimitive::ESTABLISH_CONFIRM);
}

// TS 44.006 5.4.1.4: a phone that reads another phone's information in the UA leaves the channel.
TEST(LapdmEntity, LeavesWhenTheUaAnswersAnother)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {0x05, 0x24, 0x74}, 0);
    LapdmPair other;
    other.ms.Establish(SAPI_SIGNALLING, {0x05, 0x24, 0x75}, 0);
    L2Block block;
    LapdmIndication indication;
    other.ms.BuildFrame(15, block, indication);
    pair.bts.Receive(19, block);
    pair.Run(2);
    EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::ERROR_INDICATION), 1);
    EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::ESTABLISH_CONFIRM), 0);
}

// TS 44.006 5.8.4, 5.5: 20 octets a frame, window 1, so ceil(L / 20) multiframes for L octets.
TEST(LapdmEntity, SegmentsInto20OctetsWithWindow1)
{
    for (const std::size_t size : {1U, 19U, 20U, 21U, 40U, 251U})
    {
        LapdmPair pair;
        pair.ms.Establish(SAPI_SMS, {}, 0);
        pair.ms.Send(SAPI_SMS, MakeMessage(size), 0);
        pair.Run(30);
        ASSERT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::DATA_INDICATION), 1) << size;
        EXPECT_EQ(pair.seen.back().message, MakeMessage(size));
        EXPECT_EQ(pair.uplink.size(), 1 + (size + 19) / 20);
    }
}

TEST(LapdmEntity, KeepsTheOrderOfMessages)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    for (std::size_t size = 1; size <= 12; ++size)
    {
        pair.ms.Send(SAPI_SIGNALLING, MakeMessage(size), 0);
    }
    pair.Run(20);
    std::size_t expected = 1;
    for (const auto& one : pair.seen)
    {
        if (one.primitive == LapdmPrimitive::DATA_INDICATION)
        {
            EXPECT_EQ(one.message, MakeMessage(expected++));
        }
    }
    EXPECT_EQ(expected, 13U);
}

// TS 44.006 5.5.7: what is lost is sent again after T200, whichever frame it was.
TEST(LapdmEntity, DeliversOnceWhateverSingleFrameIsLost)
{
    for (int lost = 0; lost < 14; ++lost)
    {
        LapdmPair pair;
        int sent = 0;
        pair.lose = [&sent, lost](LapdmSide, const L2Block&) { return sent++ == lost; };
        pair.ms.Establish(SAPI_SIGNALLING, {0x05, 0x24, 0x74}, 0);
        pair.ms.Send(SAPI_SIGNALLING, MakeMessage(50), 0);
        pair.bts.Send(SAPI_SIGNALLING, MakeMessage(30), 0);
        pair.Run(40);
        EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::DATA_INDICATION), 1) << lost;
        EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::DATA_INDICATION), 1) << lost;
        EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::ESTABLISH_INDICATION), 1) << lost;
        EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::ERROR_INDICATION), 0) << lost;
        EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::ERROR_INDICATION), 0) << lost;
    }
}

// TS 44.006 5.8.2.1: a SABM is sent 1 + N200 times, an I frame 1 + 23 times.
TEST(LapdmEntity, GivesUpAfterN200)
{
    LapdmPair pair;
    pair.lose = [](LapdmSide, const L2Block&) { return true; };
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    pair.Run(10);
    EXPECT_EQ(pair.uplink.size(), 6U);
    EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::ERROR_INDICATION), 1);

    LapdmPair data;
    data.ms.Establish(SAPI_SIGNALLING, {}, 0);
    data.Run(2);
    data.uplink.clear();
    data.lose = [](LapdmSide, const L2Block&) { return true; };
    data.ms.Send(SAPI_SIGNALLING, MakeMessage(5), 0);
    data.Run(40);
    EXPECT_EQ(data.uplink.size(), 24U);
    EXPECT_EQ(data.Count(LapdmSide::MS, LapdmPrimitive::ERROR_INDICATION), 1);
}

// TS 44.006 5.4.4: DISC is answered with UA, and with DM when the link is down already.
TEST(LapdmEntity, ReleasesEvenWhenTheUaIsLost)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    pair.Run(2);
    bool lost = false;
    pair.lose = [&lost](LapdmSide side, const L2Block&) {
        const bool now = side == LapdmSide::BTS && !lost;
        lost = lost || now;
        return now;
    };
    pair.ms.Release(SAPI_SIGNALLING, pair.frame);
    pair.Run(4);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::RELEASE_INDICATION), 1);
    EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::RELEASE_CONFIRM), 1);
}

// A message that is not ready yet waits: processing time costs no event.
TEST(LapdmEntity, HoldsAMessageUntilItIsReady)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    pair.Run(2);
    pair.ms.Send(SAPI_SIGNALLING, MakeMessage(3), 51 * 4 + 16);
    pair.Run(3);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::DATA_INDICATION), 0);
    pair.Run(1);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::DATA_INDICATION), 1);
}

namespace
{

/// A supervisory or unnumbered frame of the phone with @p control on SAPI 0.
L2Block
MakeFrame(uint8_t address, uint8_t control)
{
    L2Block block;
    block.fill(0x2B);
    block[0] = address;
    block[1] = control;
    block[2] = 0x01;
    return block;
}

constexpr uint8_t RESPONSE_OF_MS = 0x03; // SAPI 0, C/R 1: a response of the phone
constexpr uint8_t COMMAND_OF_MS = 0x01;

} // namespace

// TS 44.006 5.5.5: after RNR nothing is sent but, each T200, an RR command with P; when the answer
// is RR the message follows.
TEST(LapdmEntity, WaitsForABusyPeer)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    pair.Run(2);
    pair.lose = [](LapdmSide, const L2Block&) { return true; }; // the peer is played by hand
    pair.bts.Receive(pair.frame, MakeFrame(RESPONSE_OF_MS, 0x05));
    pair.bts.Send(SAPI_SIGNALLING, MakeMessage(5), pair.frame);
    L2Block block;
    LapdmIndication indication;
    EXPECT_EQ(pair.bts.BuildFrame(pair.frame, block, indication), LapdmEntity::Build::NOTHING);
    int64_t frame = pair.frame + 51; // T200 is 36 frames
    for (int i = 0; i < 40; ++i, frame += 51)
    {
        ASSERT_EQ(pair.bts.BuildFrame(frame, block, indication), LapdmEntity::Build::FRAME);
        EXPECT_EQ(block[0], 0x03); // a command of the BTS
        EXPECT_EQ(block[1], 0x11); // RR, P, N(R) = 0
        EXPECT_EQ(block[2], 0x01);
        pair.bts.Receive(frame + 15, MakeFrame(RESPONSE_OF_MS, 0x15)); // RNR, F
    }
    pair.bts.BuildFrame(frame, block, indication);
    pair.bts.Receive(frame + 15, MakeFrame(RESPONSE_OF_MS, 0x11)); // RR, F
    ASSERT_EQ(pair.bts.BuildFrame(frame + 51, block, indication), LapdmEntity::Build::FRAME);
    EXPECT_EQ(block[1] & 0x01, 0); // an I frame
    EXPECT_EQ(block[2] >> 2, 5);
}

// A peer that is busy and then silent is given up after N200.
TEST(LapdmEntity, GivesUpABusyPeerThatIsGone)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    pair.Run(2);
    pair.bts.Receive(pair.frame, MakeFrame(RESPONSE_OF_MS, 0x05));
    pair.lose = [](LapdmSide, const L2Block&) { return true; };
    pair.Run(30);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::ERROR_INDICATION), 1);
}

// TS 44.006 5.4.1.2, 5.4.2.2: DM answers a SABM or a poll only with F = 1; any other is ignored.
TEST(LapdmEntity, TakesADmOnlyAsAnAnswer)
{
    LapdmPair pair;
    pair.bts.Establish(SAPI_SIGNALLING, {}, 0);
    EXPECT_EQ(pair.bts.Receive(1, MakeFrame(RESPONSE_OF_MS, 0x0F)).primitive, LapdmPrimitive::NONE);
    pair.Run(2);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::ESTABLISH_CONFIRM), 1);
    for (const uint8_t unsolicited : {0x0F, 0x1F, 0x63, 0x73})
    {
        EXPECT_EQ(pair.bts.Receive(pair.frame, MakeFrame(RESPONSE_OF_MS, unsolicited)).primitive,
                  LapdmPrimitive::NONE);
    }
    pair.bts.Send(SAPI_SIGNALLING, MakeMessage(30), pair.frame);
    pair.Run(4);
    EXPECT_EQ(pair.Count(LapdmSide::MS, LapdmPrimitive::DATA_INDICATION), 1);

    // A phone that has lost the link answers a poll by DM: no use in trying N200 times.
    pair.ms.Reset();
    pair.bts.Send(SAPI_SIGNALLING, MakeMessage(3), pair.frame);
    pair.Run(5);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::ERROR_INDICATION), 1);
    EXPECT_EQ(pair.bts.Receive(pair.frame, MakeFrame(RESPONSE_OF_MS, 0x1F)).primitive,
              LapdmPrimitive::NONE);
}

// TS 44.006 5.4.6: two SABMs that cross are both answered, and both sides get what they asked for.
// The second one may set up the link anew, before anything was received on it.
TEST(LapdmEntity, SurvivesTwoSabmsThatCross)
{
    LapdmPair pair;
    pair.bts.Establish(SAPI_SMS, {}, 0);
    L2Block crossing;
    LapdmIndication indication;
    pair.bts.BuildFrame(0, crossing, indication);
    pair.ms.Establish(SAPI_SMS, {}, 0);
    EXPECT_EQ(pair.ms.Receive(4, crossing).primitive, LapdmPrimitive::NONE);
    pair.ms.Send(SAPI_SMS, MakeMessage(30), 0);
    pair.bts.Send(SAPI_SMS, MakeMessage(40), 0);
    pair.Run(12);
    for (const LapdmSide side : {LapdmSide::BTS, LapdmSide::MS})
    {
        EXPECT_EQ(pair.Count(side, LapdmPrimitive::ESTABLISH_CONFIRM), 1);
        EXPECT_EQ(pair.Count(side, LapdmPrimitive::DATA_INDICATION), 1);
        EXPECT_EQ(pair.Count(side, LapdmPrimitive::ERROR_INDICATION), 0);
    }
}

// TS 44.006 5.4.6: a SABM that meets a DISC is answered by DM.
TEST(LapdmEntity, RefusesASabmWhileItReleases)
{
    LapdmPair pair;
    pair.ms.Establish(SAPI_SIGNALLING, {}, 0);
    pair.Run(2);
    pair.bts.Release(SAPI_SIGNALLING, pair.frame);
    EXPECT_EQ(pair.bts.Receive(pair.frame, MakeFrame(COMMAND_OF_MS, 0x3F)).primitive,
              LapdmPrimitive::NONE);
    L2Block block;
    LapdmIndication indication;
    pair.bts.BuildFrame(pair.frame, block, indication);
    EXPECT_EQ(block[1], 0x1F); // DM, F
    pair.Run(3);
    EXPECT_EQ(pair.Count(LapdmSide::BTS, LapdmPrimitive::RELEASE_CONFIRM), 1);
}

// TS 44.006 2.1, 5.8.3: on a SACCH 18 octets behind the L1 header of two.
TEST(LapdmEntity, SegmentsInto18OctetsOnASacch)
{
    LapdmPair pair;
    pair.parameters = SACCH_PARAMETERS;
    pair.ms.Establish(SAPI_SMS, {}, 0);
    pair.ms.Send(SAPI_SMS, MakeMessage(37), 0);
    pair.Run(8);
    ASSERT_EQ(pair.uplink.size(), 4U);
    EXPECT_EQ(pair.uplink[0][2], 0x0D); // SAPI 3, command of the phone
    EXPECT_EQ(pair.uplink[0][3], 0x3F); // SABM, P
    EXPECT_EQ(pair.uplink[1][4], 18 << 2 | 0x03);
    EXPECT_EQ(pair.uplink[3][4], 1 << 2 | 0x01);
    EXPECT_EQ(pair.uplink[3][5], 36);
    EXPECT_EQ(pair.uplink[3][6], 0x2B);
    EXPECT_EQ(pair.seen.back().message, MakeMessage(37));
}

namespace
{

/// Messages by SAPI and direction: from the phone those of SAPI 0 and 3, then from the network.
using Flows = std::array<std::vector<Octets>, 4>;

/// Establishes both links and has both sides send on them. @return what they send.
Flows
SendBothWays(LapdmPair& pair, std::mt19937& random)
{
    Flows sent;
    pair.ms.Establish(SAPI_SIGNALLING, {0x05, 0x24}, 0);
    pair.ms.Establish(SAPI_SMS, {}, 0);
    for (std::size_t i = 0; i < 32; ++i)
    {
        Octets message(1 + random() % 120);
        std::generate(message.begin(), message.end(), [&]() {
            return static_cast<uint8_t>(random());
        });
        LapdmEntity& from = i % 4 < 2 ? pair.ms : pair.bts;
        from.Send(i % 2 == 0 ? SAPI_SIGNALLING : SAPI_SMS, message, 51 * (random() % 200));
        sent[i % 4].push_back(std::move(message));
    }
    return sent;
}

/// @return how many messages each flow has received before the first error; nothing is missing
/// between them, and none is altered.
std::array<std::size_t, 4>
CheckReceived(const LapdmPair& pair, const Flows& sent, bool& failed)
{
    std::array<std::size_t, 4> received{};
    for (const auto& one : pair.seen)
    {
        failed = failed || one.primitive == LapdmPrimitive::ERROR_INDICATION;
        if (!failed && one.primitive == LapdmPrimitive::DATA_INDICATION)
        {
            const std::size_t flow =
                (one.side == LapdmSide::BTS ? 0 : 2) + (one.sapi == SAPI_SMS ? 1 : 0);
            const std::size_t number = received[flow]++;
            EXPECT_LT(number, sent[flow].size());
            EXPECT_EQ(one.message, sent[flow].at(number));
        }
    }
    return received;
}

} // namespace

// Whatever frames are lost: until a side is told of an error, what it has received is what the
// other has sent, in order, once, unaltered. Both links and both directions at once.
TEST(LapdmEntity, DeliversInOrderOnceUnalteredWhateverIsLost)
{
    std::mt19937 random(7);
    std::size_t delivered = 0;
    std::size_t failures = 0;
    for (int run = 0; run < 400; ++run)
    {
        LapdmPair pair;
        if (run % 2 == 1)
        {
            pair.parameters = SACCH_PARAMETERS;
        }
        std::bernoulli_distribution loses(0.1 * (run % 8));
        pair.lose = [&](LapdmSide, const L2Block&) { return loses(random); };
        const Flows sent = SendBothWays(pair, random);
        pair.Run(4000);
        bool failed = false;
        const auto received = CheckReceived(pair, sent, failed);
        delivered += std::accumulate(received.begin(), received.end(), std::size_t{0});
        failures += failed ? 1 : 0;
        for (std::size_t flow = 0; flow < sent.size() && !failed; ++flow)
        {
            EXPECT_EQ(received[flow], sent[flow].size()) << run;
        }
    }
    EXPECT_GT(delivered, 5000U);
    EXPECT_GT(failures, 20U);
    EXPECT_LT(failures, 300U);
}
