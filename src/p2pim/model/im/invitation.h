// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_INVITATION_H
#define P2PIM_INVITATION_H

#include "ns3/ipv4-address.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * What an invitation says: where the initiator listens for this one target, and the name of the
 * session there. On the wire it is the initiator's MSRP URI (RFC 4975 9), such as
 * `msrp://10.0.0.2:49152/5f3a9c10;tcp`, so that one short message carries all that the target
 * needs.
 */
struct Invitation
{
    Ipv4Address address;   ///< where the initiator listens
    uint16_t port = 0;     ///< its TCP port, not 0
    std::string sessionId; ///< letters and digits, 1 to 32: not to be guessed by others
};

/**
 * @param invitation the invitation.
 * @return the octets of the short message.
 */
std::vector<uint8_t> EncodeInvitation(const Invitation& invitation);

/**
 * @param octets the user data of a short message.
 * @return the invitation; nothing if it is not an MSRP URI of the form above.
 */
std::optional<Invitation> DecodeInvitation(const std::vector<uint8_t>& octets);

/**
 * Writes the MSRP URI of an end of a session.
 *
 * @param end where that end is, and the name of the session there.
 * @return the URI, over TCP.
 */
std::string ToMsrpUri(const Invitation& end);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_INVITATION_H
