// SPDX-License-Identifier: GPL-2.0-only
#include "results-store.h"

#include "counter-list.h"
#include "results-creation.h"
#include "results-file.h"
#include "sql-insert.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <filesystem>
#include <optional>
#include <sqlite3.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// @return the time, nothing for the -1 of what never happened.
std::optional<int64_t>
ToOptional(int64_t ns)
{
    return ns >= 0 ? std::optional(ns) : std::nullopt;
}

std::string
Describe(const RunKey& key)
{
    return "scheme " + key.scheme + " with seed " + std::to_string(key.seed) +
           (key.point == 0 ? "" : " at point " + std::to_string(key.point));
}

StoreError
MakeDuplicateError(const std::string& path, const RunKey& key)
{
    return {StoreError::Code::DUPLICATE, path + ": has " + Describe(key) + " already"};
}

} // namespace

/// The open file and its prepared statements.
class ResultsStore::Impl
{
  public:
    Impl(const std::string& path,
         OpenMode mode,
         const Provenance& provenance,
         const PlanWriter& writePlan)
        : m_path(path),
          m_isNew(PrepareResultsFile(path, mode, provenance, writePlan)),
          m_lock(std::make_unique<FileLock>(path)),
          m_database(OpenResultsFile(path)),
          m_planned(m_database,
                    "SELECT run_id FROM plan WHERE point_id = ? AND scheme = ? AND seed = ?"),
          m_made(m_database, "SELECT 1 FROM run WHERE id = ?"),
          m_forgetFailure(m_database, "DELETE FROM failure WHERE run_id = ?"),
          m_run(m_database, "INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)"),
          m_session(m_database, "session", 10),
          m_step(m_database, "step", 5),
          m_message(m_database, "message", 7),
          m_attempt(m_database, "attempt", 11),
          m_counters(m_database)
    {
        m_database.exec("PRAGMA synchronous = NORMAL");
    }

    /// @return whether this has made the file.
    bool IsNew() const
    {
        return m_isNew;
    }

    /// Does @p work in one transaction and turns SQLite's exceptions into ours.
    template <typename Work>
    void Write(const Work& work)
    {
        Read([&]() {
            SQLite::Transaction transaction(m_database, SQLite::TransactionBehavior::IMMEDIATE);
            work();
            transaction.commit();
        });
    }

    /// Does @p work and turns SQLite's exceptions into ours.
    template <typename Work>
    void Read(const Work& work)
    {
        try
        {
            work();
        }
        catch (const SQLite::Exception& error)
        {
            throw Explain(m_path, error, sqlite3_system_errno(m_database.getHandle()));
        }
    }

    /// @return the number of a planned run, 0 for any other.
    int64_t FindPlanned(const RunKey& key)
    {
        m_planned.bind(1, key.point);
        m_planned.bind(2, key.scheme);
        m_planned.bind(3, ToSigned(key.seed));
        return GetNumber(m_planned);
    }

    bool HasRun(int64_t id)
    {
        m_made.bind(1, id);
        return GetNumber(m_made) != 0;
    }

    void SetStatus(Status status)
    {
        SQLite::Statement update(m_database, "UPDATE meta SET value = ? WHERE key = 'status'");
        update.bind(1, GetStatusName(status));
        update.exec();
    }

    Progress GetProgress(const Shard& shard)
    {
        SQLite::Statement query(m_database,
                                "SELECT count(*), count(run.id), count(failure.run_id) FROM plan"
                                " LEFT JOIN run ON run.id = plan.run_id"
                                " LEFT JOIN failure ON failure.run_id = plan.run_id"
                                " WHERE (plan.run_id - 1) % ? = ?");
        query.bind(1, ToSigned(shard.count));
        query.bind(2, ToSigned(shard.index));
        query.executeStep();
        return {static_cast<uint64_t>(query.getColumn(0).getInt64()),
                static_cast<uint64_t>(query.getColumn(1).getInt64()),
                static_cast<uint64_t>(query.getColumn(2).getInt64())};
    }

    std::vector<PlannedRun> ListMissing(uint64_t after, std::size_t most, const Shard& shard)
    {
        SQLite::Statement query(m_database,
                                "SELECT run_id, scheme, seed, point_id FROM plan"
                                " WHERE run_id > ? AND (run_id - 1) % ? = ?"
                                " AND NOT EXISTS (SELECT 1 FROM run WHERE run.id = plan.run_id)"
                                " ORDER BY run_id LIMIT ?");
        query.bind(1, ToSigned(after));
        query.bind(2, ToSigned(shard.count));
        query.bind(3, ToSigned(shard.index));
        query.bind(4, ToSigned(most));
        std::vector<PlannedRun> runs;
        while (query.executeStep())
        {
            runs.push_back({static_cast<uint64_t>(query.getColumn(0).getInt64()),
                            {query.getColumn(1),
                             static_cast<uint64_t>(query.getColumn(2).getInt64()),
                             query.getColumn(3).getUInt()}});
        }
        return runs;
    }

