// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/pcp-message.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t VERSION = 2;
constexpr uint8_t MAP_OPCODE = 1;
constexpr uint8_t RESPONSE_BIT = 0x80;
constexpr std::size_t MAP_SIZE = 60;   ///< header of 24 octets and MAP's 36
constexpr std::size_t MAX_SIZE = 1100; ///< RFC 6887 7

/// An IPv4 address in the place of an IPv6 one (RFC 6887 5).
void
WriteAddress(OctetWriter& out, Ipv4Address address)
{
    out.U32(0).U32(0).U32(0xFFFF).U32(address.Get());
}

Ipv4Address
ReadAddress(FieldReader& in)
{
    in.U32();
    in.U32();
    in.U32();
    return Ipv4Address(in.U32());
}

} // namespace

Octets
EncodePcp(const PcpMap& message)
{
    Octets datagram;
    OctetWriter out(datagram);
    out.U8(VERSION).U8(message.isResponse ? RESPONSE_BIT | MAP_OPCODE : MAP_OPCODE).U8(0);
    out.U8(static_cast<uint8_t>(message.result)).U32(message.lifetime);
    if (message.isResponse)
    {
        out.U32(message.epoch).U32(0).U32(0).U32(0);
    }
    else
    {
        WriteAddress(out, message.client);
    }
    out.Raw(Octets(message.nonce.begin(), message.nonce.end()));
    out.U8(message.protocol).U8(0).U16(0).U16(message.internalPort).U16(message.externalPort);
    WriteAddress(out, message.externalAddress);
    return datagram;
}

PcpResult
DecodePcp(const Octets& datagram, PcpMap& message)
{
    FieldReader in(datagram);
    const auto version = in.U8();
    const auto opcode = in.U8();
    in.U8();
    message = PcpMap();
    message.isResponse = (opcode & RESPONSE_BIT) != 0;
    message.result = static_cast<PcpResult>(in.U8());
    message.lifetime = in.U32();
    if (in.HasFailed() || datagram.size() > MAX_SIZE || datagram.size() % 4 != 0)
    {
        return PcpResult::MALFORMED_REQUEST;
    }
    if (version != VERSION)
    {
        return PcpResult::UNSUPP_VERSION;
    }
    if ((opcode & ~RESPONSE_BIT) != MAP_OPCODE)
    {
        return PcpResult::UNSUPP_OPCODE;
    }
    if (datagram.size() < MAP_SIZE)
    {
        return PcpResult::MALFORMED_REQUEST;
    }
    if (message.isResponse)
    {
        message.epoch = in.U32();
        in.Raw(12);
    }
    else
    {
        message.client = ReadAddress(in);
    }
    const auto nonce = in.Raw(message.nonce.size());
    std::copy(nonce.begin(), nonce.end(), message.nonce.begin());
    message.protocol = in.U8();
    in.Raw(3);
    message.internalPort = in.U16();
    message.externalPort = in.U16();
    message.externalAddress = ReadAddress(in);
    return PcpResult::SUCCESS;
}

} // namespace p2pim
} // namespace ns3
