// SPDX-License-Identifier: GPL-2.0-only
#include "sweep.h"

#include "campaign/inline-engine.h"
#include "campaign/precision-plan.h"
#include "campaign/status-line.h"
#include "campaign/study-bar.h"
#include "interruption.h"
#include "metric-option.h"
#include "run-maker.h"
#include "user-error.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <iostream>
#include <optional>
#include <utility>

namespace p2pim::program
{

campaign::RunMaker
MakeRunMaker(Study& study)
{
    return [&study](const campaign::RunKey& key, const std::function<bool(uint32_t)>& progress) {
        study.Apply(key.point);
        return MakeRun(study.GetScenario(), key, progress);
    };
}

std::unique_ptr<campaign::RunEngine>
MakeEngine(Study& study, std::size_t workers)
{
    if (workers == 0)
    {
        return std::make_unique<campaign::InlineEngine>(MakeRunMaker(study));
    }
    const auto limit = study.GetTimeLimit();
    return std::make_unique<campaign::ProcessEngine>(
        MakeRunMaker(study),
        workers,
        std::chrono::nanoseconds(limit ? limit->GetNanoSeconds() : 0));
}

namespace
{

/// @return what says when to stop repeating; nothing if the repetitions are given.
std::optional<campaign::PrecisionPlan>
MakePrecisionPlan(const Study& study, const std::string& path)
{
    const auto& precision = study.GetPrecision();
    if (!precision)
    {
        return std::nullopt;
    }
    constexpr const char* defaultMetric = "first_message";
    const auto& metric = precision->metric;
    campaign::PrecisionGoal goal;
    goal.relative = precision->share;
    goal.least = std::max(goal.least, study.GetSeeds());
    goal.most = precision->most;
    return campaign::PrecisionPlan(
        path,
        ReadMetric(metric.empty() ? defaultMetric : metric, precision->place),
        goal);
}

/// A sweep under way.
class Sweeper
{
  public:
    Sweeper(Study& study, const SweepOptions& options, std::ostream& err)
        : m_study(study),
          m_options(options),
          m_err(err)
    {
    }

    SweepResult Sweep();

  private:
    /// A run is asked for. @return the next one that the file lacks and that was not tried yet.
    std::optional<campaign::PlannedRun> GetNext(campaign::ResultsStore& store);
    /// A run has ended.
    void Keep(campaign::ResultsStore& store, campaign::RunOutcome&& outcome);
    /// Makes what is missing of the present plan.
    void MakeMissing(campaign::ResultsStore& store,
                     campaign::RunEngine& engine,
                     campaign::StudyBar& bar);
    /// Makes the plan longer where it is not precise yet. @return whether it is longer now. @throw
    /// UserError no run has the metric.
    bool PlanMore(campaign::ResultsStore& store, campaign::PrecisionPlan& precision);
    /// Ends the file after a failure. @return the reason with what became of the file.
    std::string FinishAfterFailure(campaign::ResultsStore& store, const std::string& reason) const;

