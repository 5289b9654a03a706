// SPDX-License-Identifier: GPL-2.0-only
#include "gsm/sms-network.h"

#include "ns3/common-control-channel.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint64_t IMSI = 262011000000123;

/// The AGCH and PCH of a cell, and when things came out of them.
class DownlinkQueueTest : public testing::Test
{
  protected:
    ~DownlinkQueueTest() override
    {
        Simulator::Destroy();
        m_ccch->Dispose();
    }

    double Get(const std::string& name) const
    {
        return SmsNetwork::Get(m_ccch->GetCounters(), name);
    }

    Callback<void> Stamp()
    {
        return Callback<void>([this]() { m_times.push_back(Simulator::Now()); });
    }

    bool Reject(uint8_t reference)
    {
        return m_ccch->GetAgch().OfferReject(
            {{reference, reference}, 10},
            Callback<void, const L2Block&, std::size_t>(
                [this](const L2Block& block, std::size_t place) {
                    m_rejected.push_back((*DecodeImmediateAssignmentRejects(block))[place]);
                    m_times.push_back(Simulator::Now());
                }),
            Time());
    }

    bool Page(std::optional<uint32_t> tmsi = std::nullopt)
    {
        return m_ccch->GetPch().Page(IMSI, {IMSI, tmsi}, Stamp(), Time(), true);
    }

    Ptr<CommonControlChannel> m_ccch = CreateObject<CommonControlChannel>();
    std::vector<Time> m_times;
    std::vector<ImmediateAssignmentReject> m_rejected;
};

} // namespace

// TS 44.018 9.1.20: a reject has four references. Ten rejects that wait need three blocks.
TEST_F(DownlinkQueueTest, PacksRejectsThatWait)
{
    for (uint8_t i = 0; i < 10; ++i)
    {
        EXPECT_TRUE(Reject(i));
    }
    m_ccch->SendOnAgch(Stamp());
    Simulator::Run();
    ASSERT_EQ(m_times.size(), 11U);
    EXPECT_EQ(m_times[0], m_times[3]);
    EXPECT_LT(m_times[3], m_times[4]);
    EXPECT_EQ(m_times[4], m_times[7]);
    EXPECT_EQ(m_times[8], m_times[9]);
    EXPECT_LT(m_times[9], m_times[10]); // the grant came last
    EXPECT_DOUBLE_EQ(Get("agch_blocks"), 4);
    EXPECT_DOUBLE_EQ(Get("agch_rejects"), 10);
    for (uint8_t i = 0; i < 10; ++i)
    {
        EXPECT_EQ(m_rejected[i].reference.channelRequest, i);
        EXPECT_EQ(m_rejected[i].waitIndication, 10);
    }
}

// Rejects behind a grant do not overtake it, and leave the places between them to grants.
TEST_F(DownlinkQueueTest, KeepsGrantsAndRejectsInOrder)
{
    m_ccch->SendOnAgch(Stamp());
    Reject(1);
    m_ccch->SendOnAgch(Stamp());
    Reject(2);
    Simulator::Run();
    ASSERT_EQ(m_times.size(), 4U);
    EXPECT_LT(m_times[0], m_times[1]);
    EXPECT_EQ(m_times[1], m_times[2]); // both rejects
    EXPECT_LT(m_times[2], m_times[3]);
    EXPECT_DOUBLE_EQ(Get("agch_blocks"), 3);
}

TEST_F(DownlinkQueueTest, DropsWhatFindsTheAgchQueueFull)
{
    m_ccch->SetAttribute("AgchQueueLimit", UintegerValue(3));
    AccessGrantChannel& agch = m_ccch->GetAgch();
    EXPECT_TRUE(agch.Offer(Stamp(), Time()));
    EXPECT_TRUE(Reject(1));
    EXPECT_TRUE(Reject(2));
    EXPECT_FALSE(agch.Offer(Stamp(), Time()));
    EXPECT_FALSE(Reject(3));
    m_ccch->SendOnAgch(Stamp()); // nobody repeats this one
    Simulator::Run();
    EXPECT_EQ(m_times.size(), 4U);
    EXPECT_DOUBLE_EQ(Get("agch_dropped"), 2);
    EXPECT_TRUE(agch.Offer(Stamp(), Time()));
    Simulator::Run();
    EXPECT_EQ(m_times.size(), 5U);
}

