// SPDX-License-Identifier: GPL-2.0-only
#include "call-program.h"
#include "campaign/results-store.h"
#include "campaign/results.h"
#include "program/program.h"
#include "test-scenario.h"
#include "work-folder.h"

#include "ns3/config.h"

#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using p2pim::campaign::LoadResults;
using p2pim::campaign::Status;

namespace
{

std::string
Export(const std::string& results, const std::vector<std::string>& options = {})
{
    std::vector<std::string> args{"export", results};
    args.insert(args.end(), options.begin(), options.end());
    const auto outcome = Call(args);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
}

class ProgramTest : public WorkFolderTest
{
  protected:
    ProgramTest()
    {
        WriteFile("a.ini", "[TestScenario]\nSessions=3\n");
    }

    ~ProgramTest() override
    {
        ns3::Config::Reset();
    }
};

} // namespace

TEST_F(ProgramTest, WithoutACommandPrintsUsageAndFails)
{
    const auto outcome = Call({});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, Call({"--help"}).out);
    EXPECT_EQ(Call({"--help"}).status, 0);
}

TEST_F(ProgramTest, EachCommandsHelpShowsAnExample)
{
    for (const std::string command :
         {"run", "compare", "params", "list", "export", "merge", "version"})
    {
        const auto outcome = Call({command, "--help"});
        EXPECT_EQ(outcome.status, 0);
        EXPECT_NE(outcome.out.find("Example:\n  p2pim " + command), std::string::npos) << command;
        EXPECT_NE(Call({"--help"}).out.find("\n  " + command), std::string::npos) << command;
    }
}

TEST_F(ProgramTest, NamesTheNearestCommandOptionAndScheme)
{
    ExpectMistake({"comprae"}, "'comprae': no such command; did you mean compare?");
    ExpectMistake({"run", "a.ini", "--sede=4"}, "--sede: no such option; did you mean --seed?");
    ExpectMistake({"run", "a.ini", "--scheme=fats"},
                  "--scheme: 'fats': no such scheme; did you mean fast?");
    ExpectMistake({"compare", "a.ini", "--schemes=fast,solw"},
                  "--schemes: 'solw': no such scheme; did you mean slow?");
}

TEST_F(ProgramTest, RefusesWordsThatItWouldHaveToIgnore)
{
    ExpectMistake({"run", "a.ini", "b.ini"}, "'b.ini': stray word; p2pim run takes one FILE");
    ExpectMistake({"list", "x"}, "'x': stray word; p2pim list takes options only");
    ExpectMistake({"run", "a.ini", "-s"}, "-s: no such option; the nearest is --seed");
    ExpectMistake({"run", "a.ini", "--seed=1", "--seed=2"}, "--seed: given more than once");
    ExpectMistake({"run", "a.ini", "--force=1"}, "--force: takes no value");
    ExpectMistake({"run", "a.ini", "--seed"}, "--seed: needs a value");
    ExpectMistake({"compare", "a.ini", "--schemes=fast,fast"}, "--schemes: 'fast' is given twice");
    ExpectMistake({"run", "a.ini", "--force", "--append"},
                  "--force and --append: give one of them");
}

TEST_F(ProgramTest, RefusesNumbersThatAreNone)
{
    for (const std::string text : {"0", "-1", "3.7", "12abc", "nan", "18446744073709551616"})
    {
        ExpectMistake({"run", "a.ini", "--seeds=" + text},
                      "--seeds: '" + text + "' is not a whole number from 1 to 1000000");
    }
    ExpectMistake({"run", "a.ini", "--seed", "-1"},
                  "--seed: '-1' is not a whole number from 1 to 1000000000000000");
}

TEST_F(ProgramTest, RefusesNoSessions)
{
    ExpectMistake({"run", "a.ini", "--sessions=0"},
                  "--sessions: '0' is out of range; allowed: 1 to 1000000");
    WriteFile("a.ini", "[TestScenario]\nSessions=0\n");
    ExpectMistake({"run", "a.ini"},
                  "a.ini:2: TestScenario.Sessions: '0' is out of range; allowed: 1 to 1000000");
}

TEST_F(ProgramTest, RefusesFilesThatDoNotNameOneScenario)
{
    WriteFile("a.ini", "# nothing\n");
    const auto outcome = Call({"run", "a.ini"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.err.find("p2pim: a.ini: no section names a scenario; add ["), 0u);
    EXPECT_NE(outcome.err.find("[TestScenario]"), std::string::npos);
    WriteFile("a.ini", "[TestScenario]\n\n[TestOtherScenario]\n");
    ExpectMistake({"run", "a.ini"},
                  "a.ini:3: [TestOtherScenario]: a second scenario; the first is [TestScenario] "
                  "at a.ini:1");
    WriteFile("a.ini", "[TestScenaro]\n");
    ExpectMistake({"run", "a.ini"},
                  "a.ini:1: [TestScenaro]: no such class; did you mean TestScenario?");
}

TEST_F(ProgramTest, OptionsOverruleTheScenarioFile)
{
    EXPECT_EQ(Call({"run", "a.ini", "--TestScenario.Sessions=5"}).status, 0);
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.at(0).sessions.size(), 5u);
    EXPECT_EQ(Call({"run", "a.ini", "--sessions=6", "--force"}).status, 0);
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.at(0).sessions.size(), 6u);
    ExpectMistake({"run", "a.ini", "--sessions=6", "--Scenario.Sessions=5"},
                  "--sessions: already set at --Scenario.Sessions");
}

