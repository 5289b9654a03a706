// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/baseline.h"
#include "campaign/inline-engine.h"
#include "campaign/process-engine.h"
#include "campaign/regression-report.h"
#include "campaign/regression.h"
#include "campaign/trajectory.h"
#include "class-registry.h"
#include "commands.h"
#include "interruption.h"
#include "metric-option.h"
#include "replications.h"
#include "run-maker.h"
#include "run-plan.h"
#include "short-runs.h"
#include "strict-number.h"
#include "user-error.h"
#include "version.h"
#include "word-list.h"

#include "ns3/config.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <sstream>

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
        {"schemes", "A,B,...", "--update: the schemes (default: all that the scenario has)"},
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

/// What a command line names: a scenario, its settings, and how it is run.
struct Subject
{
    ScenarioFile file;
    ns3::TypeId type;
    Configuration configuration;
    std::vector<std::string> schemes;            ///< every one that it has
    std::map<std::string, std::string> settings; ///< of the scenario file
};

Subject
ReadSubject(const Arguments& arguments)
{
    CheckEnvironment();
    Subject subject;
    subject.file = ReadScenarioFile(arguments.GetOperand().value());
    subject.type = GetScenarioClass(subject.file);
    subject.configuration = ReadConfiguration(subject.file, arguments);
    for (const auto& varying : subject.configuration.ListVarying())
    {
        throw UserError(varying.label + ": '" + varying.text +
                        "' varies: a baseline is of one point");
    }
    subject.configuration.Apply();
    const auto scenario = MakeScenario(subject.type);
    CheckTogether(subject.configuration, *scenario);
    subject.schemes = ListSchemes(*scenario);
    for (const auto& assignment : subject.file.assignments)
    {
        subject.settings[assignment.className + "." + assignment.attribute] = assignment.value;
    }
    return subject;
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
    if (letters.empty() || letters.find_first_not_of("tclru") != std::string::npos)
    {
        throw UserError("--ingredients: '" + letters + "' is not some of the letters tclru");
    }
    return letters;
}

