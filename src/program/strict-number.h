// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STRICT_NUMBER_H
#define P2PIM_STRICT_NUMBER_H

#include <cstdint>
#include <optional>
#include <string_view>

/**
 * @file
 * Numbers read from the whole of a text. Boost and the standard streams take "-1" for an unsigned
 * number, "12abc" for 12, and "nan" and "inf" for numbers; these functions do not.
 */

namespace p2pim::program
{

/// @param text decimal digits only. @return the number; none if it is anything else or too large.
std::optional<uint64_t> ReadUnsigned(std::string_view text);

/// @param text decimal digits, perhaps after "-". @return the number; none as for ReadUnsigned().
std::optional<int64_t> ReadInteger(std::string_view text);

/// @param text a decimal number, perhaps with an exponent. @return it; none if it is not finite.
std::optional<double> ReadDecimal(std::string_view text);

/// A number and the unit right behind it.
struct Quantity
{
    double number = 0;     ///< finite
    std::string_view unit; ///< what follows the number; empty if nothing does
};

/// @param text such as "1.5s". @return its parts; none if it does not begin with a finite number.
std::optional<Quantity> ReadQuantity(std::string_view text);

} // namespace p2pim::program

#endif // P2PIM_STRICT_NUMBER_H
