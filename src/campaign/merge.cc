// SPDX-License-Identifier: GPL-2.0-only
#include "merge.h"

#include "merge-source.h"
#include "results-file.h"
#include "results-schema.h"

#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <queue>
#include <sqlite3.h>
#include <sys/resource.h>
#include <tuple>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

namespace fs = std::filesystem;

using Sources = std::vector<std::unique_ptr<MergeSource>>;

/// A file that goes away when this does.
class TemporaryFile
{
  public:
    explicit TemporaryFile(const std::string& path)
        : m_path(path)
    {
    }

    ~TemporaryFile()
    {
        ::unlink(m_path.c_str());
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& GetPath() const
    {
        return m_path;
    }

  private:
    std::string m_path;
};

/// The file in which the sources are put together. What fails in it is an error of the output.
class MergedFile
{
  public:
    /**
     * @param path where it is made; an empty file.
     * @param shownPath how error lines name it.
     */
    MergedFile(const std::string& path, const std::string& shownPath)
        : m_shownPath(shownPath),
          m_database(path, SQLite::OPEN_READWRITE)
    {
        // If this is interrupted nobody wants the file: no journal, no waiting for the disk.
        m_database.exec("PRAGMA journal_mode = OFF");
        m_database.exec("PRAGMA synchronous = OFF");
        m_database.exec("PRAGMA application_id = " + std::to_string(g_applicationId));
        m_database.exec("PRAGMA user_version = " + std::to_string(g_schemaVersion));
        m_database.exec(g_schema);
        for (const char* table : g_runTables)
        {
            m_inserts.push_back(PrepareInsert(table));
        }
    }

    /// Does @p work on the database and turns SQLite's exceptions into ours.
    template <typename Work>
    auto Do(const Work& work)
    {
        try
        {
            return work(m_database);
        }
        catch (const SQLite::Exception& error)
        {
            throw Explain(m_shownPath, error, sqlite3_system_errno(m_database.getHandle()));
        }
    }

    /// Copies rows. @param table their table.
    void Copy(const std::string& table, Rows& rows)
    {
        auto insert = Do([&](auto&) { return PrepareInsert(table); });
        CopyRows(rows, insert);
    }

    /// Copies rows of a run. @param table the place of one of the run tables.
    void CopyRun(std::size_t table, Rows& rows)
    {
        CopyRows(rows, m_inserts[table]);
    }

    /// Copies the names of counters that other sources do not have, too.
    void CopyCounterNames(Rows& rows)
    {
        auto insert = Do([&](auto& database) {
            return SQLite::Statement(database,
                                     "INSERT OR IGNORE INTO counter_name VALUES (?, ?, ?, ?)");
        });
        CopyRows(rows, insert);
    }

    /// Of two reasons for which a run failed it keeps the one that comes first in the alphabet.
    void CopyFailures(Rows& rows)
    {
        auto insert = Do([&](auto& database) {
            return SQLite::Statement(
                database,
                "INSERT INTO failure VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET cause = excluded.cause, detail = excluded.detail, command = excluded.command"
                " WHERE (excluded.cause, excluded.detail, excluded.command)"
                " < (cause, detail, command)");
        });
        CopyRows(rows, insert);
    }

    /// Writes what is no sum of the sources. @return what the file has.
    MergeOutcome Finish(const std::string& builds)
    {
        return Do([&](auto& database) {
            database.exec("DELETE FROM failure WHERE run_id IN (SELECT id FROM run)");
            database.exec("DELETE FROM meta WHERE key = 'shard'");
            const auto count = [&](const char* table) {
                return static_cast<uint64_t>(
                    database.execAndGet(std::string("SELECT count(*) FROM ") + table).getInt64());
            };
            MergeOutcome outcome{count("plan"), count("run"), count("failure")};
            outcome.status =
                outcome.succeeded == outcome.planned ? Status::COMPLETE : Status::PARTIAL;
            SQLite::Statement update(database, "UPDATE meta SET value = ? WHERE key = ?");
            for (const auto& [key, value] :
                 {std::pair<std::string, std::string>{"status", GetStatusName(outcome.status)},
                  {"program_id", builds}})
            {
                update.bind(1, value);
                update.bind(2, key);
                update.exec();
                update.reset();
            }
            return outcome;
        });
    }

  private:
    SQLite::Statement PrepareInsert(const std::string& table)
    {
        const int columns =
            SQLite::Statement(m_database, "SELECT * FROM " + table).getColumnCount();
        std::string sql = "INSERT INTO " + table + " VALUES (?";
        for (int i = 1; i < columns; ++i)
        {
            sql += ", ?";
        }
        return {m_database, sql + ")"};
    }

