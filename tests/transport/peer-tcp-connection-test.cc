// SPDX-License-Identifier: GPL-2.0-only
// PeerTcpSocket once connected: shared ports, resets, the close; and how sockets are made.
#include "tcp-test-world.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/pointer.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace
{

using namespace ns3;
using ns3::p2pim::PeerTcpSocket;
using ns3::p2pim::TcpFailure;
using ::p2pim::test::LossyRouting;
using ::p2pim::test::TcpTestWorld;
using ::p2pim::test::TestHost;
using ::p2pim::test::TestPeer;

constexpr uint8_t FIN_ACK = TcpHeader::FIN | TcpHeader::ACK;
constexpr uint8_t ACK = TcpHeader::ACK;
constexpr uint8_t RST = TcpHeader::RST;

// --- Shared ports --------------------------------------------------------------------------------

class PeerTcpPortSharing : public TcpTestWorld
{
};

TEST_F(PeerTcpPortSharing, PeerTcp_ListenerAndConnectionsShareAPort)
{
    TestPeer listener(m_a);
    TestPeer first(m_a);
    TestPeer second(m_a);
    TestPeer b1(m_b);
    TestPeer b2(m_b);
    TestPeer caller(m_b);
    listener.Listen(5000);
    b1.Listen(6001);
    b2.Listen(6002);
    At(1, m_a, [&] {
        EXPECT_EQ(first.Connect(5000, m_b.At(6001)), 0);
        EXPECT_EQ(second.Connect(5000, m_b.At(6002)), 0);
    });
    At(1, m_b, [&] { EXPECT_EQ(caller.Connect(7000, m_a.At(5000)), 0); });
    At(2, m_b, [&] {
        b1.Send("one");
        b2.Send("two");
        caller.Send("three");
    });
    Run();

    EXPECT_EQ(first.received, "one");
    EXPECT_EQ(second.received, "two");
    EXPECT_EQ(listener.received, "three");
}

TEST_F(PeerTcpPortSharing, PeerTcp_TheSameConnectionTwiceIsAddressInUse)
{
    TestPeer first(m_a);
    TestPeer second(m_a);
    m_b.routing->Lose(TcpHeader::SYN, LossyRouting::ALL);
    At(1, m_a, [&] {
        EXPECT_EQ(first.Connect(5000, m_b.At(6000)), 0);
        EXPECT_EQ(second.Connect(5000, m_b.At(6000)), -1);
        EXPECT_EQ(second.socket->GetErrno(), Socket::ERROR_ADDRINUSE);
        EXPECT_EQ(second.Connect(5000, m_b.At(6001)), 0) << "another peer port is another name";
        EXPECT_EQ(second.Connect(5000, m_b.At(6002)), -1) << "one connection a socket";
        EXPECT_EQ(second.socket->GetErrno(), Socket::ERROR_INVAL);
    });
    Run();
}

TEST_F(PeerTcpPortSharing, PeerTcp_ListenerMayComeAfterTheConnection)
{
    TestPeer b(m_b);
    b.Listen(6000);
    TestPeer a(m_a);
    TestPeer listener(m_a);
    TestPeer another(m_a);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(6000)); });
    At(2, m_a, [&] {
        listener.Listen(5000, m_a.address);
        EXPECT_EQ(another.socket->Bind(m_a.At(5000)), -1) << "two listeners";
        EXPECT_EQ(another.socket->GetErrno(), Socket::ERROR_ADDRINUSE);
    });
    Run();
    EXPECT_EQ(a.connected, 1U);
}

TEST_F(PeerTcpPortSharing, PeerTcp_ListenerOfTheAddressComesBeforeTheListenerOfAny)
{
    TestPeer any(m_b);
    TestPeer own(m_b);
    TestPeer first(m_a);
    TestPeer second(m_a);
    any.Listen(81);
    own.Listen(81, m_b.address);
    At(1, m_a, [&] { first.Connect(5000, m_b.At(81)); });
    At(2, m_b, [&] { own.StopListening(); });
    At(3, m_a, [&] { second.Connect(5001, m_b.At(81)); });
    Run();
    EXPECT_EQ(own.connected, 1U);
    EXPECT_EQ(any.connected, 1U);
}

