// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_ENDPOINT_H
#define P2PIM_NAT_ENDPOINT_H

#include <cstdint>
#include <tuple>

namespace ns3
{
namespace p2pim
{

/// The sides of a NAT or firewall.
enum class NatSide : uint8_t
{
    INSIDE, ///< of the subscribers
    OUTSIDE ///< of the public network
};

/// @return the other side.
constexpr NatSide
GetOther(NatSide side)
{
    return side == NatSide::INSIDE ? NatSide::OUTSIDE : NatSide::INSIDE;
}

/// Protocols that are translated, by their numbers in IPv4.
enum class NatProtocol : uint8_t
{
    ICMP = 1,
    TCP = 6,
    UDP = 17
};

/// An IPv4 address and a port, or the identifier of an ICMP query (RFC 5508 3.1).
struct NatEndpoint
{
    uint32_t address = 0; ///< host order
    uint16_t port = 0;    ///< or identifier
};

/// @return whether both are the same.
inline bool
operator==(const NatEndpoint& left, const NatEndpoint& right)
{
    return left.address == right.address && left.port == right.port;
}

/// @return whether they differ.
inline bool
operator!=(const NatEndpoint& left, const NatEndpoint& right)
{
    return !(left == right);
}

/// @return an order of endpoints.
inline bool
operator<(const NatEndpoint& left, const NatEndpoint& right)
{
    return std::tie(left.address, left.port) < std::tie(right.address, right.port);
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_ENDPOINT_H
