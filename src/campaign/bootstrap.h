// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_BOOTSTRAP_H
#define P2PIM_CAMPAIGN_BOOTSTRAP_H

#include "statistics.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// A figure of the units that were drawn, by their places, each as often as it was drawn; NaN if
/// they do not define it.
using DrawnStatistic = std::function<double(const std::vector<std::size_t>& drawn)>;

/**
 * Any statistic of independent units, such as values or runs, with the bias-corrected and
 * accelerated bootstrap interval (Efron, JASA 82, 1987; Efron and Tibshirani, An Introduction to
 * the Bootstrap, 14.3): quantiles of the statistic over units drawn with replacement, corrected by
 * the share of them that is below that of all units, and by the skewness of the leave-one-out
 * values. For what EstimateMean(), EstimateQuantile() and EstimateShare() do not cover, such as a
 * ratio or a trimmed mean.
 *
 * Its confidence is 95 % in large samples and less in small ones: for the mean of 20 exponential
 * values 91 %, of 50 some 93 %. It needs resamples + n evaluations.
 *
 * @param n how many units there are.
 * @param statistic of them, in whatever order they come.
 * @param seed of std::mt19937_64; equal seeds give equal octets on every machine.
 * @param resamples how often n units are drawn.
 * @return the estimate; no interval if n < 2, or if any of the draws do not define it.
 */
Estimate Bootstrap(std::size_t n,
                   const DrawnStatistic& statistic,
                   uint64_t seed,
                   uint32_t resamples = 2000);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_BOOTSTRAP_H
