// SPDX-License-Identifier: GPL-2.0-only
#include "run-plan.h"

#include "campaign/parameter-grid.h"
#include "class-registry.h"
#include "nearest-name.h"
#include "user-error.h"
#include "version.h"
#include "word-list.h"

#include "ns3/object-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace p2pim::program
{

namespace
{

using ns3::p2pim::Scenario;

/// ns-3 has 2.3e15 independent run numbers.
constexpr uint64_t MAX_SEED = 1000000000000000;
constexpr uint64_t MAX_SEEDS = 1000000;

std::string
ListScenarios()
{
    std::vector<std::string> names;
    for (const auto& type : GetScenarioClasses())
    {
        names.push_back("[" + GetShortName(type) + "]");
    }
    return JoinChoices(names);
}

/// @return the results file where the user names none; its folder is made.
std::string
MakeDefaultOutput(const std::string& scenarioFile)
{
    const std::filesystem::path folder = "results";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
    {
        throw UserError("results: cannot make this folder: " + error.message() +
                        "; name a results file with --output");
    }
    return (folder / std::filesystem::path(scenarioFile).stem()).string() + ".sqlite";
}

campaign::OpenMode
GetOpenMode(const Arguments& arguments)
{
    if (arguments.Has("force") && arguments.Has("append"))
    {
        throw UserError("--force and --append: give one of them");
    }
    return arguments.Has("force")    ? campaign::OpenMode::FORCE
           : arguments.Has("append") ? campaign::OpenMode::APPEND
                                     : campaign::OpenMode::CREATE;
}

} // namespace

void
CheckEnvironment()
{
    for (const char* variable : {"NS_ATTRIBUTE_DEFAULT", "NS_GLOBAL_VALUE"})
    {
        const char* value = std::getenv(variable);
        if (value && *value != '\0')
        {
            throw UserError(std::string(variable) +
                            ": unset this variable; values belong in the scenario file or in "
                            "--Class.Attribute=value");
        }
    }
}

campaign::Provenance
MakeProvenance(const ScenarioFile& file,
               ns3::TypeId scenario,
               const Configuration& configuration,
               const std::string& commandLine)
{
    campaign::Provenance provenance;
    provenance.programVersion = VERSION;
    provenance.programId = GetBuildId();
    provenance.ns3Version = GetNs3Version();
    provenance.scenario = GetShortName(scenario);
    provenance.scenarioFile = file.name;
    provenance.commandLine = commandLine;
    provenance.configuration = configuration.Describe();
    return provenance;
}

std::string
ChooseOutput(const Arguments& arguments, const std::string& scenarioFile)
{
    const auto output = arguments.Get("output");
    return output ? *output : MakeDefaultOutput(scenarioFile);
}

std::string
MakeRunCommand(const ScenarioFile& file,
               const Configuration& configuration,
               const campaign::RunKey& key,
               const std::vector<std::string>& settings,
               const std::string& suffix)
{
    std::vector<std::string> words{"run",
                                   file.name,
                                   "--scheme=" + key.scheme,
                                   "--seed=" + std::to_string(key.seed)};
    if (file.FindHead("repetition"))
    {
        words.emplace_back("--seeds=1");
    }
    const auto options = configuration.ListOptions();
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), settings.begin(), settings.end());
    words.push_back("--output=results/" + std::filesystem::path(file.name).stem().string() +
                    suffix + ".sqlite");
    return JoinCommandLine(words);
}

uint64_t
GetFirstSeed(const Arguments& arguments)
{
    return arguments.GetNumber("seed", 1, MAX_SEED);
}

uint64_t
GetSeeds(const Arguments& arguments, const std::string& option, const ScenarioFile& file)
{
    const HeadLine* head = file.FindHead("repetition");
    const uint64_t ofFile = head ? ReadCount(head->value, head->label, MAX_SEEDS) : 1;
    return arguments.GetNumber(option, ofFile, MAX_SEEDS);
}

ns3::TypeId
GetScenarioClass(const ScenarioFile& file)
{
    const auto scenarios = GetScenarioClasses();
    const Section* found = nullptr;
    ns3::TypeId scenario;
    for (const auto& section : file.sections)
    {
        const ns3::TypeId type =
            GetScopedClass(section.className, section.place + ": [" + section.className + "]").type;
        if (std::find(scenarios.begin(), scenarios.end(), type) == scenarios.end())
        {
            continue;
        }
        if (found && type != scenario)
        {
            throw UserError(section.place + ": [" + section.className +
                            "]: a second scenario; the first is [" + found->className + "] at " +
                            found->place);
        }
        found = &section;
        scenario = type;
    }
    if (!found)
    {
        throw UserError(file.name + ": no section names a scenario; add " + ListScenarios());
    }
    return scenario;
}

ns3::Ptr<Scenario>
MakeScenario(ns3::TypeId type)
{
    ns3::ObjectFactory factory;
    factory.SetTypeId(type);
    return factory.Create<Scenario>();
}

