// SPDX-License-Identifier: GPL-2.0-only
#include "metric.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

/// A measure as users write it.
struct MeasureName
{
    const char* name;
    MeasureKind kind;
    const char* title;
};

constexpr MeasureName g_measures[]{
    {"setup", MeasureKind::SETUP, "set-up time"},
    {"first_message", MeasureKind::FIRST_MESSAGE, "time to the first message"},
    {"message_delay", MeasureKind::MESSAGE_DELAY, "delay of each later message"},
    {"phase:", MeasureKind::PHASE, "phase until "},
    {"success", MeasureKind::SUCCESS, "share of sessions that succeed"},
    {"counter:", MeasureKind::COUNTER, ""},
};

const MeasureName&
GetMeasure(MeasureKind kind)
{
    return *std::find_if(std::begin(g_measures), std::end(g_measures), [kind](const auto& each) {
        return each.kind == kind;
    });
}

double
ToSeconds(int64_t ns)
{
    return static_cast<double>(ns) / 1e9;
}

[[noreturn]] void
Fail(const MetricSpec& metric,
     const std::string& what,
     const std::string& wrong = {},
     std::vector<std::string> right = {})
{
    throw MetricError("'" + metric.text + "': " + what, wrong, std::move(right));
}

/// Cuts @p text at its first dot. @return what was behind it; nothing if there was no dot.
std::optional<std::string>
CutAtDot(std::string& text)
{
    const auto dot = text.find('.');
    if (dot == std::string::npos)
    {
        return std::nullopt;
    }
    auto rest = text.substr(dot + 1);
    text.erase(dot);
    return rest;
}

/// Sets what is measured. @return the statistic that stands behind it, if any.
std::optional<std::string>
ReadMeasure(MetricSpec& metric)
{
    std::string measure = metric.text;
    const auto colon = measure.find(':');
    std::string argument;
    if (colon != std::string::npos)
    {
        argument = measure.substr(colon + 1);
        measure.erase(colon + 1);
    }
    auto statistic = CutAtDot(colon == std::string::npos ? measure : argument);
    const auto* found = std::find_if(std::begin(g_measures),
                                     std::end(g_measures),
                                     [&measure](const auto& each) { return measure == each.name; });
    if (found == std::end(g_measures))
    {
        std::vector<std::string> names;
        std::transform(std::begin(g_measures),
                       std::end(g_measures),
                       std::back_inserter(names),
                       [](const auto& each) { return each.name; });
        Fail(metric, "no such measure", measure, std::move(names));
    }
    metric.measure = found->kind;
    metric.name = argument;
    if (metric.measure == MeasureKind::COUNTER)
    {
        metric.element = std::exchange(metric.name, statistic.value_or(""));
        statistic = CutAtDot(metric.name);
    }
    return statistic;
}

/// @return such as 0.95 of "p95"; nothing if the text is no quantile between p0 and p100.
std::optional<double>
ReadQuantile(const std::string& text)
{
    double percent = 0;
    const char* const end = text.data() + text.size();
    if (text.size() < 2 || text[0] != 'p' || text[1] < '0' || text[1] > '9')
    {
        return std::nullopt;
    }
    const auto read = std::from_chars(text.data() + 1, end, percent, std::chars_format::fixed);
    const bool isQuantile =
        read.ec == std::errc() && read.ptr == end && percent > 0 && percent < 100;
    return isQuantile ? std::optional(percent / 100) : std::nullopt;
}

void
ReadStatistic(MetricSpec& metric, const std::string& text)
{
    if (text == "mean")
    {
        metric.statistic = Statistic::MEAN;
    }
    else if (text == "min" || text == "max")
    {
        metric.statistic = text == "min" ? Statistic::MIN : Statistic::MAX;
    }
    else if (const auto quantile = text == "median" ? 0.5 : ReadQuantile(text))
    {
        metric.statistic = Statistic::QUANTILE;
        metric.quantile = *quantile;
    }
    else
    {
        Fail(metric,
             "'" + text + "' is no statistic; allowed: mean, median, p95 and the like, min, max",
             text,
             {"mean", "median", "p95", "min", "max"});
    }
}

