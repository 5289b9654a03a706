// SPDX-License-Identifier: GPL-2.0-only
#include "baseline.h"

#include "store-error.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr double NONE = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t HASH_DIGITS = 16;
constexpr const char* g_openMargin = "auto";
constexpr const char* g_hexDigits = "0123456789abcdef";
constexpr uint64_t ANY = std::numeric_limits<uint64_t>::max();

Json
ToJson(const FingerprintRow& row)
{
    Json json{{"scheme", row.scheme}, {"seed", row.seed}, {"events", row.events}};
    for (const auto& [ingredient, hash] : row.hashes)
    {
        json[std::string(1, ingredient)] = hash;
    }
    return json;
}

Json
ToJson(const FigureRow& row)
{
    return {{"scheme", row.scheme},
            {"seed", row.seed},
            {"metric", row.metric},
            {"value", row.value}};
}

Json
ToJson(const LatencyRow& row)
{
    return {{"scheme", row.scheme},
            {"metric", row.metric},
            {"margin", row.margin},
            {"values", row.values}}; // the library writes NaN as null
}

Json
ToJson(const Target& target)
{
    return {{"metric", target.metric},
            {"margin", std::isinf(target.margin) ? Json(g_openMargin) : Json(target.margin)}};
}

/// Writes `"name": [`, a row a line, `]`.
template <typename Row>
void
WriteRows(const char* name, const std::vector<Row>& rows, std::ostream& out)
{
    out << ",\n  \"" << name << "\": [";
    const char* separator = "\n    ";
    for (const auto& row : rows)
    {
        out << separator << ToJson(row).dump();
        separator = ",\n    ";
    }
    out << (rows.empty() ? "]" : "\n  ]");
}

/// What does not fit the schema.
class Misfit : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

double
ReadNumber(const Json& json)
{
    return json.is_null() ? NONE : json.get<double>();
}

/// @param most the greatest that is allowed.
uint64_t
ReadCount(const Json& json, const char* key, uint64_t most)
{
    const auto& count = json.at(key);
    if (!count.is_number_unsigned() || count.get<uint64_t>() > most)
    {
        throw Misfit("'" + std::string(key) + "' is no whole number up to " + std::to_string(most));
    }
    return count;
}

/// @return the rows below a key.
const Json&
GetArray(const Json& json, const char* key)
{
    const auto& array = json.at(key);
    if (!array.is_array())
    {
        throw Misfit("'" + std::string(key) + "' is no array");
    }
    return array;
}

std::string
ReadHash(const Json& json)
{
    std::string hash = json;
    if (hash.size() != HASH_DIGITS || hash.find_first_not_of(g_hexDigits) != std::string::npos)
    {
        throw Misfit("'" + hash + "' is no fingerprint");
    }
    return hash;
}

void
Read(const Json& json, FingerprintRow& row)
{
    json.at("scheme").get_to(row.scheme);
    row.seed = ReadCount(json, "seed", BaselinePlan::MOST_SEED);
    row.events = ReadCount(json, "events", ANY);
    for (const auto& [key, value] : json.items())
    {
        if (key.size() == 1)
        {
            row.hashes[key.front()] = ReadHash(value);
        }
    }
}

void
Read(const Json& json, FigureRow& row)
{
    json.at("scheme").get_to(row.scheme);
    row.seed = ReadCount(json, "seed", BaselinePlan::MOST_SEED);
    json.at("metric").get_to(row.metric);
    json.at("value").get_to(row.value);
}

void
Read(const Json& json, LatencyRow& row)
{
    json.at("scheme").get_to(row.scheme);
    json.at("metric").get_to(row.metric);
    json.at("margin").get_to(row.margin);
    for (const auto& value : GetArray(json, "values"))
    {
        row.values.push_back(ReadNumber(value));
    }
}

void
Read(const Json& json, Target& target)
{
    json.at("metric").get_to(target.metric);
    const auto& margin = json.at("margin");
    target.margin =
        margin == g_openMargin ? std::numeric_limits<double>::infinity() : margin.get<double>();
}

