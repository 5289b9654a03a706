// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PACKET_BEARER_H
#define P2PIM_PACKET_BEARER_H

#include "ns3/callback.h"
#include "ns3/ipv4-address.h"
#include "ns3/object.h"

#include <string>

namespace ns3
{
namespace p2pim
{

/**
 * What an application on a phone knows of its packet bearer: it can ask for it, and then has an
 * IPv4 address and can open sockets on its node. Aggregated to the phone's node.
 */
class PacketBearer : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ~PacketBearer() override;

    /// Called on the way up, when the phone is attached to the packet network.
    using AttachedCallback = Callback<void>;
    /// Called once: with true when the bearer is up, else with false and the cause.
    using DoneCallback = Callback<void, bool /* up */, const std::string& /* cause */>;

    /// @return whether there is an address to send from.
    virtual bool IsUp() const = 0;

    /// @return the phone's address; 0.0.0.0 while the bearer is down.
    virtual Ipv4Address GetAddress() const = 0;

    /**
     * Brings the bearer up. Both callbacks come at once if it is up already, and at the end of an
     * activation that is under way if there is one.
     *
     * @param attached called when the phone is attached.
     * @param done called with the outcome.
     */
    virtual void BringUp(AttachedCallback attached, DoneCallback done) = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PACKET_BEARER_H
