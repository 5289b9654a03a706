// SPDX-License-Identifier: GPL-2.0-only
#include "tests/oracle/dissection.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/nat-gateway.h"
#include "ns3/pcp-client.h"
#include "ns3/pcp-message.h"
#include "ns3/pcp-server.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"

#include <cmath>
#include <gtest/gtest.h>
#include <optional>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

PcpMap
MakeRequest()
{
    PcpMap request;
    request.lifetime = 600;
    request.client = Ipv4Address("10.0.0.2");
    request.nonce = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    request.internalPort = 49153;
    return request;
}

/// A host behind a NAT whose node has a PCP server.
class PcpTest : public testing::Test
{
  protected:
    PcpTest()
        : m_host(CreateObject<Node>()),
          m_router(CreateObject<Node>()),
          m_gateway(CreateObject<NatGateway>())
    {
        LeanStackHelper::Install(m_host);
        LeanStackHelper::Install(m_router);
        LeanStackHelper::Join(m_router, m_host, Ipv4Address("10.0.0.0"), MilliSeconds(10));
        LeanStackHelper::GetRouting(m_host)->SetDefaultRoute(1, Ipv4Address("10.0.0.1"));
        LeanStackHelper::GetRouting(m_router)->AddNetworkRoute(Ipv4Address("10.0.0.0"),
                                                               LeanStackHelper::GetLinkMask(),
                                                               1);
        m_host->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "SendOutgoing",
            MakeCallback(&PcpTest::Sent, this));
    }

    ~PcpTest() override
    {
        Simulator::Destroy();
    }

    void Mount(Time stateLoss = Time::Max())
    {
        auto settings = GetNatPreset(NAT_RFC);
        settings.stateLoss = stateLoss;
        settings.pool = {Ipv4Address("198.18.0.1")};
        m_gateway->Mount(m_router, settings, 1);
        m_router->GetObject<Ipv4>()->AddAddress(
            1,
            Ipv4InterfaceAddress(g_pcpAnycast, Ipv4Mask::GetOnes()));
        m_server = CreateObject<PcpServer>();
        m_server->SetGateway(m_gateway);
        m_router->AddApplication(m_server);
    }

    void Ask(uint16_t port)
    {
        m_client->Start(m_host,
                        InetSocketAddress(Ipv4Address("10.0.0.2"), port),
                        [this](const std::optional<InetSocketAddress>& outside) {
                            ++m_answers;
                            m_outside = outside;
                            m_when = Simulator::Now();
                        });
    }

    static void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// Runs until the host has sent another request, or for a day.
    void RunUntilRequest()
    {
        const auto before = m_requests.size();
        for (int n = 0; n < 86400 && m_requests.size() == before; ++n)
        {
            RunFor(Seconds(1));
        }
    }

    Ptr<Node> m_host;
    Ptr<Node> m_router;
    Ptr<NatGateway> m_gateway;
    Ptr<PcpServer> m_server;
    Ptr<PcpClient> m_client = CreateObject<PcpClient>();
    std::vector<Time> m_requests; ///< when the host has sent them
    uint32_t m_answers = 0;
    std::optional<InetSocketAddress> m_outside;
    Time m_when;

  private:
    void Sent(const Ipv4Header& header, Ptr<const Packet>, uint32_t)
    {
        const bool isUdp = header.GetProtocol() == 17; // and no ICMP about an answer
        if (isUdp && header.GetDestination() == g_pcpAnycast)
        {
            m_requests.push_back(Simulator::Now());
        }
    }
};

} // namespace

// RFC 6887 7.1, 11.1: the octets of a request, by hand
TEST(PcpMessage, ARequestHasTheOctetsOfRfc6887)
{
    const Octets expected{
        2, 1, 0, 0, 0,    0,    0x02, 0x58, // version, MAP, lifetime 600
        0, 0, 0, 0, 0,    0,    0,    0,    0, 0,  0xFF, 0xFF, 10, 0, 0, 2, // own address
        1, 2, 3, 4, 5,    6,    7,    8,    9, 10, 11,   12,                // nonce
        6, 0, 0, 0, 0xC0, 0x01, 0,    0, // TCP, port 49153, any outside port
        0, 0, 0, 0, 0,    0,    0,    0,    0, 0,  0xFF, 0xFF, 0,  0, 0, 0}; // any address
    EXPECT_EQ(EncodePcp(MakeRequest()), expected);
    PcpMap read;
    ASSERT_EQ(DecodePcp(expected, read), PcpResult::SUCCESS);
    EXPECT_EQ(EncodePcp(read), expected);
}