TEST_F(PeerTcpPortSharing, PeerTcp_ChecksumsMakeNoDifference)
{
    Config::SetGlobal("ChecksumEnabled", BooleanValue(true));
    TestPeer a(m_a);
    TestPeer b(m_b);
    b.Listen(81);
    At(1, m_a, [&] { a.Connect(5000, m_b.At(81)); });
    At(2, m_a, [&] { a.Send("checked"); });
    Run();
    EXPECT_EQ(b.received, "checked");
    Config::SetGlobal("ChecksumEnabled", BooleanValue(false));
}

TEST_F(PeerTcpPortSharing, PeerTcp_CloseFreesThePortWithoutACallback)
{
    TestPeer bound(m_a);
    TestPeer listener(m_a);
    TestPeer next(m_a);
    EXPECT_EQ(bound.socket->Bind(m_a.At(5000)), 0);
    bound.Close();
    listener.Listen(5000, m_a.address);
    listener.Close();
    next.Listen(5000, m_a.address);
    EXPECT_EQ(bound.closed + listener.closed, 0U);
}

TEST_F(PeerTcpPortSharing, PeerTcp_NoRouteIsAnErrorOfConnect)
{
    TestPeer a(m_a);
    m_a.node->GetObject<Ipv4>()->SetDown(1);
    EXPECT_EQ(a.Connect(5000, m_b.At(6000)), -1);
    EXPECT_EQ(a.socket->GetErrno(), Socket::ERROR_NOROUTETOHOST);
}

// --- Open connections ----------------------------------------------------------------------------

/// A connection from port 5000 of a to port 81 of b, open at 1.3 s.
class PeerTcpConnection : public TcpTestWorld
{
  protected:
    void SetUp() override
    {
        TcpTestWorld::SetUp();
        m_client = std::make_unique<TestPeer>(m_a);
        m_server = std::make_unique<TestPeer>(m_b);
        m_server->Listen(81);
        At(1, m_a, [this] { m_client->Connect(5000, m_b.At(81)); });
    }

    void TearDown() override
    {
        m_client.reset();
        m_server.reset();
        TcpTestWorld::TearDown();
    }

    std::unique_ptr<TestPeer> m_client;
    std::unique_ptr<TestPeer> m_server;
    uint32_t m_before{0}; ///< a count at an earlier time
};

TEST_F(PeerTcpConnection, PeerTcp_IgnoresAResetOutsideTheWindow)
{
    At(2, m_b, [this] { Inject(m_b, 81, m_a, 5000, RST, 0, 0); });
    At(2, m_b, [this] { Inject(m_b, 81, m_a, 5000, RST, 4000000000, 0); });
    At(3, m_a, [this] { m_client->Send("still here"); });
    Run();

    EXPECT_EQ(m_server->received, "still here");
    EXPECT_EQ(m_client->broken, 0U);
}

TEST_F(PeerTcpConnection, PeerTcp_ChallengesAResetInTheWindowButOutOfOrder)
{
    At(2, m_b, [this] { Inject(m_b, 81, m_a, 5000, RST, 1000, 0); });
    At(3, m_a, [this] { m_client->Send("still here"); });
    Run();

    // RFC 5961 3.2: <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, here right after the handshake
    const auto& challenge = m_b.routing->GetSeen().at(2);
    EXPECT_EQ(challenge.flags, ACK);
    EXPECT_NEAR(challenge.time.GetSeconds(), 2.2, 1e-5);
    EXPECT_EQ(challenge.header.GetSequenceNumber(), SequenceNumber32(1));
    EXPECT_EQ(challenge.header.GetAckNumber(), SequenceNumber32(1));
    EXPECT_EQ(m_server->received, "still here");
    EXPECT_EQ(m_client->broken, 0U);
}

TEST_F(PeerTcpConnection, PeerTcp_AResetInOrderBreaksTheConnection)
{
    At(2, m_b, [this] { Inject(m_b, 81, m_a, 5000, RST, 1, 0); });
    Run();

    EXPECT_EQ(m_client->broken, 1U);
    EXPECT_EQ(m_client->closed, 0U);
    EXPECT_EQ(m_client->socket->GetFailure(), TcpFailure::RESET);
    EXPECT_EQ(m_client->socket->GetState(), TcpSocket::CLOSED);
    EXPECT_EQ(CountSockets(m_a), 0U);
}

