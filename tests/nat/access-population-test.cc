// SPDX-License-Identifier: GPL-2.0-only
#include "tests/scenarios/scenario-run.h"

#include "ns3/access-population.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace ns3::p2pim;

namespace
{

const std::string g_header = "name,unit,place,share,chain,source,mark\n";

AccessPopulation
Read(const std::string& lines)
{
    std::istringstream text(g_header + lines);
    AccessPopulation population;
    const auto fault = ReadAccessPopulation(text, "x.csv", population);
    EXPECT_FALSE(fault) << fault->line << ": " << fault->word << " " << fault->problem;
    return population;
}

/// @return the fault of a text, which leaves what was read before alone.
AccessPopulationFault
ReadWrongText(const std::string& whole)
{
    std::istringstream text(whole);
    AccessPopulation population;
    population.unit = "before";
    const auto fault = ReadAccessPopulation(text, "x.csv", population);
    EXPECT_TRUE(fault) << whole;
    EXPECT_EQ(population.unit, "before");
    EXPECT_TRUE(population.kinds.empty());
    return fault.value_or(AccessPopulationFault());
}

AccessPopulationFault
ReadWrong(const std::string& lines)
{
    auto fault = ReadWrongText(g_header + lines);
    EXPECT_EQ(fault.file, "x.csv");
    return fault;
}

} // namespace

TEST(AccessPopulation, KindsInTheOrderOfTheFile)
{
    const auto population = Read("# two kinds\n"
                                 "\n"
                                 "cgn, per carrier, carrier, 0.25, carrier-grade, RFC 6888, V\n"
                                 "home,per carrier,home,0.75,\"home-router / carrier-grade\","
                                 "\"a, \"\"quoted\"\" one\",own choice\r\n");
    EXPECT_EQ(population.unit, "per carrier");
    ASSERT_EQ(population.kinds.size(), 2u);
    EXPECT_EQ(population.kinds[0].name, "cgn");
    EXPECT_EQ(population.kinds[0].place, AccessPlace::CARRIER);
    EXPECT_EQ(population.kinds[0].share, 0.25);
    EXPECT_EQ(population.kinds[0].chain, "carrier-grade");
    EXPECT_EQ(population.kinds[0].source, "RFC 6888");
    EXPECT_EQ(population.kinds[0].mark, "V");
    EXPECT_EQ(population.kinds[1].place, AccessPlace::HOME);
    EXPECT_EQ(population.kinds[1].chain, "home-router / carrier-grade");
    EXPECT_EQ(population.kinds[1].source, "a, \"quoted\" one");
    EXPECT_EQ(population.kinds[1].mark, "own choice");
}

TEST(AccessPopulation, SharesHaveTheSumOne)
{
    const auto fault =
        ReadWrong("a,per attempt,home,0.5,none,x,V\nb,per attempt,home,0.4,none,x,M");
    EXPECT_EQ(fault.problem, "the shares' sum is 0.9, not 1");
    EXPECT_EQ(fault.line, 0u);
    // three thirds, written with seven digits
    Read("a,per attempt,home,0.3333333,none,x,V\n"
         "b,per attempt,home,0.3333333,none,x,V\n"
         "c,per attempt,home,0.3333333,none,x,V\n");
    ReadWrong("a,per attempt,home,0.999998,none,x,V\n");
    for (const char* share : {"-0.1", "1.1", "nan", "inf", "50%", "", "0,5", "1 "})
    {
        const auto wrong =
            ReadWrong(std::string("a,per attempt,home,\"") + share + "\",none,x,V\n");
        EXPECT_EQ(wrong.problem, "no share from 0 to 1") << share;
        EXPECT_EQ(wrong.word, share);
        EXPECT_EQ(wrong.line, 2u);
    }
}

TEST(AccessPopulation, UnitsAreNotMixed)
{
    const auto fault = ReadWrong("a,per NAT device,home,0.5,none,x,V\n"
                                 "# what follows counts something else\n"
                                 "b,per subscriber,home,0.5,none,x,V\n");
    EXPECT_EQ(fault.line, 4u);
    EXPECT_EQ(fault.word, "per subscriber");
    EXPECT_EQ(fault.problem, "another unit than 'per NAT device' above");
    const auto unknown = ReadWrong("a,per device,home,1,none,x,V\n");
    EXPECT_EQ(unknown.word, "per device");
    EXPECT_EQ(unknown.known.size(), 4u);
}

