// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_WORKER_PROCESS_H
#define P2PIM_CAMPAIGN_WORKER_PROCESS_H

#include "descriptor.h"
#include "run-codec.h"
#include "run-engine.h"
#include "worker-main.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/types.h>

namespace p2pim
{
namespace campaign
{

/// A worker as its parent sees it: a process that makes one run at a time. Nothing but its start
/// and its end blocks.
class WorkerProcess
{
  public:
    /// What it wants poll() to watch: its socket, then its stderr.
    using Watched = std::array<pollfd, 2>;

    /**
     * Forks.
     *
     * @param make makes a run.
     * @throw std::system_error there is no further process, descriptor or memory.
     */
    explicit WorkerProcess(const RunMaker& make);
    /// Kills it.
    ~WorkerProcess();

    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    /// @param run what it is to make next; it has none.
    void Assign(const PlannedRun& run);

    /// @return the run that it has not given back yet.
    const std::optional<PlannedRun>& GetRun() const;

    /// @return whether it has begun the run that was assigned to it last.
    bool HasBegun() const;

    /// @return how many sessions of its run have ended.
    uint32_t GetEnded() const;

    /// @param passed time since the last call. @return for how long it has been at its run.
    std::chrono::nanoseconds Spend(std::chrono::nanoseconds passed);

    /// @return what poll() is to watch.
    Watched GetWatched() const;

    /**
     * Sends and takes what is possible at once.
     *
     * @param watched as poll() has filled it in.
     * @return the outcome of its run, if that has arrived.
     */
    std::optional<RunOutcome> Exchange(const Watched& watched);

    /// @return whether it has ended, or talks nonsense: no outcome will come any more.
    bool IsLost() const;

    /// Kills it if it lives. @return how it ended, as a reason for the failure of its run.
    RunFailure End();

  private:
    /// Ends the sharing.
    struct Unmap
    {
        void operator()(WorkerBoard* board) const;
    };

    /// @return a board of its own.
    static std::unique_ptr<WorkerBoard, Unmap> MapBoard();
    /// Forks.
    void Start(const RunMaker& make);
    /// Sends what is left of the run that is assigned.
    void Flush();
    /// Takes what has arrived of an outcome.
    std::optional<RunOutcome> Receive();
    /// Takes what it has written to stderr, and keeps the end of it.
    void ReadErrors();

    std::unique_ptr<WorkerBoard, Unmap> m_board;
    pid_t m_process = 0; ///< 0 before it is started, and when its end was waited for
    Descriptor m_socket; ///< to and from it
    Descriptor m_errors; ///< its stderr
    FrameReader m_reader;
    std::optional<PlannedRun> m_run;
    std::chrono::nanoseconds m_spent{0}; ///< on m_run
    std::string m_unsent;                ///< of the frame that assigns m_run
    std::string m_lastWords;             ///< on stderr, during m_run
    bool m_closed = false;               ///< it has ended
    bool m_damaged = false;              ///< it talks nonsense
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_WORKER_PROCESS_H
