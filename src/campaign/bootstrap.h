// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_BOOTSTRAP_H
#define P2PIM_CAMPAIGN_BOOTSTRAP_H

#include "statistics.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// A figure of a sample, in whatever order the sample comes.
using SampleStatistic = std::function<double(const std::vector<double>& sample)>;

/**
 * Any statistic of a sample, with the bias-corrected and accelerated bootstrap interval (Efron,
 * JASA 82, 1987; Efron and Tibshirani, An Introduction to the Bootstrap, 14.3): quantiles of the
 * statistic over samples drawn with replacement, corrected by the share of them that is below the
 * sample's own, and by the skewness of the sample's leave-one-out values. For what EstimateMean(),
 * EstimateQuantile() and EstimateShare() do not cover, such as a ratio or a trimmed mean.
 *
 * Its confidence is 95 % in large samples and less in small ones: for the mean of 20 exponential
 * values 91 %, of 50 some 93 %. It needs resamples + n evaluations.
 *
 * @param sample independent values.
 * @param statistic defined for whatever is drawn of @p sample, and with one value less.
 * @param seed of std::mt19937_64; equal seeds give equal octets on every machine.
 * @param resamples how many samples are drawn.
 * @return the estimate; no interval if n < 2.
 */
Estimate Bootstrap(const std::vector<double>& sample,
                   const SampleStatistic& statistic,
                   uint64_t seed,
                   uint32_t resamples = 2000);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_BOOTSTRAP_H
