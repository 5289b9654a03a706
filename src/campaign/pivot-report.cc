// SPDX-License-Identifier: GPL-2.0-only
#include "csv.h"
#include "figure-format.h"
#include "pivot.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace p2pim
{
namespace campaign
{

namespace
{

using Json = nlohmann::ordered_json;

/// Quantiles that describe a distribution, %.
constexpr std::array g_percents{1, 5, 10, 25, 50, 75, 90, 95, 99};

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

/// @param title of what is measured. @return it as the first words of a line, with its unit.
std::string
GetHeading(std::string title, const MetricSpec& metric)
{
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    const std::string unit = GetUnit(metric);
    return unit.empty() ? title : title.append(", ").append(unit);
}

void
WriteWarmUp(const PivotQuery& query, std::ostream& out)
{
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
            << static_cast<double>(query.warmUpNs) / 1e9 << " s of each run"
            << (query.foundWarmUp ? ", the warm-up that MSER-5 finds\n" : "\n");
    }
    else if (query.foundWarmUp)
    {
        out << "MSER-5 finds no warm-up\n";
    }
    if (query.foundWarmUp)
    {
        out << DescribeTooShort(*query.foundWarmUp);
    }
}

/// @param note what the tables' signs mean.
void
WriteHeading(const StudyView& study,
             const PivotQuery& query,
             const std::string& note,
             std::ostream& out)
{
    const auto& provenance = study.GetProvenance();
    const auto& progress = study.GetProgress();
    out << provenance.scenario << " (" << provenance.scenarioFile << "), p2pim "
        << provenance.programVersion << " on ns-3 " << provenance.ns3Version << '\n'
        << progress.made << " of " << progress.planned << " runs; " << note << '\n';
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
    WriteWarmUp(query, out);
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

std::string
DescribeAxes(const PivotQuery& query)
{
    const std::string text = "over " + query.x.dimension.name;
    return query.by ? text + ", by " + query.by->dimension.name : text;
}

void
WriteTables(const PivotQuery& query, const Pivot& pivot, std::ostream& out)
{
    out << '\n'
        << GetHeading(GetTitle(pivot.metric), pivot.metric) << " (" << pivot.metric.text << ")\n";
    out << DescribeAxes(query) << "\n\n";
    WriteFields(query, pivot, &PivotCell::figure, std::nullopt, out);
    if (query.against)
    {
        out << "\nDifference to " << query.by->values[*query.against]
            << ": of the figures of the same seed; n: seeds\n\n";
        WriteFields(query, pivot, &PivotCell::difference, query.against, out);
    }
    if (query.ratioTo)
    {
        out << "\nRatio to " << query.by->values[*query.ratioTo]
            << ": of the figures of the seeds that both have; n: seeds\n\n";
        WriteFields(query, pivot, &PivotCell::ratio, query.ratioTo, out);
    }
}

/// @return the greatest distance to the column that is compared with; NaN if there is none.
double
GetDistance(const PivotQuery& query,
            const std::vector<EmpiricalDistribution>& row,
            std::size_t column)
{
    return query.against && column != *query.against ? GetDistance(row[column], row[*query.against])
                                                     : std::numeric_limits<double>::quiet_NaN();
}

Table
MakeQuantileTable(const PivotQuery& query)
{
    Table table;
    table.groupByFirst = true;
    table.columns = {{query.x.dimension.name}};
    if (query.by)
    {
        table.columns.push_back({query.by->dimension.name});
    }
    table.columns.push_back({"n", "", true});
    table.columns.push_back({"\u00b1", "", true});
    for (const int percent : g_percents)
    {
        table.columns.push_back({std::to_string(percent) + " %", "", true});
    }
    if (query.against)
    {
        table.columns.push_back({"to " + query.by->values[*query.against], "", true});
    }
    return table;
}

/// @return number of values, height of the band and quantiles.
std::vector<Cell>
MakeQuantileLine(const EmpiricalDistribution& distribution, const FigureFormat& format)
{
    const auto n = distribution.GetSample().size();
    std::vector<Cell> line{static_cast<int64_t>(n), std::string("-")};
    if (n > 0)
    {
        line.back() = FigureFormat(1).Value(100 * distribution.GetBand()).append(" %");
    }
    for (const int percent : g_percents)
    {
        line.emplace_back(format.Value(distribution.GetQuantile(percent / 100.0)));
    }
    return line;
}

/// Writes a line a field.
void
WriteQuantiles(const PivotQuery& query, const DistributionPivot& pivot, std::ostream& out)
{
    FigureFormat format;
    for (const auto& row : pivot.cells)
    {
        for (const auto& distribution : row)
        {
            Estimate greatest;
            greatest.value = distribution.GetQuantile(g_percents.back() / 100.0);
            format.Fit(greatest);
        }
    }
    auto table = MakeQuantileTable(query);
    for (std::size_t row = 0; row < pivot.cells.size(); ++row)
    {
        for (std::size_t column = 0; column < pivot.cells[row].size(); ++column)
        {
            auto line = MakeQuantileLine(pivot.cells[row][column], format);
            if (query.by)
            {
                line.insert(line.begin(), query.by->values[column]);
            }
            line.insert(line.begin(), query.x.values[row]);
            if (query.against)
            {
                const double distance = GetDistance(query, pivot.cells[row], column);
                line.emplace_back(FigureFormat(3).Value(distance));
            }
            table.rows.push_back(std::move(line));
        }
    }
    out << '\n'
        << GetHeading(GetMeasureTitle(pivot.metric), pivot.metric) << " (" << pivot.metric.text
        << ")\nquantiles " << DescribeAxes(query);
    if (query.against)
    {
        out << "; to " << query.by->values[*query.against]
            << ": greatest distance of the two curves";
    }
    out << "\n\n";
    WriteText(table, out);
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

/// Writes the names of the columns that say which field a line is of.
void
WriteCsvAxes(const PivotQuery& query, std::ostream& out)
{
    out << "metric," << QuoteCsv(query.x.dimension.name);
    if (query.by)
    {
        out << ',' << QuoteCsv(query.by->dimension.name);
    }
}

/// @return what is in them.
std::string
MakeCsvField(const PivotQuery& query, const MetricSpec& metric, std::size_t row, std::size_t column)
{
    std::string field = QuoteCsv(metric.text);
    field.append(",").append(QuoteCsv(query.x.values[row]));
    return query.by ? field.append(",").append(QuoteCsv(query.by->values[column])) : field;
}

void
WriteCsv(const PivotQuery& query, const std::vector<Pivot>& pivots, std::ostream& out)
{
    WriteCsvAxes(query, out);
    out << ",value,low,high,n"
        << (query.against ? ",difference,difference_low,difference_high,seeds" : "")
        << (query.ratioTo ? ",ratio,ratio_low,ratio_high,ratio_seeds\n" : "\n");
    for (const auto& pivot : pivots)
    {
        for (std::size_t row = 0; row < pivot.cells.size(); ++row)
        {
            for (std::size_t column = 0; column < pivot.cells[row].size(); ++column)
            {
                const auto& cell = pivot.cells[row][column];
                out << MakeCsvField(query, pivot.metric, row, column);
                WriteCsvFigure(cell.figure, out);
                if (query.against)
                {
                    WriteCsvFigure(cell.difference, out);
                }
                if (query.ratioTo)
                {
                    WriteCsvFigure(cell.ratio, out);
                }
                out << '\n';
            }
        }
    }
}

/// Writes a line a point of each curve.
void
WriteCsv(const PivotQuery& query, const std::vector<DistributionPivot>& pivots, std::ostream& out)
{
    WriteCsvAxes(query, out);
    out << ",value,share,low,high\n";
    for (const auto& pivot : pivots)
    {
        for (std::size_t row = 0; row < pivot.cells.size(); ++row)
        {
            for (std::size_t column = 0; column < pivot.cells[row].size(); ++column)
            {
                const auto field = MakeCsvField(query, pivot.metric, row, column);
                for (const auto& point : pivot.cells[row][column].GetPoints())
                {
                    out << field << ',' << FormatNumber(point.value) << ','
                        << FormatNumber(point.share) << ',' << FormatNumber(point.low) << ','
                        << FormatNumber(point.high) << '\n';
                }
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
            if (query.ratioTo)
            {
                field["ratio"] = ToJson(pivot.cells[row][column].ratio);
            }
            fields.push_back(std::move(field));
        }
    }
    return {{"metric", pivot.metric.text},
            {"title", GetTitle(pivot.metric)},
            {"unit", GetUnit(pivot.metric)},
            {"fields", std::move(fields)}};
}

/// @return a curve, as a list a coordinate.
Json
ToJson(const EmpiricalDistribution& distribution)
{
    using Point = EmpiricalDistribution::Point;
    const auto points = distribution.GetPoints();
    const auto list = [&points](double Point::*coordinate) {
        Json values = Json::array();
        for (const auto& point : points)
        {
            values.push_back(point.*coordinate);
        }
        return values;
    };
    return {{"n", distribution.GetSample().size()},
            {"value", list(&Point::value)},
            {"share", list(&Point::share)},
            {"low", list(&Point::low)},
            {"high", list(&Point::high)}};
}

Json
ToJson(const PivotQuery& query, const DistributionPivot& pivot)
{
    Json fields = Json::array();
    for (std::size_t row = 0; row < pivot.cells.size(); ++row)
    {
        for (std::size_t column = 0; column < pivot.cells[row].size(); ++column)
        {
            Json field = {{"x", query.x.values[row]},
                          {"by", query.by ? Json(query.by->values[column]) : Json()},
                          {"curve", ToJson(pivot.cells[row][column])}};
            if (query.against)
            {
                field["distance"] = GetDistance(query, pivot.cells[row], column);
            }
            fields.push_back(std::move(field));
        }
    }
    return {{"metric", pivot.metric.text},
            {"title", GetMeasureTitle(pivot.metric)},
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

/// Writes @p metrics with what they are of.
void
WriteJson(const StudyView& study, const PivotQuery& query, Json metrics, std::ostream& out)
{
    const auto getColumn = [&query](const std::optional<std::size_t>& column) {
        return column ? Json(query.by->values[*column]) : Json();
    };
    const auto& found = query.foundWarmUp;
    const Json json = {
        {"x", ToJson(query.x)},
        {"by", query.by ? ToJson(*query.by) : Json()},
        {"against", getColumn(query.against)},
        {"ratio_to", getColumn(query.ratioTo)},
        {"where", ToJson(query.where)},
        {"pooled", ToJson(query.pooled)},
        {"per", query.perRun ? "run" : "session"},
        {"warm_up_sessions", query.warmUpSessions},
        {"warm_up_s", static_cast<double>(query.warmUpNs) / 1e9},
        {"warm_up_found",
         found ? Json{{"series", found->series}, {"too_short", found->tooShort}} : Json()},
        {"metrics", std::move(metrics)},
        {"provenance", ToJson(study)}};
    out << json.dump(2) << '\n';
}

/// Writes pivots of one kind; as tables by what is given.
template <typename AnyPivot, typename WriteAsTables>
void
Write(const StudyView& study,
      const PivotQuery& query,
      const std::vector<AnyPivot>& pivots,
      PivotFormat format,
      std::ostream& out,
      const WriteAsTables& writeAsTables)
{
    switch (format)
    {
    case PivotFormat::TABLE:
        writeAsTables();
        return;
    case PivotFormat::CSV:
        WriteCsv(query, pivots, out);
        return;
    case PivotFormat::JSON:
        break;
    }
    Json metrics = Json::array();
    for (const auto& pivot : pivots)
    {
        metrics.push_back(ToJson(query, pivot));
    }
    WriteJson(study, query, std::move(metrics), out);
}

} // namespace

void
WritePivots(const StudyView& study,
            const PivotQuery& query,
            const std::vector<Pivot>& pivots,
            PivotFormat format,
            std::ostream& out)
{
    Write(study, query, pivots, format, out, [&]() {
        WriteHeading(study, query, "in brackets: 95 % confidence intervals", out);
        out << (query.perRun ? "n: seeds, each with a figure of its own; the mean of these\n"
                             : "n: sessions of all seeds (messages, or runs for a counter), which "
                               "count as independent;\n   --per=run makes a figure of each seed\n");
        for (const auto& pivot : pivots)
        {
            WriteTables(query, pivot, out);
        }
    });
}

void
WriteDistributions(const StudyView& study,
                   const PivotQuery& query,
                   const std::vector<DistributionPivot>& pivots,
                   PivotFormat format,
                   std::ostream& out)
{
    Write(study, query, pivots, format, out, [&]() {
        WriteHeading(study, query, "\u00b1: half the height of the curve's 95 % band", out);
        out << "n: sessions of all seeds (messages, or runs for a counter), which count as "
               "independent\n";
        for (const auto& pivot : pivots)
        {
            WriteQuantiles(query, pivot, out);
        }
    });
}

} // namespace campaign
} // namespace p2pim
