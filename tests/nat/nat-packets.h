// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_NAT_PACKETS_H
#define P2PIM_TESTS_NAT_PACKETS_H

#include "ns3/nat-endpoint.h"
#include "ns3/octets.h"

#include <cstdint>
#include <string>

namespace p2pim::test
{

using ns3::p2pim::NatEndpoint;
using ns3::p2pim::NatSide;
using ns3::p2pim::Octets;

/// Fields of IPv4 that tests set.
struct IpFields
{
    uint8_t ttl = 64;
    uint16_t identification = 1;
    bool dontFragment = false;
    bool moreFragments = false;
    uint16_t offset = 0; ///< of a fragment, octets
};

/// @return an endpoint from "10.0.0.2:5000".
NatEndpoint At(const std::string& text);

/// @return a packet with this behind its header.
Octets MakeIp(uint8_t protocol,
              uint32_t source,
              uint32_t destination,
              const Octets& payload,
              const IpFields& fields = {});

/// @return a datagram from one endpoint to another.
Octets MakeUdp(const std::string& from,
               const std::string& to,
               std::size_t size = 1,
               const IpFields& fields = {});

/// @return a segment; flags are letters of S A F R P U.
Octets MakeTcp(const std::string& from,
               const std::string& to,
               const std::string& flags,
               uint32_t sequence = 0,
               uint32_t acknowledgment = 0,
               std::size_t size = 0,
               uint16_t window = 65535,
               const Octets& options = {},
               const IpFields& fields = {});

/// @return an echo request (type 8), reply (0), or another query.
Octets MakeEcho(const std::string& from,
                const std::string& to,
                uint16_t identifier,
                uint8_t type = 8,
                const IpFields& fields = {});

/// @return an ICMP error about a packet, of which it quotes @p quoted octets.
Octets MakeError(const std::string& from,
                 const std::string& to,
                 uint8_t type,
                 uint8_t code,
                 const Octets& about,
                 uint32_t rest = 0,
                 std::size_t quoted = 28);

/// @return a packet cut into two fragments, the first with @p first octets behind the header.
std::pair<Octets, Octets> CutInTwo(const Octets& packet, std::size_t first);

/// @return a packet with options in its IPv4 header.
Octets WithOptions(Octets packet, const Octets& options);

/**
 * @return a packet as a line: "UDP 10.0.0.2:5000>203.0.113.10:1000 len=1", "TCP ... [SA] seq=1
 * ack=2 len=0", "ICMP a>b type=8 id=1", "ICMP a>b type=3 code=3 mtu=0 [UDP c:1>d:2]"; with BADSUM
 * if a checksum is wrong.
 */
std::string Describe(const Octets& packet);

} // namespace p2pim::test

#endif // P2PIM_TESTS_NAT_PACKETS_H
