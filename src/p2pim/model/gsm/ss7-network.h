// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SS7_NETWORK_H
#define P2PIM_SS7_NETWORK_H

#include "ns3/callback.h"
#include "ns3/counter-list.h"
#include "ns3/data-rate.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The signalling network between one operator's MSC, HLR, SMSC and SGSN (ITU-T Q.700): each element
 * is a signalling point behind one link set of limited rate, and all are joined by transfer points
 * that add a delay. Messages wait for the sender's link set, then for the receiver's, in the order
 * in which they were sent. What is sent to or from a point that is out of service is lost; so is
 * what is under way to it when it goes out of service.
 *
 * Messages may go to another operator's points, by gateways and international lines.
 */
class Ss7Network : public Object
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    Ss7Network();
    ~Ss7Network() override;

    /// A signalling point, of this network or of another operator's.
    struct Point
    {
        Ss7Network* network = nullptr; ///< that it is in; outlives all messages
        uint32_t index = 0;            ///< its place there
    };

    /// Called when a message has arrived.
    using ArrivalCallback = Callback<void>;

    /**
     * @param name the element's name in counters, such as "smsc".
     * @return a new point, in service.
     */
    Point AddPoint(const std::string& name);

    /**
     * Sends one message.
     *
     * @param from the sender.
     * @param to the receiver, perhaps another operator's.
     * @param octets size of the message unit, all headers included.
     * @param arrived called when it has arrived; never if it is lost.
     */
    void Send(Point from, Point to, uint32_t octets, ArrivalCallback arrived);

    /**
     * Takes a point out of service, or back into it.
     *
     * @param point the point.
     * @param inService whether it sends and receives.
     */
    void SetInService(Point point, bool inService);
    /// @return whether a @p point is in service.
    bool IsInService(Point point) const;

    /// @return counters, point by point: messages and octets sent, lost, and time spent in queues.
    CounterList GetCounters() const;

  private:
    /// A signalling point and its link set.
    struct PointState
    {
        std::string name;      ///< in counters
        bool inService = true; ///< whether it sends and receives
        uint32_t outages = 0;  ///< how often it has gone out of service
        Time outboundFree;     ///< when its link set can send the next message
        Time inboundFree;      ///< when its link set can receive the next message
        uint64_t sent = 0;     ///< messages
        uint64_t octets = 0;   ///< of the messages sent
        uint64_t lost = 0;     ///< messages from or to it
        Time queued;           ///< waiting time of all messages, both directions
    };

    /// @return a point's state, in its own network.
    static PointState& Get(Point point);
    Time Occupy(Time& linkFree, Time earliest, uint32_t octets, PointState& point) const;
    void Arrive(Point to, uint32_t outages, ArrivalCallback arrived);

    Time m_delay;
    Time m_interOperatorDelay;
    DataRate m_linkRate;
    std::vector<PointState> m_points;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SS7_NETWORK_H
