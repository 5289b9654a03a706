// SPDX-License-Identifier: GPL-2.0-only
// NATs and firewalls put on routers of a network without any phone.
#include "transport/tcp-test-world.h"

#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/nat-helper.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::TestHost;
using ::p2pim::test::TestPeer;

namespace
{

/// 192.168.0.2 - router - 198.51.100.2
class NatHelperTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        for (auto* node : {&m_inside.node, &m_router, &m_outside.node})
        {
            *node = CreateObject<Node>();
            LeanStackHelper::Install(*node);
        }
        LeanStackHelper::Join(m_router, m_inside.node, Ipv4Address("192.168.0.0"), Seconds(0));
        LeanStackHelper::Join(m_router, m_outside.node, Ipv4Address("198.51.100.0"), Seconds(0));
        m_inside.address = Ipv4Address("192.168.0.2");
        m_outside.address = Ipv4Address("198.51.100.2");
        LeanStackHelper::GetRouting(m_inside.node)->SetDefaultRoute(1);
        LeanStackHelper::GetRouting(m_outside.node)->SetDefaultRoute(1);
        const auto routing = LeanStackHelper::GetRouting(m_router);
        routing->AddHostRoute(m_inside.address, 1);
        routing->SetDefaultRoute(2);
    }

    void TearDown() override
    {
        Simulator::Destroy();
    }

    /// @return what is wrong with a NAT of the router.
    std::string FindProblem(const NatHelper& nat, uint32_t inside = 1) const
    {
        const auto fault = nat.FindFault(m_router, inside);
        return fault ? fault->word + ": " + fault->problem : "";
    }

    static NatHelper MakeNat(const std::string& kind, const char* address = "198.51.100.7")
    {
        NatHelper nat(kind);
        nat.SetPool({Ipv4Address(address)});
        return nat;
    }

    /// @return another router, with two interfaces.
    static Ptr<Node> MakeSecondRouter()
    {
        auto router = CreateObject<Node>();
        LeanStackHelper::Install(router);
        for (const char* network : {"192.168.0.0", "198.51.100.4"})
        {
            auto other = CreateObject<Node>();
            LeanStackHelper::Install(other);
            LeanStackHelper::Join(router, other, Ipv4Address(network), Seconds(0));
        }
        return router;
    }

    TestHost m_inside;
    TestHost m_outside;
    Ptr<Node> m_router;
};

NatTextFault
ReadWrongPool(const std::string& text)
{
    std::vector<Ipv4Address> pool;
    const auto fault = ReadNatPool(text, pool);
    EXPECT_TRUE(fault) << text;
    EXPECT_TRUE(pool.empty());
    return fault.value_or(NatTextFault());
}

} // namespace

TEST_F(NatHelperTest, ANatTranslatesAndAnswersPcp)
{
    const auto gateway = MakeNat("port-restricted").Install(m_router, 1);
    gateway->AssignStreams(1);
    TestPeer listener(m_outside);
    listener.Listen(80);
    TestPeer dialler(m_inside);
    dialler.Connect(5000, m_outside.At(80));
    Simulator::Run();
    EXPECT_EQ(dialler.connected, 1u);
    Address from;
    listener.socket->GetPeerName(from);
    EXPECT_EQ(InetSocketAddress::ConvertFrom(from).GetIpv4(), Ipv4Address("198.51.100.7"));
    EXPECT_EQ(m_router->GetNApplications(), 1u);
}

TEST_F(NatHelperTest, AFirewallLetsNobodyIn)
{
    NatHelper("firewall").Install(m_router, 1);
    TestPeer listener(m_inside);
    listener.Listen(80);
    TestPeer dialler(m_outside);
    dialler.Connect(5000, m_inside.At(80));
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    EXPECT_EQ(listener.connected, 0u);
    EXPECT_EQ(m_router->GetNApplications(), 0u);
}

