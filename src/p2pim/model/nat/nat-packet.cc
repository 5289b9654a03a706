// SPDX-License-Identifier: GPL-2.0-only
#include "nat-packet.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr std::size_t IP_HEADER = 20;
constexpr std::size_t TCP_HEADER = 20;
constexpr std::size_t UDP_HEADER = 8;
constexpr std::size_t ICMP_HEADER = 8;
constexpr std::size_t IP_CHECKSUM = 10;
constexpr std::size_t IP_SOURCE = 12;
constexpr std::size_t IP_DESTINATION = 16;
constexpr uint16_t DONT_FRAGMENT = 0x4000;
constexpr uint16_t MORE_FRAGMENTS = 0x2000;
constexpr uint16_t FRAGMENT_OFFSET = 0x1FFF;
constexpr std::size_t LARGEST_ERROR = 576;

enum IcmpType : uint8_t
{
    ECHO_REPLY = 0,
    UNREACHABLE = 3,
    ECHO = 8,
    TIME_EXCEEDED = 11,
    PARAMETER_PROBLEM = 12,
    TIMESTAMP = 13,
    TIMESTAMP_REPLY = 14
};

uint32_t
GetSum(const uint8_t* octets, std::size_t size, uint32_t sum)
{
    uint64_t wide = sum;
    for (std::size_t i = 0; i + 1 < size; i += 2)
    {
        wide += static_cast<uint32_t>(octets[i] << 8 | octets[i + 1]);
    }
    if (size % 2 != 0)
    {
        wide += static_cast<uint32_t>(octets[size - 1] << 8);
    }
    wide = (wide & 0xFFFFFFFF) + (wide >> 32);
    return static_cast<uint32_t>((wide & 0xFFFFFFFF) + (wide >> 32));
}

void
Put16(Octets& octets, std::size_t at, uint16_t value)
{
    octets[at] = static_cast<uint8_t>(value >> 8);
    octets[at + 1] = static_cast<uint8_t>(value);
}

/// @return an IPv4 header without options, its checksum right.
Octets
MakeIpHeader(NatProtocol protocol, uint32_t source, uint32_t destination, std::size_t payload)
{
    Octets octets;
    OctetWriter(octets)
        .U16(0x4500)
        .U16(static_cast<uint16_t>(IP_HEADER + payload))
        .U32(0)
        .U8(64)
        .U8(static_cast<uint8_t>(protocol))
        .U16(0)
        .U32(source)
        .U32(destination);
    Put16(octets, IP_CHECKSUM, GetInternetChecksum(octets.data(), octets.size()));
    return octets;
}

/// @return the sum of the pseudo header of TCP and UDP.
uint32_t
GetPseudoSum(const uint8_t* addresses, uint8_t protocol, std::size_t size)
{
    return GetSum(addresses, 8, protocol + static_cast<uint32_t>(size));
}

} // namespace

uint32_t
NatSegment::GetEnd() const
{
    return sequence + length + (syn ? 1 : 0) + (fin ? 1 : 0);
}

uint16_t
GetInternetChecksum(const uint8_t* octets, std::size_t size, uint32_t sum)
{
    uint32_t folded = GetSum(octets, size, sum);
    folded = (folded & 0xFFFF) + (folded >> 16);
    folded = (folded & 0xFFFF) + (folded >> 16);
    return static_cast<uint16_t>(~folded);
}

NatHeader::NatHeader(Octets& octets, std::size_t begin)
    : m_octets(octets),
      m_begin(begin)
{
}

uint16_t
NatHeader::Get16(std::size_t offset) const
{
    const std::size_t at = m_begin + offset;
    return static_cast<uint16_t>(m_octets[at] << 8 | m_octets[at + 1]);
}

uint32_t
NatHeader::Get32(std::size_t offset) const
{
    return static_cast<uint32_t>(Get16(offset)) << 16 | Get16(offset + 2);
}

