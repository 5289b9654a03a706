// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/boolean.h"
#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/node-list.h"
#include "ns3/simulator.h"
#include "ns3/smpp-client.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t PORT = 9000;

/// An ESME on the server host, an SMSC with a door, and a phone in a cell.
class SmppNetwork : public testing::Test
{
  protected:
    void Build()
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
        Config::SetDefault("ns3::p2pim::CellularNetwork::SmppServer", BooleanValue(true));
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_network->AssignStreams(1);
        m_phone = m_network->AddPhone(0)->GetObject<GsmMobileStation>();
        m_phone->Listen(PORT,
                        Callback<void, const std::string&, const std::vector<uint8_t>&>(
                            [this](const std::string& from, const std::vector<uint8_t>& data) {
                                m_received.emplace_back(Simulator::Now(),
                                                        from + ": " +
                                                            std::string(data.begin(), data.end()));
                            }));
        m_esme = CreateObject<SmppClient>();
        m_esme->SetServer(InetSocketAddress(m_network->GetSmscAddress(), 2775));
        m_esme->SetReceiptCallback(
            Callback<void, const SmppReceipt&>([this](const SmppReceipt& receipt) {
                m_receipts.emplace_back(Simulator::Now(), receipt);
            }));
        m_network->GetServer()->AddApplication(m_esme);
    }

    void TearDown() override
    {
        Simulator::Destroy();
        if (m_network)
        {
            m_network->Dispose();
        }
        Config::Reset();
    }

    SmppMessage MakeMessage() const
    {
        SmppMessage message;
        message.source = {smpp_ton::INTERNATIONAL, 1, "441632960000"};
        message.destination = {smpp_ton::INTERNATIONAL, 1, m_phone->GetMsisdn()};
        message.dataCoding = 4;
        message.destinationPort = PORT;
        message.registeredDelivery = smpp_receipt::FINAL;
        message.shortMessage = {'h', 'e', 'l', 'l', 'o'};
        return message;
    }

    void Submit(const SmppMessage& message)
    {
        m_esme->Submit(message,
                       Callback<void, const std::string&, const std::string&>(
                           [this](const std::string& cause, const std::string& id) {
                               m_outcomes.push_back(cause.empty() ? id : cause);
                           }));
    }

    static void RunUntil(Time end)
    {
        Simulator::Stop(end - Simulator::Now());
        Simulator::Run();
    }

    Ptr<CellularNetwork> m_network;
    Ptr<GsmMobileStation> m_phone;
    Ptr<SmppClient> m_esme;
    std::vector<std::string> m_outcomes; ///< message id, or cause
    std::vector<std::pair<Time, std::string>> m_received;
    std::vector<std::pair<Time, SmppReceipt>> m_receipts;
};

} // namespace

// one leg of 3 to 5 s (C4) and the SMSC's 1 to 2 s (C2), and up to 1.2 s for the paging group
TEST_F(SmppNetwork, AnExternalSenderReachesAPhoneAndGetsItsReceipt)
{
    Build();
    RunUntil(Seconds(10));
    Submit(MakeMessage());
    RunUntil(Minutes(1));
    ASSERT_EQ(m_outcomes, std::vector<std::string>{"0000000001"});
    ASSERT_EQ(m_received.size(), 1U);
    EXPECT_EQ(m_received[0].second, "441632960000: hello");
    EXPECT_GT(m_received[0].first, Seconds(10 + 1 + 2));
    EXPECT_LT(m_received[0].first, Seconds(10 + 2 + 5 + 1.2));
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_GT(m_receipts[0].first, m_received[0].first);
    EXPECT_EQ(m_receipts[0].second.messageId, "0000000001");
    EXPECT_EQ(m_receipts[0].second.state, SmppMessageState::DELIVERED);
    EXPECT_EQ(m_receipts[0].second.submitted, 1199145600); // Smsc.Epoch
}

// MAP's error unknownSubscriber is 1 (TS 29.002 17.6.6)
TEST_F(SmppNetwork, ANumberThatNobodyHasIsFoundOutByTheHlr)
{
    Build();
    auto message = MakeMessage();
    message.destination.digits = "447799999999";
    Submit(message);
    RunUntil(Minutes(1));
    EXPECT_EQ(m_outcomes, std::vector<std::string>{"0000000001"});
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].second.state, SmppMessageState::UNDELIVERABLE);
    EXPECT_EQ(m_receipts[0].second.error, 1);
    EXPECT_TRUE(m_received.empty());
}

