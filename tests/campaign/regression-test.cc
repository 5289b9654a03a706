// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/equivalence.h"
#include "campaign/regression-report.h"
#include "campaign/regression.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

using namespace p2pim::campaign;

namespace
{

constexpr double NONE = std::numeric_limits<double>::quiet_NaN();

LatencyRow
MakeRow(const std::vector<double>& values, double margin = 0.02)
{
    return {"p2p", "setup", margin, values};
}

LatencyResult
CompareOne(const LatencyRow& before, const std::vector<double>& after)
{
    return CompareLatencies({before}, {MakeRow(after)}).at(0);
}

/// Normal values: @p mean, with the standard deviation 1.
std::vector<double>
Draw(std::mt19937_64& random, double mean, std::size_t count)
{
    std::normal_distribution<double> normal(mean, 1);
    std::vector<double> values(count);
    for (auto& value : values)
    {
        value = normal(random);
    }
    return values;
}

/// A comparison in which the named layers have changed.
Regression
MakeRegression(bool events, bool figures, std::optional<Finding> latency)
{
    Regression regression;
    const FingerprintRow row{"p2p", 1, 12, {{'t', "00000000000000aa"}}};
    auto changed = row;
    changed.hashes['t'] = "00000000000000bb";
    regression.fingerprints = CompareFingerprints({row}, {events ? changed : row}, "t");
    regression.figures =
        CompareFigures({{"p2p", 1, "setup", 2}}, {{"p2p", 1, "setup", figures ? 2.5 : 2}});
    regression.latencies.emplace();
    if (latency)
    {
        LatencyResult result;
        result.scheme = "p2p";
        result.metric = "setup";
        result.finding = *latency;
        regression.latencies->push_back(result);
    }
    return regression;
}

} // namespace

TEST(Regression, EqualReplicationsAreTheSame)
{
    const auto result = CompareOne(MakeRow({1, 2, 3}), {1, 2, 3});
    EXPECT_EQ(result.finding, Finding::SAME);
    EXPECT_EQ(result.change, 0);
    EXPECT_EQ(result.before, 2);
}

TEST(Regression, AChangeWithinTheMarginIsTheSame)
{
    // every pair differs by 1 % of the mean, the margin is 2 %
    EXPECT_EQ(CompareOne(MakeRow({1, 2, 3}), {1.02, 2.02, 3.02}).finding, Finding::SAME);
}

TEST(Regression, AChangeBeyondTheMarginHasMoved)
{
    const auto result = CompareOne(MakeRow({1, 2, 3}), {1.06, 2.06, 3.06});
    EXPECT_EQ(result.finding, Finding::MOVED);
    EXPECT_NEAR(result.change, 0.03, 1e-12);
    EXPECT_EQ(CompareOne(MakeRow({1, 2, 3}), {0.94, 1.94, 2.94}).finding, Finding::MOVED);
}

TEST(Regression, WhatIsNotShownIsUndecidedAndSaysWhatItNeeds)
{
    // differences +1, -1, +1, -1: no change that could be seen, and far too few for 2 %
    const auto result = CompareOne(MakeRow({9, 11, 9, 11}), {10, 10, 10, 10});
    EXPECT_EQ(result.finding, Finding::UNDECIDED);
    const double deviation = std::sqrt(4.0 / 3.0);
    EXPECT_EQ(result.needed, GetReplications(deviation, 0.2, g_alpha, GetDesignBeta(1)));
    EXPECT_GT(result.needed, 4u);
}

TEST(Regression, PairsWithoutAValueAreLeftOut)
{
    const auto result = CompareOne(MakeRow({1, NONE, 3, 5}), {1, 7, NONE, 5});
    EXPECT_EQ(result.finding, Finding::SAME);
    EXPECT_EQ(result.before, 3);
    EXPECT_EQ(CompareOne(MakeRow({1, 2}), {NONE, NONE}).finding, Finding::MISSING);
    EXPECT_EQ(CompareOne(MakeRow({NONE, NONE}), {NONE, NONE}).finding, Finding::SAME);
    EXPECT_EQ(CompareLatencies({MakeRow({1, 2})}, {}).at(0).finding, Finding::MISSING);
}

TEST(Regression, OfNothingOnlyNothingIsTheSame)
{
    EXPECT_EQ(CompareOne(MakeRow({0, 0, 0}), {0, 0, 0}).finding, Finding::SAME);
    EXPECT_EQ(CompareOne(MakeRow({0, 0, 0}), {0.1, 0.1, 0.1}).finding, Finding::MOVED);
}

