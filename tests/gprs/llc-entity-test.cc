// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/llc-entity.h"

#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Two entities, and channels between them that keep the order, with a delay each way.
class LlcPair
{
  public:
    /// One side and what it was told.
    struct End
    {
        LlcEntity entity;
        LlcSide side;
        std::vector<LlcPrimitive> primitives; ///< those without an SDU
        std::vector<Octets> sdus;             ///< received
        std::vector<LlcFrame> sent;           ///< headers of the frames sent, lost or not
        std::multimap<Time, Octets> channel;  ///< frames on their way to the other side
    };

    explicit LlcPair(const LlcParameters& itsParameters = GetLlcDefaults(LlcSap::LL3),
                     LlcSap sap = LlcSap::LL3)
        : parameters(itsParameters),
          ms{LlcEntity(LlcSide::MS, sap, parameters), LlcSide::MS, {}, {}, {}, {}},
          sgsn{LlcEntity(LlcSide::SGSN, sap, parameters), LlcSide::SGSN, {}, {}, {}, {}}
    {
    }

    /// Establishes a link.
    void Establish()
    {
        ms.entity.Establish(now);
        Run(Seconds(1));
        ASSERT_EQ(ms.entity.GetState(), LlcEntity::State::ABM);
        ASSERT_EQ(sgsn.entity.GetState(), LlcEntity::State::ABM);
    }

    /// Goes on for @p time.
    void Run(Time time)
    {
        const Time end = now + time;
        Collect(ms);
        Collect(sgsn);
        while (true)
        {
            const Time next = std::min(
                {GetFirst(ms), GetFirst(sgsn), ms.entity.GetDeadline(), sgsn.entity.GetDeadline()});
            if (next > end)
            {
                break;
            }
            now = next;
            Step(ms, sgsn);
            Step(sgsn, ms);
            ASSERT_LT(++m_steps, 1000000U);
        }
        now = end;
    }

    /// @return how often a side was told @p primitive.
    static std::size_t Count(const End& end, LlcPrimitive primitive)
    {
        return static_cast<std::size_t>(
            std::count(end.primitives.begin(), end.primitives.end(), primitive));
    }

    const LlcParameters parameters;
    End ms;
    End sgsn;
    Time now;
    Time delay = MilliSeconds(100);
    /// Says of each frame whether it is lost.
    std::function<bool(LlcSide, const LlcFrame&)> lose = [](LlcSide, const LlcFrame&) {
        return false;
    };

  private:
    static Time GetFirst(const End& end)
    {
        return end.channel.empty() ? Time::Max() : end.channel.begin()->first;
    }

    void Collect(End& end)
    {
        for (Octets& octets : end.entity.TakeFrames(now))
        {
            LlcFrame frame;
            ASSERT_EQ(DecodeLlcFrame(octets.data(), octets.size(), end.side, frame),
                      LlcFrameError::NONE);
            end.sent.push_back(frame);
            if (!lose(end.side, frame))
            {
                end.channel.emplace(now + delay, std::move(octets));
            }
        }
    }

    static void Note(End& end, const std::vector<LlcIndication>& indications)
    {
        for (const LlcIndication& one : indications)
        {
            if (one.primitive == LlcPrimitive::UNITDATA_INDICATION ||
                one.primitive == LlcPrimitive::DATA_INDICATION)
            {
                end.sdus.emplace_back(one.sdu, one.sdu + one.size);
            }
            else
            {
                end.primitives.push_back(one.primitive);
            }
        }
    }

    void Step(End& end, End& peer)
    {
        while (!peer.channel.empty() && peer.channel.begin()->first <= now)
        {
            const Octets octets = std::move(peer.channel.begin()->second);
            peer.channel.erase(peer.channel.begin());
            LlcFrame frame;
            ASSERT_EQ(DecodeLlcFrame(octets.data(), octets.size(), peer.side, frame),
                      LlcFrameError::NONE);
            Note(end, end.entity.Receive(now, frame));
            Collect(end);
        }
        Note(end, end.entity.Expire(now));
        Collect(end);
    }

    uint32_t m_steps = 0;
};

