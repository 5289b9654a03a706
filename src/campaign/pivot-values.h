// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PIVOT_VALUES_H
#define P2PIM_CAMPAIGN_PIVOT_VALUES_H

#include "pivot.h"

#include <functional>

namespace p2pim
{
namespace campaign
{

/// A value of a session or message, or of a run's counter.
struct PivotValue
{
    const RunKey& run;              ///< its run; seen only while it is taken
    std::size_t row;                ///< of the table
    std::size_t column;             ///< of the table
    std::optional<int64_t> beginNs; ///< when its session began, ns, if that was asked for
    double value;                   ///< in the metric's unit
};

/// Whether the begin of each session is read, too.
enum class Begins
{
    LEAVE,
    READ,
};

/**
 * Reads what a query asks for, in the order of the runs.
 *
 * @param study the file.
 * @param query which values, and where in the table they are.
 * @param metric of what.
 * @param begins whether begins are read.
 * @param take is called with each value.
 * @throw MetricError as MakePivot().
 */
void ReadPivotValues(const StudyView& study,
                     const PivotQuery& query,
                     const MetricSpec& metric,
                     Begins begins,
                     const std::function<void(const PivotValue&)>& take);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PIVOT_VALUES_H