TEST(Regression, FingerprintsCompareWhatCounts)
{
    const FingerprintRow before{"p2p", 1, 12, {{'t', "a"}, {'l', "b"}, {'u', "c"}}};
    auto after = before;
    after.hashes['u'] = "d";
    EXPECT_EQ(CompareFingerprints({before}, {after}, "tl").at(0).differing, "");
    EXPECT_EQ(CompareFingerprints({before}, {after}, "tlu").at(0).differing, "u");
    after.hashes['l'] = "e";
    EXPECT_EQ(CompareFingerprints({before}, {after}, "tl").at(0).differing, "l");
    EXPECT_EQ(CompareFingerprints({before}, {}, "tl").at(0).differing, "tl");
    EXPECT_EQ(CompareFingerprints({}, {after}, "tl").at(0).differing, "tl");
}

TEST(Regression, FiguresComeWorstFirst)
{
    const auto figures = CompareFigures(
        {{"p2p", 1, "a", 10}, {"p2p", 1, "b", 10}, {"p2p", 1, "c", 10}, {"p2p", 1, "d", 1}},
        {{"p2p", 1, "a", 10.1}, {"p2p", 1, "b", 8}, {"p2p", 1, "c", 10}, {"p2p", 1, "e", 1}});
    ASSERT_EQ(figures.size(), 5u);
    EXPECT_TRUE(std::isinf(figures[0].change)); // d is gone, e is new
    EXPECT_TRUE(std::isinf(figures[1].change));
    EXPECT_EQ(figures[2].metric, "b");
    EXPECT_NEAR(figures[2].change, -0.2, 1e-12);
    EXPECT_NEAR(figures[3].change, 0.01, 1e-12);
    EXPECT_EQ(figures[4].change, 0);
}

TEST(Regression, EachCombinationOfLayersHasItsWords)
{
    const auto explain = [](bool events, bool figures, std::optional<Finding> latency) {
        return Explain(MakeRegression(events, figures, latency));
    };
    EXPECT_EQ(explain(false, false, {}), "nothing has changed");
    EXPECT_EQ(explain(true, false, {}).rfind("a refactoring touched the order of events", 0), 0u);
    EXPECT_EQ(explain(true, true, {}).rfind("other random numbers were drawn", 0), 0u);
    EXPECT_EQ(explain(false, true, {}).rfind("the measuring changed", 0), 0u);
    EXPECT_EQ(explain(true, true, Finding::MOVED), "the latency moved");
    EXPECT_EQ(
        explain(true, true, Finding::UNDECIDED).rfind("the latency is not shown to be the same", 0),
        0u);
    EXPECT_NE(explain(false, false, Finding::MOVED).find("only longer runs"), std::string::npos);
    auto counters = MakeRegression(true, false, {});
    counters.fingerprints->at(0).differing = "r";
    EXPECT_EQ(Explain(counters).rfind("something in the runs' records changed", 0), 0u);
    EXPECT_EQ(GetVerdict(MakeRegression(false, false, {})), Verdict::SAME);
    EXPECT_EQ(GetVerdict(MakeRegression(true, false, {})), Verdict::DIFFERS);
    EXPECT_EQ(GetVerdict(MakeRegression(false, true, {})), Verdict::DIFFERS);
    EXPECT_EQ(GetVerdict(MakeRegression(false, false, Finding::UNDECIDED)), Verdict::DIFFERS);
}

TEST(Regression, NothingIsSaidOfWhatWasNotLookedAt)
{
    auto regression = MakeRegression(true, true, {});
    regression.fingerprints.reset();
    regression.latencies.reset();
    EXPECT_EQ(Explain(regression), "the figures of the short runs changed");
    regression = MakeRegression(true, true, {});
    regression.figures.reset();
    regression.latencies.reset();
    EXPECT_EQ(Explain(regression), "the events changed");
}

// A figure that changes is in the run's record, whose hash changes with it.
TEST(Regression, OtherFiguresOfTheSameEventsAreAnotherMeasuring)
{
    auto regression = MakeRegression(true, true, {});
    regression.fingerprints->at(0).differing = "r";
    EXPECT_EQ(Explain(regression).rfind("the measuring changed: the same events", 0), 0u);
    regression.latencies = MakeRegression(true, true, Finding::MOVED).latencies;
    EXPECT_EQ(Explain(regression),
              "the latency moved; the measuring changed: the same events give other figures");
}

TEST(Regression, AFigureThatIsTheSameIsNoneThatMoved)
{
    auto regression = MakeRegression(true, true, Finding::UNDECIDED);
    regression.latencies->push_back(regression.latencies->front());
    regression.latencies->back().finding = Finding::SAME;
    EXPECT_EQ(Explain(regression),
              "the latency is not shown to be the same: too few replications to tell");
}

TEST(Regression, AChangeWithinTheMarginIsNotNothing)
{
    auto regression = MakeRegression(false, false, Finding::SAME);
    EXPECT_EQ(Explain(regression), "nothing has changed");
    regression.latencies->at(0).change = 0.001;
    EXPECT_EQ(Explain(regression), "the latency is the same within its margins");
}

