// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gtp-elements.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t IMSI_DIGITS = 15;
constexpr std::size_t IMSI_OCTETS = 8;
constexpr std::size_t MSISDN_OCTETS = 9; // with the one for the type of number (TS 29.002 17.7.8)
constexpr uint8_t E164 = 0x91;           // international number, numbering plan E.164
constexpr uint8_t PDP_SPARE = 0xF0;      // 7.7.27
constexpr uint8_t FIRST_NSAPI = 5;
constexpr uint8_t LAST_NSAPI = 15;

/// Decimal digits, two an octet, the first in the low half, filled with 0xF.
Octets
EncodeBcd(const std::string& digits, std::size_t octetCount)
{
    Octets octets(octetCount, 0xFF);
    for (std::size_t n = 0; n < digits.size() && n / 2 < octetCount; ++n)
    {
        const auto digit = static_cast<uint8_t>(digits[n] - '0');
        auto& octet = octets[n / 2];
        octet =
            static_cast<uint8_t>(n % 2 == 0 ? (octet & 0xF0) | digit : (octet & 0x0F) | digit << 4);
    }
    return octets;
}

std::string
DecodeBcd(const uint8_t* octets, std::size_t count)
{
    std::string digits;
    for (std::size_t n = 0; n < 2 * count; ++n)
    {
        const int half = n % 2 == 0 ? octets[n / 2] & 0x0F : octets[n / 2] >> 4;
        if (half <= 9)
        {
            digits.push_back(static_cast<char>('0' + half));
        }
    }
    return digits;
}

/**
 * @param type of an element below 128.
 * @return the octets of its value (table 37); 0 if it is not known.
 */
std::size_t
GetFixedLength(uint8_t type)
{
    // by type, from 0 on; 16 to 18 as of version 1
    constexpr uint8_t lengths[] = {0, 1, 8, 6, 4, 4, 3, 0, 1, 28, 0, 1, 3, 1, 1,
                                   1, 4, 4, 5, 1, 1, 1, 9, 1, 1,  2, 2, 2, 2, 1};
    if (type == static_cast<uint8_t>(GtpIe::CHARGING_ID))
    {
        return 4;
    }
    return type < std::size(lengths) ? lengths[type] : 0;
}

std::optional<uint32_t>
ToU32(const Octets& value)
{
    FieldReader in(value);
    const auto number = in.U32();
    return value.size() == 4 ? std::optional(number) : std::nullopt;
}

std::optional<GtpQos>
ToQos(const Octets& value)
{
    const auto profile = DecodeQos({value.begin() + (value.empty() ? 0 : 1), value.end()});
    return profile ? std::optional(GtpQos{value[0], *profile}) : std::nullopt;
}

std::optional<Ipv4Address>
ToAddress(const Octets& value)
{
    const auto number = ToU32(value);
    return number ? std::optional(Ipv4Address(*number)) : std::nullopt;
}

} // namespace

GtpElementWriter&
GtpElementWriter::U8(GtpIe type, uint8_t value)
{
    OctetWriter(m_octets).U8(static_cast<uint8_t>(type)).U8(value);
    return *this;
}

GtpElementWriter&
GtpElementWriter::U32(GtpIe type, uint32_t value)
{
    OctetWriter(m_octets).U8(static_cast<uint8_t>(type)).U32(value);
    return *this;
}

GtpElementWriter&
GtpElementWriter::Value(GtpIe type, const Octets& value)
{
    OctetWriter(m_octets)
        .U8(static_cast<uint8_t>(type))
        .U16(static_cast<uint16_t>(value.size()))
        .Raw(value);
    return *this;
}

GtpElementWriter&
GtpElementWriter::Cause(GtpCause cause)
{
    return U8(GtpIe::CAUSE, static_cast<uint8_t>(cause));
}

GtpElementWriter&
GtpElementWriter::Imsi(uint64_t imsi)
{
    const auto digits = std::to_string(imsi); // without the zeros in front
    const auto padding = IMSI_DIGITS - std::min(digits.size(), IMSI_DIGITS);
    OctetWriter(m_octets)
        .U8(static_cast<uint8_t>(GtpIe::IMSI))
        .Raw(EncodeBcd(std::string(padding, '0') + digits, IMSI_OCTETS));
    return *this;
}

GtpElementWriter&
GtpElementWriter::EndUser(const PdpAddress& endUser)
{
    auto value = EncodePdpAddress(endUser);
    value[0] |= PDP_SPARE;
    return Value(GtpIe::END_USER_ADDRESS, value);
}

GtpElementWriter&
GtpElementWriter::GsnAddress(Ipv4Address address)
{
    Octets value;
    OctetWriter(value).U32(address.Get());
    return Value(GtpIe::GSN_ADDRESS, value);
}

GtpElementWriter&
GtpElementWriter::Msisdn(const std::string& digits)
{
    Octets value{E164};
    OctetWriter(value).Raw(EncodeBcd(digits, (digits.size() + 1) / 2));
    return Value(GtpIe::MSISDN, value);
}

GtpElementWriter&
GtpElementWriter::Qos(const GtpQos& qos)
{
    Octets value{qos.allocationPriority};
    OctetWriter(value).Raw(EncodeQos(qos.profile));
    return Value(GtpIe::QOS, value);
}

