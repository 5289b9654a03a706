// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TIME_ESTIMATE_H
#define P2PIM_TIME_ESTIMATE_H

#include "study.h"

#include <optional>

namespace p2pim::program
{

/**
 * Makes a few of a study's runs, the first, the middle and the last of its first seed, for some
 * seconds each.
 *
 * @param study whose.
 * @return how long a run takes on average, s, by the wall clock, with one process at work; nothing
 * if none of them gets anywhere.
 */
std::optional<double> MeasureRunTime(Study& study);

} // namespace p2pim::program

#endif // P2PIM_TIME_ESTIMATE_H
