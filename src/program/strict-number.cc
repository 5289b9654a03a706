// SPDX-License-Identifier: GPL-2.0-only
#include "strict-number.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace p2pim::program
{

namespace
{

/// Reads the whole of @p text, or nothing.
template <typename T>
std::optional<T>
ReadWhole(std::string_view text)
{
    T number{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end)
    {
        return std::nullopt;
    }
    return number;
}

} // namespace

std::optional<uint64_t>
ReadUnsigned(std::string_view text)
{
    return ReadWhole<uint64_t>(text);
}

std::optional<int64_t>
ReadInteger(std::string_view text)
{
    return ReadWhole<int64_t>(text);
}

std::optional<double>
ReadDecimal(std::string_view text)
{
    const auto number = ReadWhole<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<Quantity>
ReadQuantity(std::string_view text)
{
    Quantity quantity;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, quantity.number);
    if (error != std::errc() || !std::isfinite(quantity.number))
    {
        return std::nullopt;
    }
    quantity.unit = text.substr(static_cast<size_t>(stop - text.data()));
    return quantity;
}

} // namespace p2pim::program
