// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMS_SERVING_NODE_H
#define P2PIM_SMS_SERVING_NODE_H

#include "ns3/map-operations.h"
#include "ns3/sms-rp-cp.h"
#include "ns3/ss7-network.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

class Smsc;

/// A node by which short messages go to and come from a subscriber: its MSC, or its SGSN (Gd). It
/// is part of the network, and outlives every dialogue.
class SmsServingNode
{
  public:
    virtual ~SmsServingNode() = default;

    /// @return the node's signalling point.
    virtual Ss7Network::Point GetPoint() const = 0;
    /// MT-ForwardSM arrives (TS 29.002 12.9); answered by Smsc::ReceiveDeliveryResult.
    virtual void MtForwardSm(Ptr<Smsc> smsc, Ptr<MapMtForwardSm> operation) = 0;
    /// The result of MO-ForwardSM arrives.
    virtual void ReceiveMoResult(MapDialogue dialogue, MapError error) = 0;
};

/// @return the RP cause that tells the phone why the SMSC refuses its message (TS 24.011 E).
RpCause GetRpCause(MapError error);
/// @return what a phone's RP-ERROR with @p rpCause means to the SMSC.
MapError GetDeliveryError(uint8_t rpCause);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMS_SERVING_NODE_H
