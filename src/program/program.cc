// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include "campaign/store-error.h"
#include "commands.h"
#include "nearest-name.h"
#include "user-error.h"

#include <algorithm>
#include <exception>
#include <iomanip>

namespace p2pim::program
{

namespace
{

constexpr int STATUS_DONE = 0;
constexpr int STATUS_FAILED = 1;
constexpr int STATUS_MISTAKE = 2;

void
WriteUsage(std::ostream& out)
{
    out << "Usage: p2pim COMMAND [options]\n\nCommands:\n";
    for (const auto& command : GetCommands())
    {
        const std::string words = command.spec.name + DescribeOperand(command.spec);
        out << "  " << std::left << std::setw(22) << words << command.spec.summary << "\n";
    }
    out << "\np2pim COMMAND --help tells a command's options and shows an example.\n";
}

const Command&
GetCommand(const std::string& name)
{
    std::vector<std::string> names;
    for (const auto& command : GetCommands())
    {
        if (command.spec.name == name)
        {
            return command;
        }
        names.push_back(command.spec.name);
    }
    throw UserError("'" + name + "': no such command" + SuggestName(name, names));
}

void
Execute(const std::vector<std::string>& args, std::ostream& out, std::ostream& err)
{
    const Command& command = GetCommand(args.front() == "--version" ? "version" : args.front());
    const Arguments arguments(command.spec, {args.begin() + 1, args.end()});
    if (arguments.IsHelpWanted())
    {
        WriteHelp(command.spec, out);
    }
    else
    {
        command.execute(arguments, {out, err, JoinCommandLine(args)});
    }
    if (!out.flush())
    {
        throw RunFailure("cannot write to standard output");
    }
}

/// @return whether a results file fails the program through no mistake of the user.
bool
IsFailure(const campaign::StoreError& error)
{
    return error.GetCode() == campaign::StoreError::Code::FULL ||
           error.GetCode() == campaign::StoreError::Code::FAILED;
}

} // namespace

const std::vector<Command>&
GetCommands()
{
    static const std::vector<Command> commands{
        MakeRunCommand(),
        MakeCompareCommand(),
        MakeSweepCommand(),
        MakeParamsCommand(),
        MakeListCommand(),
        MakeQueryCommand(),
        MakeShowCommand(),
        MakeExportCommand(),
        MakeMergeCommand(),
        MakeCheckCommand(),
        MakeVersionCommand(),
    };
    return commands;
}

int
RunProgram(const std::vector<std::string>& args, std::ostream& out, std::ostream& err)
{
    if (args.empty())
    {
        WriteUsage(err);
        return STATUS_MISTAKE;
    }
    if (args.front() == "--help")
    {
        WriteUsage(out);
        return STATUS_DONE;
    }
    try
    {
        Execute(args, out, err);
        return STATUS_DONE;
    }
    catch (const UserError& error)
    {
        err << "p2pim: " << error.what() << std::endl;
        return STATUS_MISTAKE;
    }
    catch (const campaign::StoreError& error)
    {
        err << "p2pim: " << error.what() << std::endl;
        return IsFailure(error) ? STATUS_FAILED : STATUS_MISTAKE;
    }
    catch (const std::exception& error)
    {
        err << "p2pim: " << error.what() << std::endl;
        return STATUS_FAILED;
    }
}

} // namespace p2pim::program