    void InsertFailure(const PlannedRun& run, const RunFailure& failure)
    {
        SQLite::Statement insert(m_database, "INSERT OR REPLACE INTO failure VALUES (?, ?, ?, ?)");
        insert.bind(1, ToSigned(run.id));
        insert.bind(2, failure.cause);
        insert.bind(3, failure.detail);
        insert.bind(4, failure.command);
        insert.exec();
    }

    /// A writer that is killed loses nothing that it has stored, without a wait for the disk.
    void UseWriteAheadLog()
    {
        m_database.exec("PRAGMA journal_mode = WAL");
        m_database.exec("PRAGMA wal_autocheckpoint = 8000"); // pages: each run rewrites some
    }

    /// Goes on with the study that the file holds.
    void Resume(const Provenance& provenance, const StudyPlan& study, bool anyBuild)
    {
        ResumeStudy(m_path, m_database, provenance, study, anyBuild);
        SetStatus(Status::RUNNING);
    }

    /// Adds runs to the plan.
    void Plan(const std::vector<RunKey>& runs)
    {
        InsertPlan(m_database, runs);
    }

    /// Copies the content, in its own order, to a new file.
    void CopyTo(const std::string& path)
    {
        CopyInOrder(m_database, path);
    }

    /// @return what keeps other writers away; the file is no longer kept by this.
    std::unique_ptr<FileLock> TakeLock()
    {
        return std::move(m_lock);
    }

    const std::string& GetPath() const
    {
        return m_path;
    }

    void SetSizeLimit(uint64_t bytes)
    {
        const auto pageSize =
            static_cast<uint64_t>(m_database.execAndGet("PRAGMA page_size").getInt64());
        m_database.exec("PRAGMA max_page_count = " + std::to_string(bytes / pageSize));
    }

    void InsertRun(const ::p2pim::RunRecord& run)
    {
        const RunKey key{run.scheme, run.seed, run.point};
        const int64_t id = FindPlanned(key);
        if (id == 0)
        {
            throw StoreError(StoreError::Code::DIFFERENT,
                             m_path + ": " + Describe(key) + " is not in its plan");
        }
        if (HasRun(id))
        {
            throw MakeDuplicateError(m_path, key);
        }
        const auto succeeded = std::count_if(run.sessions.begin(),
                                             run.sessions.end(),
                                             [](const auto& session) { return session.succeeded; });
        m_run(id,
              int64_t{run.point},
              run.scheme,
              ToSigned(run.seed),
              static_cast<int64_t>(run.events),
              static_cast<int64_t>(run.sessions.size()),
              static_cast<int64_t>(succeeded));
        m_forgetFailure.bind(1, id);
        m_forgetFailure.exec();
        m_forgetFailure.reset();
        for (auto* rows : {&m_session, &m_step, &m_message, &m_attempt})
        {
            rows->Reset();
        }
        for (const auto& session : run.sessions)
        {
            InsertSession(id, session);
        }
        m_counters.Write(id, run.counters);
        for (auto* rows : {&m_session, &m_step, &m_message, &m_attempt})
        {
            rows->Flush();
        }
    }

    /// Checks that the new runs fit to those of the file, and notes them down.
    void Append(const Provenance& provenance, const std::vector<RunKey>& plan)
    {
        CheckSameProvenance(m_path, m_database, provenance);
        for (const auto& key : plan)
        {
            if (HasRun(FindPlanned(key)))
            {
                throw MakeDuplicateError(m_path, key);
            }
        }
        InsertPlan(m_database, plan);
        SQLite::Statement update(m_database,
                                 "UPDATE meta SET value = value || ? WHERE key = 'command_line'");
        update.bind(1, '\n' + provenance.commandLine);
        update.exec();
        SetStatus(Status::RUNNING);
    }

  private:
    /// @return the only number that a query has, 0 if it has none.
    static int64_t GetNumber(SQLite::Statement& query)
    {
        const int64_t number = query.executeStep() ? query.getColumn(0).getInt64() : 0;
        query.reset();
        return number;
    }

