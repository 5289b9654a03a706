// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SESSION_STEP_H
#define P2PIM_SESSION_STEP_H

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * The steps of a chat that are stamped with their time, in the order in which a `p2p` chat passes
 * them. A scheme stamps only the steps that it has. The time between two stamps that follow each
 * other is a phase, named for the step that ends it, so that the phases of a chat add up to its
 * total exactly.
 */
enum class SessionStep : uint8_t
{
    PRESSED,       ///< the initiator's user pressed "chat"
    ATTACHED,      ///< the initiator is GPRS attached (TS 24.008 4.7.3)
    PDP_UP,        ///< the initiator has an active PDP context, so an IP address
    REGISTERED,    ///< the initiator's REGISTER was answered 200 (RFC 3261 10)
    CONNECTED,     ///< the initiator's TCP connection to its server stands
    LOGGED_IN,     ///< the server accepted the initiator's log-in
    LISTENING,     ///< the initiator listens on a TCP port for this one target
    GATHERED,      ///< the initiator knows at which addresses it can be reached
    SMS_SUBMITTED, ///< the invitation was handed to the initiator's page-mode service
    SMS_ACCEPTED,  ///< the service has accepted the invitation (SMS: the initiator has an RP-ACK)
    SMS_DELIVERED, ///< the invitation reached the target's application port
    TARGET_BEARER_UP, ///< the target has an active PDP context
    TARGET_GATHERED,  ///< the target knows at which addresses it can be reached
    SYN_SENT,         ///< the target sent its first SYN to the initiator's port
    ANSWER_SUBMITTED, ///< the target's answer was handed to its page-mode service
    ANSWER_DELIVERED, ///< the answer reached the initiator's application port
    ESTABLISHED,      ///< the target's end of the TCP connection is established
    READY,            ///< both sides can send: the end of set-up
    FIRST_SENT,       ///< the first message was handed to the bearer
    FIRST_RECEIVED,   ///< the first message reached the other user
};

/**
 * The name of a step in results files, tables and JSON.
 *
 * @param step the step.
 * @return lower case with underscores, such as "sms_accepted"; stable between versions.
 */
const char* GetStepName(SessionStep step);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SESSION_STEP_H
