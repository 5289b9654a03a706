// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_BASELINE_H
#define P2PIM_CAMPAIGN_BASELINE_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/**
 * @file
 * What `p2pim check` compares a scenario with: a JSON file with one row a line, so that a diff of
 * two of them can be reviewed.
 */

namespace p2pim
{
namespace campaign
{

/// Schema of the baseline's file.
constexpr int g_baselineSchema = 1;

/// A figure that has to stay within a margin.
struct Target
{
    std::string metric;   ///< such as "first_message.p95"
    double margin = 0.02; ///< share of the old value, > 0; infinite: as wide as it has to be
};

/// What is run for a baseline and for a check against it.
struct BaselinePlan
{
    static constexpr uint64_t MOST_SHORT_SEEDS = 100;
    static constexpr uint64_t MOST_SHORT_SESSIONS = 1000;
    static constexpr uint64_t MOST_REPLICATIONS = 100000;
    /// ns-3 has 2.3e15 independent run numbers.
    static constexpr uint64_t MOST_SEED = 1000000000000000;

    std::vector<std::string> schemes; ///< of all layers
    uint64_t shortSeeds = 2;          ///< seeds of the short runs, from 1
    uint64_t shortSessions = 10;      ///< sessions of each short run
    std::string ingredients = "tclr"; ///< of the fingerprints that are compared
    std::vector<Target> targets;      ///< of the replications
    uint64_t mostReplications = 100;  ///< a baseline has no more
};

/// The fingerprint of a short run.
struct FingerprintRow
{
    std::string scheme;
    uint64_t seed = 1;
    uint64_t events = 0;                ///< executed
    std::map<char, std::string> hashes; ///< by ingredient, 16 hexadecimal digits
};

/// A figure of a short run.
struct FigureRow
{
    std::string scheme;
    uint64_t seed = 1;
    std::string metric; ///< such as "first_message.p95"
    double value = 0;   ///< there is no row if no session has it
};

/// A figure of each replication.
struct LatencyRow
{
    std::string scheme;
    std::string metric;         ///< such as "first_message.p95"
    double margin = 0;          ///< share of the old value, > 0
    std::vector<double> values; ///< by seed; NaN where no session has it
};

/// A baseline.
struct Baseline
{
    std::string programVersion;                  ///< such as "0.1.0"
    std::string ns3Version;                      ///< such as "3.37"
    std::string scenario;                        ///< the scenario's class, such as "SetupTime"
    std::map<std::string, std::string> settings; ///< "Class.Attribute": the scenario file's
    BaselinePlan plan;
    uint64_t firstSeed = 1;           ///< of the replications
    uint64_t replications = 0;        ///< how many there are
    std::vector<std::string> history; ///< why it was made and updated, the oldest first
    std::vector<FingerprintRow> fingerprints;
    std::vector<FigureRow> figures;
    std::vector<LatencyRow> latencies;
};

/**
 * @param path a baseline's file.
 * @return what it holds.
 * @throw StoreError it is missing, damaged, no baseline, or of another schema.
 */
Baseline ReadBaseline(const std::string& path);

/**
 * @param text the content of a baseline's file.
 * @param path the file, for the error line.
 * @return what it holds.
 * @throw StoreError it is damaged, no baseline, or of another schema.
 */
Baseline ParseBaseline(const std::string& text, const std::string& path);

/// @param baseline a baseline. @return its file's text.
std::string FormatBaseline(const Baseline& baseline);

/// What becomes of a row of a baseline.
struct RowChange
{
    /// The kinds.
    enum class Kind
    {
        KEEP,
        INSERT,
        UPDATE,
        REMOVE,
    };

    Kind kind = Kind::KEEP;
    std::string row;     ///< which: "fingerprint of p2p, seed 1"
    std::string content; ///< old and new
};

/**
 * @param before the old baseline.
 * @param after the new one.
 * @return what becomes of each row, in the order of the new one; removed ones last.
 */
std::vector<RowChange> CompareRows(const Baseline& before, const Baseline& after);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_BASELINE_H
