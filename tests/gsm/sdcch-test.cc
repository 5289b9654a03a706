// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sdcch.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

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
        m_frames.ConnectWithoutContext(Callback<void, bool, int64_t, const L2Block&>(
            [this](bool uplink, int64_t frame, const L2Block&) {
                (uplink ? m_up : m_down).push_back(frame);
            }));
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
    SdcchEnvironment m_environment{m_frames, m_messages};
    RecordingUser m_network;
    RecordingUser m_phone;
    std::vector<int64_t> m_up;
    std::vector<int64_t> m_down;
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
