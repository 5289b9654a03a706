// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_SQL_INSERT_H
#define P2PIM_CAMPAIGN_SQL_INSERT_H

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <cstdint>
#include <optional>
#include <string>

namespace p2pim
{
namespace campaign
{

/// A statement that puts in rows: prepared once, executed per row.
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

/// SQLite's integers are signed; the octets of a seed survive the way there and back.
inline int64_t
ToSigned(uint64_t seed)
{
    return static_cast<int64_t>(seed);
}

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_SQL_INSERT_H
