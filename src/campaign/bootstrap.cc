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

/// @return the statistic of @p resamples samples drawn from @p sample, ascending.
std::vector<double>
Resample(const std::vector<double>& sample,
         const SampleStatistic& statistic,
         uint64_t seed,
         uint32_t resamples)
{
    std::mt19937_64 engine(seed);
    const uint64_t n = sample.size();
    std::vector<double> values(resamples);
    std::vector<double> drawn(n);
    for (auto& value : values)
    {
        for (auto& x : drawn)
        {
            // the standard's distributions are not the same in every library
            x = sample[((engine() >> 32) * n) >> 32];
        }
        value = statistic(drawn);
    }
    std::sort(values.begin(), values.end());
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
GetAcceleration(const std::vector<double>& sample, const SampleStatistic& statistic)
{
    std::vector<double> values(sample.size());
    std::vector<double> rest(sample.begin() + 1, sample.end());
    for (size_t i = 0; i < sample.size(); ++i)
    {
        values[i] = statistic(rest);
        if (i < rest.size())
        {
            rest[i] = sample[i];
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
Bootstrap(const std::vector<double>& sample,
          const SampleStatistic& statistic,
          uint64_t seed,
          uint32_t resamples)
{
    Estimate estimate;
    estimate.n = sample.size();
    if (sample.empty())
    {
        return estimate;
    }
    estimate.value = statistic(sample);
    if (sample.size() < 2)
    {
        return estimate;
    }
    const auto values = Resample(sample, statistic, seed, resamples);
    const double bias = GetBias(values, estimate.value);
    const double acceleration = GetAcceleration(sample, statistic);
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
