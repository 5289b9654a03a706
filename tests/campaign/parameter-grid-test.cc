// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/parameter-grid.h"
#include "campaign/value-list.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace p2pim::campaign;

namespace
{

using Texts = std::vector<std::string>;

std::string
Join(const Texts& texts)
{
    std::string all;
    for (const auto& text : texts)
    {
        all.append(all.empty() ? "" : " ").append(text);
    }
    return all;
}

/// @return the texts at every point.
Texts
ListTexts(ParameterGrid& grid)
{
    Texts texts;
    GridPoint point;
    for (uint64_t number = 0; grid.Read(number, point); ++number)
    {
        texts.push_back(Join(point.texts));
    }
    return texts;
}

Texts
Expand(const std::string& list)
{
    const ValueList values(list, "f");
    Texts texts;
    for (std::size_t n = 0; n < values.GetSize(); ++n)
    {
        texts.push_back(values.Get(n));
    }
    return texts;
}

/// @return what is wrong, if @p text is added after @p before.
std::string
GetProblem(const std::string& before, const std::string& text)
{
    try
    {
        ParameterGrid grid;
        grid.Add(before, "f.ini:1: A.b", "A.b");
        grid.Add(text, "f.ini:2: C.d", "C.d");
        ListTexts(grid);
    }
    catch (const GridError& error)
    {
        return error.what();
    }
    return "";
}

/// @return the points of cs and n that a constraint allows, or what is wrong with it.
std::string
Constrain(const std::string& expression)
{
    try
    {
        ParameterGrid grid;
        grid.Add("${cs=CS1,CS2}", "f:1", "A.b");
        grid.Add("${n=1..4}", "f:2", "A.c");
        grid.Add("${t=500ms,2min ! cs}", "f:3", "A.d");
        grid.Add("${on=true,false ! cs}", "f:4", "A.e");
        grid.SetConstraint(expression, "f:5");
        std::string all;
        GridPoint point;
        for (uint64_t number = 0; grid.Read(number, point); ++number)
        {
            all.append(number == 0 ? "" : " ").append(point.texts[0].substr(2) + point.texts[1]);
        }
        return all;
    }
    catch (const GridError& error)
    {
        return error.what();
    }
}

} // namespace

// the examples are those of the OMNeT++ Simulation Manual, 10.4
TEST(ValueListTest, TakesNumbersRangesAndWords)
{
    EXPECT_EQ(Expand("1, 2, 5..20 step 5"), (Texts{"1", "2", "5", "10", "15", "20"}));
    EXPECT_EQ(Expand("1..3"), (Texts{"1", "2", "3"}));
    EXPECT_EQ(Expand("5..1 step -2, 7"), (Texts{"5", "3", "1", "7"}));
    EXPECT_EQ(Expand("CS1,CS2"), (Texts{"CS1", "CS2"}));
    EXPECT_EQ(Expand("1s..2s step 0.5s"), (Texts{"1s", "1.5s", "2s"}));
}

TEST(ValueListTest, LeavesCommasBetweenBracketsAndQuotationMarksAlone)
{
    EXPECT_EQ(Expand("f(1,2), \"a,b\", R[x,y]"), (Texts{"f(1,2)", "a,b", "R[x,y]"}));
    EXPECT_EQ(Expand("\"\", a\"b\""), (Texts{"", "a\"b\""}));
}

TEST(ValueListTest, TakesTwoDotsBehindAWordForAPartOfIt)
{
    EXPECT_EQ(Expand("../a.csv, 10.0.0.1"), (Texts{"../a.csv", "10.0.0.1"}));
}

// 0.1 + 2 x 0.1 is 0.30000000000000004 in binary
TEST(ValueListTest, ARangeOfTenthsHasItsEndAndNoNoise)
{
    EXPECT_EQ(Expand("0.1..0.3 step 0.1"), (Texts{"0.1", "0.2", "0.3"}));
}

TEST(ValueListTest, WritesWholeNumbersWithoutExponent)
{
    EXPECT_EQ(Expand("1000000000000..2000000000000 step 1000000000000"),
              (Texts{"1000000000000", "2000000000000"}));
}

