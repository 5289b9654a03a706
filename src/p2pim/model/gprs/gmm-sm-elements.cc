// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gmm-sm-elements.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <tuple>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t FILLER = 0x0F;     // in place of a digit that there is not (10.5.1.4)
constexpr uint8_t ODD_DIGITS = 0x08; // (10.5.1.4)
constexpr uint8_t IDENTITY_TMSI = 0xF4;
constexpr std::size_t APN_OCTETS = 100; // TS 23.003 9.1

// units of the GPRS timer (10.5.7.3)
constexpr int TIMER_VALUE_BITS = 5;
constexpr uint8_t TIMER_LAST_VALUE = 31;
constexpr uint8_t TIMER_DEACTIVATED = 7;
constexpr int64_t g_timerUnits[] = {2, 60, 360}; // in seconds; by the code of the unit

/// @return whether an octet may be in a label of an access point name (TS 23.003 9.1).
bool
IsLabel(uint8_t octet)
{
    return octet == '-' || (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= 'a' && octet <= 'z');
}

auto
GetFields(const RoutingAreaId& area)
{
    return std::tie(area.mcc, area.mnc, area.lac, area.rac, area.mncDigits);
}

auto
GetFields(const QosProfile& qos)
{
    return std::tie(qos.delayClass,
                    qos.reliabilityClass,
                    qos.peakThroughput,
                    qos.precedenceClass,
                    qos.meanThroughput);
}

uint8_t
PairOf(unsigned low, unsigned high)
{
    return static_cast<uint8_t>((low & 0x0F) | high << 4);
}

/// Reads a string of bits, the highest of an octet first; zeros past its end.
class BitReader
{
  public:
    explicit BitReader(const Octets& octets)
        : m_octets(octets)
    {
    }

    /// @return the next so many bits as a number.
    unsigned Read(int count)
    {
        unsigned value = 0;
        for (; count > 0; --count, ++m_at)
        {
            const unsigned octet = m_at / 8 < m_octets.size() ? m_octets[m_at / 8] : 0;
            value = value << 1 | (octet >> (7 - m_at % 8) & 1);
        }
        return value;
    }

  private:
    const Octets& m_octets;
    std::size_t m_at = 0;
};

/// @return digits of identities that consist of digits.
std::size_t
GetDigitCount(IdentityType type)
{
    return type == IdentityType::IMEISV ? 16 : 15;
}

Octets
EncodeDigits(IdentityType type, uint64_t value)
{
    const std::size_t count = GetDigitCount(type);
    std::array<uint8_t, 17> digits{}; // with the filler behind an even number of them
    digits.fill(FILLER);
    for (std::size_t n = count; n > 0; --n)
    {
        digits[n - 1] = static_cast<uint8_t>(value % 10);
        value /= 10;
    }
    const auto typeBits = static_cast<unsigned>(type) | (count % 2 != 0 ? ODD_DIGITS : 0U);
    Octets octets{PairOf(typeBits, digits[0])};
    for (std::size_t n = 1; n < count; n += 2)
    {
        octets.push_back(PairOf(digits[n], digits[n + 1]));
    }
    return octets;
}

std::optional<uint64_t>
DecodeDigits(IdentityType type, const Octets& octets)
{
    const std::size_t count = GetDigitCount(type);
    const bool isOdd = (octets[0] & ODD_DIGITS) != 0;
    if (octets.size() != count / 2 + 1 || isOdd != (count % 2 != 0))
    {
        return std::nullopt;
    }
    uint64_t value = 0;
    for (std::size_t n = 1; n <= count; ++n)
    {
        const unsigned digit = n % 2 != 0 ? octets[n / 2] >> 4 : octets[n / 2] & 0x0F;
        if (digit > 9)
        {
            return std::nullopt;
        }
        value = value * 10 + digit;
    }
    return value;
}

} // namespace

bool
operator==(const RoutingAreaId& a, const RoutingAreaId& b)
{
    return GetFields(a) == GetFields(b);
}

bool
operator!=(const RoutingAreaId& a, const RoutingAreaId& b)
{
    return !(a == b);
}

bool
operator==(const QosProfile& a, const QosProfile& b)
{
    return GetFields(a) == GetFields(b);
}

bool
operator!=(const QosProfile& a, const QosProfile& b)
{
    return !(a == b);
}

bool
operator==(const PdpAddress& a, const PdpAddress& b)
{
    return a.type == b.type && a.address == b.address;
}

bool
operator==(const MobileIdentity& a, const MobileIdentity& b)
{
    return a.type == b.type && a.value == b.value;
}

Octets
EncodeQos(const QosProfile& qos)
{
    return {static_cast<uint8_t>((qos.delayClass & 7) << 3 | (qos.reliabilityClass & 7)),
            static_cast<uint8_t>((qos.peakThroughput & 0x0F) << 4 | (qos.precedenceClass & 7)),
            static_cast<uint8_t>(qos.meanThroughput & 0x1F)};
}

