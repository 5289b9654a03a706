// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/metric.h"
#include "synthetic-runs.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <utility>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

/// @return what is wrong with @p text, and the word that is wrong; empty if nothing is.
std::pair<std::string, std::string>
GetError(const std::string& text)
{
    try
    {
        ParseMetric(text);
    }
    catch (const MetricError& error)
    {
        return {error.what(), error.wrong};
    }
    return {};
}

/// Set-up of 10, 11 and 12 s, first messages half a second later, and a session that failed.
p2pim::RunRecord
MakeMeasuredRun()
{
    auto run = MakeRun("p2p", 1, 3, 10);
    run.sessions.push_back(MakeFailedSession(3, "busy"));
    return run;
}

std::vector<double>
Measure(const std::string& metric)
{
    return GetSample(MakeMeasuredRun(), ParseMetric(metric));
}

} // namespace

TEST(Metric, IsAMeasureAndAStatistic)
{
    const auto mean = ParseMetric("setup");
    EXPECT_EQ(mean.measure, MeasureKind::SETUP);
    EXPECT_EQ(mean.statistic, Statistic::MEAN);
    EXPECT_EQ(mean.text, "setup");
    EXPECT_EQ(ParseMetric("success.mean").measure, MeasureKind::SUCCESS);
    EXPECT_EQ(ParseMetric("message_delay.min").statistic, Statistic::MIN);
    const auto median = ParseMetric("first_message.median");
    EXPECT_EQ(median.measure, MeasureKind::FIRST_MESSAGE);
    EXPECT_EQ(median.quantile, 0.5);
    const auto phase = ParseMetric("phase:target_bearer_up.p99.9");
    EXPECT_EQ(phase.measure, MeasureKind::PHASE);
    EXPECT_EQ(phase.name, "target_bearer_up");
    EXPECT_EQ(phase.statistic, Statistic::QUANTILE);
    EXPECT_DOUBLE_EQ(phase.quantile, 0.999);
}

TEST(Metric, OfACounterNamesItsElement)
{
    const auto metric = ParseMetric("counter:Operator2/cell-3.sdcch_blocked.max");
    EXPECT_EQ(metric.measure, MeasureKind::COUNTER);
    EXPECT_EQ(metric.element, "Operator2/cell-3");
    EXPECT_EQ(metric.name, "sdcch_blocked");
    EXPECT_EQ(metric.statistic, Statistic::MAX);
    EXPECT_EQ(ParseMetric("counter:smsc.retries").statistic, Statistic::MEAN);
}

TEST(Metric, SaysWhatIsWrongWithIt)
{
    using Error = std::pair<std::string, std::string>;
    EXPECT_EQ(GetError("set-up.mean"), Error("'set-up.mean': no such measure", "set-up"));
    EXPECT_EQ(GetError(""), Error("'': no such measure", ""));
    EXPECT_EQ(GetError("phases:ready").second, "phases:");
    for (const std::string text : {"", "mode", "p", "p0", "p100", "p-5", "p95x", "pinf", "p1e1"})
    {
        std::string line = "'setup.";
        line.append(text).append("': '").append(text).append(
            "' is no statistic; allowed: mean, median, p95 and the like, min, max");
        EXPECT_EQ(GetError("setup." + text), Error(line, text));
    }
    EXPECT_EQ(GetError("counter:smsc").first,
              "'counter:smsc': a counter is written as counter:ELEMENT.NAME");
    EXPECT_EQ(GetError("counter:.x").first,
              "'counter:.x': a counter is written as "
              "counter:ELEMENT.NAME");
    EXPECT_EQ(GetError("phase:.p95").first,
              "'phase:.p95': a phase is written as phase:STEP, by the step that ends it");
    EXPECT_EQ(GetError("success.median").first,
              "'success.median': a share has no statistic but its mean");
    try
    {
        ParseMetric("setip");
        FAIL();
    }
    catch (const MetricError& error)
    {
        EXPECT_EQ(error.right.front(), "setup");
        EXPECT_EQ(error.right.size(), 6u);
    }
}

TEST(Metric, SampleHasTheSessionsThatGotThatFar)
{
    EXPECT_EQ(Measure("setup"), (std::vector<double>{10, 11, 12}));
    EXPECT_EQ(Measure("first_message.p95"), (std::vector<double>{10.5, 11.5, 12.5}));
    EXPECT_EQ(Measure("success"), (std::vector<double>{1, 1, 1, 0}));
    // A phase lasts from the step before it, whichever that is.
    EXPECT_EQ(Measure("phase:first_received"), (std::vector<double>{0.5, 0.5, 0.5}));
    EXPECT_EQ(Measure("phase:pressed"), std::vector<double>());
    EXPECT_EQ(Measure("phase:nothing"), std::vector<double>());
    // The first message is first_message's.
    EXPECT_EQ(Measure("message_delay"), (std::vector<double>{1, 1, 1}));
}