// Two values that are written the same would be two points that are the same.
TEST(ValueListTest, RefusesStepsThatAreLostInTwelveDigits)
{
    for (const std::string range : {"1.0000000000001..1.0000000000003 step 0.0000000000001",
                                    "1000000000000.25..1000000000003.25 step 1",
                                    "123456789012.25..123456789015.25 step 1",
                                    "1e15..1000000000000003",
                                    "9999999999.5..10000000000.5 step 0.01"})
    {
        EXPECT_EQ(GetProblem("1", "${" + range + "}"),
                  "f.ini:2: C.d: '" + range + "' has steps too small for numbers of 12 digits");
    }
    EXPECT_EQ(Expand("123456789012..123456789013"), (Texts{"123456789012", "123456789013"}));
    EXPECT_EQ(Expand("999999999999998..999999999999999"),
              (Texts{"999999999999998", "999999999999999"}));
}

TEST(ParameterGridTest, TheFirstVariableChangesLast)
{
    ParameterGrid grid;
    grid.Add("${cs=CS1,CS2}", "f:1", "A.b");
    grid.Add("${1,2,3}", "f:2", "A.c");
    const Texts expected{"CS1 1", "CS1 2", "CS1 3", "CS2 1", "CS2 2", "CS2 3"};
    EXPECT_EQ(ListTexts(grid), expected);
    EXPECT_EQ(ListTexts(grid), expected) << "a second time";
}

TEST(ParameterGridTest, ATextWithoutIterationsIsOnePoint)
{
    ParameterGrid grid;
    grid.Add("ns3::UniformRandomVariable[Min=0|Max=1]", "f:1", "A.b");
    EXPECT_TRUE(grid.GetIterations().empty());
    EXPECT_EQ(ListTexts(grid), (Texts{"ns3::UniformRandomVariable[Min=0|Max=1]"}));
}

TEST(ParameterGridTest, AVariableStandsInOtherTextsToo)
{
    ParameterGrid grid;
    grid.Add("Min=${a=1,2}|Max=${a}0", "f:1", "A.b");
    grid.Add("x${a}", "f:2", "A.b");
    EXPECT_EQ(ListTexts(grid), (Texts{"Min=1|Max=10 x1", "Min=2|Max=20 x2"}));
}

TEST(ParameterGridTest, AFollowerGoesWithItsLeader)
{
    ParameterGrid grid;
    grid.Add("${cs=CS1,CS2}", "f:1", "A.b");
    grid.Add("${n=1,2}", "f:2", "A.b");
    grid.Add("${9.05,13.4 ! cs}", "f:3", "A.b");
    EXPECT_EQ(ListTexts(grid), (Texts{"CS1 1 9.05", "CS1 2 9.05", "CS2 1 13.4", "CS2 2 13.4"}));
}

TEST(ParameterGridTest, AListDependsOnWhatIsBeforeIt)
{
    ParameterGrid grid;
    grid.Add("${i=1..3}", "f:1", "A.b");
    grid.Add("${j=$i..3}", "f:2", "A.b");
    EXPECT_EQ(ListTexts(grid), (Texts{"1 1", "1 2", "1 3", "2 2", "2 3", "3 3"}));
}

// from any point to any other, with marks in between: 3 x 3000 points, of which a constraint leaves
// those whose sum is even
TEST(ParameterGridTest, ReadsItsPointsInAnyOrder)
{
    ParameterGrid grid;
    grid.Add("${a=1..3}", "f:1", "A.b");
    grid.Add("${b=$a..3000}", "f:2", "A.c");
    grid.SetConstraint("($a + $b) % 2 == 0", "f:3");
    GridPoint point;
    ASSERT_TRUE(grid.Read(2500, point)) << "ahead, before any other";
    const auto texts = ListTexts(grid);
    ASSERT_EQ(texts.size(), 1500 + 1500 - 1 + 1500 - 1 + 1);
    for (const std::size_t number : {4000UL, 17UL, 16UL, 2047UL, 2048UL, 4498UL, 0UL, 1499UL})
    {
        ASSERT_TRUE(grid.Read(number, point));
        EXPECT_EQ(Join(point.texts), texts.at(number));
    }
    EXPECT_FALSE(grid.Read(texts.size(), point));
    ASSERT_TRUE(grid.Read(1, point));
    EXPECT_EQ(Join(point.texts), "1 3");
}