TEST_F(ProgramTest, StoresWhatItRanUnderWhichSettings)
{
    EXPECT_EQ(Call({"compare", "a.ini", "--seed=4", "--seeds=2", "--output=r.sqlite"}).status, 0);
    const auto results = LoadResults("r.sqlite");
    EXPECT_EQ(results.status, Status::COMPLETE);
    ASSERT_EQ(results.runs.size(), 4u);
    EXPECT_EQ(results.runs[0].seed, 4u);
    EXPECT_EQ(results.runs[3].seed, 5u);
    EXPECT_EQ(results.provenance.scenario, "TestScenario");
    EXPECT_EQ(results.provenance.scenarioFile, "a.ini");
    EXPECT_EQ(results.provenance.commandLine,
              "p2pim compare a.ini --seed=4 --seeds=2 --output=r.sqlite");
    const auto& settings = results.provenance.configuration;
    EXPECT_TRUE(std::any_of(settings.begin(), settings.end(), [](const auto& setting) {
        return setting.key == "Scenario.Sessions" && setting.value == "3" && !setting.isDefault;
    }));
}

TEST_F(ProgramTest, NeverOverwritesResultsUnasked)
{
    ASSERT_EQ(Call({"run", "a.ini"}).status, 0);
    const std::string before = ReadFile("results/a.sqlite");
    const auto outcome = Call({"run", "a.ini"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.err.find("--force"), std::string::npos);
    EXPECT_NE(outcome.err.find("--append"), std::string::npos);
    EXPECT_EQ(ReadFile("results/a.sqlite"), before);
    EXPECT_EQ(Call({"run", "a.ini", "--append", "--seed=2"}).status, 0);
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.size(), 2u);
    EXPECT_EQ(Call({"run", "a.ini", "--force"}).status, 0);
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.size(), 1u);
}

TEST_F(ProgramTest, SameSeedGivesTheSameExportWhateverTheOrderOfSchemes)
{
    const std::vector<std::string> common{"compare", "a.ini", "--seeds=3"};
    const auto compare = [&](const std::string& schemes, const std::string& output) {
        auto args = common;
        args.push_back("--schemes=" + schemes);
        args.push_back("--output=" + output);
        ASSERT_EQ(Call(args).status, 0);
    };
    compare("fast,slow", "a.sqlite");
    compare("fast,slow", "b.sqlite");
    compare("slow,fast", "c.sqlite");
    compare("fast", "d.sqlite");
    EXPECT_EQ(Export("a.sqlite"), Export("b.sqlite"));
    EXPECT_EQ(Export("a.sqlite"), Export("c.sqlite"));
    EXPECT_EQ(Export("a.sqlite", {"--schemes=fast"}), Export("d.sqlite"));
    EXPECT_NE(Export("a.sqlite", {"--schemes=slow"}), Export("d.sqlite"));
}

