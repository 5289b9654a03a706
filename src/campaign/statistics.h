// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STATISTICS_H
#define P2PIM_CAMPAIGN_STATISTICS_H

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// A figure with its 95 % confidence interval. What the sample does not define is NaN: the value
/// of an empty sample, and a bound for which the sample is too small.
struct Estimate
{
    double value = std::numeric_limits<double>::quiet_NaN(); ///< the point estimate
    double low = std::numeric_limits<double>::quiet_NaN();   ///< lower bound
    double high = std::numeric_limits<double>::quiet_NaN();  ///< upper bound
    uint64_t n = 0;                                          ///< size of the sample
};

/**
 * The mean of a sample, with Student's t interval: m ± t(0.975; n-1) s / sqrt(n).
 *
 * @param sample values in any order.
 * @param confidence of the interval, in (0, 1).
 * @return the estimate; no interval if n < 2.
 */
Estimate EstimateMean(const std::vector<double>& sample, double confidence = 0.95);

/**
 * A quantile of a sample: Hyndman and Fan's type 7 (The American Statistician 50(4), 1996), linear
 * between the order statistics around 1 + (n-1)p.
 *
 * @param sorted values in ascending order.
 * @param p which quantile, in [0, 1]: 0.5 is the median.
 * @return the quantile; NaN if the sample is empty.
 */
double GetQuantile(const std::vector<double>& sorted, double p);

/**
 * A quantile of a sample, GetQuantile(), with a distribution-free interval: each bound lies between
 * the order statistic of GetQuantileRanks(), which is too far out, and the next one inwards, which
 * is too far in, at the place at which its tail is 2.5 % (Hettmansperger and Sheather, Statistics &
 * Probability Letters 4, 1986; for any p Nyblom, the same 14, 1992). The confidence is 95 % to a
 * few tenths from n = 20 on, whatever the distribution; between order statistics alone it would be
 * up to 98 %.
 *
 * @param sorted values in ascending order.
 * @param p which quantile, in (0, 1): 0.5 is the median.
 * @return the estimate; no bound where GetQuantileRanks() has none, and none if n < 2.
 */
Estimate EstimateQuantile(const std::vector<double>& sorted, double p);

/**
 * The order statistics that enclose a quantile with a confidence of at least 95 %, each tail at
 * most 2.5 % (Conover, Practical Nonparametric Statistics, 3.2). With B binomial (n, p): the lower
 * rank is the smallest l with P(B <= l) >= 0.025, the upper one u + 1 with the smallest u with P(B
 * <= u) >= 0.975.
 *
 * @param n size of the sample.
 * @param p which quantile, in (0, 1).
 * @return ranks from 1; 0 for the lower and n + 1 for the upper one mean that the sample is too
 * small for the bound.
 */
std::pair<uint64_t, uint64_t> GetQuantileRanks(uint64_t n, double p);

/**
 * A proportion with Wilson's score interval (JASA 22, 1927).
 *
 * @param hits how many have the property, at most @p n.
 * @param n size of the sample.
 * @return the estimate, in [0, 1]; no interval if n < 2.
 */
Estimate EstimateShare(uint64_t hits, uint64_t n);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STATISTICS_H
