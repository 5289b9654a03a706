// SPDX-License-Identifier: GPL-2.0-only
#include "results-store.h"

#include "results-file.h"
#include "results-schema.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <sqlite3.h>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// Prepared once, executed per row.
class Insert
{
  public:
    Insert(const SQLite::Database& database, const char* sql)
        : m_statement(database, sql)
    {
    }

    /// Inserts one row; arguments that are std::nullopt become NULL.
    template <typename... Values>
    void operator()(const Values&... values)
    {
        // A row before this one may have failed; whoever inserted it has been told.
        m_statement.tryReset();
        int index = 0;
        (Bind(++index, values), ...);
        m_statement.exec();
        m_statement.reset();
    }

  private:
    void Bind(int index, int64_t value)
    {
        m_statement.bind(index, value);
    }

    void Bind(int index, double value)
    {
        m_statement.bind(index, value);
    }

    void Bind(int index, const std::string& value)
    {
        m_statement.bindNoCopy(index, value);
    }

    void Bind(int index, const std::optional<int64_t>& value)
    {
        value ? m_statement.bind(index, *value) : m_statement.bind(index);
    }

    SQLite::Statement m_statement;
};

/// @return the time, nothing for the -1 of what never happened.
std::optional<int64_t>
ToOptional(int64_t ns)
{
    return ns >= 0 ? std::optional(ns) : std::nullopt;
}

/// SQLite's integers are signed; the octets of a seed survive the way there and back.
int64_t
ToSigned(uint64_t seed)
{
    return static_cast<int64_t>(seed);
}

std::string
Describe(const RunKey& key)
{
    return "scheme " + key.scheme + " with seed " + std::to_string(key.seed);
}

StoreError
MakeDuplicateError(const std::string& path, const RunKey& key)
{
    return {StoreError::Code::DUPLICATE, path + ": has " + Describe(key) + " already"};
}

/// What has to be equal on append, by the name that an error message gives it.
std::map<std::string, std::string>
GetComparable(const Provenance& provenance)
{
    std::map<std::string, std::string> values;
    for (const auto& setting : provenance.configuration)
    {
        values[setting.key] = setting.value;
    }
    values["the version of p2pim"] = provenance.programVersion;
    values["the version of ns-3"] = provenance.ns3Version;
    values["the scenario"] = provenance.scenario;
    return values;
}

/// @return a value as an error message shows it.
std::string
Quote(const std::map<std::string, std::string>& values, const std::string& key)
{
    const auto found = values.find(key);
    return found == values.end() ? "absent" : std::string("\"").append(found->second).append("\"");
}

void
CheckSameProvenance(const std::string& path, const Provenance& stored, const Provenance& given)
{
    const auto old = GetComparable(stored);
    const auto now = GetComparable(given);
    auto all = old;
    all.insert(now.begin(), now.end());
    const auto different = std::find_if(all.begin(), all.end(), [&](const auto& entry) {
        return Quote(old, entry.first) != Quote(now, entry.first);
    });
    if (different != all.end())
    {
        const auto& key = different->first;
        throw StoreError(StoreError::Code::DIFFERENT,
                         path + ": cannot append: " + key + " is " + Quote(old, key) +
                             " in this file and " + Quote(now, key) + " now");
    }
}

void
InsertPlan(const SQLite::Database& database, const std::vector<RunKey>& plan)
{
    Insert insert(database, "INSERT OR IGNORE INTO plan VALUES (?, ?)");
    for (const auto& key : plan)
    {
        insert(key.scheme, ToSigned(key.seed));
    }
}

