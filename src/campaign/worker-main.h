// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_WORKER_MAIN_H
#define P2PIM_CAMPAIGN_WORKER_MAIN_H

#include "run-engine.h"

#include <atomic>
#include <cstdint>
#include <sys/types.h>

namespace p2pim
{
namespace campaign
{

/// Memory that a worker shares with its parent: how far its run is. It costs no system call, and
/// outlives the worker.
struct WorkerBoard
{
    std::atomic<bool> begun{false}; ///< it has begun the run that it was given last
    std::atomic<uint32_t> ended{0}; ///< sessions of that run that have ended
};

static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<uint32_t>::is_always_lock_free,
              "a lock would not be shared between processes");

/// What a worker is given at its birth.
struct WorkerSetup
{
    pid_t parent = 0;             ///< who has forked it
    int socket = -1;              ///< where runs arrive as frames and outcomes go; 3 or more
    int errors = -1;              ///< what becomes its stderr; 3 or more
    WorkerBoard* board = nullptr; ///< shared with the parent
};

/**
 * All that a worker does, right after the fork: makes the runs that it is told to, until it is
 * killed or its parent is gone. Of what the parent has open it keeps nothing, and it runs no
 * destructor of the parent's objects.
 *
 * @param setup what it is given.
 * @param make makes a run.
 */
[[noreturn]] void ServeRuns(const WorkerSetup& setup, const RunMaker& make) noexcept;

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_WORKER_MAIN_H