NatCause
NatHeader::Parse(bool quoted)
{
    const std::size_t there = m_octets.size() - std::min(m_octets.size(), m_begin);
    if (there < IP_HEADER || m_octets[m_begin] >> 4 != 4)
    {
        return NatCause::MALFORMED;
    }
    m_headerSize = static_cast<std::size_t>(m_octets[m_begin] & 0x0F) * 4;
    const std::size_t length = Get16(2);
    if (m_headerSize < IP_HEADER || length < m_headerSize || there < m_headerSize ||
        (!quoted && there < length))
    {
        return NatCause::MALFORMED;
    }
    m_end = m_begin + std::min(there, length);
    const std::size_t payload = m_end - m_begin - m_headerSize;
    if (IsFragment() && payload + GetFragmentOffset() > 65535 - m_headerSize)
    {
        return NatCause::MALFORMED;
    }
    const auto protocol = GetProtocol();
    if (protocol != NatProtocol::TCP && protocol != NatProtocol::UDP &&
        protocol != NatProtocol::ICMP)
    {
        return NatCause::UNSUPPORTED;
    }
    if (quoted)
    {
        return GetFragmentOffset() > 0 || payload < ICMP_HEADER ? NatCause::MALFORMED
                                                                : NatCause::NONE;
    }
    return IsFragment() ? NatCause::NONE : CheckTransport();
}

NatCause
NatHeader::CheckTransport() const
{
    const std::size_t payload = m_end - m_begin - m_headerSize;
    if (GetProtocol() == NatProtocol::TCP)
    {
        const std::size_t header = payload < TCP_HEADER ? 0 : Get16(m_headerSize + 12) >> 12;
        return header * 4 < TCP_HEADER || header * 4 > payload ? NatCause::MALFORMED
                                                               : NatCause::NONE;
    }
    const std::size_t length = GetProtocol() == NatProtocol::UDP && payload >= UDP_HEADER
                                   ? Get16(m_headerSize + 4)
                                   : UDP_HEADER;
    const bool isCut =
        payload < UDP_HEADER || length < UDP_HEADER || (length > payload && !HasMoreFragments());
    return isCut ? NatCause::MALFORMED : NatCause::NONE;
}

bool
NatHeader::HasRightHeaderChecksum() const
{
    return GetInternetChecksum(&m_octets[m_begin], m_headerSize) == 0;
}

bool
NatHeader::HasRightTransportChecksum() const
{
    const std::size_t at = m_begin + m_headerSize;
    const auto protocol = GetProtocol();
    if (protocol == NatProtocol::ICMP)
    {
        return GetInternetChecksum(&m_octets[at], m_end - at) == 0;
    }
    const bool isUdp = protocol == NatProtocol::UDP;
    if (isUdp && Get16(m_headerSize + 6) == 0)
    {
        return true;
    }
    const std::size_t size = isUdp ? Get16(m_headerSize + 4) : m_end - at;
    const uint32_t sum =
        GetPseudoSum(&m_octets[m_begin + IP_SOURCE], static_cast<uint8_t>(protocol), size);
    return GetInternetChecksum(&m_octets[at], size, sum) == 0;
}

NatProtocol
NatHeader::GetProtocol() const
{
    return static_cast<NatProtocol>(m_octets[m_begin + 9]);
}

uint32_t
NatHeader::GetSourceAddress() const
{
    return Get32(IP_SOURCE);
}

uint32_t
NatHeader::GetDestinationAddress() const
{
    return Get32(IP_DESTINATION);
}

uint8_t
NatHeader::GetTtl() const
{
    return m_octets[m_begin + 8];
}

bool
NatHeader::MayBeFragmented() const
{
    return (Get16(6) & DONT_FRAGMENT) == 0;
}

