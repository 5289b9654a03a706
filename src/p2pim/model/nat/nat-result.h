// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_RESULT_H
#define P2PIM_NAT_RESULT_H

#include "ns3/nat-endpoint.h"
#include "ns3/nstime.h"
#include "ns3/octets.h"

#include <vector>

namespace ns3
{
namespace p2pim
{

/// Why a packet is dropped, or state refused.
enum class NatCause : uint8_t
{
    NONE,
    MALFORMED,   ///< its lengths do not fit
    CHECKSUM,    ///< a checksum is wrong
    UNSUPPORTED, ///< another protocol, or ICMP that is not translated
    TTL,         ///< it has no hop left
    MTU,         ///< too long, and may not be fragmented
    FRAGMENT,    ///< a fragment that is not put together
    NO_MAPPING,  ///< from outside, for no mapping that there ever was
    EXPIRED,     ///< from outside, for the last mapping of this port that has expired
    FILTERED,    ///< from outside, and the inside has not sent there
    INVALID,     ///< a segment that its connection's state does not allow, or that has none
    WINDOW,      ///< a segment out of the window
    EXHAUSTED,   ///< no port is free
    LIMIT,       ///< the subscriber, or the NAT, has too many mappings or sessions
    RATE,        ///< the subscriber makes mappings too fast
    HAIRPIN,     ///< from inside to the NAT's own address
    ERROR        ///< an ICMP error, and the settings drop those
};

/// @return its name.
const char* GetNatCauseName(NatCause cause);

/// What a NAT tells its owner.
struct NatEvent
{
    /// Kinds.
    enum class Kind : uint8_t
    {
        MAPPING_CREATED,
        MAPPING_EXPIRED, ///< or ended
        SESSION_CREATED,
        SESSION_EXPIRED, ///< or ended
        PACKET_DROPPED,
        STATE_LOST
    };

    Kind kind = Kind::PACKET_DROPPED;
    NatCause cause = NatCause::NONE;         ///< of a drop
    NatSide from = NatSide::INSIDE;          ///< of a drop
    NatProtocol protocol = NatProtocol::TCP; ///< of it
    Time time;                               ///< when; may lie before the call that tells it
    NatEndpoint inside;                      ///< of a mapping; of a drop from inside: its source
    NatEndpoint outside; ///< of a mapping; of a drop from outside: its destination
    NatEndpoint remote;  ///< the peer, if there is one
};

/// A packet that leaves.
struct NatOutput
{
    Octets packet; ///< with its IPv4 header
    NatSide side;  ///< where it leaves
};

/// What a call has led to, in order.
struct NatResult
{
    std::vector<NatOutput> packets;
    std::vector<NatEvent> events;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_RESULT_H
