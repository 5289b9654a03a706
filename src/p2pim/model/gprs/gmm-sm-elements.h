// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GMM_SM_ELEMENTS_H
#define P2PIM_GMM_SM_ELEMENTS_H

#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/octets.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Information elements that GMM, SM and GTP messages share (TS 24.008 10.5).
 */

/// Who sends a message: some types mean something else in the other direction.
enum class GmmSmDirection : uint8_t
{
    UPLINK,   ///< the mobile station
    DOWNLINK, ///< the network
};

/// Causes of GMM (TS 24.008 10.5.5.14), of SM (10.5.6.6), and of errors of protocol in both. The
/// same number may be a cause of either, with two meanings.
enum class GmmSmCause : uint8_t
{
    // GMM
    IMSI_UNKNOWN_IN_HLR = 2,
    ILLEGAL_MS = 3,
    IMEI_NOT_ACCEPTED = 5,
    ILLEGAL_ME = 6,
    GPRS_NOT_ALLOWED = 7,
    GPRS_AND_NON_GPRS_NOT_ALLOWED = 8,
    MS_IDENTITY_CANNOT_BE_DERIVED = 9,
    IMPLICITLY_DETACHED = 10,
    PLMN_NOT_ALLOWED = 11,
    LOCATION_AREA_NOT_ALLOWED = 12,
    ROAMING_NOT_ALLOWED_IN_LOCATION_AREA = 13,
    GPRS_NOT_ALLOWED_IN_PLMN = 14,
    NO_SUITABLE_CELLS_IN_LOCATION_AREA = 15,
    MSC_TEMPORARILY_NOT_REACHABLE = 16,
    GMM_NETWORK_FAILURE = 17,
    MAC_FAILURE = 20,
    SYNCH_FAILURE = 21,
    CONGESTION = 22,
    GSM_AUTHENTICATION_UNACCEPTABLE = 23,
    NO_PDP_CONTEXT_ACTIVATED = 40,
    RETRY_UPON_ENTRY_INTO_NEW_CELL = 48,

    // SM
    OPERATOR_DETERMINED_BARRING = 8,
    LLC_OR_SNDCP_FAILURE = 25,
    INSUFFICIENT_RESOURCES = 26,
    MISSING_OR_UNKNOWN_APN = 27,
    UNKNOWN_PDP_ADDRESS_OR_TYPE = 28,
    USER_AUTHENTICATION_FAILED = 29,
    ACTIVATION_REJECTED_BY_GGSN = 30,
    ACTIVATION_REJECTED_UNSPECIFIED = 31,
    SERVICE_OPTION_NOT_SUPPORTED = 32,
    SERVICE_OPTION_NOT_SUBSCRIBED = 33,
    SERVICE_OPTION_TEMPORARILY_OUT_OF_ORDER = 34,
    NSAPI_ALREADY_USED = 35,
    REGULAR_DEACTIVATION = 36,
    QOS_NOT_ACCEPTED = 37,
    NETWORK_FAILURE = 38,
    REACTIVATION_REQUIRED = 39,
    FEATURE_NOT_SUPPORTED = 40,
    SEMANTIC_ERROR_IN_TFT = 41,
    SYNTACTICAL_ERROR_IN_TFT = 42,
    UNKNOWN_PDP_CONTEXT = 43,
    SEMANTIC_ERROR_IN_PACKET_FILTER = 44,
    SYNTACTICAL_ERROR_IN_PACKET_FILTER = 45,
    PDP_CONTEXT_WITHOUT_TFT_ALREADY_ACTIVATED = 46,
    INVALID_TRANSACTION_IDENTIFIER = 81,

    // both
    SEMANTICALLY_INCORRECT_MESSAGE = 95,
    INVALID_MANDATORY_INFORMATION = 96,
    MESSAGE_TYPE_NON_EXISTENT = 97,
    MESSAGE_TYPE_NOT_COMPATIBLE_WITH_STATE = 98,
    INFORMATION_ELEMENT_NON_EXISTENT = 99,
    CONDITIONAL_IE_ERROR = 100,
    MESSAGE_NOT_COMPATIBLE_WITH_STATE = 101,
    PROTOCOL_ERROR_UNSPECIFIED = 111,
};

/// Routing area identification (10.5.5.15).
struct RoutingAreaId
{
    uint16_t mcc = 1;      ///< mobile country code, 0 to 999
    uint16_t mnc = 1;      ///< mobile network code, 0 to 999
    uint16_t lac = 1;      ///< location area code
    uint8_t rac = 1;       ///< routing area code
    uint8_t mncDigits = 2; ///< digits of the MNC, 2 or 3
};

/// @return whether both are the same routing area.
bool operator==(const RoutingAreaId& a, const RoutingAreaId& b);
/// @return whether they are two routing areas.
bool operator!=(const RoutingAreaId& a, const RoutingAreaId& b);

/// The LAC that says that there is no valid routing area (TS 23.003 4.1).
constexpr uint16_t NO_LAC = 0xFFFE;

/// Quality of service as of Release 97 (10.5.6.5), in the element's numbers. By default what a
/// network gave: best effort.
struct QosProfile
{
    uint8_t delayClass = 4;       ///< 1 to 4, 4 is best effort; 0 as subscribed
    uint8_t reliabilityClass = 3; ///< 1 to 5: 2 acknowledged LLC and RLC, 3 RLC only, 4 neither
    uint8_t peakThroughput = 4;   ///< 1 to 9: 1000 octets/s times a power of 2; 4 is 8000
    uint8_t precedenceClass = 2;  ///< 1 (high) to 3 (low)
    uint8_t meanThroughput = 31;  ///< 1 to 18; 31 is best effort

