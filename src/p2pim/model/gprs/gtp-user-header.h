// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GTP_USER_HEADER_H
#define P2PIM_GTP_USER_HEADER_H

#include "ns3/header.h"
#include "ns3/ipv4-address.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * What is in front of a T-PDU on the Gn interface: IPv4 (20 octets, with its checksum), UDP (8, no
 * checksum, as RFC 768 allows over IPv4) and the short GTP-U header (8).
 */
class GtpUserHeader : public Header
{
  public:
    /// Octets in front of a T-PDU.
    static constexpr uint32_t SIZE = 36;

    GtpUserHeader() = default;

    /**
     * @param source address of the sending GSN.
     * @param destination address of the receiving GSN.
     * @param teid the receiver's tunnel endpoint identifier.
     * @param payload octets of the T-PDU.
     */
    GtpUserHeader(Ipv4Address source, Ipv4Address destination, uint32_t teid, uint16_t payload);

    /// @return the type.
    static TypeId GetTypeId();
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

    /// @return the receiver's tunnel endpoint identifier.
    uint32_t GetTeid() const;

  private:
    Ipv4Address m_source;
    Ipv4Address m_destination;
    uint32_t m_teid = 0;
    uint16_t m_payload = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GTP_USER_HEADER_H
