// SPDX-License-Identifier: GPL-2.0-only
#include "warm-up.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <tuple>

namespace p2pim
{
namespace campaign
{

namespace
{

constexpr size_t g_batchSize = 5; ///< of MSER-5
constexpr size_t g_notTried = 5;  ///< batches at the end
constexpr size_t g_leastBatches = 2 * g_notTried;

std::vector<double>
GetBatchMeans(const std::vector<double>& series)
{
    std::vector<double> means(series.size() / g_batchSize);
    auto begin = series.begin();
    for (auto& mean : means)
    {
        const auto end = begin + g_batchSize;
        mean = std::accumulate(begin, end, 0.0) / g_batchSize;
        begin = end;
    }
    return means;
}

} // namespace

Truncation
FindTruncation(const std::vector<double>& series)
{
    const auto means = GetBatchMeans(series);
    if (means.size() < g_leastBatches)
    {
        return {0, true};
    }
    double mean = 0;
    double squares = 0;
    double least = std::numeric_limits<double>::infinity();
    size_t best = 0;
    for (size_t d = means.size(); d-- > 0;)
    {
        // Welford's recurrence, from the end
        const auto n = static_cast<double>(means.size() - d);
        const double deviation = means[d] - mean;
        mean += deviation / n;
        squares += deviation * (means[d] - mean);
        const double error = squares / (n * n);
        if (means.size() - d > g_notTried && error <= least)
        {
            least = error;
            best = d;
        }
    }
    return {best * g_batchSize, 2 * best > means.size()};
}

WarmUp
FindWarmUp(std::vector<TimedValue> values)
{
    std::sort(values.begin(), values.end(), [](const TimedValue& a, const TimedValue& b) {
        return std::tie(a.beginNs, a.value) < std::tie(b.beginNs, b.value);
    });
    std::vector<double> series;
    series.reserve(values.size());
    std::transform(values.begin(),
                   values.end(),
                   std::back_inserter(series),
                   [](const TimedValue& timed) { return timed.value; });
    const auto [drop, isTooShort] = FindTruncation(series);
    return {drop == 0 ? 0 : values[drop].beginNs, isTooShort};
}

} // namespace campaign
} // namespace p2pim
