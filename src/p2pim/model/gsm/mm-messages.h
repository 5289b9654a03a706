// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MM_MESSAGES_H
#define P2PIM_MM_MESSAGES_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Messages of the MM sublayer (TS 24.008 9.2), and the first message of a connection, which may
 * also be of RR.
 */

/// Protocol discriminator of MM (TS 24.007 11.2.3.1.1).
constexpr uint8_t PD_MM = 0x05;

/// Message types of MM (TS 24.008 10.4).
enum class MmType : uint8_t
{
    IMSI_DETACH_INDICATION = 0x01,
    LOCATION_UPDATING_ACCEPT = 0x02,
    LOCATION_UPDATING_REJECT = 0x04,
    LOCATION_UPDATING_REQUEST = 0x08,
    AUTHENTICATION_REJECT = 0x11,
    AUTHENTICATION_REQUEST = 0x12,
    AUTHENTICATION_RESPONSE = 0x14,
    CM_SERVICE_ACCEPT = 0x21,
    CM_SERVICE_REJECT = 0x22,
    CM_SERVICE_REQUEST = 0x24
};

/// The random challenge of an authentication.
using Rand = std::array<uint8_t, 16>;
/// Its signed response.
using Sres = std::array<uint8_t, 4>;

/// What a CM SERVICE REQUEST is for (TS 24.008 10.5.3.3).
enum class CmServiceType : uint8_t
{
    MOBILE_ORIGINATING_CALL = 0x01,
    SHORT_MESSAGE_SERVICE = 0x04
};

/// Why a phone updates its location (TS 24.008 10.5.3.5).
enum class LocationUpdatingType : uint8_t
{
    NORMAL = 0x00,
    PERIODIC = 0x01,
    IMSI_ATTACH = 0x02
};

/// @return CM SERVICE REQUEST of @p imsi for a @p service (TS 24.008 9.2.9).
std::vector<uint8_t> EncodeCmServiceRequest(
    uint64_t imsi,
    CmServiceType service = CmServiceType::SHORT_MESSAGE_SERVICE);
/**
 * @param imsi who.
 * @param type why.
 * @param locationAreaCode LAC of the area where the phone was registered last; the network is that
 * of its IMSI.
 * @return LOCATION UPDATING REQUEST (TS 24.008 9.2.15).
 */
std::vector<uint8_t> EncodeLocationUpdatingRequest(uint64_t imsi,
                                                   LocationUpdatingType type,
                                                   uint16_t locationAreaCode);
/// @return LOCATION UPDATING ACCEPT of @p imsi in the area with @p locationAreaCode (TS 24.008
/// 9.2.13).
std::vector<uint8_t> EncodeLocationUpdatingAccept(uint64_t imsi, uint16_t locationAreaCode);
/// @return LOCATION UPDATING REJECT with a @p cause (TS 24.008 9.2.14, 10.5.3.6).
std::vector<uint8_t> EncodeLocationUpdatingReject(uint8_t cause);
/// @return IMSI DETACH INDICATION of @p imsi (TS 24.008 9.2.12).
std::vector<uint8_t> EncodeImsiDetachIndication(uint64_t imsi);
/// @return CM SERVICE ACCEPT (TS 24.008 9.2.5).
std::vector<uint8_t> EncodeCmServiceAccept();
/// @return CM SERVICE REJECT with a @p cause (TS 24.008 9.2.6, 10.5.3.6).
std::vector<uint8_t> EncodeCmServiceReject(uint8_t cause);
/// @return AUTHENTICATION REQUEST with @p rand (TS 24.008 9.2.2).
std::vector<uint8_t> EncodeAuthenticationRequest(const Rand& rand);
/// @return AUTHENTICATION RESPONSE with @p sres (TS 24.008 9.2.3).
std::vector<uint8_t> EncodeAuthenticationResponse(const Sres& sres);
/// @return AUTHENTICATION REJECT (TS 24.008 9.2.1).
std::vector<uint8_t> EncodeAuthenticationReject();

/// @return the challenge of an AUTHENTICATION REQUEST, or nothing.
std::optional<Rand> DecodeAuthenticationRequest(const uint8_t* message, std::size_t size);
/// @return the response of an AUTHENTICATION RESPONSE, or nothing.
std::optional<Sres> DecodeAuthenticationResponse(const uint8_t* message, std::size_t size);

/**
 * @param message an L3 message.
 * @param size its length in octets.
 * @return its MM type without the send sequence number, or nothing if it is no MM message.
 */
std::optional<MmType> GetMmType(const uint8_t* message, std::size_t size);

/// What the first message of a connection says.
struct InitialMessage
{
    /// Which it is.
    enum class Kind : uint8_t
    {
        SHORT_MESSAGE_SERVICE, ///< CM SERVICE REQUEST
        CALL,                  ///< CM SERVICE REQUEST
        PAGING_RESPONSE,
        LOCATION_UPDATING,
        IMSI_DETACH
    };

    Kind kind = Kind::SHORT_MESSAGE_SERVICE; ///< which
    uint64_t imsi = 0;                       ///< who
};

/// @return what the first message of a connection says, or nothing if it is none that is known.
std::optional<InitialMessage> DecodeInitialMessage(const uint8_t* message, std::size_t size);

/**
 * A3 (TS 43.020 C.2) for simulation: any function that both ends know. The key is derived from the
 * IMSI.
 *
 * @param imsi whose key.
 * @param rand the challenge.
 * @return the signed response.
 */
Sres ComputeSres(uint64_t imsi, const Rand& rand);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MM_MESSAGES_H
