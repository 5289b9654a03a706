// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_REGRESSION_REPORT_H
#define P2PIM_CAMPAIGN_REGRESSION_REPORT_H

#include "regression.h"
#include "table.h"

#include <ostream>
#include <string>

namespace p2pim
{
namespace campaign
{

/**
 * Writes what `p2pim check` prints: a table a layer, and what they mean together.
 * doc/regression.rst documents the JSON keys.
 *
 * @param regression the comparison.
 * @param format for people or for programs.
 * @param out where to.
 */
void WriteRegression(const Regression& regression, Format format, std::ostream& out);

/// @return such as "sms, seed 3: crash: SIGSEGV".
std::string DescribeFailure(const FailedRun& failed);

/**
 * @param regression the comparison.
 * @param name of the whole, such as the baseline's file.
 * @return a JUnit XML report: a suite a layer, a case a row or failed run.
 * @throw StoreError it cannot be made.
 */
std::string FormatJunit(const Regression& regression, const std::string& name);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_REGRESSION_REPORT_H
