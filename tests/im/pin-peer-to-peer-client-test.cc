// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/im-helper.h"
#include "ns3/nstime.h"
#include "ns3/octets.h"
#include "ns3/pin-peer-to-peer-client.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Two phones with the scheme p2p-pin on a whole network.
class PinPeerToPeer : public testing::Test
{
  protected:
    struct User
    {
        Ptr<Node> phone;
        Ptr<PinPeerToPeerClient> client;
        std::vector<std::pair<SessionStep, Time>> steps;
        std::vector<std::string> received;
        std::vector<std::string> ended;
    };

    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(2));
    }

    void Build()
    {
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_im = std::make_unique<ImHelper>("p2p-pin", m_network);
        m_network->AssignStreams(1 + m_im->AssignStreams(1));
        for (uint32_t n = 0; n < 2; ++n)
        {
            auto& user = m_users[n];
            user.phone = m_network->AddPhone(n);
            user.client = DynamicCast<PinPeerToPeerClient>(m_im->Install(user.phone));
            user.client->TraceConnectWithoutContext(
                "Step",
                Callback<void, const Msisdn&, SessionStep>(
                    [&user](const Msisdn&, SessionStep step) {
                        user.steps.emplace_back(step, Simulator::Now());
                    }));
            user.client->SetReceiveCallback(Callback<void, const Msisdn&, const std::string&>(
                [&user](const Msisdn&, const std::string& text) {
                    user.received.push_back(text);
                }));
            user.client->SetEndCallback(Callback<void, const Msisdn&, const std::string&>(
                [&user](const Msisdn&, const std::string& cause) { user.ended.push_back(cause); }));
        }
    }

    void TearDown() override
    {
        Simulator::Destroy();
        m_network->Dispose();
        Config::Reset();
    }

    void GoOnline(uint32_t user, Time when)
    {
        Simulator::ScheduleWithContext(m_users[user].phone->GetId(),
                                       when,
                                       &ImClient::GoOnline,
                                       m_users[user].client);
    }

    void Open(uint32_t user, Time when)
    {
        Simulator::ScheduleWithContext(m_users[user].phone->GetId(),
                                       when,
                                       &ImClient::Open,
                                       m_users[user].client,
                                       m_users[1 - user].client->GetMsisdn());
    }

    static void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    double Get(const std::string& element, const std::string& name) const
    {
        auto all = m_network->GetCounters();
        for (auto& each : m_im->GetCounters())
        {
            all.push_back(each);
        }
        double sum = 0;
        for (const auto& [which, counters] : all)
        {
            for (const auto& counter : counters)
            {
                sum += which.rfind(element, 0) == 0 && counter.first == name ? counter.second : 0;
            }
        }
        return sum;
    }

    static std::vector<SessionStep> NamesOf(const std::vector<std::pair<SessionStep, Time>>& steps)
    {
        std::vector<SessionStep> names;
        names.reserve(steps.size());
        for (const auto& step : steps)
        {
            names.push_back(step.first);
        }
        return names;
    }

    Ptr<CellularNetwork> m_network;
    std::unique_ptr<ImHelper> m_im;
    User m_users[2];
};

} // namespace

// the protocol of p2p, with not one octet by SMS
TEST_F(PinPeerToPeer, InvitesByPinAndTalksDirectly)
{
    Build();
    GoOnline(1, Seconds(1));
    Open(0, Seconds(60));
    RunFor(Minutes(2));
    EXPECT_EQ(NamesOf(m_users[0].steps),
              (std::vector<SessionStep>{SessionStep::ATTACHED,
                                        SessionStep::PDP_UP,
                                        SessionStep::LISTENING,
                                        SessionStep::SMS_SUBMITTED,
                                        SessionStep::SMS_ACCEPTED}));
    EXPECT_EQ(NamesOf(m_users[1].steps),
              (std::vector<SessionStep>{SessionStep::SMS_DELIVERED,
                                        SessionStep::TARGET_BEARER_UP,
                                        SessionStep::SYN_SENT,
                                        SessionStep::ESTABLISHED}));
    m_users[0].client->Send(m_users[1].client->GetMsisdn(), "hello");
    m_users[1].client->Send(m_users[0].client->GetMsisdn(), "hello yourself");
    RunFor(Minutes(1));
    EXPECT_EQ(m_users[1].received, std::vector<std::string>{"hello"});
    EXPECT_EQ(m_users[0].received, std::vector<std::string>{"hello yourself"});
    EXPECT_EQ(Get("smsc", "messages_accepted"), 0);
    EXPECT_EQ(Get("cell-", "sdcch_seizures"), 0);
    EXPECT_EQ(Get("server", "pin_delivered"), 1);
    EXPECT_EQ(Get("server", "pin_registrations"), 2);
    m_users[0].client->Close(m_users[1].client->GetMsisdn());
    RunFor(Minutes(1));
    EXPECT_EQ(m_users[0].ended, std::vector<std::string>{""});
    EXPECT_EQ(m_users[1].ended, std::vector<std::string>{""});
}