    /// @return what a station asks for that takes what it has subscribed to.
    static constexpr QosProfile Subscribed()
    {
        return {0, 0, 0, 0, 0};
    }
};

/// @return whether both profiles are the same.
bool operator==(const QosProfile& a, const QosProfile& b);
/// @return whether they differ.
bool operator!=(const QosProfile& a, const QosProfile& b);

/// Octets of a QoS profile of Release 97.
constexpr std::size_t QOS_OCTETS = 3;

/// @return a profile's three octets (10.5.6.5, octets 3 to 5).
Octets EncodeQos(const QosProfile& qos);

/**
 * @param octets octet 3 of the element and those behind it; those of later releases are ignored.
 * @return the profile; nothing if they are fewer than three.
 */
std::optional<QosProfile> DecodeQos(const Octets& octets);

/// PDP type number IPv4 of the organisation IETF (10.5.6.4, octets 3 and 4).
constexpr uint16_t PDP_TYPE_IPV4 = 0x0121;
/// PDP type number IPv6 of the organisation IETF.
constexpr uint16_t PDP_TYPE_IPV6 = 0x0157;
/// PDP type number PPP of the organisation ETSI.
constexpr uint16_t PDP_TYPE_PPP = 0x0001;

/// Type and address of a PDP context (10.5.6.4).
struct PdpAddress
{
    uint16_t type = PDP_TYPE_IPV4;                     ///< organisation and number
    std::optional<Ipv4Address> address = std::nullopt; ///< none: the network is to give one
};

/// @return whether type and address are the same.
bool operator==(const PdpAddress& a, const PdpAddress& b);

/// @return the octets of a PDP address, from octet 3 of its element on.
Octets EncodePdpAddress(const PdpAddress& pdp);

/**
 * @param octets octet 3 of the element and those behind it; the high half of the first is spare.
 * @return the address, which only an IPv4 PDP type has; nothing if the length is wrong.
 */
std::optional<PdpAddress> DecodePdpAddress(const Octets& octets);

/// T3312 of 54 min as a GPRS timer: nine decihours (table 11.3).
constexpr uint8_t GPRS_TIMER_54_MIN = 0x49;

/**
 * Writes a GPRS timer (10.5.7.3): 0 to 31 units of 2 s, 1 min or 6 min.
 *
 * @param time the time, or nothing if the timer is deactivated.
 * @return the octet for the representable time that is nearest, in the smallest unit.
 */
uint8_t EncodeGprsTimer(std::optional<Time> time);

/// @return the time of a GPRS timer; nothing if it is deactivated.
std::optional<Time> DecodeGprsTimer(uint8_t octet);

/// Types of mobile identity (10.5.1.4, 10.5.5.9).
enum class IdentityType : uint8_t
{
    IMSI = 1,
    IMEI = 2,
    IMEISV = 3,
    TMSI = 4, ///< in GMM the P-TMSI
};

/// A mobile identity (10.5.1.4).
struct MobileIdentity
{
    IdentityType type = IdentityType::IMSI;
    uint64_t value = 0; ///< 15 digits; an IMEISV's 16; a TMSI's 32 bits
};

/// @return whether both are the same identity.
bool operator==(const MobileIdentity& a, const MobileIdentity& b);

/// @return the octets of an identity, from octet 3 of its element on.
Octets EncodeMobileIdentity(const MobileIdentity& identity);

/**
 * @param octets octet 3 of the element and those behind it.
 * @return the identity; nothing if a digit is none, or their number is not the type's.
 */
std::optional<MobileIdentity> DecodeMobileIdentity(const Octets& octets);

/**
 * Writes an MS radio access capability (10.5.5.12a): E-GSM 900, power class 4, A5/1.
 *
 * @param multislotClass GPRS multislot class, 1 to 29 (TS 45.002 annex B), or 0 for none.
 * @return the octets, from octet 3 of the element on.
 */
Octets EncodeRadioCapability(uint8_t multislotClass);

/// @return the GPRS multislot class of the first access technology; 0 if none is told.
uint8_t DecodeRadioCapability(const Octets& octets);

/// Appends a routing area identification, six octets.
void AppendRoutingArea(const RoutingAreaId& area, OctetWriter& out);

/// @return a routing area identification; nothing if it is cut short, or a digit is none.
std::optional<RoutingAreaId> ReadRoutingArea(FieldReader& in);

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

/**
 * What is behind the mandatory elements of a message: elements in any order, those that are not
 * known skipped by their form (TS 24.007 11.2.4), of those that are repeated the first
 * (TS 24.008 8.6.3).
 */
class OptionalElements
{
  public:
    /// An element of fixed length (format TV) that is not the half of an octet.
    struct Fixed
    {
        uint8_t identifier;
        uint8_t length; ///< octets behind the identifier
    };

    /**
     * @param in behind the mandatory elements. It fails if an element is cut short, or if one that
     *        is not known must be comprehended (TS 24.007 11.2.5).
     * @param fixed elements of the message that have no octet of length.
     */
    OptionalElements(FieldReader& in, std::initializer_list<Fixed> fixed);

    /**
     * @param identifier of an element; of one in half an octet, with zero in the other half.
     * @return its value, or null if there is no such element.
     */
    const Octets* Find(uint8_t identifier) const;

  private:
    std::vector<std::pair<uint8_t, Octets>> m_elements;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GMM_SM_ELEMENTS_H
