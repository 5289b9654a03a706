// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_REPORT_TPDU_H
#define P2PIM_SMS_REPORT_TPDU_H

#include "ns3/sms-address.h"
#include "ns3/sms-codec-error.h"
#include "ns3/sms-time-stamp.h"
#include "ns3/sms-user-data.h"

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
 * The TPDUs of the SM-TL that carry no message of a user: reports, status reports and commands
 * (TS 23.040 9.2.2.1a, 9.2.2.2a, 9.2.2.3, 9.2.2.4).
 */

/// TP-FCS values that are in use (TS 23.040 9.2.3.22).
enum class SmsFailureCause : uint8_t
{
    SC_BUSY = 0xC0,
    NO_SC_SUBSCRIPTION = 0xC1,
    SC_SYSTEM_FAILURE = 0xC2,
    DESTINATION_SME_BARRED = 0xC4,
    DUPLICATE_REJECTED = 0xC5,
    SIM_STORAGE_FULL = 0xD0,
    NO_SIM_STORAGE = 0xD1,
    ERROR_IN_MS = 0xD2,
    MEMORY_CAPACITY_EXCEEDED = 0xD3,
    UNSPECIFIED = 0xFF
};

/// TP-ST values that are in use (TS 23.040 9.2.3.15).
enum class SmsStatus : uint8_t
{
    RECEIVED = 0x00,               ///< received by the SME
    FORWARDED = 0x01,              ///< forwarded, the SC cannot confirm delivery
    REPLACED = 0x02,               ///< replaced by the SC
    TRYING_CONGESTION = 0x20,      ///< temporary error, the SC still tries
    TRYING_SME_BUSY = 0x21,        ///< likewise
    TRYING_NO_RESPONSE = 0x22,     ///< likewise
    TRYING_ERROR_IN_SME = 0x25,    ///< likewise
    REMOTE_PROCEDURE_ERROR = 0x40, ///< permanent error
    INCOMPATIBLE_DESTINATION = 0x41,
    NOT_OBTAINABLE = 0x43,
    VALIDITY_EXPIRED = 0x46,
    DELETED_BY_SME = 0x47, ///< by the originating SME
    DELETED_BY_SC = 0x48,
    DOES_NOT_EXIST = 0x49,      ///< the SC knows no such message
    GAVE_UP_CONGESTION = 0x60,  ///< temporary error, the SC does not try again
    GAVE_UP_NO_RESPONSE = 0x62, ///< likewise
    GAVE_UP_ERROR_IN_SME = 0x65 ///< likewise
};

/// TP-CT values (TS 23.040 9.2.3.19).
enum class SmsCommandType : uint8_t
{
    ENQUIRY = 0x00,              ///< about a message: a status report is wanted
    CANCEL_STATUS_REPORT = 0x01, ///< cancel the status report request
    DELETE = 0x02,               ///< delete the message
    ENABLE_STATUS_REPORT = 0x03  ///< enable the status report request
};

/// TP-PI with what it announces, as the reports have it: each part may be absent.
struct SmsOptionalParts
{
    std::optional<uint8_t> protocolId;   ///< TP-PID
    std::optional<uint8_t> codingScheme; ///< TP-DCS
    std::optional<SmsUserData> userData; ///< TP-UDL, TP-UD; its TP-DCS is codingScheme, else 0
};

/// SMS-SUBMIT-REPORT, SMSC to phone, in an RP-ACK or RP-ERROR (TS 23.040 9.2.2.2a).
struct SmsSubmitReport
{
    std::optional<uint8_t> failureCause; ///< TP-FCS; present in an RP-ERROR, absent in an RP-ACK
    SmsTimeStamp timeStamp;              ///< TP-SCTS
    SmsOptionalParts parts;              ///< TP-PI and what it announces
};

/// SMS-DELIVER-REPORT, phone to SMSC, in an RP-ACK or RP-ERROR (TS 23.040 9.2.2.1a).
struct SmsDeliverReport
{
    std::optional<uint8_t> failureCause; ///< TP-FCS; present in an RP-ERROR, absent in an RP-ACK
    SmsOptionalParts parts;              ///< TP-PI and what it announces
};

