// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_LAZY_TIMER_H
#define P2PIM_LAZY_TIMER_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

/**
 * One event for many deadlines that are mostly met: moving the deadline to a later time costs
 * nothing, and the owner looks at its deadlines when the event comes.
 */
class LazyTimer
{
  public:
    /**
     * Sees to it that there is an event at the deadline or earlier.
     *
     * @param deadline when; Time::Max() needs no event.
     * @param handler what Simulator::Schedule() takes after the delay; it calls Expired() first.
     */
    template <typename... Handler>
    void Arm(Time deadline, Handler&&... handler)
    {
        if (deadline == Time::Max() || (m_armed && m_at <= deadline))
        {
            return;
        }
        m_event.Cancel();
        m_armed = true;
        m_at = deadline;
        m_event =
            Simulator::Schedule(deadline - Simulator::Now(), std::forward<Handler>(handler)...);
    }

    /// The event has come.
    void Expired()
    {
        m_armed = false;
    }

    /// Drops the event.
    void Cancel()
    {
        m_event.Cancel();
        m_armed = false;
    }

  private:
    EventId m_event;
    Time m_at;
    bool m_armed = false;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_LAZY_TIMER_H
