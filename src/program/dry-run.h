// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_DRY_RUN_H
#define P2PIM_DRY_RUN_H

#include "campaign/table.h"
#include "study.h"

#include <optional>
#include <ostream>

namespace p2pim::program
{

/**
 * Lists a study's runs, one by one, and sums them up. JSON is one object: "variables", "runs" (an
 * array of "run", "scheme", "seed", "point" and an object "values"), "points", "planned",
 * "sessions", "seconds" (null if nobody knows).
 *
 * @param study the study.
 * @param format how.
 * @param seconds how long all of them take, wall clock; none if nobody knows.
 * @param out where to.
 */
void WriteDryRun(Study& study,
                 campaign::Format format,
                 std::optional<double> seconds,
                 std::ostream& out);

} // namespace p2pim::program

#endif // P2PIM_DRY_RUN_H