void
AddPhases(const ::p2pim::SessionRecord& session,
          const std::string& step,
          std::vector<double>& sample)
{
    for (std::size_t i = 1; i < session.steps.size(); ++i)
    {
        if (session.steps[i].name == step)
        {
            sample.push_back(ToSeconds(session.steps[i].timeNs - session.steps[i - 1].timeNs));
        }
    }
}

void
AddMessages(const ::p2pim::SessionRecord& session, std::vector<double>& sample)
{
    for (const auto& message : session.messages)
    {
        if (message.index >= 1 && message.receivedNs >= 0)
        {
            sample.push_back(ToSeconds(message.receivedNs - message.sentNs));
        }
    }
}

void
AddSession(const ::p2pim::SessionRecord& session,
           const MetricSpec& metric,
           std::vector<double>& sample)
{
    const auto addTime = [&sample](int64_t ns) {
        if (ns >= 0)
        {
            sample.push_back(ToSeconds(ns));
        }
    };
    switch (metric.measure)
    {
    case MeasureKind::SETUP:
        return addTime(session.setupNs);
    case MeasureKind::FIRST_MESSAGE:
        return addTime(session.firstMessageNs);
    case MeasureKind::MESSAGE_DELAY:
        return AddMessages(session, sample);
    case MeasureKind::PHASE:
        return AddPhases(session, metric.name, sample);
    case MeasureKind::SUCCESS:
        return sample.push_back(session.succeeded ? 1 : 0);
    case MeasureKind::COUNTER:
        return;
    }
}

/// @return the counter's value; nothing if the run does not have it.
std::vector<double>
GetCounter(const ::p2pim::RunRecord& run, const MetricSpec& metric)
{
    std::vector<double> sample;
    for (const auto& counter : run.counters)
    {
        if (counter.name == metric.name && IsElement(counter.element, metric.element))
        {
            sample.resize(1);
            sample[0] += counter.value;
        }
    }
    return sample;
}

/// @return such as "95th"; "99.9th" where it is no whole number.
std::string
GetOrdinal(double percent)
{
    char text[32];
    const auto end =
        std::to_chars(text, text + sizeof text, percent, std::chars_format::general, 6);
    std::string ordinal(text, end.ptr);
    const bool isTeen = ordinal.size() == 2 && ordinal[0] == '1';
    const bool isWhole = ordinal.find('.') == std::string::npos;
    const char last = ordinal.back();
    const bool isPlain = isTeen || !isWhole;
    return ordinal.append(isPlain || last < '1' || last > '3' ? "th"
                          : last == '1'                       ? "st"
                          : last == '2'                       ? "nd"
                                                              : "rd");
}

bool
EndsWith(const std::string& text, const std::string& end)
{
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// Sorts a sample only as far as GetQuantile() looks at it, which is a bootstrap's time.
void
SortAround(std::vector<double>& sample, double p)
{
    const auto below = static_cast<std::ptrdiff_t>(static_cast<double>(sample.size() - 1) * p);
    const auto place = sample.begin() + below;
    std::nth_element(sample.begin(), place, sample.end());
    if (place + 1 != sample.end())
    {
        std::iter_swap(place + 1, std::min_element(place + 1, sample.end()));
    }
}

} // namespace

MetricError::MetricError(const std::string& message,
                         std::string wrongWord,
                         std::vector<std::string> rightWords)
    : std::runtime_error(message),
      wrong(std::move(wrongWord)),
      right(std::move(rightWords))
{
}

MetricSpec
ParseMetric(const std::string& text)
{
    MetricSpec metric;
    metric.text = text;
    const auto statistic = ReadMeasure(metric);
    const bool isCounter = metric.measure == MeasureKind::COUNTER;
    if (isCounter && (metric.element.empty() || metric.name.empty()))
    {
        Fail(metric, "a counter is written as counter:ELEMENT.NAME");
    }
    if (metric.measure == MeasureKind::PHASE && metric.name.empty())
    {
        Fail(metric, "a phase is written as phase:STEP, by the step that ends it");
    }
    if (statistic)
    {
        ReadStatistic(metric, *statistic);
    }
    if (metric.measure == MeasureKind::SUCCESS && metric.statistic != Statistic::MEAN)
    {
        Fail(metric, "a share has no statistic but its mean");
    }
    return metric;
}

