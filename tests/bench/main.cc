// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * `./waf bench`: what a session costs, as a ratio to what ns-3 alone charges for its TCP part.
 *
 * Each benchmark runs in a process of its own, so that the memory of one is not that of another;
 * the rounds take turns, so that a change of the machine's speed meets all of them alike. Of a
 * benchmark's rounds the fastest counts.
 */
#include "campaign.h"
#include "floor.h"
#include "nat.h"
#include "session.h"
#include "short-messages.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace
{

using p2pim::bench::BenchResult;

/// What of a result goes through the pipe from the process that has it.
struct Figures
{
    double cpuSeconds;
    uint64_t events;
    double rssKilobytes;
    uint32_t completed;
};

/// A benchmark and its best round.
struct Benchmark
{
    std::string name;
    uint32_t sessions;
    std::function<BenchResult(uint32_t)> run;
    Figures best{};
};

/// Runs a benchmark once in a process of its own.
Figures
RunInChild(const Benchmark& benchmark)
{
    int ends[2];
    if (pipe(ends) != 0)
    {
        throw std::runtime_error("no pipe");
    }
    const auto child = fork();
    if (child == 0)
    {
        const auto result = benchmark.run(benchmark.sessions);
        const Figures figures{result.cpuSeconds,
                              result.events,
                              result.rssKilobytes,
                              result.completed};
        const auto written = write(ends[1], &figures, sizeof figures);
        _exit(written == sizeof figures ? 0 : 1);
    }
    close(ends[1]);
    Figures figures{};
    const auto count = read(ends[0], &figures, sizeof figures);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0 || count != sizeof figures)
    {
        throw std::runtime_error(benchmark.name + " failed");
    }
    if (figures.completed != benchmark.sessions)
    {
        throw std::runtime_error(benchmark.name + ": only " + std::to_string(figures.completed) +
                                 " of " + std::to_string(benchmark.sessions) + " completed");
    }
    return figures;
}

double
GetMicroseconds(const Benchmark& benchmark)
{
    return benchmark.best.cpuSeconds / benchmark.sessions * 1e6;
}

/// @return the cost of a session in floors of the same size; 0 for what is no session.
double
GetRatio(const Benchmark& benchmark, const std::vector<Benchmark>& all)
{
    for (const auto& floor : all)
    {
        if (floor.name == "floor" && floor.sessions == benchmark.sessions &&
            benchmark.name != "idle" && benchmark.name != "sms" && benchmark.name != "radio")
        {
            return GetMicroseconds(benchmark) / GetMicroseconds(floor);
        }
    }
    return 0;
}

void
PrintTable(const std::vector<Benchmark>& all)
{
    std::printf("%-12s %9s %12s %11s %10s %7s\n",
                "benchmark",
                "sessions",
                "CPU us each",
                "events each",
                "kB each",
                "ratio");
    for (const auto& each : all)
    {
        std::printf("%-12s %9u %12.1f %11.1f %10.2f",
                    each.name.c_str(),
                    each.sessions,
                    GetMicroseconds(each),
                    static_cast<double>(each.best.events) / each.sessions,
                    each.best.rssKilobytes / each.sessions);
        const auto ratio = GetRatio(each, all);
        std::printf(ratio > 0 ? " %7.2f\n" : "       -\n", ratio);
    }
    std::printf(
        "\nidle: one attached phone each, events of one hour. sms: one short message each.\n"
        "nat-mapping: a mapping each, from the 1,001st on. nat: a packet each, with 100,000 "
        "mappings.\n"
        "radio: the part of a p2p session that is spent in the cells' packet side.\n"
        "ratio: CPU of a session to that of the floor of as many sessions. Best of all "
        "rounds.\n");
}

/// What sweeps cost; nothing if it was not asked for.
using Sweeps = std::optional<p2pim::bench::CampaignCost>;

void
PrintTable(const Sweeps& sweeps)
{
    if (sweeps)
    {
        const double added = sweeps->addedSeconds;
        std::printf("\nsweep: %u runs of 50 sessions, by one worker and by two: two are %.2f times "
                    "as fast;\n"
                    "what is added to the %.1f ms CPU of a run: %.2f ms, %.2f %% of all.\n",
                    sweeps->runs,
                    sweeps->speedUpOfTwo,
                    1e3 * sweeps->runSeconds,
                    1e3 * added,
                    100 * added / (added + sweeps->runSeconds));
    }
}

