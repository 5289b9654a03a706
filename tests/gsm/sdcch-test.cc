// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sdcch.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A layer 3 that remembers what it was told.
class RecordingUser : public DedicatedChannelUser
{
  public:
    void HandleLink(Sdcch& /* channel */, const LapdmIndication& indication) override
    {
        primitives.push_back(indication.primitive);
        times.push_back(Simulator::Now());
        octets += indication.primitive == LapdmPrimitive::DATA_INDICATION ? indication.size : 0;
    }

    std::vector<LapdmPrimitive> primitives;
    std::vector<Time> times;
    std::size_t octets = 0;
};

/// A channel with a phone and a network on it.
class SdcchTest : public testing::Test
{
  protected:
    SdcchTest()
    {
        m_environment.erasure = CreateObject<UniformRandomVariable>();
        m_environment.erasure->SetStream(1);
        const auto note = Callback<void, bool, int64_t, const L2Block&>(
            [this](bool uplink, int64_t frame, const L2Block& block) {
                (uplink ? m_up : m_down).push_back(frame);
                m_lastBlock = block;
            });
        m_frames.ConnectWithoutContext(note);
        m_sacchFrames.ConnectWithoutContext(note);
    }

    ~SdcchTest() override
    {
        Simulator::Destroy();
    }

    void Open(Sdcch& channel)
    {
        channel.Activate(&m_network);
        channel.TuneIn(&m_phone);
        channel.Establish(LapdmSide::MS, SAPI_SIGNALLING, {0x05}, Time());
    }

    SdcchEnvironment::FrameTrace m_frames;
    SdcchEnvironment::Layer3Trace m_messages;
    SdcchEnvironment::FrameTrace m_sacchFrames;
    SdcchEnvironment m_environment{m_frames, m_messages, &m_sacchFrames};
    RecordingUser m_network;
    RecordingUser m_phone;
    std::vector<int64_t> m_up;
    std::vector<int64_t> m_down;
    L2Block m_lastBlock{};
};

} // namespace

// TS 45.002 7, table 4: SDCCH/8 number s downlink at 4s to 4s + 3, uplink 15 frames later.
TEST_F(SdcchTest, UsesTheFramesOfItsSubchannel)
{
    for (uint32_t index = 0; index < 10; ++index)
    {
        Sdcch channel(m_environment, index);
        m_up.clear();
        m_down.clear();
        Open(channel);
        Simulator::Run();
        ASSERT_EQ(m_up.size(), 1U);
        ASSERT_EQ(m_down.size(), 1U);
        EXPECT_EQ(m_up[0] % 51, 15 + 4 * (index % 8));
        EXPECT_EQ(m_down[0] % 51, 4 * (index % 8));
        EXPECT_EQ(m_down[0] - m_up[0], 36);
        EXPECT_EQ(channel.GetTimeSlot(), 1 + index / 8);
    }
}

// C3: a block of 23 octets, 184 bits, in each 51-multiframe is 782 bit/s.
TEST_F(SdcchTest, Carries782BitsPerSecond)
{
    Sdcch channel(m_environment, 0);
    Open(channel);
    Simulator::Run();
    m_up.clear();
    for (int i = 0; i < 40; ++i)
    {
        channel.Send(LapdmSide::MS, SAPI_SIGNALLING, std::vector<uint8_t>(100, 1), Time());
    }
    Simulator::Run();
    ASSERT_EQ(m_up.size(), 200U);
    EXPECT_EQ(m_network.octets, 4000U);
    const Time span = TdmaFrameStart(m_up.back()) - TdmaFrameStart(m_up.front());
    const double rate =
        static_cast<double>(m_up.size() - 1) * L2_BLOCK_OCTETS * 8 / span.GetSeconds();
    EXPECT_NEAR(rate, 782, 7.82);
}

// A message is there at the end of its last block, and frames that only acknowledge cost nothing.
TEST_F(SdcchTest, CostsOneEventAFrameWithLayer3)
{
    Sdcch channel(m_environment, 3);
    Open(channel);
    Simulator::Run();
    const uint64_t before = Simulator::GetEventCount();
    const std::size_t sent = m_up.size();
    channel.Send(LapdmSide::MS, SAPI_SIGNALLING, std::vector<uint8_t>(100, 1), Time());
    Simulator::Run();
    EXPECT_EQ(m_up.size() - sent, 5U);
    EXPECT_EQ(m_network.times.back(), TdmaFrameStart(m_up.back() + TDMA_BLOCK_FRAMES));
    EXPECT_EQ(Simulator::GetEventCount() - before, 5U);
}

