// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_EXPORT_H
#define P2PIM_CAMPAIGN_EXPORT_H

#include "export-source.h"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

/**
 * @file
 * Results as CSV and JSON for other programs. Rows are ordered by point, scheme, seed and session,
 * so the order in which the runs were made leaves no mark: equal runs give equal octets. Where
 * something varies, rows have the point and the values of the variables behind the seed.
 */

namespace p2pim
{
namespace campaign
{

/// The tables of an export.
enum class ExportTable
{
    SESSIONS,      ///< one row a session, one column a step
    STEPS,         ///< one row a step
    MESSAGES,      ///< one row a message
    ATTEMPTS,      ///< one row an attempt to connect
    COUNTERS,      ///< one row a counter of a network element
    RUNS,          ///< one row a run
    CONFIGURATION, ///< one row a setting
    FAILURES,      ///< one row a run that failed
    POINTS,        ///< one row a point of the study's grid
};

/// @return the names of the tables, in the order of ExportTable, as `--table` takes them.
const std::vector<std::string>& GetExportTableNames();

/**
 * @param name such as "sessions".
 * @return the table; nothing if there is none of this name.
 */
std::optional<ExportTable> FindExportTable(const std::string& name);

/**
 * Writes one table as CSV (RFC 4180, lines end in LF), with a header line. Times are seconds with
 * nine decimals, made from whole nanoseconds; what is not defined is an empty field.
 *
 * @param source the results.
 * @param table which table.
 * @param out where to.
 */
void ExportCsv(const ExportSource& source, ExportTable table, std::ostream& out);

/**
 * Writes tables as one JSON object: a member per table, each an array with an object per row whose
 * keys are the columns of the CSV. What is not defined is null.
 *
 * @param source the results.
 * @param tables which tables; empty writes all, but failures and points only where something varies
 * or a run failed.
 * @param out where to.
 */
void ExportJson(const ExportSource& source,
                const std::vector<ExportTable>& tables,
                std::ostream& out);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_EXPORT_H
