// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/pivot.h"
#include "program/work-folder.h"
#include "synthetic-study.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

class PivotTest : public WorkFolderTest
{
  protected:
    PivotTest()
        : m_study(WriteStudy("study.sqlite", true))
    {
    }

    static Dimension Find(const StudyView& study, const std::string& name)
    {
        for (const auto& dimension : study.GetDimensions())
        {
            if (dimension.name == name)
            {
                return dimension;
            }
        }
        throw std::out_of_range(name);
    }

    static Choice ChooseAll(const StudyView& study, const std::string& name)
    {
        const auto dimension = Find(study, name);
        return {dimension, study.ListValues(dimension)};
    }

    /// @return a query of one dimension over another.
    static PivotQuery MakeQuery(const StudyView& study, const std::string& x, const std::string& by)
    {
        PivotQuery query;
        query.x = ChooseAll(study, x);
        query.by = ChooseAll(study, by);
        return query;
    }

    /// @return the values of a pivot.
    static std::vector<std::vector<double>> GetValues(const Pivot& pivot)
    {
        std::vector<std::vector<double>> values;
        for (const auto& row : pivot.cells)
        {
            auto& line = values.emplace_back();
            for (const auto& cell : row)
            {
                line.push_back(cell.figure.value);
            }
        }
        return values;
    }

    const StudyView m_study;
};

using Values = std::vector<std::vector<double>>;

} // namespace

TEST_F(PivotTest, DimensionsAreTheVariablesAndWhatEveryStudyHas)
{
    std::vector<std::string> names;
    for (const auto& dimension : m_study.GetDimensions())
    {
        names.push_back(dimension.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"cs", "pdchs", "scheme", "seed", "bearer"}));
    EXPECT_EQ(m_study.GetDimensions()[1].attribute, "GprsCell.Pdchs");
    // In the order of the grid and of the plan, not of the alphabet.
    EXPECT_EQ(ChooseAll(m_study, "cs").values, (std::vector<std::string>{"CS-2", "CS-1"}));
    EXPECT_EQ(ChooseAll(m_study, "pdchs").values, (std::vector<std::string>{"2", "10"}));
    EXPECT_EQ(ChooseAll(m_study, "scheme").values, (std::vector<std::string>{"p2p", "im-server"}));
    EXPECT_EQ(ChooseAll(m_study, "seed").values, (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(ChooseAll(m_study, "bearer").values, (std::vector<std::string>{"cold", "warm"}));
    EXPECT_EQ(m_study.GetProgress().planned, 24u);
    EXPECT_EQ(m_study.GetProgress().made, 24u);
}

// What a constraint leaves of the list 2, 4, 8, 12 is first 8 and 12, then 4 to 12, then all.
TEST_F(PivotTest, ValuesAreInTheOrderOfTheirListWhateverAConstraintLeavesOut)
{
    StudyPlan plan;
    plan.variables = {{"interval", ""}, {"sdcch", "GsmCell.SdcchCount"}};
    const std::vector<std::vector<std::string>> points{{"0.5", "8"},
                                                       {"0.5", "12"},
                                                       {"1", "4"},
                                                       {"1", "12"},
                                                       {"4", "2"},
                                                       {"4", "4"},
                                                       {"4", "8"}};
    plan.nextPoint = [&points, next = std::size_t{0}](auto& values) mutable {
        values = next < points.size() ? points[next] : values;
        return next++ < points.size();
    };
    plan.schemes = {"sms"};
    const ResultsStore store("constraint.sqlite", OpenMode::CREATE, MakeProvenance(), plan);
    const StudyView constrained("constraint.sqlite");
    EXPECT_EQ(ChooseAll(constrained, "sdcch").values,
              (std::vector<std::string>{"2", "4", "8", "12"}));
    EXPECT_EQ(ChooseAll(constrained, "interval").values,
              (std::vector<std::string>{"0.5", "1", "4"}));
}

// By hand: the mean over sessions 0 to 2 is 1 s above that of session 0, seeds add 0.5 s in the
// mean, and the two numbers of PDCHs, which are pooled, another 0.5 s.
TEST_F(PivotTest, FieldsPoolSeedsAndWhatIsNotSeen)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    const auto pivot = MakePivot(m_study, query, ParseMetric("setup"));
    EXPECT_EQ(GetValues(pivot), (Values{{12, 7}, {22, 17}}));
    EXPECT_EQ(pivot.cells[0][0].figure.n, 18u);
    query.where = {{Find(m_study, "pdchs"), {"10"}}};
    const auto one = MakePivot(m_study, query, ParseMetric("setup"));
    EXPECT_EQ(GetValues(one), (Values{{12.5, 7.5}, {22.5, 17.5}}));
    EXPECT_EQ(one.cells[1][1].figure.n, 9u);
}

