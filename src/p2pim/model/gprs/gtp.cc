// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gtp.h"

#include "ns3/gmm-sm-message.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GtpUserHeader);

namespace
{

constexpr uint8_t VERSION_1_WITH_SEQUENCE = 0x32; // version 1, protocol type GTP, S flag
constexpr uint8_t VERSION_1 = 0x30;
constexpr uint8_t CREATE_REQUEST = 16;
constexpr uint8_t CREATE_RESPONSE = 17;
constexpr uint8_t G_PDU = 255;

// information elements (TS 29.060 table 37); below 128 their length is fixed by their type
constexpr uint8_t IE_CAUSE = 1;
constexpr uint8_t IE_IMSI = 2;
constexpr uint8_t IE_REORDERING = 8;
constexpr uint8_t IE_RECOVERY = 14;
constexpr uint8_t IE_SELECTION_MODE = 15;
constexpr uint8_t IE_TEID_DATA = 16;
constexpr uint8_t IE_TEID_CONTROL = 17;
constexpr uint8_t IE_NSAPI = 20;
constexpr uint8_t IE_CHARGING_ID = 127;
constexpr uint8_t IE_END_USER_ADDRESS = 128;
constexpr uint8_t IE_APN = 131;
constexpr uint8_t IE_GSN_ADDRESS = 133;
constexpr uint8_t IE_MSISDN = 134;
constexpr uint8_t IE_QOS = 135;

constexpr std::size_t IMSI_DIGITS = 15;

/// Subscribed QoS: allocation priority 2, then TS 24.008 10.5.6.5.
const Octets g_qos{0x02, 0x23, 0x42, 0x1F};
/// An IPv4 end user address that is still to be given (7.7.27).
const Octets g_dynamicIpv4{0xF1, 0x21};

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
DecodeBcd(const Octets& octets)
{
    std::string digits;
    for (const auto octet : octets)
    {
        for (const int half : {octet & 0x0F, octet >> 4})
        {
            if (half <= 9)
            {
                digits.push_back(static_cast<char>('0' + half));
            }
        }
    }
    return digits;
}

void
WriteVariable(OctetWriter& out, uint8_t type, const Octets& value)
{
    out.U8(type).U16(static_cast<uint16_t>(value.size())).Raw(value);
}

Octets
AddressOctets(Ipv4Address address)
{
    Octets octets;
    OctetWriter(octets).U32(address.Get());
    return octets;
}

Octets
WithHeader(uint8_t type, uint32_t teid, uint16_t sequence, const Octets& elements)
{
    Octets octets;
    octets.reserve(12 + elements.size());
    OctetWriter(octets)
        .U8(VERSION_1_WITH_SEQUENCE)
        .U8(type)
        .U16(static_cast<uint16_t>(elements.size() + 4))
        .U32(teid)
        .U16(sequence)
        .U16(0)
        .Raw(elements);
    return octets;
}

Octets
Encode(const CreatePdpContextRequest& message)
{
    Octets elements;
    OctetWriter out(elements);
    const auto digits = std::to_string(message.imsi); // without the zeros in front
    const auto padding = IMSI_DIGITS - std::min(digits.size(), IMSI_DIGITS);
    out.U8(IE_IMSI).Raw(EncodeBcd(std::string(padding, '0') + digits, 8));
    out.U8(IE_RECOVERY).U8(0);
    out.U8(IE_SELECTION_MODE).U8(0xFC); // the MS or the network gave the APN, and it was verified
    out.U8(IE_TEID_DATA).U32(message.teidData);
    out.U8(IE_TEID_CONTROL).U32(message.teidControl);
    out.U8(IE_NSAPI).U8(message.nsapi);
    WriteVariable(out, IE_END_USER_ADDRESS, g_dynamicIpv4);
    WriteVariable(out, IE_APN, EncodeApn(message.apn));
    WriteVariable(out, IE_GSN_ADDRESS, AddressOctets(message.sgsn));
    WriteVariable(out, IE_GSN_ADDRESS, AddressOctets(message.sgsn));
    Octets msisdn{0x91}; // international, E.164
    OctetWriter(msisdn).Raw(EncodeBcd(message.msisdn, (message.msisdn.size() + 1) / 2));
    WriteVariable(out, IE_MSISDN, msisdn);
    WriteVariable(out, IE_QOS, g_qos);
    return WithHeader(CREATE_REQUEST, 0, message.sequence, elements);
}

Octets
Encode(const CreatePdpContextResponse& message)
{
    Octets elements;
    OctetWriter out(elements);
    out.U8(IE_CAUSE).U8(static_cast<uint8_t>(message.cause));
    if (message.cause == GtpCause::REQUEST_ACCEPTED)
    {
        out.U8(IE_REORDERING).U8(0xFE);
        out.U8(IE_RECOVERY).U8(0);
        out.U8(IE_TEID_DATA).U32(message.teidData);
        out.U8(IE_TEID_CONTROL).U32(message.teidControl);
        out.U8(IE_CHARGING_ID).U32(message.chargingId);
        Octets endUser = g_dynamicIpv4;
        OctetWriter(endUser).U32(message.endUser.Get());
        WriteVariable(out, IE_END_USER_ADDRESS, endUser);
        WriteVariable(out, IE_GSN_ADDRESS, AddressOctets(message.ggsn));
        WriteVariable(out, IE_GSN_ADDRESS, AddressOctets(message.ggsn));
        WriteVariable(out, IE_QOS, g_qos);
    }
    return WithHeader(CREATE_RESPONSE, message.teid, message.sequence, elements);
}

/// Octets of a fixed-length element's value (TS 29.060 table 37); 0 for a type not known here.
std::size_t
GetFixedLength(uint8_t type)
{
    switch (type)
    {
    case IE_CAUSE:
    case IE_REORDERING:
    case IE_RECOVERY:
    case IE_SELECTION_MODE:
    case IE_NSAPI:
        return 1;
    case IE_TEID_DATA:
    case IE_TEID_CONTROL:
    case IE_CHARGING_ID:
        return 4;
    case IE_IMSI:
        return 8;
    default:
        return 0;
    }
}

/// What the elements of either message may hold.
struct Elements
{
    uint8_t cause = 0;
    Octets imsi;
    uint32_t teidData = 0;
    uint32_t teidControl = 0;
    uint32_t chargingId = 0;
    uint8_t nsapi = 0;
    Octets endUser;
    Octets apn;
    Octets gsn;
    Octets msisdn;
};

uint32_t
ToNumber(const Octets& value)
{
    FieldReader in(value);
    return in.U32();
}

void
Store(uint8_t type, const Octets& value, Elements& elements)
{
    switch (type)
    {
    case IE_CAUSE:
        elements.cause = value[0];
        break;
    case IE_IMSI:
        elements.imsi = value;
        break;
    case IE_TEID_DATA:
        elements.teidData = ToNumber(value);
        break;
    case IE_TEID_CONTROL:
        elements.teidControl = ToNumber(value);
        break;
    case IE_CHARGING_ID:
        elements.chargingId = ToNumber(value);
        break;
    case IE_NSAPI:
        elements.nsapi = value[0];
        break;
    case IE_END_USER_ADDRESS:
        elements.endUser = value;
        break;
    case IE_APN:
        elements.apn = value;
        break;
    case IE_GSN_ADDRESS:
        elements.gsn = value;
        break;
    case IE_MSISDN:
        elements.msisdn = value;
        break;
    default:
        break;
    }
}

std::optional<Elements>
ReadElements(FieldReader& in)
{
    Elements elements;
    while (in.GetLeft() > 0)
    {
        const uint8_t type = in.U8();
        const std::size_t length = type >= 128 ? in.U16() : GetFixedLength(type);
        if (type < 128 && length == 0)
        {
            return std::nullopt;
        }
        const auto value = in.Raw(length);
        if (in.HasFailed())
        {
            return std::nullopt;
        }
        Store(type, value, elements);
    }
    return elements;
}

std::optional<GtpMessage>
ToRequest(uint16_t sequence, const Elements& elements)
{
    const auto apn = DecodeApn(elements.apn);
    const auto imsi = DecodeBcd(elements.imsi);
    if (!apn || imsi.size() != IMSI_DIGITS || elements.nsapi < 5 || elements.nsapi > 15 ||
        elements.gsn.size() != 4 || elements.teidData == 0)
    {
        return std::nullopt;
    }
    CreatePdpContextRequest message;
    message.sequence = sequence;
    message.imsi = std::stoull(imsi);
    message.teidData = elements.teidData;
    message.teidControl = elements.teidControl;
    message.nsapi = elements.nsapi;
    message.apn = *apn;
    message.sgsn = Ipv4Address(ToNumber(elements.gsn));
    if (!elements.msisdn.empty())
    {
        message.msisdn = DecodeBcd({elements.msisdn.begin() + 1, elements.msisdn.end()});
    }
    return message;
}

std::optional<GtpMessage>
ToResponse(uint32_t teid, uint16_t sequence, const Elements& elements)
{
    CreatePdpContextResponse message;
    message.sequence = sequence;
    message.teid = teid;
    message.cause = static_cast<GtpCause>(elements.cause);
    if (message.cause != GtpCause::REQUEST_ACCEPTED)
    {
        return elements.cause == 0 ? std::nullopt : std::optional<GtpMessage>(message);
    }
    if (elements.endUser.size() != 6 || elements.gsn.size() != 4 || elements.teidData == 0)
    {
        return std::nullopt;
    }
    message.teidData = elements.teidData;
    message.teidControl = elements.teidControl;
    message.chargingId = elements.chargingId;
    message.endUser = Ipv4Address(ToNumber({elements.endUser.begin() + 2, elements.endUser.end()}));
    message.ggsn = Ipv4Address(ToNumber(elements.gsn));
    return message;
}

} // namespace

