// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GMM_MESSAGE_H
#define P2PIM_GMM_MESSAGE_H

#include "ns3/gmm-sm-elements.h"
#include "ns3/octets.h"

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * GPRS mobility management messages (TS 24.008 9.4). Each is a struct of what varies; what does not
 * (capabilities, DRX parameter) is written as a handset of the time would.
 *
 * A GPRS timer is kept as its octet: see EncodeGprsTimer(), DecodeGprsTimer().
 */

/// "No key is available" as ciphering key sequence number (10.5.1.2).
constexpr uint8_t NO_KEY = 7;

/// GPRS multislot class of a handset of the time: 4 slots down, 2 up, 5 in all (TS 45.002 annex B).
constexpr uint8_t HANDSET_MULTISLOT_CLASS = 10;

/// Attach type (10.5.5.2).
enum class AttachType : uint8_t
{
    GPRS = 1,
    GPRS_WHILE_IMSI_ATTACHED = 2,
    COMBINED = 3,
};

/// Attach result (10.5.5.1).
enum class AttachResult : uint8_t
{
    GPRS_ONLY = 1,
    COMBINED = 3,
};

/// Update type (10.5.5.18).
enum class UpdateType : uint8_t
{
    RA = 0,
    COMBINED = 1,
    COMBINED_WITH_IMSI_ATTACH = 2,
    PERIODIC = 3,
};

/// Update result (10.5.5.17).
enum class UpdateResult : uint8_t
{
    RA = 0,
    COMBINED = 1,
};

/// Type of detach that the station asks for (10.5.5.5).
enum class MoDetachType : uint8_t
{
    GPRS = 1,
    IMSI = 2,
    COMBINED = 3,
};

/// Type of detach that the network asks for (10.5.5.5).
enum class MtDetachType : uint8_t
{
    REATTACH_REQUIRED = 1,
    REATTACH_NOT_REQUIRED = 2,
    IMSI = 3, ///< after a VLR failure
};

/// ATTACH REQUEST (9.4.1).
struct AttachRequest
{
    uint64_t imsi = 0; ///< 15 digits; 0 if the P-TMSI is the identity
    /// If any it is the identity, in the IMSI's place.
    std::optional<uint32_t> ptmsi = std::nullopt;
    AttachType type = AttachType::GPRS;
    uint8_t cksn = NO_KEY; ///< ciphering key sequence number, 0 to 7
    /// Where the P-TMSI was given.
    RoutingAreaId oldRoutingArea = {1, 1, NO_LAC, 0, 2};
    std::optional<uint8_t> readyTimer = std::nullopt; ///< requested T3314
    uint8_t multislotClass = HANDSET_MULTISLOT_CLASS; ///< GPRS, 1 to 29; 0 none
};

/// ATTACH ACCEPT (9.4.2). A network as this always gives a P-TMSI.
struct AttachAccept
{
    uint32_t ptmsi = 0;        ///< packet temporary mobile subscriber identity
    uint16_t locationArea = 1; ///< LAC
    uint8_t routingArea = 1;   ///< RAC
    uint16_t mcc = 1;          ///< mobile country code
    uint16_t mnc = 1;          ///< mobile network code
    uint8_t mncDigits = 2;     ///< digits of the MNC, 2 or 3
    AttachResult result = AttachResult::GPRS_ONLY;
    uint8_t t3312 = GPRS_TIMER_54_MIN;                ///< periodic update
    std::optional<uint8_t> readyTimer = std::nullopt; ///< negotiated T3314
    std::optional<GmmSmCause> cause = std::nullopt;   ///< why a combined attach is for GPRS only

    /// @return LAC, RAC and what they belong to as one.
    RoutingAreaId GetRoutingAreaId() const;
    /// @param area where the station is attached.
    void SetRoutingAreaId(const RoutingAreaId& area);
};

/// ATTACH COMPLETE (9.4.3).
struct AttachComplete
{
};

/// ATTACH REJECT (9.4.4).
struct AttachReject
{
    GmmSmCause cause = GmmSmCause::GPRS_NOT_ALLOWED;
};

/// DETACH REQUEST of the station (9.4.5.2).
struct MoDetachRequest
{
    MoDetachType type = MoDetachType::GPRS;
    bool powerOff = false; ///< then there is no answer
    std::optional<uint32_t> ptmsi = std::nullopt;
};

/// DETACH ACCEPT by the network (9.4.6.2).
struct MoDetachAccept
{
};

/// DETACH REQUEST of the network (9.4.5.1).
struct MtDetachRequest
{
    MtDetachType type = MtDetachType::REATTACH_NOT_REQUIRED;
    std::optional<GmmSmCause> cause = std::nullopt;
};

/// DETACH ACCEPT by the station (9.4.6.1).
struct MtDetachAccept
{
};

