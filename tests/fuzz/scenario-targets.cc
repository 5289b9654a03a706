// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/parameter-grid.h"
#include "campaign/value-list.h"
#include "program/scenario-file.h"
#include "program/user-error.h"
#include "tests/fuzz/fuzz-target.h"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

namespace p2pim::fuzz
{

using namespace campaign;
using namespace program;

namespace
{

constexpr const char* FILE_NAME = "f.ini";
constexpr const char* BYTE_ORDER_MARK = "\xEF\xBB\xBF";
/// No more points of a grid are gone to.
constexpr std::size_t MAX_WALK = 16;

/// @return whether an error's text is one line that begins with a place in the file.
bool
IsErrorLine(const std::string& line)
{
    return line.rfind(FILE_NAME, 0) == 0 && line.find('\n') == std::string::npos;
}

ScenarioFile
ReadText(const std::string& text)
{
    std::istringstream stream(text);
    return ReadScenario(stream, FILE_NAME);
}

/// Writes each line to where it was read.
std::string
Print(const ScenarioFile& file)
{
    std::map<std::size_t, std::string> lines;
    const auto add = [&lines](const std::string& place, const std::string& line) {
        lines[std::stoul(place.substr(place.find(':') + 1))] = line;
    };
    for (const auto& [key, line] : file.head)
    {
        add(line.place, key + " = " + line.value);
    }
    for (const auto& section : file.sections)
    {
        add(section.place, "[ " + section.className + " ]");
    }
    for (const auto& each : file.assignments)
    {
        add(each.place, each.attribute + " = " + each.value);
    }
    std::string text = BYTE_ORDER_MARK;
    std::size_t number = 1;
    for (const auto& [place, line] : lines)
    {
        text.append(place - number, '\n').append(line);
        number = place;
    }
    return text.append(" # end");
}

bool
IsSame(const ScenarioFile& a, const ScenarioFile& b)
{
    return std::equal(a.head.begin(),
                      a.head.end(),
                      b.head.begin(),
                      b.head.end(),
                      [](const auto& x, const auto& y) {
                          return x.first == y.first && x.second.value == y.second.value &&
                                 x.second.label == y.second.label;
                      }) &&
           std::equal(a.sections.begin(),
                      a.sections.end(),
                      b.sections.begin(),
                      b.sections.end(),
                      [](const auto& x, const auto& y) {
                          return x.className == y.className && x.place == y.place;
                      }) &&
           std::equal(a.assignments.begin(),
                      a.assignments.end(),
                      b.assignments.begin(),
                      b.assignments.end(),
                      [](const auto& x, const auto& y) {
                          return x.className == y.className && x.attribute == y.attribute &&
                                 x.value == y.value && x.label == y.label;
                      });
}

/// @return whether the values of a range are numbers of one unit that go one way and differ.
bool
IsRange(const ValueList& list, std::size_t walk)
{
    std::optional<double> before;
    double direction = 0;
    for (std::size_t n = 0; n < walk; ++n)
    {
        const auto value = ReadUnitNumber(list.Get(n));
        if (!value || value->unit != ReadUnitNumber(list.Get(0))->unit)
        {
            return false;
        }
        const double step = before ? value->number - *before : 0;
        if (before && (step == 0 || step * direction < 0))
        {
            return false;
        }
        direction = step;
        before = value->number;
    }
    return true;
}

/// Lists have at most MAX_VALUES; written one by one, between quotation marks, they are the same.
bool
ValueListHolds(const uint8_t* octets, std::size_t size)
{
    std::string text(octets, octets + size);
    std::replace(text.begin(), text.end(), '\n', ' '); // a list is in one line
    try
    {
        const ValueList list(text, FILE_NAME);
        if (list.GetSize() == 0 || list.GetSize() > ValueList::MAX_VALUES)
        {
            return false;
        }
        const auto walk = std::min(list.GetSize(), MAX_WALK);
        std::string written;
        bool isPlain = true;
        for (std::size_t n = 0; n < walk; ++n)
        {
            const auto value = list.Get(n);
            isPlain = isPlain && value.find('"') == std::string::npos;
            written.append(n == 0 ? "\"" : ", \"").append(value).append("\"");
        }
        const bool isRange = list.GetSize() > 1 && FindOutside(text, ',') == std::string::npos;
        if (!isPlain)
        {
            return !isRange;
        }
        const ValueList again(written, FILE_NAME);
        bool same = again.GetSize() == walk;
        for (std::size_t n = 0; same && n < walk; ++n)
        {
            same = again.Get(n) == list.Get(n);
        }
        return same && (!isRange || IsRange(list, walk));
    }
    catch (const GridError& error)
    {
        return IsErrorLine(error.what());
    }
}

std::vector<Octets>
MakeValueLists()
{
    return {ToOctets("1, 2, 5..20 step 5"),
            ToOctets("1s..2s step 0.5s, 20..5 step -5"),
            ToOctets("1e-3..1 step 1e-3, 1000000000000..1000000000003"),
            ToOctets("f(1,2), \"a,b\", R[x,y], {\"}\"}")};
}

/// A grid's points, as far as one goes, and the error that ends them, if any.
struct Walk
{
    std::vector<GridPoint> points;
    std::string error;
    bool isWhole = false; ///< whether there are no more
};

bool
IsSame(const GridPoint& a, const GridPoint& b)
{
    return a.values == b.values && a.texts == b.texts;
}

void
AddTexts(const ScenarioFile& file, ParameterGrid& grid)
{
    for (const auto& each : file.assignments)
    {
        if (HasIteration(each.value))
        {
            grid.Add(each.value, each.label, each.className + "." + each.attribute);
        }
    }
}

/// Goes to the grid's first points.
Walk
GoThrough(ParameterGrid& grid)
{
    Walk walk;
    try
    {
        GridPoint point;
        while (walk.points.size() < MAX_WALK && grid.Read(walk.points.size(), point))
        {
            walk.points.push_back(point);
        }
        walk.isWhole = walk.points.size() < MAX_WALK;
    }
    catch (const GridError& error)
    {
        walk.error = error.what();
    }
    return walk;
}

/// @return whether each point is the same however it is reached, and an error comes again.
bool
IsRepeatable(ParameterGrid& grid, const Walk& walk)
{
    GridPoint point;
    for (std::size_t n = walk.points.size(); n-- > 0;)
    {
        if (!grid.Read(n, point) || !IsSame(point, walk.points[n]))
        {
            return false;
        }
    }
    const auto again = GoThrough(grid);
    return again.error == walk.error && again.points.size() == walk.points.size();
}

/// @return whether points have a value of each variable, which stands where it is to stand.
bool
AreWhole(const std::vector<GridPoint>& points, const std::vector<ParameterGrid::Iteration>& all)
{
    return std::all_of(points.begin(), points.end(), [&all](const GridPoint& point) {
        bool holds = point.values.size() == all.size();
        for (std::size_t n = 0; holds && n < all.size(); ++n)
        {
            holds = point.values[n].size() <= ParameterGrid::MAX_LENGTH &&
                    (!all[n].isWhole || point.texts.at(all[n].whole) == point.values[n]);
        }
        return holds;
    });
}

/// @return the points that a constraint leaves.
Walk
Constrain(const ScenarioFile& file, const std::string& expression)
{
    ParameterGrid grid;
    AddTexts(file, grid);
    grid.SetConstraint(expression, std::string(FILE_NAME) + ":1");
    return GoThrough(grid);
}

/// @return whether a constraint and its contrary leave one part of the points each.
bool
ConstraintHolds(const ScenarioFile& file, const std::string& expression, const Walk& all)
{
    const auto with = Constrain(file, expression);
    if (!with.error.empty())
    {
        return IsErrorLine(with.error);
    }
    const auto without = Constrain(file, "!(" + expression + ")");
    auto w = with.points.begin();
    auto o = without.points.begin();
    for (const auto& point : all.points)
    {
        if (w != with.points.end() && IsSame(*w, point))
        {
            ++w;
        }
        else if (o != without.points.end() && IsSame(*o, point))
        {
            ++o;
        }
        else
        {
            return false;
        }
    }
    return w == with.points.end() && o == without.points.end();
}

/// Points are the same however they are reached; a constraint leaves some of them.
bool
GridHolds(const ScenarioFile& file)
{
    ParameterGrid grid;
    AddTexts(file, grid);
    const auto walk = GoThrough(grid);
    if (!(walk.error.empty() || IsErrorLine(walk.error)) || !IsRepeatable(grid, walk) ||
        !AreWhole(walk.points, grid.GetIterations()))
    {
        return false;
    }
    const auto* constraint = file.FindHead("constraint");
    return !constraint || !walk.isWhole || ConstraintHolds(file, constraint->value, walk);
}

/// What is read, written and read again is the same, at the same places; and so is its grid.
bool
ScenarioHolds(const uint8_t* octets, std::size_t size)
{
    try
    {
        const auto file = ReadText({octets, octets + size});
        return IsSame(file, ReadText(Print(file))) && GridHolds(file);
    }
    catch (const UserError& error)
    {
        return IsErrorLine(error.what());
    }
    catch (const GridError& error)
    {
        return IsErrorLine(error.what());
    }
}

std::vector<Octets>
MakeScenarios()
{
    return {ToOctets("\xEF\xBB\xBF# a study\r\nextends = base\r\nrepetition=3\n\n[ChatScenario]\n"
                     "Sessions = 4 # few\n\n[ Operator2.Ggsn ]\nDelay=ns3::Constant[Constant=1]"),
            ToOctets("schemes=p2p,sip\nprecision=5%\nprecision-metric=setup\n[A]\nb=${n=1,2}"),
            ToOctets("constraint=$cs != \"CS-1\" || !($n % 2 == 0) && $t < 1min\n[A]\n"
                     "b=${cs=CS-1,CS-2}\nc=${n=1, 2, 5..20 step 5}\nd=${t=500ms,2min ! cs}"),
            ToOctets("constraint=(${i} + $j * 2 - 1) / 3 >= 1 && $on\n[A]\nb=${i=1..3}\n"
                     "c=${j=$i..3}-${i}${7,8,9 ! i}\n[B]\nd=${on=true,false}"),
            ToOctets("[A]\nb=${1..10000}\nc=${1..1000}\nd=${1..2}"),
            ToOctets("[A]\na=${a=xxxxxxxx}\nb=${b=\"$a$a$a$a$a$a\"}\nc=${c=\"$b$b$b$b$b$b\"}\n"
                     "d=${d=\"$c$c$c$c$c$c\"}\ne=${e=\"$d$d$d$d$d$d\"}\nf=${f=\"$e$e$e$e$e$e\"}")};
}

} // namespace

std::vector<Target>
GetScenarioTargets()
{
    return {{"value-list", ValueListHolds, MakeValueLists},
            {"scenario-grid", ScenarioHolds, MakeScenarios}};
}

} // namespace p2pim::fuzz
