// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/synthetic-study.h"
#include "program/slurm-engine.h"
#include "program/slurm.h"
#include "program/tool.h"
#include "program/user-error.h"
#include "slurm-cluster.h"
#include "work-folder.h"

#include <gtest/gtest.h>
#include <sstream>

/**
 * @file
 * Debian's Slurm on loopback.
 */

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;
using namespace p2pim::program;

namespace
{

class SlurmTest : public WorkFolderTest
{
  protected:
    void SetUp() override
    {
        if (!m_cluster.GetProblem().empty())
        {
            GTEST_SKIP() << "Slurm cannot run here: " << m_cluster.GetProblem();
        }
    }

    SlurmCluster m_cluster;
};

} // namespace

TEST_F(SlurmTest, RunsAnArrayOfTasks)
{
    WriteFile("task.sh", "#!/bin/sh\necho \"$SLURM_ARRAY_TASK_ID $SLURM_CPUS_PER_TASK\"\n");
    SlurmArray array;
    array.name = "test";
    array.folder = std::filesystem::current_path().string();
    array.script = "task.sh";
    array.log = "%a.log";
    array.tasks = {2, 3, 5};
    array.cpus = 2;
    const std::string job = SubmitArray(array);
    for (auto tasks = GetTasks(job); tasks && tasks->running + tasks->waiting > 0;)
    {
        RunTool({"sleep", "0.1"});
        tasks = GetTasks(job);
    }
    EXPECT_EQ(ReadFile("2.log"), "2 2\n");
    EXPECT_EQ(ReadFile("5.log"), "5 2\n");
    EXPECT_FALSE(std::filesystem::exists("4.log"));
}
