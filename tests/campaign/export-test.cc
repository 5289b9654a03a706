// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/export.h"
#include "program/work-folder.h"
#include "synthetic-study.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

Results
MakeResults()
{
    Results results;
    results.provenance = MakeProvenance();
    results.runs = {MakeRun("sip-message", 1, 2, 2),
                    MakeRun("p2p", 10, 2, 10),
                    MakeRun("p2p", 2, 2, 10)};
    results.runs[2].sessions[1] = MakeFailedSession(1, "say \"busy\", twice");
    return results;
}

std::string
ToCsv(const Results& results, ExportTable table, const std::vector<std::string>& schemes = {})
{
    std::ostringstream out;
    ExportCsv(*MakeExportSource(results, schemes), table, out);
    return out.str();
}

std::string
ToJsonText(const Results& results, const std::vector<std::string>& schemes = {})
{
    std::ostringstream out;
    ExportJson(*MakeExportSource(results, schemes), {}, out);
    return out.str();
}

} // namespace

TEST(Export, Sessions_HaveOneColumnPerStepAndQuotedText)
{
    EXPECT_EQ(
        ToCsv(MakeResults(), ExportTable::SESSIONS, {"p2p"}),
        "scheme,seed,session,bearer,succeeded,cause,diagnosis,initiator_access,target_access,"
        "setup_s,first_message_s,pressed_s,ready_s,first_received_s\n"
        "p2p,2,0,cold,1,,,,,10.000000000,10.500000000,1.000000000,11.000000000,11.500000000\n"
        "p2p,2,1,cold,0,\"say \"\"busy\"\", twice\",,,,,,0.000000005,,\n"
        "p2p,10,0,cold,1,,,,,10.000000000,10.500000000,1.000000000,11.000000000,11.500000000\n"
        "p2p,10,1,warm,1,,,,,11.000000000,11.500000000,2.000000000,13.000000000,13.500000000\n");
}

TEST(Export, Times_KeepEveryNanosecond)
{
    auto results = MakeResults();
    results.runs[0].sessions[0].setupNs = 9007199254740993; // 2^53 + 1: no double has it
    EXPECT_NE(ToCsv(results, ExportTable::SESSIONS).find(",9007199.254740993,"), std::string::npos);
    EXPECT_NE(ToJsonText(results).find("\"setup_s\": 9007199.254740993,"), std::string::npos);
}

TEST(Export, Messages_HaveTheirDelay)
{
    auto results = MakeResults();
    results.runs.resize(1);
    results.runs[0].sessions.resize(1);
    results.runs[0].sessions[0].messages[1].receivedNs = -1;
    EXPECT_EQ(ToCsv(results, ExportTable::MESSAGES),
              "scheme,seed,session,message,from_initiator,octets,sent_s,received_s,delay_s\n"
              "sip-message,1,0,0,1,20,3.000000000,3.500000000,0.500000000\n"
              "sip-message,1,0,1,0,30,4.500000000,,\n");
}

TEST(Export, Attempts_AreThoseOfTheSessionInTheirOrder)
{
    auto results = MakeResults();
    results.runs.resize(1);
    results.runs[0].sessions.push_back(MakeBlockedSession(2));
    EXPECT_EQ(ToCsv(results, ExportTable::ATTEMPTS),
              "scheme,seed,session,ordinal,from_initiator,candidate,local,remote,tries,start_s,"
              "end_s,outcome\n"
              "sip-message,1,2,0,1,host,10.0.0.1:5000,10.1.0.1:5001,1,0.000000007,1.000000007,"
              "no route\n"
              "sip-message,1,2,1,0,srflx,10.1.0.1:5001,198.18.0.1:1024,3,0.000000009,,"
              "hole expired\n");
    EXPECT_NE(ToCsv(results, ExportTable::SESSIONS)
                  .find(",not traversed,hole expired,home-router,\"carrier, \"\"grade\"\"\","),
              std::string::npos);
}

TEST(Export, SmallTables_AreOrdered)
{
    EXPECT_EQ(ToCsv(MakeResults(), ExportTable::RUNS),
              "scheme,seed,sessions,succeeded,events\n"
              "p2p,2,2,1,2000\np2p,10,2,2,10000\nsip-message,1,2,2,1000\n");
    EXPECT_EQ(ToCsv(MakeResults(), ExportTable::COUNTERS, {"sip-message"}),
              "scheme,seed,element,counter,value\n"
              "sip-message,1,ggsn,contexts,4\nsip-message,1,smsc,messages_accepted,1.25\n");
    EXPECT_EQ(ToCsv(MakeResults(), ExportTable::CONFIGURATION),
              "key,value,is_default\nSetupTime.Sessions,4,0\nSmsc.ServiceTime,+1.5s,1\n");
    EXPECT_NE(ToCsv(MakeResults(), ExportTable::STEPS)
                  .find("\np2p,2,0,1,ready,11.000000000\np2p,2,0,2,first_received,11.5"),
              std::string::npos);
}

TEST(Export, Octets_DoNotDependOnTheOrderOfTheRuns)
{
    const auto forth = MakeResults();
    auto back = forth;
    std::reverse(back.runs.begin(), back.runs.end());
    for (const auto& name : GetExportTableNames())
    {
        const auto table = FindExportTable(name).value();
        EXPECT_EQ(ToCsv(forth, table), ToCsv(back, table)) << name;
    }
    EXPECT_EQ(ToJsonText(forth), ToJsonText(back));
}

