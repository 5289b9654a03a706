// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_SHORT_MESSAGES_H
#define P2PIM_BENCH_SHORT_MESSAGES_H

#include "bench-result.h"

#include <cstdint>

namespace p2pim
{
namespace bench
{

/**
 * Short messages between the phones of an unloaded network: 64 cells, 1,000 pairs of phones, one
 * message each 250 ms from one pair after the other, both legs over the radio.
 *
 * @param messages how many, 1 to 10000000.
 * @return what they cost; completed counts the messages that arrived. The resident set counts from
 *         the time at which all the phones are there.
 */
BenchResult RunShortMessages(uint32_t messages);

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_SHORT_MESSAGES_H
