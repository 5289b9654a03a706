// SPDX-License-Identifier: GPL-2.0-only
#include "expect-user-error.h"
#include "program/configuration.h"
#include "test-configured.h"

#include "ns3/config.h"
#include "ns3/hlr.h"
#include "ns3/operator-defaults.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace p2pim::program;
using ns3::CreateObject;
using ns3::p2pim::TestConfigured;
using ns3::p2pim::TestConfiguredChild;

namespace
{

constexpr auto FILE_SOURCE = Configuration::Source::SCENARIO_FILE;
constexpr auto OPTION_SOURCE = Configuration::Source::COMMAND_LINE;

Assignment
Assign(const std::string& className,
       const std::string& attribute,
       const std::string& value,
       int line = 1)
{
    const std::string place = "x.ini:" + std::to_string(line);
    return {className, attribute, value, place, place + ": " + className + "." + attribute};
}

std::string
GetValue(const Configuration& configuration, const std::string& key)
{
    const auto settings = configuration.Describe();
    const auto found = std::find_if(settings.begin(), settings.end(), [&](const auto& setting) {
        return setting.key == key;
    });
    return found == settings.end() ? "missing"
                                   : found->value + (found->isDefault ? " (default)" : "");
}

/// Leaves every attribute as it was.
class ConfigurationTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        ns3::Config::Reset();
    }

    /// @return the error line about an assignment.
    std::string GetError(const Assignment& assignment)
    {
        return GetUserError([&] { m_configuration.Add(assignment, FILE_SOURCE); });
    }

    Configuration m_configuration;
};

} // namespace

// a file that extends another one overrules it, and so does what is added after it
TEST_F(ConfigurationTest, AHigherLayerOverrulesALowerOne)
{
    auto extending = Assign("TestConfigured", "Count", "6", 2);
    extending.layer = 1;
    m_configuration.Add(Assign("TestConfigured", "Count", "3"), FILE_SOURCE);
    m_configuration.Add(extending, FILE_SOURCE);
    m_configuration.Apply();
    EXPECT_EQ(CreateObject<TestConfigured>()->count, 6u);
    EXPECT_EQ(GetError(extending), "x.ini:2: TestConfigured.Count: already set at x.ini:2");
}

TEST_F(ConfigurationTest, SetsWhatObjectsAreMadeWith)
{
    m_configuration.Add(Assign("TestConfigured", "Delay", "2s"), FILE_SOURCE);
    m_configuration.Add(Assign("ns3::p2pim::TestConfigured", "Colour", "Blue"), FILE_SOURCE);
    m_configuration.Apply();
    const auto object = CreateObject<TestConfigured>();
    EXPECT_EQ(object->delay, ns3::Seconds(2));
    EXPECT_EQ(object->colour, TestConfigured::BLUE);
}

TEST_F(ConfigurationTest, FindsClassesOfNs3ByTheirShortName)
{
    m_configuration.Add(Assign("UniformRandomVariable", "Max", "7"), FILE_SOURCE);
    m_configuration.Apply();
    EXPECT_EQ(CreateObject<ns3::UniformRandomVariable>()->GetMax(), 7.0);
}

TEST_F(ConfigurationTest, ForgetsWhatAnEarlierOneSet)
{
    m_configuration.Add(Assign("TestConfigured", "Count", "8"), FILE_SOURCE);
    m_configuration.Apply();
    Configuration().Apply();
    EXPECT_EQ(CreateObject<TestConfigured>()->count, 4u);
}

TEST_F(ConfigurationTest, GivesEachObjectARandomVariableOfItsOwn)
{
    m_configuration.Add(Assign("TestConfigured", "Draw", "ns3::ConstantRandomVariable[Constant=3]"),
                        FILE_SOURCE);
    m_configuration.Apply();
    const auto one = CreateObject<TestConfigured>();
    const auto other = CreateObject<TestConfigured>();
    EXPECT_EQ(one->draw->GetValue(), 3.0);
    EXPECT_NE(one->draw, other->draw);
}

TEST_F(ConfigurationTest, TakesARandomVariableWithoutAttributes)
{
    m_configuration.Add(Assign("TestConfigured", "Draw", "ns3::UniformRandomVariable[]"),
                        FILE_SOURCE);
    m_configuration.Apply();
    EXPECT_LT(CreateObject<TestConfigured>()->draw->GetValue(), 1.0);
}

