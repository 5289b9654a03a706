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

/**
 * @param file a scenario file.
 * @param arguments a command line.
 * @param takesLists whether an option's value may be a list, such as "1,2,5..8": it becomes an
 * iteration where the attribute does not take the whole of it.
 * @return the attributes' values that they ask for.
 * @throw UserError one is not allowed.
 */
Configuration ReadConfiguration(const ScenarioFile& file,
                                const Arguments& arguments,
                                bool takesLists = false);

/// @param configuration the defaults of @p scenario. @throw UserError they do not fit together.
void CheckTogether(const Configuration& configuration, const ns3::p2pim::Scenario& scenario);

/// @throw UserError the environment changes attributes.
void CheckEnvironment();

/// @return where the results of a configuration that has been applied come from.
campaign::Provenance MakeProvenance(const ScenarioFile& file,
                                    ns3::TypeId scenario,
                                    const Configuration& configuration,
                                    const std::string& commandLine);

/// @return --output, or results/NAME.sqlite after the scenario file's name, whose folder is made.
std::string ChooseOutput(const Arguments& arguments, const std::string& scenarioFile);

/**
 * @param file the scenario file.
 * @param configuration of the run; its options are on the command line.
 * @param key which run.
 * @param settings further options.
 * @param suffix of the results file's name, behind the scenario file's: "-run3".
 * @return the command line that makes this run alone, as a shell reads it.
 */
std::string MakeRunCommand(const ScenarioFile& file,
                           const Configuration& configuration,
                           const campaign::RunKey& key,
                           const std::vector<std::string>& settings,
                           const std::string& suffix);

/// @return --seed, or 1.
uint64_t GetFirstSeed(const Arguments& arguments);

/// @param option the option that overrules the file. @return how many seeds there are: its value,
/// or `repetition` of the file, or 1.
uint64_t GetSeeds(const Arguments& arguments, const std::string& option, const ScenarioFile& file);

/// @return the names of every scheme that a scenario has.
std::vector<std::string> ListSchemes(const ns3::p2pim::Scenario& scenario);

/**
 * @param wanted schemes' names as the user wrote them.
 * @param scenario what has to know them.
 * @param label what an error line begins with.
 * @throw UserError an unknown or repeated name.
 */
void CheckSchemes(const std::vector<std::string>& wanted,
                  const ns3::p2pim::Scenario& scenario,
                  const std::string& label);

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
                                                   const ScenarioFile& file,
                                                   const ns3::p2pim::Scenario& scenario);

/// @return --schemes, or `schemes` of the file, or every one that the scenario has.
std::vector<std::string> ChooseSchemes(const Arguments& arguments,
                                       const ScenarioFile& file,
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