TEST_F(PeerTcpConnection, PeerTcp_PeerThatHasForgottenTheConnectionResetsIt)
{
    At(2, m_b, [this] { Inject(m_a, 5000, m_b, 81, RST, 1, 0); }); // b's side breaks
    At(3, m_a, [this] { m_client->Send("anyone there?"); });
    At(2, m_a, [this] { Inject(m_a, 5000, m_b, 81, RST, 1, 0); });
    Run();

    EXPECT_EQ(m_server->broken, 1U);
    // the listener answers the data with a reset, RFC 9293 3.10.7.2
    EXPECT_EQ(m_client->broken, 1U);
    EXPECT_EQ(m_client->socket->GetFailure(), TcpFailure::RESET);
}

TEST_F(PeerTcpConnection, PeerTcp_UnansweredDataTimesOut)
{
    m_b.routing->Lose(ACK, LossyRouting::ALL);
    m_b.routing->Lose(TcpHeader::PSH | ACK, LossyRouting::ALL);
    At(3, m_a, [this] { m_client->Send("lost"); });
    Run();

    EXPECT_EQ(m_client->broken, 1U);
    EXPECT_EQ(m_client->socket->GetFailure(), TcpFailure::TIMED_OUT);
}

// RFC 6298 5.5: two time-outs make 4 s of the least RTO, 1 s; 5.7 and Karn: what was sent twice is
// no measurement, so the next segment has 4 s as well. Its repetition is none either; the answer to
// a segment that is sent once is, and the one after that has 1 s again.
TEST_F(PeerTcpConnection, PeerTcp_TimerStaysBackedOffUntilARoundTripIsMeasured)
{
    for (const uint32_t lost : {2, 3, 5, 8}) // the first of kind ACK ends the handshake
    {
        m_b.routing->Lose(ACK, lost);
    }
    for (const double time : {10, 20, 30, 40})
    {
        At(time, m_a, [this] { m_client->Send("x"); });
    }
    Run();

    std::vector<double> data;
    for (const auto& segment : m_b.routing->GetSeen())
    {
        if (segment.size > 0)
        {
            data.push_back(segment.time.GetSeconds() - 0.1);
        }
    }
    const std::vector<double> expected{10, 11, 13, 20, 24, 30, 40, 41};
    ASSERT_EQ(data.size(), expected.size());
    for (std::size_t n = 0; n < data.size(); ++n)
    {
        EXPECT_NEAR(data[n], expected[n], 0.01) << n;
    }
}

TEST_F(PeerTcpConnection, PeerTcp_FinWithoutAnAnswerIsGivenUp)
{
    At(2, m_b, [this] {
        m_b.routing->Lose(FIN_ACK, LossyRouting::ALL);
        m_client->Close();
    });
    Run();

    // RFC 6298 5.5: time-outs of 1 s (the least), then 2, 4, 8, 16, 32, 60 (the most)
    EXPECT_EQ(m_b.routing->Count(FIN_ACK), 7U);
    EXPECT_NEAR(m_client->brokenAt.GetSeconds(), 2 + 1 + 2 + 4 + 8 + 16 + 32 + 60, 0.5);
    EXPECT_EQ(m_client->calls, "CE");
    EXPECT_EQ(m_client->socket->GetFailure(), TcpFailure::TIMED_OUT);
    EXPECT_EQ(CountSockets(m_a), 0U);
}

TEST_F(PeerTcpConnection, PeerTcp_LastAckIsNotLeftForTheAcknowledgmentOfData)
{
    At(1.95, m_b, [this] { m_server->Send("crosses the FIN"); });
    At(2, m_a, [this] { m_client->Close(); });
    m_a.routing->Lose(FIN_ACK, 1);
    Run();

    EXPECT_EQ(m_client->calls, "CN");
    EXPECT_EQ(m_server->calls, "CN");
    EXPECT_EQ(m_client->received, "crosses the FIN");
    EXPECT_EQ(m_client->socket->GetState(), TcpSocket::CLOSED);
}

TEST_F(PeerTcpConnection, PeerTcp_RepeatedFinIsAcknowledgedInLastAck)
{
    m_a.routing->Lose(FIN_ACK, 1);
    At(2.0, m_a, [this] { m_client->Close(); });
    At(2.5, m_a, [this] {
        EXPECT_EQ(m_server->socket->GetState(), TcpSocket::LAST_ACK);
        Inject(m_a, 5000, m_b, 81, FIN_ACK, 1, 1);
    });
    At(2.6, m_a, [this] { m_before = m_a.routing->Count(ACK); });
    At(2.8, m_a, [this] { EXPECT_EQ(m_a.routing->Count(ACK), m_before + 1); });
    Run();
    EXPECT_EQ(m_client->calls + m_server->calls, "CNCN");
}

