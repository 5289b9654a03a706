// SPDX-License-Identifier: GPL-2.0-only
#include "parameter-grid.h"

#include "grid-constraint.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace p2pim
{
namespace campaign
{

namespace
{

constexpr std::size_t NONE = std::string::npos;
/// So many points are looked at from one mark to the next.
constexpr uint64_t MARK_DISTANCE = 1024;

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
    return NONE;
}

} // namespace

bool
HasIteration(const std::string& text)
{
    return text.find("${") != NONE;
}

ParameterGrid::ParameterGrid() = default;
ParameterGrid::~ParameterGrid() = default;

std::size_t
ParameterGrid::Add(const std::string& text, const std::string& place, const std::string& name)
{
    m_texts.push_back(Parse(text, place, name));
    return m_texts.size() - 1;
}

std::vector<ParameterGrid::Piece>
ParameterGrid::Parse(const std::string& text, const std::string& place, const std::string& name)
{
    std::vector<Piece> pieces;
    const auto addLiteral = [&pieces](const std::string& literal) {
        if (!literal.empty())
        {
            pieces.push_back({literal, NONE});
        }
    };
    std::size_t begin = 0;
    for (auto open = text.find("${"); open != NONE; open = text.find("${", begin))
    {
        const auto close = FindClosingBrace(text, open + 2);
        if (close == NONE)
        {
            throw GridError(place + ": '${' is not closed by '}'");
        }
        const std::string content = Trim(text.substr(open + 2, close - open - 2));
        addLiteral(text.substr(begin, open - begin));
        pieces.push_back(
            {"", IsName(content) ? Find(content, place) : Define(content, place, name)});
        begin = close + 1;
    }
    addLiteral(text.substr(begin));
    return pieces;
}

std::size_t
ParameterGrid::Define(const std::string& content, const std::string& place, const std::string& name)
{
    if (m_variables.size() == MAX_VARIABLES)
    {
        throw GridError(place + ": more than 1000 values vary");
    }
    Variable variable;
    variable.place = place;
    variable.leader = m_variables.size();
    variable.text = m_texts.size();
    std::string list = content;
    const auto equals = FindOutside(list, '=');
    if (equals != NONE && IsName(Trim(list.substr(0, equals))))
    {
        variable.name = Trim(list.substr(0, equals));
        variable.shownName = variable.name;
        list = Trim(list.substr(equals + 1));
    }
    else
    {
        const auto before =
            std::count_if(m_variables.begin(), m_variables.end(), [&variable](const auto& each) {
                return each.name.empty() && each.text == variable.text;
            });
        variable.shownName = before == 0 ? name : name + "#" + std::to_string(before + 1);
    }
    for (const auto& each : m_variables)
    {
        if (each.shownName == variable.shownName)
        {
            throw GridError(place + ": '" + variable.shownName +
                            "' is defined twice; the first is " + each.place);
        }
    }
    const auto mark = FindOutside(list, '!');
    if (mark != NONE)
    {
        variable.leader = m_variables[Find(Trim(list.substr(mark + 1)), place)].leader;
        list = Trim(list.substr(0, mark));
    }
    variable.list = list;
    variable.depends = list.find('$') != NONE;
    if (variable.depends)
    {
        Substitute(list, place); // are its names defined?
    }
    else
    {
        variable.values = ValueList(list, place); // so that what is wrong is found at once
    }
    m_variables.push_back(std::move(variable));
    return m_variables.size() - 1;
}

std::size_t
ParameterGrid::Find(const std::string& name, const std::string& place) const
{
    std::string defined;
    for (std::size_t n = 0; n < m_variables.size(); ++n)
    {
        if (m_variables[n].name.empty())
        {
            continue;
        }
        if (m_variables[n].name == name)
        {
            return n;
        }
        defined.append(defined.empty() ? "; there are " : ", ").append(m_variables[n].name);
    }
    throw GridError(place + ": '" + name + "' is not defined before this place" + defined);
}

std::string
ParameterGrid::Substitute(const std::string& text, const std::string& place) const
{
    std::string result;
    for (std::size_t n = 0; n < text.size();)
    {
        if (text[n] != '$')
        {
            result += text[n];
            ++n;
            continue;
        }
        const bool braced = n + 1 < text.size() && text[n + 1] == '{';
        const auto begin = text.begin() + static_cast<std::ptrdiff_t>(n + (braced ? 2 : 1));
        const auto end = braced ? std::find(begin, text.end(), '}')
                                : std::find_if_not(begin, text.end(), IsNameCharacter);
        result += m_variables[Find(Trim(std::string(begin, end)), place)].value;
        n = static_cast<std::size_t>(end - text.begin()) + (braced ? 1 : 0);
        if (result.size() > MAX_LENGTH)
        {
            break; // whoever asked refuses it
        }
    }
    return result;
}

void
ParameterGrid::SetConstraint(const std::string& expression, const std::string& place)
{
    std::vector<std::string> names;
    m_constrained.clear();
    for (std::size_t n = 0; n < m_variables.size(); ++n)
    {
        if (!m_variables[n].name.empty())
        {
            names.push_back(m_variables[n].name);
            m_constrained.push_back(n);
        }
    }
    m_constraint = std::make_unique<GridConstraint>(expression, place, names);
}

std::vector<ParameterGrid::Iteration>
ParameterGrid::GetIterations() const
{
    std::vector<Iteration> iterations;
    iterations.reserve(m_variables.size());
    for (std::size_t n = 0; n < m_variables.size(); ++n)
    {
        const auto isWhole = [n](const auto& pieces) {
            return pieces.size() == 1 && pieces.front().variable == n;
        };
        const auto found = std::find_if(m_texts.begin(), m_texts.end(), isWhole);
        iterations.push_back({m_variables[n].shownName,
                              m_variables[n].text,
                              found != m_texts.end(),
                              static_cast<std::size_t>(found - m_texts.begin())});
    }
    return iterations;
}

void
ParameterGrid::Evaluate(std::size_t variable)
{
    auto& each = m_variables[variable];
    each.length = variable == 0 ? 0 : m_variables[variable - 1].length;
    if (each.depends)
    {
        const auto list = Substitute(each.list, each.place);
        each.length += list.size();
        CheckLength(each.length, each.place);
        each.values = ValueList(list, each.place);
    }
    const auto& leader = m_variables[each.leader];
    if (each.leader != variable && leader.values.GetSize() != each.values.GetSize())
    {
        throw GridError(each.place + ": '" + each.shownName + "' has " +
                        std::to_string(each.values.GetSize()) + " values, and '" +
                        leader.shownName + "', which it goes with, has " +
                        std::to_string(leader.values.GetSize()));
    }
}

void
ParameterGrid::Select(std::size_t variable, std::size_t index)
{
    auto& each = m_variables[variable];
    each.index = index;
    each.value = each.values.Get(index);
}

void
ParameterGrid::Reset(std::size_t first)
{
    for (std::size_t n = first; n < m_variables.size(); ++n)
    {
        const std::size_t leader = m_variables[n].leader;
        Evaluate(n);
        Select(n, leader == n ? 0 : m_variables[leader].index);
    }
}

bool
ParameterGrid::Advance()
{
    for (std::size_t n = m_variables.size(); n-- > 0;)
    {
        const auto& variable = m_variables[n];
        if (variable.leader == n && variable.index + 1 < variable.values.GetSize())
        {
            Select(n, variable.index + 1);
            Reset(n + 1);
            return true;
        }
    }
    return false;
}

void
ParameterGrid::CheckSize() const
{
    double points = 1; // of what does not depend on anything
    for (std::size_t n = 0; n < m_variables.size(); ++n)
    {
        const auto& variable = m_variables[n];
        const bool counts = variable.leader == n && !variable.depends;
        points *= counts ? static_cast<double>(variable.values.GetSize()) : 1.0;
    }
    if (points > static_cast<double>(MAX_POINTS) || m_looked > MAX_POINTS)
    {
        throw GridError(m_variables.front().place + ": more than 10 million points");
    }
}

void
ParameterGrid::CheckLength(std::size_t length, const std::string& place)
{
    if (length > MAX_LENGTH)
    {
        throw GridError(place + ": the values at a point are longer than 64 KiB");
    }
}

bool
ParameterGrid::IsAllowed()
{
    ++m_looked;
    if (m_looked > MAX_POINTS)
    {
        CheckSize();
    }
    if (!m_constraint)
    {
        return true;
    }
    for (std::size_t n = 0; n < m_constrained.size(); ++n)
    {
        m_constraint->Set(n, m_variables[m_constrained[n]].value);
    }
    return m_constraint->Allows();
}

void
ParameterGrid::MakeMark()
{
    const bool isNew = m_marks.empty() || m_number > m_marks.back().number;
    if (!isNew || (!m_marks.empty() && m_looked < m_marks.back().looked + MARK_DISTANCE))
    {
        return;
    }
    Mark mark;
    mark.number = m_number;
    mark.looked = m_looked;
    mark.indices.reserve(m_variables.size());
    for (const auto& variable : m_variables)
    {
        mark.indices.push_back(variable.index);
    }
    m_marks.push_back(std::move(mark));
}

bool
ParameterGrid::Step()
{
    m_begun = false; // until the next point is known, which may fail
    do
    {
        if (!Advance())
        {
            return false;
        }
    } while (!IsAllowed());
    m_begun = true;
    ++m_number;
    MakeMark();
    return true;
}

bool
ParameterGrid::Begin()
{
    CheckSize();
    m_looked = 0;
    Reset(0);
    m_number = 0;
    if (IsAllowed())
    {
        m_begun = true;
        MakeMark();
        return true;
    }
    --m_number; // the step makes it 0
    return Step();
}

bool
ParameterGrid::Approach(uint64_t number)
{
    const bool isBefore = m_begun && m_number <= number;
    if (m_marks.empty())
    {
        return isBefore || Begin();
    }
    const auto behind =
        std::upper_bound(m_marks.begin(),
                         m_marks.end(),
                         number,
                         [](uint64_t wanted, const auto& mark) { return wanted < mark.number; });
    const auto& mark = *std::prev(behind); // the first one is point 0
    if (isBefore && m_number >= mark.number)
    {
        return true;
    }
    for (std::size_t n = 0; n < m_variables.size(); ++n)
    {
        Evaluate(n);
        Select(n, mark.indices[n]);
    }
    m_begun = true;
    m_looked = mark.looked;
    m_number = mark.number;
    return true;
}

bool
ParameterGrid::Read(uint64_t number, GridPoint& point)
{
    if (!Approach(number))
    {
        return false;
    }
    while (m_number < number)
    {
        if (!Step())
        {
            return false;
        }
    }
    point.values.resize(m_variables.size());
    for (std::size_t n = 0; n < m_variables.size(); ++n)
    {
        point.values[n] = m_variables[n].value;
    }
    point.texts.resize(m_texts.size());
    std::size_t length = 0;
    for (std::size_t n = 0; n < m_texts.size(); ++n)
    {
        auto& text = point.texts[n];
        text.clear();
        for (const auto& piece : m_texts[n])
        {
            if (piece.variable == NONE)
            {
                text += piece.literal;
                continue;
            }
            const auto& value = point.values[piece.variable];
            length += value.size();
            CheckLength(length, m_variables[piece.variable].place);
            text += value;
        }
    }
    return true;
}

} // namespace campaign
} // namespace p2pim
