// SPDX-License-Identifier: GPL-2.0-only
#include "expect-user-error.h"
#include "program/dry-run.h"
#include "program/run-plan.h"
#include "program/study.h"
#include "test-configured.h"
#include "work-folder.h"

#include "ns3/config.h"
#include "ns3/hlr.h"
#include "ns3/operator-defaults.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace p2pim::program;
using ns3::CreateObject;
using ns3::p2pim::TestConfigured;
using p2pim::campaign::Format;
using p2pim::campaign::PlannedRun;
using Words = std::vector<std::string>;

namespace
{

/// Studies of the file a.ini, which is written for each.
class StudyTest : public WorkFolderTest
{
  protected:
    ~StudyTest() override
    {
        ns3::Config::Reset();
        ns3::p2pim::OperatorDefaults::Reset();
    }

    static Arguments MakeArguments(Words options)
    {
        CommandSpec spec;
        spec.operand = "FILE";
        spec.takesAssignments = true;
        spec.options = Study::GetOptions();
        options.emplace_back("a.ini");
        return {spec, options};
    }

    static std::unique_ptr<Study> Read(const std::string& text, const Words& options = {})
    {
        WriteFile("a.ini", text);
        return std::make_unique<Study>(ReadScenarioFile("a.ini"), MakeArguments(options), "line");
    }

    static std::string GetError(const std::string& text, const Words& options = {})
    {
        return GetUserError([&] { Read(text, options); });
    }

    /// @return the values at each point: "1 a; 2 a".
    static std::string ListPoints(Study& study)
    {
        std::string all;
        for (uint64_t point = 0; point < study.GetPointCount(); ++point)
        {
            all.append(all.empty() ? "" : ";");
            for (const auto& value : study.GetPoint(point))
            {
                all.append(all.empty() ? "" : " ").append(value);
            }
        }
        return all;
    }

    /// @return "name" or "name=Class.Attribute" of each variable.
    static std::string ListVariables(const Study& study)
    {
        std::string all;
        for (const auto& each : study.GetVariables())
        {
            all.append(all.empty() ? "" : " ").append(each.name);
            all.append(each.attribute.empty() ? "" : "=" + each.attribute);
        }
        return all;
    }

    static std::string GetSetting(const Study& study, const std::string& key)
    {
        const auto& settings = study.GetProvenance().configuration;
        const auto found = std::find_if(settings.begin(), settings.end(), [&key](const auto& each) {
            return each.key == key;
        });
        return found == settings.end() ? "missing"
                                       : found->value + (found->isDefault ? " (default)" : "");
    }
};

/// Two variables, one of which goes with the other, and head keys.
constexpr const char* g_two = "repetition = 3\n"
                              "schemes = slow, fast\n"
                              "[TestScenario]\n"
                              "Sessions = 4\n"
                              "[TestConfigured]\n"
                              "Count = ${n=1,2}\n"
                              "Colour = ${Red,Blue ! n}\n";

} // namespace

TEST_F(StudyTest, PlansEveryPointUnderEverySeedWithEveryScheme)
{
    const auto study = Read(g_two);
    EXPECT_EQ(ListVariables(*study),
              "n=TestConfigured.Count TestConfigured.Colour=TestConfigured.Colour");
    EXPECT_EQ(ListPoints(*study), "1 Red; 2 Blue");
    EXPECT_EQ(study->GetRunCount(), 2 * 3 * 2);
    EXPECT_EQ(study->GetSessionCount(), 2 * 3 * 2 * 4);
    const auto plan = study->MakePlan();
    EXPECT_EQ(plan.schemes, (Words{"slow", "fast"}));
    EXPECT_EQ(plan.firstSeed, 1u);
    EXPECT_EQ(plan.seeds, 3u);
    EXPECT_TRUE(plan.traits.empty());
    Words values;
    EXPECT_TRUE(plan.nextPoint(values));
    EXPECT_EQ(study->GetPoint(1), (Words{"2", "Blue"})) << "in between";
    EXPECT_TRUE(plan.nextPoint(values));
    EXPECT_EQ(values, (Words{"2", "Blue"}));
    EXPECT_FALSE(plan.nextPoint(values));
}

