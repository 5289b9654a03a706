// SPDX-License-Identifier: GPL-2.0-only
#include "precision-plan.h"

#include "results-file.h"
#include "run-reader.h"
#include "study-view.h"

#include <SQLiteCpp/Statement.h>
#include <algorithm>
#include <limits>
#include <tuple>

namespace p2pim
{
namespace campaign
{

namespace
{

/// @return what GetSample() looks at for a metric.
RunParts
GetParts(const MetricSpec& metric)
{
    RunParts parts;
    parts.steps = metric.measure == MeasureKind::PHASE;
    parts.messages = metric.measure == MeasureKind::MESSAGE_DELAY;
    parts.counters = metric.measure == MeasureKind::COUNTER;
    return parts;
}

} // namespace

PrecisionPlan::PrecisionPlan(std::string path, MetricSpec metric, const PrecisionGoal& goal)
    : m_path(std::move(path)),
      m_metric(std::move(metric)),
      m_rule(goal),
      m_goal(goal)
{
}

std::vector<RunKey>
PrecisionPlan::GetNextRuns()
{
    ReadRuns();
    const bool hasFirstBatch =
        !m_series.empty() &&
        m_series.begin()->second.begin()->second.figures.size() >= m_goal.least;
    if (hasFirstBatch && !m_hasFigure)
    {
        StudyView(m_path).CheckName(m_metric);
        throw MetricError("'" + m_metric.text + "': none of the runs has a figure of it", "", {});
    }
    std::vector<RunKey> runs;
    for (const auto& [point, schemes] : m_series)
    {
        uint64_t target = 0;
        for (const auto& entry : schemes)
        {
            target = std::max(target, m_rule.GetTarget(entry.second.figures));
        }
        for (const auto& scheme : m_schemes)
        {
            const auto& series = schemes.at(scheme);
            const uint64_t has = series.figures.size();
            for (uint64_t i = has; i < target; ++i)
            {
                runs.push_back({scheme, series.lastSeed + 1 + i - has, point});
            }
        }
    }
    const auto getRank = [this](const std::string& scheme) {
        return std::find(m_schemes.begin(), m_schemes.end(), scheme) - m_schemes.begin();
    };
    std::stable_sort(runs.begin(), runs.end(), [&](const RunKey& a, const RunKey& b) {
        return std::tuple(a.seed, a.point, getRank(a.scheme)) <
               std::tuple(b.seed, b.point, getRank(b.scheme));
    });
    return runs;
}

uint64_t
PrecisionPlan::CountImprecise() const
{
    return static_cast<uint64_t>(
        std::count_if(m_series.begin(), m_series.end(), [this](const auto& entry) {
            return std::any_of(
                entry.second.begin(),
                entry.second.end(),
                [this](const auto& scheme) { return !m_rule.IsPrecise(scheme.second.figures); });
        }));
}

void
PrecisionPlan::ReadRuns()
{
    try
    {
        const auto database = OpenResultsFile(m_path);
        RunReader reader(database, GetParts(m_metric));
        SQLite::Statement query(database,
                                "SELECT id, point_id, scheme, seed FROM run WHERE id > ?"
                                " ORDER BY id");
        query.bind(1, static_cast<int64_t>(m_lastRun));
        while (query.executeStep())
        {
            const std::string scheme = query.getColumn(2);
            if (std::find(m_schemes.begin(), m_schemes.end(), scheme) == m_schemes.end())
            {
                m_schemes.push_back(scheme);
            }
            const int64_t id = query.getColumn(0).getInt64();
            auto& series = m_series[query.getColumn(1).getUInt()][scheme];
            const auto figure = Evaluate(GetSample(reader.Read(id), m_metric), m_metric);
            series.figures.push_back(figure.value_or(std::numeric_limits<double>::quiet_NaN()));
            m_hasFigure = m_hasFigure || figure;
            series.lastSeed = static_cast<uint64_t>(query.getColumn(3).getInt64());
            m_lastRun = static_cast<uint64_t>(id);
        }
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(m_path, error, 0);
    }
}

} // namespace campaign
} // namespace p2pim
