// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_CODING_SCHEME_H
#define P2PIM_GPRS_CODING_SCHEME_H

#include "ns3/attribute.h"
#include "ns3/nstime.h"
#include "ns3/ptr.h"
#include "ns3/tdma-clock.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * @file
 * Radio blocks of a packet data channel: when they are sent (TS 45.002), and what they carry
 * (TS 45.003, TS 44.060 10).
 */

/// Coding of a radio block: GPRS's CS-1 to CS-4 and EGPRS's MCS-1 to MCS-9.
enum GprsCodingScheme : uint8_t
{
    CS_1,
    CS_2,
    CS_3,
    CS_4,
    MCS_1,
    MCS_2,
    MCS_3,
    MCS_4,
    MCS_5,
    MCS_6,
    MCS_7,
    MCS_8,
    MCS_9
};

/// How many coding schemes there are.
constexpr std::size_t GPRS_CODING_SCHEMES = static_cast<std::size_t>(GprsCodingScheme::MCS_9) + 1;

/// What a coding scheme is.
struct GprsCoding
{
    const char* name;      ///< as the standard writes it
    uint32_t blockBits;    ///< bits of a radio block: CS-1 to CS-4 with RLC/MAC header and spare
                           ///< bits (TS 45.003 5.1), MCS-1 to MCS-9 RLC data
    uint32_t rlcBlocks;    ///< RLC data blocks in a radio block, 1 or 2
    uint32_t dataOctets;   ///< octets of RLC data in each (TS 44.060 10.2.1, 10.3a)
    double referenceRatio; ///< C/I at which 10 % of the blocks are lost, dB
};

/// @return what @p scheme is.
const GprsCoding& GetGprsCoding(GprsCodingScheme scheme);
/// @return whether @p scheme is one of EGPRS.
bool IsEgprs(GprsCodingScheme scheme);
/**
 * The coding of an RLC block of EGPRS that is repeated, by the families of TS 44.060 8.1.1.1:
 * MCS-9, 6 and 3; MCS-8, and 6 and 3 with padding; MCS-7, 5 and 2; MCS-4 and 1.
 *
 * @param first the coding that it had at first.
 * @param commanded the coding of new blocks now.
 * @return the best of the family that is no better than the commanded one, or the family's last.
 */
GprsCodingScheme GetRepetitionScheme(GprsCodingScheme first, GprsCodingScheme commanded);
/// @return octets of RLC data that a radio block carries.
uint32_t GetRlcDataOctets(GprsCodingScheme scheme);

/// A checker of the schemes by their names, for attributes.
Ptr<const AttributeChecker> MakeGprsCodingSchemeChecker();

/// Radio blocks of a 52-multiframe; its other frames are for timing advance and idle.
constexpr int64_t RADIO_BLOCKS_PER_MULTIFRAME = 12;
/// Mean time from a radio block to the next: 240 ms / 12.
constexpr int64_t RADIO_BLOCK_NS = 20'000'000;

/**
 * @param block a radio block, counted from time 0: number 12 is the first of the second multiframe.
 * @return when it starts: three blocks of four frames, then a frame without (TS 45.002 figure 9).
 */
inline Time
GetRadioBlockStart(int64_t block)
{
    return TdmaFrameStart(block / 3 * 13 + block % 3 * TDMA_BLOCK_FRAMES);
}

/// @return when a radio @p block ends.
inline Time
GetRadioBlockEnd(int64_t block)
{
    return TdmaFrameStart(block / 3 * 13 + block % 3 * TDMA_BLOCK_FRAMES + TDMA_BLOCK_FRAMES);
}

/// @return the first radio block that starts at @p time or later.
inline int64_t
GetRadioBlockAtOrAfter(Time time)
{
    const int64_t frame = TdmaFrameAtOrAfter(time);
    const int64_t inThird = frame % 13;
    return frame / 13 * 3 + (inThird + TDMA_BLOCK_FRAMES - 1) / TDMA_BLOCK_FRAMES;
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_CODING_SCHEME_H
