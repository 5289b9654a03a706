// SPDX-License-Identifier: GPL-2.0-only
#include "merge-fixture.h"

#include <algorithm>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

/**
 * @file
 * How a merged file comes to its place, whatever is there, is left there, or comes there meanwhile.
 */

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

/// What a merge makes beside it.
constexpr const char* DRAFTS[] = {"merged.sqlite.p2pim-draft",
                                  "merged.sqlite.p2pim-draft.p2pim-draft"};

} // namespace

TEST_F(MergeTest, TheOutputIsNotReplacedWithoutForce)
{
    const auto paths = MakeShards();
    WriteFile(OUTPUT, "what was there");
    try
    {
        MergeResults(paths, OUTPUT);
        ADD_FAILURE();
    }
    catch (const StoreError& error)
    {
        EXPECT_EQ(error.GetCode(), Code::EXISTS);
        EXPECT_EQ(std::string(error.what()),
                  "merged.sqlite: exists already; give --force to replace it");
    }
    EXPECT_EQ(ReadFile(OUTPUT), "what was there");
    EXPECT_THROW(MergeResults(paths, ".", Force()), StoreError);
    EXPECT_THROW(MergeResults(paths, "no/such/folder.sqlite", Force()), StoreError);
    std::filesystem::create_symlink(OUTPUT, "link.sqlite");
    MergeResults(paths, "link.sqlite", Force());
    EXPECT_TRUE(std::filesystem::is_symlink("link.sqlite"));
    EXPECT_EQ(LoadResults(OUTPUT).status, Status::COMPLETE);
}

TEST_F(MergeTest, AStopLeavesNothing)
{
    const auto paths = MakeShards();
    const auto before = CountFiles();
    MergeOptions options;
    options.isStopped = [count = 0]() mutable { return ++count == 10; };
    EXPECT_THROW(MergeResults(paths, OUTPUT, options), StoreError);
    EXPECT_EQ(CountFiles(), before);
}

TEST_F(MergeTest, WhatAKilledMergeLeftIsCleared)
{
    const auto paths = MakeShards();
    const auto whole = MakeWhole();
    const auto before = CountFiles();
    for (const int moment : {1, 9, 18})
    {
        std::filesystem::remove(OUTPUT);
        const pid_t child = fork();
        if (child == 0)
        {
            MergeOptions options;
            options.isStopped = [count = 0, moment]() mutable {
                return ++count == moment && raise(SIGKILL) == 0;
            };
            MergeResults(paths, OUTPUT, options);
            _exit(0);
        }
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
        for (const char* draft : DRAFTS)
        {
            EXPECT_TRUE(std::filesystem::exists(draft)) << draft;
        }
        MergeResults(paths, OUTPUT);
        EXPECT_TRUE(ReadFile(OUTPUT) == whole);
        EXPECT_EQ(CountFiles(), before + 1) << "the output";
    }
}

// SQLite writes the first page of a copy last: before that there are zeros.
TEST_F(MergeTest, AnyRestOfADraftIsCleared)
{
    const auto paths = MakeShards();
    const auto whole = MakeWhole();
    const std::string zeros(4096, '\0');
    for (const auto& rest : {std::string(), zeros + "rows", whole, whole.substr(0, 4096)})
    {
        for (const std::string draft : DRAFTS)
        {
            WriteFile(draft, rest);
            WriteFile(draft + "-journal", "rest");
            MergeResults(paths, OUTPUT, Force());
            EXPECT_TRUE(ReadFile(OUTPUT) == whole);
            EXPECT_FALSE(std::filesystem::exists(draft));
        }
    }
}

TEST_F(MergeTest, AFileThatIsNoDraftIsLeftAlone)
{
    MakeShards();
    WriteFile(OUTPUT, "what was there");
    SQLite::Database("other.sqlite", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE mine (x)");
    for (const std::string draft : DRAFTS)
    {
        const std::string line = draft + ": is in the way, and not of p2pim; move it away";
        for (const auto& content : {std::string("mine"),
                                    std::string(4096, 'x'),
                                    std::string(50, '\0'),
                                    ReadFile("other.sqlite")})
        {
            WriteFile(draft, content);
            ExpectRefused({"shard1.sqlite"}, Code::EXISTS, line);
            EXPECT_TRUE(ReadFile(draft) == content);
        }
        std::filesystem::remove(draft);
        std::filesystem::create_symlink("shard2.sqlite", draft);
        ExpectRefused({"shard1.sqlite"}, Code::EXISTS, line);
        std::filesystem::remove(draft);
        std::filesystem::create_directory(draft);
        ExpectRefused({"shard1.sqlite"}, Code::EXISTS, line);
        std::filesystem::remove(draft);
    }
}

TEST_F(MergeTest, TwoMergesToOneOutputDoNotMeet)
{
    const auto paths = MakeShards();
    MergeOptions options;
    options.isStopped = [&, isFirst = true]() mutable {
        if (std::exchange(isFirst, false))
        {
            ExpectRefused(paths,
                          Code::BUSY,
                          "merged.sqlite.p2pim-draft: another p2pim is writing this file");
        }
        return false;
    };
    EXPECT_EQ(MergeResults(paths, OUTPUT, options).status, Status::COMPLETE);
}

TEST_F(MergeTest, AnOutputThatCameMeanwhileIsNotReplaced)
{
    const auto paths = MakeShards();
    MergeOptions options;
    options.isStopped = []() {
        WriteFile(OUTPUT, "mine");
        return false;
    };
    EXPECT_THROW(MergeResults(paths, OUTPUT, options), StoreError);
    EXPECT_EQ(ReadFile(OUTPUT), "mine");
}