TEST_F(PeerTcpConnection, PeerTcp_AcknowledgmentInTimeWaitHasTheNumberAfterTheFin)
{
    At(2, m_a, [this] {
        m_b.routing->Lose(ACK, m_b.routing->Count(ACK) + 1);
        m_client->Close();
    });
    At(2, m_b, [this] { m_server->Close(); });
    Run();

    // SYN and FIN have the numbers 0 and 1 on both sides.
    const auto& last = m_b.routing->GetSeen().back();
    EXPECT_EQ(last.flags, ACK);
    EXPECT_EQ(last.header.GetSequenceNumber(), SequenceNumber32(2));
    EXPECT_EQ(last.header.GetAckNumber(), SequenceNumber32(2));
}

TEST_F(PeerTcpConnection, PeerTcp_SecondCloseInClosingChangesNothing)
{
    At(2, m_a, [this] { m_client->Close(); });
    At(2, m_b, [this] { m_server->Close(); });
    At(2.15, m_a, [this] {
        EXPECT_EQ(m_client->socket->GetState(), TcpSocket::CLOSING);
        m_client->Close();
    });
    Run();
    EXPECT_EQ(m_client->calls + m_server->calls, "CNCN");
    EXPECT_EQ(m_b.routing->Count(RST), 0U);
}

TEST_F(PeerTcpConnection, PeerTcp_TimeWaitEndsAfterItsAttribute)
{
    At(2, m_a, [this] { m_client->Close(); });
    At(2.5 + 59, m_a, [this] { EXPECT_EQ(CountSockets(m_a), 1U); });
    At(2.5 + 61, m_a, [this] { EXPECT_EQ(CountSockets(m_a), 0U); });
    Run();
    EXPECT_EQ(m_server->closed, 1U);
}

TEST_F(PeerTcpConnection, PeerTcp_ForgottenCallbacksAreNotCalled)
{
    At(2, m_a, [this] { m_client->socket->ForgetCallbacks(); });
    At(3, m_b, [this] {
        m_server->Send("text");
        m_server->Close();
    });
    Run();

    EXPECT_EQ(m_client->received, "");
    EXPECT_EQ(m_client->closed, 0U);
}

// --- The close -----------------------------------------------------------------------------------

/// Which segments are lost on the way to a and to b, after the handshake.
struct CloseLosses
{
    std::vector<std::pair<uint8_t, uint32_t>> toA; ///< kind, and which of that kind from then on
    std::vector<std::pair<uint8_t, uint32_t>> toB; ///< kind, and which of that kind from then on
};

/// @return whether @p peer has done all that the close asks of it.
bool
IsOver(const TestPeer& peer)
{
    return peer.socket->GetState() == TcpSocket::CLOSED ||
           peer.socket->GetState() == TcpSocket::TIME_WAIT;
}

class PeerTcpClose : public PeerTcpConnection,
                     public testing::WithParamInterface<std::tuple<double, CloseLosses>>
{
};

TEST_P(PeerTcpClose, PeerTcp_BothSidesCloseInOrderWhateverIsLost)
{
    const auto& [skew, losses] = GetParam();
    const auto lose = [](const TestHost& host, const auto& rules) {
        for (const auto& [flags, nth] : rules)
        {
            host.routing->Lose(flags, host.routing->Count(flags) + nth);
        }
    };
    m_client->closeWithPeer = false;
    m_server->closeWithPeer = skew > 0;
    At(2, m_a, [&, &losses = losses] {
        lose(m_a, losses.toA);
        lose(m_b, losses.toB);
        m_client->Close();
    });
    At(2 + skew, m_b, [&] { m_server->Close(); });
    At(30, m_a, [&] { // after time-outs of 1, 2 and 4 s at most
        EXPECT_TRUE(IsOver(*m_client));
        EXPECT_TRUE(IsOver(*m_server));
    });
    Simulator::Stop(Seconds(200)); // what is lost is repeated a few times, then comes TIME-WAIT
    Run();

    EXPECT_EQ(m_client->broken + m_server->broken, 0U);
    EXPECT_EQ(m_client->closed, 1U);
    EXPECT_EQ(m_server->closed, 1U);
    EXPECT_EQ(m_client->socket->GetState(), TcpSocket::CLOSED);
    EXPECT_EQ(m_server->socket->GetState(), TcpSocket::CLOSED);
    EXPECT_EQ(CountSockets(m_a), 0U);
    EXPECT_EQ(CountSockets(m_b), 1U) << "the listener";
}