/// An SDU that is told from others.
Octets
MakeSdu(uint32_t number, std::size_t size = 50)
{
    Octets sdu(size, static_cast<uint8_t>(number));
    sdu[0] = static_cast<uint8_t>(number >> 8);
    return sdu;
}

std::vector<Octets>
MakeSdus(uint32_t count)
{
    std::vector<Octets> sdus;
    for (uint32_t i = 0; i < count; ++i)
    {
        sdus.push_back(MakeSdu(i));
    }
    return sdus;
}

void
SendAll(LlcPair::End& end, const std::vector<Octets>& sdus)
{
    for (const Octets& sdu : sdus)
    {
        ASSERT_TRUE(end.entity.Send(sdu));
    }
}

/// @return how many frames of a format a side has sent.
std::size_t
CountSent(const LlcPair::End& end, LlcFormat format)
{
    return static_cast<std::size_t>(
        std::count_if(end.sent.begin(), end.sent.end(), [format](const LlcFrame& frame) {
            return frame.format == format;
        }));
}

LlcFrame
MakeUi(uint16_t number)
{
    static const Octets octets{1, 2, 3};
    LlcFrame frame;
    frame.sendNumber = number;
    frame.information = octets.data();
    frame.size = octets.size();
    return frame;
}

} // namespace

// TS 44.064 table 9.
TEST(LlcEntity, HasTheDefaultsOfTable9)
{
    const auto check = [](LlcSap sap, int t200, uint16_t n201U, uint16_t k) {
        const LlcParameters parameters = GetLlcDefaults(sap);
        EXPECT_EQ(parameters.t200, Seconds(t200));
        EXPECT_EQ(parameters.n200, 3);
        EXPECT_EQ(parameters.n201U, n201U);
        EXPECT_EQ(parameters.n201I, 1503);
        EXPECT_EQ(parameters.kU, k);
        EXPECT_EQ(parameters.kD, k);
        EXPECT_EQ(parameters.mU, 95 * k);
        EXPECT_EQ(parameters.mD, 95 * k);
    };
    check(LlcSap::LLGMM, 5, 400, 0);
    check(LlcSap::TOM2, 5, 270, 0);
    check(LlcSap::LL3, 5, 500, 16);
    check(LlcSap::LL5, 10, 500, 8);
    check(LlcSap::LLSMS, 20, 270, 0);
    check(LlcSap::TOM8, 20, 270, 0);
    check(LlcSap::LL9, 20, 500, 4);
    check(LlcSap::LL11, 40, 500, 2);
}

// TS 44.064 8.4.1: V(U) counts modulo 512; 8.4.2: all arrive.
TEST(LlcEntity, NumbersUiFrames)
{
    LlcPair pair;
    const auto sdus = MakeSdus(1100);
    for (const Octets& sdu : sdus)
    {
        ASSERT_TRUE(pair.ms.entity.SendUnitdata(sdu.data(), sdu.size()));
        pair.Run(Seconds(1));
    }
    for (std::size_t i = 0; i < sdus.size(); ++i)
    {
        EXPECT_EQ(pair.ms.sent[i].sendNumber, i % 512);
    }
    EXPECT_EQ(pair.sgsn.sdus, sdus);
    EXPECT_EQ(pair.sgsn.entity.GetCounters().uiDelivered, sdus.size());
}

// TS 44.064 8.4.2: what is up to 32 behind V(UR) is dropped, what is ahead is taken.
TEST(LlcEntity, DropsRepeatedAndOldUiFrames)
{
    const LlcParameters parameters = GetLlcDefaults(LlcSap::LL3);
    LlcEntity entity(LlcSide::SGSN, LlcSap::LL3, parameters);
    const auto isTaken = [&entity](uint16_t number) {
        return !entity.Receive(Seconds(0), MakeUi(number)).empty();
    };
    EXPECT_TRUE(isTaken(0));
    EXPECT_FALSE(isTaken(0));
    EXPECT_TRUE(isTaken(40)); // 1 to 39 are lost
    EXPECT_FALSE(isTaken(40));
    EXPECT_FALSE(isTaken(9)); // V(UR) - 32
    EXPECT_TRUE(isTaken(41));
    EXPECT_TRUE(isTaken(511));
    EXPECT_TRUE(isTaken(0));
    EXPECT_FALSE(isTaken(511));
    EXPECT_EQ(entity.GetCounters().uiDuplicates, 4U);
    EXPECT_EQ(entity.GetCounters().uiDelivered, 5U);
}

