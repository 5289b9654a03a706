// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-message.h"

#include "ns3/stun-integrity.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Types of attributes that are not in a table below.
enum AttributeType : uint16_t
{
    MESSAGE_INTEGRITY = 0x0008,
    ERROR_CODE = 0x0009,
    UNKNOWN_ATTRIBUTES = 0x000A,
    XOR_PEER_ADDRESS = 0x0012,
    EVEN_PORT = 0x0018,
    DONT_FRAGMENT = 0x001A,
    RESERVATION_TOKEN = 0x0022,
    FINGERPRINT = 0x8028,
};

constexpr uint16_t COMPREHENSION_OPTIONAL = 0x8000;
constexpr std::size_t ATTRIBUTE_HEADER_SIZE = 4;
constexpr std::size_t FINGERPRINT_SIZE = ATTRIBUTE_HEADER_SIZE + 4;
constexpr std::size_t INTEGRITY_SIZE = ATTRIBUTE_HEADER_SIZE + HMAC_SHA1_SIZE;
constexpr uint32_t FINGERPRINT_MASK = 0x5354554E;
constexpr std::size_t MAX_TEXT_SIZE = 763;

/// An attribute that is a field of StunMessage.
template <typename Value>
struct Attribute
{
    uint16_t type;
    std::optional<Value> StunMessage::*field;
    bool isXored = false; ///< an address that is hidden from NATs
};

constexpr Attribute<std::string> TEXTS[] = {
    {0x8022, &StunMessage::software},
    {0x0006, &StunMessage::username},
    {0x0015, &StunMessage::nonce},
    {0x0014, &StunMessage::realm},
};

constexpr Attribute<InetSocketAddress> ADDRESSES[] = {
    {0x0001, &StunMessage::mappedAddress},
    {0x0020, &StunMessage::xorMappedAddress, true},
    {0x0016, &StunMessage::xorRelayedAddress, true},
    {0x802B, &StunMessage::responseOrigin},
    {0x802C, &StunMessage::otherAddress},
};

constexpr Attribute<uint32_t> NUMBERS[] = {
    {0x000D, &StunMessage::lifetime},
    {0x002A, &StunMessage::connectionId},
    {0x0003, &StunMessage::changeRequest},
};

/// One octet, and three that are reserved.
constexpr Attribute<uint8_t> CHOICES[] = {
    {0x0019, &StunMessage::requestedTransport},
    {0x0017, &StunMessage::requestedAddressFamily},
};

template <typename Value, std::size_t N>
const Attribute<Value>*
Find(const Attribute<Value> (&table)[N], uint16_t type)
{
    const auto* found =
        std::find_if(std::begin(table), std::end(table), [type](const Attribute<Value>& each) {
            return each.type == type;
        });
    return found != std::end(table) ? found : nullptr;
}

constexpr std::size_t
GetPadded(std::size_t size)
{
    return (size + 3) / 4 * 4;
}

/// The class stands between the bits of the method (RFC 8489 5, figure 3).
uint16_t
JoinType(StunMethod method, StunClass messageClass)
{
    const auto m = static_cast<uint32_t>(method);
    const auto c = static_cast<uint32_t>(messageClass);
    return static_cast<uint16_t>((m & 0x00F) | (c & 1) << 4 | (m & 0x070) << 1 | (c & 2) << 7 |
                                 (m & 0xF80) << 2);
}

void
SplitType(uint16_t type, StunMessage& message)
{
    message.method =
        static_cast<StunMethod>((type & 0x000F) | (type >> 1 & 0x0070) | (type >> 2 & 0x0F80));
    message.messageClass = static_cast<StunClass>((type >> 4 & 1) | (type >> 7 & 2));
}

// --- Writing -------------------------------------------------------------------------------------

/// Writes the length that the header tells.
void
SetLength(Octets& octets, std::size_t length)
{
    octets[2] = static_cast<uint8_t>(length >> 8);
    octets[3] = static_cast<uint8_t>(length);
}

void
Append(Octets& octets, uint16_t type, const Octets& value)
{
    OctetWriter(octets).U16(type).U16(static_cast<uint16_t>(value.size())).Raw(value);
    octets.resize(GetPadded(octets.size()));
}