bool
NatHeader::IsFragment() const
{
    return (Get16(6) & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0;
}

std::size_t
NatHeader::GetFragmentOffset() const
{
    return static_cast<std::size_t>(Get16(6) & FRAGMENT_OFFSET) * 8;
}

bool
NatHeader::HasMoreFragments() const
{
    return (Get16(6) & MORE_FRAGMENTS) != 0;
}

uint16_t
NatHeader::GetIdentification() const
{
    return Get16(4);
}

std::size_t
NatHeader::GetHeaderSize() const
{
    return m_headerSize;
}

std::size_t
NatHeader::GetSize() const
{
    return m_end - m_begin;
}

bool
NatHeader::IsError() const
{
    const uint8_t type = m_octets[m_begin + m_headerSize];
    return GetProtocol() == NatProtocol::ICMP &&
           (type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER_PROBLEM);
}

bool
NatHeader::IsQuery() const
{
    const uint8_t type = m_octets[m_begin + m_headerSize];
    return GetProtocol() == NatProtocol::ICMP && (type == ECHO || type == TIMESTAMP);
}

bool
NatHeader::IsReply() const
{
    const uint8_t type = m_octets[m_begin + m_headerSize];
    return GetProtocol() == NatProtocol::ICMP && (type == ECHO_REPLY || type == TIMESTAMP_REPLY);
}

std::size_t
NatHeader::GetQuoted() const
{
    return m_begin + m_headerSize + ICMP_HEADER;
}

NatEndpoint
NatHeader::GetSource() const
{
    if (GetProtocol() == NatProtocol::ICMP)
    {
        const uint16_t identifier = IsQuery() ? Get16(m_headerSize + 4) : 0;
        return {GetSourceAddress(), identifier};
    }
    return {GetSourceAddress(), Get16(m_headerSize)};
}

NatEndpoint
NatHeader::GetDestination() const
{
    if (GetProtocol() == NatProtocol::ICMP)
    {
        const uint16_t identifier = IsReply() ? Get16(m_headerSize + 4) : 0;
        return {GetDestinationAddress(), identifier};
    }
    return {GetDestinationAddress(), Get16(m_headerSize + 2)};
}

std::size_t
NatHeader::GetTransportChecksumOffset() const
{
    switch (GetProtocol())
    {
    case NatProtocol::TCP:
        return m_headerSize + 16;
    case NatProtocol::UDP:
        return m_headerSize + 6;
    default:
        return m_headerSize + 2;
    }
}

void
NatHeader::Update(std::size_t checksum, uint16_t before, uint16_t after, bool isUdp)
{
    if (m_begin + checksum + 2 > m_end || (isUdp && Get16(checksum) == 0))
    {
        return;
    }
    uint32_t sum = static_cast<uint16_t>(~Get16(checksum));
    sum += static_cast<uint16_t>(~before);
    sum += after;
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    const auto value = static_cast<uint16_t>(~sum);
    Put16(m_octets, m_begin + checksum, isUdp && value == 0 ? 0xFFFF : value);
}

void
NatHeader::Replace16(std::size_t offset, uint16_t value, bool inHeader, bool inTransport)
{
    const uint16_t before = Get16(offset);
    if (before == value)
    {
        return;
    }
    Put16(m_octets, m_begin + offset, value);
    if (inHeader)
    {
        Update(IP_CHECKSUM, before, value, false);
    }
    if (inTransport)
    {
        Update(GetTransportChecksumOffset(), before, value, GetProtocol() == NatProtocol::UDP);
    }
}

void
NatHeader::Set(bool source, const NatEndpoint& endpoint, bool checksums)
{
    const std::size_t address = source ? IP_SOURCE : IP_DESTINATION;
    const bool isIcmp = GetProtocol() == NatProtocol::ICMP;
    const bool isFirst = GetFragmentOffset() == 0;
    const bool inTransport = checksums && isFirst && !isIcmp;
    Replace16(address, static_cast<uint16_t>(endpoint.address >> 16), checksums, inTransport);
    Replace16(address + 2, static_cast<uint16_t>(endpoint.address), checksums, inTransport);
    if (!isFirst)
    {
        return;
    }
    if (!isIcmp)
    {
        Replace16(m_headerSize + (source ? 0 : 2), endpoint.port, false, inTransport);
    }
    else if (source ? IsQuery() : IsReply())
    {
        Replace16(m_headerSize + 4, endpoint.port, false, checksums);
    }
}

void
NatHeader::SetSource(const NatEndpoint& source, bool checksums)
{
    Set(true, source, checksums);
}

void
NatHeader::SetDestination(const NatEndpoint& destination, bool checksums)
{
    Set(false, destination, checksums);
}

void
NatHeader::SetIcmpChecksum()
{
    const std::size_t at = m_begin + m_headerSize;
    Put16(m_octets, at + 2, 0);
    Put16(m_octets, at + 2, GetInternetChecksum(&m_octets[at], m_end - at));
}

void
NatHeader::ReadOptions(NatSegment& segment) const
{
    enum : uint8_t
    {
        END,
        NO_OPERATION,
        WINDOW_SCALE = 3,
        SACK_PERMITTED,
        SACK
    };

    const std::size_t end =
        m_begin + m_headerSize + (m_octets[m_begin + m_headerSize + 12] >> 4) * 4U;
    segment.hasOptions = end > m_begin + m_headerSize + TCP_HEADER;
    for (std::size_t at = m_begin + m_headerSize + TCP_HEADER; at < end && m_octets[at] != END;)
    {
        if (m_octets[at] == NO_OPERATION)
        {
            ++at;
            continue;
        }
        const std::size_t size = at + 1 < end ? m_octets[at + 1] : 0;
        if (size < 2 || at + size > end)
        {
            return;
        }
        if (m_octets[at] == WINDOW_SCALE && size == 3)
        {
            segment.offersScale = true;
            segment.scale = std::min<uint8_t>(m_octets[at + 2], 14); // RFC 7323 2.3
        }
        segment.permitsSelective |= m_octets[at] == SACK_PERMITTED && size == 2;
        for (std::size_t edge = 6; m_octets[at] == SACK && edge + 4 <= size; edge += 8)
        {
            const uint32_t value = Get32(at - m_begin + edge);
            if (static_cast<int32_t>(value - segment.selective) > 0)
            {
                segment.selective = value;
            }
        }
        at += size;
    }
}

NatSegment
NatHeader::GetSegment() const
{
    const uint16_t flags = Get16(m_headerSize + 12);
    NatSegment segment;
    segment.fin = (flags & 0x01) != 0;
    segment.syn = (flags & 0x02) != 0;
    segment.rst = (flags & 0x04) != 0;
    segment.ack = (flags & 0x10) != 0;
    segment.urg = (flags & 0x20) != 0;
    segment.sequence = Get32(m_headerSize + 4);
    segment.acknowledgment = Get32(m_headerSize + 8);
    segment.selective = segment.acknowledgment;
    segment.window = Get16(m_headerSize + 14);
    segment.length = static_cast<uint32_t>(m_end - m_begin - m_headerSize -
                                           static_cast<std::size_t>(flags >> 12) * 4);
    ReadOptions(segment);
    return segment;
}

Octets
MakeIcmpError(uint32_t source, uint8_t type, uint8_t code, uint32_t rest, const Octets& cause)
{
    const std::size_t quoted = std::min(cause.size(), LARGEST_ERROR - IP_HEADER - ICMP_HEADER);
    const uint32_t destination = static_cast<uint32_t>(cause[IP_SOURCE] << 24) |
                                 static_cast<uint32_t>(cause[IP_SOURCE + 1] << 16) |
                                 static_cast<uint32_t>(cause[IP_SOURCE + 2] << 8) |
                                 cause[IP_SOURCE + 3];
    Octets octets = MakeIpHeader(NatProtocol::ICMP, source, destination, ICMP_HEADER + quoted);
    OctetWriter(octets).U8(type).U8(code).U16(0).U32(rest);
    octets.insert(octets.end(), cause.begin(), cause.begin() + static_cast<std::ptrdiff_t>(quoted));
    NatHeader header(octets);
    header.Parse();
    header.SetIcmpChecksum();
    return octets;
}

Octets
MakeTcpReset(const NatHeader& header)
{
    const NatSegment segment = header.GetSegment();
    return segment.ack ? MakeTcpReset(header.GetDestination(),
                                      header.GetSource(),
                                      segment.acknowledgment,
                                      0,
                                      false)
                       : MakeTcpReset(header.GetDestination(),
                                      header.GetSource(),
                                      0,
                                      segment.GetEnd(),
                                      true);
}

Octets
MakeTcpReset(const NatEndpoint& source,
             const NatEndpoint& destination,
             uint32_t sequence,
             uint32_t acknowledgment,
             bool ack)
{
    Octets octets = MakeIpHeader(NatProtocol::TCP, source.address, destination.address, TCP_HEADER);
    OctetWriter(octets)
        .U16(source.port)
        .U16(destination.port)
        .U32(sequence)
        .U32(acknowledgment)
        .U16(ack ? 0x5014 : 0x5004)
        .U16(0)
        .U32(0);
    const uint32_t sum =
        GetPseudoSum(&octets[IP_SOURCE], static_cast<uint8_t>(NatProtocol::TCP), TCP_HEADER);
    Put16(octets, IP_HEADER + 16, GetInternetChecksum(&octets[IP_HEADER], TCP_HEADER, sum));
    return octets;
}

} // namespace p2pim
} // namespace ns3
