// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/core-link.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/udp-socket-factory.h"

#include <gtest/gtest.h>
#include <vector>

namespace
{

using namespace ns3;
using ns3::p2pim::CoreLink;
using ns3::p2pim::LeanStackHelper;
using ns3::p2pim::PeerTcpSocket;

/// Two hosts, 10.0.1.2 and 10.0.2.2, with a router between them.
class LeanStack : public testing::Test
{
  protected:
    void SetUp() override
    {
        LeanStackHelper::Install(m_router, LeanStackHelper::Transports::NONE);
        m_hosts = {MakeHost("10.0.1.1", "10.0.1.2"), MakeHost("10.0.2.1", "10.0.2.2")};
    }

    void TearDown() override
    {
        Simulator::Destroy();
    }

    Ptr<Node> MakeHost(const char* gateway, const char* address)
    {
        const auto host = CreateObject<Node>();
        LeanStackHelper::Install(host);
        const auto link = CreateObject<CoreLink>();
        link->Attach(m_router, host);
        const uint32_t toHost =
            LeanStackHelper::AddInterface(m_router, link->GetDevice(0), gateway, "/30");
        const uint32_t toRouter =
            LeanStackHelper::AddInterface(host, link->GetDevice(1), address, "/30");
        LeanStackHelper::GetRouting(m_router)->AddHostRoute(address, toHost);
        LeanStackHelper::GetRouting(host)->SetDefaultRoute(toRouter);
        return host;
    }

    /// @return a UDP socket of a host that collects what comes in.
    Ptr<Socket> OpenUdp(uint32_t host, uint16_t port)
    {
        const Ptr<Socket> socket =
            Socket::CreateSocket(m_hosts[host], UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        socket->SetRecvCallback(MakeCallback(&LeanStack::Collect, this));
        return socket;
    }

    void Collect(Ptr<Socket> socket)
    {
        while (const Ptr<Packet> packet = socket->RecvFrom(m_from))
        {
            if (packet->GetSize() == 0)
            {
                break;
            }
            m_sizes.push_back(packet->GetSize());
        }
    }

    /// Listens for TCP on a host; what connections bring is collected.
    Ptr<PeerTcpSocket> ListenTcp(uint32_t host, uint16_t port)
    {
        const Ptr<PeerTcpSocket> listener = PeerTcpSocket::Create(m_hosts[host]);
        listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        listener->Listen();
        listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                    MakeCallback(&LeanStack::Accept, this));
        return listener;
    }

    void Accept(Ptr<Socket> socket, const Address&)
    {
        socket->SetRecvCallback(MakeCallback(&LeanStack::Collect, this));
    }

    Ptr<Node> m_router{CreateObject<Node>()};
    std::vector<Ptr<Node>> m_hosts;
    std::vector<uint32_t> m_sizes;
    Address m_from;
};

TEST_F(LeanStack, LeanStack_CarriesUdpBothWaysThroughARouter)
{
    const Ptr<Socket> first = OpenUdp(0, 1000);
    const Ptr<Socket> second = OpenUdp(1, 2000);
    first->SendTo(Create<Packet>(100), 0, InetSocketAddress("10.0.2.2", 2000));
    Simulator::Run();
    EXPECT_EQ(m_sizes, std::vector<uint32_t>{100});
    EXPECT_EQ(m_from, Address(InetSocketAddress("10.0.1.2", 1000)));

    second->SendTo(Create<Packet>(3000), 0, m_from);
    Simulator::Run();
    EXPECT_EQ(m_sizes, (std::vector<uint32_t>{100, 3000})) << "in three fragments";
}

TEST_F(LeanStack, LeanStack_CarriesUdpToItself)
{
    const Ptr<Socket> first = OpenUdp(0, 1000);
    const Ptr<Socket> second = OpenUdp(0, 2000);
    first->SendTo(Create<Packet>(100), 0, InetSocketAddress("10.0.1.2", 2000));
    first->SendTo(Create<Packet>(101), 0, InetSocketAddress("127.0.0.1", 2000));
    Simulator::Run();
    EXPECT_EQ(m_sizes, (std::vector<uint32_t>{100, 101}));
}

TEST_F(LeanStack, LeanStack_CarriesTcpThroughARouter)
{
    const Ptr<PeerTcpSocket> listener = ListenTcp(1, 80);
    const Ptr<PeerTcpSocket> client = PeerTcpSocket::Create(m_hosts[0]);
    client->Connect(InetSocketAddress("10.0.2.2", 80));
    client->Send(Create<Packet>(1000), 0);
    Simulator::Run();
    EXPECT_EQ(m_sizes, std::vector<uint32_t>{1000});
    listener->ForgetCallbacks();
}

TEST_F(LeanStack, LeanStack_ClosedUdpPortIsReportedByIcmp)
{
    const Ptr<Socket> socket = OpenUdp(0, 1000);
    uint32_t type = 0;
    uint32_t code = 0;
    const Callback<void, Ipv4Address, uint8_t, uint8_t, uint8_t, uint32_t> report(
        [&](Ipv4Address, uint8_t, uint8_t icmpType, uint8_t icmpCode, uint32_t) {
            type = icmpType;
            code = icmpCode;
        });
    socket->SetAttribute("IcmpCallback", CallbackValue(report));
    socket->SendTo(Create<Packet>(100), 0, InetSocketAddress("10.0.2.2", 2000));
    Simulator::Run();
    // RFC 792: type 3 destination unreachable, code 3 port unreachable
    EXPECT_EQ(type, 3U);
    EXPECT_EQ(code, 3U);
}

TEST_F(LeanStack, LeanStack_HasOnlyWhatIsAskedFor)
{
    EXPECT_FALSE(m_hosts[0]->GetObject<Ipv6>());
    EXPECT_TRUE(m_hosts[0]->GetObject<UdpL4Protocol>());
    EXPECT_FALSE(m_router->GetObject<TcpL4Protocol>());
    EXPECT_FALSE(m_router->GetObject<UdpL4Protocol>());
    EXPECT_TRUE(m_router->GetObject<Icmpv4L4Protocol>());
}

} // namespace
