// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_GATEWAY_H
#define P2PIM_GPRS_GATEWAY_H

#include "ns3/ss7-network.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// What an HLR answers to a GGSN that has packets for a subscriber (TS 23.060 9.2.2.2).
enum class GprsRoutingInfo : uint8_t
{
    SGSN_KNOWN,    ///< there is an SGSN to ask
    ABSENT,        ///< no SGSN has told of the subscriber
    NOT_REACHABLE, ///< MNRG is set: NoteMsGprsPresent follows when it is cleared
};

/// A GGSN as its HLR knows it (Gc). It is part of the network, and outlives every dialogue.
class GprsGateway
{
  public:
    virtual ~GprsGateway() = default;

    /// @return the gateway's signalling point.
    virtual Ss7Network::Point GetPoint() const = 0;
    /// The result of SendRoutingInfoForGprs about the number @p msisdn arrives.
    virtual void ReceiveRoutingInfo(uint64_t msisdn, GprsRoutingInfo info) = 0;
    /// NoteMsPresentForGprs arrives (TS 29.002 14): @p msisdn can be reached again.
    virtual void NoteMsPresentForGprs(uint64_t msisdn) = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_GATEWAY_H
