// SPDX-License-Identifier: GPL-2.0-only
// The relay, its clients and peers as hosts on lines to one router: from a host to the relay a
// packet takes 100 ms.
#include "oracle/dissection.h"

#include "ns3/boolean.h"
#include "ns3/core-link.h"
#include "ns3/data-rate.h"
#include "ns3/host-routing.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/octets.h"
#include "ns3/simulator.h"
#include "ns3/tcp-stream.h"
#include "ns3/turn-client.h"
#include "ns3/turn-relay.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr double ONE_WAY = 0.1;      ///< between a host and the relay, s
constexpr double ROUND_TRIP = 0.2;   ///< between a host and the relay, s
constexpr double PROCESSING = 0.002; ///< of the relay, s
constexpr double SLACK = 1e-4;       ///< transmission of some packets, s
constexpr uint16_t RELAY_PORT = 3478;

/// One end of a chat: what it was told, and the stream that it got.
class Chatter : public TurnClientUser
{
  public:
    void HandleAllocated(const InetSocketAddress& relayed,
                         const InetSocketAddress& reflexive) override
    {
        log.emplace_back(Simulator::Now(), "allocated");
        relayedAt = relayed;
        reflexiveAt = reflexive;
    }

    void HandlePermitted() override
    {
        log.emplace_back(Simulator::Now(), "permitted");
    }

    void HandleConnection(const InetSocketAddress& peer,
                          Ptr<PeerTcpSocket> socket,
                          const std::string& early) override
    {
        log.emplace_back(Simulator::Now(), "connected");
        peerAt = peer;
        received += early;
        dialled = socket;
        if (readAtOnce)
        {
            Use(socket);
        }
    }

    void HandleConnectFailed(const InetSocketAddress& peer, const std::string& cause) override
    {
        log.emplace_back(Simulator::Now(), cause);
        peerAt = peer;
    }

    void HandleEnded(const std::string& cause) override
    {
        log.emplace_back(Simulator::Now(), cause);
        if (dropAtEnd)
        {
            client = nullptr;
        }
    }

    /// Goes on with a connection.
    void Use(Ptr<PeerTcpSocket> socket)
    {
        stream = std::make_unique<TcpStream>(
            socket,
            [this](const std::string& octets) {
                received += octets;
                receivedAt = Simulator::Now();
            },
            [this]() { log.emplace_back(Simulator::Now(), "closed"); });
    }

    /// Connects as a peer that knows no relay.
    void Dial(Ptr<Node> node, const InetSocketAddress& to)
    {
        dialled = PeerTcpSocket::Create(node);
        dialled->SetConnectCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket>) {
                                        log.emplace_back(Simulator::Now(), "connected");
                                        Use(dialled);
                                    }),
                                    Callback<void, Ptr<Socket>>([this](Ptr<Socket>) {
                                        log.emplace_back(Simulator::Now(), "failed");
                                    }));
        EXPECT_EQ(dialled->Connect(to), 0);
    }

    /// @return the words of the log.
    std::vector<std::string> GetWords() const
    {
        std::vector<std::string> words;
        for (const auto& entry : log)
        {
            words.push_back(entry.second);
        }
        return words;
    }

    Ptr<TurnClient> client = CreateObject<TurnClient>();
    std::vector<std::pair<Time, std::string>> log;
    InetSocketAddress relayedAt = InetSocketAddress(uint16_t(0));
    InetSocketAddress reflexiveAt = InetSocketAddress(uint16_t(0));
    InetSocketAddress peerAt = InetSocketAddress(uint16_t(0));
    std::string received;
    Time receivedAt;
    std::unique_ptr<TcpStream> stream;
    Ptr<PeerTcpSocket> dialled; ///< the connection
    bool dropAtEnd = false;
    bool readAtOnce = true;
};

using Words = std::vector<std::string>;

class TurnNetwork : public testing::Test
{
  protected:
    static constexpr uint32_t HOSTS = 2;

