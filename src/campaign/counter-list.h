// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_COUNTER_LIST_H
#define P2PIM_CAMPAIGN_COUNTER_LIST_H

#include "scenarios/run-record.h"
#include "sql-insert.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <cstddef>
#include <cstdint>
#include <string>
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

    /// @param run its number. @return its counters, by element, then name.
    std::vector<::p2pim::CounterRecord> Read(int64_t run);

  private:
    /// A counter of a list.
    struct Entry
    {
        std::string element;
        std::string name;
        std::size_t ordinal; ///< place of its value
    };

    /// @return a list's counters, by element, then name.
    const std::vector<Entry>& GetEntries(int64_t list);

    SQLite::Statement m_values;
    SQLite::Statement m_names;
    int64_t m_list = 0;           ///< the list that was looked at last
    std::vector<Entry> m_entries; ///< of that list; empty: none was looked at
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_COUNTER_LIST_H
