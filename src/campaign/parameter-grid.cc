// SPDX-License-Identifier: GPL-2.0-only
#include "parameter-grid.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <muparserx/mpParser.h>
#include <optional>
#include <string_view>

namespace p2pim
{
namespace campaign
{

namespace
{

constexpr const char* g_blanks = " \t";

std::string
Trim(const std::string& text)
{
    const auto first = text.find_first_not_of(g_blanks);
    if (first == std::string::npos)
    {
        return "";
    }
    return text.substr(first, text.find_last_not_of(g_blanks) - first + 1);
}

bool
IsNameCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool
IsName(const std::string& text)
{
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::all_of(text.begin(), text.end(), IsNameCharacter);
}

/// Goes through a text and knows what is between brackets or quotation marks.
class Nesting
{
  public:
    /// @param c the next character. @return whether it is outside all of them.
    bool Pass(char c)
    {
        if (m_quoted || c == '"')
        {
            m_quoted = m_quoted != (c == '"');
            return false;
        }
        const bool opens = c == '(' || c == '[' || c == '{';
        const bool closes = c == ')' || c == ']' || c == '}';
        m_depth += opens ? 1 : 0;
        m_depth -= closes && m_depth > 0 ? 1 : 0;
        return m_depth == 0 && !closes;
    }

  private:
    int m_depth = 0;
    bool m_quoted = false;
};

/// @return where @p wanted stands outside brackets and quotation marks; npos if nowhere.
std::size_t
FindOutside(const std::string& text, char wanted, std::size_t from = 0)
{
    Nesting nesting;
    for (std::size_t n = from; n < text.size(); ++n)
    {
        if (nesting.Pass(text[n]) && text[n] == wanted)
        {
            return n;
        }
    }
    return std::string::npos;
}

/// @return where the brace that was opened before @p from is closed; npos if nowhere.
std::size_t
FindClosingBrace(const std::string& text, std::size_t from)
{
    int depth = 1;
    for (std::size_t n = from; n < text.size(); ++n)
    {
        depth += text[n] == '{' ? 1 : 0;
        depth -= text[n] == '}' ? 1 : 0;
        if (depth == 0)
        {
            return n;
        }
    }
    return std::string::npos;
}

/// A number with what follows it.
struct Quantity
{
    double number;
    std::string unit;
};

std::optional<Quantity>
ReadQuantity(const std::string& text)
{
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string unit(end, text.data() + text.size());
    const bool hasUnit =
        std::all_of(unit.begin(), unit.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
    if (error != std::errc() || !std::isfinite(number) || !hasUnit)
    {
        return std::nullopt;
    }
    return Quantity{number, unit};
}

/// @return a number as a person writes it: 0.3, not 0.30000000000000004.
std::string
Format(double number)
{
    constexpr int digits = 12; // of which a sum of steps has all right
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(),
                                            text.data() + text.size(),
                                            number,
                                            std::chars_format::general,
                                            digits);
    return {text.data(), error == std::errc() ? end : text.data()};
}

/// Adds the values of a range, or the one value that is none.
void
ExpandElement(const std::string& element,
              const std::string& place,
              std::vector<std::string>& values)
{
    const auto dots = element.find("..");
    if (dots == std::string::npos)
    {
        values.push_back(element);
        return;
    }
    const std::string behind = element.substr(dots + 2);
    const auto word = behind.find(" step ");
    const auto first = ReadQuantity(Trim(element.substr(0, dots)));
    const auto last = ReadQuantity(Trim(behind.substr(0, word)));
    const auto step = word == std::string::npos
                          ? Quantity{1, first ? first->unit : ""}
                          : ReadQuantity(Trim(behind.substr(word + 6))).value_or(Quantity{0, "?"});
    if (!first || !last || first->unit != last->unit || first->unit != step.unit)
    {
        throw GridError(place + ": '" + element +
                        "' is no range; write 5..20 step 5, or 1s..5s step 1s");
    }
    const double steps = (last->number - first->number) / step.number;
    if (step.number == 0 || steps < 0)
    {
        throw GridError(place + ": '" + element + "' never ends");
    }
    if (steps >= static_cast<double>(ParameterGrid::MAX_POINTS))
    {
        throw GridError(place + ": '" + element + "' has more than 10 million values");
    }
    constexpr double rounding = 1e-9; // of a step: 0.1 + 2 * 0.1 is to reach 0.3
    const auto count = static_cast<uint64_t>(std::floor(steps + rounding));
    for (uint64_t n = 0; n <= count; ++n)
    {
        values.push_back(Format(first->number + static_cast<double>(n) * step.number) +
                         first->unit);
    }
}

} // namespace

/// An expression that is parsed once.
class ParameterGrid::Constraint
{
  public:
    Constraint(const std::string& expression, const std::string& place)
        : m_expression(expression),
          m_place(place),
          m_parser(mup::pckCOMMON | mup::pckNON_COMPLEX | mup::pckSTRING)
    {
        m_parser.ClearConst(); // e and pi are names like others
        std::string names = expression;
        names.erase(std::remove(names.begin(), names.end(), '$'), names.end());
        m_parser.SetExpr(names);
    }

