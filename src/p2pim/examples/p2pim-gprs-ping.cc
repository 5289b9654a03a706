// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Round trips between a phone and the server host over GPRS, one every so often.
 *
 *     ./waf --run "p2pim-gprs-ping --interval=10s --octets=32"
 *     ./waf --run "p2pim-gprs-ping --ns3::p2pim::GprsCell::CodingScheme=CS-1"
 */
#include "ns3/cellular-network.h"
#include "ns3/command-line.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <iostream>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t ECHO_PORT = 7;

Ptr<CellularNetwork> g_network;
Ptr<GprsMobileStation> g_phone;
Ptr<Socket> g_socket;
Time g_interval = Seconds(10);
Time g_sent;
uint32_t g_octets = 32;
uint32_t g_left = 10;

void
Send()
{
    if (g_left-- == 0)
    {
        return;
    }
    g_sent = Simulator::Now();
    g_socket->SendTo(Create<Packet>(g_octets),
                     0,
                     InetSocketAddress(g_network->GetServerAddress(), ECHO_PORT));
    Simulator::Schedule(g_interval, &Send);
}

void
Received(Ptr<Socket> socket)
{
    while (socket->Recv())
    {
        std::cout << (Simulator::Now() - g_sent).As(Time::MS) << "\n";
    }
}

void
Echo(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        socket->SendTo(packet, 0, from);
    }
}

void
Up(bool up, const std::string& cause)
{
    if (!up)
    {
        std::cout << "no bearer: " << cause << "\n";
        return;
    }
    std::cout << "address " << g_phone->GetAddress() << " after " << Simulator::Now().As(Time::S)
              << "\n";
    g_socket = Socket::CreateSocket(g_phone->GetObject<Node>(), UdpSocketFactory::GetTypeId());
    g_socket->Bind();
    g_socket->SetRecvCallback(MakeCallback(&Received));
    Simulator::Schedule(g_interval, &Send);
}

} // namespace

int
main(int argc, char** argv)
{
    CommandLine cmd(__FILE__);
    cmd.AddValue("interval", "time between two pings", g_interval);
    cmd.AddValue("octets", "size of a ping's payload", g_octets);
    cmd.AddValue("pings", "how many", g_left);
    cmd.Parse(argc, argv);

    g_network = CreateObject<CellularNetwork>();
    g_network->Build();
    g_network->AssignStreams(0);
    auto echo = Socket::CreateSocket(g_network->GetServer(), UdpSocketFactory::GetTypeId());
    echo->Bind(InetSocketAddress(Ipv4Address::GetAny(), ECHO_PORT));
    echo->SetRecvCallback(MakeCallback(&Echo));
    g_phone = g_network->AddPhone(0)->GetObject<GprsMobileStation>();
    g_phone->BringUp(MakeCallback(+[]() {}), MakeCallback(&Up));
    Simulator::Run();
    g_socket = nullptr;
    g_phone = nullptr;
    Simulator::Destroy();
    g_network->Dispose();
    g_network = nullptr;
    return 0;
}
