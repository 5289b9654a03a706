// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/invitation.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::string_view g_scheme = "msrp://";
constexpr std::string_view g_transport = ";tcp";
constexpr std::size_t MAX_SESSION_ID = 32;

/// Takes a decimal number of at most @p max off the front of @p text.
std::optional<uint32_t>
TakeNumber(std::string_view& text, uint32_t max)
{
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value > max)
    {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// Takes @p expected off the front of @p text.
bool
Take(std::string_view& text, std::string_view expected)
{
    if (text.substr(0, expected.size()) != expected)
    {
        return false;
    }
    text.remove_prefix(expected.size());
    return true;
}

std::optional<Ipv4Address>
TakeAddress(std::string_view& text)
{
    uint32_t address = 0;
    for (int n = 0; n < 4; ++n)
    {
        const auto octet = n == 0 || Take(text, ".") ? TakeNumber(text, 255) : std::nullopt;
        if (!octet)
        {
            return std::nullopt;
        }
        address = address << 8 | *octet;
    }
    return Ipv4Address(address);
}

} // namespace

std::string
ToMsrpUri(const Invitation& end)
{
    const uint32_t address = end.address.Get();
    std::string uri(g_scheme);
    for (const int shift : {24, 16, 8, 0})
    {
        uri.append(std::to_string(address >> shift & 0xFF)).append(shift > 0 ? "." : ":");
    }
    return uri.append(std::to_string(end.port))
        .append("/")
        .append(end.sessionId)
        .append(g_transport);
}

std::vector<uint8_t>
EncodeInvitation(const Invitation& invitation)
{
    const auto uri = ToMsrpUri(invitation);
    return {uri.begin(), uri.end()};
}

std::optional<Invitation>
DecodeInvitation(const std::vector<uint8_t>& octets)
{
    const std::string uri(octets.begin(), octets.end());
    std::string_view text(uri);
    if (!Take(text, g_scheme))
    {
        return std::nullopt;
    }
    const auto address = TakeAddress(text);
    const auto port = address && Take(text, ":") ? TakeNumber(text, UINT16_MAX) : std::nullopt;
    if (!port || *port == 0 || !Take(text, "/"))
    {
        return std::nullopt;
    }
    const auto sessionId = text.substr(0, text.find(';'));
    text.remove_prefix(sessionId.size());
    const bool idIsGood = !sessionId.empty() && sessionId.size() <= MAX_SESSION_ID &&
                          std::all_of(sessionId.begin(), sessionId.end(), [](unsigned char c) {
                              return std::isalnum(c) != 0;
                          });
    if (!idIsGood || text != g_transport)
    {
        return std::nullopt;
    }
    return Invitation{*address, static_cast<uint16_t>(*port), std::string(sessionId)};
}

} // namespace p2pim
} // namespace ns3
