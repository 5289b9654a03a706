// SPDX-License-Identifier: GPL-2.0-only
#include "call-program.h"
#include "campaign/results-store.h"
#include "campaign/results.h"
#include "campaign/statistics.h"
#include "test-scenario.h"
#include "work-folder.h"

#include "ns3/config.h"

#include <cmath>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

using p2pim::campaign::LoadResults;
using p2pim::campaign::Status;

namespace
{

/// `p2pim sweep` of a scenario that takes no time: 3 points, 2 schemes, 4 seeds.
class SweepTest : public WorkFolderTest
{
  protected:
    SweepTest()
    {
        WriteFile("a.ini", "repetition = 4\n[TestScenario]\nSessions = ${n=1,2,3}\n");
    }

    ~SweepTest() override
    {
        ns3::Config::Reset();
    }

    /// Sweeps a.ini. @return the octets of the results file.
    std::string Sweep(const std::string& output, std::vector<std::string> options = {})
    {
        options.insert(options.begin(), {"sweep", "a.ini", "--output=" + output});
        const auto outcome = Call(options);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return ReadFile(output);
    }
};

} // namespace

TEST_F(SweepTest, EachPointHasItsValuesAndAllHaveTheSameSeeds)
{
    Sweep("r.sqlite");
    const auto results = LoadResults("r.sqlite");
    EXPECT_EQ(results.status, Status::COMPLETE);
    ASSERT_EQ(results.runs.size(), 24u);
    for (std::size_t i = 0; i < results.runs.size(); ++i)
    {
        const auto& run = results.runs[i];
        EXPECT_EQ(run.seed, 1 + i / 6);
        EXPECT_EQ(run.point, i / 2 % 3);
        EXPECT_EQ(run.sessions.size(), run.point + 1); // ${n}
        // the scenario draws the same for all, and is twice as slow with its second scheme
        EXPECT_EQ(run.sessions[0].setupNs,
                  results.runs[i / 6 * 6].sessions[0].setupNs * (run.scheme == "fast" ? 1 : 2));
    }
}

TEST_F(SweepTest, TheOctetsAreTheSameHoweverManyWorkersMakeThem)
{
    const auto expected = Sweep("1.sqlite", {"-j", "1"});
    EXPECT_TRUE(Sweep("2.sqlite", {"-j2"}) == expected);
    EXPECT_TRUE(Sweep("4.sqlite", {"--jobs=4"}) == expected);
    EXPECT_TRUE(Sweep("inline.sqlite", {"--engine=inline"}) == expected);
    EXPECT_TRUE(Sweep("1.sqlite", {"-j", "2"}) == expected) << "with nothing left to do";
}

TEST_F(SweepTest, FourShardsMakeTheFileOfOneMachine)
{
    const auto expected = Sweep("whole.sqlite", {"-j2"});
    std::vector<std::string> merge{"merge", "--output=merged.sqlite"};
    for (const std::string shard : {"3", "1", "4", "2"})
    {
        const std::string name = shard + ".sqlite";
        Sweep(name, {"-j2", "--shard=" + shard + "/4"});
        EXPECT_EQ(LoadResults(name).runs.size(), 6u);
        merge.push_back(name);
    }
    EXPECT_EQ(Call(merge).status, 0);
    EXPECT_TRUE(ReadFile("merged.sqlite") == expected);
}

TEST_F(SweepTest, MoreRepetitionsGoOnWithTheStudy)
{
    const auto expected = Sweep("at-once.sqlite", {"-j2", "--repetition=6"});
    Sweep("r.sqlite", {"-j2"});
    EXPECT_TRUE(Sweep("r.sqlite", {"-j2", "--repetition=6"}) == expected);
    ExpectMistake({"sweep", "a.ini", "--output=r.sqlite"},
                  "r.sqlite: holds another study: repetition is \"6\" in this file and \"4\" now; "
                  "give --force to start anew, or another --output");
}

