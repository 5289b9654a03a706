// SPDX-License-Identifier: GPL-2.0-only
#include "results-file.h"
#include "results-store.h"
#include "run-reader.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

namespace p2pim
{
namespace campaign
{

namespace
{

void
ReadPoints(const SQLite::Database& database, Results& results)
{
    results.variables = ReadVariables(database);
    SQLite::Statement points(database,
                             "SELECT id, value FROM point"
                             " LEFT JOIN parameter ON point_id = id ORDER BY id, variable_id");
    while (points.executeStep())
    {
        const uint32_t id = points.getColumn(0).getUInt();
        if (results.points.empty() || results.points.back().id != id)
        {
            results.points.emplace_back().id = id;
        }
        if (!points.getColumn(1).isNull())
        {
            results.points.back().values.push_back(points.getColumn(1));
        }
    }
}

void
ReadFailures(const SQLite::Database& database, std::vector<FailedRun>& failures)
{
    SQLite::Statement query(database,
                            "SELECT run_id, scheme, seed, point_id, cause, detail, command"
                            " FROM failure JOIN plan USING (run_id) ORDER BY run_id");
    while (query.executeStep())
    {
        failures.push_back(ReadFailure(query));
    }
}

void
ReadRuns(const SQLite::Database& database, std::vector<::p2pim::RunRecord>& runs)
{
    RunReader reader(database, {true, true, true, true});
    SQLite::Statement query(database, "SELECT id FROM run ORDER BY id");
    while (query.executeStep())
    {
        runs.push_back(reader.Read(query.getColumn(0).getInt64()));
    }
}

} // namespace

Results
LoadResults(const std::string& path)
{
    SQLite::Database database = OpenResultsFile(path);
    try
    {
        const SQLite::Transaction oneMoment(database);
        CheckRows(path, database);
        Results results;
        results.provenance = ReadProvenance(database);
        results.status = ReadStatus(database);
        ReadPoints(database, results);
        ReadFailures(database, results.failures);
        ReadRuns(database, results.runs);
        return results;
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(path, error, 0);
    }
}

} // namespace campaign
} // namespace p2pim
