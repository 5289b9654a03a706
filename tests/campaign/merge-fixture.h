// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_MERGE_FIXTURE_H
#define P2PIM_TESTS_MERGE_FIXTURE_H

#include "campaign/merge.h"
#include "program/work-folder.h"
#include "synthetic-study.h"

#include <SQLiteCpp/Database.h>
#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{
namespace test
{

using Code = StoreError::Code;

constexpr const char* OUTPUT = "merged.sqlite";

/// How a shard is made.
struct Making
{
    Shard shard;
    uint64_t seeds = 3;            ///< of the study
    std::set<uint64_t> failing;    ///< numbers of runs that fail
    std::set<uint64_t> left;       ///< numbers of runs that are not made
    std::string failure = "crash"; ///< why runs fail
    std::string build = "build-1"; ///< of the program
    std::string commandLine = "p2pim sweep a.ini";
};

/// @return what replaces the output.
inline MergeOptions
Force()
{
    MergeOptions options;
    options.force = true;
    return options;
}

/// Shards of a small study and what becomes of them.
class MergeTest : public WorkFolderTest
{
  protected:
    /// Makes a shard as `p2pim sweep --shard` does. @return its path.
    static std::string Make(const std::string& path,
                            const Making& making,
                            const StudyPlan& study,
                            Provenance provenance = MakeProvenance())
    {
        provenance.programId = making.build;
        provenance.commandLine = making.commandLine;
        ResultsStore store(path, OpenMode::RESUME, provenance, study);
        for (const auto& run : store.ListMissing(0, 1000, making.shard))
        {
            if (making.failing.count(run.id) != 0)
            {
                store.StoreFailure(run, {making.failure, "Segmentation fault", "p2pim run x"});
            }
            else if (making.left.count(run.id) == 0)
            {
                store.Store(MakeRichRun(run));
            }
        }
        store.Finish(making.shard);
        if (making.shard.count == 1)
        {
            store.Compact();
        }
        return path;
    }

    static std::string Make(const std::string& path, const Making& making)
    {
        return Make(path, making, MakeStudy(making.seeds));
    }

    /// A run with a row in every table; among them NULL, and what is no whole number.
    static ::p2pim::RunRecord MakeRichRun(const PlannedRun& run)
    {
        auto record = MakeRunOf(run.key);
        record.sessions.push_back(MakeBlockedSession(3));
        record.counters[0].value = 0.1 * static_cast<double>(run.id);
        return record;
    }

    /// @return four shards that make up the study of one machine.
    static std::vector<std::string> MakeShards()
    {
        std::vector<std::string> paths;
        for (uint64_t i = 0; i < 4; ++i)
        {
            Making making;
            making.shard = {i, 4};
            paths.push_back(Make("shard" + std::to_string(i + 1) + ".sqlite", making));
        }
        return paths;
    }

    /// @return the octets of a whole study's file that one machine has made.
    static std::string MakeWhole(uint64_t seeds = 3)
    {
        Making making;
        making.seeds = seeds;
        return ReadFile(Make("whole.sqlite", making));
    }

    /// Expects that a merge is refused with a line, and that it leaves nothing behind.
    static void ExpectRefused(const std::vector<std::string>& paths,
                              Code code,
                              const std::string& line)
    {
        const auto before = CountFiles();
        const std::string content = ReadFile(OUTPUT);
        try
        {
            MergeResults(paths, OUTPUT, Force());
            ADD_FAILURE() << "not refused: " << line;
        }
        catch (const StoreError& error)
        {
            EXPECT_EQ(error.GetCode(), code) << error.what();
            EXPECT_NE(std::string(error.what()).find(line), std::string::npos) << error.what();
            EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
        }
        EXPECT_EQ(CountFiles(), before);
        EXPECT_TRUE(ReadFile(OUTPUT) == content);
    }

    static long CountFiles()
    {
        return std::distance(std::filesystem::directory_iterator("."), {});
    }

    /// Changes a file behind the store's back.
    static void Execute(const std::string& path, const std::string& sql)
    {
        SQLite::Database(path, SQLite::OPEN_READWRITE).exec(sql);
    }
};

} // namespace test
} // namespace campaign
} // namespace p2pim

#endif // P2PIM_TESTS_MERGE_FIXTURE_H