TEST_F(PivotTest, RowsAndColumnsAreThoseThatAreChosenInTheirOrder)
{
    auto query = MakeQuery(m_study, "pdchs", "cs");
    query.x.values = {"10"};
    query.by->values = {"CS-1", "CS-2"};
    query.where = {{Find(m_study, "scheme"), {"p2p"}}};
    EXPECT_EQ(GetValues(MakePivot(m_study, query, ParseMetric("first_message"))),
              (Values{{23, 13}}));
}

TEST_F(PivotTest, SeedsAndBearersAreDimensionsToo)
{
    auto query = MakeQuery(m_study, "seed", "bearer");
    query.x.values = {"1", "3"};
    query.where = {{Find(m_study, "scheme"), {"p2p"}},
                   {Find(m_study, "cs"), {"CS-2"}},
                   {Find(m_study, "pdchs"), {"2"}}};
    const auto pivot = MakePivot(m_study, query, ParseMetric("setup.max"));
    // Sessions 0 and 2 are cold, session 1 is warm.
    EXPECT_EQ(GetValues(pivot), (Values{{12.25, 11.25}, {12.75, 11.75}}));
    EXPECT_EQ(pivot.cells[0][0].figure.n, 2u);
    query.where.push_back({Find(m_study, "bearer"), {"warm"}});
    query.by.reset();
    EXPECT_EQ(GetValues(MakePivot(m_study, query, ParseMetric("setup.min"))),
              (Values{{11.25}, {11.75}}));
}

// What is read piece by piece from the file is what the runs' records have.
TEST_F(PivotTest, EveryMeasureIsThatOfTheRecords)
{
    const auto results = LoadResults("study.sqlite");
    for (const std::string text : {"setup.p75",
                                   "first_message",
                                   "message_delay",
                                   "phase:ready.median",
                                   "phase:first_received.max",
                                   "success",
                                   "counter:ggsn.contexts",
                                   "counter:smsc.messages_accepted.p75"})
    {
        const auto metric = ParseMetric(text);
        auto query = MakeQuery(m_study, "cs", "pdchs");
        query.where = {{Find(m_study, "scheme"), {"im-server"}}};
        const auto pivot = MakePivot(m_study, query, metric);
        std::vector<double> sample;
        for (const auto* run : SelectRuns(results, {"im-server"}))
        {
            const auto values = GetSample(*run, metric);
            sample.insert(sample.end(),
                          values.begin(),
                          values.begin() + (run->point == 3 ? values.size() : 0));
        }
        const auto expected = EstimateMetric(sample, metric);
        ASSERT_GT(expected.n, 0u) << text;
        const auto& figure = pivot.cells[1][1].figure;
        EXPECT_DOUBLE_EQ(figure.value, expected.value) << text;
        EXPECT_EQ(figure.n, expected.n) << text;
        EXPECT_EQ(std::isnan(figure.high), std::isnan(expected.high)) << text;
        if (!std::isnan(expected.high))
        {
            EXPECT_DOUBLE_EQ(figure.high, expected.high) << text;
        }
    }
}

TEST_F(PivotTest, CountersOfAKindAreAddedUpAsInARecord)
{
    auto run = MakeRun("p2p", 1, 1, 10);
    run.counters = {{"cell-0", "pages", 3},
                    {"cell-12", "pages", 4},
                    {"cell-x", "pages", 100},
                    {"cellar", "pages", 1000}};
    ResultsStore("cells.sqlite", OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}}).Store(run);
    const StudyView cells("cells.sqlite");
    PivotQuery query;
    query.x = ChooseAll(cells, "scheme");
    EXPECT_EQ(GetValues(MakePivot(cells, query, ParseMetric("counter:cell.pages"))), (Values{{7}}));
    EXPECT_EQ(GetValues(MakePivot(cells, query, ParseMetric("counter:cell-0.pages"))),
              (Values{{3}}));
}