    void SetUp() override
    {
        m_router = CreateObject<Node>();
        LeanStackHelper::Install(m_router, LeanStackHelper::Transports::NONE);
        m_host = Join("198.51.100.9", Seconds(0));
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            m_nodes.push_back(Join(GetAddress(i), Seconds(ONE_WAY)));
            m_chatters.push_back(std::make_unique<Chatter>());
        }
        m_relay = CreateObject<TurnRelay>();
        m_relay->AssignStreams(1);
        m_relay->AddUser("u", "secret");
        m_host->AddApplication(m_relay);
    }

    void TearDown() override
    {
        for (const auto& chatter : m_chatters)
        {
            chatter->stream = nullptr;
            if (chatter->client)
            {
                chatter->client->Dispose();
            }
        }
        m_relay = nullptr;
        Simulator::Destroy();
    }

    static Ipv4Address GetAddress(uint32_t host)
    {
        return Ipv4Address(Ipv4Address("10.0.0.1").Get() + host);
    }

    template <typename Function>
    void At(double seconds, uint32_t host, Function what)
    {
        Simulator::ScheduleWithContext(m_nodes[host]->GetId(), Seconds(seconds), what);
    }

    /// Has a host ask for a relayed address.
    void Start(double seconds, uint32_t host, const std::string& password = "secret")
    {
        At(seconds, host, [this, host, password]() {
            Chatter& chatter = *m_chatters[host];
            chatter.client->Start(m_nodes[host],
                                  {m_relayAddress, RELAY_PORT},
                                  "u",
                                  password,
                                  chatter);
        });
    }

    static void RunUntil(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    double Get(const std::string& name) const
    {
        for (const auto& [each, value] : m_relay->GetCounters())
        {
            if (each == name)
            {
                return value;
            }
        }
        return -1;
    }

    const Ipv4Address m_relayAddress{"198.51.100.9"};
    Ptr<Node> m_router;
    Ptr<Node> m_host;
    std::vector<Ptr<Node>> m_nodes;
    Ptr<TurnRelay> m_relay;
    std::vector<std::unique_ptr<Chatter>> m_chatters;

  private:
    Ptr<Node> Join(Ipv4Address address, Time delay)
    {
        const Ptr<Node> node = CreateObject<Node>();
        LeanStackHelper::Install(node);
        const Ptr<CoreLink> link = CreateObject<CoreLink>();
        link->SetAttribute("Rate", DataRateValue(DataRate("1Gbps")));
        link->SetAttribute("Delay", TimeValue(delay));
        link->Attach(node, m_router);
        const uint32_t own = LeanStackHelper::AddInterface(node, link->GetDevice(0), address);
        LeanStackHelper::GetRouting(node)->SetDefaultRoute(own);
        const uint32_t side =
            LeanStackHelper::AddInterface(m_router, link->GetDevice(1), "192.0.2.1");
        LeanStackHelper::GetRouting(m_router)->AddHostRoute(address, side);
        return node;
    }
};

} // namespace

// SYN; Allocate, 401; Allocate, success: three round trips, and twice the processing
TEST_F(TurnNetwork, Turn_GetsARelayedAddress)
{
    Start(1, 0);
    RunUntil(10);
    const Chatter& a = *m_chatters[0];
    ASSERT_EQ(a.GetWords(), Words{"allocated"});
    EXPECT_NEAR(a.log[0].first.GetSeconds(), 1 + 3 * ROUND_TRIP + 2 * PROCESSING, SLACK);
    EXPECT_EQ(a.relayedAt, InetSocketAddress(m_relayAddress, 49152));
    EXPECT_EQ(a.reflexiveAt.GetIpv4(), GetAddress(0));
    EXPECT_EQ(Get("turn_challenges"), 1);
}

TEST_F(TurnNetwork, Turn_TakesARoundTripLessWithoutCredentials)
{
    m_relay->SetAttribute("Authenticate", BooleanValue(false));
    Start(1, 0);
    RunUntil(10);
    EXPECT_NEAR(m_chatters[0]->log[0].first.GetSeconds(), 1 + 2 * ROUND_TRIP + PROCESSING, SLACK);
}

TEST_F(TurnNetwork, Turn_TellsThatThePasswordIsWrong)
{
    Start(1, 0, "wrong");
    m_chatters[0]->dropAtEnd = true;
    RunUntil(10);
    EXPECT_EQ(m_chatters[0]->GetWords(), Words{"relay 401"});
    EXPECT_EQ(Get("turn_challenges"), 2);
}

TEST_F(TurnNetwork, Turn_TellsThatThereIsNoRelay)
{
    m_relay->SetAttribute("Port", UintegerValue(4000));
    Start(1, 0);
    m_chatters[0]->dropAtEnd = true;
    RunUntil(10);
    EXPECT_EQ(m_chatters[0]->GetWords(), Words{"relay refused"});
}

