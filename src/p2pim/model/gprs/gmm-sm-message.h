// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GMM_SM_MESSAGE_H
#define P2PIM_GMM_SM_MESSAGE_H

#include "ns3/ipv4-address.h"
#include "ns3/octets.h"

#include <array>
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
 * GPRS mobility management and session management messages (TS 24.008 9.4 and 9.5), as far as
 * attach and the activation of a PDP context need them. Each is a struct of what varies; what does
 * not (capabilities, QoS of best effort) is written as a handset of the time would.
 */

/// Causes that the network gives (TS 24.008 10.5.5.14 and 10.5.6.6).
enum class GmmSmCause : uint8_t
{
    GPRS_NOT_ALLOWED = 7,
    INSUFFICIENT_RESOURCES = 26,
    MISSING_OR_UNKNOWN_APN = 27,
    ACTIVATION_REJECTED_BY_GGSN = 30,
    NETWORK_FAILURE = 38,
};

/// ATTACH REQUEST (9.4.1) with the IMSI as identity.
struct AttachRequest
{
    uint64_t imsi = 0; ///< 15 digits
};

/// AUTHENTICATION AND CIPHERING REQUEST (9.4.9).
struct AuthenticationAndCipheringRequest
{
    std::array<uint8_t, 16> rand{}; ///< the challenge
};

/// AUTHENTICATION AND CIPHERING RESPONSE (9.4.10).
struct AuthenticationAndCipheringResponse
{
    uint32_t sres = 0; ///< the signed response
};

/// ATTACH ACCEPT (9.4.2), GPRS only, with a new P-TMSI.
struct AttachAccept
{
    uint32_t ptmsi = 0;        ///< packet temporary mobile subscriber identity
    uint16_t locationArea = 1; ///< LAC
    uint8_t routingArea = 1;   ///< RAC
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

/// ACTIVATE PDP CONTEXT REQUEST (9.5.1) for a dynamic IPv4 address.
struct ActivatePdpContextRequest
{
    uint8_t nsapi = 5; ///< 5 to 15
    std::string apn;   ///< access point name, labels separated by dots
};

/// ACTIVATE PDP CONTEXT ACCEPT (9.5.2).
struct ActivatePdpContextAccept
{
    Ipv4Address address; ///< the PDP address
};

/// ACTIVATE PDP CONTEXT REJECT (9.5.3).
struct ActivatePdpContextReject
{
    GmmSmCause cause = GmmSmCause::NETWORK_FAILURE;
};

/// Any of the messages.
using GmmSmMessage = std::variant<AttachRequest,
                                  AuthenticationAndCipheringRequest,
                                  AuthenticationAndCipheringResponse,
                                  AttachAccept,
                                  AttachComplete,
                                  AttachReject,
                                  ActivatePdpContextRequest,
                                  ActivatePdpContextAccept,
                                  ActivatePdpContextReject>;

/**
 * @param message the message.
 * @return its octets, protocol discriminator first.
 */
Octets EncodeGmmSm(const GmmSmMessage& message);

/**
 * @param octets a message, protocol discriminator first.
 * @return the message; nothing if it is cut short, unknown, or a mandatory element is wrong.
 */
std::optional<GmmSmMessage> DecodeGmmSm(const Octets& octets);

/**
 * Writes an access point name as labels with their lengths (TS 23.003 9.1).
 *
 * @param apn labels separated by dots, 1 to 100 characters.
 * @return its octets.
 */
Octets EncodeApn(const std::string& apn);

/**
 * @param octets labels with their lengths.
 * @return the labels separated by dots; nothing if a length is wrong, or a character neither
 *         letter, digit nor hyphen.
 */
std::optional<std::string> DecodeApn(const Octets& octets);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GMM_SM_MESSAGE_H
