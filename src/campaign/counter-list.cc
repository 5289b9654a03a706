// SPDX-License-Identifier: GPL-2.0-only
#include "counter-list.h"

#include "p2pim/helper/fnv1a.h"

#include <SQLiteCpp/Exception.h>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace p2pim
{
namespace campaign
{

namespace
{

/// @return what a list of these names is called.
int64_t
GetListId(const std::vector<::p2pim::CounterRecord>& counters)
{
    ns3::p2pim::Fnv1a hash;
    for (const auto& counter : counters)
    {
        hash.Add(counter.element);
        hash.Add(counter.name);
    }
    return ToSigned(hash.Get());
}

/// @return the values as a JSON array, each with the fewest digits that tell it from all others.
std::string
PrintValues(const std::vector<::p2pim::CounterRecord>& counters)
{
    std::string text = "[";
    std::array<char, 32> digits{};
    for (const auto& counter : counters)
    {
        if (!std::isfinite(counter.value))
        {
            throw SQLite::Exception("counter " + counter.element + "." + counter.name +
                                        " is not finite",
                                    SQLITE_CONSTRAINT);
        }
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), counter.value).ptr;
        text.append(text.size() > 1 ? "," : "");
        text.append(digits.data(), end);
    }
    return text.append("]");
}

std::vector<double>
ParseValues(const std::string& text)
{
    try
    {
        return nlohmann::json::parse(text);
    }
    catch (const nlohmann::json::exception& error)
    {
        throw SQLite::Exception(std::string("counters: ") + error.what(), SQLITE_CORRUPT);
    }
}

} // namespace

CounterWriter::CounterWriter(const SQLite::Database& database)
    : m_list(database, "INSERT INTO counter_list VALUES (?, ?, ?)"),
      m_name(database, "INSERT INTO counter_name VALUES (?, ?, ?, ?)"),
      m_first(database, "SELECT 1 FROM counter_name WHERE list_id = ? AND ordinal = 0")
{
}

void
CounterWriter::Write(int64_t run, const std::vector<::p2pim::CounterRecord>& counters)
{
    const int64_t list = GetListId(counters);
    if (!HasNames(list))
    {
        int64_t ordinal = 0;
        for (const auto& counter : counters)
        {
            m_name(list, ordinal++, counter.element, counter.name);
        }
    }
    m_list(run, list, PrintValues(counters));
}

bool
CounterWriter::HasNames(int64_t list)
{
    m_first.reset();
    m_first.bind(1, list);
    const bool has = m_first.executeStep();
    m_first.reset();
    return has;
}

CounterReader::CounterReader(const SQLite::Database& database)
    : m_values(database, "SELECT list_id, counter_values FROM counter_list WHERE run_id = ?"),
      m_names(database,
              "SELECT element, name, ordinal FROM counter_name WHERE list_id = ?"
              " ORDER BY element, name")
{
}

std::vector<::p2pim::CounterRecord>
CounterReader::Read(int64_t run)
{
    m_values.reset();
    m_values.bind(1, run);
    std::vector<::p2pim::CounterRecord> counters;
    if (!m_values.executeStep())
    {
        return counters;
    }
    const auto& entries = GetEntries(m_values.getColumn(0).getInt64());
    const auto values = ParseValues(m_values.getColumn(1));
    if (values.size() != entries.size())
    {
        throw SQLite::Exception("a run has " + std::to_string(values.size()) +
                                    " counters and names for " + std::to_string(entries.size()),
                                SQLITE_CORRUPT);
    }
    counters.reserve(values.size());
    for (const auto& entry : entries)
    {
        if (entry.ordinal >= values.size())
        {
            throw SQLite::Exception("the names of a run's counters are not complete",
                                    SQLITE_CORRUPT);
        }
        counters.push_back({entry.element, entry.name, values[entry.ordinal]});
    }
    return counters;
}

const std::vector<CounterReader::Entry>&
CounterReader::GetEntries(int64_t list)
{
    if (m_list != list || m_entries.empty())
    {
        m_list = list;
        m_entries.clear();
        m_names.reset();
        m_names.bind(1, list);
        while (m_names.executeStep())
        {
            m_entries.push_back({m_names.getColumn(0),
                                 m_names.getColumn(1),
                                 static_cast<std::size_t>(m_names.getColumn(2).getInt64())});
        }
    }
    return m_entries;
}

} // namespace campaign
} // namespace p2pim
