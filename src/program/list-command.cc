// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/table.h"
#include "class-registry.h"
#include "commands.h"
#include "run-plan.h"
#include "scenario-file.h"
#include "user-error.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace p2pim::program
{

namespace
{

using campaign::Table;

/// Where scenario files are looked for.
constexpr const char* FOLDER = "scenarios";

Table
MakeSchemeTable()
{
    Table table;
    table.columns = {{"scenario", "", false}, {"scheme", "", false}, {"summary", "", false}};
    table.groupByFirst = true;
    for (const auto& type : GetScenarioClasses())
    {
        for (const auto& scheme : MakeScenario(type)->GetSchemes())
        {
            table.rows.push_back({GetShortName(type), scheme.name, scheme.summary});
        }
    }
    return table;
}

/// @return the .ini files of the folder, by name; none if there is no such folder.
std::vector<std::string>
FindScenarioFiles()
{
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(FOLDER, error))
    {
        if (entry.path().extension() == ".ini")
        {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

Table
MakeFileTable()
{
    Table table;
    table.columns = {{"file", "", false}, {"scenario", "", false}, {"problem", "", false}};
    for (const auto& path : FindScenarioFiles())
    {
        try
        {
            const auto type = GetScenarioClass(ReadScenarioFile(path));
            table.rows.push_back({path, GetShortName(type), std::monostate()});
        }
        catch (const UserError& error)
        {
            table.rows.push_back({path, std::monostate(), std::string(error.what())});
        }
    }
    return table;
}

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const Table schemes = MakeSchemeTable();
    const Table files = MakeFileTable();
    if (arguments.GetChoice("format", {"table", "json"}) == 1)
    {
        const nlohmann::ordered_json list{{"schemes", campaign::ToJson(schemes)},
                                          {"files", campaign::ToJson(files)}};
        invocation.out << list.dump(2) << "\n";
        return;
    }
    campaign::WriteText(schemes, invocation.out);
    invocation.out << "\n";
    campaign::WriteText(files, invocation.out);
}

} // namespace

Command
MakeListCommand()
{
    CommandSpec spec;
    spec.name = "list";
    spec.summary = "Lists the scenarios, their schemes and the scenario files in ./scenarios.";
    spec.example = "p2pim list";
    spec.options = {{"format", "FORMAT", "table (default) or json"}};
    return {spec, Execute};
}

} // namespace p2pim::program
