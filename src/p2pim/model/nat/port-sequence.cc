// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/port-sequence.h"

#include <numeric>

namespace ns3
{
namespace p2pim
{

std::vector<uint16_t>
PortSequence::Predict(uint32_t first, uint32_t count) const
{
    std::vector<uint16_t> ports;
    for (uint32_t n = first; n < first + count; ++n)
    {
        const uint64_t port = last + uint64_t{n} * step;
        if (port > UINT16_MAX)
        {
            break;
        }
        ports.push_back(static_cast<uint16_t>(port));
    }
    return ports;
}

uint32_t
PortSequence::CountTo(uint16_t port) const
{
    return static_cast<uint16_t>(port - last) / step;
}

std::optional<PortSequence>
FindPortSequence(const std::vector<uint16_t>& ports)
{
    constexpr std::size_t least = 3; // two differences
    uint16_t step = 0;
    for (std::size_t n = 1; n < ports.size(); ++n)
    {
        const auto advance = static_cast<uint16_t>(ports[n] - ports[n - 1]);
        if (advance == 0 || advance > PortSequence::MAX_ADVANCE)
        {
            return std::nullopt;
        }
        step = std::gcd(step, advance);
    }
    return ports.size() < least ? std::nullopt
                                : std::make_optional(PortSequence{ports.back(), step});
}

} // namespace p2pim
} // namespace ns3
