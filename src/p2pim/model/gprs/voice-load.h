// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_VOICE_LOAD_H
#define P2PIM_VOICE_LOAD_H

#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The voice of a cell, as its packet side meets it.
struct VoiceLoadSettings
{
    uint32_t channels = 14;             ///< TCH/Fs that calls can have
    double erlangs = 0;                 ///< calls that would be under way if there were no limit
    Time meanHoldingTime = Seconds(90); ///< of a call
};

/**
 * Calls that arrive as a Poisson process, hold a traffic channel each for an exponentially
 * distributed time, and are lost when there is none: M/M/c/c. It begins in its steady state.
 *
 * No events: who asks for a time makes the calls up to then happen. When it is asked does not
 * change what happens.
 */
class VoiceLoad
{
  public:
    /// @param settings the owner's; they hold from the first question on.
    explicit VoiceLoad(const VoiceLoadSettings& settings);
    ~VoiceLoad();

    /**
     * @param now a time; they may not go back.
     * @return calls that are under way.
     */
    uint32_t GetCalls(Time now);

    /// @return by the number of calls, how long so many were under way until @p now.
    const std::vector<Time>& GetTimes(Time now);
    /// @return calls that were offered.
    uint64_t GetOffered() const;
    /// @return calls that found no channel.
    uint64_t GetBlocked() const;

    /**
     * @param first the first stream number to use.
     * @return how many were used.
     */
    int64_t AssignStreams(int64_t first);

  private:
    void Start();
    void DrawNext();

    const VoiceLoadSettings& m_settings;
    Ptr<UniformRandomVariable> m_kinds;
    Ptr<ExponentialRandomVariable> m_gaps;
    std::vector<Time> m_times; ///< by number of calls; empty before the start
    uint32_t m_calls = 0;
    Time m_last; ///< until when m_times counts
    Time m_next; ///< of the next arrival or end
    uint64_t m_offered = 0;
    uint64_t m_blocked = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_VOICE_LOAD_H
