// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/progress-bar.h"
#include "campaign/report.h"
#include "campaign/results-store.h"
#include "campaign/store-error.h"
#include "campaign/summary.h"
#include "commands.h"
#include "interruption.h"
#include "run-maker.h"
#include "run-plan.h"
#include "user-error.h"

#include <algorithm>
#include <iostream>

namespace p2pim::program
{

namespace
{

using ns3::p2pim::Scenario;

/**
 * Makes and stores a plan's runs one by one.
 *
 * @param plan the plan.
 * @param store where they are kept.
 * @param bar shows how far they are.
 * @param[out] kept how many have been stored, also when this throws.
 * @throw RunFailure the user has stopped it, or a run failed.
 */
void
MakeRuns(const RunPlan& plan,
         campaign::ResultsStore& store,
         campaign::ProgressBar& bar,
         std::size_t& kept)
{
    const Interruption interruption;
    for (const auto& key : plan.runs)
    {
        const std::string label = key.scheme + ", seed " + std::to_string(key.seed);
        bar.BeginRun(label);
        const auto progress = [&](uint32_t ended) {
            bar.Update(ended);
            return !interruption.IsRequested();
        };
        try
        {
            const auto record =
                interruption.IsRequested() ? std::nullopt : MakeRun(plan.scenario, key, progress);
            if (!record)
            {
                throw RunFailure("interrupted");
            }
            store.Store(*record);
        }
        catch (const RunFailure&)
        {
            throw;
        }
        catch (const campaign::StoreError&)
        {
            throw;
        }
        catch (const std::exception& error)
        {
            throw RunFailure(label + ": " + error.what());
        }
        ++kept;
    }
}

/// Writes the status of a file whose writing has failed. @return its name.
std::string
FinishAfterFailure(campaign::ResultsStore& store)
{
    try
    {
        return campaign::GetStatusName(store.Finish());
    }
    catch (const campaign::StoreError&)
    {
        // There is no room even for that; readers take a file without a status for unfinished.
        return campaign::GetStatusName(campaign::Status::RUNNING);
    }
}

/// Makes a plan's runs and keeps what is finished, whatever happens.
void
ExecutePlan(const RunPlan& plan, std::ostream& err)
{
    campaign::ResultsStore store(plan.output, plan.mode, plan.provenance, plan.runs);
    campaign::ProgressBar bar(err,
                              &err == &std::cerr && campaign::StatusLine::IsStderrTerminal(),
                              plan.runs.size(),
                              plan.sessions);
    std::size_t kept = 0;
    try
    {
        MakeRuns(plan, store, bar, kept);
        store.Finish();
    }
    catch (const std::runtime_error& error)
    {
        bar.Finish();
        const std::string status = FinishAfterFailure(store);
        throw RunFailure(std::string(error.what()) + ": " + std::to_string(kept) + " of " +
                         std::to_string(plan.runs.size()) + " runs kept in " + plan.output + " (" +
                         status + ")");
    }
    bar.Finish();
}

campaign::Format
GetFormat(const Arguments& arguments)
{
    return arguments.GetChoice("format", {"table", "json"}) == 1 ? campaign::Format::JSON
                                                                 : campaign::Format::TABLE;
}

/// --scheme, or p2p where the scenario has it.
std::vector<std::string>
ChooseOneScheme(const Arguments& arguments,
                const ScenarioFile& /* file */,
                const Scenario& scenario)
{
    const auto known = ListSchemes(scenario);
    const bool hasP2p = std::find(known.begin(), known.end(), "p2p") != known.end();
    const std::string scheme = arguments.Get("scheme").value_or(hasP2p ? "p2p" : known.front());
    CheckSchemes({scheme}, scenario, "--scheme");
    return {scheme};
}

/// @return the figures of a plan's runs, and of those that were in the file before.
campaign::Comparison
SummarisePlan(const RunPlan& plan)
{
    std::vector<std::string> schemes;
    for (const auto& key : plan.runs)
    {
        if (std::find(schemes.begin(), schemes.end(), key.scheme) == schemes.end())
        {
            schemes.push_back(key.scheme);
        }
    }
    return campaign::Compare(campaign::LoadResults(plan.output), schemes);
}

void
Run(const Arguments& arguments, const Invocation& invocation)
{
    const auto format = GetFormat(arguments);
    const RunPlan plan = MakePlan(arguments, ChooseOneScheme, invocation.commandLine);
    ExecutePlan(plan, invocation.err);
    campaign::WriteRun(SummarisePlan(plan), format, invocation.out);
}

void
CompareSchemes(const Arguments& arguments, const Invocation& invocation)
{
    const auto format = GetFormat(arguments);
    const RunPlan plan = MakePlan(arguments, ChooseSchemes, invocation.commandLine);
    ExecutePlan(plan, invocation.err);
    campaign::WriteComparison(SummarisePlan(plan), format, invocation.out);
}

/// What both commands take. @param schemeOption the option that chooses the schemes.
CommandSpec
MakeSpec(const OptionSpec& schemeOption)
{
    CommandSpec spec;
    spec.operand = "FILE";
    spec.operandRequired = true;
    spec.takesAssignments = true;
    spec.options = GetPlanOptions();
    spec.options.insert(spec.options.begin(), schemeOption);
    return spec;
}

} // namespace

Command
MakeRunCommand()
{
    CommandSpec spec = MakeSpec({"scheme", "NAME", "the scheme (default p2p)"});
    spec.name = "run";
    spec.summary = "Runs a scenario file for one scheme and sums it up.";
    spec.example = "p2pim run scenarios/setup-time.ini --scheme=p2p --sessions=100 "
                   "--GprsCell.TbfReleaseDelay=2s";
    return {spec, Run};
}

Command
MakeCompareCommand()
{
    CommandSpec spec =
        MakeSpec({"schemes",
                  "A,B,...",
                  "the schemes (default: schemes of the file, or all that the scenario has)"});
    spec.name = "compare";
    spec.summary = "Runs a scenario file for several schemes under the same seeds.";
    spec.example = "p2pim compare scenarios/setup-time.ini --schemes=p2p,sip-message,im-server "
                   "--sessions=200 --seeds=5";
    return {spec, CompareSchemes};
}

} // namespace p2pim::program
