// SPDX-License-Identifier: GPL-2.0-only
#include "csv.h"

#include <charconv>

namespace p2pim
{
namespace campaign
{

std::string
QuoteCsv(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
    {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        quoted.append(c == '"' ? 2 : 1, c);
    }
    return quoted + '"';
}

std::string
FormatNumber(double number)
{
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return std::string(text, end);
}

} // namespace campaign
} // namespace p2pim
