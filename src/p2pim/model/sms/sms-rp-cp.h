// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_RP_CP_H
#define P2PIM_SMS_RP_CP_H

#include "ns3/sms-address.h"
#include "ns3/sms-codec-error.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The messages of the CP and RP layers between phone and MSC (TS 24.011 7, 8). A message is built
 * in one buffer: its CP header, its RP header and the TPDU.
 */

/// Protocol discriminator of SMS (TS 24.007 11.2.3.1.1).
constexpr uint8_t PD_SMS = 0x09;
/// Most octets of CP-User-Data (TS 24.011 8.1.4.1).
constexpr std::size_t CP_MAX_USER_DATA = 248;

/// Message types of the CP layer (TS 24.011 8.1.3).
enum class CpType : uint8_t
{
    DATA = 0x01,
    ACK = 0x04,
    ERROR = 0x10
};

/// CP causes (TS 24.011 8.1.4.2).
enum class CpCause : uint8_t
{
    NETWORK_FAILURE = 17,
    INVALID_TRANSACTION_IDENTIFIER = 81,
    INVALID_MANDATORY_INFORMATION = 96,
    MESSAGE_TYPE_NON_EXISTENT = 97,
    PROTOCOL_ERROR = 111
};

/// RP causes (TS 24.011 8.2.5.4).
enum class RpCause : uint8_t
{
    UNASSIGNED_NUMBER = 1,
    SHORT_MESSAGE_TRANSFER_REJECTED = 21,
    MEMORY_CAPACITY_EXCEEDED = 22,
    DESTINATION_OUT_OF_ORDER = 27,
    NETWORK_OUT_OF_ORDER = 38,
    TEMPORARY_FAILURE = 41,
    CONGESTION = 42,
    INVALID_MANDATORY_INFORMATION = 96,
    PROTOCOL_ERROR = 111
};

/// The kinds of RP message that are in use (TS 24.011 8.2.2).
enum class RpKind : uint8_t
{
    DATA,
    ACK,
    ERROR,
    SMMA ///< the phone has memory again; from the phone only
};

/// A CP message that was read.
struct CpMessage
{
    uint8_t transaction = 0;           ///< transaction identifier with its flag in bit 4
    CpType type = CpType::DATA;        ///< type
    uint8_t cause = 0;                 ///< of a CP-ERROR
    const uint8_t* userData = nullptr; ///< of a CP-DATA: the RP message, inside what was read
    std::size_t size = 0;              ///< its length in octets
};

/// An RP message that was read.
struct RpMessage
{
    RpKind kind = RpKind::DATA;        ///< kind
    bool fromNetwork = false;          ///< direction
    uint8_t reference = 0;             ///< RP-Message-Reference
    uint8_t cause = 0;                 ///< of an RP-ERROR
    SmsAddress serviceCentre;          ///< of an RP-DATA: the SMSC's address
    const uint8_t* userData = nullptr; ///< the TPDU, inside what was read; null if there is none
    std::size_t size = 0;              ///< its length in octets
};

/**
 * @param transaction transaction identifier with its flag in bit 4.
 * @param fromNetwork direction: false builds an RP-DATA to the network.
 * @param reference RP-Message-Reference.
 * @param serviceCentre the SMSC's address: RP-Destination or RP-Originator Address.
 * @param tpdu the TPDU.
 * @param[out] message the CP-DATA that carries the RP-DATA.
 * @return BAD_ADDRESS, USER_DATA_TOO_LONG, or NONE.
 */
SmsCodecError EncodeCpRpData(uint8_t transaction,
                             bool fromNetwork,
                             uint8_t reference,
                             const SmsAddress& serviceCentre,
                             const std::vector<uint8_t>& tpdu,
                             std::vector<uint8_t>& message);

/**
 * @param transaction transaction identifier with its flag in bit 4.
 * @param fromNetwork direction.
 * @param reference RP-Message-Reference.
 * @param tpdu the report in its RP-User-Data, at most 232 octets; empty for none.
 * @return the CP-DATA that carries the RP-ACK.
 */
std::vector<uint8_t> EncodeCpRpAck(uint8_t transaction,
                                   bool fromNetwork,
                                   uint8_t reference,
                                   const std::vector<uint8_t>& tpdu = {});

/**
 * @param transaction transaction identifier with its flag in bit 4.
 * @param fromNetwork direction.
 * @param reference RP-Message-Reference.
 * @param cause the RP cause, 1 to 127.
 * @param tpdu the report in its RP-User-Data, at most 232 octets; empty for none.
 * @return the CP-DATA that carries the RP-ERROR.
 */
std::vector<uint8_t> EncodeCpRpError(uint8_t transaction,
                                     bool fromNetwork,
                                     uint8_t reference,
                                     uint8_t cause,
                                     const std::vector<uint8_t>& tpdu = {});

/**
 * @param transaction transaction identifier with its flag in bit 4.
 * @param reference RP-Message-Reference.
 * @return the CP-DATA that carries the RP-SMMA.
 */
std::vector<uint8_t> EncodeCpRpSmma(uint8_t transaction, uint8_t reference);

/// @return whether a CP message is of a transaction that its receiver has opened.
bool IsOfReceiver(const uint8_t* octets, std::size_t size);

/// @return the CP-ACK of a @p transaction.
std::vector<uint8_t> EncodeCpAck(uint8_t transaction);
/// @return the CP-ERROR of a @p transaction with a @p cause.
std::vector<uint8_t> EncodeCpError(uint8_t transaction, CpCause cause);

/**
 * @param octets the octets; the message points into them.
 * @param size how many.
 * @param[out] message what they say.
 * @return what is wrong.
 */
SmsCodecError DecodeCp(const uint8_t* octets, std::size_t size, CpMessage& message);

/**
 * @param octets the octets; the message points into them.
 * @param size how many.
 * @param[out] message what they say.
 * @return what is wrong.
 */
SmsCodecError DecodeRp(const uint8_t* octets, std::size_t size, RpMessage& message);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_RP_CP_H
