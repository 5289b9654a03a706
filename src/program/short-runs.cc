// SPDX-License-Identifier: GPL-2.0-only
#include "short-runs.h"

#include "campaign/metric.h"
#include "campaign/summary.h"
#include "run-maker.h"

#include "ns3/fingerprint-simulator-impl.h"

#include <algorithm>
#include <cstring>
#include <iomanip>
#include <map>
#include <set>
#include <sstream>

namespace p2pim::program
{

namespace
{

using campaign::Trajectory;
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
FindTrajectory(const std::vector<Trajectory>& trajectories, const campaign::FingerprintRow& row)
{
    const auto found =
        std::find_if(trajectories.begin(), trajectories.end(), [&row](const auto& each) {
            const auto hash = row.hashes.find('t');
            return each.scheme == row.scheme && each.seed == row.seed && hash != row.hashes.end() &&
                   each.mark == hash->second;
        });
    return found == trajectories.end() ? nullptr : &*found;
}

/// Adds what a run leaves.
void
Add(RunRecord&& record, const campaign::BaselinePlan& plan, ShortRuns& runs)
{
    campaign::FingerprintRow row{record.scheme, record.seed, record.trace.events.size(), {}};
    for (const auto& [ingredient, hash] : record.trace.fingerprints)
    {
        row.hashes[ingredient] = FormatHash(hash);
    }
    row.hashes['r'] = FormatHash(HashRecord(record));
    for (const auto& metric : ListMetrics(record, plan))
    {
        const auto spec = campaign::ParseMetric(metric);
        if (const auto value = campaign::Evaluate(campaign::GetSample(record, spec), spec))
        {
            runs.figures.push_back({record.scheme, record.seed, metric, *value});
        }
    }
    runs.trajectories.push_back(
        {record.scheme, record.seed, row.hashes['t'], std::move(record.trace.events)});
    runs.fingerprints.push_back(std::move(row));
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

std::optional<RunRecord>
MakeTracedRun(ns3::TypeId scenario,
              const campaign::RunKey& key,
              const ns3::p2pim::Scenario::Progress& progress)
{
    TraceRecord trace;
    const ns3::p2pim::RunFingerprint fingerprint([&trace](const auto& event) {
        trace.events.push_back({event.timeNs, event.context, event.packets, event.octets});
    });
    auto record = MakeRun(scenario, key, progress);
    if (record)
    {
        trace.fingerprints = {{'t', fingerprint.GetTimes()},
                              {'c', fingerprint.GetContexts()},
                              {'l', fingerprint.GetLengths()},
                              {'u', fingerprint.GetUids()}};
        record->trace = std::move(trace);
    }
    return record;
}

ShortRuns
MakeShortRuns(const campaign::BaselinePlan& plan, RunSeries& series)
{
    std::vector<campaign::RunKey> keys;
    keys.reserve(plan.shortSeeds * plan.schemes.size());
    for (uint64_t seed = 1; seed <= plan.shortSeeds; ++seed)
    {
        for (const auto& scheme : plan.schemes)
        {
            keys.push_back({scheme, seed});
        }
    }
    std::map<std::size_t, RunRecord> records;
    series.Make(keys, [&records](std::size_t index, RunRecord&& record) {
        records[index] = std::move(record);
    });
    ShortRuns runs;
    for (auto& [index, record] : records)
    {
        Add(std::move(record), plan, runs);
    }
    return runs;
}

void
NameFirstDifferences(std::vector<campaign::FingerprintResult>& results,
                     const std::vector<Trajectory>& before,
                     const std::vector<Trajectory>& after,
                     const std::string& path)
{
    for (auto& result : results)
    {
        const bool isOfEvents = result.differing.find_first_of("tclu") != std::string::npos;
        if (!isOfEvents || !result.before || !result.after)
        {
            continue;
        }
        const auto* old = FindTrajectory(before, *result.before);
        const auto* present = FindTrajectory(after, *result.after);
        if (!old || !present)
        {
            result.firstDifference = "not known: " + path + " does not have the old events";
        }
        else if (const auto difference = campaign::FindDifference(old->events, present->events))
        {
            result.firstDifference = campaign::Describe(*difference);
        }
    }
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
