// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_INTEGRITY_H
#define P2PIM_STUN_INTEGRITY_H

#include "ns3/octets.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The sums that protect STUN messages, by libgcrypt.
 */

/// Octets of a HMAC-SHA1.
constexpr std::size_t HMAC_SHA1_SIZE = 20;

/// @return the HMAC-SHA1 (RFC 2104) of @p octets.
Octets ComputeHmacSha1(const Octets& key, const Octets& octets);

/// @return the CRC-32 of ITU V.42, as in Ethernet, of @p octets.
uint32_t ComputeCrc32(const Octets& octets);

/**
 * @param username a user.
 * @param realm where its password counts.
 * @param password the password; neither of the three is prepared by OpaqueString (RFC 8265).
 * @return the key of the long-term credentials with MD5 (RFC 8489 18.5.1).
 */
Octets MakeLongTermKey(const std::string& username,
                       const std::string& realm,
                       const std::string& password);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_INTEGRITY_H
