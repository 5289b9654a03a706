// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GTP_H
#define P2PIM_GTP_H

#include "ns3/gmm-sm-elements.h"
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
 * The messages of GTP version 1 (TS 29.060 7): path management, tunnel management, and of the user
 * plane all but the G-PDU, for whose header see gtp-user-header.h.
 *
 * The sequence number of a response is its request's. `teid` is the one of the header: the
 * receiver's for control, 0 while the sender does not know it, and where there is no such member.
 */

constexpr uint16_t GTP_C_PORT = 2123; ///< UDP port of GTP-C (TS 29.060 10.1.1)
constexpr uint16_t GTP_U_PORT = 2152; ///< UDP port of GTP-U (TS 29.060 10.1.2)

/// Causes of a response (TS 29.060 7.7.1).
enum class GtpCause : uint8_t
{
    // of requests
    REACTIVATION_REQUESTED = 6,
    PDP_ADDRESS_INACTIVITY_TIMER_EXPIRES = 7,
    NETWORK_FAILURE = 8,
    QOS_PARAMETER_MISMATCH = 9,

    // accepted
    REQUEST_ACCEPTED = 128,

    // rejected
    NON_EXISTENT = 192,
    INVALID_MESSAGE_FORMAT = 193,
    IMSI_NOT_KNOWN = 194,
    MS_IS_GPRS_DETACHED = 195,
    MS_IS_NOT_GPRS_RESPONDING = 196,
    MS_REFUSES = 197,
    VERSION_NOT_SUPPORTED = 198,
    NO_RESOURCES_AVAILABLE = 199,
    SERVICE_NOT_SUPPORTED = 200,
    MANDATORY_IE_INCORRECT = 201,
    MANDATORY_IE_MISSING = 202,
    OPTIONAL_IE_INCORRECT = 203,
    SYSTEM_FAILURE = 204,
    ROAMING_RESTRICTION = 205,
    PTMSI_SIGNATURE_MISMATCH = 206,
    GPRS_CONNECTION_SUSPENDED = 207,
    AUTHENTICATION_FAILURE = 208,
    USER_AUTHENTICATION_FAILED = 209,
    CONTEXT_NOT_FOUND = 210,
    ALL_DYNAMIC_PDP_ADDRESSES_OCCUPIED = 211,
    NO_MEMORY_AVAILABLE = 212,
    RELOCATION_FAILURE = 213,
    UNKNOWN_MANDATORY_EXTENSION_HEADER = 214,
    SEMANTIC_ERROR_IN_TFT = 215,
    SYNTACTIC_ERROR_IN_TFT = 216,
    SEMANTIC_ERROR_IN_PACKET_FILTER = 217,
    SYNTACTIC_ERROR_IN_PACKET_FILTER = 218,
    MISSING_OR_UNKNOWN_APN = 219,
    UNKNOWN_PDP_ADDRESS_OR_TYPE = 220,
    PDP_CONTEXT_WITHOUT_TFT_ALREADY_ACTIVATED = 221,
    APN_ACCESS_DENIED = 222,
};

/// Echo Request (7.2.1), for either plane.
struct GtpEchoRequest
{
    uint16_t sequence = 0;
};

/// Echo Response (7.2.2).
struct GtpEchoResponse
{
    uint16_t sequence = 0;
    uint8_t recovery = 0; ///< restart counter; the user plane's receiver ignores it
};

/// Version Not Supported (7.2.3): answers a message of a later version.
struct GtpVersionNotSupported
{
    uint16_t sequence = 0;
};

/// Create PDP Context Request (7.3.1).
struct CreatePdpContextRequest
{
    uint16_t sequence = 0;
    uint64_t imsi = 0;                   ///< 15 digits
    uint32_t teidData = 0;               ///< where the SGSN wants G-PDUs
    uint32_t teidControl = 0;            ///< where the SGSN wants control messages
    uint8_t nsapi = 5;                   ///< 5 to 15
    std::string apn{};                   ///< labels separated by dots
    Ipv4Address sgsn{};                  ///< address of the SGSN
    std::string msisdn{};                ///< E.164 digits without "+"
    std::optional<uint8_t> recovery = 0; ///< the SGSN's restart counter
    uint8_t selectionMode = 0;      ///< 0: the APN is subscribed; 1, 2: the MS, the network chose
    PdpAddress endUser{};           ///< static address, or none
    QosProfile qos{};               ///< requested
    uint8_t allocationPriority = 2; ///< allocation and retention, 1 (high) to 3
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
    Ipv4Address endUser{};               ///< the PDP address
    Ipv4Address ggsn{};                  ///< address of the GGSN
    std::optional<uint8_t> recovery = 0; ///< the GGSN's restart counter
    bool reordering = false;             ///< G-PDUs have to be put into order
    QosProfile qos{};                    ///< negotiated
    uint8_t allocationPriority = 2;      ///< allocation and retention, 1 (high) to 3
};

