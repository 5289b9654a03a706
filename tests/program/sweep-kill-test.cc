// SPDX-License-Identifier: GPL-2.0-only
#include "process-fixture.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>
#include <vector>

using p2pim::campaign::LoadResults;

/**
 * @file
 * A study that is killed again and again ends with the file of one that was left alone.
 */

namespace
{

/// Kills with the same moments in every run of the test; what they hit is up to the machine.
class SweepKillTest : public ProcessTest
{
  protected:
    SweepKillTest()
    {
        // 5 points, 2 schemes, 30 seeds: 300 runs of some 10 ms
        WriteFile("study.ini",
                  "repetition = 30\nschemes = p2p, sip-message\n[ChatScenario]\nSessions = 1\n"
                  "Messages = 2\n[GprsCell]\nPdchs = ${pdchs=1..5}\n");
    }

    /// @return the processes that a process has started.
    static std::vector<pid_t> ListChildren(pid_t process)
    {
        const std::string id = std::to_string(process);
        std::ifstream list("/proc/" + id + "/task/" + id + "/children");
        std::vector<pid_t> children;
        for (pid_t child = 0; list >> child;)
        {
            children.push_back(child);
        }
        return children;
    }

    /// Lets some of the study be run, and kills it. @return whether it had ended before.
    bool KillRunner()
    {
        const auto process = Start(m_sweep);
        Pause(30, 250);
        kill(process, SIGKILL);
        return Wait(process) == 0;
    }

    /// Kills a worker, and lets the study go on. @return whether nothing is missing.
    bool KillWorker()
    {
        const auto process = Start(m_sweep);
        Pause(40, 120);
        const auto children = ListChildren(process);
        if (!children.empty())
        {
            kill(children[m_random() % children.size()], SIGKILL);
        }
        Pause(10, 60);
        kill(process, SIGTERM);
        return Wait(process) == 0;
    }

    /// @return whether a file system can be mounted here.
    bool CanMount() const
    {
        return system("unshare --user --map-root-user --mount true 2>/dev/null") == 0;
    }

    /// Lets the study meet a full disk. @return whether nothing is missing.
    bool FillDisk()
    {
        uint64_t octets = 0;
        for (const auto& entry : std::filesystem::directory_iterator("."))
        {
            octets += entry.path().string().find("study.sqlite") != std::string::npos
                          ? entry.file_size()
                          : 0;
        }
        // the file system ends with the namespace that it is mounted in
        const std::string before =
            "unshare --user --map-root-user --mount sh -c '"
            "mkdir -p disk; mount -t tmpfs -o size=" +
            std::to_string(octets + 200000 + m_random() % 400000) +
            " none disk; cp study.sqlite* disk 2>/dev/null; (\"$@\"); status=$?;"
            " rm -f study.sqlite*; cp disk/study.sqlite* .; exit $status' sh";
        return Run("sweep study.ini -j 2 --output=disk/study.sqlite", before) == 0;
    }

    /// Waits. @param least ms. @param most ms.
    void Pause(uint32_t least, uint32_t most)
    {
        const auto pause = least + m_random() % (most - least);
        std::this_thread::sleep_for(std::chrono::milliseconds(pause));
    }

    std::string m_sweep = "sweep study.ini -j 2 --output=study.sqlite";
    std::mt19937 m_random{20261121};
};

} // namespace

TEST_F(SweepKillTest, AStudyThatIsKilledFiftyTimesEndsWithTheSameOctets)
{
    ASSERT_EQ(Run("sweep study.ini -j 2 --output=whole.sqlite"), 0) << ReadFile("err.txt");
    const auto expected = ReadFile("whole.sqlite");
    ASSERT_EQ(LoadResults("whole.sqlite").runs.size(), 300u);
    const bool canMount = CanMount();
    uint32_t ends = 0;
    uint32_t interrupted = 0;
    for (uint32_t i = 0; i < 50; ++i)
    {
        const bool ended = i % 3 == 0                ? KillRunner()
                           : i % 3 == 1 || !canMount ? KillWorker()
                                                     : FillDisk();
        interrupted += ended ? 0 : 1;
        if (ended) // too early: another one, that is to end the same
        {
            EXPECT_TRUE(ReadFile("study.sqlite") == expected) << "after " << i;
            std::filesystem::remove("study.sqlite");
            ++ends;
        }
    }
    EXPECT_GE(interrupted, 40u);
    EXPECT_EQ(Run(m_sweep), 0) << ReadFile("err.txt");
    EXPECT_TRUE(ReadFile("study.sqlite") == expected) << ends << " studies had ended before";
    EXPECT_EQ(Run("export study.sqlite --format=json"), 0);
    const auto exported = ReadFile("out.txt");
    EXPECT_EQ(Run("export whole.sqlite --format=json"), 0);
    EXPECT_TRUE(ReadFile("out.txt") == exported);
    EXPECT_TRUE(canMount) << "no full disk was tried: no file system can be mounted here";
}
