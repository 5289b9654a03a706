// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/packet-scheduler.h"
#include "ns3/simulator.h"

#include <bitset>
#include <gtest/gtest.h>
#include <map>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint32_t WINDOW = 64; // TS 44.060 9.1.9.1
constexpr uint32_t BLOCK = 30;  // octets of CS-2

/// A cell whose radio loses nothing and whose PDCHs a test may take away.
class PacketSchedulerTest : public testing::Test, protected PacketSchedulerUser
{
  protected:
    PacketSchedulerTest()
        : m_scheduler(*this, m_settings)
    {
    }

    void TearDown() override
    {
        m_scheduler.Cancel();
        Simulator::Destroy();
    }

    /// A downlink flow of as many PDUs as it takes, each a block, of a delay class.
    void Start(TemporaryBlockFlow& flow,
               uint32_t pdus,
               uint8_t slots,
               uint8_t delayClass = BEST_EFFORT)
    {
        for (uint32_t n = 0; n < pdus; ++n)
        {
            flow.queue.push_back({Create<Packet>(BLOCK), false, 0, delayClass});
        }
        flow.slots = slots;
        flow.pdchs = m_scheduler.Choose(slots, flow.uplink);
        m_scheduler.Start(flow, RlcTransfer::Mode::ACKNOWLEDGED, WINDOW);
    }

    /// Lets @p blocks radio blocks go.
    static void RunFor(int64_t blocks)
    {
        Simulator::Stop(GetRadioBlockStart(blocks) - NanoSeconds(1) - Simulator::Now());
        Simulator::Run();
    }

    static std::size_t CountSlots(const TemporaryBlockFlow& flow)
    {
        return std::bitset<8>(flow.pdchs).count();
    }

    // PacketSchedulerUser
    GprsCodingScheme ChooseScheme(const TemporaryBlockFlow& /* flow */) override
    {
        return GprsCodingScheme::CS_2;
    }

    bool LosesBlock(const TemporaryBlockFlow& /* flow */,
                    GprsCodingScheme /* scheme */,
                    uint32_t /* earlier */) override
    {
        return false;
    }

    void EndPdu(TemporaryBlockFlow& flow, RlcTransfer::Outcome outcome) override
    {
        EXPECT_EQ(outcome, RlcTransfer::Outcome::DELIVERED);
        flow.queue.pop_front();
        m_delivered[&flow].push_back(Simulator::Now());
    }

    void EndTransfer(TemporaryBlockFlow& flow) override
    {
        EXPECT_TRUE(flow.queue.empty());
    }

    void FailTransfer(TemporaryBlockFlow& /* flow */) override
    {
        ADD_FAILURE() << "a flow has failed";
    }

    Time GetPause(TemporaryBlockFlow& /* flow */) override
    {
        return Time();
    }

    uint8_t CountPdchs() override
    {
        return m_pdchs;
    }

    void ChangePdchs(const TemporaryBlockFlow& flow) override
    {
        m_changes.push_back(flow.pdchs);
    }

    Time GetReassignmentTime() const override
    {
        return MilliSeconds(150);
    }

    uint8_t m_pdchs = 4;
    PacketSchedulerSettings m_settings;
    PacketScheduler m_scheduler;
    std::vector<uint8_t> m_changes;
    std::map<const TemporaryBlockFlow*, std::vector<Time>> m_delivered;
};

} // namespace

// A flow of four PDCHs that loses two goes on at half its rate; RLC loses nothing.
TEST_F(PacketSchedulerTest, AFlowGoesOnWithThePdchsThatItKeeps)
{
    TemporaryBlockFlow flow;
    Start(flow, 400, 4);
    RunFor(20);
    const std::size_t first = m_delivered[&flow].size();
    EXPECT_GE(first, 4 * 18U);
    m_pdchs = 2;
    RunFor(60);
    EXPECT_EQ(flow.pdchs, 0b11);
    EXPECT_NEAR(static_cast<double>(m_delivered[&flow].size() - first), 2 * 40, 4);
    RunFor(400);
    EXPECT_EQ(m_delivered[&flow].size(), 400U);
    EXPECT_EQ(m_scheduler.GetReassignments(), 1U);
    EXPECT_EQ(flow.state, TemporaryBlockFlow::State::NONE);
}

