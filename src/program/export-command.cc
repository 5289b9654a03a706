// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/export.h"
#include "commands.h"
#include "nearest-name.h"
#include "user-error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace p2pim::program
{

namespace
{

/// @return --table; none if it is not given.
std::optional<campaign::ExportTable>
GetTable(const Arguments& arguments)
{
    const auto name = arguments.Get("table");
    if (!name)
    {
        return std::nullopt;
    }
    const auto table = campaign::FindExportTable(*name);
    if (!table)
    {
        throw UserError("--table: '" + *name + "': no such table" +
                        SuggestName(*name, campaign::GetExportTableNames()));
    }
    return table;
}

void
CheckSchemesOf(const campaign::StudyView& study, const std::vector<std::string>& wanted)
{
    const auto known = study.ListValues({campaign::Dimension::Kind::SCHEME, "scheme"});
    for (const auto& name : wanted)
    {
        if (std::find(known.begin(), known.end(), name) == known.end())
        {
            throw UserError("--schemes: '" + name + "': no such scheme in the file" +
                            SuggestName(name, known));
        }
    }
}

void
Write(const Arguments& arguments, const campaign::StudyView& study, std::ostream& out)
{
    const auto table = GetTable(arguments);
    const auto schemes = arguments.GetList("schemes");
    CheckSchemesOf(study, schemes);
    const auto source = campaign::MakeExportSource(study, schemes);
    if (arguments.GetChoice("format", {"csv", "json"}) == 0)
    {
        campaign::ExportCsv(*source, table.value_or(campaign::ExportTable::SESSIONS), out);
        return;
    }
    const auto tables =
        table ? std::vector<campaign::ExportTable>{*table} : std::vector<campaign::ExportTable>();
    campaign::ExportJson(*source, tables, out);
}

/// Writes to a file that is not there yet, unless --force is given.
void
WriteFile(const Arguments& arguments, const campaign::StudyView& study, const std::string& path)
{
    std::error_code unknown;
    if (!arguments.Has("force") && std::filesystem::exists(path, unknown))
    {
        throw UserError(path + ": exists already; give --force to replace it");
    }
    std::ofstream file(path, std::ios::binary);
    if (!file)
    {
        throw UserError(path + ": cannot write: " + std::strerror(errno));
    }
    Write(arguments, study, file);
    if (!file.flush())
    {
        throw RunFailure(path + ": cannot write: " + std::strerror(errno));
    }
}

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const campaign::StudyView study(arguments.GetOperand().value());
    study.CheckWhole();
    const auto path = arguments.Get("output");
    if (path)
    {
        WriteFile(arguments, study, *path);
    }
    else
    {
        Write(arguments, study, invocation.out);
    }
}

} // namespace

Command
MakeExportCommand()
{
    CommandSpec spec;
    spec.name = "export";
    spec.operand = "RESULTS";
    spec.operandRequired = true;
    spec.summary = "Writes a results file as CSV or JSON, times in seconds.";
    spec.example = "p2pim export results/setup-time.sqlite --format=csv --table=sessions";
    spec.options = {
        {"format", "FORMAT", "csv (default) or json"},
        {"table",
         "TABLE",
         "sessions, steps, messages, attempts, counters, runs, configuration, failures or points "
         "(default: sessions for csv, all for json)"},
        {"schemes", "A,B,...", "only these schemes"},
        {"output", "FILE", "the file to write (default: standard output)"},
        {"force", "", "replaces that file if it exists"},
    };
    return {spec, Execute};
}

} // namespace p2pim::program
