// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_ENGINE_STUDY_H
#define P2PIM_TESTS_ENGINE_STUDY_H

#include "campaign/run-engine.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <deque>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <new>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

/**
 * @file
 * Runs for the tests of engines that need no simulator: what a run does follows from the name of
 * its scheme.
 */

namespace p2pim
{
namespace campaign
{
namespace test
{

using Progress = std::function<bool(uint32_t)>;

#ifdef __SANITIZE_ADDRESS__
constexpr bool g_isSanitized = true;
#else
constexpr bool g_isSanitized = false;
#endif

/// A counter that forked processes share.
class SharedCounter
{
  public:
    SharedCounter()
        : m_value(new (mmap(nullptr,
                            sizeof(std::atomic<int64_t>),
                            PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS,
                            -1,
                            0)) std::atomic<int64_t>(0))
    {
    }

    ~SharedCounter()
    {
        munmap(m_value, sizeof *m_value);
    }

    SharedCounter(const SharedCounter&) = delete;
    SharedCounter& operator=(const SharedCounter&) = delete;

    std::atomic<int64_t>& operator*() const
    {
        return *m_value;
    }

  private:
    std::atomic<int64_t>* m_value;
};

[[noreturn]] inline void
Hang()
{
    while (true)
    {
        pause();
    }
}

/// A run of one session whose events are the process that made it.
inline RunRecord
MakeRecord(const RunKey& key)
{
    RunRecord record;
    record.point = key.point;
    record.scheme = key.scheme;
    record.seed = key.seed;
    record.events = static_cast<uint64_t>(getpid());
    record.sessions.resize(1);
    return record;
}

/// Plans runs, takes what becomes of them.
class Study
{
  public:
    Study() = default;

    /// @param schemes of its runs, in their order; each has its number for seed.
    explicit Study(const std::vector<std::string>& schemes)
    {
        for (const auto& scheme : schemes)
        {
            Plan(scheme);
        }
    }

    /// Adds @p count runs of a scheme.
    void Plan(const std::string& scheme, std::size_t count = 1)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            ++m_planned;
            m_waiting.push_back({m_planned, {scheme, m_planned, 0}});
        }
    }

    RunEngine::Caller GetCaller()
    {
        RunEngine::Caller caller;
        caller.next = [this]() -> std::optional<PlannedRun> {
            if (m_waiting.empty())
            {
                return {};
            }
            auto run = m_waiting.front();
            m_waiting.pop_front();
            return run;
        };
        caller.done = [this](RunOutcome&& outcome) {
            const auto id = outcome.run.id;
            EXPECT_TRUE(m_outcomes.emplace(id, std::move(outcome)).second) << id << " came twice";
        };
        caller.isStopped = []() { return false; };
        return caller;
    }

    const std::map<uint64_t, RunOutcome>& GetOutcomes() const
    {
        return m_outcomes;
    }

    /// @return "cause: detail" of a run that failed, "succeeded", or "missing".
    std::string Tell(uint64_t id) const
    {
        const auto outcome = m_outcomes.find(id);
        if (outcome == m_outcomes.end())
        {
            return "missing";
        }
        const auto& [run, record, failure] = outcome->second;
        return record ? "succeeded" : failure.cause + ": " + failure.detail;
    }

    std::size_t CountSuccesses() const
    {
        return std::count_if(m_outcomes.begin(), m_outcomes.end(), [](const auto& outcome) {
            return outcome.second.record.has_value();
        });
    }

    /// @return the processes that made the runs, if MakeRecord() made their records.
    std::set<uint64_t> GetProcesses() const
    {
        std::set<uint64_t> processes;
        for (const auto& [id, outcome] : m_outcomes)
        {
            processes.insert(outcome.record ? outcome.record->events : 0);
        }
        return processes;
    }

  private:
    uint64_t m_planned = 0;
    std::deque<PlannedRun> m_waiting;
    std::map<uint64_t, RunOutcome> m_outcomes;
};

inline std::optional<RunRecord>
MakeGoodRun(const RunKey& key, const Progress& /* progress */)
{
    return MakeRecord(key);
}

[[noreturn]] inline void
Throw()
{
    throw std::runtime_error("thrown where nothing may be");
}

/// What a run of a scheme does before it succeeds, if it does.
inline const std::map<std::string, std::function<void()>> g_mishaps{
    {"good", []() {}},
    {"segmentation fault",
     []() {
         std::signal(SIGSEGV, SIG_DFL); // a sanitizer has its own handler
         std::raise(SIGSEGV);
     }},
    {"abort", []() { std::abort(); }},
    {"exit", []() { std::exit(3); }},
    {"silent exit", []() { _exit(0); }},
    {"SIGKILL", []() { std::raise(SIGKILL); }},
    {"SIGTERM", []() { std::raise(SIGTERM); }},
    {"SIGINT", []() { std::raise(SIGINT); }},
    {"fatal error",
     []() { // as ns-3 does it
         std::fputs("a line of a log\nmsg=\"no route\", file=a.cc, line=7\n", stderr);
         std::fputs("NS_FATAL, terminating\n", stderr);
         std::terminate();
     }},
    {"noexcept", []() noexcept { Throw(); }},
    {"exception", []() { throw std::runtime_error("two\n\tlines \xff"); }},
    {"number", []() { throw 7; }},
    {"out of memory", []() { throw std::bad_alloc(); }},
    {"hang", []() { Hang(); }},
    {"nonsense",
     []() {
         const std::string octets(100, 'x');
         EXPECT_EQ(write(3, octets.data(), octets.size()), 100); // 3 is its socket
         Hang();
     }},
};

inline std::optional<RunRecord>
MakeMishap(const RunKey& key, const Progress& /* progress */)
{
    g_mishaps.at(key.scheme)();
    return MakeRecord(key);
}

} // namespace test
} // namespace campaign
} // namespace p2pim

#endif // P2PIM_TESTS_ENGINE_STUDY_H