void
CreateTables(SQLite::Database& database, const Provenance& provenance)
{
    database.exec("PRAGMA application_id = " + std::to_string(g_applicationId));
    database.exec("PRAGMA user_version = " + std::to_string(g_schemaVersion));
    database.exec(g_schema);
    Insert meta(database, "INSERT INTO meta VALUES (?, ?)");
    meta(std::string("schema_version"), std::to_string(g_schemaVersion));
    meta(std::string("program"), std::string("p2pim"));
    meta(std::string("program_version"), provenance.programVersion);
    meta(std::string("ns3_version"), provenance.ns3Version);
    meta(std::string("scenario"), provenance.scenario);
    meta(std::string("scenario_file"), provenance.scenarioFile);
    meta(std::string("command_line"), provenance.commandLine);
    meta(std::string("status"), std::string(GetStatusName(Status::RUNNING)));
    Insert configuration(database, "INSERT INTO configuration VALUES (?, ?, ?)");
    for (const auto& setting : provenance.configuration)
    {
        configuration(setting.key, setting.value, static_cast<int64_t>(setting.isDefault));
    }
}

/// A results file without runs, made from nothing in one transaction.
void
MakeResultsFile(const std::string& path,
                const std::string& shownPath,
                const Provenance& provenance,
                const std::vector<RunKey>& plan)
{
    MakeFile(path, shownPath);
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    try
    {
        SQLite::Transaction transaction(database);
        CreateTables(database, provenance);
        InsertPlan(database, plan);
        transaction.commit();
    }
    catch (const SQLite::Exception& error)
    {
        ::unlink(path.c_str());
        throw Explain(shownPath, error, sqlite3_system_errno(database.getHandle()));
    }
}

/// Makes the new file beside the old one and puts it in its place.
void
ReplaceResultsFile(const std::string& path,
                   const Provenance& provenance,
                   const std::vector<RunKey>& plan)
{
    std::error_code unknown;
    const std::filesystem::path target = std::filesystem::canonical(path, unknown);
    if (!std::filesystem::is_regular_file(target, unknown))
    {
        throw StoreError(StoreError::Code::NOT_WRITABLE, path + ": not a regular file");
    }
    const FileLock noOtherWriter(target.string());
    const std::string fresh = target.string() + ".new-" + std::to_string(::getpid());
    MakeResultsFile(fresh, path, provenance, plan);
    try
    {
        ReplaceFile(fresh, target.string());
    }
    catch (const StoreError&)
    {
        ::unlink(fresh.c_str());
        throw;
    }
}

/// Makes the file as the mode asks for. @return whether it is a new one.
bool
Prepare(const std::string& path,
        OpenMode mode,
        const Provenance& provenance,
        const std::vector<RunKey>& plan)
{
    std::error_code ignored;
    const bool exists = std::filesystem::exists(path, ignored);
    if (exists && mode == OpenMode::FORCE)
    {
        ReplaceResultsFile(path, provenance, plan);
        return true;
    }
    if (!exists || mode == OpenMode::CREATE)
    {
        MakeResultsFile(path, path, provenance, plan);
        return true;
    }
    return false;
}

} // namespace

