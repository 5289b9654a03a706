// SPDX-License-Identifier: GPL-2.0-only
#include "program/class-registry.h"
#include "program/value-printer.h"
#include "program/value-reader.h"
#include "test-configured.h"

#include <gtest/gtest.h>

using namespace p2pim::program;
using ns3::p2pim::TestConfigured;

namespace
{

ns3::TypeId::AttributeInformation
GetInfo(const std::string& attribute)
{
    return GetAttribute(TestConfigured::GetTypeId(), attribute, "test").info;
}

/// @return the value as it is printed, or what is wrong with it.
std::string
Read(const std::string& attribute, const std::string& text)
{
    const auto info = GetInfo(attribute);
    const auto result = ReadValue(text, info);
    return result.value ? FormatValue(*result.value, info) : result.problem;
}

} // namespace

TEST(Value, PrintsWhatItReadsForEveryKind)
{
    EXPECT_EQ(Read("Flag", "true"), "true");
    EXPECT_EQ(Read("Count", "8"), "8");
    EXPECT_EQ(Read("Offset", "-5"), "-5");
    EXPECT_EQ(Read("Share", "0.1234567890123"), "0.1234567890123");
    EXPECT_EQ(Read("Rate", "64kb/s"), "64000bps");
    EXPECT_EQ(Read("Colour", "Blue"), "Blue");
    EXPECT_EQ(Read("Name", "a=b|c"), "a=b|c");
    EXPECT_EQ(Read("Address", "10.1.2.3"), "10.1.2.3");
    EXPECT_EQ(Read("Queue", "64kB"), "64000B");
}

TEST(Value, ReadsTimesExactlyInEveryUnit)
{
    EXPECT_EQ(Read("Delay", "1500ms"), "1.5s");
    EXPECT_EQ(Read("Delay", "0.3s"), "0.3s");
    EXPECT_EQ(Read("Delay", "1us"), "0.000001s");
    EXPECT_EQ(Read("Delay", "1ns"), "0.000000001s");
    EXPECT_EQ(Read("Delay", "1min"), "60s");
    EXPECT_EQ(Read("AnyTime", "1d"), "86400s");
    EXPECT_EQ(Read("AnyTime", "-2h"), "-7200s");
}

TEST(Value, AsksForATimesUnit)
{
    EXPECT_EQ(Read("Delay", "5"), "'5' needs a unit, such as 5s or 500ms");
    EXPECT_EQ(Read("Delay", "5x"), "'5x' has no known unit; use ns, us, ms, s, min, h or d");
    EXPECT_EQ(Read("Rate", "9600"), "'9600' needs a unit, such as 9600bps or 64kb/s");
}

TEST(Value, TellsTheAllowedRangeReadably)
{
    EXPECT_EQ(Read("Delay", "61s"), "'61s' is out of range; allowed: 0s to 60s");
    EXPECT_EQ(Read("Delay", "-1s"), "'-1s' is out of range; allowed: 0s to 60s");
    EXPECT_EQ(Read("AnyTime", "1e30s"), "'1e30s' is out of range; allowed: any time");
    EXPECT_EQ(Read("Count", "0"), "'0' is out of range; allowed: 1 to 8");
    EXPECT_EQ(Read("Offset", "6"), "'6' is out of range; allowed: -5 to 5");
    EXPECT_EQ(Read("Share", "1.01"), "'1.01' is out of range; allowed: 0 to 1");
}

TEST(Value, RefusesSignsFractionsAndTailsInWholeNumbers)
{
    for (const char* text : {"-1", "3.7", "4abc", "nan", "", "4294967297x"})
    {
        EXPECT_NE(Read("Count", text).find("is not a whole number without sign; allowed: 1 to 8"),
                  std::string::npos)
            << text;
    }
}

TEST(Value, RefusesWhatIsNotFinite)
{
    EXPECT_EQ(Read("Share", "nan"), "'nan' is not a finite number; allowed: 0 to 1");
    EXPECT_EQ(Read("Share", "inf"), "'inf' is not a finite number; allowed: 0 to 1");
    EXPECT_EQ(Read("Delay", "infs"), "'infs' is not a time; allowed: 0s to 60s");
    EXPECT_EQ(Read("Delay", "nans"), "'nans' is not a time; allowed: 0s to 60s");
}

