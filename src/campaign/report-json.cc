// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"
#include "results-schema.h"

#include <nlohmann/json.hpp>

namespace p2pim
{
namespace campaign
{

namespace
{

using Json = nlohmann::ordered_json;

Json
MakeEstimate(const Estimate& estimate)
{
    // The library writes NaN as null.
    return {{"value", estimate.value},
            {"ci95", Json::array({estimate.low, estimate.high})},
            {"n", estimate.n}};
}

Json
MakeTimes(const TimeSummary& summary)
{
    return {{"mean", MakeEstimate(summary.mean)},
            {"median", MakeEstimate(summary.median)},
            {"p95", MakeEstimate(summary.p95)}};
}

Json
MakeCounts(const std::map<std::string, uint64_t>& sessions)
{
    return sessions.empty() ? Json::object() : Json(sessions);
}

Json
MakeGroup(const GroupSummary& group)
{
    Json phases = Json::object();
    for (const auto& phase : group.phases)
    {
        phases[phase.name] = MakeTimes(phase.time);
    }
    return {{"sessions", group.sessions},
            {"succeeded", group.succeeded},
            {"success", MakeEstimate(group.success)},
            {"setup", MakeTimes(group.setup)},
            {"first_message", MakeTimes(group.firstMessage)},
            {"message_delay", MakeTimes(group.messageDelay)},
            {"phases", std::move(phases)},
            {"failures", MakeCounts(group.failures)},
            {"diagnoses", MakeCounts(group.diagnoses)}};
}

Json
MakeScheme(const SchemeSummary& scheme)
{
    Json json = MakeGroup(scheme.all);
    Json bearers = Json::object();
    for (const auto& [bearer, group] : scheme.bearers)
    {
        bearers[bearer] = MakeGroup(group);
    }
    json["bearers"] = std::move(bearers);
    return json;
}

Json
MakeProvenance(const Comparison& comparison)
{
    const auto& provenance = comparison.provenance;
    Json settings = Json::object();
    for (const auto& setting : provenance.configuration)
    {
        if (!setting.isDefault)
        {
            settings[setting.key] = setting.value;
        }
    }
    return {{"program", "p2pim"},
            {"program_version", provenance.programVersion},
            {"ns3_version", provenance.ns3Version},
            {"schema_version", g_schemaVersion},
            {"scenario", provenance.scenario},
            {"scenario_file", provenance.scenarioFile},
            {"status", GetStatusName(comparison.status)},
            {"seeds", comparison.seeds},
            {"sessions", CountSessions(comparison)},
            {"settings", std::move(settings)}};
}

} // namespace

uint64_t
CountSessions(const Comparison& comparison)
{
    uint64_t sessions = 0;
    for (const auto& scheme : comparison.schemes)
    {
        sessions += scheme.all.sessions;
    }
    return sessions;
}

Json
ToJson(const Comparison& comparison)
{
    Json schemes = Json::object();
    for (const auto& scheme : comparison.schemes)
    {
        schemes[scheme.scheme] = MakeScheme(scheme);
    }
    Json paired = Json::array();
    for (const auto& pair : comparison.paired)
    {
        paired.push_back({{"a", pair.a},
                          {"b", pair.b},
                          {"metric", GetMetricName(pair.metric)},
                          {"difference", MakeEstimate(pair.difference)}});
    }
    return {{"schemes", std::move(schemes)},
            {"paired", std::move(paired)},
            {"provenance", MakeProvenance(comparison)}};
}

Json
ToRunJson(const Comparison& comparison)
{
    Json schemes = Json::object();
    for (const auto& scheme : comparison.schemes)
    {
        Json& member = schemes[scheme.scheme] = MakeScheme(scheme);
        Json counters = Json::object();
        for (const auto& [element, values] : scheme.counters)
        {
            counters[element] = Json(values);
        }
        member["counters"] = std::move(counters);
    }
    return {{"schemes", std::move(schemes)}, {"provenance", MakeProvenance(comparison)}};
}

} // namespace campaign
} // namespace p2pim
