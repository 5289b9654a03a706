// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/invitation.h"

#include <algorithm>
#include <array>
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
/// Parameters of candidates, in the order of Candidate::Kind; srflx and relay as in RFC 8839 5.1.
constexpr std::array<std::string_view, 3> g_kinds{"pcp=", "srflx=", "relay="};
constexpr std::string_view g_answerParameter = "answer";
constexpr std::string_view g_natParameter = "nat=";
constexpr std::string_view g_stepParameter = "step=";
/// In the order of StunBehaviour.
constexpr std::array<std::string_view, 5> g_mappings{"unknown", "none", "eim", "adm", "apdm"};

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

void
AppendAddress(std::string& text, Ipv4Address address)
{
    for (const int shift : {24, 16, 8, 0})
    {
        text.append(std::to_string(address.Get() >> shift & 0xFF)).append(shift > 0 ? "." : "");
    }
}

/// Reads what is behind the "=" of a candidate's parameter: address_port.
std::optional<Candidate>
ReadCandidate(Candidate::Kind kind, std::string_view value)
{
    const auto address = TakeAddress(value);
    const auto port = address && Take(value, "_") ? TakeNumber(value, UINT16_MAX) : std::nullopt;
    if (!port || *port == 0 || !value.empty())
    {
        return std::nullopt;
    }
    return Candidate{kind, *address, static_cast<uint16_t>(*port)};
}

/// Reads what is behind the "=" of the ports' sequence: step_last.
std::optional<PortSequence>
ReadSequence(std::string_view value)
{
    const auto step = TakeNumber(value, PortSequence::MAX_ADVANCE);
    const auto last = step && Take(value, "_") ? TakeNumber(value, UINT16_MAX) : std::nullopt;
    if (!last || *step == 0 || *last == 0 || !value.empty())
    {
        return std::nullopt;
    }
    return PortSequence{static_cast<uint16_t>(*last), static_cast<uint16_t>(*step)};
}

/**
 * Reads one parameter; one that is not known is let be (RFC 4975 9: extension parameters).
 *
 * @param parameter name=value.
 * @param[out] invitation what it is a part of.
 * @return whether it is none of ours, or right.
 */
bool
ReadParameter(std::string_view parameter, Invitation& invitation)
{
    if (parameter == g_answerParameter)
    {
        invitation.isAnswer = true;
        return true;
    }
    if (Take(parameter, g_natParameter))
    {
        const auto* const found = std::find(g_mappings.begin(), g_mappings.end(), parameter);
        invitation.mapping = static_cast<StunBehaviour>(found - g_mappings.begin());
        return found != g_mappings.end();
    }
    if (Take(parameter, g_stepParameter))
    {
        invitation.sequence = ReadSequence(parameter);
        return invitation.sequence.has_value();
    }
    for (std::size_t kind = 0; kind < g_kinds.size(); ++kind)
    {
        if (Take(parameter, g_kinds[kind]))
        {
            const auto candidate = ReadCandidate(static_cast<Candidate::Kind>(kind), parameter);
            if (candidate)
            {
                invitation.candidates.push_back(*candidate);
            }
            return candidate && invitation.candidates.size() <= Invitation::MAX_CANDIDATES;
        }
    }
    return true;
}

} // namespace

std::string
ToMsrpUri(const Invitation& end)
{
    std::string uri(g_scheme);
    AppendAddress(uri, end.address);
    return uri.append(":")
        .append(std::to_string(end.port))
        .append("/")
        .append(end.sessionId)
        .append(g_transport);
}

std::string_view
GetMsrpSessionId(std::string_view uri)
{
    if (!Take(uri, g_scheme) || uri.find('/') == std::string_view::npos)
    {
        return {};
    }
    uri.remove_prefix(uri.find('/') + 1);
    return uri.substr(0, uri.find(';'));
}

std::vector<uint8_t>
EncodeInvitation(const Invitation& invitation)
{
    auto uri = ToMsrpUri(invitation);
    if (invitation.isAnswer)
    {
        uri.append(";").append(g_answerParameter);
    }
    for (const auto& candidate : invitation.candidates)
    {
        uri.append(";").append(g_kinds.at(static_cast<std::size_t>(candidate.kind)));
        AppendAddress(uri, candidate.address);
        uri.append("_").append(std::to_string(candidate.port));
    }
    if (invitation.mapping != StunBehaviour::UNKNOWN)
    {
        uri.append(";").append(g_natParameter);
        uri.append(g_mappings.at(static_cast<std::size_t>(invitation.mapping)));
    }
    if (invitation.sequence)
    {
        uri.append(";").append(g_stepParameter).append(std::to_string(invitation.sequence->step));
        uri.append("_").append(std::to_string(invitation.sequence->last));
    }
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
    if (!idIsGood || !Take(text, g_transport))
    {
        return std::nullopt;
    }
    Invitation invitation{*address, static_cast<uint16_t>(*port), std::string(sessionId)};
    while (Take(text, ";"))
    {
        const auto parameter = text.substr(0, text.find(';'));
        text.remove_prefix(parameter.size());
        if (!ReadParameter(parameter, invitation))
        {
            return std::nullopt;
        }
    }
    return text.empty() ? std::optional<Invitation>(invitation) : std::nullopt;
}

} // namespace p2pim
} // namespace ns3
