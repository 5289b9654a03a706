// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_PACKET_WATCH_H
#define P2PIM_TESTS_PACKET_WATCH_H

#include "ns3/ipv4.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"

#include <cstdint>
#include <deque>
#include <map>
#include <tuple>

namespace p2pim::test
{

/**
 * Sees every IP packet of every PDP context of a run where it enters its bearer, at the phone or at
 * the GGSN, and where it leaves it, and tells whether one has overtaken another. Packets are known
 * by the identification of their IPv4 headers, which their sender counts up.
 */
class PacketWatch
{
  public:
    /// To be called before the network is built.
    void Start();

    uint64_t entered = 0;      ///< packets
    uint64_t left = 0;         ///< packets that came out
    uint64_t outOfOrder = 0;   ///< of them, after one that had entered later
    double uplinkQueued = 0;   ///< octets of LLC that phones have still to send, at the end
    double downlinkQueued = 0; ///< octets of LLC that cells have still to send to them

  private:
    /// A PDP context by its address, and a direction: true for up.
    using Bearer = std::tuple<uint32_t, bool>;
    /// A packet: the other end's address, the protocol, the identification.
    using Identity = std::tuple<uint32_t, uint8_t, uint16_t>;

    void FindNodes();
    void Hook(ns3::Ptr<ns3::NetDevice> device);
    void Enter(bool uplink, ns3::Ptr<const ns3::Packet> packet);
    void Leave(bool uplink, ns3::Ptr<const ns3::Packet> packet);
    void AddQueues();

    uint32_t m_nodes = 0; ///< that are watched
    std::map<Bearer, std::deque<Identity>> m_inside;
};

} // namespace p2pim::test

#endif // P2PIM_TESTS_PACKET_WATCH_H
