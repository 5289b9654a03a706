// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gmm-sm-message.h"

#include <type_traits>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return the message, if there is one, as an alternative of either protocol.
template <typename Message>
std::optional<GmmSmMessage>
Widen(const std::optional<Message>& message)
{
    return message ? std::optional(ToGmmSm(*message)) : std::nullopt;
}

uint8_t
GetDiscriminator(const Octets& octets)
{
    return octets.empty() ? 0 : octets[0] & 0x0F;
}

} // namespace

GmmSmMessage
ToGmmSm(const GmmMessage& message)
{
    return std::visit([](const auto& each) { return GmmSmMessage(each); }, message);
}

GmmSmMessage
ToGmmSm(const SmMessage& message)
{
    return std::visit([](const auto& each) { return GmmSmMessage(each); }, message);
}

Octets
EncodeGmmSm(const GmmSmMessage& message)
{
    return std::visit(
        [](const auto& each) {
            if constexpr (std::is_constructible_v<GmmMessage, decltype(each)>)
            {
                return EncodeGmm(each);
            }
            else
            {
                return EncodeSm(each);
            }
        },
        message);
}

std::optional<GmmSmMessage>
DecodeGmmSm(const Octets& octets, GmmSmDirection direction)
{
    switch (GetDiscriminator(octets))
    {
    case PD_GMM:
        return Widen(DecodeGmm(octets, direction));
    case PD_SM:
        return Widen(DecodeSm(octets, direction));
    default:
        return std::nullopt;
    }
}

std::optional<GmmSmCause>
FindGmmSmFault(const Octets& octets, GmmSmDirection direction)
{
    const uint8_t discriminator = GetDiscriminator(octets);
    const bool isGmm = discriminator == PD_GMM;
    if (octets.size() < 2 || (!isGmm && discriminator != PD_SM) ||
        octets[1] == (isGmm ? GMM_STATUS_TYPE : SM_STATUS_TYPE) || DecodeGmmSm(octets, direction))
    {
        return std::nullopt;
    }
    if (!isGmm && (octets[0] >> 4 & 7) == EXTENDED_TRANSACTION)
    {
        return GmmSmCause::INVALID_TRANSACTION_IDENTIFIER;
    }
    const bool isKnown = isGmm ? IsGmmType(octets[1], direction) : IsSmType(octets[1], direction);
    return isKnown ? GmmSmCause::INVALID_MANDATORY_INFORMATION
                   : GmmSmCause::MESSAGE_TYPE_NON_EXISTENT;
}

} // namespace p2pim
} // namespace ns3
