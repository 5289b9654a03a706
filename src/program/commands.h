// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_COMMANDS_H
#define P2PIM_COMMANDS_H

#include "command-line.h"

#include <ostream>
#include <string>
#include <vector>

namespace p2pim::program
{

/// Where a command writes, and how it was called.
struct Invocation
{
    std::ostream& out;       ///< what the user asked for
    std::ostream& err;       ///< progress
    std::string commandLine; ///< for the results file
};

/// A command.
struct Command
{
    CommandSpec spec; ///< what it takes
    /// Does it. Throws UserError, RunFailure or StoreError.
    void (*execute)(const Arguments& arguments, const Invocation& invocation);
};

/// @return every command, in the order of the usage.
const std::vector<Command>& GetCommands();

/// `p2pim run`: one scheme.
Command MakeRunCommand();
/// `p2pim compare`: several schemes, the same seeds.
Command MakeCompareCommand();
/// `p2pim sweep`: a study.
Command MakeSweepCommand();
/// `p2pim params`: classes, or a class's attributes.
Command MakeParamsCommand();
/// `p2pim list`: schemes, scenarios, scenario files.
Command MakeListCommand();
/// `p2pim query`: a metric over what varies.
Command MakeQueryCommand();
/// `p2pim show`: the runs of a results file, or one of them.
Command MakeShowCommand();
/// `p2pim export`: a results file as CSV or JSON.
Command MakeExportCommand();
/// `p2pim merge`: shards of a study in one results file.
Command MakeMergeCommand();
/// `p2pim check`: a scenario against its baseline.
Command MakeCheckCommand();
/// `p2pim version`: what the program is made of.
Command MakeVersionCommand();

} // namespace p2pim::program

#endif // P2PIM_COMMANDS_H
