// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_TPDU_FIELDS_H
#define P2PIM_SMS_TPDU_FIELDS_H

#include "ns3/octet-reader.h"
#include "ns3/sms-address.h"
#include "ns3/sms-codec-error.h"
#include "ns3/sms-user-data.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Fields that several TPDUs have in common (TS 23.040 9.1.2.5, 9.2.3), and the bits of their first
 * octet.
 */

constexpr uint8_t TP_MTI_MASK = 0x03; ///< TP-Message-Type-Indicator
constexpr uint8_t TP_UDHI = 0x40;     ///< TP-User-Data-Header-Indicator
constexpr uint8_t TP_MMS = 0x04;      ///< TP-More-Messages-to-Send; set: no more
constexpr uint8_t TP_RD = 0x04;       ///< TP-Reject-Duplicates
constexpr uint8_t TP_LP = 0x08;       ///< TP-Loop-Prevention
constexpr uint8_t TP_SRR = 0x20;      ///< TP-Status-Report-Request, -Indication, -Qualifier
constexpr uint8_t TP_RP = 0x80;       ///< TP-Reply-Path

/// @return BAD_ADDRESS, or NONE. @param[in,out] tpdu where to append @p address.
SmsCodecError AppendAddress(const SmsAddress& address, std::vector<uint8_t>& tpdu);
/// @return BAD_ADDRESS, TRUNCATED, or NONE. @param[out] address what is next in @p reader.
SmsCodecError ReadAddress(OctetReader& reader, SmsAddress& address);
/// @return USER_DATA_TOO_LONG, or NONE. @param[in,out] tpdu where to append TP-UDL and TP-UD.
SmsCodecError AppendUserData(const SmsUserData& userData, std::vector<uint8_t>& tpdu);
/**
 * @param reader where TP-UDL is next, and nothing is behind TP-UD.
 * @param firstOctet the TPDU's.
 * @param[in,out] userData TP-DCS is read, TP-UDL and TP-UD are set.
 * @return USER_DATA_TOO_LONG, TRUNCATED, TRAILING_OCTETS, or NONE.
 */
SmsCodecError ReadUserData(OctetReader& reader, uint8_t firstOctet, SmsUserData& userData);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_TPDU_FIELDS_H
