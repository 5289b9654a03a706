// SPDX-License-Identifier: GPL-2.0-only
// The STUN server and its clients as hosts on a line of 100 ms one way.
#include "oracle/dissection.h"
#include "transport/tcp-test-world.h"

#include "ns3/boolean.h"
#include "ns3/ipv4.h"
#include "ns3/stun-server.h"
#include "ns3/stun-tcp-client.h"
#include "ns3/stun-udp-client.h"
#include "ns3/udp-header.h"
#include "ns3/udp-l4-protocol.h"

#include <map>
#include <optional>
#include <string>

namespace
{

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::LossyRouting;
using ::p2pim::test::TcpTestWorld;
using ::p2pim::test::TestPeer;

constexpr uint8_t SYN = TcpHeader::SYN;
constexpr uint8_t FIN_ACK = TcpHeader::FIN | TcpHeader::ACK;
constexpr double ONE_WAY = 0.1;      ///< of the line, s
constexpr double PROCESSING = 0.002; ///< of the server, s
constexpr double SLACK = 1e-5;       ///< transmission of some packets, s
constexpr uint16_t PORT = 5000;      ///< that the client asks for

class StunNetwork : public TcpTestWorld
{
  protected:
    void SetUp() override
    {
        TcpTestWorld::SetUp();
        m_b.node->GetObject<Ipv4>()->AddAddress(
            0,
            Ipv4InterfaceAddress("10.0.0.3", Ipv4Mask::GetOnes()));
        m_server = CreateObject<StunServer>();
        m_server->AssignStreams(1);
        m_server->SetAttribute("OtherAddress", Ipv4AddressValue("10.0.0.3"));
        m_b.node->AddApplication(m_server);
    }

    void TearDown() override
    {
        m_server = nullptr;
        m_tcp->Dispose();
        m_udp->Dispose();
        TcpTestWorld::TearDown();
    }

    /// Writes the findings and their time down.
    auto Done()
    {
        return [this](const StunDiscovery::Findings& findings) {
            EXPECT_FALSE(m_findings) << "told once";
            m_findings = findings;
            m_doneAt = Simulator::Now();
        };
    }

    void StartTcp(double seconds)
    {
        At(seconds, m_a, [this]() { m_tcp->Start(m_a.node, PORT, m_b.At(STUN_PORT), Done()); });
    }

    void StartUdp(double seconds)
    {
        At(seconds, m_a, [this]() { m_udp->Start(m_a.node, PORT, m_b.At(STUN_PORT), Done()); });
    }

    /// @return a counter of the server.
    double Get(const std::string& name) const
    {
        for (const auto& [each, value] : m_server->GetCounters())
        {
            if (each == name)
            {
                return value;
            }
        }
        return -1;
    }

    /// Captures what the client's host sends and receives.
    void Capture(::p2pim::oracle::Capture& capture) const
    {
        const auto keep = Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
            [&capture](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
                capture.Add(ToOctets(packet));
            });
        m_a.node->GetObject<Ipv4>()->TraceConnectWithoutContext("Tx", keep);
        m_a.node->GetObject<Ipv4>()->TraceConnectWithoutContext("Rx", keep);
    }

    static void RunUntil(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    Ptr<StunServer> m_server;
    Ptr<StunTcpClient> m_tcp = CreateObject<StunTcpClient>();
    Ptr<StunUdpClient> m_udp = CreateObject<StunUdpClient>();
    std::optional<StunDiscovery::Findings> m_findings;
    Time m_doneAt;
};

} // namespace

// --- TCP -----------------------------------------------------------------------------------------

