// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/core-link.h"
#include "ns3/host-routing.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>
#include <vector>

namespace
{

using namespace ns3;
using ns3::p2pim::CoreLink;
using ns3::p2pim::HostRouting;
using ns3::p2pim::LeanStackHelper;

/// A router with interfaces 1, 2 and 3, which have the addresses 10.0.1.1, 10.0.2.1, 10.0.3.1.
class HostRoutingTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        m_router = CreateObject<Node>();
        LeanStackHelper::Install(m_router);
        for (uint32_t i = 1; i <= 3; ++i)
        {
            const auto link = CreateObject<CoreLink>();
            link->Attach(m_router, CreateObject<Node>());
            const Ipv4Address address((10U << 24) | (i << 8) | 1U);
            EXPECT_EQ(LeanStackHelper::AddInterface(m_router, link->GetDevice(0), address, "/24"),
                      i);
        }
        m_ipv4 = m_router->GetObject<Ipv4>();
        m_routing = LeanStackHelper::GetRouting(m_router);
    }

    void TearDown() override
    {
        Simulator::Destroy();
    }

    /// @return the interface that packets to @p destination leave by, or 0 if there is no route.
    uint32_t Out(const char* destination)
    {
        Ipv4Header header;
        header.SetDestination(destination);
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        m_route = m_routing->RouteOutput(nullptr, header, nullptr, error);
        EXPECT_EQ(error, m_route ? Socket::ERROR_NOTERROR : Socket::ERROR_NOROUTETOHOST);
        return m_route ? m_ipv4->GetInterfaceForDevice(m_route->GetOutputDevice()) : 0;
    }

    /// What RouteInput did.
    enum class Fate
    {
        FORWARDED,
        DELIVERED,
        FAILED,
        NOTHING,
    };

    /// @return what becomes of a packet to @p destination that comes in by interface @p in.
    Fate In(const char* destination, uint32_t in, const char* source = "192.0.2.9")
    {
        m_fate = Fate::NOTHING;
        Ipv4Header header;
        header.SetDestination(destination);
        header.SetSource(source);
        m_routing->RouteInput(
            Create<Packet>(10),
            header,
            m_ipv4->GetNetDevice(in),
            MakeCallback(&HostRoutingTest::Forward, this),
            MakeNullCallback<void, Ptr<Ipv4MulticastRoute>, Ptr<const Packet>, const Ipv4Header&>(),
            MakeCallback(&HostRoutingTest::Deliver, this),
            MakeCallback(&HostRoutingTest::Fail, this));
        return m_fate;
    }

    void Forward(Ptr<Ipv4Route> route, Ptr<const Packet>, const Ipv4Header&)
    {
        m_fate = Fate::FORWARDED;
        m_route = route;
    }

    void Deliver(Ptr<const Packet>, const Ipv4Header&, uint32_t)
    {
        m_fate = Fate::DELIVERED;
    }

    void Fail(Ptr<const Packet>, const Ipv4Header&, Socket::SocketErrno)
    {
        m_fate = Fate::FAILED;
    }

    Ptr<Node> m_router;
    Ptr<Ipv4> m_ipv4;
    Ptr<HostRouting> m_routing;
    Ptr<Ipv4Route> m_route;
    Fate m_fate{Fate::NOTHING};
};

TEST_F(HostRoutingTest, HostRouting_HostBeatsPrefixBeatsDefault)
{
    m_routing->AddNetworkRoute("10.5.0.0", "/16", 2);
    m_routing->SetDefaultRoute(1);
    m_routing->AddHostRoute("10.5.0.9", 3);

    EXPECT_EQ(Out("10.5.0.9"), 3U);
    EXPECT_EQ(Out("10.5.0.8"), 2U);
    EXPECT_EQ(Out("10.6.0.9"), 1U);
    EXPECT_TRUE(m_routing->RemoveHostRoute("10.5.0.9"));
    EXPECT_FALSE(m_routing->RemoveHostRoute("10.5.0.9"));
    EXPECT_EQ(Out("10.5.0.9"), 2U);
}

TEST_F(HostRoutingTest, HostRouting_LongestPrefixWinsWhateverTheOrder)
{
    m_routing->AddNetworkRoute("10.5.7.0", "/24", 3);
    m_routing->AddNetworkRoute("10.0.0.0", "/8", 1);
    m_routing->AddNetworkRoute("10.5.0.0", "/16", 2);

    EXPECT_EQ(Out("10.5.7.1"), 3U);
    EXPECT_EQ(Out("10.5.8.1"), 2U);
    EXPECT_EQ(Out("10.9.8.1"), 1U);
    EXPECT_EQ(Out("11.0.0.1"), 0U);
    m_routing->AddNetworkRoute("10.5.99.99", "/16", 3);
    EXPECT_EQ(Out("10.5.8.1"), 3U) << "replaced";
}

