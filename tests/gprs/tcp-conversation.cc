// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/tcp-conversation.h"

#include "ns3/octets.h"

namespace p2pim::test
{

using ns3::p2pim::Octets;
using ns3::p2pim::OctetWriter;

namespace
{

constexpr std::size_t IP_HEADER = 20;
constexpr std::size_t TCP_HEADER = 20;
constexpr uint8_t PSH = 0x08;
constexpr uint8_t FIN = 0x01;
constexpr uint8_t URG = 0x20;

/// The Internet checksum (RFC 1071) of octets behind a sum.
uint16_t
GetChecksum(const uint8_t* octets, std::size_t size, uint32_t sum)
{
    for (std::size_t i = 0; i < size; ++i)
    {
        sum += i % 2 == 0 ? octets[i] << 8 : octets[i];
    }
    while (sum > 0xFFFF)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

void
Put16(uint8_t* at, uint16_t value)
{
    at[0] = static_cast<uint8_t>(value >> 8);
    at[1] = static_cast<uint8_t>(value);
}

} // namespace

std::vector<uint8_t>
MakeTcpPacket(const TcpFields& fields)
{
    const std::size_t tcpSize = TCP_HEADER + fields.options + fields.data;
    Octets packet;
    OctetWriter writer(packet);
    writer.U8(0x45).U8(fields.typeOfService).U16(static_cast<uint16_t>(IP_HEADER + tcpSize));
    writer.U16(fields.identification).U16(0x4000).U8(fields.ttl).U8(6).U16(0);
    writer.U32(0x0A000001).U32(0x0A000002);
    writer.U16(fields.sourcePort).U16(80).U32(fields.sequence).U32(fields.acknowledgement);
    writer.U8(static_cast<uint8_t>((TCP_HEADER + fields.options) / 4 << 4)).U8(fields.flags);
    writer.U16(fields.window).U16(0).U16(fields.urgent);
    packet.resize(packet.size() + fields.options, 1);
    for (std::size_t i = 0; i < fields.data; ++i)
    {
        writer.U8(static_cast<uint8_t>(fields.sequence + i));
    }
    Put16(&packet[10], GetChecksum(packet.data(), IP_HEADER, 0));
    if (fields.hasChecksum)
    {
        constexpr uint32_t addresses = 0x0A00 + 0x0001 + 0x0A00 + 0x0002;
        const auto pseudo = static_cast<uint32_t>(addresses + 6 + tcpSize);
        Put16(&packet[IP_HEADER + 16], GetChecksum(&packet[IP_HEADER], tcpSize, pseudo));
    }
    return packet;
}

TcpConversation::TcpConversation(uint16_t port, uint32_t begin)
{
    m_last.sourcePort = port;
    m_last.sequence = begin;
    m_last.acknowledgement = begin * 7;
}

std::vector<uint8_t>
TcpConversation::Next(std::mt19937& random)
{
    TcpFields next = m_last;
    next.flags = 0x10;
    next.urgent = 0;
    next.identification += 1 + (random() % 8 == 0 ? random() % 300 : 0);
    next.sequence += static_cast<uint32_t>(m_last.data);
    next.data = 0;
    switch (random() % 16)
    {
    case 0: // a window; never by what acks sum to, which the checksum would not show (RFC 1144 4.2)
        next.window += 0x1000;
        break;
    case 1: // a repetition
        next = m_last;
        ++next.identification;
        break;
    case 2:
        next.flags |= URG;
        next.urgent = 0x4000 + random() % 300;
        next.data = 1;
        break;
    case 3:
        if (random() % 20 == 0)
        {
            next.flags |= FIN;
        }
        break;
    case 4:
    case 5:
    case 6: // acks
        next.acknowledgement += 1 + random() % 3000;
        break;
    case 7:
    case 8:
    case 9: // keys and their echo
        next.acknowledgement += static_cast<uint32_t>(m_last.data);
        next.data = 1;
        next.flags |= PSH;
        break;
    default: // bulk
        next.data = random() % 4 == 0 ? 1 + random() % 1000 : 536;
        next.flags |= random() % 4 == 0 ? PSH : 0;
        break;
    }
    m_last = next;
    return MakeTcpPacket(next);
}

} // namespace p2pim::test
