// SPDX-License-Identifier: GPL-2.0-only
#include "bootstrap.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <random>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Probability that a 95 % interval leaves out on each side.
constexpr double g_tail = 0.025;

/// @return the statistic of @p resamples times n units that are drawn from n, in any order.
std::vector<double>
Resample(std::size_t n, const DrawnStatistic& statistic, uint64_t seed, uint32_t resamples)
{
    std::mt19937_64 engine(seed);
    std::vector<double> values(resamples);
    std::vector<std::size_t> drawn(n);
    for (auto& value : values)
    {
        for (auto& unit : drawn)
        {
            // the standard's distributions are not the same in every library
            unit = ((engine() >> 32) * n) >> 32;
        }
        value = statistic(drawn);
    }
    return values;
}

/// @return the bias correction, of the share of @p values that is below @p own.
double
GetBias(const std::vector<double>& values, double own)
{
    const auto [lower, upper] = std::equal_range(values.begin(), values.end(), own);
    const auto below = static_cast<double>(lower - values.begin());
    const auto equal = static_cast<double>(upper - lower);
    const auto n = static_cast<double>(values.size());
    return boost::math::quantile(boost::math::normal(),
                                 std::clamp((below + equal / 2) / n, 0.5 / n, 1 - 0.5 / n));
}

/// @return the acceleration: a sixth of the skewness of the leave-one-out values.
double
GetAcceleration(std::size_t n, const DrawnStatistic& statistic)
{
    std::vector<double> values(n);
    std::vector<std::size_t> rest(n - 1);
    std::iota(rest.begin(), rest.end(), 1);
    for (std::size_t i = 0; i < n; ++i)
    {
        values[i] = statistic(rest);
        if (i < rest.size())
        {
            rest[i] = i;
        }
    }
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double squares = 0;
    double cubes = 0;
    for (const double value : values)
    {
        const double deviation = mean - value;
        squares += deviation * deviation;
        cubes += deviation * deviation * deviation;
    }
    return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

} // namespace

Estimate
Bootstrap(std::size_t n, const DrawnStatistic& statistic, uint64_t seed, uint32_t resamples)
{
    Estimate estimate;
    estimate.n = n;
    if (n == 0)
    {
        return estimate;
    }
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), 0);
    estimate.value = statistic(all);
    if (n < 2)
    {
        return estimate;
    }
    auto values = Resample(n, statistic, seed, resamples);
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }))
    {
        return estimate;
    }
    std::sort(values.begin(), values.end());
    const double bias = GetBias(values, estimate.value);
    const double acceleration = GetAcceleration(n, statistic);
    const boost::math::normal normal;
    const auto bound = [&](double p) {
        const double shifted = bias + boost::math::quantile(normal, p);
        // the acceleration is below 1/6, the shift below 6: there is no pole
        const double corrected = bias + shifted / (1 - acceleration * shifted);
        return GetQuantile(values, boost::math::cdf(normal, corrected));
    };
    estimate.low = bound(g_tail);
    estimate.high = bound(1 - g_tail);
    return estimate;
}

} // namespace campaign
} // namespace p2pim
