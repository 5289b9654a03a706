// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/mm-messages.h"

#include "ns3/octet-reader.h"
#include "ns3/rr-messages.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t SEND_SEQUENCE_MASK = 0x3F;
constexpr uint8_t NO_KEY = 0x70;      // CKSN in the high nibble
constexpr uint8_t CLASSMARK_1 = 0x33; // phase 2, A5/1, class 4 (TS 24.008 10.5.1.5)
constexpr std::size_t LOCATION_AREA_OCTETS = 5;
constexpr std::size_t HEADER = 2;

/// One round of a 64-bit mixing function.
uint64_t
Mix(uint64_t value)
{
    value ^= value >> 31;
    value *= 0x9E3779B97F4A7C15;
    value ^= value >> 29;
    value *= 0xBF58476D1CE4E5B9;
    return value ^ value >> 32;
}

bool
IsMessage(const uint8_t* message, std::size_t size, MmType type)
{
    return GetMmType(message, size) == type;
}

/// Appends a location area identification (TS 24.008 10.5.1.3) of the network of @p imsi.
void
AppendLocationArea(uint64_t imsi, uint16_t code, std::vector<uint8_t>& message)
{
    constexpr uint64_t behindMcc = 1'000'000'000'000;
    constexpr uint64_t behindMnc = 10'000'000'000;
    const auto mcc = static_cast<uint32_t>(imsi / behindMcc % 1000);
    const auto mnc = static_cast<uint32_t>(imsi / behindMnc % 100);
    constexpr uint32_t twoDigitMnc = 0xF0;
    message.push_back(static_cast<uint8_t>(mcc / 10 % 10 << 4 | mcc / 100));
    message.push_back(static_cast<uint8_t>(twoDigitMnc | mcc % 10));
    message.push_back(static_cast<uint8_t>(mnc % 10 << 4 | mnc / 10));
    message.push_back(static_cast<uint8_t>(code >> 8));
    message.push_back(static_cast<uint8_t>(code));
}

std::optional<InitialMessage::Kind>
GetInitialKind(const uint8_t* message, std::size_t size)
{
    using Kind = InitialMessage::Kind;
    if (GetRrType(message, size) == RrType::PAGING_RESPONSE)
    {
        return Kind::PAGING_RESPONSE;
    }
    const auto type = GetMmType(message, size);
    if (type == MmType::LOCATION_UPDATING_REQUEST)
    {
        return Kind::LOCATION_UPDATING;
    }
    if (type == MmType::IMSI_DETACH_INDICATION)
    {
        return Kind::IMSI_DETACH;
    }
    if (type != MmType::CM_SERVICE_REQUEST || size <= HEADER)
    {
        return std::nullopt;
    }
    switch (static_cast<CmServiceType>(message[HEADER] & 0x0F))
    {
    case CmServiceType::SHORT_MESSAGE_SERVICE:
        return Kind::SHORT_MESSAGE_SERVICE;
    case CmServiceType::MOBILE_ORIGINATING_CALL:
        return Kind::CALL;
    default:
        return std::nullopt;
    }
}

} // namespace

std::vector<uint8_t>
EncodeLocationUpdatingRequest(uint64_t imsi, LocationUpdatingType type, uint16_t locationAreaCode)
{
    std::vector<uint8_t> message;
    message.reserve(L2_BLOCK_OCTETS);
    message = {PD_MM,
               static_cast<uint8_t>(MmType::LOCATION_UPDATING_REQUEST),
               static_cast<uint8_t>(NO_KEY | static_cast<uint8_t>(type))};
    AppendLocationArea(imsi, locationAreaCode, message);
    message.push_back(CLASSMARK_1);
    AppendImsiIdentity(imsi, message);
    return message;
}

std::vector<uint8_t>
EncodeLocationUpdatingAccept(uint64_t imsi, uint16_t locationAreaCode)
{
    std::vector<uint8_t> message{PD_MM, static_cast<uint8_t>(MmType::LOCATION_UPDATING_ACCEPT)};
    AppendLocationArea(imsi, locationAreaCode, message);
    return message;
}

std::vector<uint8_t>
EncodeLocationUpdatingReject(uint8_t cause)
{
    return {PD_MM, static_cast<uint8_t>(MmType::LOCATION_UPDATING_REJECT), cause};
}

std::vector<uint8_t>
EncodeImsiDetachIndication(uint64_t imsi)
{
    std::vector<uint8_t> message{PD_MM,
                                 static_cast<uint8_t>(MmType::IMSI_DETACH_INDICATION),
                                 CLASSMARK_1};
    AppendImsiIdentity(imsi, message);
    return message;
}