void
AppendAddress(Octets& octets, uint16_t type, const InetSocketAddress& address, bool isXored)
{
    const uint32_t mask = isXored ? STUN_MAGIC_COOKIE : 0;
    Octets value;
    OctetWriter(value)
        .U8(0)
        .U8(STUN_FAMILY_IPV4)
        .U16(static_cast<uint16_t>(address.GetPort() ^ mask >> 16))
        .U32(address.GetIpv4().Get() ^ mask);
    Append(octets, type, value);
}

void
AppendErrorCode(Octets& octets, const StunMessage& message)
{
    const auto code = static_cast<uint32_t>(*message.errorCode);
    const auto reason = message.reason.substr(0, MAX_TEXT_SIZE);
    Octets value;
    OctetWriter(value)
        .U16(0)
        .U8(static_cast<uint8_t>(code / 100))
        .U8(static_cast<uint8_t>(code % 100))
        .Raw({reason.begin(), reason.end()});
    Append(octets, ERROR_CODE, value);
}

void
AppendNumbers(Octets& octets, const StunMessage& message)
{
    for (const auto& each : NUMBERS)
    {
        if (const auto& field = message.*each.field)
        {
            Octets value;
            OctetWriter(value).U32(*field);
            Append(octets, each.type, value);
        }
    }
    for (const auto& each : CHOICES)
    {
        if (const auto& field = message.*each.field)
        {
            Append(octets, each.type, {*field, 0, 0, 0});
        }
    }
}

void
AppendTexts(Octets& octets, const StunMessage& message)
{
    for (const auto& each : TEXTS)
    {
        if (const auto& field = message.*each.field)
        {
            const auto text = field->substr(0, MAX_TEXT_SIZE);
            Append(octets, each.type, {text.begin(), text.end()});
        }
    }
}

void
AppendAddresses(Octets& octets, const StunMessage& message)
{
    for (const auto& each : ADDRESSES)
    {
        if (const auto& field = message.*each.field)
        {
            AppendAddress(octets, each.type, *field, each.isXored);
        }
    }
    for (const InetSocketAddress& peer : message.xorPeerAddresses)
    {
        AppendAddress(octets, XOR_PEER_ADDRESS, peer, true);
    }
}

/// @return the HMAC-SHA1 of a message up to @p size, with the length up to its MESSAGE-INTEGRITY.
Octets
ComputeIntegrity(Octets octets, std::size_t size, const Octets& key)
{
    octets.resize(size);
    SetLength(octets, size + INTEGRITY_SIZE - STUN_HEADER_SIZE);
    return ComputeHmacSha1(key, octets);
}

/// @return the value of FINGERPRINT for a message up to it.
uint32_t
ComputeFingerprint(Octets octets, std::size_t size)
{
    octets.resize(size);
    SetLength(octets, size + FINGERPRINT_SIZE - STUN_HEADER_SIZE);
    return ComputeCrc32(octets) ^ FINGERPRINT_MASK;
}

// --- Reading -------------------------------------------------------------------------------------

/// @return whether @p value is an address; @p result stays if it is not of IPv4.
bool
ReadAddress(const Octets& value,
            bool isXored,
            StunMessage& message,
            std::optional<InetSocketAddress>& result)
{
    constexpr std::size_t ipv4 = 8;
    constexpr std::size_t ipv6 = 20;
    const uint32_t mask = isXored ? STUN_MAGIC_COOKIE : 0;
    FieldReader in(value);
    in.U8();
    const auto family = in.U8();
    if (value.size() == ipv6 && family == STUN_FAMILY_IPV4 + 1)
    {
        message.hasOtherFamily = true;
        return true;
    }
    const auto port = static_cast<uint16_t>(in.U16() ^ mask >> 16);
    const Ipv4Address address(in.U32() ^ mask);
    if (value.size() != ipv4 || family != STUN_FAMILY_IPV4)
    {
        return false;
    }
    result = InetSocketAddress(address, port);
    return true;
}

bool
ReadErrorCode(const Octets& value, StunMessage& message)
{
    FieldReader in(value);
    in.U16();
    const uint32_t hundreds = in.U8() & 0x07;
    const uint32_t rest = in.U8();
    if (in.HasFailed() || hundreds < 3 || hundreds > 6 || rest > 99)
    {
        return false;
    }
    message.errorCode = static_cast<StunStatus>(100 * hundreds + rest);
    const auto reason = in.Raw(in.GetLeft());
    message.reason.assign(reason.begin(), reason.end());
    return reason.size() <= MAX_TEXT_SIZE;
}