// Medians of the seeds are 11.25, 11.5 and 11.75 s; t(0.975; 2) = 4.303, s / sqrt(3) = 0.1443 s.
TEST_F(PivotTest, PerRunEachSeedHasOneFigure)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.where = {{Find(m_study, "pdchs"), {"2"}}};
    query.perRun = true;
    const auto pivot = MakePivot(m_study, query, ParseMetric("setup.median"));
    const auto& figure = pivot.cells[0][0].figure;
    EXPECT_EQ(figure.n, 3u);
    EXPECT_DOUBLE_EQ(figure.value, 11.5);
    EXPECT_NEAR(figure.high - figure.value, 4.303 * 0.1443, 1e-3);
    // A counter is a run's: the statistic is that of the runs.
    const auto counter =
        MakePivot(m_study, query, ParseMetric("counter:smsc.messages_accepted.max"));
    EXPECT_EQ(counter.cells[0][0].figure.value, 3);
}

TEST_F(PivotTest, DifferencesArePairedBySeed)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.against = 1;
    const auto pivot = MakePivot(m_study, query, ParseMetric("setup.p95"));
    const auto& difference = pivot.cells[0][0].difference;
    // Seeds move both alike, so that nothing of their variance is left.
    EXPECT_EQ(difference.n, 3u);
    EXPECT_DOUBLE_EQ(difference.value, 5);
    EXPECT_DOUBLE_EQ(difference.low, 5);
    EXPECT_DOUBLE_EQ(difference.high, 5);
    EXPECT_EQ(pivot.cells[0][1].difference.n, 0u);
}

// Means of the seeds are 11.25, 11.5 and 11.75 s over 6.25, 6.5 and 6.75 s. Of 27 draws of three
// seeds one is the greatest ratio, that of seed 1 alone, and one the least: more than 2.5 % each.
TEST_F(PivotTest, RatiosAreBootstrappedBySeeds)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.where = {{Find(m_study, "pdchs"), {"2"}}};
    query.ratioTo = 1;
    for (const bool perRun : {false, true})
    {
        query.perRun = perRun;
        const auto cells = MakePivot(m_study, query, ParseMetric("setup.median")).cells;
        EXPECT_DOUBLE_EQ(cells[0][0].ratio.value, 11.5 / 6.5);
        EXPECT_DOUBLE_EQ(cells[0][0].ratio.low, 11.75 / 6.75);
        EXPECT_DOUBLE_EQ(cells[0][0].ratio.high, 11.25 / 6.25);
        EXPECT_EQ(cells[0][0].ratio.n, 3u);
        EXPECT_EQ(cells[0][1].ratio.n, 0u);
    }
    // The greatest value is that of seed 3; the mean of the seeds' greatest ones is that of seed 2.
    query.perRun = false;
    const auto greatest = MakePivot(m_study, query, ParseMetric("setup.max")).cells[0][0].ratio;
    EXPECT_DOUBLE_EQ(greatest.value, 12.75 / 7.75);
    EXPECT_TRUE(std::isnan(greatest.low));
    EXPECT_TRUE(std::isnan(greatest.high));
    query.perRun = true;
    const auto mean = MakePivot(m_study, query, ParseMetric("setup.max")).cells[0][0].ratio;
    EXPECT_DOUBLE_EQ(mean.value, 12.5 / 7.5);
    EXPECT_DOUBLE_EQ(mean.high, 12.25 / 7.25);
}

