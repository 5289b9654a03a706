// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_MAP_TIMER_H
#define P2PIM_MAP_TIMER_H

#include "ns3/lazy-timer.h"
#include "ns3/map-operations.h"
#include "ns3/nstime.h"

#include <deque>
#include <functional>

namespace ns3
{
namespace p2pim
{

/**
 * The timer of one MAP operation for all the dialogues of an element (TS 29.002 17.1.2). As each
 * dialogue waits for the same time, they end in the order in which they began; an answered one
 * costs no event.
 */
class MapTimer
{
  public:
    /// Whether a dialogue still waits for its result.
    using IsOpenFunction = std::function<bool(const MapDialogue&)>;
    /// The result of a dialogue has not come.
    using ExpiryFunction = std::function<void(const MapDialogue&)>;

    /**
     * @param isOpen asked before a dialogue is given up.
     * @param expired called for each that is; may start others.
     */
    MapTimer(IsOpenFunction isOpen, ExpiryFunction expired);

    /**
     * @param dialogue waits from now on.
     * @param wait for how long: the same in each call.
     */
    void Start(const MapDialogue& dialogue, Time wait);
    /// Forgets all dialogues.
    void Cancel();

  private:
    /// A dialogue that waits, or has been answered since.
    struct Entry
    {
        Time deadline;
        MapDialogue dialogue;
    };

    void Expire();
    void DropAnswered();

    IsOpenFunction m_isOpen;
    ExpiryFunction m_expired;
    std::deque<Entry> m_entries; ///< by deadline
    LazyTimer m_timer;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_MAP_TIMER_H
