// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"
#include "version.h"

#include "ns3/version-defines.h"

#include <nlohmann/json.hpp>

namespace p2pim::program
{

namespace
{

std::string
GetCompiler()
{
#ifdef __clang__
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const nlohmann::ordered_json version{{"p2pim", VERSION},
                                         {"build", GetBuildId()},
                                         {"ns3", GetNs3Version()},
                                         {"compiler", GetCompiler()}};
    if (arguments.GetChoice("format", {"table", "json"}) == 1)
    {
        invocation.out << version.dump(2) << "\n";
        return;
    }
    invocation.out << "p2pim " << VERSION << ", build " << GetBuildId() << "\nns-3 "
                   << GetNs3Version() << "\n"
                   << GetCompiler() << "\n";
}

} // namespace

std::string
GetNs3Version()
{
    return std::to_string(NS3_VERSION_MAJOR) + "." + std::to_string(NS3_VERSION_MINOR);
}

Command
MakeVersionCommand()
{
    CommandSpec spec;
    spec.name = "version";
    spec.summary = "Tells the versions of the program, of ns-3 and of the compiler.";
    spec.example = "p2pim version --format=json";
    spec.options = {{"format", "FORMAT", "table (default) or json"}};
    return {spec, Execute};
}

} // namespace p2pim::program
