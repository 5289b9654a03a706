// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/multislot-class.h"

#include "ns3/decimal-reader.h"

#include <array>

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

} // namespace

std::optional<MultislotClass>
ParseMultislotClass(const std::string& text)
{
    const char* place = text.data();
    const char* end = place + text.size();
    const bool limited = text.find(':') != std::string::npos;
    const auto number = ReadDecimal(place, end, CLASSES.size(), limited ? ':' : '\0');
    if (number.value_or(0) < 1)
    {
        return std::nullopt;
    }
    MultislotClass slots = CLASSES[*number - 1];
    if (limited)
    {
        const uint32_t down = ReadDecimal(place, end, slots.downlink, '+').value_or(0);
        const uint32_t up = ReadDecimal(place, end, slots.uplink, '\0').value_or(0);
        if (down < 1 || up < 1 || down + up > slots.sum)
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
