// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_WARM_UP_H
#define P2PIM_CAMPAIGN_WARM_UP_H

#include <cstdint>
#include <vector>

/**
 * @file
 * The beginning of a run, in which the network is emptier than later, and how to how to find
 * its end. Times are simulated time since the start of the run, ns.
 */

namespace p2pim
{
namespace campaign
{

/// How much of a series to leave out.
struct Truncation
{
    uint64_t drop = 0;       ///< how many values at its beginning
    bool isTooShort = false; ///< no steady state is seen: the run has to be longer
};

/**
 * Finds the end of the warm-up in a series by MSER-5 (White, Simulation 69(6), 1997; White, Cobb
 * and Spratt, Winter Simulation Conference 2000): of the means Y of 5 values each, those before the
 * d-th are left out, with the least d that minimises sum_{j >= d} (Y_j - mean)^2 / (b - d)^2. The
 * last five d are not tried, since a few means that are alike by chance would win (Hoad, Robinson
 * and Davies, Journal of the Operational Research Society 61, 2010).
 *
 * @param series values in the order in which they arose.
 * @return a multiple of 5. It is too short if d is in the second half, or with less than 50 values,
 * of which none are left out.
 */
Truncation FindTruncation(const std::vector<double>& series);

/// What to leave out of runs.
struct WarmUp
{
    int64_t endNs = 0;       ///< sessions that began before it, ns
    bool isTooShort = false; ///< no steady state is seen: the runs have to be longer
};

/// A session's value.
struct TimedValue
{
    int64_t beginNs = 0; ///< when the session began, ns
    double value = 0;    ///< in any unit
};

/**
 * Finds the end of the warm-up of the runs of one scheme at one point: FindTruncation() of the
 * values of all their sessions by begin, so that more runs make it surer.
 *
 * @param values of the sessions that have one, of all seeds together, in any order.
 * @return the begin of the first session that is not left out; 0 if all stay.
 */
WarmUp FindWarmUp(std::vector<TimedValue> values);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_WARM_UP_H