TEST(Metric, CountersOfAKindAreAddedUp)
{
    p2pim::RunRecord run;
    run.counters = {{"cell-0", "pages", 3},
                    {"cell-12", "pages", 4},
                    {"cell-12", "rejects", 50},
                    {"cell-x", "pages", 100},
                    {"cellar", "pages", 1000}};
    const auto measure = [&run](const std::string& text) {
        return GetSample(run, ParseMetric(text));
    };
    EXPECT_EQ(measure("counter:cell.pages"), std::vector<double>{7});
    EXPECT_EQ(measure("counter:cell-12.pages"), std::vector<double>{4});
    EXPECT_EQ(measure("counter:cell-1.pages"), std::vector<double>());
    EXPECT_EQ(measure("counter:cell.none"), std::vector<double>());
}

// By hand: type 7 of 1, 2, 4, 8 at 0.5 is half way between 2 and 4, at 0.95 it is 4 + 0.85 * 4.
TEST(Metric, FigureIsTheStatisticOfTheSample)
{
    const std::vector<double> sample{8, 1, 4, 2};
    const auto evaluate = [&sample](const std::string& text) {
        return Evaluate(sample, ParseMetric(text)).value();
    };
    EXPECT_EQ(evaluate("setup"), 3.75);
    EXPECT_EQ(evaluate("setup.median"), 3);
    EXPECT_DOUBLE_EQ(evaluate("setup.p95"), 7.4);
    EXPECT_EQ(evaluate("setup.min"), 1);
    EXPECT_EQ(evaluate("setup.max"), 8);
    EXPECT_FALSE(Evaluate({}, ParseMetric("setup.max")).has_value());
    // 1 to 100 in many orders: the places are 1 + 99 p
    for (int step = 1; step <= 100; ++step)
    {
        std::vector<double> hundred(100);
        for (int i = 0; i < 100; ++i)
        {
            hundred[i] = (i + 1) * step % 101;
        }
        EXPECT_DOUBLE_EQ(*Evaluate(hundred, ParseMetric("setup.median")), 50.5) << step;
        EXPECT_DOUBLE_EQ(*Evaluate(hundred, ParseMetric("setup.p75")), 75.25) << step;
    }
}

TEST(Metric, IntervalIsThatOfTheStatistic)
{
    const std::vector<double> sample{8, 1, 4, 2, 9, 3, 7};
    std::vector<double> sorted = sample;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(EstimateMetric(sample, ParseMetric("setup")).low, EstimateMean(sample).low);
    EXPECT_EQ(EstimateMetric(sample, ParseMetric("setup.median")).high,
              EstimateQuantile(sorted, 0.5).high);
    EXPECT_EQ(EstimateMetric({1, 0, 1}, ParseMetric("success")).low, EstimateShare(2, 3).low);
    const auto most = EstimateMetric(sample, ParseMetric("setup.max"));
    EXPECT_EQ(most.value, 9);
    EXPECT_EQ(most.n, 7u);
    EXPECT_TRUE(std::isnan(most.high));
    EXPECT_TRUE(std::isnan(EstimateMetric({}, ParseMetric("setup.min")).value));
}

TEST(Metric, HasATitleAndAUnit)
{
    const auto title = [](const std::string& text) { return GetTitle(ParseMetric(text)); };
    EXPECT_EQ(title("setup"), "mean set-up time");
    EXPECT_EQ(title("first_message.median"), "median time to the first message");
    EXPECT_EQ(title("phase:ready.p95"), "95th percentile of the phase until ready");
    EXPECT_EQ(title("setup.p1"), "1st percentile of the set-up time");
    EXPECT_EQ(title("setup.p12"), "12th percentile of the set-up time");
    EXPECT_EQ(title("setup.p22"), "22nd percentile of the set-up time");
    EXPECT_EQ(title("setup.p99.1"), "99.1th percentile of the set-up time");
    EXPECT_EQ(title("success"), "share of sessions that succeed");
    EXPECT_EQ(title("counter:cell.pages.max"), "greatest pages of cell");
    EXPECT_EQ(GetUnit(ParseMetric("message_delay.max")), "s");
    EXPECT_EQ(GetUnit(ParseMetric("success")), "");
    EXPECT_EQ(GetUnit(ParseMetric("counter:derived.goodput_bit_s")), "bit/s");
    EXPECT_EQ(GetUnit(ParseMetric("counter:cell.pages")), "");
}
