// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TRANSPORT_PRESET_H
#define P2PIM_TRANSPORT_PRESET_H

#include "ns3/attribute.h"
#include "ns3/nstime.h"
#include "ns3/ptr.h"
#include "ns3/type-id.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// Whose TCP a host has.
enum TransportPreset : uint8_t
{
    TRANSPORT_ATTRIBUTES,   ///< that of PeerTcpSocket's attributes
    TRANSPORT_HANDSET_2005, ///< that of a handset of 2003 to 2008
    TRANSPORT_MODERN,       ///< that of a handset of today
    TRANSPORT_NS3,          ///< ns-3's own defaults
    TRANSPORT_LINUX         ///< that of Linux since 6.5
};

constexpr std::size_t TRANSPORT_PRESETS = static_cast<std::size_t>(TRANSPORT_LINUX) + 1;

/// The settings of a TCP that a preset gives its sockets.
struct TransportSettings
{
    uint16_t maximumSegmentSize;  ///< octets, with the options of a segment (RFC 6691)
    bool sendsMaximumSegmentSize; ///< in an option of its SYN
    uint32_t initialWindow;       ///< segments
    Time synTimeout;              ///< until the first repetition of the SYN
    uint32_t synTransmissions;    ///< of a SYN, before connecting fails
    Time initialRto;              ///< of data without a measured round trip
    Time minimumRto;              ///< least retransmission time-out
    Time acknowledgmentDelay;     ///< longest
    uint32_t segmentsPerAcknowledgment;
    bool selectiveAcknowledgment;      ///< offered
    bool timestamps;                   ///< offered
    bool windowScale;                  ///< offered
    uint32_t receiveBuffer;            ///< octets
    uint32_t sendBuffer;               ///< octets
    TypeId congestionControl;          ///< type of the algorithm
    uint32_t synLinearRepetitions = 0; ///< of a SYN, before the time doubles
    bool heedsIcmpErrors = false;      ///< they end an attempt to connect

    /// Octets that the timestamp option takes in each segment (RFC 7323 appendix A).
    static constexpr uint32_t TIMESTAMP_OCTETS = 12;

    /// @return most octets of data in a segment.
    uint32_t GetSegmentSize() const;
};

/**
 * @param preset any but TRANSPORT_ATTRIBUTES.
 * @return its settings; where they are from is said in the manual (energy.rst, Transport presets).
 */
TransportSettings GetTransportSettings(TransportPreset preset);

/// @return the checker of a preset by its name.
Ptr<const AttributeChecker> MakeTransportPresetChecker();

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TRANSPORT_PRESET_H
