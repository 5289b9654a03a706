// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Two LANs behind NATs of their own, without any cellular network: each host sends to the other's
 * outside endpoint every second, until the NATs let both in.
 *
 *     ./waf --run "p2pim-two-lans --left=port-restricted --right='home-router udp-new=30s'"
 *     ./waf --run "p2pim-two-lans --left=symmetric --right=symmetric"
 */
#include "ns3/command-line.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/nat-helper.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <iostream>
#include <optional>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t PORT = 5000;
constexpr uint32_t INSIDE = 1;

/// @return a node with a stack.
Ptr<Node>
MakeNode()
{
    auto node = CreateObject<Node>();
    LeanStackHelper::Install(node);
    return node;
}

/// A host in a LAN, behind a router.
struct Side
{
    const char* name;
    Ptr<Node> router = MakeNode();
    Ptr<Node> host = MakeNode();
    Ptr<Socket> socket = nullptr;
    Ptr<NatGateway> nat = nullptr;
    uint32_t received = 0;
};

/// Joins a host with its router, and that with the other's. @param other the other router's end.
void
Connect(Side& side, Ipv4Address other)
{
    // both LANs have the same addresses
    LeanStackHelper::Join(side.router, side.host, Ipv4Address("192.168.0.0"), MilliSeconds(1));
    LeanStackHelper::GetRouting(side.host)->SetDefaultRoute(1);
    const auto routing = LeanStackHelper::GetRouting(side.router);
    routing->AddHostRoute(Ipv4Address("192.168.0.2"), INSIDE);
    routing->SetDefaultRoute(2, other);
}

void
Receive(Side* side, Ptr<Socket> socket)
{
    Address from;
    while (socket->RecvFrom(from))
    {
        const auto sender = InetSocketAddress::ConvertFrom(from);
        ++side->received;
        std::cout << Simulator::Now().As(Time::S) << " " << side->name << " hears "
                  << sender.GetIpv4() << " port " << sender.GetPort() << "\n";
    }
}

/// Sends to the port that a NAT that keeps ports has for the other host.
void
Send(Side* side, Ipv4Address to)
{
    side->socket->SendTo(Create<Packet>(10), 0, InetSocketAddress(to, PORT));
    Simulator::Schedule(Seconds(1), &Send, side, to);
}

/// @return what is wrong, after it has been told.
bool
Install(Side& side, const std::string& kind, const char* outside)
{
    NatHelper helper(kind);
    if (kind.compare(0, 8, "firewall") != 0)
    {
        helper.SetPool({Ipv4Address(outside)});
    }
    if (const auto fault = helper.FindFault(side.router, INSIDE))
    {
        std::cerr << side.name << ": " << fault->word << ": " << fault->problem << "\n";
        return false;
    }
    side.nat = helper.Install(side.router, INSIDE);
    side.socket = Socket::CreateSocket(side.host, UdpSocketFactory::GetTypeId());
    side.socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    side.socket->SetRecvCallback(MakeBoundCallback(&Receive, &side));
    return true;
}

} // namespace

int
main(int argc, char** argv)
{
    std::string leftKind = "port-restricted";
    std::string rightKind = "home-router";
    CommandLine cmd(__FILE__);
    cmd.AddValue("left", "NAT of the left LAN: a kind and what differs from it", leftKind);
    cmd.AddValue("right", "NAT of the right LAN", rightKind);
    cmd.Parse(argc, argv);

    Side left{"left"};
    Side right{"right"};
    Connect(left, Ipv4Address("203.0.113.2"));
    Connect(right, Ipv4Address("203.0.113.1"));
    LeanStackHelper::Join(left.router, right.router, Ipv4Address("203.0.113.0"), MilliSeconds(20));
    if (!Install(left, leftKind, "198.51.100.1") || !Install(right, rightKind, "198.51.100.2"))
    {
        return 1;
    }
    right.nat->AssignStreams(left.nat->AssignStreams(0));
    Simulator::Schedule(Seconds(1), &Send, &left, Ipv4Address("198.51.100.2"));
    Simulator::Schedule(Seconds(1.5), &Send, &right, Ipv4Address("198.51.100.1"));
    Simulator::Stop(Seconds(5));
    Simulator::Run();
    std::cout << (left.received > 0 && right.received > 0 ? "both ways\n" : "not both ways\n");
    Simulator::Destroy();
    return 0;
}
