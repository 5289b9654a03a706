// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-address.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr char SEMI_OCTETS[] = "0123456789*#abc";
constexpr uint8_t FILLER = 0xF;

/// @return the nibble of a digit, or FILLER if it is none.
uint8_t
GetNibble(char digit)
{
    if (digit >= '0' && digit <= '9')
    {
        return static_cast<uint8_t>(digit - '0');
    }
    for (uint8_t nibble = 10; nibble < FILLER; ++nibble)
    {
        if (SEMI_OCTETS[nibble] == digit)
        {
            return nibble;
        }
    }
    return FILLER;
}

} // namespace

bool
AppendSemiOctets(const std::string& digits, std::vector<uint8_t>& octets)
{
    const std::size_t before = octets.size();
    for (std::size_t i = 0; i < digits.size(); ++i)
    {
        const uint8_t nibble = GetNibble(digits[i]);
        if (nibble == FILLER)
        {
            octets.resize(before);
            return false;
        }
        if (i % 2 == 0)
        {
            octets.push_back(static_cast<uint8_t>(FILLER << 4 | nibble));
        }
        else
        {
            octets.back() = static_cast<uint8_t>((octets.back() & 0x0F) | nibble << 4);
        }
    }
    return true;
}

std::optional<std::string>
ReadSemiOctets(const uint8_t* octets, std::size_t count)
{
    std::string digits;
    for (std::size_t i = 0; i < count; ++i)
    {
        const uint8_t nibble = i % 2 == 0 ? octets[i / 2] & 0x0F : octets[i / 2] >> 4;
        if (nibble == FILLER)
        {
            return std::nullopt;
        }
        digits.push_back(SEMI_OCTETS[nibble]);
    }
    return digits;
}

std::optional<uint64_t>
ParseDigits(const std::string& digits)
{
    constexpr std::size_t maxDigits = 18;
    if (digits.empty() || digits.size() > maxDigits)
    {
        return std::nullopt;
    }
    uint64_t value = 0;
    for (const char digit : digits)
    {
        if (digit < '0' || digit > '9')
        {
            return std::nullopt;
        }
        value = value * 10 + static_cast<uint64_t>(digit - '0');
    }
    return value;
}

} // namespace p2pim
} // namespace ns3
