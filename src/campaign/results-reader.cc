// SPDX-License-Identifier: GPL-2.0-only
#include "results-file.h"
#include "results-store.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <stdexcept>
#include <unordered_map>

namespace p2pim
{
namespace campaign
{

namespace
{

/// @return the time in a column, -1 for NULL.
int64_t
GetTime(const SQLite::Column& column)
{
    return column.isNull() ? -1 : column.getInt64();
}

/// Reads the runs. Every query is ordered as the records are, so that each row belongs to the
/// last session that was found or to one after it.
class Reader
{
  public:
    Reader(const SQLite::Database& database, Results& results)
        : m_database(database),
          m_results(results),
          m_runs(results.runs)
    {
    }

    void Read()
    {
        ReadPoints();
        ReadFailures();
        ReadRuns();
        ReadSessions();
        ReadSteps();
        ReadMessages();
        ReadAttempts();
        ReadCounters();
    }

  private:
    void ReadPoints()
    {
        SQLite::Statement variables(m_database, "SELECT name, attribute FROM variable ORDER BY id");
        while (variables.executeStep())
        {
            m_results.variables.push_back({variables.getColumn(0), variables.getColumn(1)});
        }
        SQLite::Statement points(m_database,
                                 "SELECT id, value FROM point"
                                 " LEFT JOIN parameter ON point_id = id ORDER BY id, variable_id");
        while (points.executeStep())
        {
            const uint32_t id = points.getColumn(0).getUInt();
            if (m_results.points.empty() || m_results.points.back().id != id)
            {
                m_results.points.emplace_back().id = id;
            }
            if (!points.getColumn(1).isNull())
            {
                m_results.points.back().values.push_back(points.getColumn(1));
            }
        }
    }

    void ReadFailures()
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, scheme, seed, point_id, cause, detail, command"
                                " FROM failure JOIN plan USING (run_id) ORDER BY run_id");
        while (query.executeStep())
        {
            const PlannedRun run{static_cast<uint64_t>(query.getColumn(0).getInt64()),
                                 {query.getColumn(1),
                                  static_cast<uint64_t>(query.getColumn(2).getInt64()),
                                  query.getColumn(3).getUInt()}};
            m_results.failures.push_back(
                {run, {query.getColumn(4), query.getColumn(5), query.getColumn(6)}});
        }
    }

    void ReadRuns()
    {
        SQLite::Statement query(m_database,
                                "SELECT id, scheme, seed, events, point_id FROM run ORDER BY id");
        while (query.executeStep())
        {
            m_places[query.getColumn(0).getInt64()] = m_runs.size();
            auto& run = m_runs.emplace_back();
            run.scheme = query.getColumn(1).getString();
            run.seed = static_cast<uint64_t>(query.getColumn(2).getInt64());
            run.events = static_cast<uint64_t>(query.getColumn(3).getInt64());
            run.point = query.getColumn(4).getUInt();
        }
    }

    void ReadSessions()
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, idx, bearer, succeeded, cause, diagnosis,"
                                " initiator_access, target_access, setup_ns, first_message_ns"
                                " FROM session ORDER BY run_id, idx");
        while (query.executeStep())
        {
            auto& session = GetRun(query).sessions.emplace_back();
            session.index = query.getColumn(1).getUInt();
            session.bearer = query.getColumn(2).getString();
            session.succeeded = query.getColumn(3).getInt() != 0;
            session.cause = query.getColumn(4).getString();
            session.diagnosis = query.getColumn(5).getString();
            session.initiatorAccess = query.getColumn(6).getString();
            session.targetAccess = query.getColumn(7).getString();
            session.setupNs = GetTime(query.getColumn(8));
            session.firstMessageNs = GetTime(query.getColumn(9));
        }
    }

    void ReadSteps()
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, session_idx, name, time_ns FROM step"
                                " ORDER BY run_id, session_idx, ordinal");
        ReadPerSession(query, [](const SQLite::Statement& row, auto& session) {
            session.steps.push_back({row.getColumn(2), row.getColumn(3).getInt64()});
        });
    }

    void ReadMessages()
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, session_idx, idx, from_initiator, octets, sent_ns,"
                                " received_ns FROM message ORDER BY run_id, session_idx, idx");
        ReadPerSession(query, [](SQLite::Statement& row, auto& session) {
            session.messages.push_back({row.getColumn(2).getUInt(),
                                        row.getColumn(3).getInt() != 0,
                                        row.getColumn(4).getUInt(),
                                        row.getColumn(5).getInt64(),
                                        GetTime(row.getColumn(6))});
        });
    }

    void ReadAttempts()
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, session_idx, from_initiator, candidate, local,"
                                " remote, tries, start_ns, end_ns, outcome FROM attempt"
                                " ORDER BY run_id, session_idx, ordinal");
        ReadPerSession(query, [](SQLite::Statement& row, auto& session) {
            session.attempts.push_back({row.getColumn(2).getInt() != 0,
                                        row.getColumn(3),
                                        row.getColumn(4),
                                        row.getColumn(5),
                                        row.getColumn(6).getUInt(),
                                        row.getColumn(7).getInt64(),
                                        GetTime(row.getColumn(8)),
                                        row.getColumn(9)});
        });
    }

    void ReadCounters()
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, element, name, value FROM counter"
                                " ORDER BY run_id, element, name");
        while (query.executeStep())
        {
            GetRun(query).counters.push_back(
                {query.getColumn(1), query.getColumn(2), query.getColumn(3).getDouble()});
        }
    }

    /// Calls @p add for each row of a query that begins with run and session.
    template <typename Add>
    void ReadPerSession(SQLite::Statement& query, const Add& add)
    {
        size_t place = 0;
        const ::p2pim::RunRecord* last = nullptr;
        while (query.executeStep())
        {
            auto& run = GetRun(query);
            place = &run == last ? place : 0;
            last = &run;
            const uint32_t index = query.getColumn(1).getUInt();
            while (place < run.sessions.size() && run.sessions[place].index < index)
            {
                ++place;
            }
            if (place < run.sessions.size() && run.sessions[place].index == index)
            {
                add(query, run.sessions[place]);
            }
        }
    }

    /// @return the run that the first column of a row names.
    ::p2pim::RunRecord& GetRun(SQLite::Statement& query)
    {
        return m_runs.at(m_places.at(query.getColumn(0).getInt64()));
    }

    const SQLite::Database& m_database;
    Results& m_results;
    std::vector<::p2pim::RunRecord>& m_runs;
    std::unordered_map<int64_t, size_t> m_places; ///< run_id to index in m_runs
};

} // namespace

Results
LoadResults(const std::string& path)
{
    SQLite::Database database = OpenResultsFile(path);
    try
    {
        const SQLite::Transaction oneMoment(database);
        Results results;
        results.provenance = ReadProvenance(database);
        results.status = ReadStatus(database);
        Reader(database, results).Read();
        return results;
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(path, error, 0);
    }
    catch (const std::out_of_range&)
    {
        throw StoreError(StoreError::Code::NOT_RESULTS, path + ": is damaged: rows without a run");
    }
}

} // namespace campaign
} // namespace p2pim
