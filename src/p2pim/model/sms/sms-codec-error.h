// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_CODEC_ERROR_H
#define P2PIM_SMS_CODEC_ERROR_H

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// What is wrong with a message of the SMS layers.
enum class SmsCodecError : uint8_t
{
    NONE,                ///< nothing
    TRUNCATED,           ///< it ends too early
    TRAILING_OCTETS,     ///< it is longer than its lengths say
    WRONG_MESSAGE_TYPE,  ///< it is another message
    BAD_ADDRESS,         ///< too many digits, or a semi-octet that is none
    BAD_TIME_STAMP,      ///< a date or time that does not exist
    BAD_VALIDITY_PERIOD, ///< a period that does not exist, or is reserved
    USER_DATA_TOO_LONG,  ///< over 140 octets
    UNENCODABLE_TEXT,    ///< no UTF-8, or a character that the alphabet does not have
    TOO_MANY_SEGMENTS,   ///< over 255
    BAD_USER_DATA_HEADER ///< its lengths do not fit
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_CODEC_ERROR_H
