// SPDX-License-Identifier: GPL-2.0-only
#include "program/slurm.h"
#include "program/tool.h"
#include "slurm-cluster.h"
#include "work-folder.h"

#include <gtest/gtest.h>

/**
 * @file
 * Studies on Debian's Slurm, on loopback. The file that a cluster writes has to be the one that one
 * machine writes.
 */

using namespace p2pim::program;

namespace
{

class SlurmTest : public WorkFolderTest
{
  protected:
    SlurmTest()
    {
        const char* given = std::getenv("P2PIM_PROGRAM");
        m_program = (m_former / (given ? given : "build/p2pim")).string();
        WriteFile("a study.ini",
                  "[ChatScenario]\nSessions = 2\nPause = "
                  "ns3::ConstantRandomVariable[Constant=${pause=1,2}]\n");
    }

    void SetUp() override
    {
        if (!m_cluster.GetProblem().empty())
        {
            GTEST_SKIP() << "Slurm cannot run here: " << m_cluster.GetProblem();
        }
    }

    /// Calls `p2pim sweep` for a study of twelve runs.
    ToolOutcome Sweep(const std::vector<std::string>& options) const
    {
        std::vector<std::string> words{m_program,
                                       "sweep",
                                       "a study.ini",
                                       "--schemes=p2p,im-server",
                                       "--repetition=3"};
        words.insert(words.end(), options.begin(), options.end());
        return RunTool(words).value();
    }

    SlurmCluster m_cluster;
    std::string m_program;
};

} // namespace

TEST_F(SlurmTest, AClusterWritesTheFileOfOneMachine)
{
    auto outcome = Sweep({"--output=one machine.sqlite", "-j", "1"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const std::string expected = ReadFile("one machine.sqlite");
    EXPECT_FALSE(expected.empty());

    // One shard cannot be written at first: it is named, the others are kept.
    std::filesystem::create_directory("cluster.sqlite.shards");
    const std::string shard = "cluster.sqlite.shards/2-of-5.sqlite";
    std::filesystem::create_symlink("/nowhere/x", shard);
    outcome = Sweep({"--engine=slurm", "--shards=5", "--output=cluster.sqlite"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find("job 1: 12 runs in 5 of 5 shards\n"), std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find("p2pim: shard 2 did not end: cluster.sqlite.shards/2-of-5.log: "
                               "p2pim: "),
              std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.err.find("job 1: shards 2 of 5 failed: 9 of 12 runs kept in cluster.sqlite "
                               "(partial)\n"),
              std::string::npos)
        << outcome.err;

    std::filesystem::remove(shard);
    outcome = Sweep({"--engine=slurm", "--output=cluster.sqlite", "-j", "2"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.err.find(": 3 runs in 1 of 5 shards\n"), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.out, "cluster.sqlite: complete, 12 of 12 runs, 3 made now\n");
    EXPECT_TRUE(ReadFile("cluster.sqlite") == expected);
}
