// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-test-world.h"

#include "ns3/boolean.h"
#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/enum.h"
#include "ns3/global-value.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/peer-tcp-protocol.h"
#include "ns3/rtt-estimator.h"
#include "ns3/string.h"
#include "ns3/tcp-option-rfc793.h"
#include "ns3/tcp-option.h"
#include "ns3/transport-preset.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <memory>

namespace
{

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::LossyRouting;
using ::p2pim::test::SeenSegment;
using ::p2pim::test::TcpTestWorld;
using ::p2pim::test::TestPeer;

constexpr uint16_t PORT = 5000;

/// Host a has a preset and connects to host b, which has PeerTcpSocket's attributes.
class TransportPresetTest : public TcpTestWorld
{
  protected:
    void TearDown() override
    {
        m_client.reset();
        m_server.reset();
        TcpTestWorld::TearDown();
        Config::Reset();
    }

    static void SetPreset(const ::p2pim::test::TestHost& host, TransportPreset preset)
    {
        host.node->GetObject<PeerTcpProtocol>()->SetTransportPreset(preset);
    }

    void Connect()
    {
        m_server = std::make_unique<TestPeer>(m_b);
        m_client = std::make_unique<TestPeer>(m_a);
        At(0, m_b, [this] { m_server->Listen(PORT); });
        At(1, m_a, [this] { m_client->Connect(PORT, m_b.At(PORT)); });
    }

    /// Connects to a host that does not answer.
    /// @return the times of the SYNs after the first, and of the failure.
    std::vector<double> ConnectInVain()
    {
        m_b.routing->Lose(TcpHeader::SYN, LossyRouting::ALL);
        Connect();
        Run();
        std::vector<double> times;
        const Time first = m_b.routing->GetSeen().front().time;
        for (const SeenSegment& segment : m_b.routing->GetSeen())
        {
            times.push_back((segment.time - first).GetSeconds());
        }
        times.push_back((m_client->failedAt - Seconds(1)).GetSeconds());
        EXPECT_EQ(m_client->failed, 1U);
        return times;
    }

    static std::vector<double> Rounded(std::vector<double> times)
    {
        for (double& time : times)
        {
            time = std::round(time * 100) / 100;
        }
        return times;
    }

    /// @return data segments that @p to gets from @p from before an acknowledgment can have come
    /// back: octets of each.
    std::vector<uint32_t> GetFirstFlight(TestPeer& from, const ::p2pim::test::TestHost& to)
    {
        const std::string text(16000, 'x');
        // long after the handshake and its acknowledgment
        const Time start = Seconds(10);
        Simulator::Schedule(start, [&from, text] { from.Send(text); });
        Simulator::Stop(start + MilliSeconds(190)); // of a round trip of 200 ms
        Simulator::Run();
        std::vector<uint32_t> sizes;
        for (const SeenSegment& segment : to.routing->GetSeen())
        {
            if (segment.size > 0)
            {
                sizes.push_back(segment.size);
            }
        }
        return sizes;
    }

    /// @return the SYN that host b gets.
    TcpHeader GetSyn()
    {
        Connect();
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        return m_b.routing->GetSeen().front().header;
    }

    static uint16_t GetMss(const TcpHeader& syn)
    {
        const auto option = DynamicCast<const TcpOptionMSS>(syn.GetOption(TcpOption::MSS));
        return option ? option->GetMSS() : 0;
    }

    std::unique_ptr<TestPeer> m_client;
    std::unique_ptr<TestPeer> m_server;
};

} // namespace

// RFC 2988 2.1: 3 s, doubled; Symbian OS repeats a SYN five times
TEST_F(TransportPresetTest, HandsetRepeatsItsSynAfterThreeSecondsDoubled)
{
    SetPreset(m_a, TRANSPORT_HANDSET_2005);
    EXPECT_EQ(Rounded(ConnectInVain()), (std::vector<double>{0, 3, 9, 21, 45, 93, 189}));
}

// RFC 6298 2.1: 1 s, doubled; Linux repeats a SYN six times (tcp_syn_retries), 127 s in all
TEST_F(TransportPresetTest, ModernRepeatsItsSynAfterOneSecondDoubled)
{
    SetPreset(m_a, TRANSPORT_MODERN);
    EXPECT_EQ(Rounded(ConnectInVain()), (std::vector<double>{0, 1, 3, 7, 15, 31, 63, 127}));
}

// Linux' ip-sysctl: with tcp_syn_linear_timeouts 4 and tcp_syn_retries 6 the last repetition is
// sent after 67 s, and the attempt fails after 131 s
TEST_F(TransportPresetTest, LinuxRepeatsItsSynAtAConstantRateAtFirst)
{
    SetPreset(m_a, TRANSPORT_LINUX);
    EXPECT_EQ(Rounded(ConnectInVain()),
              (std::vector<double>{0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131}));
}