TEST_F(TurnNetwork, Turn_TellsThatTheRelayIsSilent)
{
    LeanStackHelper::GetRouting(m_router)->RemoveHostRoute(m_relayAddress);
    Start(1, 0);
    m_chatters[0]->dropAtEnd = true;
    RunUntil(300);
    EXPECT_EQ(m_chatters[0]->GetWords(), Words{"relay timeout"});
    EXPECT_EQ(m_chatters[0]->log[0].first, Seconds(1 + 39.5));
}

// The peer connects: 200 ms to the peer's end. The client hears of it, connects, binds: half a
// round trip and two; the peer's first octets come right behind.
TEST_F(TurnNetwork, Turn_PeerConnectsAndBothTalk)
{
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(2, 0, [&]() { a.client->Permit({GetAddress(1)}); });
    At(3, 1, [&]() { b.Dial(m_nodes[1], a.relayedAt); });
    At(3.25, 1, [&]() { b.stream->Write("hello"); });
    RunUntil(4);
    EXPECT_EQ(a.GetWords(), (Words{"allocated", "permitted", "connected"}));
    // the relay accepts at 3.3 (with the peer's acknowledgment), tells the client at 3.4
    EXPECT_NEAR(a.log[2].first.GetSeconds(), 3.4 + 2 * ROUND_TRIP + PROCESSING, SLACK);
    EXPECT_EQ(a.received, "hello");
    EXPECT_EQ(a.peerAt.GetIpv4(), GetAddress(1));
    At(0.5, 0, [&]() { a.stream->Write(std::string(100000, 'x')); });
    RunUntil(20);
    EXPECT_EQ(b.received, std::string(100000, 'x'));
    EXPECT_EQ(Get("turn_octets_relayed_to_clients"), 5);
    EXPECT_EQ(Get("turn_octets_relayed_to_peers"), 100000);
    At(0, 1, [&]() { b.stream->Close(); });
    RunUntil(25);
    EXPECT_EQ(a.GetWords().back(), "closed");
    EXPECT_EQ(m_relay->GetCore().GetConnections(), 0U);
    EXPECT_EQ(m_relay->GetCore().GetAllocations(), 1U);
}

// what is under way when one side closes arrives whole
TEST_F(TurnNetwork, Turn_LosesNothingAtTheEnd)
{
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(2, 0, [&]() { a.client->Permit({GetAddress(1)}); });
    At(3, 1, [&]() { b.Dial(m_nodes[1], a.relayedAt); });
    At(5, 1, [&]() {
        b.stream->Write(std::string(60000, 'y'));
        b.stream->Close();
    });
    RunUntil(30);
    EXPECT_EQ(a.received.size(), 60000U);
    EXPECT_EQ(a.GetWords().back(), "closed");
}

// The first octets of the peer may come before the client has bound the connection, and so may its
// end: RFC 6062 5.3 has the relay keep them.
TEST_F(TurnNetwork, Turn_KeepsWhatComesBeforeTheBinding)
{
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(2, 0, [&]() { a.client->Permit({GetAddress(1)}); });
    At(3, 1, [&]() { b.Dial(m_nodes[1], a.relayedAt); });
    At(3.21, 1, [&]() {
        b.stream->Write("all of it");
        b.stream->Close();
    });
    RunUntil(30);
    EXPECT_EQ(a.received, "all of it");
    EXPECT_EQ(a.GetWords().back(), "closed");
}

// A client that does not wait for the answer to its ConnectionBind: what is behind it is data.
TEST_F(TurnNetwork, Turn_PassesOnWhatComesRightBehindTheBinding)
{
    m_relay->SetAttribute("Authenticate", BooleanValue(false));
    m_relay->SetAttribute("CheckPeers", BooleanValue(false));
    Chatter& control = *m_chatters[0];
    Chatter& peer = *m_chatters[1];
    Chatter data;
    const auto write = [](Chatter& chatter, const StunMessage& message, const std::string& more) {
        const Octets octets = EncodeStun(message);
        chatter.stream->Write(std::string(octets.begin(), octets.end()) + more);
    };
    StunMessage allocate;
    allocate.method = StunMethod::ALLOCATE;
    allocate.requestedTransport = STUN_TRANSPORT_TCP;
    StunMessage bind;
    bind.method = StunMethod::CONNECTION_BIND;
    bind.connectionId = 1; // they are counted
    At(1, 0, [&]() { control.Dial(m_nodes[0], {m_relayAddress, RELAY_PORT}); });
    At(2, 0, [&]() { write(control, allocate, ""); });
    At(3, 1, [&]() { peer.Dial(m_nodes[1], {m_relayAddress, 49152}); });
    At(4, 0, [&]() { data.Dial(m_nodes[0], {m_relayAddress, RELAY_PORT}); });
    At(5, 0, [&]() { write(data, bind, "early"); });
    At(5 + PROCESSING / 2, 0, [&]() {
        data.stream->Write(", and before the binding is processed");
        data.stream->Close();
    });
    RunUntil(10);
    EXPECT_EQ(peer.received, "early, and before the binding is processed");
    EXPECT_EQ(peer.GetWords(), (Words{"connected", "closed"}));
}

