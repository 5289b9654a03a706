// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_MESSAGE_CENTRE_H
#define P2PIM_SMPP_MESSAGE_CENTRE_H

#include "ns3/smpp-pdu.h"
#include "ns3/sms-address.h"
#include "ns3/sms-tpdu.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// A submit_sm in the terms of a short message service centre.
struct SmppSubmission
{
    SmsAddress originator;           ///< TP-OA of the SMS-DELIVER
    SmsAddress destination;          ///< the receiver's number
    SmsUserData userData;            ///< TP-PID, TP-DCS, TP-UDL, TP-UD
    std::optional<int64_t> validity; ///< s from now; nothing for the SMSC's own
    uint8_t priority = 0;            ///< 0 to 3, the higher the sooner
};

/**
 * What an SmppServer needs of the SMSC behind it.
 */
class SmppMessageCentre
{
  public:
    virtual ~SmppMessageCentre() = default;

    /// Called once per submission, with the message id if the status is ESME_ROK.
    using AcceptedFunction = std::function<void(SmppStatus, const std::string& id)>;
    /// Called once per accepted message, with its final state and the network's error code.
    using OutcomeFunction =
        std::function<void(const std::string& id, SmppMessageState state, uint16_t error)>;

    /// @param outcome called when a message reaches a final state; empty for none.
    virtual void SetOutcomeFunction(OutcomeFunction outcome) = 0;
    /// Takes a message; @p accepted is called when it is stored, or refused.
    virtual void Submit(const SmppSubmission& submission, AcceptedFunction accepted) = 0;
    /// @return the state of a message that has no final one yet; nothing if there is none.
    virtual std::optional<SmppMessageState> Query(const std::string& id) const = 0;
    /// Forgets a message, whose outcome is then DELETED. @return whether it was still here.
    virtual bool Cancel(const std::string& id) = 0;
    /// @return the present time, s since 1970-01-01 00:00 UTC.
    virtual int64_t GetTime() const = 0;
};

/**
 * Reads a submit_sm as GSM does (SMPP 3.4, 5.2.19 and appendix; TS 23.038, TS 23.040). Ports and
 * sar_* parameters become elements of a user data header. Text of the default alphabet comes with
 * one octet a character and is packed.
 *
 * @param message the body of submit_sm.
 * @param now the present time, s since 1970-01-01 00:00 UTC.
 * @param[out] submission what it means; unspecified if the status is not ESME_ROK.
 * @return ESME_ROK, or what is wrong with it.
 */
SmppStatus MapSubmission(const SmppMessage& message, int64_t now, SmppSubmission& submission);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_MESSAGE_CENTRE_H
