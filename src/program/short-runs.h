// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SHORT_RUNS_H
#define P2PIM_SHORT_RUNS_H

#include "campaign/baseline.h"
#include "campaign/run-engine.h"
#include "campaign/trajectory.h"

#include <functional>
#include <string>
#include <vector>

namespace p2pim::program
{

/// What short runs leave.
struct ShortRuns
{
    std::vector<campaign::FingerprintRow> fingerprints;
    std::vector<campaign::FigureRow> figures;
    std::vector<campaign::Trajectory> trajectories; ///< if they are wanted
    std::string firstDifference; ///< the first event that differs, in words; empty if none does
};

/// How short runs are made.
struct ShortRunMaker
{
    campaign::RunMaker make;                  ///< makes a run with the defaults of the moment
    std::function<bool()> isStopped;          ///< whether to stop at once
    bool keepsTrajectories = false;           ///< whether they are wanted
    std::vector<campaign::Trajectory> before; ///< with which they are compared as they go
};

/**
 * Makes the short runs of a plan, in this process, with ns-3's simulator that takes fingerprints.
 *
 * @param plan which.
 * @param maker how.
 * @return what they leave.
 * @throw RunFailure a run failed, or it was stopped.
 */
ShortRuns MakeShortRuns(const campaign::BaselinePlan& plan, const ShortRunMaker& maker);

/// @param record a run's. @return the hash of all that it says.
uint64_t HashRecord(const RunRecord& record);

} // namespace p2pim::program

#endif // P2PIM_SHORT_RUNS_H
