// SPDX-License-Identifier: GPL-2.0-only
#include "figure-format.h"
#include "report.h"

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace p2pim
{
namespace campaign
{

namespace
{

/// A group of sessions of a scheme.
struct Group
{
    std::string scheme;
    std::string bearer; ///< "all" for every session of the scheme
    const GroupSummary* summary;
};

/// @return per scheme all of its sessions, then each bearer's if there is more than one.
std::vector<Group>
GetGroups(const Comparison& comparison)
{
    std::vector<Group> groups;
    for (const auto& scheme : comparison.schemes)
    {
        groups.push_back({scheme.scheme, "all", &scheme.all});
        if (scheme.bearers.size() > 1)
        {
            for (const auto& [bearer, summary] : scheme.bearers)
            {
                groups.push_back({scheme.scheme, bearer, &summary});
            }
        }
    }
    return groups;
}

void
WriteHeading(const Comparison& comparison, std::ostream& out)
{
    const auto& provenance = comparison.provenance;
    out << provenance.scenario << " (" << provenance.scenarioFile << "), p2pim "
        << provenance.programVersion << " on ns-3 " << provenance.ns3Version << '\n';
    const size_t seeds = comparison.seeds.size();
    out << CountSessions(comparison) << " sessions under " << seeds
        << (seeds == 1 ? " seed" : " seeds");
    if (seeds > 0)
    {
        out << " (" << comparison.seeds.front();
        if (seeds > 1)
        {
            out << " to " << comparison.seeds.back();
        }
        out << ')';
    }
    out << "; in brackets: 95 % confidence intervals\n";
    if (comparison.status != Status::COMPLETE)
    {
        out << "PARTIAL: some of the runs that were planned are missing\n";
    }
}

void
WriteSection(const std::string& title, const Table& table, std::ostream& out)
{
    out << '\n' << title << "\n\n";
    WriteText(table, out);
}

void
WriteSuccess(const std::vector<Group>& groups, std::ostream& out)
{
    Table table;
    table.groupByFirst = true;
    table.columns = {{"scheme"},
                     {"bearer"},
                     {"sessions", "", true},
                     {"succeeded", "", true},
                     {"success, %", "", true}};
    const auto toPercent = [](const Estimate& share) {
        return Estimate{share.value * 100, share.low * 100, share.high * 100, share.n};
    };
    FigureFormat format;
    for (const auto& group : groups)
    {
        format.Fit(toPercent(group.summary->success));
    }
    for (const auto& group : groups)
    {
        table.rows.push_back({group.scheme,
                              group.bearer,
                              static_cast<int64_t>(group.summary->sessions),
                              static_cast<int64_t>(group.summary->succeeded),
                              format.WithInterval(toPercent(group.summary->success))});
    }
    WriteSection("Success", table, out);
}

/// Writes a table of one of the times that a group has.
void
WriteTimes(const std::string& title,
           const std::vector<Group>& groups,
           TimeSummary GroupSummary::*times,
           std::ostream& out)
{
    Table table;
    table.groupByFirst = true;
    table.columns = {{"scheme"},
                     {"bearer"},
                     {"n", "", true},
                     {"median", "", true},
                     {"95th percentile", "", true},
                     {"mean", "", true}};
    FigureFormat format;
    for (const auto& group : groups)
    {
        format.Fit(group.summary->*times);
    }
    for (const auto& group : groups)
    {
        const TimeSummary& summary = group.summary->*times;
        table.rows.push_back({group.scheme,
                              group.bearer,
                              static_cast<int64_t>(summary.mean.n),
                              format.WithInterval(summary.median),
                              format.WithInterval(summary.p95),
                              format.WithInterval(summary.mean)});
    }
    WriteSection(title, table, out);
}

/// @return the mean time of a phase over the sessions with one bearer, NaN if they do not have it.
double
FindPhaseMean(const SchemeSummary& scheme, const std::string& bearer, const std::string& phase)
{
    const auto group = scheme.bearers.find(bearer);
    if (group != scheme.bearers.end())
    {
        for (const auto& summary : group->second.phases)
        {
            if (summary.name == phase)
            {
                return summary.time.mean.value;
            }
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

/// @return whether any session spent time in the phase.
bool
TakesTime(const PhaseSummary& phase)
{
    return phase.time.mean.value > 0;
}

/// @return the bearers that any scheme has.
std::set<std::string>
GetBearers(const Comparison& comparison)
{
    std::set<std::string> bearers;
    for (const auto& scheme : comparison.schemes)
    {
        for (const auto& entry : scheme.bearers)
        {
            bearers.insert(entry.first);
        }
    }
    return bearers;
}

void
WritePhases(const Comparison& comparison, std::ostream& out)
{
    const auto bearers = GetBearers(comparison);
    Table table;
    table.groupByFirst = true;
    table.columns = {{"scheme"}, {"phase, until"}, {"n", "", true}};
    for (const auto& bearer : bearers)
    {
        table.columns.push_back({"mean " + bearer, "", true});
    }
    for (const char* figure : {"mean", "median", "p95"})
    {
        table.columns.push_back({figure, "", true});
    }
    FigureFormat format;
    for (const auto& scheme : comparison.schemes)
    {
        for (const auto& phase : scheme.all.phases)
        {
            format.Fit(phase.time);
        }
    }
    for (const auto& scheme : comparison.schemes)
    {
        for (const auto& phase : scheme.all.phases)
        {
            if (!TakesTime(phase))
            {
                continue;
            }
            auto& row = table.rows.emplace_back();
            row = {scheme.scheme, phase.name, static_cast<int64_t>(phase.time.mean.n)};
            for (const auto& bearer : bearers)
            {
                row.emplace_back(format.Value(FindPhaseMean(scheme, bearer, phase.name)));
            }
            row.emplace_back(format.WithInterval(phase.time.mean));
            row.emplace_back(format.Value(phase.time.median.value));
            row.emplace_back(format.Value(phase.time.p95.value));
        }
    }
    WriteSection("Phases, s: from one step of a session to the next (without those of no time)",
                 table,
                 out);
}

void
WritePaired(const std::vector<PairedDifference>& paired, std::ostream& out)
{
    Table table;
    table.groupByFirst = true;
    table.columns = {{"a - b"}, {"metric"}, {"pairs", "", true}, {"mean difference", "", true}};
    // Differences of different size stand side by side: milliseconds for all.
    FigureFormat format(3);
    for (const auto& pair : paired)
    {
        format.Fit(pair.difference);
    }
    for (const auto& pair : paired)
    {
        table.rows.push_back({pair.a + " - " + pair.b,
                              GetMetricName(pair.metric),
                              static_cast<int64_t>(pair.difference.n),
                              format.WithInterval(pair.difference)});
    }
    WriteSection("Paired differences, s: same seed, same users", table, out);
}

/// Writes how many sessions failed by one of the reasons that a group has, if any did.
void
WriteReasons(const std::string& title,
             const std::string& reason,
             const Comparison& comparison,
             std::map<std::string, uint64_t> GroupSummary::*counts,
             std::ostream& out)
{
    Table table;
    table.groupByFirst = true;
    table.columns = {{"scheme"}, {reason}, {"sessions", "", true}};
    for (const auto& scheme : comparison.schemes)
    {
        for (const auto& [name, sessions] : scheme.all.*counts)
        {
            table.rows.push_back({scheme.scheme, name, static_cast<int64_t>(sessions)});
        }
    }
    if (!table.rows.empty())
    {
        WriteSection(title, table, out);
    }
}

void
WriteFailures(const Comparison& comparison, std::ostream& out)
{
    WriteReasons("Failures", "cause", comparison, &GroupSummary::failures, out);
    WriteReasons("Failures by what was in the way of the connection",
                 "diagnosis",
                 comparison,
                 &GroupSummary::diagnoses,
                 out);
}

/// @return the kind of an element that there are several of, such as "cell" of "cell-12".
std::string
GetKind(const std::string& element)
{
    const auto dash = element.rfind('-');
    const bool isNumbered = dash != std::string::npos && dash + 1 < element.size() &&
                            element.find_first_not_of("0123456789", dash + 1) == std::string::npos;
    return isNumbered ? element.substr(0, dash) : element;
}

/// Writes the counters that are not zero; elements of one kind are added up.
void
WriteCounters(const SchemeSummary& scheme, std::ostream& out)
{
    std::map<std::pair<std::string, std::string>, double> sums;
    for (const auto& [element, values] : scheme.counters)
    {
        for (const auto& [name, value] : values)
        {
            sums[{GetKind(element), name}] += value;
        }
    }
    Table table;
    table.groupByFirst = true;
    table.columns = {{"element"}, {"counter"}, {"value", "", true}};
    for (const auto& [key, value] : sums)
    {
        if (value != 0)
        {
            table.rows.push_back({key.first, key.second, value});
        }
    }
    if (!table.rows.empty())
    {
        WriteSection("Counters of the network elements, all of a kind added up, " + scheme.scheme,
                     table,
                     out);
    }
}

/// What `run` and `compare` have in common.
void
WriteGroups(const Comparison& comparison, std::ostream& out)
{
    const auto groups = GetGroups(comparison);
    WriteHeading(comparison, out);
    WriteSuccess(groups, out);
    WriteTimes("Set-up, s: from the press of the button until both sides can send",
               groups,
               &GroupSummary::setup,
               out);
    WriteTimes("First message, s: from the press of the button until it has arrived",
               groups,
               &GroupSummary::firstMessage,
               out);
    WriteTimes("Each message after the first, s: from sent to received",
               groups,
               &GroupSummary::messageDelay,
               out);
    WritePhases(comparison, out);
}

} // namespace

void
WriteComparison(const Comparison& comparison, Format format, std::ostream& out)
{
    if (format == Format::JSON)
    {
        out << ToJson(comparison).dump(2) << '\n';
        return;
    }
    WriteGroups(comparison, out);
    if (!comparison.paired.empty())
    {
        WritePaired(comparison.paired, out);
    }
    WriteFailures(comparison, out);
}

void
WriteRun(const Comparison& comparison, Format format, std::ostream& out)
{
    if (format == Format::JSON)
    {
        out << ToRunJson(comparison).dump(2) << '\n';
        return;
    }
    WriteGroups(comparison, out);
    WriteFailures(comparison, out);
    for (const auto& scheme : comparison.schemes)
    {
        WriteCounters(scheme, out);
    }
}

} // namespace campaign
} // namespace p2pim
