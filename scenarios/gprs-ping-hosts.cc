// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-ping-hosts.h"

#include "ns3/callback.h"
#include "ns3/packet.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint16_t ECHO_PORT = 7; // RFC 862
constexpr uint8_t PING = 0;
constexpr uint8_t ECHO = 1;
/// What a datagram begins with: which of the two it is, and its number.
using Head = std::array<uint8_t, 5>;

Head
MakeHead(uint8_t kind, uint32_t number)
{
    return {kind,
            static_cast<uint8_t>(number >> 24),
            static_cast<uint8_t>(number >> 16),
            static_cast<uint8_t>(number >> 8),
            static_cast<uint8_t>(number)};
}

Ptr<Packet>
MakeDatagram(uint8_t kind, uint32_t number, uint32_t octets)
{
    std::vector<uint8_t> data(std::max<std::size_t>(octets, sizeof(Head)));
    const Head head = MakeHead(kind, number);
    std::copy(head.begin(), head.end(), data.begin());
    return Create<Packet>(data.data(), static_cast<uint32_t>(data.size()));
}

} // namespace

GprsPingHosts::GprsPingHosts(HeardFunction heard)
    : m_heard(std::move(heard))
{
}

GprsPingHosts::~GprsPingHosts()
{
    for (auto& [node, socket] : m_sockets)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    }
}

void
GprsPingHosts::Listen(Ptr<Node> node)
{
    auto& socket = m_sockets[node->GetId()];
    if (!socket)
    {
        socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), ECHO_PORT));
        socket->SetRecvCallback(MakeCallback(&GprsPingHosts::Receive, this));
    }
}

void
GprsPingHosts::Send(Ptr<Node> from, Ipv4Address to, uint32_t number, uint32_t octets)
{
    m_sockets.at(from->GetId())
        ->SendTo(MakeDatagram(PING, number, octets), 0, InetSocketAddress(to, ECHO_PORT));
}

void
GprsPingHosts::Receive(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        Head head;
        if (packet->CopyData(head.data(), head.size()) < head.size())
        {
            continue;
        }
        const uint32_t number =
            uint32_t{head[1]} << 24 | uint32_t{head[2]} << 16 | uint32_t{head[3]} << 8 | head[4];
        const bool echo = head[0] == ECHO;
        m_heard(number, echo);
        if (!echo)
        {
            socket->SendTo(MakeDatagram(ECHO, number, packet->GetSize()), 0, from);
        }
    }
}

} // namespace p2pim
} // namespace ns3
