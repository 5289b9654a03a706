// SPDX-License-Identifier: GPL-2.0-only
#include "hostile-packets.h"

#include "ns3/nat-packet.h"

namespace p2pim::test
{

using namespace ns3::p2pim;

uint32_t
Get(const Octets& octets, std::size_t at, int size)
{
    uint32_t value = 0;
    for (int i = 0; i < size; ++i)
    {
        value = value << 8 | octets[at + static_cast<std::size_t>(i)];
    }
    return value;
}

void
Put(Octets& octets, std::size_t at, uint32_t value, int size)
{
    for (int i = 0; i < size; ++i)
    {
        octets[at + static_cast<std::size_t>(i)] =
            static_cast<uint8_t>(value >> 8 * (size - 1 - i));
    }
}

void
Seal(Octets& packet)
{
    Put(packet, 10, 0, 2);
    Put(packet, 10, GetInternetChecksum(packet.data(), IP_HEADER), 2);
}

Octets
MakeIp(uint8_t protocol, uint32_t from, uint32_t to, uint16_t identification, const Octets& payload)
{
    Octets octets;
    OctetWriter(octets)
        .U16(0x4500)
        .U16(static_cast<uint16_t>(IP_HEADER + payload.size()))
        .U16(identification)
        .U16(0)
        .U8(64)
        .U8(protocol)
        .U16(0)
        .U32(from)
        .U32(to)
        .Raw(payload);
    Seal(octets);
    return octets;
}

void
SealTransport(Octets& packet)
{
    const std::size_t size = packet.size() - IP_HEADER;
    const std::size_t at = IP_HEADER + (packet[9] == 6 ? 16 : packet[9] == 17 ? 6 : 2);
    Put(packet, at, 0, 2);
    Octets summed(packet.begin() + 12, packet.end());
    const uint32_t rest = packet[9] + static_cast<uint32_t>(size);
    const uint16_t sum = packet[9] == 1 ? GetInternetChecksum(&packet[IP_HEADER], size)
                                        : GetInternetChecksum(summed.data(), summed.size(), rest);
    Put(packet, at, sum == 0 && packet[9] == 17 ? 0xFFFF : sum, 2);
}

bool
IsInside(uint32_t address)
{
    return address >> 8 == INSIDE >> 8;
}

bool
IsUntouched(uint32_t address)
{
    return address >> 8 == UNTOUCHED >> 8;
}

bool
IsError(const Octets& packet)
{
    return packet[9] == 1 &&
           (packet[IP_HEADER] == 3 || packet[IP_HEADER] == 11 || packet[IP_HEADER] == 12);
}

bool
IsFragment(const Octets& packet)
{
    return (Get(packet, 6, 2) & 0x3FFF) != 0;
}

bool
IsOwn(uint32_t address)
{
    return address - OWN < 2;
}

uint32_t
GetOffset(const Octets& packet)
{
    return (Get(packet, 6, 2) & 0x1FFF) * 8;
}

std::pair<NatEndpoint, NatEndpoint>
GetEnds(const Octets& packet, std::size_t at)
{
    const std::size_t transport = at + static_cast<std::size_t>(packet[at] & 0x0F) * 4;
    NatEndpoint from{Get(packet, at + 12, 4), 0};
    NatEndpoint to{Get(packet, at + 16, 4), 0};
    if (packet[at + 9] == 1)
    {
        const uint8_t type = packet[transport];
        const bool isQuery = type == 8 || type == 13;
        (isQuery ? from : to).port = static_cast<uint16_t>(Get(packet, transport + 4, 2));
    }
    else
    {
        from.port = static_cast<uint16_t>(Get(packet, transport, 2));
        to.port = static_cast<uint16_t>(Get(packet, transport + 2, 2));
    }
    return {from, to};
}

} // namespace p2pim::test
