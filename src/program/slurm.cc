// SPDX-License-Identifier: GPL-2.0-only
#include "slurm.h"

#include "tool.h"
#include "user-error.h"

#include <sstream>

namespace p2pim::program
{

namespace
{

/// Runs one of Slurm's commands.
ToolOutcome
RunSlurm(const std::vector<std::string>& words)
{
    const auto outcome = RunTool(words);
    if (!outcome)
    {
        throw UserError("--engine=slurm: there is no " + words.front() +
                        " on PATH; Slurm's commands are in Debian's package slurm-client");
    }
    return *outcome;
}

std::string
GetFirstLine(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

} // namespace

std::string
DescribeTasks(const std::vector<uint64_t>& numbers)
{
    std::ostringstream text;
    for (std::size_t first = 0; first < numbers.size();)
    {
        std::size_t last = first;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1)
        {
            ++last;
        }
        text << (first == 0 ? "" : ",") << numbers[first];
        if (last > first)
        {
            text << "-" << numbers[last];
        }
        first = last + 1;
    }
    return text.str();
}

std::string
SubmitArray(const SlurmArray& array)
{
    const std::string limit = array.atOnce > 0 ? "%" + std::to_string(array.atOnce) : "";
    const auto outcome = RunSlurm({"sbatch",
                                   "--parsable",
                                   "--job-name=" + array.name,
                                   "--array=" + DescribeTasks(array.tasks) + limit,
                                   "--ntasks=1",
                                   "--cpus-per-task=" + std::to_string(array.cpus),
                                   "--chdir=" + array.folder,
                                   "--output=" + array.log,
                                   "--open-mode=append",
                                   array.script});
    // "JOB" or, where there are several clusters, "JOB;CLUSTER"
    std::string job = outcome.out.substr(0, outcome.out.find_first_of(";\n"));
    if (outcome.status != 0 || job.empty())
    {
        throw RunFailure(outcome.err.empty() ? "sbatch: failed without a word"
                                             : GetFirstLine(outcome.err));
    }
    return job;
}

std::optional<SlurmTasks>
GetTasks(const std::string& job)
{
    // All of the user's jobs are asked for: to ask for one that is long over is an error.
    const auto outcome = RunSlurm({"squeue", "--me", "--noheader", "--array", "--format=%F %t %r"});
    if (outcome.status != 0)
    {
        return std::nullopt;
    }
    SlurmTasks tasks;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);)
    {
        std::istringstream words(line);
        std::string number;
        std::string state;
        std::string reason;
        words >> number >> state >> reason;
        if (number != job)
        {
            continue;
        }
        if (state != "PD")
        {
            ++tasks.running;
        }
        else if (++tasks.waiting == 1)
        {
            tasks.reason = reason;
        }
    }
    return tasks;
}

} // namespace p2pim::program
