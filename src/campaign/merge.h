// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_MERGE_H
#define P2PIM_CAMPAIGN_MERGE_H

#include "results.h"
#include "store-error.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// How results files are joined.
struct MergeOptions
{
    bool force = false;    ///< the output may exist; it is replaced
    bool anyBuild = false; ///< the runs may be of different builds of the program
    /// Told of a file that cannot be used, which is then left out; empty: that is an error.
    std::function<void(const std::string& path, const StoreError& error)> leaveOut;
    std::function<bool()> isStopped; ///< asked before each run; may be empty
};

/// What a joined results file has.
struct MergeOutcome
{
    uint64_t planned = 0;            ///< runs
    uint64_t succeeded = 0;          ///< runs
    uint64_t failed = 0;             ///< runs that were made and did not succeed
    Status status = Status::PARTIAL; ///< whether every planned run is there
};

/**
 * Joins results files of one study to the file that one machine would have written. The order of
 * the files does not matter. A run that is in several of them has to be the same in each; one that
 * failed in one and succeeded in another has succeeded. No more than a row is in memory.
 *
 * The new file is written beside @p output and put in its place at the end; whatever happens
 * before, nothing is changed.
 *
 * @param paths the files, one at least.
 * @param output the file to write; it may be one of @p paths, and is then replaced.
 * @param options how.
 * @return what the new file has.
 * @throw StoreError a file is missing, damaged, of another schema, being written or of another
 * study, a run differs between two files, or the output cannot be written.
 */
MergeOutcome MergeResults(const std::vector<std::string>& paths,
                          const std::string& output,
                          const MergeOptions& options = {});

/// How far a shard is: the part of a plan that one machine makes.
struct ShardProgress
{
    uint64_t shard = 0;     ///< from 1
    uint64_t planned = 0;   ///< runs
    uint64_t succeeded = 0; ///< runs
    uint64_t failed = 0;    ///< runs that were made and did not succeed
};

/**
 * @param path a results file.
 * @param count how many shards its plan is cut into.
 * @return how far each is, but for those without a run.
 * @throw StoreError the file cannot be read.
 */
std::vector<ShardProgress> GetShardProgress(const std::string& path, uint64_t count);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_MERGE_H
