// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_H
#define P2PIM_CAMPAIGN_RESULTS_H

#include "scenarios/run-record.h"

#include <string>
#include <vector>

/**
 * @file
 * What a results file holds, in memory. The statistics, the reports and the exports read this
 * structure only, so they give the same answer for a file and for a run that was never stored.
 */

namespace p2pim
{
namespace campaign
{

/// One value of the configuration.
struct Setting
{
    std::string key;       ///< "Class.Attribute"
    std::string value;     ///< as ns-3 prints it, with its unit
    bool isDefault = true; ///< nobody has changed it
};

/// Where results come from: all that has to be equal for two results to be comparable, and the
/// names by which a user finds them again.
struct Provenance
{
    std::string programVersion;         ///< such as "0.1.0"
    std::string programId;              ///< of the build: which machine code made the runs
    std::string ns3Version;             ///< such as "3.37"
    std::string scenario;               ///< the scenario's class, such as "SetupTime"
    std::string scenarioFile;           ///< as the user gave it
    std::string commandLine;            ///< kept in the file; never in a report or an export
    std::vector<Setting> configuration; ///< every attribute, defaults included; in any order
};

/// One run of a plan: one scheme under one seed at one point of a study.
struct RunKey
{
    std::string scheme; ///< such as "p2p"
    uint64_t seed = 1;  ///< ns-3's run number
    uint32_t point = 0; ///< of the study's grid; 0 where nothing varies
};

/// @return whether @p a comes before @p b: by point, then by scheme, then by seed.
bool operator<(const RunKey& a, const RunKey& b);

/// A run and its place in the plan.
struct PlannedRun
{
    uint64_t id = 0; ///< from 1, in the order of the plan
    RunKey key;      ///< what is run
};

/// Why a run did not succeed.
struct RunFailure
{
    std::string cause;   ///< of few, to count by: "error", "crash", "time limit", "killed"
    std::string detail;  ///< one line: what it said, or which signal ended it
    std::string command; ///< a command line that makes this run alone
};

/// A planned run that did not succeed.
struct FailedRun
{
    PlannedRun run;     ///< which
    RunFailure failure; ///< why
};

/// What varies in a study.
struct Variable
{
    std::string name;      ///< the user's, or else the attribute's
    std::string attribute; ///< the "Class.Attribute" that it is the whole value of; perhaps none
};

/// A point of a study's grid.
struct Point
{
    uint32_t id = 0;                 ///< from 0, in the order of the grid
    std::vector<std::string> values; ///< of the variables, in their order
};

/// Whether a results file holds every run that was planned for it.
enum class Status
{
    RUNNING,  ///< being written, or its writer was killed
    COMPLETE, ///< every planned run is there
    PARTIAL,  ///< the writer was stopped or failed before the last planned run
};

/**
 * The name of a status in files and reports.
 *
 * @param status the status.
 * @return lower case, stable between versions.
 */
const char* GetStatusName(Status status);

/// A results file's content.
struct Results
{
    Provenance provenance;                ///< where they come from; configuration ordered by key
    Status status = Status::COMPLETE;     ///< whether some are missing
    std::vector<Variable> variables;      ///< what varies; empty where nothing does
    std::vector<Point> points;            ///< by id; one without values where nothing varies
    std::vector<::p2pim::RunRecord> runs; ///< by their place in the plan
    std::vector<FailedRun> failures;      ///< likewise
};

/**
 * Picks schemes out of results.
 *
 * @param results the results.
 * @param schemes the schemes to keep; empty keeps all.
 * @return the runs of these schemes by point, scheme and seed: the order of every export, whatever
 * the order in which the runs were made.
 */
std::vector<const ::p2pim::RunRecord*> SelectRuns(const Results& results,
                                                  const std::vector<std::string>& schemes);

/**
 * @param results the results.
 * @return the names of the schemes in the order in which they were first stored.
 */
std::vector<std::string> GetSchemes(const Results& results);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_H