bool
ReadUnknownAttributes(const Octets& value, StunMessage& message)
{
    for (FieldReader in(value); in.GetLeft() > 1;)
    {
        message.unknownAttributes.push_back(in.U16());
    }
    return value.size() % 2 == 0;
}

/// Keeps the first value of a field.
template <typename Value>
void
Keep(std::optional<Value>& field, Value value)
{
    if (!field)
    {
        field = std::move(value);
    }
}

/// Reads an attribute that is not in a table.
bool
ReadOther(uint16_t type, const Octets& value, StunMessage& message)
{
    switch (type)
    {
    case ERROR_CODE:
        return message.errorCode || ReadErrorCode(value, message);
    case UNKNOWN_ATTRIBUTES:
        return !message.unknownAttributes.empty() || ReadUnknownAttributes(value, message);
    case XOR_PEER_ADDRESS:
    {
        std::optional<InetSocketAddress> peer;
        const bool isAddress = ReadAddress(value, true, message, peer);
        if (peer)
        {
            message.xorPeerAddresses.push_back(*peer);
        }
        return isAddress;
    }
    case EVEN_PORT:
    case DONT_FRAGMENT:
    case RESERVATION_TOKEN:
        message.hasUdpOption = true;
        return true;
    default:
        if (type < COMPREHENSION_OPTIONAL)
        {
            message.notUnderstood.push_back(type);
        }
        return true;
    }
}

/// @return whether an attribute is as its type has it.
bool
ReadAttribute(uint16_t type, const Octets& value, StunMessage& message)
{
    if (const auto* text = Find(TEXTS, type))
    {
        Keep(message.*text->field, std::string(value.begin(), value.end()));
        return value.size() <= MAX_TEXT_SIZE;
    }
    if (const auto* address = Find(ADDRESSES, type))
    {
        std::optional<InetSocketAddress> result;
        const bool isAddress = ReadAddress(value, address->isXored, message, result);
        if (result)
        {
            Keep(message.*address->field, *result);
        }
        return isAddress;
    }
    FieldReader in(value);
    if (const auto* number = Find(NUMBERS, type))
    {
        Keep(message.*number->field, in.U32());
        return value.size() == 4;
    }
    if (const auto* choice = Find(CHOICES, type))
    {
        Keep(message.*choice->field, in.U8());
        return value.size() == 4;
    }
    return ReadOther(type, value, message);
}

StunError
ReadAttributes(const Octets& octets, FieldReader& in, StunMessage& message)
{
    while (in.GetLeft() > 0)
    {
        const std::size_t begin = octets.size() - in.GetLeft();
        const auto type = in.U16();
        const auto length = in.U16();
        const Octets value = in.Raw(length);
        in.Raw(GetPadded(length) - length);
        if (in.HasFailed())
        {
            return StunError::BAD_ATTRIBUTE;
        }
        if (type == FINGERPRINT)
        {
            message.fingerprint = in.GetLeft() == 0 && length == 4 &&
                                  FieldReader(value).U32() == ComputeFingerprint(octets, begin);
            return message.fingerprint ? StunError::NONE : StunError::BAD_FINGERPRINT;
        }
        if (message.integrityAt != 0)
        {
            continue;
        }
        if (type == MESSAGE_INTEGRITY && length == HMAC_SHA1_SIZE)
        {
            message.integrityAt = begin;
        }
        else if (type == MESSAGE_INTEGRITY || !ReadAttribute(type, value, message))
        {
            return StunError::BAD_ATTRIBUTE;
        }
    }
    return StunError::NONE;
}

} // namespace

// --- Messages ------------------------------------------------------------------------------------

