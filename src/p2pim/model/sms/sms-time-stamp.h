// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TIME_STAMP_H
#define P2PIM_SMS_TIME_STAMP_H

#include "ns3/octet-reader.h"
#include "ns3/sms-codec-error.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// A time stamp of the TPDUs (TS 23.040 9.2.3.11).
struct SmsTimeStamp
{
    uint8_t year = 0;        ///< 0-99; 2000 to 2089, else 1990 to 1999
    uint8_t month = 1;       ///< 1-12
    uint8_t day = 1;         ///< 1-31
    uint8_t hour = 0;        ///< 0-23
    uint8_t minute = 0;      ///< 0-59
    uint8_t second = 0;      ///< 0-59
    int8_t quarterHours = 0; ///< local time minus GMT, -79 to 79 quarters of an hour
};

/**
 * @param seconds a time in UTC, s since 1970-01-01 00:00, 1990 to 2089.
 * @return the time stamp, in GMT.
 */
SmsTimeStamp MakeSmsTimeStamp(int64_t seconds);

/// @return the time in UTC, s since 1970-01-01 00:00, that a valid @p stamp stands for.
int64_t GetSeconds(const SmsTimeStamp& stamp);

/// @return BAD_TIME_STAMP, or NONE. @param[in,out] tpdu where to append @p stamp.
SmsCodecError AppendTimeStamp(const SmsTimeStamp& stamp, std::vector<uint8_t>& tpdu);

/// @return BAD_TIME_STAMP, TRUNCATED, or NONE. @param[out] stamp what is next in @p reader.
SmsCodecError ReadTimeStamp(OctetReader& reader, SmsTimeStamp& stamp);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TIME_STAMP_H
