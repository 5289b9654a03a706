// SPDX-License-Identifier: GPL-2.0-only
#include "im-server-test-network.h"

#include "ns3/im-server-client.h"
#include "ns3/im-server.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Two phones with `im-server` and the server.
class ImServerClientTest : public ns3::p2pim::test::ServerTestNetwork
{
  protected:
    const Time m_processing = MilliSeconds(2); ///< the server's, for what arrives together
    const Time m_roundTrip = 2 * m_delay + m_processing; ///< from a phone to the server and back
    /// TCP's handshake, which the server's processing does not touch, and the four round trips of
    /// the log-in.
    const Time m_logIn = 2 * m_delay + 4 * m_roundTrip;

    void SetUp() override
    {
        ServerTestNetwork::SetUp();
        m_imServer = CreateObject<ImServer>();
        m_imServer->SetAttribute("ProcessingTime",
                                 StringValue("ns3::ConstantRandomVariable[Constant=0.002]"));
        m_server->AddApplication(m_imServer);
        for (uint32_t i = 0; i < PHONES; ++i)
        {
            m_imServer->AddUser(m_numbers[i], "password");
            m_clients.push_back(CreateObject<ImServerClient>());
            m_clients[i]->SetServer(InetSocketAddress(m_serverAddress, 5222));
            Mount(m_clients[i], i);
        }
    }

    /// Both phones log in, which takes until Seconds(5).
    void GoOnline()
    {
        Simulator::Schedule(Time(), &ImServerClient::GoOnline, m_clients[0]);
        Simulator::Schedule(Time(), &ImServerClient::GoOnline, m_clients[1]);
        RunUntil(Seconds(5));
    }

    double GetCounter(const std::string& name) const
    {
        for (const auto& counter : m_imServer->GetCounters())
        {
            if (counter.first == name)
            {
                return counter.second;
            }
        }
        ADD_FAILURE() << "no counter " << name;
        return -1;
    }

    /// Expects that phone 0 was told once that a chat ended.
    void ExpectEnd(const std::string& cause)
    {
        ASSERT_EQ(m_logs[0].ended.size(), 1U);
        EXPECT_EQ(m_logs[0].ended[0].second, cause);
    }

    Ptr<ImServer> m_imServer;
    std::vector<Ptr<ImServerClient>> m_clients;
};

} // namespace

TEST_F(ImServerClientTest, OpensAfterBearerConnectionAndLogIn)
{
    m_bearers[0]->up = false;
    Simulator::Schedule(Seconds(1), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(20));
    ExpectSteps(0,
                {{Seconds(2), SessionStep::ATTACHED},
                 {Seconds(3), SessionStep::PDP_UP},
                 {Seconds(3) + 2 * m_delay, SessionStep::CONNECTED},
                 {Seconds(3) + m_logIn, SessionStep::LOGGED_IN}});
    ASSERT_EQ(m_logs[0].ready.size(), 1U);
    ExpectTime(m_logs[0].ready[0].first, Seconds(3) + m_logIn);
}

TEST_F(ImServerClientTest, IsReadyAtOnceWhenLoggedIn)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    ExpectSteps(0,
                {{Seconds(5), SessionStep::ATTACHED},
                 {Seconds(5), SessionStep::PDP_UP},
                 {Seconds(5), SessionStep::CONNECTED},
                 {Seconds(5), SessionStep::LOGGED_IN}});
    ASSERT_EQ(m_logs[0].ready.size(), 1U);
    EXPECT_EQ(m_logs[0].ready[0].first, Seconds(5));
}

TEST_F(ImServerClientTest, RelaysMessagesBothWays)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "a < b");
    RunUntil(Seconds(10));
    ASSERT_EQ(m_logs[1].GetTexts(), std::vector<std::string>{"a < b"});
    ExpectTime(m_logs[1].received[0].first, Seconds(5) + m_roundTrip);
    m_clients[1]->Send(m_numbers[0], "c");
    RunUntil(Seconds(15));
    ASSERT_EQ(m_logs[0].GetTexts(), std::vector<std::string>{"c"});
    ExpectTime(m_logs[0].received[0].first, Seconds(10) + m_roundTrip);
    EXPECT_EQ(GetCounter("im_relayed"), 2);
}

TEST_F(ImServerClientTest, KeepsTheOrderOfMessages)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i)
    {
        texts.push_back(std::string(1000, 'x') + std::to_string(i));
        m_clients[0]->Send(m_numbers[1], texts.back());
    }
    RunUntil(Seconds(60));
    EXPECT_EQ(m_logs[1].GetTexts(), texts);
}

TEST_F(ImServerClientTest, EndsTheChatWhenTheReceiverIsNotLoggedIn)
{
    Simulator::Schedule(Time(), &ImServerClient::GoOnline, m_clients[0]);
    RunUntil(Seconds(5));
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "are you on?");
    RunUntil(Seconds(10));
    ExpectEnd("im-server recipient unavailable");
    ExpectTime(m_logs[0].ended[0].first, Seconds(5) + m_roundTrip);
}

