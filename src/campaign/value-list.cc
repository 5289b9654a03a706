// SPDX-License-Identifier: GPL-2.0-only
#include "value-list.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace p2pim
{
namespace campaign
{

namespace
{

constexpr const char* g_blanks = " \t";

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
    std::string formatted(text.data(), error == std::errc() ? end : text.data());
    if (formatted.find('e') != std::string::npos && std::abs(number) < 1e15 &&
        std::floor(number) == number)
    {
        return std::to_string(static_cast<int64_t>(number));
    }
    return formatted;
}

/// @return whether a number and the next one can be told apart from what Format() writes of them.
bool
IsWritten(double number, double step)
{
    const auto write = [](double exact) {
        return ReadUnitNumber(Format(exact)).value_or(UnitNumber{}).number;
    };
    const double most = 1e-3 * std::abs(step);
    const double written = write(number);
    return std::abs(written - number) <= most &&
           std::abs(write(number + step) - written - step) <= most;
}

} // namespace

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

std::size_t
FindOutside(const std::string& text, char wanted, std::size_t from)
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

std::optional<UnitNumber>
ReadUnitNumber(const std::string& text)
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
    return UnitNumber{number, unit};
}

ValueList::ValueList(const std::string& list, const std::string& place)
{
    for (std::size_t begin = 0; begin <= list.size();)
    {
        const auto end = std::min(FindOutside(list, ',', begin), list.size());
        const std::string text = Trim(list.substr(begin, end - begin));
        if (text.empty())
        {
            std::string problem = place;
            problem.append(": '${").append(list).append("}' has an empty value");
            throw GridError(problem);
        }
        Add(text, place);
        if (m_size > MAX_VALUES)
        {
            throw GridError(place + ": more than 10 million values in a list");
        }
        begin = end + 1;
    }
}

void
ValueList::Add(const std::string& text, const std::string& place)
{
    const auto dots = text.find("..");
    if (dots != std::string::npos && ReadUnitNumber(Trim(text.substr(0, dots))))
    {
        AddRange(text, dots, place);
        return;
    }
    const bool isQuoted = text.size() > 1 && text.front() == '"' && text.back() == '"';
    m_elements.push_back({m_size, isQuoted ? text.substr(1, text.size() - 2) : text});
    ++m_size;
}

void
ValueList::AddRange(const std::string& text, std::size_t dots, const std::string& place)
{
    const std::string behind = text.substr(dots + 2);
    const auto word = behind.find(" step ");
    const auto first = ReadUnitNumber(Trim(text.substr(0, dots)));
    const auto last = ReadUnitNumber(Trim(behind.substr(0, word)));
    const auto step =
        word == std::string::npos
            ? UnitNumber{1, first ? first->unit : ""}
            : ReadUnitNumber(Trim(behind.substr(word + 6))).value_or(UnitNumber{0, "?"});
    if (!first || !last || first->unit != last->unit || first->unit != step.unit)
    {
        throw GridError(place + ": '" + text +
                        "' is no range; write 5..20 step 5, or 1s..5s step 1s");
    }
    const double steps = (last->number - first->number) / step.number;
    if (step.number == 0 || steps < 0)
    {
        throw GridError(place + ": '" + text + "' never ends; down goes 20..5 step -5");
    }
    constexpr double rounding = 1e-9; // of a step: 0.1 + 2 * 0.1 is to reach 0.3
    if (steps + rounding >= static_cast<double>(MAX_VALUES))
    {
        throw GridError(place + ": '" + text + "' has more than 10 million values");
    }
    const double whole = std::floor(steps + rounding);
    if (!IsWritten(first->number, step.number) ||
        !IsWritten(first->number + whole * step.number, -step.number))
    {
        throw GridError(place + ": '" + text + "' has steps too small for numbers of 12 digits");
    }
    m_elements.push_back({m_size, first->unit, first->number, step.number});
    m_size += static_cast<std::size_t>(whole) + 1;
}

std::size_t
ValueList::GetSize() const
{
    return m_size;
}

std::string
ValueList::Get(std::size_t index) const
{
    const auto next =
        std::upper_bound(m_elements.begin(),
                         m_elements.end(),
                         index,
                         [](std::size_t wanted, const auto& each) { return wanted < each.begin; });
    const auto& element = *std::prev(next);
    if (element.step == 0)
    {
        return element.text;
    }
    const auto steps = static_cast<double>(index - element.begin);
    return Format(element.first + steps * element.step) + element.text;
}

} // namespace campaign
} // namespace p2pim
