// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_MESSAGE_H
#define P2PIM_STUN_MESSAGE_H

#include "ns3/inet-socket-address.h"
#include "ns3/octets.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * The messages of STUN (RFC 8489), of the discovery of NAT behaviour (RFC 5780) and of TURN for TCP
 * (RFC 8656, RFC 6062), with addresses of IPv4.
 */

/// Octets of the header (RFC 8489 5).
constexpr std::size_t STUN_HEADER_SIZE = 20;
/// The second word of every message (RFC 8489 5).
constexpr uint32_t STUN_MAGIC_COOKIE = 0x2112A442;
/// The port of STUN and TURN over UDP and TCP (RFC 8489 8.1).
constexpr uint16_t STUN_PORT = 3478;

/// Names a request and its response.
using StunTransactionId = std::array<uint8_t, 12>;

/// What a message is about: 12 bits.
enum class StunMethod : uint16_t
{
    BINDING = 0x001,            ///< RFC 8489
    ALLOCATE = 0x003,           ///< RFC 8656
    REFRESH = 0x004,            ///< RFC 8656
    CREATE_PERMISSION = 0x008,  ///< RFC 8656
    CONNECT = 0x00A,            ///< RFC 6062
    CONNECTION_BIND = 0x00B,    ///< RFC 6062
    CONNECTION_ATTEMPT = 0x00C, ///< RFC 6062, an indication
};

/// What a message is.
enum class StunClass : uint8_t
{
    REQUEST = 0,
    INDICATION = 1, ///< wants no answer
    SUCCESS = 2,    ///< a response
    ERROR = 3,      ///< a response
};

/// Values of ERROR-CODE (RFC 8489 14.8, RFC 8656 19, RFC 6062 6.3).
enum class StunStatus : uint16_t
{
    BAD_REQUEST = 400,
    UNAUTHENTICATED = 401,
    FORBIDDEN = 403,
    UNKNOWN_ATTRIBUTE = 420,
    ALLOCATION_MISMATCH = 437,
    STALE_NONCE = 438,
    ADDRESS_FAMILY_NOT_SUPPORTED = 440,
    WRONG_CREDENTIALS = 441,
    UNSUPPORTED_TRANSPORT_PROTOCOL = 442,
    PEER_ADDRESS_FAMILY_MISMATCH = 443,
    CONNECTION_ALREADY_EXISTS = 446,
    CONNECTION_TIMEOUT_OR_FAILURE = 447,
    ALLOCATION_QUOTA_REACHED = 486,
    INSUFFICIENT_CAPACITY = 508,
};

/// @return the reason phrase of a status; empty for a code that is not listed.
const char* GetReason(StunStatus status);

/// CHANGE-REQUEST: answer from the other address (RFC 5780 7.2).
constexpr uint32_t STUN_CHANGE_ADDRESS = 0x4;
/// CHANGE-REQUEST: answer from the other port (RFC 5780 7.2).
constexpr uint32_t STUN_CHANGE_PORT = 0x2;
/// REQUESTED-TRANSPORT: IANA's number of TCP.
constexpr uint8_t STUN_TRANSPORT_TCP = 6;
/// REQUESTED-TRANSPORT: IANA's number of UDP.
constexpr uint8_t STUN_TRANSPORT_UDP = 17;
/// REQUESTED-ADDRESS-FAMILY and the family of addresses: IPv4.
constexpr uint8_t STUN_FAMILY_IPV4 = 1;

/// A message. Of an attribute that comes more than once the first counts (RFC 8489 14).
struct StunMessage
{
    StunMethod method = StunMethod::BINDING;
    StunClass messageClass = StunClass::REQUEST;
    StunTransactionId transactionId{};

    std::optional<InetSocketAddress> mappedAddress;     ///< MAPPED-ADDRESS
    std::optional<InetSocketAddress> xorMappedAddress;  ///< XOR-MAPPED-ADDRESS
    std::optional<InetSocketAddress> xorRelayedAddress; ///< XOR-RELAYED-ADDRESS
    std::optional<InetSocketAddress> responseOrigin;    ///< RESPONSE-ORIGIN
    std::optional<InetSocketAddress> otherAddress;      ///< OTHER-ADDRESS
    std::vector<InetSocketAddress> xorPeerAddresses;    ///< XOR-PEER-ADDRESS, all of them
    std::optional<uint32_t> lifetime;                   ///< LIFETIME, s
    std::optional<uint32_t> connectionId;               ///< CONNECTION-ID
    std::optional<uint32_t> changeRequest;              ///< CHANGE-REQUEST
    std::optional<uint8_t> requestedTransport;          ///< REQUESTED-TRANSPORT
    std::optional<uint8_t> requestedAddressFamily;      ///< REQUESTED-ADDRESS-FAMILY
    std::optional<std::string> software;                ///< SOFTWARE
    std::optional<std::string> username;                ///< USERNAME
    std::optional<std::string> nonce;                   ///< NONCE
    std::optional<std::string> realm;                   ///< REALM
    std::optional<StunStatus> errorCode;                ///< ERROR-CODE, 300 to 699
    std::string reason;                                 ///< ERROR-CODE, its phrase
    std::vector<uint16_t> unknownAttributes;            ///< UNKNOWN-ATTRIBUTES
    bool fingerprint = false;                           ///< there is a FINGERPRINT, a right one

    /// Attributes that must be understood (RFC 8489 14) and are not. Not written.
    std::vector<uint16_t> notUnderstood;
    /// There is EVEN-PORT, DONT-FRAGMENT or RESERVATION-TOKEN (RFC 6062 4.1). Not written.
    bool hasUdpOption = false;
    /// There is an address of a family that is not IPv4's. Not written.
    bool hasOtherFamily = false;
    /// Where MESSAGE-INTEGRITY begins; 0 if there is none. Not written: see EncodeStun.
    std::size_t integrityAt = 0;
};

/// What is wrong with a message.
enum class StunError : uint8_t
{
    NONE,            ///< nothing
    TRUNCATED,       ///< less than a header, or less than its length says
    NOT_STUN,        ///< its first two bits or its magic cookie are not STUN's
    BAD_LENGTH,      ///< not a multiple of 4, or octets are left over
    BAD_ATTRIBUTE,   ///< an attribute is cut or has another length or value than its type allows
    BAD_FINGERPRINT, ///< FINGERPRINT is wrong or not last
};

/**
 * @param message the message; texts are cut at 763 octets (RFC 8489 14).
 * @param key if it is not empty, a MESSAGE-INTEGRITY with this key is added.
 * @return its octets.
 */
Octets EncodeStun(const StunMessage& message, const Octets& key = {});

/**
 * @param octets the octets.
 * @param[out] message what they say. With BAD_ATTRIBUTE the fields of the header are right, after
 *             other errors nothing is. Attributes behind MESSAGE-INTEGRITY do not count.
 * @return what is wrong with them.
 */
StunError DecodeStun(const Octets& octets, StunMessage& message);

/**
 * @param octets the octets of a message.
 * @param message what DecodeStun() made of them.
 * @param key the key.
 * @return whether there is a MESSAGE-INTEGRITY with this key.
 */
bool HasStunIntegrity(const Octets& octets, const StunMessage& message, const Octets& key);

/// @return a response to @p request without attributes, with a FINGERPRINT if that had one.
StunMessage MakeStunResponse(const StunMessage& request, StunClass messageClass);

/// @return an error response to @p request.
StunMessage MakeStunError(const StunMessage& request, StunStatus status);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_MESSAGE_H
