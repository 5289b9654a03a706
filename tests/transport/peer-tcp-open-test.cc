// SPDX-License-Identifier: GPL-2.0-only
// How connections of PeerTcpSocket come about, and how the attempt fails. RFC 9293 throughout.
#include "tcp-test-world.h"

#include "ns3/boolean.h"
#include "ns3/tcp-socket-factory.h"

#include <memory>
#include <string>
#include <vector>

namespace
{

using namespace ns3;
using ns3::p2pim::TcpFailure;
using ::p2pim::test::LossyRouting;
using ::p2pim::test::TcpTestWorld;
using ::p2pim::test::TestPeer;

constexpr uint8_t SYN = TcpHeader::SYN;
constexpr uint8_t ACK = TcpHeader::ACK;
constexpr uint8_t RST = TcpHeader::RST;
constexpr uint8_t SYN_ACK = SYN | ACK;

/// The tests' line takes this long in one direction; what it adds for the octets is below 1 us.
constexpr double ONE_WAY = 0.1;
/// Most that transmission times add to a few one-way delays, s.
constexpr double SLACK = 1e-5;

class PeerTcpRefusal : public TcpTestWorld
{
};

TEST_F(PeerTcpRefusal, PeerTcp_FailsAtOnceWhenThePortIsClosed)
{
    TestPeer a(m_a);
    At(1, m_a, [&] { EXPECT_EQ(a.Connect(5000, m_b.At(81)), 0); });
    Run();

    EXPECT_EQ(a.failed, 1U);
    EXPECT_NEAR(a.failedAt.GetSeconds(), 1 + 2 * ONE_WAY, SLACK);
    EXPECT_EQ(a.socket->GetFailure(), TcpFailure::REFUSED);
    EXPECT_EQ(a.socket->GetErrno(), Socket::ERROR_NOTCONN);
    EXPECT_EQ(a.socket->GetState(), TcpSocket::CLOSED);
    EXPECT_EQ(a.closed + a.broken + a.connected, 0U);
    EXPECT_EQ(m_b.routing->Count(SYN), 1U) << "no SYN after the refusal";
    EXPECT_EQ(CountSockets(m_a), 0U);
}

TEST_F(PeerTcpRefusal, PeerTcp_ResetOfAClosedPortCarriesTheNumbersOfTheStandard)
{
    TestPeer a(m_a);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    Run();

    // RFC 9293 3.10.7.1: <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>; the SYN had number 0, length 1
    ASSERT_EQ(m_a.routing->GetSeen().size(), 1U);
    const auto& reset = m_a.routing->GetSeen().front();
    EXPECT_EQ(reset.flags, RST | ACK);
    EXPECT_EQ(reset.header.GetSequenceNumber(), SequenceNumber32(0));
    EXPECT_EQ(reset.header.GetAckNumber(), SequenceNumber32(1));
}

TEST_F(PeerTcpRefusal, PeerTcp_BoundButIdleSocketRefusesToo)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    EXPECT_EQ(b.socket->Bind(m_b.At(81)), 0);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    Run();

    EXPECT_EQ(a.socket->GetFailure(), TcpFailure::REFUSED);
    EXPECT_NEAR(a.failedAt.GetSeconds(), 1 + 2 * ONE_WAY, SLACK);
    b.socket->Close();
}

TEST_F(PeerTcpRefusal, PeerTcp_SilenceFailsAfterSixSyns)
{
    m_b.routing->Lose(SYN, LossyRouting::ALL);
    TestPeer a(m_a);
    At(0, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    Run();

    EXPECT_EQ(a.failed, 1U);
    EXPECT_EQ(a.failedAt, Seconds(3 + 6 + 12 + 24 + 48 + 96));
    EXPECT_EQ(a.socket->GetFailure(), TcpFailure::TIMED_OUT);
    EXPECT_EQ(a.socket->GetErrno(), Socket::ERROR_AGAIN);
    EXPECT_EQ(m_b.routing->Count(SYN), 6U);
}

TEST_F(PeerTcpRefusal, PeerTcp_RefusedConnectionCanBeTriedAgainFromTheCallback)
{
    TestPeer first(m_a);
    TestPeer second(m_a);
    TestPeer b(m_b);
    At(1, m_a, [&] { first.Connect(5000, m_b.At(81)); });
    first.socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                     Callback<void, Ptr<Socket>>([&](Ptr<Socket>) {
                                         EXPECT_EQ(second.Connect(5000, m_b.At(81)), 0);
                                     }));
    At(1.15, m_b, [&] { b.Listen(81); });
    Run();

    EXPECT_EQ(second.connected, 1U);
    EXPECT_EQ(b.connected, 1U);
}

