// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SLURM_ENGINE_H
#define P2PIM_SLURM_ENGINE_H

#include "command-line.h"
#include "commands.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace p2pim::program
{

/// A study whose runs are made by a Slurm cluster.
struct SlurmStudy
{
    /// The words behind `p2pim` that make the study, without those that say where and how fast:
    /// --output, --jobs, --engine, --force and the options of GetSlurmOptions().
    std::vector<std::string> words;
    std::string output; ///< the results file
    /// Makes the results file, with the plan of the study, or opens the one that is there and
    /// checks that it is of the study. Called once, and only if nobody else writes it.
    std::function<void()> open;
    bool force = false;             ///< whether shards that are there are made anew
    bool anyBuild = false;          ///< whether runs may be of different builds of the program
    uint64_t cpus = 1;              ///< of a task
    std::optional<uint64_t> shards; ///< how many; none: as before, or else DEFAULT_SHARDS
    uint64_t atOnce = 0;            ///< most tasks at a time; 0: all
    std::string options;            ///< what sbatch is told besides
    bool detach = false;            ///< whether not to wait for the job
    std::string program;            ///< that makes a shard; empty: this one

    static constexpr uint64_t DEFAULT_SHARDS = 16;
    static constexpr uint64_t MAX_SHARDS = 1000; ///< Slurm's own limit, if it is not raised
};

/// The options of `p2pim sweep` that are for Slurm only: shards, at-once, slurm-options, detach.
std::vector<OptionSpec> GetSlurmOptions();

/**
 * @param arguments the command's arguments.
 * @return a study of which what GetSlurmOptions() lists has been read.
 * @throw UserError one of them is wrong.
 */
SlurmStudy ReadSlurmOptions(const Arguments& arguments);

/// @throw UserError one of GetSlurmOptions() is given, which makes no sense without Slurm.
void RefuseSlurmOptions(const Arguments& arguments);

/**
 * Has a cluster make the runs of a study that are missing, waits for it and merges what it has made
 * into the results file. What it does is kept in the folder RESULTS.shards: a results file and a
 * log for each shard, the script, and the number of the job. Called again it goes on: it waits for
 * a job that is under way, and submits the shards that are not whole.
 *
 * @param study the study.
 * @param invocation where to write.
 * @return whether everything that could be made is in the results file; false: it has not waited.
 * @throw UserError a mistake of the user.
 * @throw RunFailure the user has stopped waiting, Slurm refuses, or shards have failed; what they
 * have made is in the results file.
 * @throw StoreError a shard does not belong to the study, or the results file cannot be written.
 */
bool MakeOnSlurm(const SlurmStudy& study, const Invocation& invocation);

} // namespace p2pim::program

#endif // P2PIM_SLURM_ENGINE_H
