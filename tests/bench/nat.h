// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_NAT_H
#define P2PIM_BENCH_NAT_H

#include "bench-result.h"

#include <cstdint>

namespace p2pim
{
namespace bench
{

/**
 * The first UDP packets of as many endpoints behind a carrier's NAT, without the simulator.
 *
 * @param mappings how many, 1 to 200000.
 * @return what they cost; completed counts the mappings that were made.
 */
BenchResult RunNatMappings(uint32_t mappings);

/**
 * UDP packets out and in, in no order, through a NAT that has 100,000 mappings already.
 *
 * @param packets how many.
 * @return what they cost; completed counts the packets that came through.
 */
BenchResult RunNatPackets(uint32_t packets);

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_NAT_H