TEST(ParameterGridTest, ASearchBeginsNearThePoint)
{
    ParameterGrid grid;
    grid.Add("${a=1..2000000}", "f:1", "A.b");
    grid.SetConstraint("$a % 1000000 == 0", "f:2");
    GridPoint point;
    EXPECT_FALSE(grid.Read(2, point));
    // without marks each of these would look at a million points
    for (int n = 0; n < 1000; ++n)
    {
        ASSERT_TRUE(grid.Read(1, point));
        EXPECT_EQ(point.texts[0], "2000000");
        ASSERT_TRUE(grid.Read(0, point));
    }
}

TEST(ParameterGridTest, AConstraintPicksPoints)
{
    EXPECT_EQ(Constrain("$cs != \"CS1\" || $n < 2"), "11 21 22 23 24");
    EXPECT_EQ(Constrain("$cs == \"CS1\" && ($n >= 3 || ${n} <= 1)"), "11 13 14");
    EXPECT_EQ(Constrain("$n * 2 > 5 && $n % 2 == 0 && $cs == \"CS2\""), "24");
    EXPECT_EQ(Constrain("!($n < 4)"), "14 24");
    EXPECT_EQ(Constrain("$n == \"4\""), "14 24") << "a number, quoted or not";
    EXPECT_EQ(Constrain("$n > 4"), "");
    EXPECT_EQ(Constrain("$n == 0.4e1"), "14 24");
}

// 2 min are 120 s; as texts, "2min" comes before "500ms"
TEST(ParameterGridTest, AConstraintComparesTimesByTheirLength)
{
    EXPECT_EQ(Constrain("$t < 1min && $n == 1"), "11");
    EXPECT_EQ(Constrain("$t > \"0.02h\" && $n == 1"), "21");
    EXPECT_EQ(Constrain("$t == 120000ms && $n == 1"), "21");
}

TEST(ParameterGridTest, AConstraintTakesTruthValues)
{
    EXPECT_EQ(Constrain("$on && $n == 1"), "11");
    EXPECT_EQ(Constrain("!$on && $n == 1"), "21");
    EXPECT_EQ(Constrain("$on == \"false\" && $n == 1"), "21");
}

TEST(ParameterGridTest, SaysWhatIsWrongWithAConstraint)
{
    EXPECT_EQ(Constrain("$m > 4"), "f:5: '$m > 4': '$m' is not defined; there are cs, n, t, on");
    EXPECT_EQ(Constrain("n > 4"), "f:5: 'n > 4': write $n for the variable");
    EXPECT_EQ(Constrain("$n = 4"), "f:5: '$n = 4': write == to compare");
    EXPECT_EQ(Constrain("$n => 4"), "f:5: '$n => 4': write == to compare");
    EXPECT_EQ(Constrain("$n"), "f:5: '$n': 1 is neither true nor false");
    EXPECT_EQ(Constrain("$cs < \"CS2\""),
              "f:5: '$cs < \"CS2\"': \"CS1\" is no number, which '<' needs");
    EXPECT_EQ(Constrain("!$n"), "f:5: '!$n': 1 is neither true nor false, as '!' needs");
    EXPECT_EQ(Constrain("$cs == \"CS1"), "f:5: '$cs == \"CS1': a quotation mark is not closed");
    EXPECT_EQ(Constrain("($n > 4"), "f:5: '($n > 4': Missing parenthesis");
    EXPECT_EQ(Constrain(""), "f:5: '': Expression is empty!");
}

