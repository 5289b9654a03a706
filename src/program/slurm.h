// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SLURM_H
#define P2PIM_SLURM_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * Slurm's commands: a job array is submitted by sbatch and looked for by squeue. Accounting, which
 * not every cluster has, is not needed.
 */

namespace p2pim::program
{

/// A job array: one script that is run once for each task.
struct SlurmArray
{
    std::string name;            ///< that squeue shows
    std::string script;          ///< its path
    std::string folder;          ///< where it is begun, and where its log is
    std::string log;             ///< what the tasks print, relative to the folder; "%a": the task
    std::vector<uint64_t> tasks; ///< their numbers, in ascending order
    uint64_t atOnce = 0;         ///< the most tasks at a time; 0: all
    uint64_t cpus = 1;           ///< of a task
};

/// @param numbers in ascending order. @return them as Slurm writes a list: "1-3,7".
std::string DescribeTasks(const std::vector<uint64_t>& numbers);

/**
 * Submits a job array.
 *
 * @param array what to run.
 * @return the job's number.
 * @throw UserError there is no sbatch.
 * @throw RunFailure Slurm refuses.
 */
std::string SubmitArray(const SlurmArray& array);

/// How many tasks of a job have not ended.
struct SlurmTasks
{
    uint64_t running = 0; ///< tasks
    uint64_t waiting = 0; ///< tasks
    std::string reason;   ///< why the first of them waits, as Slurm puts it; perhaps empty
};

/**
 * @param job the job's number.
 * @return how far it is; none if Slurm does not answer.
 * @throw UserError there is no squeue.
 */
std::optional<SlurmTasks> GetTasks(const std::string& job);

} // namespace p2pim::program

#endif // P2PIM_SLURM_H
