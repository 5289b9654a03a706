// SPDX-License-Identifier: GPL-2.0-only
#include "gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

class CellOutageTest : public testing::Test
{
  protected:
    CellOutageTest()
    {
        for (int i = 0; i < 4; ++i)
        {
            m_net.AddPhone();
        }
    }

    double GetCell(const std::string& name)
    {
        return SmsNetwork::Get(m_net.cell->GetCounters(), name);
    }

    void SetInServiceAt(double seconds, bool inService)
    {
        Simulator::Schedule(Seconds(seconds) - Simulator::Now(),
                            [this, inService]() { m_net.cell->SetInService(inService); });
    }

    void SendAt(double seconds, std::size_t from, std::size_t to)
    {
        Simulator::Schedule(Seconds(seconds) - Simulator::Now(),
                            [this, from, to]() { m_net.Send(from, to, 60); });
    }

    SmsNetwork m_net;
};

} // namespace

// A cell that fails at any time of either leg: no channel stays taken, what was accepted arrives
// later, and the sender learns of what was not.
TEST_F(CellOutageTest, LosesNothingThatWasAccepted)
{
    constexpr int n = 60;
    for (int i = 0; i < n; ++i)
    {
        const double start = 1000.0 * i;
        SendAt(start, 0, 1);
        SetInServiceAt(start + 0.2 * i, false);
        SetInServiceAt(start + 0.2 * i + 60, true);
    }
    Simulator::Run();
    ASSERT_EQ(m_net.outcomes.size(), static_cast<std::size_t>(n));
    std::size_t accepted = 0;
    for (const std::string& outcome : m_net.outcomes)
    {
        accepted += outcome == "accepted" ? 1 : 0;
    }
    EXPECT_LT(accepted, static_cast<std::size_t>(n));
    EXPECT_GT(accepted, 0U);
    EXPECT_GE(m_net.received[1].size(), accepted);
    EXPECT_DOUBLE_EQ(SmsNetwork::Get(m_net.smsc->GetCounters(), "messages_stored"), 0);
    // All 8 SDCCHs are free again.
    const double seizures = GetCell("sdcch_seizures");
    const double busy = GetCell("sdcch_erlang") * Simulator::Now().GetSeconds();
    EXPECT_NEAR(busy, GetCell("sdcch_seconds"), 1e-6);
    EXPECT_GT(seizures, n);
}

// TS 44.018 3.3.1.1.2: nobody answers; after its requests and T3126 the phone gives up.
TEST_F(CellOutageTest, AnswersNobody)
{
    m_net.cell->SetInService(false);
    EXPECT_FALSE(m_net.cell->IsInService());
    SendAt(1, 0, 1);
    Simulator::Run();
    ASSERT_EQ(m_net.outcomes.size(), 1U);
    EXPECT_EQ(m_net.outcomes[0], "random access failure");
    EXPECT_DOUBLE_EQ(GetCell("sdcch_seizures"), 0);
    EXPECT_DOUBLE_EQ(GetCell("lapdm_frames"), 0);
    EXPECT_EQ(m_net.cell->AllocateTrafficChannel(), nullptr);
}

// The MSC hears of no response when the paging of a failed cell ends, two times T3113 later.
TEST_F(CellOutageTest, PagesInVain)
{
    m_net.cell->SetInService(false);
    m_net.cell->StartPaging(m_net.phones[1]->GetImsi(), Time());
    Simulator::Run();
    EXPECT_DOUBLE_EQ(GetCell("pagings_failed"), 1);
    EXPECT_DOUBLE_EQ(GetCell("paging_blocks"), 0);
    EXPECT_DOUBLE_EQ(GetCell("paging_dropped"), 2);
    EXPECT_NEAR(Simulator::Now().GetSeconds(), 14, 0.1);
}

// A TCH in use falls silent too, and its layer 3 is told by an error of SAPI 0.
TEST_F(CellOutageTest, TellsTheUsersOfItsChannels)
{
    class User : public DedicatedChannelUser
    {
      public:
        void HandleLink(Sdcch& /* channel */, const LapdmIndication& indication) override
        {
            errors += indication.primitive == LapdmPrimitive::ERROR_INDICATION ? 1 : 0;
        }

        int errors = 0;
    } user;

    Sdcch* channel = m_net.cell->AllocateTrafficChannel();
    ASSERT_NE(channel, nullptr);
    channel->SetNetwork(&user, 1);
    m_net.cell->SetInService(false);
    EXPECT_EQ(user.errors, 1);
    EXPECT_FALSE(channel->IsOpen());
    m_net.cell->SetInService(true);
    for (int i = 0; i < 14; ++i)
    {
        EXPECT_NE(m_net.cell->AllocateTrafficChannel(), nullptr);
    }
    EXPECT_EQ(m_net.cell->AllocateTrafficChannel(), nullptr);
    EXPECT_DOUBLE_EQ(GetCell("tch_blocked"), 1);
}

// A combined cell has 4 SDCCHs on the time slot of its CCCH, and a message gets through on them.
TEST_F(CellOutageTest, CombinedCellUsesItsSdcch4)
{
    m_net.cell->SetAttribute("SdcchCount", UintegerValue(4));
    m_net.cell->GetCcch()->SetAttribute("Combined", BooleanValue(true));
    m_net.cell->GetCcch()->SetAttribute("BsAgBlksRes", UintegerValue(1));
    std::vector<L2Block> blocks;
    m_net.cell->TraceConnectWithoutContext(
        "AgchBlock",
        Callback<void, const L2Block&>(
            [&blocks](const L2Block& block) { blocks.push_back(block); }));
    SendAt(1, 0, 1);
    SendAt(1, 2, 3);
    Simulator::Run();
    EXPECT_EQ(m_net.received[1].size(), 1U);
    EXPECT_EQ(m_net.received[3].size(), 1U);
    ASSERT_FALSE(blocks.empty());
    const auto assignment = DecodeImmediateAssignment(blocks[0]);
    ASSERT_TRUE(assignment);
    EXPECT_TRUE(assignment->sdcch4);
    EXPECT_EQ(assignment->timeSlot, 0);
}
