// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PIVOT_H
#define P2PIM_CAMPAIGN_PIVOT_H

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

/// What to make of a file's runs.
struct PivotQuery
{
    Choice x;                 ///< the rows
    std::optional<Choice> by; ///< the columns; nothing: one
    /// Which other runs and sessions are left out; each of another dimension than x and by.
    std::vector<Choice> where;
    std::vector<Choice> pooled;         ///< of what takes several values besides; for the heading
    std::optional<std::size_t> against; ///< the column that the others are compared with
    /// The figure is the mean of the seeds' figures, with Student's interval; else it is that of
    /// all sessions, which count as independent of each other.
    bool perRun = false;
    uint32_t warmUpSessions = 0; ///< sessions that are left out at the begin of each run
    int64_t warmUpNs = 0;        ///< sessions that begin before that time are left out, ns
};

/// A field of a pivot.
struct PivotCell
{
    Estimate figure;
    /// The figure of a seed minus that of the column that is compared with, mean over the seeds
    /// that have both; n tells how many.
    Estimate difference;
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

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PIVOT_H