// Who does not read stops who sends, all the way: the relay takes no more than the send buffer of
// one connection and the receive buffer of the other hold, ns-3's 131072 octets each. The sender's
// persist timer finds out that there is room again.
TEST_F(TurnNetwork, Turn_LetsFlowControlReachFromEndToEnd)
{
    constexpr uint32_t buffer = 131072;
    constexpr uint32_t size = 2000000;
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    a.readAtOnce = false;
    Start(1, 0);
    At(2, 0, [&]() { a.client->Permit({GetAddress(1)}); });
    At(3, 1, [&]() { b.Dial(m_nodes[1], a.relayedAt); });
    At(5, 1, [&]() { b.stream->Write(std::string(size, 'z')); });
    RunUntil(60);
    EXPECT_GE(Get("turn_octets_relayed_to_clients"), buffer);
    EXPECT_LE(Get("turn_octets_relayed_to_clients"), 2 * buffer);
    At(0, 0, [&]() {
        a.Use(a.dialled);
        while (const Ptr<Packet> packet = a.dialled->Recv(size, 0))
        {
            a.received.append(packet->GetSize(), 'z');
        }
    });
    RunUntil(600);
    EXPECT_EQ(a.received.size(), size);
}

TEST_F(TurnNetwork, Turn_ClosesAPeerWithoutPermission)
{
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(3, 1, [&]() { b.Dial(m_nodes[1], a.relayedAt); });
    RunUntil(10);
    EXPECT_EQ(a.GetWords(), Words{"allocated"});
    EXPECT_EQ(b.GetWords(), (Words{"connected", "closed"}));
    EXPECT_EQ(Get("turn_attempts_refused"), 1);
}

TEST_F(TurnNetwork, Turn_LetsAnyPeerInIfItDoesNotCheck)
{
    m_relay->SetAttribute("CheckPeers", BooleanValue(false));
    Chatter& a = *m_chatters[0];
    Start(1, 0);
    At(3, 1, [&]() { m_chatters[1]->Dial(m_nodes[1], a.relayedAt); });
    RunUntil(10);
    EXPECT_EQ(a.GetWords(), (Words{"allocated", "connected"}));
}

// Two clients of one relay: each knows the relay's address, so each can let the other in before it
// knows the other's own.
TEST_F(TurnNetwork, Turn_TwoClientsTalkThroughOneRelay)
{
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(1, 0, [&]() { a.client->Permit({m_relayAddress}); });
    Start(3, 1);
    At(4, 1, [&]() { b.client->Connect(a.relayedAt); });
    RunUntil(6);
    ASSERT_EQ(a.GetWords(), (Words{"allocated", "permitted", "connected"}));
    ASSERT_EQ(b.GetWords(), (Words{"allocated", "connected"}));
    EXPECT_EQ(a.peerAt, b.relayedAt);
    EXPECT_EQ(b.peerAt, a.relayedAt);
    At(0, 0, [&]() { a.stream->Write("from a"); });
    At(0, 1, [&]() { b.stream->Write("from b"); });
    RunUntil(8);
    EXPECT_EQ(a.received, "from b");
    EXPECT_EQ(b.received, "from a");
    // a message goes to the relay, through it twice, and on
    EXPECT_NEAR(a.receivedAt.GetSeconds(), 6 + 2 * ONE_WAY + 2 * PROCESSING, SLACK);
    At(0, 0, [&]() { a.client->Release(); });
    RunUntil(10);
    EXPECT_EQ(a.GetWords().back(), "closed");
    EXPECT_EQ(b.GetWords().back(), "closed");
    EXPECT_EQ(m_relay->GetCore().GetAllocations(), 1U);
    EXPECT_EQ(m_relay->GetCore().GetConnections(), 0U);
}

