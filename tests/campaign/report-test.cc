// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/report.h"
#include "synthetic-runs.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

Comparison
MakeComparison(uint32_t sessions)
{
    Results results;
    results.provenance = MakeProvenance();
    results.runs = {MakeRun("p2p", 1, sessions, 10), MakeRun("sip-message", 1, sessions, 2)};
    results.runs[0].sessions.push_back(MakeFailedSession(sessions, "sms_expired"));
    return Compare(results);
}

std::string
ToText(const Comparison& comparison, Format format)
{
    std::ostringstream out;
    WriteComparison(comparison, format, out);
    return out.str();
}

} // namespace

TEST(Report, Json_HasTheDocumentedKeys)
{
    const auto json = nlohmann::json::parse(ToText(MakeComparison(8), Format::JSON));
    const auto& p2p = json["schemes"]["p2p"];
    EXPECT_EQ(p2p["sessions"], 9);
    EXPECT_EQ(p2p["succeeded"], 8);
    EXPECT_EQ(p2p["failures"]["sms_expired"], 1);
    EXPECT_TRUE(p2p["diagnoses"].is_object());
    EXPECT_TRUE(p2p["diagnoses"].empty());
    EXPECT_EQ(p2p["success"]["n"], 9);
    for (const char* key : {"setup", "first_message", "message_delay"})
    {
        for (const char* figure : {"mean", "median", "p95"})
        {
            EXPECT_TRUE(p2p[key][figure]["value"].is_number()) << key << figure;
            EXPECT_EQ(p2p[key][figure]["ci95"].size(), 2u);
            EXPECT_EQ(p2p[key][figure]["n"], 8);
        }
    }
    EXPECT_EQ(p2p["setup"]["median"]["value"], 13.5);
    EXPECT_EQ(p2p["bearers"]["warm"]["setup"]["mean"]["value"], 14);
    EXPECT_EQ(p2p["phases"]["first_received"]["mean"]["value"], 0.5);
    const auto& paired = json["paired"][0];
    EXPECT_EQ(paired["a"], "p2p");
    EXPECT_EQ(paired["b"], "sip-message");
    EXPECT_EQ(paired["metric"], "setup");
    EXPECT_EQ(paired["difference"]["value"], 8);
    EXPECT_EQ(paired["difference"]["n"], 8);
}

TEST(Report, Json_SaysNullForWhatIsNotDefined)
{
    const auto json = nlohmann::json::parse(ToText(MakeComparison(1), Format::JSON));
    const auto& setup = json["schemes"]["p2p"]["setup"]["mean"];
    EXPECT_EQ(setup["value"], 10);
    EXPECT_TRUE(setup["ci95"][0].is_null());
    EXPECT_TRUE(setup["ci95"][1].is_null());
}

TEST(Report, Provenance_LeavesTheCommandLineOut)
{
    auto comparison = MakeComparison(2);
    const auto first = ToText(comparison, Format::JSON);
    comparison.provenance.commandLine = "p2pim compare --output=elsewhere";
    EXPECT_EQ(ToText(comparison, Format::JSON), first);
    const auto provenance = nlohmann::json::parse(first)["provenance"];
    EXPECT_EQ(provenance["settings"].dump(), R"({"SetupTime.Sessions":"4"})");
    EXPECT_EQ(provenance["seeds"].dump(), "[1]");
    EXPECT_EQ(provenance["sessions"], 5);
    EXPECT_EQ(provenance["status"], "complete");
    EXPECT_EQ(provenance["schema_version"], 3);
}

TEST(Report, Text_HasEveryFigureInAHundredColumns)
{
    const auto text = ToText(MakeComparison(8), Format::TABLE);
    // The median of 10..17. Its rank of 1 is too far out by 0.025 - 1/256, the next one too far in
    // by 9/256 - 0.025: the bounds are 0.936 further in (Hettmansperger and Sheather).
    EXPECT_NE(text.find("13.50 [10.94, 16.06]"), std::string::npos) << text;
    EXPECT_NE(text.find("p2p - sip-message"), std::string::npos);
    EXPECT_NE(text.find("sms_expired"), std::string::npos);
    EXPECT_EQ(text.find("PARTIAL"), std::string::npos);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
    {
        EXPECT_LE(line.size(), 100u) << line;
    }
}

