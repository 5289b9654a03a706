// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/results-schema.h"
#include "merge-fixture.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>

/**
 * @file
 * What a merged file has to be is what a single ResultsStore writes that makes every run.
 */

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

TEST_F(MergeTest, ShardsInAnyOrderGiveTheFileOfOneMachine)
{
    const auto whole = MakeWhole();
    auto paths = MakeShards();
    std::sort(paths.begin(), paths.end());
    do
    {
        const auto outcome = MergeResults(paths, OUTPUT, Force());
        EXPECT_EQ(outcome.status, Status::COMPLETE);
        EXPECT_EQ(outcome.planned, 18u);
        EXPECT_EQ(outcome.succeeded, 18u);
        EXPECT_EQ(outcome.failed, 0u);
        ASSERT_TRUE(ReadFile(OUTPUT) == whole);
    } while (std::next_permutation(paths.begin(), paths.end()));
}

TEST_F(MergeTest, AFileOfOneMachineStaysTheSame)
{
    const auto whole = MakeWhole();
    MergeResults({"whole.sqlite"}, OUTPUT);
    EXPECT_TRUE(ReadFile(OUTPUT) == whole);
}

TEST_F(MergeTest, EveryTableOfTheSchemaIsMerged)
{
    MakeWhole();
    MergeResults(MakeShards(), OUTPUT);
    SQLite::Database merged(OUTPUT);
    SQLite::Statement tables(merged, "SELECT name FROM sqlite_master WHERE type = 'table'");
    int count = 0;
    while (tables.executeStep())
    {
        const std::string name = tables.getColumn(0);
        const auto rows = merged.execAndGet("SELECT count(*) FROM " + name).getInt();
        EXPECT_EQ(rows == 0, name == "failure") << name;
        ++count;
    }
    EXPECT_EQ(count, 14);
}

TEST_F(MergeTest, WhatIsMissingMakesItPartial)
{
    auto paths = MakeShards();
    paths.pop_back();
    const auto outcome = MergeResults(paths, OUTPUT);
    EXPECT_EQ(outcome.status, Status::PARTIAL);
    EXPECT_EQ(outcome.succeeded, 14u); // the last shard had 4 of 18
    const auto results = LoadResults(OUTPUT);
    EXPECT_EQ(results.status, Status::PARTIAL);
    EXPECT_EQ(results.runs.size(), 14u);
}

TEST_F(MergeTest, WhichShardItWasIsForgotten)
{
    const auto paths = MakeShards();
    for (const auto& path : paths)
    {
        Execute(path, "INSERT INTO meta VALUES ('shard', '" + path + "')");
    }
    MergeResults(paths, OUTPUT);
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());
}

TEST_F(MergeTest, APartialFileIsCompletedLikeThatOfOneMachine)
{
    auto paths = MakeShards();
    const std::string last = paths.back();
    paths.pop_back();
    MergeResults(paths, OUTPUT);
    MergeResults({last, OUTPUT}, OUTPUT); // without force: nothing of it is lost
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());

    MergeResults(paths, "resumed.sqlite");
    Make("resumed.sqlite", {});
    EXPECT_TRUE(ReadFile("resumed.sqlite") == ReadFile(OUTPUT));
}

TEST_F(MergeTest, ARunThatCameTwiceIsTakenOnce)
{
    auto paths = MakeShards();
    Making making;
    making.shard = {0, 2}; // the runs of shards 1 and 3
    paths.push_back(Make("half.sqlite", making));
    paths.push_back(paths[1]);
    EXPECT_EQ(MergeResults(paths, OUTPUT).succeeded, 18u);
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());
}

