// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_RESULTS_CREATION_H
#define P2PIM_CAMPAIGN_RESULTS_CREATION_H

#include "results-store.h"

#include <SQLiteCpp/Database.h>
#include <functional>
#include <string>

/**
 * @file
 * How a results file comes into being, and what has to be equal for one to be continued.
 */

namespace p2pim
{
namespace campaign
{

/// Writes down what is going to be run, in the transaction that makes the tables.
using PlanWriter = std::function<void(SQLite::Database& database)>;

/// @param runs of one point. @return what writes them down.
PlanWriter MakePlanWriter(const std::vector<RunKey>& runs);

/// @param study all of it. @return what writes it down.
PlanWriter MakePlanWriter(const StudyPlan& study);

/**
 * Adds runs to the plan of a file; those that it has stay as they are.
 *
 * @param database the file, in a transaction.
 * @param runs the runs.
 */
void InsertPlan(const SQLite::Database& database, const std::vector<RunKey>& runs);

/**
 * Makes a results file as the mode asks for. Nothing of an existing file is lost when this fails,
 * and no new file stays.
 *
 * @param path the file.
 * @param mode what to do if it exists.
 * @param provenance where the runs come from.
 * @param writePlan writes down what is going to be run.
 * @return whether the file is a new one.
 * @throw StoreError it exists and is to be left alone, or it cannot be made.
 */
bool PrepareResultsFile(const std::string& path,
                        OpenMode mode,
                        const Provenance& provenance,
                        const PlanWriter& writePlan);

/**
 * @param path the file, for the error line.
 * @param database the file.
 * @param provenance where further runs come from.
 * @throw StoreError it differs from that of the file; the first difference is named.
 */
void CheckSameProvenance(const std::string& path,
                         const SQLite::Database& database,
                         const Provenance& provenance);

/**
 * Checks that a file holds a study, and makes its plan longer if the study has got more seeds.
 *
 * @param path the file, for the error line.
 * @param database the file, in a transaction.
 * @param provenance where its runs come from now.
 * @param study the study as it is now.
 * @param anyBuild whether another build of the program may have begun it.
 * @throw StoreError it is another study, or was made by another build of the program.
 */
void ResumeStudy(const std::string& path,
                 SQLite::Database& database,
                 const Provenance& provenance,
                 const StudyPlan& study,
                 bool anyBuild);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_RESULTS_CREATION_H
