// SPDX-License-Identifier: GPL-2.0-only
#include "scenarios/sms-scenario.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::RunRecord;

namespace
{

/// Messages in a network where everything fails now and then.
class SmsSoakTest : public testing::Test
{
  protected:
    SmsSoakTest()
    {
        Set("SmsScenario::Phones", UintegerValue(400));
        Set("SmsScenario::KeepSteps", BooleanValue(false));
        Set("SmsTraffic::ArrivalInterval", StringValue("ns3::ExponentialRandomVariable[Mean=2]"));
        Set("SmsTraffic::DataShare", DoubleValue(0.3));
        Set("SmsTraffic::StatusReportShare", DoubleValue(0.1));
        Set("SmsTraffic::Length", StringValue("ns3::ExponentialRandomVariable[Mean=90|Bound=400]"));
        Set("SmsTraffic::Validity",
            StringValue("ns3::UniformRandomVariable[Min=-100000|Max=100000]"));
        Set("CellularNetwork::Cells", UintegerValue(8));
        Set("GsmCell::FrameErasureRate", DoubleValue(0.02));
        Set("PhoneAvailability::UnreachableShare", DoubleValue(0.2));
        Set("NetworkFaults::CellOutages", DoubleValue(0.1));
        Set("NetworkFaults::MscOutages", DoubleValue(0.3));
        Set("NetworkFaults::HlrOutages", DoubleValue(0.3));
        Set("NetworkFaults::SmscOutages", DoubleValue(0.4));
    }

    void TearDown() override
    {
        Config::Reset();
    }

    static void Set(const std::string& name, const AttributeValue& value)
    {
        Config::SetDefault("ns3::p2pim::" + name, value);
    }

    RunRecord Run(uint32_t messages)
    {
        Set("Scenario::Sessions", UintegerValue(messages));
        RunRecord record;
        EXPECT_TRUE(CreateObject<SmsScenario>()->Run("sms", {}, record));
        for (const auto& counter : record.counters)
        {
            m_counters[counter.element + "." + counter.name] = counter.value;
        }
        return record;
    }

    double Get(const std::string& name) const
    {
        const auto found = m_counters.find(name);
        return found == m_counters.end() ? 0 : found->second;
    }

    std::map<std::string, double> m_counters;
};

} // namespace

// Nothing vanishes: a message arrives, expires, or its sender is told that it was not sent; and a
// message arrives twice only because its sender or the SMSC has had no answer.
TEST_F(SmsSoakTest, LosesNothingWhateverFails)
{
    const RunRecord record = Run(100000);
    const std::set<std::string> ends{"expired",
                                     // what the phone has told its user
                                     "no answer from the network",
                                     "no answer from the service centre",
                                     "phone switched off",
                                     "phone switched off or out of coverage",
                                     "radio link failure",
                                     "random access failure",
                                     "no free channel",
                                     "released by the network"};
    uint32_t delivered = 0;
    for (const auto& session : record.sessions)
    {
        EXPECT_TRUE(session.succeeded || ends.count(session.cause) == 1)
            << session.index << " " << session.cause;
        delivered += session.succeeded ? 1 : 0;
    }
    EXPECT_GT(delivered, 97000U);

    EXPECT_GE(Get("smsc.restarts"), 20);
    EXPECT_GE(Get("faults.cell_outages"), 20);
    EXPECT_GE(Get("faults.msc_outages"), 10);
    EXPECT_GE(Get("faults.hlr_outages"), 10);
    EXPECT_GE(Get("msc.imsi_detaches"), 1000);

    // what is still stored are status reports: each session has come to its end
    EXPECT_DOUBLE_EQ(Get("smsc.messages_accepted") + Get("smsc.status_reports"),
                     Get("smsc.messages_delivered") + Get("smsc.messages_expired") +
                         Get("smsc.messages_refused") + Get("smsc.messages_stored"));

    EXPECT_GT(Get("messages.repeated_after_failed_attempt"), 0);
    EXPECT_GT(Get("messages.repeated_after_resubmission"), 0);
    EXPECT_DOUBLE_EQ(Get("messages.repeated_without_cause"), 0);
    EXPECT_DOUBLE_EQ(Get("messages.stored_after_failure"), 0);
}

// As long as MSC and HLR serve, each attempt has its answer, whatever phones, cells and the SMSC
// do.
TEST_F(SmsSoakTest, AnswersEachAttempt)
{
    Set("NetworkFaults::CellOutages", DoubleValue(1));
    Set("NetworkFaults::MscOutages", DoubleValue(0));
    Set("NetworkFaults::HlrOutages", DoubleValue(0));
    Set("NetworkFaults::SmscOutages", DoubleValue(4));
    Run(10000);
    EXPECT_GE(Get("faults.cell_outages"), 20);
    EXPECT_GE(Get("smsc.attempts_restarted"), 20);
    EXPECT_GE(Get("smsc.attempts_no_paging_response"), 1000);
    EXPECT_DOUBLE_EQ(Get("smsc.map_timeouts"), 0);
}

// Without TP-RD and with few answers each repetition of a phone is stored, and known as one.
TEST_F(SmsSoakTest, KnowsTheCauseOfEachRepetition)
{
    Set("GsmMobileStation::RejectDuplicates", BooleanValue(false));
    Set("GsmCell::FrameErasureRate", DoubleValue(0.3));
    Set("NetworkFaults::MscOutages", DoubleValue(30));
    Set("NetworkFaults::MscOutageTime", StringValue("ns3::ConstantRandomVariable[Constant=5]"));
    Run(5000);
    EXPECT_GT(Get("smsc.duplicates_stored"), 5);
    EXPECT_GT(Get("messages.repeated_after_resubmission"), 5);
    EXPECT_GT(Get("messages.repeated_after_failed_attempt"), 5);
    EXPECT_DOUBLE_EQ(Get("messages.repeated_without_cause"), 0);
}

// Same seed, same record.
TEST_F(SmsSoakTest, RepeatsItself)
{
    const RunRecord first = Run(3000);
    const RunRecord second = Run(3000);
    EXPECT_EQ(first.events, second.events);
    ASSERT_EQ(first.counters.size(), second.counters.size());
    for (std::size_t i = 0; i < first.counters.size(); ++i)
    {
        EXPECT_EQ(first.counters[i].value, second.counters[i].value) << first.counters[i].name;
    }
    for (std::size_t i = 0; i < first.sessions.size(); ++i)
    {
        EXPECT_EQ(first.sessions[i].firstMessageNs, second.sessions[i].firstMessageNs);
        EXPECT_EQ(first.sessions[i].cause, second.sessions[i].cause);
    }
}
