// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_PUNCHING_WORLD_H
#define P2PIM_TESTS_PUNCHING_WORLD_H

#include "ns3/ipv4-address.h"
#include "ns3/nat-gateway.h"
#include "ns3/nat-settings-text.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/peer-connector.h"
#include "ns3/peer-tcp-socket.h"
#include "ns3/transport-preset.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace p2pim
{
namespace test
{

/// What may stand before a host, as in the measurement between kernels.
struct PunchKind
{
    const char* name;
    const char* settings; ///< in NatGateway's words
};

/// The kinds, in the order of the tables. All but the first track windows as Linux does; the rules
/// of that firewall let out what is invalid.
constexpr std::array<PunchKind, 9> PUNCH_KINDS{{
    {"open", "none"},
    {"fw", "firewall leaks-invalid=yes"},
    {"eim-eif", "linux-masquerade overlaps=no tcp-filtering=eif"},
    {"eim-adf", "linux-masquerade overlaps=no tcp-filtering=adf"},
    {"eim-drop", "linux-masquerade"},
    {"eim-icmp", "linux-masquerade unsolicited-tcp=port-unreachable"},
    {"eim-rst", "linux-masquerade unsolicited-tcp=reset"},
    {"apdm-drop", "linux-fully-random"},
    {"apdm-rst", "linux-fully-random unsolicited-tcp=reset"},
}};

/// How two hosts try to get a connection.
struct PunchPlan
{
    bool leftConnects = true;
    bool rightConnects = true;
    double skew = 0; ///< seconds from the first SYN of the left host to that of the right one
};

/**
 * Two hosts, each behind a router that may be a NAT, and 300 ms between the routers. Both listen;
 * those that connect do so from the port that they listen on, to the port that the other listens on
 * at the address that it has outside, again a second after each failure.
 */
class PunchingWorld
{
  public:
    /// How long the hosts try, in seconds.
    static constexpr double PATIENCE = 8;

    /// @param left what stands before the left host, as text. @param right likewise.
    PunchingWorld(const std::string& left,
                  const std::string& right,
                  ns3::p2pim::TransportPreset preset = ns3::p2pim::TRANSPORT_LINUX);
    ~PunchingWorld();
    PunchingWorld(const PunchingWorld&) = delete;
    PunchingWorld& operator=(const PunchingWorld&) = delete;

    /// @return whether data of each host has reached the other.
    bool Try(const PunchPlan& plan);

    /// @return seconds until data of both had arrived, after Try().
    double GetDuration() const;

    /// @return the routers' NATs; none for one that is open.
    ns3::Ptr<ns3::p2pim::NatGateway> GetNat(std::size_t side) const;

    /// @return the address of a host that the other one dials.
    ns3::Ipv4Address GetOutside(std::size_t side) const;

    /// @return a host.
    ns3::Ptr<ns3::Node> GetHost(std::size_t side) const;

  private:
    /// A host, its router, and what it has got.
    struct Side
    {
        ns3::Ptr<ns3::Node> host;
        ns3::Ptr<ns3::Node> router;
        ns3::Ptr<ns3::p2pim::NatGateway> nat;
        ns3::Ipv4Address inside;
        ns3::Ipv4Address outside;
        ns3::Ptr<ns3::p2pim::PeerConnector> connector;
        std::vector<ns3::Ptr<ns3::p2pim::PeerTcpSocket>> connections;
        bool hasHeard = false;
    };

    void Build(std::size_t number, ns3::p2pim::TransportPreset preset);
    void Mount(std::size_t number, const std::string& kind);
    void Connected(std::size_t side, ns3::Ptr<ns3::p2pim::PeerTcpSocket> socket);
    void Heard(std::size_t side, ns3::Ptr<ns3::Socket> socket);

    std::array<Side, 2> m_sides;
    double m_duration = 0;
};

} // namespace test
} // namespace p2pim

#endif // P2PIM_TESTS_PUNCHING_WORLD_H
