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
    campaign::RunLimits limits;
    if (const auto time = study.GetTimeLimit())
    {
        limits.time = std::chrono::nanoseconds(time->GetNanoSeconds());
    }
    return std::make_unique<campaign::ProcessEngine>(MakeRunMaker(study), workers, limits);
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

} // namespace

/// The open file, the engine and how far it is.
class Sweep::Impl
{
  public:
    Impl(Study& study, const SweepOptions& options, std::ostream& err)
        : m_study(study),
          m_options(options),
          m_err(err)
    {
    }

    SweepResult Execute();

  private:
    /// A run is asked for. @return the next one that the file lacks and that was not tried yet.
    std::optional<campaign::PlannedRun> GetNext(campaign::ResultsStore& store);
    /// A run has ended.
    void Keep(campaign::ResultsStore& store, campaign::RunOutcome&& outcome);
    /// Makes what is missing of the present plan.
    void MakeMissing(campaign::ResultsStore& store,
                     campaign::RunEngine& engine,
                     campaign::StudyBar& bar);
    /// Makes the plan longer where it is not precise yet. @return whether it is longer now.
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
Sweep::Impl::GetNext(campaign::ResultsStore& store)
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
Sweep::Impl::Keep(campaign::ResultsStore& store, campaign::RunOutcome&& outcome)
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
Sweep::Impl::MakeMissing(campaign::ResultsStore& store,
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
Sweep::Impl::PlanMore(campaign::ResultsStore& store, campaign::PrecisionPlan& precision)
{
    if (m_result.interrupted || m_failed > 0)
    {
        return false; // with all of its runs the next sweep decides as an unbroken one would
    }
    const auto runs = precision.GetNextRuns();
    store.Plan(runs);
    return !runs.empty();
}

std::string
Sweep::Impl::FinishAfterFailure(campaign::ResultsStore& store, const std::string& reason) const
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
Sweep::Impl::Execute()
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

Sweep::Sweep(Study& study, const SweepOptions& options, std::ostream& err)
    : m_impl(std::make_unique<Impl>(study, options, err))
{
}

Sweep::~Sweep() = default;

SweepResult
Sweep::Execute()
{
    return m_impl->Execute();
}

} // namespace p2pim::program
