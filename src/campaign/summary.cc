// SPDX-License-Identifier: GPL-2.0-only
#include "summary.h"

#include "step-order.h"

#include <algorithm>
#include <set>

namespace p2pim
{
namespace campaign
{

namespace
{

using Runs = std::vector<const ::p2pim::RunRecord*>;
using Sessions = std::vector<const ::p2pim::SessionRecord*>;

double
ToSeconds(int64_t ns)
{
    return static_cast<double>(ns) / 1e9;
}

bool
IsLaterMessage(const ::p2pim::MessageRecord& message)
{
    return message.index >= 1 && message.receivedNs >= 0;
}

TimeSummary
SummariseTimes(std::vector<double> sample)
{
    std::sort(sample.begin(), sample.end());
    return {EstimateMean(sample), EstimateQuantile(sample, 0.5), EstimateQuantile(sample, 0.95)};
}

TimeSummary
SummariseMetric(const Sessions& sessions, Metric metric)
{
    std::vector<double> sample;
    for (const auto* session : sessions)
    {
        if (const auto value = Measure(*session, metric))
        {
            sample.push_back(*value);
        }
    }
    return SummariseTimes(std::move(sample));
}

TimeSummary
SummariseMessages(const Sessions& sessions)
{
    std::vector<double> sample;
    for (const auto* session : sessions)
    {
        for (const auto& message : session->messages)
        {
            if (IsLaterMessage(message))
            {
                sample.push_back(ToSeconds(message.receivedNs - message.sentNs));
            }
        }
    }
    return SummariseTimes(std::move(sample));
}

std::vector<PhaseSummary>
SummarisePhases(const Sessions& sessions, const std::vector<std::string>& order)
{
    std::map<std::string, std::vector<double>> samples;
    for (const auto* session : sessions)
    {
        for (const auto& phase : SplitIntoPhases(*session))
        {
            samples[phase.name].push_back(ToSeconds(phase.durationNs));
        }
    }
    std::vector<PhaseSummary> phases;
    for (const auto& name : order)
    {
        const auto found = samples.find(name);
        if (found != samples.end())
        {
            phases.push_back({name, SummariseTimes(std::move(found->second))});
        }
    }
    return phases;
}

GroupSummary
SummariseGroup(const Sessions& sessions, const std::vector<std::string>& order)
{
    GroupSummary group;
    group.sessions = sessions.size();
    for (const auto* session : sessions)
    {
        if (session->succeeded)
        {
            ++group.succeeded;
        }
        else
        {
            ++group.failures[session->cause];
            if (!session->diagnosis.empty())
            {
                ++group.diagnoses[session->diagnosis];
            }
        }
    }
    group.success = EstimateShare(group.succeeded, group.sessions);
    group.setup = SummariseMetric(sessions, Metric::SETUP);
    group.firstMessage = SummariseMetric(sessions, Metric::FIRST_MESSAGE);
    group.messageDelay = SummariseMessages(sessions);
    group.phases = SummarisePhases(sessions, order);
    return group;
}

/// Calls @p visit for each pair of sessions of the same users under the same seed. Both lists of
/// runs are ordered by seed, both lists of sessions by index.
template <typename Visit>
void
VisitPairs(const Runs& a, const Runs& b, const Visit& visit)
{
    auto runB = b.begin();
    for (const auto* runA : a)
    {
        while (runB != b.end() && (*runB)->seed < runA->seed)
        {
            ++runB;
        }
        if (runB == b.end() || (*runB)->seed != runA->seed)
        {
            continue;
        }
        auto sessionB = (*runB)->sessions.begin();
        for (const auto& sessionA : runA->sessions)
        {
            while (sessionB != (*runB)->sessions.end() && sessionB->index < sessionA.index)
            {
                ++sessionB;
            }
            if (sessionB != (*runB)->sessions.end() && sessionB->index == sessionA.index)
            {
                visit(sessionA, *sessionB);
            }
        }
    }
}

PairedDifference
ComparePair(const std::pair<std::string, Runs>& a,
            const std::pair<std::string, Runs>& b,
            Metric metric)
{
    std::vector<double> differences;
    VisitPairs(a.second, b.second, [&](const auto& sessionA, const auto& sessionB) {
        const auto valueA = Measure(sessionA, metric);
        const auto valueB = Measure(sessionB, metric);
        if (valueA && valueB)
        {
            differences.push_back(*valueA - *valueB);
        }
    });
    return {a.first, b.first, metric, EstimateMean(differences)};
}

bool
EndsWith(const std::string& text, const std::string& end)
{
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// @return whether a counter is over the time or the cases of its run, so that a sum over runs
/// would mean nothing.
bool
IsAverage(const std::string& counter)
{
    static const std::vector<std::string> ends{"_mean",
                                               "_erlang",
                                               "_share",
                                               "_occupancy",
                                               "_rate",
                                               "_holding_seconds",
                                               "sdcch_offered"};
    return std::any_of(ends.begin(), ends.end(), [&counter](const std::string& end) {
        return EndsWith(counter, end);
    });
}

/// Adds the counters of one of @p runs runs to those of all.
void
AddCounters(const std::vector<::p2pim::CounterRecord>& counters,
            size_t runs,
            std::map<std::string, std::map<std::string, double>>& all)
{
    for (const auto& [element, name, value] : counters)
    {
        double& whole = all[element][name];
        if (EndsWith(name, "_peak"))
        {
            whole = std::max(whole, value);
        }
        else
        {
            whole += IsAverage(name) ? value / static_cast<double>(runs) : value;
        }
    }
}

} // namespace

std::vector<Phase>
SplitIntoPhases(const ::p2pim::SessionRecord& session)
{
    std::vector<Phase> phases;
    for (size_t i = 1; i < session.steps.size(); ++i)
    {
        phases.push_back(
            {session.steps[i].name, session.steps[i].timeNs - session.steps[i - 1].timeNs});
    }
    return phases;
}

const char*
GetMetricName(Metric metric)
{
    switch (metric)
    {
    case Metric::SETUP:
        return "setup";
    case Metric::FIRST_MESSAGE:
        return "first_message";
    case Metric::MESSAGE_DELAY:
        return "message_delay";
    }
    return "";
}

std::optional<double>
Measure(const ::p2pim::SessionRecord& session, Metric metric)
{
    if (metric == Metric::MESSAGE_DELAY)
    {
        int64_t sum = 0;
        int64_t n = 0;
        for (const auto& message : session.messages)
        {
            if (IsLaterMessage(message))
            {
                sum += message.receivedNs - message.sentNs;
                ++n;
            }
        }
        return n > 0 ? std::optional(ToSeconds(sum) / static_cast<double>(n)) : std::nullopt;
    }
    const int64_t ns = metric == Metric::SETUP ? session.setupNs : session.firstMessageNs;
    return ns >= 0 ? std::optional(ToSeconds(ns)) : std::nullopt;
}

SchemeSummary
Summarise(const std::string& scheme, const Runs& runs)
{
    Sessions all;
    std::map<std::string, Sessions> byBearer;
    SchemeSummary summary;
    summary.scheme = scheme;
    for (const auto* run : runs)
    {
        for (const auto& session : run->sessions)
        {
            all.push_back(&session);
            byBearer[session.bearer].push_back(&session);
        }
        AddCounters(run->counters, runs.size(), summary.counters);
    }
    const auto order = GetStepOrder(runs);
    summary.all = SummariseGroup(all, order);
    for (const auto& [bearer, sessions] : byBearer)
    {
        summary.bearers[bearer] = SummariseGroup(sessions, order);
    }
    return summary;
}

Comparison
Compare(const Results& results, const std::vector<std::string>& schemes)
{
    Comparison comparison;
    comparison.provenance = results.provenance;
    comparison.status = results.status;
    std::set<uint64_t> seeds;
    std::vector<std::pair<std::string, Runs>> runsOf;
    for (const auto& scheme : schemes.empty() ? GetSchemes(results) : schemes)
    {
        runsOf.emplace_back(scheme, SelectRuns(results, {scheme}));
        for (const auto* run : runsOf.back().second)
        {
            seeds.insert(run->seed);
        }
        comparison.schemes.push_back(Summarise(scheme, runsOf.back().second));
    }
    comparison.seeds.assign(seeds.begin(), seeds.end());
    for (size_t a = 0; a < runsOf.size(); ++a)
    {
        for (size_t b = a + 1; b < runsOf.size(); ++b)
        {
            for (const auto metric : {Metric::SETUP, Metric::FIRST_MESSAGE, Metric::MESSAGE_DELAY})
            {
                comparison.paired.push_back(ComparePair(runsOf[a], runsOf[b], metric));
            }
        }
    }
    return comparison;
}

} // namespace campaign
} // namespace p2pim
