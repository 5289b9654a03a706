// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The libFuzzer targets. One program has them all: the name under which it is started says which
 * it is. `NAME --seeds=FOLDER` writes the target's good messages, `p2pim-fuzz --list` the names.
 */
#include "tests/fuzz/fuzz-target.h"

#include "ns3/simulator.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace
{

using p2pim::fuzz::Target;

Target g_target;

/// @return the target that a program of this name is.
Target
FindTarget(const std::string& name)
{
    for (const Target& target : p2pim::fuzz::GetTargets())
    {
        if (name == target.name)
        {
            return target;
        }
    }
    std::fprintf(stderr, "no target has the name %s\n", name.c_str());
    std::exit(2);
}

void
WriteSeeds(const Target& target, const std::filesystem::path& folder)
{
    int number = 0;
    for (const auto& seed : target.makeSeeds())
    {
        std::ofstream file(folder / ("seed-" + std::to_string(number++)), std::ios::binary);
        file.write(reinterpret_cast<const char*>(seed.data()),
                   static_cast<std::streamsize>(seed.size()));
    }
}

} // namespace

extern "C" int
LLVMFuzzerInitialize(int* count, char*** arguments)
{
    const std::string argument = *count > 1 ? (*arguments)[1] : "";
    if (argument == "--list")
    {
        for (const Target& target : p2pim::fuzz::GetTargets())
        {
            std::puts(target.name);
        }
        std::exit(0);
    }
    ns3::Simulator::Run(); // until then ns-3 notes each Time that is made
    ns3::Simulator::Destroy();
    g_target = FindTarget(std::filesystem::path((*arguments)[0]).filename().string());
    const std::string seeds = "--seeds=";
    if (argument.compare(0, seeds.size(), seeds) == 0)
    {
        WriteSeeds(g_target, argument.substr(seeds.size()));
        std::exit(0);
    }
    return 0;
}

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* octets, std::size_t size)
{
    if (!g_target.holds(octets, size))
    {
        std::fprintf(stderr, "%s: what it says of the octets does not hold\n", g_target.name);
        std::abort();
    }
    return 0;
}
