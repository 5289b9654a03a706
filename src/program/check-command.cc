// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/baseline.h"
#include "campaign/process-engine.h"
#include "campaign/regression-report.h"
#include "campaign/regression.h"
#include "campaign/status-line.h"
#include "campaign/study-bar.h"
#include "campaign/trajectory.h"
#include "campaign/whole-file.h"
#include "check-subject.h"
#include "class-registry.h"
#include "commands.h"
#include "interruption.h"
#include "metric-option.h"
#include "replications.h"
#include "run-maker.h"
#include "run-plan.h"
#include "run-series.h"
#include "short-runs.h"
#include "strict-number.h"
#include "user-error.h"
#include "version.h"

#include "ns3/nstime.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>

namespace p2pim::program
{

namespace
{

using campaign::Baseline;
using campaign::BaselinePlan;

constexpr uint64_t MOST_WORKERS = 1024;

/// The options that say what a baseline is made of.
const std::vector<OptionSpec>&
GetBaselineOptions()
{
    static const std::vector<OptionSpec> options{
        {"schemes", "A,B,...", "--update: the schemes (default: schemes of the file, or all)"},
        {"short-seeds", "N", "--update: seeds of the short runs (default 2)"},
        {"short-sessions", "N", "--update: sessions of a short run (default 10)"},
        {"ingredients",
         "LETTERS",
         "--update: what of the fingerprints counts: t times, c nodes, l lengths of IP packets, r "
         "records, u event uids (default tclr)"},
        {"metrics",
         "M,M:X%,...",
         "--update: figures of the replications, perhaps with their margin (default: mean and p95 "
         "of setup and first_message, success)"},
        {"margin",
         "X%",
         "--update: margin of the others, share of the old value; auto: as wide as the "
         "replications make it (default 2%)"},
        {"replications", "N", "--update: the most replications (default 100)"},
    };
    return options;
}

/// Reads "2%", or "auto". @return the share.
double
ReadMargin(const std::string& text, const std::string& label)
{
    if (text == "auto")
    {
        return std::numeric_limits<double>::infinity();
    }
    const auto quantity = ReadQuantity(text);
    if (!quantity || quantity->unit != "%" || !(quantity->number > 0) || quantity->number > 100)
    {
        throw UserError(label + ": '" + text + "' is no margin: above 0% to 100%, or auto");
    }
    return quantity->number / 100;
}

/// Reads a word of --metrics: a metric, perhaps with a colon and its margin.
campaign::Target
ReadTarget(const std::string& word, double margin)
{
    const auto colon = word.rfind(':');
    const std::string behind = colon == std::string::npos ? "" : word.substr(colon + 1);
    campaign::Target target{word, margin};
    if (behind == "auto" || (!behind.empty() && behind.back() == '%'))
    {
        target = {word.substr(0, colon), ReadMargin(behind, "--metrics")};
    }
    ReadMetric(target.metric, "--metrics");
    return target;
}

std::vector<campaign::Target>
ReadTargets(const Arguments& arguments)
{
    const double margin = ReadMargin(arguments.Get("margin").value_or("2%"), "--margin");
    auto words = arguments.GetList("metrics");
    if (!arguments.Get("metrics"))
    {
        words = {"setup", "setup.p95", "first_message", "first_message.p95", "success"};
    }
    std::vector<campaign::Target> targets;
    targets.reserve(words.size());
    for (const auto& word : words)
    {
        auto target = ReadTarget(word, margin);
        const bool isTwice =
            std::any_of(targets.begin(), targets.end(), [&target](const auto& each) {
                return each.metric == target.metric;
            });
        if (isTwice)
        {
            throw UserError("--metrics: '" + target.metric + "' is given twice");
        }
        targets.push_back(std::move(target));
    }
    return targets;
}

std::string
ReadIngredients(const Arguments& arguments, const std::string& fallback)
{
    std::string letters = arguments.Get("ingredients").value_or(fallback);
    if (letters.empty() || letters.find_first_not_of(INGREDIENTS) != std::string::npos)
    {
        throw UserError("--ingredients: '" + letters + "' is not some of the letters " +
                        INGREDIENTS);
    }
    return letters;
}

/// @param plan that of the baseline to be updated, or the defaults. @return it with the options.
BaselinePlan
ReadPlan(const Arguments& arguments, const Subject& subject, BaselinePlan plan)
{
    const auto scenario = MakeScenario(subject.type);
    if (arguments.Get("schemes") || plan.schemes.empty())
    {
        plan.schemes = ChooseSchemes(arguments, subject.file, *scenario);
    }
    CheckSchemes(plan.schemes, *scenario, "--schemes");
    plan.shortSeeds =
        arguments.GetNumber("short-seeds", plan.shortSeeds, BaselinePlan::MOST_SHORT_SEEDS);
    plan.shortSessions = arguments.GetNumber("short-sessions",
                                             plan.shortSessions,
                                             BaselinePlan::MOST_SHORT_SESSIONS);
    plan.ingredients = ReadIngredients(arguments, plan.ingredients);
    plan.mostReplications =
        arguments.GetNumber("replications", plan.mostReplications, BaselinePlan::MOST_REPLICATIONS);
    if (plan.targets.empty() || arguments.Get("metrics") || arguments.Get("margin"))
    {
        plan.targets = ReadTargets(arguments);
    }
    if (plan.mostReplications < 2)
    {
        throw UserError("--replications: a spread needs 2 or more");
    }
    return plan;
}

/// Makes the runs of a command in worker processes, and shows how far they are.
class Workshop
{
  public:
    /// Has a series make runs.
    using Work = std::function<void(RunSeries& series)>;