    void InsertSession(int64_t run, const ::p2pim::SessionRecord& session)
    {
        const auto index = static_cast<int64_t>(session.index);
        m_session(run,
                  index,
                  session.bearer,
                  static_cast<int64_t>(session.succeeded),
                  session.cause,
                  session.diagnosis,
                  session.initiatorAccess,
                  session.targetAccess,
                  ToOptional(session.setupNs),
                  ToOptional(session.firstMessageNs));
        int64_t ordinal = 0;
        for (const auto& step : session.steps)
        {
            m_step(run, index, ordinal++, step.name, step.timeNs);
        }
        for (const auto& message : session.messages)
        {
            m_message(run,
                      index,
                      static_cast<int64_t>(message.index),
                      static_cast<int64_t>(message.fromInitiator),
                      static_cast<int64_t>(message.octets),
                      message.sentNs,
                      ToOptional(message.receivedNs));
        }
        ordinal = 0;
        for (const auto& attempt : session.attempts)
        {
            m_attempt(run,
                      index,
                      ordinal++,
                      static_cast<int64_t>(attempt.fromInitiator),
                      attempt.candidate,
                      attempt.local,
                      attempt.remote,
                      static_cast<int64_t>(attempt.tries),
                      attempt.startNs,
                      ToOptional(attempt.endNs),
                      attempt.outcome);
        }
    }

    std::string m_path;
    bool m_isNew;
    std::unique_ptr<FileLock> m_lock; // destroyed after the database
    SQLite::Database m_database;
    SQLite::Statement m_planned;
    SQLite::Statement m_made;
    SQLite::Statement m_forgetFailure;
    Insert m_run;
    BulkInsert m_session;
    BulkInsert m_step;
    BulkInsert m_message;
    BulkInsert m_attempt;
    CounterWriter m_counters;
};

ResultsStore::ResultsStore(const std::string& path,
                           OpenMode mode,
                           const Provenance& provenance,
                           const std::vector<RunKey>& plan)
{
    try
    {
        m_impl = std::make_unique<Impl>(path, mode, provenance, MakePlanWriter(plan));
        if (!m_impl->IsNew())
        {
            m_impl->Write([&]() { m_impl->Append(provenance, plan); });
        }
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(path, error, 0);
    }
}

ResultsStore::ResultsStore(const std::string& path,
                           OpenMode mode,
                           const Provenance& provenance,
                           const StudyPlan& study)
{
    try
    {
        m_impl = std::make_unique<Impl>(path, mode, provenance, MakePlanWriter(study));
        if (!m_impl->IsNew())
        {
            const bool anyBuild = mode == OpenMode::RESUME_ANY_BUILD;
            m_impl->Write([&]() { m_impl->Resume(provenance, study, anyBuild); });
        }
        m_impl->UseWriteAheadLog();
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(path, error, 0);
    }
}

ResultsStore::~ResultsStore() = default;

void
ResultsStore::Store(const ::p2pim::RunRecord& run)
{
    m_impl->Write([&]() { m_impl->InsertRun(run); });
}

void
ResultsStore::StoreFailure(const PlannedRun& run, const RunFailure& failure)
{
    m_impl->Write([&]() { m_impl->InsertFailure(run, failure); });
}

void
ResultsStore::Plan(const std::vector<RunKey>& runs)
{
    m_impl->Write([&]() { m_impl->Plan(runs); });
}

std::vector<PlannedRun>
ResultsStore::ListMissing(uint64_t after, std::size_t most, const Shard& shard)
{
    std::vector<PlannedRun> runs;
    m_impl->Read([&]() { runs = m_impl->ListMissing(after, most, shard); });
    return runs;
}

ResultsStore::Progress
ResultsStore::GetProgress(const Shard& shard)
{
    Progress progress;
    m_impl->Read([&]() { progress = m_impl->GetProgress(shard); });
    return progress;
}

Status
ResultsStore::Finish(const Shard& shard)
{
    Status status = Status::COMPLETE;
    m_impl->Write([&]() {
        const auto progress = m_impl->GetProgress(shard);
        status = progress.succeeded == progress.planned ? Status::COMPLETE : Status::PARTIAL;
        m_impl->SetStatus(status);
    });
    return status;
}

void
ResultsStore::Compact()
{
    const std::string& path = m_impl->GetPath();
    DraftFile draft(std::filesystem::canonical(path).string(), path);
    m_impl->Read([&]() { m_impl->CopyTo(draft.GetPath()); });
    const auto noOtherWriter = m_impl->TakeLock();
    m_impl.reset();
    draft.TakePlace();
}

void
ResultsStore::SetSizeLimit(uint64_t bytes)
{
    m_impl->SetSizeLimit(bytes);
}

} // namespace campaign
} // namespace p2pim