INSTANTIATE_TEST_SUITE_P(
    Losses,
    PeerTcpClose,
    testing::Combine(testing::Values(0.0, 0.05, 1.0),
                     testing::Values(CloseLosses{{}, {}},
                                     CloseLosses{{}, {{FIN_ACK, 1}}},
                                     CloseLosses{{{FIN_ACK, 1}}, {}},
                                     CloseLosses{{}, {{ACK, 1}}},
                                     CloseLosses{{{ACK, 1}}, {}},
                                     CloseLosses{{{FIN_ACK, 1}}, {{FIN_ACK, 1}}},
                                     CloseLosses{{{ACK, 1}}, {{ACK, 1}}},
                                     CloseLosses{{{ACK, 1}}, {{FIN_ACK, 1}}},
                                     CloseLosses{{{FIN_ACK, 1}}, {{ACK, 1}}},
                                     CloseLosses{{{FIN_ACK, 1}, {FIN_ACK, 2}}, {}},
                                     CloseLosses{{}, {{FIN_ACK, 1}, {FIN_ACK, 2}}},
                                     CloseLosses{{{ACK, 1}, {ACK, 2}}, {{ACK, 1}, {ACK, 2}}})));

// --- How sockets are made ------------------------------------------------------------------------

/// @return the value of an integer attribute of a new socket on @p host.
uint64_t
GetOfNewSocket(const TestHost& host, const std::string& name)
{
    UintegerValue value;
    PeerTcpSocket::Create(host.node)->GetAttribute(name, value);
    return value.Get();
}

class PeerTcpCreation : public TcpTestWorld
{
};

TEST_F(PeerTcpCreation, PeerTcp_CopyOfThePrototypeHasTheAttributesOfASocketMadeFromThem)
{
    const Ptr<PeerTcpSocket> copy = PeerTcpSocket::Create(m_a.node);
    const Ptr<PeerTcpSocket> made = CreateObject<PeerTcpSocket>();
    for (TypeId tid = PeerTcpSocket::GetTypeId(); tid != ObjectBase::GetTypeId();
         tid = tid.GetParent())
    {
        for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
        {
            const TypeId::AttributeInformation attribute = tid.GetAttribute(i);
            if (attribute.checker->GetValueTypeName() == "ns3::PointerValue" ||
                !attribute.accessor->HasGetter())
            {
                continue;
            }
            const Ptr<AttributeValue> ofCopy = attribute.checker->Create();
            const Ptr<AttributeValue> ofMade = attribute.checker->Create();
            copy->GetAttribute(attribute.name, *ofCopy);
            made->GetAttribute(attribute.name, *ofMade);
            EXPECT_EQ(ofCopy->SerializeToString(attribute.checker),
                      ofMade->SerializeToString(attribute.checker))
                << attribute.name;
        }
    }
}

TEST_F(PeerTcpCreation, PeerTcp_HandsetSettingsWinOverThoseOfNs3)
{
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(700));
    EXPECT_EQ(GetOfNewSocket(m_a, "SegmentSize"), 1360U);
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(536));
}

TEST_F(PeerTcpCreation, PeerTcp_DefaultsOfOneSimulationDoNotReachTheNext)
{
    Config::SetDefault("ns3::p2pim::PeerTcpSocket::MaximumSegmentSize", UintegerValue(536));
    EXPECT_EQ(GetOfNewSocket(m_a, "SegmentSize"), 536U);
    TcpTestWorld::TearDown();

    Config::SetDefault("ns3::p2pim::PeerTcpSocket::MaximumSegmentSize", UintegerValue(1360));
    TcpTestWorld::SetUp();
    EXPECT_EQ(GetOfNewSocket(m_a, "SegmentSize"), 1360U);
    EXPECT_EQ(GetOfNewSocket(m_a, "InitialCwnd"), 3U);
}

TEST_F(PeerTcpCreation, PeerTcp_AttributeOfOneSocketCanBeSet)
{
    const Ptr<PeerTcpSocket> socket = PeerTcpSocket::Create(m_a.node);
    socket->SetAttribute("MaximumSegmentSize", UintegerValue(800));
    UintegerValue size;
    socket->GetAttribute("SegmentSize", size);
    EXPECT_EQ(size.Get(), 800U);
    EXPECT_EQ(GetOfNewSocket(m_a, "SegmentSize"), 1360U);
}

} // namespace
