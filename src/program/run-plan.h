// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RUN_PLAN_H
#define P2PIM_RUN_PLAN_H

#include "campaign/results-store.h"
#include "campaign/results.h"
#include "command-line.h"
#include "configuration.h"
#include "scenario-file.h"
#include "scenarios/scenario.h"

#include "ns3/type-id.h"

#include <cstdint>
#include <string>
#include <vector>

namespace p2pim::program
{

/**
 * @param file a scenario file.
 * @return the scenario that one of its sections names.
 * @throw UserError none or more than one does, or a section names no class.
 */
ns3::TypeId GetScenarioClass(const ScenarioFile& file);

/// @param type a scenario. @return one of it, made with the present defaults.
ns3::Ptr<ns3::p2pim::Scenario> MakeScenario(ns3::TypeId type);

/// @return the attributes' values that a scenario file and a command line ask for.
Configuration ReadConfiguration(const ScenarioFile& file, const Arguments& arguments);

/**
 * @param wanted schemes' names as the user wrote them.
 * @param scenario what has to know them.
 * @param option the option that gave them, for error lines.
 * @throw UserError an unknown or repeated name.
 */
void CheckSchemes(const std::vector<std::string>& wanted,
                  const ns3::p2pim::Scenario& scenario,
                  const std::string& option);

/// Runs to be made, and where they are to be kept.
struct RunPlan
{
    ns3::TypeId scenario;               ///< which scenario
    std::vector<campaign::RunKey> runs; ///< in the order in which they are made: seed by seed
    uint64_t sessions = 0;              ///< of each run
    std::string output;                 ///< the results file
    campaign::OpenMode mode = campaign::OpenMode::CREATE; ///< what to do if it exists
    campaign::Provenance provenance;                      ///< to be kept with the runs
};

/// The options that MakePlan() reads, but for the one that chooses schemes.
std::vector<OptionSpec> GetPlanOptions();

/// The schemes of a plan. @param scenario the scenario. @return their names, checked.
using SchemeChooser = std::vector<std::string> (*)(const Arguments& arguments,
                                                   const ns3::p2pim::Scenario& scenario);

/**
 * Reads the scenario file, makes its values and the command line's the defaults of the classes'
 * attributes, and plans the runs.
 *
 * @param arguments the command's arguments.
 * @param chooseSchemes which schemes are to be run.
 * @param commandLine to be kept with the results.
 * @return the plan.
 * @throw UserError whatever is wrong with any of them.
 */
RunPlan MakePlan(const Arguments& arguments,
                 SchemeChooser chooseSchemes,
                 const std::string& commandLine);

} // namespace p2pim::program

#endif // P2PIM_RUN_PLAN_H