std::optional<QosProfile>
DecodeQos(const Octets& octets)
{
    if (octets.size() < QOS_OCTETS)
    {
        return std::nullopt;
    }
    QosProfile qos;
    qos.delayClass = octets[0] >> 3 & 7;
    qos.reliabilityClass = octets[0] & 7;
    qos.peakThroughput = octets[1] >> 4;
    qos.precedenceClass = octets[1] & 7;
    qos.meanThroughput = octets[2] & 0x1F;
    return qos;
}

Octets
EncodePdpAddress(const PdpAddress& pdp)
{
    Octets octets;
    OctetWriter out(octets);
    out.U16(pdp.type & 0x0FFF);
    if (pdp.type == PDP_TYPE_IPV4 && pdp.address)
    {
        out.U32(pdp.address->Get());
    }
    return octets;
}

std::optional<PdpAddress>
DecodePdpAddress(const Octets& octets)
{
    FieldReader in(octets);
    PdpAddress pdp;
    pdp.type = in.U16() & 0x0FFF;
    if (pdp.type == PDP_TYPE_IPV4 && in.GetLeft() > 0)
    {
        pdp.address = Ipv4Address(in.U32());
        if (in.GetLeft() > 0)
        {
            return std::nullopt;
        }
    }
    return !in.HasFailed() ? std::optional(pdp) : std::nullopt;
}

uint8_t
EncodeGprsTimer(std::optional<Time> time)
{
    if (!time)
    {
        return TIMER_DEACTIVATED << TIMER_VALUE_BITS;
    }
    uint8_t best = 0;
    Time bestError = Time::Max();
    uint8_t code = 0;
    for (const int64_t unit : g_timerUnits)
    {
        const double units = time->GetSeconds() / static_cast<double>(unit);
        const auto value =
            static_cast<uint8_t>(std::lround(std::clamp(units, 0.0, double{TIMER_LAST_VALUE})));
        const Time error = Abs(*time - Seconds(static_cast<double>(value * unit)));
        if (error < bestError)
        {
            best = static_cast<uint8_t>(code << TIMER_VALUE_BITS | value);
            bestError = error;
        }
        ++code;
    }
    return best;
}

std::optional<Time>
DecodeGprsTimer(uint8_t octet)
{
    const auto code = static_cast<std::size_t>(octet >> TIMER_VALUE_BITS);
    if (code == TIMER_DEACTIVATED)
    {
        return std::nullopt;
    }
    // other codes are read as minutes
    const int64_t unit = code < std::size(g_timerUnits) ? g_timerUnits[code] : 60;
    return Seconds(static_cast<double>((octet & TIMER_LAST_VALUE) * unit));
}

Octets
EncodeMobileIdentity(const MobileIdentity& identity)
{
    if (identity.type != IdentityType::TMSI)
    {
        return EncodeDigits(identity.type, identity.value);
    }
    Octets octets{IDENTITY_TMSI};
    OctetWriter(octets).U32(static_cast<uint32_t>(identity.value));
    return octets;
}