    /// @return whether a point is wanted.
    bool Allows(const std::vector<Variable>& variables)
    {
        try
        {
            for (const auto& variable : variables)
            {
                if (variable.name.front() != '$')
                {
                    Set(variable.name, variable.values[variable.index]);
                }
            }
            const mup::IValue& result = m_parser.Eval();
            return result.GetType() == 'b' ? result.GetBool() : result.GetFloat() != 0;
        }
        catch (const mup::ParserError& error)
        {
            throw GridError(m_place + ": '" + m_expression + "': " + error.GetMsg());
        }
    }

  private:
    void Set(const std::string& name, const std::string& value)
    {
        const auto quantity = ReadQuantity(value);
        const bool isNumber = quantity && quantity->unit.empty();
        const auto [entry, isNew] = m_values.try_emplace(name);
        entry->second = isNumber ? mup::Value(quantity->number) : mup::Value(value);
        if (isNew)
        {
            m_parser.DefineVar(name, mup::Variable(&entry->second));
        }
    }

    std::string m_expression;
    std::string m_place;
    mup::ParserX m_parser;
    std::map<std::string, mup::Value> m_values; ///< of the variables; the parser points to them
};

ParameterGrid::ParameterGrid() = default;
ParameterGrid::~ParameterGrid() = default;

std::vector<std::string>
ExpandList(const std::string& list, const std::string& place)
{
    std::vector<std::string> values;
    for (std::size_t begin = 0; begin <= list.size();)
    {
        const auto end = std::min(FindOutside(list, ',', begin), list.size());
        const std::string element = Trim(list.substr(begin, end - begin));
        if (element.empty())
        {
            std::string problem = place;
            problem.append(": '${").append(list).append("}' has an empty value");
            throw GridError(problem);
        }
        ExpandElement(element, place, values);
        begin = end + 1;
    }
    return values;
}

std::size_t
ParameterGrid::Add(const std::string& text, const std::string& place)
{
    m_texts.push_back(Parse(text, place));
    Rewind();
    return m_texts.size() - 1;
}

std::vector<ParameterGrid::Piece>
ParameterGrid::Parse(const std::string& text, const std::string& place)
{
    constexpr std::size_t none = std::string::npos;
    std::vector<Piece> pieces;
    std::size_t begin = 0;
    for (auto open = text.find("${"); open != none; open = text.find("${", begin))
    {
        const auto close = FindClosingBrace(text, open + 2);
        if (close == none)
        {
            throw GridError(place + ": '${' is not closed by '}'");
        }
        const std::string content = Trim(text.substr(open + 2, close - open - 2));
        pieces.push_back({text.substr(begin, open - begin), none});
        pieces.push_back({"", IsName(content) ? Find(content, place) : Define(content, place)});
        begin = close + 1;
    }
    pieces.push_back({text.substr(begin), none});
    return pieces;
}

std::size_t
ParameterGrid::Define(const std::string& content, const std::string& place)
{
    Variable variable;
    variable.place = place;
    variable.leader = m_variables.size();
    std::string list = content;
    const auto equals = FindOutside(list, '=');
    const bool isNamed = equals != std::string::npos && IsName(Trim(list.substr(0, equals)));
    if (isNamed)
    {
        variable.name = Trim(list.substr(0, equals));
        list = Trim(list.substr(equals + 1));
        const bool isThere =
            std::any_of(m_variables.begin(), m_variables.end(), [&variable](const auto& each) {
                return each.name == variable.name;
            });
        if (isThere)
        {
            throw GridError(place + ": '" + variable.name + "' is defined twice");
        }
    }
    else
    {
        const auto unnamed =
            std::count_if(m_variables.begin(), m_variables.end(), [](const auto& each) {
                return each.name.front() == '$';
            });
        variable.name = "$" + std::to_string(unnamed);
    }
    const auto mark = FindOutside(list, '!');
    if (mark != std::string::npos)
    {
        variable.leader = m_variables[Find(Trim(list.substr(mark + 1)), place)].leader;
        list = Trim(list.substr(0, mark));
    }
    variable.list = list;
    if (list.find('$') == std::string::npos)
    {
        variable.values = ExpandList(list, place); // so that what is wrong is found at once
    }
    else
    {
        Substitute(list, place); // are its names defined?
    }
    m_variables.push_back(std::move(variable));
    return m_variables.size() - 1;
}

std::size_t
ParameterGrid::Find(const std::string& name, const std::string& place) const
{
    const auto found = std::find_if(m_variables.begin(),
                                    m_variables.end(),
                                    [&name](const auto& each) { return each.name == name; });
    if (found != m_variables.end())
    {
        return static_cast<std::size_t>(found - m_variables.begin());
    }
    std::string defined;
    for (const auto& variable : m_variables)
    {
        const bool isNamed = variable.name.front() != '$';
        defined += isNamed ? (defined.empty() ? "" : ", ") + variable.name : "";
    }
    throw GridError(place + ": '" + name + "' is not defined before this place" +
                    (defined.empty() ? "" : "; there are " + defined));
}

std::string
ParameterGrid::Substitute(const std::string& text, const std::string& place) const
{
    std::string result;
    for (std::size_t n = 0; n < text.size(); ++n)
    {
        if (text[n] != '$')
        {
            result += text[n];
            continue;
        }
        const bool braced = n + 1 < text.size() && text[n + 1] == '{';
        const std::size_t begin = n + (braced ? 2 : 1);
        const auto last =
            braced
                ? text.find('}', begin)
                : static_cast<std::size_t>(std::find_if_not(text.begin() + static_cast<long>(begin),
                                                            text.end(),
                                                            IsNameCharacter) -
                                           text.begin());
        const std::string name = Trim(text.substr(begin, last - begin));
        const auto& variable = m_variables[Find(name, place)];
        result += variable.values.empty() ? "" : variable.values[variable.index];
        n = std::min(last, text.size()) - (braced ? 0 : 1);
    }
    return result;
}

void
ParameterGrid::SetConstraint(const std::string& expression, const std::string& place)
{
    m_constraint = expression.empty() ? nullptr : std::make_unique<Constraint>(expression, place);
    Rewind();
}

bool
ParameterGrid::Varies() const
{
    return !m_variables.empty();
}

void
ParameterGrid::Rewind()
{
    m_begun = false;
    m_ended = false;
    m_points = 0;
}

void
ParameterGrid::Evaluate(std::size_t variable)
{
    auto& each = m_variables[variable];
    if (each.list.find('$') != std::string::npos || each.values.empty())
    {
        each.values = ExpandList(Substitute(each.list, each.place), each.place);
    }
    const auto& leader = m_variables[each.leader];
    if (each.leader != variable && leader.values.size() != each.values.size())
    {
        throw GridError(each.place + ": '" + each.name + "' has " +
                        std::to_string(each.values.size()) + " values, and '" + leader.name +
                        "', which it goes with, has " + std::to_string(leader.values.size()));
    }
    each.index = each.leader == variable ? 0 : leader.index;
}

void
ParameterGrid::Reset(std::size_t first)
{
    for (std::size_t n = first; n < m_variables.size(); ++n)
    {
        Evaluate(n);
    }
}

bool
ParameterGrid::Advance()
{
    for (std::size_t n = m_variables.size(); n-- > 0;)
    {
        auto& variable = m_variables[n];
        if (variable.leader == n && variable.index + 1 < variable.values.size())
        {
            ++variable.index;
            Reset(n + 1);
            return true;
        }
    }
    return false;
}

bool
ParameterGrid::GetNext(GridPoint& point)
{
    do
    {
        if (m_ended)
        {
            return false;
        }
        if (!m_begun)
        {
            Reset(0);
            m_begun = true;
        }
        else if (!Advance())
        {
            m_ended = true;
            return false;
        }
        if (++m_points > MAX_POINTS)
        {
            throw GridError(m_variables.front().place + ": more than 10 million points");
        }
    } while (m_constraint && !m_constraint->Allows(m_variables));
    point.variables.clear();
    for (const auto& variable : m_variables)
    {
        point.variables.emplace_back(variable.name, variable.values[variable.index]);
    }
    point.texts.assign(m_texts.size(), "");
    for (std::size_t n = 0; n < m_texts.size(); ++n)
    {
        for (const auto& piece : m_texts[n])
        {
            const bool isLiteral = piece.variable == std::string::npos;
            point.texts[n] += isLiteral ? piece.literal : point.variables[piece.variable].second;
        }
    }
    return true;
}

} // namespace campaign
} // namespace p2pim
