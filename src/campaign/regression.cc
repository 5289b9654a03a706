// SPDX-License-Identifier: GPL-2.0-only
#include "regression.h"

#include "equivalence.h"
#include "statistics.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

constexpr double INFINITE = std::numeric_limits<double>::infinity();

/// @return a change as a share of the old value.
double
GetShare(double change, double before)
{
    return change == 0 ? 0 : change / std::abs(before);
}

double
GetMean(const std::vector<double>& values)
{
    return EstimateMean(values).value;
}

double
GetDeviation(const std::vector<double>& values)
{
    const double mean = GetMean(values);
    double squares = 0;
    for (const double value : values)
    {
        squares += (value - mean) * (value - mean);
    }
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

/// @return the replications that decide; 0 if they are too many to say.
uint64_t
GetDeciding(double deviation, double margin, uint64_t figures)
{
    try
    {
        return GetReplications(deviation, margin, g_alpha, GetDesignBeta(figures));
    }
    catch (const std::invalid_argument&)
    {
        return 0;
    }
}

/// Two rows' values, where there are both.
struct Pairs
{
    std::vector<double> before;
    std::vector<double> after;
    std::vector<double> differences;
};

Pairs
MakePairs(const std::vector<double>& before, const std::vector<double>& after)
{
    Pairs pairs;
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i)
    {
        if (!std::isnan(before[i]) && !std::isnan(after[i]))
        {
            pairs.before.push_back(before[i]);
            pairs.after.push_back(after[i]);
            pairs.differences.push_back(after[i] - before[i]);
        }
    }
    return pairs;
}

bool
IsWithoutValues(const std::vector<double>& values)
{
    return std::all_of(values.begin(), values.end(), [](double value) {
        return std::isnan(value);
    });
}

Finding
Judge(const Equivalence& test)
{
    if (test.equivalent)
    {
        return Finding::SAME;
    }
    const bool isBeyondChance = test.difference.low > 0 || test.difference.high < 0;
    return isBeyondChance ? Finding::MOVED : Finding::UNDECIDED;
}

/// @param figures how many figures are tested.
LatencyResult
CompareLatency(const LatencyRow& before, const LatencyRow& after, uint64_t figures)
{
    LatencyResult result;
    result.scheme = before.scheme;
    result.metric = before.metric;
    result.margin = before.margin;
    const auto pairs = MakePairs(before.values, after.values);
    result.before = GetMean(pairs.before);
    result.after = GetMean(pairs.after);
    if (pairs.differences.size() < 2)
    {
        const bool isNothing = IsWithoutValues(before.values) && IsWithoutValues(after.values);
        result.finding = isNothing ? Finding::SAME : Finding::MISSING;
        return result;
    }
    const double margin = before.margin * std::abs(result.before);
    const auto test = TestEquivalence(pairs.differences, margin, g_alpha);
    result.change = GetShare(test.difference.value, result.before);
    result.low = GetShare(test.difference.low, result.before);
    result.high = GetShare(test.difference.high, result.before);
    result.finding = Judge(test);
    if (result.finding == Finding::UNDECIDED && margin > 0)
    {
        result.needed = GetDeciding(GetDeviation(pairs.differences), margin, figures);
    }
    return result;
}

std::string
FindDiffering(const FingerprintRow& before, const FingerprintRow& after, const std::string& all)
{
    std::string differing;
    for (const char ingredient : all)
    {
        const auto old = before.hashes.find(ingredient);
        const auto present = after.hashes.find(ingredient);
        if (old == before.hashes.end() || present == after.hashes.end() ||
            old->second != present->second)
        {
            differing += ingredient;
        }
    }
    return differing;
}

/// The standard deviation that may be behind a sample's: the upper end of its 90 % interval.
double
GetCautiousDeviation(const std::vector<double>& values)
{
    constexpr double tail = 0.05;
    const auto freedom = static_cast<double>(values.size() - 1);
    const double least = boost::math::quantile(boost::math::chi_squared(freedom), tail);
    return GetDeviation(values) * std::sqrt(freedom / least);
}

/// @return those of a row's values that there are.
std::vector<double>
GetPresent(const std::vector<double>& values)
{
    std::vector<double> present;
    std::copy_if(values.begin(), values.end(), std::back_inserter(present), [](double value) {
        return !std::isnan(value);
    });
    return present;
}

/// @return whether nothing differs but the runs' records.
bool
AreEventsSame(const std::vector<FingerprintResult>& results)
{
    return std::all_of(results.begin(), results.end(), [](const auto& each) {
        return each.differing.empty() || each.differing == "r";
    });
}

/// @return whether an event is not what it was.
bool
HaveEventsChanged(const Regression& regression)
{
    return IsRed(regression, 1) && !AreEventsSame(*regression.fingerprints);
}