TEST(LlcEntity, RefusesWhatIsLongerThanN201)
{
    LlcPair pair;
    const Octets sdu(1504);
    EXPECT_TRUE(pair.ms.entity.SendUnitdata(sdu.data(), 500));
    EXPECT_FALSE(pair.ms.entity.SendUnitdata(sdu.data(), 501));
    EXPECT_FALSE(pair.ms.entity.Send(MakeSdu(0))); // no link
    pair.Establish();
    EXPECT_TRUE(pair.ms.entity.Send(Octets(1503)));
    EXPECT_FALSE(pair.ms.entity.Send(sdu));
}

// TS 44.064 8.5.1, 8.5.2.
TEST(LlcEntity, EstablishesAndReleases)
{
    LlcPair pair;
    pair.Establish();
    EXPECT_EQ(pair.ms.primitives, std::vector{LlcPrimitive::ESTABLISH_CONFIRM});
    EXPECT_EQ(pair.sgsn.primitives, std::vector{LlcPrimitive::ESTABLISH_INDICATION});
    EXPECT_TRUE(pair.sgsn.sent.at(0).pollFinal);
    pair.sgsn.entity.Release(pair.now);
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.ms.primitives.back(), LlcPrimitive::RELEASE_INDICATION);
    EXPECT_EQ(pair.sgsn.primitives.back(), LlcPrimitive::RELEASE_CONFIRM);
    EXPECT_EQ(pair.ms.entity.GetState(), LlcEntity::State::ADM);
    EXPECT_EQ(pair.ms.entity.GetDeadline(), Time::Max());
    EXPECT_EQ(pair.sgsn.entity.GetDeadline(), Time::Max());
}

// TS 44.064 8.5.4: both SABMs are answered, and there is one link.
TEST(LlcEntity, ResolvesTwoSabmsAtOnce)
{
    LlcPair pair;
    pair.sgsn.entity.Establish(pair.now);
    pair.Establish();
    EXPECT_EQ(pair.ms.primitives, std::vector{LlcPrimitive::ESTABLISH_CONFIRM});
    EXPECT_EQ(pair.sgsn.primitives, std::vector{LlcPrimitive::ESTABLISH_CONFIRM});
}

// TS 44.064 8.5.1.3, 8.9.3: the SABM is sent 1 + N200 = 4 times, T200 = 5 s apart, then given up.
TEST(LlcEntity, GivesUpASabmAfterN200)
{
    LlcPair pair;
    pair.lose = [](LlcSide, const LlcFrame&) { return true; };
    pair.ms.entity.Establish(pair.now);
    pair.Run(Seconds(19.9));
    EXPECT_EQ(pair.ms.sent.size(), 4U);
    EXPECT_TRUE(pair.ms.primitives.empty());
    pair.Run(Seconds(0.2));
    EXPECT_EQ(pair.ms.primitives,
              (std::vector{LlcPrimitive::STATUS_INDICATION, LlcPrimitive::RELEASE_INDICATION}));
    EXPECT_EQ(pair.ms.entity.GetState(), LlcEntity::State::ADM);
}

// TS 44.064 table 9: no windows, so no acknowledged mode; a SABM gets a DM.
TEST(LlcEntity, HasNoAcknowledgedModeForGmm)
{
    LlcPair pair(GetLlcDefaults(LlcSap::LLGMM), LlcSap::LLGMM);
    EXPECT_FALSE(pair.ms.entity.Establish(pair.now));
    LlcFrame sabm;
    sabm.format = LlcFormat::U;
    sabm.unnumbered = LlcUnnumbered::SABM;
    EXPECT_TRUE(pair.ms.entity.Receive(pair.now, sabm).empty());
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.ms.sent.at(0).unnumbered, LlcUnnumbered::DM);
}