GtpElementWriter&
GtpElementWriter::Recovery(std::optional<uint8_t> counter)
{
    return counter ? U8(GtpIe::RECOVERY, *counter) : *this;
}

const Octets&
GtpElementWriter::GetOctets() const
{
    return m_octets;
}

GtpElementReader::GtpElementReader(FieldReader& in)
{
    constexpr uint8_t firstVariable = 128;
    while (in.GetLeft() > 0)
    {
        const uint8_t type = in.U8();
        const std::size_t length = type >= firstVariable ? in.U16() : GetFixedLength(type);
        if (type < firstVariable && length == 0)
        {
            SetFault(GtpCause::INVALID_MESSAGE_FORMAT);
            return;
        }
        m_elements.emplace_back(type, in.Raw(length));
    }
    if (in.HasFailed())
    {
        SetFault(GtpCause::INVALID_MESSAGE_FORMAT);
    }
}

std::optional<GtpCause>
GtpElementReader::GetFault() const
{
    return m_fault;
}

void
GtpElementReader::SetFault(GtpCause fault)
{
    m_fault = m_fault.value_or(fault);
}

const Octets*
GtpElementReader::Find(GtpIe type) const
{
    const auto found = std::find_if(m_elements.begin(), m_elements.end(), [=](const auto& each) {
        return each.first == static_cast<uint8_t>(type);
    });
    return found != m_elements.end() ? &found->second : nullptr;
}

const Octets*
GtpElementReader::FindLast(GtpIe type) const
{
    const auto found = std::find_if(m_elements.rbegin(), m_elements.rend(), [=](const auto& each) {
        return each.first == static_cast<uint8_t>(type);
    });
    return found != m_elements.rend() ? &found->second : nullptr;
}

template <typename T>
T
GtpElementReader::Require(const std::optional<T>& value, GtpIe type)
{
    if (!value)
    {
        SetFault(Find(type) != nullptr ? GtpCause::MANDATORY_IE_INCORRECT
                                       : GtpCause::MANDATORY_IE_MISSING);
    }
    return value.value_or(T{});
}

uint8_t
GtpElementReader::U8(GtpIe type)
{
    return Require(FindU8(type), type);
}

uint32_t
GtpElementReader::U32(GtpIe type)
{
    return Require(FindU32(type), type);
}

GtpCause
GtpElementReader::Cause()
{
    return static_cast<GtpCause>(U8(GtpIe::CAUSE));
}

uint64_t
GtpElementReader::Imsi()
{
    std::optional<uint64_t> imsi;
    if (const auto* value = Find(GtpIe::IMSI))
    {
        const auto digits = DecodeBcd(value->data(), value->size());
        if (digits.size() == IMSI_DIGITS)
        {
            imsi = std::stoull(digits);
        }
    }
    return Require(imsi, GtpIe::IMSI);
}

uint8_t
GtpElementReader::Nsapi()
{
    const auto nsapi = FindU8(GtpIe::NSAPI);
    const bool isGood = nsapi && *nsapi >= FIRST_NSAPI && *nsapi <= LAST_NSAPI;
    return Require(isGood ? nsapi : std::nullopt, GtpIe::NSAPI);
}

PdpAddress
GtpElementReader::EndUser()
{
    const auto* value = Find(GtpIe::END_USER_ADDRESS);
    return Require(value != nullptr ? DecodePdpAddress(*value) : std::nullopt,
                   GtpIe::END_USER_ADDRESS);
}

std::string
GtpElementReader::Apn()
{
    const auto* value = Find(GtpIe::APN);
    if (value == nullptr)
    {
        SetFault(GtpCause::MISSING_OR_UNKNOWN_APN);
        return "";
    }
    return Require(DecodeApn(*value), GtpIe::APN);
}

Ipv4Address
GtpElementReader::GsnAddress()
{
    return Require(FindGsnAddress(), GtpIe::GSN_ADDRESS);
}

GtpQos
GtpElementReader::Qos()
{
    return Require(FindQos(), GtpIe::QOS);
}

std::optional<uint8_t>
GtpElementReader::FindU8(GtpIe type) const
{
    const auto* value = Find(type);
    return value != nullptr && value->size() == 1 ? std::optional(value->front()) : std::nullopt;
}

std::optional<uint32_t>
GtpElementReader::FindU32(GtpIe type) const
{
    const auto* value = Find(type);
    return value != nullptr ? ToU32(*value) : std::nullopt;
}

std::optional<Ipv4Address>
GtpElementReader::FindGsnAddress() const
{
    const auto* value = FindLast(GtpIe::GSN_ADDRESS);
    return value != nullptr ? ToAddress(*value) : std::nullopt;
}

std::optional<GtpQos>
GtpElementReader::FindQos() const
{
    const auto* value = Find(GtpIe::QOS);
    return value != nullptr ? ToQos(*value) : std::nullopt;
}

std::string
GtpElementReader::FindMsisdn() const
{
    const auto* value = Find(GtpIe::MSISDN);
    if (value == nullptr || value->empty() || value->size() > MSISDN_OCTETS)
    {
        return "";
    }
    return DecodeBcd(value->data() + 1, value->size() - 1);
}

} // namespace p2pim
} // namespace ns3