TEST_F(PivotTest, RatiosToNothingAreNotDefined)
{
    ResultsStore store("nothing.sqlite",
                       OpenMode::CREATE,
                       MakeProvenance(),
                       {{"p2p", 1}, {"im-server", 1}});
    auto run = MakeRun("p2p", 1, 1, 10);
    store.Store(run);
    run.scheme = "im-server";
    run.counters = {{"smsc", "messages_accepted", 0}};
    store.Store(run);
    const StudyView nothing("nothing.sqlite");
    auto query = MakeQuery(nothing, "seed", "scheme");
    query.ratioTo = 1;
    const auto cells =
        MakePivot(nothing, query, ParseMetric("counter:smsc.messages_accepted")).cells;
    EXPECT_EQ(cells[0][0].ratio.n, 1u);
    EXPECT_TRUE(std::isnan(cells[0][0].ratio.value));
}

TEST_F(PivotTest, DifferencesNeedTheSameSeedInBothColumns)
{
    // lacks p2p of point 1, seed 1, and im-server of point 3, seed 3
    const StudyView partial(WriteStudy("partial.sqlite"));
    auto query = MakeQuery(partial, "cs", "scheme");
    query.where = {{Find(partial, "pdchs"), {"10"}}};
    query.against = 1;
    const auto pivot = MakePivot(partial, query, ParseMetric("setup"));
    EXPECT_EQ(pivot.cells[0][0].figure.n, 6u);
    EXPECT_EQ(pivot.cells[0][0].difference.n, 2u);
    EXPECT_EQ(pivot.cells[1][0].figure.n, 9u);
    EXPECT_EQ(pivot.cells[1][0].difference.n, 2u);
    EXPECT_DOUBLE_EQ(pivot.cells[1][0].difference.value, 5);
}

TEST_F(PivotTest, WarmUpLeavesTheFirstSessionsOut)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.warmUpSessions = 2;
    const auto byNumber = MakePivot(m_study, query, ParseMetric("setup"));
    EXPECT_EQ(byNumber.cells[0][0].figure.n, 6u);
    EXPECT_EQ(GetValues(byNumber)[0][0], 13);
    query.warmUpSessions = 0;
    query.warmUpNs = 2000000000; // session i begins after i + 1 s
    const auto byTime = MakePivot(m_study, query, ParseMetric("setup"));
    EXPECT_EQ(byTime.cells[0][0].figure.n, 12u);
    EXPECT_EQ(GetValues(byTime)[0][0], 12.5);
    EXPECT_THROW(MakePivot(m_study, query, ParseMetric("counter:ggsn.contexts")), MetricError);
}

// Session i begins after i + 1 s and takes 1 s; the first ones take 100 s: 5 of each run with p2p,
// 10 with im-server. With two seeds these are 10 and 20 values, 2 and 4 batches.
TEST_F(PivotTest, WarmUpIsFoundInAllRunsOfASchemeAtAPoint)
{
    const auto write = [](const std::string& path, uint32_t sessions) {
        ResultsStore store(path,
                           OpenMode::CREATE,
                           MakeProvenance(),
                           {{"p2p", 2}, {"im-server", 2}});
        for (const auto& missing : store.ListMissing(0, 4))
        {
            const auto& [scheme, seed, point] = missing.key;
            auto run = MakeRun(scheme, seed, sessions, 1);
            for (auto& session : run.sessions)
            {
                const bool isEarly = session.index < (scheme == "p2p" ? 5u : 10u);
                session.setupNs = (isEarly ? 100 : 1) * 1000000000LL;
            }
            store.Store(run);
        }
        return path;
    };
    const StudyView runs(write("runs.sqlite", 50));
    PivotQuery query;
    query.x = ChooseAll(runs, "scheme");
    const auto find = [&query](const StudyView& file, const std::string& metric) {
        return FindWarmUp(file, query, {ParseMetric(metric)});
    };
    const auto found = find(runs, "setup");
    EXPECT_EQ(found.endNs, 11000000000);
    EXPECT_EQ(found.series, 2u);
    EXPECT_EQ(found.tooShort, 0u);
    EXPECT_EQ(DescribeTooShort(found), "");
    query.where = {{Find(runs, "seed"), {"2"}}};
    query.x.values = {"p2p"};
    EXPECT_EQ(find(runs, "setup").endNs, 6000000000);
    EXPECT_THROW(find(runs, "counter:ggsn.contexts"), MetricError);
    // 48 values of two seeds are too few.
    const StudyView brief(write("brief.sqlite", 24));
    query.where.clear();
    const auto tooShort = find(brief, "setup");
    EXPECT_EQ(tooShort.endNs, 0);
    EXPECT_EQ(DescribeTooShort(tooShort),
              "TOO SHORT to see a steady state: 1 of 1 series, first setup of p2p at point "
              "0\n");
}

