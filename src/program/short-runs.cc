// SPDX-License-Identifier: GPL-2.0-only
#include "short-runs.h"

#include "campaign/metric.h"
#include "campaign/summary.h"
#include "user-error.h"

#include "ns3/fingerprint-simulator-impl.h"

#include <algorithm>
#include <cstring>
#include <iomanip>
#include <optional>
#include <set>
#include <sstream>

namespace p2pim::program
{

namespace
{

using campaign::Trajectory;
using campaign::TrajectoryComparer;
using ns3::p2pim::Fnv1a;

std::string
FormatHash(uint64_t hash)
{
    std::ostringstream text;
    text << std::hex << std::setfill('0') << std::setw(16) << hash;
    return text.str();
}

/// The figures of each short run: those of all sessions, each phase's, and the targets.
std::vector<std::string>
ListMetrics(const RunRecord& record, const campaign::BaselinePlan& plan)
{
    std::vector<std::string> metrics;
    for (const char* measure : {"setup", "first_message", "message_delay"})
    {
        for (const char* statistic : {"", ".p95", ".max"})
        {
            metrics.push_back(std::string(measure) + statistic);
        }
    }
    metrics.emplace_back("success");
    std::set<std::string> phases;
    for (const auto& session : record.sessions)
    {
        for (const auto& phase : campaign::SplitIntoPhases(session))
        {
            phases.insert("phase:" + phase.name);
        }
    }
    metrics.insert(metrics.end(), phases.begin(), phases.end());
    for (const auto& target : plan.targets)
    {
        if (std::find(metrics.begin(), metrics.end(), target.metric) == metrics.end())
        {
            metrics.push_back(target.metric);
        }
    }
    return metrics;
}

const Trajectory*
FindTrajectory(const std::vector<Trajectory>& trajectories, const campaign::RunKey& key)
{
    const auto found =
        std::find_if(trajectories.begin(), trajectories.end(), [&key](const auto& each) {
            return each.scheme == key.scheme && each.seed == key.seed;
        });
    return found == trajectories.end() ? nullptr : &*found;
}

/// Makes one run and adds what it leaves.
void
MakeShortRun(const campaign::RunKey& key,
             const campaign::BaselinePlan& plan,
             const ShortRunMaker& maker,
             ShortRuns& runs)
{
    Trajectory trajectory{key.scheme, key.seed, "", {}};
    std::optional<TrajectoryComparer> comparer;
    if (const auto* before = FindTrajectory(maker.before, key))
    {
        comparer.emplace(*before);
    }
    const auto observe = [&](const ns3::p2pim::ExecutedEvent& executed) {
        const campaign::TrajectoryEvent event{executed.timeNs,
                                              executed.context,
                                              executed.packets,
                                              executed.octets};
        if (comparer)
        {
            comparer->Add(event);
        }
        if (maker.keepsTrajectories)
        {
            trajectory.events.push_back(event);
        }
    };
    const ns3::p2pim::RunFingerprint fingerprint(observe);
    const auto record = maker.make(key, [&maker](uint32_t) { return !maker.isStopped(); });
    if (!record)
    {
        throw RunFailure("interrupted");
    }
    runs.fingerprints.push_back({key.scheme,
                                 key.seed,
                                 fingerprint.GetEvents(),
                                 {{'t', FormatHash(fingerprint.GetTimes())},
                                  {'c', FormatHash(fingerprint.GetContexts())},
                                  {'l', FormatHash(fingerprint.GetLengths())},
                                  {'u', FormatHash(fingerprint.GetUids())},
                                  {'r', FormatHash(HashRecord(*record))}}});
    for (const auto& metric : ListMetrics(*record, plan))
    {
        const auto spec = campaign::ParseMetric(metric);
        if (const auto value = campaign::Evaluate(campaign::GetSample(*record, spec), spec))
        {
            runs.figures.push_back({key.scheme, key.seed, metric, *value});
        }
    }
    if (maker.keepsTrajectories)
    {
        trajectory.mark = FormatHash(fingerprint.GetTimes());
        runs.trajectories.push_back(std::move(trajectory));
    }
    if (comparer && runs.firstDifference.empty())
    {
        comparer->Finish();
        if (const auto& difference = comparer->GetDifference())
        {
            runs.firstDifference = "The first event that differs: " + key.scheme + ", seed " +
                                   std::to_string(key.seed) + ", " + Describe(*difference);
        }
    }
}

void
Add(const SessionRecord& session, Fnv1a& hash)
{
    const auto addTime = [&hash](int64_t time) { hash.Add(static_cast<uint64_t>(time)); };
    hash.Add(uint64_t{session.index});
    for (const auto* text : {&session.bearer,
                             &session.cause,
                             &session.diagnosis,
                             &session.initiatorAccess,
                             &session.targetAccess})
    {
        hash.Add(*text);
    }
    hash.AddOctet(session.succeeded ? 1 : 0);
    addTime(session.setupNs);
    addTime(session.firstMessageNs);
    for (const auto& step : session.steps)
    {
        hash.Add(step.name);
        addTime(step.timeNs);
    }
    for (const auto& message : session.messages)
    {
        hash.Add(uint64_t{message.index} << 1 | (message.fromInitiator ? 1 : 0));
        hash.Add(uint64_t{message.octets});
        addTime(message.sentNs);
        addTime(message.receivedNs);
    }
    for (const auto& attempt : session.attempts)
    {
        hash.Add(uint64_t{attempt.tries} << 1 | (attempt.fromInitiator ? 1 : 0));
        for (const auto* text :
             {&attempt.candidate, &attempt.local, &attempt.remote, &attempt.outcome})
        {
            hash.Add(*text);
        }
        addTime(attempt.startNs);
        addTime(attempt.endNs);
    }
}

} // namespace

ShortRuns
MakeShortRuns(const campaign::BaselinePlan& plan, const ShortRunMaker& maker)
{
    ShortRuns runs;
    for (uint64_t seed = 1; seed <= plan.shortSeeds; ++seed)
    {
        for (const auto& scheme : plan.schemes)
        {
            try
            {
                MakeShortRun({scheme, seed}, plan, maker, runs);
            }
            catch (const RunFailure&)
            {
                throw;
            }
            catch (const std::exception& error)
            {
                throw RunFailure(scheme + ", seed " + std::to_string(seed) + ": " + error.what());
            }
        }
    }
    return runs;
}

uint64_t
HashRecord(const RunRecord& record)
{
    Fnv1a hash;
    hash.Add(record.scheme);
    hash.Add(record.seed);
    hash.Add(record.events);
    for (const auto& session : record.sessions)
    {
        Add(session, hash);
    }
    for (const auto& counter : record.counters)
    {
        hash.Add(counter.element);
        hash.Add(counter.name);
        uint64_t octets = 0;
        static_assert(sizeof(octets) == sizeof(counter.value));
        std::memcpy(&octets, &counter.value, sizeof(octets));
        hash.Add(octets);
    }
    return hash.Get();
}

} // namespace p2pim::program
