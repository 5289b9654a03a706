// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TPDU_H
#define P2PIM_SMS_TPDU_H

#include "ns3/sms-address.h"
#include "ns3/sms-codec-error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// TP-DCS of 8-bit data without a message class (TS 23.038 4).
constexpr uint8_t SMS_DCS_8_BIT = 0x04;

/// TP-User-Data as it is in the TPDU.
struct SmsUserData
{
    bool hasHeader = false;      ///< TP-UDHI
    uint8_t protocolId = 0;      ///< TP-PID
    uint8_t codingScheme = 0x04; ///< TP-DCS
    uint8_t length = 0;          ///< TP-UDL: septets for the 7-bit alphabet, else octets
    std::vector<uint8_t> octets; ///< TP-UD, at most 140 octets
};

/// SMS-SUBMIT, phone to SMSC (TS 23.040 9.2.2.2).
struct SmsSubmit
{
    bool rejectDuplicates = false;         ///< TP-RD
    bool statusReportRequest = false;      ///< TP-SRR
    uint8_t messageReference = 0;          ///< TP-MR
    SmsAddress destination;                ///< TP-DA
    std::optional<uint8_t> validityPeriod; ///< TP-VP in relative format
    SmsUserData userData;                  ///< TP-PID, TP-DCS, TP-UDL, TP-UD
};

/// TP-Service-Centre-Time-Stamp (TS 23.040 9.2.3.11).
struct SmsTimeStamp
{
    uint8_t year = 0;        ///< 0-99
    uint8_t month = 1;       ///< 1-12
    uint8_t day = 1;         ///< 1-31
    uint8_t hour = 0;        ///< 0-23
    uint8_t minute = 0;      ///< 0-59
    uint8_t second = 0;      ///< 0-59
    int8_t quarterHours = 0; ///< local time minus GMT, -79 to 79 quarters of an hour
};

/// SMS-DELIVER, SMSC to phone (TS 23.040 9.2.2.1).
struct SmsDeliver
{
    bool moreMessagesToSend = false;     ///< TP-MMS, inverted: 0 in the octet means more
    bool statusReportIndication = false; ///< TP-SRI
    SmsAddress originator;               ///< TP-OA
    SmsTimeStamp timeStamp;              ///< TP-SCTS
    SmsUserData userData;                ///< TP-PID, TP-DCS, TP-UDL, TP-UD
};

/**
 * @param length TP-UDL.
 * @param codingScheme TP-DCS.
 * @return the octets of TP-UD.
 */
std::size_t GetUserDataOctets(uint8_t length, uint8_t codingScheme);

/**
 * @param submit the message.
 * @param[out] tpdu its octets, appended.
 * @return BAD_ADDRESS, USER_DATA_TOO_LONG, or NONE.
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

/**
 * @param validityPeriod TP-VP in relative format.
 * @return the seconds that it stands for (TS 23.040 9.2.3.12.1).
 */
int64_t GetRelativeValiditySeconds(uint8_t validityPeriod);

/**
 * @param seconds a time in UTC, s since 1970-01-01 00:00.
 * @return the time stamp, in GMT.
 */
SmsTimeStamp MakeSmsTimeStamp(int64_t seconds);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TPDU_H
