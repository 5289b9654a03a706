// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_PACKET_H
#define P2PIM_NAT_PACKET_H

#include "ns3/nat-endpoint.h"
#include "ns3/nat-result.h"
#include "ns3/octets.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// A TCP segment as a middle box sees it (RFC 9293 3.1).
struct NatSegment
{
    bool syn = false;
    bool ack = false;
    bool fin = false;
    bool rst = false;
    bool urg = false;
    uint32_t sequence = 0;
    uint32_t acknowledgment = 0;
    uint32_t selective = 0;        ///< highest edge of its SACK blocks, or the acknowledgment
    uint32_t length = 0;           ///< octets of data
    uint16_t window = 0;           ///< as it is written
    uint8_t scale = 0;             ///< shift count of a window scale option
    bool hasOptions = false;       ///< there are any options
    bool offersScale = false;      ///< there is such an option
    bool permitsSelective = false; ///< there is a SACK-permitted option

    /// @return the sequence number behind it.
    uint32_t GetEnd() const;
};

/**
 * A header of IPv4 with what follows it, in place: the octets of a packet, or those that an ICMP
 * error quotes. Addresses and ports are rewritten with their checksums (RFC 1624).
 */
class NatHeader
{
  public:
    /**
     * @param octets where it lies; must outlive the header.
     * @param begin where it begins.
     */
    explicit NatHeader(Octets& octets, std::size_t begin = 0);

    /**
     * Looks at the lengths; nothing else may be called unless they fit.
     *
     * @param quoted whether an ICMP error quotes it, which may cut it behind eight octets.
     * @return NONE, MALFORMED or UNSUPPORTED.
     */
    NatCause Parse(bool quoted = false);
    /// Looks at the header behind that of IPv4; of a fragment Parse() does not. @return MALFORMED
    /// or NONE.
    NatCause CheckTransport() const;

    /// @return whether the checksum of the header is right.
    bool HasRightHeaderChecksum() const;
    /// @return whether the checksum of TCP, UDP or ICMP is right, or there is none.
    bool HasRightTransportChecksum() const;

    NatProtocol GetProtocol() const;
    uint32_t GetSourceAddress() const;
    uint32_t GetDestinationAddress() const;
    uint8_t GetTtl() const;
    bool MayBeFragmented() const;
    /// @return whether it is a fragment.
    bool IsFragment() const;
    /// @return octets of the datagram before this fragment.
    std::size_t GetFragmentOffset() const;
    /// @return whether fragments follow.
    bool HasMoreFragments() const;
    uint16_t GetIdentification() const;
    /// @return octets of the IPv4 header.
    std::size_t GetHeaderSize() const;
    /// @return octets of the packet.
    std::size_t GetSize() const;

    /// @return whether it is an ICMP error that RFC 5508 translates: types 3, 11 and 12.
    bool IsError() const;
    /// @return whether it asks (echo, timestamp: RFC 5508 REQ-10).
    bool IsQuery() const;
    /// @return whether it answers a query.
    bool IsReply() const;
    /// @return where the packet that an error quotes begins.
    std::size_t GetQuoted() const;

    /// @return its source; of a query that the subscriber sends with its identifier.
    NatEndpoint GetSource() const;
    /// @return its destination; of a reply that the subscriber gets with its identifier.
    NatEndpoint GetDestination() const;
    /// Gives it another source; of ICMP with a port the identifier.
    void SetSource(const NatEndpoint& source, bool checksums);
    /// Gives it another destination.
    void SetDestination(const NatEndpoint& destination, bool checksums);
    /// Puts the checksum of ICMP right after what it quotes was changed.
    void SetIcmpChecksum();

    /// @return the segment; of TCP only.
    NatSegment GetSegment() const;

  private:
    uint16_t Get16(std::size_t offset) const;
    uint32_t Get32(std::size_t offset) const;
    std::size_t GetTransportChecksumOffset() const;
    void Set(bool source, const NatEndpoint& endpoint, bool checksums);
    void Replace16(std::size_t offset, uint16_t value, bool inHeader, bool inTransport);
    void Update(std::size_t checksum, uint16_t before, uint16_t after, bool isUdp);
    void ReadOptions(NatSegment& segment) const;

    Octets& m_octets;
    std::size_t m_begin;
    std::size_t m_headerSize = 0;
    std::size_t m_end = 0; ///< behind what there is of it
};

/// @return the Internet checksum of octets (RFC 1071), with what was summed up before.
uint16_t GetInternetChecksum(const uint8_t* octets, std::size_t size, uint32_t sum = 0);

/**
 * @param source of the error.
 * @param type of ICMP.
 * @param code of it.
 * @param rest its second four octets.
 * @param cause the packet that it is about.
 * @return an ICMP error to its source, with as much of it as 576 octets hold (RFC 1812 4.3.2.3).
 */
Octets MakeIcmpError(uint32_t source,
                     uint8_t type,
                     uint8_t code,
                     uint32_t rest,
                     const Octets& cause);

/// @return a RST in answer to a segment (RFC 9293 3.10.7.1).
Octets MakeTcpReset(const NatHeader& header);

/// @return a RST with these numbers.
Octets MakeTcpReset(const NatEndpoint& source,
                    const NatEndpoint& destination,
                    uint32_t sequence,
                    uint32_t acknowledgment,
                    bool ack);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_PACKET_H