Octets
EncodeGtp(const GtpMessage& message)
{
    return std::visit([](const auto& each) { return Encode(each); }, message);
}

std::optional<GtpMessage>
DecodeGtp(const Octets& octets)
{
    FieldReader in(octets);
    const uint8_t flags = in.U8();
    const uint8_t type = in.U8();
    const uint16_t length = in.U16();
    const uint32_t teid = in.U32();
    const uint16_t sequence = in.U16();
    in.U16(); // N-PDU number and next extension header
    if (in.HasFailed() || flags != VERSION_1_WITH_SEQUENCE || length != in.GetLeft() + 4)
    {
        return std::nullopt;
    }
    const auto elements = ReadElements(in);
    if (!elements)
    {
        return std::nullopt;
    }
    switch (type)
    {
    case CREATE_REQUEST:
        return ToRequest(sequence, *elements);
    case CREATE_RESPONSE:
        return ToResponse(teid, sequence, *elements);
    default:
        return std::nullopt;
    }
}

GtpUserHeader::GtpUserHeader(Ipv4Address source,
                             Ipv4Address destination,
                             uint32_t teid,
                             uint16_t payload)
    : m_source(source),
      m_destination(destination),
      m_teid(teid),
      m_payload(payload)
{
}

TypeId
GtpUserHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::GtpUserHeader")
                            .SetParent<Header>()
                            .SetGroupName("P2pim")
                            .AddConstructor<GtpUserHeader>();
    return tid;
}

