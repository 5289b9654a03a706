// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_IM_SERVER_TEST_NETWORK_H
#define P2PIM_TESTS_IM_SERVER_TEST_NETWORK_H

#include "oracle/dissection.h"

#include "ns3/core-link.h"
#include "ns3/data-rate.h"
#include "ns3/host-routing.h"
#include "ns3/im-client.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet-bearer.h"
#include "ns3/packet.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{
namespace test
{

/// A bearer that is up, or comes up or fails after a delay, as a test wants it.
class TestBearer : public PacketBearer
{
  public:
    bool IsUp() const override
    {
        return up;
    }

    Ipv4Address GetAddress() const override
    {
        return up ? address : Ipv4Address::GetAny();
    }

    void BringUp(AttachedCallback attached, DoneCallback done) override
    {
        if (up)
        {
            attached();
            done(true, "");
            return;
        }
        Simulator::Schedule(activation / 2, [attached]() { attached(); });
        Simulator::Schedule(activation, [this, done]() {
            up = failure.empty();
            done(up, failure);
        });
    }

    Ipv4Address address;
    bool up{true};
    std::string failure;         ///< the cause with which the activation fails; empty: it succeeds
    Time activation{Seconds(2)}; ///< of which half is the attach
};

/// What the user model of one phone was told, with the times.
struct UserLog
{
    std::vector<std::pair<Time, SessionStep>> steps;
    std::vector<std::pair<Time, Msisdn>> ready;
    std::vector<std::pair<Time, std::string>> received;
    std::vector<std::pair<Time, std::string>> ended; ///< with the cause

    /// @return the texts received, in order.
    std::vector<std::string> GetTexts() const
    {
        std::vector<std::string> texts;
        for (const auto& message : received)
        {
            texts.push_back(message.second);
        }
        return texts;
    }
};

/**
 * Two phones and a server on lines to one router: from a phone to the server a packet of n octets
 * takes m_delay and 2 n ns.
 */
class ServerTestNetwork : public testing::Test
{
  protected:
    static constexpr uint32_t PHONES = 2;
    const Time m_delay = MilliSeconds(400);
    const Time m_slack = MicroSeconds(20); ///< covers the transmission of a chat's packets
    const Ipv4Address m_serverAddress{"10.9.0.1"};
    const std::vector<Msisdn> m_numbers{"4915112345671", "4915112345672"};

    void SetUp() override
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        m_server = CreateObject<Node>();
        m_router = CreateObject<Node>();
        LeanStackHelper::Install(m_server);
        LeanStackHelper::Install(m_router, LeanStackHelper::Transports::NONE);
        Join(m_server, m_serverAddress, Time());
        for (uint32_t i = 0; i < PHONES; ++i)
        {
            m_phones.push_back(CreateObject<Node>());
            LeanStackHelper::Install(m_phones[i]);
            const Ipv4Address address(Ipv4Address("10.1.0.1").Get() + i);
            m_links.push_back(Join(m_phones[i], address, m_delay));
            m_bearers.push_back(CreateObject<TestBearer>());
            m_bearers[i]->address = address;
            m_phones[i]->AggregateObject(m_bearers[i]);
        }
        m_logs.resize(PHONES);
    }

    void TearDown() override
    {
        Simulator::Destroy();
    }

    /// Puts a client on a phone and writes down what it tells.
    void Mount(Ptr<ImClient> client, uint32_t phone)
    {
        UserLog& log = m_logs[phone];
        client->SetMsisdn(m_numbers[phone]);
        client->SetReadyCallback(Callback<void, const Msisdn&>(
            [&log](const Msisdn& peer) { log.ready.emplace_back(Simulator::Now(), peer); }));
        client->SetReceiveCallback(Callback<void, const Msisdn&, const std::string&>(
            [&log](const Msisdn&, const std::string& text) {
                log.received.emplace_back(Simulator::Now(), text);
            }));
        client->SetEndCallback(Callback<void, const Msisdn&, const std::string&>(
            [&log](const Msisdn&, const std::string& cause) {
                log.ended.emplace_back(Simulator::Now(), cause);
            }));
        client->TraceConnectWithoutContext(
            "Step",
            Callback<void, const Msisdn&, SessionStep>([&log](const Msisdn&, SessionStep step) {
                log.steps.emplace_back(Simulator::Now(), step);
            }));
        m_phones[phone]->AddApplication(client);
    }

    /// Has every packet that the server sends or receives from now on captured.
    void CaptureAtServer(::p2pim::oracle::Capture& capture)
    {
        const auto keep = Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [&capture](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
                std::vector<uint8_t> octets(packet->GetSize());
                packet->CopyData(octets.data(), octets.size());
                capture.Add(octets);
            });
        const Ptr<Ipv4> ipv4 = m_server->GetObject<Ipv4>();
        ipv4->TraceConnectWithoutContext("Tx", keep);
        ipv4->TraceConnectWithoutContext("Rx", keep);
    }

    /// Runs up to a time.
    void RunUntil(Time end)
    {
        Simulator::Stop(end - Simulator::Now());
        Simulator::Run();
    }

    /// Expects a time within what the packets' transmission adds.
    void ExpectTime(Time actual, Time expected) const
    {
        EXPECT_GE(actual, expected);
        EXPECT_LE(actual, expected + m_slack) << actual.As(Time::S);
    }

    /// Expects the steps and the times at which they were stamped.
    void ExpectSteps(uint32_t phone, const std::vector<std::pair<Time, SessionStep>>& expected)
    {
        const auto& steps = m_logs[phone].steps;
        ASSERT_EQ(steps.size(), expected.size());
        for (std::size_t i = 0; i < steps.size(); ++i)
        {
            EXPECT_STREQ(GetStepName(steps[i].second), GetStepName(expected[i].second));
            ExpectTime(steps[i].first, expected[i].first);
        }
    }

    Ptr<Node> m_server;
    Ptr<Node> m_router;
    std::vector<Ptr<Node>> m_phones;
    std::vector<Ptr<CoreLink>> m_links; ///< of the phones
    std::vector<Ptr<TestBearer>> m_bearers;
    std::vector<UserLog> m_logs;

  private:
    Ptr<CoreLink> Join(Ptr<Node> node, Ipv4Address address, Time delay)
    {
        const Ptr<CoreLink> link = CreateObject<CoreLink>();
        link->SetAttribute("Rate", DataRateValue(DataRate("8Gbps")));
        link->SetAttribute("Delay", TimeValue(delay));
        link->Attach(node, m_router);
        const uint32_t own = LeanStackHelper::AddInterface(node, link->GetDevice(0), address);
        LeanStackHelper::GetRouting(node)->SetDefaultRoute(own);
        const uint32_t side =
            LeanStackHelper::AddInterface(m_router, link->GetDevice(1), "10.0.0.1");
        LeanStackHelper::GetRouting(m_router)->AddHostRoute(address, side);
        return link;
    }
};

} // namespace test
} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_IM_SERVER_TEST_NETWORK_H
