// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/merge.h"
#include "commands.h"
#include "dry-run.h"
#include "run-plan.h"
#include "scenario-file.h"
#include "slurm-engine.h"
#include "strict-number.h"
#include "study.h"
#include "sweep.h"
#include "time-estimate.h"
#include "user-error.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

namespace p2pim::program
{

namespace
{

/// A user who asks for more has mistaken it for something else.
constexpr uint64_t MAX_WORKERS = 1024;

/// @return the words behind `p2pim` without what does not change the results.
std::vector<std::string>
MakeStudyWords(const Arguments& arguments)
{
    std::vector<std::string> words{"sweep", arguments.GetOperand().value()};
    for (const auto& option : Study::GetOptions())
    {
        if (const auto value = arguments.Get(option.name))
        {
            words.push_back("--" + option.name + "=" + *value);
        }
    }
    for (const auto& assignment : arguments.GetAssignments())
    {
        words.push_back("--" + assignment.className + "." + assignment.attribute + "=" +
                        assignment.value);
    }
    return words;
}

/// @return --shard=I/N, or the whole.
campaign::Shard
GetShard(const Arguments& arguments, const Study& study)
{
    const auto text = arguments.Get("shard");
    if (!text)
    {
        return {};
    }
    const auto slash = text->find('/');
    const auto index = ReadUnsigned(text->substr(0, slash));
    const auto count =
        slash == std::string::npos ? std::nullopt : ReadUnsigned(text->substr(slash + 1));
    if (!index || !count || *index < 1 || *index > *count)
    {
        throw UserError("--shard: '" + *text + "' is not a part of the whole such as 1/4");
    }
    if (study.GetPrecision())
    {
        throw UserError("--shard: a study with a precision has no parts: which runs it needs "
                        "depends on all of them");
    }
    return {*index - 1, *count};
}

campaign::OpenMode
GetMode(const Arguments& arguments)
{
    if (arguments.Has("force") && arguments.Has("any-build"))
    {
        throw UserError("--force and --any-build: give one of them");
    }
    return arguments.Has("force")       ? campaign::OpenMode::FORCE
           : arguments.Has("any-build") ? campaign::OpenMode::RESUME_ANY_BUILD
                                        : campaign::OpenMode::RESUME;
}

/// Who makes the runs.
enum class Engine
{
    PROCESSES,
    INLINE,
    SLURM,
};

Engine
GetEngine(const Arguments& arguments)
{
    return static_cast<Engine>(arguments.GetChoice("engine", {"processes", "inline", "slurm"}));
}

SweepOptions
GetSweepOptions(const Arguments& arguments, const Study& study)
{
    SweepOptions options;
    options.output = ChooseOutput(arguments, arguments.GetOperand().value());
    options.mode = GetMode(arguments);
    options.shard = GetShard(arguments, study);
    const uint64_t cores = std::max(1U, std::thread::hardware_concurrency());
    options.workers = GetEngine(arguments) == Engine::INLINE
                          ? 0
                          : arguments.GetNumber("jobs", cores, MAX_WORKERS);
    return options;
}

/// Lists the runs, and says how long they would take.
void
ListRuns(Study& study, std::size_t workers, campaign::Format format, std::ostream& out)
{
    auto seconds = MeasureRunTime(study);
    if (seconds)
    {
        *seconds *= static_cast<double>(study.GetRunCount()) /
                    static_cast<double>(std::max<std::size_t>(1, workers));
    }
    WriteDryRun(study, format, seconds, out);
}

/// @return "N runs" or "1 run".
std::string
Count(uint64_t n, const std::string& what)
{
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

nlohmann::ordered_json
ToJson(const SweepOptions& options, const SweepResult& result)
{
    return {{"output", options.output},
            {"status", campaign::GetStatusName(result.status)},
            {"planned", result.progress.planned},
            {"succeeded", result.progress.succeeded},
            {"failed", result.progress.failed},
            {"made_now", result.made},
            {"imprecise_points", result.imprecise}};
}

void
WriteResult(const SweepOptions& options, const SweepResult& result, std::ostream& out)
{
    out << options.output << ": " << campaign::GetStatusName(result.status) << ", "
        << result.progress.succeeded << " of " << Count(result.progress.planned, "run") << ", "
        << result.made << " made now\n";
    if (result.imprecise > 0)
    {
        out << Count(result.imprecise, "point") << " not as precise as asked for\n";
    }
}

/// Says what is missing. @throw RunFailure if anything is.
void
CheckResult(const SweepOptions& options, const SweepResult& result)
{
    if (result.interrupted)
    {
        throw RunFailure("interrupted: " + Count(result.made, "run") + " kept in " +
                         options.output + "; the same command goes on from there");
    }
    if (result.progress.failed > 0)
    {
        throw RunFailure(options.output + ": " + Count(result.progress.failed, "run") +
                         " failed; p2pim show " + options.output +
                         " tells why, and how to make one alone; the same command tries again");
    }
}

/// Has a cluster make the runs. @return what came of it; none if nobody waits for that.
std::optional<SweepResult>
SweepOnSlurm(Study& study,
             const SweepOptions& options,
             const std::vector<std::string>& words,
             const Arguments& arguments,
             const Invocation& invocation)
{
    if (arguments.Has("shard") || study.GetPrecision())
    {
        throw UserError(std::string("--engine=slurm: makes shards of its own; not with ") +
                        (arguments.Has("shard") ? "--shard" : "a precision"));
    }
    SweepResult result;
    auto cluster = ReadSlurmOptions(arguments);
    cluster.words = words;
    cluster.output = options.output;
    cluster.open = [&]() {
        campaign::ResultsStore store(options.output,
                                     options.mode,
                                     study.GetProvenance(),
                                     study.MakePlan());
        result.progress = store.GetProgress();
        store.Finish();
    };
    cluster.force = options.mode == campaign::OpenMode::FORCE;
    cluster.anyBuild = options.mode == campaign::OpenMode::RESUME_ANY_BUILD;
    cluster.cpus = arguments.GetNumber("jobs", 1, MAX_WORKERS);
    if (!MakeOnSlurm(cluster, invocation))
    {
        return std::nullopt;
    }
    const auto whole = campaign::GetShardProgress(options.output, 1).at(0);
    result.made = whole.succeeded - result.progress.succeeded;
    result.progress = {whole.planned, whole.succeeded, whole.failed};
    result.status =
        whole.succeeded == whole.planned ? campaign::Status::COMPLETE : campaign::Status::PARTIAL;
    return result;
}

/// Makes the runs, here or elsewhere. @return what came of it; none if nobody waits for that.
std::optional<SweepResult>
MakeRuns(Study& study,
         const SweepOptions& options,
         const std::vector<std::string>& words,
         const Arguments& arguments,
         const Invocation& invocation)
{
    if (GetEngine(arguments) == Engine::SLURM)
    {
        return SweepOnSlurm(study, options, words, arguments, invocation);
    }
    RefuseSlurmOptions(arguments);
    return Sweep(study, options, invocation.err);
}

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const bool asJson = arguments.GetChoice("format", {"table", "json"}) == 1;
    const auto format = asJson ? campaign::Format::JSON : campaign::Format::TABLE;
    const auto words = MakeStudyWords(arguments);
    Study study(ReadScenarioFile(arguments.GetOperand().value()),
                arguments,
                JoinCommandLine(words));
    const auto options = GetSweepOptions(arguments, study);
    if (arguments.Has("dry-run"))
    {
        ListRuns(study, options.workers, format, invocation.out);
        return;
    }
    const auto result = MakeRuns(study, options, words, arguments, invocation);
    if (!result)
    {
        return;
    }
    if (asJson)
    {
        invocation.out << ToJson(options, *result).dump(2) << "\n";
    }
    else
    {
        WriteResult(options, *result, invocation.out);
    }
    CheckResult(options, *result);
}

} // namespace

Command
MakeSweepCommand()
{
    CommandSpec spec;
    spec.name = "sweep";
    spec.operand = "FILE";
    spec.operandRequired = true;
    spec.takesAssignments = true;
    spec.summary = "Runs a study: a scenario file at every point of a grid, under many seeds.";
    spec.example = "p2pim sweep scenarios/setup-time.ini --GprsCell.CodingScheme=CS-1,CS-2 "
                   "--schemes=p2p,sip-message --repetition=10 -j 2";
    spec.options = Study::GetOptions();
    const std::vector<OptionSpec> own{
        {"jobs", "N", "how many processes make runs (default: one a core)", 'j'},
        {"engine",
         "ENGINE",
         "processes (default), inline: in this one, for a debugger; or slurm: on a cluster"},
        {"output", "RESULTS", "the results file (default results/NAME.sqlite after NAME.ini)"},
        {"force", "", "replaces the results file if it exists; else its study is gone on with"},
        {"any-build", "", "goes on although another build of p2pim has begun"},
        {"shard", "I/N", "makes only the I-th of N parts of the runs; p2pim merge joins them"},
        {"dry-run", "", "lists the runs, and tells how long they would take"},
        {"format", "FORMAT", "table (default) or json"},
    };
    for (const auto& options : {own, GetSlurmOptions()})
    {
        spec.options.insert(spec.options.end(), options.begin(), options.end());
    }
    return {spec, Execute};
}

} // namespace p2pim::program
