// SPDX-License-Identifier: GPL-2.0-only
// What ICMP errors do to an attempt to connect: RFC 1122 4.2.3.9, RFC 5927 4.1; Linux' tcp_v4_err.
#include "tcp-test-world.h"

#include "ns3/enum.h"
#include "ns3/peer-tcp-protocol.h"

#include <array>
#include <memory>
#include <string>

namespace
{

using namespace ns3;
using ns3::p2pim::PeerTcpProtocol;
using ns3::p2pim::PeerTcpSocket;
using ns3::p2pim::TcpFailure;
using ::p2pim::test::TcpTestWorld;
using ::p2pim::test::TestPeer;

constexpr uint8_t UNREACHABLE = 3;
constexpr uint8_t TIME_EXCEEDED = 11;
constexpr uint8_t NET = 0;
constexpr uint8_t PORT = 3;
constexpr uint8_t FRAGMENTATION_NEEDED = 4;
constexpr uint8_t PROHIBITED = 13;

/// Host a connects from port 5000 to port 80 of host b, whose first SYN,ACKs are lost.
class TcpIcmp : public TcpTestWorld
{
  protected:
    void Connect(TestPeer& peer, PeerTcpSocket::IcmpErrors errors)
    {
        peer.socket->SetAttribute("IcmpErrors", EnumValue(errors));
        m_server = std::make_unique<TestPeer>(m_b);
        m_server->Listen(80);
        m_a.routing->Lose(TcpHeader::SYN | TcpHeader::ACK, 1);
        At(1, m_a, [this, &peer] { peer.Connect(5000, m_b.At(80)); });
    }

    void TearDown() override
    {
        m_server.reset();
        TcpTestWorld::TearDown();
    }

    /// Host a gets an error about its segment with a sequence number.
    void Tell(uint8_t type, uint8_t code, uint32_t sequence = 0)
    {
        const std::array<uint8_t, 8> segment{0x13,
                                             0x88,
                                             0,
                                             80,
                                             static_cast<uint8_t>(sequence >> 24),
                                             static_cast<uint8_t>(sequence >> 16),
                                             static_cast<uint8_t>(sequence >> 8),
                                             static_cast<uint8_t>(sequence)};
        m_a.node->GetObject<PeerTcpProtocol>()->ReceiveIcmp(Ipv4Address("192.0.2.1"),
                                                            64,
                                                            type,
                                                            code,
                                                            0,
                                                            m_a.address,
                                                            m_b.address,
                                                            segment.data());
    }

    /// @return what is called after an error while connecting.
    std::string TellOne(PeerTcpSocket::IcmpErrors errors, uint8_t type, uint8_t code)
    {
        TearDown();
        SetUp();
        TestPeer a(m_a);
        Connect(a, errors);
        At(1.5, m_a, [=] { Tell(type, code); });
        Run();
        EXPECT_TRUE(a.failed == 0 || a.socket->GetFailure() == TcpFailure::REFUSED);
        EXPECT_TRUE(a.failed == 0 || a.failedAt == Seconds(1.5));
        return a.calls;
    }

    std::unique_ptr<TestPeer> m_server;
};

} // namespace

TEST_F(TcpIcmp, SoftErrorsEndNothing)
{
    const TestPeer a(m_a);
    EnumValue errors;
    a.socket->GetAttribute("IcmpErrors", errors);
    EXPECT_EQ(errors.Get(), PeerTcpSocket::ICMP_SOFT) << "the default";
    for (const uint8_t code : {NET, PORT, PROHIBITED})
    {
        EXPECT_EQ(TellOne(PeerTcpSocket::ICMP_SOFT, UNREACHABLE, code), "C");
    }
}

TEST_F(TcpIcmp, HardErrorsEndTheAttempt)
{
    for (const uint8_t code : {NET, PORT, PROHIBITED})
    {
        EXPECT_EQ(TellOne(PeerTcpSocket::ICMP_HARD, UNREACHABLE, code), "F");
    }
    EXPECT_EQ(TellOne(PeerTcpSocket::ICMP_HARD, TIME_EXCEEDED, 0), "F");
}

// RFC 1191: that is about the path's MTU
TEST_F(TcpIcmp, FragmentationNeededEndsNothing)
{
    EXPECT_EQ(TellOne(PeerTcpSocket::ICMP_HARD, UNREACHABLE, FRAGMENTATION_NEEDED), "C");
}

TEST_F(TcpIcmp, AnErrorAboutANumberThatWasNotSentIsNotBelieved)
{
    TestPeer a(m_a);
    Connect(a, PeerTcpSocket::ICMP_HARD);
    At(1.5, m_a, [&] { Tell(UNREACHABLE, PORT, 1); });
    Run();
    EXPECT_EQ(a.calls, "C");
}

TEST_F(TcpIcmp, AnErrorEndsNoOpenConnection)
{
    TestPeer a(m_a);
    Connect(a, PeerTcpSocket::ICMP_HARD);
    At(10, m_a, [&] { Tell(UNREACHABLE, PORT, 1); });
    Run();
    EXPECT_EQ(a.calls, "C");
    EXPECT_EQ(a.socket->GetState(), TcpSocket::ESTABLISHED);
}

// Linux drops the request, but for other errors; here it lives until its timer ends
TEST_F(TcpIcmp, AnErrorEndsNoPassiveOpen)
{
    TestPeer b(m_b);
    TestPeer listener(m_a);
    listener.socket->SetAttribute("IcmpErrors", EnumValue(PeerTcpSocket::ICMP_HARD));
    listener.Listen(5000);
    m_b.routing->Lose(TcpHeader::SYN | TcpHeader::ACK, 1);
    At(1, m_b, [&] { b.Connect(80, m_a.At(5000)); });
    At(1.5, m_a, [&] { Tell(UNREACHABLE, PORT); });
    Run();
    EXPECT_EQ(listener.calls, "C");
    EXPECT_EQ(b.calls, "C");
    listener.Close();
}