TEST_F(TurnNetwork, Turn_TellsThatAPeerRefuses)
{
    Chatter& a = *m_chatters[0];
    Start(1, 0);
    At(2, 0, [&]() { a.client->Connect({GetAddress(1), 9}); });
    At(10, 0, [&]() { a.client->Connect({"10.0.0.99", 9}); });
    RunUntil(60);
    EXPECT_EQ(a.GetWords(), (Words{"allocated", "relay 447", "relay 447"}));
    // a round trip to the relay, one on to the peer
    EXPECT_NEAR(a.log[1].first.GetSeconds(), 2 + 2 * ROUND_TRIP + PROCESSING, SLACK);
    EXPECT_NEAR(a.log[2].first.GetSeconds(), 10 + ROUND_TRIP + PROCESSING + 30, SLACK);
}

// a lifetime of 10 minutes is refreshed each 9, permissions each 4
TEST_F(TurnNetwork, Turn_KeepsItsAddressAndPermissions)
{
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(2, 0, [&]() { a.client->Permit({GetAddress(1)}); });
    At(2 * 3600, 1, [&]() { b.Dial(m_nodes[1], a.relayedAt); });
    RunUntil(2 * 3600 + 10);
    EXPECT_EQ(a.GetWords(), (Words{"allocated", "permitted", "connected"}));
    EXPECT_EQ(Get("turn_challenges"), 3) << "a nonce lasts for an hour";
    a.client->Release();
    RunUntil(2 * 3600 + 20);
    EXPECT_EQ(m_relay->GetCore().GetAllocations(), 0U);
    EXPECT_EQ(b.GetWords().back(), "closed");
}

TEST_F(TurnNetwork, Turn_ServesManyAtOnce)
{
    m_relay->SetAttribute("MaxAllocationsPerUser", UintegerValue(1));
    Start(1, 0);
    Start(1, 1);
    RunUntil(10);
    EXPECT_EQ(m_chatters[0]->GetWords(), Words{"allocated"});
    EXPECT_EQ(m_chatters[1]->GetWords(), Words{"relay 486"});
}

TEST_F(TurnNetwork, Turn_ClosesWhatIsNoStun)
{
    Chatter& b = *m_chatters[1];
    At(1, 1, [&]() { b.Dial(m_nodes[1], {m_relayAddress, RELAY_PORT}); });
    At(2, 1, [&]() { b.stream->Write("GET / HTTP/1.1\r\nHost: relay\r\n\r\n"); });
    Start(3, 0);
    RunUntil(10);
    EXPECT_EQ(b.GetWords(), (Words{"connected", "closed"}));
    EXPECT_EQ(m_chatters[0]->GetWords(), Words{"allocated"});
}

// --- tshark --------------------------------------------------------------------------------------

TEST_F(TurnNetwork, TsharkReadsARelayedChatClean)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not here";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::RAW_IP);
    const auto keep = Callback<void, Ptr<const Packet>, Ptr<Ipv4>, uint32_t>(
        [&capture](Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t) {
            capture.Add(ToOctets(packet));
        });
    m_host->GetObject<Ipv4>()->TraceConnectWithoutContext("Tx", keep);
    m_host->GetObject<Ipv4>()->TraceConnectWithoutContext("Rx", keep);
    Chatter& a = *m_chatters[0];
    Chatter& b = *m_chatters[1];
    Start(1, 0);
    At(2, 0, [&]() { a.client->Permit({m_relayAddress}); });
    Start(3, 1);
    At(4, 1, [&]() { b.client->Connect(a.relayedAt); });
    At(6, 0, [&]() { a.stream->Write("hello"); });
    At(7, 0, [&]() { a.client->Release(); });
    RunUntil(10);
    EXPECT_EQ(b.received, "hello");
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    std::map<std::string, int> kinds;
    for (const auto& frame : capture.Dissect({"stun.type"}))
    {
        ++kinds[frame[0]];
    }
    // what each client says, once without credentials and once with them; the relay's answers
    EXPECT_EQ(kinds["0x0003"], 4) << "Allocate requests";
    EXPECT_EQ(kinds["0x0113"], 2) << "Allocate error responses";
    EXPECT_EQ(kinds["0x0103"], 2) << "Allocate success responses";
    EXPECT_EQ(kinds["0x0008"] + kinds["0x0108"], 2) << "CreatePermission";
    EXPECT_EQ(kinds["0x000a"] + kinds["0x010a"], 2) << "Connect";
    EXPECT_EQ(kinds["0x001c"], 1) << "ConnectionAttempt indication";
    EXPECT_EQ(kinds["0x000b"] + kinds["0x010b"], 4) << "ConnectionBind";
    EXPECT_EQ(kinds["0x0004"] + kinds["0x0104"], 2) << "Refresh";
}