// TS 44.064 8.6: SDUs that come together have one acknowledgement, and all are confirmed.
TEST(LlcEntity, AcknowledgesWhatComesTogetherOnce)
{
    LlcPair pair;
    pair.Establish();
    SendAll(pair.ms, MakeSdus(10));
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(10));
    EXPECT_EQ(LlcPair::Count(pair.ms, LlcPrimitive::DATA_CONFIRM), 10U);
    EXPECT_EQ(CountSent(pair.sgsn, LlcFormat::S), 1U);
    EXPECT_EQ(pair.ms.entity.GetDeadline(), Time::Max());
}

// TS 44.064 8.9.8: at most k I frames are not acknowledged.
TEST(LlcEntity, KeepsToItsWindow)
{
    LlcParameters parameters = GetLlcDefaults(LlcSap::LL3);
    parameters.kU = 4;
    LlcPair pair(parameters);
    pair.Establish();
    SendAll(pair.ms, MakeSdus(10));
    pair.Run(MilliSeconds(150));
    EXPECT_EQ(CountSent(pair.ms, LlcFormat::I), 4U);
    pair.Run(MilliSeconds(100));
    EXPECT_EQ(CountSent(pair.ms, LlcFormat::I), 8U);
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(10));
}

// TS 44.064 8.9.7: M = 16 m octets: of 50 octets each, 16 * 10 holds three.
TEST(LlcEntity, KeepsToItsWindowOfOctets)
{
    LlcParameters parameters = GetLlcDefaults(LlcSap::LL3);
    parameters.mU = 10;
    LlcPair pair(parameters);
    pair.Establish();
    SendAll(pair.ms, MakeSdus(10));
    pair.Run(MilliSeconds(150));
    EXPECT_EQ(CountSent(pair.ms, LlcFormat::I), 3U);
    pair.Run(Seconds(3));
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(10));
}

// TS 44.064 6.4.3: ACK for one frame behind a gap, SACK for more; only what is missing is repeated,
// a round trip later and not T201 later.
TEST(LlcEntity, RepeatsOnlyWhatIsMissing)
{
    for (const std::size_t behind : {1, 5})
    {
        LlcPair pair;
        pair.Establish();
        bool lost = false;
        pair.lose = [&lost](LlcSide side, const LlcFrame& frame) {
            const bool first = side == LlcSide::MS && frame.sendNumber == 2 && !lost;
            lost = lost || first;
            return first;
        };
        SendAll(pair.ms, MakeSdus(static_cast<uint32_t>(3 + behind)));
        pair.Run(MilliSeconds(450)); // there, back, there
        EXPECT_EQ(pair.sgsn.sdus, MakeSdus(static_cast<uint32_t>(3 + behind)));
        EXPECT_EQ(pair.ms.entity.GetCounters().iRetransmitted, 1U);
        const LlcFrame& gap = pair.sgsn.sent.at(1); // told of at once
        EXPECT_EQ(gap.supervisory, LlcSupervisory::ACK);
        EXPECT_EQ(gap.receiveNumber, 2);
        if (behind > 1)
        {
            const LlcFrame& report = pair.sgsn.sent.at(2); // asked for by the last frame
            EXPECT_EQ(report.supervisory, LlcSupervisory::SACK);
            EXPECT_EQ(report.receiveNumber, 2);
            EXPECT_EQ(report.bitmap.size, 1);
            EXPECT_EQ(report.bitmap.octets[0], 0xF8);
        }
    }
}

// TS 44.064 8.6.4.2: nothing tells of the loss of the last frame but T201 = 5 s.
TEST(LlcEntity, RepeatsTheLastFrameAtT201)
{
    LlcPair pair;
    pair.Establish();
    const Time begin = pair.now;
    pair.lose = [](LlcSide side, const LlcFrame&) { return side == LlcSide::MS; };
    SendAll(pair.ms, MakeSdus(1));
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.ms.entity.GetDeadline(), begin + Seconds(5));
    pair.lose = [](LlcSide, const LlcFrame&) { return false; };
    pair.Run(Seconds(5));
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(1));
    EXPECT_EQ(pair.ms.entity.GetCounters().iRetransmitted, 1U);
}

