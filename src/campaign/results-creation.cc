// SPDX-License-Identifier: GPL-2.0-only
#include "results-creation.h"

#include "results-file.h"
#include "results-schema.h"
#include "sql-insert.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sqlite3.h>
#include <sstream>
#include <unistd.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// The keys of `meta` that say what is run where that is a study.
constexpr const char* g_firstSeed = "first_seed";
constexpr const char* g_schemes = "schemes";
constexpr const char* g_repetition = "repetition";
constexpr const char* g_traitPrefix = "study_";

/// Values by the name that an error line gives them.
using Values = std::map<std::string, std::string>;

/// What has to be equal of two files' runs.
Values
GetComparable(const Provenance& provenance)
{
    Values values;
    for (const auto& setting : provenance.configuration)
    {
        values[setting.key] = setting.value;
    }
    values["the version of p2pim"] = provenance.programVersion;
    values["the version of ns-3"] = provenance.ns3Version;
    values["the scenario"] = provenance.scenario;
    return values;
}

/// What makes two studies of one configuration different, but for the number of seeds.
Values
GetTraits(const StudyPlan& study)
{
    Values values;
    std::string schemes;
    for (const auto& scheme : study.schemes)
    {
        schemes.append(schemes.empty() ? "" : ",").append(scheme);
    }
    values[g_schemes] = schemes;
    values[g_firstSeed] = std::to_string(study.firstSeed);
    for (const auto& [name, value] : study.traits)
    {
        values[g_traitPrefix + name] = value;
    }
    return values;
}

/// @return a value as an error message shows it.
std::string
Quote(const Values& values, const std::string& key)
{
    const auto found = values.find(key);
    return found == values.end() ? "absent" : std::string("\"").append(found->second).append("\"");
}

/// @return "KEY is OLD in this file and NEW now" of the first difference; empty: there is none.
std::string
DescribeDifference(const Values& old, const Values& now)
{
    auto all = old;
    all.insert(now.begin(), now.end());
    const auto different = std::find_if(all.begin(), all.end(), [&](const auto& entry) {
        return Quote(old, entry.first) != Quote(now, entry.first);
    });
    if (different == all.end())
    {
        return "";
    }
    const auto& key = different->first;
    const std::string shown =
        key.rfind(g_traitPrefix, 0) == 0 ? key.substr(std::string(g_traitPrefix).size()) : key;
    return shown + " is " + Quote(old, key) + " in this file and " + Quote(now, key) + " now";
}

/// @return the entries of `meta` that a study's traits are kept in.
Values
ReadTraits(const SQLite::Database& database)
{
    Values values;
    SQLite::Statement query(database,
                            "SELECT key, value FROM meta WHERE key IN (?, ?) OR key GLOB ?");
    query.bind(1, g_schemes);
    query.bind(2, g_firstSeed);
    query.bind(3, std::string(g_traitPrefix) + "*");
    while (query.executeStep())
    {
        values[query.getColumn(0)] = query.getColumn(1).getString();
    }
    return values;
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
    meta(std::string("program_id"), provenance.programId);
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

/// Makes an empty file a results file without runs, in one transaction.
void
FillFile(const std::string& path,
         const std::string& shownPath,
         const Provenance& provenance,
         const PlanWriter& writePlan)
{
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    try
    {
        SQLite::Transaction transaction(database);
        CreateTables(database, provenance);
        writePlan(database);
        transaction.commit();
    }
    catch (const SQLite::Exception& error)
    {
        throw Explain(shownPath, error, sqlite3_system_errno(database.getHandle()));
    }
}

/// A results file without runs, made from nothing.
void
MakeResultsFile(const std::string& path, const Provenance& provenance, const PlanWriter& writePlan)
{
    MakeFile(path);
    try
    {
        FillFile(path, path, provenance, writePlan);
    }
    catch (...)
    {
        ::unlink(path.c_str());
        throw;
    }
}

/// @return whether a file is what a program leaves that was killed before the tables were there.
bool
IsBlank(const std::string& path)
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored) ||
        (std::filesystem::file_size(path, ignored) > 0 &&
         !std::filesystem::exists(path + "-journal", ignored)))
    {
        return false;
    }
    try
    {
        SQLite::Database database(path, SQLite::OPEN_READWRITE); // plays the journal back
        return database.execAndGet("PRAGMA page_count").getInt64() == 0;
    }
    catch (const SQLite::Exception&)
    {
        return false; // whatever it is
    }
}

/// Makes the new file beside the old one and puts it in its place.
void
ReplaceResultsFile(const std::string& path,
                   const Provenance& provenance,
                   const PlanWriter& writePlan)
{
    std::error_code unknown;
    const std::filesystem::path target = std::filesystem::canonical(path, unknown);
    if (!std::filesystem::is_regular_file(target, unknown))
    {
        throw StoreError(StoreError::Code::NOT_WRITABLE, path + ": not a regular file");
    }
    const FileLock noOtherWriter(target.string());
    DraftFile draft(target.string(), path);
    FillFile(draft.GetPath(), path, provenance, writePlan);
    draft.TakePlace();
}

/// Adds the runs of a study under some of its seeds to the plan.
void
InsertSeeds(SQLite::Database& database,
            const std::vector<std::string>& schemes,
            uint64_t firstSeed,
            uint64_t seeds)
{
    const int64_t points = database.execAndGet("SELECT count(*) FROM point").getInt64();
    Insert insert(database, "INSERT OR IGNORE INTO plan (point_id, scheme, seed) VALUES (?, ?, ?)");
    for (uint64_t seed = firstSeed; seed < firstSeed + seeds; ++seed)
    {
        for (int64_t point = 0; point < points; ++point)
        {
            for (const auto& scheme : schemes)
            {
                insert(point, scheme, ToSigned(seed));
            }
        }
    }
}

