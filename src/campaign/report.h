// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_REPORT_H
#define P2PIM_CAMPAIGN_REPORT_H

#include "summary.h"
#include "table.h"

#include <nlohmann/json_fwd.hpp>
#include <ostream>

/**
 * @file
 * The reports of the program. doc/results.rst documents the JSON keys. Two equal runs give equal
 * reports: no date, no host and no command line is in them.
 */

namespace p2pim
{
namespace campaign
{

/**
 * @param comparison the figures.
 * @return what `p2pim compare --format=json` prints; figures that are not defined are null.
 */
nlohmann::ordered_json ToJson(const Comparison& comparison);

/**
 * @param comparison the figures.
 * @return what `p2pim run --format=json` prints: the same without "paired", and in each scheme
 * "counters" by network element.
 */
nlohmann::ordered_json ToRunJson(const Comparison& comparison);

/**
 * @param comparison the figures.
 * @return the sessions of all its schemes.
 */
uint64_t CountSessions(const Comparison& comparison);

/**
 * Writes the report of `p2pim compare`.
 *
 * @param comparison the figures.
 * @param format for people or for programs.
 * @param out where to.
 */
void WriteComparison(const Comparison& comparison, Format format, std::ostream& out);

/**
 * Writes the report of `p2pim run`: like that of `compare`, of one scheme, with the counters of
 * each network element.
 *
 * @param comparison the figures of one scheme.
 * @param format for people or for programs.
 * @param out where to.
 */
void WriteRun(const Comparison& comparison, Format format, std::ostream& out);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_REPORT_H