/// ROUTING AREA UPDATE REQUEST (9.4.14).
struct RoutingAreaUpdateRequest
{
    UpdateType type = UpdateType::RA;
    uint8_t cksn = NO_KEY; ///< ciphering key sequence number, 0 to 7
    RoutingAreaId oldRoutingArea{};
    std::optional<uint8_t> readyTimer = std::nullopt; ///< requested T3314
    std::optional<uint32_t> ptmsi = std::nullopt;     ///< over Gb the TLLI tells it
    /// Bit n: the context of NSAPI n, 5 to 15, is active.
    std::optional<uint16_t> pdpContexts = std::nullopt;
    uint8_t multislotClass = HANDSET_MULTISLOT_CLASS; ///< GPRS, 1 to 29; 0 none
};

/// ROUTING AREA UPDATE ACCEPT (9.4.15).
struct RoutingAreaUpdateAccept
{
    UpdateResult result = UpdateResult::RA;
    uint8_t t3312 = GPRS_TIMER_54_MIN; ///< periodic update
    RoutingAreaId routingArea{};
    std::optional<uint32_t> ptmsi = std::nullopt;
    std::optional<uint8_t> readyTimer = std::nullopt; ///< negotiated T3314
    /// Why a combined update is for the routing area only.
    std::optional<GmmSmCause> cause = std::nullopt;
    /// Bit n: the context of NSAPI n, 5 to 15, is active.
    std::optional<uint16_t> pdpContexts = std::nullopt;
};

/// ROUTING AREA UPDATE COMPLETE (9.4.16).
struct RoutingAreaUpdateComplete
{
};

/// ROUTING AREA UPDATE REJECT (9.4.17).
struct RoutingAreaUpdateReject
{
    GmmSmCause cause = GmmSmCause::IMPLICITLY_DETACHED;
};

/// P-TMSI REALLOCATION COMMAND (9.4.7).
struct PtmsiReallocationCommand
{
    uint32_t ptmsi = 0;
    RoutingAreaId routingArea{};
};

/// P-TMSI REALLOCATION COMPLETE (9.4.8).
struct PtmsiReallocationComplete
{
};

/// AUTHENTICATION AND CIPHERING REQUEST (9.4.9).
struct AuthenticationAndCipheringRequest
{
    std::array<uint8_t, 16> rand{}; ///< the challenge
    uint8_t cksn = 0;               ///< sequence number of the key that comes of it, 0 to 6
    uint8_t reference = 0;          ///< A&C reference number, 0 to 15; the response has the same
};

/// AUTHENTICATION AND CIPHERING RESPONSE (9.4.10).
struct AuthenticationAndCipheringResponse
{
    uint32_t sres = 0;     ///< the signed response
    uint8_t reference = 0; ///< A&C reference number, 0 to 15
};

/// AUTHENTICATION AND CIPHERING REJECT (9.4.11).
struct AuthenticationAndCipheringReject
{
};

/// IDENTITY REQUEST (9.4.12).
struct IdentityRequest
{
    IdentityType type = IdentityType::IMSI;
};

/// IDENTITY RESPONSE (9.4.13).
struct IdentityResponse
{
    MobileIdentity identity{};
};

/// GMM STATUS (9.4.18).
struct GmmStatus
{
    GmmSmCause cause = GmmSmCause::PROTOCOL_ERROR_UNSPECIFIED;
};

/// Any of the messages.
using GmmMessage = std::variant<AttachRequest,
                                AttachAccept,
                                AttachComplete,
                                AttachReject,
                                MoDetachRequest,
                                MoDetachAccept,
                                MtDetachRequest,
                                MtDetachAccept,
                                RoutingAreaUpdateRequest,
                                RoutingAreaUpdateAccept,
                                RoutingAreaUpdateComplete,
                                RoutingAreaUpdateReject,
                                PtmsiReallocationCommand,
                                PtmsiReallocationComplete,
                                AuthenticationAndCipheringRequest,
                                AuthenticationAndCipheringResponse,
                                AuthenticationAndCipheringReject,
                                IdentityRequest,
                                IdentityResponse,
                                GmmStatus>;

/// Protocol discriminator of GMM (TS 24.007 11.2.3.1.1).
constexpr uint8_t PD_GMM = 0x08;
/// Message type of GMM STATUS (table 10.4).
constexpr uint8_t GMM_STATUS_TYPE = 0x20;

/// @return the octets of a message, protocol discriminator first.
Octets EncodeGmm(const GmmMessage& message);

/**
 * @param octets a message, protocol discriminator first.
 * @param direction who sent it.
 * @return the message; nothing if it is cut short, unknown, or a mandatory element is wrong.
 */
std::optional<GmmMessage> DecodeGmm(const Octets& octets, GmmSmDirection direction);

/// @return whether a message of this type is known in this direction.
bool IsGmmType(uint8_t type, GmmSmDirection direction);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GMM_MESSAGE_H
