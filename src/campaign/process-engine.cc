// SPDX-License-Identifier: GPL-2.0-only
#include "process-engine.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace p2pim
{
namespace campaign
{

namespace
{

using Clock = std::chrono::steady_clock;

/// How soon a request to stop is noticed, and how often progress is told.
constexpr std::chrono::milliseconds g_tick(100);

/// Longest time between two looks at the clock that counts towards a run's limit: in a longer one
/// the whole program, with its workers, was suspended.
constexpr std::chrono::nanoseconds g_longestPass = 5 * g_tick;

/// How often in a row, for each worker, one may end before it begins its run.
constexpr std::size_t g_mostInVain = 10;

RunFailure
DescribeTimeLimit(std::chrono::nanoseconds limit)
{
    std::ostringstream detail;
    detail << "no end after " << std::chrono::duration<double>(limit).count() << " s";
    return {"time limit", detail.str(), ""};
}

} // namespace

ProcessEngine::ProcessEngine(RunMaker make, std::size_t workers, std::chrono::nanoseconds timeLimit)
    : m_make(std::move(make)),
      m_most(std::max<std::size_t>(workers, 1)),
      m_timeLimit(timeLimit)
{
    std::signal(SIGCHLD, SIG_DFL); // ignored, as a parent may leave it, it hides how a worker ends
}

void
ProcessEngine::Execute(const Caller& caller)
{
    m_room = m_most;
    m_exhausted = false;
    m_vain = 0;
    m_lastWatch = m_lastReport = Clock::now();
    try
    {
        Work(caller);
    }
    catch (...)
    {
        GiveUp();
        throw;
    }
    GiveUp();
}

void
ProcessEngine::Work(const Caller& caller)
{
    while (!caller.isStopped())
    {
        HandOut(caller);
        const bool isWorking = std::any_of(m_workers.begin(), m_workers.end(), [](const auto& w) {
            return w.GetRun().has_value();
        });
        const bool hasEnded = !m_ended.empty();
        if (hasEnded)
        {
            Deliver(caller);
        }
        else if (!isWorking && m_waiting.empty())
        {
            return;
        }
        Wait(hasEnded ? 0 : static_cast<int>(g_tick.count()));
        if (caller.isStopped())
        {
            break; // the signal that stops this process may have ended the workers
        }
        for (auto worker = m_workers.begin(); worker != m_workers.end();)
        {
            worker = worker->IsLost() ? Dismiss(worker) : std::next(worker);
        }
        Watch(caller);
    }
    while (!m_ended.empty())
    {
        Deliver(caller);
    }
}

void
ProcessEngine::HandOut(const Caller& caller)
{
    // Where the caller does not keep up with what ends, workers wait: outcomes must not pile up.
    while (m_ended.size() <= m_most && HasRoom())
    {
        const auto run = TakeNext(caller);
        if (!run)
        {
            return;
        }
        WorkerProcess* const worker = FindWorker();
        if (!worker)
        {
            m_waiting.push_front(*run);
            return;
        }
        worker->Assign(*run);
    }
}

bool
ProcessEngine::HasRoom() const
{
    return m_workers.size() < m_room ||
           std::any_of(m_workers.begin(), m_workers.end(), [](const auto& worker) {
               return !worker.GetRun();
           });
}

WorkerProcess*
ProcessEngine::FindWorker()
{
    for (auto& worker : m_workers)
    {
        if (!worker.GetRun())
        {
            return &worker;
        }
    }
    try
    {
        return &m_workers.emplace_back(m_make);
    }
    catch (const std::system_error&)
    {
        if (m_workers.empty())
        {
            throw;
        }
        m_room = m_workers.size();
        return nullptr;
    }
}

std::optional<PlannedRun>
ProcessEngine::TakeNext(const Caller& caller)
{
    if (!m_waiting.empty())
    {
        auto run = std::move(m_waiting.front());
        m_waiting.pop_front();
        return run;
    }
    auto run = m_exhausted ? std::nullopt : caller.next();
    m_exhausted = !run;
    return run;
}

void
ProcessEngine::Wait(int patience)
{
    std::vector<pollfd> watched;
    watched.reserve(2 * m_workers.size());
    for (const auto& worker : m_workers)
    {
        const auto wanted = worker.GetWatched();
        watched.insert(watched.end(), wanted.begin(), wanted.end());
    }
    if (poll(watched.data(), watched.size(), patience) <= 0)
    {
        return; // a signal, or nothing
    }
    auto happened = watched.begin();
    for (auto worker = m_workers.begin(); worker != m_workers.end(); happened += 2)
    {
        auto outcome = worker->Exchange({*happened, *std::next(happened)});
        const bool hasFailed = outcome && !outcome->record;
        if (outcome)
        {
            m_vain = 0;
            m_ended.push_back(*std::move(outcome));
        }
        // What a run leaves behind when it is broken off must not reach the next one.
        worker = hasFailed ? Dismiss(worker) : std::next(worker);
    }
}

void
ProcessEngine::Watch(const Caller& caller)
{
    const auto now = Clock::now();
    const auto passed = std::min<std::chrono::nanoseconds>(now - m_lastWatch, g_longestPass);
    const bool isReport = caller.progress && now - m_lastReport >= g_tick;
    m_lastWatch = now;
    m_lastReport = isReport ? now : m_lastReport;
    for (auto worker = m_workers.begin(); worker != m_workers.end();)
    {
        const bool isRunning = worker->HasBegun();
        if (isRunning && isReport)
        {
            caller.progress(*worker->GetRun(), worker->GetEnded());
        }
        const bool isOver = isRunning && worker->Spend(passed) >= m_timeLimit &&
                            m_timeLimit > std::chrono::nanoseconds(0);
        worker = isOver ? Dismiss(worker, DescribeTimeLimit(m_timeLimit)) : std::next(worker);
    }
}

void
ProcessEngine::Deliver(const Caller& caller)
{
    auto outcome = std::move(m_ended.front());
    m_ended.pop_front();
    caller.done(std::move(outcome));
}

ProcessEngine::Workers::iterator
ProcessEngine::Dismiss(Workers::iterator worker, std::optional<RunFailure> reason)
{
    const bool hasBegun = worker->HasBegun();
    const auto run = worker->GetRun();
    auto failure = worker->End();
    if (hasBegun)
    {
        m_vain = 0;
        m_ended.push_back({*run, {}, reason ? *std::move(reason) : std::move(failure)});
    }
    else if (run)
    {
        m_waiting.push_front(*run);
        if (++m_vain >= g_mostInVain * m_most)
        {
            throw std::runtime_error("workers end before they begin a run: " + failure.cause +
                                     ", " + failure.detail);
        }
    }
    return m_workers.erase(worker);
}

void
ProcessEngine::GiveUp()
{
    m_workers.remove_if([](const auto& worker) { return worker.GetRun().has_value(); });
    m_waiting.clear();
    m_ended.clear();
}

} // namespace campaign
} // namespace p2pim
