// SPDX-License-Identifier: GPL-2.0-only
#include "pivot.h"

#include "bootstrap.h"
#include "pivot-values.h"
#include "warm-up.h"

#include <algorithm>
#include <map>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Values of one field, by seed.
using Samples = std::map<uint64_t, std::vector<double>>;

/// Of the bootstrap: the same file has the same intervals.
constexpr uint64_t g_bootstrapSeed = 1;

std::size_t
CountColumns(const PivotQuery& query)
{
    return query.by ? query.by->values.size() : 1;
}

/// @return the samples, row by row.
std::vector<Samples>
ReadSamples(const StudyView& study, const PivotQuery& query, const MetricSpec& metric)
{
    const std::size_t columns = CountColumns(query);
    const bool isBySeed = query.perRun || query.against || query.ratioTo;
    std::vector<Samples> fields(query.x.values.size() * columns);
    ReadPivotValues(study, query, metric, Begins::LEAVE, [&](const PivotValue& value) {
        auto& samples = fields[value.row * columns + value.column];
        samples[isBySeed ? value.run.seed : 0].push_back(value.value);
    });
    return fields;
}

/// Puts the figure of each seed in the place of its values.
/// @return the metric that is the mean of these.
MetricSpec
ReduceToSeeds(std::vector<Samples>& fields, const MetricSpec& metric)
{
    for (auto& samples : fields)
    {
        for (auto& [seed, sample] : samples)
        {
            sample = {*Evaluate(sample, metric)};
        }
    }
    return {};
}

Estimate
EstimateField(const Samples& samples, const MetricSpec& metric)
{
    std::vector<double> all;
    for (const auto& [seed, sample] : samples)
    {
        all.insert(all.end(), sample.begin(), sample.end());
    }
    return EstimateMetric(std::move(all), metric);
}

/// The samples of a seed in two fields.
using SeedPair = std::pair<const std::vector<double>*, const std::vector<double>*>;

/// @return those of the seeds that both fields have.
std::vector<SeedPair>
PairSeeds(const Samples& samples, const Samples& others)
{
    std::vector<SeedPair> pairs;
    for (const auto& [seed, sample] : samples)
    {
        if (const auto other = others.find(seed); other != others.end())
        {
            pairs.emplace_back(&sample, &other->second);
        }
    }
    return pairs;
}

Estimate
EstimateDifference(const std::vector<SeedPair>& pairs, const MetricSpec& metric)
{
    std::vector<double> differences;
    differences.reserve(pairs.size());
    for (const auto& [own, other] : pairs)
    {
        differences.push_back(*Evaluate(*own, metric) - *Evaluate(*other, metric));
    }
    return EstimateMean(differences);
}

/// Seeds are drawn, not sessions: a seed's sessions, and its two fields, hang together.
Estimate
EstimateRatio(const std::vector<SeedPair>& pairs, const MetricSpec& metric)
{
    const auto getRatio = [&](const std::vector<std::size_t>& drawn) {
        std::vector<double> numerator;
        std::vector<double> denominator;
        for (const auto place : drawn)
        {
            const auto& [own, other] = pairs[place];
            numerator.insert(numerator.end(), own->begin(), own->end());
            denominator.insert(denominator.end(), other->begin(), other->end());
        }
        const double divisor = *Evaluate(std::move(denominator), metric);
        return divisor == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : *Evaluate(std::move(numerator), metric) / divisor;
    };
    auto estimate = Bootstrap(pairs.size(), getRatio, g_bootstrapSeed);
    if (metric.statistic == Statistic::MIN || metric.statistic == Statistic::MAX)
    {
        // No draw goes beyond the sample, so that the bootstrap tells nothing of these.
        estimate.low = estimate.high = std::numeric_limits<double>::quiet_NaN();
    }
    return estimate;
}

} // namespace

std::string
DescribeTooShort(const FoundWarmUp& found)
{
    if (found.tooShort == 0)
    {
        return "";
    }
    return "TOO SHORT to see a steady state: " + std::to_string(found.tooShort) + " of " +
           std::to_string(found.series) + " series, first " + found.firstTooShort + "\n";
}

Pivot
MakePivot(const StudyView& study, const PivotQuery& query, const MetricSpec& metric)
{
    auto samples = ReadSamples(study, query, metric);
    // A counter's value is a run's already.
    const bool isReduced = query.perRun && metric.measure != MeasureKind::COUNTER;
    const MetricSpec figure = isReduced ? ReduceToSeeds(samples, metric) : metric;
    const std::size_t columns = CountColumns(query);
    Pivot pivot{metric, {}};
    for (std::size_t row = 0; row < query.x.values.size(); ++row)
    {
        auto& cells = pivot.cells.emplace_back(columns);
        const auto pair = [&](std::size_t column, std::size_t other) {
            return PairSeeds(samples[row * columns + column], samples[row * columns + other]);
        };
        for (std::size_t column = 0; column < columns; ++column)
        {
            cells[column].figure = EstimateField(samples[row * columns + column], figure);
            if (query.against && column != *query.against)
            {
                cells[column].difference = EstimateDifference(pair(column, *query.against), figure);
            }
            if (query.ratioTo && column != *query.ratioTo)
            {
                cells[column].ratio = EstimateRatio(pair(column, *query.ratioTo), figure);
            }
        }
    }
    return pivot;
}

FoundWarmUp
FindWarmUp(const StudyView& study, PivotQuery query, const std::vector<MetricSpec>& metrics)
{
    query.warmUpSessions = 0;
    query.warmUpNs = 0;
    query.foundWarmUp.emplace();
    FoundWarmUp found;
    for (const auto& metric : metrics)
    {
        std::map<std::pair<uint32_t, std::string>, std::vector<TimedValue>> series;
        ReadPivotValues(study, query, metric, Begins::READ, [&](const PivotValue& value) {
            if (value.beginNs)
            {
                series[{value.run.point, value.run.scheme}].push_back(
                    {*value.beginNs, value.value});
            }
        });
        for (auto& [key, values] : series)
        {
            const auto warmUp = FindWarmUp(std::move(values));
            ++found.series;
            if (!warmUp.isTooShort)
            {
                found.endNs = std::max(found.endNs, warmUp.endNs);
            }
            else if (++found.tooShort == 1)
            {
                found.firstTooShort =
                    metric.text + " of " + key.second + " at point " + std::to_string(key.first);
            }
        }
    }
    return found;
}

DistributionPivot
MakeDistributions(const StudyView& study, const PivotQuery& query, const MetricSpec& metric)
{
    const std::size_t columns = CountColumns(query);
    std::vector<std::vector<double>> samples(query.x.values.size() * columns);
    ReadPivotValues(study, query, metric, Begins::LEAVE, [&](const PivotValue& value) {
        samples[value.row * columns + value.column].push_back(value.value);
    });
    DistributionPivot pivot{metric,
                            std::vector<std::vector<EmpiricalDistribution>>(query.x.values.size())};
    for (std::size_t i = 0; i < samples.size(); ++i)
    {
        pivot.cells[i / columns].emplace_back(std::move(samples[i]));
    }
    return pivot;
}

} // namespace campaign
} // namespace p2pim