TEST_F(MergeTest, ARunThatDiffersIsRefused)
{
    const char* const changes[] = {
        "UPDATE run SET events = events + 1 WHERE id = 7",
        "UPDATE session SET setup_ns = NULL WHERE run_id = 7 AND idx = 1",
        "DELETE FROM step WHERE run_id = 7 AND session_idx = 2 AND ordinal = 2",
        "UPDATE message SET octets = 21 WHERE run_id = 7 AND session_idx = 0 AND idx = 0",
        "UPDATE attempt SET remote = 'x' WHERE run_id = 7",
        "UPDATE counter_list SET list_id = list_id + 1 WHERE run_id = 7",
        "UPDATE counter_list SET counter_values = '[0.5]' WHERE run_id = 7",
    };
    Making making;
    making.shard = {2, 4};
    Make("a.sqlite", making);
    for (const std::string change : changes)
    {
        std::filesystem::copy_file("a.sqlite",
                                   "b.sqlite",
                                   std::filesystem::copy_options::overwrite_existing);
        Execute("b.sqlite", change);
        ExpectRefused({"b.sqlite", "a.sqlite"},
                      Code::DIFFERENT,
                      "b.sqlite: run 7 is not the same as in a.sqlite");
    }
}

TEST_F(MergeTest, ASuccessReplacesAFailure)
{
    Making failed;
    failed.failing = {2, 7};
    Make("a.sqlite", failed);
    Making other;
    other.shard = {1, 6}; // 2, 8, 14
    Make("b.sqlite", other);
    for (const auto& paths :
         {std::vector<std::string>{"a.sqlite", "b.sqlite"}, {"b.sqlite", "a.sqlite"}})
    {
        const auto outcome = MergeResults(paths, OUTPUT, Force());
        EXPECT_EQ(outcome.succeeded, 17u);
        EXPECT_EQ(outcome.failed, 1u);
        const auto results = LoadResults(OUTPUT);
        EXPECT_EQ(results.status, Status::PARTIAL);
        ASSERT_EQ(results.failures.size(), 1u);
        EXPECT_EQ(results.failures[0].run.id, 7u);
        EXPECT_EQ(results.failures[0].failure.command, "p2pim run x");
    }
    Making third;
    third.shard = {6, 7}; // 7, 14
    Make("c.sqlite", third);
    MergeResults({"a.sqlite", "b.sqlite", "c.sqlite"}, OUTPUT, Force());
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());
}

TEST_F(MergeTest, OfTwoFailuresTheOrderOfTheFilesDoesNotDecide)
{
    Making making;
    making.failing = {3};
    Make("a.sqlite", making);
    making.failure = "killed";
    Make("b.sqlite", making);
    MergeResults({"a.sqlite", "b.sqlite"}, OUTPUT);
    MergeResults({"b.sqlite", "a.sqlite"}, "other.sqlite");
    EXPECT_TRUE(ReadFile(OUTPUT) == ReadFile("other.sqlite"));
    EXPECT_EQ(LoadResults(OUTPUT).failures.at(0).failure.cause, "crash");
}

TEST_F(MergeTest, AnotherStudyIsNamed)
{
    WriteFile(OUTPUT, "what was there");
    Make("a.sqlite", {});
    const auto expect =
        [](const StudyPlan& study, const Provenance& provenance, const std::string& difference) {
            std::filesystem::remove("b.sqlite");
            Making making;
            making.commandLine = "p2pim sweep b.ini"; // comes behind the other
            Make("b.sqlite", making, study, provenance);
            ExpectRefused({"b.sqlite", "a.sqlite"},
                          Code::DIFFERENT,
                          "b.sqlite: not of the study of a.sqlite: " + difference);
        };
    auto provenance = MakeProvenance();
    provenance.ns3Version = "3.38";
    expect(MakeStudy(3),
           provenance,
           "the version of ns-3 is \"3.38\" in this file and \"3.37\" in that one");
    provenance = MakeProvenance();
    provenance.configuration[1].value = "+2s";
    expect(MakeStudy(3),
           provenance,
           "Smsc.ServiceTime is \"+2s\" in this file and \"+1.5s\" in that one");
    auto study = MakeStudy(3);
    study.traits = {{"constraint", "false"}};
    expect(study,
           MakeProvenance(),
           "constraint is \"false\" in this file and \"true\" in that one");
    study = MakeStudy(3);
    study.variables[0].name = "coding";
    expect(study, MakeProvenance(), "variable 0 is another one");
    study = MakeStudy(3);
    study.nextPoint = [next = 0](std::vector<std::string>& values) mutable {
        values = {"CS-" + std::to_string(++next == 3 ? 4 : next)};
        return next <= 3;
    };
    expect(study, MakeProvenance(), "point 2 is another one");
    study = MakeStudy(3);
    study.firstSeed = 2;
    expect(study, MakeProvenance(), "first_seed is \"2\" in this file and \"1\" in that one");
}

