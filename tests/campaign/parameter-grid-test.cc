// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/parameter-grid.h"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

using namespace p2pim::campaign;

namespace
{

/// @return the first text at every point.
std::vector<std::string>
ListTexts(ParameterGrid& grid)
{
    std::vector<std::string> texts;
    GridPoint point;
    while (grid.GetNext(point))
    {
        std::string all;
        for (const auto& text : point.texts)
        {
            all += (all.empty() ? "" : " ") + text;
        }
        texts.push_back(all);
    }
    return texts;
}

using Texts = std::vector<std::string>;

/// @return what is wrong, if @p text is added after @p before.
std::string
GetProblem(const std::string& before, const std::string& text)
{
    try
    {
        ParameterGrid grid;
        grid.Add(before, "f.ini:1: A.b");
        grid.Add(text, "f.ini:2: C.d");
        ListTexts(grid);
    }
    catch (const GridError& error)
    {
        return error.what();
    }
    return "";
}

} // namespace

// the examples are those of the OMNeT++ Simulation Manual, 10.4
TEST(ParameterGridTest, AListTakesNumbersRangesAndWords)
{
    EXPECT_EQ(ExpandList("1, 2, 5..20 step 5", "f"), (Texts{"1", "2", "5", "10", "15", "20"}));
    EXPECT_EQ(ExpandList("1..3", "f"), (Texts{"1", "2", "3"}));
    EXPECT_EQ(ExpandList("5..1 step -2", "f"), (Texts{"5", "3", "1"}));
    EXPECT_EQ(ExpandList("CS1,CS2", "f"), (Texts{"CS1", "CS2"}));
    EXPECT_EQ(ExpandList("1s..2s step 0.5s", "f"), (Texts{"1s", "1.5s", "2s"}));
    EXPECT_EQ(ExpandList("f(1,2), \"a,b\", R[x,y]", "f"), (Texts{"f(1,2)", "\"a,b\"", "R[x,y]"}));
}

// 0.1 + 2 x 0.1 is 0.30000000000000004 in binary
TEST(ParameterGridTest, ARangeOfTenthsHasItsEndAndNoNoise)
{
    EXPECT_EQ(ExpandList("0.1..0.3 step 0.1", "f"), (Texts{"0.1", "0.2", "0.3"}));
}

TEST(ParameterGridTest, TheFirstVariableChangesLast)
{
    ParameterGrid grid;
    grid.Add("${cs=CS1,CS2}", "f:1");
    grid.Add("${1,2,3}", "f:2");
    EXPECT_TRUE(grid.Varies());
    EXPECT_EQ(ListTexts(grid), (Texts{"CS1 1", "CS1 2", "CS1 3", "CS2 1", "CS2 2", "CS2 3"}));
    grid.Rewind();
    EXPECT_EQ(ListTexts(grid).size(), 6);
}

TEST(ParameterGridTest, ATextWithoutIterationsIsOnePoint)
{
    ParameterGrid grid;
    grid.Add("ns3::UniformRandomVariable[Min=0|Max=1]", "f:1");
    EXPECT_FALSE(grid.Varies());
    EXPECT_EQ(ListTexts(grid), (Texts{"ns3::UniformRandomVariable[Min=0|Max=1]"}));
}

TEST(ParameterGridTest, AVariableStandsInOtherTextsToo)
{
    ParameterGrid grid;
    grid.Add("Min=${a=1,2}|Max=${a}0", "f:1");
    grid.Add("x${a}", "f:2");
    EXPECT_EQ(ListTexts(grid), (Texts{"Min=1|Max=10 x1", "Min=2|Max=20 x2"}));
}

TEST(ParameterGridTest, AFollowerGoesWithItsLeader)
{
    ParameterGrid grid;
    grid.Add("${cs=CS1,CS2}", "f:1");
    grid.Add("${n=1,2}", "f:2");
    grid.Add("${9.05,13.4 ! cs}", "f:3");
    EXPECT_EQ(ListTexts(grid), (Texts{"CS1 1 9.05", "CS1 2 9.05", "CS2 1 13.4", "CS2 2 13.4"}));
}

