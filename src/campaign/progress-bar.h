// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_PROGRESS_BAR_H
#define P2PIM_CAMPAIGN_PROGRESS_BAR_H

#include "status-line.h"

#include <cstdint>
#include <ostream>
#include <string>

namespace p2pim
{
namespace campaign
{

/// One line on a terminal that says how far runs are that this process makes one after the other:
/// runs, sessions, sessions per second and the time that is left. Silent where there is no
/// terminal. For studies there is StudyBar.
class ProgressBar
{
  public:
    /**
     * @param out where to draw.
     * @param isTerminal whether @p out is a terminal; if not, nothing is ever written.
     * @param runs how many runs there will be.
     * @param sessionsPerRun how many sessions a run has.
     * @param clock the time; empty takes the steady clock.
     */
    ProgressBar(std::ostream& out,
                bool isTerminal,
                uint64_t runs,
                uint64_t sessionsPerRun,
                StatusClock clock = {});

    /**
     * A run begins; the one before it, if any, has ended.
     *
     * @param label such as "p2p, seed 3".
     */
    void BeginRun(const std::string& label);

    /**
     * A session has ended. Draws at most ten times a second.
     *
     * @param ended the sessions of the present run that have ended.
     */
    void Update(uint64_t ended);

    /// The last run has ended, or was stopped: takes the line away. Nothing is drawn after this.
    void Finish();

  private:
    StatusLine m_line;
    uint64_t m_runs;
    uint64_t m_sessionsPerRun;
    uint64_t m_runsBegun = 0;
    std::string m_label;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_PROGRESS_BAR_H