template <typename Row>
void
ReadRows(const Json& json, const char* key, std::vector<Row>& rows)
{
    for (const auto& each : GetArray(json, key))
    {
        Read(each, rows.emplace_back());
    }
}

void
Read(const Json& json, BaselinePlan& plan)
{
    json.at("schemes").get_to(plan.schemes);
    plan.shortSeeds = ReadCount(json, "short_seeds", BaselinePlan::MOST_SHORT_SEEDS);
    plan.shortSessions = ReadCount(json, "short_sessions", BaselinePlan::MOST_SHORT_SESSIONS);
    json.at("ingredients").get_to(plan.ingredients);
    plan.mostReplications = ReadCount(json, "most_replications", BaselinePlan::MOST_REPLICATIONS);
    ReadRows(json, "targets", plan.targets);
}

void
Read(const Json& json, Baseline& baseline)
{
    json.at("p2pim").get_to(baseline.programVersion);
    json.at("ns3").get_to(baseline.ns3Version);
    json.at("scenario").get_to(baseline.scenario);
    json.at("settings").get_to(baseline.settings);
    Read(json.at("plan"), baseline.plan);
    baseline.firstSeed = ReadCount(json, "first_seed", BaselinePlan::MOST_SEED);
    baseline.replications = ReadCount(json, "replications", BaselinePlan::MOST_REPLICATIONS);
    json.at("history").get_to(baseline.history);
    ReadRows(json, "fingerprints", baseline.fingerprints);
    ReadRows(json, "figures", baseline.figures);
    ReadRows(json, "latencies", baseline.latencies);
}

/// @return what of a baseline does not fit the rest of it; empty if all does.
std::string
FindFault(const Baseline& baseline)
{
    if (baseline.plan.schemes.empty() || baseline.plan.shortSessions == 0 ||
        baseline.firstSeed == 0)
    {
        return "the plan has no schemes, sessions or seeds";
    }
    for (const auto& target : baseline.plan.targets)
    {
        if (!(target.margin > 0))
        {
            return "the margin of " + target.metric + " is not above 0";
        }
    }
    for (const auto& row : baseline.latencies)
    {
        if (row.values.size() != baseline.replications)
        {
            return "'replications' is not the number of values of " + row.scheme + ", " +
                   row.metric;
        }
        if (!(row.margin > 0))
        {
            return "the margin of " + row.scheme + ", " + row.metric + " is not above 0";
        }
    }
    return "";
}

std::string
ReadText(const std::string& path)
{
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown))
    {
        throw StoreError(StoreError::Code::MISSING,
                         path + ": no such file; --update --reason=TEXT makes a baseline");
    }
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file.is_open() || text.bad())
    {
        throw StoreError(StoreError::Code::NOT_READABLE, path + ": cannot be read");
    }
    return text.str();
}

[[noreturn]] void
RefuseDamaged(const std::string& path, const std::string& problem)
{
    throw StoreError(StoreError::Code::NOT_RESULTS, path + ": damaged: " + problem);
}

/// One kind of rows of two baselines.
template <typename Row, typename Name, typename Content>
void
CompareRowsOfKind(const std::vector<Row>& before,
                  const std::vector<Row>& after,
                  const Name& getName,
                  const Content& getContent,
                  std::vector<RowChange>& changes)
{
    std::map<std::string, const Row*> old;
    for (const auto& row : before)
    {
        old[getName(row)] = &row;
    }
    for (const auto& row : after)
    {
        const std::string name = getName(row);
        const auto found = old.find(name);
        if (found == old.end())
        {
            changes.push_back({RowChange::Kind::INSERT, name, getContent(row)});
            continue;
        }
        const bool same = ToJson(*found->second).dump() == ToJson(row).dump(); // NaN too
        changes.push_back(
            {same ? RowChange::Kind::KEEP : RowChange::Kind::UPDATE,
             name,
             same ? getContent(row) : getContent(*found->second) + " -> " + getContent(row)});
        old.erase(found);
    }
    for (const auto& [name, row] : old)
    {
        changes.push_back({RowChange::Kind::REMOVE, name, getContent(*row)});
    }
}

std::string
NameRun(const std::string& scheme, uint64_t seed)
{
    return scheme + ", seed " + std::to_string(seed);
}