TEST_F(StudyTest, TheCommandLineOverrulesTheHead)
{
    const auto study = Read(g_two, {"--repetition=1", "--seed=7", "--schemes=fast"});
    const auto plan = study->MakePlan();
    EXPECT_EQ(plan.schemes, (Words{"fast"}));
    EXPECT_EQ(plan.firstSeed, 7u);
    EXPECT_EQ(plan.seeds, 1u);
}

TEST_F(StudyTest, AStudyWithoutIterationsHasOnePoint)
{
    const auto study = Read("[TestScenario]\n");
    EXPECT_EQ(study->GetPointCount(), 1u);
    EXPECT_TRUE(study->GetPoint(0).empty());
    EXPECT_EQ(study->GetSchemes(), (Words{"fast", "slow"}));
}

TEST_F(StudyTest, MakesAPointsValuesTheDefaults)
{
    const auto study = Read(std::string(g_two) + "Name = same\nDelay = 2s\n");
    for (const uint32_t point : {0U, 1U, 1U, 0U})
    {
        study->Apply(point);
        const auto object = CreateObject<TestConfigured>();
        EXPECT_EQ(object->count, point + 1);
        EXPECT_EQ(object->colour, point == 0 ? TestConfigured::RED : TestConfigured::BLUE);
        EXPECT_EQ(object->name, "same");
        EXPECT_EQ(object->delay, ns3::Seconds(2));
    }
}

TEST_F(StudyTest, PutsValuesIntoOtherTexts)
{
    const auto study = Read("[TestScenario]\n[TestConfigured]\n"
                            "Draw = ns3::UniformRandomVariable[Min=${m=1,2}|Max=${m}]\n"
                            "Name = x${1,2}y${8..9}\n");
    EXPECT_EQ(ListVariables(*study), "m TestConfigured.Name TestConfigured.Name#2");
    ASSERT_EQ(study->GetPointCount(), 8u);
    study->Apply(6);
    const auto object = CreateObject<TestConfigured>();
    EXPECT_EQ(object->name, "x2y8");
    EXPECT_EQ(object->draw->GetValue(), 2);
    EXPECT_NE(object->draw, CreateObject<TestConfigured>()->draw);
}

TEST_F(StudyTest, TheCommandLineOverrulesAGrid)
{
    const auto study = Read(g_two, {"--TestConfigured.Colour=Green"});
    EXPECT_EQ(ListVariables(*study), "n=TestConfigured.Count");
    EXPECT_EQ(GetError(g_two, {"--TestConfigured.Count=3"}),
              "a.ini:7: TestConfigured.Colour: 'n' is not defined before this place");
    // what overrules a grid takes its place, under whatever name of the attribute's class
    const auto other = Read(g_two, {"--TestConfiguredChild.Count=${n=5,6}"});
    EXPECT_EQ(ListPoints(*other), "5 Red; 6 Blue");
}

TEST_F(StudyTest, AListOnTheCommandLineIsAGridBehindTheFiles)
{
    const auto study =
        Read("[TestScenario]\n[TestConfigured]\nCount = 3\nColour = ${Red,Blue}\n",
             {"--TestConfigured.Count=1,5..6", "--TestConfigured.Name=a,b", "--sessions=2,3"});
    EXPECT_EQ(ListVariables(*study),
              "TestConfigured.Colour=TestConfigured.Colour "
              "TestConfigured.Count=TestConfigured.Count Scenario.Sessions=Scenario.Sessions");
    EXPECT_EQ(ListPoints(*study).substr(0, 31), "Red 1 2; Red 1 3; Red 5 2; Red ");
    EXPECT_EQ(study->GetSessionCount(), 2 * 2 * 3 * (2 + 3)) << "two schemes";
    EXPECT_EQ(GetSetting(*study, "TestConfigured.Name"), "a,b") << "a text takes it all";
    EXPECT_EQ(GetSetting(*study, "TestConfigured.Count"), "${1,5..6}");
    const auto named = Read("[TestScenario]\n", {"--TestConfigured.Name=${x=a,b}"});
    EXPECT_EQ(ListVariables(*named), "x=TestConfigured.Name");
}