TEST_F(HostRoutingTest, HostRouting_TheDefaultRouteMayDependOnTheSource)
{
    m_routing->AddNetworkRoute("10.5.0.0", "/16", 1);
    m_routing->AddSourceRoute("10.7.0.0", "/16", 2);
    m_routing->AddSourceRoute("10.8.0.0", "/16", 3);
    const auto out = [this](const char* destination, const char* source) {
        const auto fate = In(destination, 1, source);
        return fate == Fate::FORWARDED ? m_ipv4->GetInterfaceForDevice(m_route->GetOutputDevice())
                                       : 0;
    };
    EXPECT_EQ(out("11.0.0.1", "10.7.1.1"), 2);
    EXPECT_EQ(out("11.0.0.1", "10.8.1.1"), 3);
    EXPECT_EQ(out("11.0.0.1", "10.9.1.1"), 0);
    m_routing->SetDefaultRoute(1);
    EXPECT_EQ(out("11.0.0.1", "10.9.1.1"), 1);
    EXPECT_EQ(out("10.5.0.1", "10.7.1.1"), 1) << "a route to the destination comes first";
    EXPECT_EQ(Out("11.0.0.1"), 1U) << "own packets";
}

TEST_F(HostRoutingTest, HostRouting_RouteNamesGatewaySourceAndDestination)
{
    m_routing->SetDefaultRoute(2, "10.0.2.254");
    EXPECT_EQ(Out("192.0.2.1"), 2U);
    EXPECT_EQ(m_route->GetGateway(), Ipv4Address("10.0.2.254"));
    EXPECT_EQ(m_route->GetSource(), Ipv4Address("10.0.2.1"));
    EXPECT_EQ(m_route->GetDestination(), Ipv4Address("192.0.2.1"));
}

TEST_F(HostRoutingTest, HostRouting_FollowsAChangeOfAddress)
{
    m_routing->SetDefaultRoute(1);
    EXPECT_EQ(Out("192.0.2.1"), 1U);
    LeanStackHelper::SetAddress(m_router, 1, Ipv4Address::GetAny());
    EXPECT_EQ(Out("192.0.2.1"), 0U) << "no address, no route";
    EXPECT_EQ(In("10.0.1.1", 2), Fate::FAILED);
    LeanStackHelper::SetAddress(m_router, 1, "10.0.1.77");
    EXPECT_EQ(Out("192.0.2.1"), 1U);
    EXPECT_EQ(m_route->GetSource(), Ipv4Address("10.0.1.77"));
    EXPECT_EQ(In("10.0.1.77", 2), Fate::DELIVERED);
}

TEST_F(HostRoutingTest, HostRouting_DeliversWhatIsForAnyOwnAddress)
{
    EXPECT_EQ(In("10.0.1.1", 1), Fate::DELIVERED);
    EXPECT_EQ(In("10.0.3.1", 1), Fate::DELIVERED);
    EXPECT_EQ(In("10.0.1.255", 1), Fate::DELIVERED);
    EXPECT_EQ(In("255.255.255.255", 1), Fate::DELIVERED);
    EXPECT_EQ(In("127.0.0.1", 0), Fate::DELIVERED);
}

TEST_F(HostRoutingTest, HostRouting_ForwardsOrReportsTheError)
{
    m_routing->AddNetworkRoute("10.0.2.0", "/24", 2);
    EXPECT_EQ(In("10.0.2.9", 1), Fate::FORWARDED);
    EXPECT_EQ(m_route->GetOutputDevice(), m_ipv4->GetNetDevice(2));
    EXPECT_EQ(In("10.0.9.9", 1), Fate::FAILED) << "no route";
    EXPECT_EQ(In("224.0.0.1", 1), Fate::FAILED) << "multicast";
    m_ipv4->SetForwarding(1, false);
    EXPECT_EQ(In("10.0.2.9", 1), Fate::FAILED) << "a host does not forward";
}

TEST_F(HostRoutingTest, HostRouting_OneRouteObjectServesAllHostsOfANextHop)
{
    for (uint32_t i = 0; i < 1000; ++i)
    {
        m_routing->AddHostRoute(Ipv4Address((11U << 24) + i), 2);
    }
    Out("11.0.0.1");
    const Ptr<Ipv4Route> first = m_route;
    Out("11.0.3.1");
    EXPECT_EQ(m_route, first);
    EXPECT_EQ(Out("11.0.9.9"), 0U);
}

TEST_F(HostRoutingTest, HostRouting_SendsToOwnAddressByTheInterfaceThatHasIt)
{
    m_routing->SetDefaultRoute(1);
    EXPECT_EQ(Out("10.0.3.1"), 3U);
    EXPECT_EQ(m_route->GetSource(), Ipv4Address("10.0.3.1"));
}

} // namespace