// With erasures the same octets arrive, later; a lost acknowledgement is no lost message.
TEST_F(SdcchTest, DeliversInSpiteOfErasures)
{
    m_environment.frameErasureRate = 0.3;
    Sdcch channel(m_environment, 0);
    Open(channel);
    for (int i = 0; i < 20; ++i)
    {
        channel.Send(LapdmSide::MS, SAPI_SIGNALLING, std::vector<uint8_t>(60, 1), Time());
        channel.Send(LapdmSide::BTS, SAPI_SIGNALLING, std::vector<uint8_t>(60, 2), Time());
    }
    Simulator::Run();
    EXPECT_EQ(m_network.octets, 1200U);
    EXPECT_EQ(m_phone.octets, 1200U);
    EXPECT_NEAR(static_cast<double>(m_environment.erased) /
                    static_cast<double>(m_environment.frames),
                0.3,
                0.1);
}

// TS 44.006 5.8.2.1: a phone that leaves without a word is given up after N200, and not for
// ever.
TEST_F(SdcchTest, NoticesThatThePhoneIsGone)
{
    Sdcch channel(m_environment, 0);
    Open(channel);
    Simulator::Run();
    channel.TuneOut();
    channel.Send(LapdmSide::BTS, SAPI_SIGNALLING, {1, 2, 3}, Time());
    const Time start = Simulator::Now();
    Simulator::Run();
    EXPECT_EQ(m_network.primitives.back(), LapdmPrimitive::ERROR_INDICATION);
    EXPECT_NEAR((Simulator::Now() - start).GetSeconds(), 24 * 0.235, 0.5);
}

// A phone whose channel is given to another is told so.
TEST_F(SdcchTest, TellsAPhoneThatItsChannelIsGone)
{
    Sdcch channel(m_environment, 0);
    Open(channel);
    Simulator::Run();
    const uint64_t seizure = channel.GetSeizure();
    channel.CloseNetwork(Simulator::Now());
    EXPECT_FALSE(channel.IsOpen());
    channel.Activate(&m_network);
    EXPECT_EQ(m_phone.primitives.back(), LapdmPrimitive::ERROR_INDICATION);
    EXPECT_NE(channel.GetSeizure(), seizure);
}

// TS 45.002 7, table 4: SDCCH/4 downlink from frames 22, 26, 32, 36 of the time slot of the CCCH,
// uplink from 37, 41, 47 and 0.
TEST_F(SdcchTest, UsesTheFramesOfAnSdcch4)
{
    const std::vector<int64_t> down{22, 26, 32, 36};
    const std::vector<int64_t> up{37, 41, 47, 0};
    for (uint32_t index = 0; index < 4; ++index)
    {
        Sdcch channel(m_environment, index, DedicatedChannelKind::SDCCH_4);
        m_up.clear();
        m_down.clear();
        Open(channel);
        Simulator::Run();
        ASSERT_EQ(m_up.size(), 1U);
        ASSERT_EQ(m_down.size(), 1U);
        EXPECT_EQ(m_up[0] % 51, up[index]);
        EXPECT_EQ(m_down[0] % 51, down[index]);
        EXPECT_EQ(channel.GetTimeSlot(), 0);
        EXPECT_EQ(channel.GetSubchannel(), index);
    }
}

// TS 45.002: a SACCH block of a TCH/F each 104 frames, 480 ms, from frame 12 + 13 x time slot, over
// 79 frames. Behind the two octets of L1 a frame has 18 octets of L3 (TS 44.006 5.8.3).
TEST_F(SdcchTest, SacchHasABlockEach480Milliseconds)
{
    Sdcch channel(m_environment, 0, DedicatedChannelKind::SACCH_TCH);
    channel.Activate(&m_network);
    channel.TuneIn(&m_phone);
    channel.Establish(LapdmSide::BTS, SAPI_SMS, {}, Time());
    channel.Send(LapdmSide::BTS, SAPI_SMS, std::vector<uint8_t>(18 * 5, 7), Time());
    Simulator::Run();
    EXPECT_EQ(m_phone.octets, 90U);
    ASSERT_EQ(m_down.size(), 6U);
    ASSERT_EQ(m_up.size(), 5U); // the last acknowledgement changes nothing any more
    for (std::size_t i = 0; i < 5; ++i)
    {
        EXPECT_EQ(m_down[i] % 104, 12 + 13 * 2);
        EXPECT_EQ(m_up[i] % 104, 12 + 13 * 2);
        EXPECT_EQ(m_up[i] - m_down[i], 104); // the answer is no earlier than the next block
    }
    // An uplink block of two is left to the MEASUREMENT REPORT: an I frame each 960 ms.
    EXPECT_EQ(m_down[5] - m_down[4], 208);
    EXPECT_NEAR(TdmaFrameStart(208).GetSeconds(), 0.96, 1e-9);
    EXPECT_EQ(m_phone.times.back(), TdmaFrameStart(m_down[5] + 79));
    EXPECT_EQ(m_lastBlock[2], 0x0F); // SAPI 3, response of the phone, behind the L1 header
    EXPECT_EQ(channel.GetKind(), DedicatedChannelKind::SACCH_TCH);
}

