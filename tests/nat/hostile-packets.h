// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_HOSTILE_PACKETS_H
#define P2PIM_TESTS_HOSTILE_PACKETS_H

#include "ns3/nat-endpoint.h"
#include "ns3/octets.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace p2pim::test
{

using ns3::p2pim::NatEndpoint;
using ns3::p2pim::Octets;

constexpr uint32_t INSIDE = 0x0A000000;    // 10.0.0.0
constexpr uint32_t PUBLIC = 0xCB007100;    // 203.0.113.0
constexpr uint32_t UNTOUCHED = 0xC6336400; // 198.51.100.0: sent to as if there were no NAT
constexpr uint32_t OWN = PUBLIC + 1;       // of the NAT, and the next
constexpr std::size_t IP_HEADER = 20;

/// @return a number of some octets.
uint32_t Get(const Octets& octets, std::size_t at, int size);
/// Writes a number of some octets.
void Put(Octets& octets, std::size_t at, uint32_t value, int size);

/// @return a packet with this behind its header.
Octets MakeIp(uint8_t protocol,
              uint32_t from,
              uint32_t to,
              uint16_t identification,
              const Octets& payload);
/// Puts the checksum of the header right.
void Seal(Octets& packet);
/// Puts the checksum of a TCP segment, a datagram or ICMP right.
void SealTransport(Octets& packet);

bool IsInside(uint32_t address);
bool IsUntouched(uint32_t address);
bool IsOwn(uint32_t address);
/// @return whether it is an ICMP error.
bool IsError(const Octets& packet);
bool IsFragment(const Octets& packet);
/// @return octets of the datagram before a fragment.
uint32_t GetOffset(const Octets& packet);
/// @return both ends of a packet, of which a header and eight octets are there; of ICMP the
///         identifier, and 0 of the peer.
std::pair<NatEndpoint, NatEndpoint> GetEnds(const Octets& packet, std::size_t at = 0);

} // namespace p2pim::test

#endif // P2PIM_TESTS_HOSTILE_PACKETS_H