Configuration
ReadConfiguration(const ScenarioFile& file, const Arguments& arguments, bool takesLists)
{
    constexpr auto option = Configuration::Source::COMMAND_LINE;
    Configuration configuration;
    for (const auto& assignment : file.assignments)
    {
        configuration.Add(assignment, Configuration::Source::SCENARIO_FILE);
    }
    auto options = arguments.GetAssignments();
    if (const auto sessions = arguments.Get("sessions"))
    {
        options.push_back({"Scenario", "Sessions", *sessions, "--sessions", "--sessions"});
    }
    for (auto& assignment : options)
    {
        const auto& value = assignment.value;
        const bool isList =
            value.find(',') != std::string::npos || value.find("..") != std::string::npos;
        if (takesLists && isList && !campaign::HasIteration(value) &&
            !Configuration::Takes(assignment, option))
        {
            assignment.value = "${" + value + "}";
        }
        configuration.Add(assignment, option);
    }
    return configuration;
}

void
CheckTogether(const Configuration& configuration, const Scenario& scenario)
{
    configuration.CheckOperators(scenario.GetOperators());
    if (const auto fault = scenario.FindFault())
    {
        throw UserError(configuration.GetLabel(fault->setting) + ": " + fault->problem +
                        SuggestName(fault->value, fault->known));
    }
}

std::vector<std::string>
ListSchemes(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& scheme : scenario.GetSchemes())
    {
        names.push_back(scheme.name);
    }
    return names;
}

void
CheckSchemes(const std::vector<std::string>& wanted,
             const Scenario& scenario,
             const std::string& label)
{
    const auto known = ListSchemes(scenario);
    for (auto name = wanted.begin(); name != wanted.end(); ++name)
    {
        if (std::find(known.begin(), known.end(), *name) == known.end())
        {
            throw UserError(label + ": '" + *name + "': no such scheme" +
                            SuggestName(*name, known));
        }
        if (std::find(wanted.begin(), name, *name) != name)
        {
            throw UserError(label + ": '" + *name + "' is given twice");
        }
    }
}

std::vector<std::string>
ChooseSchemes(const Arguments& arguments, const ScenarioFile& file, const Scenario& scenario)
{
    if (arguments.Get("schemes"))
    {
        auto schemes = arguments.GetList("schemes");
        CheckSchemes(schemes, scenario, "--schemes");
        return schemes;
    }
    const HeadLine* head = file.FindHead("schemes");
    if (!head)
    {
        return ListSchemes(scenario);
    }
    auto schemes = SplitList(head->value, ',');
    for (auto& scheme : schemes)
    {
        scheme = campaign::Trim(scheme);
    }
    CheckSchemes(schemes, scenario, head->label);
    return schemes;
}

std::vector<OptionSpec>
GetPlanOptions()
{
    return {
        {"sessions", "N", "how many sessions a run has; overrules the scenario file"},
        {"seed", "N", "the first seed (default 1)"},
        {"seeds",
         "N",
         "how many seeds, one after the other (default repetition of the file, or 1)"},
        {"output", "RESULTS", "the results file (default results/NAME.sqlite after NAME.ini)"},
        {"force", "", "replaces the results file if it exists"},
        {"append", "", "adds the runs to the results file if it exists"},
        {"format", "FORMAT", "table (default) or json"},
    };
}

RunPlan
MakePlan(const Arguments& arguments, SchemeChooser chooseSchemes, const std::string& commandLine)
{
    CheckEnvironment();
    const ScenarioFile file = ReadScenarioFile(arguments.GetOperand().value());
    RunPlan plan;
    plan.scenario = GetScenarioClass(file);
    const Configuration configuration = ReadConfiguration(file, arguments);
    for (const auto& varying : configuration.ListVarying())
    {
        throw UserError(varying.label + ": '" + varying.text + "' varies: give --" + varying.key +
                        "=VALUE, or run the study by p2pim sweep " + file.name);
    }
    configuration.Apply();
    const auto scenario = MakeScenario(plan.scenario);
    CheckTogether(configuration, *scenario);
    plan.provenance = MakeProvenance(file, plan.scenario, configuration, commandLine);
    const auto schemes = chooseSchemes(arguments, file, *scenario);
    ns3::UintegerValue sessions;
    scenario->GetAttribute("Sessions", sessions);
    plan.sessions = sessions.Get();
    const uint64_t firstSeed = GetFirstSeed(arguments);
    const uint64_t seeds = GetSeeds(arguments, "seeds", file);
    for (uint64_t seed = firstSeed; seed < firstSeed + seeds; ++seed)
    {
        for (const auto& scheme : schemes)
        {
            plan.runs.push_back({scheme, seed});
        }
    }
    plan.mode = GetOpenMode(arguments);
    plan.output = ChooseOutput(arguments, file.name);
    return plan;
}

} // namespace p2pim::program
