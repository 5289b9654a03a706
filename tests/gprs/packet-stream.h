// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_PACKET_STREAM_H
#define P2PIM_TESTS_PACKET_STREAM_H

#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Numbered datagrams from one node to another, one a period, and when they arrive.
class PacketStream
{
  public:
    /// A datagram that has arrived.
    struct Arrival
    {
        uint32_t number;
        Time time;
    };

    /**
     * @param from the sender.
     * @param to the receiver.
     * @param port the UDP port that the receiver listens at.
     */
    PacketStream(Ptr<Node> from, Ptr<Node> to, uint16_t port);
    ~PacketStream();
    PacketStream(const PacketStream&) = delete;
    PacketStream& operator=(const PacketStream&) = delete;

    /// Sends datagrams of @p octets, 4 or more, until Stop().
    void Start(Ipv4Address address, Time period, uint32_t octets);
    /// Sends none any more.
    void Stop();

    /// @return how many were sent.
    uint32_t GetSent() const;
    /// @return what has arrived.
    const std::vector<Arrival>& GetArrivals() const;
    /// @return whether each number is higher than the one before.
    bool IsInOrder() const;
    /// @return the longest time between two arrivals that end in a span of time.
    Time GetLongestGap(Time from, Time to) const;

  private:
    void Send();
    void Receive(Ptr<Socket> socket);

    Ptr<Socket> m_sender;
    Ptr<Socket> m_receiver;
    uint16_t m_port;
    Ipv4Address m_address;
    Time m_period;
    uint32_t m_octets = 0;
    uint32_t m_sent = 0;
    EventId m_next;
    std::vector<Arrival> m_arrivals;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_PACKET_STREAM_H
