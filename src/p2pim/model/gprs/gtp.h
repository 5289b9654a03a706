// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GTP_H
#define P2PIM_GTP_H

#include "ns3/header.h"
#include "ns3/ipv4-address.h"
#include "ns3/octets.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * GTP version 1 (TS 29.060): the control messages that set up a tunnel, and the header of the user
 * plane.
 */

constexpr uint16_t GTP_C_PORT = 2123; ///< UDP port of GTP-C (TS 29.060 10.1.1)
constexpr uint16_t GTP_U_PORT = 2152; ///< UDP port of GTP-U (TS 29.060 10.1.2)

/// Causes of a response (TS 29.060 7.7.1).
enum class GtpCause : uint8_t
{
    REQUEST_ACCEPTED = 128,
    ALL_DYNAMIC_PDP_ADDRESSES_OCCUPIED = 211,
    MISSING_OR_UNKNOWN_APN = 219,
};

/// Create PDP Context Request (7.3.1) for a dynamic IPv4 address.
struct CreatePdpContextRequest
{
    uint16_t sequence = 0;
    uint64_t imsi = 0;        ///< 15 digits
    uint32_t teidData = 0;    ///< where the SGSN wants G-PDUs
    uint32_t teidControl = 0; ///< where the SGSN wants control messages
    uint8_t nsapi = 5;        ///< 5 to 15
    std::string apn;          ///< labels separated by dots
    Ipv4Address sgsn;         ///< address of the SGSN
    std::string msisdn;       ///< E.164 digits without "+"
};

/// Create PDP Context Response (7.3.2).
struct CreatePdpContextResponse
{
    uint16_t sequence = 0;
    uint32_t teid = 0; ///< of the header: the SGSN's control TEID
    GtpCause cause = GtpCause::REQUEST_ACCEPTED;
    // only when accepted:
    uint32_t teidData = 0;    ///< where the GGSN wants G-PDUs
    uint32_t teidControl = 0; ///< where the GGSN wants control messages
    uint32_t chargingId = 0;
    Ipv4Address endUser; ///< the PDP address
    Ipv4Address ggsn;    ///< address of the GGSN
};

/// A control message.
using GtpMessage = std::variant<CreatePdpContextRequest, CreatePdpContextResponse>;

/**
 * @param message the message.
 * @return its octets, GTP header first.
 */
Octets EncodeGtp(const GtpMessage& message);

/**
 * @param octets a UDP payload on the GTP-C port.
 * @return the message; nothing if it is cut short, of another version, unknown, or lacks a
 *         mandatory element.
 */
std::optional<GtpMessage> DecodeGtp(const Octets& octets);

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

#endif // P2PIM_GTP_H