/// @return what the verdicts of the layers 1 and 2 mean together; empty if nothing has changed.
std::string
ExplainShortRuns(const Regression& regression)
{
    const bool figures = IsRed(regression, 2);
    if (HaveEventsChanged(regression))
    {
        return !regression.figures ? "the events changed"
               : figures           ? "other random numbers were drawn, or a step takes another time"
                         : "a refactoring touched the order of events, or what a packet carries; "
                           "no figure of these runs changed";
    }
    if (figures)
    {
        return regression.fingerprints ? "the measuring changed: the same events give other figures"
                                       : "the figures of the short runs changed";
    }
    return IsRed(regression, 1)
               ? "something in the runs' records changed, such as a counter; no event did"
               : "";
}

/// @return what the verdict of layer 3 means, which is red, beside that of the others.
std::string
ExplainRedLatencies(const Regression& regression, const std::string& shortRuns)
{
    const auto& latencies = *regression.latencies;
    const bool moved = std::any_of(latencies.begin(), latencies.end(), [](const auto& each) {
        return each.finding == Finding::MOVED || each.finding == Finding::MISSING;
    });
    std::string what =
        moved ? "the latency moved"
              : "the latency is not shown to be the same: too few replications to tell";
    const bool hasShortRuns = regression.fingerprints || regression.figures;
    if (!shortRuns.empty())
    {
        return HaveEventsChanged(regression) ? what : what + "; " + shortRuns;
    }
    if (!hasShortRuns || !regression.failedShortRuns.empty())
    {
        return what;
    }
    return what + (regression.otherSeeds
                       ? "; the short runs are unchanged: chance, or what only longer runs show"
                       : "; the short runs are unchanged: it is what only longer runs show");
}

/// @return what the layers' verdicts mean together, but for failed runs.
std::string
ExplainLayers(const Regression& regression)
{
    const auto shortRuns = ExplainShortRuns(regression);
    if (IsRed(regression, 3))
    {
        return ExplainRedLatencies(regression, shortRuns);
    }
    const auto& latencies = regression.latencies;
    const bool isWithin = latencies && regression.failedReplications.empty();
    const std::string within = isWithin ? "the latency is the same within its margins" : "";
    if (!shortRuns.empty())
    {
        return shortRuns + (isWithin ? "; " + within : "");
    }
    const bool hasChange =
        isWithin && std::any_of(latencies->begin(), latencies->end(), [](const auto& each) {
            return each.change != 0;
        });
    return hasChange ? within : "nothing has changed";
}

/// @return whether there is anything that failed runs do not leave open.
bool
IsAnythingJudged(const Regression& regression)
{
    const auto& latencies = regression.latencies;
    return (regression.fingerprints && !regression.fingerprints->empty()) ||
           (regression.figures && !regression.figures->empty()) ||
           (latencies && std::any_of(latencies->begin(), latencies->end(), [](const auto& each) {
                return each.finding != Finding::FAILED;
            }));
}

/// @return @p value rounded up to two digits.
double
RoundUp(double value)
{
    const double unit = std::pow(10, std::floor(std::log10(value)) - 1);
    // as a quotient, so that 0.012 has the digits that a person would write
    return std::ceil(value / unit - 1e-9) / std::round(1 / unit);
}

} // namespace

const char*
GetFindingName(Finding finding)
{
    switch (finding)
    {
    case Finding::SAME:
        return "same";
    case Finding::MOVED:
        return "moved";
    case Finding::UNDECIDED:
        return "undecided";
    case Finding::MISSING:
        return "missing";
    case Finding::FAILED:
        return "failed";
    }
    return "";
}

std::vector<FingerprintResult>
CompareFingerprints(const std::vector<FingerprintRow>& before,
                    const std::vector<FingerprintRow>& after,
                    const std::string& ingredients)
{
    std::map<std::pair<std::string, uint64_t>, FingerprintResult> results;
    for (const auto& row : before)
    {
        results[{row.scheme, row.seed}] = {row, std::nullopt, ingredients, ""};
    }
    for (const auto& row : after)
    {
        auto& result = results[{row.scheme, row.seed}];
        result.after = row;
        result.differing =
            result.before ? FindDiffering(*result.before, row, ingredients) : ingredients;
    }
    std::vector<FingerprintResult> list;
    list.reserve(results.size());
    for (const auto& [run, result] : results)
    {
        list.push_back(result);
    }
    return list;
}

std::vector<FigureResult>
CompareFigures(const std::vector<FigureRow>& before, const std::vector<FigureRow>& after)
{
    std::map<std::tuple<std::string, uint64_t, std::string>, FigureResult> results;
    for (const auto& row : before)
    {
        results[{row.scheme, row.seed, row.metric}] =
            {row.scheme, row.seed, row.metric, row.value, std::nullopt, INFINITE};
    }
    for (const auto& row : after)
    {
        auto& result = results[{row.scheme, row.seed, row.metric}];
        result.scheme = row.scheme;
        result.seed = row.seed;
        result.metric = row.metric;
        result.after = row.value;
        result.change =
            result.before ? GetShare(row.value - *result.before, *result.before) : INFINITE;
    }
    std::vector<FigureResult> list;
    list.reserve(results.size());
    for (const auto& [key, result] : results)
    {
        list.push_back(result);
    }
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return std::abs(a.change) > std::abs(b.change);
    });
    return list;
}

