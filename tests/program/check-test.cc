// SPDX-License-Identifier: GPL-2.0-only
#include "call-program.h"
#include "campaign/baseline.h"
#include "campaign/inline-engine.h"
#include "campaign/regression.h"
#include "campaign/study-bar.h"
#include "program/interruption.h"
#include "program/replications.h"
#include "program/run-maker.h"
#include "program/run-plan.h"
#include "program/run-series.h"
#include "work-folder.h"

#include "ns3/config.h"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>

using namespace p2pim::campaign;

namespace
{

/// A SMSC that takes 3 % longer for each message: StorageTime 0.1 s, ServiceTime 0.9 to 1.5 s.
const std::vector<std::string> SLOWER{
    "--Smsc.StorageTime=103ms",
    "--Smsc.ServiceTime=ns3::UniformRandomVariable[Min=0.927|Max=1.545]"};

/// Phones that write so rarely that no message finds another one under way.
constexpr const char* SCENARIO = "[SmsScenario]\nSessions=200\nPhones=100\n"
                                 "[SmsTraffic]\n"
                                 "ArrivalInterval=ns3::ExponentialRandomVariable[Mean=20]\n"
                                 "[CellularNetwork]\nCells=4\n";

class CheckTest : public WorkFolderTest
{
  protected:
    CheckTest()
    {
        WriteFile("a.ini", SCENARIO);
    }

    ~CheckTest() override
    {
        ns3::Config::Reset();
    }

    /// Calls `p2pim check a.ini --baseline=b.json` with more words.
    static Outcome Check(const std::vector<std::string>& more = {})
    {
        std::vector<std::string> args{"check", "a.ini", "--baseline=b.json"};
        args.insert(args.end(), more.begin(), more.end());
        return Call(args);
    }

    /// Makes the baseline b.json of a.ini.
    static Outcome Update(const std::vector<std::string>& more = {},
                          const std::string& reason = "first")
    {
        std::vector<std::string> args{"--update",
                                      "--reason=" + reason,
                                      "--metrics=first_message,phase:routing_requested",
                                      "--margin=3%",
                                      "--replications=60",
                                      "--short-sessions=4"};
        args.insert(args.end(), more.begin(), more.end());
        auto outcome = Check(args);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return outcome;
    }

    /// Makes the baseline b.json of a scenario that fails where a test wants it to: short runs of
    /// the seeds 1 and 2, replications of the seeds from 101.
    static void UpdateOfTestScenario()
    {
        WriteFile("a.ini", "[TestScenario]\nSessions=20\n");
        const auto outcome = Check({"--update",
                                    "--reason=first",
                                    "--metrics=setup",
                                    "--margin=auto",
                                    "--replications=4",
                                    "--seed=101",
                                    "--short-sessions=3"});
        ASSERT_EQ(outcome.status, 0) << outcome.err;
        // two schemes: four short runs, and then eight more
        EXPECT_EQ(outcome.err.rfind("0/4 runs\n", 0), 0u) << outcome.err;
        EXPECT_NE(outcome.err.find("\n12/12 runs, "), std::string::npos) << outcome.err;
    }

    /// @return a.ini's settings and more.
    static p2pim::program::Configuration ReadSettings(const std::vector<std::string>& more)
    {
        p2pim::program::CommandSpec spec;
        spec.takesAssignments = true;
        return p2pim::program::ReadConfiguration(p2pim::program::ReadScenarioFile("a.ini"),
                                                 p2pim::program::Arguments(spec, more));
    }

    static void ExpectMistake(const std::vector<std::string>& more, const std::string& line)
    {
        const auto outcome = Check(more);
        EXPECT_EQ(outcome.status, 2) << line;
        EXPECT_EQ(outcome.err, "p2pim: " + line + "\n");
        EXPECT_EQ(outcome.out, "");
    }
};

std::string
GetLastLine(std::string text)
{
    text.erase(text.find_last_not_of('\n') + 1);
    return text.substr(text.rfind('\n') + 1);
}

} // namespace

TEST_F(CheckTest, WithoutAChangeNothingIsRed)
{
    Update();
    const auto outcome = Check();
    EXPECT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_NE(outcome.out.find("No regression: nothing has changed."), std::string::npos);
    EXPECT_EQ(Check().out, outcome.out);
}

