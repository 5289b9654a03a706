// SPDX-License-Identifier: GPL-2.0-only
#include "merge-source.h"

#include <filesystem>
#include <set>
#include <sqlite3.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// What a study's `meta` may differ in from file to file.
const std::set<std::string> g_ownKeys{"status",
                                      "shard",
                                      "command_line",
                                      "scenario_file",
                                      "repetition"};

/// The key of `meta` that the build of the program has.
constexpr const char* g_build = "program_id";

/// What the name of a study's trait has before it in `meta`.
constexpr std::string_view g_traitPrefix = "study_";

StoreError
MakeDamageError(const std::string& path, const std::string& what)
{
    return {StoreError::Code::NOT_RESULTS, path + ": is damaged: " + what};
}

/// Does @p work on a file that is read only, and turns SQLite's exceptions into ours.
template <typename Work>
auto
Read(const std::string& path, const Work& work)
{
    try
    {
        return work();
    }
    catch (const SQLite::Exception& error)
    {
        // Its schema has the right number, so a table that is missing is damage.
        if (error.getErrorCode() == SQLITE_ERROR)
        {
            throw MakeDamageError(path, error.what());
        }
        throw Explain(path, error, 0);
    }
}

bool
IsSame(const SQLite::Column& a, const SQLite::Column& b)
{
    if (a.getType() != b.getType())
    {
        return false;
    }
    switch (a.getType())
    {
    case SQLITE_INTEGER:
        return a.getInt64() == b.getInt64();
    case SQLITE_FLOAT:
        return a.getDouble() == b.getDouble();
    case SQLITE_NULL:
        return true;
    default:
        return a.getString() == b.getString();
    }
}

bool
IsSameRow(const SQLite::Statement& a, const SQLite::Statement& b)
{
    for (int i = 0; i < a.getColumnCount(); ++i)
    {
        if (!IsSame(a.getColumn(i), b.getColumn(i)))
        {
            return false;
        }
    }
    return true;
}

/// @return what an error line calls a key of `meta`.
std::string
GetShownName(const std::string& key)
{
    static const std::map<std::string, std::string> names{
        {"program_version", "the version of p2pim"},
        {g_build, "the build of p2pim"},
        {"ns3_version", "the version of ns-3"},
        {"scenario", "the scenario"}};
    const auto found = names.find(key);
    if (found != names.end())
    {
        return found->second;
    }
    return key.rfind(g_traitPrefix, 0) == 0 ? key.substr(g_traitPrefix.size()) : key;
}

using Values = std::map<std::string, std::string>;

/// @return a value as an error line shows it.
std::string
Quote(const Values& values, const std::string& key)
{
    const auto found = values.find(key);
    return found == values.end() ? "absent" : std::string("\"").append(found->second).append("\"");
}

/// @return what has to be equal of two files, by the name that an error line gives it.
Values
GetComparable(const MergeSource& source, bool anyBuild)
{
    Values values;
    for (const auto& [key, value] : source.GetMeta())
    {
        if (g_ownKeys.count(key) == 0 && !(anyBuild && key == g_build))
        {
            values[GetShownName(key)] = value;
        }
    }
    Rows settings = source.SelectAll("configuration");
    while (settings.Step())
    {
        values[settings.Get().getColumn(0)] = settings.Get().getColumn(1).getString();
    }
    return values;
}

StoreError
MakeDifference(const MergeSource& a, const MergeSource& b, const std::string& what)
{
    return {StoreError::Code::DIFFERENT,
            b.GetPath() + ": not of the study of " + a.GetPath() + ": " + what};
}

} // namespace

Rows::Rows(const std::string& path, const SQLite::Database& database, const std::string& sql)
    : m_path(path),
      m_statement(Read(path, [&]() { return SQLite::Statement(database, sql); }))
{
}

void
Rows::Restart(int64_t parameter)
{
    Read(m_path, [&]() {
        m_statement.reset();
        m_statement.bind(1, parameter);
    });
}

bool
Rows::Step()
{
    return Read(m_path, [&]() { return m_statement.executeStep(); });
}

SQLite::Statement&
Rows::Get()
{
    return m_statement;
}

