// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TPDU_H
#define P2PIM_SMS_TPDU_H

#include "ns3/sms-address.h"
#include "ns3/sms-codec-error.h"
#include "ns3/sms-time-stamp.h"
#include "ns3/sms-user-data.h"
#include "ns3/sms-validity-period.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * TPDUs of the SM-TL (TS 23.040 9.2.2). User data is kept as the octets of TP-UD, header included,
 * so that a service centre relays what it does not understand.
 */

/// SMS-SUBMIT, phone to SMSC (TS 23.040 9.2.2.2).
struct SmsSubmit
{
    bool rejectDuplicates = false;    ///< TP-RD
    bool statusReportRequest = false; ///< TP-SRR
    uint8_t messageReference = 0;     ///< TP-MR
    SmsAddress destination;           ///< TP-DA
    bool replyPath = false;           ///< TP-RP
    SmsValidityPeriod validityPeriod; ///< TP-VPF, TP-VP
    SmsUserData userData;             ///< TP-PID, TP-DCS, TP-UDL, TP-UD
};

/// SMS-DELIVER, SMSC to phone (TS 23.040 9.2.2.1).
struct SmsDeliver
{
    bool moreMessagesToSend = false;     ///< TP-MMS, inverted: 0 in the octet means more
    bool loopPrevention = false;         ///< TP-LP
    bool statusReportIndication = false; ///< TP-SRI
    bool replyPath = false;              ///< TP-RP
    SmsAddress originator;               ///< TP-OA
    SmsTimeStamp timeStamp;              ///< TP-SCTS
    SmsUserData userData;                ///< TP-PID, TP-DCS, TP-UDL, TP-UD
};

/**
 * @param submit the message.
 * @param[out] tpdu its octets, appended.
 * @return BAD_ADDRESS, BAD_VALIDITY_PERIOD, BAD_TIME_STAMP, USER_DATA_TOO_LONG, or NONE.
 */
SmsCodecError EncodeSubmit(const SmsSubmit& submit, std::vector<uint8_t>& tpdu);

/**
 * @param tpdu the octets.
 * @param size how many.
 * @param[out] submit the message; unspecified on an error.
 * @return what is wrong with it.
 */
SmsCodecError DecodeSubmit(const uint8_t* tpdu, std::size_t size, SmsSubmit& submit);

/**
 * @param deliver the message.
 * @param[out] tpdu its octets, appended.
 * @return BAD_ADDRESS, BAD_TIME_STAMP, USER_DATA_TOO_LONG, or NONE.
 */
SmsCodecError EncodeDeliver(const SmsDeliver& deliver, std::vector<uint8_t>& tpdu);

/**
 * @param tpdu the octets.
 * @param size how many.
 * @param[out] deliver the message; unspecified on an error.
 * @return what is wrong with it.
 */
SmsCodecError DecodeDeliver(const uint8_t* tpdu, std::size_t size, SmsDeliver& deliver);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TPDU_H
