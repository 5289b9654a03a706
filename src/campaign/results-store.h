// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_STORE_H
#define P2PIM_CAMPAIGN_RESULTS_STORE_H

#include "results.h"
#include "store-error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// What to do with a results file that exists.
enum class OpenMode
{
    CREATE,           ///< refuse
    FORCE,            ///< replace it, once the new file stands
    APPEND,           ///< add runs to it; it is made if it does not exist
    RESUME,           ///< go on with the study that it holds; it is made if it does not exist
    RESUME_ANY_BUILD, ///< the same if another build of the program has begun it
};

/// What a study is to run: every point under every seed with every scheme, in the order of the
/// seeds, then of the points, then of the schemes.
struct StudyPlan
{
    std::vector<Variable> variables; ///< what varies
    /// Gives the values at the next point, in the order of the variables; false: there is none.
    std::function<bool(std::vector<std::string>& values)> nextPoint;
    std::vector<std::string> schemes; ///< in the order in which they are run
    uint64_t firstSeed = 1;           ///< the seed of the first repetition
    uint64_t seeds = 1;               ///< how many repetitions
    /// What else makes two studies different, such as a constraint, by its name.
    std::map<std::string, std::string> traits;
};

/// The part of a plan that one machine makes: every count-th run.
struct Shard
{
    uint64_t index = 0; ///< from 0
    uint64_t count = 1; ///< how many shards there are
};

/**
 * The writer of a results file (SQLite; doc/results.rst documents the schema). Each run is one
 * transaction: after a crash the file holds every run that Store() has returned from.
 *
 * Every member function throws StoreError.
 */
class ResultsStore
{
  public:
    /**
     * Opens a results file and writes down what is going to be run. Nothing of an existing file is
     * lost when this fails, and no new file stays.
     *
     * @param path the file.
     * @param mode what to do if it exists.
     * @param provenance where the runs come from. On append it has to be that of the file, but for
     * the command line and the scenario file's name.
     * @param plan the runs that are going to be stored; on append, none that the file has.
     */
    ResultsStore(const std::string& path,
                 OpenMode mode,
                 const Provenance& provenance,
                 const std::vector<RunKey>& plan);
    /**
     * Opens the results file of a study.
     *
     * @param path the file.
     * @param mode not APPEND. On resume the file's study and where its runs come from
     * have to be the same, the build of the program included.
     * @param provenance where the runs come from.
     * @param study what is going to be run.
     */
    ResultsStore(const std::string& path,
                 OpenMode mode,
                 const Provenance& provenance,
                 const StudyPlan& study);
    /// Closes the file; without Finish() its status stays "running".
    ~ResultsStore();

    ResultsStore(const ResultsStore&) = delete;
    ResultsStore& operator=(const ResultsStore&) = delete;

    /**
     * Stores one run, all of it or nothing.
     *
     * @param run a run of the plan; it is not in the file yet.
     */
    void Store(const ::p2pim::RunRecord& run);

    /**
     * Notes down that a run failed; one that succeeds later replaces it.
     *
     * @param run the planned run.
     * @param failure why.
     */
    void StoreFailure(const PlannedRun& run, const RunFailure& failure);

    /**
     * Adds to the plan.
     *
     * @param runs further runs; those that are in it stay as they are.
     */
    void Plan(const std::vector<RunKey>& runs);

    /**
     * @param after the number of a planned run, 0 for all.
     * @param most how many to list at most.
     * @param shard which part of the plan.
     * @return the planned runs behind @p after that have not succeeded, in the order of the plan.
     */
    std::vector<PlannedRun> ListMissing(uint64_t after, std::size_t most, const Shard& shard = {});

    /// How far a plan is.
    struct Progress
    {
        uint64_t planned = 0;   ///< runs
        uint64_t succeeded = 0; ///< runs
        uint64_t failed = 0;    ///< runs that were made and did not succeed
    };

    /// @param shard which part of the plan. @return how far it is.
    Progress GetProgress(const Shard& shard = {});

    /**
     * Writes the file anew so that its octets depend on its content only, not on the order in
     * which the runs were made, nor on how often that was interrupted. Nothing can be stored after
     * it. If there is no room for it the file stays as it is, which holds the same.
     */
    void Compact();

    /**
     * Writes the file's status: complete if every run that this invocation or one before it has
     * planned is there, partial if not. To be called also after Ctrl-C.
     *
     * @param shard which part of the plan is asked for.
     * @return the status.
     */
    Status Finish(const Shard& shard = {});

    /**
     * Limits the size of the file, as a full disk would.
     *
     * @param bytes the most octets that the file may have, at least those that it has now.
     */
    void SetSizeLimit(uint64_t bytes);

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/**
 * Reads a results file.
 *
 * @param path the file.
 * @return all of it.
 * @throw StoreError if it is missing, not readable, not a results file or of another schema.
 */
Results LoadResults(const std::string& path);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_STORE_H
