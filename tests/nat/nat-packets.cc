// SPDX-License-Identifier: GPL-2.0-only
#include "nat-packets.h"

#include <arpa/inet.h>
#include <array>
#include <cstdio>
#include <utility>

namespace p2pim::test
{

namespace
{

using ns3::p2pim::OctetWriter;

uint16_t
Get16(const Octets& octets, std::size_t at)
{
    return at + 1 < octets.size() ? static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]) : 0;
}

uint32_t
Get32(const Octets& octets, std::size_t at)
{
    return static_cast<uint32_t>(Get16(octets, at)) << 16 | Get16(octets, at + 2);
}

void
Put16(Octets& octets, std::size_t at, uint16_t value)
{
    octets[at] = static_cast<uint8_t>(value >> 8);
    octets[at + 1] = static_cast<uint8_t>(value);
}

/// Written apart from that of the model, so that one checks the other.
uint16_t
Checksum(const Octets& octets)
{
    uint32_t sum = 0;
    for (std::size_t i = 0; i < octets.size(); i += 2)
    {
        sum += static_cast<uint32_t>(octets[i] << 8);
        sum += i + 1 < octets.size() ? octets[i + 1] : 0;
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

Octets
MakePseudoHeader(uint32_t source, uint32_t destination, uint8_t protocol, const Octets& payload)
{
    Octets octets;
    OctetWriter(octets)
        .U32(source)
        .U32(destination)
        .U16(protocol)
        .U16(static_cast<uint16_t>(payload.size()))
        .Raw(payload);
    return octets;
}

std::string
ToText(uint32_t address)
{
    const in_addr raw{htonl(address)};
    std::array<char, INET_ADDRSTRLEN> text{};
    inet_ntop(AF_INET, &raw, text.data(), text.size());
    return text.data();
}

std::string
GetEnds(const Octets& packet, std::size_t payload)
{
    return ToText(Get32(packet, 12)) + ":" + std::to_string(Get16(packet, payload)) + ">" +
           ToText(Get32(packet, 16)) + ":" + std::to_string(Get16(packet, payload + 2));
}

std::string
DescribeQuoted(const Octets& quoted)
{
    const std::size_t header = static_cast<std::size_t>(quoted[0] & 0x0F) * 4;
    const bool isRight =
        Checksum({quoted.begin(), quoted.begin() + static_cast<long>(header)}) == 0;
    const std::string bad = isRight ? "" : " BADSUM";
    switch (quoted[9])
    {
    case 6:
        return "[TCP " + GetEnds(quoted, header) + bad + "]";
    case 17:
        return "[UDP " + GetEnds(quoted, header) + bad + "]";
    default:
        return "[ICMP " + ToText(Get32(quoted, 12)) + ">" + ToText(Get32(quoted, 16)) +
               " id=" + std::to_string(Get16(quoted, header + 4)) + bad + "]";
    }
}

std::string
DescribeIcmp(const Octets& packet, const Octets& payload)
{
    const int type = payload[0];
    std::string text = "ICMP " + ToText(Get32(packet, 12)) + ">" + ToText(Get32(packet, 16)) +
                       " type=" + std::to_string(type);
    if (type == 3 || type == 11 || type == 12)
    {
        const Octets quoted(payload.begin() + 8, payload.end());
        return text + " code=" + std::to_string(payload[1]) +
               " mtu=" + std::to_string(Get16(payload, 6)) + " " + DescribeQuoted(quoted);
    }
    return text + " id=" + std::to_string(Get16(payload, 4));
}

std::string
DescribeTcp(const Octets& packet, const Octets& payload, std::size_t header)
{
    std::string flags;
    for (const auto& [letter, bit] : {std::pair{'S', 2}, {'F', 1}, {'R', 4}, {'P', 8}, {'A', 16}})
    {
        flags += (payload[13] & bit) != 0 ? std::string(1, letter) : "";
    }
    const std::size_t data = static_cast<std::size_t>(payload[12] >> 4) * 4;
    return "TCP " + GetEnds(packet, header) + " [" + flags +
           "] seq=" + std::to_string(Get32(payload, 4)) +
           " ack=" + std::to_string(Get32(payload, 8)) +
           " len=" + std::to_string(payload.size() - data);
}

} // namespace

NatEndpoint
At(const std::string& text)
{
    const std::size_t colon = text.find(':');
    in_addr raw{};
    inet_pton(AF_INET, text.substr(0, colon).c_str(), &raw);
    const int port = colon == std::string::npos ? 0 : std::stoi(text.substr(colon + 1));
    return {ntohl(raw.s_addr), static_cast<uint16_t>(port)};
}

Octets
MakeIp(uint8_t protocol,
       uint32_t source,
       uint32_t destination,
       const Octets& payload,
       const IpFields& fields)
{
    Octets octets;
    const int flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
    OctetWriter(octets)
        .U16(0x4500)
        .U16(static_cast<uint16_t>(20 + payload.size()))
        .U16(fields.identification)
        .U16(static_cast<uint16_t>(flags | fields.offset / 8))
        .U8(fields.ttl)
        .U8(protocol)
        .U16(0)
        .U32(source)
        .U32(destination);
    Put16(octets, 10, Checksum(octets));
    octets.insert(octets.end(), payload.begin(), payload.end());
    return octets;
}

Octets
MakeUdp(const std::string& from, const std::string& to, std::size_t size, const IpFields& fields)
{
    const NatEndpoint source = At(from);
    const NatEndpoint destination = At(to);
    Octets payload;
    OctetWriter(payload)
        .U16(source.port)
        .U16(destination.port)
        .U16(static_cast<uint16_t>(8 + size))
        .U16(0);
    payload.resize(8 + size, 'x');
    Put16(payload, 6, Checksum(MakePseudoHeader(source.address, destination.address, 17, payload)));
    return MakeIp(17, source.address, destination.address, payload, fields);
}

Octets
MakeTcp(const std::string& from,
        const std::string& to,
        const std::string& flags,
        uint32_t sequence,
        uint32_t acknowledgment,
        std::size_t size,
        uint16_t window,
        const Octets& options,
        const IpFields& fields)
{
    const NatEndpoint source = At(from);
    const NatEndpoint destination = At(to);
    uint16_t bits = 0;
    for (const char flag : flags)
    {
        bits |= static_cast<uint16_t>(1U << std::string("FSRPAU").find(flag));
    }
    const auto offset = static_cast<uint16_t>((5 + options.size() / 4) << 12);
    Octets payload;
    OctetWriter(payload)
        .U16(source.port)
        .U16(destination.port)
        .U32(sequence)
        .U32(acknowledgment)
        .U16(offset | bits)
        .U16(window)
        .U32(0)
        .Raw(options);
    payload.resize(payload.size() + size, 'd');
    Put16(payload, 16, Checksum(MakePseudoHeader(source.address, destination.address, 6, payload)));
    return MakeIp(6, source.address, destination.address, payload, fields);
}

Octets
MakeEcho(const std::string& from,
         const std::string& to,
         uint16_t identifier,
         uint8_t type,
         const IpFields& fields)
{
    Octets payload;
    OctetWriter(payload).U8(type).U8(0).U16(0).U16(identifier).U16(1).U32(0x70696E67);
    Put16(payload, 2, Checksum(payload));
    return MakeIp(1, At(from).address, At(to).address, payload, fields);
}

Octets
MakeError(const std::string& from,
          const std::string& to,
          uint8_t type,
          uint8_t code,
          const Octets& about,
          uint32_t rest,
          std::size_t quoted)
{
    Octets payload;
    OctetWriter(payload).U8(type).U8(code).U16(0).U32(rest);
    payload.insert(payload.end(),
                   about.begin(),
                   about.begin() + static_cast<long>(std::min(quoted, about.size())));
    Put16(payload, 2, Checksum(payload));
    return MakeIp(1, At(from).address, At(to).address, payload);
}

std::pair<Octets, Octets>
CutInTwo(const Octets& packet, std::size_t first)
{
    const auto begin = packet.begin() + 20;
    const auto middle = begin + static_cast<long>(first);
    IpFields fields;
    fields.identification = Get16(packet, 4);
    fields.moreFragments = true;
    const Octets head =
        MakeIp(packet[9], Get32(packet, 12), Get32(packet, 16), Octets(begin, middle), fields);
    fields.moreFragments = false;
    fields.offset = static_cast<uint16_t>(first);
    return {head,
            MakeIp(packet[9],
                   Get32(packet, 12),
                   Get32(packet, 16),
                   Octets(middle, packet.end()),
                   fields)};
}

Octets
WithOptions(Octets packet, const Octets& options)
{
    packet.insert(packet.begin() + 20, options.begin(), options.end());
    packet[0] = static_cast<uint8_t>(0x45 + options.size() / 4);
    Put16(packet, 2, static_cast<uint16_t>(packet.size()));
    Put16(packet, 10, 0);
    const auto end = packet.begin() + 20 + static_cast<long>(options.size());
    Put16(packet, 10, Checksum({packet.begin(), end}));
    return packet;
}

std::string
Describe(const Octets& packet)
{
    const std::size_t header = static_cast<std::size_t>(packet[0] & 0x0F) * 4;
    const Octets payload(packet.begin() + static_cast<long>(header), packet.end());
    const int protocol = packet[9];
    const bool isFragment = (Get16(packet, 6) & 0x3FFF) != 0;
    bool isRight = Checksum({packet.begin(), packet.begin() + static_cast<long>(header)}) == 0;
    std::string text;
    constexpr std::size_t readable = 40; // octets that the other texts need
    const bool isCut = isFragment && payload.size() < readable;
    if (isCut || (Get16(packet, 6) & 0x1FFF) != 0)
    {
        text = ToText(Get32(packet, 12)) + ">" + ToText(Get32(packet, 16)) +
               " len=" + std::to_string(payload.size());
    }
    else if (protocol == 17)
    {
        text = "UDP " + GetEnds(packet, header) + " len=" + std::to_string(payload.size() - 8);
    }
    else if (protocol == 6)
    {
        text = DescribeTcp(packet, payload, header);
    }
    else
    {
        text = DescribeIcmp(packet, payload);
        isRight = isRight && Checksum(payload) == 0;
    }
    if (!isFragment && (protocol == 6 || (protocol == 17 && Get16(payload, 6) != 0)))
    {
        isRight = isRight && Checksum(MakePseudoHeader(Get32(packet, 12),
                                                       Get32(packet, 16),
                                                       static_cast<uint8_t>(protocol),
                                                       payload)) == 0;
    }
    if (isFragment)
    {
        text += " at=" + std::to_string((Get16(packet, 6) & 0x1FFF) * 8) +
                ((Get16(packet, 6) & 0x2000) != 0 ? "+" : "");
    }
    return text + (isRight ? "" : " BADSUM");
}

} // namespace p2pim::test
