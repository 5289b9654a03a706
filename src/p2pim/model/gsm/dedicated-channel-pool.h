// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_DEDICATED_CHANNEL_POOL_H
#define P2PIM_DEDICATED_CHANNEL_POOL_H

#include "ns3/nstime.h"
#include "ns3/sdcch.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The dedicated channels of one sort in a cell: the SDCCHs, or the TCHs. The channel that has been
 * free for the longest is seized first. A channel that was released rests (T3111) before it is free
 * again; one that was given out and has no subscriber after T3101 is taken back. Both happen when
 * the next one is seized, without an event.
 */
class DedicatedChannelPool
{
  public:
    /// @param channel adds a channel that is free.
    void Add(std::unique_ptr<Sdcch> channel);

    /**
     * Takes a channel into use.
     *
     * @param network the network's layer 3.
     * @param t3101 how long it waits for its subscriber; Time::Max() for ever.
     * @return the channel, or null if none is free.
     */
    Sdcch* Seize(DedicatedChannelUser* network, Time t3101);

    /// Gives a @p channel back: its network side falls silent and it is free again at @p end.
    void Release(Sdcch& channel, Time end);

    /// @return the time at which a channel may become free by itself, or Time::Max().
    Time GetNextFree() const;
    /// @return the channels.
    const std::vector<std::unique_ptr<Sdcch>>& GetChannels() const;

    /// @return how often a channel was seized.
    uint64_t GetSeizures() const;
    /// @return how many were taken back after T3101.
    uint64_t GetUnused() const;
    /// @return from seizure to the end of T3111, summed over the seizures that have finished.
    Time GetFinishedTime() const;
    /// @return the time for which channels were not free until now, summed over all channels.
    Time GetBusyTime() const;
    /// @return the most channels that were not free at one time.
    std::size_t GetPeak() const;

  private:
    /// A channel given out that waits for its first SABM.
    struct Assigned
    {
        Sdcch* channel;   ///< the channel
        uint64_t seizure; ///< its seizure, to tell it from a later one
        Time t3101;       ///< when the BSC takes it back
    };

    /// A channel that was released.
    struct Resting
    {
        Sdcch* channel; ///< the channel
        Time since;     ///< end of T3111
    };

    static bool IsUnused(const Assigned& assigned);
    void Settle();
    void Finish(const Sdcch& channel, Time end);

    std::vector<std::unique_ptr<Sdcch>> m_channels;
    std::deque<Sdcch*> m_free;
    std::deque<Resting> m_resting;   ///< by the time since when each is free
    std::deque<Assigned> m_assigned; ///< by T3101's end
    uint64_t m_seizures = 0;
    uint64_t m_unused = 0;
    std::size_t m_peak = 0;
    int64_t m_active = 0;   ///< seizures that have not finished
    Time m_activationTimes; ///< sum of their starts
    Time m_finishedTime;    ///< holding time of those that have
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_DEDICATED_CHANNEL_POOL_H
