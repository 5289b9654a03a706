// SPDX-License-Identifier: GPL-2.0-only
#include "call-program.h"
#include "tests/campaign/synthetic-study.h"
#include "work-folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace
{

/// Calls the program about a study of which run 3 failed and run 24 is missing.
class QueryShowTest : public WorkFolderTest
{
  protected:
    QueryShowTest()
    {
        p2pim::campaign::test::WriteStudy("s.sqlite");
    }

    static std::string Print(const std::vector<std::string>& args)
    {
        const auto outcome = Call(args);
        EXPECT_EQ(outcome.status, 0) << outcome.err;
        return outcome.out;
    }

    static nlohmann::json CallJson(std::vector<std::string> args)
    {
        args.emplace_back("--format=json");
        return nlohmann::json::parse(Print(args));
    }

    /// @return the dimensions of a query's rows and columns.
    static std::string GetAxes(const nlohmann::json& json)
    {
        return json["x"]["name"].get<std::string>() + "," +
               (json["by"].is_null() ? "none" : json["by"]["name"].get<std::string>());
    }
};

} // namespace

TEST_F(QueryShowTest, RowsAreTheFirstVariableAndColumnsTheSchemes)
{
    const auto json = CallJson({"query", "s.sqlite"});
    EXPECT_EQ(GetAxes(json), "cs,scheme");
    EXPECT_EQ(json["metrics"][0]["metric"], "first_message.median");
    EXPECT_EQ(json["pooled"][0]["name"], "pdchs");
    EXPECT_EQ(json["per"], "session");
    EXPECT_EQ(json["provenance"]["status"], "partial");
    EXPECT_EQ(json["provenance"]["failed"], 1);
    EXPECT_EQ(GetAxes(CallJson({"query", "s.sqlite", "--x=scheme"})), "scheme,cs");
    EXPECT_EQ(GetAxes(CallJson({"query", "s.sqlite", "--by=none"})), "cs,none");
    EXPECT_EQ(GetAxes(CallJson({"query", "s.sqlite", "--x=GprsCell.Pdchs", "--by=bearer"})),
              "pdchs,bearer");
}

TEST_F(QueryShowTest, AFileWithoutVariablesHasTheSchemesAsRows)
{
    using namespace p2pim::campaign;
    {
        ResultsStore store("c.sqlite",
                           OpenMode::CREATE,
                           test::MakeProvenance(),
                           {{"p2p", 1}, {"im-server", 1}});
        store.Store(test::MakeRun("p2p", 1, 3, 10));
        store.Store(test::MakeRun("im-server", 1, 3, 5));
        store.Finish();
    }
    const auto json = CallJson({"query", "c.sqlite", "--metric=setup"});
    EXPECT_EQ(GetAxes(json), "scheme,none");
    EXPECT_EQ(json["metrics"][0]["fields"][1]["figure"]["value"], 6);
}

TEST_F(QueryShowTest, ConditionsTakeValuesInTheirOrder)
{
    const auto json = CallJson({"query",
                                "s.sqlite",
                                "--metric=setup.max",
                                "--where=GprsCell.Pdchs=10; cs=CS-1,CS-2",
                                "--schemes=im-server"});
    EXPECT_EQ(json["x"]["values"].dump(), R"(["CS-1","CS-2"])");
    EXPECT_EQ(json["by"]["values"].dump(), R"(["im-server"])");
    EXPECT_EQ(json["where"].size(), 1u);
    EXPECT_EQ(json["where"][0]["name"], "pdchs");
    EXPECT_TRUE(json["pooled"].empty());
    // 21 - 5 s at the point, 0.5 s of seed 2 as seed 3 is missing, 2 s of session 2
    EXPECT_EQ(json["metrics"][0]["fields"][0]["figure"]["value"], 18.5);
}

TEST_F(QueryShowTest, ConditionsFindValuesThatHaveCommas)
{
    using namespace p2pim::campaign;
    StudyPlan plan;
    plan.variables = {{"pools", ""}};
    plan.nextPoint = [next = 0](std::vector<std::string>& values) mutable {
        values = {next == 0 ? "a" : next == 1 ? "a,b" : "b"};
        return next++ < 3;
    };
    plan.schemes = {"p2p"};
    const ResultsStore store("c.sqlite", OpenMode::CREATE, test::MakeProvenance(), plan);
    EXPECT_EQ(CallJson({"query", "c.sqlite", "--where=pools=a,b"})["x"]["values"].dump(),
              R"(["a,b"])");
    EXPECT_EQ(CallJson({"query", "c.sqlite", "--where=pools=b,a"})["x"]["values"].dump(),
              R"(["b","a"])");
}

