// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/show-report.h"
#include "commands.h"
#include "strict-number.h"
#include "user-error.h"

#include <filesystem>
#include <limits>

namespace p2pim::program
{

namespace
{

/// What stands before and behind the colon of RESULTS:RUN.
struct Place
{
    std::string path;
    std::optional<uint64_t> run;
};

Place
ReadPlace(const std::string& text)
{
    const auto colon = text.rfind(':');
    std::error_code unknown;
    if (colon == std::string::npos || std::filesystem::exists(text, unknown))
    {
        return {text, std::nullopt};
    }
    const auto run = ReadUnsigned(text.substr(colon + 1));
    if (!run)
    {
        throw UserError("'" + text + "': '" + text.substr(colon + 1) +
                        "' is not the number of a run; give RESULTS:RUN");
    }
    return {text.substr(0, colon), run};
}

void
ShowRun(const Arguments& arguments,
        const campaign::StudyView& study,
        const Place& place,
        campaign::Format format,
        std::ostream& out)
{
    const auto run = campaign::FindRun(study, *place.run);
    if (!run)
    {
        throw UserError(place.path + ": has no run " + std::to_string(*place.run) +
                        "; p2pim show " + place.path + " lists those it has");
    }
    const auto session = arguments.Get("session");
    if (!session)
    {
        campaign::WriteRunEntry(study, *run, format, out);
        return;
    }
    const auto index = ReadUnsigned(*session);
    if (!index || *index > std::numeric_limits<uint32_t>::max() ||
        !campaign::WriteSession(study, *run, static_cast<uint32_t>(*index), format, out))
    {
        throw UserError("--session: '" + *session + "': run " + std::to_string(*place.run) +
                        " has no such session; p2pim show " + place.path + ":" +
                        std::to_string(*place.run) + " lists those it has");
    }
}

void
Show(const Arguments& arguments, const Invocation& invocation)
{
    const auto place = ReadPlace(arguments.GetOperand().value());
    const auto format = arguments.GetChoice("format", {"table", "json"}) == 1
                            ? campaign::Format::JSON
                            : campaign::Format::TABLE;
    const bool failedOnly = arguments.Has("failed");
    if (!place.run && arguments.Has("session"))
    {
        throw UserError("--session: of which run? give RESULTS:RUN");
    }
    if (place.run && failedOnly)
    {
        throw UserError("--failed: is for the list of runs; leave out :" +
                        std::to_string(*place.run));
    }
    const campaign::StudyView study(place.path);
    if (place.run)
    {
        ShowRun(arguments, study, place, format, invocation.out);
    }
    else
    {
        campaign::WriteRunList(study, failedOnly, format, invocation.out);
    }
}

} // namespace

Command
MakeShowCommand()
{
    CommandSpec spec;
    spec.name = "show";
    spec.operand = "RESULTS[:RUN]";
    spec.operandRequired = true;
    spec.summary = "Lists the runs of a results file, or shows one of them.";
    spec.example = "p2pim show results/setup-radio.sqlite:17 --session=3";
    spec.options = {
        {"session", "N", "what happened in this session of the run, by time"},
        {"failed", "", "lists only the runs that failed"},
        {"format", "FORMAT", "table (default) or json"},
    };
    return {spec, Show};
}

} // namespace p2pim::program
