// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/multislot-class.h"

#include <array>
#include <charconv>

namespace ns3
{
namespace p2pim
{

namespace
{

// TS 45.002 table B.1: Rx, Tx, Sum of the classes 1 to 12
constexpr std::array<MultislotClass, 12> CLASSES{{{1, 1, 2},
                                                  {2, 1, 3},
                                                  {2, 2, 3},
                                                  {3, 1, 4},
                                                  {2, 2, 4},
                                                  {3, 2, 4},
                                                  {3, 3, 4},
                                                  {4, 1, 5},
                                                  {3, 2, 5},
                                                  {4, 2, 5},
                                                  {4, 3, 5},
                                                  {4, 4, 5}}};

/// Reads a number of the text's beginning and what ends it; @return 0 if there is none.
std::size_t
ReadNumber(const char*& place, const char* end, char terminator)
{
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(place, end, number);
    const bool complete = rest == end ? terminator == '\0' : *rest == terminator;
    if (error != std::errc() || !complete)
    {
        return 0;
    }
    place = rest == end ? end : rest + 1;
    return number;
}

} // namespace

std::optional<MultislotClass>
ParseMultislotClass(const std::string& text)
{
    const char* place = text.data();
    const char* end = place + text.size();
    const bool limited = text.find(':') != std::string::npos;
    const std::size_t number = ReadNumber(place, end, limited ? ':' : '\0');
    if (number < 1 || number > CLASSES.size())
    {
        return std::nullopt;
    }
    MultislotClass slots = CLASSES[number - 1];
    if (limited)
    {
        const std::size_t down = ReadNumber(place, end, '+');
        const std::size_t up = ReadNumber(place, end, '\0');
        if (down < 1 || up < 1 || down > slots.downlink || up > slots.uplink ||
            down + up > slots.sum)
        {
            return std::nullopt;
        }
        slots.downlink = static_cast<uint8_t>(down);
        slots.uplink = static_cast<uint8_t>(up);
    }
    return slots;
}

} // namespace p2pim
} // namespace ns3
