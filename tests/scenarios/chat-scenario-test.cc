// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-run.h"
#include "scenarios/chat-scenario.h"

#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/gsm-cell.h"
#include "ns3/network-mode.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::RunRecord;
using ::p2pim::test::ScenarioRun;

namespace
{

/// Runs the scenario with the attributes' defaults of the moment.
class ChatScenarioTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        Config::Reset();
        RngSeedManager::SetRun(1);
    }

    static RunRecord Run(const std::string& scheme, uint32_t sessions, uint64_t seed = 1)
    {
        Config::SetDefault("ns3::p2pim::Scenario::Sessions", UintegerValue(sessions));
        RngSeedManager::SetRun(seed);
        RunRecord record;
        EXPECT_TRUE(CreateObject<ChatScenario>()->Run(scheme, {}, record));
        return record;
    }
};

double
Mean(const std::vector<double>& values)
{
    EXPECT_FALSE(values.empty());
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// @return the time from step to step of each session that has both, in s.
std::vector<double>
Between(const RunRecord& record, const std::string& from, const std::string& to)
{
    std::vector<double> times;
    for (const auto& session : record.sessions)
    {
        std::map<std::string, int64_t> steps;
        for (const auto& step : session.steps)
        {
            steps[step.name] = step.timeNs;
        }
        if (steps.count(from) > 0 && steps.count(to) > 0)
        {
            times.push_back(static_cast<double>(steps[to] - steps[from]) * 1e-9);
        }
    }
    return times;
}

/// @return the delay of each message after a session's first, in s.
std::vector<double>
MessageDelays(const RunRecord& record)
{
    std::vector<double> delays;
    for (const auto& session : record.sessions)
    {
        for (const auto& message : session.messages)
        {
            if (message.index > 0 && message.receivedNs >= 0)
            {
                delays.push_back(static_cast<double>(message.receivedNs - message.sentNs) * 1e-9);
            }
        }
    }
    return delays;
}

double
GetCounter(const RunRecord& record, const std::string& element, const std::string& name)
{
    double sum = 0;
    for (const auto& counter : record.counters)
    {
        if (counter.element.rfind(element, 0) == 0 && counter.name == name)
        {
            sum += counter.value;
        }
    }
    return sum;
}

/// All of a record as text, to compare to the last digit.
std::string
Print(const RunRecord& record)
{
    std::string text = record.scheme + " " + std::to_string(record.events) + "\n";
    for (const auto& session : record.sessions)
    {
        text += session.bearer + " " + session.cause + " " + std::to_string(session.setupNs) + " " +
                std::to_string(session.firstMessageNs);
        for (const auto& step : session.steps)
        {
            text += " " + step.name + "=" + std::to_string(step.timeNs);
        }
        for (const auto& message : session.messages)
        {
            text += " " + std::to_string(message.octets) + ":" + std::to_string(message.sentNs) +
                    ":" + std::to_string(message.receivedNs);
        }
        text += "\n";
    }
    for (const auto& counter : record.counters)
    {
        text += counter.element + " " + counter.name + " " + std::to_string(counter.value) + "\n";
    }
    return text;
}

} // namespace

TEST_F(ChatScenarioTest, EverySchemeSucceedsInAnUnloadedNetwork)
{
    for (const auto& scheme : CreateObject<ChatScenario>()->GetSchemes())
    {
        const auto record = Run(scheme.name, 40);
        for (const auto& session : record.sessions)
        {
            EXPECT_TRUE(session.succeeded)
                << scheme.name << " " << session.index << ": " << session.cause;
            EXPECT_EQ(session.messages.size(), 10U);
        }
    }
}

TEST_F(ChatScenarioTest, TheSameSeedGivesTheSameRunWhateverRanBefore)
{
    for (const auto* const scheme : {"p2p", "p2p-pin"})
    {
        const auto first = Print(Run(scheme, 20, 3));
        Run("im-server", 10, 9);
        Run("sip-message", 10, 3);
        EXPECT_EQ(Print(Run(scheme, 20, 3)), first);
        EXPECT_NE(Print(Run(scheme, 20, 4)), first);
    }
}