TEST(Export, Octets_OfAFilteredExportDoNotDependOnOtherSchemes)
{
    const auto two = MakeResults();
    auto three = two;
    three.runs.push_back(MakeRun("im-server", 1, 2, 3));
    three.runs.back().sessions[0].steps.insert(three.runs.back().sessions[0].steps.begin() + 1,
                                               {"logged_in", 1000000001});
    const std::vector<std::string> wanted{"p2p", "sip-message"};
    EXPECT_EQ(ToJsonText(three, wanted), ToJsonText(two, wanted));
    EXPECT_EQ(ToCsv(three, ExportTable::SESSIONS, wanted), ToCsv(two, ExportTable::SESSIONS));
}

TEST(Export, Json_HasEveryTableWithTheColumnsOfTheCsv)
{
    const auto json = nlohmann::json::parse(ToJsonText(MakeResults()));
    for (const auto& name : GetExportTableNames())
    {
        const bool isOfAStudy = name == "failures" || name == "points";
        EXPECT_NE(json.contains(name), isOfAStudy) << name;
        EXPECT_TRUE(isOfAStudy || json.at(name).is_array()) << name;
    }
    EXPECT_EQ(json["sessions"].size(), 6u);
    EXPECT_EQ(json["sessions"][1]["cause"], "say \"busy\", twice");
    EXPECT_TRUE(json["sessions"][1]["setup_s"].is_null());
    EXPECT_EQ(json["sessions"][0]["succeeded"], true);
    EXPECT_EQ(json["sessions"][0]["ready_s"], 11);
    EXPECT_EQ(json["counters"][1]["value"], 1.25);
}

TEST(Export, Json_OfNothingIsStillJson)
{
    const auto json = nlohmann::json::parse(ToJsonText(MakeResults(), {"none"}));
    EXPECT_TRUE(json["sessions"].empty());
}

TEST(Export, RowsOfAStudyHaveThePointAndItsValuesBehindTheSeed)
{
    auto results = MakeResults();
    results.variables = {{"cs", "GprsCell.CodingScheme"}, {"length, octets", ""}};
    results.points = {{0, {"CS-1", "10"}}, {1, {"CS-2", "20"}}};
    results.runs[1].point = 1;
    results.failures = {{{9, {"p2p", 3, 1}}, {"crash", "signal 11", "p2pim run \"x y.ini\""}},
                        {{8, {"p2p", 3, 0}}, {"error", "no, never", "p2pim run x.ini"}}};
    EXPECT_EQ(ToCsv(results, ExportTable::RUNS),
              "scheme,seed,point,cs,\"length, octets\",sessions,succeeded,events\n"
              "p2p,2,0,CS-1,10,2,1,2000\n"
              "sip-message,1,0,CS-1,10,2,2,1000\n"
              "p2p,10,1,CS-2,20,2,2,10000\n");
    EXPECT_EQ(ToCsv(results, ExportTable::FAILURES),
              "scheme,seed,point,cs,\"length, octets\",cause,detail,command\n"
              "p2p,3,0,CS-1,10,error,\"no, never\",p2pim run x.ini\n"
              "p2p,3,1,CS-2,20,crash,signal 11,\"p2pim run \"\"x y.ini\"\"\"\n");
    EXPECT_EQ(ToCsv(results, ExportTable::FAILURES, {"sip-message"}),
              "scheme,seed,point,cs,\"length, octets\",cause,detail,command\n");
    EXPECT_EQ(ToCsv(results, ExportTable::POINTS),
              "point,cs,\"length, octets\"\n0,CS-1,10\n1,CS-2,20\n");
    const auto json = nlohmann::json::parse(ToJsonText(results));
    EXPECT_EQ(json["sessions"][0]["cs"], "CS-1");
    EXPECT_EQ(json["failures"].size(), 2u);
    EXPECT_EQ(json["points"][1]["length, octets"], "20");
}

class ExportFileTest : public WorkFolderTest
{
};

TEST_F(ExportFileTest, ReadRunByRunItIsThatOfTheWholeResults)
{
    const StudyView study(WriteStudy("study.sqlite"));
    const auto results = LoadResults("study.sqlite");
    for (const std::vector<std::string>& schemes : {{}, std::vector<std::string>{"p2p"}})
    {
        const auto source = MakeExportSource(study, schemes);
        for (const auto& name : GetExportTableNames())
        {
            const auto table = FindExportTable(name).value();
            std::ostringstream out;
            ExportCsv(*source, table, out);
            EXPECT_EQ(out.str(), ToCsv(results, table, schemes)) << name;
            EXPECT_NE(out.str().find('\n'), out.str().size() - 1) << name;
        }
        std::ostringstream out;
        ExportJson(*source, {}, out);
        EXPECT_EQ(out.str(), ToJsonText(results, schemes));
    }
}

TEST(Export, TableNames_AreFound)
{
    EXPECT_EQ(FindExportTable("counters"), ExportTable::COUNTERS);
    EXPECT_FALSE(FindExportTable("session").has_value());
}