// 10.25, 11.25 and 12.25 s of seed 1, 0.25 s more of seeds 2 and 3: n = 9, so that the quantile p
// is at 1 + 8 p. The band is sqrt(ln 40 / 18) = 0.4527.
TEST_F(PivotTest, DistributionsAreOfAllSeeds)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.x.values = {"CS-2"};
    query.where = {{Find(m_study, "pdchs"), {"2"}}};
    query.against = 1;
    const std::vector<DistributionPivot> pivots{
        MakeDistributions(m_study, query, ParseMetric("setup"))};
    const auto write = [&](PivotFormat format) {
        std::ostringstream out;
        WriteDistributions(m_study, query, pivots, format, out);
        return out.str();
    };
    const auto text = write(PivotFormat::TABLE);
    EXPECT_EQ(
        text.substr(text.find("n: ")),
        "n: sessions of all seeds (messages, or runs for a counter), which count as "
        "independent\n"
        "\n"
        "Set-up time, s (setup)\n"
        "quantiles over cs, by scheme; to im-server: greatest distance of the two curves\n"
        "\n"
        "cs    scheme     n       ±    1 %    5 %   10 %   25 %   50 %   75 %   90 %   95 %   "
        "99 %  to im-server\n"
        "----  ---------  -  ------  -----  -----  -----  -----  -----  -----  -----  -----  "
        "-----  ------------\n"
        "CS-2  p2p        9  45.3 %  10.27  10.35  10.45  10.75  11.50  12.25  12.55  12.65  "
        "12.73         1.000\n"
        "      im-server  9  45.3 %   5.27   5.35   5.45   5.75   6.50   7.25   7.55   7.65   "
        "7.73             -\n");
    const auto csv = write(PivotFormat::CSV);
    EXPECT_EQ(csv.substr(0, csv.find('\n', csv.find("10.5"))),
              "metric,cs,scheme,value,share,low,high\n"
              "setup,CS-2,p2p,10.25,0.1111111111111111,0,0.5638116163579843\n"
              "setup,CS-2,p2p,10.5,0.2222222222222222,0,0.6749227274690953");
    const auto json = nlohmann::json::parse(write(PivotFormat::JSON));
    const auto& field = json["metrics"][0]["fields"][1];
    EXPECT_EQ(json["metrics"][0]["title"], "set-up time");
    EXPECT_EQ(field["by"], "im-server");
    EXPECT_EQ(field["curve"]["n"], 9);
    EXPECT_EQ(field["curve"]["value"].size(), 9u);
    EXPECT_EQ(field["curve"]["value"][8], 7.75);
    EXPECT_EQ(field["curve"]["share"][8], 1);
    EXPECT_NEAR(field["curve"]["low"][8].get<double>(), 1 - 0.4527, 1e-4);
    EXPECT_EQ(field["curve"]["high"][8], 1);
    EXPECT_TRUE(field["distance"].is_null());
    EXPECT_EQ(json["metrics"][0]["fields"][0]["distance"], 1);
}

TEST_F(PivotTest, NamesThatTheFileDoesNotKnowAreErrors)
{
    const auto query = MakeQuery(m_study, "cs", "scheme");
    const auto getError = [&](const std::string& text) {
        try
        {
            MakePivot(m_study, query, ParseMetric(text));
        }
        catch (const MetricError& error)
        {
            return std::string(error.what()) + "|" + error.wrong + "|" +
                   std::to_string(error.right.size());
        }
        return std::string();
    };
    EXPECT_EQ(getError("phase:redy"), "'phase:redy': no such step in the file|redy|3");
    EXPECT_EQ(getError("counter:smsc.none.max"),
              "'counter:smsc.none.max': no such counter in the file|smsc.none|2");
    EXPECT_EQ(getError("phase:pressed"), ""); // is known, and never ends a phase
}

