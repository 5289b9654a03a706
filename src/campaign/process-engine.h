// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PROCESS_ENGINE_H
#define P2PIM_CAMPAIGN_PROCESS_ENGINE_H

#include "run-engine.h"
#include "worker-process.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>

namespace p2pim
{
namespace campaign
{

/**
 * Makes runs in forked processes, each of which makes many, one after the other. A run that
 * crashes, hangs or throws is a failed one and takes its worker with it; the others go on. The
 * workers live as long as the engine; they end with this process, however it ends.
 *
 * The process must have no threads when it calls Execute().
 */
class ProcessEngine : public RunEngine
{
  public:
    /**
     * @param make makes a run, in a worker, which is a copy of this process.
     * @param workers how many there are at most, from 1; they are started when they are needed.
     * @param timeLimit of a run; 0: none.
     */
    ProcessEngine(RunMaker make,
                  std::size_t workers,
                  std::chrono::nanoseconds timeLimit = std::chrono::nanoseconds(0));

    /**
     * @param caller where the runs come from and where they go.
     * @throw std::system_error no worker can be started.
     * @throw std::runtime_error something ends every worker before it begins a run.
     */
    void Execute(const Caller& caller) override;

  private:
    using Workers = std::list<WorkerProcess>;

    /// Makes runs until all have ended, or it is stopped.
    void Work(const Caller& caller);
    /// Gives runs to the workers that have none.
    void HandOut(const Caller& caller);
    /// @return whether there is, or can be, a worker without a run.
    bool HasRoom() const;
    /// @return a worker without a run; null if there is none and none can be started.
    WorkerProcess* FindWorker();
    /// @return the next run; nothing if there is none left.
    std::optional<PlannedRun> TakeNext(const Caller& caller);
    /// Waits until something has happened. @param patience for how long at most, ms.
    void Wait(int patience);
    /// Ends the runs that take too long, and tells how far the others are.
    void Watch(const Caller& caller);
    /// Tells what became of the run that ended first.
    void Deliver(const Caller& caller);
    /// Takes a worker out of the list. @param reason why its run failed, if it was not its end.
    /// @return the next one.
    Workers::iterator Dismiss(Workers::iterator worker, std::optional<RunFailure> reason = {});
    /// Ends the workers that are at a run.
    void GiveUp();

    RunMaker m_make;
    std::size_t m_most;                   ///< workers
    std::chrono::nanoseconds m_timeLimit; ///< 0: none
    Workers m_workers;
    std::size_t m_room = 0;           ///< workers that can be had at present
    std::deque<PlannedRun> m_waiting; ///< runs whose worker ended before it began them
    std::deque<RunOutcome> m_ended;   ///< to be delivered
    bool m_exhausted = false;         ///< the caller has no further run
    std::size_t m_vain = 0;           ///< workers in a row that ended before they began their run
    std::chrono::steady_clock::time_point m_lastWatch;
    std::chrono::steady_clock::time_point m_lastReport;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PROCESS_ENGINE_H
