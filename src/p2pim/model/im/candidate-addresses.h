// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CANDIDATE_ADDRESSES_H
#define P2PIM_CANDIDATE_ADDRESSES_H

#include "ns3/inet-socket-address.h"
#include "ns3/invitation.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Adds an address to those of an end of a session, if there is one that is not its own.
void AddCandidate(Invitation& end,
                  Candidate::Kind kind,
                  const std::optional<InetSocketAddress>& address);

/// @return where the other end may come from, as the Internet sees it.
std::vector<Ipv4Address> GetOuterAddresses(const Invitation& end);

/// @return where an end of a session can be reached without a relay; its own address last.
std::vector<InetSocketAddress> GetDirectAddresses(const Invitation& end);

/**
 * @param end an end of a session.
 * @param first the first of the ports that its NATs are expected to give, from 1.
 * @param count the last of them.
 * @return where it will be reached; empty if its NATs do not count their ports.
 */
std::vector<InetSocketAddress> GetPredictedAddresses(const Invitation& end,
                                                     uint32_t first,
                                                     uint32_t count);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_CANDIDATE_ADDRESSES_H