TEST_F(PeerTcpRefusal, PeerTcp_IgnoresBlindResetsWhileConnecting)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    m_b.routing->Lose(SYN, 1);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(1.5, m_b, [&] { Inject(m_b, 81, m_a, 5000, RST, 0, 0); });
    At(1.6, m_b, [&] { Inject(m_b, 81, m_a, 5000, RST | ACK, 0, 0); });
    At(1.7, m_b, [&] { Inject(m_b, 81, m_a, 5000, RST | ACK, 0, 77); });
    Run();

    EXPECT_EQ(m_a.routing->Count(RST) + m_a.routing->Count(RST | ACK), 3U);
    EXPECT_EQ(a.failed, 0U);
    EXPECT_EQ(a.connected, 1U);
    EXPECT_NEAR(a.connectedAt.GetSeconds(), 1 + 3 + 2 * ONE_WAY, SLACK);
}

TEST_F(PeerTcpRefusal, PeerTcp_AnswersAnUnacceptableAcknowledgmentWithAResetAndGoesOn)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    m_b.routing->Lose(SYN, 1);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(1.5, m_b, [&] { Inject(m_b, 81, m_a, 5000, SYN_ACK, 300, 77); });
    Run();

    // RFC 9293 3.10.7.3: <SEQ=SEG.ACK><CTL=RST>
    ASSERT_GE(m_b.routing->GetSeen().size(), 2U);
    EXPECT_EQ(m_b.routing->GetSeen()[1].flags, RST);
    EXPECT_EQ(m_b.routing->GetSeen()[1].header.GetSequenceNumber(), SequenceNumber32(77));
    EXPECT_EQ(a.connected, 1U);
}

TEST_F(PeerTcpRefusal, PeerTcp_ResetInSynReceivedEndsAnActiveOpen)
{
    TestPeer a(m_a);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    m_b.routing->Lose(SYN, LossyRouting::ALL);
    m_b.routing->Lose(SYN_ACK, LossyRouting::ALL);
    At(1.5, m_b, [&] { Inject(m_b, 81, m_a, 5000, SYN, 300, 0); });
    At(2.0, m_b, [&] { Inject(m_b, 81, m_a, 5000, RST, 300, 0); }); // below the window
    At(2.5, m_b, [&] { Inject(m_b, 81, m_a, 5000, RST, 301, 0); });
    Run();

    EXPECT_EQ(a.failed, 1U);
    EXPECT_NEAR(a.failedAt.GetSeconds(), 2.5 + ONE_WAY, SLACK);
    EXPECT_EQ(a.socket->GetFailure(), TcpFailure::REFUSED);
    EXPECT_EQ(m_b.routing->Count(SYN_ACK), 1U);
}

TEST_F(PeerTcpRefusal, PeerTcp_SegmentForADestroyedSocketIsReset)
{
    auto a = std::make_unique<TestPeer>(m_a);
    At(1, m_a, [&] { a->Connect(5000, m_b.At(81)); });
    At(2, m_a, [&] { a.reset(); });
    At(3, m_b, [&] { Inject(m_b, 81, m_a, 5000, ACK, 1, 77); });
    Run();

    EXPECT_EQ(m_b.routing->GetSeen().back().flags, RST);
}

TEST_F(PeerTcpRefusal, PeerTcp_CloseBeforeAnAnswerIsSilent)
{
    m_b.routing->Lose(SYN, LossyRouting::ALL);
    TestPeer a(m_a);
    TestPeer next(m_a);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(2, m_a, [&] {
        a.Close();
        EXPECT_EQ(next.Connect(5000, m_b.At(81)), 0) << "the connection's name is free";
        next.Close();
    });
    Run();

    EXPECT_EQ(a.connected + a.failed + a.closed + a.broken, 0U);
    EXPECT_EQ(m_b.routing->Count(RST), 0U);
    EXPECT_EQ(CountSockets(m_a), 0U);
}

// --- The ordinary open ---------------------------------------------------------------------------

class PeerTcpOpen : public TcpTestWorld
{
};

TEST_F(PeerTcpOpen, PeerTcp_ListenerIsToldWhenTheLastAcknowledgmentOfTheHandshakeWasLost)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    m_b.routing->Lose(ACK, 1);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    Run();

    EXPECT_EQ(b.connected, 1U);
    // SYN, then 3 s until the SYN,ACK is repeated, its way, the way of its acknowledgment
    EXPECT_NEAR(b.connectedAt.GetSeconds(), 1 + ONE_WAY + 3 + 2 * ONE_WAY, SLACK);
}

