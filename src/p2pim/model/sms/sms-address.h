// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_ADDRESS_H
#define P2PIM_SMS_ADDRESS_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// An address of the SMS layers: type of number, numbering plan and semi-octets
/// (TS 23.040 9.1.2.5).
struct SmsAddress
{
    /// Type octet of an international E.164 number.
    static constexpr uint8_t INTERNATIONAL = 0x91;
    /// Most semi-octets of an address in a TPDU.
    static constexpr std::size_t MAX_DIGITS = 20;

    uint8_t type = INTERNATIONAL; ///< type of address: bit 8 set, type of number, numbering plan
    std::string digits; ///< 0-9, *, #, a, b, c; of an alphanumeric address its text, UTF-8

    /// Type octet of an alphanumeric address.
    static constexpr uint8_t ALPHANUMERIC = 0xD0;

    /// @return whether it is text and not digits.
    bool IsAlphanumeric() const
    {
        return (type & 0x70) == (ALPHANUMERIC & 0x70);
    }

    /// @return whether both are the same address.
    bool operator==(const SmsAddress& other) const
    {
        return type == other.type && digits == other.digits;
    }
};

/**
 * Appends semi-octets, low nibble first, with 0xF as filler (TS 23.040 9.1.2.3).
 *
 * @param digits 0-9, *, #, a, b, c.
 * @param[in,out] octets where to append.
 * @return false if a character is no digit; then @p octets is unchanged.
 */
bool AppendSemiOctets(const std::string& digits, std::vector<uint8_t>& octets);

/**
 * Reads semi-octets.
 *
 * @param octets the octets.
 * @param count how many semi-octets there are.
 * @return the digits, or nothing if one of them is the filler 0xF.
 */
std::optional<std::string> ReadSemiOctets(const uint8_t* octets, std::size_t count);

/**
 * @param digits decimal digits.
 * @return the number they form, or nothing if there are none, more than 18, or others.
 */
std::optional<uint64_t> ParseDigits(const std::string& digits);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_ADDRESS_H