TEST_F(CheckTest, ABaselineFitsAFreshProcessWithSeveralWorkers)
{
    Update();
    const char* given = std::getenv("P2PIM_PROGRAM");
    const auto program = m_former / (given ? given : "build/p2pim");
    ASSERT_TRUE(std::filesystem::exists(program)) << program << " is not built";
    const std::string line =
        "'" + program.string() + "' check a.ini --baseline=b.json -j 3 >out.txt 2>err.txt";
    EXPECT_EQ(std::system(line.c_str()), 0) << ReadFile("out.txt") << ReadFile("err.txt");
    EXPECT_EQ(ReadFile("out.txt"), Check().out);
}

TEST_F(CheckTest, FindsASlowerSmscInEveryLayer)
{
    Update();
    auto words = SLOWER;
    words.emplace_back("--format=json");
    words.emplace_back("--junit=junit.xml");
    const auto outcome = Check(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(GetLastLine(outcome.err), "p2pim: b.json: the latency moved");
    const auto json = nlohmann::json::parse(outcome.out);
    for (const char* layer : {"fingerprints", "figures", "latencies"})
    {
        EXPECT_EQ(json.at("layers").at(layer).at("verdict"), "differs") << layer;
    }
    EXPECT_NE(json.at("first_difference")
                  .get<std::string>()
                  .find("The first event that differs: sms, seed 1, event "),
              std::string::npos);
    // 3 % of the mean service time, 1.2 s, and of StorageTime, 0.1 s, in a phase that has 0.98 s
    const auto& row = json.at("layers").at("latencies").at("rows").at(1);
    EXPECT_EQ(row.at("metric"), "phase:routing_requested");
    EXPECT_NEAR(row.at("change"), 0.039 / 0.98, 0.001);
    EXPECT_EQ(row.at("verdict"), "moved");
    EXPECT_NE(ReadFile("junit.xml").find("<failure message=\"moved: "), std::string::npos);
}

TEST_F(CheckTest, ShowsHowFarAllOfItsRunsAre)
{
    UpdateOfTestScenario();
    const auto outcome = Check({"-j2"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err.rfind("0/12 runs\n", 0), 0u) << outcome.err;
    EXPECT_EQ(GetLastLine(outcome.err).rfind("12/12 runs, ", 0), 0u) << outcome.err;
    EXPECT_EQ(Check({"--layers=1"}).err.rfind("0/4 runs\n", 0), 0u);
    const auto replications = Check({"--layers=3", "--seed=201"});
    EXPECT_EQ(replications.err.rfind("0/8 runs\n", 0), 0u);
    EXPECT_NE(replications.out.find("seeds 201 to 204, not those of the baseline: "),
              std::string::npos)
        << replications.out;
}

TEST_F(CheckTest, AFailedShortRunLeavesTheOthersAndTheReplicationsToBeJudged)
{
    UpdateOfTestScenario();
    const auto outcome = Check({"--TestScenario.FailingSeed=2", "--junit=j.xml", "-j2"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(GetLastLine(outcome.err),
              "p2pim: b.json: 2 runs failed; of the others: nothing has changed");
    EXPECT_NE(outcome.err.find("12/12 runs, 2 failed, "), std::string::npos) << outcome.err;
    const std::string alone = "p2pim run a.ini --scheme=slow --seed=2 --sessions=3 "
                              "--TestScenario.FailingSeed=2 --output=results/a-short-slow-2.sqlite";
    const std::vector<std::string> parts{
        "1. Fingerprints of short runs: FAILED\n",
        "2. Figures of short runs: FAILED; 14 of 14 are equal\n",
        "seeds 101 to 104: same\n",
        "Short run of slow, seed 2: error: the mast fell over\n    " + alone + "\n",
        "\nFAILED: 2 runs failed; of the others: nothing has changed.\n",
    };
    for (const auto& part : parts)
    {
        EXPECT_NE(outcome.out.find(part), std::string::npos) << part << outcome.out;
    }
    EXPECT_LT(outcome.out.find("run of fast, seed 2"), outcome.out.find("run of slow, seed 2"));
    const auto xml = ReadFile("j.xml");
    EXPECT_NE(xml.find("<testsuite name=\"fingerprints\" tests=\"4\" failures=\"0\" errors=\"2\">"),
              std::string::npos)
        << xml;
    EXPECT_NE(xml.find("<error message=\"slow, seed 2: error: the mast fell over\">p2pim run"),
              std::string::npos);
    EXPECT_NE(xml.find("<testsuite name=\"latencies\" tests=\"2\" failures=\"0\" errors=\"0\">"),
              std::string::npos);
    const auto again = Call({"run",
                             "a.ini",
                             "--scheme=slow",
                             "--seed=2",
                             "--sessions=3",
                             "--TestScenario.FailingSeed=2"});
    EXPECT_NE(again.err.find("slow, seed 2: the mast fell over"), std::string::npos) << again.err;
}

TEST_F(CheckTest, ACrashOfAShortRunDoesNotEndTheProgram)
{
    UpdateOfTestScenario();
    const auto outcome = Check({"--TestScenario.CrashingSeed=1", "--layers=1"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.out.find("Short run of fast, seed 1: crash: SIGABRT"), std::string::npos)
        << outcome.out;
    EXPECT_NE(outcome.out.find("fast       1       -  -        -                 -                 "
                               "FAILED\n           2 "),
              std::string::npos)
        << outcome.out;
}

TEST_F(CheckTest, AReplicationThatHangsIsEndedAndTheShortRunsAreJudged)
{
    UpdateOfTestScenario();
    const auto outcome =
        Check({"--TestScenario.HangingSeed=102", "--Scenario.TimeLimit=200ms", "--format=json"});
    EXPECT_EQ(outcome.status, 1);
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json.at("verdict"), "failed");
    EXPECT_EQ(json.at("layers").at("fingerprints").at("verdict"), "same");
    EXPECT_EQ(json.at("layers").at("latencies").at("verdict"), "failed");
    EXPECT_EQ(json.at("failed_short_runs").size(), 0u);
    ASSERT_EQ(json.at("failed_replications").size(), 2u);
    const auto& failed = json.at("failed_replications").at(0);
    EXPECT_EQ(failed.at("scheme"), "fast");
    EXPECT_EQ(failed.at("seed"), 102);
    EXPECT_EQ(failed.at("cause"), "time limit");
    EXPECT_EQ(failed.at("detail"), "no end after 0.2 s");
    EXPECT_EQ(failed.at("command"),
              "p2pim run a.ini --scheme=fast --seed=102 --Scenario.TimeLimit=200ms "
              "--TestScenario.HangingSeed=102 --output=results/a-fast-102.sqlite");
}

TEST_F(CheckTest, UpdateWithAFailedRunWritesNothing)
{
    UpdateOfTestScenario();
    const auto before = ReadFile("b.json") + ReadFile("b.events.gz");
    const auto refuse = [&](const std::string& seed, const std::string& line) {
        WriteFile("a.ini", "[TestScenario]\nSessions=20\nCrashingSeed=" + seed + "\n");
        const auto outcome = Check({"--update", "--reason=x"});
        EXPECT_EQ(outcome.status, 1);
        EXPECT_EQ(GetLastLine(outcome.err), line);
        EXPECT_EQ(outcome.out, "");
        EXPECT_EQ(ReadFile("b.json") + ReadFile("b.events.gz"), before);
    };
    refuse("1",
           "p2pim: short run of fast, seed 1: crash: SIGABRT; no baseline is written; this makes "
           "the run alone: p2pim run a.ini --scheme=fast --seed=1 --sessions=3 "
           "--output=results/a-short-fast-1.sqlite");
    refuse("103",
           "p2pim: replication of fast, seed 103: crash: SIGABRT; no baseline is written; this "
           "makes the run alone: p2pim run a.ini --scheme=fast --seed=103 "
           "--output=results/a-fast-103.sqlite");
}

TEST_F(CheckTest, ATimeLimitIsNoSettingOfABaseline)
{
    UpdateOfTestScenario();
    WriteFile("a.ini", "[TestScenario]\nSessions=20\n[Scenario]\nTimeLimit=1min\n");
    EXPECT_EQ(Check().status, 0);
}

TEST_F(CheckTest, ABaselineHasTheSchemesThatItsScenarioFileNames)
{
    WriteFile("a.ini", "schemes = slow\n[TestScenario]\nSessions=20\n");
    const auto outcome = Check({"--update", "--reason=x", "--margin=auto", "--replications=4"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(ReadBaseline("b.json").plan.schemes, (std::vector<std::string>{"slow"}));
}

TEST_F(CheckTest, EachRunHasItsOwnFirstEvent)
{
    Update();
    auto words = SLOWER;
    words.emplace_back("--layers=1");
    words.emplace_back("--junit=j.xml");
    Check(words);
    const auto xml = ReadFile("j.xml");
    const std::string phrase = "the first event that differs: event ";
    const auto first = xml.find(phrase);
    const auto second = xml.find(phrase, first + 1);
    ASSERT_NE(second, std::string::npos) << xml;
    EXPECT_NE(xml.substr(first, xml.find('"', first + phrase.size()) - first),
              xml.substr(second, xml.find('"', second + phrase.size()) - second));
}

TEST_F(CheckTest, AReportThatCannotBeWrittenIsNamedBeforeTheRuns)
{
    Update();
    ExpectMistake({"--junit=none/j.xml"},
                  "none/j.xml: cannot be written: No such file or directory");
}

TEST_F(CheckTest, LooksAtTheLayersThatAreAskedForOnly)
{
    Update();
    auto words = SLOWER;
    words.emplace_back("--layers=2");
    words.emplace_back("--format=json");
    const auto json = nlohmann::json::parse(Check(words).out);
    EXPECT_TRUE(json.at("layers").at("fingerprints").is_null());
    EXPECT_EQ(json.at("layers").at("figures").at("verdict"), "differs");
    EXPECT_TRUE(json.at("layers").at("latencies").is_null());
}

TEST_F(CheckTest, UpdateWithoutAChangeLeavesTheSameOctets)
{
    Update();
    const auto baseline = ReadFile("b.json");
    const auto events = ReadFile("b.events.gz");
    const auto outcome = Check({"--update", "--reason=again"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out.find(" rows kept, 0 changed"), std::string::npos) << outcome.out;
    EXPECT_EQ(ReadFile("b.json"), baseline);
    EXPECT_EQ(ReadFile("b.events.gz"), events);
}

TEST_F(CheckTest, UpdateSaysWhatChangesAndKeepsTheReason)
{
    Update();
    WriteFile("a.ini", std::string(SCENARIO) + "[Smsc]\nStorageTime=103ms\n");
    ExpectMistake({},
                  "b.json: made with Smsc.StorageTime as its default, a.ini has '103ms'; "
                  "check --update makes it anew");
    const auto outcome = Check({"--update", "--reason=a slower disk"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("update  fingerprint of sms, seed 1"), std::string::npos)
        << outcome.out;
    const auto baseline = ReadBaseline("b.json");
    EXPECT_EQ(baseline.history, (std::vector<std::string>{"first", "a slower disk"}));
    EXPECT_EQ(baseline.plan.shortSessions, 4u); // what is not said stays
    EXPECT_EQ(Check().status, 0);
}

TEST_F(CheckTest, WithoutItsEventsABaselineStillTells)
{
    Update();
    std::filesystem::remove("b.events.gz");
    EXPECT_EQ(Check().status, 0);
    auto words = SLOWER;
    words.emplace_back("--layers=1");
    const auto outcome = Check(words);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.out.find("b.events.gz does not have the old events"), std::string::npos);
}

TEST_F(CheckTest, RefusesABaselineThatDoesNotFit)
{
    ExpectMistake({}, "b.json: no such file; --update --reason=TEXT makes a baseline");
    Update();
    WriteFile("a.ini", "[TestScenario]\nSessions=40\n");
    const std::string line = "b.json: a baseline of SmsScenario; a.ini is TestScenario";
    ExpectMistake({}, line);
    const auto before = ReadFile("b.json");
    ExpectMistake({"--update", "--reason=x"}, line);
    EXPECT_EQ(ReadFile("b.json"), before);
    WriteFile("a.ini", std::string(SCENARIO) + "[Smsc]\nStorageTime=${1s,2s}\n");
    ExpectMistake({}, "a.ini:9: Smsc.StorageTime: '${1s,2s}' varies: a baseline is of one point");
    WriteFile("a.ini", SCENARIO);
    auto text = ReadFile("b.json");
    WriteFile("b.json", text.replace(text.find("\"short_seeds\": 2"), 16, "\"short_seeds\": -1"));
    ExpectMistake({}, "b.json: damaged: 'short_seeds' is no whole number up to 100");
    WriteFile("b.json", "{}");
    ExpectMistake({"--update", "--reason=x"}, "b.json: no baseline of p2pim");
    EXPECT_EQ(ReadFile("b.json"), "{}");
}

TEST_F(CheckTest, RefusesBadOptions)
{
    EXPECT_EQ(Call({"check", "a.ini"}).err.rfind("p2pim: check: needs --baseline=FILE", 0), 0u);
    ExpectMistake({"--update"}, "--update: needs --reason=TEXT, which the baseline keeps");
    ExpectMistake({"--reason=x"}, "--reason: only with --update");
    ExpectMistake({"--margin=1%"}, "--margin: only with --update; the baseline has its own");
    const auto refuse = [](const std::string& option, const std::string& line) {
        ExpectMistake({"--update", "--reason=x", option}, line);
    };
    refuse("--margin=1", "--margin: '1' is no margin: above 0% to 100%, or auto");
    refuse("--margin=0%", "--margin: '0%' is no margin: above 0% to 100%, or auto");
    refuse("--ingredients=tx", "--ingredients: 'tx' is not some of the letters tclru");
    refuse("--metrics=setup,setup", "--metrics: 'setup' is given twice");
    refuse("--schemes=smx", "--schemes: 'smx': no such scheme; did you mean sms?");
    refuse("--replications=1", "--replications: a spread needs 2 or more");
    refuse("--layers=1", "--layers: not with --update");
    refuse("--Smsc.StorageTime=1s",
           "--Smsc.StorageTime: not with --update: a baseline is of what the scenario file says");
    EXPECT_FALSE(std::filesystem::exists("b.json"));
    Update();
    ExpectMistake({"--layers=4"}, "--layers: '4' is not 1, 2 or 3");
}

TEST_F(CheckTest, RefusesAMarginThatTheReplicationsDoNotReach)
{
    const auto outcome = Check({"--update",
                                "--reason=x",
                                "--metrics=phase:routing_requested:0.1%",
                                "--replications=12",
                                "--short-sessions=4"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(GetLastLine(outcome.err)
                  .rfind("p2pim: --replications=12: too few for a margin of 0.1% of "
                         "phase:routing_requested of sms, which needs ",
                         0),
              0u)
        << outcome.err;
    EXPECT_FALSE(std::filesystem::exists("b.json"));
}

// The regression that the baseline of sms-latency guards against, with real runs: checks on seeds
// of their own, each against a baseline of its own. How many replications there are is the
// design's.
TEST_F(CheckTest, FindsASmscThatIsThreePercentSlowerAndIsSilentWithoutAChange)
{
    BaselinePlan plan;
    plan.schemes = {"sms"};
    plan.targets = {{"phase:routing_requested", 0.02}, {"phase:routing_requested.p95", 0.02}};
    InlineEngine engine([](const RunKey& key, const auto& progress) {
        return p2pim::program::MakeRun(ns3::TypeId::LookupByName("ns3::p2pim::SmsScenario"),
                                       key,
                                       progress);
    });
    constexpr uint64_t pool = 200;
    std::ostringstream progress;
    StudyBar bar(progress, false, 2 * pool);
    const p2pim::program::Interruption interruption;
    p2pim::program::RunSeries series(engine, bar, interruption, [](FailedRun&& failed) {
        ADD_FAILURE() << failed.failure.detail;
    });
    const auto makePool = [&](uint64_t firstSeed) {
        p2pim::program::Replications replications(plan, firstSeed, series);
        replications.Extend(pool);
        return replications.GetRows();
    };
    ReadSettings({}).Apply();
    const auto unchanged = makePool(1);
    ReadSettings(SLOWER).Apply();
    const auto slower = makePool(1 + pool);
    uint64_t needed = 2;
    for (const auto& row : unchanged)
    {
        needed =
            std::max(needed, GetNeededReplications(row.values, row.margin, plan.targets.size()));
    }
    ASSERT_LE(2 * needed, pool);

    std::mt19937_64 random(1);
    std::vector<std::size_t> order(pool);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto pick = [&](const std::vector<LatencyRow>& rows, std::size_t from) {
        auto picked = rows;
        for (std::size_t i = 0; i < rows.size(); ++i)
        {
            picked[i].values.clear();
            for (std::size_t n = from; n < from + needed; ++n)
            {
                picked[i].values.push_back(rows[i].values[order[n]]);
            }
        }
        return picked;
    };
    const auto isSilent = [](const std::vector<LatencyRow>& before,
                             const std::vector<LatencyRow>& after) {
        Regression regression;
        regression.latencies = CompareLatencies(before, after);
        return GetVerdict(regression) == Verdict::SAME;
    };
    constexpr int checks = 400;
    int silent = 0;
    int found = 0;
    for (int check = 0; check < checks; ++check)
    {
        std::shuffle(order.begin(), order.end(), random);
        const auto before = pick(unchanged, 0);
        silent += isSilent(before, pick(unchanged, needed)) ? 1 : 0;
        found += isSilent(before, pick(slower, 0)) ? 0 : 1;
    }
    EXPECT_GE(silent, 0.95 * checks) << needed << " replications";
    EXPECT_GE(found, 0.95 * checks) << needed << " replications";
}
