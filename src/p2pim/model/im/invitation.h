// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_INVITATION_H
#define P2PIM_INVITATION_H

#include "ns3/ipv4-address.h"
#include "ns3/port-sequence.h"
#include "ns3/stun-discovery.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Another transport address at which an end of a session may be reached (RFC 8445 5.1.1).
struct Candidate
{
    /// How the end has got it.
    enum class Kind : uint8_t
    {
        MAPPED,    ///< its NAT has given it on request (RFC 6887)
        REFLEXIVE, ///< what a server on the Internet sees it by (RFC 8489)
        RELAYED,   ///< a relay's (RFC 6062)
    };

    Kind kind = Kind::REFLEXIVE;
    Ipv4Address address;
    uint16_t port = 0; ///< TCP, not 0
};

/**
 * What an invitation says: where the initiator listens for this one target, and the name of the
 * session there. On the wire it is the initiator's MSRP URI (RFC 4975 9), such as
 * `msrp://10.0.0.2:49152/5f3a9c10;tcp`, so that one short message carries all that the target
 * needs.
 *
 * Behind a NAT the URI has more parameters: other addresses, and what the sender knows of its NAT,
 * as in `msrp://10.0.0.2:49152/5f3a9c10;tcp;srflx=203.0.113.4_4711;nat=eim`. If the NAT counts its
 * ports, `step` tells from one to the next and the last: `nat=apdm;step=1_4714`. A short message in
 * answer to an invitation is the same for the target's end, with the initiator's session name and
 * the parameter `answer`.
 */
struct Invitation
{
    /// Most candidates that are written and read.
    static constexpr std::size_t MAX_CANDIDATES = 4;

    Ipv4Address address;                            ///< where this end listens
    uint16_t port = 0;                              ///< its TCP port, not 0
    std::string sessionId;                          ///< letters and digits, 1 to 32: not to be
                                                    ///< guessed by others
    bool isAnswer = false;                          ///< it answers an invitation
    std::vector<Candidate> candidates{};            ///< where else
    StunBehaviour mapping = StunBehaviour::UNKNOWN; ///< of the NATs before this end
    std::optional<PortSequence> sequence{};         ///< of their ports
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
 * @return the URI, over TCP, without further parameters.
 */
std::string ToMsrpUri(const Invitation& end);

/**
 * @param uri an MSRP URI.
 * @return the name of the session in it; empty if there is none.
 */
std::string_view GetMsrpSessionId(std::string_view uri);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_INVITATION_H
