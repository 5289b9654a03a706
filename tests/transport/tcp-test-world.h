// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_TCP_TEST_WORLD_H
#define P2PIM_TESTS_TCP_TEST_WORLD_H

#include "ns3/host-routing.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/tcp-header.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <vector>

namespace p2pim
{
namespace test
{

/// A TCP segment that reached a host, lost there on purpose or not.
struct SeenSegment
{
    ns3::Time time;        ///< when
    ns3::TcpHeader header; ///< its header
    uint8_t flags{0};      ///< SYN, ACK, FIN, RST of it
    uint32_t size{0};      ///< octets of data
    bool lost{false};      ///< whether it was dropped on purpose
};

/**
 * Routing of a host that records the TCP segments that come in and loses chosen ones: the n-th
 * segment of a kind, counted from 1. The kind of a segment is its SYN, ACK, FIN and RST flags.
 */
class LossyRouting : public ns3::p2pim::HostRouting
{
  public:
    /// Stands for "each segment of that kind".
    static constexpr uint32_t ALL = std::numeric_limits<uint32_t>::max();

    /// Loses the @p nth segment with just the flags @p flags; 0 stands for ALL.
    void Lose(uint8_t flags, uint32_t nth);

    /// @return what came in, in order.
    const std::vector<SeenSegment>& GetSeen() const;

    /// @return how many segments with just the flags @p flags came in.
    uint32_t Count(uint8_t flags) const;

    bool RouteInput(ns3::Ptr<const ns3::Packet> packet,
                    const ns3::Ipv4Header& header,
                    ns3::Ptr<const ns3::NetDevice> device,
                    UnicastForwardCallback forward,
                    MulticastForwardCallback multicast,
                    LocalDeliverCallback deliver,
                    ErrorCallback fail) override;

  private:
    /// One thing to lose.
    struct Rule
    {
        uint8_t flags; ///< kind of segment
        uint32_t nth;  ///< which one, from 1, or ALL
    };

    std::vector<Rule> m_rules;
    std::vector<SeenSegment> m_seen;
};

/// A node with the lean stack, one interface and lossy routing.
struct TestHost
{
    ns3::Ptr<ns3::Node> node;
    ns3::Ptr<LossyRouting> routing;
    ns3::Ipv4Address address;

    /// @return the address with a port.
    ns3::InetSocketAddress At(uint16_t port) const;
};

/// The application above a socket: counts its callbacks, collects its data.
class TestPeer
{
  public:
    /// An application above a new socket of @p host.
    explicit TestPeer(const TestHost& host);
    ~TestPeer();
    TestPeer(const TestPeer&) = delete;
    TestPeer& operator=(const TestPeer&) = delete;

    /// Listens on @p port of address @p own; accepts one connection and goes on with it.
    void Listen(uint16_t port, ns3::Ipv4Address own = ns3::Ipv4Address::GetAny());
    /// Opens a connection from @p port; @return what ConnectFrom returned.
    int Connect(uint16_t port, const ns3::InetSocketAddress& remote);
    /// Sends @p text.
    void Send(const std::string& text);
    /// Closes the connection, or the listener if there is no connection.
    void Close();
    /// Closes the listener; a connection that it has accepted stays.
    void StopListening();

    ns3::Ptr<ns3::p2pim::PeerTcpSocket> socket; ///< the connection, or the listener before it
    uint32_t connected{0};                      ///< calls of connection-succeeded, or of accept
    uint32_t failed{0};                         ///< calls of connection-failed
    uint32_t closed{0};                         ///< calls of normal-close
    uint32_t broken{0};                         ///< calls of error-close
    std::string calls;                          ///< the four above in order: C, F, N, E
    std::string received;                       ///< all data
    ns3::Time connectedAt;                      ///< time of the last call
    ns3::Time failedAt;                         ///< time of the last call
    ns3::Time brokenAt;                         ///< time of the last call
    bool closeWithPeer{true};                   ///< whether to close when the peer does

  private:
    void Watch();
    void HandleConnected(ns3::Ptr<ns3::Socket> which);
    void HandleFailed(ns3::Ptr<ns3::Socket> which);
    void HandleClosed(ns3::Ptr<ns3::Socket> which);
    void HandleBroken(ns3::Ptr<ns3::Socket> which);
    void HandleReceived(ns3::Ptr<ns3::Socket> which);
    void HandleAccepted(ns3::Ptr<ns3::Socket> which, const ns3::Address& from);

    ns3::Ptr<ns3::p2pim::PeerTcpSocket> m_listener;
};

/// Two hosts on a line of 1 Gbit/s with a one-way delay of 100 ms.
class TcpTestWorld : public testing::Test
{
  protected:
    void SetUp() override;
    void TearDown() override;

    /// Calls @p what on @p host at @p seconds.
    template <typename Function>
    void At(double seconds, const TestHost& host, Function what);

    /// Has the host of @p from send a segment of its making.
    void Inject(const TestHost& from,
                uint16_t fromPort,
                const TestHost& to,
                uint16_t toPort,
                uint8_t flags,
                uint32_t sequence,
                uint32_t acknowledgment,
                const std::string& data = "");

    /// @return how many sockets the TCP of @p host holds.
    static std::size_t CountSockets(const TestHost& host);

    /// Runs until nothing is left to do.
    static void Run();

    TestHost m_a; ///< a host
    TestHost m_b; ///< another host
};

} // namespace test
} // namespace p2pim

#include "ns3/simulator.h"

template <typename Function>
void
p2pim::test::TcpTestWorld::At(double seconds, const TestHost& host, Function what)
{
    ns3::Simulator::ScheduleWithContext(host.node->GetId(), ns3::Seconds(seconds), what);
}

#endif // P2PIM_TESTS_TCP_TEST_WORLD_H
