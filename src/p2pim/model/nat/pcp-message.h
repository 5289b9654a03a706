// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PCP_MESSAGE_H
#define P2PIM_PCP_MESSAGE_H

#include "ns3/ipv4-address.h"
#include "ns3/octets.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// UDP port of a PCP server (RFC 6887 19.1).
constexpr uint16_t PCP_PORT = 5351;
/// Address by which any client reaches its PCP server (RFC 7723 3).
const Ipv4Address g_pcpAnycast("192.0.0.9");

/// How a request ended (RFC 6887 7.4).
enum class PcpResult : uint8_t
{
    SUCCESS = 0,
    UNSUPP_VERSION = 1,
    MALFORMED_REQUEST = 3,
    UNSUPP_OPCODE = 4,
    NETWORK_FAILURE = 7,
    NO_RESOURCES = 8,
    UNSUPP_PROTOCOL = 9,
    ADDRESS_MISMATCH = 12,
};

/**
 * A request or response with the opcode MAP (RFC 6887 7, 11.1): an outside address and port for an
 * inside one. Options are not written, and not heeded where they may be ignored.
 */
struct PcpMap
{
    bool isResponse = false;
    PcpResult result = PcpResult::SUCCESS; ///< of a response
    uint32_t lifetime = 0;                 ///< s; 0 ends the mapping
    uint32_t epoch = 0;                    ///< of a response: s since the server has lost its state
    Ipv4Address client = Ipv4Address::GetAny(); ///< of a request: the own address
    std::array<uint8_t, 12> nonce{};            ///< the same in request and response
    uint8_t protocol = 6;                       ///< number in IPv4
    uint16_t internalPort = 0;
    uint16_t externalPort = 0; ///< of a request: what is wished for; 0: any
    Ipv4Address externalAddress = Ipv4Address::GetAny(); ///< likewise; 0.0.0.0: any
};

/// @return its octets.
Octets EncodePcp(const PcpMap& message);

/**
 * @param datagram the octets.
 * @param[out] message what they say, as far as it could be read.
 * @return SUCCESS, UNSUPP_VERSION, UNSUPP_OPCODE or MALFORMED_REQUEST.
 */
PcpResult DecodePcp(const Octets& datagram, PcpMap& message);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PCP_MESSAGE_H