TEST(Report, DiagnosesAreShownWhereThereAreSome)
{
    const std::string title = "Failures by what was in the way of the connection";
    EXPECT_EQ(ToText(MakeComparison(1), Format::TABLE).find(title), std::string::npos);
    Results results;
    results.provenance = MakeProvenance();
    results.runs = {MakeRun("p2p", 1, 1, 10)};
    results.runs[0].sessions.push_back(MakeBlockedSession(1));
    const auto comparison = Compare(results);
    EXPECT_NE(ToText(comparison, Format::TABLE)
                  .find(title + "\n\n"
                                "scheme  diagnosis     sessions\n"
                                "------  ------------  --------\n"
                                "p2p     hole expired         1\n"),
              std::string::npos);
    const auto json = nlohmann::json::parse(ToText(comparison, Format::JSON));
    EXPECT_EQ(json["schemes"]["p2p"]["diagnoses"].dump(), R"({"hole expired":1})");
}

TEST(Report, Text_SaysThatRunsAreMissing)
{
    auto comparison = MakeComparison(2);
    comparison.status = Status::PARTIAL;
    EXPECT_NE(ToText(comparison, Format::TABLE).find("PARTIAL"), std::string::npos);
}

TEST(Report, Run_HasTheCounters)
{
    const auto comparison = MakeComparison(2);
    std::ostringstream text;
    WriteRun(comparison, Format::TABLE, text);
    EXPECT_NE(text.str().find("messages_accepted"), std::string::npos);
    std::ostringstream json;
    WriteRun(comparison, Format::JSON, json);
    const auto parsed = nlohmann::json::parse(json.str());
    EXPECT_EQ(parsed["schemes"]["p2p"]["counters"]["smsc"]["messages_accepted"], 1.25);
}

TEST(Table, Text_IsAligned)
{
    Table table;
    table.groupByFirst = true;
    table.columns = {{"class"}, {"n", "count", true}, {"help", "what it is"}};
    table.rows = {{std::string("Größe"), int64_t{5}, std::string("x")},
                  {std::string("Größe"), int64_t{12345678}, std::monostate{}},
                  {std::string("Ggsn"), 0.25, true}};
    std::ostringstream out;
    WriteText(table, out);
    EXPECT_EQ(out.str(),
              "class     count  what it is\n"
              "-----  --------  ----------\n"
              "Größe         5  x\n"
              "       12345678  -\n"
              "Ggsn       0.25  yes\n");
}

TEST(Table, Json_KeepsTypesAndTheOrderOfTheColumns)
{
    Table table;
    table.columns = {{"z"}, {"a"}, {"n"}};
    table.rows = {{std::string("x"), int64_t{5}, std::monostate{}}, {true, 0.5, std::string()}};
    EXPECT_EQ(ToJson(table).dump(), R"([{"z":"x","a":5,"n":null},{"z":true,"a":0.5,"n":""}])");
}

TEST(Report, Text_AddsUpTheCountersOfOneKindAndLeavesOutZeros)
{
    Results results;
    results.provenance = MakeProvenance();
    results.runs = {MakeRun("p2p", 1, 2, 10)};
    results.runs[0].counters = {{"cell-0", "pages", 3},
                                {"cell-12", "pages", 4},
                                {"hlr", "queries", 0}};
    std::ostringstream out;
    WriteRun(Compare(results), Format::TABLE, out);
    const auto text = out.str();
    const auto line = text.find("cell ");
    ASSERT_NE(line, std::string::npos);
    EXPECT_EQ(text.substr(line, text.find('\n', line) - line), "cell     pages        7");
    EXPECT_EQ(text.find("queries"), std::string::npos);
}
