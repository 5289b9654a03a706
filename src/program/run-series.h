// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RUN_SERIES_H
#define P2PIM_RUN_SERIES_H

#include "campaign/results.h"
#include "campaign/run-engine.h"
#include "campaign/study-bar.h"
#include "interruption.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace p2pim::program
{

/// Makes runs, batch after batch, and shows how far they are.
class RunSeries
{
  public:
    /// Takes a run that failed; its command is empty. What it throws ends the batch.
    using FailureTaker = std::function<void(campaign::FailedRun&& failed)>;

    /// Takes the record of a run that succeeded. @param index the run's place in its batch.
    using RecordTaker = std::function<void(std::size_t index, RunRecord&& record)>;

    /**
     * What it is given outlives it.
     *
     * @param engine makes the runs.
     * @param bar shows how far they are; it expects them.
     * @param interruption whether to stop at once.
     * @param fail takes those that fail.
     */
    RunSeries(campaign::RunEngine& engine,
              campaign::StudyBar& bar,
              const Interruption& interruption,
              FailureTaker fail);

    /**
     * Makes a batch of runs.
     *
     * @param keys which.
     * @param take takes their records, in the order in which they end.
     * @throw RunFailure the user has stopped it.
     */
    void Make(const std::vector<campaign::RunKey>& keys, const RecordTaker& take);

  private:
    campaign::RunEngine& m_engine;
    campaign::StudyBar& m_bar;
    const Interruption& m_interruption;
    FailureTaker m_fail;
};

} // namespace p2pim::program

#endif // P2PIM_RUN_SERIES_H
