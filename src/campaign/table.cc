// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

namespace p2pim
{
namespace campaign
{

namespace
{

std::string
ToText(const Cell& cell)
{
    struct Visitor
    {
        std::string operator()(std::monostate) const
        {
            return "-";
        }

        std::string operator()(const std::string& text) const
        {
            return text;
        }

        std::string operator()(int64_t number) const
        {
            return std::to_string(number);
        }

        std::string operator()(double number) const
        {
            std::ostringstream out;
            out << std::setprecision(10) << number;
            return std::isnan(number) ? "-" : out.str();
        }

        std::string operator()(bool truth) const
        {
            return truth ? "yes" : "no";
        }
    };

    return std::visit(Visitor{}, cell);
}

/// @return how many characters a terminal shows: UTF-8 octets that continue one do not count.
size_t
GetWidth(const std::string& text)
{
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

void
WriteLine(const std::vector<std::string>& cells,
          const Table& table,
          const std::vector<size_t>& widths,
          std::ostream& out)
{
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i)
    {
        const std::string padding(widths[i] - GetWidth(cells[i]), ' ');
        line += i == 0 ? "" : "  ";
        line += table.columns[i].alignRight ? padding + cells[i] : cells[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
}

} // namespace

void
WriteText(const Table& table, std::ostream& out)
{
    std::vector<std::vector<std::string>> lines(1);
    for (const auto& column : table.columns)
    {
        lines[0].push_back(column.header.empty() ? column.key : column.header);
    }
    std::string group;
    for (const auto& row : table.rows)
    {
        auto& line = lines.emplace_back();
        std::transform(row.begin(), row.end(), std::back_inserter(line), ToText);
        if (table.groupByFirst && lines.size() > 2 && line[0] == group)
        {
            line[0].clear();
        }
        else
        {
            group = line[0];
        }
    }
    std::vector<size_t> widths(table.columns.size(), 0);
    for (const auto& line : lines)
    {
        for (size_t i = 0; i < line.size(); ++i)
        {
            widths[i] = std::max(widths[i], GetWidth(line[i]));
        }
    }
    std::vector<std::string> rule;
    std::transform(widths.begin(), widths.end(), std::back_inserter(rule), [](size_t width) {
        return std::string(width, '-');
    });
    lines.insert(lines.begin() + 1, std::move(rule));
    for (const auto& line : lines)
    {
        WriteLine(line, table, widths, out);
    }
}

nlohmann::ordered_json
ToJson(const Table& table)
{
    auto array = nlohmann::ordered_json::array();
    for (const auto& row : table.rows)
    {
        nlohmann::ordered_json object = nlohmann::ordered_json::object();
        for (size_t i = 0; i < row.size(); ++i)
        {
            auto& member = object[table.columns[i].key];
            std::visit(
                [&member](const auto& value) {
                    if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
                    {
                        member = value;
                    }
                },
                row[i]);
        }
        array.push_back(std::move(object));
    }
    return array;
}

void
Write(const Table& table, Format format, std::ostream& out)
{
    if (format == Format::TABLE)
    {
        WriteText(table, out);
    }
    else
    {
        out << ToJson(table).dump(2) << '\n';
    }
}

} // namespace campaign
} // namespace p2pim