TEST_F(PeerTcpOpen, PeerTcp_ListenerClosedDuringTheHandshakeAcceptsNothing)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(1 + 2 * ONE_WAY, m_b, [&] { b.Close(); });
    Run();

    EXPECT_EQ(b.connected + b.closed + b.broken, 0U);
    EXPECT_EQ(a.socket->GetFailure(), TcpFailure::RESET);
    EXPECT_EQ(CountSockets(m_a) + CountSockets(m_b), 0U);
}

TEST_F(PeerTcpOpen, PeerTcp_SynAckDoesNotCompleteAPassiveOpen)
{
    TestPeer b(m_b);
    b.Listen(81);
    At(1.0, m_a, [&] { Inject(m_a, 5000, m_b, 81, SYN, 0, 0); });
    At(1.1, m_a, [&] { Inject(m_a, 5000, m_b, 81, SYN_ACK, 0, 1); });
    Run();

    EXPECT_EQ(b.connected, 0U);
    EXPECT_EQ(m_b.routing->Count(RST), 2U) << "of a, to the SYN,ACK and the challenge";
}

TEST_F(PeerTcpOpen, PeerTcp_WrongAcknowledgmentInSynReceivedIsResetAndForgotten)
{
    m_b.routing->Lose(ACK, 1); // of the handshake
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    At(1.0, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(1.5, m_a, [&] { Inject(m_a, 5000, m_b, 81, ACK, 1, 77); });
    Run();

    // RFC 9293 3.10.7.4: <SEQ=SEG.ACK><CTL=RST>; it is outside a's window
    ASSERT_EQ(m_a.routing->Count(RST), 1U);
    EXPECT_EQ(m_a.routing->GetSeen()[1].header.GetSequenceNumber(), SequenceNumber32(77));
    EXPECT_EQ(b.connected, 1U);
}

TEST_F(PeerTcpOpen, PeerTcp_RepeatedSynGivesNoRoundTripSample)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    m_b.routing->Lose(SYN, 1);
    Time largest;
    a.socket->TraceConnectWithoutContext("RTT", Callback<void, Time, Time>([&](Time, Time now) {
                                             largest = Max(largest, now);
                                         }));
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(10, m_a, [&] { a.Send("x"); });
    Run();

    // RFC 6298 3 (Karn): the answer at 3.2 s is no sample; the first one is that of the data
    EXPECT_GT(largest.GetSeconds(), 2 * ONE_WAY - SLACK);
    EXPECT_LT(largest.GetSeconds(), 2 * ONE_WAY + 0.2 + SLACK);
}

TEST_F(PeerTcpOpen, PeerTcp_UnderstandsAnOrdinarySocket)
{
    TestPeer b(m_b);
    b.Listen(81);
    const Ptr<Socket> plain = Socket::CreateSocket(m_a.node, TcpSocketFactory::GetTypeId());
    At(1, m_a, [&] { plain->Connect(m_b.At(81)); });
    At(2, m_a, [&] { plain->Send(Create<Packet>(2000)); });
    At(3, m_b, [&] { b.Send("back"); });
    At(4, m_a, [&] {
        EXPECT_EQ(plain->Recv()->GetSize(), 4U);
        plain->Close();
    });
    Run();

    EXPECT_EQ(b.received.size(), 2000U);
    EXPECT_EQ(b.closed, 1U);
    EXPECT_EQ(b.broken, 0U);
}

// --- Simultaneous open ---------------------------------------------------------------------------

/// What is lost on the way to one of the hosts.
struct Loss
{
    char host;     ///< 'a' or 'b'
    uint8_t flags; ///< kind of segment
};

/// One case of a simultaneous open.
struct Crossing
{
    std::string name;         ///< of the test
    double skew;              ///< how much later b calls, s
    std::vector<Loss> losses; ///< the first of each kind is lost
    double latest;            ///< when both are connected at the latest, after a's call, s
};

class PeerTcpSimultaneousOpen : public TcpTestWorld, public testing::WithParamInterface<Crossing>
{
};