// the relay needs the target's address; SMS would have found the phone
TEST_F(PinPeerToPeer, ATargetThatIsNotOnlineIsInvitedWhenItComes)
{
    Build();
    Open(0, Seconds(1));
    GoOnline(1, Seconds(100));
    RunFor(Seconds(90));
    EXPECT_EQ(m_users[0].steps.back().first, SessionStep::SMS_ACCEPTED);
    EXPECT_TRUE(m_users[1].steps.empty());
    EXPECT_EQ(Get("server", "pin_stored"), 1);
    RunFor(Seconds(60));
    ASSERT_EQ(m_users[1].steps.size(), 4U);
    EXPECT_EQ(m_users[1].steps.back().first, SessionStep::ESTABLISHED);
}

TEST_F(PinPeerToPeer, AnInvitationToNobodyEndsTheChat)
{
    Build();
    Simulator::ScheduleWithContext(m_users[0].phone->GetId(),
                                   Seconds(1),
                                   &ImClient::Open,
                                   m_users[0].client,
                                   "2FFFFFFF");
    RunFor(Minutes(1));
    EXPECT_EQ(m_users[0].ended, std::vector<std::string>{"pin unknown"});
    EXPECT_EQ(m_users[0].client->GetChatCount(), 0U);
}

// a registration every ten minutes, for as long as the phone is on
TEST_F(PinPeerToPeer, APhoneThatIsOnlineKeepsItsRegistration)
{
    Build();
    m_users[1].client->SetStopTime(Minutes(95));
    GoOnline(1, Seconds(1));
    RunFor(Minutes(65));
    EXPECT_EQ(Get("server", "pin_registrations"), 1 + 6);
    RunFor(Minutes(60));
    // three more keep-alives, and the one that ends it
    EXPECT_EQ(Get("server", "pin_registrations"), 1 + 9 + 1);
    EXPECT_FALSE(m_users[1].client->GetService()->IsRegistered());
}

// the datagrams as they pass the Gn interface, in GTP
TEST_F(PinPeerToPeer, TheInvitationOnTheWireIsCleanForTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    Build();
    ::p2pim::oracle::Capture gn(::p2pim::oracle::Capture::Link::RAW_IP);
    for (const auto* trace : {"Tx", "Rx"})
    {
        m_network->GetGnDevice()->TraceConnectWithoutContext(
            trace,
            Callback<void, Ptr<const Packet>>(
                [&gn](Ptr<const Packet> packet) { gn.Add(ToOctets(packet)); }));
    }
    GoOnline(1, Seconds(1));
    Open(0, Seconds(60));
    RunFor(Minutes(2));
    EXPECT_EQ(gn.FindFaults(), std::vector<std::string>{});
    uint32_t datagrams = 0;
    uint32_t invitations = 0;
    for (const auto& frame : gn.Dissect({"udp.dstport", "data.data"}))
    {
        datagrams += frame[0].find("49440") != std::string::npos ? 1 : 0;
        // "msrp://", once from the initiator and once to the target
        invitations += frame[1].find("6d7372703a2f2f") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(datagrams, 8U); // REGISTER twice, SUBMIT, DELIVER, each with its answer
    EXPECT_EQ(invitations, 2U);
}

TEST_F(PinPeerToPeer, ThePinIsMadeOfTheNumber)
{
    Build();
    EXPECT_EQ(PinPeerToPeerClient::MakePin("447700000001"), "20000001");
    EXPECT_EQ(m_users[0].client->GetMsisdn(), "20000001");
    EXPECT_EQ(m_users[1].client->GetMsisdn(), "20000002");
}
