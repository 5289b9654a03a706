// SPDX-License-Identifier: GPL-2.0-only
#include "pivot.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_map>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Values of one field, by seed.
using Samples = std::map<uint64_t, std::vector<double>>;

/// Finds a value's place in a choice.
class Axis
{
  public:
    explicit Axis(const Choice& choice)
        : kind(choice.dimension.kind),
          variable(choice.dimension.variable)
    {
        for (std::size_t i = 0; i < choice.values.size(); ++i)
        {
            m_places.emplace(choice.values[i], i);
        }
    }

    /// @return its place; nothing if it is not chosen.
    std::optional<std::size_t> Find(const std::string& value) const
    {
        const auto found = m_places.find(value);
        return found == m_places.end() ? std::nullopt : std::optional(found->second);
    }

    Dimension::Kind kind;
    int64_t variable;

  private:
    std::unordered_map<std::string, std::size_t> m_places;
};

/// Reads the samples of a pivot's fields.
class SampleReader
{
  public:
    SampleReader(const PivotQuery& query, const MetricSpec& metric)
        : m_query(query),
          m_metric(metric),
          m_columns(query.by ? query.by->values.size() : 1),
          m_samples(query.x.values.size() * m_columns)
    {
        m_axes.emplace_back(query.x);
        if (query.by)
        {
            m_axes.emplace_back(*query.by);
        }
        for (const auto& choice : query.where)
        {
            m_axes.emplace_back(choice);
        }
    }

    /// @return the samples, row by row.
    std::vector<Samples> Read(const SQLite::Database& database)
    {
        SQLite::Statement runs(database, MakeRunQuery());
        SQLite::Statement values(database, MakeValueQuery());
        BindOptions(values);
        while (runs.executeStep())
        {
            if (PlaceRun(runs))
            {
                values.reset();
                values.bind(":run", runs.getColumn(0).getInt64());
                AddRun(values, static_cast<uint64_t>(runs.getColumn(2).getInt64()));
            }
        }
        return std::move(m_samples);
    }

  private:
    /// Run, scheme, seed, and the value of each axis that is a variable.
    std::string MakeRunQuery() const
    {
        std::ostringstream columns;
        std::ostringstream tables;
        for (std::size_t i = 0; i < m_axes.size(); ++i)
        {
            if (m_axes[i].kind != Dimension::Kind::VARIABLE)
            {
                columns << ", NULL";
                continue;
            }
            columns << ", p" << i << ".value";
            tables << " LEFT JOIN parameter AS p" << i << " ON p" << i
                   << ".point_id = run.point_id AND p" << i
                   << ".variable_id = " << m_axes[i].variable;
        }
        return "SELECT run.id, run.scheme, run.seed" + columns.str() + " FROM run" + tables.str() +
               " ORDER BY run.id";
    }

    /// Bearer and value of each session, message or counter of a run.
    std::string MakeValueQuery() const
    {
        std::string value = "s.succeeded";
        std::string join;
        std::string order = "s.idx";
        switch (m_metric.measure)
        {
        case MeasureKind::COUNTER:
            // Behind "cell" and before "cell." are "cell-0" and its like.
            return "SELECT element, value FROM counter WHERE run_id = :run AND name = :name"
                   " AND element >= :element AND element < :element || '.' ORDER BY element";
        case MeasureKind::SETUP:
            value = "s.setup_ns";
            break;
        case MeasureKind::FIRST_MESSAGE:
            value = "s.first_message_ns";
            break;
        case MeasureKind::MESSAGE_DELAY:
            value = "m.received_ns - m.sent_ns";
            join = " JOIN message AS m ON m.run_id = s.run_id AND m.session_idx = s.idx"
                   " AND m.idx >= 1";
            order = "s.idx, m.idx";
            break;
        case MeasureKind::PHASE:
            value = "b.time_ns - a.time_ns";
            join = " CROSS JOIN step AS b ON b.run_id = s.run_id AND b.session_idx = s.idx"
                   " AND b.name = :name JOIN step AS a ON a.run_id = b.run_id"
                   " AND a.session_idx = b.session_idx AND a.ordinal = b.ordinal - 1";
            order = "s.idx, b.ordinal";
            break;
        case MeasureKind::SUCCESS:
            break;
        }
        std::string sql = "SELECT s.bearer, " + value + " AS value FROM session AS s" + join +
                          " WHERE s.run_id = :run AND value IS NOT NULL AND s.idx >= :sessions";
        if (m_query.warmUpNs > 0)
        {
            // Of a session whose begin is not known it is not known that it is too early.
            sql += " AND coalesce((SELECT time_ns FROM step WHERE run_id = s.run_id"
                   " AND session_idx = s.idx AND ordinal = 0), (SELECT sent_ns FROM message"
                   " WHERE run_id = s.run_id AND session_idx = s.idx ORDER BY idx LIMIT 1),"
                   " :begin) >= :begin";
        }
        return sql + " ORDER BY " + order;
    }

