// SPDX-License-Identifier: GPL-2.0-only
#include "im-server-test-network.h"

#include "ns3/pin-relay.h"
#include "ns3/pin-service.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t PORT = 16440;

/// Two phones with the service and a relay.
class PinServiceTest : public ns3::p2pim::test::ServerTestNetwork
{
  protected:
    const Time m_processing = MilliSeconds(2); ///< the relay's, for each datagram
    const Time m_roundTrip = 2 * m_delay + m_processing;
    const std::vector<std::string> m_pins{"2000A001", "2000B002"};

    void SetUp() override
    {
        ServerTestNetwork::SetUp();
        m_relay = CreateObject<PinRelay>();
        m_server->AddApplication(m_relay);
        for (uint32_t n = 0; n < PHONES; ++n)
        {
            m_relay->AddUser(m_pins[n], "");
            m_services.push_back(CreateObject<PinService>());
            m_services[n]->Mount(m_phones[n],
                                 *ParsePin(m_pins[n]),
                                 InetSocketAddress(m_serverAddress, 49440));
            m_services[n]->Listen(
                PORT,
                Callback<void, const std::string&, const std::vector<uint8_t>&>(
                    [this, n](const std::string& from, const std::vector<uint8_t>& data) {
                        m_received[n].emplace_back(Simulator::Now(),
                                                   from + ": " +
                                                       std::string(data.begin(), data.end()));
                    }));
        }
    }

    void TearDown() override
    {
        for (const auto& service : m_services)
        {
            service->Dispose();
        }
        ServerTestNetwork::TearDown();
    }

    void GoOnline(uint32_t phone)
    {
        Simulator::ScheduleNow(&PinService::GoOnline, m_services[phone]);
    }

    void Submit(uint32_t from, const std::string& to, const std::string& text)
    {
        m_services[from]->Submit(to,
                                 PORT,
                                 PORT,
                                 {text.begin(), text.end()},
                                 Callback<void, bool, const std::string&>(
                                     [this](bool accepted, const std::string& cause) {
                                         m_outcomes.emplace_back(Simulator::Now(),
                                                                 accepted ? "accepted" : cause);
                                     }));
    }

    double GetCounter(const std::string& name) const
    {
        for (const auto& counter : m_relay->GetCounters())
        {
            if (counter.first == name)
            {
                return counter.second;
            }
        }
        ADD_FAILURE() << name;
        return -1;
    }

    Ptr<PinRelay> m_relay;
    std::vector<Ptr<PinService>> m_services;
    std::vector<std::pair<Time, std::string>> m_received[PHONES];
    std::vector<std::pair<Time, std::string>> m_outcomes;
};

} // namespace

TEST_F(PinServiceTest, CarriesAMessageToAPin)
{
    GoOnline(0);
    GoOnline(1);
    RunUntil(Seconds(5));
    EXPECT_TRUE(m_services[0]->IsRegistered());
    Submit(0, m_pins[1], "hello");
    RunUntil(Seconds(10));
    ASSERT_EQ(m_received[1].size(), 1U);
    EXPECT_EQ(m_received[1][0].second, "2000A001: hello");
    ExpectTime(m_received[1][0].first, Seconds(5) + m_roundTrip);
    ASSERT_EQ(m_outcomes.size(), 1U);
    EXPECT_EQ(m_outcomes[0].second, "accepted");
    ExpectTime(m_outcomes[0].first, Seconds(5) + m_roundTrip);
}

// the bearer of the test takes 2 s, registration and submission a round trip each
TEST_F(PinServiceTest, BringsUpBearerAndRegistrationForASubmission)
{
    m_bearers[0]->up = false;
    Submit(0, m_pins[1], "hello");
    RunUntil(Seconds(10));
    ASSERT_EQ(m_outcomes.size(), 1U);
    EXPECT_EQ(m_outcomes[0].second, "accepted");
    ExpectTime(m_outcomes[0].first, Seconds(2) + 2 * m_roundTrip);
    EXPECT_TRUE(m_received[1].empty());
    GoOnline(1);
    RunUntil(Seconds(20));
    EXPECT_EQ(m_received[1].size(), 1U);
}

TEST_F(PinServiceTest, ABearerThatFailsFailsTheSubmission)
{
    m_bearers[0]->up = false;
    m_bearers[0]->failure = "gprs attach timeout";
    Submit(0, m_pins[1], "hello");
    RunUntil(Seconds(10));
    ASSERT_EQ(m_outcomes.size(), 1U);
    EXPECT_EQ(m_outcomes[0].second, "gprs attach timeout");
}

TEST_F(PinServiceTest, WhatIsNoPinIsRefusedAtOnce)
{
    Submit(0, "447700900001", "hello");
    Submit(0, m_pins[1], std::string(m_services[0]->GetMaxUserData() + 1, 'x'));
    ASSERT_EQ(m_outcomes.size(), 2U);
    EXPECT_EQ(m_outcomes[0].second, "pin malformed");
    EXPECT_EQ(m_outcomes[1].second, "pin message too long");
}

// the interface gets another address, as from another PDP context; the next keep-alive sees it
TEST_F(PinServiceTest, RegistersAnewWhenTheAddressChanges)
{
    GoOnline(0);
    GoOnline(1);
    RunUntil(Seconds(5));
    const Ipv4Address moved("10.1.0.77");
    LeanStackHelper::SetAddress(m_phones[1], 1, moved);
    LeanStackHelper::GetRouting(m_router)->AddHostRoute(moved, 3);
    m_bearers[1]->address = moved;
    Submit(0, m_pins[1], "hello");
    RunUntil(Seconds(8));
    EXPECT_TRUE(m_received[1].empty());
    m_services[1]->CheckAddress();
    RunUntil(Seconds(12));
    ASSERT_EQ(m_received[1].size(), 1U);
    ExpectTime(m_received[1][0].first, Seconds(8) + m_roundTrip);
    EXPECT_EQ(GetCounter("pin_address_changes"), 1);
}

// six keep-alives an hour and phone, and nothing else
TEST_F(PinServiceTest, AnIdlePhoneSendsItsKeepAlivesOnly)
{
    GoOnline(0);
    RunUntil(Hours(1) + Minutes(5));
    EXPECT_EQ(GetCounter("pin_registrations"), 1 + 6);
    // REGISTER has 16 octets
    EXPECT_EQ(GetCounter("pin_octets_received"), 16 * (1 + 6));
    m_services[0]->GoOffline();
    RunUntil(Hours(3));
    EXPECT_EQ(GetCounter("pin_registrations"), 1 + 6 + 1); // the last one with no lifetime
    EXPECT_FALSE(m_services[0]->IsRegistered());
    EXPECT_TRUE(Simulator::IsFinished());
}

// the relay is gone for as long as five transmissions take
TEST_F(PinServiceTest, ARelayThatIsGoneTimesOut)
{
    m_links[0]->SetAttribute("Delay", TimeValue(Hours(1)));
    Submit(0, m_pins[1], "hello");
    RunUntil(Minutes(5));
    ASSERT_EQ(m_outcomes.size(), 1U);
    EXPECT_EQ(m_outcomes[0].second, "pin relay timed out");
    EXPECT_EQ(m_outcomes[0].first, Seconds(124));
}
