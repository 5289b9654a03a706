// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_SESSION_H
#define P2PIM_BENCH_SESSION_H

#include "bench-result.h"

#include <cstdint>
#include <string>

namespace p2pim
{
namespace bench
{

/**
 * Whole sessions of a scheme, cold: attach and PDP context on both phones, the invitation by SMS
 * or the server's registration, ten messages with their answers and pauses, the end. Sessions
 * start 1 s apart, each with two phones of its own, as the floor's do.
 *
 * @param scheme such as "p2p".
 * @param sessions how many, 1 to 1000000.
 * @return what it cost; completed counts the sessions that succeeded.
 */
BenchResult RunSessions(const std::string& scheme, uint32_t sessions);

/**
 * What the radio takes of RunSessions() with the scheme p2p: the events of the cells and of their
 * PDCHs' schedulers, each timed from its beginning to its end. Random access and paging are not in
 * it, which the phone shares with circuit switching, nor is what a phone's event does to put a
 * frame into its queue.
 *
 * @param sessions how many, 1 to 1000000.
 * @return as RunSessions(), with their share of the CPU time and their number.
 */
BenchResult RunRadio(uint32_t sessions);

/**
 * Phones with the p2p client that are attached and then left alone for an hour.
 *
 * @param phones how many, 1 to 1000000.
 * @return what they cost: events are those of the idle hour, the growth of the resident set is
 *         that from before the first phone to the hour's end; completed counts the attached.
 */
BenchResult RunIdle(uint32_t phones);

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_SESSION_H