TEST_F(QueryShowTest, SeveralMetricsAreSeveralTables)
{
    const auto text = Print({"query", "s.sqlite", "--metric=setup.p95,success", "--against=p2p"});
    EXPECT_NE(text.find("PARTIAL: 1 runs failed, 1 have not been made"), std::string::npos) << text;
    EXPECT_NE(text.find("95th percentile of the set-up time, s (setup.p95)"), std::string::npos);
    EXPECT_NE(text.find("Share of sessions that succeed (success)"), std::string::npos);
    EXPECT_NE(text.find("Difference to p2p"), std::string::npos);
}

TEST_F(QueryShowTest, AWarmUpIsANumberOfSessionsOrATime)
{
    const auto count = [](const std::string& warmUp) {
        return CallJson({"query", "s.sqlite", "--metric=setup", "--warm-up=" + warmUp})
            .at("metrics")[0]["fields"][1]["figure"]["n"]
            .get<int>();
    };
    EXPECT_EQ(count("0"), 18); // im-server at CS-2: 3 seeds, 2 points, 3 sessions set up
    EXPECT_EQ(count("1"), 12);
    EXPECT_EQ(count("2s"), 12); // session i begins after i + 1 s
    EXPECT_EQ(count("2001ms"), 6);
}

// Session i begins after i + 1 s; 10 of 60 take 100 s, the others 1 s.
TEST_F(QueryShowTest, AWarmUpThatIsFoundIsLeftOut)
{
    using namespace p2pim::campaign;
    {
        ResultsStore store("w.sqlite", OpenMode::CREATE, test::MakeProvenance(), {{"p2p", 1}});
        auto run = test::MakeRun("p2p", 1, 60, 1);
        for (auto& session : run.sessions)
        {
            session.setupNs = (session.index < 10 ? 100 : 1) * 1000000000LL;
        }
        store.Store(run);
        store.Finish();
    }
    const auto json = CallJson({"query", "w.sqlite", "--metric=setup", "--warm-up=auto"});
    EXPECT_EQ(json["warm_up_s"], 11);
    EXPECT_EQ(json["metrics"][0]["fields"][0]["figure"]["value"], 1);
    EXPECT_EQ(json["metrics"][0]["fields"][0]["figure"]["n"], 50);
    const auto text = Print({"query", "w.sqlite", "--metric=setup", "--warm-up=auto"});
    EXPECT_NE(text.find("\nWithout the sessions that begin in the first 11 s of each run, the "
                        "warm-up that MSER-5 finds\nn: "),
              std::string::npos)
        << text;
}

