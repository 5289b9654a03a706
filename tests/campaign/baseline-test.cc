// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/baseline.h"
#include "campaign/store-error.h"
#include "campaign/whole-file.h"
#include "program/work-folder.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace p2pim::campaign;

namespace
{

Baseline
MakeSample()
{
    Baseline baseline;
    baseline.programVersion = "0.1.0";
    baseline.ns3Version = "3.37";
    baseline.scenario = "SetupTime";
    baseline.settings = {{"Scenario.Sessions", "4"}};
    baseline.plan.schemes = {"p2p"};
    baseline.plan.targets = {{"setup", 0.02},
                             {"setup.p95", std::numeric_limits<double>::infinity()}};
    baseline.replications = 2;
    baseline.history = {"the first \"one\""};
    baseline.fingerprints = {{"p2p", 1, 12, {{'t', "0123456789abcdef"}}}};
    baseline.figures = {{"p2p", 1, "setup", 0.1}};
    baseline.latencies = {
        {"p2p", "setup", 0.02, {1.0 / 3, std::numeric_limits<double>::quiet_NaN()}}};
    return baseline;
}

class BaselineTest : public WorkFolderTest
{
  protected:
    /// @return what reading a file with this content says.
    static std::string Refuse(const std::string& content)
    {
        WriteFile("b.json", content);
        try
        {
            ReadBaseline("b.json");
        }
        catch (const StoreError& error)
        {
            return error.what();
        }
        return "taken";
    }
};

std::string
Replace(std::string text, const std::string& old, const std::string& with)
{
    return text.replace(text.find(old), old.size(), with);
}

} // namespace

TEST_F(BaselineTest, ReadsWhatItWrites)
{
    WholeFile("b.json").Write(FormatBaseline(MakeSample()));
    const auto read = ReadBaseline("b.json");
    // every digit counts: 1/3 has no short decimal form
    EXPECT_EQ(read.latencies.at(0).values.at(0), 1.0 / 3);
    EXPECT_TRUE(std::isnan(read.latencies.at(0).values.at(1)));
    EXPECT_TRUE(std::isinf(read.plan.targets.at(1).margin));
    EXPECT_EQ(read.fingerprints.at(0).hashes.at('t'), "0123456789abcdef");
    EXPECT_EQ(read.history.at(0), "the first \"one\"");
    EXPECT_EQ(FormatBaseline(read), FormatBaseline(MakeSample()));
}

TEST_F(BaselineTest, HasARowALine)
{
    auto baseline = MakeSample();
    const auto before = FormatBaseline(baseline);
    baseline.figures.push_back({"p2p", 2, "setup", 0.5});
    const auto after = FormatBaseline(baseline);
    EXPECT_EQ(std::count(after.begin(), after.end(), '\n'),
              std::count(before.begin(), before.end(), '\n') + 1);
    EXPECT_NE(
        after.find("\n    {\"scheme\":\"p2p\",\"seed\":2,\"metric\":\"setup\",\"value\":0.5}\n"),
        std::string::npos)
        << after;
}