// TS 44.064 8.9.3: after N200 repetitions, (1 + 3) * 5 s, the link is established anew, and what
// was not confirmed is discarded; the SABM too is given up in the end.
TEST(LlcEntity, ReestablishesAfterN200)
{
    LlcPair pair;
    pair.Establish();
    pair.lose = [](LlcSide, const LlcFrame&) { return true; };
    SendAll(pair.ms, MakeSdus(3));
    pair.Run(Seconds(19.9));
    EXPECT_EQ(pair.ms.entity.GetState(), LlcEntity::State::ABM);
    pair.Run(Seconds(0.2));
    EXPECT_EQ(pair.ms.entity.GetState(), LlcEntity::State::LOCAL_ESTABLISHMENT);
    EXPECT_EQ(pair.ms.primitives.back(), LlcPrimitive::STATUS_INDICATION);
    EXPECT_EQ(pair.ms.entity.GetCounters().iDiscarded, 3U);
    pair.lose = [](LlcSide, const LlcFrame&) { return false; };
    pair.Run(Seconds(6));
    EXPECT_EQ(pair.ms.primitives.back(), LlcPrimitive::ESTABLISH_INDICATION);
    EXPECT_EQ(pair.sgsn.primitives.back(), LlcPrimitive::ESTABLISH_INDICATION);
    SendAll(pair.ms, MakeSdus(2));
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(2));
}

// TS 44.064 8.6.5: RNR stops the peer, RR lets it go on; it asks at T201.
TEST(LlcEntity, WaitsForABusyPeer)
{
    LlcPair pair;
    pair.Establish();
    pair.sgsn.entity.SetBusy(true);
    pair.Run(Seconds(1));
    SendAll(pair.ms, MakeSdus(5));
    pair.Run(Seconds(60));
    EXPECT_EQ(CountSent(pair.ms, LlcFormat::I), 0U);
    EXPECT_GT(CountSent(pair.ms, LlcFormat::S), 10U);
    EXPECT_EQ(pair.ms.entity.GetState(), LlcEntity::State::ABM);
    pair.sgsn.entity.SetBusy(false);
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(5));
}

// What a busy side had to drop is sent again as soon as it says that it has room, and not at T201.
TEST(LlcEntity, RepeatsWhatABusyPeerHasDropped)
{
    LlcPair pair;
    pair.Establish();
    pair.sgsn.entity.SetBusy(true);
    SendAll(pair.ms, MakeSdus(5)); // on their way when RNR comes
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.sgsn.entity.GetCounters().iOutOfWindow, 5U);
    pair.sgsn.entity.SetBusy(false);
    pair.Run(MilliSeconds(250)); // there and back
    EXPECT_EQ(pair.sgsn.sdus, MakeSdus(5));
}

// A lost UA: the SABM comes again, and what was sent behind the UA is not lost with it.
TEST(LlcEntity, KeepsWhatWasSentBehindALostUa)
{
    LlcPair pair;
    bool lost = false;
    pair.lose = [&lost](LlcSide, const LlcFrame& frame) {
        const bool loses =
            frame.format == LlcFormat::U && frame.unnumbered == LlcUnnumbered::UA && !lost;
        lost = lost || loses;
        return loses;
    };
    pair.ms.entity.Establish(pair.now);
    pair.Run(MilliSeconds(150));
    SendAll(pair.sgsn, MakeSdus(3));
    pair.Run(Seconds(6));
    EXPECT_EQ(pair.ms.primitives, std::vector{LlcPrimitive::ESTABLISH_CONFIRM});
    EXPECT_EQ(pair.sgsn.primitives.front(), LlcPrimitive::ESTABLISH_INDICATION);
    EXPECT_EQ(LlcPair::Count(pair.sgsn, LlcPrimitive::ESTABLISH_INDICATION), 1U);
    EXPECT_EQ(pair.ms.sdus, MakeSdus(3));
}

