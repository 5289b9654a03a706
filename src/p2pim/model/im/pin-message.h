// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PIN_MESSAGE_H
#define P2PIM_PIN_MESSAGE_H

#include "ns3/octets.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The datagrams of the PIN-to-PIN messaging service, between a phone and the relay. The protocol is
 * our own: the ones in use were never published. A phone is named by its PIN, 8 hexadecimal digits,
 * which stays when its network address changes; the relay maps PINs to addresses.
 *
 * Each datagram is one message. Numbers are in network order:
 *
 *      0       1       2       3
 *     +-------+-------+-------+-------+
 *     |ver|typ| status| body length   |   version 1 in the upper four bits
 *     +-------+-------+-------+-------+
 *     | message id                    |   a response has that of its request
 *     +-------------------------------+
 *     | PIN of the phone that sends or receives this datagram
 *     +-------------------------------+
 *     | body ...
 *
 * Bodies:
 *
 *     REGISTER      lifetime (4), s; 0 ends the registration
 *     REGISTER_ACK  lifetime granted (4), s
 *     SUBMIT        PIN of the receiver (4), validity (4), s, 0 for the relay's own;
 *                   options (1): bit 0 asks for a report; ports (4); user data
 *     SUBMIT_ACK    nothing
 *     DELIVER       PIN of the sender (4), ports (4), user data; the id is the sender's
 *     DELIVER_ACK   PIN of the sender (4)
 *     REPORT        PIN of the receiver (4); the id is that of the SUBMIT
 *     REPORT_ACK    PIN of the receiver (4)
 *
 * Ports are those of the application, that of the destination (2) first, then the originator's (2).
 */

/// What a datagram is.
enum class PinMessageType : uint8_t
{
    REGISTER = 1,     ///< phone to relay: this is my address
    REGISTER_ACK = 2, ///< relay to phone
    SUBMIT = 3,       ///< phone to relay: a message for another phone
    SUBMIT_ACK = 4,   ///< relay to phone: it is accepted, or not
    DELIVER = 5,      ///< relay to phone: a message from another phone
    DELIVER_ACK = 6,  ///< phone to relay
    REPORT = 7,       ///< relay to phone: what became of a message
    REPORT_ACK = 8,   ///< phone to relay
};

/// The outcome of a request, or in a REPORT of a message.
enum class PinStatus : uint8_t
{
    OK = 0,             ///< done; in a REPORT: delivered
    UNKNOWN_PIN = 1,    ///< the relay does not know the PIN
    NOT_REGISTERED = 2, ///< the sender is not registered at the address that it sends from
    STORE_FULL = 3,     ///< too many messages wait for the receiver
    EXPIRED = 4,        ///< REPORT: the validity period is over
};

/// A datagram. What the type has no field for is ignored when it is written.
struct PinMessage
{
    PinMessageType type = PinMessageType::REGISTER; ///< what it is
    PinStatus status = PinStatus::OK;               ///< outcome; OK in requests
    uint32_t id = 0;                                ///< names the message, with its sender's PIN
    uint32_t pin = 0;                               ///< the phone at the other end from the relay
    uint32_t peer = 0;            ///< the other phone, in all but REGISTER and SUBMIT_ACK
    uint32_t seconds = 0;         ///< lifetime of REGISTER and its ACK, validity of SUBMIT
    bool wantsReport = false;     ///< SUBMIT: a REPORT is asked for
    uint16_t destinationPort = 0; ///< SUBMIT, DELIVER
    uint16_t originatorPort = 0;  ///< SUBMIT, DELIVER
    Octets userData;              ///< SUBMIT, DELIVER: at most PIN_MAX_USER_DATA
};

/// Octets before the body.
constexpr std::size_t PIN_HEADER_SIZE = 12;
/// Most octets of user data, so that a datagram fits into 1280 octets with all its headers.
constexpr std::size_t PIN_MAX_USER_DATA = 1200;

/// What is wrong with a datagram.
enum class PinError : uint8_t
{
    NONE,               ///< nothing
    TRUNCATED,          ///< it ends within its fields
    BAD_VERSION,        ///< not version 1
    UNKNOWN_TYPE,       ///< not one of PinMessageType
    UNKNOWN_STATUS,     ///< not one of PinStatus
    BAD_LENGTH,         ///< its length is not what it says, or a field is left over
    USER_DATA_TOO_LONG, ///< more than PIN_MAX_USER_DATA
};

/**
 * @param message the message.
 * @param[out] datagram its octets, appended; unchanged on an error.
 * @return USER_DATA_TOO_LONG, or NONE.
 */
PinError EncodePinMessage(const PinMessage& message, Octets& datagram);

/**
 * @param datagram the octets.
 * @param[out] message what they say; unspecified on an error.
 * @return what is wrong with it.
 */
PinError DecodePinMessage(const Octets& datagram, PinMessage& message);

/// @return the eight digits of a PIN, such as "2000A001".
std::string FormatPin(uint32_t pin);

/**
 * @param text a text.
 * @return the PIN that it is; nothing if it is not eight hexadecimal digits.
 */
std::optional<uint32_t> ParsePin(const std::string& text);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PIN_MESSAGE_H
