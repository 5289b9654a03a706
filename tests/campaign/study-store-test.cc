// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/results-store.h"
#include "program/work-folder.h"
#include "synthetic-study.h"

#include <SQLiteCpp/Database.h>
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

using Code = StoreError::Code;

class StudyStoreTest : public WorkFolderTest
{
  protected:
    /// Makes every run that is missing, finishes and compacts. @return the file's octets.
    std::string Complete(const std::string& path,
                         uint64_t seeds,
                         OpenMode mode = OpenMode::RESUME,
                         bool backwards = false)
    {
        ResultsStore store(path, mode, MakeProvenance(), MakeStudy(seeds));
        auto missing = store.ListMissing(0, 1000);
        if (backwards)
        {
            std::reverse(missing.begin(), missing.end());
        }
        for (const auto& run : missing)
        {
            store.Store(MakeRunOf(run.key));
        }
        EXPECT_EQ(store.Finish(), Status::COMPLETE);
        store.Compact();
        return ReadFile(path);
    }

    /// @return the error of going on with a study; what() is empty if there was none.
    StoreError TryResume(const StudyPlan& study,
                         const Provenance& provenance = MakeProvenance(),
                         OpenMode mode = OpenMode::RESUME)
    {
        try
        {
            ResultsStore store("study.sqlite", mode, provenance, study);
        }
        catch (const StoreError& error)
        {
            return error;
        }
        return {Code::FAILED, ""};
    }
};

} // namespace