TEST_F(MergeTest, PlansOfOtherRunsAreNamed)
{
    {
        const ResultsStore a("a.sqlite", OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}});
    }
    {
        const ResultsStore b("b.sqlite", OpenMode::CREATE, MakeProvenance(), {{"p2p", 2}});
    }
    ExpectRefused({"a.sqlite", "b.sqlite"},
                  Code::DIFFERENT,
                  "b.sqlite: not of the study of a.sqlite: run 1 is another one");
}

TEST_F(MergeTest, AShardOfFewerSeedsIsAPartOfTheStudyWithMore)
{
    Making few;
    few.seeds = 1;
    few.commandLine = "p2pim sweep a.ini --repetition=1";
    Make("few.sqlite", few);
    Making more;
    more.left = {1, 2, 3};
    Make("more.sqlite", more);
    MergeResults({"few.sqlite", "more.sqlite"}, OUTPUT);
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());
}

TEST_F(MergeTest, AnotherBuildIsRefusedUnlessItIsAccepted)
{
    Making making;
    making.shard = {0, 2};
    Make("a.sqlite", making);
    making.shard = {1, 2};
    making.build = "build-2";
    Make("b.sqlite", making);
    ExpectRefused({"a.sqlite", "b.sqlite"},
                  Code::DIFFERENT,
                  "the build of p2pim is \"build-2\" in this file and \"build-1\" in that one");
    MergeOptions options;
    options.anyBuild = true;
    EXPECT_EQ(MergeResults({"b.sqlite", "a.sqlite"}, OUTPUT, options).status, Status::COMPLETE);
    EXPECT_EQ(LoadResults(OUTPUT).provenance.programId, "build-1 build-2");
}

TEST_F(MergeTest, WhatIsNoWholeResultsFileIsNamed)
{
    WriteFile(OUTPUT, "what was there");
    Make("a.sqlite", {});
    ExpectRefused({"a.sqlite", "none.sqlite"}, Code::MISSING, "none.sqlite: cannot be read");
    WriteFile("b.sqlite", "");
    ExpectRefused({"a.sqlite", "b.sqlite"},
                  Code::NOT_RESULTS,
                  "b.sqlite: not a results file of p2pim");
    WriteFile("b.sqlite", "no database at all");
    ExpectRefused({"b.sqlite", "a.sqlite"},
                  Code::NOT_RESULTS,
                  "b.sqlite: not a results file of p2pim");
    ExpectRefused({"a.sqlite", "."}, Code::NOT_RESULTS, ".: not a results file of p2pim");
    Make("new.sqlite", {});
    Execute("new.sqlite", "PRAGMA user_version = " + std::to_string(g_schemaVersion + 1));
    ExpectRefused({"a.sqlite", "new.sqlite"}, Code::SCHEMA, "new.sqlite: has version");
}