TEST_F(StudyTest, AConstraintPicksPoints)
{
    const auto study = Read("constraint = $n != 2\n[TestScenario]\n[TestConfigured]\n"
                            "Count = ${n=1..3}\n");
    EXPECT_EQ(ListPoints(*study), "1; 3");
    EXPECT_EQ(study->MakePlan().traits.at("constraint"), "$n != 2");
    const auto other = Read("constraint = $n != 2\n[TestScenario]\n[TestConfigured]\n"
                            "Count = ${n=1..3}\n",
                            {"--constraint=$n > 2"});
    EXPECT_EQ(ListPoints(*other), "3");
}

TEST_F(StudyTest, TellsWhereItsRunsComeFrom)
{
    const auto study = Read(std::string(g_two) + "Delay = 2s\n", {"--Scenario.TimeLimit=3s"});
    EXPECT_EQ(GetSetting(*study, "TestConfigured.Count"), "${n=1,2}");
    EXPECT_EQ(GetSetting(*study, "TestConfigured.Delay"), "2s");
    EXPECT_EQ(GetSetting(*study, "TestConfigured.Share"), "0.123456789 (default)");
    EXPECT_EQ(GetSetting(*study, "Scenario.TimeLimit"), "missing") << "it changes no result";
    EXPECT_EQ(study->GetProvenance().scenario, "TestScenario");
    EXPECT_EQ(study->GetTimeLimit(), ns3::Seconds(3));
    EXPECT_EQ(Read(g_two)->GetTimeLimit(), ns3::Hours(1));
    EXPECT_EQ(Read(g_two, {"--Scenario.TimeLimit=0s"})->GetTimeLimit(), std::nullopt);
}

TEST_F(StudyTest, SetsForTheObjectsOfOneOperator)
{
    const auto study = Read("[ChatScenario]\nOperators = 2\n"
                            "[Operator1.Ggsn]\nAccessPoints = internet=10.0.0.0/9\n"
                            "[Operator2.Ggsn]\nAccessPoints = internet=10.128.0.0/9\n"
                            "[Operator2.Hlr]\nAlertRetries = ${3,4}\n");
    EXPECT_EQ(ListVariables(*study), "Operator2.Hlr.AlertRetries=Operator2.Hlr.AlertRetries");
    for (const uint32_t point : {0U, 1U, 0U})
    {
        study->Apply(point);
        const ns3::p2pim::OperatorDefaults::Scope second(2);
        ns3::UintegerValue retries;
        CreateObject<ns3::p2pim::Hlr>()->GetAttribute("AlertRetries", retries);
        EXPECT_EQ(retries.Get(), 3 + point);
    }
}

TEST_F(StudyTest, TellsTheCommandThatMakesOneRunAlone)
{
    const auto study = Read(g_two,
                            {"--sessions=2",
                             "--TestConfigured.Draw=ns3::UniformRandomVariable[Min=${0,1}]",
                             "--TestConfigured.Word=it's"});
    const std::string command = study->GetCommand({9, {"slow", 7, 3}});
    EXPECT_EQ(command,
              "p2pim run a.ini --scheme=slow --seed=7 --seeds=1 --sessions=2 "
              "'--TestConfigured.Word=it'\\''s' --TestConfigured.Count=2 "
              "--TestConfigured.Colour=Blue "
              "'--TestConfigured.Draw=ns3::UniformRandomVariable[Min=1]' "
              "--output=results/a-run9.sqlite");
    EXPECT_EQ(Read("[TestScenario]\n")->GetCommand({1, {"fast", 2, 0}}),
              "p2pim run a.ini --scheme=fast --seed=2 --output=results/a-run1.sqlite");
}

