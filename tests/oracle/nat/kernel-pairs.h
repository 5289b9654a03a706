// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_KERNEL_PAIRS_H
#define P2PIM_TESTS_KERNEL_PAIRS_H

#include "tests/nat/punching-world.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace p2pim::oracle
{

/// Two hosts that try to get a connection.
struct KernelPair
{
    std::size_t left;  ///< what stands before one: an index of PUNCH_KINDS
    std::size_t right; ///< and before the other
    test::PunchPlan plan;
};

/**
 * What PunchingWorld does, by the TCP and the NAT of the running kernel: for each of PUNCH_KINDS
 * two hosts, each behind a router, in network namespaces of their own, which need no privilege but
 * nft and ip; 300 ms between the routers. All pairs try at the same time, on different ports.
 *
 * @param pairs who tries.
 * @return for each whether data of each host has reached the other; nothing if that cannot be
 * built.
 */
std::optional<std::vector<bool>> TryKernelPairs(const std::vector<KernelPair>& pairs);

} // namespace p2pim::oracle

#endif // P2PIM_TESTS_KERNEL_PAIRS_H
