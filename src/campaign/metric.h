// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_METRIC_H
#define P2PIM_CAMPAIGN_METRIC_H

#include "scenarios/run-record.h"
#include "statistics.h"

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/**
 * @file
 * A figure of runs in a word that a user writes, such as "first_message.p95": what is measured, and
 * which statistic of it.
 *
 *     setup                  press of the button until both sides can send, s
 *     first_message          press of the button until the first message's arrival, s
 *     message_delay          sent to received, of each message after the first, s
 *     phase:STEP             from the step before it to STEP, s
 *     success                1 or 0 of each session
 *     counter:ELEMENT.NAME   a counter of each run; those of all elements ELEMENT-0, ELEMENT-1 …
 *                            are added up
 *
 * The statistic follows after a dot: mean (which may be left out), median, pNN such as p95 or
 * p99.9, min or max.
 */

namespace p2pim
{
namespace campaign
{

/// What a metric is the statistic of.
enum class MeasureKind
{
    SETUP,         ///< a session's set-up, s
    FIRST_MESSAGE, ///< a session's first message, s
    MESSAGE_DELAY, ///< a message's delay, s
    PHASE,         ///< a phase of a session, s
    SUCCESS,       ///< whether a session succeeded: 1 or 0
    COUNTER,       ///< a counter of a run
};

/// Which figure of a sample.
enum class Statistic
{
    MEAN,
    QUANTILE,
    MIN,
    MAX,
};

/// A metric.
struct MetricSpec
{
    std::string text;                         ///< as ParseMetric() took it
    MeasureKind measure = MeasureKind::SETUP; ///< what is measured
    std::string element;                      ///< of a counter
    std::string name;                         ///< of a counter, or the step that ends a phase
    Statistic statistic = Statistic::MEAN;    ///< which figure of it
    double quantile = 0.5;                    ///< in (0, 1), of Statistic::QUANTILE
};

/// A text that is no metric. what() says what is wrong.
class MetricError : public std::runtime_error
{
  public:
    /**
     * @param message what is wrong.
     * @param wrong the word that is wrong.
     * @param right what could stand there, for the nearest of them to be named.
     */
    MetricError(const std::string& message, std::string wrong, std::vector<std::string> right);

    std::string wrong;              ///< the word that is wrong
    std::vector<std::string> right; ///< what could stand there
};

/**
 * @param text such as "setup", "first_message.p95", "phase:ready.median".
 * @return the metric.
 * @throw MetricError it is none.
 */
MetricSpec ParseMetric(const std::string& text);

/**
 * @param run a run.
 * @param metric what to measure.
 * @return a value a session (a message, for its delay; the run, for a counter) that has it, in
 * their order.
 */
std::vector<double> GetSample(const ::p2pim::RunRecord& run, const MetricSpec& metric);

/**
 * @param sample values in any order.
 * @param metric whose statistic.
 * @return the figure; nothing if the sample is empty.
 */
std::optional<double> Evaluate(std::vector<double> sample, const MetricSpec& metric);

/**
 * @param sample values in any order, independent of each other.
 * @param metric whose statistic.
 * @return the figure with its interval: Student's of a mean, Wilson's of a share, the binomial one
 * of a quantile; none of a least or greatest value.
 */
Estimate EstimateMetric(std::vector<double> sample, const MetricSpec& metric);

/**
 * @param element a network element of a counter.
 * @param wanted an element, or a kind of which there are several, such as "cell" of "cell-0".
 * @return whether @p wanted means it.
 */
bool IsElement(const std::string& element, const std::string& wanted);

/// @return "s", "bit/s" …; empty of a count or share.
std::string GetUnit(const MetricSpec& metric);

/// @return what is measured, such as "time to the first message".
std::string GetMeasureTitle(const MetricSpec& metric);

/// @return for the axis of a figure, such as "95th percentile of the time to the first message".
std::string GetTitle(const MetricSpec& metric);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_METRIC_H