TEST(ParameterGridTest, AListDependsOnWhatIsBeforeIt)
{
    ParameterGrid grid;
    grid.Add("${i=1..3}", "f:1");
    grid.Add("${j=$i..3}", "f:2");
    EXPECT_EQ(ListTexts(grid), (Texts{"1 1", "1 2", "1 3", "2 2", "2 3", "3 3"}));
}

TEST(ParameterGridTest, AConstraintPicksPoints)
{
    ParameterGrid grid;
    grid.Add("${cs=CS1,CS2}", "f:1");
    grid.Add("${n=1..4}", "f:2");
    grid.SetConstraint("$cs != \"CS1\" || $n < 2", "f:3");
    EXPECT_EQ(ListTexts(grid), (Texts{"CS1 1", "CS2 1", "CS2 2", "CS2 3", "CS2 4"}));
    grid.SetConstraint("$n > 4", "f:3");
    EXPECT_TRUE(ListTexts(grid).empty());
    grid.SetConstraint("$m > 4", "f:3");
    try
    {
        ListTexts(grid);
        FAIL();
    }
    catch (const GridError& error)
    {
        EXPECT_EQ(std::string(error.what()).rfind("f:3: '$m > 4': ", 0), 0) << error.what();
    }
}

TEST(ParameterGridTest, VariablesAreNamed)
{
    ParameterGrid grid;
    grid.Add("${1}${2}${x=3}", "f:1");
    GridPoint point;
    ASSERT_TRUE(grid.GetNext(point));
    const std::vector<std::pair<std::string, std::string>> expected{{"$0", "1"},
                                                                    {"$1", "2"},
                                                                    {"x", "3"}};
    EXPECT_EQ(point.variables, expected);
}

TEST(ParameterGridTest, NamesWhatIsWrong)
{
    const std::string place = "f.ini:2: C.d: ";
    EXPECT_EQ(GetProblem("${a=1,2}", "${b}"),
              place + "'b' is not defined before this place; there are a");
    EXPECT_EQ(GetProblem("1", "${b}"), place + "'b' is not defined before this place");
    EXPECT_EQ(GetProblem("1", "${1..$b}"), place + "'b' is not defined before this place");
    EXPECT_EQ(GetProblem("1", "${1, 2 ! b}"), place + "'b' is not defined before this place");
    EXPECT_EQ(GetProblem("${a=1,2}", "${a=3}"), place + "'a' is defined twice");
    EXPECT_EQ(GetProblem("${a=1,2}", "${1,2,3 ! a}"),
              place + "'$0' has 3 values, and 'a', which it goes with, has 2");
    EXPECT_EQ(GetProblem("1", "${1,2"), place + "'${' is not closed by '}'");
    EXPECT_EQ(GetProblem("1", "${}"), place + "'${}' has an empty value");
    EXPECT_EQ(GetProblem("1", "${1,,2}"), place + "'${1,,2}' has an empty value");
    EXPECT_EQ(GetProblem("1", "${1..2 step 0}"), place + "'1..2 step 0' never ends");
    EXPECT_EQ(GetProblem("1", "${1..2 step -1}"), place + "'1..2 step -1' never ends");
    EXPECT_EQ(GetProblem("1", "${1..2s}"),
              place + "'1..2s' is no range; write 5..20 step 5, or 1s..5s step 1s");
    EXPECT_EQ(GetProblem("1", "${1..inf}"),
              place + "'1..inf' is no range; write 5..20 step 5, or 1s..5s step 1s");
    EXPECT_EQ(GetProblem("1", "${0..1e9}"), place + "'0..1e9' has more than 10 million values");
    EXPECT_EQ(GetProblem("${a=1..4000}", "${b=1..4000}"),
              "f.ini:1: A.b: more than 10 million points");
}