void
InsertStudy(SQLite::Database& database, const StudyPlan& study)
{
    Insert variable(database, "INSERT INTO variable VALUES (?, ?, ?)");
    int64_t number = 0;
    for (const auto& entry : study.variables)
    {
        variable(number++, entry.name, entry.attribute);
    }
    database.exec(GetPointsView(study.variables));
    Insert insertPoint(database, "INSERT INTO point VALUES (?)");
    Insert parameter(database, "INSERT INTO parameter VALUES (?, ?, ?)");
    std::vector<std::string> values;
    for (int64_t point = 0; study.nextPoint(values); ++point)
    {
        insertPoint(point);
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            parameter(point, static_cast<int64_t>(i), values[i]);
        }
    }
    Insert meta(database, "INSERT INTO meta VALUES (?, ?)");
    for (const auto& [key, value] : GetTraits(study))
    {
        meta(key, value);
    }
    meta(std::string(g_repetition), std::to_string(study.seeds));
    InsertSeeds(database, study.schemes, study.firstSeed, study.seeds);
}

/// @return an entry of `meta`; empty if there is none.
std::string
ReadMeta(const SQLite::Database& database, const std::string& key)
{
    SQLite::Statement query(database, "SELECT value FROM meta WHERE key = ?");
    query.bind(1, key);
    return query.executeStep() ? query.getColumn(0).getString() : "";
}

} // namespace

PlanWriter
MakePlanWriter(const std::vector<RunKey>& runs)
{
    return [&runs](SQLite::Database& database) {
        database.exec(GetPointsView({}));
        database.exec("INSERT INTO point VALUES (0)");
        InsertPlan(database, runs);
    };
}

PlanWriter
MakePlanWriter(const StudyPlan& study)
{
    return [&study](SQLite::Database& database) { InsertStudy(database, study); };
}

void
InsertPlan(const SQLite::Database& database, const std::vector<RunKey>& runs)
{
    Insert insert(database, "INSERT OR IGNORE INTO plan (point_id, scheme, seed) VALUES (?, ?, ?)");
    for (const auto& key : runs)
    {
        insert(int64_t{key.point}, key.scheme, ToSigned(key.seed));
    }
}

bool
PrepareResultsFile(const std::string& path,
                   OpenMode mode,
                   const Provenance& provenance,
                   const PlanWriter& writePlan)
{
    std::error_code ignored;
    const bool exists = std::filesystem::exists(path, ignored);
    if (exists && mode == OpenMode::FORCE)
    {
        ReplaceResultsFile(path, provenance, writePlan);
        return true;
    }
    if (!exists || mode == OpenMode::CREATE)
    {
        MakeResultsFile(path, provenance, writePlan);
        return true;
    }
    if (IsBlank(path))
    {
        const FileLock noOtherWriter(path);
        FillFile(path, path, provenance, writePlan);
        return true;
    }
    return false;
}

void
CheckSameProvenance(const std::string& path,
                    const SQLite::Database& database,
                    const Provenance& provenance)
{
    const auto difference =
        DescribeDifference(GetComparable(ReadProvenance(database)), GetComparable(provenance));
    if (!difference.empty())
    {
        throw StoreError(StoreError::Code::DIFFERENT, path + ": cannot append: " + difference);
    }
}

void
ResumeStudy(const std::string& path,
            SQLite::Database& database,
            const Provenance& provenance,
            const StudyPlan& study,
            bool anyBuild)
{
    constexpr const char* wayOut = "; give --force to start anew, or another --output";
    const auto stored = ReadProvenance(database);
    auto difference = DescribeDifference(GetComparable(stored), GetComparable(provenance));
    if (difference.empty())
    {
        difference = DescribeDifference(ReadTraits(database), GetTraits(study));
    }
    const std::string repetition = ReadMeta(database, g_repetition);
    const uint64_t seeds = std::strtoull(repetition.c_str(), nullptr, 10);
    if (difference.empty() && study.seeds < seeds)
    {
        difference = "repetition is \"" + repetition + "\" in this file and \"" +
                     std::to_string(study.seeds) + "\" now";
    }
    if (!difference.empty())
    {
        throw StoreError(StoreError::Code::DIFFERENT,
                         path + ": holds another study: " + difference + wayOut);
    }
    const bool isNewBuild = stored.programId.find(provenance.programId) == std::string::npos;
    if (isNewBuild && !anyBuild)
    {
        const auto runs = database.execAndGet("SELECT count(*) FROM run").getInt64();
        throw StoreError(StoreError::Code::BUILD,
                         path + ": its " + std::to_string(runs) +
                             " runs were made by another build of p2pim (" + stored.programId +
                             ", this is " + provenance.programId +
                             "); give --force to start anew or --any-build to go on");
    }
    InsertSeeds(database, study.schemes, study.firstSeed + seeds, study.seeds - seeds);
    SQLite::Statement update(database, "UPDATE meta SET value = ? WHERE key = ?");
    for (const auto& [key, value] :
         Values{{g_repetition, std::to_string(study.seeds)},
                {"program_id",
                 isNewBuild ? stored.programId + " " + provenance.programId : stored.programId},
                {"scenario_file", provenance.scenarioFile},
                {"command_line", provenance.commandLine}})
    {
        update.bind(1, value);
        update.bind(2, key);
        update.exec();
        update.reset();
    }
}

} // namespace campaign
} // namespace p2pim
