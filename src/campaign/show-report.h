// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_SHOW_REPORT_H
#define P2PIM_CAMPAIGN_SHOW_REPORT_H

#include "study-view.h"
#include "table.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

/**
 * @file
 * What `p2pim show` prints: the runs of a file, one run's sessions, one session's events.
 */

namespace p2pim
{
namespace campaign
{

/// A run of the plan and what became of it.
struct RunEntry
{
    PlannedRun run;
    /// The variables' names and values.
    std::vector<std::pair<std::string, std::string>> parameters;
    std::optional<uint64_t> sessions;  ///< nothing: it has not succeeded
    uint64_t succeeded = 0;            ///< sessions
    std::optional<RunFailure> failure; ///< if it failed
};

/**
 * Writes a line for each planned run, and how to repeat those that failed.
 *
 * @param study the file.
 * @param failedOnly leave out the others.
 * @param format for people or for programs.
 * @param out where to.
 */
void WriteRunList(const StudyView& study, bool failedOnly, Format format, std::ostream& out);

/// @param study the file. @param id of a planned run. @return the run; nothing if there is none.
std::optional<RunEntry> FindRun(const StudyView& study, uint64_t id);

/**
 * Writes a line for each session of a run; of one that did not succeed, why.
 *
 * @param study the file.
 * @param entry the run.
 * @param format for people or for programs.
 * @param out where to.
 */
void WriteRunEntry(const StudyView& study, const RunEntry& entry, Format format, std::ostream& out);

/**
 * Writes what happened in a session: its steps, messages and attempts to connect, by time.
 *
 * @param study the file.
 * @param entry a run that succeeded.
 * @param session its index in the run.
 * @param format for people or for programs.
 * @param out where to.
 * @return false if there is no such session; nothing is written then.
 */
bool WriteSession(const StudyView& study,
                  const RunEntry& entry,
                  uint32_t session,
                  Format format,
                  std::ostream& out);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_SHOW_REPORT_H
