// SPDX-License-Identifier: GPL-2.0-only
#include "replications.h"

#include "campaign/metric.h"
#include "campaign/regression.h"
#include "user-error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

namespace p2pim::program
{

namespace
{

using campaign::LatencyRow;

/// Replications of which the spread is known well enough to begin with.
constexpr uint64_t PILOT = 10;

/// How many replications a row needs.
struct Need
{
    const LatencyRow* row = nullptr;
    uint64_t replications = 2; ///< 0: too many to say
};

/// @return of the row that needs most.
Need
FindGreatestNeed(const std::vector<LatencyRow>& rows)
{
    const auto isMore = [](uint64_t a, uint64_t b) { return b != 0 && (a == 0 || a > b); };
    Need greatest;
    for (const auto& row : rows)
    {
        if (std::isinf(row.margin))
        {
            continue;
        }
        const auto needed = campaign::GetNeededReplications(row.values, row.margin, rows.size());
        if (isMore(needed, greatest.replications))
        {
            greatest = {&row, needed};
        }
    }
    return greatest;
}

[[noreturn]] void
RefuseMargin(const Need& need, uint64_t most, uint64_t rows)
{
    const auto& row = *need.row;
    std::ostringstream line;
    line << "--replications=" << most << ": too few for a margin of ";
    if (std::isinf(row.margin))
    {
        line << row.metric << " of " << row.scheme;
        throw UserError(line.str());
    }
    line << 100 * row.margin << "% of " << row.metric << " of " << row.scheme;
    if (need.replications > 0)
    {
        line << ", which needs " << need.replications;
    }
    line << "; with these it is " << 100 * campaign::GetReachableMargin(row.values, rows) << "%";
    throw UserError(line.str());
}

} // namespace

Replications::Replications(const campaign::BaselinePlan& plan,
                           uint64_t firstSeed,
                           RunSeries& series)
    : m_schemes(plan.schemes),
      m_firstSeed(firstSeed),
      m_series(series)
{
    for (const auto& scheme : plan.schemes)
    {
        for (const auto& target : plan.targets)
        {
            m_rows.push_back({scheme, target.metric, target.margin, {}});
        }
    }
}

void
Replications::Extend(uint64_t count)
{
    if (count <= m_count)
    {
        return;
    }
    for (auto& row : m_rows)
    {
        row.values.resize(count, std::numeric_limits<double>::quiet_NaN());
    }
    std::vector<campaign::RunKey> keys;
    keys.reserve((count - m_count) * m_schemes.size());
    for (uint64_t seed = m_firstSeed + m_count; seed < m_firstSeed + count; ++seed)
    {
        for (const auto& scheme : m_schemes)
        {
            keys.push_back({scheme, seed});
        }
    }
    m_series.Make(keys, [this](std::size_t, RunRecord&& record) { Store(record); });
    m_count = count;
}

uint64_t
Replications::GetCount() const
{
    return m_count;
}

const std::vector<LatencyRow>&
Replications::GetRows() const
{
    return m_rows;
}

void
Replications::Store(const RunRecord& record)
{
    for (auto& row : m_rows)
    {
        if (row.scheme == record.scheme)
        {
            const auto metric = campaign::ParseMetric(row.metric);
            const auto value = campaign::Evaluate(campaign::GetSample(record, metric), metric);
            row.values[record.seed - m_firstSeed] =
                value.value_or(std::numeric_limits<double>::quiet_NaN());
        }
    }
}

std::vector<LatencyRow>
DesignReplications(const campaign::BaselinePlan& plan,
                   Replications& replications,
                   campaign::StudyBar& bar)
{
    const auto extend = [&](uint64_t count) {
        bar.Expect((count - replications.GetCount()) * plan.schemes.size());
        replications.Extend(count);
    };
    const uint64_t most = plan.mostReplications;
    const bool hasOpenMargin =
        std::any_of(plan.targets.begin(), plan.targets.end(), [](const auto& target) {
            return std::isinf(target.margin);
        });
    extend(hasOpenMargin ? most : std::min(PILOT, most));
    auto need = FindGreatestNeed(replications.GetRows());
    while (replications.GetCount() < most &&
           (need.replications == 0 || need.replications > replications.GetCount()))
    {
        extend(need.replications == 0 ? most : std::min(need.replications, most));
        need = FindGreatestNeed(replications.GetRows());
    }
    auto rows = replications.GetRows();
    if (need.replications == 0 || need.replications > replications.GetCount())
    {
        RefuseMargin(need, most, rows.size());
    }
    rows.erase(std::remove_if(
                   rows.begin(),
                   rows.end(),
                   [](const auto& row) {
                       return std::all_of(row.values.begin(), row.values.end(), [](double value) {
                           return std::isnan(value);
                       });
                   }),
               rows.end());
    for (auto& row : rows)
    {
        if (std::isinf(row.margin))
        {
            row.margin = campaign::GetReachableMargin(row.values, rows.size());
        }
        if (std::isinf(row.margin))
        {
            RefuseMargin({&row, 0}, most, rows.size());
        }
    }
    return rows;
}

} // namespace p2pim::program