TEST_P(PeerTcpSimultaneousOpen, PeerTcp_BothSidesConnectExchangeDataAndClose)
{
    const Crossing& crossing = GetParam();
    for (const Loss& loss : crossing.losses)
    {
        (loss.host == 'a' ? m_a : m_b).routing->Lose(loss.flags, 1);
    }
    TestPeer a(m_a);
    TestPeer b(m_b);
    At(1, m_a, [&] { EXPECT_EQ(a.Connect(5000, m_b.At(6000)), 0); });
    At(1 + crossing.skew, m_b, [&] { EXPECT_EQ(b.Connect(6000, m_a.At(5000)), 0); });
    At(20, m_a, [&] { a.Send("from a"); });
    At(20, m_b, [&] { b.Send(std::string(5000, 'b')); });
    At(30, m_a, [&] { a.Close(); });
    Run();

    EXPECT_EQ(a.connected, 1U);
    EXPECT_EQ(b.connected, 1U);
    EXPECT_LE(a.connectedAt.GetSeconds(), 1 + crossing.latest + SLACK);
    EXPECT_LE(b.connectedAt.GetSeconds(), 1 + crossing.latest + SLACK);
    EXPECT_EQ(b.received, "from a");
    EXPECT_EQ(a.received, std::string(5000, 'b'));
    EXPECT_EQ(a.failed + a.broken + b.failed + b.broken, 0U);
    EXPECT_EQ(a.closed, 1U);
    EXPECT_EQ(b.closed, 1U);
    EXPECT_EQ(a.socket->GetState(), TcpSocket::CLOSED);
    EXPECT_EQ(b.socket->GetState(), TcpSocket::CLOSED);
    EXPECT_EQ(CountSockets(m_a) + CountSockets(m_b), 0U);
    EXPECT_EQ(m_a.routing->Count(RST) + m_b.routing->Count(RST), 0U);
}

// RFC 9293 figure 8: the SYN takes one way, the SYN,ACK another. After a loss the side that lacks
// something waits for a repetition, 3 s after what it sent last, which it has after at most two
// more ways.
INSTANTIATE_TEST_SUITE_P(
    Crossings,
    PeerTcpSimultaneousOpen,
    testing::Values(
        Crossing{"NoLoss", 0, {}, 2 * ONE_WAY},
        Crossing{"Skew", 0.06, {}, 0.06 + 2 * ONE_WAY},
        Crossing{"SynToALost", 0, {{'a', SYN}}, 3 * ONE_WAY},
        Crossing{"SynToBLost", 0, {{'b', SYN}}, 3 * ONE_WAY},
        Crossing{"SynAckToALost", 0, {{'a', SYN_ACK}}, 3 + 3 * ONE_WAY},
        Crossing{"SynAckToBLost", 0, {{'b', SYN_ACK}}, 3 + 3 * ONE_WAY},
        Crossing{"BothSynsLost", 0, {{'a', SYN}, {'b', SYN}}, 3 + 2 * ONE_WAY},
        Crossing{"BothSynAcksLost", 0, {{'a', SYN_ACK}, {'b', SYN_ACK}}, 3 + 3 * ONE_WAY},
        Crossing{"SynAndItsAnswerLost", 0, {{'a', SYN}, {'a', SYN_ACK}}, 3 + 5 * ONE_WAY},
        Crossing{"SynAndTheAcknowledgmentLost",
                 0,
                 {{'a', SYN}, {'a', ACK}, {'b', ACK}},
                 3 + 5 * ONE_WAY}),
    [](const testing::TestParamInfo<Crossing>& info) { return info.param.name; });

class PeerTcpCrossing : public TcpTestWorld
{
};

TEST_F(PeerTcpCrossing, PeerTcp_SimultaneousOpenWithoutLossTakesFourSegments)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(6000)); });
    At(1, m_b, [&] { b.Connect(6000, m_a.At(5000)); });
    Run();

    for (const auto& host : {m_a, m_b})
    {
        ASSERT_EQ(host.routing->GetSeen().size(), 2U);
        EXPECT_EQ(host.routing->GetSeen()[0].flags, SYN);
        EXPECT_EQ(host.routing->GetSeen()[1].flags, SYN_ACK);
        EXPECT_EQ(host.routing->GetSeen()[1].header.GetSequenceNumber(), SequenceNumber32(0));
        EXPECT_EQ(host.routing->GetSeen()[1].header.GetAckNumber(), SequenceNumber32(1));
    }
}

TEST_F(PeerTcpCrossing, PeerTcp_SynAckIsWhatIsRepeatedAfterTheCrossing)
{
    m_a.routing->Lose(SYN_ACK, 1);
    m_b.routing->Lose(SYN_ACK, 1);
    TestPeer a(m_a);
    TestPeer b(m_b);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(6000)); });
    At(1, m_b, [&] { b.Connect(6000, m_a.At(5000)); });
    Run();

    EXPECT_EQ(m_a.routing->Count(SYN), 1U);
    EXPECT_EQ(m_b.routing->Count(SYN), 1U);
    EXPECT_EQ(m_b.routing->Count(SYN_ACK), 2U);
}