// read by a shell, as a user would have it read
TEST_F(StudyTest, ThatCommandMakesTheSameConfiguration)
{
    const auto study =
        Read(std::string(g_two) + "Draw = ns3::ConstantRandomVariable[Constant=${3}]",
             {"--TestConfigured.Word=it's", "--TestConfigured.Delay=1s,2s"});
    const PlannedRun run{8, {"slow", 7, 3}};
    const std::string command = "f() { printf '%s\\n' \"$@\"; }; f " + study->GetCommand(run);
    ASSERT_EQ(std::system((command + " >words.txt").c_str()), 0);
    Words words;
    std::ifstream lines("words.txt");
    for (std::string line; std::getline(lines, line);)
    {
        words.push_back(line);
    }
    ASSERT_EQ(Words(words.begin(), words.begin() + 2), (Words{"p2pim", "run"}));
    words.erase(words.begin(), words.begin() + 2);
    CommandSpec spec;
    spec.operand = "FILE";
    spec.takesAssignments = true;
    spec.options = GetPlanOptions();
    spec.options.push_back({"scheme", "NAME", ""});
    const auto choose = [](const Arguments& arguments, const ScenarioFile&, const auto&) {
        return arguments.GetList("scheme");
    };
    const auto plan = MakePlan(Arguments(spec, words), choose, "line");
    ASSERT_EQ(plan.runs.size(), 1u);
    EXPECT_EQ(plan.runs[0].scheme, "slow");
    EXPECT_EQ(plan.runs[0].seed, 7u);
    EXPECT_EQ(plan.output, "results/a-run8.sqlite");
    const auto alone = plan.provenance.configuration;
    study->Apply(run.key.point);
    const auto ofStudy = Configuration().Describe();
    ASSERT_EQ(alone.size(), ofStudy.size());
    for (std::size_t n = 0; n < alone.size(); ++n)
    {
        EXPECT_EQ(alone[n].value, ofStudy[n].value) << alone[n].key;
    }
    EXPECT_EQ(CreateObject<TestConfigured>()->delay, ns3::Seconds(2));
}

TEST_F(StudyTest, FindsAFileOfAGridBesideTheScenarioFile)
{
    std::filesystem::create_directory("sub");
    std::filesystem::copy_file(m_former / "scenarios/nat-population.csv", "sub/population.csv");
    WriteFile("sub/a.ini",
              "[TestScenario]\n[CellularNetwork]\nAccessPopulation = ${\"\", population.csv}\n");
    Study study(ReadScenarioFile("sub/a.ini"), MakeArguments({}), "line");
    EXPECT_NE(study.GetCommand({2, {"fast", 1, 1}})
                  .find(" --CellularNetwork.AccessPopulation=sub/population.csv "),
              std::string::npos)
        << study.GetCommand({2, {"fast", 1, 1}});
}

TEST_F(StudyTest, ReadsAPrecision)
{
    const auto study = Read(std::string("precision = 5%\nprecision-metric = setup.p95\n") + g_two);
    ASSERT_TRUE(study->GetPrecision());
    EXPECT_DOUBLE_EQ(study->GetPrecision()->share, 0.05);
    EXPECT_EQ(study->GetPrecision()->metric, "setup.p95");
    EXPECT_EQ(study->GetPrecision()->place, "a.ini:2: precision-metric");
    EXPECT_EQ(study->GetPrecision()->most, 100u);
    const auto other = Read(g_two, {"--precision=0.5%", "--precision-limit=9"});
    EXPECT_DOUBLE_EQ(other->GetPrecision()->share, 0.005);
    EXPECT_EQ(other->GetPrecision()->most, 9u);
    EXPECT_FALSE(Read(g_two)->GetPrecision());
    for (const std::string wrong : {"5", "0%", "100%", "-1%", "x", "nan%"})
    {
        EXPECT_EQ(GetError(g_two, {"--precision=" + wrong}),
                  "--precision: '" + wrong +
                      "' is not a share of the mean above 0% and below 100%, such as 5%");
    }
    EXPECT_EQ(GetError(g_two, {"--precision-limit=9"}),
              "--precision-limit: needs a precision, such as --precision=5%");
    EXPECT_EQ(GetError(g_two, {"--precision=5%", "--precision-limit=2"}),
              "--precision-limit: '2' is less than the repetition 3");
}

TEST_F(StudyTest, NamesTheLineOfAValueThatIsNotAllowed)
{
    const std::string head = "[TestScenario]\n[TestConfigured]\n";
    EXPECT_EQ(GetError(head + "Count = ${1,2,9}\n"),
              "a.ini:3: TestConfigured.Count: '9' is out of range; allowed: 1 to 8");
    EXPECT_EQ(GetError(head + "Delay = ${1s,2}\n"),
              "a.ini:3: TestConfigured.Delay: '2' needs a unit, such as 5s or 500ms");
    EXPECT_EQ(GetError(head + "Word = ${a,b c}\n"),
              "a.ini:3: TestConfigured.Word: 'b c' is not taken; it is: A text without blanks.");
    EXPECT_EQ(GetError(head, {"--TestConfigured.Colour=Red,Blu"}),
              "--TestConfigured.Colour: 'Blu' is none of its values; allowed: Red, Green or Blue; "
              "did you mean Blue?");
    EXPECT_EQ(GetError(head + "Cuont = ${1,2}\n"),
              "a.ini:3: TestConfigured.Cuont: no such attribute; did you mean Count?");
    EXPECT_EQ(GetError(head + "Count = ${1,2}\nCount = ${3,4}\n"),
              "a.ini:4: TestConfigured.Count: already set at a.ini:3");
    // the ninth is left out by the constraint
    EXPECT_EQ(GetError("constraint = $n < 9\n" + head + "Count = ${n=1..9}\n"), "no error");
}

