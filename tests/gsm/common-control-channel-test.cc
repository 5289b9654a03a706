// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/boolean.h"
#include "ns3/common-control-channel.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A CCCH and the times at which things came out of it.
class CommonControlChannelTest : public testing::Test
{
  protected:
    CommonControlChannelTest()
    {
        m_ccch->AssignStreams(1);
    }

    ~CommonControlChannelTest() override
    {
        Simulator::Destroy();
        m_ccch->Dispose();
    }

    Callback<void> Stamp(std::vector<Time>& times)
    {
        return Callback<void>([&times]() { times.push_back(Simulator::Now()); });
    }

    Callback<void, bool> Outcome()
    {
        return Callback<void, bool>([this](bool decoded) {
            (decoded ? m_successes : m_failures).push_back(Simulator::Now());
        });
    }

    Ptr<CommonControlChannel> m_ccch = CreateObject<CommonControlChannel>();
    std::vector<Time> m_agch;
    std::vector<Time> m_paged;
    std::vector<Time> m_successes;
    std::vector<Time> m_failures;
};

/// @return the position in the 51-multiframe of the block that ends at @p end.
int64_t
GetBlockOffset(Time end)
{
    return (TdmaCurrentFrame(end) - TDMA_BLOCK_FRAMES) % TDMA_MULTIFRAME;
}

} // namespace

// TS 45.002 4.3.1: 120/26 ms a frame, so 51 x 120/26 = 235.385 ms a multiframe.
TEST(TdmaClock, CountsFramesExactly)
{
    EXPECT_EQ(TdmaFrameStart(26), MilliSeconds(120));
    EXPECT_NEAR(TdmaFrameStart(51).GetSeconds(), 51 * 0.12 / 26, 1e-9);
    for (const int64_t frame : {0, 1, 12, 13, 51, 2715647, 1000000007})
    {
        const Time start = TdmaFrameStart(frame);
        EXPECT_EQ(TdmaFrameAtOrAfter(start), frame);
        EXPECT_EQ(TdmaFrameAtOrAfter(start + NanoSeconds(1)), frame + 1);
        EXPECT_EQ(TdmaCurrentFrame(start), frame);
    }
    EXPECT_EQ(TdmaNextAtOffset(0, 6), 6);
    EXPECT_EQ(TdmaNextAtOffset(6, 6), 6);
    EXPECT_EQ(TdmaNextAtOffset(7, 6), 57);
}

// C5: the cycle is 0.235385 s x BS_PA_MFRMS, 1.177 s at 5.
TEST_F(CommonControlChannelTest, PagesAGroupOncePerCycle)
{
    EXPECT_NEAR(m_ccch->GetPagingCycle().GetSeconds(), 5 * 51 * 0.12 / 26, 1e-8);
    EXPECT_NEAR(m_ccch->GetPagingCycle().GetSeconds(), 1.177, 0.0005);
    for (int i = 0; i < 6; ++i)
    {
        m_ccch->Page(262011000000123, Stamp(m_paged));
    }
    Simulator::Run();
    ASSERT_EQ(m_paged.size(), 6U);
    EXPECT_EQ(m_paged[0], m_paged[1]); // two identities in a block (TS 44.018 9.1.22)
    EXPECT_NEAR((m_paged[2] - m_paged[0]).GetSeconds(), 5 * 51 * 0.12 / 26, 1e-8);
    EXPECT_NEAR((m_paged[4] - m_paged[2]).GetSeconds(), 5 * 51 * 0.12 / 26, 1e-8);
}

// TS 45.002 6.5.2 by hand: N = (9 - 1) x 5 = 40; 123 mod 40 = 3: multiframe 0, third paging block
// after the reserved one, so B4 at frames 26-29. 999 mod 40 = 39: multiframe 4, B8 at 46-49.
TEST_F(CommonControlChannelTest, FindsThePagingGroup)
{
    EXPECT_EQ(m_ccch->GetNextPagingBlock(262011000000123, 0), 26);
    EXPECT_EQ(m_ccch->GetNextPagingBlock(262011000000123, 27), 26 + 255);
    EXPECT_EQ(m_ccch->GetNextPagingBlock(262011000000999, 0), 4 * 51 + 46);
    m_ccch->SetAttribute("Combined", BooleanValue(true));
    // N = (3 - 1) x 5 = 10; 123 mod 10 = 3: multiframe 1, second paging block, so B2 at 16-19.
    EXPECT_EQ(m_ccch->GetNextPagingBlock(262011000000123, 0), 51 + 16);
}

// The wait for a group's block is uniform over the cycle: mean 0.588 s with the block's 18 ms.
TEST_F(CommonControlChannelTest, PagingWaitsHalfACycleOnAverage)
{
    double sum = 0;
    constexpr int n = 1000;
    for (int i = 0; i < n; ++i)
    {
        const int64_t frame = 255 * i + 97 * i % 255;
        sum +=
            static_cast<double>(m_ccch->GetNextPagingBlock(262011000000000 + 7 * i, frame) - frame);
    }
    EXPECT_NEAR(sum / n, 127, 8);
}

