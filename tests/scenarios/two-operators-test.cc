// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"
#include "scenarios/chat-scenario.h"
#include "tests/scenarios/scenario-run.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

using ::p2pim::SessionRecord;
using ::p2pim::oracle::Capture;
using ::p2pim::oracle::HasTshark;
using ::p2pim::test::GetMean;
using ::p2pim::test::ScenarioRun;
using ::p2pim::test::TemporaryName;

namespace
{

/// "MSRP ", as tshark writes octets.
constexpr const char* MSRP = "4d53525020";

/// A run of two-operators.ini with some options more.
ScenarioRun
RunTwo(std::vector<std::string> options, const std::string& scheme = "p2p", uint64_t seed = 1)
{
    options.insert(options.begin(), {"Scenario.Sessions=40", "CellularNetwork.Cells=4"});
    return ScenarioRun("two-operators.ini", options, seed, scheme);
}

bool
IsBetweenOperators(const SessionRecord& session)
{
    return session.bearer == "warm-other" || session.bearer == "cold-other";
}

/// All of a run that does not depend on the machine.
std::string
Print(const ScenarioRun& run)
{
    std::string text = std::to_string(run.record.events) + "\n";
    for (const auto& session : run.record.sessions)
    {
        text += session.bearer + " " + session.cause + " " + std::to_string(session.setupNs) + " " +
                std::to_string(session.firstMessageNs) + "\n";
    }
    for (const auto& counter : run.record.counters)
    {
        text += counter.element + " " + counter.name + " " + std::to_string(counter.value) + "\n";
    }
    return text;
}

} // namespace

TEST(TwoOperators, EverySchemeSucceedsWithinAndBetweenThem)
{
    for (const auto* const scheme : {"p2p", "p2p-pin", "sip-message", "im-server"})
    {
        const auto run = RunTwo({}, scheme);
        const auto between = std::count_if(run.record.sessions.begin(),
                                           run.record.sessions.end(),
                                           IsBetweenOperators);
        EXPECT_NEAR(static_cast<double>(between), 20, 10); // half of 40, three deviations
        for (const auto& session : run.record.sessions)
        {
            EXPECT_TRUE(session.succeeded)
                << scheme << " " << session.index << ": " << session.cause;
        }
    }
}

TEST(TwoOperators, TheSameSeedGivesTheSameRun)
{
    const std::string first = Print(RunTwo({}));
    EXPECT_NE(Print(RunTwo({}, "p2p", 2)), first);
    EXPECT_EQ(Print(RunTwo({})), first);
}

// one operator has none of the settings of the second, and its elements have no operator's name
TEST(TwoOperators, OneOperatorIsAsIfThereWereNoOthers)
{
    const std::vector<std::string> options{"Scenario.Sessions=20", "CellularNetwork.Cells=4"};
    auto one = options;
    one.insert(one.end(), {"ChatScenario.Operators=1", "ChatScenario.OtherOperatorShare=1"});
    const ScenarioRun run("setup-time.ini", one, 1, "p2p");
    EXPECT_EQ(Print(run), Print(ScenarioRun("setup-time.ini", options, 1, "p2p")));
    EXPECT_GT(run.Get("ggsn", "pdp_contexts_created"), 0);
    EXPECT_EQ(
        std::count_if(run.record.sessions.begin(), run.record.sessions.end(), IsBetweenOperators),
        0);
}

// whatever the share is, the same users begin, with the same messages
TEST(TwoOperators, TheShareChangesTheTargetsOnly)
{
    const auto same = RunTwo({"ChatScenario.OtherOperatorShare=0"});
    const auto other = RunTwo({"ChatScenario.OtherOperatorShare=1"});
    for (uint32_t n = 0; n < 40; ++n)
    {
        const auto& a = same.record.sessions[n];
        const auto& b = other.record.sessions[n];
        EXPECT_EQ(b.bearer, a.bearer + "-other");
        EXPECT_EQ(a.steps.front().timeNs, b.steps.front().timeNs);
        ASSERT_EQ(a.messages.size(), b.messages.size());
        EXPECT_EQ(a.messages[0].octets, b.messages[0].octets);
    }
    // each initiator has sent an invitation by its own SMSC
    EXPECT_EQ(same.Get("operator-1/smsc", "messages_accepted"),
              other.Get("operator-1/smsc", "messages_accepted"));
    // SRI-SM, its answer and MT-ForwardSM: 40 ms each, and a wait for the paging group of 0.6 s
    // more or less in the mean of 40
    const double longer = GetMean(other.GetTimes("sms_accepted", "sms_delivered")) -
                          GetMean(same.GetTimes("sms_accepted", "sms_delivered"));
    EXPECT_NEAR(longer, 0.12, 0.2);
}

