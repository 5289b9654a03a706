// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-test-world.h"

#include "ns3/core-link.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/object-vector.h"
#include "ns3/string.h"
#include "ns3/tcp-l4-protocol.h"

#include <algorithm>

namespace p2pim
{
namespace test
{

using namespace ns3;
using ns3::p2pim::CoreLink;
using ns3::p2pim::LeanStackHelper;
using ns3::p2pim::PeerTcpSocket;

// --- LossyRouting --------------------------------------------------------------------------------

void
LossyRouting::Lose(uint8_t flags, uint32_t nth)
{
    m_rules.push_back({flags, nth});
}

const std::vector<SeenSegment>&
LossyRouting::GetSeen() const
{
    return m_seen;
}

uint32_t
LossyRouting::Count(uint8_t flags) const
{
    return static_cast<uint32_t>(
        std::count_if(m_seen.begin(), m_seen.end(), [&](const SeenSegment& segment) {
            return segment.flags == flags;
        }));
}

bool
LossyRouting::RouteInput(Ptr<const Packet> packet,
                         const Ipv4Header& header,
                         Ptr<const NetDevice> device,
                         UnicastForwardCallback forward,
                         MulticastForwardCallback multicast,
                         LocalDeliverCallback deliver,
                         ErrorCallback fail)
{
    if (header.GetProtocol() == TcpL4Protocol::PROT_NUMBER)
    {
        SeenSegment segment;
        segment.time = Simulator::Now();
        segment.size = packet->GetSize() - packet->PeekHeader(segment.header);
        segment.flags = segment.header.GetFlags() &
                        (TcpHeader::SYN | TcpHeader::ACK | TcpHeader::FIN | TcpHeader::RST);
        const uint32_t nth = Count(segment.flags) + 1;
        segment.lost = std::any_of(m_rules.begin(), m_rules.end(), [&](const Rule& rule) {
            return rule.flags == segment.flags && (rule.nth == ALL || rule.nth == nth);
        });
        m_seen.push_back(segment);
        if (segment.lost)
        {
            return true;
        }
    }
    return HostRouting::RouteInput(packet, header, device, forward, multicast, deliver, fail);
}

// --- TestHost, TestPeer --------------------------------------------------------------------------

InetSocketAddress
TestHost::At(uint16_t port) const
{
    return InetSocketAddress(address, port);
}

TestPeer::TestPeer(const TestHost& host)
    : socket(PeerTcpSocket::Create(host.node))
{
    Watch();
}

TestPeer::~TestPeer()
{
    socket->ForgetCallbacks();
    if (m_listener)
    {
        m_listener->ForgetCallbacks();
    }
}

void
TestPeer::Watch()
{
    socket->SetConnectCallback(MakeCallback(&TestPeer::HandleConnected, this),
                               MakeCallback(&TestPeer::HandleFailed, this));
    socket->SetCloseCallbacks(MakeCallback(&TestPeer::HandleClosed, this),
                              MakeCallback(&TestPeer::HandleBroken, this));
    socket->SetRecvCallback(MakeCallback(&TestPeer::HandleReceived, this));
}

void
TestPeer::Listen(uint16_t port, Ipv4Address own)
{
    EXPECT_EQ(socket->Bind(InetSocketAddress(own, port)), 0);
    EXPECT_EQ(socket->Listen(), 0);
    socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                              MakeCallback(&TestPeer::HandleAccepted, this));
    m_listener = socket;
}

int
TestPeer::Connect(uint16_t port, const InetSocketAddress& remote)
{
    return socket->ConnectFrom(Ipv4Address::GetAny(), port, remote);
}

void
TestPeer::Send(const std::string& text)
{
    const auto* octets = reinterpret_cast<const uint8_t*>(text.data());
    EXPECT_EQ(socket->Send(Create<Packet>(octets, text.size()), 0), static_cast<int>(text.size()));
}

void
TestPeer::Close()
{
    socket->Close();
}

void
TestPeer::StopListening()
{
    m_listener->Close();
}

void
TestPeer::HandleConnected(Ptr<Socket> which [[maybe_unused]])
{
    ++connected;
    calls += 'C';
    connectedAt = Simulator::Now();
}

void
TestPeer::HandleFailed(Ptr<Socket> which [[maybe_unused]])
{
    ++failed;
    calls += 'F';
    failedAt = Simulator::Now();
}

void
TestPeer::HandleClosed(Ptr<Socket> which)
{
    ++closed;
    calls += 'N';
    if (closeWithPeer)
    {
        which->Close();
    }
}

void
TestPeer::HandleBroken(Ptr<Socket> which [[maybe_unused]])
{
    ++broken;
    calls += 'E';
    brokenAt = Simulator::Now();
}

void
TestPeer::HandleReceived(Ptr<Socket> which)
{
    while (const Ptr<Packet> packet = which->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        std::string text(packet->GetSize(), '\0');
        packet->CopyData(reinterpret_cast<uint8_t*>(text.data()),
                         static_cast<uint32_t>(text.size()));
        received += text;
    }
}

void
TestPeer::HandleAccepted(Ptr<Socket> which, const Address& from [[maybe_unused]])
{
    socket = DynamicCast<PeerTcpSocket>(which);
    ASSERT_TRUE(socket);
    Watch();
    HandleConnected(which);
}

// --- TcpTestWorld --------------------------------------------------------------------------------

namespace
{

/// @return a host with the address @p address on @p device.
TestHost
MakeHost(Ptr<Node> node, Ptr<NetDevice> device, const char* address)
{
    LeanStackHelper::Install(node);
    const auto routing = CreateObject<LossyRouting>();
    node->GetObject<Ipv4>()->SetRoutingProtocol(routing);
    const uint32_t interface = LeanStackHelper::AddInterface(node, device, Ipv4Address(address));
    routing->SetDefaultRoute(interface);
    return {node, routing, Ipv4Address(address)};
}

} // namespace

void
TcpTestWorld::SetUp()
{
    const auto link = CreateObject<CoreLink>();
    link->SetAttribute("Rate", StringValue("1Gbps"));
    link->SetAttribute("Delay", StringValue("100ms"));
    const auto a = CreateObject<Node>();
    const auto b = CreateObject<Node>();
    link->Attach(a, b);
    m_a = MakeHost(a, link->GetDevice(0), "10.0.0.1");
    m_b = MakeHost(b, link->GetDevice(1), "10.0.0.2");
}

void
TcpTestWorld::TearDown()
{
    m_a = {};
    m_b = {};
    Simulator::Destroy();
}

void
TcpTestWorld::Inject(const TestHost& from,
                     uint16_t fromPort,
                     const TestHost& to,
                     uint16_t toPort,
                     uint8_t flags,
                     uint32_t sequence,
                     uint32_t acknowledgment,
                     const std::string& data)
{
    TcpHeader header;
    header.SetSourcePort(fromPort);
    header.SetDestinationPort(toPort);
    header.SetFlags(flags);
    header.SetSequenceNumber(SequenceNumber32(sequence));
    header.SetAckNumber(SequenceNumber32(acknowledgment));
    const auto* octets = reinterpret_cast<const uint8_t*>(data.data());
    const auto packet = Create<Packet>(octets, static_cast<uint32_t>(data.size()));
    from.node->GetObject<TcpL4Protocol>()->SendPacket(packet,
                                                      header,
                                                      Address(from.address),
                                                      Address(to.address));
}

std::size_t
TcpTestWorld::CountSockets(const TestHost& host)
{
    ObjectVectorValue sockets;
    host.node->GetObject<TcpL4Protocol>()->GetAttribute("SocketList", sockets);
    return sockets.GetN();
}

void
TcpTestWorld::Run()
{
    Simulator::Run();
}

} // namespace test
} // namespace p2pim
