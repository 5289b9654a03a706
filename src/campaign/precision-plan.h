// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PRECISION_PLAN_H
#define P2PIM_CAMPAIGN_PRECISION_PLAN_H

#include "metric.h"
#include "precision-rule.h"
#include "results.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace p2pim
{
namespace campaign
{

/**
 * Says which runs a study still needs until a metric is precise at each of its points. The schemes
 * of a point have the same seeds: as many as the one of them that needs most.
 */
class PrecisionPlan
{
  public:
    /**
     * @param path the study's results file.
     * @param metric whose figure of each run is looked at.
     * @param goal when it is precise.
     */
    PrecisionPlan(std::string path, MetricSpec metric, const PrecisionGoal& goal);

    /**
     * Reads the runs that have come since the last call. All that the file has planned have to be
     * there.
     *
     * @return what is to be run next, by seed, point and scheme; nothing if all is precise, or has
     * as many runs as it may.
     * @throw StoreError the file cannot be read.
     * @throw MetricError none of the runs has the metric.
     */
    std::vector<RunKey> GetNextRuns();

    /// @return how many points have as many runs as they may and are not precise.
    uint64_t CountImprecise() const;

  private:
    void ReadRuns();

    /// The figures of one scheme's runs at one point, by seed.
    struct Series
    {
        std::vector<double> figures;
        uint64_t lastSeed = 0;
    };

    std::string m_path;
    MetricSpec m_metric;
    PrecisionRule m_rule;
    PrecisionGoal m_goal;
    uint64_t m_lastRun = 0;             ///< the number of the last run that has been read
    bool m_hasFigure = false;           ///< at least one of the runs does
    std::vector<std::string> m_schemes; ///< in the order of the plan
    std::map<uint32_t, std::map<std::string, Series>> m_series; ///< by point and scheme
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PRECISION_PLAN_H
