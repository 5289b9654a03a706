// SPDX-License-Identifier: GPL-2.0-only
// Initial sequence numbers: RFC 9293 3.4.1, RFC 6528 3.
#include "tcp-test-world.h"

#include "ns3/rng-seed-manager.h"
#include "ns3/tcp-sequence-numbers.h"

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace
{

using namespace ns3;
using ns3::p2pim::PeerTcpProtocol;
using ns3::p2pim::TcpFourTuple;
using ns3::p2pim::TcpSequenceNumbers;
using ns3::p2pim::TRANSPORT_MODERN;
using ::p2pim::test::LossyRouting;
using ::p2pim::test::SeenSegment;
using ::p2pim::test::TcpTestWorld;
using ::p2pim::test::TestPeer;

constexpr uint8_t SYN = TcpHeader::SYN;
constexpr uint8_t ACK = TcpHeader::ACK;
constexpr uint8_t RST = TcpHeader::RST;

class TcpSequence : public TcpTestWorld
{
  protected:
    void TearDown() override
    {
        TcpTestWorld::TearDown();
        RngSeedManager::SetRun(1);
    }

    static TcpFourTuple Name(uint16_t port)
    {
        return {Ipv4Address("10.0.0.1"), Ipv4Address("10.0.0.2"), port, 80};
    }

    static uint32_t Get(uint16_t port, double seconds = 0)
    {
        return TcpSequenceNumbers::GetInitial(Name(port), Seconds(seconds)).GetValue();
    }
};

/// When a segment came, its flags and size, and its numbers from the initial ones.
using Line = std::tuple<Time, uint8_t, uint32_t, int32_t, int32_t>;

std::vector<Line>
GetLines(const std::vector<SeenSegment>& segments,
         const SequenceNumber32& firstSequence,
         const SequenceNumber32& firstAcknowledgment)
{
    std::vector<Line> lines;
    for (const auto& each : segments)
    {
        const bool acknowledges = (each.flags & ACK) != 0;
        lines.emplace_back(each.time,
                           each.flags,
                           each.size,
                           each.header.GetSequenceNumber() - firstSequence,
                           acknowledges ? each.header.GetAckNumber() - firstAcknowledgment : 0);
    }
    return lines;
}

} // namespace

TEST_F(TcpSequence, AClockOfFourMicrosecondsGoesOn)
{
    TcpSequenceNumbers::AssignStreams(7);
    constexpr uint32_t LIMIT = 1U << 30;
    for (uint16_t port = 1; port < 2000; ++port)
    {
        ASSERT_LT(Get(port), LIMIT);
        ASSERT_EQ(Get(port, 0.000004), (Get(port) + 1) % LIMIT);
        ASSERT_EQ(Get(port, 60), (Get(port) + 15000000) % LIMIT);
    }
}

// 2000 numbers of 2^30 are the same with a probability of 0.2 %
TEST_F(TcpSequence, ConnectionsHaveNumbersThatTellNothingOfOneAnother)
{
    TcpSequenceNumbers::AssignStreams(7);
    std::set<uint32_t> numbers;
    for (uint16_t port = 1; port <= 1000; ++port)
    {
        numbers.insert(Get(port));
        TcpFourTuple name = Name(port);
        std::swap(name.local, name.remote);
        numbers.insert(TcpSequenceNumbers::GetInitial(name, Time()).GetValue());
    }
    EXPECT_EQ(numbers.size(), 2000U);
}

TEST_F(TcpSequence, TheKeyIsDrawnFromItsStreamAndEndsWithTheSimulation)
{
    EXPECT_EQ(Get(5000), 0U);
    TcpSequenceNumbers::AssignStreams(7);
    const uint32_t first = Get(5000);
    TcpSequenceNumbers::AssignStreams(8);
    EXPECT_NE(Get(5000), first);
    RngSeedManager::SetRun(2);
    TcpSequenceNumbers::AssignStreams(7);
    EXPECT_NE(Get(5000), first);
    RngSeedManager::SetRun(1);
    TcpSequenceNumbers::AssignStreams(7);
    EXPECT_EQ(Get(5000), first);
    Simulator::Destroy();
    EXPECT_EQ(Get(5000), 0U);
}

