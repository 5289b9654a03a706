// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_SUMMARY_H
#define P2PIM_CAMPAIGN_SUMMARY_H

#include "results.h"
#include "statistics.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * From session records to the figures of a report. Times are seconds. Sessions count as
 * independent of each other, also those of one seed: true as long as the network is not congested.
 */

namespace p2pim
{
namespace campaign
{

/// A phase of one session: the time between two steps that follow each other.
struct Phase
{
    std::string name;       ///< of the step that ends it
    int64_t durationNs = 0; ///< ns; the phases of a session add up to last minus first step
};

/**
 * Splits a session into its phases.
 *
 * @param session the session.
 * @return one phase per step but the first, in the order of the steps.
 */
std::vector<Phase> SplitIntoPhases(const ::p2pim::SessionRecord& session);

/// What is measured of a session.
enum class Metric
{
    SETUP,         ///< press to "both sides can send"
    FIRST_MESSAGE, ///< press to the first message's arrival
    MESSAGE_DELAY, ///< mean of sent to received, of the messages after the first
};

/**
 * The name of a metric in reports.
 *
 * @param metric the metric.
 * @return such as "first_message"; stable between versions.
 */
const char* GetMetricName(Metric metric);

/**
 * Measures a session.
 *
 * @param session the session.
 * @param metric what to measure.
 * @return seconds; nothing if the session did not get that far.
 */
std::optional<double> Measure(const ::p2pim::SessionRecord& session, Metric metric);

/// What is reported of a sample of times.
struct TimeSummary
{
    Estimate mean;   ///< s
    Estimate median; ///< s
    Estimate p95;    ///< 95th percentile, s
};

/// A phase over many sessions.
struct PhaseSummary
{
    std::string name; ///< of the step that ends it
    TimeSummary time; ///< over the sessions that have it
};

/// What is reported of a group of sessions.
struct GroupSummary
{
    uint64_t sessions = 0;            ///< all
    uint64_t succeeded = 0;           ///< those in which every message arrived
    Estimate success;                 ///< share of those that succeeded
    TimeSummary setup;                ///< see Metric::SETUP
    TimeSummary firstMessage;         ///< see Metric::FIRST_MESSAGE
    TimeSummary messageDelay;         ///< sent to received, each received message after the first
    std::vector<PhaseSummary> phases; ///< in GetStepOrder()
    std::map<std::string, uint64_t> failures; ///< sessions by cause of failure
    /// Failed sessions by what was in the way of the connection, where that is known.
    std::map<std::string, uint64_t> diagnoses;
};

/// What is reported of a scheme.
struct SchemeSummary
{
    std::string scheme;                          ///< its name
    GroupSummary all;                            ///< every session
    std::map<std::string, GroupSummary> bearers; ///< by SessionRecord::bearer
    /// By network element and counter: the sum over the runs; of averages and shares the mean, of
    /// peaks the greatest.
    std::map<std::string, std::map<std::string, double>> counters;
};

/// The difference between two schemes for the same users under the same seeds.
struct PairedDifference
{
    std::string a;                 ///< scheme
    std::string b;                 ///< scheme
    Metric metric = Metric::SETUP; ///< what is compared
    Estimate difference;           ///< mean of a minus b, s; n is the number of pairs
};

/// What `compare` reports.
struct Comparison
{
    Provenance provenance;                ///< where it comes from
    Status status = Status::COMPLETE;     ///< whether some runs are missing
    std::vector<uint64_t> seeds;          ///< every seed, ascending
    std::vector<SchemeSummary> schemes;   ///< in the order that was asked for
    std::vector<PairedDifference> paired; ///< each pair of schemes, each metric
};

/**
 * Sums results up.
 *
 * @param results the results.
 * @param schemes which schemes, in this order; empty means all, in the order of the file. A scheme
 * that has no runs is reported with 0 sessions.
 * @return the figures.
 */
Comparison Compare(const Results& results, const std::vector<std::string>& schemes = {});

/**
 * Sums up one scheme.
 *
 * @param scheme its name.
 * @param runs its runs.
 * @return the figures.
 */
SchemeSummary Summarise(const std::string& scheme,
                        const std::vector<const ::p2pim::RunRecord*>& runs);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_SUMMARY_H