TEST_F(BaselineTest, RefusesWhatIsNoBaseline)
{
    const auto good = FormatBaseline(MakeSample());
    EXPECT_EQ(Refuse(good), "taken");
    EXPECT_EQ(Refuse(""), "b.json: damaged: no JSON");
    EXPECT_EQ(Refuse(good.substr(0, good.size() / 2)), "b.json: damaged: no JSON");
    EXPECT_EQ(Refuse("[1]"), "b.json: no baseline of p2pim");
    EXPECT_EQ(Refuse("{\"a\": 1}"), "b.json: no baseline of p2pim");
    EXPECT_EQ(Refuse(Replace(good, "\"p2pim_baseline\": 1", "\"p2pim_baseline\": 7")),
              "b.json: baseline schema 7, this program has 1");
    EXPECT_EQ(Refuse(Replace(good, "\"replications\": 2", "\"replications\": 3")),
              "b.json: damaged: 'replications' is not the number of values of p2p, setup");
    EXPECT_EQ(Refuse(Replace(good, "\"margin\":0.02,\"values\"", "\"margin\":-1,\"values\"")),
              "b.json: damaged: the margin of p2p, setup is not above 0");
    const auto expectDamaged =
        [&good](const std::string& old, const std::string& with, const std::string& problem) {
            EXPECT_EQ(Refuse(Replace(good, old, with)), "b.json: damaged: " + problem);
        };
    expectDamaged("\"margin\": 0.02", "\"margin\": 0", "the margin of setup is not above 0");
    expectDamaged("\"short_seeds\": 2",
                  "\"short_seeds\": -1",
                  "'short_seeds' is no whole number up to 100");
    expectDamaged("\"short_sessions\": 10",
                  "\"short_sessions\": 1e300",
                  "'short_sessions' is no whole number up to 1000");
    expectDamaged("\"most_replications\": 100",
                  "\"most_replications\": 100001",
                  "'most_replications' is no whole number up to 100000");
    expectDamaged("\"replications\": 2",
                  "\"replications\": 2.5",
                  "'replications' is no whole number up to 100000");
    expectDamaged("\"first_seed\": 1",
                  "\"first_seed\": 1000000000000001",
                  "'first_seed' is no whole number up to 1000000000000000");
    expectDamaged("\"events\":12",
                  "\"events\":1.5",
                  "'events' is no whole number up to 18446744073709551615");
    expectDamaged("0123456789abcdef", "0123456789abcdeF", "'0123456789abcdeF' is no fingerprint");
    expectDamaged("0123456789abcdef", "0123", "'0123' is no fingerprint");
    expectDamaged("[0.3333333333333333,null]", "0.5", "'values' is no array");
    expectDamaged("\"figures\": [", "\"figures\": null, \"f\": [", "'figures' is no array");
    EXPECT_EQ(Refuse(Replace(good, "\"auto\"", "\"none\"")).rfind("b.json: damaged: ", 0), 0u);
    // what else does not have the right type: the library says what
    EXPECT_EQ(Refuse(Replace(good, "\"first_seed\": 1", "\"first_seed\": []"))
                  .rfind("b.json: damaged: ", 0),
              0u);
    EXPECT_EQ(Refuse(Replace(good, "\"history\"", "\"hysteria\"")).rfind("b.json: damaged: ", 0),
              0u);
}

TEST_F(BaselineTest, TellsHowAMissingFileIsMade)
{
    try
    {
        ReadBaseline("none.json");
        FAIL();
    }
    catch (const StoreError& error)
    {
        EXPECT_EQ(error.GetCode(), StoreError::Code::MISSING);
        EXPECT_STREQ(error.what(),
                     "none.json: no such file; --update --reason=TEXT makes a baseline");
    }
}

TEST_F(BaselineTest, SaysWhatBecomesOfEachRow)
{
    const auto before = MakeSample();
    auto after = before;
    after.figures[0].value = 0.2;
    after.latencies[0].metric = "setup.p95";
    const auto changes = CompareRows(before, after);
    using Kind = RowChange::Kind;
    ASSERT_EQ(changes.size(), 4u);
    EXPECT_EQ(changes[0].kind, Kind::KEEP);
    EXPECT_EQ(changes[1].kind, Kind::UPDATE);
    EXPECT_EQ(changes[1].row, "setup of p2p, seed 1");
    EXPECT_EQ(changes[1].content, "0.1 -> 0.2");
    EXPECT_EQ(changes[2].kind, Kind::INSERT);
    EXPECT_EQ(changes[2].row, "setup.p95 of p2p, replicated");
    EXPECT_EQ(changes[3].kind, Kind::REMOVE);
    EXPECT_EQ(changes[3].row, "setup of p2p, replicated");
}

TEST_F(BaselineTest, AValueThatNoSessionHasStaysTheSame)
{
    for (const auto& change : CompareRows(MakeSample(), MakeSample()))
    {
        EXPECT_EQ(change.kind, RowChange::Kind::KEEP) << change.row;
    }
}

TEST_F(BaselineTest, SaysTheMeanOfTheValuesThatThereAre)
{
    // of 1/3 and of nothing
    EXPECT_NE(CompareRows({}, MakeSample()).at(2).content.find(", mean 0.3333333333333333 of 1 "),
              std::string::npos);
}

TEST_F(BaselineTest, SeesTwoValuesThatChangePlaces)
{
    auto before = MakeSample();
    before.latencies[0].values = {1, 2};
    auto after = before;
    after.latencies[0].values = {2, 1}; // the same mean
    EXPECT_EQ(CompareRows(before, after).at(2).kind, RowChange::Kind::UPDATE);
}
