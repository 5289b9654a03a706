// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RUN_ENGINE_H
#define P2PIM_CAMPAIGN_RUN_ENGINE_H

#include "results.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace p2pim
{
namespace campaign
{

/// What became of a run.
struct RunOutcome
{
    PlannedRun run;                           ///< which
    std::optional<::p2pim::RunRecord> record; ///< what happened in it, if it succeeded
    RunFailure failure;                       ///< else why it did not; its command is empty
};

/**
 * Makes one run.
 *
 * @param key which.
 * @param progress to be called when a session has ended, with how many have; false stops the run.
 * @return the run's record; nothing if @p progress stopped it.
 * @throw std::exception the run failed; what() says why in a line.
 */
using RunMaker =
    std::function<std::optional<::p2pim::RunRecord>(const RunKey& key,
                                                    const std::function<bool(uint32_t)>& progress)>;

/// Makes runs: in this process, or in others.
class RunEngine
{
  public:
    /// What an engine asks and tells its caller, always in the caller's process.
    struct Caller
    {
        /// @return the next run to be made; nothing if there is none left.
        std::function<std::optional<PlannedRun>()> next;
        /// Takes a run that has ended; in the order in which they end.
        std::function<void(RunOutcome&& outcome)> done;
        /// Told now and then how many sessions of a run have ended; may be empty.
        std::function<void(const PlannedRun& run, uint32_t ended)> progress;
        /// @return whether to stop at once: runs that have not ended are given up, without a
        /// word to done.
        std::function<bool()> isStopped;
    };

    virtual ~RunEngine() = default;

    /**
     * Makes runs until there is none left, or until it is stopped. What @p caller throws ends it,
     * too.
     *
     * @param caller where the runs come from and where they go.
     */
    virtual void Execute(const Caller& caller) = 0;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RUN_ENGINE_H
