// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SNDCP_H
#define P2PIM_SNDCP_H

#include "ns3/octets.h"
#include "ns3/tcp-header-compression.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The subnetwork dependent convergence protocol (TS 44.065), on octets and not on fragments of an
 * ns-3 Packet: LLC puts a check sequence over each octet of an SN-PDU, so they have to be real, and
 * this is the faster of both. An octet is copied once on either side.
 */

/// Most octets of an N-PDU (TS 23.060 9.3).
constexpr std::size_t SNDCP_MAX_NPDU = 1502;
/// The first NSAPI of user data (TS 44.065 6.1).
constexpr uint8_t SNDCP_FIRST_NSAPI = 5;
/// The last NSAPI.
constexpr uint8_t SNDCP_LAST_NSAPI = 15;

/// The header of an SN-PDU (7.2).
struct SndcpHeader
{
    bool first = true;                 ///< F: the first segment of an N-PDU
    bool unitdata = true;              ///< T: SN-UNITDATA, else SN-DATA
    bool more = false;                 ///< M: segments follow
    uint8_t nsapi = SNDCP_FIRST_NSAPI; ///< 5 to 15
    uint8_t dcomp = 0;                 ///< first segment: data compression, 0 for none
    uint8_t pcomp = 0;                 ///< first segment: protocol control information compression
    uint8_t segment = 0;               ///< SN-UNITDATA: 0 to 15
    uint16_t npduNumber = 0;           ///< SN-UNITDATA: 0 to 4095; first SN-DATA: 0 to 255
};

/// What is wrong with an SN-PDU.
enum class SndcpError : uint8_t
{
    NONE,           ///< nothing
    TRUNCATED,      ///< it ends too early
    RESERVED_NSAPI, ///< below 5
    SEGMENT_NUMBER  ///< the first segment is not number 0, or another is
};

/**
 * Appends a header.
 *
 * @param header its fields.
 * @param[in,out] octets where.
 */
void EncodeSndcpHeader(const SndcpHeader& header, Octets& octets);

/**
 * @param octets an SN-PDU.
 * @param size its octets.
 * @param[out] header its fields.
 * @param[out] headerSize octets of the header; the rest is the segment.
 * @return what is wrong.
 */
SndcpError DecodeSndcpHeader(const uint8_t* octets,
                             std::size_t size,
                             SndcpHeader& header,
                             std::size_t& headerSize);

/// How a PDP context uses SNDCP.
struct SndcpParameters
{
    bool acknowledged = false;     ///< SN-DATA over acknowledged LLC, else SN-UNITDATA
    uint16_t n201 = 500;           ///< N201-U or N201-I of the SAPI, octets; at least 140
    uint16_t tcpSlots = 0;         ///< RFC 1144: connections that are kept, 1 to 256; 0: not used
    uint8_t pcompUncompressed = 1; ///< PCOMP1, uncompressed TCP, 1 to 15
    uint8_t pcompCompressed = 2;   ///< PCOMP2, compressed TCP, 1 to 15
};

/// What has come of an SN-PDU, or of an N-PDU.
enum class SndcpOutcome : uint8_t
{
    NPDU,                ///< an N-PDU is complete
    MORE,                ///< segments are missing
    MALFORMED,           ///< dropped: no SN-PDU (SndcpError)
    UNKNOWN_NSAPI,       ///< dropped: no such PDP context, or the wrong mode of transfer
    NO_FIRST_SEGMENT,    ///< dropped: of an N-PDU whose first segment was lost
    MISSING_SEGMENT,     ///< N-PDU discarded: a segment between others was lost
    TOO_LONG,            ///< N-PDU discarded: over SNDCP_MAX_NPDU
    UNKNOWN_COMPRESSION, ///< N-PDU discarded: DCOMP or PCOMP not agreed on
    DECOMPRESSION,       ///< N-PDU discarded: RFC 1144 does not know its header any more
    OUTCOMES
};

/// What Receive() says.
struct SndcpReception
{
    SndcpOutcome outcome = SndcpOutcome::MORE; ///< what has become of it
    uint8_t nsapi = 0;                         ///< whose, unless malformed
    Octets npdu;                               ///< if complete
    std::size_t completed = 0;                 ///< octets of the SN-PDUs that made up the N-PDU
    std::size_t discarded = 0;                 ///< octets of SN-PDUs whose N-PDU is lost
};

/// What has become of N-PDUs of an NSAPI.
struct SndcpCounters
{
    uint64_t sent = 0;       ///< N-PDUs cut into segments
    uint64_t delivered = 0;  ///< N-PDUs put together
    uint64_t refused = 0;    ///< N-PDUs not sent: longer than SNDCP_MAX_NPDU or than 16 segments
    uint64_t unfinished = 0; ///< N-PDUs discarded: the last segments were lost
    uint64_t skipped = 0;    ///< N-PDUs of which nothing has arrived, by their numbers
    /// N-PDUs discarded, by outcome; of one whose segments are dropped one by one, only the first.
    std::array<uint64_t, static_cast<std::size_t>(SndcpOutcome::OUTCOMES)> discarded{};
};

/**
 * SNDCP of one phone, or of one phone in the SGSN: cuts N-PDUs into SN-PDUs that fit LLC frames and
 * puts them together again (6.7), numbers N-PDUs, detects losses, and compresses TCP/IP headers if
 * asked to (6.5). LLC delivers SN-PDUs in order, so a segment that does not follow the last one is
 * a loss; the rest of its N-PDU is then discarded.
 */
class SndcpEntity
{
  public:
    SndcpEntity();
    ~SndcpEntity();
    SndcpEntity(SndcpEntity&&) noexcept;
    SndcpEntity& operator=(SndcpEntity&&) noexcept;

    /**
     * SNSM-ACTIVATE-IND: begins, or begins anew, with the N-PDU number 0.
     *
     * @param nsapi 5 to 15.
     * @param parameters how it is used.
     * @return whether the arguments are in range and the PCOMPs differ.
     */
    bool Activate(uint8_t nsapi, const SndcpParameters& parameters);

    /// SNSM-DEACTIVATE-IND. @param nsapi 5 to 15; nothing happens if it is not active.
    void Deactivate(uint8_t nsapi);

    /// @return whether an NSAPI is active.
    bool IsActive(uint8_t nsapi) const;

    /**
     * SN-UNITDATA-REQ or SN-DATA-REQ.
     *
     * @param nsapi an active one.
     * @param npdu an IPv4 packet.
     * @param size its octets.
     * @return SN-PDUs for LLC in order; none if there is no such NSAPI or the N-PDU is too long.
     */
    std::vector<Octets> Segment(uint8_t nsapi, const uint8_t* npdu, std::size_t size);

    /// Segment() of a packet's octets.
    std::vector<Octets> Segment(uint8_t nsapi, Ptr<const Packet> npdu);

    /**
     * Takes in an SN-PDU.
     *
     * @param pdu its octets.
     * @param size how many.
     * @return what has come of it.
     */
    SndcpReception Receive(const uint8_t* pdu, std::size_t size);

    /// @return octets of SN-PDUs whose N-PDU is not yet complete, of an NSAPI or, if 0, of all.
    std::size_t GetHeld(uint8_t nsapi = 0) const;

    /// @return what has become of N-PDUs; zeros if the NSAPI is not active.
    SndcpCounters GetCounters(uint8_t nsapi) const;

  private:
    struct Context;

    Context* Find(uint8_t nsapi) const;

    std::vector<std::unique_ptr<Context>> m_contexts; ///< few, so searched
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SNDCP_H