std::optional<MobileIdentity>
DecodeMobileIdentity(const Octets& octets)
{
    if (octets.empty())
    {
        return std::nullopt;
    }
    const auto type = static_cast<IdentityType>(octets[0] & 7);
    switch (type)
    {
    case IdentityType::IMSI:
    case IdentityType::IMEI:
    case IdentityType::IMEISV:
    {
        const auto value = DecodeDigits(type, octets);
        return value ? std::optional(MobileIdentity{type, *value}) : std::nullopt;
    }
    case IdentityType::TMSI:
    {
        FieldReader in(octets);
        const bool isTmsi = octets.size() == 5 && in.U8() == IDENTITY_TMSI;
        return isTmsi ? std::optional(MobileIdentity{type, in.U32()}) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

Octets
EncodeRadioCapability(uint8_t multislotClass)
{
    // a string of bits: the class is in the middle of it
    constexpr uint64_t gsm900 = 1;
    constexpr uint64_t powerClass4 = 4;
    constexpr uint64_t a51Only = 0xC0; // that they follow, and A5/1 to A5/7
    const bool hasClass = multislotClass != 0;
    const uint64_t contentBits = hasClass ? 25 : 19;
    uint64_t bits = gsm900 << 7 | contentBits;
    bits = (bits << 3 | powerClass4) << 8 | a51Only;
    bits <<= 4;           // ES IND, PS, VGCS, VBS
    bits = bits << 1 | 1; // a multislot capability follows
    bits <<= 1;           // no HSCSD
    bits = bits << 1 | (hasClass ? 1 : 0);
    bits = hasClass ? bits << 5 | (multislotClass & 0x1F) : bits;
    bits <<= hasClass ? 1 : 0;  // no extended dynamic allocation
    bits <<= 1;                 // no SMS_VALUE and SM_VALUE
    bits <<= hasClass ? 4 : 10; // no other access technology, and padding to 40 bits
    Octets octets;
    OctetWriter(octets).U8(static_cast<uint8_t>(bits >> 32)).U32(static_cast<uint32_t>(bits));
    return octets;
}

uint8_t
DecodeRadioCapability(const Octets& octets)
{
    BitReader in(octets);
    in.Read(4 + 7 + 3);               // access technology, length, power class
    in.Read(in.Read(1) != 0 ? 7 : 0); // A5
    in.Read(4);                       // ES IND, PS, VGCS, VBS
    if (in.Read(1) == 0)
    {
        return 0;
    }
    in.Read(in.Read(1) != 0 ? 5 : 0); // HSCSD
    return static_cast<uint8_t>(in.Read(1) != 0 ? in.Read(5) : 0);
}

void
AppendRoutingArea(const RoutingAreaId& area, OctetWriter& out)
{
    const unsigned mcc = area.mcc % 1000U;
    const unsigned mnc = area.mnc % 1000U;
    const bool hasThree = area.mncDigits > 2 || mnc > 99;
    const unsigned first = hasThree ? mnc / 100 : mnc / 10;
    const unsigned second = hasThree ? mnc / 10 % 10 : mnc % 10;
    const unsigned third = hasThree ? mnc % 10 : FILLER;
    out.U8(PairOf(mcc / 100, mcc / 10 % 10)).U8(PairOf(mcc % 10, third));
    out.U8(PairOf(first, second)).U16(area.lac).U8(area.rac);
}

std::optional<RoutingAreaId>
ReadRoutingArea(FieldReader& in)
{
    const auto octets = in.Raw(3);
    RoutingAreaId area;
    area.lac = in.U16();
    area.rac = in.U8();
    if (in.HasFailed())
    {
        return std::nullopt;
    }
    const unsigned third = octets[1] >> 4;
    const unsigned digits[] = {octets[0] & 0x0FU,
                               unsigned{octets[0]} >> 4,
                               octets[1] & 0x0FU,
                               octets[2] & 0x0FU,
                               unsigned{octets[2]} >> 4,
                               third == FILLER ? 0 : third};
    if (*std::max_element(std::begin(digits), std::end(digits)) > 9)
    {
        return std::nullopt;
    }
    area.mcc = static_cast<uint16_t>(digits[0] * 100 + digits[1] * 10 + digits[2]);
    area.mnc = static_cast<uint16_t>(digits[3] * 10 + digits[4]);
    area.mncDigits = third == FILLER ? 2 : 3;
    if (third != FILLER)
    {
        area.mnc = static_cast<uint16_t>(area.mnc * 10 + third);
    }
    return area;
}

Octets
EncodeApn(const std::string& apn)
{
    Octets octets;
    std::size_t begin = 0;
    while (begin <= apn.size())
    {
        const auto end = std::min(apn.find('.', begin), apn.size());
        octets.push_back(static_cast<uint8_t>(end - begin));
        octets.insert(octets.end(),
                      apn.begin() + static_cast<std::ptrdiff_t>(begin),
                      apn.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end + 1;
    }
    return octets;
}

std::optional<std::string>
DecodeApn(const Octets& octets)
{
    std::string apn;
    FieldReader in(octets);
    if (octets.size() > APN_OCTETS)
    {
        return std::nullopt;
    }
    while (in.GetLeft() > 0)
    {
        const auto label = in.Raw(in.U8());
        if (in.HasFailed() || label.empty() || !std::all_of(label.begin(), label.end(), IsLabel))
        {
            return std::nullopt;
        }
        apn.append(apn.empty() ? "" : ".").append(label.begin(), label.end());
    }
    if (apn.empty())
    {
        return std::nullopt;
    }
    return apn;
}

OptionalElements::OptionalElements(FieldReader& in, std::initializer_list<Fixed> fixed)
{
    constexpr uint8_t inHalfOctet = 0x80;
    constexpr uint8_t comprehensionRequired = 0x10; // below it
    while (in.GetLeft() > 0)
    {
        const uint8_t identifier = in.U8();
        if (identifier >= inHalfOctet)
        {
            m_elements.emplace_back(identifier & 0xF0, Octets{uint8_t(identifier & 0x0F)});
            continue;
        }
        const auto* known = std::find_if(fixed.begin(), fixed.end(), [=](const Fixed& each) {
            return each.identifier == identifier;
        });
        auto value = in.Raw(known != fixed.end() ? known->length : in.U8());
        if (identifier < comprehensionRequired)
        {
            in.Raw(in.GetLeft() + 1);
        }
        m_elements.emplace_back(identifier, std::move(value));
    }
}

const Octets*
OptionalElements::Find(uint8_t identifier) const
{
    const auto found = std::find_if(m_elements.begin(), m_elements.end(), [=](const auto& each) {
        return each.first == identifier;
    });
    return found != m_elements.end() ? &found->second : nullptr;
}

} // namespace p2pim
} // namespace ns3
