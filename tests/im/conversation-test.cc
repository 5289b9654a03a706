// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/conversation.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A client that hands each message to its peer after a second, as it was told to.
class LoopClient : public ImClient
{
  public:
    void SetPeer(Ptr<LoopClient> peer)
    {
        m_peer = peer;
    }

    void DoDispose() override
    {
        m_peer = nullptr;
        ImClient::DoDispose();
    }

    void GoOnline() override
    {
    }

    void Open(const Msisdn& peer) override
    {
        if (!neverReady)
        {
            Simulator::Schedule(Seconds(2), &LoopClient::NotifyReady, this, peer);
        }
    }

    void Send(const Msisdn&, const std::string& text) override
    {
        ++sent;
        if (endsAtMessage == sent)
        {
            Simulator::Schedule(Seconds(1), &LoopClient::NotifyEnded, this, Msisdn("2"), endCause);
            return;
        }
        const auto changed = changesAtMessage == sent ? text + "!" : text;
        Simulator::Schedule(Seconds(1), &LoopClient::NotifyReceived, m_peer, GetMsisdn(), changed);
    }

    void Close(const Msisdn&) override
    {
        ++closed;
    }

    bool neverReady = false;
    uint32_t changesAtMessage = 0;
    uint32_t endsAtMessage = 0;
    std::string endCause;
    uint32_t sent = 0;
    uint32_t closed = 0;

  private:
    Ptr<LoopClient> m_peer;
};

/// A conversation of three messages between two such clients.
class ConversationTest : public testing::Test
{
  protected:
    ConversationTest()
    {
        m_initiator->SetMsisdn("1");
        m_target->SetMsisdn("2");
        m_initiator->SetPeer(m_target);
        m_target->SetPeer(m_initiator);
    }

    ~ConversationTest() override
    {
        m_initiator->Dispose();
        m_target->Dispose();
        Simulator::Destroy();
    }

    Ptr<Conversation> Run()
    {
        const ConversationPlan plan{
            {{true, Time(), 5}, {false, Seconds(10), 70}, {true, Seconds(20), 1}},
            Seconds(100)};
        auto conversation = Create<Conversation>(m_initiator,
                                                 m_target,
                                                 plan,
                                                 MakeCallback(&ConversationTest::Ended, this));
        conversation->Start();
        Simulator::Run();
        EXPECT_EQ(m_ended, 1);
        return conversation;
    }

    Ptr<LoopClient> m_initiator = CreateObject<LoopClient>();
    Ptr<LoopClient> m_target = CreateObject<LoopClient>();
    int m_ended = 0;
    Time m_endedAt;

  private:
    void Ended(Ptr<Conversation>)
    {
        ++m_ended;
        m_endedAt = Simulator::Now();
    }
};

} // namespace

TEST_F(ConversationTest, FollowsItsPlan)
{
    const auto conversation = Run();
    EXPECT_TRUE(conversation->HasSucceeded());
    const auto& times = conversation->GetMessageTimes();
    ASSERT_EQ(times.size(), 3U);
    // ready after 2 s; each message takes 1 s, the pauses are the plan's
    EXPECT_EQ(times[0].sent, Seconds(2));
    EXPECT_EQ(times[0].received, Seconds(3));
    EXPECT_EQ(times[1].sent, Seconds(13));
    EXPECT_EQ(times[2].sent, Seconds(34));
    EXPECT_EQ(times[2].received, Seconds(35));
    EXPECT_EQ(conversation->GetStepTime(SessionStep::READY), Seconds(2));
    EXPECT_EQ(conversation->GetStepTime(SessionStep::FIRST_RECEIVED), Seconds(3));
    EXPECT_EQ(m_initiator->closed, 1U);
}

TEST_F(ConversationTest, NoticesAChangedText)
{
    m_target->changesAtMessage = 1;
    EXPECT_EQ(Run()->GetCause(), "message corrupted");
    EXPECT_EQ(m_endedAt, Seconds(14));
}

TEST_F(ConversationTest, TellsTheClientsCause)
{
    m_target->endsAtMessage = 1;
    m_target->endCause = "tcp reset";
    const auto conversation = Run();
    EXPECT_EQ(conversation->GetCause(), "tcp reset");
    EXPECT_FALSE(conversation->HasSucceeded());
    EXPECT_TRUE(conversation->GetMessageTimes()[1].received.IsStrictlyNegative());
}

TEST_F(ConversationTest, AnOrderlyEndBeforeTheLastMessageIsAFailureToo)
{
    m_initiator->endsAtMessage = 2;
    EXPECT_EQ(Run()->GetCause(), "closed early");
}

TEST_F(ConversationTest, GivesUpAfterItsTimeout)
{
    m_initiator->neverReady = true;
    EXPECT_EQ(Run()->GetCause(), "session timeout");
    EXPECT_EQ(m_endedAt, Seconds(100));
    EXPECT_EQ(m_initiator->closed, 1U);
    EXPECT_EQ(m_target->closed, 1U);
}