std::optional<std::string>
FindDifference(Rows& a, Rows& b, bool mayBeLonger)
{
    while (true)
    {
        const bool hasA = a.Step();
        const bool hasB = b.Step();
        if (!hasB && (!hasA || mayBeLonger))
        {
            return std::nullopt;
        }
        if (!hasA || !hasB || !IsSameRow(a.Get(), b.Get()))
        {
            return (hasA ? a : b).Get().getColumn(0).getString();
        }
    }
}

MergeSource::MergeSource(const std::string& path, bool isLocked)
    : m_path(path),
      m_lock(isLocked || !std::filesystem::is_regular_file(path)
                 ? nullptr
                 : std::make_unique<FileLock>(path, FileLock::Kind::SHARED)),
      m_database(OpenResultsFile(path))
{
    Read(m_path, [&]() { Check(); });
    m_ids.emplace_back(path, m_database, "SELECT id FROM run ORDER BY id");
    for (const std::string table : g_runTables)
    {
        std::string sql = "SELECT * FROM ";
        sql.append(table).append(" WHERE ").append(m_runRows.empty() ? "id" : "run_id");
        m_runRows.emplace_back(path, m_database, sql.append(" = ? ORDER BY 2, 3"));
    }
    NextRun();
}

void
MergeSource::Check()
{
    // One of a thousand files has to do with little memory.
    m_database.exec("PRAGMA cache_size = -256");
    SQLite::Statement check(m_database, "PRAGMA quick_check(1)");
    check.executeStep();
    const std::string verdict = check.getColumn(0);
    if (verdict != "ok")
    {
        throw MakeDamageError(m_path, verdict.substr(0, verdict.find('\n')));
    }
    SQLite::Statement stray(m_database,
                            "SELECT run.id FROM run LEFT JOIN plan ON run_id = run.id"
                            " WHERE (plan.point_id, plan.scheme, plan.seed)"
                            " IS NOT (run.point_id, run.scheme, run.seed) LIMIT 1");
    if (stray.executeStep())
    {
        throw MakeDamageError(m_path, "run " + stray.getColumn(0).getString() + " was not planned");
    }
    SQLite::Statement meta(m_database, "SELECT key, value FROM meta");
    while (meta.executeStep())
    {
        m_meta[meta.getColumn(0)] = meta.getColumn(1).getString();
    }
    m_planSize =
        static_cast<uint64_t>(m_database.execAndGet("SELECT count(*) FROM plan").getInt64());
}

const std::string&
MergeSource::GetPath() const
{
    return m_path;
}

const std::map<std::string, std::string>&
MergeSource::GetMeta() const
{
    return m_meta;
}

uint64_t
MergeSource::GetPlanSize() const
{
    return m_planSize;
}

std::optional<int64_t>
MergeSource::GetRun() const
{
    return m_run;
}

void
MergeSource::NextRun()
{
    auto& ids = m_ids.front();
    m_run = ids.Step() ? std::optional(ids.Get().getColumn(0).getInt64()) : std::nullopt;
}

Rows
MergeSource::SelectAll(const std::string& table) const
{
    const std::string key = table == "parameter" ? "1, 2" : "1";
    return {m_path, m_database, "SELECT * FROM " + table + " ORDER BY " + key};
}

Rows&
MergeSource::SelectRun(std::size_t table)
{
    auto& rows = m_runRows.at(table);
    rows.Restart(m_run.value());
    return rows;
}

void
CheckSameStudy(const MergeSource& whole, const MergeSource& part, bool anyBuild)
{
    const auto a = GetComparable(whole, anyBuild);
    const auto b = GetComparable(part, anyBuild);
    auto all = a;
    all.insert(b.begin(), b.end());
    for (const auto& entry : all)
    {
        const auto& key = entry.first;
        if (Quote(a, key) != Quote(b, key))
        {
            throw MakeDifference(whole,
                                 part,
                                 key + " is " + Quote(b, key) + " in this file and " +
                                     Quote(a, key) + " in that one");
        }
    }
    for (const std::string table : {"variable", "point", "parameter", "plan"})
    {
        Rows ours = whole.SelectAll(table);
        Rows theirs = part.SelectAll(table);
        const auto row = FindDifference(ours, theirs, table == "plan");
        if (row)
        {
            const std::string name = table == "plan"       ? "run"
                                     : table == "variable" ? table
                                                           : "point";
            throw MakeDifference(whole, part, name + " " + *row + " is another one");
        }
    }
}

} // namespace campaign
} // namespace p2pim
