// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/lapdm-entity.h"

#include <functional>
#include <gtest/gtest.h>
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