TEST_F(ImServerClientTest, ClosesTheChatButNotTheConnection)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Close(m_numbers[1]);
    ExpectEnd("");
    RunUntil(Seconds(10));
    m_clients[0]->Open(m_numbers[1]);
    EXPECT_EQ(m_logs[0].ready.size(), 2U);
    EXPECT_EQ(GetCounter("im_connections"), 2);
}

TEST_F(ImServerClientTest, EndsTheChatWhenThePortIsClosed)
{
    m_clients[0]->SetServer(InetSocketAddress(m_serverAddress, 5223));
    Simulator::Schedule(Time(), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(10));
    ExpectEnd("im-server refused");
    ExpectTime(m_logs[0].ended[0].first, 2 * m_delay);
}

TEST_F(ImServerClientTest, EndsTheChatWhenTheServerDoesNotAnswer)
{
    m_links[0]->SetAttribute("Delay", TimeValue(Hours(10)));
    Simulator::Schedule(Time(), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Hours(1));
    ExpectEnd("im-server timed out");
}

TEST_F(ImServerClientTest, EndsTheChatWhenThePasswordIsWrong)
{
    m_clients[0]->SetAttribute("Password", StringValue("guess"));
    Simulator::Schedule(Time(), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(10));
    ExpectEnd("im-server not authorized");
    EXPECT_EQ(GetCounter("im_log_ins_refused"), 1);
}

TEST_F(ImServerClientTest, EndsTheChatWhenTheBearerFails)
{
    m_bearers[0]->up = false;
    m_bearers[0]->failure = "attach rejected";
    Simulator::Schedule(Time(), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(10));
    ExpectEnd("attach rejected");
}

TEST_F(ImServerClientTest, EndsTheFormerSessionOfTheSameUser)
{
    // RFC 6120 7.7.2.2
    m_clients[1]->SetMsisdn(m_numbers[0]);
    Simulator::Schedule(Time(), [this]() { m_clients[0]->Open("4900"); });
    Simulator::Schedule(Seconds(5), [this]() { m_clients[1]->Open("4900"); });
    RunUntil(Seconds(20));
    ExpectEnd("im-server connection lost");
    EXPECT_EQ(m_logs[1].ready.size(), 1U);
    EXPECT_TRUE(m_logs[1].ended.empty());
}

TEST_F(ImServerClientTest, LogsOutWhenTheApplicationStops)
{
    m_clients[1]->SetStopTime(Seconds(6));
    GoOnline();
    RunUntil(Seconds(10));
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "still there?");
    RunUntil(Seconds(15));
    ExpectEnd("im-server recipient unavailable");
}

TEST_F(ImServerClientTest, KeepsTheConnectionAliveWhenIdle)
{
    m_clients[0]->SetAttribute("KeepAliveInterval", TimeValue(Minutes(1)));
    m_clients[1]->SetAttribute("KeepAliveInterval", TimeValue(Seconds(0)));
    GoOnline();
    RunUntil(Seconds(5 + 600));
    // logged in at 4.008 s; the tenth is sent at 604.008 s and arrives 0.4 s later
    EXPECT_EQ(GetCounter("im_keep_alives"), 10);
}

TEST_F(ImServerClientTest, NeedsNoKeepAliveWhileItSends)
{
    m_clients[0]->SetAttribute("KeepAliveInterval", TimeValue(Minutes(1)));
    m_clients[1]->SetAttribute("KeepAliveInterval", TimeValue(Seconds(0)));
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    for (int i = 0; i < 12; ++i)
    {
        m_clients[0]->Send(m_numbers[1], "x");
        RunUntil(Seconds(5 + 50 * (i + 1)));
    }
    EXPECT_EQ(GetCounter("im_keep_alives"), 0);
}

TEST_F(ImServerClientTest, CostsNoEventWhenIdle)
{
    m_clients[0]->SetAttribute("KeepAliveInterval", TimeValue(Seconds(0)));
    m_clients[1]->SetAttribute("KeepAliveInterval", TimeValue(Seconds(0)));
    GoOnline();
    RunUntil(Seconds(100));
    const uint64_t before = Simulator::GetEventCount();
    RunUntil(Hours(24));
    EXPECT_LE(Simulator::GetEventCount() - before, 2U) << "only the stop events of the test";
}

TEST_F(ImServerClientTest, SendsWhatTsharkUnderstands)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    CaptureAtServer(capture);
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Open("4900");
    m_clients[0]->Send(m_numbers[1], "a < b");
    RunUntil(Seconds(10));
    m_clients[0]->Send("4900", "anybody there?");
    RunUntil(Seconds(15));
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const std::vector<std::string> stanzas{"xmpp.auth", "xmpp.iq", "xmpp.presence", "xmpp.message"};
    std::map<std::string, int> seen;
    for (const auto& frame : capture.Dissect(stanzas))
    {
        for (std::size_t i = 0; i < stanzas.size(); ++i)
        {
            seen[stanzas[i]] += frame[i].empty() ? 0 : 1;
        }
    }
    // Each phone sends its credentials, its request to bind, which is answered, and its presence.
    // One text is sent and sent on, the other is sent and comes back.
    EXPECT_EQ(seen,
              (std::map<std::string, int>{{"xmpp.auth", 2},
                                          {"xmpp.iq", 4},
                                          {"xmpp.presence", 2},
                                          {"xmpp.message", 4}}));
}
