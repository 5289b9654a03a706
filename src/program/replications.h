// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_REPLICATIONS_H
#define P2PIM_REPLICATIONS_H

#include "campaign/baseline.h"
#include "run-series.h"

#include <cstdint>
#include <vector>

namespace p2pim::program
{

/// The replicated figures of a plan, more seeds of which are made as they are needed.
class Replications
{
  public:
    /**
     * @param plan whose schemes and targets.
     * @param firstSeed of the first replication.
     * @param series makes the runs; it outlives this object.
     */
    Replications(const campaign::BaselinePlan& plan, uint64_t firstSeed, RunSeries& series);

    /**
     * Makes the replications that are missing. One that fails has no values.
     *
     * @param count how many there are to be.
     * @throw RunFailure it was stopped.
     */
    void Extend(uint64_t count);

    /// @return how many there are.
    uint64_t GetCount() const;

    /// @return a row a scheme and target, in the plan's order; margins as the targets have them.
    const std::vector<campaign::LatencyRow>& GetRows() const;

  private:
    /// Puts a run's figures into the rows.
    void Store(const RunRecord& record);

    const std::vector<std::string> m_schemes;
    const uint64_t m_firstSeed;
    RunSeries& m_series;
    uint64_t m_count = 0;
    std::vector<campaign::LatencyRow> m_rows;
};

/**
 * Makes as many replications as keep false alarms rare (GetNeededReplications()), and widens the
 * margins that are to be as wide as they have to be.
 *
 * @param plan whose targets; it limits the replications.
 * @param replications where they are made; a run that fails has to end it.
 * @param bar is told how many runs there will be.
 * @return the rows of a baseline, without those of which no session has a value.
 * @throw UserError the plan's most replications do not reach a margin.
 * @throw RunFailure it was stopped.
 */
std::vector<campaign::LatencyRow> DesignReplications(const campaign::BaselinePlan& plan,
                                                     Replications& replications,
                                                     campaign::StudyBar& bar);

} // namespace p2pim::program

#endif // P2PIM_REPLICATIONS_H
