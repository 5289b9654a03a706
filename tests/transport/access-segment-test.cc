// SPDX-License-Identifier: GPL-2.0-only
// LANs, and lines of subscribers.
#include "tcp-test-world.h"

#include "ns3/access-segment.h"
#include "ns3/lean-stack-helper.h"

#include <array>
#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::TestHost;
using ::p2pim::test::TestPeer;

namespace
{

/// A gateway, 10.0.0.1, and two hosts, 10.0.0.2 and 10.0.0.3, 5 ms from each other.
class AccessSegmentTest : public testing::Test
{
  protected:
    void Build(bool isLan)
    {
        m_segment = CreateObject<AccessSegment>();
        m_segment->Configure(MilliSeconds(5), isLan);
        for (uint32_t n = 0; n < m_hosts.size(); ++n)
        {
            auto& host = m_hosts[n];
            host.node = CreateObject<Node>();
            LeanStackHelper::Install(host.node);
            const auto device =
                n == 0 ? m_segment->AddGateway(host.node) : m_segment->AddHost(host.node);
            host.address = Ipv4Address(0x0A000001 + n);
            LeanStackHelper::AddInterface(host.node, device, host.address);
            LeanStackHelper::GetRouting(host.node)->SetDefaultRoute(1);
            if (n > 0)
            {
                m_segment->AddAddress(host.address, device);
            }
        }
    }

    void TearDown() override
    {
        Simulator::Destroy();
    }

    /// @return how long it takes host @p from to connect to host @p to; zero: it does not.
    Time Connect(std::size_t from, std::size_t to)
    {
        TestPeer listener(m_hosts[to]);
        listener.Listen(++m_port);
        TestPeer dialler(m_hosts[from]);
        const auto start = Simulator::Now();
        dialler.Connect(m_port, m_hosts[to].At(m_port));
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        return dialler.connected == 1 ? dialler.connectedAt - start : Time();
    }

    Ptr<AccessSegment> m_segment;
    uint16_t m_port = 5000; ///< another one for each connection
    std::array<TestHost, 3> m_hosts;
};

} // namespace

TEST_F(AccessSegmentTest, OnALanAllReachEachOther)
{
    Build(true);
    EXPECT_EQ(Connect(1, 2), MilliSeconds(10)); // a SYN and its answer
    EXPECT_EQ(Connect(1, 0), MilliSeconds(10));
    EXPECT_EQ(Connect(0, 2), MilliSeconds(10));
    EXPECT_EQ(m_segment->GetLost(), 0U);
}

// RFC 4562: what subscribers send each other goes to the gateway, which here sends it on
TEST_F(AccessSegmentTest, OnLinesHostsReachTheGatewayOnly)
{
    Build(false);
    EXPECT_EQ(Connect(1, 0), MilliSeconds(10));
    EXPECT_EQ(Connect(0, 1), MilliSeconds(10));
    EXPECT_EQ(Connect(1, 2), MilliSeconds(20));
}

TEST_F(AccessSegmentTest, WhatTheGatewayHasForNobodyIsLost)
{
    Build(true);
    TestPeer dialler(m_hosts[0]);
    dialler.Connect(5000, InetSocketAddress(Ipv4Address("10.0.0.9"), 80));
    Simulator::Stop(Seconds(1));
    Simulator::Run();
    EXPECT_EQ(m_segment->GetLost(), 1U); // one SYN
}
