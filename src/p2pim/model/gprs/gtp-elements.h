// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GTP_ELEMENTS_H
#define P2PIM_GTP_ELEMENTS_H

#include "ns3/gmm-sm-elements.h"
#include "ns3/gtp.h"
#include "ns3/ipv4-address.h"
#include "ns3/octets.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Types of information elements (TS 29.060 table 37); below 128 the type tells the length.
enum class GtpIe : uint8_t
{
    CAUSE = 1,
    IMSI = 2,
    REORDERING_REQUIRED = 8,
    RECOVERY = 14,
    SELECTION_MODE = 15,
    TEID_DATA = 16,
    TEID_CONTROL = 17,
    TEARDOWN_IND = 19,
    NSAPI = 20,
    CHARGING_ID = 127,
    END_USER_ADDRESS = 128,
    APN = 131,
    GSN_ADDRESS = 133,
    MSISDN = 134,
    QOS = 135,
};

/// A QoS profile and the octet in front of it (7.7.34).
struct GtpQos
{
    uint8_t allocationPriority = 2; ///< allocation and retention, 1 (high) to 3
    QosProfile profile;
};

/// Writes the elements of a message.
class GtpElementWriter
{
  public:
    GtpElementWriter& U8(GtpIe type, uint8_t value);
    GtpElementWriter& U32(GtpIe type, uint32_t value);
    GtpElementWriter& Value(GtpIe type, const Octets& value);
    GtpElementWriter& Cause(GtpCause cause);
    GtpElementWriter& Imsi(uint64_t imsi);
    GtpElementWriter& EndUser(const PdpAddress& endUser);
    GtpElementWriter& GsnAddress(Ipv4Address address);
    GtpElementWriter& Msisdn(const std::string& digits);
    GtpElementWriter& Qos(const GtpQos& qos);
    /// Writes a Recovery element, if there is a counter.
    GtpElementWriter& Recovery(std::optional<uint8_t> counter);

    /// @return the elements.
    const Octets& GetOctets() const;

  private:
    Octets m_octets;
};

/**
 * The elements of a received message.
 *
 * Those that are asked for as mandatory and are not there, or are wrong, leave a fault and give
 * zero; so a decoder asks for all that it needs, and then for the fault.
 */
class GtpElementReader
{
  public:
    /// @param in behind the header; an element that is cut short is a fault, and so is one of an
    ///        unknown type below 128, as its length is not known (TS 29.060 7.7).
    explicit GtpElementReader(FieldReader& in);

    /// @return what is wrong, first of all; nothing if nothing is.
    std::optional<GtpCause> GetFault() const;
    /// Notes what is wrong, unless something was before.
    void SetFault(GtpCause fault);

    // mandatory elements
    uint8_t U8(GtpIe type);
    uint32_t U32(GtpIe type);
    GtpCause Cause();
    uint64_t Imsi();
    uint8_t Nsapi();
    PdpAddress EndUser();
    std::string Apn();
    /// Reads two addresses, for signalling and user traffic. @return the latter.
    Ipv4Address GsnAddress();
    GtpQos Qos();

    // optional elements; one that is wrong counts as not there
    std::optional<uint8_t> FindU8(GtpIe type) const;
    std::optional<uint32_t> FindU32(GtpIe type) const;
    std::optional<Ipv4Address> FindGsnAddress() const;
    std::optional<GtpQos> FindQos() const;
    std::string FindMsisdn() const;

  private:
    const Octets* Find(GtpIe type) const;
    const Octets* FindLast(GtpIe type) const;
    /// @return the value, or what is wrong with the message that lacks it.
    template <typename T>
    T Require(const std::optional<T>& value, GtpIe type);

    std::vector<std::pair<uint8_t, Octets>> m_elements;
    std::optional<GtpCause> m_fault;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GTP_ELEMENTS_H
