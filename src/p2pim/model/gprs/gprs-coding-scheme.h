// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_GPRS_CODING_SCHEME_H
#define P2PIM_GPRS_CODING_SCHEME_H

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// Duration of a radio block: four bursts, 12 blocks in a 52-multiframe of 240 ms (TS 45.002).
constexpr int64_t RADIO_BLOCK_NS = 20'000'000;

/**
 * RLC data octets that one radio block carries (TS 44.060 table 10.2.1): 20, 30, 36, 50 in CS-1 to
 * CS-4, that is 8, 12, 14.4, 20 kbit/s.
 *
 * @param codingScheme 1 to 4.
 * @return octets a block.
 */
constexpr uint32_t
GetRlcDataOctets(uint8_t codingScheme)
{
    constexpr uint32_t octets[]{20, 30, 36, 50};
    return octets[codingScheme - 1];
}

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_GPRS_CODING_SCHEME_H
