// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_COUNTER_LIST_H
#define P2PIM_CAMPAIGN_COUNTER_LIST_H

#include "scenarios/run-record.h"
#include "sql-insert.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace p2pim
{
namespace campaign
{

/**
 * The counters of a run in a results file: a row with all their values. Their names are in the file
 * once for all the runs that have the same. What a list of names is called depends on nothing but
 * these, so that files are alike whichever run came first, and can be put together.
 *
 * Every member function here throws SQLite::Exception.
 */
class CounterWriter
{
  public:
    /// @param database a results file, which has to live longer.
    explicit CounterWriter(const SQLite::Database& database);

    /**
     * @param run its number.
     * @param counters of the run, each finite.
     */
    void Write(int64_t run, const std::vector<::p2pim::CounterRecord>& counters);

  private:
    /// @return whether the file has a list's names.
    bool HasNames(int64_t list);

    Insert m_list;
    Insert m_name;
    SQLite::Statement m_first;
};

/// Reads what CounterWriter has written.
class CounterReader
{
  public:
    /// @param database a results file, which has to live longer.
    explicit CounterReader(const SQLite::Database& database);

    /// @param run its number. @return its counters, as they were written.
    std::vector<::p2pim::CounterRecord> Read(int64_t run);

  private:
    /// The element and name of each counter of a list.
    using Names = std::vector<std::pair<std::string, std::string>>;

    /// @return a list's names.
    const Names& GetNames(int64_t list);

    SQLite::Statement m_values;
    SQLite::Statement m_names;
    std::pair<int64_t, Names> m_last; ///< the list that was looked at last
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_COUNTER_LIST_H