// Each series has 9 sessions at most, 50 are the least.
TEST_F(QueryShowTest, AWarmUpThatIsNotFoundIsNamed)
{
    const auto text = Print({"query", "s.sqlite", "--metric=setup", "--warm-up=auto"});
    EXPECT_NE(text.find("\nMSER-5 finds no warm-up\n"
                        "TOO SHORT to see a steady state: 8 of 8 series, first setup of im-server "
                        "at point 0\n"),
              std::string::npos)
        << text;
    const auto outcome = Call({"query", "s.sqlite", "--warm-up=auto", "--format=json"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.err.substr(0, 9), "TOO SHORT");
    EXPECT_EQ(nlohmann::json::parse(outcome.out)["warm_up_found"].dump(),
              R"({"series":8,"too_short":8})");
}

TEST_F(QueryShowTest, RatiosAreToTheNamedColumn)
{
    const auto json = CallJson({"query", "s.sqlite", "--metric=setup.max", "--ratio-to=im-server"});
    EXPECT_EQ(json["ratio_to"], "im-server");
    // 10 or 11 s at the points, 0.75 s of seed 3, 2 s of session 2; 5 s less with im-server
    EXPECT_DOUBLE_EQ(json["metrics"][0]["fields"][0]["ratio"]["value"].get<double>(), 13.75 / 8.75);
    EXPECT_NE(Print({"query", "s.sqlite", "--ratio-to=p2p"}).find("\nRatio to p2p: "),
              std::string::npos);
}

TEST_F(QueryShowTest, ADistributionIsOfAllValues)
{
    const auto json = CallJson({"query", "s.sqlite", "--distribution", "--by=none"});
    EXPECT_EQ(json["metrics"][0]["metric"], "first_message");
    EXPECT_EQ(json["metrics"][0]["fields"].size(), 2u);
    const auto expect = [](const std::string& option, const std::string& line) {
        ExpectMistake({"query", "s.sqlite", "--distribution", option}, line);
    };
    expect("--metric=setup.p95",
           "--metric: 'setup.p95': a distribution is of all values; leave the statistic out");
    expect("--metric=success", "--metric: 'success': what is 1 or 0 has no distribution");
    expect("--per=run", "--per: not with --distribution");
    expect("--ratio-to=p2p", "--ratio-to: not with --distribution");
}

TEST_F(QueryShowTest, MistakesInAQueryNameTheNearestRightWord)
{
    const auto expect = [](const std::string& option, const std::string& line) {
        ExpectMistake({"query", "s.sqlite", option}, line);
    };
    expect("--metric=stup.p95", "--metric: 'stup.p95': no such measure; did you mean setup?");
    expect("--metric=setup.medain",
           "--metric: 'setup.medain': 'medain' is no statistic; allowed: mean, median, p95 and the "
           "like, min, max; did you mean median?");
    expect("--metric=counter:smsc.mesages_accepted",
           "--metric: 'counter:smsc.mesages_accepted': no such counter in the file; did you mean "
           "smsc.messages_accepted?");
    expect("--metric=", "--metric: needs a value");
    expect("--x=GprsCell.Pdch",
           "--x: 'GprsCell.Pdch': nothing of this name varies in the file; did you mean "
           "GprsCell.Pdchs?");
    expect("--by=cs", "--by: 'cs' is the same as --x");
    expect("--where=cs=CS-1,CS-9", "--where: 'CS-9': cs has no such value; did you mean CS-2?");
    expect("--where=cs=CS-1,CS-1", "--where: 'CS-1' is given twice");
    expect("--where=cs=CS-1;cs=CS-2", "--where: cs is given twice");
    expect("--where=cs", "--where: 'cs' is not written as NAME=VALUE,VALUE");
    expect("--schemes=p2p,im-sever",
           "--schemes: 'im-sever': scheme has no such value; did you mean im-server?");
    expect("--against=im", "--against: 'im': no such column; the nearest is p2p");
    expect("--ratio-to=im", "--ratio-to: 'im': no such column; the nearest is p2p");
    expect("--warm-up=5y",
           "--warm-up: '5y' has no known unit; use ns, us, ms, s, min, h or d; a "
           "number without a unit is of sessions, auto finds the time");
    ExpectMistake({"query", "s.sqlite", "--metric=counter:ggsn.contexts", "--by=bearer"},
                  "--metric: 'counter:ggsn.contexts': a counter is of a run; it has no bearer");
}

TEST_F(QueryShowTest, RunsAreListedWithTheirPointAndTheFailedWithTheirCommand)
{
    const auto text = Print({"show", "s.sqlite"});
    EXPECT_EQ(text.substr(0, text.find("\n  4  ") + 1),
              "SetupTime (scenarios/setup-time.ini), partial: 22 of 24 runs made, 1 failed\n"
              "\n"
              "run  point  cs    pdchs  scheme     seed  sessions  succeeded  state\n"
              "---  -----  ----  -----  ---------  ----  --------  ---------  -------\n"
              "  1      0  CS-2  2      p2p           1         4          3  done\n"
              "  2      0  CS-2  2      im-server     1         4          3  done\n"
              "  3      1  CS-2  10     p2p           1         -          -  failed\n");
    EXPECT_NE(
        text.find("\n 24      3  CS-1  10     im-server     3         -          -  missing\n"),
        std::string::npos);
    EXPECT_NE(text.find("\nRun 3: crash: signal 11\n    p2pim run x.ini --seed=1\n"),
              std::string::npos);
    const auto failed = CallJson({"show", "s.sqlite", "--failed"});
    ASSERT_EQ(failed["runs"].size(), 1u);
    EXPECT_EQ(failed["runs"][0]["cause"], "crash");
    EXPECT_EQ(failed["runs"][0]["parameters"].dump(), R"({"cs":"CS-2","pdchs":"10"})");
}

TEST_F(QueryShowTest, ARunHasItsSessions)
{
    const auto text = Print({"show", "s.sqlite:1"});
    EXPECT_EQ(
        text,
        "Run 1: p2p, seed 1, point 0 (cs=CS-2, pdchs=2)\n"
        "4 sessions, of which 3 succeeded; 1000 events\n"
        "\n"
        "session  bearer  succeeded  set-up, s  first message, s  cause          diagnosis\n"
        "-------  ------  ---------  ---------  ----------------  -------------  ------------\n"
        "      0  cold    yes           10.250            10.750\n"
        "      1  warm    yes           11.250            11.750\n"
        "      2  cold    yes           12.250            12.750\n"
        "      3  cold    no                 -                 -  not traversed  hole expired\n");
    EXPECT_EQ(CallJson({"show", "s.sqlite:1"})["session"][1]["setup_s"], 11.25);
    EXPECT_EQ(Print({"show", "s.sqlite:3"}),
              "Run 3: p2p, seed 1, point 1 (cs=CS-2, pdchs=10), failed\n"
              "crash: signal 11\n    p2pim run x.ini --seed=1\n");
    EXPECT_EQ(Print({"show", "s.sqlite:24"}),
              "Run 24: im-server, seed 3, point 3 (cs=CS-1, pdchs=10), not made yet\n");
}

TEST_F(QueryShowTest, ASessionHasItsEventsByTime)
{
    const auto text = Print({"show", "s.sqlite:1", "--session=0"});
    EXPECT_EQ(text.substr(text.find("time, s")),
              "time, s  since begin, s  kind     event\n"
              "-------  --------------  -------  ------------------------------------------\n"
              "  1.000           0.000  step     pressed\n"
              " 11.250          10.250  step     ready\n"
              " 11.250          10.250  message  message 0 sent by the initiator, 20 octets\n"
              " 11.750          10.750  step     first_received\n"
              " 11.750          10.750  message  message 0 received, 0.500 s\n"
              " 12.750          11.750  message  message 1 sent by the target, 30 octets\n"
              " 13.750          12.750  message  message 1 received, 1.000 s\n");
    const auto blocked = CallJson({"show", "s.sqlite:1", "--session=3"});
    EXPECT_EQ(blocked["initiator_access"], "home-router");
    EXPECT_EQ(blocked["events"].size(), 4u); // pressed, two attempts, of which one never ends
    EXPECT_EQ(blocked["events"][3]["event"], "attempt 0 no route, tries: 1");
}

TEST_F(QueryShowTest, MistakesInWhatToShowAreNamed)
{
    ExpectMistake({"show", "s.sqlite:25"},
                  "s.sqlite: has no run 25; p2pim show s.sqlite lists those it has");
    ExpectMistake({"show", "s.sqlite:x"},
                  "'s.sqlite:x': 'x' is not the number of a run; give RESULTS:RUN");
    ExpectMistake({"show", "s.sqlite:1", "--session=4"},
                  "--session: '4': run 1 has no such session; p2pim show s.sqlite:1 lists those it "
                  "has");
    ExpectMistake({"show", "s.sqlite", "--session=4"}, "--session: of which run? give RESULTS:RUN");
    ExpectMistake({"show", "s.sqlite:1", "--failed"},
                  "--failed: is for the list of runs; leave out :1");
    std::filesystem::copy_file("s.sqlite", "s:1");
    EXPECT_EQ(Print({"show", "s:1"}).substr(0, 9), "SetupTime");
}

TEST_F(QueryShowTest, AnExportOfAStudyHasPointsAndFailures)
{
    EXPECT_EQ(Print({"export", "s.sqlite", "--table=failures"}),
              "scheme,seed,point,cs,pdchs,cause,detail,command\n"
              "p2p,1,1,CS-2,10,crash,signal 11,p2pim run x.ini --seed=1\n");
    EXPECT_EQ(Print({"export", "s.sqlite", "--table=points"}),
              "point,cs,pdchs\n0,CS-2,2\n1,CS-2,10\n2,CS-1,2\n3,CS-1,10\n");
}