TEST_F(ConfigurationTest, OptionOverrulesFile)
{
    m_configuration.Add(Assign("TestConfigured", "Count", "2"), FILE_SOURCE);
    m_configuration.Add(Assign("TestConfigured", "Count", "3"), OPTION_SOURCE);
    m_configuration.Apply();
    EXPECT_EQ(CreateObject<TestConfigured>()->count, 3u);
}

TEST_F(ConfigurationTest, InheritedAttributeIsSetWhereItIsDeclared)
{
    m_configuration.Add(Assign("TestConfiguredChild", "Count", "2"), FILE_SOURCE);
    m_configuration.Apply();
    EXPECT_EQ(CreateObject<TestConfiguredChild>()->count, 2u);
    EXPECT_EQ(GetValue(m_configuration, "TestConfigured.Count"), "2");
}

TEST_F(ConfigurationTest, RefusesASecondAssignmentAndNamesBothLines)
{
    m_configuration.Add(Assign("TestConfigured", "Count", "2", 3), FILE_SOURCE);
    EXPECT_EQ(GetError(Assign("TestConfigured", "Count", "3", 9)),
              "x.ini:9: TestConfigured.Count: already set at x.ini:3");
    EXPECT_EQ(GetError(Assign("TestConfiguredChild", "Count", "3", 9)),
              "x.ini:9: TestConfiguredChild.Count: already set at x.ini:3; the attribute is "
              "TestConfigured.Count");
}

TEST_F(ConfigurationTest, NamesTheNearestClassAndAttribute)
{
    EXPECT_EQ(GetError(Assign("TestConfigurd", "Count", "3")),
              "x.ini:1: TestConfigurd.Count: no such class; did you mean TestConfigured?");
    EXPECT_EQ(GetError(Assign("ns3::p2pim::TestConfigurd", "Count", "3")),
              "x.ini:1: ns3::p2pim::TestConfigurd.Count: no such class; did you mean "
              "ns3::p2pim::TestConfigured?");
    EXPECT_EQ(GetError(Assign("TestConfiguredChild", "Cuont", "3")),
              "x.ini:1: TestConfiguredChild.Cuont: no such attribute; did you mean Count?");
}

TEST_F(ConfigurationTest, PutsThePlaceBeforeWhatIsWrongWithAValue)
{
    EXPECT_EQ(GetError(Assign("TestConfigured", "Delay", "5", 12)),
              "x.ini:12: TestConfigured.Delay: '5' needs a unit, such as 5s or 500ms");
}

TEST_F(ConfigurationTest, RefusesATextThatTheClassDoesNotTake)
{
    EXPECT_EQ(GetError(Assign("TestConfigured", "Word", "two words", 3)),
              "x.ini:3: TestConfigured.Word: 'two words' is not taken; it is: A text without "
              "blanks.");
    m_configuration.Add(Assign("TestConfigured", "Word", "one"), FILE_SOURCE);
    EXPECT_EQ(GetError(Assign("Smsc", "RetrySchedule", "abc", 4)).substr(0, 48),
              "x.ini:4: Smsc.RetrySchedule: 'abc' is not taken;");
}

TEST_F(ConfigurationTest, DescribesEveryAttributeOfTheModuleAndWhatTheUserSet)
{
    m_configuration.Add(Assign("TestConfigured", "Count", "2"), FILE_SOURCE);
    m_configuration.Add(Assign("UniformRandomVariable", "Max", "7"), FILE_SOURCE);
    m_configuration.Apply();
    EXPECT_EQ(GetValue(m_configuration, "TestConfigured.Count"), "2");
    EXPECT_EQ(GetValue(m_configuration, "TestConfigured.Delay"), "1.5s (default)");
    EXPECT_EQ(GetValue(m_configuration, "TestConfigured.Share"), "0.123456789 (default)");
    EXPECT_EQ(GetValue(m_configuration, "TestConfigured.Draw"),
              "ns3::ConstantRandomVariable[Constant=1] (default)");
    EXPECT_EQ(GetValue(m_configuration, "UniformRandomVariable.Max"), "7");
    EXPECT_EQ(GetValue(m_configuration, "UniformRandomVariable.Min"), "missing");
    EXPECT_EQ(GetValue(m_configuration, "TestConfigured.Reading"), "missing");
}