// Nothing is sent out of service; what nobody repeats comes later.
TEST_F(DownlinkQueueTest, IsSilentOutOfService)
{
    m_ccch->GetAgch().Offer(Stamp(), Time());
    Reject(1);
    m_ccch->SendOnAgch(Stamp());
    Page();
    m_ccch->Page(IMSI, Stamp());
    m_ccch->SetInService(false);
    EXPECT_FALSE(Page());
    EXPECT_FALSE(Reject(2));
    Simulator::Run();
    EXPECT_TRUE(m_times.empty());
    Simulator::Schedule(Seconds(10), [this]() { m_ccch->SetInService(true); });
    Simulator::Run();
    ASSERT_EQ(m_times.size(), 2U);
    EXPECT_GT(m_times[0], Seconds(10));
    EXPECT_LT(m_times[1], Seconds(10) + m_ccch->GetPagingCycle() + MilliSeconds(20));
}

// TS 44.018 9.1.22 to 9.1.24: two IMSIs, three with two TMSIs, four TMSIs.
TEST_F(DownlinkQueueTest, PagesUpToFourByTmsi)
{
    std::vector<L2Block> blocks;
    m_ccch->TraceConnectWithoutContext(
        "PagingBlock",
        Callback<void, int64_t, const L2Block&>(
            [&blocks](int64_t, const L2Block& block) { blocks.push_back(block); }));
    const std::vector<std::optional<uint32_t>> order{1, 2, 3, 0x80000004, 5, {}, 6, {}, {}, 7, 8};
    for (const auto& tmsi : order)
    {
        EXPECT_TRUE(Page(tmsi));
    }
    Simulator::Run();
    ASSERT_EQ(blocks.size(), 4U);
    EXPECT_EQ(blocks[0][2], 0x24);
    EXPECT_EQ(blocks[1][2], 0x22);
    EXPECT_EQ(blocks[2][2], 0x21);
    EXPECT_EQ(blocks[3][2], 0x21);
    const std::vector<std::size_t> counts{4, 3, 2, 2};
    for (std::size_t i = 0; i < counts.size(); ++i)
    {
        EXPECT_EQ(DecodePagingRequest(blocks[i]).size(), counts[i]);
    }
    EXPECT_EQ(DecodePagingRequest(blocks[0])[3].tmsi, 0x80000004U);
    EXPECT_EQ(DecodePagingRequest(blocks[1])[2], (PagingIdentity{IMSI, {}})); // TMSIs come first
    EXPECT_EQ(m_times.size(), order.size());
}

TEST_F(DownlinkQueueTest, LimitsTheQueueOfAPagingGroup)
{
    m_ccch->SetAttribute("PagingQueueLimit", UintegerValue(4));
    for (int i = 0; i < 6; ++i)
    {
        EXPECT_EQ(Page(), i < 4);
    }
    m_ccch->Page(IMSI, Stamp()); // nobody repeats this one
    // Another group is not concerned.
    EXPECT_TRUE(m_ccch->GetPch().Page(IMSI + 1, {IMSI + 1, {}}, Stamp(), Time(), true));
    Simulator::Run();
    EXPECT_EQ(m_times.size(), 6U);
    EXPECT_DOUBLE_EQ(Get("paging_dropped"), 2);
    EXPECT_DOUBLE_EQ(Get("paging_blocks"), 4);
    // Of five in the group two wait for one more cycle and one for two.
    EXPECT_NEAR(Get("paging_queue_seconds"), 4 * m_ccch->GetPagingCycle().GetSeconds(), 1e-6);
}

// A call at a random time waits half a cycle for its group, then the four frames of the block.
TEST_F(DownlinkQueueTest, PagingWaitsHalfACycleOnAverage)
{
    Ptr<UniformRandomVariable> random = CreateObject<UniformRandomVariable>();
    random->SetStream(3);
    constexpr int n = 4000;
    double sum = 0;
    for (int i = 0; i < n; ++i)
    {
        const Time start = Seconds(10 * i + random->GetValue(0, 10));
        const uint64_t imsi = 262011000000000 + random->GetInteger(0, 999);
        Simulator::Schedule(start, [this, imsi, start, &sum]() {
            m_ccch->Page(imsi, Callback<void>([start, &sum]() {
                             sum += (Simulator::Now() - start).GetSeconds();
                         }));
        });
    }
    Simulator::Run();
    const double cycle = m_ccch->GetPagingCycle().GetSeconds();
    // Uniform over the cycle: standard deviation cycle / sqrt(12); half a frame to be in step.
    const double expected = cycle / 2 + TdmaFrameStart(4).GetSeconds();
    EXPECT_NEAR(sum / n, expected, 1.96 * cycle / std::sqrt(12.0 * n) + 0.0024);
}