// an invitation over a registered bearer crosses two idle GPRS radios, each in a round trip of 0.6
// to 1.0 s (C7), where an SMS takes 7 s (C1); later messages cross the same radios
TEST_F(ChatScenarioTest, APinInvitationSavesTheTimeOfTheSms)
{
    Config::SetDefault("ns3::p2pim::ChatScenario::WarmShare", DoubleValue(1));
    const auto sms = Run("p2p", 60);
    const auto pin = Run("p2p-pin", 60);
    const auto bySms = Mean(Between(sms, "sms_submitted", "sms_delivered"));
    const auto byPin = Mean(Between(pin, "sms_submitted", "sms_delivered"));
    EXPECT_GE(byPin, 0.6);
    EXPECT_LE(byPin, 2.0);
    EXPECT_GT(bySms - byPin, 3);
    EXPECT_NEAR(Mean(MessageDelays(pin)) / Mean(MessageDelays(sms)), 1, 0.1);
}

// common random numbers: the users do the same whatever the scheme
TEST_F(ChatScenarioTest, EverySchemeSeesTheSameUsers)
{
    const auto p2p = Run("p2p", 30);
    const auto sip = Run("sip-message", 30);
    for (uint32_t n = 0; n < 30; ++n)
    {
        const auto& a = p2p.sessions[n];
        const auto& b = sip.sessions[n];
        EXPECT_EQ(a.bearer, b.bearer);
        EXPECT_EQ(a.steps.front().timeNs, b.steps.front().timeNs);
        ASSERT_EQ(a.messages.size(), b.messages.size());
        for (std::size_t m = 0; m < a.messages.size(); ++m)
        {
            EXPECT_EQ(a.messages[m].octets, b.messages[m].octets);
        }
    }
}

TEST_F(ChatScenarioTest, PhasesAddUpToTheTotalExactly)
{
    for (const auto& session : Run("p2p", 30).sessions)
    {
        int64_t sum = 0;
        for (std::size_t n = 1; n < session.steps.size(); ++n)
        {
            EXPECT_GE(session.steps[n].timeNs, session.steps[n - 1].timeNs);
            sum += session.steps[n].timeNs - session.steps[n - 1].timeNs;
        }
        ASSERT_EQ(session.steps.front().name, "pressed");
        ASSERT_EQ(session.steps.back().name, "first_received");
        EXPECT_EQ(sum, session.firstMessageNs);
    }
}

// calibration targets C1 (7 +- 2 s) and C4 (an SDCCH is held for 3 to 5 s)
TEST_F(ChatScenarioTest, AnInvitationTakesAsLongAsAnSmsInALiveNetwork)
{
    const auto record = Run("p2p", 200);
    const auto delays = Between(record, "sms_submitted", "sms_delivered");
    ASSERT_EQ(delays.size(), 200U);
    EXPECT_NEAR(Mean(delays), 7, 2);
    const auto holding = GetCounter(record, "cell-", "sdcch_seconds") /
                         GetCounter(record, "cell-", "sdcch_seizures");
    EXPECT_GE(holding, 3);
    EXPECT_LE(holding, 5);
}

// a registered MESSAGE needs no invitation; afterwards both schemes cross the same two radios
TEST_F(ChatScenarioTest, SipMessageIsFirstButLaterMessagesTakeAlikeLong)
{
    Config::SetDefault("ns3::p2pim::ChatScenario::WarmShare", DoubleValue(1));
    const auto p2p = Run("p2p", 60);
    const auto sip = Run("sip-message", 60);
    for (uint32_t n = 0; n < 60; ++n)
    {
        EXPECT_LT(sip.sessions[n].firstMessageNs, p2p.sessions[n].firstMessageNs);
    }
    EXPECT_NEAR(Mean(MessageDelays(p2p)) / Mean(MessageDelays(sip)), 1, 0.25);
}

TEST_F(ChatScenarioTest, AColdBearerCostsAttachAndContext)
{
    // a phone of class B, warm or cold, has to be off its SDCCH first; without that it is the sum
    Config::SetDefault("ns3::p2pim::GprsMobileStation::MobileClass",
                       EnumValue(MobileClass::CLASS_A));
    const auto record = Run("p2p", 100);
    std::vector<double> cold;
    std::vector<double> warm;
    for (const auto& session : record.sessions)
    {
        (session.bearer == "cold" ? cold : warm)
            .push_back(static_cast<double>(session.setupNs) * 1e-9);
    }
    // attach and context on both phones: twice three to five seconds (structural budget, part D)
    EXPECT_NEAR(Mean(cold) - Mean(warm), 8, 2.5);
}