// eight timeslots have a carrier
TEST_F(StudyTest, NamesThePointWhoseValuesDoNotFitTogether)
{
    EXPECT_EQ(GetError("[TestScenario]\n[GprsCell]\nPdchs = ${p=4,6}\nSharedPdchs = 3\n"),
              "a.ini:4: GprsCell.SharedPdchs: 3 with 6 Pdchs are more than the 8 timeslots of a "
              "carrier (where p is 6)");
    EXPECT_EQ(GetError("[TestScenario]\n[Operator2.Hlr]\nAlertRetries = ${3,4}\n"),
              "a.ini:3: Operator2.Hlr.AlertRetries: there is only one operator (where "
              "Operator2.Hlr.AlertRetries is 3)");
}

TEST_F(StudyTest, TriesEachValueBeforeAnyRun)
{
    EXPECT_EQ(GetError("[TestScenario]\n[GprsCell]\nPdchs = ${p=4,6}\nSharedPdchs = 3\n"
                       "[TestConfigured]\nAnyTime = ${t=1s..2000s step 1s}\n"),
              "a.ini:4: GprsCell.SharedPdchs: 3 with 6 Pdchs are more than the 8 timeslots of a "
              "carrier (where p is 6, t is 1s)");
}

// 2 x 600 x 2 points: the fault is in the values together, of which each has been tried before
TEST_F(StudyTest, AFaultInALatePointFailsItsRuns)
{
    const auto study = Read("[TestScenario]\n[GprsCell]\nPdchs = ${4,6}\n"
                            "[TestConfigured]\nAnyTime = ${1s..600s step 1s}\n"
                            "[GprsCell]\nSharedPdchs = ${1,3}\n");
    EXPECT_EQ(study->GetPointCount(), 2400u);
    const auto apply = [&study](uint64_t point) {
        return GetUserError([&study, point] { study->Apply(point); }).substr(0, 29);
    };
    EXPECT_EQ(apply(2399), "a.ini:7: GprsCell.SharedPdchs") << "what has been tried last";
    EXPECT_EQ(apply(1200), "no error");
    EXPECT_EQ(apply(1201), "a.ini:7: GprsCell.SharedPdchs");
    EXPECT_EQ(apply(1201), "a.ini:7: GprsCell.SharedPdchs") << "under the next scheme, too";
}

TEST_F(StudyTest, NamesWhatIsWrongWithAGrid)
{
    const std::string head = "[TestScenario]\n[TestConfigured]\n";
    const std::string place = "a.ini:3: TestConfigured.Count: ";
    EXPECT_EQ(GetError(head + "Count = ${}\n"), place + "'${}' has an empty value");
    EXPECT_EQ(GetError(head + "Count = ${1..8 step 0}\n"),
              place + "'1..8 step 0' never ends; down goes 20..5 step -5");
    EXPECT_EQ(GetError(head + "Count = ${n}\nOffset = ${n=1,2}\n"),
              place + "'n' is not defined before this place");
    EXPECT_EQ(GetError(head + "Count = ${1..20000000}\n"),
              place + "'1..20000000' has more than 10 million values");
    EXPECT_EQ(GetError(head + "Count = ${a=1..8}\nAnyTime = ${1s..2000000s step 1s}\n"),
              place + "more than 10 million points");
    EXPECT_EQ(GetError("constraint = $n > 8\n" + head + "Count = ${n=1..8}\n"),
              "a.ini:1: constraint: no point of the grid fits '$n > 8'");
    EXPECT_EQ(GetError("constraint = $m > 8\n" + head + "Count = ${n=1..8}\n"),
              "a.ini:1: constraint: '$m > 8': '$m' is not defined; there are n");
    EXPECT_EQ(GetError(head, {"--constraint=1"}), "--constraint: '1': 1 is neither true nor false");
    EXPECT_EQ(GetError("repetition = 0\n" + head),
              "a.ini:1: repetition: '0' is not a whole number from 1 to 1000000");
    EXPECT_EQ(GetError(head, {"--repetition=0"}),
              "--repetition: '0' is not a whole number from 1 to 1000000");
    EXPECT_EQ(GetError("schemes = fast, slwo\n" + head),
              "a.ini:1: schemes: 'slwo': no such scheme; did you mean slow?");
    EXPECT_EQ(GetError(head + "Count = ${1..8}\n", {"--repetition=1000000"}),
              "a.ini: more than 10 million runs: 2000000 at each point, and at least 6 points");
    EXPECT_EQ(GetError("[TestScenario]\nTimeLimit = ${1s,2s}\n"),
              "a.ini:2: TestScenario.TimeLimit: cannot vary");
}