TEST(Regression, AFailedReplicationLeavesOpenWhatHasNotMovedInTheOthers)
{
    const FailedRun failed{{1, {"p2p", 1}}, {"crash", "SIGSEGV", "p2pim run a.ini"}};
    const auto compare = [&](const std::vector<double>& after) {
        return CompareLatencies({MakeRow({1, 2, 3})}, {MakeRow(after)}, {failed}).at(0).finding;
    };
    EXPECT_EQ(compare({NONE, 2, 3}), Finding::FAILED);
    EXPECT_EQ(compare({NONE, NONE, NONE}), Finding::FAILED);
    EXPECT_EQ(compare({NONE, 2.06, 3.06}), Finding::MOVED);
    const LatencyRow other{"sms", "setup", 0.02, {1, 2, 3}};
    EXPECT_EQ(CompareLatencies({other}, {other}, {failed}).at(0).finding, Finding::SAME);
}

TEST(Regression, FailedRunsAreAVerdictOfTheirOwn)
{
    const FailedRun failed{{1, {"p2p", 3}}, {"crash", "SIGSEGV", "p2pim run a.ini"}};
    auto regression = MakeRegression(false, false, Finding::FAILED);
    regression.failedReplications = {failed, failed};
    EXPECT_EQ(GetVerdict(regression), Verdict::FAILED);
    EXPECT_EQ(GetVerdict(regression, 2), Verdict::SAME);
    EXPECT_EQ(GetVerdict(regression, 3), Verdict::FAILED);
    EXPECT_EQ(Explain(regression), "2 runs failed; of the others: nothing has changed");
    regression = MakeRegression(true, false, Finding::FAILED);
    regression.failedShortRuns = {failed};
    EXPECT_EQ(GetVerdict(regression), Verdict::DIFFERS);
    EXPECT_EQ(GetVerdict(regression, 1), Verdict::DIFFERS);
    EXPECT_EQ(GetVerdict(regression, 2), Verdict::FAILED);
    EXPECT_EQ(Explain(regression).rfind("1 run failed; of the others: a refactoring", 0), 0u);
    regression.fingerprints->clear();
    regression.figures->clear();
    EXPECT_EQ(Explain(regression), "1 run failed");
    // that the short runs are unchanged is not known
    regression = MakeRegression(false, false, Finding::MOVED);
    regression.failedShortRuns = {failed};
    EXPECT_EQ(Explain(regression), "1 run failed; of the others: the latency moved");
}

TEST(Regression, EveryReportNamesFailedRuns)
{
    auto regression = MakeRegression(false, false, Finding::FAILED);
    regression.failedShortRuns = {
        {{1, {"p2p", 3}}, {"crash", "SIGSEGV", "p2pim run a.ini --x='<1>'"}}};
    regression.failedReplications = {{{1, {"sms", 4}}, {"time limit", "", "p2pim run b.ini"}}};
    const auto xml = FormatJunit(regression, "setup-time");
    EXPECT_NE(xml.find("<testsuite name=\"figures\" tests=\"2\" failures=\"0\" errors=\"1\">"),
              std::string::npos)
        << xml;
    EXPECT_NE(xml.find("<error message=\"p2p, seed 3: crash: SIGSEGV\">p2pim run a.ini "
                       "--x='&lt;1&gt;'</error>"),
              std::string::npos);
    EXPECT_NE(xml.find("<error message=\"runs failed\""), std::string::npos);
    EXPECT_NE(xml.find("<error message=\"sms, seed 4: time limit\">p2pim run b.ini</error>"),
              std::string::npos);
    std::ostringstream json;
    WriteRegression(regression, Format::JSON, json);
    const auto parsed = nlohmann::json::parse(json.str());
    EXPECT_EQ(parsed.at("verdict"), "failed");
    EXPECT_EQ(parsed.at("layers").at("latencies").at("verdict"), "failed");
    EXPECT_EQ(parsed.at("failed_short_runs").at(0).at("cause"), "crash");
    EXPECT_EQ(parsed.at("failed_replications").at(0).at("command"), "p2pim run b.ini");
    std::ostringstream text;
    WriteRegression(regression, Format::TABLE, text);
    EXPECT_NE(text.str().find("1. Fingerprints of short runs: FAILED\n"), std::string::npos)
        << text.str();
    EXPECT_NE(text.str().find("Replication of sms, seed 4: time limit\n    p2pim run b.ini\n"),
              std::string::npos);
    EXPECT_NE(text.str().find("FAILED: 2 runs failed; of the others: nothing has changed.\n"),
              std::string::npos);
}