// SYN, SYN-ACK, then request and answer: two round trips and the processing
TEST_F(StunNetwork, Stun_TellsTheEndpointOverTcpAndHoldsTheConnection)
{
    StartTcp(1);
    RunUntil(100);
    ASSERT_TRUE(m_findings);
    EXPECT_NEAR(m_doneAt.GetSeconds(), 1 + 4 * ONE_WAY + PROCESSING, SLACK);
    EXPECT_EQ(m_findings->reflexive, m_a.At(PORT));
    EXPECT_EQ(m_findings->local, m_a.At(PORT));
    EXPECT_EQ(m_findings->mapping, StunBehaviour::NONE);
    EXPECT_TRUE(m_tcp->IsHolding());
    EXPECT_EQ(m_b.routing->Count(FIN_ACK), 0U);
    m_tcp->Release();
    EXPECT_FALSE(m_tcp->IsHolding());
    RunUntil(101);
    EXPECT_EQ(m_b.routing->Count(FIN_ACK), 1U);
    EXPECT_EQ(Get("stun_bindings"), 1);
}

TEST_F(StunNetwork, Stun_SharesThePortWithAListenerAndOtherConnections)
{
    TestPeer listener(m_a);
    TestPeer caller(m_b);
    listener.Listen(PORT);
    StartTcp(1);
    At(3, m_b, [&]() { caller.Connect(7000, m_a.At(PORT)); });
    RunUntil(10);
    EXPECT_TRUE(m_findings->reflexive);
    EXPECT_EQ(caller.connected, 1U);
    EXPECT_EQ(listener.connected, 1U);
    EXPECT_TRUE(m_tcp->IsHolding());
}

TEST_F(StunNetwork, Stun_ClosesTheConnectionThatIsNotToBeHeld)
{
    m_tcp->SetAttribute("Hold", BooleanValue(false));
    StartTcp(1);
    RunUntil(10);
    EXPECT_TRUE(m_findings->reflexive);
    EXPECT_FALSE(m_tcp->IsHolding());
    EXPECT_EQ(m_b.routing->Count(FIN_ACK), 1U);
}

TEST_F(StunNetwork, Stun_KeepsTheConnectionAlive)
{
    m_tcp->SetAttribute("KeepAliveInterval", TimeValue(Seconds(100)));
    StartTcp(1);
    RunUntil(1 + 1000);
    // the request of 20 octets and nine indications of 20
    EXPECT_EQ(Get("stun_octets_received"), 200);
    EXPECT_EQ(Get("stun_bindings"), 1) << "an indication is not answered";
}

// RFC 8489 6.2.2: Ti counts from the SYN
TEST_F(StunNetwork, Stun_GivesAServerUpThatIsSilent)
{
    m_b.routing->Lose(SYN, LossyRouting::ALL);
    StartTcp(1);
    RunUntil(300);
    EXPECT_FALSE(m_findings->reflexive);
    EXPECT_EQ(m_doneAt, Seconds(1 + 39.5));
    EXPECT_FALSE(m_tcp->IsHolding());
}

TEST_F(StunNetwork, Stun_FailsAtOnceWhereThereIsNoServer)
{
    At(1, m_a, [this]() { m_tcp->Start(m_a.node, PORT, m_b.At(80), Done()); });
    RunUntil(300);
    EXPECT_FALSE(m_findings->reflexive);
    EXPECT_NEAR(m_doneAt.GetSeconds(), 1 + 2 * ONE_WAY, SLACK);
}

// a server that answers once, and closes at 5 s; the ids are those of the client's own maker
TEST_F(StunNetwork, Stun_NoticesThatTheServerHasClosedTheConnection)
{
    TestPeer server(m_b);
    server.Listen(4000);
    At(1, m_a, [this]() { m_tcp->Start(m_a.node, PORT, m_b.At(4000), Done()); });
    At(2, m_b, [&]() {
        StunMessage request;
        const Octets octets(server.received.begin(), server.received.end());
        ASSERT_EQ(DecodeStun(octets, request), StunError::NONE);
        const Octets answer = EncodeStun(AnswerBinding(request, m_a.At(PORT)));
        server.Send({answer.begin(), answer.end()});
    });
    At(5, m_b, [&]() { server.Close(); });
    RunUntil(4);
    EXPECT_TRUE(m_findings->reflexive);
    EXPECT_TRUE(m_tcp->IsHolding());
    RunUntil(6);
    EXPECT_FALSE(m_tcp->IsHolding());
}