/// SMS-STATUS-REPORT, SMSC to phone (TS 23.040 9.2.2.3).
struct SmsStatusReport
{
    bool moreMessagesToSend = false; ///< TP-MMS, inverted: 0 in the octet means more
    bool loopPrevention = false;     ///< TP-LP
    bool resultOfCommand = false;    ///< TP-SRQ: it answers an SMS-COMMAND
    uint8_t messageReference = 0;    ///< TP-MR of the message that it is about
    SmsAddress recipient;            ///< TP-RA
    SmsTimeStamp timeStamp;          ///< TP-SCTS of that message
    SmsTimeStamp dischargeTime;      ///< TP-DT
    uint8_t status = 0;              ///< TP-ST, an SmsStatus if it is known
    SmsOptionalParts parts;          ///< TP-PI and what it announces
};

/// SMS-COMMAND, phone to SMSC (TS 23.040 9.2.2.4).
struct SmsCommand
{
    bool statusReportRequest = false; ///< TP-SRR
    uint8_t messageReference = 0;     ///< TP-MR of the command
    uint8_t protocolId = 0;           ///< TP-PID
    uint8_t type = 0;                 ///< TP-CT, an SmsCommandType if it is known
    uint8_t messageNumber = 0;        ///< TP-MN: TP-MR of the message that it is about
    SmsAddress destination;           ///< TP-DA
    bool hasHeader = false;           ///< TP-UDHI
    std::vector<uint8_t> commandData; ///< TP-CD, at most 156 octets
};

/// The kinds of TPDU (TS 23.040 9.2.3.1); which it is depends on the direction.
enum class SmsTpduType : uint8_t
{
    DELIVER,
    DELIVER_REPORT,
    SUBMIT,
    SUBMIT_REPORT,
    STATUS_REPORT,
    COMMAND
};

/**
 * @param firstOctet a TPDU's first octet.
 * @param fromNetwork its direction.
 * @return what it is; nothing for the reserved value.
 */
std::optional<SmsTpduType> GetSmsTpduType(uint8_t firstOctet, bool fromNetwork);

/// Each appends a TPDU. @return BAD_ADDRESS, BAD_TIME_STAMP, USER_DATA_TOO_LONG, or NONE.
SmsCodecError EncodeSubmitReport(const SmsSubmitReport& report, std::vector<uint8_t>& tpdu);
/// @copydoc EncodeSubmitReport
SmsCodecError EncodeDeliverReport(const SmsDeliverReport& report, std::vector<uint8_t>& tpdu);
/// @copydoc EncodeSubmitReport
SmsCodecError EncodeStatusReport(const SmsStatusReport& report, std::vector<uint8_t>& tpdu);
/// @copydoc EncodeSubmitReport
SmsCodecError EncodeCommand(const SmsCommand& command, std::vector<uint8_t>& tpdu);

/**
 * @param tpdu the octets.
 * @param size how many.
 * @param error whether they come in an RP-ERROR: then there is a TP-FCS.
 * @param[out] report the message; unspecified on an error.
 * @return what is wrong with it.
 */
SmsCodecError DecodeSubmitReport(const uint8_t* tpdu,
                                 std::size_t size,
                                 bool error,
                                 SmsSubmitReport& report);
/// @copydoc DecodeSubmitReport
SmsCodecError DecodeDeliverReport(const uint8_t* tpdu,
                                  std::size_t size,
                                  bool error,
                                  SmsDeliverReport& report);
/**
 * @param tpdu the octets.
 * @param size how many.
 * @param[out] report the message; unspecified on an error.
 * @return what is wrong with it.
 */
SmsCodecError DecodeStatusReport(const uint8_t* tpdu, std::size_t size, SmsStatusReport& report);
/**
 * @param tpdu the octets.
 * @param size how many.
 * @param[out] command the message; unspecified on an error.
 * @return what is wrong with it.
 */
SmsCodecError DecodeCommand(const uint8_t* tpdu, std::size_t size, SmsCommand& command);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_REPORT_TPDU_H