    /// @param runs how many there will be, as far as it is known.
    Workshop(const Arguments& arguments,
             const Subject& subject,
             const Invocation& invocation,
             uint64_t runs)
        : m_subject(subject),
          m_workers(arguments.GetNumber("jobs", 1, MOST_WORKERS)),
          m_bar(invocation.err,
                &invocation.err == &std::cerr && campaign::StatusLine::IsStderrTerminal(),
                runs)
    {
    }

    campaign::StudyBar& GetBar()
    {
        return m_bar;
    }

    /// @param fail takes the runs that fail, with their commands.
    void Replicate(const RunSeries::FailureTaker& fail, const Work& work)
    {
        const auto make = [type = m_subject.type](const auto& key, const auto& progress) {
            return MakeRun(type, key, progress);
        };
        Make(m_subject.configuration, make, "", fail, work);
    }

    /// @param fail as for Replicate(). @return what the short runs leave.
    ShortRuns MakeShort(const BaselinePlan& plan, const RunSeries::FailureTaker& fail)
    {
        constexpr const char* option = "--sessions";
        auto configuration = m_subject.configuration;
        configuration.Add(
            {"Scenario", "Sessions", std::to_string(plan.shortSessions), option, option, 1},
            Configuration::Source::COMMAND_LINE);
        const auto make = [type = m_subject.type](const auto& key, const auto& progress) {
            return MakeTracedRun(type, key, progress);
        };
        ShortRuns runs;
        Make(configuration, make, "-short", fail, [&](RunSeries& series) {
            runs = MakeShortRuns(plan, series);
        });
        return runs;
    }

  private:
    /// @param suffix of the results files that the commands of failed runs name.
    void Make(const Configuration& configuration,
              const campaign::RunMaker& make,
              const std::string& suffix,
              const RunSeries::FailureTaker& fail,
              const Work& work)
    {
        configuration.Apply();
        ns3::TimeValue limit;
        MakeScenario(m_subject.type)->GetAttribute("TimeLimit", limit);
        campaign::ProcessEngine engine(make,
                                       m_workers,
                                       std::chrono::nanoseconds(limit.Get().GetNanoSeconds()));
        RunSeries series(engine, m_bar, m_interruption, [&](campaign::FailedRun&& failed) {
            const auto& key = failed.run.key;
            failed.failure.command =
                MakeRunCommand(m_subject.file,
                               configuration,
                               key,
                               {},
                               suffix + "-" + key.scheme + "-" + std::to_string(key.seed));
            fail(std::move(failed));
        });
        work(series);
    }

