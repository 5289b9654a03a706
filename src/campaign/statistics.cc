// SPDX-License-Identifier: GPL-2.0-only
#include "statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Probability that a 95 % interval leaves out on each side.
constexpr double g_tail = 0.025;

/// Makes a discrete quantile q the smallest k with P(B <= k) >= p.
using RoundUp = boost::math::policies::policy<
    boost::math::policies::discrete_quantile<boost::math::policies::integer_round_up>>;

/**
 * Where a bound of a quantile's interval lies between two order statistics. If the density is
 * exponential to either side of the quantile (Nyblom 1992), P((1 - w) X(r) + w X(r + 1) <=
 * quantile) is 1 - g_tail where w = 1 / (1 + r (1 - p) in / ((n - r) p out)).
 *
 * @param n size of the sample.
 * @param p which quantile.
 * @param rank r of the order statistic that is too far out, from 1; the next one is too far in.
 * @return w, in [0, 1]; 0 if there is no next one.
 */
double
GetInwardShare(uint64_t n, double p, uint64_t rank)
{
    const auto size = static_cast<double>(n);
    const auto r = static_cast<double>(rank);
    const boost::math::binomial_distribution<> below(size, p);
    const double out = std::max(0.0, g_tail - boost::math::cdf(below, r - 1));
    const double in = std::max(0.0, boost::math::cdf(below, r) - g_tail);
    const double outward = r * (1 - p) * in;
    const double inward = (size - r) * p * out;
    return inward > 0 ? inward / (inward + outward) : 0;
}

} // namespace

Estimate
EstimateMean(const std::vector<double>& sample, double confidence)
{
    Estimate estimate;
    estimate.n = sample.size();
    if (sample.empty())
    {
        return estimate;
    }
    const auto n = static_cast<double>(sample.size());
    const double mean = std::accumulate(sample.begin(), sample.end(), 0.0) / n;
    estimate.value = mean;
    if (sample.size() < 2)
    {
        return estimate;
    }
    const double squares =
        std::accumulate(sample.begin(), sample.end(), 0.0, [mean](double sum, double x) {
            return sum + (x - mean) * (x - mean);
        });
    const boost::math::students_t distribution(n - 1);
    const double half = boost::math::quantile(distribution, (1 + confidence) / 2) *
                        std::sqrt(squares / (n - 1) / n);
    estimate.low = mean - half;
    estimate.high = mean + half;
    return estimate;
}

std::pair<uint64_t, uint64_t>
GetQuantileRanks(uint64_t n, double p)
{
    if (n == 0)
    {
        return {0, 1};
    }
    const boost::math::binomial_distribution<double, RoundUp> below(static_cast<double>(n), p);
    const double lower = boost::math::quantile(below, g_tail);
    const double upper = boost::math::quantile(below, 1 - g_tail);
    return {static_cast<uint64_t>(lower), static_cast<uint64_t>(upper) + 1};
}

double
GetQuantile(const std::vector<double>& sorted, double p)
{
    if (sorted.empty())
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double position = static_cast<double>(sorted.size() - 1) * p;
    const auto below = static_cast<size_t>(position);
    const size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] +
           (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

Estimate
EstimateQuantile(const std::vector<double>& sorted, double p)
{
    Estimate estimate;
    const uint64_t n = sorted.size();
    estimate.n = n;
    estimate.value = GetQuantile(sorted, p);
    if (n < 2)
    {
        return estimate;
    }
    const auto [lower, upper] = GetQuantileRanks(n, p);
    const auto interpolate = [&sorted](uint64_t rank, uint64_t next, double share) {
        const double bound = sorted[rank - 1];
        return share > 0 ? bound + share * (sorted[next - 1] - bound) : bound;
    };
    if (lower >= 1)
    {
        estimate.low = interpolate(lower, lower + 1, GetInwardShare(n, p, lower));
    }
    if (upper <= n)
    {
        // the same of the sample turned round
        estimate.high = interpolate(upper, upper - 1, GetInwardShare(n, 1 - p, n + 1 - upper));
    }
    return estimate;
}

Estimate
EstimateShare(uint64_t hits, uint64_t n)
{
    Estimate estimate;
    estimate.n = n;
    if (n == 0)
    {
        return estimate;
    }
    const auto size = static_cast<double>(n);
    const double share = static_cast<double>(hits) / size;
    estimate.value = share;
    if (n < 2)
    {
        return estimate;
    }
    const double z = boost::math::quantile(boost::math::normal(), 1 - g_tail);
    const double scale = 1 / (1 + z * z / size);
    const double centre = scale * (share + z * z / (2 * size));
    const double half =
        scale * z * std::sqrt(share * (1 - share) / size + z * z / (4 * size * size));
    // At 0 and at n hits the bound is exactly 0 or 1; rounding must not push it over.
    estimate.low = hits == 0 ? 0 : centre - half;
    estimate.high = hits == n ? 1 : centre + half;
    return estimate;
}

} // namespace campaign
} // namespace p2pim
