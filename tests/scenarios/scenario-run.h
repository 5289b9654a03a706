// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SCENARIO_RUN_H
#define P2PIM_TESTS_SCENARIO_RUN_H

#include "scenarios/run-record.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace p2pim::test
{

/// A run of one of the project's scenario files, as a test sees it.
class ScenarioRun
{
  public:
    /**
     * Makes a run.
     *
     * @param file a name in the folder scenarios.
     * @param options what a user would give besides, without the dashes: "Class.Attribute=value".
     * @param seed the run's seed.
     * @param scheme one of the scenario's; empty: its first.
     * @param before called when the settings are made, before the network is built; may be empty.
     */
    explicit ScenarioRun(const std::string& file,
                         const std::vector<std::string>& options = {},
                         uint64_t seed = 1,
                         const std::string& scheme = "",
                         const std::function<void()>& before = {});

    /// @return a counter of an element, 0 if it is not there.
    double Get(const std::string& element, const std::string& name) const;

    /**
     * @param from a step.
     * @param to another one.
     * @return the time from each @p from to the next @p to of its session, s, where there is one
     * before another @p from.
     */
    std::vector<double> GetTimes(const std::string& from, const std::string& to) const;

    RunRecord record; ///< what the scenario has told
};

/// The name of a file that no other test has, and that is gone when it is no longer needed.
class TemporaryName
{
  public:
    TemporaryName();
    ~TemporaryName();
    TemporaryName(const TemporaryName&) = delete;
    TemporaryName& operator=(const TemporaryName&) = delete;

    const std::string path; ///< nothing is there yet
};

/// @return the names of the files in the folder scenarios.
std::vector<std::string> ListScenarioFiles();

/// @param file a scenario file's name. @return the name of the file that it extends, if it is a
/// study: if it has a grid; else nothing.
std::string FindBaseOfStudy(const std::string& file);

/// @return the mean of some values; a failure if there are none.
double GetMean(const std::vector<double>& values);

} // namespace p2pim::test

#endif // P2PIM_TESTS_SCENARIO_RUN_H
