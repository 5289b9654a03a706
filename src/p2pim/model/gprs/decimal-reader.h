// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_DECIMAL_READER_H
#define P2PIM_DECIMAL_READER_H

#include <charconv>
#include <cstdint>
#include <optional>

namespace ns3
{
namespace p2pim
{

/**
 * Reads a decimal number and what has to follow it.
 *
 * @param[in,out] place where it begins; behind what follows it, if it was read.
 * @param end of the text.
 * @param limit the largest number.
 * @param terminator what has to follow; 0 for the end of the text.
 * @return the number; nothing if there is none, or another character follows.
 */
inline std::optional<uint32_t>
ReadDecimal(const char*& place, const char* end, uint32_t limit, char terminator)
{
    uint32_t number = 0;
    const auto [rest, error] = std::from_chars(place, end, number);
    const bool ended = rest == end ? terminator == '\0' : *rest == terminator;
    if (error != std::errc() || number > limit || !ended)
    {
        return std::nullopt;
    }
    place = rest == end ? end : rest + 1;
    return number;
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_DECIMAL_READER_H