TEST_F(MergeTest, ADamagedFileIsNamed)
{
    WriteFile(OUTPUT, "what was there");
    Make("a.sqlite", {});
    const auto whole = ReadFile("a.sqlite");
    constexpr std::size_t page = 4096;
    const auto expectDamaged = [](const std::string& octets) {
        WriteFile("b.sqlite", octets);
        ExpectRefused({"a.sqlite", "b.sqlite"}, Code::NOT_RESULTS, "b.sqlite: is damaged: ");
    };
    expectDamaged(whole.substr(0, whole.size() - page));
    for (std::size_t place = page; place < whole.size(); place += page)
    {
        expectDamaged(whole.substr(0, place) + std::string(page, '\0') +
                      whole.substr(place + page));
    }
    const auto expectRefused = [](const std::string& sql, const std::string& reason) {
        std::filesystem::copy_file("a.sqlite",
                                   "b.sqlite",
                                   std::filesystem::copy_options::overwrite_existing);
        Execute("b.sqlite", sql);
        ExpectRefused({"a.sqlite", "b.sqlite"},
                      Code::NOT_RESULTS,
                      "b.sqlite: is damaged: " + reason);
    };
    expectRefused("DROP TABLE message", "no such table: message");
    expectRefused("UPDATE run SET seed = 9 WHERE id = 2", "run 2 was not planned");
}

TEST_F(MergeTest, AFileThatIsBeingWrittenIsLeftAlone)
{
    Make("a.sqlite", {});
    const ResultsStore writer("b.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(3));
    ExpectRefused({"a.sqlite", "b.sqlite"}, Code::BUSY, "b.sqlite: another p2pim is writing");
    EXPECT_THROW(MergeResults({"a.sqlite"}, "b.sqlite", Force()), StoreError);
}

TEST_F(MergeTest, WhatAKilledWriterLeftIsMerged)
{
    auto paths = MakeShards();
    {
        ResultsStore killed("killed.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(3));
        killed.Store(MakeRunOf({"p2p", 1, 0}));
        // as the disk is at this moment: the run is in the log beside the file
        for (const std::string suffix : {"", "-wal"})
        {
            std::filesystem::copy_file("killed.sqlite" + suffix, "copy.sqlite" + suffix);
        }
    }
    const auto outcome = MergeResults({"copy.sqlite"}, OUTPUT);
    EXPECT_EQ(outcome.succeeded, 1u);
    EXPECT_EQ(outcome.planned, 18u);
}

TEST_F(MergeTest, UnusableFilesMayBeLeftOut)
{
    auto paths = MakeShards();
    WriteFile("shard2.sqlite", "damaged");
    const ResultsStore writer("busy.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(3));
    paths.emplace_back("busy.sqlite");
    std::vector<std::string> left;
    MergeOptions options;
    options.leaveOut = [&](const std::string& path, const StoreError&) { left.push_back(path); };
    EXPECT_EQ(MergeResults(paths, OUTPUT, options).succeeded, 13u); // shard 2 has 5 of 18
    EXPECT_EQ(left, (std::vector<std::string>{"shard2.sqlite", "busy.sqlite"}));
    WriteFile(OUTPUT, "damaged, and to be replaced by what it is part of");
    EXPECT_THROW(MergeResults({OUTPUT, "shard1.sqlite"}, OUTPUT, options), StoreError);
    EXPECT_THROW(MergeResults({"shard2.sqlite"}, "other.sqlite", options), StoreError);
}

TEST_F(MergeTest, TellsHowFarEachShardIs)
{
    Making making;
    making.failing = {6};
    making.left = {2, 5};
    Make("a.sqlite", making);
    const auto shards = GetShardProgress("a.sqlite", 4);
    ASSERT_EQ(shards.size(), 4u);
    const uint64_t planned[] = {5, 5, 4, 4};
    const uint64_t succeeded[] = {4, 3, 4, 4};
    for (std::size_t i = 0; i < 4; ++i)
    {
        EXPECT_EQ(shards[i].shard, i + 1);
        EXPECT_EQ(shards[i].planned, planned[i]);
        EXPECT_EQ(shards[i].succeeded, succeeded[i]);
        EXPECT_EQ(shards[i].failed, i == 1 ? 1u : 0u);
    }
    EXPECT_EQ(GetShardProgress("a.sqlite", 1000).size(), 18u);
}
