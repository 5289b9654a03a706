// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/im-helper.h"
#include "ns3/nstime.h"
#include "ns3/peer-to-peer-client.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <map>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Two phones with the p2p client on a whole network, and what their clients report.
class PeerToPeer : public testing::Test
{
  protected:
    struct User
    {
        Ptr<Node> phone;
        Ptr<PeerToPeerClient> client;
        std::vector<std::pair<SessionStep, Time>> steps;
        std::vector<Time> ready;
        std::vector<std::string> received;
        std::vector<std::pair<std::string, Time>> ended;
    };

    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(2));
    }

    /// Builds the network with the defaults of now.
    void Build()
    {
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_im = std::make_unique<ImHelper>("p2p", m_network);
        m_network->AssignStreams(1 + m_im->AssignStreams(1));
        for (uint32_t n = 0; n < 2; ++n)
        {
            auto& user = m_users[n];
            user.phone = m_network->AddPhone(n);
            user.client = DynamicCast<PeerToPeerClient>(m_im->Install(user.phone));
            user.client->TraceConnectWithoutContext("Step",
                                                    MakeCallback(&PeerToPeer::Step, this).Bind(n));
            user.client->SetReadyCallback(MakeCallback(&PeerToPeer::Ready, this).Bind(n));
            user.client->SetReceiveCallback(MakeCallback(&PeerToPeer::Received, this).Bind(n));
            user.client->SetEndCallback(MakeCallback(&PeerToPeer::Ended, this).Bind(n));
        }
    }

    void TearDown() override
    {
        Simulator::Destroy();
        m_network->Dispose();
        Config::Reset();
    }

    const Msisdn& NumberOf(uint32_t user) const
    {
        return m_users[user].client->GetMsisdn();
    }

    void Open(uint32_t user, Time when)
    {
        Simulator::ScheduleWithContext(m_users[user].phone->GetId(),
                                       when,
                                       &ImClient::Open,
                                       m_users[user].client,
                                       NumberOf(1 - user));
    }

    void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// The first port that ns-3 gives to a socket that asks for any.
    static constexpr uint16_t FIRST_PORT = 49153;

    Ptr<CellularNetwork> m_network;
    std::unique_ptr<ImHelper> m_im;
    User m_users[2];

    static void CaptureGn(::p2pim::oracle::Capture* capture, Ptr<const Packet> packet)
    {
        capture->Add(ToOctets(packet));
    }

    static void CaptureLayer3(::p2pim::oracle::Capture* capture,
                              bool uplink,
                              uint8_t,
                              const std::vector<uint8_t>& message)
    {
        capture->AddPdu("gsm_a_dtap", message, uplink);
    }

  private:
    void Step(uint32_t user, const Msisdn&, SessionStep step)
    {
        m_users[user].steps.emplace_back(step, Simulator::Now());
    }

    void Ready(uint32_t user, const Msisdn&)
    {
        m_users[user].ready.push_back(Simulator::Now());
    }

    void Received(uint32_t user, const Msisdn&, const std::string& text)
    {
        m_users[user].received.push_back(text);
    }

    void Ended(uint32_t user, const Msisdn&, const std::string& cause)
    {
        m_users[user].ended.emplace_back(cause, Simulator::Now());
    }
};

std::vector<SessionStep>
NamesOf(const std::vector<std::pair<SessionStep, Time>>& steps)
{
    std::vector<SessionStep> names;
    names.reserve(steps.size());
    for (const auto& [step, time] : steps)
    {
        names.push_back(step);
    }
    return names;
}

} // namespace

// steps 210 to 280 of the invitation protocol, each on the phone where it happens
TEST_F(PeerToPeer, PassesTheStepsOfTheProtocolInOrder)
{
    Build();
    Open(0, Seconds(1));
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
    EXPECT_EQ(m_users[0].ready.size(), 1U);
    EXPECT_EQ(m_users[1].ready.size(), 1U);
    // the target can send first: its ACK has yet to reach the initiator
    EXPECT_LT(m_users[1].ready[0], m_users[0].ready[0]);
}