TEST_F(NatHelperTest, FindsARouterThatCannotBeANat)
{
    EXPECT_EQ(FindProblem(MakeNat("rfc")), "");
    EXPECT_EQ(FindProblem(MakeNat("rfc"), 0), ": the router has no such interface with an address");
    EXPECT_EQ(FindProblem(MakeNat("rfc"), 3), ": the router has no such interface with an address");
    const auto nat = MakeNat("rfc");
    EXPECT_EQ(nat.FindFault(m_inside.node, 1)->problem,
              "the router has nothing outside: one interface only");
    EXPECT_TRUE(nat.FindFault(CreateObject<Node>(), 1));
    NatHelper("firewall").Install(m_router, 1);
    EXPECT_EQ(FindProblem(nat), ": the router is a NAT already");
}

TEST_F(NatHelperTest, FindsSettingsThatNoNatHas)
{
    EXPECT_EQ(FindProblem(MakeNat("port-restriced")), "port-restriced: no such kind of NAT");
    EXPECT_EQ(FindProblem(MakeNat("none")), "none: no kind of NAT");
    EXPECT_EQ(FindProblem(NatHelper("rfc")), ": it has no outside address");
}

TEST_F(NatHelperTest, FindsAddressesThatAreTaken)
{
    EXPECT_EQ(FindProblem(MakeNat("rfc", "198.51.100.2")),
              ": node " + std::to_string(m_outside.node->GetId()) +
                  " has an outside address of it already");
    MakeNat("rfc").Install(m_router, 1);
    const auto second = MakeSecondRouter();
    EXPECT_EQ(MakeNat("rfc").FindFault(second, 1)->problem,
              "node " + std::to_string(m_router->GetId()) +
                  " has an outside address of it already");
    EXPECT_FALSE(MakeNat("rfc", "198.51.100.8").FindFault(second, 1));
}

// RFC 6598: NATs behind several carriers' may have the same addresses
TEST_F(NatHelperTest, SharedAddressesMayBeThoseOfSeveralNats)
{
    MakeNat("rfc", "100.64.0.1").Install(m_router, 1);
    EXPECT_FALSE(MakeNat("rfc", "100.64.0.1").FindFault(MakeSecondRouter(), 1));
}

TEST(NatPool, AddressesOrANetwork)
{
    std::vector<Ipv4Address> pool;
    EXPECT_FALSE(ReadNatPool("198.18.0.1 198.18.0.7", pool));
    EXPECT_EQ(pool, (std::vector<Ipv4Address>{"198.18.0.1", "198.18.0.7"}));
    EXPECT_FALSE(ReadNatPool("198.18.0.4/30", pool));
    EXPECT_EQ(pool,
              (std::vector<Ipv4Address>{"198.18.0.4", "198.18.0.5", "198.18.0.6", "198.18.0.7"}));
    EXPECT_FALSE(ReadNatPool("198.18.7.0/24", pool));
    EXPECT_EQ(pool.size(), 256u);
}

TEST(NatPool, WhatIsNone)
{
    EXPECT_EQ(ReadWrongPool("").problem, "no outside address");
    EXPECT_EQ(ReadWrongPool(" ").problem, "no outside address");
    for (const char* word : {"198.18.0", "198.18.0.256", "198.18.0.0/33", "198.18.0.0/", "a.b.c.d"})
    {
        EXPECT_EQ(ReadWrongPool(std::string("198.18.0.1 ") + word).word, word);
    }
    EXPECT_EQ(ReadWrongPool("198.18.0.1/30").problem, "no network: bits behind its prefix");
    EXPECT_EQ(ReadWrongPool("198.18.0.0/23").problem, "more than 256 outside addresses");
    EXPECT_EQ(ReadWrongPool("0.0.0.0/0").problem, "more than 256 outside addresses");
    EXPECT_EQ(ReadWrongPool("198.18.0.1 198.18.0.0/30").word, "198.18.0.1");
    for (const char* word : {"127.0.0.1", "0.0.0.1", "224.0.0.5", "255.255.255.255"})
    {
        EXPECT_EQ(ReadWrongPool(word).problem, "no host can have such an address") << word;
    }
}