TEST_F(TransportPresetTest, LinearRepetitionsAreAnAttribute)
{
    Config::SetDefault("ns3::p2pim::PeerTcpSocket::SynLinearRepetitions", UintegerValue(2));
    EXPECT_EQ(Rounded(ConnectInVain()), (std::vector<double>{0, 3, 6, 9, 15, 27, 51}));
}

TEST_F(TransportPresetTest, HandsetOffersSackAndTimestampsButNoScale)
{
    SetPreset(m_a, TRANSPORT_HANDSET_2005);
    const TcpHeader syn = GetSyn();
    EXPECT_EQ(GetMss(syn), 1460);
    EXPECT_TRUE(syn.HasOption(TcpOption::SACKPERMITTED));
    EXPECT_TRUE(syn.HasOption(TcpOption::TS));
    EXPECT_FALSE(syn.HasOption(TcpOption::WINSCALE));
    EXPECT_EQ(syn.GetWindowSize(), 48 * 1024);
    EXPECT_EQ(m_client->connected, 1U);
}

TEST_F(TransportPresetTest, ModernOffersAllOptions)
{
    SetPreset(m_a, TRANSPORT_MODERN);
    const TcpHeader syn = GetSyn();
    EXPECT_EQ(GetMss(syn), 1460);
    EXPECT_TRUE(syn.HasOption(TcpOption::SACKPERMITTED));
    EXPECT_TRUE(syn.HasOption(TcpOption::TS));
    EXPECT_TRUE(syn.HasOption(TcpOption::WINSCALE));
    EXPECT_EQ(syn.GetWindowSize(), 65535);
    EXPECT_EQ(m_client->connected, 1U);
}

// RFC 2581 3.1: two segments at most; the timestamps that both offer take twelve octets of the MSS
TEST_F(TransportPresetTest, HandsetBeginsWithTwoSegments)
{
    SetPreset(m_a, TRANSPORT_HANDSET_2005);
    Connect();
    EXPECT_EQ(GetFirstFlight(*m_client, m_b), (std::vector<uint32_t>(2, 1448)));
}

// RFC 6928 2: ten segments
TEST_F(TransportPresetTest, ModernBeginsWithTenSegments)
{
    SetPreset(m_a, TRANSPORT_MODERN);
    Connect();
    EXPECT_EQ(GetFirstFlight(*m_client, m_b), (std::vector<uint32_t>(10, 1448)));
}

TEST_F(TransportPresetTest, AcceptedConnectionHasThePresetOfItsHost)
{
    SetPreset(m_b, TRANSPORT_HANDSET_2005);
    Connect();
    // host a tells no maximum segment size, so that of host b counts
    EXPECT_EQ(GetFirstFlight(*m_server, m_a), (std::vector<uint32_t>(2, 1448)));
    EXPECT_EQ(GetMss(m_a.routing->GetSeen().front().header), 1460); // the SYN,ACK
}

// ns-3 tells no maximum segment size, and a host that is told none sends its own
TEST_F(TransportPresetTest, Ns3BeginsWithTenSegmentsOf536)
{
    SetPreset(m_a, TRANSPORT_NS3);
    Connect();
    EXPECT_EQ(GetFirstFlight(*m_client, m_b), (std::vector<uint32_t>(10, 536)));
    EXPECT_EQ(GetMss(m_b.routing->GetSeen().front().header), 0);
}

/// Both hosts have a preset that tells a maximum segment size; that of host a is replaced on its
/// way to host b.
class MaximumSegmentSizeTest : public TransportPresetTest
{
  protected:
    /// @return what host b sends at first when host a tells @p size.
    std::vector<uint32_t> GetFlightToOneThatTells(uint16_t size)
    {
        const auto tcp = m_a.node->GetObject<PeerTcpProtocol>();
        m_ip = tcp->GetDownTarget();
        tcp->SetDownTarget(MakeCallback(&MaximumSegmentSizeTest::Tell, this));
        SetPreset(m_a, TRANSPORT_HANDSET_2005);
        SetPreset(m_b, TRANSPORT_HANDSET_2005);
        m_size = size;
        Connect();
        return GetFirstFlight(*m_server, m_a);
    }

  private:
    void Tell(Ptr<Packet> segment,
              Ipv4Address source,
              Ipv4Address destination,
              uint8_t protocol,
              Ptr<Ipv4Route> route)
    {
        TcpHeader header;
        segment->RemoveHeader(header);
        if (header.HasOption(TcpOption::MSS))
        {
            const auto option = DynamicCast<const TcpOptionMSS>(header.GetOption(TcpOption::MSS));
            const_cast<TcpOptionMSS&>(*option).SetMSS(m_size);
        }
        segment->AddHeader(header);
        m_ip(segment, source, destination, protocol, route);
    }

    IpL4Protocol::DownTargetCallback m_ip;
    uint16_t m_size = 0;
};