/// The open file and its prepared statements.
class ResultsStore::Impl
{
  public:
    Impl(const std::string& path,
         OpenMode mode,
         const Provenance& provenance,
         const std::vector<RunKey>& plan)
        : m_path(path),
          m_isNew(Prepare(path, mode, provenance, plan)),
          m_lock(path),
          m_database(OpenResultsFile(path)),
          m_run(m_database, "INSERT INTO run VALUES (NULL, ?, ?, ?, ?, ?)"),
          m_session(m_database, "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          m_step(m_database, "INSERT INTO step VALUES (?, ?, ?, ?, ?)"),
          m_message(m_database, "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?)"),
          m_attempt(m_database, "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          m_counter(m_database, "INSERT INTO counter VALUES (?, ?, ?, ?)")
    {
        m_database.exec("PRAGMA synchronous = NORMAL");
        if (!m_isNew)
        {
            Write([&]() { Append(provenance, plan); });
        }
    }

    /// Does @p work in one transaction and turns SQLite's exceptions into ours.
    template <typename Work>
    void Write(const Work& work)
    {
        try
        {
            SQLite::Transaction transaction(m_database, SQLite::TransactionBehavior::IMMEDIATE);
            work();
            transaction.commit();
        }
        catch (const SQLite::Exception& error)
        {
            throw Explain(m_path, error, sqlite3_system_errno(m_database.getHandle()));
        }
    }

    bool HasRun(const RunKey& key)
    {
        SQLite::Statement query(m_database, "SELECT 1 FROM run WHERE scheme = ? AND seed = ?");
        query.bind(1, key.scheme);
        query.bind(2, ToSigned(key.seed));
        return query.executeStep();
    }

    void SetStatus(Status status)
    {
        SQLite::Statement update(m_database, "UPDATE meta SET value = ? WHERE key = 'status'");
        update.bind(1, GetStatusName(status));
        update.exec();
    }

    bool IsPlanDone()
    {
        SQLite::Statement missing(m_database,
                                  "SELECT scheme, seed FROM plan"
                                  " EXCEPT SELECT scheme, seed FROM run LIMIT 1");
        return !missing.executeStep();
    }

    void SetSizeLimit(uint64_t bytes)
    {
        const auto pageSize =
            static_cast<uint64_t>(m_database.execAndGet("PRAGMA page_size").getInt64());
        m_database.exec("PRAGMA max_page_count = " + std::to_string(bytes / pageSize));
    }

    void InsertRun(const ::p2pim::RunRecord& run)
    {
        const RunKey key{run.scheme, run.seed};
        if (HasRun(key))
        {
            throw MakeDuplicateError(m_path, key);
        }
        const auto succeeded = std::count_if(run.sessions.begin(),
                                             run.sessions.end(),
                                             [](const auto& session) { return session.succeeded; });
        m_run(run.scheme,
              ToSigned(run.seed),
              static_cast<int64_t>(run.events),
              static_cast<int64_t>(run.sessions.size()),
              static_cast<int64_t>(succeeded));
        const int64_t id = m_database.getLastInsertRowid();
        for (const auto& session : run.sessions)
        {
            InsertSession(id, session);
        }
        for (const auto& counter : run.counters)
        {
            m_counter(id, counter.element, counter.name, counter.value);
        }
    }

  private:
    /// Checks that the new runs fit to those of the file, and notes them down.
    void Append(const Provenance& provenance, const std::vector<RunKey>& plan)
    {
        const Provenance stored = ReadProvenance(m_database);
        CheckSameProvenance(m_path, stored, provenance);
        for (const auto& key : plan)
        {
            if (HasRun(key))
            {
                throw MakeDuplicateError(m_path, key);
            }
        }
        InsertPlan(m_database, plan);
        SQLite::Statement update(m_database,
                                 "UPDATE meta SET value = ? WHERE key = 'command_line'");
        update.bind(1, stored.commandLine + '\n' + provenance.commandLine);
        update.exec();
        SetStatus(Status::RUNNING);
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
    FileLock m_lock; // destroyed after the database
    SQLite::Database m_database;
    Insert m_run;
    Insert m_session;
    Insert m_step;
    Insert m_message;
    Insert m_attempt;
    Insert m_counter;
};

ResultsStore::ResultsStore(const std::string& path,
                           OpenMode mode,
                           const Provenance& provenance,
                           const std::vector<RunKey>& plan)
{
    try
    {
        m_impl = std::make_unique<Impl>(path, mode, provenance, plan);
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

Status
ResultsStore::Finish()
{
    Status status = Status::COMPLETE;
    m_impl->Write([&]() {
        status = m_impl->IsPlanDone() ? Status::COMPLETE : Status::PARTIAL;
        m_impl->SetStatus(status);
    });
    return status;
}

void
ResultsStore::SetSizeLimit(uint64_t bytes)
{
    m_impl->SetSizeLimit(bytes);
}

} // namespace campaign
} // namespace p2pim
