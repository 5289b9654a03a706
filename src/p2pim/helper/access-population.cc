// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/access-population.h"

#include "ns3/nat-chain.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

namespace ns3
{
namespace p2pim
{

namespace
{

/// The columns, in their order.
enum Column : std::size_t
{
    NAME,
    UNIT,
    PLACE,
    SHARE,
    CHAIN,
    SOURCE,
    MARK,
    COLUMNS
};

using Words = std::vector<std::string>;

const Words g_columns{"name", "unit", "place", "share", "chain", "source", "mark"};
const Words g_units{"per carrier", "per NAT device", "per subscriber", "per attempt"};
const Words g_places{"carrier", "home", "enterprise"};
const Words g_marks{"V", "V2", "M", "MEAS", "own choice"};

constexpr double SUM_TOLERANCE = 1e-6;
constexpr std::size_t MAX_NAME = 40; ///< characters; it is a label of an access point name
constexpr const char* BLANKS = " \t\r";

/// A line is wrong; the reader of the file says which.
std::optional<AccessPopulationFault>
Refuse(const std::string& word, const std::string& problem, const Words& known = {})
{
    return AccessPopulationFault{"", 0, word, problem, known};
}

std::string
Trim(const std::string& text)
{
    const auto first = text.find_first_not_of(BLANKS);
    return first == std::string::npos
               ? ""
               : text.substr(first, text.find_last_not_of(BLANKS) + 1 - first);
}

/// Takes a field in quotes off @p line. @return whether it ends in quotes.
bool
TakeQuoted(std::string_view& line, std::string& field)
{
    line.remove_prefix(1);
    for (auto quote = line.find('"'); quote != std::string_view::npos; quote = line.find('"'))
    {
        field += line.substr(0, quote);
        line.remove_prefix(quote + 1);
        if (line.empty() || line.front() != '"')
        {
            return true;
        }
        field += '"'; // that was written twice
        line.remove_prefix(1);
    }
    return false;
}

/// @return the fields of a line, without blanks around those that are not in quotes.
std::optional<AccessPopulationFault>
Split(std::string_view line, Words& fields)
{
    for (bool more = true; more;)
    {
        std::string field;
        line.remove_prefix(std::min(line.find_first_not_of(BLANKS), line.size()));
        if (!line.empty() && line.front() == '"' && !TakeQuoted(line, field))
        {
            return Refuse("", "a field in quotes does not end");
        }
        const auto comma = line.find(',');
        const std::string rest = Trim(std::string(line.substr(0, comma)));
        if (!field.empty() && !rest.empty())
        {
            return Refuse(rest, "behind a field in quotes");
        }
        fields.push_back(field + rest);
        more = comma != std::string_view::npos;
        line.remove_prefix(more ? comma + 1 : line.size());
    }
    return std::nullopt;
}

bool
Contains(const Words& words, const std::string& word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// @return the first of @p columns and their @p known values that is another one.
std::optional<AccessPopulationFault>
FindUnknown(const Words& fields)
{
    if (!Contains(g_units, fields[UNIT]))
    {
        return Refuse(fields[UNIT], "no such unit", g_units);
    }
    if (!Contains(g_places, fields[PLACE]))
    {
        return Refuse(fields[PLACE], "no such place", g_places);
    }
    if (!Contains(g_marks, fields[MARK]))
    {
        return Refuse(fields[MARK], "no such mark", g_marks);
    }
    return std::nullopt;
}

/// Takes a share, 0 to 1.
bool
ReadShare(const std::string& text, double& share)
{
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, share, std::chars_format::fixed);
    return error == std::errc() && rest == end && share >= 0 && share <= 1;
}

bool
IsName(const std::string& text)
{
    return !text.empty() && text.size() <= MAX_NAME && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-';
           });
}

/// Reads the kind of a line.
std::optional<AccessPopulationFault>
ReadKind(const Words& fields, AccessKind& kind)
{
    if (fields.size() != COLUMNS)
    {
        return Refuse("", std::to_string(fields.size()) + " fields, not 7");
    }
    if (!IsName(fields[NAME]))
    {
        return Refuse(fields[NAME], "no name: 1 to 40 letters, digits and hyphens in between");
    }
    if (auto fault = FindUnknown(fields))
    {
        return fault;
    }
    if (!ReadShare(fields[SHARE], kind.share))
    {
        return Refuse(fields[SHARE], "no share from 0 to 1");
    }
    if (fields[SOURCE].empty())
    {
        return Refuse("", "no source");
    }
    NatChain chain;
    if (const auto fault = ReadNatChain(fields[CHAIN], chain))
    {
        return Refuse(fault->word, fault->problem, fault->known);
    }
    kind.name = fields[NAME];
    kind.place = static_cast<AccessPlace>(
        std::find(g_places.begin(), g_places.end(), fields[PLACE]) - g_places.begin());
    kind.chain = fields[CHAIN];
    kind.source = fields[SOURCE];
    kind.mark = fields[MARK];
    return std::nullopt;
}

/// Adds the kind of a line.
std::optional<AccessPopulationFault>
AddKind(const Words& fields, AccessPopulation& population)
{
    AccessKind kind;
    if (auto fault = ReadKind(fields, kind))
    {
        return fault;
    }
    const auto& unit = fields[UNIT];
    if (!population.kinds.empty() && unit != population.unit)
    {
        return Refuse(unit, "another unit than '" + population.unit + "' above");
    }
    if (std::any_of(population.kinds.begin(), population.kinds.end(), [&kind](const auto& other) {
            return other.name == kind.name;
        }))
    {
        return Refuse(kind.name, "a second kind of this name");
    }
    if (population.kinds.size() == MAX_ACCESS_KINDS)
    {
        return Refuse("", "more than 32 kinds");
    }
    population.unit = unit;
    population.kinds.push_back(kind);
    return std::nullopt;
}

/// Reads the line that names the columns.
std::optional<AccessPopulationFault>
ReadHeader(const Words& fields)
{
    for (std::size_t n = 0; n < std::max<std::size_t>(fields.size(), COLUMNS); ++n)
    {
        const std::string field = n < fields.size() ? fields[n] : "";
        if (n >= COLUMNS || field != g_columns[n])
        {
            return Refuse(field,
                          "the first line is name,unit,place,share,chain,source,mark",
                          n < COLUMNS ? Words{g_columns[n]} : Words{});
        }
    }
    return std::nullopt;
}

/// @return what is wrong with all kinds together.
std::optional<AccessPopulationFault>
FindFault(const AccessPopulation& population)
{
    if (population.kinds.empty())
    {
        return Refuse("", "has no kinds");
    }
    const double sum =
        std::accumulate(population.kinds.begin(),
                        population.kinds.end(),
                        0.0,
                        [](double all, const AccessKind& kind) { return all + kind.share; });
    if (std::abs(sum - 1) <= SUM_TOLERANCE)
    {
        return std::nullopt;
    }
    std::ostringstream problem;
    problem << "the shares' sum is " << sum << ", not 1";
    return Refuse("", problem.str());
}

} // namespace