// AGCH messages leave first in, first out, one a block, in the CCCH blocks of TS 45.002 7.
TEST_F(CommonControlChannelTest, SendsAgchMessagesInOrder)
{
    for (int i = 0; i < 10; ++i)
    {
        m_ccch->SendOnAgch(Stamp(m_agch));
    }
    Simulator::Run();
    const std::vector<int64_t> offsets{6, 12, 16, 22, 26, 32, 36, 42, 46, 6};
    ASSERT_EQ(m_agch.size(), offsets.size());
    for (std::size_t i = 0; i < offsets.size(); ++i)
    {
        EXPECT_EQ(GetBlockOffset(m_agch[i]), offsets[i]);
    }
}

TEST_F(CommonControlChannelTest, HoldsAnAgchMessageForItsProcessingTime)
{
    m_ccch->SendOnAgch(Stamp(m_agch), MilliSeconds(80));
    Simulator::Run();
    EXPECT_EQ(GetBlockOffset(m_agch.at(0)), 22); // 80 ms are 17.3 frames
}

// Paging has priority on the PCH: the grant moves to the next block.
TEST_F(CommonControlChannelTest, PagingGoesBeforeGrants)
{
    m_ccch->Page(262011000000123, Stamp(m_paged));
    for (int i = 0; i < 5; ++i)
    {
        m_ccch->SendOnAgch(Stamp(m_agch));
    }
    Simulator::Run();
    EXPECT_EQ(GetBlockOffset(m_paged.at(0)), 26);
    EXPECT_EQ(GetBlockOffset(m_agch.at(3)), 22);
    EXPECT_EQ(GetBlockOffset(m_agch.at(4)), 32);
}

// TS 44.018 3.3.1.1.2: the first request leaves within max(T, 8) slots.
TEST_F(CommonControlChannelTest, DecodesALoneRequest)
{
    m_ccch->RequestAccess(Outcome());
    Simulator::Run();
    ASSERT_EQ(m_successes.size(), 1U);
    EXPECT_LE(m_successes[0], TdmaFrameStart(12));
    EXPECT_GT(m_successes[0], Time());
}

// Slotted ALOHA: with 200 phones that start at once in 12 slots, nearly all first requests
// collide; the repetitions spread them.
TEST_F(CommonControlChannelTest, CollidingRequestsAreRepeated)
{
    for (int i = 0; i < 200; ++i)
    {
        m_ccch->RequestAccess(Outcome());
    }
    Simulator::Run();
    EXPECT_EQ(m_successes.size() + m_failures.size(), 200U);
    EXPECT_GT(m_failures.size(), 0U);
    const CounterList counters = m_ccch->GetCounters();
    EXPECT_EQ(counters[0].first, "rach_requests");
    EXPECT_EQ(counters[1].first, "rach_collisions");
    EXPECT_DOUBLE_EQ(counters[0].second,
                     counters[1].second + static_cast<double>(m_successes.size()));
    EXPECT_DOUBLE_EQ(counters[2].second, static_cast<double>(m_failures.size()));
}

// TS 44.018 table 3.1.1.2.1: T = 12 repeats after 217 to 228 slots; after M + 1 requests T3126.
TEST_F(CommonControlChannelTest, FailsT3126AfterTheLastRequest)
{
    m_ccch->SetAttribute("TxInteger", UintegerValue(3));
    m_ccch->SetAttribute("MaxRetrans", UintegerValue(0));
    for (int i = 0; i < 100; ++i)
    {
        m_ccch->RequestAccess(Outcome());
    }
    Simulator::Run();
    ASSERT_GT(m_failures.size(), 0U);
    EXPECT_GT(m_failures.front(), Seconds(5));
    EXPECT_LE(m_failures.back(), Seconds(5) + TdmaFrameStart(8));
}

TEST_F(CommonControlChannelTest, RepeatsAfterTheSlotsOfTheTable)
{
    // Two phones collide when they draw the same of 8 slots; find such a pair.
    m_ccch->SetAttribute("TxInteger", UintegerValue(8));
    std::size_t collided = 0;
    for (int i = 0; i < 60; ++i)
    {
        const Time start = Seconds(10 * i);
        Simulator::Schedule(start - Simulator::Now(), [this]() {
            m_ccch->RequestAccess(Outcome());
            m_ccch->RequestAccess(Outcome());
        });
    }
    Simulator::Run();
    for (const Time& success : m_successes)
    {
        const int64_t slot =
            TdmaCurrentFrame(success) - 1 -
            TdmaFrameAtOrAfter(Seconds(10 * static_cast<int64_t>(success.GetSeconds() / 10)));
        if (slot >= 8)
        {
            // S = 55, T = 8: 55 to 62 slots after the first one, perhaps more than once.
            EXPECT_GE(slot, 55);
            ++collided;
        }
    }
    EXPECT_GT(collided, 0U);
}

// No events while nothing is queued; one per message, one per paging block, one per request.
TEST_F(CommonControlChannelTest, CostsOneEventAMessage)
{
    const uint64_t before = Simulator::GetEventCount();
    m_ccch->SendOnAgch(Stamp(m_agch));
    m_ccch->Page(262011000000123, Stamp(m_paged));
    m_ccch->RequestAccess(Outcome());
    Simulator::Run();
    EXPECT_EQ(Simulator::GetEventCount() - before, 3U);
}
