// SPDX-License-Identifier: GPL-2.0-only
#include "time-estimate.h"

#include "sweep.h"

#include <chrono>
#include <set>
#include <utility>

namespace p2pim::program
{

namespace
{

using Clock = std::chrono::steady_clock;

/// @return how long a run takes, s; of one that takes longer than a few seconds, what its sessions
/// so far suggest.
std::optional<double>
MeasureOne(campaign::RunEngine& engine, const campaign::RunKey& key, uint64_t sessions)
{
    constexpr std::chrono::seconds patience(4);
    std::optional<campaign::PlannedRun> next = campaign::PlannedRun{1, key};
    std::optional<double> seconds;
    uint32_t ended = 0;
    const auto start = Clock::now();
    const auto getElapsed = [&]() {
        return std::chrono::duration<double>(Clock::now() - start).count();
    };
    campaign::RunEngine::Caller caller;
    caller.next = [&]() { return std::exchange(next, std::nullopt); };
    caller.done = [&](campaign::RunOutcome&& outcome) {
        if (outcome.record)
        {
            seconds = getElapsed();
        }
    };
    caller.progress = [&](const campaign::PlannedRun&, uint32_t n) { ended = n; };
    caller.isStopped = [&]() { return Clock::now() - start > patience; };
    engine.Execute(caller);
    if (!seconds && ended > 0)
    {
        seconds = getElapsed() * static_cast<double>(sessions) / ended;
    }
    return seconds;
}

} // namespace

std::optional<double>
MeasureRunTime(Study& study)
{
    const auto engine = MakeEngine(study, 1);
    const uint64_t points = study.GetPointCount();
    const uint64_t sessions = study.GetSessionCount() / study.GetRunCount();
    const auto& schemes = study.GetSchemes();
    double sum = 0;
    uint32_t n = 0;
    for (const uint64_t point : std::set<uint64_t>{0, points / 2, points - 1})
    {
        const auto& scheme = schemes[n % schemes.size()];
        const auto seconds =
            MeasureOne(*engine,
                       {scheme, study.GetFirstSeed(), static_cast<uint32_t>(point)},
                       sessions);
        if (seconds)
        {
            sum += *seconds;
            ++n;
        }
    }
    return n > 0 ? std::optional(sum / n) : std::nullopt;
}

} // namespace p2pim::program