void
PrintJson(const std::vector<Benchmark>& all, const Sweeps& sweeps)
{
    auto out = nlohmann::ordered_json::array();
    if (sweeps)
    {
        out.push_back({{"name", "sweep"},
                       {"runs", sweeps->runs},
                       {"speed_up_of_two", sweeps->speedUpOfTwo},
                       {"cpu_seconds_in_a_run", sweeps->runSeconds},
                       {"cpu_seconds_added_to_a_run", sweeps->addedSeconds}});
    }
    for (const auto& each : all)
    {
        const auto ratio = GetRatio(each, all);
        out.push_back({{"name", each.name},
                       {"sessions", each.sessions},
                       {"cpu_seconds", each.best.cpuSeconds},
                       {"events", each.best.events},
                       {"memory_kilobytes", each.best.rssKilobytes},
                       {"ratio_to_floor",
                        ratio > 0 ? nlohmann::ordered_json(ratio) : nlohmann::ordered_json()}});
    }
    std::cout << out.dump(2) << "\n";
}

} // namespace

int
main(int argc, char** argv)
{
    // until the simulator first runs ns-3 keeps a set of all times, which a session pays for
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
    namespace po = boost::program_options;
    std::string format = "table";
    unsigned rounds = 3;
    std::string only;
    po::options_description options("p2pim-bench");
    options.add_options()                                             //
        ("help", "print this")                                        //
        ("format", po::value(&format), "table or json")               //
        ("rounds", po::value(&rounds), "of which the fastest counts") //
        ("only", po::value(&only), "the one benchmark to run; default all");
    try
    {
        po::variables_map values;
        po::store(po::parse_command_line(argc, argv, options), values);
        po::notify(values);
        if (values.count("help") > 0 || (format != "table" && format != "json"))
        {
            std::cout << options;
            return values.count("help") > 0 ? 0 : 2;
        }
        std::vector<Benchmark> all;
        for (const uint32_t sessions : {1000, 10000})
        {
            all.push_back({"floor", sessions, p2pim::bench::RunFloor});
            for (const auto* scheme : {"p2p", "sip-message", "im-server"})
            {
                const auto run = [scheme](uint32_t n) {
                    return p2pim::bench::RunSessions(scheme, n);
                };
                all.push_back({scheme, sessions, run});
            }
        }
        for (const uint32_t sessions : {1000, 10000})
        {
            all.push_back({"radio", sessions, p2pim::bench::RunRadio});
        }
        for (const uint32_t phones : {2000, 20000})
        {
            all.push_back({"idle", phones, p2pim::bench::RunIdle});
        }
        for (const uint32_t messages : {10000, 1000000})
        {
            all.push_back({"sms", messages, p2pim::bench::RunShortMessages});
        }
        all.push_back({"nat-mapping", 100000, p2pim::bench::RunNatMappings});
        all.push_back({"nat", 1000000, p2pim::bench::RunNatPackets});
        if (!only.empty())
        {
            all.erase(std::remove_if(all.begin(),
                                     all.end(),
                                     [&only](const auto& each) { return each.name != only; }),
                      all.end());
        }
        for (unsigned round = 0; round < rounds; ++round)
        {
            for (auto& each : all)
            {
                const auto figures = RunInChild(each);
                if (round == 0 || figures.cpuSeconds < each.best.cpuSeconds)
                {
                    each.best = figures;
                }
            }
        }
        Sweeps sweeps;
        if (only.empty() || only == "sweep")
        {
            sweeps = p2pim::bench::MeasureCampaign(1000);
        }
        if (format == "json")
        {
            PrintJson(all, sweeps);
            return 0;
        }
        if (!all.empty())
        {
            PrintTable(all);
        }
        PrintTable(sweeps);
        return 0;
    }
    catch (const std::exception& error)
    {
        std::cerr << "p2pim-bench: " << error.what() << "\n";
        return 1;
    }
}