    void CopyRows(Rows& rows, SQLite::Statement& insert)
    {
        while (rows.Step())
        {
            Do([&](auto&) {
                for (int i = 0; i < rows.Get().getColumnCount(); ++i)
                {
                    Bind(insert, i + 1, rows.Get().getColumn(i));
                }
                insert.exec();
                insert.reset();
            });
        }
    }

    static void Bind(SQLite::Statement& insert, int index, const SQLite::Column& value)
    {
        switch (value.getType())
        {
        case SQLITE_INTEGER:
            return insert.bind(index, value.getInt64());
        case SQLITE_FLOAT:
            return insert.bind(index, value.getDouble());
        case SQLITE_NULL:
            return insert.bind(index);
        default:
            return insert.bind(index, value.getString());
        }
    }

    std::string m_shownPath;
    SQLite::Database m_database;
    std::vector<SQLite::Statement> m_inserts; ///< one a run table
};

/// @return whether two paths lead to one file.
bool
IsSameFile(const std::string& a, const std::string& b)
{
    std::error_code unknown;
    return fs::equivalent(a, b, unknown);
}

/// Brings the file to the front that all the others have to fit to.
void
SortSources(Sources& sources)
{
    const auto getRank = [](const MergeSource& source) {
        const auto& meta = source.GetMeta();
        const auto get = [&](const char* key) {
            const auto found = meta.find(key);
            return found == meta.end() ? "" : found->second;
        };
        return std::tuple(std::numeric_limits<uint64_t>::max() - source.GetPlanSize(),
                          get("command_line"),
                          get("scenario_file"),
                          source.GetPath());
    };
    std::sort(sources.begin(), sources.end(), [&](const auto& a, const auto& b) {
        return getRank(*a) < getRank(*b);
    });
}

/// Opens the files; the output is locked.
Sources
OpenSources(const std::vector<std::string>& paths,
            const std::string& output,
            const std::function<void(const std::string&, const StoreError&)>& leaveOut)
{
    Sources sources;
    sources.reserve(paths.size());
    for (const auto& path : paths)
    {
        const bool isOutput = IsSameFile(path, output);
        try
        {
            sources.push_back(std::make_unique<MergeSource>(path, isOutput));
        }
        catch (const StoreError& error)
        {
            const bool isLast = sources.empty() && &path == &paths.back();
            if (!leaveOut || isOutput || isLast)
            {
                throw;
            }
            leaveOut(path, error);
        }
    }
    SortSources(sources);
    return sources;
}

/// @return every build of the program that runs are of, each once.
std::string
ListBuilds(const Sources& sources)
{
    std::string builds;
    for (const auto& source : sources)
    {
        const auto found = source->GetMeta().find("program_id");
        std::string rest = found == source->GetMeta().end() ? "" : found->second;
        while (!rest.empty())
        {
            const std::string build = rest.substr(0, rest.find(' '));
            rest.erase(0, build.size() + 1);
            if ((" " + builds + " ").find(" " + build + " ") == std::string::npos)
            {
                builds.append(builds.empty() ? "" : " ").append(build);
            }
        }
    }
    return builds;
}

/// @throw StoreError the present run of two files is not the same.
void
CheckSameRun(MergeSource& a, MergeSource& b)
{
    for (std::size_t table = 0; table < g_runTables.size(); ++table)
    {
        if (FindDifference(a.SelectRun(table), b.SelectRun(table)))
        {
            throw StoreError(StoreError::Code::DIFFERENT,
                             b.GetPath() + ": run " + std::to_string(*a.GetRun()) +
                                 " is not the same as in " + a.GetPath() + " (table " +
                                 g_runTables[table] + ")");
        }
    }
}

/// Copies every run, in the order of the plan.
void
CopyRuns(const Sources& sources, MergedFile& merged, const std::function<bool()>& isStopped)
{
    using Next = std::pair<int64_t, std::size_t>; // a run, and which source is at it
    std::priority_queue<Next, std::vector<Next>, std::greater<>> queue;
    const auto enqueue = [&](std::size_t place) {
        if (const auto run = sources[place]->GetRun())
        {
            queue.emplace(*run, place);
        }
    };
    for (std::size_t i = 0; i < sources.size(); ++i)
    {
        enqueue(i);
    }
    while (!queue.empty())
    {
        if (isStopped && isStopped())
        {
            throw StoreError(StoreError::Code::FAILED, "interrupted: nothing was written");
        }
        const auto [run, first] = queue.top();
        queue.pop();
        for (std::size_t table = 0; table < g_runTables.size(); ++table)
        {
            merged.CopyRun(table, sources[first]->SelectRun(table));
        }
        while (!queue.empty() && queue.top().first == run)
        {
            const std::size_t other = queue.top().second;
            queue.pop();
            CheckSameRun(*sources[first], *sources[other]);
            sources[other]->NextRun();
            enqueue(other);
        }
        sources[first]->NextRun();
        enqueue(first);
    }
}

/// Puts the sources together.
MergeOutcome
Fill(MergedFile& merged, const Sources& sources, const std::function<bool()>& isStopped)
{
    merged.Do([](auto& database) { database.exec("BEGIN"); });
    for (const char* table : g_studyTables)
    {
        Rows rows = sources.front()->SelectAll(table);
        merged.Copy(table, rows);
    }
    merged.Do([](auto& database) { database.exec(GetPointsView(ReadVariables(database))); });
    CopyRuns(sources, merged, isStopped);
    for (const auto& source : sources)
    {
        Rows names = source->SelectAll("counter_name");
        merged.CopyCounterNames(names);
        Rows failures = source->SelectAll("failure");
        merged.CopyFailures(failures);
    }
    const auto outcome = merged.Finish(ListBuilds(sources));
    merged.Do([](auto& database) { database.exec("COMMIT"); });
    return outcome;
}

/// Lets a thousand files be open at a time if the system does: each has a lock, a log, its index.
void
RaiseDescriptorLimit(std::size_t files)
{
    struct rlimit limit = {};
    const rlim_t wanted = 4 * files + 64;
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted)
    {
        limit.rlim_cur = std::min(wanted, limit.rlim_max);
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// @return where the output really is, behind symbolic links.
std::string
CheckOutput(const std::vector<std::string>& paths, const std::string& output, bool force)
{
    std::error_code unknown;
    if (!fs::exists(output, unknown))
    {
        return output;
    }
    if (!fs::is_regular_file(output, unknown))
    {
        throw StoreError(StoreError::Code::NOT_WRITABLE, output + ": not a regular file");
    }
    const bool isSource = std::any_of(paths.begin(), paths.end(), [&](const auto& path) {
        return IsSameFile(path, output);
    });
    if (!isSource && !force)
    {
        throw StoreError(StoreError::Code::EXISTS,
                         output + ": exists already; give --force to replace it");
    }
    return fs::canonical(output).string();
}

} // namespace

MergeOutcome
MergeResults(const std::vector<std::string>& paths,
             const std::string& output,
             const MergeOptions& options)
{
    RaiseDescriptorLimit(paths.size());
    const std::string target = CheckOutput(paths, output, options.force);
    const auto noOtherWriter = fs::exists(target) ? std::make_unique<FileLock>(target) : nullptr;
    Sources sources = OpenSources(paths, target, options.leaveOut);
    for (const auto& source : sources)
    {
        CheckSameStudy(*sources.front(), *source, options.anyBuild);
    }
    const TemporaryFile raw(target + ".merge-" + std::to_string(::getpid()));
    const TemporaryFile fresh(target + ".merged-" + std::to_string(::getpid()));
    MakeFile(raw.GetPath(), output);
    MergedFile merged(raw.GetPath(), output);
    const auto outcome = Fill(merged, sources, options.isStopped);
    sources.clear();
    ::unlink(fresh.GetPath().c_str());
    merged.Do([&](auto& database) { CopyInOrder(database, fresh.GetPath()); });
    ReplaceFile(fresh.GetPath(), target);
    return outcome;
}

std::vector<ShardProgress>
GetShardProgress(const std::string& path, uint64_t count)
{
    const SQLite::Database database = OpenResultsFile(path);
    Rows rows(path,
              database,
              "SELECT (plan.run_id - 1) % ? + 1, count(*), count(run.id), count(failure.run_id)"
              " FROM plan LEFT JOIN run ON run.id = plan.run_id"
              " LEFT JOIN failure ON failure.run_id = plan.run_id GROUP BY 1 ORDER BY 1");
    rows.Restart(static_cast<int64_t>(count));
    std::vector<ShardProgress> shards;
    while (rows.Step())
    {
        const auto get = [&](int column) {
            return static_cast<uint64_t>(rows.Get().getColumn(column).getInt64());
        };
        shards.push_back({get(0), get(1), get(2), get(3)});
    }
    return shards;
}

} // namespace campaign
} // namespace p2pim