TypeId
GtpUserHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
GtpUserHeader::GetSerializedSize() const
{
    return SIZE;
}

void
GtpUserHeader::Serialize(Buffer::Iterator start) const
{
    constexpr uint16_t versionAndLength = 0x4500;
    constexpr uint16_t ttlAndUdp = 64 << 8 | 17;
    const auto total = static_cast<uint16_t>(SIZE + m_payload);
    const uint32_t source = m_source.Get();
    const uint32_t destination = m_destination.Get();
    uint32_t sum = versionAndLength + total + ttlAndUdp + (source >> 16) + (source & 0xFFFF) +
                   (destination >> 16) + (destination & 0xFFFF);
    sum = (sum >> 16) + (sum & 0xFFFF);
    sum += sum >> 16;

    start.WriteHtonU16(versionAndLength);
    start.WriteHtonU16(total);
    start.WriteHtonU32(0); // identification, fragmentation
    start.WriteHtonU16(ttlAndUdp);
    start.WriteHtonU16(static_cast<uint16_t>(~sum));
    start.WriteHtonU32(source);
    start.WriteHtonU32(destination);
    start.WriteHtonU16(GTP_U_PORT);
    start.WriteHtonU16(GTP_U_PORT);
    start.WriteHtonU16(static_cast<uint16_t>(total - 20));
    start.WriteHtonU16(0); // no UDP checksum
    start.WriteU8(VERSION_1);
    start.WriteU8(G_PDU);
    start.WriteHtonU16(m_payload);
    start.WriteHtonU32(m_teid);
}

uint32_t
GtpUserHeader::Deserialize(Buffer::Iterator start)
{
    start.Next(2);
    m_payload = static_cast<uint16_t>(start.ReadNtohU16() - SIZE);
    start.Next(8);
    m_source = Ipv4Address(start.ReadNtohU32());
    m_destination = Ipv4Address(start.ReadNtohU32());
    start.Next(12);
    m_teid = start.ReadNtohU32();
    return SIZE;
}

void
GtpUserHeader::Print(std::ostream& os) const
{
    os << "G-PDU " << m_source << " > " << m_destination << " teid " << m_teid << " length "
       << m_payload;
}

uint32_t
GtpUserHeader::GetTeid() const
{
    return m_teid;
}

} // namespace p2pim
} // namespace ns3
