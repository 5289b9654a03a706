// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STUDY_BAR_H
#define P2PIM_CAMPAIGN_STUDY_BAR_H

#include "status-line.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>

namespace p2pim
{
namespace campaign
{

/// Says how far a study is of which several runs are made at once: runs, how many of them have
/// failed, sessions per second, and the time that is left. On a terminal it is one line that
/// changes; elsewhere it is a line now and then.
class StudyBar
{
  public:
    /**
     * @param out where to draw.
     * @param isTerminal whether @p out is a terminal.
     * @param runs how many runs are to be made; those that were made before do not count.
     * @param clock the time; empty takes the steady clock.
     */
    StudyBar(std::ostream& out, bool isTerminal, uint64_t runs, StatusClock clock = {});
    /// As Finish().
    ~StudyBar();

    StudyBar(const StudyBar&) = delete;
    StudyBar& operator=(const StudyBar&) = delete;

    /// @param runs how many more are to be made, as it has turned out.
    void Expect(uint64_t runs);

    /**
     * Tells how far a run is.
     *
     * @param run its number.
     * @param ended how many of its sessions have ended.
     */
    void Update(uint64_t run, uint64_t ended);

    /**
     * A run has ended.
     *
     * @param run its number.
     * @param succeeded whether it did not fail.
     * @param sessions how many it had; 0 if it failed.
     */
    void EndRun(uint64_t run, bool succeeded, uint64_t sessions);

    /// No further run will end: takes the line away, or writes the last one. Nothing is written
    /// after this.
    void Finish();

  private:
    /// Writes what there is to say, if it is time to.
    void Show();
    /// @return runs, failures and rate.
    std::string Describe() const;
    /// @return how long the runs that are left will take; empty if nobody knows yet.
    std::string DescribeTimeLeft() const;

    std::ostream& m_out;
    bool m_isTerminal;
    StatusLine m_line;
    uint64_t m_runs;                         ///< to be made
    uint64_t m_ended = 0;                    ///< runs
    uint64_t m_failed = 0;                   ///< runs
    uint64_t m_sessions = 0;                 ///< of runs that have ended
    std::map<uint64_t, uint64_t> m_underWay; ///< sessions that have ended, by run
    std::chrono::nanoseconds m_lastLine;     ///< where there is no terminal: when it was written
    uint64_t m_tenths = 0;                   ///< likewise: of the runs, that it told of
    bool m_isFinished = false;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STUDY_BAR_H
