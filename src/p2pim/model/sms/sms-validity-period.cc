// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-validity-period.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t ENHANCED_OCTETS = 7;
constexpr uint8_t EXTENSION = 0x80;
constexpr uint8_t SINGLE_SHOT = 0x40;
constexpr uint8_t KIND_MASK = 0x07;
constexpr uint32_t MAX_HOURS_SECONDS = 100 * 3600;

uint8_t
ToSemiOctets(uint32_t value)
{
    return static_cast<uint8_t>(value % 10 << 4 | value / 10);
}

/// @return the number that two semi-octets form, or 255 if they form none.
uint32_t
FromSemiOctets(uint8_t octet)
{
    const uint32_t tens = octet & 0x0F;
    const uint32_t ones = octet >> 4;
    return tens > 9 || ones > 9 ? 255 : tens * 10 + ones;
}

SmsCodecError
AppendEnhanced(const SmsValidityPeriod& validity, std::vector<uint8_t>& tpdu)
{
    using Enhanced = SmsValidityPeriod::Enhanced;
    const std::size_t end = tpdu.size() + ENHANCED_OCTETS;
    tpdu.push_back(static_cast<uint8_t>(static_cast<uint8_t>(validity.enhanced) |
                                        (validity.singleShot ? SINGLE_SHOT : 0)));
    switch (validity.enhanced)
    {
    case Enhanced::NONE:
        break;
    case Enhanced::RELATIVE:
        tpdu.push_back(validity.relative);
        break;
    case Enhanced::SECONDS:
        if (validity.seconds < 1 || validity.seconds > 255)
        {
            return SmsCodecError::BAD_VALIDITY_PERIOD;
        }
        tpdu.push_back(static_cast<uint8_t>(validity.seconds));
        break;
    case Enhanced::HOURS:
        if (validity.seconds >= MAX_HOURS_SECONDS)
        {
            return SmsCodecError::BAD_VALIDITY_PERIOD;
        }
        for (const uint32_t value :
             {validity.seconds / 3600, validity.seconds / 60 % 60, validity.seconds % 60})
        {
            tpdu.push_back(ToSemiOctets(value));
        }
        break;
    }
    tpdu.resize(end);
    return SmsCodecError::NONE;
}

SmsCodecError
ReadEnhanced(OctetReader& reader, SmsValidityPeriod& validity)
{
    using Enhanced = SmsValidityPeriod::Enhanced;
    const uint8_t* octets = reader.Read(ENHANCED_OCTETS);
    if (octets == nullptr)
    {
        return SmsCodecError::TRUNCATED;
    }
    const uint8_t kind = octets[0] & KIND_MASK;
    if ((octets[0] & EXTENSION) != 0 || kind > static_cast<uint8_t>(Enhanced::HOURS))
    {
        return SmsCodecError::BAD_VALIDITY_PERIOD; // reserved
    }
    validity.singleShot = (octets[0] & SINGLE_SHOT) != 0;
    validity.enhanced = static_cast<Enhanced>(kind);
    switch (validity.enhanced)
    {
    case Enhanced::NONE:
        break;
    case Enhanced::RELATIVE:
        validity.relative = octets[1];
        break;
    case Enhanced::SECONDS:
        validity.seconds = octets[1];
        return octets[1] == 0 ? SmsCodecError::BAD_VALIDITY_PERIOD : SmsCodecError::NONE;
    case Enhanced::HOURS:
    {
        const uint32_t hours = FromSemiOctets(octets[1]);
        const uint32_t minutes = FromSemiOctets(octets[2]);
        const uint32_t seconds = FromSemiOctets(octets[3]);
        validity.seconds = hours * 3600 + minutes * 60 + seconds;
        return hours > 99 || minutes > 59 || seconds > 59 ? SmsCodecError::BAD_VALIDITY_PERIOD
                                                          : SmsCodecError::NONE;
    }
    }
    return SmsCodecError::NONE;
}

} // namespace

SmsValidityPeriod
SmsValidityPeriod::MakeRelative(uint8_t octet)
{
    SmsValidityPeriod validity;
    validity.format = Format::RELATIVE;
    validity.relative = octet;
    return validity;
}

SmsValidityPeriod
SmsValidityPeriod::Make(int64_t seconds)
{
    uint8_t octet = 0;
    while (octet < 255 && GetRelativeValiditySeconds(octet) < seconds)
    {
        ++octet;
    }
    SmsValidityPeriod validity = MakeRelative(octet);
    if (GetRelativeValiditySeconds(octet) != seconds && seconds < MAX_HOURS_SECONDS)
    {
        validity.format = Format::ENHANCED;
        validity.enhanced = seconds <= 255 ? Enhanced::SECONDS : Enhanced::HOURS;
        validity.seconds = static_cast<uint32_t>(seconds);
    }
    return validity;
}

std::optional<int64_t>
SmsValidityPeriod::GetSeconds(int64_t now) const
{
    const bool octet = format == Format::RELATIVE ||
                       (format == Format::ENHANCED && enhanced == Enhanced::RELATIVE);
    if (octet)
    {
        return GetRelativeValiditySeconds(relative);
    }
    if (format == Format::ABSOLUTE)
    {
        return std::max<int64_t>(p2pim::GetSeconds(absolute) - now, 0);
    }
    return format == Format::NONE || enhanced == Enhanced::NONE ? std::nullopt
                                                                : std::optional<int64_t>(seconds);
}

int64_t
GetRelativeValiditySeconds(uint8_t validityPeriod)
{
    constexpr int64_t minute = 60;
    constexpr int64_t hour = 60 * minute;
    constexpr int64_t day = 24 * hour;
    const int64_t value = validityPeriod;
    if (value <= 143)
    {
        return (value + 1) * 5 * minute;
    }
    if (value <= 167)
    {
        return 12 * hour + (value - 143) * 30 * minute;
    }
    if (value <= 196)
    {
        return (value - 166) * day;
    }
    return (value - 192) * 7 * day;
}

SmsCodecError
AppendValidityPeriod(const SmsValidityPeriod& validity, std::vector<uint8_t>& tpdu)
{
    switch (validity.format)
    {
    case SmsValidityPeriod::Format::RELATIVE:
        tpdu.push_back(validity.relative);
        break;
    case SmsValidityPeriod::Format::ABSOLUTE:
        return AppendTimeStamp(validity.absolute, tpdu);
    case SmsValidityPeriod::Format::ENHANCED:
        return AppendEnhanced(validity, tpdu);
    default:
        break;
    }
    return SmsCodecError::NONE;
}

SmsCodecError
ReadValidityPeriod(OctetReader& reader,
                   SmsValidityPeriod::Format format,
                   SmsValidityPeriod& validity)
{
    validity = SmsValidityPeriod();
    validity.format = format;
    switch (format)
    {
    case SmsValidityPeriod::Format::RELATIVE:
        validity.relative = reader.Read();
        break;
    case SmsValidityPeriod::Format::ABSOLUTE:
        return ReadTimeStamp(reader, validity.absolute);
    case SmsValidityPeriod::Format::ENHANCED:
        return ReadEnhanced(reader, validity);
    default:
        break;
    }
    return SmsCodecError::NONE;
}

} // namespace p2pim
} // namespace ns3
