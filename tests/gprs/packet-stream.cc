// SPDX-License-Identifier: GPL-2.0-only
#include "gprs/packet-stream.h"

#include "ns3/inet-socket-address.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <cstring>

namespace ns3
{
namespace p2pim
{

PacketStream::PacketStream(Ptr<Node> from, Ptr<Node> to, uint16_t port)
    : m_sender(Socket::CreateSocket(from, UdpSocketFactory::GetTypeId())),
      m_receiver(Socket::CreateSocket(to, UdpSocketFactory::GetTypeId())),
      m_port(port)
{
    m_sender->Bind();
    m_receiver->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    m_receiver->SetRecvCallback(MakeCallback(&PacketStream::Receive, this));
}

PacketStream::~PacketStream()
{
    Stop();
    m_receiver->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
}

void
PacketStream::Start(Ipv4Address address, Time period, uint32_t octets)
{
    m_address = address;
    m_period = period;
    m_octets = octets;
    Send();
}

void
PacketStream::Stop()
{
    m_next.Cancel();
}

void
PacketStream::Send()
{
    std::vector<uint8_t> payload(m_octets);
    std::memcpy(payload.data(), &m_sent, sizeof m_sent);
    ++m_sent;
    m_sender->SendTo(Create<Packet>(payload.data(), m_octets),
                     0,
                     InetSocketAddress(m_address, m_port));
    m_next = Simulator::Schedule(m_period, &PacketStream::Send, this);
}

void
PacketStream::Receive(Ptr<Socket> socket)
{
    while (const auto packet = socket->Recv())
    {
        uint32_t number = 0;
        packet->CopyData(reinterpret_cast<uint8_t*>(&number), sizeof number);
        m_arrivals.push_back({number, Simulator::Now()});
    }
}

uint32_t
PacketStream::GetSent() const
{
    return m_sent;
}

const std::vector<PacketStream::Arrival>&
PacketStream::GetArrivals() const
{
    return m_arrivals;
}

bool
PacketStream::IsInOrder() const
{
    return std::adjacent_find(m_arrivals.begin(), m_arrivals.end(), [](auto& a, auto& b) {
               return a.number >= b.number;
           }) == m_arrivals.end();
}

Time
PacketStream::GetLongestGap(Time from, Time to) const
{
    Time longest;
    for (std::size_t n = 1; n < m_arrivals.size(); ++n)
    {
        const Time end = m_arrivals[n].time;
        if (end > from && end <= to)
        {
            longest = std::max(longest, end - m_arrivals[n - 1].time);
        }
    }
    return longest;
}

} // namespace p2pim
} // namespace ns3
