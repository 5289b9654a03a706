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
        : study(WriteStudy("study.sqlite", true))
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

    const StudyView study;
};

using Values = std::vector<std::vector<double>>;

} // namespace

TEST_F(PivotTest, DimensionsAreTheVariablesAndWhatEveryStudyHas)
{
    std::vector<std::string> names;
    for (const auto& dimension : study.GetDimensions())
    {
        names.push_back(dimension.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"cs", "pdchs", "scheme", "seed", "bearer"}));
    EXPECT_EQ(study.GetDimensions()[1].attribute, "GprsCell.Pdchs");
    // In the order of the grid and of the plan, not of the alphabet.
    EXPECT_EQ(ChooseAll(study, "cs").values, (std::vector<std::string>{"CS-2", "CS-1"}));
    EXPECT_EQ(ChooseAll(study, "pdchs").values, (std::vector<std::string>{"2", "10"}));
    EXPECT_EQ(ChooseAll(study, "scheme").values, (std::vector<std::string>{"p2p", "im-server"}));
    EXPECT_EQ(ChooseAll(study, "seed").values, (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(ChooseAll(study, "bearer").values, (std::vector<std::string>{"cold", "warm"}));
    EXPECT_EQ(study.GetProgress().planned, 24u);
    EXPECT_EQ(study.GetProgress().made, 24u);
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
    ResultsStore("constraint.sqlite", OpenMode::CREATE, MakeProvenance(), plan);
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
    auto query = MakeQuery(study, "cs", "scheme");
    const auto pivot = MakePivot(study, query, ParseMetric("setup"));
    EXPECT_EQ(GetValues(pivot), (Values{{12, 7}, {22, 17}}));
    EXPECT_EQ(pivot.cells[0][0].figure.n, 18u);
    query.where = {{Find(study, "pdchs"), {"10"}}};
    const auto one = MakePivot(study, query, ParseMetric("setup"));
    EXPECT_EQ(GetValues(one), (Values{{12.5, 7.5}, {22.5, 17.5}}));
    EXPECT_EQ(one.cells[1][1].figure.n, 9u);
}

TEST_F(PivotTest, RowsAndColumnsAreThoseThatAreChosenInTheirOrder)
{
    auto query = MakeQuery(study, "pdchs", "cs");
    query.x.values = {"10"};
    query.by->values = {"CS-1", "CS-2"};
    query.where = {{Find(study, "scheme"), {"p2p"}}};
    EXPECT_EQ(GetValues(MakePivot(study, query, ParseMetric("first_message"))), (Values{{23, 13}}));
}

TEST_F(PivotTest, SeedsAndBearersAreDimensionsToo)
{
    auto query = MakeQuery(study, "seed", "bearer");
    query.x.values = {"1", "3"};
    query.where = {{Find(study, "scheme"), {"p2p"}},
                   {Find(study, "cs"), {"CS-2"}},
                   {Find(study, "pdchs"), {"2"}}};
    const auto pivot = MakePivot(study, query, ParseMetric("setup.max"));
    // Sessions 0 and 2 are cold, session 1 is warm.
    EXPECT_EQ(GetValues(pivot), (Values{{12.25, 11.25}, {12.75, 11.75}}));
    EXPECT_EQ(pivot.cells[0][0].figure.n, 2u);
    query.where.push_back({Find(study, "bearer"), {"warm"}});
    query.by.reset();
    EXPECT_EQ(GetValues(MakePivot(study, query, ParseMetric("setup.min"))),
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
        auto query = MakeQuery(study, "cs", "pdchs");
        query.where = {{Find(study, "scheme"), {"im-server"}}};
        const auto pivot = MakePivot(study, query, metric);
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
    auto query = MakeQuery(study, "cs", "scheme");
    query.where = {{Find(study, "pdchs"), {"2"}}};
    query.perRun = true;
    const auto pivot = MakePivot(study, query, ParseMetric("setup.median"));
    const auto& figure = pivot.cells[0][0].figure;
    EXPECT_EQ(figure.n, 3u);
    EXPECT_DOUBLE_EQ(figure.value, 11.5);
    EXPECT_NEAR(figure.high - figure.value, 4.303 * 0.1443, 1e-3);
    // A counter is a run's: the statistic is that of the runs.
    const auto counter = MakePivot(study, query, ParseMetric("counter:smsc.messages_accepted.max"));
    EXPECT_EQ(counter.cells[0][0].figure.value, 3);
}

TEST_F(PivotTest, DifferencesArePairedBySeed)
{
    auto query = MakeQuery(study, "cs", "scheme");
    query.against = 1;
    const auto pivot = MakePivot(study, query, ParseMetric("setup.p95"));
    const auto& difference = pivot.cells[0][0].difference;
    // Seeds move both alike, so that nothing of their variance is left.
    EXPECT_EQ(difference.n, 3u);
    EXPECT_DOUBLE_EQ(difference.value, 5);
    EXPECT_DOUBLE_EQ(difference.low, 5);
    EXPECT_DOUBLE_EQ(difference.high, 5);
    EXPECT_EQ(pivot.cells[0][1].difference.n, 0u);
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
    auto query = MakeQuery(study, "cs", "scheme");
    query.warmUpSessions = 2;
    const auto byNumber = MakePivot(study, query, ParseMetric("setup"));
    EXPECT_EQ(byNumber.cells[0][0].figure.n, 6u);
    EXPECT_EQ(GetValues(byNumber)[0][0], 13);
    query.warmUpSessions = 0;
    query.warmUpNs = 2000000000; // session i begins after i + 1 s
    const auto byTime = MakePivot(study, query, ParseMetric("setup"));
    EXPECT_EQ(byTime.cells[0][0].figure.n, 12u);
    EXPECT_EQ(GetValues(byTime)[0][0], 12.5);
    EXPECT_THROW(MakePivot(study, query, ParseMetric("counter:ggsn.contexts")), MetricError);
}

TEST_F(PivotTest, NamesThatTheFileDoesNotKnowAreErrors)
{
    const auto query = MakeQuery(study, "cs", "scheme");
    const auto getError = [&](const std::string& text) {
        try
        {
            MakePivot(study, query, ParseMetric(text));
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
    auto query = MakeQuery(study, "cs", "scheme");
    query.against = 1;
    query.x.values = {"CS-2"};
    std::ostringstream out;
    WritePivots(study,
                query,
                {MakePivot(study, query, ParseMetric("setup.max"))},
                PivotFormat::CSV,
                out);
    EXPECT_EQ(out.str(),
              "metric,cs,scheme,value,low,high,n,difference,difference_low,difference_high,seeds\n"
              "setup.max,CS-2,p2p,13.75,,,18,5,5,5,3\n"
              "setup.max,CS-2,im-server,8.75,,,18,,,,0\n");
}

TEST_F(PivotTest, JsonSaysWhatTheFiguresAreOf)
{
    auto query = MakeQuery(study, "cs", "scheme");
    query.pooled = {ChooseAll(study, "pdchs")};
    query.perRun = true;
    std::ostringstream out;
    WritePivots(study,
                query,
                {MakePivot(study, query, ParseMetric("setup"))},
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
    auto query = MakeQuery(study, "cs", "scheme");
    query.pooled = {ChooseAll(study, "pdchs")};
    query.where = {{Find(study, "seed"), {"1", "2"}}};
    query.against = 0;
    query.warmUpSessions = 1;
    std::ostringstream out;
    WritePivots(study,
                query,
                {MakePivot(study, query, ParseMetric("setup"))},
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