    void BindOptions(SQLite::Statement& values) const
    {
        if (m_metric.measure == MeasureKind::COUNTER)
        {
            values.bind(":name", m_metric.name);
            values.bind(":element", m_metric.element);
            return;
        }
        values.bind(":sessions", m_query.warmUpSessions);
        if (m_query.warmUpNs > 0)
        {
            values.bind(":begin", m_query.warmUpNs);
        }
        if (m_metric.measure == MeasureKind::PHASE)
        {
            values.bind(":name", m_metric.name);
        }
    }

    /// Sets the places of a run on the axes. @return whether the run is wanted.
    bool PlaceRun(SQLite::Statement& run)
    {
        m_places.assign(m_axes.size(), std::nullopt);
        for (std::size_t i = 0; i < m_axes.size(); ++i)
        {
            switch (m_axes[i].kind)
            {
            case Dimension::Kind::VARIABLE:
                m_places[i] = m_axes[i].Find(run.getColumn(static_cast<int>(3 + i)));
                break;
            case Dimension::Kind::SCHEME:
                m_places[i] = m_axes[i].Find(run.getColumn(1));
                break;
            case Dimension::Kind::SEED:
                m_places[i] = m_axes[i].Find(
                    std::to_string(static_cast<uint64_t>(run.getColumn(2).getInt64())));
                break;
            case Dimension::Kind::BEARER:
                continue; // each session has its own
            }
            if (!m_places[i])
            {
                return false;
            }
        }
        return true;
    }

    /// Sets the places of a session on the axes. @return whether it is wanted.
    bool PlaceSession(SQLite::Statement& row)
    {
        for (std::size_t i = 0; i < m_axes.size(); ++i)
        {
            if (m_axes[i].kind == Dimension::Kind::BEARER)
            {
                m_places[i] = m_axes[i].Find(row.getColumn(0));
                if (!m_places[i])
                {
                    return false;
                }
            }
        }
        return true;
    }

    void AddRun(SQLite::Statement& values, uint64_t seed)
    {
        if (m_metric.measure == MeasureKind::COUNTER)
        {
            AddCounter(values, seed);
            return;
        }
        const double unit = m_metric.measure == MeasureKind::SUCCESS ? 1 : 1e9;
        while (values.executeStep())
        {
            if (PlaceSession(values))
            {
                Add(seed, static_cast<double>(values.getColumn(1).getInt64()) / unit);
            }
        }
    }

    void AddCounter(SQLite::Statement& values, uint64_t seed)
    {
        std::optional<double> sum;
        while (values.executeStep())
        {
            if (IsElement(values.getColumn(0), m_metric.element))
            {
                sum = sum.value_or(0) + values.getColumn(1).getDouble();
            }
        }
        if (sum)
        {
            Add(seed, *sum);
        }
    }

    void Add(uint64_t seed, double value)
    {
        const std::size_t column = m_query.by ? *m_places[1] : 0;
        const bool isBySeed = m_query.perRun || m_query.against;
        m_samples[*m_places[0] * m_columns + column][isBySeed ? seed : 0].push_back(value);
    }

    const PivotQuery& m_query;
    const MetricSpec& m_metric;
    std::vector<Axis> m_axes;                         ///< x, by if there is one, where
    std::vector<std::optional<std::size_t>> m_places; ///< of the present session, by axis
    std::size_t m_columns;
    std::vector<Samples> m_samples;
};

/// @return the figure of each seed that has one.
std::map<uint64_t, double>
EvaluateSeeds(const Samples& samples, const MetricSpec& metric)
{
    std::map<uint64_t, double> figures;
    for (const auto& [seed, sample] : samples)
    {
        figures[seed] = *Evaluate(sample, metric);
    }
    return figures;
}

