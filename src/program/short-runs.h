// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SHORT_RUNS_H
#define P2PIM_SHORT_RUNS_H

#include "campaign/baseline.h"
#include "campaign/regression.h"
#include "campaign/trajectory.h"
#include "run-series.h"
#include "scenarios/scenario.h"

#include "ns3/type-id.h"

#include <optional>
#include <string>
#include <vector>

namespace p2pim::program
{

/// What short runs leave, in the order of the plan. Those that failed are not there.
struct ShortRuns
{
    std::vector<campaign::FingerprintRow> fingerprints;
    std::vector<campaign::FigureRow> figures;
    std::vector<campaign::Trajectory> trajectories;
};

/// As MakeRun(), by ns-3's simulator that takes fingerprints: the record has a trace.
std::optional<RunRecord> MakeTracedRun(ns3::TypeId scenario,
                                       const campaign::RunKey& key,
                                       const ns3::p2pim::Scenario::Progress& progress);

/**
 * Makes the short runs of a plan.
 *
 * @param plan which.
 * @param series makes them, by MakeTracedRun().
 * @return what they leave.
 * @throw RunFailure it was stopped.
 */
ShortRuns MakeShortRuns(const campaign::BaselinePlan& plan, RunSeries& series);

/**
 * Says of each run whose events differ which one is the first.
 *
 * @param results the runs' fingerprints, compared.
 * @param before old trajectories; those of other fingerprints do not count.
 * @param after new ones.
 * @param path where the old ones are from.
 */
void NameFirstDifferences(std::vector<campaign::FingerprintResult>& results,
                          const std::vector<campaign::Trajectory>& before,
                          const std::vector<campaign::Trajectory>& after,
                          const std::string& path);

/// @param record a run's. @return the hash of all that it says.
uint64_t HashRecord(const RunRecord& record);

} // namespace p2pim::program

#endif // P2PIM_SHORT_RUNS_H
