// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GMM_SM_DECODER_H
#define P2PIM_GMM_SM_DECODER_H

#include "ns3/gmm-sm-elements.h"
#include "ns3/octets.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

namespace ns3
{
namespace p2pim
{

/// A type of message, who sends it, and what reads it. @tparam Message a variant.
template <typename Message>
struct GmmSmDecoder
{
    uint8_t type;
    std::optional<GmmSmDirection> direction; ///< none: both
    std::optional<Message> (*decode)(FieldReader& in);
};

/// @return the decoder of a type of message; null if it is not known in that direction.
template <typename Table>
auto
FindDecoder(const Table& table, uint8_t type, GmmSmDirection direction)
{
    const auto found = std::find_if(std::begin(table), std::end(table), [=](const auto& each) {
        return each.type == type && each.direction.value_or(direction) == direction;
    });
    return found != std::end(table) ? &*found : nullptr;
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GMM_SM_DECODER_H
