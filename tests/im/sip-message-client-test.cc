// SPDX-License-Identifier: GPL-2.0-only
#include "im-server-test-network.h"

#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sip-message-client.h"
#include "ns3/sip-proxy-server.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Two phones with `sip-message` and a proxy.
class SipMessageClientTest : public ns3::p2pim::test::ServerTestNetwork
{
  protected:
    const Time m_processing = MilliSeconds(2);           ///< the proxy's, for each datagram
    const Time m_roundTrip = 2 * m_delay + m_processing; ///< from a phone to the proxy and back

    void SetUp() override
    {
        ServerTestNetwork::SetUp();
        m_proxy = CreateObject<SipProxyServer>();
        m_proxy->SetAttribute("Address", Ipv4AddressValue(m_serverAddress));
        m_proxy->SetAttribute("ProcessingTime",
                              StringValue("ns3::ConstantRandomVariable[Constant=0.002]"));
        m_server->AddApplication(m_proxy);
        for (uint32_t i = 0; i < PHONES; ++i)
        {
            m_proxy->AddUser(m_numbers[i], "");
            m_clients.push_back(CreateObject<SipMessageClient>());
            m_clients[i]->SetServer(InetSocketAddress(m_serverAddress, 5060));
            Mount(m_clients[i], i);
        }
    }

    /// Both phones register, which takes until Seconds(1).
    void GoOnline()
    {
        Simulator::Schedule(Time(), &SipMessageClient::GoOnline, m_clients[0]);
        Simulator::Schedule(Time(), &SipMessageClient::GoOnline, m_clients[1]);
        RunUntil(Seconds(1));
    }

    double GetCounter(const std::vector<std::pair<std::string, double>>& counters,
                      const std::string& name) const
    {
        for (const auto& counter : counters)
        {
            if (counter.first == name)
            {
                return counter.second;
            }
        }
        ADD_FAILURE() << "no counter " << name;
        return -1;
    }

    Ptr<SipProxyServer> m_proxy;
    std::vector<Ptr<SipMessageClient>> m_clients;
};

} // namespace

TEST_F(SipMessageClientTest, OpensAfterBearerAndRegistration)
{
    m_bearers[0]->up = false;
    Simulator::Schedule(Seconds(1), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(10));
    // The bearer of the test takes 1 s to attach and 1 s for the PDP context, REGISTER one round
    // trip.
    const Time registered = Seconds(3) + m_roundTrip;
    ExpectSteps(0,
                {{Seconds(2), SessionStep::ATTACHED},
                 {Seconds(3), SessionStep::PDP_UP},
                 {registered, SessionStep::REGISTERED}});
    ASSERT_EQ(m_logs[0].ready.size(), 1U);
    ExpectTime(m_logs[0].ready[0].first, registered);
    EXPECT_EQ(m_logs[0].ready[0].second, m_numbers[1]);
    EXPECT_TRUE(m_logs[0].ended.empty());
}

TEST_F(SipMessageClientTest, IsReadyAtOnceWhenRegistered)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    ExpectSteps(0,
                {{Seconds(1), SessionStep::ATTACHED},
                 {Seconds(1), SessionStep::PDP_UP},
                 {Seconds(1), SessionStep::REGISTERED}});
    ASSERT_EQ(m_logs[0].ready.size(), 1U);
    EXPECT_EQ(m_logs[0].ready[0].first, Seconds(1));
}

TEST_F(SipMessageClientTest, StampsThePassedStepsOfARegistrationUnderWay)
{
    Simulator::Schedule(Time(), &SipMessageClient::GoOnline, m_clients[0]);
    Simulator::Schedule(MilliSeconds(300), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(2));
    ExpectSteps(0,
                {{MilliSeconds(300), SessionStep::ATTACHED},
                 {MilliSeconds(300), SessionStep::PDP_UP},
                 {m_roundTrip, SessionStep::REGISTERED}});
}

TEST_F(SipMessageClientTest, DeliversAMessageThroughTheProxy)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "Watson, come here.");
    RunUntil(Seconds(10));
    ASSERT_EQ(m_logs[1].GetTexts(), std::vector<std::string>{"Watson, come here."});
    ExpectTime(m_logs[1].received[0].first, Seconds(1) + m_roundTrip);
    EXPECT_TRUE(m_logs[0].ended.empty());
    // The answer of the round trip beyond the proxy comes at 4 * 400 + 2 * 2 ms, after timer E at
    // 500 and 1500 ms (RFC 3261 17.1.2.2); the registration was repeated at 500 ms.
    EXPECT_EQ(GetCounter(m_clients[0]->GetCounters(), "sip_requests_retransmitted"), 3);
    EXPECT_EQ(GetCounter(m_proxy->GetCounters(), "sip_requests_retransmitted"), 1);
    EXPECT_EQ(GetCounter(m_proxy->GetCounters(), "sip_forwarded"), 1);
    EXPECT_EQ(GetCounter(m_clients[1]->GetCounters(), "sip_requests_repeated"), 1);
}

TEST_F(SipMessageClientTest, AnswersInAChatThatThePeerBegan)
{
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "ping");
    RunUntil(Seconds(5));
    m_clients[1]->Send(m_numbers[0], "pong");
    RunUntil(Seconds(10));
    EXPECT_EQ(m_logs[0].GetTexts(), std::vector<std::string>{"pong"});
}