/// @param plan that of the baseline to be updated, or the defaults. @return it with the options.
BaselinePlan
ReadPlan(const Arguments& arguments, const Subject& subject, BaselinePlan plan)
{
    if (arguments.Get("schemes") || plan.schemes.empty())
    {
        plan.schemes = arguments.Get("schemes") ? arguments.GetList("schemes") : subject.schemes;
    }
    CheckSchemes(plan.schemes, *MakeScenario(subject.type), "--schemes");
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

campaign::RunMaker
GetRunMaker(const Subject& subject)
{
    return [type = subject.type](const auto& key, const auto& progress) {
        return MakeRun(type, key, progress);
    };
}

/// @return what makes the replications.
std::unique_ptr<campaign::RunEngine>
MakeEngine(const Arguments& arguments, const Subject& subject)
{
    const auto make = GetRunMaker(subject);
    const auto workers = arguments.GetNumber("jobs", 1, MOST_WORKERS);
    if (workers == 1)
    {
        return std::make_unique<campaign::InlineEngine>(make);
    }
    return std::make_unique<campaign::ProcessEngine>(make, workers);
}

/// Makes the short runs; afterwards the defaults are those of the whole scenario again.
ShortRuns
MakeShortRunsOf(const Subject& subject, const BaselinePlan& plan, ShortRunMaker maker)
{
    maker.make = GetRunMaker(subject);
    ns3::Config::SetDefault("ns3::p2pim::Scenario::Sessions",
                            ns3::UintegerValue(plan.shortSessions));
    auto runs = MakeShortRuns(plan, maker);
    subject.configuration.Apply();
    return runs;
}

/// Refuses a baseline of something else than @p subject. @param path the baseline's file.
void
CheckScenario(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    const auto scenario = GetShortName(subject.type);
    if (baseline.scenario != scenario)
    {
        throw UserError(path + ": a baseline of " + baseline.scenario + "; " + subject.file.name +
                        " is " + scenario);
    }
}

/// Refuses a baseline of other settings than the scenario file's.
void
CheckSettings(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    auto keys = baseline.settings;
    keys.insert(subject.settings.begin(), subject.settings.end());
    const auto get = [](const auto& settings, const std::string& key) {
        const auto found = settings.find(key);
        return found == settings.end() ? "its default" : "'" + found->second + "'";
    };
    for (const auto& [key, value] : keys)
    {
        const auto before = get(baseline.settings, key);
        const auto present = get(subject.settings, key);
        if (before != present)
        {
            std::ostringstream line;
            line << path << ": made with " << key << " as " << before << ", " << subject.file.name
                 << " has " << present << "; check --update makes it anew";
            throw UserError(line.str());
        }
    }
}

/// Refuses a baseline whose plan this program cannot make.
void
CheckPlan(const Baseline& baseline, const Subject& subject, const std::string& path)
{
    CheckSchemes(baseline.plan.schemes, *MakeScenario(subject.type), path + ": schemes");
    for (const auto& target : baseline.plan.targets)
    {
        ReadMetric(target.metric, path + ": targets");
    }
    for (const auto& row : baseline.latencies)
    {
        ReadMetric(row.metric, path + ": latencies");
    }
}

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

/// @return the runs of @p path that are those of the baseline.
std::vector<campaign::Trajectory>
ReadTrajectoriesOf(const Baseline& baseline, const std::string& path)
{
    auto trajectories = campaign::ReadTrajectories(path);
    const auto isStranger = [&baseline](const campaign::Trajectory& run) {
        return std::none_of(baseline.fingerprints.begin(),
                            baseline.fingerprints.end(),
                            [&run](const auto& row) {
                                const auto hash = row.hashes.find('t');
                                return row.scheme == run.scheme && row.seed == run.seed &&
                                       hash != row.hashes.end() && hash->second == run.mark;
                            });
    };
    trajectories.erase(std::remove_if(trajectories.begin(), trajectories.end(), isStranger),
                       trajectories.end());
    return trajectories;
}

/// Makes the runs and compares them with a baseline.
campaign::Regression
Compare(const Arguments& arguments,
        const Subject& subject,
        const Baseline& baseline,
        const std::string& path)
{
    const Interruption interruption;
    const auto isStopped = [&interruption] { return interruption.IsRequested(); };
    const auto layers = ReadLayers(arguments);
    campaign::Regression regression;
    if (layers[0] || layers[1])
    {
        ShortRunMaker maker;
        maker.isStopped = isStopped;
        const auto trajectories = campaign::GetTrajectoryPath(path);
        maker.before = ReadTrajectoriesOf(baseline, trajectories);
        const auto runs = MakeShortRunsOf(subject, baseline.plan, maker);
        if (layers[0])
        {
            regression.fingerprints = campaign::CompareFingerprints(baseline.fingerprints,
                                                                    runs.fingerprints,
                                                                    baseline.plan.ingredients);
            regression.firstDifference = runs.firstDifference;
            if (IsRed(regression, 1) && maker.before.empty())
            {
                regression.firstDifference =
                    trajectories + " does not have the old events: which differs is not known";
            }
        }
        if (layers[1])
        {
            regression.figures = campaign::CompareFigures(baseline.figures, runs.figures);
        }
    }
    if (layers[2])
    {
        const auto engine = MakeEngine(arguments, subject);
        regression.firstSeed =
            arguments.GetNumber("seed", baseline.firstSeed, BaselinePlan::MOST_SEED);
        regression.otherSeeds = regression.firstSeed != baseline.firstSeed;
        regression.replications = baseline.replications;
        Replications replications(baseline.plan, regression.firstSeed, *engine, isStopped);
        replications.Extend(baseline.replications);
        regression.latencies =
            campaign::CompareLatencies(baseline.latencies, replications.GetRows());
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
    CheckSettings(baseline, subject, path);
    CheckPlan(baseline, subject, path);
    const auto regression = Compare(arguments, subject, baseline, path);
    campaign::WriteRegression(regression,
                              isJson ? campaign::Format::JSON : campaign::Format::TABLE,
                              invocation.out);
    if (const auto junit = arguments.Get("junit"))
    {
        const auto name = std::filesystem::path(path).stem().string();
        campaign::WriteWholeFile(*junit, campaign::FormatJunit(regression, name));
    }
    if (IsRegression(regression))
    {
        invocation.out.flush();
        throw RunFailure(path + ": " + Explain(regression));
    }
}

/// @return the new baseline without the reason for it.
Baseline
MakeBaseline(const Arguments& arguments,
             const Subject& subject,
             const Baseline& before,
             std::string& trajectories)
{
    const Interruption interruption;
    const auto isStopped = [&interruption] { return interruption.IsRequested(); };
    Baseline baseline;
    baseline.programVersion = VERSION;
    baseline.ns3Version = GetNs3Version();
    baseline.scenario = GetShortName(subject.type);
    baseline.settings = subject.settings;
    baseline.plan = ReadPlan(arguments, subject, before.plan);
    baseline.history = before.history;
    baseline.firstSeed = arguments.GetNumber("seed", before.firstSeed, BaselinePlan::MOST_SEED);
    ShortRunMaker maker;
    maker.isStopped = isStopped;
    maker.keepsTrajectories = true;
    auto runs = MakeShortRunsOf(subject, baseline.plan, maker);
    trajectories = campaign::FormatTrajectories(runs.trajectories);
    baseline.fingerprints = std::move(runs.fingerprints);
    baseline.figures = std::move(runs.figures);
    const auto engine = MakeEngine(arguments, subject);
    Replications replications(baseline.plan, baseline.firstSeed, *engine, isStopped);
    baseline.latencies = DesignReplications(baseline.plan, replications);
    baseline.replications = replications.GetCount();
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
    std::string trajectories;
    auto after = MakeBaseline(arguments, subject, before, trajectories);
    WriteChanges(before, after, format, invocation.out);
    if (FormatBaseline(after) != FormatBaseline(before))
    {
        after.history.push_back(reason);
        campaign::WriteWholeFile(path, FormatBaseline(after));
    }
    campaign::WriteWholeFile(campaign::GetTrajectoryPath(path), trajectories);
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
        {"jobs", "N", "processes that make the replications (default 1)", 'j'},
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
