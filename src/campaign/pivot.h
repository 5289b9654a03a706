// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PIVOT_H
#define P2PIM_CAMPAIGN_PIVOT_H

#include "empirical-distribution.h"
#include "metric.h"
#include "study-view.h"
#include "table.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

/**
 * @file
 * A metric of a study over one dimension, a column for each value of another: what `p2pim query`
 * prints. It is read from the file run by run; the values of one metric are kept, nothing else.
 */

namespace p2pim
{
namespace campaign
{

/// Values of a dimension: the rows or columns of a table, or which runs are looked at.
struct Choice
{
    Dimension dimension;             ///< of the file
    std::vector<std::string> values; ///< some of those that it takes, in the order of the table
};

/// The warm-up that a file's runs have, looked for in the runs of each scheme at each point.
struct FoundWarmUp
{
    int64_t endNs = 0;         ///< the greatest end where a steady state is seen, ns
    uint64_t series = 0;       ///< how many were looked at: of metrics, schemes and points
    uint64_t tooShort = 0;     ///< in how many of them no steady state is seen
    std::string firstTooShort; ///< the first of these, for people; empty if there is none
};

/// @param found a warm-up. @return a line about series that are too short; empty if there are none.
std::string DescribeTooShort(const FoundWarmUp& found);

/// What to make of a file's runs.
struct PivotQuery
{
    Choice x;                 ///< the rows
    std::optional<Choice> by; ///< the columns; nothing: one
    /// Which other runs and sessions are left out; each of another dimension than x and by.
    std::vector<Choice> where;
    std::vector<Choice> pooled;         ///< of what takes several values besides; for the heading
    std::optional<std::size_t> against; ///< the column that the others are compared with
    std::optional<std::size_t> ratioTo; ///< the column by which the others are divided
    /// The figure is the mean of the seeds' figures, with Student's interval; else it is that of
    /// all sessions, which count as independent of each other.
    bool perRun = false;
    uint32_t warmUpSessions = 0; ///< sessions that are left out at the begin of each run
    int64_t warmUpNs = 0;        ///< sessions that begin before that time are left out, ns
    std::optional<FoundWarmUp> foundWarmUp; ///< where that time comes from, if it was looked for
};

/// A field of a pivot.
struct PivotCell
{
    Estimate figure;
    /// The figure of a seed minus that of the column that is compared with, mean over the seeds
    /// that have both; n tells how many.
    Estimate difference;
    /// The figure divided by that of the column it is compared with, of the seeds that both have; n
    /// tells how many. The interval is a bootstrap of the seeds; a least or greatest value has
    /// none.
    Estimate ratio;
};

/// A table of one metric.
struct Pivot
{
    MetricSpec metric;
    std::vector<std::vector<PivotCell>> cells; ///< [row][column]
};

/**
 * @param study the file.
 * @param query what to make of it.
 * @param metric of what.
 * @return the table.
 * @throw MetricError the file has no such step or counter, or the query asks what this metric
 * does not have.
 */
Pivot MakePivot(const StudyView& study, const PivotQuery& query, const MetricSpec& metric);

/**
 * Looks for the end of the warm-up in the values of metrics by FindWarmUp(): all runs of one scheme
 * at one point are one series.
 *
 * @param study the file.
 * @param query what to look at; what it says of a warm-up does not count.
 * @param metrics of what.
 * @return the warm-up.
 * @throw MetricError as MakePivot().
 */
FoundWarmUp FindWarmUp(const StudyView& study,
                       PivotQuery query,
                       const std::vector<MetricSpec>& metrics);

/// The distributions of one metric.
struct DistributionPivot
{
    MetricSpec metric;                                     ///< its statistic does not count
    std::vector<std::vector<EmpiricalDistribution>> cells; ///< [row][column]
};

/**
 * @param study the file.
 * @param query what to make of it; the values of all seeds are one sample.
 * @param metric of what.
 * @return the distributions.
 * @throw MetricError as MakePivot().
 */
DistributionPivot MakeDistributions(const StudyView& study,
                                    const PivotQuery& query,
                                    const MetricSpec& metric);

/// How pivots are printed.
enum class PivotFormat
{
    TABLE, ///< for people
    CSV,   ///< one line a field
    JSON,  ///< with all that a figure's caption needs
};

/**
 * Writes tables of the same query.
 *
 * @param study the file.
 * @param query the query.
 * @param pivots the tables.
 * @param format how.
 * @param out where to.
 */
void WritePivots(const StudyView& study,
                 const PivotQuery& query,
                 const std::vector<Pivot>& pivots,
                 PivotFormat format,
                 std::ostream& out);

/// The same of distributions: quantiles as a table, else every point of the curves with its band.
void WriteDistributions(const StudyView& study,
                        const PivotQuery& query,
                        const std::vector<DistributionPivot>& pivots,
                        PivotFormat format,
                        std::ostream& out);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PIVOT_H
