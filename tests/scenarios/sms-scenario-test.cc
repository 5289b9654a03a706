// SPDX-License-Identifier: GPL-2.0-only
#include "scenarios/sms-scenario.h"

#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::RunRecord;

namespace
{

/// Runs of the scenario that end before their messages do.
class SmsScenarioTest : public testing::Test
{
  protected:
    SmsScenarioTest()
    {
        Config::SetDefault("ns3::p2pim::SmsScenario::Phones", UintegerValue(20));
        Config::SetDefault("ns3::p2pim::Scenario::Sessions", UintegerValue(20));
        Config::SetDefault("ns3::p2pim::SmsTraffic::ArrivalInterval",
                           StringValue("ns3::ConstantRandomVariable[Constant=60]"));
    }

    void TearDown() override
    {
        Config::Reset();
    }

    static auto Count(const RunRecord& record, const std::string& cause)
    {
        return std::count_if(record.sessions.begin(),
                             record.sessions.end(),
                             [&cause](const auto& session) { return session.cause == cause; });
    }
};

} // namespace

TEST_F(SmsScenarioTest, StopsWhenAskedTo)
{
    RunRecord record;
    uint32_t last = 0;
    const auto stopAfterThree = [&last](uint32_t ended) {
        last = ended;
        return ended < 3;
    };
    EXPECT_FALSE(CreateObject<SmsScenario>()->Run("sms", stopAfterThree, record));
    EXPECT_EQ(last, 3U);
}

// A run that is long enough for half of the messages says so of the others.
TEST_F(SmsScenarioTest, TellsWhatWasNotSentInItsTime)
{
    Config::SetDefault("ns3::p2pim::SmsScenario::MaxDuration", TimeValue(Seconds(10 * 60 + 50)));
    RunRecord record;
    EXPECT_TRUE(CreateObject<SmsScenario>()->Run("sms", {}, record));
    EXPECT_EQ(Count(record, ""), 10);
    EXPECT_EQ(Count(record, "not sent before the run ended"), 10);
}

// Messages to phones that are never on are in the store when the run ends.
TEST_F(SmsScenarioTest, TellsWhatIsStoredAtItsEnd)
{
    Config::SetDefault("ns3::p2pim::SmsScenario::MaxDuration", TimeValue(Hours(1)));
    Config::SetDefault("ns3::p2pim::PhoneAvailability::UnreachableShare", DoubleValue(0.5));
    Config::SetDefault("ns3::p2pim::PhoneAvailability::MeanUnreachableTime", TimeValue(Hours(1e4)));
    RunRecord record;
    EXPECT_TRUE(CreateObject<SmsScenario>()->Run("sms", {}, record));
    const auto stored = Count(record, "stored when the run ended");
    EXPECT_GT(stored, 0);
    EXPECT_EQ(stored + Count(record, ""), 20);
}
