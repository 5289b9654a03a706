// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUDY_H
#define P2PIM_STUDY_H

#include "campaign/results-store.h"
#include "campaign/results.h"
#include "command-line.h"
#include "configuration.h"
#include "scenario-file.h"

#include "ns3/nstime.h"
#include "ns3/type-id.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace p2pim::program
{

/// How narrow an interval is to be before a study stops repeating itself.
struct Precision
{
    double share = 0;   ///< of the mean, that half of the interval may have; above 0, below 1
    std::string metric; ///< of which; as the user wrote it, or empty
    std::string place;  ///< what an error line about the metric begins with
    uint64_t most = 0;  ///< repetitions, at least those of the study
};

/**
 * What `p2pim sweep` runs: every point of a grid over the attributes under every seed with every
 * scheme. A scenario file's iterations and the command line's are the grid.
 *
 * It makes values the attributes' defaults, which are of the process: one study at a time, and
 * nobody else may change them while it is used.
 */
class Study
{
  public:
    /// Most runs.
    static constexpr uint64_t MAX_RUNS = 10'000'000;
    /// So many points, and those where an attribute has one of its first values for the first time,
    /// are checked when the study is read; a fault in another one fails its runs.
    static constexpr uint64_t CHECKED_POINTS = 1000;

    /// The options that a study reads: schemes, sessions, seed, repetition, constraint, precision,
    /// precision-metric, precision-limit.
    static std::vector<OptionSpec> GetOptions();

    /**
     * Reads a study and checks all that can be known before a run.
     *
     * @param file the scenario file.
     * @param arguments the command's arguments.
     * @param commandLine to be kept with the results.
     * @throw UserError whatever is wrong with any of them.
     */
    Study(const ScenarioFile& file, const Arguments& arguments, const std::string& commandLine);
    ~Study();
    Study(const Study&) = delete;
    Study& operator=(const Study&) = delete;

    /// @return the scenario.
    ns3::TypeId GetScenario() const;

    /// @return where the runs come from; an attribute that varies is there with its iterations.
    const campaign::Provenance& GetProvenance() const;

    /// @return the runs. Its points come from this study, which has to outlive it.
    campaign::StudyPlan MakePlan();

    /// @return what varies.
    const std::vector<campaign::Variable>& GetVariables() const;

    /// @return the schemes, in the order in which they are run.
    const std::vector<std::string>& GetSchemes() const;

    /// @return the seed of the first repetition.
    uint64_t GetFirstSeed() const;

    /// @return how many repetitions there are, at first if there is a GetPrecision().
    uint64_t GetSeeds() const;

    /// @return how many points the grid has, 1 and up.
    uint64_t GetPointCount() const;

    /// @return how many runs there are: points, seeds, schemes.
    uint64_t GetRunCount() const;

    /// @return how many sessions these runs have together.
    uint64_t GetSessionCount() const;

    /// @return the wall-clock time that a run may take; none if there is no limit.
    std::optional<ns3::Time> GetTimeLimit() const;

    /// @return when to stop repeating; none if the repetitions are given.
    const std::optional<Precision>& GetPrecision() const;

    /**
     * @param point a point's number, less than GetPointCount(); a step forward costs least.
     * @return the variables' values there, in their order.
     */
    const std::vector<std::string>& GetPoint(uint64_t point);

    /**
     * Makes a point's values the attributes' defaults.
     *
     * @param point its number, less than GetPointCount().
     * @throw UserError there is something wrong with the values together.
     */
    void Apply(uint64_t point);

    /**
     * @param run a planned run.
     * @return the command line that makes this run alone, as a shell reads it.
     */
    std::string GetCommand(const campaign::PlannedRun& run);

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace p2pim::program

#endif // P2PIM_STUDY_H