// What the parser knows beside what is documented: factorials that take years, functions, lists,
// words for operators, some of which end the program.
TEST(ParameterGridTest, AConstraintHasNothingThatIsNotDocumented)
{
    const auto expectMisplaced = [](const std::string& expression, const std::string& rest) {
        std::string line = "f:5: '";
        line.append(expression).append("': '").append(rest).append("' cannot stand here");
        EXPECT_EQ(Constrain(expression), line);
    };
    expectMisplaced("99999999999! > $n", "! > $n");
    expectMisplaced("{1,2} == $n", "{1,2} == $n");
    expectMisplaced("$n[0] == 1", "[0] == 1");
    expectMisplaced("$n > 1 ? $on : $on", "? $on : $on");
    expectMisplaced("$n $n", "$n");
    expectMisplaced("$n > * 2", "* 2");
    expectMisplaced("() || $on", ") || $on");
    expectMisplaced("$on) || ($on", ") || ($on");
    expectMisplaced("1.2.3 == $n", ".3 == $n");
    const auto expectWord = [](const std::string& expression, const std::string& word) {
        std::string line = "f:5: '";
        line.append(expression).append("': '").append(word);
        EXPECT_EQ(Constrain(expression),
                  line.append("' is no number or time; a string has quotation marks"));
    };
    expectWord("$cs != \"CS1\" || $on && or$t < 1min", "or");
    expectWord("sin($n) < 1", "sin");
    expectWord("$n == 5km", "5km");
    expectWord("$cs == CS1", "CS1");
    expectWord("$n < inf", "inf");
    EXPECT_EQ(Constrain("$on && ${n == 1"), "f:5: '$on && ${n == 1': '${n' is not closed by '}'");
    EXPECT_EQ(Constrain("$on &&"), "f:5: '$on &&': something is missing at the end");
}

TEST(ParameterGridTest, AConstraintTakesSignsAndExponents)
{
    EXPECT_EQ(Constrain("-$n <= -30e-1"), "13 14 23 24");
    EXPECT_EQ(Constrain("+$n==.3e+1"), "13 23");
    EXPECT_EQ(Constrain("!($n - -1 <= 4.)"), "14 24");
}

TEST(ParameterGridTest, AnErrorAtAPointComesAgain)
{
    ParameterGrid grid;
    grid.Add("${i=1..3}", "f:1", "A.b");
    grid.Add("${j=$i..2}", "f:2", "A.c");
    GridPoint point;
    for (int round = 0; round < 2; ++round)
    {
        ASSERT_TRUE(grid.Read(2, point));
        EXPECT_EQ(Join(point.texts), "2 2");
        EXPECT_THROW(grid.Read(3, point), GridError) << "3..2";
    }
    ParameterGrid other;
    other.Add("${x=a,1}", "f:1", "A.b");
    other.SetConstraint("$x > 0", "f:2");
    EXPECT_THROW(other.Read(0, point), GridError);
    EXPECT_THROW(other.Read(0, point), GridError);
}

// Six times as long with each line: 8 x 6^5 octets are 62208, and those of the lines before 12446.
TEST(ParameterGridTest, ValuesThatGrowInEachOtherAreRefused)
{
    ParameterGrid grid;
    grid.Add("${v0=xxxxxxxx}", "f:0", "A.b");
    for (int n = 1; n < 10; ++n)
    {
        std::string list = "${v" + std::to_string(n) + "=\"";
        for (int i = 0; i < 6; ++i)
        {
            list.append("$v").append(std::to_string(n - 1));
        }
        grid.Add(list.append("\"}"), "f:" + std::to_string(n), "A.b");
    }
    GridPoint point;
    try
    {
        grid.Read(0, point);
        FAIL();
    }
    catch (const GridError& error)
    {
        EXPECT_STREQ(error.what(), "f:5: the values at a point are longer than 64 KiB");
    }
    ParameterGrid texts;
    texts.Add("${v=" + std::string(1000, 'x') + "}", "f:0", "A.b");
    std::string text;
    for (int n = 0; n < 70; ++n)
    {
        text += "${v}";
    }
    texts.Add(text, "f:1", "A.c");
    EXPECT_THROW(texts.Read(0, point), GridError);
    ParameterGrid literal;
    literal.Add(std::string(2 * ParameterGrid::MAX_LENGTH, 'x'), "f:0", "A.b");
    EXPECT_TRUE(literal.Read(0, point)) << "no longer than it is written";
}