TEST_F(PivotTest, CsvHasALineAField)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.against = 1;
    query.ratioTo = 0;
    query.x.values = {"CS-2"};
    std::ostringstream out;
    WritePivots(m_study,
                query,
                {MakePivot(m_study, query, ParseMetric("setup.max"))},
                PivotFormat::CSV,
                out);
    EXPECT_EQ(out.str(),
              "metric,cs,scheme,value,low,high,n,difference,difference_low,difference_high,seeds,"
              "ratio,ratio_low,ratio_high,ratio_seeds\n"
              "setup.max,CS-2,p2p,13.75,,,18,5,5,5,3,,,,0\n"
              "setup.max,CS-2,im-server,8.75,,,18,,,,0,0.6363636363636364,,,3\n");
}

TEST_F(PivotTest, JsonSaysWhatTheFiguresAreOf)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.pooled = {ChooseAll(m_study, "pdchs")};
    query.perRun = true;
    std::ostringstream out;
    WritePivots(m_study,
                query,
                {MakePivot(m_study, query, ParseMetric("setup"))},
                PivotFormat::JSON,
                out);
    const auto json = nlohmann::json::parse(out.str());
    EXPECT_EQ(json["x"]["attribute"], "GprsCell.CodingScheme");
    EXPECT_EQ(json["by"]["values"].dump(), R"(["p2p","im-server"])");
    EXPECT_EQ(json["pooled"][0]["values"].dump(), R"(["2","10"])");
    EXPECT_EQ(json["per"], "run");
    EXPECT_TRUE(json["against"].is_null());
    const auto& metric = json["metrics"][0];
    EXPECT_EQ(metric["title"], "mean set-up time");
    EXPECT_EQ(metric["unit"], "s");
    EXPECT_EQ(metric["fields"][1]["x"], "CS-2");
    EXPECT_EQ(metric["fields"][1]["by"], "im-server");
    EXPECT_EQ(metric["fields"][1]["figure"]["value"], 7);
    EXPECT_EQ(metric["fields"][1]["figure"]["n"], 3);
    EXPECT_EQ(json["provenance"]["planned"], 24);
}

// Sessions 1 and 2 of two seeds and two numbers of PDCHs: s = 0.7677, t(0.975; 7) = 2.365, n = 8.
TEST_F(PivotTest, TextSaysWhatIsPooledAndLeftOut)
{
    auto query = MakeQuery(m_study, "cs", "scheme");
    query.pooled = {ChooseAll(m_study, "pdchs")};
    query.where = {{Find(m_study, "seed"), {"1", "2"}}};
    query.against = 0;
    query.warmUpSessions = 1;
    std::ostringstream out;
    WritePivots(m_study,
                query,
                {MakePivot(m_study, query, ParseMetric("setup"))},
                PivotFormat::TABLE,
                out);
    EXPECT_EQ(out.str(),
              "SetupTime (scenarios/setup-time.ini), p2pim 0.1.0 on ns-3 3.37\n"
              "24 of 24 runs; in brackets: 95 % confidence intervals\n"
              "Only seed = 1, 2\n"
              "Pooled: pdchs = 2, 10; --where picks some\n"
              "Without the first session of each run\n"
              "n: sessions of all seeds (messages, or runs for a counter), which count as "
              "independent;\n"
              "   --per=run makes a figure of each seed\n"
              "\n"
              "Mean set-up time, s (setup)\n"
              "over cs, by scheme\n"
              "\n"
              "cs                     p2p  n             im-server  n\n"
              "----  --------------------  -  --------------------  -\n"
              "CS-2  12.38 [11.73, 13.02]  8   7.38 [ 6.73,  8.02]  8\n"
              "CS-1  22.38 [21.73, 23.02]  8  17.38 [16.73, 18.02]  8\n"
              "\n"
              "Difference to p2p: of the figures of the same seed; n: seeds\n"
              "\n"
              "cs                  im-server  n\n"
              "----  -----------------------  -\n"
              "CS-2  -5.000 [-5.000, -5.000]  2\n"
              "CS-1  -5.000 [-5.000, -5.000]  2\n");
}
