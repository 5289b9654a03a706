// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PRECISION_RULE_H
#define P2PIM_CAMPAIGN_PRECISION_RULE_H

#include <cstdint>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// How narrow an interval has to be, and what it may cost.
struct PrecisionGoal
{
    double relative = 0.05; ///< half the 95 % interval's width, as a share of |mean|
    uint64_t least = 10;    ///< runs, from 2
    uint64_t most = 1000;   ///< runs, from 1
};

/**
 * Sequential stopping: makes runs in batches until the interval of a figure over the runs is narrow
 * enough (Law, Simulation Modeling and Analysis, 9.4.1). It looks at the first 10, 15, 23, 35, ...
 * runs in the order of their seeds, each batch half as large again, and at nothing between. So the
 * runs that a study ends with do not depend on how many are made at a time.
 *
 * To stop because the interval happens to be narrow makes it miss the truth more often than in 5 %.
 * With so few looks that is little: in 2,000 simulated studies each of normal, gamma, exponential
 * and lognormal values with a deviation of a tenth to the whole of the mean, and of widths of 10, 5
 * and 2 %, the interval of the mean at the end had the truth in 94 to 96 %.
 */
class PrecisionRule
{
  public:
    /// @param goal when to stop.
    explicit PrecisionRule(const PrecisionGoal& goal);

    /**
     * How many runs are needed, as far as is known.
     *
     * @param values of the runs that there are, in the order of their seeds; NaN of a run that has
     * no value, which is left out of the interval but is one of the runs.
     * @return the size of the first batch that is precise or the last that is allowed, whatever
     * follows it in @p values; else the size of the next batch, which is more than there are.
     */
    uint64_t GetTarget(const std::vector<double>& values) const;

    /**
     * @param values see GetTarget().
     * @return whether the interval of all these is narrow enough; false if there is none. An
     * interval without width is, also around 0.
     */
    bool IsPrecise(const std::vector<double>& values) const;

  private:
    PrecisionGoal m_goal;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PRECISION_RULE_H