TEST(ParameterGridTest, AThousandValuesVary)
{
    std::string text;
    for (std::size_t n = 0; n < ParameterGrid::MAX_VARIABLES; ++n)
    {
        text += "${1}";
    }
    EXPECT_EQ(GetProblem("1", text), "");
    EXPECT_EQ(GetProblem("1", text + "${1}"), "f.ini:2: C.d: more than 1000 values vary");
}

TEST(ParameterGridTest, VariablesAreNamed)
{
    ParameterGrid grid;
    grid.Add("${1}-${2}${x=3}", "f:1", "A.b");
    grid.Add("${y=4}", "f:2", "C.d");
    grid.Add("${y}", "f:3", "E.f");
    std::string all;
    for (const auto& each : grid.GetIterations())
    {
        all.append(each.name + " in " + std::to_string(each.text));
        all.append(each.isWhole ? " is " + std::to_string(each.whole) : "").append("; ");
    }
    EXPECT_EQ(all, "A.b in 0; A.b#2 in 0; x in 0; y in 1 is 1; ");
    GridPoint point;
    ASSERT_TRUE(grid.Read(0, point));
    EXPECT_EQ(point.values, (Texts{"1", "2", "3", "4"}));
    EXPECT_EQ(point.texts, (Texts{"1-23", "4", "4"}));
}

TEST(ParameterGridTest, NamesWhatIsWrong)
{
    const std::string place = "f.ini:2: C.d: ";
    EXPECT_EQ(GetProblem("${a=1,2}", "${b}"),
              place + "'b' is not defined before this place; there are a");
    EXPECT_EQ(GetProblem("1", "${b}"), place + "'b' is not defined before this place");
    EXPECT_EQ(GetProblem("1", "${1..$b}"), place + "'b' is not defined before this place");
    EXPECT_EQ(GetProblem("1", "${1, 2 ! b}"), place + "'b' is not defined before this place");
    EXPECT_EQ(GetProblem("${a=1,2}", "${a=3}"),
              place + "'a' is defined twice; the first is f.ini:1: A.b");
    EXPECT_EQ(GetProblem("${a=1,2}", "${1,2,3 ! a}"),
              place + "'C.d' has 3 values, and 'a', which it goes with, has 2");
    EXPECT_EQ(GetProblem("1", "${1,2"), place + "'${' is not closed by '}'");
    EXPECT_EQ(GetProblem("1", "${}"), place + "'${}' has an empty value");
    EXPECT_EQ(GetProblem("1", "${1,,2}"), place + "'${1,,2}' has an empty value");
    EXPECT_EQ(GetProblem("1", "${1..2 step 0}"),
              place + "'1..2 step 0' never ends; down goes 20..5 step -5");
    EXPECT_EQ(GetProblem("1", "${1..2 step -1}"),
              place + "'1..2 step -1' never ends; down goes 20..5 step -5");
    EXPECT_EQ(GetProblem("1", "${5..1}"), place + "'5..1' never ends; down goes 20..5 step -5");
    EXPECT_EQ(GetProblem("1", "${1..2s}"),
              place + "'1..2s' is no range; write 5..20 step 5, or 1s..5s step 1s");
    EXPECT_EQ(GetProblem("1", "${1..inf}"),
              place + "'1..inf' is no range; write 5..20 step 5, or 1s..5s step 1s");
    EXPECT_EQ(GetProblem("1", "${0..1e9}"), place + "'0..1e9' has more than 10 million values");
    EXPECT_EQ(GetProblem("1", "${0..9999998, x, y, 1..9}"),
              place + "more than 10 million values in a list");
    EXPECT_EQ(GetProblem("${1,2}", "${$..5}"), place + "'' is not defined before this place");
    EXPECT_EQ(GetProblem("${1,2}", "${3,4 ! }"), place + "'' is not defined before this place");
    EXPECT_EQ(GetProblem("${a=1..4000}", "${b=1..4000}"),
              "f.ini:1: A.b: more than 10 million points");
}
