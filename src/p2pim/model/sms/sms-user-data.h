// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_USER_DATA_H
#define P2PIM_SMS_USER_DATA_H

#include "ns3/sms-codec-error.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Most octets of TP-User-Data, the header included (TS 23.040 9.2.3.24).
constexpr std::size_t SMS_MAX_USER_DATA = 140;
/// Octets of a user data header with the element of 16-bit ports alone (TS 23.040 9.2.3.24.4).
constexpr std::size_t SMS_PORT_HEADER = 7;

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

/**
 * @param length TP-UDL.
 * @param codingScheme TP-DCS.
 * @return the octets of TP-UD.
 */
std::size_t GetUserDataOctets(uint8_t length, uint8_t codingScheme);

/// 16-bit application ports, information element 05 (TS 23.040 9.2.3.24.4).
struct SmsPorts
{
    uint16_t destination = 0; ///< where it goes
    uint16_t originator = 0;  ///< where answers go
};

/// Concatenation, information elements 00 and 08 (TS 23.040 9.2.3.24.1, 9.2.3.24.8).
struct SmsConcatenation
{
    uint16_t reference = 0; ///< the same in all segments of a message
    uint8_t total = 1;      ///< how many segments there are, 1 and up
    uint8_t number = 1;     ///< which this is, from 1
    bool wide = false;      ///< whether the reference has 16 bits
};

/// What a user data header says, and where the data behind it starts.
struct SmsUserDataHeader
{
    std::optional<SmsPorts> ports;                 ///< the last element 04 or 05, if there is one
    std::optional<SmsConcatenation> concatenation; ///< the last element 00 or 08, likewise
    std::size_t size = 0; ///< octets of the header, its length octet included
};

/**
 * Writes a user data header.
 *
 * @param header what it says: its ports as element 05.
 * @param[out] userData TP-UD: the header with its length octet, empty if it says nothing.
 */
void EncodeUserDataHeader(const SmsUserDataHeader& header, std::vector<uint8_t>& userData);

/**
 * Puts a header with 16-bit ports before 8-bit data.
 *
 * @param ports the ports.
 * @param data at most 133 octets.
 * @param[out] userData TP-UD.
 * @return USER_DATA_TOO_LONG, or NONE.
 */
SmsCodecError EncodePortUserData(const SmsPorts& ports,
                                 const std::vector<uint8_t>& data,
                                 std::vector<uint8_t>& userData);

/**
 * Reads the header of TP-UD. Unknown elements are skipped, of repeated ones the last counts, and
 * a concatenation that makes no sense is ignored (TS 23.040 9.2.3.24, 9.2.3.24.1).
 *
 * @param userData TP-UD of a TPDU whose TP-UDHI is set.
 * @param[out] header what it says.
 * @return BAD_USER_DATA_HEADER, or NONE.
 */
SmsCodecError DecodeUserDataHeader(const std::vector<uint8_t>& userData, SmsUserDataHeader& header);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_USER_DATA_H
