// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/merge.h"
#include "commands.h"
#include "interruption.h"
#include "user-error.h"

namespace p2pim::program
{

namespace
{

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const auto output = arguments.Get("output");
    if (!output)
    {
        throw UserError("merge: needs --output=RESULTS");
    }
    const Interruption interruption;
    campaign::MergeOptions options;
    options.force = arguments.Has("force");
    options.anyBuild = arguments.Has("any-build");
    options.isStopped = [&]() { return interruption.IsRequested(); };
    const auto& paths = arguments.GetOperands();
    const auto outcome = campaign::MergeResults(paths, *output, options);
    invocation.out << *output << ": " << outcome.succeeded << " of " << outcome.planned
                   << " runs from " << paths.size() << (paths.size() == 1 ? " file" : " files");
    if (outcome.failed > 0)
    {
        invocation.out << ", " << outcome.failed << " failed";
    }
    invocation.out << " (" << campaign::GetStatusName(outcome.status) << ")\n";
}

} // namespace

Command
MakeMergeCommand()
{
    CommandSpec spec;
    spec.name = "merge";
    spec.operand = "RESULTS";
    spec.operandRequired = true;
    spec.takesMany = true;
    spec.summary = "Joins the shards of a study to the file that one machine would have written.";
    spec.example = "p2pim merge shards/*.sqlite --output=results/study.sqlite";
    spec.options = {
        {"output", "FILE", "the file to write; it may be one of those that are joined"},
        {"force", "", "replaces that file if it exists"},
        {"any-build", "", "also joins runs of different builds of the program"},
    };
    return {spec, Execute};
}

} // namespace p2pim::program