std::vector<LatencyResult>
CompareLatencies(const std::vector<LatencyRow>& before,
                 const std::vector<LatencyRow>& after,
                 const std::vector<FailedRun>& failures)
{
    std::map<std::pair<std::string, std::string>, const LatencyRow*> rows;
    for (const auto& row : after)
    {
        rows[{row.scheme, row.metric}] = &row;
    }
    const LatencyRow none;
    std::vector<LatencyResult> results;
    results.reserve(before.size());
    for (const auto& row : before)
    {
        const auto found = rows.find({row.scheme, row.metric});
        auto& result = results.emplace_back(
            CompareLatency(row, found == rows.end() ? none : *found->second, before.size()));
        const bool hasFailed =
            std::any_of(failures.begin(), failures.end(), [&row](const auto& failed) {
                return failed.run.key.scheme == row.scheme;
            });
        if (hasFailed && result.finding != Finding::MOVED)
        {
            result.finding = Finding::FAILED;
        }
    }
    return results;
}

bool
IsRed(const Regression& regression, int layer)
{
    const auto hasAny = [](const auto& results, const auto& isRed) {
        return results && std::any_of(results->begin(), results->end(), isRed);
    };
    switch (layer)
    {
    case 1:
        return hasAny(regression.fingerprints,
                      [](const auto& each) { return !each.differing.empty(); });
    case 2:
        return hasAny(regression.figures, [](const auto& each) { return each.change != 0; });
    default:
        return hasAny(regression.latencies, [](const auto& each) {
            return each.finding != Finding::SAME && each.finding != Finding::FAILED;
        });
    }
}

Verdict
GetVerdict(const Regression& regression, int layer)
{
    const auto& failed = layer == 3 ? regression.failedReplications : regression.failedShortRuns;
    return IsRed(regression, layer) ? Verdict::DIFFERS
           : failed.empty()         ? Verdict::SAME
                                    : Verdict::FAILED;
}

Verdict
GetVerdict(const Regression& regression)
{
    if (IsRed(regression, 1) || IsRed(regression, 2) || IsRed(regression, 3))
    {
        return Verdict::DIFFERS;
    }
    const bool none = regression.failedShortRuns.empty() && regression.failedReplications.empty();
    return none ? Verdict::SAME : Verdict::FAILED;
}

const char*
GetVerdictName(Verdict verdict)
{
    switch (verdict)
    {
    case Verdict::SAME:
        return "same";
    case Verdict::DIFFERS:
        return "differs";
    case Verdict::FAILED:
        return "failed";
    }
    return "";
}

std::string
Explain(const Regression& regression)
{
    const auto failed = regression.failedShortRuns.size() + regression.failedReplications.size();
    if (failed == 0)
    {
        return ExplainLayers(regression);
    }
    const std::string what =
        std::to_string(failed) + (failed == 1 ? " run failed" : " runs failed");
    return IsAnythingJudged(regression) ? what + "; of the others: " + ExplainLayers(regression)
                                        : what;
}

double
GetDesignBeta(uint64_t figures)
{
    const boost::math::normal normal;
    const double tail = g_falseAlarms / 2 / static_cast<double>(std::max<uint64_t>(figures, 1));
    // baseline and check may each be z standard errors off, sqrt(2) z of the difference's
    const double z = boost::math::quantile(complement(normal, tail));
    return 2 * boost::math::cdf(complement(normal, std::sqrt(2.0) * z));
}

uint64_t
GetNeededReplications(const std::vector<double>& values, double margin, uint64_t figures)
{
    const auto present = GetPresent(values);
    if (present.size() < 2)
    {
        return 2;
    }
    const double width = margin * std::abs(GetMean(present));
    const double deviation = std::sqrt(2.0) * GetCautiousDeviation(present);
    return width > 0 ? GetDeciding(deviation, width, figures) : deviation == 0 ? 2 : 0;
}

double
GetReachableMargin(const std::vector<double>& values, uint64_t figures)
{
    constexpr double least = 0.01;
    constexpr double most = 1e6;
    const auto present = GetPresent(values);
    if (present.size() < 2)
    {
        return least;
    }
    const double deviation = std::sqrt(2.0) * GetCautiousDeviation(present);
    const double mean = std::abs(GetMean(present));
    const double power = 1 - GetDesignBeta(figures);
    const auto suffices = [&](double margin) {
        return GetEquivalencePower(present.size(), deviation, margin * mean, g_alpha) >= power;
    };
    if (suffices(least))
    {
        return least;
    }
    double low = least;
    double high = most;
    if (!suffices(high))
    {
        return INFINITE;
    }
    while (high / low > 1.001)
    {
        const double middle = std::sqrt(low * high);
        (suffices(middle) ? high : low) = middle;
    }
    return RoundUp(high);
}

} // namespace campaign
} // namespace p2pim
