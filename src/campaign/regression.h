// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_REGRESSION_H
#define P2PIM_CAMPAIGN_REGRESSION_H

#include "baseline.h"
#include "results.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * Whether a scenario still gives what its baseline says, in three layers that each have a verdict:
 * fingerprints of short runs, exact figures of these, and replicated figures within a margin.
 */

namespace p2pim
{
namespace campaign
{

/// The probability with which a figure that has moved by its margin passes.
constexpr double g_alpha = 0.05;

/// The probability of a false alarm, over all figures of a baseline, on seeds of their own.
constexpr double g_falseAlarms = 0.05;

/// A fingerprint, old and new.
struct FingerprintResult
{
    std::optional<FingerprintRow> before; ///< nothing: there was none
    std::optional<FingerprintRow> after;  ///< nothing: there is none
    std::string differing;                ///< the ingredients that differ, of those that count
    std::string firstDifference;          ///< of the events, in words; empty if none is known
};

/// A figure of a short run, old and new.
struct FigureResult
{
    std::string scheme;
    uint64_t seed = 1;
    std::string metric;
    std::optional<double> before; ///< nothing: there was none
    std::optional<double> after;  ///< nothing: there is none
    double change = 0;            ///< share of the old value; infinite if there is no such share
};

/// What the replications say of a figure.
enum class Finding
{
    SAME,      ///< equivalence is shown
    MOVED,     ///< it is not, and the difference is more than chance
    UNDECIDED, ///< it is not, and the difference may be chance: too few replications
    MISSING,   ///< there are values in only one of the two, or too few pairs
    FAILED,    ///< runs failed, and in the others it has not moved
};

/// @return such as "moved".
const char* GetFindingName(Finding finding);

/// A replicated figure, old and new. Changes are shares of the old value.
struct LatencyResult
{
    std::string scheme;
    std::string metric;
    double margin = 0; ///< share of the old value
    double before = 0; ///< mean over the replications
    double after = 0;  ///< likewise
    double change = 0; ///< of the mean
    double low = 0;    ///< lower end of the interval of 90 % that the test implies
    double high = 0;   ///< upper end
    Finding finding = Finding::SAME;
    uint64_t needed = 0; ///< undecided: replications that would decide; 0: too many to say
};

/// A comparison with a baseline. Layers that were left out are nothing.
struct Regression
{
    std::optional<std::vector<FingerprintResult>> fingerprints; ///< layer 1
    std::optional<std::vector<FigureResult>> figures;           ///< layer 2; worst change first
    std::optional<std::vector<LatencyResult>> latencies;        ///< layer 3
    std::vector<FailedRun> failedShortRuns;    ///< of layers 1 and 2, which leave them out
    std::vector<FailedRun> failedReplications; ///< of layer 3
    uint64_t replications = 0;                 ///< of layer 3
    uint64_t firstSeed = 1;                    ///< of layer 3
    bool otherSeeds = false;                   ///< layer 3 has other seeds than the baseline
};

/// Compares fingerprints. @param ingredients those that count.
std::vector<FingerprintResult> CompareFingerprints(const std::vector<FingerprintRow>& before,
                                                   const std::vector<FingerprintRow>& after,
                                                   const std::string& ingredients);

/// Compares figures. @return those that differ, the greatest relative change first, then the same
/// ones.
std::vector<FigureResult> CompareFigures(const std::vector<FigureRow>& before,
                                         const std::vector<FigureRow>& after);

/**
 * Tests each replicated figure for equivalence, pair by pair, within its margin.
 *
 * @param before the baseline's rows; their margins count.
 * @param after the new rows.
 * @param failures replications that failed.
 * @return a result a row.
 */
std::vector<LatencyResult> CompareLatencies(const std::vector<LatencyRow>& before,
                                            const std::vector<LatencyRow>& after,
                                            const std::vector<FailedRun>& failures = {});

/// @return whether a layer, 1 to 3, was looked at and has changed.
bool IsRed(const Regression& regression, int layer);

/// What is said of a layer, or of all.
enum class Verdict
{
    SAME,
    DIFFERS, ///< whether or not runs failed
    FAILED,  ///< runs failed, and the others do not differ
};

/// @return the verdict of a layer, 1 to 3, that was looked at.
Verdict GetVerdict(const Regression& regression, int layer);

/// @return the worst verdict of the layers that were looked at.
Verdict GetVerdict(const Regression& regression);

/// @return such as "differs".
const char* GetVerdictName(Verdict verdict);

/// @return what the layers' verdicts mean together, in a sentence.
std::string Explain(const Regression& regression);

/**
 * The share of checks that may fail by chance for one of some figures, so that over all of them a
 * check on seeds of its own is a false alarm in at most g_falseAlarms. The baseline is a sample,
 * too, and the same for each check: unless chance has put one of its figures further off than it
 * does in a share of g_falseAlarms of baselines, the bound holds for each baseline.
 *
 * @param figures how many figures are tested.
 * @return for GetReplications().
 */
double GetDesignBeta(uint64_t figures);

/**
 * @param values a figure of each replication, at least two.
 * @param margin share of their mean.
 * @param figures how many figures are tested.
 * @return how many replications the baseline needs, going by the upper end of the spread's 90 %
 * interval; 0 if they are too many to say.
 */
uint64_t GetNeededReplications(const std::vector<double>& values, double margin, uint64_t figures);

/**
 * @param values as for GetNeededReplications().
 * @param figures likewise.
 * @return the narrowest margin for which these replications suffice, share of their mean, rounded
 * up to two digits, 1 % or more; infinite if there is none.
 */
double GetReachableMargin(const std::vector<double>& values, uint64_t figures);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_REGRESSION_H