    Study& m_study;
    SweepOptions m_options;
    std::ostream& m_err;
    std::deque<campaign::PlannedRun> m_queue;
    uint64_t m_lastListed = 0; ///< the number of the last run that was in the queue
    SweepResult m_result;
    uint64_t m_failed = 0; ///< runs of this sweep
};

std::optional<campaign::PlannedRun>
Sweeper::GetNext(campaign::ResultsStore& store)
{
    constexpr std::size_t batch = 1000;
    if (m_queue.empty())
    {
        const auto listed = store.ListMissing(m_lastListed, batch, m_options.shard);
        m_queue.assign(listed.begin(), listed.end());
    }
    if (m_queue.empty())
    {
        return std::nullopt;
    }
    auto run = m_queue.front();
    m_queue.pop_front();
    m_lastListed = run.id;
    return run;
}

void
Sweeper::Keep(campaign::ResultsStore& store, campaign::RunOutcome&& outcome)
{
    if (outcome.record)
    {
        store.Store(*outcome.record);
        ++m_result.made;
        return;
    }
    outcome.failure.command = m_study.GetCommand(outcome.run);
    store.StoreFailure(outcome.run, outcome.failure);
    ++m_failed;
}

void
Sweeper::MakeMissing(campaign::ResultsStore& store,
                     campaign::RunEngine& engine,
                     campaign::StudyBar& bar)
{
    const Interruption interruption;
    campaign::RunEngine::Caller caller;
    caller.next = [&]() { return GetNext(store); };
    caller.done = [&](campaign::RunOutcome&& outcome) {
        const uint64_t sessions = outcome.record ? outcome.record->sessions.size() : 0;
        bar.EndRun(outcome.run.id, outcome.record.has_value(), sessions);
        Keep(store, std::move(outcome));
    };
    caller.progress = [&](const campaign::PlannedRun& run, uint32_t ended) {
        bar.Update(run.id, ended);
    };
    caller.isStopped = [&]() { return interruption.IsRequested(); };
    engine.Execute(caller);
    m_result.interrupted = interruption.IsRequested();
}

bool
Sweeper::PlanMore(campaign::ResultsStore& store, campaign::PrecisionPlan& precision)
{
    if (m_result.interrupted || m_failed > 0)
    {
        return false; // with all of its runs the next sweep decides as an unbroken one would
    }
    try
    {
        const auto runs = precision.GetNextRuns();
        store.Plan(runs);
        return !runs.empty();
    }
    catch (const campaign::MetricError& error)
    {
        store.Finish(m_options.shard);
        const auto mistake = MakeUserError(error, m_study.GetPrecision()->place);
        throw UserError(mistake.what() + ("; what was run is kept in " + m_options.output));
    }
}

std::string
Sweeper::FinishAfterFailure(campaign::ResultsStore& store, const std::string& reason) const
{
    try
    {
        store.Finish(m_options.shard);
    }
    catch (const campaign::StoreError&)
    {
        // There is no room even for that; a file whose status is "running" can be gone on with.
    }
    return reason + ": " + std::to_string(m_result.made) + " runs kept in " + m_options.output +
           "; the same command goes on from there";
}

SweepResult
Sweeper::Sweep()
{
    auto precision = MakePrecisionPlan(m_study, m_options.output);
    campaign::ResultsStore store(m_options.output,
                                 m_options.mode,
                                 m_study.GetProvenance(),
                                 m_study.MakePlan());
    const auto countMissing = [&]() {
        const auto progress = store.GetProgress(m_options.shard);
        return progress.planned - progress.succeeded;
    };
    campaign::StudyBar bar(m_err,
                           &m_err == &std::cerr && campaign::StatusLine::IsStderrTerminal(),
                           countMissing());
    try
    {
        const auto engine = MakeEngine(m_study, m_options.workers);
        MakeMissing(store, *engine, bar);
        while (precision && PlanMore(store, *precision))
        {
            bar.Expect(countMissing());
            MakeMissing(store, *engine, bar);
        }
        m_result.status = store.Finish(m_options.shard);
        m_result.progress = store.GetProgress(m_options.shard);
    }
    catch (const UserError&)
    {
        bar.Finish();
        throw;
    }
    catch (const std::runtime_error& error)
    {
        bar.Finish();
        throw RunFailure(FinishAfterFailure(store, error.what()));
    }
    bar.Finish();
    if (m_result.status == campaign::Status::COMPLETE)
    {
        m_result.interrupted = false; // it came too late
        m_result.imprecise = precision ? precision->CountImprecise() : 0;
        try
        {
            store.Compact();
        }
        catch (const campaign::StoreError& error)
        {
            throw RunFailure(std::string(error.what()) +
                             "; the results are complete, but not compact: the same command tries "
                             "it again");
        }
    }
    return m_result;
}

} // namespace

SweepResult
Sweep(Study& study, const SweepOptions& options, std::ostream& err)
{
    return Sweeper(study, options, err).Sweep();
}

} // namespace p2pim::program
