// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-server-core.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint16_t CHANGE_REQUEST = 0x0003;

StunMessage
RefuseAttributes(const StunMessage& request, const std::vector<uint16_t>& types)
{
    StunMessage answer = MakeStunError(request, StunStatus::UNKNOWN_ATTRIBUTE);
    answer.unknownAttributes = types;
    return answer;
}

} // namespace

StunMessage
AnswerBinding(const StunMessage& request, const InetSocketAddress& from)
{
    if (!request.notUnderstood.empty())
    {
        return RefuseAttributes(request, request.notUnderstood);
    }
    StunMessage answer = MakeStunResponse(request, StunClass::SUCCESS);
    answer.xorMappedAddress = from;
    return answer;
}

void
StunServerCore::SetSettings(const Settings& settings)
{
    m_settings = settings;
}

InetSocketAddress
StunServerCore::GetDoor(uint32_t door) const
{
    return {(door & OTHER_ADDRESS) != 0 ? m_settings.otherAddress : m_settings.address,
            (door & OTHER_PORT) != 0 ? m_settings.otherPort : m_settings.port};
}

bool
StunServerCore::HasOtherAddress() const
{
    return !m_settings.otherAddress.IsAny();
}

const StunServerCore::Counters&
StunServerCore::GetCounters() const
{
    return m_counters;
}

std::optional<StunServerCore::Answer>
StunServerCore::Receive(const Octets& octets,
                        const InetSocketAddress& from,
                        uint32_t door,
                        bool overTcp)
{
    StunMessage request;
    const StunError error = DecodeStun(octets, request);
    m_counters.malformed += error != StunError::NONE ? 1 : 0;
    const bool isReadable = error == StunError::NONE || error == StunError::BAD_ATTRIBUTE;
    if (!isReadable || request.method != StunMethod::BINDING ||
        request.messageClass != StunClass::REQUEST)
    {
        m_counters.ignored += isReadable ? 1 : 0;
        return std::nullopt;
    }
    Answer answer{{}, door};
    const StunMessage message = error == StunError::NONE
                                    ? MakeAnswer(request, from, answer.door, overTcp)
                                    : MakeStunError(request, StunStatus::BAD_REQUEST);
    ++(message.messageClass == StunClass::SUCCESS ? m_counters.bindings : m_counters.refused);
    answer.octets = EncodeStun(message);
    return answer;
}

StunMessage
StunServerCore::MakeAnswer(const StunMessage& request,
                           const InetSocketAddress& from,
                           uint32_t& door,
                           bool overTcp) const
{
    const uint32_t change = request.changeRequest.value_or(0);
    if (request.changeRequest && (overTcp || !HasOtherAddress()))
    {
        return RefuseAttributes(request, {CHANGE_REQUEST});
    }
    StunMessage answer = AnswerBinding(request, from);
    if (answer.messageClass == StunClass::SUCCESS && HasOtherAddress())
    {
        // RFC 5780 7.4: the address and port that are not those that the request came to
        answer.otherAddress = GetDoor(door ^ (OTHER_ADDRESS | OTHER_PORT));
        door ^= ((change & STUN_CHANGE_ADDRESS) != 0 ? OTHER_ADDRESS : 0) |
                ((change & STUN_CHANGE_PORT) != 0 ? OTHER_PORT : 0);
        answer.responseOrigin = GetDoor(door);
    }
    return answer;
}

} // namespace p2pim
} // namespace ns3
