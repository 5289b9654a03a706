// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_METRIC_OPTION_H
#define P2PIM_METRIC_OPTION_H

#include "campaign/metric.h"
#include "user-error.h"

#include <string>

namespace p2pim::program
{

/**
 * @param text a metric as the user wrote it.
 * @param place where, such as "--metric".
 * @return the metric.
 * @throw UserError it is none.
 */
campaign::MetricSpec ReadMetric(const std::string& text, const std::string& place);

/// @param error what is wrong with a metric. @param place where the user wrote it.
/// @return the line for the user, with the nearest right word.
UserError MakeUserError(const campaign::MetricError& error, const std::string& place);

} // namespace p2pim::program

#endif // P2PIM_METRIC_OPTION_H
