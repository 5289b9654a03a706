// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SM_MESSAGE_H
#define P2PIM_SM_MESSAGE_H

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
 * Session management messages (TS 24.008 9.5), each a struct of what varies.
 */

/// Which transaction a message belongs to (TS 24.007 11.2.3.1.3).
struct TransactionId
{
    uint8_t value = 0;         ///< 0 to 6; each side has its own
    bool toOriginator = false; ///< the flag: the receiver, not the sender, opened the transaction
};

/// @return whether both are the same, flag and all.
bool operator==(const TransactionId& a, const TransactionId& b);

/// @return the identifier of a message in the other direction.
constexpr TransactionId
Reverse(TransactionId ti)
{
    return {ti.value, !ti.toOriginator};
}

/// ACTIVATE PDP CONTEXT REQUEST (9.5.1).
struct ActivatePdpContextRequest
{
    uint8_t nsapi = 5; ///< 5 to 15
    std::string apn{}; ///< access point name, labels separated by dots; none if empty
    TransactionId ti{};
    PdpAddress pdp{}; ///< static address, or none
    QosProfile qos = QosProfile::Subscribed();
};

/// ACTIVATE PDP CONTEXT ACCEPT (9.5.2).
struct ActivatePdpContextAccept
{
    Ipv4Address address{}; ///< the PDP address
    TransactionId ti{0, true};
    QosProfile qos{};          ///< negotiated
    uint8_t radioPriority = 4; ///< 1 to 4, the lowest
};

/// ACTIVATE PDP CONTEXT REJECT (9.5.3).
struct ActivatePdpContextReject
{
    GmmSmCause cause = GmmSmCause::NETWORK_FAILURE;
    TransactionId ti{0, true};
};

/// REQUEST PDP CONTEXT ACTIVATION of the network (9.5.7).
struct RequestPdpContextActivation
{
    Ipv4Address address{}; ///< offered, static
    std::string apn{};     ///< access point name, labels separated by dots; none if empty
    TransactionId ti{};
};

/// REQUEST PDP CONTEXT ACTIVATION REJECT of the station (9.5.8).
struct RequestPdpContextActivationReject
{
    GmmSmCause cause = GmmSmCause::INSUFFICIENT_RESOURCES;
    TransactionId ti{0, true};
};

/// MODIFY PDP CONTEXT REQUEST of the network (9.5.9).
struct MtModifyPdpContextRequest
{
    QosProfile qos{}; ///< new
    TransactionId ti{0, true};
    uint8_t radioPriority = 4;                         ///< 1 to 4, the lowest
    std::optional<Ipv4Address> address = std::nullopt; ///< given only now
};

/// MODIFY PDP CONTEXT ACCEPT of the station (9.5.11).
struct MtModifyPdpContextAccept
{
    TransactionId ti{};
};

/// MODIFY PDP CONTEXT REQUEST of the station (9.5.10).
struct MoModifyPdpContextRequest
{
    std::optional<QosProfile> qos = std::nullopt; ///< new
    TransactionId ti{};
};

/// MODIFY PDP CONTEXT ACCEPT of the network (9.5.12).
struct MoModifyPdpContextAccept
{
    std::optional<QosProfile> qos = std::nullopt; ///< negotiated
    TransactionId ti{0, true};
    std::optional<uint8_t> radioPriority = std::nullopt; ///< new, 1 to 4
};

/// MODIFY PDP CONTEXT REJECT of either side (9.5.13).
struct ModifyPdpContextReject
{
    GmmSmCause cause = GmmSmCause::QOS_NOT_ACCEPTED;
    TransactionId ti{0, true};
};

/// DEACTIVATE PDP CONTEXT REQUEST of either side (9.5.14). By default the station's.
struct DeactivatePdpContextRequest
{
    GmmSmCause cause = GmmSmCause::REGULAR_DEACTIVATION;
    TransactionId ti{};
    bool tearDown = false; ///< with all contexts of the same address and APN
};

/// DEACTIVATE PDP CONTEXT ACCEPT of either side (9.5.15). By default the network's.
struct DeactivatePdpContextAccept
{
    TransactionId ti{0, true};
};

/// SM STATUS (9.5.21).
struct SmStatus
{
    GmmSmCause cause = GmmSmCause::PROTOCOL_ERROR_UNSPECIFIED;
    TransactionId ti{};
};

/// Any of the messages.
using SmMessage = std::variant<ActivatePdpContextRequest,
                               ActivatePdpContextAccept,
                               ActivatePdpContextReject,
                               RequestPdpContextActivation,
                               RequestPdpContextActivationReject,
                               MtModifyPdpContextRequest,
                               MtModifyPdpContextAccept,
                               MoModifyPdpContextRequest,
                               MoModifyPdpContextAccept,
                               ModifyPdpContextReject,
                               DeactivatePdpContextRequest,
                               DeactivatePdpContextAccept,
                               SmStatus>;

/// Protocol discriminator of SM (TS 24.007 11.2.3.1.1).
constexpr uint8_t PD_SM = 0x0A;
/// Message type of SM STATUS (table 10.4a).
constexpr uint8_t SM_STATUS_TYPE = 0x55;
/// The transaction identifier that says that another octet of it follows (TS 24.007 11.2.3.1.3).
constexpr uint8_t EXTENDED_TRANSACTION = 7;

/// @return the octets of a message, protocol discriminator first.
Octets EncodeSm(const SmMessage& message);

/**
 * @param octets a message, protocol discriminator first.
 * @param direction who sent it.
 * @return the message; nothing if it is cut short, unknown, its transaction identifier is extended,
 *         or a mandatory element is wrong.
 */
std::optional<SmMessage> DecodeSm(const Octets& octets, GmmSmDirection direction);

/// @return whether a message of this type is known in this direction.
bool IsSmType(uint8_t type, GmmSmDirection direction);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SM_MESSAGE_H
