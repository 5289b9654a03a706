// SPDX-License-Identifier: GPL-2.0-only
#include "run-reader.h"

#include "counter-list.h"
#include "store-error.h"

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

/// Makes a query about a run. @return the query, before its first row.
SQLite::Statement&
Ask(SQLite::Statement& query, int64_t run)
{
    query.reset();
    query.bind(1, run);
    return query;
}

/// Calls @p add for each row of a query that begins with a session's index. Rows and sessions are
/// ordered by it, so that each row belongs to the last session that was found or to one after it.
template <typename Add>
void
ReadPerSession(SQLite::Statement& query,
               std::vector<::p2pim::SessionRecord>& sessions,
               const Add& add)
{
    auto session = sessions.begin();
    while (query.executeStep())
    {
        const uint32_t index = query.getColumn(0).getUInt();
        while (session != sessions.end() && session->index < index)
        {
            ++session;
        }
        if (session != sessions.end() && session->index == index)
        {
            add(*session);
        }
    }
}

void
ReadSessions(SQLite::Statement& query, std::vector<::p2pim::SessionRecord>& sessions)
{
    while (query.executeStep())
    {
        auto& session = sessions.emplace_back();
        session.index = query.getColumn(0).getUInt();
        session.bearer = query.getColumn(1).getString();
        session.succeeded = query.getColumn(2).getInt() != 0;
        session.cause = query.getColumn(3).getString();
        session.diagnosis = query.getColumn(4).getString();
        session.initiatorAccess = query.getColumn(5).getString();
        session.targetAccess = query.getColumn(6).getString();
        session.setupNs = GetTime(query.getColumn(7));
        session.firstMessageNs = GetTime(query.getColumn(8));
    }
}

void
ReadSteps(SQLite::Statement& query, std::vector<::p2pim::SessionRecord>& sessions)
{
    ReadPerSession(query, sessions, [&query](auto& session) {
        session.steps.push_back({query.getColumn(1), query.getColumn(2).getInt64()});
    });
}

void
ReadMessages(SQLite::Statement& query, std::vector<::p2pim::SessionRecord>& sessions)
{
    ReadPerSession(query, sessions, [&query](auto& session) {
        session.messages.push_back({query.getColumn(1).getUInt(),
                                    query.getColumn(2).getInt() != 0,
                                    query.getColumn(3).getUInt(),
                                    query.getColumn(4).getInt64(),
                                    GetTime(query.getColumn(5))});
    });
}

void
ReadAttempts(SQLite::Statement& query, std::vector<::p2pim::SessionRecord>& sessions)
{
    ReadPerSession(query, sessions, [&query](auto& session) {
        session.attempts.push_back({query.getColumn(1).getInt() != 0,
                                    query.getColumn(2),
                                    query.getColumn(3),
                                    query.getColumn(4),
                                    query.getColumn(5).getUInt(),
                                    query.getColumn(6).getInt64(),
                                    GetTime(query.getColumn(7)),
                                    query.getColumn(8)});
    });
}

} // namespace

/// One a table, ordered as the records are.
struct RunReader::Queries
{
    explicit Queries(const SQLite::Database& database)
        : run(database, "SELECT point_id, scheme, seed, events FROM run WHERE id = ?"),
          sessions(database,
                   "SELECT idx, bearer, succeeded, cause, diagnosis, initiator_access,"
                   " target_access, setup_ns, first_message_ns FROM session WHERE run_id = ?"
                   " ORDER BY idx"),
          steps(database,
                "SELECT session_idx, name, time_ns FROM step WHERE run_id = ?"
                " ORDER BY session_idx, ordinal"),
          messages(database,
                   "SELECT session_idx, idx, from_initiator, octets, sent_ns, received_ns"
                   " FROM message WHERE run_id = ? ORDER BY session_idx, idx"),
          attempts(database,
                   "SELECT session_idx, from_initiator, candidate, local, remote, tries, start_ns,"
                   " end_ns, outcome FROM attempt WHERE run_id = ? ORDER BY session_idx, ordinal"),
          counters(database)
    {
    }

    SQLite::Statement run;
    SQLite::Statement sessions;
    SQLite::Statement steps;
    SQLite::Statement messages;
    SQLite::Statement attempts;
    CounterReader counters;
};

RunReader::RunReader(const SQLite::Database& database, const RunParts& parts)
    : m_queries(std::make_unique<Queries>(database)),
      m_parts(parts)
{
}

RunReader::~RunReader() = default;

::p2pim::RunRecord
RunReader::Read(int64_t id)
{
    ::p2pim::RunRecord record;
    auto& run = Ask(m_queries->run, id);
    if (run.executeStep())
    {
        record.point = run.getColumn(0).getUInt();
        record.scheme = run.getColumn(1).getString();
        record.seed = static_cast<uint64_t>(run.getColumn(2).getInt64());
        record.events = static_cast<uint64_t>(run.getColumn(3).getInt64());
    }
    ReadSessions(Ask(m_queries->sessions, id), record.sessions);
    if (m_parts.steps)
    {
        ReadSteps(Ask(m_queries->steps, id), record.sessions);
    }
    if (m_parts.messages)
    {
        ReadMessages(Ask(m_queries->messages, id), record.sessions);
    }
    if (m_parts.attempts)
    {
        ReadAttempts(Ask(m_queries->attempts, id), record.sessions);
    }
    if (m_parts.counters)
    {
        record.counters = m_queries->counters.Read(id);
    }
    return record;
}

FailedRun
ReadFailure(SQLite::Statement& row)
{
    const PlannedRun run{static_cast<uint64_t>(row.getColumn(0).getInt64()),
                         {row.getColumn(1),
                          static_cast<uint64_t>(row.getColumn(2).getInt64()),
                          row.getColumn(3).getUInt()}};
    return {run, {row.getColumn(4), row.getColumn(5), row.getColumn(6)}};
}

void
CheckRows(const std::string& path, const SQLite::Database& database)
{
    SQLite::Statement stray(
        database,
        "SELECT 1 FROM session WHERE run_id NOT IN (SELECT id FROM run) UNION ALL "
        "SELECT 1 FROM counter_list WHERE run_id NOT IN (SELECT id FROM run) LIMIT 1");
    if (stray.executeStep())
    {
        throw StoreError(StoreError::Code::NOT_RESULTS, path + ": is damaged: rows without a run");
    }
}

} // namespace campaign
} // namespace p2pim
