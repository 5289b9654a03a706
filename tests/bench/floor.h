// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_FLOOR_H
#define P2PIM_BENCH_FLOOR_H

#include "bench-result.h"

#include <cstdint>

namespace p2pim
{
namespace bench
{

/**
 * The floor of the bench: what ns-3 alone charges for the TCP part of a session. Bare ns-3
 * sockets connect, exchange 10 messages of 64 octets and close, over six hops
 * (phone - BSS - SGSN - GGSN - SGSN - BSS - phone) with the lean stack. Sessions start 1 s apart,
 * each with two phones of its own.
 *
 * @param sessions how many sessions, 1 to 1000000.
 * @return what it cost; completed counts the sessions whose 10 messages all arrived and whose two
 *         ends both closed.
 */
BenchResult RunFloor(uint32_t sessions);

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_FLOOR_H
