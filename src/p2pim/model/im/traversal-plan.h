// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TRAVERSAL_PLAN_H
#define P2PIM_TRAVERSAL_PLAN_H

#include "ns3/invitation.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * How the two phones of a session get a TCP connection when there are NATs and firewalls between
 * them; in the terms of RFC 5128.
 */
enum TraversalStrategy : uint8_t
{
    TRAVERSAL_DIRECT,            ///< the target connects to the initiator's own address
    TRAVERSAL_REQUESTED_ADDRESS, ///< the initiator asks its NAT for an outside port (RFC 6887)
    TRAVERSAL_KEPT_MAPPING,      ///< the initiator learns its outside port and keeps it in use
    TRAVERSAL_REVERSAL,          ///< the target answers by SMS, and the initiator connects
    TRAVERSAL_PUNCH,             ///< both connect, until one SYN meets the hole of the other
    TRAVERSAL_LOW_TTL_PUNCH,     ///< likewise; the target's first SYNs do not get far
    TRAVERSAL_SEQUENTIAL_PUNCH,  ///< the target opens its hole, gives up, and listens
    TRAVERSAL_PREDICTED_PUNCH,   ///< as TRAVERSAL_PUNCH; ports that change are predicted
    TRAVERSAL_RELAY,             ///< both connect to a relay
    TRAVERSAL_RELAY_AFTER_PUNCH, ///< punch, and the relay if that fails
    TRAVERSAL_AUTO,              ///< what the NATs of both sides let one hope for
};

/// What the two ends do.
struct TraversalPlan
{
    /// What the target does when it has the invitation.
    enum class Opening : uint8_t
    {
        NOTHING,       ///< it listens
        CONNECT,       ///< one attempt, which decides
        PUNCH,         ///< attempts until a connection stands
        PUNCH_LOW_TTL, ///< likewise, and the first SYNs reach only the own NATs
        PUNCH_ONCE,    ///< one attempt that is given up, and it listens
    };

    bool requestsPort = false;          ///< the initiator asks its NAT for an outside port
    bool asks = false;                  ///< the initiator learns its outside address, and keeps it
    bool targetAsks = false;            ///< so does the target
    Opening opening = Opening::CONNECT; ///< the target's
    bool answers = false;               ///< the target answers by SMS, and the initiator connects
    bool predicts = false;              ///< ports of NATs that count them are predicted
    bool punches = true;                ///< what is not the relay is tried
    bool relays = false;                ///< the target offers a relayed address in its answer

    /// @return whether the connection that stands may be another one than that which is wanted.
    bool NeedsBinding() const;
};

/**
 * @param strategy the strategy of both ends.
 * @param initiator what the initiator says of itself and its NATs.
 * @param target what the target says.
 * @return what they do. TRAVERSAL_AUTO goes to the relay at once if both NATs give each connection
 *         a port of its own, as no hole is where the other side believes it then (RFC 5128 3.3),
 *         and not both can be predicted; else it is TRAVERSAL_RELAY_AFTER_PUNCH with prediction.
 */
TraversalPlan GetTraversalPlan(TraversalStrategy strategy,
                               const Invitation& initiator = {},
                               const Invitation& target = {});

/// @return whether the NATs before an end give it an outside port by whom it sends to.
bool HasManyPorts(const Invitation& end);

/**
 * When both ends have a port for each connection, the ports must meet in pairs: what the one sends
 * to the other's n-th port comes from its own n-th.
 *
 * @param end an end.
 * @param other the other.
 * @return whether this is so, and they can be predicted.
 */
bool MeetInPairs(const Invitation& end, const Invitation& other);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TRAVERSAL_PLAN_H