TEST_F(StunNetwork, Stun_ServerClosesWhatIsNoStunAndStaysUp)
{
    TestPeer hostile(m_a);
    At(1, m_a, [&]() { hostile.Connect(6000, m_b.At(STUN_PORT)); });
    At(2, m_a, [&]() { hostile.Send("GET / HTTP/1.1\r\nHost: stun\r\n\r\n"); });
    StartTcp(3);
    RunUntil(10);
    EXPECT_EQ(hostile.calls, "CN");
    EXPECT_TRUE(m_findings->reflexive);
}

TEST_F(StunNetwork, Stun_ServerAnswersARequestThatComesInPieces)
{
    const Octets octets = EncodeStun(StunMessage());
    const std::string text(octets.begin(), octets.end());
    TestPeer client(m_a);
    At(1, m_a, [&]() { client.Connect(6000, m_b.At(STUN_PORT)); });
    At(2, m_a, [&]() { client.Send(text.substr(0, 7)); });
    At(3, m_a, [&]() { client.Send(text.substr(7) + text); });
    RunUntil(10);
    EXPECT_EQ(Get("stun_bindings"), 2);
    // XOR-MAPPED-ADDRESS, RESPONSE-ORIGIN and OTHER-ADDRESS, 12 octets each
    EXPECT_EQ(client.received.size(), 2U * (20 + 3 * 12));
}

// --- UDP -----------------------------------------------------------------------------------------

// Test I, then an answer from the other address and port. Without a NAT that is all.
TEST_F(StunNetwork, Stun_DiscoversOverUdp)
{
    StartUdp(1);
    RunUntil(100);
    ASSERT_TRUE(m_findings);
    EXPECT_NEAR(m_doneAt.GetSeconds(), 1 + 2 * (2 * ONE_WAY + PROCESSING), SLACK);
    EXPECT_EQ(m_findings->reflexive, m_a.At(PORT));
    EXPECT_EQ(m_findings->mapping, StunBehaviour::NONE);
    EXPECT_EQ(m_findings->filtering, StunBehaviour::ENDPOINT_INDEPENDENT);
}

TEST_F(StunNetwork, Stun_RepeatsOverUdpAndGivesUp)
{
    m_server->SetAttribute("Port", UintegerValue(4000));
    StartUdp(1);
    RunUntil(300);
    EXPECT_FALSE(m_findings->reflexive);
    EXPECT_EQ(m_doneAt, Seconds(1 + 39.5));
}

TEST_F(StunNetwork, Stun_TakenPortIsNoAnswer)
{
    const auto other = CreateObject<StunUdpClient>();
    At(0.5, m_a, [&]() { other->Start(m_a.node, PORT, m_b.At(4000), [](const auto&) {}); });
    StartUdp(1);
    RunUntil(2);
    EXPECT_FALSE(m_findings->reflexive);
    EXPECT_EQ(m_doneAt, Seconds(1));
    other->Release();
}

// --- tshark --------------------------------------------------------------------------------------

TEST_F(StunNetwork, TsharkReadsUdpAndTcpClean)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not here";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    Capture(capture);
    StartTcp(1);
    RunUntil(10);
    m_findings.reset();
    StartUdp(0);
    RunUntil(20);
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    std::map<std::string, int> kinds;
    for (const auto& frame : capture.Dissect({"stun.type", "stun.att.ipv4", "stun.att.port-xord"}))
    {
        ++kinds[frame[0]];
        if (frame[0] == "0x0101")
        {
            EXPECT_NE(frame[1].find("10.0.0.1"), std::string::npos) << frame[1];
        }
    }
    EXPECT_EQ(kinds["0x0001"], 3) << "Binding requests";
    EXPECT_EQ(kinds["0x0101"], 3) << "Binding success responses";
}