// RFC 9293 3.7.1: the lesser of the own and the peer's, without the 12 octets of timestamps
TEST_F(MaximumSegmentSizeTest, LesserOneIsHeeded)
{
    EXPECT_EQ(GetFlightToOneThatTells(536), (std::vector<uint32_t>(2, 524)));
}

TEST_F(MaximumSegmentSizeTest, GreaterOneChangesNothing)
{
    EXPECT_EQ(GetFlightToOneThatTells(8960), (std::vector<uint32_t>(2, 1448)));
}

// one of less than 88 octets is not believed
TEST_F(MaximumSegmentSizeTest, TooSmallOneIsHeldToALeastSize)
{
    EXPECT_EQ(GetFlightToOneThatTells(0), (std::vector<uint32_t>(2, 76)));
}

// no number moves: without a preset a SYN has the option of SACK only, and the attributes count
TEST_F(TransportPresetTest, AttributesCountWithoutAPreset)
{
    const TcpHeader syn = GetSyn();
    EXPECT_EQ(GetMss(syn), 0);
    EXPECT_TRUE(syn.HasOption(TcpOption::SACKPERMITTED));
    EXPECT_FALSE(syn.HasOption(TcpOption::TS));
    EXPECT_FALSE(syn.HasOption(TcpOption::WINSCALE));
    EXPECT_EQ(m_client->socket->GetInstanceTypeId(), PeerTcpSocket::GetTypeId());
    TearDown();
    SetUp();
    Connect();
    EXPECT_EQ(GetFirstFlight(*m_client, m_b), (std::vector<uint32_t>(3, 1360)));
}

TEST_F(TransportPresetTest, ChecksumsOfASynWithItsOptionAreRight)
{
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    SetPreset(m_a, TRANSPORT_MODERN);
    Connect();
    EXPECT_EQ(GetFirstFlight(*m_client, m_b), (std::vector<uint32_t>(10, 1448)));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
}

// the attributes of ns-3's own classes are the source of its preset
TEST(TransportSettings, Ns3sAreItsAttributesDefaults)
{
    const TransportSettings settings = GetTransportSettings(TRANSPORT_NS3);
    const auto get = [](TypeId tid, const std::string& name) {
        TypeId::AttributeInformation info;
        EXPECT_TRUE(tid.LookupAttributeByName(name, &info)) << name;
        return info.initialValue->SerializeToString(info.checker);
    };
    const auto socket = [&get](const std::string& name) {
        return get(TcpSocketBase::GetTypeId(), name);
    };
    EXPECT_EQ(socket("SegmentSize"), std::to_string(settings.GetSegmentSize()));
    EXPECT_EQ(socket("InitialCwnd"), std::to_string(settings.initialWindow));
    EXPECT_EQ(Time(socket("ConnTimeout")), settings.synTimeout);
    EXPECT_EQ(socket("ConnCount"), std::to_string(settings.synTransmissions));
    EXPECT_EQ(Time(socket("DelAckTimeout")), settings.acknowledgmentDelay);
    EXPECT_EQ(socket("DelAckCount"), std::to_string(settings.segmentsPerAcknowledgment));
    EXPECT_EQ(Time(socket("MinRto")), settings.minimumRto);
    EXPECT_EQ(socket("Sack"), settings.selectiveAcknowledgment ? "true" : "false");
    EXPECT_EQ(socket("Timestamp"), settings.timestamps ? "true" : "false");
    EXPECT_EQ(socket("WindowScaling"), settings.windowScale ? "true" : "false");
    EXPECT_EQ(socket("RcvBufSize"), std::to_string(settings.receiveBuffer));
    EXPECT_EQ(socket("SndBufSize"), std::to_string(settings.sendBuffer));
    EXPECT_EQ(Time(get(RttEstimator::GetTypeId(), "InitialEstimation")), settings.initialRto);
    EXPECT_EQ(get(TcpL4Protocol::GetTypeId(), "SocketType"), settings.congestionControl.GetName());
}

TEST(TransportSettings, PresetOfThePhonesIsAnAttributeOfTheNetwork)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::TransportPreset", StringValue("handset-2005"));
    const auto network = CreateObject<CellularNetwork>();
    network->Build();
    network->AssignStreams(1);
    const Ptr<Node> phone = network->AddPhone(0);
    phone->GetObject<GprsMobileStation>()->BringUp(
        MakeCallback(+[]() {}),
        Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    Simulator::Run();
    EXPECT_EQ(phone->GetObject<PeerTcpProtocol>()->GetTransportPreset(), TRANSPORT_HANDSET_2005);
    EXPECT_EQ(network->GetServer()->GetObject<PeerTcpProtocol>()->GetTransportPreset(),
              TRANSPORT_ATTRIBUTES);
    Simulator::Destroy();
    network->Dispose();
    Config::Reset();
}