// TS 44.018 3.4.1.2: the interval between two MEASUREMENT REPORTs is at most one block.
TEST_F(SdcchTest, SacchLeavesEachSecondUplinkBlockFree)
{
    Sdcch channel(m_environment, 3, DedicatedChannelKind::SACCH_TCH);
    channel.Activate(&m_network);
    channel.TuneIn(&m_phone);
    for (const LapdmSide side : {LapdmSide::MS, LapdmSide::BTS})
    {
        channel.Send(side, SAPI_SMS, std::vector<uint8_t>(100, 7), Time());
    }
    channel.Establish(LapdmSide::MS, SAPI_SMS, {}, Time());
    Simulator::Run();
    EXPECT_EQ(m_phone.octets, 100U);
    EXPECT_EQ(m_network.octets, 100U);
    for (std::size_t i = 1; i < m_up.size(); ++i)
    {
        EXPECT_GE(m_up[i] - m_up[i - 1], 208);
    }
}

// Losses of either direction are their own: with an uplink that loses all, the network hears
// nothing and the phone still hears.
TEST_F(SdcchTest, LosesEachDirectionByItself)
{
    Sdcch channel(m_environment, 0);
    Open(channel);
    Simulator::Run();
    channel.SetErasureRates(1, 0);
    channel.Send(LapdmSide::BTS, SAPI_SIGNALLING, std::vector<uint8_t>(10, 1), Time());
    channel.Send(LapdmSide::MS, SAPI_SIGNALLING, std::vector<uint8_t>(10, 1), Time());
    Simulator::Run();
    EXPECT_EQ(m_phone.octets, 10U);
    EXPECT_EQ(m_network.octets, 0U);
    EXPECT_EQ(m_network.primitives.back(), LapdmPrimitive::ERROR_INDICATION);
    EXPECT_EQ(m_phone.primitives.back(), LapdmPrimitive::ERROR_INDICATION);
}

// The share lost is what was set, and all that is sent gets through while no link fails.
TEST_F(SdcchTest, LosesTheShareThatIsSet)
{
    Sdcch channel(m_environment, 0);
    channel.Activate(&m_network);
    channel.TuneIn(&m_phone);
    channel.SetErasureRates(0.25, 0.25);
    channel.Establish(LapdmSide::MS, SAPI_SIGNALLING, {0x05}, Time());
    for (int i = 0; i < 300; ++i)
    {
        channel.Send(LapdmSide::MS, SAPI_SIGNALLING, std::vector<uint8_t>(60, 1), Time());
    }
    Simulator::Run();
    EXPECT_EQ(m_network.octets, 18000U);
    const auto frames = static_cast<double>(m_environment.frames);
    EXPECT_NEAR(static_cast<double>(m_environment.erased) / frames,
                0.25,
                1.96 * std::sqrt(0.25 * 0.75 / frames) + 0.005);
    channel.CloseNetwork(Simulator::Now());
    channel.Activate(&m_network); // with it the losses of the phone before are gone
    m_environment.frames = 0;
    m_environment.erased = 0;
    channel.TuneIn(&m_phone);
    channel.Establish(LapdmSide::MS, SAPI_SIGNALLING, {0x05}, Time());
    channel.Send(LapdmSide::MS, SAPI_SIGNALLING, std::vector<uint8_t>(200, 1), Time());
    Simulator::Run();
    EXPECT_EQ(m_environment.erased, 0U);
    EXPECT_GT(m_environment.frames, 10U);
}

TEST_F(SdcchTest, ForgetsTheMessageReferenceWhenItIsGivenToAnother)
{
    Sdcch channel(m_environment, 0);
    channel.Activate(&m_network);
    EXPECT_EQ(channel.GetMessageReference(), 0U);
    channel.SetMessageReference(42);
    EXPECT_EQ(channel.GetMessageReference(), 42U);
    channel.CloseNetwork(Simulator::Now());
    channel.Activate(&m_network);
    EXPECT_EQ(channel.GetMessageReference(), 0U);
}