// TS 44.064 8.6.3: each I frame is delivered once, whether its copy comes before or behind a gap.
TEST(LlcEntity, DropsRepeatedIFrames)
{
    LlcPair pair;
    pair.Establish();
    const Octets sdu(10);
    std::size_t delivered = 0;
    for (const uint16_t number : {0, 0, 2, 3, 2, 3, 1, 1, 3, 16 + 4})
    {
        LlcFrame frame;
        frame.format = LlcFormat::I;
        frame.sendNumber = number;
        frame.information = sdu.data();
        frame.size = sdu.size();
        delivered += pair.ms.entity.Receive(pair.now, frame).size();
    }
    EXPECT_EQ(delivered, 4U);
    EXPECT_EQ(pair.ms.entity.GetCounters().iDuplicates, 5U);
    EXPECT_EQ(pair.ms.entity.GetCounters().iOutOfWindow, 1U); // V(R) + k
}

// A link that one side has lost: the I frame gets a DM, and layer 3 is told (TS 44.064 8.5.2).
TEST(LlcEntity, IsReleasedByAPeerWithoutALink)
{
    LlcPair pair;
    pair.Establish();
    pair.sgsn.entity.Reset();
    SendAll(pair.ms, MakeSdus(2));
    pair.Run(Seconds(1));
    EXPECT_EQ(pair.ms.primitives.back(), LlcPrimitive::RELEASE_INDICATION);
    EXPECT_EQ(pair.ms.entity.GetCounters().iDiscarded, 2U);
}

/// Frames are lost, and repeated, with this probability each.
class LlcEntityLoss : public testing::TestWithParam<int>
{
};

// Whatever is lost: SDUs arrive in order, none twice, and each is delivered, discarded or waits.
TEST_P(LlcEntityLoss, KeepsOrderAndLosesNothingSilently)
{
    std::mt19937 random(static_cast<uint32_t>(GetParam()));
    LlcPair pair;
    pair.Establish();
    const auto percent = static_cast<uint32_t>(GetParam() % 40);
    pair.lose = [&random, percent](LlcSide, const LlcFrame&) { return random() % 100 < percent; };
    uint32_t taken = 0;
    std::vector<Octets> sent;
    for (uint32_t i = 0; i < 1200; ++i)
    {
        const Octets sdu = MakeSdu(i, 2 + random() % 100);
        if (pair.ms.entity.Send(sdu))
        {
            sent.push_back(sdu);
            ++taken;
        }
        else if (pair.ms.entity.GetState() == LlcEntity::State::ADM)
        {
            pair.ms.entity.Establish(pair.now);
        }
        if (random() % 3 == 0)
        {
            pair.sgsn.entity.Send(MakeSdu(i));
        }
        pair.Run(MilliSeconds(random() % 200));
    }
    pair.lose = [](LlcSide, const LlcFrame&) { return false; };
    pair.Run(Seconds(200));

    auto expected = sent.begin();
    for (const Octets& sdu : pair.sgsn.sdus)
    {
        expected = std::find(expected, sent.end(), sdu);
        ASSERT_NE(expected, sent.end()); // else not sent, twice, or out of order
        ++expected;
    }
    const auto confirmed = LlcPair::Count(pair.ms, LlcPrimitive::DATA_CONFIRM);
    const LlcCounters& counters = pair.ms.entity.GetCounters();
    EXPECT_EQ(taken, confirmed + counters.iDiscarded + pair.ms.entity.GetUnconfirmed());
    EXPECT_LE(confirmed, pair.sgsn.sdus.size());
    EXPECT_LE(pair.sgsn.sdus.size(), taken);
    EXPECT_EQ(pair.sgsn.entity.GetCounters().iDelivered, pair.sgsn.sdus.size());
    if (percent == 0)
    {
        EXPECT_EQ(counters.iRetransmitted, 0U);
        EXPECT_EQ(pair.sgsn.sdus.size(), taken);
    }
}

INSTANTIATE_TEST_SUITE_P(Shares, LlcEntityLoss, testing::Values(0, 1, 5, 10, 20, 35, 45, 50, 79));
