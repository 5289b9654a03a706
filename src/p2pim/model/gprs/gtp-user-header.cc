// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gtp-user-header.h"

#include "ns3/gtp.h"

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(GtpUserHeader);

namespace
{

constexpr uint8_t VERSION_1 = 0x30; // version 1, protocol type GTP, no flags
constexpr uint8_t G_PDU = 255;

} // namespace

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