TEST_F(StudyStoreTest, ThePlanIsOrderedBySeedThenPointThenScheme)
{
    ResultsStore store("study.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(2));
    const auto runs = store.ListMissing(0, 1000);
    ASSERT_EQ(runs.size(), 12u);
    for (std::size_t i = 0; i < runs.size(); ++i)
    {
        EXPECT_EQ(runs[i].id, i + 1);
        EXPECT_EQ(runs[i].key.seed, 1 + i / 6);
        EXPECT_EQ(runs[i].key.point, i / 2 % 3);
        EXPECT_EQ(runs[i].key.scheme, i % 2 == 0 ? "p2p" : "im-server");
    }
}

TEST_F(StudyStoreTest, MissingRunsAreListedPieceByPiece)
{
    ResultsStore store("study.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(1));
    store.Store(MakeRunOf({"p2p", 1, 1})); // the third
    const auto first = store.ListMissing(0, 3);
    ASSERT_EQ(first.size(), 3u);
    EXPECT_EQ(first[2].id, 4u);
    const auto rest = store.ListMissing(first.back().id, 3);
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(rest[0].id, 5u);
}

TEST_F(StudyStoreTest, ShardsShareThePlanOut)
{
    ResultsStore store("study.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(1));
    const auto first = store.ListMissing(0, 10, {0, 4});
    const auto last = store.ListMissing(0, 10, {3, 4});
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].id, 1u);
    EXPECT_EQ(first[1].id, 5u);
    ASSERT_EQ(last.size(), 1u);
    EXPECT_EQ(last[0].id, 4u);
    store.Store(MakeRunOf(last[0].key));
    EXPECT_EQ(store.GetProgress({3, 4}).succeeded, 1u);
    EXPECT_EQ(store.GetProgress().succeeded, 1u);
    EXPECT_EQ(store.Finish({3, 4}), Status::COMPLETE);
    EXPECT_EQ(store.Finish(), Status::PARTIAL);
}

TEST_F(StudyStoreTest, AFailedRunStaysToBeMadeAndASuccessTakesItsPlace)
{
    const std::string path = "study.sqlite";
    {
        ResultsStore store(path, OpenMode::CREATE, MakeProvenance(), MakeStudy(1));
        for (const auto& run : store.ListMissing(0, 10))
        {
            store.StoreFailure(run, {"crash", "Segmentation fault", "p2pim run x"});
        }
        store.Store(MakeRunOf({"p2p", 1, 0}));
        const auto progress = store.GetProgress();
        EXPECT_EQ(progress.planned, 6u);
        EXPECT_EQ(progress.succeeded, 1u);
        EXPECT_EQ(progress.failed, 5u);
        EXPECT_EQ(store.Finish(), Status::PARTIAL);
    }
    const auto results = LoadResults(path);
    ASSERT_EQ(results.failures.size(), 5u);
    EXPECT_EQ(results.failures[0].run.id, 2u);
    EXPECT_EQ(results.failures[0].run.key.scheme, "im-server");
    EXPECT_EQ(results.failures[0].failure.cause, "crash");
    EXPECT_EQ(results.failures[0].failure.detail, "Segmentation fault");
    EXPECT_EQ(results.failures[0].failure.command, "p2pim run x");
    Complete(path, 1);
    EXPECT_TRUE(LoadResults(path).failures.empty());
}

TEST_F(StudyStoreTest, PointsAndTheirRunsAreReadBack)
{
    const std::string path = "study.sqlite";
    Complete(path, 1);
    const auto results = LoadResults(path);
    ASSERT_EQ(results.variables.size(), 1u);
    EXPECT_EQ(results.variables[0].name, "cs");
    EXPECT_EQ(results.variables[0].attribute, "GprsCell.CodingScheme");
    ASSERT_EQ(results.points.size(), 3u);
    EXPECT_EQ(results.points[2].id, 2u);
    EXPECT_EQ(results.points[2].values, std::vector<std::string>{"CS-3"});
    ASSERT_EQ(results.runs.size(), 6u);
    EXPECT_EQ(results.runs[4].point, 2u);
    EXPECT_EQ(results.runs[4].sessions[0].setupNs, 12000000000);
}

TEST_F(StudyStoreTest, TheOctetsDoNotTellTheOrderOfTheRunsNorInterruptions)
{
    const auto expected = Complete("straight.sqlite", 3);
    EXPECT_TRUE(Complete("backwards.sqlite", 3, OpenMode::RESUME, true) == expected);

    const std::string path = "interrupted.sqlite";
    {
        ResultsStore store(path, OpenMode::RESUME, MakeProvenance(), MakeStudy(3));
        const auto missing = store.ListMissing(0, 1000);
        store.Store(MakeRunOf(missing[10].key));
        store.StoreFailure(missing[3], {"killed", "SIGKILL", "p2pim run x"});
        store.Store(MakeRunOf(missing[2].key));
    } // without an end, as if it had been killed
    EXPECT_TRUE(Complete(path, 3) == expected);
    EXPECT_TRUE(Complete(path, 3) == expected) << "with nothing left to do";
}

TEST_F(StudyStoreTest, MoreSeedsGoOnWithTheStudy)
{
    const auto expected = Complete("at-once.sqlite", 4);
    const std::string path = "study.sqlite";
    Complete(path, 1);
    EXPECT_TRUE(Complete(path, 4) == expected);
    const auto error = TryResume(MakeStudy(3));
    EXPECT_EQ(error.GetCode(), Code::DIFFERENT);
    EXPECT_EQ(std::string(error.what()),
              path + ": holds another study: repetition is \"4\" in this file and \"3\" now; give "
                     "--force to start anew, or another --output");
}

TEST_F(StudyStoreTest, RunsThatAreAddedToThePlanAreMissing)
{
    ResultsStore store("study.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(1));
    store.Plan({{"p2p", 2, 2}, {"p2p", 1, 0}}); // the second one is planned already
    const auto missing = store.ListMissing(0, 10);
    ASSERT_EQ(missing.size(), 7u);
    EXPECT_EQ(missing[6].id, 7u);
    EXPECT_EQ(missing[6].key.point, 2u);
}

TEST_F(StudyStoreTest, AnotherStudyIsNamedAndLeftAlone)
{
    const std::string path = "study.sqlite";
    const auto octets = Complete(path, 1);
    const auto expect = [&](const StoreError& error, const std::string& difference) {
        EXPECT_EQ(error.GetCode(), Code::DIFFERENT);
        EXPECT_NE(std::string(error.what()).find(path + ": holds another study: " + difference),
                  std::string::npos)
            << error.what();
        EXPECT_TRUE(ReadFile(path) == octets);
    };
    auto study = MakeStudy(1);
    study.schemes = {"p2p"};
    expect(TryResume(study), "schemes is \"p2p,im-server\" in this file and \"p2p\" now");
    study = MakeStudy(1);
    study.traits["constraint"] = "false";
    expect(TryResume(study), "constraint is \"true\" in this file and \"false\" now");
    study = MakeStudy(1);
    study.firstSeed = 2;
    expect(TryResume(study), "first_seed is \"1\" in this file and \"2\" now");
    auto provenance = MakeProvenance();
    provenance.configuration[0].value = "5";
    expect(TryResume(MakeStudy(1), provenance),
           "SetupTime.Sessions is \"4\" in this file and \"5\" now");
}

TEST_F(StudyStoreTest, AnotherBuildIsNamedAndMayBeAccepted)
{
    const std::string path = "study.sqlite";
    Complete(path, 1);
    auto provenance = MakeProvenance();
    provenance.programId = "build-2";
    const auto error = TryResume(MakeStudy(1), provenance);
    EXPECT_EQ(error.GetCode(), Code::BUILD);
    EXPECT_EQ(std::string(error.what()),
              path + ": its 6 runs were made by another build of p2pim (build-1, this is build-2); "
                     "give --force to start anew or --any-build to go on");
    EXPECT_STREQ(TryResume(MakeStudy(2), provenance, OpenMode::RESUME_ANY_BUILD).what(), "");
    EXPECT_EQ(LoadResults(path).provenance.programId, "build-1 build-2");
    EXPECT_STREQ(TryResume(MakeStudy(2), provenance).what(), "") << "once accepted";
}

TEST_F(StudyStoreTest, AStudyBeingWrittenIsNotTouched)
{
    ResultsStore store("study.sqlite", OpenMode::CREATE, MakeProvenance(), MakeStudy(1));
    EXPECT_EQ(TryResume(MakeStudy(1)).GetCode(), Code::BUSY);
    EXPECT_EQ(TryResume(MakeStudy(1), MakeProvenance(), OpenMode::FORCE).GetCode(), Code::BUSY);
    store.Store(MakeRunOf({"p2p", 1, 0}));
    EXPECT_EQ(store.GetProgress().succeeded, 1u);
}

TEST_F(StudyStoreTest, CompactWithoutRoomLeavesTheFile)
{
    const std::string path = "study.sqlite";
    ResultsStore store(path, OpenMode::CREATE, MakeProvenance(), MakeStudy(1));
    store.Store(MakeRunOf({"p2p", 1, 0}));
    std::filesystem::create_directory(path + ".p2pim-draft"); // nothing can be written there
    EXPECT_THROW(store.Compact(), StoreError);
    store.Store(MakeRunOf({"im-server", 1, 0}));
    EXPECT_EQ(store.GetProgress().succeeded, 2u);
}

TEST_F(StudyStoreTest, WhatAKilledOneLeftGivesWayAndAFileOfTheUserDoesNot)
{
    const auto expected = Complete("straight.sqlite", 1);
    const std::string path = "study.sqlite";
    const std::string draft = path + ".p2pim-draft";
    WriteFile(draft, expected);
    EXPECT_TRUE(Complete(path, 1) == expected) << "compacted";
    WriteFile(draft, expected);
    EXPECT_STREQ(TryResume(MakeStudy(1), MakeProvenance(), OpenMode::FORCE).what(), "");
    EXPECT_FALSE(std::filesystem::exists(draft));
    const auto begun = ReadFile(path);
    WriteFile(draft, "mine");
    EXPECT_EQ(TryResume(MakeStudy(2), MakeProvenance(), OpenMode::FORCE).GetCode(), Code::EXISTS);
    EXPECT_TRUE(ReadFile(path) == begun);
    EXPECT_EQ(ReadFile(draft), "mine");
}

// A writer that is killed while it makes the tables leaves an empty file, or one whose journal says
// that it was empty.
TEST_F(StudyStoreTest, AFileThatWasNeverFilledIsFilled)
{
    const std::string path = "study.sqlite";
    const auto expected = Complete("straight.sqlite", 1);
    WriteFile(path, "");
    EXPECT_TRUE(Complete(path, 1) == expected);
    WriteFile(path, "something else");
    EXPECT_EQ(TryResume(MakeStudy(1)).GetCode(), Code::NOT_RESULTS);
    EXPECT_EQ(ReadFile(path), "something else");
}