// TS 23.060: the packets of the chat go by Gi; inside one operator its GGSN turns them round
TEST(TwoOperators, ThePolicyBetweenStationsIsOfOneOperatorAlone)
{
    const auto run = RunTwo({"Ggsn.MsToMs=Barred"});
    for (const auto& session : run.record.sessions)
    {
        EXPECT_EQ(session.succeeded, IsBetweenOperators(session)) << session.index;
    }
    EXPECT_GT(run.Get("operator-1/ggsn", "ms_to_ms_barred"), 0);
    const auto own = RunTwo({"Operator2.Ggsn.MsToMs=Barred"});
    EXPECT_EQ(own.Get("operator-1/ggsn", "ms_to_ms_barred"), 0);
    EXPECT_GT(own.Get("operator-2/ggsn", "ms_to_ms_barred"), 0);
}

// ETSI TS 102 250: a short message counts as lost after 175 s; the HLR is down for most of the time
TEST(TwoOperators, AnHlrOutageFailsTheSessionsToItsOperator)
{
    const auto run =
        RunTwo({"ChatScenario.OtherOperatorShare=1",
                "Operator2.NetworkFaults.HlrOutages=3600",
                "Operator2.NetworkFaults.HlrOutageTime=ns3::ConstantRandomVariable[Constant=1e5]"});
    uint32_t failed = 0;
    for (const auto& session : run.record.sessions)
    {
        failed += session.succeeded ? 0 : 1;
    }
    EXPECT_NEAR(failed, 20, 10); // those whose target is the second's
    EXPECT_EQ(run.Get("operator-2/faults", "hlr_outages"), 1);
    EXPECT_GE(run.Get("operator-1/smsc", "attempts_timed_out"), failed);
    EXPECT_EQ(run.Get("operator-2/smsc", "attempts_timed_out"), 0);
}

// What tshark reads: location and routing areas of both networks (001 01 and 001 02), two tunnels'
// ends for the packets of a chat, short messages by two service centres.
TEST(TwoOperators, CapturesShowBothNetworks)
{
    if (!HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    const TemporaryName base;
    const std::string gnFile = base.path + ".gn";
    const std::string layer3File = base.path + ".l3";
    const std::string llcFile = base.path + ".llc";
    const ScenarioRun run("two-operators.ini",
                          {"Scenario.Sessions=4",
                           "CellularNetwork.Cells=2",
                           "ChatScenario.OtherOperatorShare=1",
                           "Scenario.GnCapture=" + gnFile,
                           "Scenario.Layer3Capture=" + layer3File,
                           "Scenario.LlcCapture=" + llcFile});
    const Capture gn = Capture::Read(gnFile);
    const Capture layer3 = Capture::Read(layer3File);
    const Capture llc = Capture::Read(llcFile);
    std::filesystem::remove(gnFile);
    std::filesystem::remove(layer3File);
    std::filesystem::remove(llcFile);
    EXPECT_EQ(gn.FindFaults(), std::vector<std::string>());
    EXPECT_EQ(layer3.FindFaults(), std::vector<std::string>());
    std::set<std::string> ends;
    uint32_t texts = 0;
    for (const auto& frame : gn.Dissect({"ip.src", "ip.dst", "tcp.payload"}))
    {
        ends.insert(frame[0].substr(0, frame[0].find(',')));
        const bool toSecond = frame[0].find(",10.0.") != std::string::npos &&
                              frame[1].find(",10.128.") != std::string::npos;
        texts += toSecond && frame[2].rfind(MSRP, 0) == 0 ? 1 : 0;
    }
    EXPECT_EQ(ends,
              (std::set<std::string>{"172.16.0.1", "172.16.0.2", "172.16.0.5", "172.16.0.6"}));
    EXPECT_GE(texts, 4U * 5 * 2); // of 10 messages of a session each side sends 5, on two Gn links

    for (const char* code : {"(01)", "(02)"})
    {
        const std::string line = std::string("Mobile Network Code (MNC): Unknown ") + code;
        EXPECT_GT(layer3.FindLines(line).size(), 0U); // location areas
        EXPECT_GT(llc.FindLines(line).size(), 0U);    // routing areas
    }
    const auto count = [&layer3](const std::string& part) { return layer3.FindLines(part).size(); };
    // the target's network delivers in the name of the sender's service centre
    for (const char* centre : {"(441234500000)", "(447701000000)"})
    {
        EXPECT_GT(count(std::string("RP-Destination Address - ") + centre), 0U);
        EXPECT_EQ(count(std::string("RP-Originator Address - ") + centre),
                  count(std::string("RP-Destination Address - ") + centre));
    }
}