TEST(AccessPopulation, EachWrongWordIsNamedWithTheRightOnes)
{
    const auto place = ReadWrong("a,per attempt,hom,1,none,x,V\n");
    EXPECT_EQ(place.word, "hom");
    EXPECT_EQ(place.known, (std::vector<std::string>{"carrier", "home", "enterprise"}));
    const auto chain = ReadWrong("a,per attempt,home,1,home-router / carier-grade,x,V\n");
    EXPECT_EQ(chain.word, "carier-grade");
    EXPECT_FALSE(chain.known.empty());
    const auto setting = ReadWrong("a,per attempt,home,1,rfc tcp-opening=-1s,x,V\n");
    EXPECT_EQ(setting.word, "tcp-opening=-1s");
    const auto mark = ReadWrong("a,per attempt,home,1,none,x,V3\n");
    EXPECT_EQ(mark.word, "V3");
    EXPECT_EQ(mark.known.size(), 5u);
    EXPECT_EQ(ReadWrong("a,per attempt,home,1,none,,V\n").problem, "no source");
    EXPECT_EQ(ReadWrong("a,per attempt,home,1,,x,V\n").problem, "no such kind of NAT");
    EXPECT_EQ(ReadWrong("a,per attempt,home,1,none,x\n").problem, "6 fields, not 7");
    EXPECT_EQ(ReadWrong("a,per attempt,home,1,none,x,V,\n").problem, "8 fields, not 7");
    EXPECT_EQ(ReadWrong("a,per attempt,home,1,none,\"x,V\n").problem,
              "a field in quotes does not end");
    EXPECT_EQ(ReadWrong("a,per attempt,home,1,none,\"x\" y,V\n").word, "y");
}

TEST(AccessPopulation, NamesAreLabelsAndUnique)
{
    for (const std::string name : {"", "two words", "-a", "a-", "a.b", "a/b", "\xC3\xA4"})
    {
        EXPECT_EQ(ReadWrong(name + ",per attempt,home,1,none,x,V\n").word, name);
    }
    const auto twice = ReadWrong("a,per attempt,home,1,none,x,V\na,per attempt,home,0,none,x,V\n");
    EXPECT_EQ(twice.line, 3u);
    EXPECT_EQ(twice.word, "a");
    std::string many;
    for (std::size_t n = 0; n <= MAX_ACCESS_KINDS; ++n)
    {
        many += "k" + std::to_string(n) + ",per attempt,home,0,none,x,V\n";
    }
    EXPECT_EQ(ReadWrong(many).problem, "more than 32 kinds");
}

TEST(AccessPopulation, TheColumnsAreNamedFirst)
{
    const auto fault = ReadWrongText("name,unit,place,shares,chain,source,mark\n");
    EXPECT_EQ(fault.line, 1u);
    EXPECT_EQ(fault.word, "shares");
    EXPECT_EQ(fault.known, std::vector<std::string>{"share"});
    EXPECT_EQ(ReadWrongText("name,unit,place,share,chain,source\n").line, 1u);
    EXPECT_EQ(ReadWrongText("a,per attempt,home,1,none,x,V\n").word, "a");
    EXPECT_EQ(ReadWrongText(g_header).problem, "has no kinds");
    EXPECT_EQ(ReadWrongText("# nothing\n").problem, "has no kinds");
}

TEST(AccessPopulation, AFileThatIsNotThereOrEmpty)
{
    const ::p2pim::test::TemporaryName name;
    AccessPopulation population;
    auto fault = ReadAccessPopulation(name.path, population);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->problem, "cannot be read");
    EXPECT_EQ(fault->file, name.path);
    std::ofstream(name.path).close();
    fault = ReadAccessPopulation(name.path, population);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->problem, "is empty");
    EXPECT_TRUE(ReadAccessPopulation(".", population));
}
