// SPDX-License-Identifier: GPL-2.0-only
#include "csv.h"
#include "figure-format.h"
#include "pivot.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace p2pim
{
namespace campaign
{

namespace
{

using Json = nlohmann::ordered_json;

/// @return the columns' headings; one without a name where there is no dimension for columns.
std::vector<std::string>
GetColumns(const PivotQuery& query)
{
    return query.by ? query.by->values : std::vector<std::string>{""};
}

std::string
Join(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words)
    {
        text.append(text.empty() ? "" : ", ").append(word);
    }
    return text;
}

/// @return a title as the first words of a line, with its unit.
std::string
GetHeading(const MetricSpec& metric)
{
    std::string title = GetTitle(metric);
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    const std::string unit = GetUnit(metric);
    return unit.empty() ? title : title.append(", ").append(unit);
}

void
WriteHeading(const StudyView& study, const PivotQuery& query, std::ostream& out)
{
    const auto& provenance = study.GetProvenance();
    const auto& progress = study.GetProgress();
    out << provenance.scenario << " (" << provenance.scenarioFile << "), p2pim "
        << provenance.programVersion << " on ns-3 " << provenance.ns3Version << '\n'
        << progress.made << " of " << progress.planned
        << " runs; in brackets: 95 % confidence intervals\n";
    if (study.GetStatus() != Status::COMPLETE)
    {
        out << "PARTIAL: " << progress.failed << " runs failed, "
            << progress.planned - progress.made - progress.failed << " have not been made\n";
    }
    for (const auto& choice : query.where)
    {
        out << "Only " << choice.dimension.name << " = " << Join(choice.values) << '\n';
    }
    for (const auto& choice : query.pooled)
    {
        out << "Pooled: " << choice.dimension.name << " = " << Join(choice.values)
            << "; --where picks some\n";
    }
    if (query.warmUpSessions > 0)
    {
        out << "Without the first "
            << (query.warmUpSessions == 1 ? "session"
                                          : std::to_string(query.warmUpSessions) + " sessions")
            << " of each run\n";
    }
    if (query.warmUpNs > 0)
    {
        out << "Without the sessions that begin in the first "
            << static_cast<double>(query.warmUpNs) / 1e9 << " s of each run\n";
    }
    out << (query.perRun
                ? "n: seeds, each with a figure of its own; the mean of these\n"
                : "n: sessions of all seeds (messages, or runs for a counter), which count "
                  "as independent;\n   --per=run makes a figure of each seed\n");
}

/// Writes one of the figures of each field, but for those of a column that has none.
void
WriteFields(const PivotQuery& query,
            const Pivot& pivot,
            Estimate PivotCell::*figure,
            std::optional<std::size_t> without,
            std::ostream& out)
{
    const auto names = GetColumns(query);
    Table table;
    table.columns = {{query.x.dimension.name}};
    std::vector<std::size_t> shown;
    for (std::size_t column = 0; column < names.size(); ++column)
    {
        if (column != without)
        {
            shown.push_back(column);
            table.columns.push_back({names[column], names[column].empty() ? "value" : "", true});
            table.columns.push_back({names[column] + " n", "n", true});
        }
    }
    FigureFormat format;
    for (const auto& row : pivot.cells)
    {
        for (const auto column : shown)
        {
            format.Fit(row[column].*figure);
        }
    }
    for (std::size_t row = 0; row < pivot.cells.size(); ++row)
    {
        auto& line = table.rows.emplace_back();
        line.emplace_back(query.x.values[row]);
        for (const auto column : shown)
        {
            const Estimate& estimate = pivot.cells[row][column].*figure;
            line.emplace_back(format.WithInterval(estimate));
            line.emplace_back(static_cast<int64_t>(estimate.n));
        }
    }
    WriteText(table, out);
}

void
WriteTables(const PivotQuery& query, const Pivot& pivot, std::ostream& out)
{
    out << '\n' << GetHeading(pivot.metric) << " (" << pivot.metric.text << ")\n";
    out << "over " << query.x.dimension.name;
    if (query.by)
    {
        out << ", by " << query.by->dimension.name;
    }
    out << "\n\n";
    WriteFields(query, pivot, &PivotCell::figure, std::nullopt, out);
    if (query.against)
    {
        out << "\nDifference to " << query.by->values[*query.against]
            << ": of the figures of the same seed; n: seeds\n\n";
        WriteFields(query, pivot, &PivotCell::difference, query.against, out);
    }
}

void
WriteCsvFigure(const Estimate& figure, std::ostream& out)
{
    for (const double x : {figure.value, figure.low, figure.high})
    {
        out << ',' << (std::isnan(x) ? "" : FormatNumber(x));
    }
    out << ',' << figure.n;
}

void
WriteCsv(const PivotQuery& query, const std::vector<Pivot>& pivots, std::ostream& out)
{
    out << "metric," << QuoteCsv(query.x.dimension.name);
    if (query.by)
    {
        out << ',' << QuoteCsv(query.by->dimension.name);
    }
    out << ",value,low,high,n";
    out << (query.against ? ",difference,difference_low,difference_high,seeds\n" : "\n");
    for (const auto& pivot : pivots)
    {
        for (std::size_t row = 0; row < pivot.cells.size(); ++row)
        {
            for (std::size_t column = 0; column < pivot.cells[row].size(); ++column)
            {
                const auto& cell = pivot.cells[row][column];
                out << QuoteCsv(pivot.metric.text) << ',' << QuoteCsv(query.x.values[row]);
                if (query.by)
                {
                    out << ',' << QuoteCsv(query.by->values[column]);
                }
                WriteCsvFigure(cell.figure, out);
                if (query.against)
                {
                    WriteCsvFigure(cell.difference, out);
                }
                out << '\n';
            }
        }
    }
}

Json
ToJson(const Estimate& figure)
{
    // The library writes NaN as null.
    return {{"value", figure.value},
            {"ci95", Json::array({figure.low, figure.high})},
            {"n", figure.n}};
}

Json
ToJson(const Choice& choice)
{
    return {{"name", choice.dimension.name},
            {"attribute", choice.dimension.attribute},
            {"values", choice.values}};
}

Json
ToJson(const std::vector<Choice>& choices)
{
    Json array = Json::array();
    for (const auto& choice : choices)
    {
        array.push_back(ToJson(choice));
    }
    return array;
}

Json
ToJson(const PivotQuery& query, const Pivot& pivot)
{
    Json fields = Json::array();
    for (std::size_t row = 0; row < pivot.cells.size(); ++row)
    {
        for (std::size_t column = 0; column < pivot.cells[row].size(); ++column)
        {
            Json field = {{"x", query.x.values[row]},
                          {"by", query.by ? Json(query.by->values[column]) : Json()},
                          {"figure", ToJson(pivot.cells[row][column].figure)}};
            if (query.against)
            {
                field["difference"] = ToJson(pivot.cells[row][column].difference);
            }
            fields.push_back(std::move(field));
        }
    }
    return {{"metric", pivot.metric.text},
            {"title", GetTitle(pivot.metric)},
            {"unit", GetUnit(pivot.metric)},
            {"fields", std::move(fields)}};
}

Json
ToJson(const StudyView& study)
{
    const auto& provenance = study.GetProvenance();
    const auto& progress = study.GetProgress();
    return {{"program", "p2pim"},
            {"program_version", provenance.programVersion},
            {"ns3_version", provenance.ns3Version},
            {"scenario", provenance.scenario},
            {"scenario_file", provenance.scenarioFile},
            {"status", GetStatusName(study.GetStatus())},
            {"runs", progress.made},
            {"failed", progress.failed},
            {"planned", progress.planned}};
}

} // namespace

void
WritePivots(const StudyView& study,
            const PivotQuery& query,
            const std::vector<Pivot>& pivots,
            PivotFormat format,
            std::ostream& out)
{
    switch (format)
    {
    case PivotFormat::TABLE:
        WriteHeading(study, query, out);
        for (const auto& pivot : pivots)
        {
            WriteTables(query, pivot, out);
        }
        return;
    case PivotFormat::CSV:
        return WriteCsv(query, pivots, out);
    case PivotFormat::JSON:
        break;
    }
    Json metrics = Json::array();
    for (const auto& pivot : pivots)
    {
        metrics.push_back(ToJson(query, pivot));
    }
    const Json json = {{"x", ToJson(query.x)},
                       {"by", query.by ? ToJson(*query.by) : Json()},
                       {"against", query.against ? Json(query.by->values[*query.against]) : Json()},
                       {"where", ToJson(query.where)},
                       {"pooled", ToJson(query.pooled)},
                       {"per", query.perRun ? "run" : "session"},
                       {"warm_up_sessions", query.warmUpSessions},
                       {"warm_up_s", static_cast<double>(query.warmUpNs) / 1e9},
                       {"metrics", std::move(metrics)},
                       {"provenance", ToJson(study)}};
    out << json.dump(2) << '\n';
}

} // namespace campaign
} // namespace p2pim