// all that ns-3 compares with the initial 0 of its own must begin at the initial number: a transfer
// both ways with losses goes as with 0
TEST_F(TcpSequence, ConnectionsWithLossesGoAsFromZero)
{
    std::vector<std::vector<Line>> runs;
    for (const bool hasKey : {false, true})
    {
        if (hasKey)
        {
            TearDown();
            SetUp();
            TcpSequenceNumbers::AssignStreams(7);
        }
        for (const auto* host : {&m_a, &m_b})
        {
            host->node->GetObject<PeerTcpProtocol>()->SetTransportPreset(TRANSPORT_MODERN);
            for (const uint32_t lost : {3, 20, 21, 22, 60})
            {
                host->routing->Lose(ACK, lost);
            }
        }
        TestPeer server(m_b);
        TestPeer client(m_a);
        const std::string text(120000, 'x');
        At(0, m_b, [&] { server.Listen(80); });
        At(1, m_a, [&] { client.Connect(5000, m_b.At(80)); });
        At(2, m_a, [&] { client.Send(text); });
        At(2, m_b, [&] { server.Send(text); });
        At(40, m_a, [&] { client.Close(); });
        Run();
        EXPECT_EQ(client.received, text);
        EXPECT_EQ(server.received, text);
        const auto fromA = m_b.routing->GetSeen().front().header.GetSequenceNumber();
        const auto fromB = m_a.routing->GetSeen().front().header.GetSequenceNumber();
        EXPECT_EQ(fromA != SequenceNumber32(0) && fromB != SequenceNumber32(0), hasKey);
        runs.push_back(GetLines(m_b.routing->GetSeen(), fromA, fromB));
        runs.push_back(GetLines(m_a.routing->GetSeen(), fromB, fromA));
    }
    EXPECT_GT(runs[0].size(), 100U);
    EXPECT_EQ(runs[0], runs[2]);
    EXPECT_EQ(runs[1], runs[3]);
}

// a peer that is not ns-3's may begin anywhere: its numbers wrap within the first segments
TEST_F(TcpSequence, NumbersOfThePeerMayWrap)
{
    TcpSequenceNumbers::AssignStreams(7);
    TestPeer server(m_a);
    server.Listen(80);
    constexpr uint32_t FIRST = 0xfffffff0;
    m_b.routing->Lose(SYN | ACK, LossyRouting::ALL); // the peer is played here
    m_b.routing->Lose(ACK, LossyRouting::ALL);
    At(1, m_b, [&] { Inject(m_b, 6000, m_a, 80, SYN, FIRST, 0); });
    Simulator::Stop(Seconds(1.5));
    Simulator::Run();
    ASSERT_EQ(m_b.routing->GetSeen().size(), 1U);
    const TcpHeader answer = m_b.routing->GetSeen().front().header;
    EXPECT_EQ(answer.GetAckNumber(), SequenceNumber32(FIRST + 1));
    const uint32_t own = answer.GetSequenceNumber().GetValue() + 1;
    const std::string half(20, 'x');
    Inject(m_b, 6000, m_a, 80, ACK, FIRST + 1, own);
    Inject(m_b, 6000, m_a, 80, ACK, FIRST + 1, own, half);
    Inject(m_b, 6000, m_a, 80, ACK, FIRST + 21, own, half);
    Simulator::Stop(Seconds(1));
    Simulator::Run();
    EXPECT_EQ(server.connected, 1U);
    EXPECT_EQ(server.received, half + half);
    EXPECT_EQ(m_b.routing->GetSeen().back().header.GetAckNumber(), SequenceNumber32(25));
    server.Close();
}

// RFC 9293 3.10.7.4: the SYN of a new attempt, for which the old one's half is still there, is
// answered with an acknowledgment; the reset for that ends the old half
TEST_F(TcpSequence, ANewAttemptIsNotTakenForARepetition)
{
    TcpSequenceNumbers::AssignStreams(7);
    m_a.routing->Lose(SYN | ACK, 1);
    TestPeer server(m_b);
    server.Listen(80);
    TestPeer first(m_a);
    TestPeer second(m_a);
    At(1, m_a, [&] { first.Connect(5000, m_b.At(80)); });
    At(1.3, m_a, [&] { first.Close(); });
    At(1.4, m_a, [&] { second.Connect(5000, m_b.At(80)); });
    Run();
    EXPECT_EQ(m_b.routing->Count(RST), 1U);
    EXPECT_EQ(second.calls, "C");
    EXPECT_NEAR(second.connectedAt.GetSeconds(), 1.4 + 3 + 0.2, 1e-3) << "by its second SYN";
    EXPECT_EQ(server.connected, 1U);
}

// RFC 9293 3.10.7.4: first the sequence number is checked, and what lies outside the window is
// answered with an acknowledgment
TEST_F(TcpSequence, AnAnswerToAnotherAttemptDoesNotCompleteASimultaneousOpen)
{
    for (const uint8_t flags : {SYN, static_cast<uint8_t>(SYN | ACK), ACK})
    {
        m_b.routing->Lose(flags, LossyRouting::ALL); // the peer is played here
    }
    TestPeer a(m_a);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(80)); });
    At(1.5, m_b, [&] { Inject(m_b, 80, m_a, 5000, SYN, 300, 0); });
    At(2, m_b, [&] { Inject(m_b, 80, m_a, 5000, ACK, 90000301, 1); });
    At(2.5, m_b, [&] { EXPECT_EQ(a.connected, 0U); });
    At(2.5, m_b, [&] { Inject(m_b, 80, m_a, 5000, ACK, 301, 1); });
    At(3, m_b, [&] { Inject(m_b, 80, m_a, 5000, RST, 301, 1); });
    Run();
    EXPECT_EQ(a.calls, "CE");
    EXPECT_EQ(m_b.routing->Count(ACK), 1U);
    EXPECT_EQ(m_b.routing->GetSeen().back().header.GetAckNumber(), SequenceNumber32(301));
}
