// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RUN_ATTEMPT_H
#define P2PIM_CAMPAIGN_RUN_ATTEMPT_H

#include "run-engine.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace p2pim
{
namespace campaign
{

/**
 * Makes a run in this process. What it throws becomes its failure.
 *
 * @param make makes it.
 * @param run which.
 * @param progress handed to @p make.
 * @return what became of it; a run that @p progress stopped has failed, too.
 */
RunOutcome AttemptRun(const RunMaker& make,
                      const PlannedRun& run,
                      const std::function<bool(uint32_t)>& progress);

/**
 * @param text any text.
 * @param most how many lines to take at most.
 * @return its last lines that are not blank as one line of at most 500 characters.
 */
std::string JoinLastLines(const std::string& text, std::size_t most);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RUN_ATTEMPT_H