TEST(Value, RefusesOtherNonsense)
{
    EXPECT_EQ(Read("Flag", "yes"), "'yes' is not a truth value; allowed: true or false");
    EXPECT_EQ(Read("Colour", "Bleu"),
              "'Bleu' is none of its values; allowed: Red, Green or Blue; did you mean Blue?");
    for (const char* text : {"10.0.0", "10.0.0.256", "host", "10.0.0.1 x"})
    {
        EXPECT_NE(Read("Address", text).find("is not an address"), std::string::npos) << text;
    }
    for (const char* text : {"-1kb/s", "1kb/s x", "1xb/s", "1e40bps", "b/s"})
    {
        EXPECT_NE(Read("Rate", text).find("allowed: a rate with its unit"), std::string::npos)
            << text;
    }
    for (const char* text : {"100", "-1p", "100pp", "p"})
    {
        EXPECT_NE(Read("Queue", text).find("is not a queue size"), std::string::npos) << text;
    }
    EXPECT_EQ(Read("Reading", "1"), "cannot be set in advance");
}

TEST(Value, TakesRandomVariables)
{
    for (const std::string text : {"ns3::NormalRandomVariable[Mean=1.5|Variance=0.1]",
                                   "ns3::UniformRandomVariable",
                                   "ns3::UniformRandomVariable[]",
                                   "ns3::ExponentialRandomVariable[Mean=2]"})
    {
        EXPECT_EQ(Read("Draw", text), text);
    }
}

TEST(Value, RefusesMalformedRandomVariables)
{
    for (const char* text : {"",
                             "3",
                             "5s",
                             "ns3::NormalRandomVariable[",
                             "ns3::NormalRandomVariable]",
                             "ns3::NormalRandomVariable][",
                             "ns3::NormalRandomVariable[Mean=1",
                             "ns3::NormalRandomVariable[Mean=1]x",
                             "ns3::NormalRandomVariable[Mean=[1]]",
                             "ns3::NormalRandomVariable[Mean=1 | Variance=1]"})
    {
        EXPECT_NE(Read("Draw", text).find("is not of the form"), std::string::npos) << text;
    }
    EXPECT_EQ(Read("Draw", "ns3::NormalRandomVariable[Mean]"), "'Mean' is not Attribute=value");
    EXPECT_EQ(Read("Draw", "ns3::NormalRandomVariable[Maen=1]"),
              "Maen: no such attribute of ns3::NormalRandomVariable; did you mean Mean?");
    EXPECT_EQ(Read("Draw", "ns3::NormalRandomVariable[Mean=1|]"), "'' is not Attribute=value");
    EXPECT_EQ(Read("Draw", "ns3::NormalRandomVariable[Mean=inf]"),
              "Mean: 'inf' is not a finite number; allowed: any number");
}

TEST(Value, RefusesRandomVariablesThatCannotBeMadeFromText)
{
    // The first is abstract, the next two draw from a table, the last is no random variable.
    for (const char* text : {"ns3::RandomVariableStream",
                             "ns3::EmpiricalRandomVariable",
                             "ns3::DeterministicRandomVariable",
                             "ns3::p2pim::TestConfigured"})
    {
        EXPECT_NE(Read("Draw", text).find("is no class that can stand here"), std::string::npos)
            << text;
    }
    EXPECT_EQ(Read("Draw", "ns3::NormlRandomVariable"),
              "'ns3::NormlRandomVariable' is no class that can stand here; did you mean "
              "ns3::NormalRandomVariable?");
}

TEST(Value, DescribesWhatIsAllowed)
{
    EXPECT_EQ(DescribeAllowed(GetInfo("Delay")), "0s to 60s");
    EXPECT_EQ(DescribeAllowed(GetInfo("AnyTime")), "any time");
    EXPECT_EQ(DescribeAllowed(GetInfo("Colour")), "Red, Green or Blue");
    EXPECT_EQ(DescribeType(GetInfo("Draw")), "random variable");
    EXPECT_EQ(DescribeType(GetInfo("Count")), "whole number");
}

TEST(Value, PrintsNoObjectAsNone)
{
    const auto info = GetInfo("Other");
    EXPECT_EQ(FormatValue(*info.originalInitialValue, info), "none");
}