TEST_F(PeerToPeer, CarriesMessagesBothWaysAndEndsInOrder)
{
    Build();
    Open(0, Seconds(1));
    RunFor(Minutes(1));
    m_users[0].client->Send(NumberOf(1), "hello");
    m_users[1].client->Send(NumberOf(0), "hello yourself");
    RunFor(Minutes(1));
    EXPECT_EQ(m_users[1].received, std::vector<std::string>{"hello"});
    EXPECT_EQ(m_users[0].received, std::vector<std::string>{"hello yourself"});
    m_users[0].client->Close(NumberOf(1));
    RunFor(Minutes(10));
    for (const auto& user : m_users)
    {
        ASSERT_EQ(user.ended.size(), 1U);
        EXPECT_EQ(user.ended[0].first, "");
        EXPECT_EQ(user.client->GetChatCount(), 0U);
    }
    EXPECT_TRUE(Simulator::IsFinished()); // nothing is left to fire
}

// every GTP packet and every layer 3 message of the cells, from the press to the end
TEST_F(PeerToPeer, AWholeChatIsCleanForTshark)
{
    using ::p2pim::oracle::Capture;
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    Build();
    Capture gn(Capture::Link::RAW_IP);
    Capture radio(Capture::Link::EXPORTED_PDU);
    for (const auto* trace : {"Tx", "Rx"})
    {
        m_network->GetGnDevice()->TraceConnectWithoutContext(
            trace,
            MakeCallback(&PeerToPeer::CaptureGn).Bind(&gn));
    }
    for (const auto& cell : m_network->GetGsmCells())
    {
        cell->TraceConnectWithoutContext("Layer3",
                                         MakeCallback(&PeerToPeer::CaptureLayer3).Bind(&radio));
    }
    Open(0, Seconds(1));
    RunFor(Minutes(1));
    m_users[0].client->Send(NumberOf(1), "hello");
    RunFor(Minutes(1));
    m_users[0].client->Close(NumberOf(1));
    RunFor(Minutes(1));
    ASSERT_EQ(m_users[1].received.size(), 1U);

    EXPECT_EQ(gn.FindFaults(), std::vector<std::string>{});
    uint32_t creates = 0;
    uint32_t texts = 0;
    for (const auto& frame : gn.Dissect({"gtp.message", "tcp.payload"}))
    {
        creates += frame[0] == "0x10" ? 1 : 0;
        texts += frame[1].find("68656c6c6f") != std::string::npos ? 1 : 0; // "hello"
    }
    EXPECT_EQ(creates, 2U); // a PDP context each
    EXPECT_EQ(texts, 2U);   // up to the GGSN, and down again

    EXPECT_EQ(radio.FindFaults(), std::vector<std::string>{});
    uint32_t ports = 0;
    for (const auto& frame : radio.Dissect({"gsm_sms.destination_port"}))
    {
        ports += frame[0] == "16440" ? 1 : 0;
    }
    EXPECT_EQ(ports, 2U); // SMS-SUBMIT and SMS-DELIVER
}

TEST_F(PeerToPeer, ATargetThatComesTooLateIsRefused)
{
    Config::SetDefault("ns3::p2pim::PeerToPeerClient::AnswerTime", TimeValue(Seconds(30)));
    Build();
    Open(0, Seconds(1));
    RunFor(Seconds(30)); // the invitation is there, the target's user still thinks
    ASSERT_FALSE(m_users[1].steps.empty());
    m_users[0].client->Close(NumberOf(1));
    RunFor(Minutes(5));
    ASSERT_EQ(m_users[1].ended.size(), 1U);
    EXPECT_EQ(m_users[1].ended[0].first, "tcp refused");
    EXPECT_TRUE(m_users[1].ready.empty());
}

// ETSI TS 102 250: a short message counts as lost after 175 s
TEST_F(PeerToPeer, AnInvitationToAPhoneThatIsOffIsGivenUp)
{
    Build();
    m_users[1].phone->GetObject<GsmMobileStation>()->SetPoweredOn(false);
    Open(0, Seconds(1));
    RunFor(Minutes(10));
    ASSERT_EQ(m_users[0].ended.size(), 1U);
    EXPECT_EQ(m_users[0].ended[0].first, "invitation unanswered");
    const auto submitted = m_users[0].steps[3];
    ASSERT_EQ(submitted.first, SessionStep::SMS_SUBMITTED);
    EXPECT_EQ(m_users[0].ended[0].second, submitted.second + Seconds(175));
}

TEST_F(PeerToPeer, TwoUsersWhoInviteEachOtherGetOneChat)
{
    Build();
    Open(0, Seconds(1));
    Open(1, Seconds(2));
    RunFor(Minutes(5));
    for (auto& user : m_users)
    {
        EXPECT_EQ(user.ready.size(), 1U);
        EXPECT_EQ(user.client->GetChatCount(), 1U);
        EXPECT_TRUE(user.ended.empty());
    }
    m_users[1].client->Send(NumberOf(0), "it was your invitation");
    RunFor(Minutes(1));
    EXPECT_EQ(m_users[0].received.size(), 1U);
    // the invitation of the lower number stood: user 1 connected to user 0
    EXPECT_EQ(m_users[1].steps.back().first, SessionStep::ESTABLISHED);
}

