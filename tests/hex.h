// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_HEX_H
#define P2PIM_TESTS_HEX_H

#include <cstdint>
#include <string>
#include <vector>

namespace p2pim::test
{

/// @return the octets of pairs of hexadecimal digits; blanks between pairs are skipped.
inline std::vector<uint8_t>
FromHex(const std::string& hex)
{
    std::vector<uint8_t> octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += hex[i] == ' ' ? 1 : 2)
    {
        if (hex[i] != ' ')
        {
            octets.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
        }
    }
    return octets;
}

/// @return two digits for each octet, in lower case.
inline std::string
ToHex(const std::vector<uint8_t>& octets)
{
    std::string hex;
    for (const uint8_t octet : octets)
    {
        hex += "0123456789abcdef"[octet >> 4];
        hex += "0123456789abcdef"[octet & 0x0F];
    }
    return hex;
}

} // namespace p2pim::test

#endif // P2PIM_TESTS_HEX_H