// part D: the first message after about 8.5 to 14 s with warm contexts, 14 to 22 s with cold ones
TEST_F(ChatScenarioTest, TheFirstMessageOfClassBTakesTheStructuralBudget)
{
    const auto record = Run("p2p", 100);
    std::vector<double> cold;
    std::vector<double> warm;
    for (const auto& session : record.sessions)
    {
        (session.bearer == "cold" ? cold : warm)
            .push_back(static_cast<double>(session.firstMessageNs) * 1e-9);
    }
    EXPECT_GE(Mean(warm), 8.5);
    EXPECT_LE(Mean(warm), 14);
    EXPECT_GE(Mean(cold), 14);
    EXPECT_LE(Mean(cold), 22);
    // each phone that takes or sends an invitation suspends its GPRS if it is attached
    EXPECT_GT(GetCounter(record, "sgsn", "suspensions"), 0);
    EXPECT_EQ(GetCounter(record, "sgsn", "resumptions"), GetCounter(record, "sgsn", "suspensions"));
}

TEST_F(ChatScenarioTest, AnImpatientUserGivesUp)
{
    Config::SetDefault("ns3::p2pim::ChatScenario::SessionTimeout", TimeValue(Seconds(5)));
    for (const auto& session : Run("p2p", 5).sessions)
    {
        EXPECT_FALSE(session.succeeded);
        EXPECT_EQ(session.cause, "session timeout");
        EXPECT_EQ(session.setupNs, -1);
    }
}

TEST_F(ChatScenarioTest, StopsWhenAskedTo)
{
    Config::SetDefault("ns3::p2pim::Scenario::Sessions", UintegerValue(20));
    RunRecord record;
    uint32_t last = 0;
    const auto stopAfterThree = [&](uint32_t ended) {
        last = ended;
        return ended < 3;
    };
    EXPECT_FALSE(CreateObject<ChatScenario>()->Run("p2p", stopAfterThree, record));
    EXPECT_EQ(last, 3U);
}

// the one attempt is that of which the steps tell
TEST_F(ChatScenarioTest, EachSessionHasItsAttemptsToConnect)
{
    const auto record = Run("p2p", 3);
    for (const auto& session : record.sessions)
    {
        ASSERT_EQ(session.attempts.size(), 1u);
        const auto& attempt = session.attempts.front();
        const auto getStep = [&session](const char* name) {
            return std::find_if(session.steps.begin(),
                                session.steps.end(),
                                [name](const auto& step) { return step.name == name; })
                ->timeNs;
        };
        EXPECT_FALSE(attempt.fromInitiator);
        EXPECT_EQ(attempt.candidate, "host");
        EXPECT_EQ(attempt.local.rfind("10.", 0), 0u) << attempt.local;
        EXPECT_NE(attempt.remote.find(":49153"), std::string::npos) << attempt.remote;
        EXPECT_EQ(attempt.tries, 1u);
        EXPECT_EQ(attempt.startNs, getStep("syn_sent"));
        EXPECT_EQ(attempt.endNs, getStep("established"));
        EXPECT_EQ(attempt.outcome, "");
        EXPECT_EQ(session.diagnosis, "");
    }
    EXPECT_TRUE(Run("im-server", 1).sessions.front().attempts.empty());
}

// RFC 1918: no phone can be reached at its own address, and nobody else has it here
TEST_F(ChatScenarioTest, ASessionThatDoesNotGetThroughSaysWhy)
{
    const ScenarioRun run("nat-pair.ini",
                          {"ChatScenario.Sessions=5",
                           "PeerToPeerClient.Traversal=Direct",
                           "Operator2.Ggsn.AccessPoints=internet=10.128.0.0/9"});
    for (const auto& session : run.record.sessions)
    {
        EXPECT_FALSE(session.succeeded);
        EXPECT_EQ(session.diagnosis, "no route");
        ASSERT_EQ(session.attempts.size(), 1u);
        EXPECT_EQ(session.attempts.front().outcome, "no route");
    }
}
