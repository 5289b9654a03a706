// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_TABLE_H
#define P2PIM_CAMPAIGN_TABLE_H

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// How the program prints a result.
enum class Format
{
    TABLE, ///< for people: aligned text
    JSON,  ///< for programs
};

/// A cell: nothing (JSON null), text, a whole number, a number or a truth value.
using Cell = std::variant<std::monostate, std::string, int64_t, double, bool>;

/// A table that prints as aligned text or as a JSON array of objects.
struct Table
{
    /// A column.
    struct Column
    {
        std::string key;         ///< of the JSON objects
        std::string header = {}; ///< of the text; empty repeats the key
        bool alignRight = false; ///< for numbers
    };

    std::vector<Column> columns;         ///< from left to right
    std::vector<std::vector<Cell>> rows; ///< each as long as columns
    /// In text, leave a first cell blank that repeats the one above it.
    bool groupByFirst = false;
};

/**
 * Writes aligned text: a header, a rule and a line per row. The last column is not padded.
 *
 * @param table the table.
 * @param out where to.
 */
void WriteText(const Table& table, std::ostream& out);

/**
 * @param table the table.
 * @return an array with an object per row, keys in the order of the columns.
 */
nlohmann::ordered_json ToJson(const Table& table);

/**
 * Writes a table in either format; JSON is indented by two and ends with a newline.
 *
 * @param table the table.
 * @param format which.
 * @param out where to.
 */
void Write(const Table& table, Format format, std::ostream& out);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_TABLE_H