std::string
DescribeHashes(const FingerprintRow& row)
{
    std::ostringstream text;
    text << row.events << " events";
    for (const auto& [ingredient, hash] : row.hashes)
    {
        text << " " << ingredient << ":" << hash;
    }
    return text.str();
}

std::string
DescribeValue(const FigureRow& row)
{
    return Json(row.value).dump();
}

std::string
DescribeValues(const LatencyRow& row)
{
    double sum = 0;
    std::size_t present = 0;
    for (const double value : row.values)
    {
        sum += std::isnan(value) ? 0 : value;
        present += std::isnan(value) ? 0 : 1;
    }
    std::ostringstream text;
    text << "margin " << Json(row.margin).dump() << ", mean "
         << Json(sum / static_cast<double>(present)).dump() << " of " << present << " replications";
    return text.str();
}

} // namespace

Baseline
ReadBaseline(const std::string& path)
{
    return ParseBaseline(ReadText(path), path);
}

Baseline
ParseBaseline(const std::string& text, const std::string& path)
{
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
    {
        RefuseDamaged(path, "no JSON");
    }
    if (!json.is_object() || !json.contains("p2pim_baseline"))
    {
        throw StoreError(StoreError::Code::NOT_RESULTS, path + ": no baseline of p2pim");
    }
    const auto& schema = json.at("p2pim_baseline");
    if (schema != g_baselineSchema)
    {
        throw StoreError(StoreError::Code::SCHEMA,
                         path + ": baseline schema " + schema.dump() + ", this program has " +
                             std::to_string(g_baselineSchema));
    }
    Baseline baseline;
    try
    {
        Read(json, baseline);
    }
    catch (const Json::exception& error)
    {
        RefuseDamaged(path, error.what());
    }
    catch (const Misfit& misfit)
    {
        RefuseDamaged(path, misfit.what());
    }
    const auto fault = FindFault(baseline);
    if (!fault.empty())
    {
        RefuseDamaged(path, fault);
    }
    return baseline;
}

std::string
FormatBaseline(const Baseline& baseline)
{
    const auto& plan = baseline.plan;
    const Json planJson{{"schemes", plan.schemes},
                        {"short_seeds", plan.shortSeeds},
                        {"short_sessions", plan.shortSessions},
                        {"ingredients", plan.ingredients},
                        {"most_replications", plan.mostReplications},
                        {"targets", Json::array()}};
    Json head{{"p2pim_baseline", g_baselineSchema},
              {"p2pim", baseline.programVersion},
              {"ns3", baseline.ns3Version},
              {"scenario", baseline.scenario},
              {"settings", baseline.settings.empty() ? Json::object() : Json(baseline.settings)},
              {"plan", planJson},
              {"first_seed", baseline.firstSeed},
              {"replications", baseline.replications},
              {"history", baseline.history}};
    for (const auto& target : plan.targets)
    {
        head["plan"]["targets"].push_back(ToJson(target));
    }
    std::string text = head.dump(2);
    text.erase(text.rfind("\n}"));
    std::ostringstream out;
    out << text;
    WriteRows("fingerprints", baseline.fingerprints, out);
    WriteRows("figures", baseline.figures, out);
    WriteRows("latencies", baseline.latencies, out);
    out << "\n}\n";
    return out.str();
}

std::vector<RowChange>
CompareRows(const Baseline& before, const Baseline& after)
{
    std::vector<RowChange> changes;
    CompareRowsOfKind(
        before.fingerprints,
        after.fingerprints,
        [](const auto& row) { return "fingerprint of " + NameRun(row.scheme, row.seed); },
        DescribeHashes,
        changes);
    CompareRowsOfKind(
        before.figures,
        after.figures,
        [](const auto& row) { return row.metric + " of " + NameRun(row.scheme, row.seed); },
        DescribeValue,
        changes);
    CompareRowsOfKind(
        before.latencies,
        after.latencies,
        [](const auto& row) { return row.metric + " of " + row.scheme + ", replicated"; },
        DescribeValues,
        changes);
    return changes;
}

} // namespace campaign
} // namespace p2pim