TEST_F(ConfigurationTest, SetsForTheObjectsOfOneOperator)
{
    const auto getRetries = []() {
        ns3::UintegerValue retries;
        CreateObject<ns3::p2pim::Hlr>()->GetAttribute("AlertRetries", retries);
        return retries.Get();
    };
    m_configuration.Add(Assign("Hlr", "AlertRetries", "3"), FILE_SOURCE);
    m_configuration.Add(Assign("Operator2.Hlr", "AlertRetries", "4", 2), FILE_SOURCE);
    m_configuration.Add(Assign("Operator2.Hlr", "AlertRetries", "5"), OPTION_SOURCE);
    m_configuration.Apply();
    EXPECT_EQ(getRetries(), 3u);
    {
        const ns3::p2pim::OperatorDefaults::Scope second(2);
        EXPECT_EQ(getRetries(), 5u);
        const ns3::p2pim::OperatorDefaults::Scope first(1);
        EXPECT_EQ(getRetries(), 5u);
    }
    EXPECT_EQ(getRetries(), 3u);
    EXPECT_EQ(GetValue(m_configuration, "Hlr.AlertRetries"), "3");
    EXPECT_EQ(GetValue(m_configuration, "Operator2.Hlr.AlertRetries"), "5");
    EXPECT_EQ(m_configuration.GetLabel("Operator2.Hlr.AlertRetries"),
              "x.ini:1: Operator2.Hlr.AlertRetries");

    Configuration().Apply();
    const ns3::p2pim::OperatorDefaults::Scope second(2);
    EXPECT_EQ(getRetries(), 10u);
}

// [Operator2.Ggsn] may be set anew for every point of a study
TEST_F(ConfigurationTest, AnOperatorsLastDefaultCounts)
{
    m_configuration.Add(Assign("Operator2.Hlr", "AlertRetries", "${3,4}"), FILE_SOURCE);
    m_configuration.Apply();
    for (const char* text : {"3", "4", "3"})
    {
        const std::string key = "Operator2.Hlr.AlertRetries";
        m_configuration.ApplyOne(key, m_configuration.Read(key, text));
        const ns3::p2pim::OperatorDefaults::Scope second(2);
        ns3::UintegerValue retries;
        CreateObject<ns3::p2pim::Hlr>()->GetAttribute("AlertRetries", retries);
        EXPECT_EQ(std::to_string(retries.Get()), text);
    }
}

TEST_F(ConfigurationTest, RefusesWhatIsNoOperatorsAndNamesTheNearest)
{
    EXPECT_EQ(GetError(Assign("Operater2.Hlr", "AlertRetries", "3")),
              "x.ini:1: Operater2.Hlr.AlertRetries: 'Operater2' is no operator; did you mean "
              "Operator2?");
    EXPECT_EQ(GetError(Assign("Operator2.Hrl", "AlertRetries", "3")),
              "x.ini:1: Operator2.Hrl.AlertRetries: no such class; did you mean Hlr?");
    EXPECT_EQ(GetError(Assign("Operator2.Hlr", "AlertRetry", "3")),
              "x.ini:1: Operator2.Hlr.AlertRetry: no such attribute; did you mean AlertRetries?");
    EXPECT_EQ(GetError(Assign("Operator2.Hlr", "AlertRetries", "-3")).substr(0, 40),
              "x.ini:1: Operator2.Hlr.AlertRetries: '-3");
    EXPECT_NE(GetError(Assign("Operator2.ImServer", "Port", "3"))
                  .find("Operator2.ImServer.Port: ImServer is not an operator's own; those are "
                        "AccessNetwork, CellularNetwork, "),
              std::string::npos);
    m_configuration.Add(Assign("Operator2.Hlr", "AlertRetries", "4", 2), FILE_SOURCE);
    EXPECT_EQ(GetError(Assign("Operator2.Hlr", "AlertRetries", "3", 4)),
              "x.ini:4: Operator2.Hlr.AlertRetries: already set at x.ini:2");
}
