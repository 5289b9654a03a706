// SPDX-License-Identifier: GPL-2.0-only
#include "pivot-values.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <sstream>
#include <unordered_map>

namespace p2pim
{
namespace campaign
{

namespace
{

/// When session s began: its first step, or else its first message.
constexpr const char* g_begin =
    "coalesce((SELECT time_ns FROM step WHERE run_id = s.run_id AND session_idx = s.idx"
    " AND ordinal = 0), (SELECT sent_ns FROM message WHERE run_id = s.run_id"
    " AND session_idx = s.idx ORDER BY idx LIMIT 1))";

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

/// Reads the values of a pivot's fields.
class ValueReader
{
  public:
    using Taker = std::function<void(const PivotValue&)>;

    ValueReader(const PivotQuery& query, const MetricSpec& metric, Begins begins, const Taker& take)
        : m_query(query),
          m_metric(metric),
          m_begins(begins),
          m_take(take)
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

    /// @return whether there are any.
    bool Read(const SQLite::Database& database)
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
                m_run = {runs.getColumn(1),
                         static_cast<uint64_t>(runs.getColumn(2).getInt64()),
                         runs.getColumn(3).getUInt()};
                AddRun(values);
            }
        }
        return m_hasAny;
    }

  private:
    /// Run, scheme, seed, point, and the value of each axis that is a variable.
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
        return "SELECT run.id, run.scheme, run.seed, run.point_id" + columns.str() + " FROM run" +
               tables.str() + " ORDER BY run.id";
    }

    /// Bearer, value and begin of each session or message, or element and value of each counter, of
    /// a run.
    std::string MakeValueQuery() const
    {
        std::string value = "s.succeeded";
        std::string join;
        std::string order = "s.idx";
        switch (m_metric.measure)
        {
        case MeasureKind::COUNTER:
            // Behind "cell" and before "cell." are "cell-0" and its like.
            return "SELECT element, json_extract(counter_values, '$[' || ordinal || ']')"
                   " FROM counter_list JOIN counter_name USING (list_id)"
                   " WHERE run_id = :run AND name = :name"
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
        const bool needsBegin = m_begins == Begins::READ || m_query.warmUpNs > 0;
        std::ostringstream sql;
        sql << "SELECT s.bearer, " << value << " AS value, " << (needsBegin ? g_begin : "NULL")
            << " AS begin_ns FROM session AS s" << join
            << " WHERE s.run_id = :run AND value IS NOT NULL AND s.idx >= :sessions";
        if (m_query.warmUpNs > 0)
        {
            // Of a session whose begin is not known it is not known that it is too early.
            sql << " AND coalesce(begin_ns, :begin) >= :begin";
        }
        sql << " ORDER BY " << order;
        return sql.str();
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
                m_places[i] = m_axes[i].Find(run.getColumn(static_cast<int>(4 + i)));
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

    void AddRun(SQLite::Statement& values)
    {
        if (m_metric.measure == MeasureKind::COUNTER)
        {
            AddCounter(values);
            return;
        }
        const double unit = m_metric.measure == MeasureKind::SUCCESS ? 1 : 1e9;
        while (values.executeStep())
        {
            if (PlaceSession(values))
            {
                const auto begin = values.getColumn(2);
                Add(static_cast<double>(values.getColumn(1).getInt64()) / unit,
                    begin.isNull() ? std::nullopt : std::optional(begin.getInt64()));
            }
        }
    }

    void AddCounter(SQLite::Statement& values)
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
            Add(*sum, std::nullopt);
        }
    }

    void Add(double value, const std::optional<int64_t>& beginNs)
    {
        m_hasAny = true;
        m_take({m_run, *m_places[0], m_query.by ? *m_places[1] : 0, beginNs, value});
    }

    const PivotQuery& m_query;
    const MetricSpec& m_metric;
    Begins m_begins;
    const Taker& m_take;
    std::vector<Axis> m_axes;                         ///< x, by if there is one, where
    std::vector<std::optional<std::size_t>> m_places; ///< of the present session, by axis
    RunKey m_run;                                     ///< the present one
    bool m_hasAny = false;
};

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
    if (query.warmUpSessions > 0 || query.warmUpNs > 0 || query.foundWarmUp)
    {
        throw MetricError("'" + metric.text + "': a counter is of a whole run; it has no warm-up",
                          "",
                          {});
    }
}

} // namespace

void
ReadPivotValues(const StudyView& study,
                const PivotQuery& query,
                const MetricSpec& metric,
                Begins begins,
                const std::function<void(const PivotValue&)>& take)
{
    if (metric.measure == MeasureKind::COUNTER)
    {
        CheckCounterQuery(query, metric);
    }
    const bool hasAny = study.Ask([&](const SQLite::Database& database) {
        return ValueReader(query, metric, begins, take).Read(database);
    });
    if (!hasAny)
    {
        study.CheckName(metric);
    }
}

} // namespace campaign
} // namespace p2pim