TEST_F(SipMessageClientTest, HoldsTheNextMessageUntilTheFinalResponse)
{
    // RFC 3428 8: no overlapping MESSAGE requests to one URI
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "1");
    m_clients[0]->Send(m_numbers[1], "2");
    m_clients[0]->Send(m_numbers[1], "3");
    m_clients[0]->Close(m_numbers[1]);
    RunUntil(Seconds(10));
    ASSERT_EQ(m_logs[1].GetTexts(), (std::vector<std::string>{"1", "2", "3"}));
    for (int i = 0; i < 3; ++i)
    {
        ExpectTime(m_logs[1].received[i].first, Seconds(1) + m_roundTrip + 2 * i * m_roundTrip);
    }
    ASSERT_EQ(m_logs[0].ended.size(), 1U);
    EXPECT_EQ(m_logs[0].ended[0].second, "");
    ExpectTime(m_logs[0].ended[0].first, Seconds(1) + 6 * m_roundTrip);
}

TEST_F(SipMessageClientTest, EndsTheChatWithTheServersStatus)
{
    Simulator::Schedule(Time(), &SipMessageClient::GoOnline, m_clients[0]);
    RunUntil(Seconds(1));
    m_clients[0]->Open("4900");
    m_clients[0]->Send("4900", "anybody there?");
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "are you on?");
    RunUntil(Seconds(3));
    ASSERT_EQ(m_logs[0].ended.size(), 2U);
    EXPECT_EQ(m_logs[0].ended[0].second, "sip 404");
    EXPECT_EQ(m_logs[0].ended[1].second, "sip 480");
    ExpectTime(m_logs[0].ended[0].first, Seconds(1) + m_roundTrip);
}

TEST_F(SipMessageClientTest, EndsTheChatAtTimerFWhenThePeerIsOutOfReach)
{
    GoOnline();
    m_links[1]->SetAttribute("Delay", TimeValue(Hours(1)));
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], "hello?");
    RunUntil(Seconds(60));
    ASSERT_EQ(m_logs[0].ended.size(), 1U);
    EXPECT_EQ(m_logs[0].ended[0].second, "sip 408");
    EXPECT_EQ(m_logs[0].ended[0].first, Seconds(1 + 32)); // 64 T1
    EXPECT_EQ(GetCounter(m_proxy->GetCounters(), "sip_abandoned"), 1);
}

TEST_F(SipMessageClientTest, EndsTheChatWhenTheBearerFails)
{
    m_bearers[0]->up = false;
    m_bearers[0]->failure = "attach rejected";
    Simulator::Schedule(Time(), [this]() { m_clients[0]->Open(m_numbers[1]); });
    RunUntil(Seconds(10));
    ASSERT_EQ(m_logs[0].ended.size(), 1U);
    EXPECT_EQ(m_logs[0].ended[0].second, "attach rejected");
}

TEST_F(SipMessageClientTest, DoesNotSendMoreThan1300Octets)
{
    // RFC 3428 8
    GoOnline();
    m_clients[0]->Open(m_numbers[1]);
    m_clients[0]->Send(m_numbers[1], std::string(1000, 'x'));
    ASSERT_EQ(m_logs[0].ended.size(), 1U);
    EXPECT_EQ(m_logs[0].ended[0].second, "sip 513");
}

TEST_F(SipMessageClientTest, RegistersAgainBeforeTheRegistrationExpires)
{
    // 600 s before the end of an hour (TS 24.229 5.1.1.4.1)
    GoOnline();
    RunUntil(Seconds(3000));
    EXPECT_EQ(GetCounter(m_proxy->GetCounters(), "sip_registers"), 2);
    RunUntil(Seconds(3002));
    EXPECT_EQ(GetCounter(m_proxy->GetCounters(), "sip_registers"), 4);
    RunUntil(Seconds(3700));
    m_clients[0]->Open(m_numbers[1]);
    EXPECT_EQ(m_logs[0].ready.size(), 1U) << "still registered";
}

TEST_F(SipMessageClientTest, RegistersAnewWhenTheAddressHasChanged)
{
    GoOnline();
    m_bearers[0]->address = Ipv4Address("10.1.0.77");
    m_clients[0]->Open(m_numbers[1]);
    EXPECT_TRUE(m_logs[0].ready.empty());
}

TEST_F(SipMessageClientTest, CostsNoEventWhenIdle)
{
    GoOnline();
    RunUntil(Seconds(100));
    const uint64_t before = Simulator::GetEventCount();
    RunUntil(Seconds(2900));
    EXPECT_LE(Simulator::GetEventCount() - before, 2U) << "only the stop events of the test";
}

TEST_F(SipMessageClientTest, KeepsAliveOnlyWhenAsked)
{
    m_clients[0]->SetAttribute("KeepAliveInterval", TimeValue(Seconds(30)));
    GoOnline();
    RunUntil(Seconds(301));
    // every 30 s after the registration, at 0.802 s: 10 by 300.802 s, of which the last is on its
    // way
    EXPECT_EQ(GetCounter(m_proxy->GetCounters(), "sip_keep_alives"), 9);
}

TEST_F(SipMessageClientTest, SendsWhatTsharkUnderstands)
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
    m_clients[0]->Send(m_numbers[1], "gr\xc3\xbc\xc3\x9f dich");
    m_clients[0]->Send("4900", "anybody there?");
    RunUntil(Seconds(10));
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    std::map<std::string, int> seen;
    for (const auto& frame : capture.Dissect({"sip.Method", "sip.Status-Code"}))
    {
        ++seen[frame[0] + frame[1]];
    }
    // Both phones register in two transmissions, each answered. The text comes in three and goes on
    // in two, as in DeliversAMessageThroughTheProxy; the phone answers twice, and so does the
    // proxy, the second time to the third transmission. The other text comes in two, and 404 goes
    // twice.
    EXPECT_EQ(seen,
              (std::map<std::string, int>{{"REGISTER", 4},
                                          {"MESSAGE", 3 + 2 + 2},
                                          {"200", 4 + 2 + 2},
                                          {"404", 2}}));
}