// other commands make runs of one configuration
TEST_F(StudyTest, WhatVariesIsRefusedElsewhereUnlessItIsOverruled)
{
    WriteFile("a.ini", g_two);
    const auto plan = [](const Words& options) {
        CommandSpec spec;
        spec.operand = "FILE";
        spec.takesAssignments = true;
        spec.options = GetPlanOptions();
        Words words = options;
        words.insert(words.end(), {"a.ini", "--output=x"});
        return MakePlan(Arguments(spec, words), ChooseSchemes, "line");
    };
    EXPECT_EQ(GetUserError([&] { plan({"--TestConfigured.Colour=Red"}); }),
              "a.ini:6: TestConfigured.Count: '${n=1,2}' varies: give "
              "--TestConfigured.Count=VALUE, or run the study by p2pim sweep a.ini");
    const auto runs = plan({"--TestConfigured.Colour=Red", "--TestConfiguredChild.Count=2"}).runs;
    ASSERT_EQ(runs.size(), 6u) << "schemes and repetition of the file";
    EXPECT_EQ(runs[0].scheme, "slow");
    EXPECT_EQ(
        plan({"--TestConfigured.Colour=Red", "--TestConfigured.Count=2", "--seeds=1"}).runs.size(),
        2u);
    EXPECT_EQ(GetUserError([&] { plan({"--TestConfigured.Count=1,2"}); }),
              "--TestConfigured.Count: '1,2' is not a whole number without sign; allowed: 1 to 8");
}

TEST_F(StudyTest, ListsItsRuns)
{
    const auto study = Read(g_two, {"--seed=9", "--repetition=2"});
    std::ostringstream table;
    WriteDryRun(*study, Format::TABLE, 7500.0, table);
    EXPECT_EQ(table.str(),
              "run  scheme  seed  n  TestConfigured.Colour\n"
              "---  ------  ----  -  ---------------------\n"
              "  1  slow       9  1  Red\n"
              "  2  fast       9  1  Red\n"
              "  3  slow       9  2  Blue\n"
              "  4  fast       9  2  Blue\n"
              "  5  slow      10  1  Red\n"
              "  6  fast      10  1  Red\n"
              "  7  slow      10  2  Blue\n"
              "  8  fast      10  2  Blue\n"
              "\n"
              "8 runs (2 points, 2 seeds, 2 schemes), 32 sessions, about 2 h 5 min\n");
    std::ostringstream text;
    WriteDryRun(*study, Format::JSON, std::nullopt, text);
    const auto json = nlohmann::json::parse(text.str());
    EXPECT_EQ(json["variables"][0]["name"], "n");
    EXPECT_EQ(json["variables"][0]["attribute"], "TestConfigured.Count");
    ASSERT_EQ(json["runs"].size(), 8u);
    EXPECT_EQ(json["runs"][4],
              nlohmann::json::parse(R"({"run": 5, "scheme": "slow", "seed": 10, "point": 0,
                                        "values": {"n": "1", "TestConfigured.Colour": "Red"}})"));
    EXPECT_EQ(json["points"], 2);
    EXPECT_EQ(json["planned"], 8);
    EXPECT_EQ(json["sessions"], 32);
    EXPECT_TRUE(json["seconds"].is_null());
}