TEST_F(PeerToPeer, SwitchingOffEndsTheChatOfTheOtherPhoneToo)
{
    Build();
    m_users[0].client->SetStopTime(Seconds(60));
    Open(0, Seconds(1));
    RunFor(Minutes(5));
    ASSERT_EQ(m_users[0].ended.size(), 1U);
    EXPECT_EQ(m_users[0].ended[0].first, "switched off");
    ASSERT_EQ(m_users[1].ended.size(), 1U);
    EXPECT_EQ(m_users[1].ended[0].first, "");
}

// RFC 4975 7.1.1: a SEND without a response in time has failed
TEST_F(PeerToPeer, AMessageWithoutAResponseInTimeEndsTheChat)
{
    Config::SetDefault("ns3::p2pim::PeerToPeerClient::ResponseTimeout",
                       TimeValue(MilliSeconds(100))); // less than any round trip
    Build();
    Open(0, Seconds(1));
    RunFor(Minutes(1));
    m_users[0].client->Send(NumberOf(1), "anybody there?");
    const auto sent = Simulator::Now();
    RunFor(Minutes(1));
    ASSERT_EQ(m_users[0].ended.size(), 1U);
    EXPECT_EQ(m_users[0].ended[0].first, "msrp timeout");
    EXPECT_EQ(m_users[0].ended[0].second, sent + MilliSeconds(100));
}

TEST_F(PeerToPeer, AShortMessageThatIsNoInvitationIsIgnored)
{
    Build();
    const auto sender = m_users[0].phone->GetObject<GsmMobileStation>();
    const std::string text = "msrp://10.0.0.2:0/x;tcp"; // no such port
    sender->Submit(NumberOf(1),
                   16440,
                   16440,
                   {text.begin(), text.end()},
                   MakeCallback(+[](bool, const std::string&) {}));
    RunFor(Minutes(1));
    EXPECT_TRUE(m_users[1].steps.empty());
    EXPECT_EQ(m_users[1].client->GetChatCount(), 0U);
}

// claim 31: not for everyone, but for this one target
TEST_F(PeerToPeer, AListenerIsForOneTargetOnly)
{
    Build();
    Open(0, Seconds(1));
    RunFor(Minutes(1));
    ASSERT_EQ(m_users[0].ready.size(), 1U);
    // a second connection to the port, as from a third party that has read the invitation
    auto intruder = PeerTcpSocket::Create(m_network->GetServer());
    intruder->Connect(
        InetSocketAddress(m_users[0].phone->GetObject<PacketBearer>()->GetAddress(), FIRST_PORT));
    RunFor(Minutes(2));
    EXPECT_EQ(intruder->GetFailure(), TcpFailure::REFUSED);
    EXPECT_EQ(m_users[0].client->GetChatCount(), 1U);
}

// RFC 4975 10.8: 481 to a request for a session that does not exist here
TEST_F(PeerToPeer, ASendForAnotherSessionIsAnswered481)
{
    Build();
    m_users[1].phone->GetObject<GsmMobileStation>()->SetPoweredOn(false);
    Open(0, Seconds(1));
    RunFor(Seconds(20));
    auto stranger = PeerTcpSocket::Create(m_network->GetServer());
    stranger->Connect(
        InetSocketAddress(m_users[0].phone->GetObject<PacketBearer>()->GetAddress(), FIRST_PORT));
    RunFor(Seconds(20));
    const auto request = EncodeMsrp(MsrpSend{"abcd",
                                             "msrp://10.0.0.2:49152/guessed;tcp",
                                             "msrp://203.0.113.2:1/x;tcp",
                                             "1",
                                             "x"});
    stranger->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(request.data()),
                                  static_cast<uint32_t>(request.size())),
                   0);
    RunFor(Seconds(20));
    const auto answer = stranger->Recv(UINT32_MAX, 0);
    ASSERT_TRUE(answer);
    std::string octets(answer->GetSize(), ' ');
    answer->CopyData(reinterpret_cast<uint8_t*>(octets.data()), answer->GetSize());
    EXPECT_EQ(octets.substr(0, octets.find('\r')), "MSRP abcd 481");
    EXPECT_TRUE(m_users[0].received.empty());
}
