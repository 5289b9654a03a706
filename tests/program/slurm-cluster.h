// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SLURM_CLUSTER_H
#define P2PIM_TESTS_SLURM_CLUSTER_H

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

/**
 * A Slurm cluster of one node with two CPUs that belongs to the user who starts it, and is reached
 * over loopback only: munged, slurmctld and slurmd, each a child of this process, all their files
 * in one folder of its own. As long as it lives, Slurm's commands talk to it.
 */
class SlurmCluster
{
  public:
    /// Starts it and waits until it takes jobs.
    SlurmCluster();
    ~SlurmCluster();
    SlurmCluster(const SlurmCluster&) = delete;
    SlurmCluster& operator=(const SlurmCluster&) = delete;

    /// @return why it cannot run here; empty: it runs.
    const std::string& GetProblem() const;

  private:
    void WriteConfiguration() const;
    void Start(const std::string& program, const std::vector<std::string>& options);
    /// @return why it does not run; empty: it takes jobs.
    std::string WaitUntilIdle();

    std::filesystem::path m_folder;
    std::vector<pid_t> m_daemons;
    std::string m_problem;
};

#endif // P2PIM_TESTS_SLURM_CLUSTER_H