// RFC 6887 8.2: version, opcode and length are looked at in this order
TEST(PcpMessage, WhatCannotBeReadHasItsResult)
{
    auto octets = EncodePcp(MakeRequest());
    PcpMap read;
    octets[0] = 1;
    EXPECT_EQ(DecodePcp(octets, read), PcpResult::UNSUPP_VERSION);
    octets[0] = 2;
    octets[1] = 2; // PEER
    EXPECT_EQ(DecodePcp(octets, read), PcpResult::UNSUPP_OPCODE);
    octets[1] = 1;
    for (std::size_t size = 0; size < octets.size(); ++size)
    {
        EXPECT_EQ(DecodePcp(Octets(octets.begin(), octets.begin() + size), read),
                  PcpResult::MALFORMED_REQUEST)
            << size;
    }
}

TEST(PcpMessage, ReadsCleanInTshark)
{
    using ::p2pim::oracle::Capture;
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    auto response = MakeRequest();
    response.isResponse = true;
    response.epoch = 77;
    response.externalPort = 1024;
    response.externalAddress = Ipv4Address("198.18.0.1");
    Capture capture(Capture::Link::RAW_IP);
    for (const auto& message : {MakeRequest(), response})
    {
        const auto payload = EncodePcp(message);
        auto packet = ToPacket(payload);
        UdpHeader udp;
        udp.SetSourcePort(message.isResponse ? PCP_PORT : 50000);
        udp.SetDestinationPort(message.isResponse ? 50000 : PCP_PORT);
        packet->AddHeader(udp);
        Ipv4Header ip;
        ip.SetProtocol(17);
        ip.SetTtl(64);
        ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
        ip.SetSource(message.isResponse ? g_pcpAnycast : message.client);
        ip.SetDestination(message.isResponse ? message.client : g_pcpAnycast);
        packet->AddHeader(ip);
        capture.Add(ToOctets(packet));
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const auto frames = capture.Dissect({"portcontrol.map.internal_port",
                                         "portcontrol.lifetime_req",
                                         "portcontrol.map.rsp_assigned_external_port"});
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0], (std::vector<std::string>{"49153", "600", ""}));
    EXPECT_EQ(frames[1][2], "1024");
}

TEST_F(PcpTest, AHostGetsAnOutsidePortThatAllCanSendTo)
{
    Mount();
    Ask(49153);
    RunFor(Seconds(10));
    ASSERT_TRUE(m_outside);
    EXPECT_EQ(m_outside->GetIpv4(), Ipv4Address("198.18.0.1"));
    EXPECT_EQ(m_outside->GetPort(), 49153); // preserved
    // one round trip of 60 octets over UDP and IPv4, on a link of 2.048 Mbit/s
    EXPECT_EQ(m_when, 2 * (MilliSeconds(10) + Seconds(88 * 8 / 2.048e6)));
    EXPECT_EQ(m_gateway->GetCore().GetMappings(), 1U);
}

// three transmissions, after 3, 6 and 12 s (RFC 6887 8.1.1): each time is twice the one before, and
// up to a tenth shorter or longer
TEST_F(PcpTest, WithoutAServerTheClientGivesUp)
{
    Ask(49153);
    RunFor(Minutes(2));
    EXPECT_EQ(m_answers, 1U);
    EXPECT_FALSE(m_outside);
    EXPECT_GE(m_when, Seconds(0.9 * (3 + 0.9 * 6 + 0.9 * 0.9 * 12)));
    EXPECT_LE(m_when, Seconds(1.1 * (3 + 1.1 * 6 + 1.1 * 1.1 * 12)));
    EXPECT_NE(m_when, Seconds(21));
}

// RFC 6887 11.2.1: between 1/2 and 5/8 of the lifetime, of 10 min here, each time anew
TEST_F(PcpTest, AMappingIsRenewedInTime)
{
    Mount();
    Ask(49153);
    RunFor(Seconds(1));
    for (uint64_t n = 1; n < 5; ++n)
    {
        ASSERT_EQ(m_requests.size(), n);
        RunUntilRequest();
        ASSERT_EQ(m_requests.size(), n + 1);
        EXPECT_GE(m_requests[n] - m_requests[n - 1], Seconds(300));
        EXPECT_LE(m_requests[n] - m_requests[n - 1], Seconds(375) + m_when);
    }
    EXPECT_EQ(m_gateway->GetCore().GetMappings(), 1U);
    EXPECT_EQ(m_client->GetOutside(), m_outside);
    EXPECT_EQ(m_client->GetRestarts(), 0U);
    EXPECT_EQ(m_answers, 1U); // the owner is told once
}

