// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Our LAPDm on one side of an SDCCH, libosmogsm's on the other: two implementations of TS 44.006
 * that know nothing of each other have to carry the same messages.
 */
#include "oracle/lapdm-peer.h"

#include "ns3/lapdm-entity.h"
#include "ns3/tdma-clock.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::oracle::LapdmPeer;

namespace
{

using Octets = std::vector<uint8_t>;

constexpr int T200_MILLISECONDS = 1000; // longer than the wait for a block and its answer
constexpr uint32_t T200_FRAMES = 217;
constexpr int64_t MULTIFRAME_MICROSECONDS = 235385;

/// An SDCCH/8 with our LAPDm on one side and theirs on the other.
class MixedChannel
{
  public:
    /**
     * @param side ours.
     * @param lost the number of the frame that is lost, or -1: none.
     */
    explicit MixedChannel(LapdmSide side, int lost = -1)
        : m_side(side),
          m_lost(lost),
          ours(side, m_parameters),
          theirs(side == LapdmSide::BTS, T200_MILLISECONDS)
    {
    }

    /// Passes the blocks of some 51-multiframes.
    void Pass(int multiframes)
    {
        for (int i = 0; i < multiframes; ++i, m_frame += TDMA_MULTIFRAME)
        {
            theirs.Advance(MULTIFRAME_MICROSECONDS);
            for (const LapdmSide sender : {LapdmSide::BTS, LapdmSide::MS})
            {
                const int64_t block = m_frame + (sender == LapdmSide::MS ? 15 : 0);
                sender == m_side ? PassOurs(block) : PassTheirs(block);
            }
        }
    }

    /// The phone's side establishes SAPI 0 with the message of its SABM, then SAPI 3.
    void EstablishFromPhone()
    {
        const Octets request{0x05, 0x24, 0x01, 0x03, 0x30, 0x18, 0x81};
        if (m_side == LapdmSide::MS)
        {
            ours.Establish(SAPI_SIGNALLING, request, m_frame);
            Pass(10);
            ours.Establish(SAPI_SMS, {}, m_frame);
        }
        else
        {
            theirs.Establish(SAPI_SIGNALLING, request);
            Pass(10);
            theirs.Establish(SAPI_SMS);
        }
        Pass(10);
    }

    /// Sends messages of random sizes both ways on both links and expects that all of them come.
    void Exchange(int messages)
    {
        EstablishFromPhone();
        std::mt19937 random{44006};
        std::vector<Octets> sent[2][2]; // by sender, ours first, then by link
        for (int n = 0; n < messages * 4; ++n)
        {
            Octets message(1 + random() % 120);
            for (auto& octet : message)
            {
                octet = static_cast<uint8_t>(random());
            }
            const uint8_t sapi = n % 2 == 0 ? SAPI_SIGNALLING : SAPI_SMS;
            const bool fromUs = n % 4 < 2;
            fromUs ? ours.Send(sapi, message, m_frame) : theirs.Send(sapi, message);
            sent[fromUs ? 0 : 1][n % 2].push_back(message);
        }
        Pass(60 * messages);
        EXPECT_EQ(m_failures, 0);
        EXPECT_EQ(GetTheirs(SAPI_SIGNALLING), sent[0][0]);
        EXPECT_EQ(GetTheirs(SAPI_SMS), sent[0][1]);
        EXPECT_EQ(m_delivered[0], sent[1][0]);
        EXPECT_EQ(m_delivered[1], sent[1][1]);
    }

    /// @return whether their layer 3 has been given a primitive.
    bool HasTheirs(const std::string& name, uint8_t sapi) const
    {
        return std::any_of(theirs.indications.begin(),
                           theirs.indications.end(),
                           [&](const auto& one) { return one.name == name && one.sapi == sapi; });
    }

    /// @return when the next block starts.
    int64_t GetFrame() const
    {
        return m_frame;
    }

  private:
    void PassOurs(int64_t block)
    {
        L2Block octets;
        LapdmIndication indication;
        const auto built = ours.BuildFrame(block, octets, indication);
        Note(indication);
        if (built == LapdmEntity::Build::FRAME && m_frames++ != m_lost)
        {
            theirs.Receive(Octets(octets.begin(), octets.end()));
        }
    }

    void PassTheirs(int64_t block)
    {
        const auto octets = theirs.Poll();
        if (octets && m_frames++ != m_lost)
        {
            L2Block received{};
            ASSERT_EQ(octets->size(), received.size());
            std::copy(octets->begin(), octets->end(), received.begin());
            Note(ours.Receive(block + TDMA_BLOCK_FRAMES, received));
        }
    }

    void Note(const LapdmIndication& indication)
    {
        if (indication.primitive == LapdmPrimitive::DATA_INDICATION)
        {
            m_delivered[indication.sapi == SAPI_SMS ? 1 : 0].emplace_back(indication.message,
                                                                          indication.message +
                                                                              indication.size);
        }
        m_failures += indication.primitive == LapdmPrimitive::ERROR_INDICATION ? 1 : 0;
    }

    /// @return the messages that their layer 3 has been given on a link.
    std::vector<Octets> GetTheirs(uint8_t sapi) const
    {
        std::vector<Octets> messages;
        for (const auto& one : theirs.indications)
        {
            if (one.name == "data-indication" && one.sapi == sapi)
            {
                messages.push_back(one.message);
            }
        }
        return messages;
    }

    LapdmSide m_side;
    int m_lost;
    LapdmParameters m_parameters{T200_FRAMES, T200_FRAMES};
    int m_frames = 0;
    int64_t m_frame = 0;
    int m_failures = 0;
    std::vector<Octets> m_delivered[2]; ///< to our layer 3, by link

  public:
    LapdmEntity ours;
    LapdmPeer theirs;
};

class LapdmOracleTest : public testing::TestWithParam<LapdmSide>
{
  protected:
    void SetUp() override
    {
        if (!p2pim::oracle::LineProcess::Exists(LapdmPeer::PROGRAM))
        {
            GTEST_SKIP() << "build/lapdm-peer is not there: libosmogsm is not installed";
        }
    }
};

TEST_P(LapdmOracleTest, MessagesPassBothWays)
{
    MixedChannel(GetParam()).Exchange(12);
}

// One loss only: libosmogsm does not answer a poll once a REJ that it has sent is lost.
TEST_P(LapdmOracleTest, MessagesPassWhicheverFrameIsLost)
{
    for (int lost = 0; lost < 60; ++lost)
    {
        SCOPED_TRACE(lost);
        MixedChannel(GetParam(), lost).Exchange(2);
    }
}

TEST_P(LapdmOracleTest, EachReleasesTheLinkOfTheOther)
{
    MixedChannel channel(GetParam());
    channel.EstablishFromPhone();
    channel.ours.Release(SAPI_SMS, channel.GetFrame());
    channel.Pass(4);
    EXPECT_TRUE(channel.HasTheirs("release-indication", SAPI_SMS));
    channel.theirs.Release(SAPI_SIGNALLING);
    channel.Pass(4);
    EXPECT_TRUE(channel.HasTheirs("release-confirm", SAPI_SIGNALLING));
}

INSTANTIATE_TEST_SUITE_P(OurSide,
                         LapdmOracleTest,
                         testing::Values(LapdmSide::MS, LapdmSide::BTS),
                         [](const auto& info) {
                             return info.param == LapdmSide::MS ? "Phone" : "Network";
                         });

} // namespace