TEST_F(SmppNetwork, AFullStoreRefuses)
{
    Config::SetDefault("ns3::p2pim::Smsc::MaxMessages", UintegerValue(2));
    Build();
    m_phone->SetPoweredOn(false);
    for (int n = 0; n < 3; ++n)
    {
        Submit(MakeMessage());
    }
    RunUntil(Minutes(1));
    EXPECT_EQ(m_outcomes, (std::vector<std::string>{"0000000001", "0000000002", "ESME_RMSGQFUL"}));
}

TEST_F(SmppNetwork, AMessageWaitsForAPhoneThatIsOffUntilItExpires)
{
    Build();
    m_phone->SetPoweredOn(false);
    auto message = MakeMessage();
    message.validityPeriod = FormatSmppSpan(2 * 3600);
    Submit(message);
    message.validityPeriod = FormatSmppSpan(24 * 3600);
    Submit(message);
    RunUntil(Hours(1));
    std::vector<std::string> states;
    m_esme->Query({"0000000001", message.source},
                  Callback<void, const std::string&, const SmppQueryResp&>(
                      [&](const std::string& cause, const SmppQueryResp& answer) {
                          states.push_back(cause +
                                           std::to_string(static_cast<int>(answer.messageState)));
                      }));
    RunUntil(Hours(3));
    EXPECT_EQ(states, std::vector<std::string>{"1"}); // ENROUTE
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].second.messageId, "0000000001");
    EXPECT_EQ(m_receipts[0].second.state, SmppMessageState::EXPIRED);
    m_phone->SetPoweredOn(true); // AlertSC wakes the second one
    RunUntil(Hours(3) + Minutes(1));
    ASSERT_EQ(m_receipts.size(), 2U);
    EXPECT_EQ(m_receipts[1].second.messageId, "0000000002");
    EXPECT_EQ(m_receipts[1].second.state, SmppMessageState::DELIVERED);
    EXPECT_EQ(m_received.size(), 1U);
}

TEST_F(SmppNetwork, ACancelledMessageIsNotDelivered)
{
    Build();
    m_phone->SetPoweredOn(false);
    Submit(MakeMessage());
    RunUntil(Minutes(1));
    std::string outcome = "none";
    m_esme->Cancel({"", "0000000001", MakeMessage().source, MakeMessage().destination},
                   Callback<void, const std::string&>(
                       [&outcome](const std::string& cause) { outcome = cause; }));
    RunUntil(Minutes(2));
    m_phone->SetPoweredOn(true);
    RunUntil(Hours(1));
    EXPECT_EQ(outcome, "");
    EXPECT_TRUE(m_received.empty());
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].second.state, SmppMessageState::DELETED);
}

// what the SMSC has answered survives its crash; what it has not, the sender is told of
TEST_F(SmppNetwork, ACrashOfTheSmscLosesNoAcceptedMessage)
{
    Build();
    RunUntil(Seconds(10));
    Submit(MakeMessage());
    RunUntil(Seconds(10.4)); // accepted
    ASSERT_EQ(m_outcomes, std::vector<std::string>{"0000000001"});
    m_network->GetSmsc()->Crash();
    Submit(MakeMessage());
    RunUntil(Minutes(2));
    EXPECT_EQ(m_outcomes, (std::vector<std::string>{"0000000001", "smpp response timeout"}));
    EXPECT_TRUE(m_received.empty());
    m_network->GetSmsc()->Restart();
    RunUntil(Minutes(4));
    EXPECT_EQ(m_received.size(), 1U);
    ASSERT_EQ(m_receipts.size(), 1U);
    EXPECT_EQ(m_receipts[0].second.messageId, "0000000001");
}

TEST_F(SmppNetwork, WithoutTheDoorNothingIsAdded)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
    m_network = CreateObject<CellularNetwork>();
    m_network->Build();
    EXPECT_EQ(NodeList::GetNNodes(), 4U); // SGSN, GGSN, router, server host
    EXPECT_FALSE(m_network->GetSmppServer());
    for (const auto& element : m_network->GetCounters())
    {
        EXPECT_NE(element.first, "smsc-door");
    }
}
