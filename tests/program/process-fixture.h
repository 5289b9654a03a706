// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_PROCESS_FIXTURE_H
#define P2PIM_TESTS_PROCESS_FIXTURE_H

#include "campaign/results-store.h"
#include "campaign/results.h"
#include "campaign/store-error.h"
#include "work-folder.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

/// Runs the built program in an empty folder, as a user does.
class ProcessTest : public WorkFolderTest
{
  protected:
    ProcessTest()
    {
        const char* given = std::getenv("P2PIM_PROGRAM");
        m_program = m_former / (given ? given : "build/p2pim");
        WriteFile("a.ini", "# small\n[ChatScenario]\nSessions=2\n");
    }

    void SetUp() override
    {
        ASSERT_TRUE(std::filesystem::exists(m_program)) << m_program << " is not built";
    }

    /// Starts the program by a shell. @param words its words, as the shell reads them.
    /// @param before what the shell is to do first. @return the process.
    pid_t Start(const std::string& words, const std::string& before = "") const
    {
        const std::string line =
            before + " exec '" + m_program.string() + "' " + words + " >out.txt 2>err.txt";
        const pid_t process = fork();
        if (process == 0)
        {
            execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
            _exit(127);
        }
        return process;
    }

    /// @return the exit status of a process that Start() began; -1 if a signal ended it.
    static int Wait(pid_t process)
    {
        int status = 0;
        waitpid(process, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    int Run(const std::string& words, const std::string& before = "") const
    {
        return Wait(Start(words, before));
    }

    /// Expects status 2, nothing on stdout and on stderr one line with @p part in it.
    void ExpectMistake(const std::string& words, const std::string& part) const
    {
        EXPECT_EQ(Run(words), 2) << words;
        const std::string err = ReadFile("err.txt");
        EXPECT_EQ(err.rfind("p2pim: ", 0), 0u) << err;
        EXPECT_NE(err.find(part), std::string::npos) << err;
        EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
        EXPECT_EQ(ReadFile("out.txt"), "") << words;
    }

    /// @return how many runs a file that is being written has.
    static std::size_t CountRuns(const std::string& path)
    {
        try
        {
            return p2pim::campaign::LoadResults(path).runs.size();
        }
        catch (const p2pim::campaign::StoreError&)
        {
            return 0;
        }
    }

  private:
    std::filesystem::path m_program; ///< $P2PIM_PROGRAM, or build/p2pim below the former folder
};

#endif // P2PIM_TESTS_PROCESS_FIXTURE_H