const char*
GetReason(StunStatus status)
{
    static constexpr std::pair<StunStatus, const char*> reasons[] = {
        {StunStatus::BAD_REQUEST, "Bad Request"},
        {StunStatus::UNAUTHENTICATED, "Unauthenticated"},
        {StunStatus::FORBIDDEN, "Forbidden"},
        {StunStatus::UNKNOWN_ATTRIBUTE, "Unknown Attribute"},
        {StunStatus::ALLOCATION_MISMATCH, "Allocation Mismatch"},
        {StunStatus::STALE_NONCE, "Stale Nonce"},
        {StunStatus::ADDRESS_FAMILY_NOT_SUPPORTED, "Address Family not Supported"},
        {StunStatus::WRONG_CREDENTIALS, "Wrong Credentials"},
        {StunStatus::UNSUPPORTED_TRANSPORT_PROTOCOL, "Unsupported Transport Protocol"},
        {StunStatus::PEER_ADDRESS_FAMILY_MISMATCH, "Peer Address Family Mismatch"},
        {StunStatus::CONNECTION_ALREADY_EXISTS, "Connection Already Exists"},
        {StunStatus::CONNECTION_TIMEOUT_OR_FAILURE, "Connection Timeout or Failure"},
        {StunStatus::ALLOCATION_QUOTA_REACHED, "Allocation Quota Reached"},
        {StunStatus::INSUFFICIENT_CAPACITY, "Insufficient Capacity"},
    };
    const auto* found = std::find_if(std::begin(reasons),
                                     std::end(reasons),
                                     [status](const auto& each) { return each.first == status; });
    return found != std::end(reasons) ? found->second : "";
}

Octets
EncodeStun(const StunMessage& message, const Octets& key)
{
    Octets octets;
    OctetWriter out(octets);
    out.U16(JoinType(message.method, message.messageClass)).U16(0).U32(STUN_MAGIC_COOKIE);
    out.Raw({message.transactionId.begin(), message.transactionId.end()});
    AppendNumbers(octets, message);
    AppendTexts(octets, message);
    AppendAddresses(octets, message);
    if (message.errorCode)
    {
        AppendErrorCode(octets, message);
    }
    if (!message.unknownAttributes.empty())
    {
        Octets value;
        for (const uint16_t type : message.unknownAttributes)
        {
            OctetWriter(value).U16(type);
        }
        Append(octets, UNKNOWN_ATTRIBUTES, value);
    }
    if (!key.empty())
    {
        Append(octets, MESSAGE_INTEGRITY, ComputeIntegrity(octets, octets.size(), key));
    }
    if (message.fingerprint)
    {
        Octets value;
        OctetWriter(value).U32(ComputeFingerprint(octets, octets.size()));
        Append(octets, FINGERPRINT, value);
    }
    SetLength(octets, octets.size() - STUN_HEADER_SIZE);
    return octets;
}

StunError
DecodeStun(const Octets& octets, StunMessage& message)
{
    message = StunMessage();
    FieldReader in(octets);
    const auto type = in.U16();
    const auto length = in.U16();
    const auto cookie = in.U32();
    const auto id = in.Raw(message.transactionId.size());
    if (in.HasFailed())
    {
        return StunError::TRUNCATED;
    }
    if (type >> 14 != 0 || cookie != STUN_MAGIC_COOKIE)
    {
        return StunError::NOT_STUN;
    }
    if (in.GetLeft() < length)
    {
        return StunError::TRUNCATED;
    }
    if (in.GetLeft() > length || length % 4 != 0)
    {
        return StunError::BAD_LENGTH;
    }
    SplitType(type, message);
    std::copy(id.begin(), id.end(), message.transactionId.begin());
    return ReadAttributes(octets, in, message);
}

bool
HasStunIntegrity(const Octets& octets, const StunMessage& message, const Octets& key)
{
    const std::size_t at = message.integrityAt;
    if (at == 0)
    {
        return false;
    }
    const auto sum = octets.begin() + static_cast<std::ptrdiff_t>(at + ATTRIBUTE_HEADER_SIZE);
    return Octets(sum, sum + HMAC_SHA1_SIZE) == ComputeIntegrity(octets, at, key);
}

StunMessage
MakeStunResponse(const StunMessage& request, StunClass messageClass)
{
    StunMessage response;
    response.method = request.method;
    response.messageClass = messageClass;
    response.transactionId = request.transactionId;
    response.fingerprint = request.fingerprint;
    return response;
}

StunMessage
MakeStunError(const StunMessage& request, StunStatus status)
{
    StunMessage response = MakeStunResponse(request, StunClass::ERROR);
    response.errorCode = status;
    response.reason = GetReason(status);
    return response;
}

} // namespace p2pim
} // namespace ns3