TEST(Regression, LayersThatAreLeftOutAreNotRed)
{
    auto regression = MakeRegression(true, true, Finding::MOVED);
    regression.fingerprints.reset();
    regression.figures.reset();
    regression.latencies.reset();
    EXPECT_EQ(GetVerdict(regression), Verdict::SAME);
}

// With as many replications as GetNeededReplications() asks for, checks on seeds of their own find
// nothing in at least 95 % of cases, for nearly every baseline; and a change of twice the margin is
// found. The expected shares are the design's own: g_falseAlarms and g_alpha.
TEST(Regression, FalseAlarmsAreRareForNearlyEveryBaseline)
{
    std::mt19937_64 random(1);
    constexpr int baselines = 100;
    constexpr int checks = 100;
    constexpr double mean = 10;
    constexpr double margin = 0.05;
    int bad = 0;
    int alarms = 0;
    int found = 0;
    for (int i = 0; i < baselines; ++i)
    {
        const auto needed = GetNeededReplications(Draw(random, mean, 20), margin, 2);
        const std::vector<LatencyRow> before{{"p2p", "a", margin, Draw(random, mean, needed)},
                                             {"p2p", "b", margin, Draw(random, mean, needed)}};
        const auto isSilent = [&](double now) {
            Regression regression;
            regression.latencies =
                CompareLatencies(before,
                                 {{"p2p", "a", margin, Draw(random, now, needed)},
                                  {"p2p", "b", margin, Draw(random, now, needed)}});
            return GetVerdict(regression) == Verdict::SAME;
        };
        int alarmsOfThis = 0;
        for (int check = 0; check < checks; ++check)
        {
            alarmsOfThis += isSilent(mean) ? 0 : 1;
            found += isSilent(mean * (1 + 2 * margin)) ? 0 : 1;
        }
        alarms += alarmsOfThis;
        bad += alarmsOfThis > 5 ? 1 : 0;
    }
    EXPECT_LE(alarms, 0.05 * baselines * checks);
    EXPECT_LE(bad, 0.05 * baselines);
    EXPECT_GE(found, 0.999 * baselines * checks);
}

TEST(Regression, AChangeAsLargeAsTheMarginPassesInFivePercent)
{
    std::mt19937_64 random(2);
    int passed = 0;
    constexpr int trials = 2000;
    for (int i = 0; i < trials; ++i)
    {
        const auto before = Draw(random, 1000, 60);
        auto after = Draw(random, 1000 * 1.0004, 60);
        // the margin is 0.4, and the interval of the difference about +-0.3
        const auto result = CompareOne(MakeRow(before, 0.0004), after);
        passed += result.finding == Finding::SAME ? 1 : 0;
    }
    // binomial (2000, 0.05): below 132 with 99.9 %
    EXPECT_LT(passed, 132);
}

TEST(Regression, TheReachableMarginIsTheOneThatNeedsJustTheReplicationsThereAre)
{
    std::mt19937_64 random(3);
    const auto values = Draw(random, 10, 30);
    const double margin = GetReachableMargin(values, 4);
    EXPECT_LE(GetNeededReplications(values, margin, 4), 30u);
    EXPECT_GT(GetNeededReplications(values, 0.9 * margin, 4), 30u);
    EXPECT_EQ(GetReachableMargin({1, 1, 1}, 4), 0.01); // what never varied yet may do so
}

TEST(Regression, JunitNamesWhatFailed)
{
    auto regression = MakeRegression(true, false, Finding::MOVED);
    regression.fingerprints->at(0).firstDifference = "event 3: before <1> & now \"2\"";
    const auto xml = FormatJunit(regression, "setup-time");
    EXPECT_NE(xml.find("<testsuite name=\"fingerprints\" tests=\"1\" failures=\"1\" "
                       "errors=\"0\">"),
              std::string::npos)
        << xml;
    EXPECT_NE(xml.find("<testsuite name=\"figures\" tests=\"1\" failures=\"0\" errors=\"0\">"),
              std::string::npos);
    EXPECT_NE(xml.find("event 3: before &lt;1&gt; &amp; now &quot;2&quot;"), std::string::npos);
    EXPECT_NE(xml.find("<failure message=\"moved: "), std::string::npos);
}

TEST(Regression, JsonHasAllLayersAndWhatTheyMean)
{
    auto regression = MakeRegression(true, true, Finding::MOVED);
    regression.figures.reset();
    std::ostringstream out;
    WriteRegression(regression, Format::JSON, out);
    const auto json = nlohmann::json::parse(out.str());
    EXPECT_EQ(json.at("verdict"), "differs");
    EXPECT_EQ(json.at("meaning"), "the latency moved");
    EXPECT_EQ(json.at("layers").at("fingerprints").at("verdict"), "differs");
    EXPECT_TRUE(json.at("layers").at("figures").is_null());
    EXPECT_EQ(json.at("layers").at("latencies").at("rows").at(0).at("verdict"), "moved");
}
