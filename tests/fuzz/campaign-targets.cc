// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/baseline.h"
#include "campaign/metric.h"
#include "campaign/run-codec.h"
#include "campaign/store-error.h"
#include "tests/fuzz/fuzz-target.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace p2pim::fuzz
{

using namespace campaign;

namespace
{

std::string
ToText(const uint8_t* octets, std::size_t size)
{
    return {octets, octets + size};
}

/// @return a metric that is written from what was read.
std::string
Print(const MetricSpec& metric)
{
    static const char* const measures[] =
        {"setup", "first_message", "message_delay", "phase:", "success", "counter:"};
    std::string text = measures[static_cast<std::size_t>(metric.measure)];
    text.append(metric.element)
        .append(metric.element.empty() ? "" : ".")
        .append(metric.name)
        .append(".");
    switch (metric.statistic)
    {
    case Statistic::MEAN:
        return text + "mean";
    case Statistic::MIN:
        return text + "min";
    case Statistic::MAX:
        return text + "max";
    case Statistic::QUANTILE:
        break;
    }
    return text + "median";
}

/// What is read, written and read again is the same; its figure of a sample lies in the sample.
bool
MetricHolds(const uint8_t* octets, std::size_t size)
{
    auto text = ToText(octets, size);
    text.erase(std::find(text.begin(), text.end(), '\0'), text.end()); // as an argument has none
    try
    {
        const auto first = ParseMetric(text);
        const auto second = ParseMetric(Print(first));
        const auto figure = Evaluate({2, 4, 1, 3}, first);
        const auto title = GetTitle(first);
        return first.text == text && second.measure == first.measure &&
               second.element == first.element && second.name == first.name &&
               second.statistic == first.statistic && first.quantile > 0 && first.quantile < 1 &&
               figure && *figure >= 1 && *figure <= 4 &&
               title.find(GetMeasureTitle(first)) != std::string::npos &&
               GetUnit(first) == GetUnit(second) && IsElement(first.element, first.element);
    }
    catch (const MetricError& error)
    {
        return text.find(error.wrong) != std::string::npos &&
               std::string(error.what()).find(text) != std::string::npos;
    }
}

std::vector<Octets>
MakeMetrics()
{
    return {ToOctets("setup"),
            ToOctets("first_message.p95"),
            ToOctets("message_delay.median"),
            ToOctets("phase:first_received.p99.9"),
            ToOctets("success.mean"),
            ToOctets("counter:cell-0.pages.max"),
            ToOctets("counter:smsc.queue.min")};
}

/// What is read, written and read again is written the same; numbers are within their limits.
bool
BaselineHolds(const uint8_t* octets, std::size_t size)
{
    try
    {
        const auto first = ParseBaseline(ToText(octets, size), "b.json");
        const auto written = FormatBaseline(first);
        const auto second = ParseBaseline(written, "b.json");
        const auto& plan = first.plan;
        return FormatBaseline(second) == written && !plan.schemes.empty() &&
               plan.shortSeeds <= BaselinePlan::MOST_SHORT_SEEDS &&
               plan.shortSessions <= BaselinePlan::MOST_SHORT_SESSIONS &&
               plan.mostReplications <= BaselinePlan::MOST_REPLICATIONS &&
               first.replications <= BaselinePlan::MOST_REPLICATIONS &&
               first.firstSeed <= BaselinePlan::MOST_SEED &&
               std::all_of(plan.targets.begin(), plan.targets.end(), [](const auto& target) {
                   return target.margin > 0;
               });
    }
    catch (const StoreError& error)
    {
        const std::string line = error.what();
        return line.rfind("b.json: ", 0) == 0 && line.find('\n') == std::string::npos;
    }
}

std::vector<Octets>
MakeBaselines()
{
    Baseline baseline;
    baseline.plan.schemes = {"p2p"};
    const auto smallest = FormatBaseline(baseline);
    baseline.settings = {{"A.b", "1"}};
    baseline.plan.targets = {{"setup", std::numeric_limits<double>::infinity()}};
    baseline.replications = 2;
    baseline.fingerprints = {{"p2p", 1, 12, {{'t', "0123456789abcdef"}}}};
    baseline.figures = {{"p2p", 1, "setup", 0.1}};
    baseline.latencies = {
        {"p2p", "setup", 0.02, {1.0 / 3, std::numeric_limits<double>::quiet_NaN()}}};
    return {ToOctets(smallest), ToOctets(FormatBaseline(baseline))};
}

/// What is read is, written, the same octets.
bool
RunsHold(const uint8_t* octets, std::size_t size)
{
    const auto text = ToText(octets, size);
    bool holds = true;
    try
    {
        holds = EncodeRun(DecodeRun(text)) == text;
    }
    catch (const CodecError&)
    {
    }
    try
    {
        holds = EncodeOutcome(DecodeOutcome(text)) == text && holds;
    }
    catch (const CodecError&)
    {
    }
    return holds;
}

RunOutcome
MakeOutcome()
{
    RunOutcome outcome;
    outcome.run = {2, {"p2p", 3, 4}};
    auto& run = outcome.record.emplace();
    run.scheme = "p2p";
    run.counters = {{"ggsn", "a", 0.1}};
    SessionRecord session;
    session.cause = "busy";
    session.steps = {{"pressed", 5}};
    session.messages = {{}};
    session.attempts = {{}};
    run.sessions = {session};
    return outcome;
}

/// Takes what it can of a stream that arrives in pieces. @return the frames, up to a damaged one.
std::vector<std::string>
TakeFrames(const std::string& stream, std::size_t piece)
{
    FrameReader reader;
    std::vector<std::string> taken;
    try
    {
        for (std::size_t i = 0; i < stream.size(); i += piece)
        {
            reader.Add(stream.data() + i, std::min(piece, stream.size() - i));
            while (const auto octets = reader.Take())
            {
                taken.push_back(*octets);
            }
        }
    }
    catch (const CodecError&)
    {
    }
    return taken;
}

/**
 * Octets say how long the pieces of a stream are, and which bits of which octet change; the rest
 * is in frames. Each frame comes out whole, but for those from the changed one on.
 */
bool
FramesHold(const uint8_t* octets, std::size_t size)
{
    constexpr std::size_t headSize = 4;
    if (size < headSize)
    {
        return true;
    }
    const std::size_t piece = 1 + octets[0];
    const std::size_t place = octets[1] << 8 | octets[2];
    const uint8_t bits = octets[3];
    octets += headSize;
    size -= headSize;
    std::vector<std::string> sent;
    std::string stream;
    std::size_t wholeFrames = 0;
    while (size > 0)
    {
        const auto link = TakeLink(octets, size);
        sent.emplace_back(link.begin(), link.end());
        stream += MakeFrame(sent.back());
        wholeFrames += stream.size() <= place || bits == 0 ? 1 : 0;
    }
    if (place < stream.size())
    {
        stream[place] = static_cast<char>(stream[place] ^ bits);
    }
    sent.resize(wholeFrames);
    return TakeFrames(stream, piece) == sent;
}

bool
CodecHolds(const uint8_t* octets, std::size_t size)
{
    return RunsHold(octets, size) && FramesHold(octets, size);
}

/// Runs as they are, and in what FramesHold() reads.
std::vector<Octets>
MakeRuns()
{
    auto outcome = MakeOutcome();
    const auto run = ToOctets(EncodeRun(outcome.run));
    const auto succeeded = ToOctets(EncodeOutcome(outcome));
    outcome.record.reset();
    outcome.failure = {"crash", "SIGSEGV", "p2pim run a.ini"};
    auto good = Chain({run, {}, run});
    good.insert(good.begin(), {6, 0, 0, 0});
    auto bad = Chain({run, ToOctets("octets")});
    bad.insert(bad.begin(), {255, 0, 80, 4});
    return {run, succeeded, ToOctets(EncodeOutcome(outcome)), good, bad};
}

} // namespace

std::vector<Target>
GetCampaignTargets()
{
    return {{"metric", MetricHolds, MakeMetrics},
            {"baseline", BaselineHolds, MakeBaselines},
            {"run-codec", CodecHolds, MakeRuns}};
}

} // namespace p2pim::fuzz