    const Subject& m_subject;
    const std::size_t m_workers;
    const Interruption m_interruption;
    campaign::StudyBar m_bar;
};

/// @return for each of the layers 1 to 3 whether it is wanted.
std::array<bool, 3>
ReadLayers(const Arguments& arguments)
{
    if (!arguments.Get("layers"))
    {
        return {true, true, true};
    }
    std::array<bool, 3> layers{};
    for (const auto& word : arguments.GetList("layers"))
    {
        const auto layer = ReadUnsigned(word);
        if (!layer || *layer < 1 || *layer > layers.size())
        {
            throw UserError("--layers: '" + word + "' is not 1, 2 or 3");
        }
        layers[*layer - 1] = true;
    }
    if (layers == std::array<bool, 3>{})
    {
        throw UserError("--layers: names no layer: some of 1,2,3");
    }
    return layers;
}

/// @param failures whose runs are to be left out. @return the other rows of runs.
template <typename Row>
std::vector<Row>
LeaveOut(const std::vector<campaign::FailedRun>& failures, std::vector<Row> rows)
{
    const auto hasFailed = [&failures](const Row& row) {
        return std::any_of(failures.begin(), failures.end(), [&row](const auto& failed) {
            return failed.run.key.scheme == row.scheme && failed.run.key.seed == row.seed;
        });
    };
    rows.erase(std::remove_if(rows.begin(), rows.end(), hasFailed), rows.end());
    return rows;
}

/// @param[out] failures what takes failed runs, in the order of the plan.
RunSeries::FailureTaker
KeepIn(std::vector<campaign::FailedRun>& failures)
{
    return [&failures](campaign::FailedRun&& failed) {
        const auto place =
            std::upper_bound(failures.begin(),
                             failures.end(),
                             failed.run.id,
                             [](uint64_t id, const auto& other) { return id < other.run.id; });
        failures.insert(place, std::move(failed));
    };
}

/// Layers 1 and 2. @param before old trajectories. @param path where they are from.
void
CompareShortRuns(const std::array<bool, 3>& layers,
                 const Baseline& baseline,
                 const std::vector<campaign::Trajectory>& before,
                 const std::string& path,
                 Workshop& workshop,
                 campaign::Regression& regression)
{
    auto& failures = regression.failedShortRuns;
    const auto runs = workshop.MakeShort(baseline.plan, KeepIn(failures));
    if (layers[0])
    {
        regression.fingerprints =
            campaign::CompareFingerprints(LeaveOut(failures, baseline.fingerprints),
                                          runs.fingerprints,
                                          baseline.plan.ingredients);
        NameFirstDifferences(*regression.fingerprints, before, runs.trajectories, path);
    }
    if (layers[1])
    {
        regression.figures =
            campaign::CompareFigures(LeaveOut(failures, baseline.figures), runs.figures);
    }
}

/// Layer 3.
void
CompareReplications(const Baseline& baseline, Workshop& workshop, campaign::Regression& regression)
{
    auto& failures = regression.failedReplications;
    workshop.Replicate(KeepIn(failures), [&](RunSeries& series) {
        Replications replications(baseline.plan, regression.firstSeed, series);
        replications.Extend(baseline.replications);
        regression.latencies =
            campaign::CompareLatencies(baseline.latencies, replications.GetRows(), failures);
    });
}

/// Makes the runs and compares them with a baseline.
campaign::Regression
Compare(const Arguments& arguments,
        const Invocation& invocation,
        const Subject& subject,
        const Baseline& baseline,
        const std::string& path)
{
    const auto layers = ReadLayers(arguments);
    const bool hasShortRuns = layers[0] || layers[1];
    const auto trajectories = campaign::GetTrajectoryPath(path);
    const auto before =
        layers[0] ? campaign::ReadTrajectories(trajectories) : std::vector<campaign::Trajectory>();
    campaign::Regression regression;
    regression.firstSeed = arguments.GetNumber("seed", baseline.firstSeed, BaselinePlan::MOST_SEED);
    regression.otherSeeds = regression.firstSeed != baseline.firstSeed;
    regression.replications = baseline.replications;
    const uint64_t seeds =
        (hasShortRuns ? baseline.plan.shortSeeds : 0) + (layers[2] ? baseline.replications : 0);
    Workshop workshop(arguments, subject, invocation, seeds * baseline.plan.schemes.size());
    if (layers[2]) // the longer runs first: they tell how much time is left
    {
        CompareReplications(baseline, workshop, regression);
    }
    if (hasShortRuns)
    {
        CompareShortRuns(layers, baseline, before, trajectories, workshop, regression);
    }
    return regression;
}

void
Check(const Arguments& arguments, const Invocation& invocation, const std::string& path)
{
    const bool isJson = arguments.GetChoice("format", {"table", "json"}) == 1;
    const auto subject = ReadSubject(arguments);
    const auto baseline = campaign::ReadBaseline(path);
    CheckScenario(baseline, subject, path);
    CheckBaseline(baseline, subject, path);
    std::optional<campaign::WholeFile> junit;
    if (const auto junitPath = arguments.Get("junit"))
    {
        junit.emplace(*junitPath);
    }
    const auto regression = Compare(arguments, invocation, subject, baseline, path);
    campaign::WriteRegression(regression,
                              isJson ? campaign::Format::JSON : campaign::Format::TABLE,
                              invocation.out);
    if (junit)
    {
        const auto name = std::filesystem::path(path).stem().string();
        junit->Write(campaign::FormatJunit(regression, name));
    }
    if (GetVerdict(regression) != campaign::Verdict::SAME)
    {
        invocation.out.flush();
        throw RunFailure(path + ": " + Explain(regression));
    }
}

/// @param kind of the run. @return what refuses a run that failed.
RunSeries::FailureTaker
Refuse(const std::string& kind)
{
    return [kind](const campaign::FailedRun& failed) {
        throw RunFailure(
            kind + " of " + campaign::DescribeFailure(failed) +
            "; no baseline is written; this makes the run alone: " + failed.failure.command);
    };
}

/// @return the new baseline without the reason for it.
Baseline
MakeBaseline(const Arguments& arguments,
             const Invocation& invocation,
             const Subject& subject,
             const Baseline& before,
             std::string& trajectories)
{
    Baseline baseline;
    baseline.programVersion = VERSION;
    baseline.ns3Version = GetNs3Version();
    baseline.scenario = GetShortName(subject.type);
    baseline.settings = subject.settings;
    baseline.plan = ReadPlan(arguments, subject, before.plan);
    baseline.history = before.history;
    baseline.firstSeed = arguments.GetNumber("seed", before.firstSeed, BaselinePlan::MOST_SEED);
    const auto& plan = baseline.plan;
    Workshop workshop(arguments, subject, invocation, plan.shortSeeds * plan.schemes.size());
    auto runs = workshop.MakeShort(plan, Refuse("short run"));
    trajectories = campaign::FormatTrajectories(runs.trajectories);
    baseline.fingerprints = std::move(runs.fingerprints);
    baseline.figures = std::move(runs.figures);
    workshop.Replicate(Refuse("replication"), [&](RunSeries& series) {
        Replications replications(plan, baseline.firstSeed, series);
        baseline.latencies = DesignReplications(plan, replications, workshop.GetBar());
        baseline.replications = replications.GetCount();
    });
    return baseline;
}

/// Says what becomes of each row. @return whether any changes.
bool
WriteChanges(const Baseline& before,
             const Baseline& after,
             campaign::Format format,
             std::ostream& out)
{
    using Kind = campaign::RowChange::Kind;
    campaign::Table table;
    table.columns = {{"change"}, {"row"}, {"content"}};
    uint64_t kept = 0;
    for (const auto& change : campaign::CompareRows(before, after))
    {
        if (change.kind == Kind::KEEP)
        {
            ++kept;
            continue;
        }
        const char* name = change.kind == Kind::INSERT   ? "insert"
                           : change.kind == Kind::UPDATE ? "update"
                                                         : "remove";
        table.rows.push_back({name, change.row, change.content});
    }
    if (format == campaign::Format::JSON || !table.rows.empty())
    {
        campaign::Write(table, format, out);
    }
    if (format == campaign::Format::TABLE)
    {
        out << (table.rows.empty() ? "" : "\n") << kept << " rows kept, " << table.rows.size()
            << " changed; " << after.replications << " replications\n";
    }
    return !table.rows.empty();
}

void
Update(const Arguments& arguments, const Invocation& invocation, const std::string& path)
{
    const auto reason = arguments.Get("reason").value_or("");
    if (reason.empty())
    {
        throw UserError("--update: needs --reason=TEXT, which the baseline keeps");
    }
    for (const char* option : {"layers", "junit"})
    {
        if (arguments.Get(option))
        {
            throw UserError("--" + std::string(option) + ": not with --update");
        }
    }
    if (!arguments.GetAssignments().empty())
    {
        throw UserError(arguments.GetAssignments().front().label +
                        ": not with --update: a baseline is of what the scenario file says");
    }
    const auto format = arguments.GetChoice("format", {"table", "json"}) == 1
                            ? campaign::Format::JSON
                            : campaign::Format::TABLE;
    const auto subject = ReadSubject(arguments);
    Baseline before;
    std::error_code unknown;
    if (std::filesystem::exists(path, unknown))
    {
        before = campaign::ReadBaseline(path);
        CheckScenario(before, subject, path);
    }
    campaign::WholeFile file(path);
    campaign::WholeFile trajectoryFile(campaign::GetTrajectoryPath(path));
    std::string trajectories;
    auto after = MakeBaseline(arguments, invocation, subject, before, trajectories);
    WriteChanges(before, after, format, invocation.out);
    if (FormatBaseline(after) != FormatBaseline(before))
    {
        after.history.push_back(reason);
        file.Write(FormatBaseline(after));
    }
    trajectoryFile.Write(trajectories);
}

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const auto path = arguments.Get("baseline").value_or("");
    if (path.empty())
    {
        throw UserError("check: needs --baseline=FILE, as in: " + MakeCheckCommand().spec.example);
    }
    if (arguments.Has("update"))
    {
        Update(arguments, invocation, path);
        return;
    }
    if (arguments.Get("reason"))
    {
        throw UserError("--reason: only with --update");
    }
    for (const auto& option : GetBaselineOptions())
    {
        if (arguments.Get(option.name))
        {
            throw UserError("--" + option.name + ": only with --update; the baseline has its own");
        }
    }
    Check(arguments, invocation, path);
}

} // namespace

Command
MakeCheckCommand()
{
    CommandSpec spec;
    spec.name = "check";
    spec.operand = "FILE";
    spec.operandRequired = true;
    spec.takesAssignments = true;
    spec.summary = "Compares a scenario file with a baseline: has the latency moved?";
    spec.example =
        "p2pim check scenarios/setup-time.ini --baseline=results/baselines/setup-time.json -j 2";
    spec.options = {
        {"baseline", "FILE", "the baseline, a .json file"},
        {"layers",
         "1,2,3",
         "1 fingerprints, 2 figures of short runs, 3 replications (default all)"},
        {"seed", "N", "first seed of the replications (default: the baseline's, seed by seed)"},
        {"jobs", "N", "processes that make the runs (default 1)", 'j'},
        {"format", "FORMAT", "table (default) or json"},
        {"junit", "FILE", "writes a JUnit XML report, too"},
        {"update", "", "makes the baseline, or makes it anew, and says what changes"},
        {"reason", "TEXT", "--update: why; kept in the baseline"},
    };
    const auto& more = GetBaselineOptions();
    spec.options.insert(spec.options.end(), more.begin(), more.end());
    return {spec, Execute};
}

} // namespace p2pim::program