// RFC 6887 11.2.1: 1/2 to 5/8, 3/4 to 13/16, 7/8 to 29/32 ... and four seconds between two; then
// the mapping is over
TEST_F(PcpTest, RenewalsWithoutAnAnswerComeOftenerUntilTheEnd)
{
    Mount();
    Ask(49153);
    RunFor(Seconds(1));
    const auto granted = m_when;
    m_server->Dispose();
    for (std::size_t n = 1; n < 7; ++n)
    {
        RunUntilRequest();
        ASSERT_EQ(m_requests.size(), n + 1);
        const double part = (m_requests[n] - granted).GetSeconds() / 600;
        const double left = std::pow(0.5, n);
        EXPECT_GE(part, 1 - left) << n;
        EXPECT_LE(part, 1 - left * 3 / 4) << n;
        EXPECT_GE(m_requests[n] - m_requests[n - 1], Seconds(4));
    }
    EXPECT_TRUE(m_client->GetOutside());
    RunFor(granted + Seconds(601) - Simulator::Now());
    EXPECT_FALSE(m_client->GetOutside());
    const auto sent = m_requests.size();
    RunFor(Hours(1));
    EXPECT_EQ(m_requests.size(), sent);
}

// RFC 6887 15: a lifetime of 0 ends a mapping; one that is not there is no fault
TEST_F(PcpTest, ReleaseEndsTheMapping)
{
    Mount();
    Ask(49153);
    RunFor(Seconds(1));
    m_client->Release();
    RunFor(Seconds(1));
    EXPECT_FALSE(m_client->GetOutside());
    EXPECT_EQ(m_requests.size(), 2U);
    const NatEndpoint inside{Ipv4Address("10.0.0.2").Get(), 49153};
    EXPECT_FALSE(m_gateway->RequestMapping(NatProtocol::TCP, inside, Time()));
    EXPECT_EQ(m_gateway->GetCore().GetMappings(), 0U);
    EXPECT_EQ(m_server->GetCounters()[1].second, 0U) << "refused";
    RunFor(Hours(1));
    EXPECT_EQ(m_requests.size(), 2U);
}

// RFC 6887 8.5: after a loss of state the server's clock begins anew; the renewal maps the port
TEST_F(PcpTest, ANatThatHasLostItsStateIsNoticedAndMapsAnew)
{
    Mount(Seconds(100));
    Ask(49153);
    RunFor(Seconds(200));
    EXPECT_EQ(m_client->GetRestarts(), 0U);
    RunUntilRequest();
    RunFor(Seconds(1));
    EXPECT_EQ(m_client->GetRestarts(), 1U);
    EXPECT_EQ(m_gateway->GetCore().GetMappings(), 1U);
    EXPECT_EQ(m_client->GetOutside(), m_outside); // preserved
    RunUntilRequest();
    RunFor(Seconds(1));
    EXPECT_EQ(m_client->GetRestarts(), 1U);
}

// RFC 6887 15: two minutes at least, a day at most
TEST_F(PcpTest, TheServerKeepsLifetimesWithinItsBounds)
{
    Mount();
    m_client->SetAttribute("Lifetime", TimeValue(Seconds(10)));
    Ask(49153);
    RunFor(Seconds(100));
    EXPECT_EQ(m_requests.size(), 2U); // 60 to 75 s
    m_client->SetAttribute("Lifetime", TimeValue(Hours(100)));
    Ask(49154); // ends the first
    RunFor(Hours(11));
    EXPECT_EQ(m_requests.size(), 4U);
    RunFor(Hours(5)); // 12 to 15 h
    EXPECT_EQ(m_requests.size(), 5U);
}

// RFC 6887 8.2 and 12: a request that another NAT has translated would map the wrong address
TEST_F(PcpTest, ARequestForAnotherAddressIsRefused)
{
    Mount();
    auto asker = Socket::CreateSocket(m_host, TypeId::LookupByName("ns3::UdpSocketFactory"));
    asker->Bind();
    auto request = MakeRequest();
    request.client = Ipv4Address("192.168.1.2");
    RunFor(Seconds(1));
    asker->SendTo(ToPacket(EncodePcp(request)), 0, InetSocketAddress(g_pcpAnycast, PCP_PORT));
    RunFor(Seconds(1));
    const auto answer = asker->Recv();
    ASSERT_TRUE(answer);
    PcpMap read;
    ASSERT_EQ(DecodePcp(ToOctets(answer), read), PcpResult::SUCCESS);
    EXPECT_TRUE(read.isResponse);
    EXPECT_EQ(read.result, PcpResult::ADDRESS_MISMATCH);
    EXPECT_EQ(m_gateway->GetCore().GetMappings(), 0U);
}