TEST_F(PeerTcpCrossing, PeerTcp_RepeatedSynsDoNotUseUpTheRepetitionsOfTheSynAck)
{
    m_a.routing->Lose(SYN, LossyRouting::ALL);
    for (uint32_t nth = 1; nth <= 8; ++nth)
    {
        m_a.routing->Lose(SYN_ACK, nth);
    }
    TestPeer a(m_a);
    TestPeer b(m_b);
    At(0, m_a, [&] { a.Connect(5000, m_b.At(6000)); });
    At(0, m_b, [&] { b.Connect(6000, m_a.At(5000)); });
    Run();

    // a repeats its SYN, and b its SYN,ACK, at 3, 9, 21 and 45 s; each SYN is answered besides. If
    // the answers counted, b would have sent its 6 by 21 s.
    EXPECT_EQ(a.calls, "C");
    EXPECT_EQ(b.calls, "C");
    EXPECT_NEAR(a.connectedAt.GetSeconds(), 45 + 2 * ONE_WAY, SLACK);
}

TEST_F(PeerTcpCrossing, PeerTcp_FinThatCompletesTheOpenIsReportedAfterIt)
{
    m_b.routing->Lose(SYN, 1);
    m_a.routing->Lose(ACK, 1);
    TestPeer a(m_a);
    TestPeer b(m_b);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(6000)); });
    At(1, m_b, [&] { b.Connect(6000, m_a.At(5000)); });
    At(1.25, m_b, [&] { b.Close(); });
    Run();

    EXPECT_EQ(a.calls, "CN");
    EXPECT_EQ(b.calls, "CN");
}

TEST_F(PeerTcpCrossing, PeerTcp_WindowOfACrossedSynAckIsNotScaled)
{
    TestPeer a(m_a);
    TestPeer b(m_b);
    uint32_t window = 0;
    for (const auto& peer : {a.socket, b.socket})
    {
        peer->SetAttribute("WindowScale", BooleanValue(true));
    }
    a.socket->TraceConnectWithoutContext(
        "RWND",
        Callback<void, uint32_t, uint32_t>([&](uint32_t, uint32_t now) { window = now; }));
    At(1, m_a, [&] { a.Connect(5000, m_b.At(6000)); });
    At(1, m_b, [&] { b.Connect(6000, m_a.At(5000)); });
    Run();

    EXPECT_EQ(a.connected, 1U);
    EXPECT_GT(window, 60000U);
    EXPECT_LE(window, 65535U) << "RFC 7323 2.2";
}

TEST_F(PeerTcpCrossing, PeerTcp_StrangeSynInSynReceivedIsAnsweredWithAnAcknowledgment)
{
    m_b.routing->Lose(SYN, LossyRouting::ALL);
    m_b.routing->Lose(SYN_ACK, LossyRouting::ALL);
    m_b.routing->Lose(ACK, LossyRouting::ALL);
    TestPeer a(m_a);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(1.5, m_b, [&] { Inject(m_b, 81, m_a, 5000, SYN, 300, 0); });
    At(2, m_b, [&] { Inject(m_b, 81, m_a, 5000, SYN, 900, 0); });
    At(3, m_a, [&] { a.Close(); });
    Run();

    // RFC 9293 3.10.7.4: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
    ASSERT_EQ(m_b.routing->GetSeen().size(), 4U);
    const auto& answer = m_b.routing->GetSeen()[2];
    EXPECT_EQ(answer.flags, ACK);
    EXPECT_EQ(answer.header.GetSequenceNumber(), SequenceNumber32(1));
    EXPECT_EQ(answer.header.GetAckNumber(), SequenceNumber32(301));
    // and the close in SYN-RECEIVED: <SEQ=SND.NXT><CTL=RST>
    EXPECT_EQ(m_b.routing->GetSeen()[3].flags, RST);
    EXPECT_EQ(m_b.routing->GetSeen()[3].header.GetSequenceNumber(), SequenceNumber32(1));
}

TEST_F(PeerTcpCrossing, PeerTcp_SimultaneousOpenWorksBesideAListenerOnThePort)
{
    TestPeer listener(m_a);
    listener.Listen(5000);
    TestPeer a(m_a);
    TestPeer b(m_b);
    At(1, m_a, [&] { EXPECT_EQ(a.Connect(5000, m_b.At(6000)), 0); });
    At(1, m_b, [&] { EXPECT_EQ(b.Connect(6000, m_a.At(5000)), 0); });
    Run();

    EXPECT_EQ(a.connected, 1U);
    EXPECT_EQ(b.connected, 1U);
    EXPECT_EQ(listener.connected, 0U);
    listener.Close();
}

} // namespace
