// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TDMA_CLOCK_H
#define P2PIM_TDMA_CLOCK_H

#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * TDMA frames as a clock (TS 45.002 4.3.1). A frame lasts 120/26 ms; frame 0 starts at time 0.
 * Frame numbers here do not wrap. All cells are frame-synchronous.
 */

/// A frame number that never comes.
constexpr int64_t TDMA_NEVER = INT64_MAX;
/// Frames of a block on a control channel: four bursts in consecutive frames (TS 45.002 7).
constexpr int64_t TDMA_BLOCK_FRAMES = 4;
/// Frames of a 51-multiframe, 235.385 ms (TS 45.002 4.3.3).
constexpr int64_t TDMA_MULTIFRAME = 51;
/// Frames of a block of the SACCH of a TCH/F, 480 ms (TS 45.002 table 1).
constexpr int64_t TDMA_SACCH_PERIOD = 104;

/**
 * @param frame a frame number.
 * @return when the frame starts, rounded up to 1 ns.
 */
inline Time
TdmaFrameStart(int64_t frame)
{
    return NanoSeconds((frame * 60000000 + 12) / 13);
}

/**
 * @param time a time.
 * @return the first frame that starts at that time or later.
 */
inline int64_t
TdmaFrameAtOrAfter(Time time)
{
    return (time.GetNanoSeconds() * 13 + 59999987) / 60000000;
}

/**
 * @param time a time.
 * @return the last frame that starts at that time or earlier.
 */
inline int64_t
TdmaCurrentFrame(Time time)
{
    return time.GetNanoSeconds() * 13 / 60000000;
}

/**
 * @param frame the earliest frame that may be used.
 * @param offset the position wanted in the period, from 0.
 * @param period frames after which positions repeat: of a 51-multiframe unless given.
 * @return the first frame at that position that is not earlier.
 */
inline int64_t
TdmaNextAtOffset(int64_t frame, int64_t offset, int64_t period = TDMA_MULTIFRAME)
{
    const int64_t behind = (frame - offset) % period;
    return behind <= 0 ? frame - behind : frame + period - behind;
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TDMA_CLOCK_H
