// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/core-link.h"
#include "ns3/mac48-address.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <vector>

namespace
{

using namespace ns3;
using ns3::p2pim::CoreLink;

/// A line of 1 Mbit/s with a delay of 10 ms and room for 3000 octets.
class CoreLinkTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        m_link->SetAttribute("Rate", StringValue("1Mbps"));
        m_link->SetAttribute("Delay", StringValue("10ms"));
        m_link->SetAttribute("QueueLimit", UintegerValue(3000));
        m_link->Attach(m_nodes[0], m_nodes[1]);
        for (uint32_t end = 0; end < 2; ++end)
        {
            m_link->GetDevice(end)->SetReceiveCallback(MakeCallback(&CoreLinkTest::Receive, this));
        }
    }

    void TearDown() override
    {
        m_link = nullptr;
        Simulator::Destroy();
    }

    /// Sends @p size octets from @p end; @return whether they were accepted.
    bool Send(uint32_t end, uint32_t size)
    {
        return m_link->GetDevice(end)->Send(Create<Packet>(size), Mac48Address(), 0x0800);
    }

    bool Receive(Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t protocol, const Address&)
    {
        EXPECT_EQ(protocol, 0x0800);
        EXPECT_EQ(Simulator::GetContext(), m_nodes[1]->GetId());
        m_sizes.push_back(packet->GetSize());
        m_times.push_back(Simulator::Now());
        return true;
    }

    std::vector<Ptr<Node>> m_nodes{CreateObject<Node>(), CreateObject<Node>()};
    Ptr<CoreLink> m_link{CreateObject<CoreLink>()};
    std::vector<uint32_t> m_sizes;
    std::vector<Time> m_times;
};

TEST_F(CoreLinkTest, CoreLink_PacketTakesItsTransmissionTimeAndTheDelay)
{
    Send(0, 1000);
    Simulator::Run();
    // 1000 * 8 / 1e6 + 0.010 s
    EXPECT_EQ(m_times, std::vector<Time>{MilliSeconds(18)});
}

TEST_F(CoreLinkTest, CoreLink_PacketsWaitForThoseBeforeThem)
{
    Simulator::Run(); // the nodes' initialization
    const uint64_t before = Simulator::GetEventCount();
    Send(0, 1000);
    Send(0, 500);
    Simulator::Schedule(MilliSeconds(100), [this] { Send(0, 250); });
    Simulator::Run();
    // 8 + 10; 8 + 4 + 10; 100 + 2 + 10 ms
    EXPECT_EQ(m_times, (std::vector<Time>{MilliSeconds(18), MilliSeconds(22), MilliSeconds(112)}));
    EXPECT_EQ(m_sizes, (std::vector<uint32_t>{1000, 500, 250}));
    EXPECT_EQ(Simulator::GetEventCount() - before, 4U) << "one event a packet, and the test's own";
}

TEST_F(CoreLinkTest, CoreLink_LimitCountsWhatHasNotBeenSent)
{
    uint32_t dropped = 0;
    m_link->GetDevice(0)->TraceConnectWithoutContext(
        "Drop",
        Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) { ++dropped; }));
    EXPECT_TRUE(Send(0, 1500));
    EXPECT_TRUE(Send(0, 1500));
    EXPECT_FALSE(Send(0, 1)) << "3000 octets are full";
    Simulator::Schedule(MilliSeconds(4), [this] {
        EXPECT_FALSE(Send(0, 501)) << "500 octets have left";
        EXPECT_TRUE(Send(0, 500));
    });
    Simulator::Run();
    EXPECT_EQ(dropped, 2U);
    EXPECT_EQ(m_times.back(), MilliSeconds(28 + 10));
}

TEST(CoreLink, CoreLink_DirectionsDoNotShareTheRate)
{
    const auto first = CreateObject<Node>();
    const auto second = CreateObject<Node>();
    const auto link = CreateObject<CoreLink>();
    link->SetAttribute("Rate", StringValue("8kbps"));
    link->SetAttribute("Delay", StringValue("0ms"));
    link->Attach(first, second);
    std::vector<Time> times;
    for (uint32_t end = 0; end < 2; ++end)
    {
        link->GetDevice(end)->SetReceiveCallback(NetDevice::ReceiveCallback(
            [&](Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address&) {
                times.push_back(Simulator::Now());
                return true;
            }));
        link->GetDevice(end)->Send(Create<Packet>(1000), Mac48Address(), 0x0800);
    }
    Simulator::Run();
    EXPECT_EQ(times, (std::vector<Time>{Seconds(1), Seconds(1)}));
    Simulator::Destroy();
}

TEST_F(CoreLinkTest, CoreLink_TracesWhatEntersAndLeaves)
{
    std::vector<Time> sent;
    std::vector<Time> received;
    m_link->GetDevice(0)->TraceConnectWithoutContext(
        "Tx",
        Callback<void, Ptr<const Packet>>(
            [&](Ptr<const Packet>) { sent.push_back(Simulator::Now()); }));
    m_link->GetDevice(1)->TraceConnectWithoutContext(
        "Rx",
        Callback<void, Ptr<const Packet>>(
            [&](Ptr<const Packet>) { received.push_back(Simulator::Now()); }));
    Send(0, 1000);
    Simulator::Run();
    EXPECT_EQ(sent, std::vector<Time>{Seconds(0)});
    EXPECT_EQ(received, m_times);
}

} // namespace
