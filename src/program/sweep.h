// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SWEEP_H
#define P2PIM_SWEEP_H

#include "campaign/process-engine.h"
#include "campaign/results-store.h"
#include "campaign/run-engine.h"
#include "study.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

namespace p2pim::program
{

/// @param study whose runs. @return what makes them, in this process or in copies of it.
campaign::RunMaker MakeRunMaker(Study& study);

/**
 * @param study whose runs.
 * @param workers how many processes make them; 0: this one does.
 * @return what makes them.
 */
std::unique_ptr<campaign::RunEngine> MakeEngine(Study& study, std::size_t workers);

/// How a study is carried out. None of it changes the results.
struct SweepOptions
{
    std::string output;                                   ///< the results file
    campaign::OpenMode mode = campaign::OpenMode::RESUME; ///< what to do if it exists
    campaign::Shard shard;                                ///< which part of the plan
    std::size_t workers = 1;                              ///< processes; 0: this one
};

/// What came of a sweep.
struct SweepResult
{
    campaign::Status status = campaign::Status::PARTIAL; ///< of the results file
    campaign::ResultsStore::Progress progress;           ///< of the plan, or of the shard
    uint64_t made = 0;                                   ///< runs that this sweep has made
    bool interrupted = false;                            ///< the user stopped it
    uint64_t imprecise = 0; ///< points that have as many runs as they may and are not precise
};

/**
 * Makes the runs of a study that its results file lacks. Whatever happens, what is finished is
 * kept.
 *
 * @param study what is run.
 * @param options how.
 * @param err where to show how far it is.
 * @return what came of it.
 * @throw campaign::StoreError the results file cannot be opened.
 * @throw RunFailure no run can be made, or not be stored.
 * @throw UserError no run has the metric that is to be precise.
 */
SweepResult Sweep(Study& study, const SweepOptions& options, std::ostream& err);

} // namespace p2pim::program

#endif // P2PIM_SWEEP_H
