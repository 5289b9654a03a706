// SPDX-License-Identifier: GPL-2.0-only
#include "tests/scenarios/scenario-run.h"

#include "program/class-registry.h"
#include "program/configuration.h"
#include "program/scenario-file.h"
#include "scenarios/scenario.h"

#include "ns3/config.h"
#include "ns3/names.h"
#include "ns3/object-factory.h"
#include "ns3/operator-defaults.h"
#include "ns3/rng-seed-manager.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <numeric>
#include <unistd.h>

namespace p2pim::test
{

namespace
{

/// @return the folder scenarios, in one above the tested program or this one.
std::filesystem::path
FindScenarioFolder()
{
    const char* program = std::getenv("P2PIM_PROGRAM");
    auto folder = program ? std::filesystem::path(program) : std::filesystem::current_path();
    while (!std::filesystem::exists(folder / "scenarios" / "setup-time.ini") &&
           folder != folder.root_path())
    {
        folder = folder.parent_path();
    }
    return folder / "scenarios";
}

program::Assignment
ParseOption(const std::string& option)
{
    const auto equals = option.find('=');
    const auto dot = option.rfind('.', equals);
    return {option.substr(0, dot),
            option.substr(dot + 1, equals - dot - 1),
            option.substr(equals + 1),
            option,
            option};
}

/// @return the scenario that a file has a section for.
ns3::Ptr<ns3::p2pim::Scenario>
MakeScenario(const program::ScenarioFile& file)
{
    for (const auto& section : file.sections)
    {
        const auto type = program::FindClass(section.className);
        if (type && type->IsChildOf(ns3::p2pim::Scenario::GetTypeId()))
        {
            return ns3::ObjectFactory(type->GetName()).Create<ns3::p2pim::Scenario>();
        }
    }
    return nullptr;
}

/// @return a path with the name of the running test.
std::string
MakeTemporaryPath()
{
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '-'); // of a parameter
    return std::filesystem::temp_directory_path() /
           ("p2pim-" + std::to_string(getpid()) + "-" + name);
}

} // namespace

ScenarioRun::ScenarioRun(const std::string& file,
                         const std::vector<std::string>& options,
                         uint64_t seed,
                         const std::string& scheme,
                         const std::function<void()>& before)
{
    const auto scenario = program::ReadScenarioFile(FindScenarioFolder() / file);
    program::Configuration configuration;
    for (const auto& assignment : scenario.assignments)
    {
        configuration.Add(assignment, program::Configuration::Source::SCENARIO_FILE);
    }
    for (const auto& option : options)
    {
        configuration.Add(ParseOption(option), program::Configuration::Source::COMMAND_LINE);
    }
    configuration.Apply();
    ns3::Names::Clear();
    ns3::RngSeedManager::SetRun(seed);
    const auto made = MakeScenario(scenario);
    if (before)
    {
        before();
    }
    EXPECT_TRUE(made->Run(scheme.empty() ? made->GetSchemes().front().name : scheme, {}, record));
    ns3::Config::Reset();
    ns3::p2pim::OperatorDefaults::Reset();
    ns3::RngSeedManager::SetRun(1);
}

double
ScenarioRun::Get(const std::string& element, const std::string& name) const
{
    for (const auto& counter : record.counters)
    {
        if (counter.element == element && counter.name == name)
        {
            return counter.value;
        }
    }
    return 0;
}

std::vector<double>
ScenarioRun::GetTimes(const std::string& from, const std::string& to) const
{
    constexpr double nanosecond = 1e-9;
    std::vector<double> times;
    for (const auto& session : record.sessions)
    {
        int64_t start = -1;
        for (const auto& step : session.steps)
        {
            if (step.name == from)
            {
                start = step.timeNs;
            }
            else if (step.name == to && start >= 0)
            {
                times.push_back(static_cast<double>(step.timeNs - start) * nanosecond);
                start = -1;
            }
        }
    }
    return times;
}

TemporaryName::TemporaryName()
    : path(MakeTemporaryPath())
{
}

TemporaryName::~TemporaryName()
{
    std::filesystem::remove(path);
}

std::vector<std::string>
ListScenarioFiles()
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(FindScenarioFolder()))
    {
        if (entry.path().extension() == ".ini")
        {
            names.push_back(entry.path().filename());
        }
    }
    return names;
}

std::string
FindBaseOfStudy(const std::string& file)
{
    std::ifstream in(FindScenarioFolder() / file);
    std::string base;
    bool hasGrid = false;
    for (std::string line; std::getline(in, line);)
    {
        const std::string extends = "extends = ";
        base = line.rfind(extends, 0) == 0 ? line.substr(extends.size()) + ".ini" : base;
        hasGrid = hasGrid || (line[0] != '#' && line.find("${") != std::string::npos);
    }
    return hasGrid ? base : "";
}

double
GetMean(const std::vector<double>& values)
{
    EXPECT_FALSE(values.empty());
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace p2pim::test
