// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_MERGE_SOURCE_H
#define P2PIM_CAMPAIGN_MERGE_SOURCE_H

#include "results-file.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// The tables of a results file that say what is to be run.
constexpr std::array<const char*, 6> g_studyTables{"meta",
                                                   "configuration",
                                                   "variable",
                                                   "point",
                                                   "parameter",
                                                   "plan"};

/// The tables of a results file that a run that succeeded has rows in; the first has one.
constexpr std::array<const char*, 6> g_runTables{"run",
                                                 "session",
                                                 "step",
                                                 "message",
                                                 "attempt",
                                                 "counter_list"};

/// A query's rows. What fails in it is an error of the file: each member throws StoreError.
class Rows
{
  public:
    /**
     * @param path the file, for error lines.
     * @param database the file.
     * @param sql the query.
     */
    Rows(const std::string& path, const SQLite::Database& database, const std::string& sql);

    /// Begins anew. @param parameter the value of the query's only parameter.
    void Restart(int64_t parameter);

    /// @return whether there is another row, which is then the present one.
    bool Step();

    /// @return the present row.
    SQLite::Statement& Get();

  private:
    std::string m_path;
    SQLite::Statement m_statement;
};

/**
 * Goes through two queries side by side until they differ.
 *
 * @param a a query.
 * @param b a query with as many columns.
 * @param mayBeLonger whether @p a may have more rows.
 * @return the first column of the first row that is not the same, as text; none: all are.
 */
std::optional<std::string> FindDifference(Rows& a, Rows& b, bool mayBeLonger = false);

/// A results file that is joined with others: its study, and its runs one after the other.
/// Each member throws StoreError.
class MergeSource
{
  public:
    /**
     * Opens a file, keeps writers away from it, and checks that it is whole.
     *
     * @param path the file.
     * @param isLocked whether somebody else keeps writers away.
     */
    explicit MergeSource(const std::string& path, bool isLocked = false);

    /// @return the file.
    const std::string& GetPath() const;

    /// @return the pairs of the table `meta`.
    const std::map<std::string, std::string>& GetMeta() const;

    /// @return how many runs are planned in it.
    uint64_t GetPlanSize() const;

    /// @return the number of the present run, the first one at the beginning; none behind the last.
    std::optional<int64_t> GetRun() const;

    /// Goes on to the next run.
    void NextRun();

    /**
     * @param table one of the file's tables.
     * @return its rows, in the order of the key.
     */
    Rows SelectAll(const std::string& table) const;

    /**
     * @param table the place of one of the run tables.
     * @return the present run's rows in it, in the order of the key.
     */
    Rows& SelectRun(std::size_t table);

  private:
    /// Reads all of the file but for the runs' own values, and checks that it fits together.
    void Check();

    std::string m_path;
    std::unique_ptr<FileLock> m_lock; // destroyed after the database
    SQLite::Database m_database;
    std::map<std::string, std::string> m_meta;
    uint64_t m_planSize = 0;
    std::optional<int64_t> m_run;
    std::vector<Rows> m_ids; ///< the query that m_run comes from
    std::vector<Rows> m_runRows;
};

/**
 * Checks that two files hold the same study; one may have been given more seeds than the other.
 *
 * @param whole the file with the longer plan.
 * @param part the other file.
 * @param anyBuild whether their runs may be of different builds of the program.
 * @throw StoreError they do not; the first difference is named.
 */
void CheckSameStudy(const MergeSource& whole, const MergeSource& part, bool anyBuild);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_MERGE_SOURCE_H