std::optional<AccessPopulationFault>
ReadAccessPopulation(std::istream& text, const std::string& file, AccessPopulation& population)
{
    AccessPopulation read;
    std::optional<AccessPopulationFault> fault;
    std::string line;
    bool hasHeader = false;
    std::size_t number = 0;
    while (!fault && std::getline(text, line))
    {
        ++number;
        const auto begin = line.find_first_not_of(BLANKS);
        if (begin == std::string::npos || line[begin] == '#')
        {
            continue;
        }
        Words fields;
        fault = Split(line, fields);
        if (!fault)
        {
            fault = hasHeader ? AddKind(fields, read) : ReadHeader(fields);
        }
        hasHeader = true;
    }
    if (!fault)
    {
        number = 0;
        fault = FindFault(read);
    }
    if (fault)
    {
        fault->file = file;
        fault->line = number;
        return fault;
    }
    population = read;
    return std::nullopt;
}

std::optional<AccessPopulationFault>
ReadAccessPopulation(const std::string& path, AccessPopulation& population)
{
    std::ifstream file(path);
    if (!file || file.peek() == std::ifstream::traits_type::eof())
    {
        return AccessPopulationFault{path, 0, "", file ? "is empty" : "cannot be read", {}};
    }
    return ReadAccessPopulation(file, path, population);
}

} // namespace p2pim
} // namespace ns3
