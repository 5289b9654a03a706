// SPDX-License-Identifier: GPL-2.0-only
#include "regression-report.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

namespace p2pim
{
namespace campaign
{

namespace
{

using Json = nlohmann::ordered_json;

/// Rows of figures, and failed runs, that a person is shown; the JSON has all.
constexpr std::size_t MOST_ROWS = 10;

std::string
FormatNumber(double value)
{
    std::ostringstream text;
    text << std::setprecision(6) << value;
    return std::isfinite(value) ? text.str() : "-";
}

std::string
FormatNumber(const std::optional<double>& value)
{
    return value ? FormatNumber(*value) : "-";
}

/// @return a share with its sign, in %.
std::string
FormatChange(double share)
{
    std::ostringstream text;
    text << std::showpos << std::setprecision(3) << 100 * share;
    return !std::isfinite(share) ? "-" : share == 0 ? "0" : text.str();
}

std::string
FormatInterval(const LatencyResult& result)
{
    return "[" + FormatChange(result.low) + ", " + FormatChange(result.high) + "]";
}

std::string
GetHash(const std::optional<FingerprintRow>& row, char ingredient)
{
    if (!row || row->hashes.count(ingredient) == 0)
    {
        return "-";
    }
    return row->hashes.at(ingredient);
}

const FingerprintRow&
GetEither(const FingerprintResult& result)
{
    return result.after ? *result.after : *result.before;
}

/// @return a verdict's name, in capitals if it is not "same".
std::string
Emphasise(std::string name)
{
    if (name != GetVerdictName(Verdict::SAME))
    {
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
            return static_cast<char>(std::toupper(c));
        });
    }
    return name;
}

std::string
GetLayerVerdict(const Regression& regression, int layer)
{
    return Emphasise(GetVerdictName(GetVerdict(regression, layer)));
}

/// @return in words, the first one of all runs; empty if none is known.
std::string
DescribeFirstDifference(const Regression& regression)
{
    if (regression.fingerprints)
    {
        for (const auto& result : *regression.fingerprints)
        {
            if (!result.firstDifference.empty())
            {
                const auto& row = GetEither(result);
                return "The first event that differs: " + row.scheme + ", seed " +
                       std::to_string(row.seed) + ", " + result.firstDifference;
            }
        }
    }
    return "";
}

void
WriteFingerprints(const Regression& regression, std::ostream& out)
{
    Table table;
    table.columns = {{"scheme"},
                     {"seed", "", true},
                     {"events", "", true},
                     {"differs"},
                     {"old"},
                     {"new"},
                     {"verdict"}};
    table.groupByFirst = true;
    for (const auto& result : *regression.fingerprints)
    {
        const auto& row = GetEither(result);
        const bool red = !result.differing.empty();
        const char shown = red ? result.differing.front() : 't';
        table.rows.push_back({row.scheme,
                              static_cast<int64_t>(row.seed),
                              static_cast<int64_t>(row.events),
                              red ? result.differing : "-",
                              GetHash(result.before, shown),
                              GetHash(result.after, shown),
                              Emphasise(red ? "differs" : "same")});
    }
    for (const auto& failed : regression.failedShortRuns)
    {
        const auto& key = failed.run.key;
        table.rows.push_back(
            {key.scheme, static_cast<int64_t>(key.seed), "-", "-", "-", "-", "FAILED"});
    }
    std::sort(table.rows.begin(), table.rows.end());
    out << "1. Fingerprints of short runs: " << GetLayerVerdict(regression, 1) << "\n\n";
    WriteText(table, out);
    const auto difference = DescribeFirstDifference(regression);
    if (!difference.empty())
    {
        out << "\n" << difference << "\n";
    }
    out << "\n";
}

/// Says how many of @p rows are not shown.
void
WriteRest(std::size_t rows, std::ostream& out)
{
    if (rows > MOST_ROWS)
    {
        out << "and " << rows - MOST_ROWS << " more\n";
    }
}

void
WriteFigures(const Regression& regression, std::ostream& out)
{
    const auto& figures = *regression.figures;
    const auto differing = std::count_if(figures.begin(), figures.end(), [](const auto& each) {
        return each.change != 0;
    });
    out << "2. Figures of short runs: " << GetLayerVerdict(regression, 2) << "; "
        << figures.size() - static_cast<std::size_t>(differing) << " of " << figures.size()
        << " are equal\n\n";
    if (differing == 0)
    {
        return;
    }
    Table table;
    table.columns = {{"scheme"},
                     {"seed", "", true},
                     {"metric"},
                     {"old", "", true},
                     {"new", "", true},
                     {"change", "change, %", true}};
    for (const auto& figure : figures)
    {
        if (figure.change == 0 || table.rows.size() == MOST_ROWS)
        {
            break;
        }
        table.rows.push_back({figure.scheme,
                              static_cast<int64_t>(figure.seed),
                              figure.metric,
                              FormatNumber(figure.before),
                              FormatNumber(figure.after),
                              FormatChange(figure.change)});
    }
    WriteText(table, out);
    WriteRest(static_cast<std::size_t>(differing), out);
    out << "\n";
}

std::string
DescribeVerdict(const LatencyResult& result, uint64_t replications)
{
    std::string text = Emphasise(GetFindingName(result.finding));
    if (result.finding == Finding::UNDECIDED)
    {
        text.append(result.needed > replications
                        ? ": needs " + std::to_string(result.needed) + " replications"
                        : ": near the margin");
    }
    return text;
}

void
WriteLatencies(const Regression& regression, std::ostream& out)
{
    Table table;
    table.columns = {{"scheme"},
                     {"metric"},
                     {"old", "", true},
                     {"new", "", true},
                     {"change", "change, %", true},
                     {"interval", "90 % interval", true},
                     {"margin", "margin, %", true},
                     {"verdict"}};
    table.groupByFirst = true;
    for (const auto& result : *regression.latencies)
    {
        table.rows.push_back({result.scheme,
                              result.metric,
                              FormatNumber(result.before),
                              FormatNumber(result.after),
                              FormatChange(result.change),
                              FormatInterval(result),
                              FormatNumber(100 * result.margin),
                              DescribeVerdict(result, regression.replications)});
    }
    out << "3. Figures of " << regression.replications << " replications, seeds "
        << regression.firstSeed << " to " << regression.firstSeed + regression.replications - 1
        << (regression.otherSeeds ? ", not those of the baseline" : "") << ": "
        << GetLayerVerdict(regression, 3) << "\n\n";
    WriteText(table, out);
    out << "\n";
}

void
WriteFailures(const std::vector<FailedRun>& failures, const char* kind, std::ostream& out)
{
    for (std::size_t i = 0; i < std::min(failures.size(), MOST_ROWS); ++i)
    {
        out << kind << DescribeFailure(failures[i]) << "\n    " << failures[i].failure.command
            << "\n";
    }
    WriteRest(failures.size(), out);
    out << (failures.empty() ? "" : "\n");
}

Json
MakeJson(const FingerprintResult& result)
{
    const auto& row = GetEither(result);
    Json json{{"scheme", row.scheme},
              {"seed", row.seed},
              {"differing", result.differing},
              {"old", Json::object()},
              {"new", Json::object()}};
    for (const auto& [key, side] : {std::pair("old", &result.before), {"new", &result.after}})
    {
        if (*side)
        {
            json[key]["events"] = (*side)->events;
            for (const auto& [ingredient, hash] : (*side)->hashes)
            {
                json[key][std::string(1, ingredient)] = hash;
            }
        }
    }
    return json;
}

Json
MakeJson(const FigureResult& result)
{
    Json json{{"scheme", result.scheme}, {"seed", result.seed}, {"metric", result.metric}};
    json["old"] = result.before ? Json(*result.before) : Json();
    json["new"] = result.after ? Json(*result.after) : Json();
    json["change"] = result.change; // the library writes what is not finite as null
    return json;
}

Json
MakeJson(const LatencyResult& result)
{
    return {{"scheme", result.scheme},
            {"metric", result.metric},
            {"old", result.before},
            {"new", result.after},
            {"change", result.change},
            {"interval", Json::array({result.low, result.high})},
            {"margin", result.margin},
            {"verdict", GetFindingName(result.finding)},
            {"needed", result.needed}};
}

template <typename Rows>
Json
MakeLayer(const Regression& regression, int layer, const Rows& rows)
{
    if (!rows)
    {
        return nullptr;
    }
    Json array = Json::array();
    for (const auto& row : *rows)
    {
        array.push_back(MakeJson(row));
    }
    return {{"verdict", GetVerdictName(GetVerdict(regression, layer))}, {"rows", std::move(array)}};
}

Json
MakeJson(const std::vector<FailedRun>& failures)
{
    Json array = Json::array();
    for (const auto& [run, failure] : failures)
    {
        array.push_back({{"scheme", run.key.scheme},
                         {"seed", run.key.seed},
                         {"cause", failure.cause},
                         {"detail", failure.detail},
                         {"command", failure.command}});
    }
    return array;
}

void
WriteJson(const Regression& regression, std::ostream& out)
{
    Json layers{{"fingerprints", MakeLayer(regression, 1, regression.fingerprints)},
                {"figures", MakeLayer(regression, 2, regression.figures)},
                {"latencies", MakeLayer(regression, 3, regression.latencies)}};
    const auto first = DescribeFirstDifference(regression);
    const Json json{{"verdict", GetVerdictName(GetVerdict(regression))},
                    {"meaning", Explain(regression)},
                    {"first_difference", first.empty() ? Json() : Json(first)},
                    {"replications", regression.replications},
                    {"first_seed", regression.firstSeed},
                    {"failed_short_runs", MakeJson(regression.failedShortRuns)},
                    {"failed_replications", MakeJson(regression.failedReplications)},
                    {"layers", std::move(layers)}};
    out << json.dump(2) << "\n";
}

} // namespace

std::string
DescribeFailure(const FailedRun& failed)
{
    const auto& [cause, detail, command] = failed.failure;
    return failed.run.key.scheme + ", seed " + std::to_string(failed.run.key.seed) + ": " + cause +
           (detail.empty() ? "" : ": " + detail);
}

void
WriteRegression(const Regression& regression, Format format, std::ostream& out)
{
    if (format == Format::JSON)
    {
        WriteJson(regression, out);
        return;
    }
    if (regression.fingerprints)
    {
        WriteFingerprints(regression, out);
    }
    if (regression.figures)
    {
        WriteFigures(regression, out);
    }
    if (regression.latencies)
    {
        WriteLatencies(regression, out);
    }
    WriteFailures(regression.failedShortRuns, "Short run of ", out);
    WriteFailures(regression.failedReplications, "Replication of ", out);
    const auto verdict = GetVerdict(regression);
    out << (verdict == Verdict::DIFFERS  ? "REGRESSION: "
            : verdict == Verdict::FAILED ? "FAILED: "
                                         : "No regression: ")
        << Explain(regression) << ".\n";
}

} // namespace campaign
} // namespace p2pim