std::vector<uint8_t>
EncodeCmServiceRequest(uint64_t imsi, CmServiceType service)
{
    std::vector<uint8_t> message;
    message.reserve(L2_BLOCK_OCTETS);
    message = {PD_MM,
               static_cast<uint8_t>(MmType::CM_SERVICE_REQUEST),
               static_cast<uint8_t>(NO_KEY | static_cast<uint8_t>(service))};
    AppendClassmark2(message);
    AppendImsiIdentity(imsi, message);
    return message;
}

std::vector<uint8_t>
EncodeCmServiceAccept()
{
    return {PD_MM, static_cast<uint8_t>(MmType::CM_SERVICE_ACCEPT)};
}

std::vector<uint8_t>
EncodeCmServiceReject(uint8_t cause)
{
    return {PD_MM, static_cast<uint8_t>(MmType::CM_SERVICE_REJECT), cause};
}

std::vector<uint8_t>
EncodeAuthenticationRequest(const Rand& rand)
{
    std::vector<uint8_t> message(HEADER + 1 + rand.size());
    message[0] = PD_MM;
    message[1] = static_cast<uint8_t>(MmType::AUTHENTICATION_REQUEST);
    std::copy(rand.begin(), rand.end(), message.begin() + HEADER + 1);
    return message;
}

std::vector<uint8_t>
EncodeAuthenticationResponse(const Sres& sres)
{
    std::vector<uint8_t> message(HEADER + sres.size());
    message[0] = PD_MM;
    message[1] = static_cast<uint8_t>(MmType::AUTHENTICATION_RESPONSE);
    std::copy(sres.begin(), sres.end(), message.begin() + HEADER);
    return message;
}

std::vector<uint8_t>
EncodeAuthenticationReject()
{
    return {PD_MM, static_cast<uint8_t>(MmType::AUTHENTICATION_REJECT)};
}

std::optional<Rand>
DecodeAuthenticationRequest(const uint8_t* message, std::size_t size)
{
    Rand rand;
    if (!IsMessage(message, size, MmType::AUTHENTICATION_REQUEST) ||
        size < HEADER + 1 + rand.size())
    {
        return std::nullopt;
    }
    std::copy_n(message + HEADER + 1, rand.size(), rand.begin());
    return rand;
}

std::optional<Sres>
DecodeAuthenticationResponse(const uint8_t* message, std::size_t size)
{
    Sres sres;
    if (!IsMessage(message, size, MmType::AUTHENTICATION_RESPONSE) || size < HEADER + sres.size())
    {
        return std::nullopt;
    }
    std::copy_n(message + HEADER, sres.size(), sres.begin());
    return sres;
}

std::optional<MmType>
GetMmType(const uint8_t* message, std::size_t size)
{
    if (size < HEADER || (message[0] & 0x0F) != PD_MM)
    {
        return std::nullopt;
    }
    return static_cast<MmType>(message[1] & SEND_SEQUENCE_MASK);
}

std::optional<InitialMessage>
DecodeInitialMessage(const uint8_t* message, std::size_t size)
{
    const auto kind = GetInitialKind(message, size);
    if (!kind)
    {
        return std::nullopt;
    }
    OctetReader reader(message, size);
    reader.Read(HEADER);
    switch (*kind)
    {
    case InitialMessage::Kind::LOCATION_UPDATING:
        reader.Read(1 + LOCATION_AREA_OCTETS + 1);
        break;
    case InitialMessage::Kind::IMSI_DETACH:
        reader.Read();
        break;
    default:
        reader.Read();
        reader.Read(reader.Read()); // classmark 2
        break;
    }
    const std::size_t length = reader.Read();
    const uint8_t* identity = reader.Read(length);
    const auto imsi = identity ? ReadImsiIdentity(identity, length) : std::nullopt;
    if (!imsi)
    {
        return std::nullopt;
    }
    return InitialMessage{*kind, *imsi};
}

Sres
ComputeSres(uint64_t imsi, const Rand& rand)
{
    uint64_t state = Mix(imsi);
    for (std::size_t i = 0; i < rand.size(); i += 8)
    {
        uint64_t word = 0;
        for (std::size_t j = 0; j < 8; ++j)
        {
            word = word << 8 | rand[i + j];
        }
        state = Mix(state ^ word);
    }
    return {static_cast<uint8_t>(state >> 24),
            static_cast<uint8_t>(state >> 16),
            static_cast<uint8_t>(state >> 8),
            static_cast<uint8_t>(state)};
}

} // namespace p2pim
} // namespace ns3