TEST_F(SweepTest, AFailedRunIsARowThatTellsHowToRepeatIt)
{
    const auto outcome =
        Call({"sweep", "a.ini", "-j2", "--output=r.sqlite", "--TestScenario.FailingSeed=3"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.err.find("p2pim: r.sqlite: 6 runs failed; "), std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.out.find("r.sqlite: partial, 18 of 24 runs"), std::string::npos);
    const auto results = LoadResults("r.sqlite");
    EXPECT_EQ(results.status, Status::PARTIAL);
    EXPECT_EQ(results.runs.size(), 18u);
    ASSERT_EQ(results.failures.size(), 6u);
    const auto& failed = results.failures[5];
    EXPECT_EQ(failed.run.key.seed, 3u);
    EXPECT_EQ(failed.run.key.point, 2u);
    EXPECT_EQ(failed.failure.cause, "error");
    EXPECT_EQ(failed.failure.detail, "the mast fell over");
    EXPECT_EQ(failed.failure.command,
              "p2pim run a.ini --scheme=slow --seed=3 --seeds=1 "
              "--TestScenario.FailingSeed=3 --Scenario.Sessions=3 --output=results/a-run18.sqlite");
    const auto alone = Call({"run",
                             "a.ini",
                             "--scheme=slow",
                             "--seed=3",
                             "--seeds=1",
                             "--TestScenario.FailingSeed=3",
                             "--Scenario.Sessions=3"});
    EXPECT_NE(alone.err.find("slow, seed 3: the mast fell over"), std::string::npos) << alone.err;
}

TEST_F(SweepTest, AChangedScenarioIsNamedAndNothingIsTouched)
{
    const auto octets = Sweep("r.sqlite", {"-j2"});
    WriteFile("a.ini", "repetition = 4\n[TestScenario]\nSessions = ${n=1,2,4}\n");
    ExpectMistake({"sweep", "a.ini", "--output=r.sqlite"},
                  "r.sqlite: holds another study: Scenario.Sessions is \"${n=1,2,3}\" in this file "
                  "and \"${n=1,2,4}\" now; give --force to start anew, or another --output");
    EXPECT_TRUE(ReadFile("r.sqlite") == octets);
    EXPECT_EQ(Call({"sweep", "a.ini", "--output=r.sqlite", "--force"}).status, 0);
    EXPECT_EQ(LoadResults("r.sqlite").points.back().values, std::vector<std::string>{"4"});
}

TEST_F(SweepTest, ADryRunListsTheRunsAndWritesNothing)
{
    const auto outcome = Call({"sweep", "a.ini", "--dry-run", "--format=json"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["runs"].size(), 24u);
    EXPECT_EQ(json["planned"], 24);
    EXPECT_EQ(json["sessions"], (1 + 2 + 3) * 2 * 4);
    EXPECT_GT(json["seconds"], 0);
    EXPECT_FALSE(std::filesystem::exists("results/a.sqlite"));
}

// Set-up times are uniform on 1 ns to 1 ms, twice that with the second scheme: a relative deviation
// of 0.58, so that 20 % need some 35 runs of one session.
TEST_F(SweepTest, RepeatsUntilTheFigureIsPrecise)
{
    WriteFile("a.ini",
              "precision = 20%\nprecision-metric = setup\nprecision-limit = 500\n"
              "[TestScenario]\nSessions = ${n=1,40}\n");
    const auto expected = Sweep("r.sqlite", {"-j", "1"});
    EXPECT_TRUE(Sweep("4.sqlite", {"-j", "4"}) == expected);
    std::map<std::pair<uint32_t, std::string>, std::vector<double>> figures;
    for (const auto& run : LoadResults("r.sqlite").runs)
    {
        double sum = 0;
        for (const auto& session : run.sessions)
        {
            sum += static_cast<double>(session.setupNs);
        }
        figures[{run.point, run.scheme}].push_back(sum / static_cast<double>(run.sessions.size()));
    }
    ASSERT_EQ(figures.size(), 4u);
    for (const auto& [key, sample] : figures)
    {
        const auto mean = p2pim::campaign::EstimateMean(sample);
        EXPECT_LE(mean.high - mean.low, 2 * 0.2 * mean.value);
    }
    EXPECT_GT((figures[{0, "fast"}].size()), 20u);
    EXPECT_LT((figures[{0, "fast"}].size()), 60u);
    EXPECT_EQ((figures[{0, "fast"}].size()), (figures[{0, "slow"}].size()));
    EXPECT_EQ((figures[{1, "fast"}].size()), 10u); // the first batch: 40 sessions a run are enough
}

TEST_F(SweepTest, SaysWhereTheLimitCameBeforeThePrecision)
{
    const auto outcome = Call({"sweep",
                               "a.ini",
                               "--precision=0.1%",
                               "--precision-metric=setup.median",
                               "--precision-limit=12",
                               "--output=r.sqlite"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("r.sqlite: complete, 72 of 72 runs, 72 made now\n3 points not as "
                               "precise as asked for\n"),
              std::string::npos)
        << outcome.out;
}

TEST_F(SweepTest, APrecisionOfWhatNoRunHas_EndsAfterTheFirstRuns)
{
    std::vector<std::string> words{"sweep",
                                   "a.ini",
                                   "--precision=5%",
                                   "--output=r.sqlite",
                                   "--force"};
    words.emplace_back("--precision-metric=phase:redy");
    auto outcome = Call(words);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(
        outcome.err,
        testing::EndsWith("p2pim: --precision-metric: 'phase:redy': no such step in the file; what "
                          "was run is kept in r.sqlite\n"));
    EXPECT_EQ(LoadResults("r.sqlite").runs.size(), 60u);
    words.back() = "--precision-metric=message_delay";
    outcome = Call(words);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(
        outcome.err,
        testing::EndsWith("p2pim: --precision-metric: 'message_delay': none of the runs has a "
                          "figure of it; what was run is kept in r.sqlite\n"));
}

// Which runs are next depends on all before them: else a study with a failure would end otherwise
// than one without.
TEST_F(SweepTest, APrecisionWaitsForFailedRuns)
{
    const auto outcome = Call({"sweep",
                               "a.ini",
                               "--precision=0.1%",
                               "--precision-metric=setup",
                               "--schemes=fast",
                               "--repetition=2",
                               "--TestScenario.FailingSeed=7",
                               "--output=r.sqlite"});
    EXPECT_EQ(outcome.status, 1);
    // seeds 1 and 2, then the first batch: 10 seeds at 3 points, and no second one
    EXPECT_NE(outcome.out.find("r.sqlite: partial, 27 of 30 runs"), std::string::npos)
        << outcome.out;
}

// 100,000 runs may take 50 MB more than 100.
TEST_F(SweepTest, MemoryDoesNotGrowWithTheNumberOfRuns)
{
    const auto getResidentKilobytes = []() {
        std::ifstream file("/proc/self/statm");
        int64_t pages = 0;
        int64_t resident = 0;
        file >> pages >> resident;
        return resident * sysconf(_SC_PAGESIZE) / 1024;
    };
    WriteFile("a.ini", "[TestScenario]\nSessions = 1\n");
    Sweep("r.sqlite", {"-j2", "--schemes=fast", "--repetition=100"});
    const auto before = getResidentKilobytes();
    Sweep("r.sqlite", {"-j2", "--schemes=fast", "--repetition=100000"});
    EXPECT_LT(getResidentKilobytes() - before, 50000);
}

TEST_F(SweepTest, RefusesWhatItWouldHaveToGuess)
{
    ExpectMistake({"sweep", "a.ini", "--shard=5/4"},
                  "--shard: '5/4' is not a part of the whole such as 1/4");
    ExpectMistake({"sweep", "a.ini", "--shard=0/4"},
                  "--shard: '0/4' is not a part of the whole such as 1/4");
    ExpectMistake({"sweep", "a.ini", "--shard=1/4", "--precision=5%"},
                  "--shard: a study with a precision has no parts: which runs it needs depends on "
                  "all of them");
    ExpectMistake({"sweep", "a.ini", "--force", "--any-build"},
                  "--force and --any-build: give one of them");
    ExpectMistake({"sweep", "a.ini", "--engine=slrum"},
                  "--engine: 'slrum' is not processes, inline or slurm; did you mean slurm?");
    ExpectMistake({"sweep", "a.ini", "--shards=4"}, "--shards: goes with --engine=slurm only");
    ExpectMistake({"sweep", "a.ini", "-j", "0"},
                  "--jobs: '0' is not a whole number from 1 to 1024");
    ExpectMistake({"sweep", "a.ini", "--precision=5%", "--precision-metric=setpu"},
                  "--precision-metric: 'setpu': no such measure; did you mean setup?");
    EXPECT_FALSE(std::filesystem::exists("results/a.sqlite"));
}
