// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_ALPHABET_H
#define P2PIM_SMS_ALPHABET_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The alphabets of short messages and the data coding scheme that names them (TS 23.038). Text is
 * UTF-8 on the outside.
 */

/// An alphabet (TS 23.038 4).
enum class SmsAlphabet : uint8_t
{
    GSM_7_BIT, ///< the default alphabet with its extension table
    DATA_8_BIT,
    UCS2 ///< UTF-16, big endian
};

/// What a TP-DCS says.
struct SmsDataCoding
{
    SmsAlphabet alphabet = SmsAlphabet::GSM_7_BIT; ///< alphabet
    bool compressed = false;                       ///< text is compressed (TS 23.042)
    std::optional<uint8_t> messageClass;           ///< 0 to 3, if there is one
};

/**
 * @param codingScheme TP-DCS; reserved values mean the default alphabet.
 * @return what it says.
 */
SmsDataCoding DecodeDataCoding(uint8_t codingScheme);

/**
 * @param alphabet the alphabet.
 * @param messageClass 0 to 3, or nothing.
 * @return the TP-DCS of the general group.
 */
uint8_t EncodeDataCoding(SmsAlphabet alphabet, std::optional<uint8_t> messageClass = {});

/// @return whether TP-UDL counts septets under a TP-DCS (TS 23.040 9.2.3.16).
bool IsSeptetCoded(uint8_t codingScheme);

/**
 * @param text UTF-8.
 * @return its septets, one an octet, two for a character of the extension table; nothing if a
 * character is in neither table or the text is no UTF-8.
 */
std::optional<std::vector<uint8_t>> EncodeGsm7(const std::string& text);

/**
 * @param septets septets, one an octet.
 * @return the text; an escape before what is in no table is a space (TS 23.038 6.2.1.1).
 */
std::string DecodeGsm7(const std::vector<uint8_t>& septets);

/**
 * Packs septets into octets, low bits first (TS 23.038 6.1.2.1).
 *
 * @param septets septets, one an octet.
 * @param fillBits bits left free at the start, 0 to 6.
 * @param[in,out] octets where to append.
 */
void PackSeptets(const std::vector<uint8_t>& septets,
                 std::size_t fillBits,
                 std::vector<uint8_t>& octets);

/**
 * @param octets packed septets.
 * @param size how many octets.
 * @param fillBits bits that are free at the start, 0 to 6.
 * @param count how many septets are wanted.
 * @return the septets, one an octet; fewer if the octets end before.
 */
std::vector<uint8_t> UnpackSeptets(const uint8_t* octets,
                                   std::size_t size,
                                   std::size_t fillBits,
                                   std::size_t count);

/**
 * @param text UTF-8.
 * @return its UTF-16, big endian; nothing if the text is no UTF-8.
 */
std::optional<std::vector<uint8_t>> EncodeUcs2(const std::string& text);

/**
 * @param octets UTF-16, big endian.
 * @param size how many octets; an odd last one is ignored.
 * @return UTF-8; a lone surrogate is U+FFFD.
 */
std::string DecodeUcs2(const uint8_t* octets, std::size_t size);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_ALPHABET_H
