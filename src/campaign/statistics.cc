// SPDX-License-Identifier: GPL-2.0-only
#include "statistics.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

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

} // namespace

Estimate
EstimateMean(const std::vector<double>& sample)
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
    const double half =
        boost::math::quantile(distribution, 1 - g_tail) * std::sqrt(squares / (n - 1) / n);
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

Estimate
EstimateQuantile(const std::vector<double>& sorted, double p)
{
    Estimate estimate;
    const uint64_t n = sorted.size();
    estimate.n = n;
    if (n == 0)
    {
        return estimate;
    }
    const double position = static_cast<double>(n - 1) * p;
    const auto below = static_cast<uint64_t>(position);
    const uint64_t above = std::min<uint64_t>(below + 1, n - 1);
    const double weight = position - static_cast<double>(below);
    estimate.value = sorted[below] + weight * (sorted[above] - sorted[below]);
    if (n < 2)
    {
        return estimate;
    }
    const auto [lower, upper] = GetQuantileRanks(n, p);
    if (lower >= 1)
    {
        estimate.low = sorted[lower - 1];
    }
    if (upper <= n)
    {
        estimate.high = sorted[upper - 1];
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
