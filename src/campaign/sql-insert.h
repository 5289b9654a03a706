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

/// Binds a value to a statement; std::nullopt becomes NULL, and a text has to live until the
/// statement is executed.
inline void
BindValue(SQLite::Statement& statement, int index, int64_t value)
{
    statement.bind(index, value);
}

inline void
BindValue(SQLite::Statement& statement, int index, double value)
{
    statement.bind(index, value);
}

inline void
BindValue(SQLite::Statement& statement, int index, const std::string& value)
{
    statement.bindNoCopy(index, value);
}

inline void
BindValue(SQLite::Statement& statement, int index, const std::optional<int64_t>& value)
{
    value ? statement.bind(index, *value) : statement.bind(index);
}

/// A statement that puts in rows: prepared once, executed per row.
class Insert
{
  public:
    Insert(const SQLite::Database& database, const char* sql)
        : m_statement(database, sql)
    {
    }

    /// Inserts one row.
    template <typename... Values>
    void operator()(const Values&... values)
    {
        // A row before this one may have failed; whoever inserted it has been told.
        m_statement.tryReset();
        int index = 0;
        (BindValue(m_statement, ++index, values), ...);
        m_statement.exec();
        m_statement.reset();
    }

  private:
    SQLite::Statement m_statement;
};

/// Puts in many rows of a table whose first column is never NULL, a batch at a time: that takes
/// half the time of single rows. The texts have to live until Flush().
class BulkInsert
{
  public:
    /**
     * @param database where.
     * @param table its name.
     * @param columns how many it has.
     */
    BulkInsert(const SQLite::Database& database, const std::string& table, int columns)
        : m_statement(database, MakeSql(table, columns))
    {
    }

    /// Forgets rows that are not in yet: those of a transaction that was rolled back.
    void Reset()
    {
        m_statement.tryReset();
        m_statement.clearBindings();
        m_index = 0;
        m_rows = 0;
    }

    /// Inserts one row, now or with those after it.
    template <typename... Values>
    void operator()(const Values&... values)
    {
        (BindValue(m_statement, ++m_index, values), ...);
        if (++m_rows == BATCH)
        {
            Flush();
        }
    }

    /// Inserts the rows that are not in yet.
    void Flush()
    {
        if (m_rows > 0)
        {
            m_statement.exec();
            Reset();
        }
    }

  private:
    static constexpr int BATCH = 32;

    /// The rows of a batch that is not full are NULL.
    static std::string MakeSql(const std::string& table, int columns)
    {
        std::string row = "(?";
        for (int i = 1; i < columns; ++i)
        {
            row += ",?";
        }
        row += ")";
        std::string sql = "INSERT INTO " + table + " SELECT * FROM (VALUES " + row;
        for (int i = 1; i < BATCH; ++i)
        {
            sql.append(",").append(row);
        }
        return sql + ") WHERE column1 IS NOT NULL";
    }

    SQLite::Statement m_statement;
    int m_index = 0; ///< of the last value
    int m_rows = 0;  ///< that are not in yet
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