/// Update PDP Context Request (7.3.3) of an SGSN, which gives its TEIDs and address, or of a GGSN,
/// which does not.
struct UpdatePdpContextRequest
{
    uint16_t sequence = 0;
    uint32_t teid = 0;
    uint8_t nsapi = 5; ///< 5 to 15
    QosProfile qos{};  ///< new
    std::optional<uint8_t> recovery = std::nullopt;
    std::optional<uint32_t> teidData = std::nullopt;    ///< where the SGSN wants G-PDUs from now on
    std::optional<uint32_t> teidControl = std::nullopt; ///< where the SGSN wants control messages
    Ipv4Address sgsn{};             ///< address of the SGSN, if there is a teidData
    uint8_t allocationPriority = 2; ///< allocation and retention, 1 (high) to 3
};

/// Update PDP Context Response (7.3.4).
struct UpdatePdpContextResponse
{
    uint16_t sequence = 0;
    uint32_t teid = 0;
    GtpCause cause = GtpCause::REQUEST_ACCEPTED;
    std::optional<uint8_t> recovery = std::nullopt;
    // only when accepted:
    std::optional<uint32_t> teidData = std::nullopt;    ///< where the sender wants G-PDUs
    std::optional<uint32_t> teidControl = std::nullopt; ///< where the sender wants control messages
    std::optional<uint32_t> chargingId = std::nullopt;
    std::optional<Ipv4Address> gsn = std::nullopt; ///< address of the sender
    std::optional<QosProfile> qos = std::nullopt;  ///< negotiated
    uint8_t allocationPriority = 2;                ///< allocation and retention, 1 (high) to 3
};

/// Delete PDP Context Request (7.3.5) of either side.
struct DeletePdpContextRequest
{
    uint16_t sequence = 0;
    uint32_t teid = 0;
    uint8_t nsapi = 5;     ///< 5 to 15
    bool teardown = false; ///< with all contexts of the same address
};

/// Delete PDP Context Response (7.3.6).
struct DeletePdpContextResponse
{
    uint16_t sequence = 0;
    uint32_t teid = 0; ///< 0 if there is no such context
    GtpCause cause = GtpCause::REQUEST_ACCEPTED;
};

/// PDU Notification Request (7.3.8): the GGSN has packets for a static address without a context.
struct PduNotificationRequest
{
    uint16_t sequence = 0;
    uint64_t imsi = 0;        ///< 15 digits
    uint32_t teidControl = 0; ///< where the GGSN wants the answer and a reject
    PdpAddress endUser{};     ///< the static address
    std::string apn{};        ///< labels separated by dots
    Ipv4Address ggsn{};       ///< address of the GGSN
};

/// PDU Notification Response (7.3.9): whether the SGSN asks the station.
struct PduNotificationResponse
{
    uint16_t sequence = 0;
    uint32_t teid = 0; ///< the GGSN's
    GtpCause cause = GtpCause::REQUEST_ACCEPTED;
};

/// PDU Notification Reject Request (7.3.10): the station does not activate the context.
struct PduNotificationRejectRequest
{
    uint16_t sequence = 0;
    uint32_t teid = 0; ///< the GGSN's
    GtpCause cause = GtpCause::MS_REFUSES;
    uint32_t teidControl = 0; ///< where the SGSN wants the answer
    PdpAddress endUser{};     ///< the static address
    std::string apn{};        ///< labels separated by dots
};

/// PDU Notification Reject Response (7.3.11).
struct PduNotificationRejectResponse
{
    uint16_t sequence = 0;
    uint32_t teid = 0;
    GtpCause cause = GtpCause::REQUEST_ACCEPTED;
};

/// Error Indication (7.3.7), on the user plane's port: for a G-PDU there is no context.
struct GtpErrorIndication
{
    uint16_t sequence = 0;
    uint32_t teidData = 0; ///< the TEID of the G-PDU's header
    Ipv4Address address{}; ///< where the G-PDU was sent to
};

/// A message of the control plane, or one of the user plane that is no G-PDU.
using GtpMessage = std::variant<GtpEchoRequest,
                                GtpEchoResponse,
                                GtpVersionNotSupported,
                                CreatePdpContextRequest,
                                CreatePdpContextResponse,
                                UpdatePdpContextRequest,
                                UpdatePdpContextResponse,
                                DeletePdpContextRequest,
                                DeletePdpContextResponse,
                                PduNotificationRequest,
                                PduNotificationResponse,
                                PduNotificationRejectRequest,
                                PduNotificationRejectResponse,
                                GtpErrorIndication>;

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
 * @param octets a UDP payload on the GTP-U port.
 * @return the Echo Request, Echo Response or Error Indication that it is; nothing if it is another
 *         message, a G-PDU too.
 */
std::optional<GtpMessage> DecodeGtpUser(const Octets& octets);

/**
 * @param octets a UDP payload on the GTP-C port that DecodeGtp() refuses.
 * @return what TS 29.060 11.1 has answered to it: Version Not Supported, or the response to a
 *         request, with the cause; nothing if it is to be dropped.
 */
std::optional<GtpMessage> AnswerGtpFault(const Octets& octets);

/// @return the restart counter that a message carries, if any.
std::optional<uint8_t> GetRecovery(const GtpMessage& message);

/// @return the sequence number of a message.
uint16_t GetSequence(const GtpMessage& message);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GTP_H