TEST_F(ProgramTest, InterruptionKeepsWhatIsFinished)
{
    const auto outcome =
        Call({"compare", "a.ini", "--seeds=3", "--TestScenario.InterruptedSeed=2"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, "p2pim: interrupted: 2 of 6 runs kept in results/a.sqlite (partial)\n");
    const auto results = LoadResults("results/a.sqlite");
    EXPECT_EQ(results.status, Status::PARTIAL);
    EXPECT_EQ(results.runs.size(), 2u);
}

TEST_F(ProgramTest, FailedRunKeepsWhatIsFinishedAndTellsTheCause)
{
    const auto outcome = Call({"run", "a.ini", "--seeds=3", "--TestScenario.FailingSeed=3"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_EQ(outcome.err,
              "p2pim: fast, seed 3: the mast fell over: 2 of 3 runs kept in results/a.sqlite "
              "(partial)\n");
    EXPECT_EQ(LoadResults("results/a.sqlite").runs.size(), 2u);
}

TEST_F(ProgramTest, GivesTheSignalsBack)
{
    ASSERT_EQ(Call({"run", "a.ini"}).status, 0);
    EXPECT_EXIT(std::raise(SIGINT), testing::KilledBySignal(SIGINT), "");
}

TEST_F(ProgramTest, RefusesSettingsThatNoResultsFileWouldTellOf)
{
    setenv("NS_ATTRIBUTE_DEFAULT", "ns3::p2pim::TestScenario::FailingSeed=1", 1);
    const auto outcome = Call({"run", "a.ini"});
    unsetenv("NS_ATTRIBUTE_DEFAULT");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.err.find("p2pim: NS_ATTRIBUTE_DEFAULT: unset this variable"), 0u);
}

TEST_F(ProgramTest, WrapsTheHelpOfAnAttribute)
{
    std::istringstream lines(Call({"params", "Smsc"}).out);
    std::size_t wrapped = 0;
    for (std::string line; std::getline(lines, line);)
    {
        const bool isHelp = line.rfind("    ", 0) == 0 && line.find(": ") == std::string::npos;
        EXPECT_TRUE(!isHelp || line.size() <= 80) << line;
        wrapped += isHelp && line.size() > 70 ? 1 : 0;
    }
    EXPECT_GT(wrapped, 0U);
}

TEST_F(ProgramTest, PrintsAttributesInBothFormats)
{
    const auto table = Call({"params", "TestConfigured"});
    EXPECT_EQ(table.status, 0);
    EXPECT_NE(table.out.find("\n\nDelay = 1.5s\n    time: 0s to 60s\n    "), std::string::npos)
        << table.out;
    const auto json =
        nlohmann::json::parse(Call({"params", "TestConfigured", "--format=json"}).out);
    EXPECT_EQ(json.at(0).at("name"), "Flag");
    EXPECT_EQ(json.at(0).at("default"), "false");
    EXPECT_EQ(json.at(0).at("allowed"), "true or false");
    EXPECT_EQ(json.at(0).at("help"), "A truth value.");
    ExpectMistake({"params", "TestConfigurd"},
                  "'TestConfigurd': no such class; did you mean TestConfigured?");
    EXPECT_NE(Call({"params"}).out.find("TestConfiguredChild"), std::string::npos);
}

TEST_F(ProgramTest, ListsSchemesAndScenarioFiles)
{
    std::filesystem::create_directory("scenarios");
    WriteFile("scenarios/b.ini", "[TestScenario]\n");
    WriteFile("scenarios/c.ini", "[TestScenaro]\n");
    const auto json = nlohmann::json::parse(Call({"list", "--format=json"}).out);
    const auto& files = json.at("files");
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].at("file"), "scenarios/b.ini");
    EXPECT_EQ(files[0].at("scenario"), "TestScenario");
    EXPECT_TRUE(files[0].at("problem").is_null());
    EXPECT_TRUE(files[1].at("scenario").is_null());
    const auto& schemes = json.at("schemes");
    EXPECT_TRUE(std::any_of(schemes.begin(), schemes.end(), [](const auto& row) {
        return row.at("scenario") == "TestScenario" && row.at("scheme") == "slow";
    }));
    EXPECT_EQ(Call({"list"}).status, 0);
}

TEST_F(ProgramTest, TellsVersions)
{
    const auto json = nlohmann::json::parse(Call({"version", "--format=json"}).out);
    EXPECT_EQ(json.at("p2pim"), "0.1.0");
    EXPECT_EQ(json.at("ns3"), "3.37");
    const std::string build = json.at("build");
    EXPECT_EQ(build.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(build.size(), 16u);
    EXPECT_NE(build, "cbf29ce484222325") << "the hash of nothing: no build ID was found";
    EXPECT_EQ(Call({"version"}).out.find("p2pim 0.1.0, build " + build + "\nns-3 3.37\n"), 0u);
}

TEST_F(ProgramTest, ExportsToAFileThatIsNotThereYet)
{
    ASSERT_EQ(Call({"run", "a.ini", "--output=r.sqlite"}).status, 0);
    ASSERT_EQ(Call({"export", "r.sqlite", "--output=r.csv"}).status, 0);
    EXPECT_EQ(ReadFile("r.csv"), Export("r.sqlite"));
    ExpectMistake({"export", "r.sqlite", "--output=r.csv"},
                  "r.csv: exists already; give --force to replace it");
    EXPECT_EQ(Call({"export", "r.sqlite", "--output=r.csv", "--force"}).status, 0);
    ExpectMistake({"export", "r.sqlite", "--table=sesions"},
                  "--table: 'sesions': no such table; did you mean sessions?");
    ExpectMistake({"export", "r.sqlite", "--schemes=fats"},
                  "--schemes: 'fats': no such scheme in the file; did you mean fast?");
}

TEST_F(ProgramTest, FailsWhereNothingCanBePrinted)
{
    std::ostringstream err;
    std::ofstream full("/dev/full");
    EXPECT_EQ(p2pim::program::RunProgram({"version"}, full, err), 1);
    EXPECT_EQ(err.str(), "p2pim: cannot write to standard output\n");
}