std::vector<double>
GetSample(const ::p2pim::RunRecord& run, const MetricSpec& metric)
{
    if (metric.measure == MeasureKind::COUNTER)
    {
        return GetCounter(run, metric);
    }
    std::vector<double> sample;
    for (const auto& session : run.sessions)
    {
        AddSession(session, metric, sample);
    }
    return sample;
}

std::optional<double>
Evaluate(std::vector<double> sample, const MetricSpec& metric)
{
    if (sample.empty())
    {
        return std::nullopt;
    }
    switch (metric.statistic)
    {
    case Statistic::MIN:
        return *std::min_element(sample.begin(), sample.end());
    case Statistic::MAX:
        return *std::max_element(sample.begin(), sample.end());
    case Statistic::QUANTILE:
        SortAround(sample, metric.quantile);
        return GetQuantile(sample, metric.quantile);
    case Statistic::MEAN:
        break;
    }
    return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

Estimate
EstimateMetric(std::vector<double> sample, const MetricSpec& metric)
{
    if (metric.measure == MeasureKind::SUCCESS)
    {
        const auto hits = std::count(sample.begin(), sample.end(), 1.0);
        return EstimateShare(static_cast<uint64_t>(hits), sample.size());
    }
    if (metric.statistic == Statistic::MEAN)
    {
        return EstimateMean(sample);
    }
    if (metric.statistic == Statistic::QUANTILE)
    {
        std::sort(sample.begin(), sample.end());
        return EstimateQuantile(sample, metric.quantile);
    }
    Estimate estimate;
    estimate.n = sample.size();
    if (const auto value = Evaluate(std::move(sample), metric))
    {
        estimate.value = *value;
    }
    return estimate;
}

bool
IsElement(const std::string& element, const std::string& wanted)
{
    if (element.compare(0, wanted.size(), wanted) != 0)
    {
        return false;
    }
    const auto dash = wanted.size();
    return element.size() == dash ||
           (element[dash] == '-' && element.size() > dash + 1 &&
            element.find_first_not_of("0123456789", dash + 1) == std::string::npos);
}

std::string
GetUnit(const MetricSpec& metric)
{
    if (metric.measure == MeasureKind::SUCCESS)
    {
        return "";
    }
    if (metric.measure != MeasureKind::COUNTER)
    {
        return "s";
    }
    const std::pair<const char*, const char*> endings[]{{"_bit_s", "bit/s"},
                                                        {"seconds", "s"},
                                                        {"octets", "octets"},
                                                        {"joules", "J"},
                                                        {"erlang", "E"}};
    for (const auto& [ending, unit] : endings)
    {
        if (EndsWith(metric.name, ending))
        {
            return unit;
        }
    }
    return "";
}

std::string
GetMeasureTitle(const MetricSpec& metric)
{
    std::string title = GetMeasure(metric.measure).title;
    title.append(metric.name);
    return metric.measure == MeasureKind::COUNTER ? title.append(" of ").append(metric.element)
                                                  : title;
}

std::string
GetTitle(const MetricSpec& metric)
{
    std::string title = GetMeasureTitle(metric);
    if (metric.measure == MeasureKind::SUCCESS)
    {
        return title;
    }
    switch (metric.statistic)
    {
    case Statistic::MIN:
        return "least " + title;
    case Statistic::MAX:
        return "greatest " + title;
    case Statistic::QUANTILE:
        return metric.quantile == 0.5
                   ? "median " + title
                   : GetOrdinal(metric.quantile * 100).append(" percentile of the ").append(title);
    case Statistic::MEAN:
        break;
    }
    return "mean " + title;
}

} // namespace campaign
} // namespace p2pim