// One that loses all waits for others, and then goes on where it was.
TEST_F(PacketSchedulerTest, AFlowThatLosesAllItsPdchsGetsOthers)
{
    TemporaryBlockFlow fixed;
    TemporaryBlockFlow lent;
    Start(fixed, 400, 2);
    Start(lent, 400, 2);
    ASSERT_EQ(fixed.pdchs, 0b0011);
    ASSERT_EQ(lent.pdchs, 0b1100);
    RunFor(20);
    m_pdchs = 2;
    RunFor(21);
    EXPECT_EQ(lent.pdchs, 0);
    const std::size_t before = m_delivered[&lent].size();
    RunFor(27); // 150 ms: 7 blocks
    EXPECT_EQ(m_delivered[&lent].size(), before);
    RunFor(30);
    EXPECT_EQ(lent.pdchs, 0b0011);
    EXPECT_GT(m_delivered[&lent].size(), before);
    RunFor(600);
    EXPECT_EQ(m_delivered[&lent].size(), 400U);
    EXPECT_EQ(m_delivered[&fixed].size(), 400U);
}

// PDCHs that come back are shared out: two flows of two slots have two each again.
TEST_F(PacketSchedulerTest, FlowsSpreadOverPdchsThatComeBack)
{
    m_pdchs = 1;
    TemporaryBlockFlow a;
    TemporaryBlockFlow b;
    Start(a, 400, 2);
    Start(b, 400, 2);
    EXPECT_EQ(a.pdchs, 1);
    EXPECT_EQ(b.pdchs, 1);
    RunFor(10);
    m_pdchs = 4;
    RunFor(12);
    EXPECT_EQ(CountSlots(a), 2U);
    EXPECT_EQ(a.pdchs ^ b.pdchs, 0b1111);
    RunFor(400);
    EXPECT_EQ(m_delivered[&a].size(), 400U);
    EXPECT_EQ(m_delivered[&b].size(), 400U);
}

// On one PDCH two flows of a class take turns; a better class has all of it until it is through.
TEST_F(PacketSchedulerTest, ABetterDelayClassGoesFirst)
{
    m_pdchs = 1;
    m_settings.acknowledgementBlocks = 64;
    TemporaryBlockFlow a;
    TemporaryBlockFlow b;
    TemporaryBlockFlow urgent;
    Start(a, 100, 1);
    Start(b, 100, 1);
    RunFor(20);
    EXPECT_EQ(m_delivered[&a].size(), 10U);
    EXPECT_EQ(m_delivered[&b].size(), 10U);
    Start(urgent, 10, 1, 1);
    RunFor(30);
    EXPECT_EQ(m_delivered[&urgent].size(), 10U);
    EXPECT_EQ(m_delivered[&a].size() + m_delivered[&b].size(), 20U);
    RunFor(50);
    EXPECT_EQ(m_delivered[&a].size(), 20U);
    EXPECT_EQ(m_delivered[&b].size(), 20U);
}

// A flow has the class of the PDU that it is sending, not of those behind it.
TEST_F(PacketSchedulerTest, AFlowFollowsTheClassOfItsPdus)
{
    m_pdchs = 1;
    TemporaryBlockFlow bulk;
    TemporaryBlockFlow mixed;
    Start(bulk, 50, 1, 2);
    for (int n = 0; n < 10; ++n)
    {
        mixed.queue.push_back({Create<Packet>(BLOCK), false, 0, 1});
    }
    Start(mixed, 10, 1, BEST_EFFORT);
    RunFor(10);
    EXPECT_EQ(m_delivered[&mixed].size(), 10U); // those of class 1
    RunFor(55);
    EXPECT_EQ(m_delivered[&mixed].size(), 10U); // class 2 goes before class 4
    EXPECT_GE(m_delivered[&bulk].size(), 40U);
    RunFor(200);
    EXPECT_EQ(m_delivered[&mixed].size(), 20U);
    EXPECT_EQ(m_delivered[&bulk].size(), 50U);
}
