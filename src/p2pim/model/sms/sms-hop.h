// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_HOP_H
#define P2PIM_SMS_HOP_H

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// The hops of a short message's time line, in the order in which a first attempt passes them.
enum class SmsHop : uint8_t
{
    SUBMITTED,         ///< handed to the phone's SMS layer
    MO_CHANNEL,        ///< the sender's phone has an SDCCH
    MO_CIPHERED,       ///< its MM connection stands
    MO_FORWARDED,      ///< the sender's MSC sends MO-ForwardSM
    STORED,            ///< the SMSC has stored it
    ACCEPTED,          ///< the RP-ACK reached the sender's phone
    ROUTING_REQUESTED, ///< the SMSC sends SRI-SM: the start of a delivery attempt
    MT_FORWARDED,      ///< the SMSC sends MT-ForwardSM
    PAGED,             ///< the target's MSC starts paging
    MT_CHANNEL,        ///< the PAGING RESPONSE reached the MSC
    MT_CIPHERED,       ///< the target's MM connection stands
    MT_DELIVERED,      ///< the target's RP-ACK reached the MSC
    ATTEMPT_FAILED,    ///< the delivery attempt has failed; the SMSC keeps the message
    REPORTED,          ///< the SMSC knows of the delivery and forgets the message
    EXPIRED,           ///< the validity period is over; the SMSC forgets the message
    REFUSED,           ///< the SMSC forgets the message for a permanent error
    RESUBMITTED,       ///< the sender's phone has had no RP-ACK and sends the message again
    RECEIVED,          ///< the target's phone has the message; its RP-ACK is yet to be sent
    DUPLICATE_STORED,  ///< the SMSC has stored a message that it had already accepted
    DUPLICATE_DROPPED, ///< the SMSC has dropped a repetition, as TP-RD asks
    SUBMISSION_FAILED, ///< the sender's phone has given the submission up
    CANCELLED,         ///< the sender has withdrawn the message; the SMSC forgets it
};

/**
 * @param hop a hop.
 * @return its name in lower case with underscores.
 */
const char* GetSmsHopName(SmsHop hop);

/**
 * The reference of a message in time lines and traces.
 *
 * @param originator the sender's number, as the number that its digits form.
 * @param messageReference TP-MR.
 * @return the reference; unique among the sender's last 256 messages.
 */
constexpr uint64_t
MakeSmsReference(uint64_t originator, uint8_t messageReference)
{
    return originator << 8 | messageReference;
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_HOP_H