Estimate
EstimateField(const Samples& samples, const MetricSpec& metric, bool perRun)
{
    std::vector<double> all;
    // A counter's value is a run's already.
    if (perRun && metric.measure != MeasureKind::COUNTER)
    {
        for (const auto& [seed, figure] : EvaluateSeeds(samples, metric))
        {
            all.push_back(figure);
        }
        return EstimateMean(all);
    }
    for (const auto& [seed, sample] : samples)
    {
        all.insert(all.end(), sample.begin(), sample.end());
    }
    return EstimateMetric(std::move(all), metric);
}

Estimate
EstimateDifference(const Samples& samples, const Samples& others, const MetricSpec& metric)
{
    const auto figures = EvaluateSeeds(samples, metric);
    const auto otherFigures = EvaluateSeeds(others, metric);
    std::vector<double> differences;
    for (const auto& [seed, figure] : figures)
    {
        if (const auto other = otherFigures.find(seed); other != otherFigures.end())
        {
            differences.push_back(figure - other->second);
        }
    }
    return EstimateMean(differences);
}

/// Throws if the query asks for what only sessions have.
void
CheckCounterQuery(const PivotQuery& query, const MetricSpec& metric)
{
    const auto isOfSessions = [](const Choice& choice) {
        return choice.dimension.kind == Dimension::Kind::BEARER;
    };
    if (isOfSessions(query.x) || (query.by && isOfSessions(*query.by)) ||
        std::any_of(query.where.begin(), query.where.end(), isOfSessions))
    {
        throw MetricError("'" + metric.text + "': a counter is of a run; it has no bearer", "", {});
    }
    if (query.warmUpSessions > 0 || query.warmUpNs > 0)
    {
        throw MetricError("'" + metric.text + "': a counter is of a whole run; it has no warm-up",
                          "",
                          {});
    }
}

/// Throws if the file does not know the metric's step or counter.
void
CheckName(const StudyView& study, const MetricSpec& metric)
{
    const bool isCounter = metric.measure == MeasureKind::COUNTER;
    if (!isCounter && metric.measure != MeasureKind::PHASE)
    {
        return;
    }
    auto known = isCounter ? study.ListCounters() : study.ListSteps();
    const std::string name = isCounter ? metric.element + "." + metric.name : metric.name;
    const bool isKnown = std::any_of(known.begin(), known.end(), [&](const std::string& each) {
        const auto dot = each.find('.');
        return isCounter ? each.substr(dot + 1) == metric.name &&
                               IsElement(each.substr(0, dot), metric.element)
                         : each == name;
    });
    if (!isKnown)
    {
        throw MetricError("'" + metric.text + "': no such " + (isCounter ? "counter" : "step") +
                              " in the file",
                          name,
                          std::move(known));
    }
}

bool
IsEmpty(const std::vector<Samples>& samples)
{
    return std::all_of(samples.begin(), samples.end(), [](const auto& each) {
        return each.empty();
    });
}

} // namespace

Pivot
MakePivot(const StudyView& study, const PivotQuery& query, const MetricSpec& metric)
{
    if (metric.measure == MeasureKind::COUNTER)
    {
        CheckCounterQuery(query, metric);
    }
    auto samples = study.Ask([&](const SQLite::Database& database) {
        return SampleReader(query, metric).Read(database);
    });
    if (IsEmpty(samples))
    {
        CheckName(study, metric);
    }
    const std::size_t columns = query.by ? query.by->values.size() : 1;
    Pivot pivot{metric, {}};
    for (std::size_t row = 0; row < query.x.values.size(); ++row)
    {
        auto& cells = pivot.cells.emplace_back(columns);
        const auto first = samples.begin() + static_cast<std::ptrdiff_t>(row * columns);
        for (std::size_t column = 0; column < columns; ++column)
        {
            const Samples& own = first[static_cast<std::ptrdiff_t>(column)];
            cells[column].figure = EstimateField(own, metric, query.perRun);
            if (query.against && column != *query.against)
            {
                const Samples& other = first[static_cast<std::ptrdiff_t>(*query.against)];
                cells[column].difference = EstimateDifference(own, other, metric);
            }
        }
    }
    return pivot;
}

} // namespace campaign
} // namespace p2pim
