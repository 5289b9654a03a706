// SPDX-License-Identifier: GPL-2.0-only
#include "scenarios/gprs-scenario.h"
#include "scenarios/gprs-traffic.h"
#include "tests/scenarios/scenario-run.h"

#include "ns3/config.h"
#include "ns3/nstime.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::RunRecord;
using ::p2pim::SessionRecord;
using ::p2pim::test::ScenarioRun;

namespace
{

/// All of a session that a results file keeps.
auto
Flatten(const SessionRecord& session)
{
    std::vector<std::tuple<std::string, int64_t>> times;
    for (const auto& step : session.steps)
    {
        times.emplace_back(step.name, step.timeNs);
    }
    for (const auto& message : session.messages)
    {
        times.emplace_back("message", message.sentNs);
        times.emplace_back("message", message.receivedNs);
        times.emplace_back("message", message.octets);
    }
    return std::tuple(session.index,
                      session.bearer,
                      session.succeeded,
                      session.cause,
                      session.setupNs,
                      session.firstMessageNs,
                      times);
}

/// @return whether two runs were the same, to the last nanosecond.
bool
AreSame(const RunRecord& a, const RunRecord& b)
{
    const auto equal = [](const auto& left, const auto& right) {
        return Flatten(left) == Flatten(right);
    };
    const auto same = [](const auto& left, const auto& right) {
        return std::tie(left.element, left.name, left.value) ==
               std::tie(right.element, right.name, right.value);
    };
    return a.events == b.events &&
           std::equal(a.sessions.begin(),
                      a.sessions.end(),
                      b.sessions.begin(),
                      b.sessions.end(),
                      equal) &&
           std::equal(a.counters.begin(),
                      a.counters.end(),
                      b.counters.begin(),
                      b.counters.end(),
                      same);
}

std::set<std::string>
GetCauses(const ScenarioRun& run)
{
    std::set<std::string> causes;
    for (const auto& session : run.record.sessions)
    {
        EXPECT_EQ(session.succeeded, session.cause.empty());
        causes.insert(session.cause);
    }
    return causes;
}

} // namespace

TEST(GprsTraffic, TakesStatesThatThereAre)
{
    const auto takes = [](const std::string& states) {
        return CreateObject<GprsTraffic>()->SetAttributeFailSafe("States", StringValue(states));
    };
    EXPECT_TRUE(takes("as-is"));
    EXPECT_TRUE(takes("open,ready,standby,detached"));
    for (const char* wrong : {"", "open,", ",open", "open,,ready", "Open", "open ready", "idle"})
    {
        EXPECT_FALSE(takes(wrong)) << wrong;
    }
}

// One draw of each stream for each session: what is sent does not depend on the phone's state.
TEST(GprsTraffic, DrawsTheSameForEveryState)
{
    const auto plan = [](const std::string& states) {
        auto traffic = CreateObject<GprsTraffic>();
        traffic->SetAttribute("States", StringValue(states));
        traffic->SetAttribute("PingOctets",
                              StringValue("ns3::UniformRandomVariable[Min=8|Max=1000]"));
        traffic->AssignStreams(0);
        return traffic->Plan(50, GprsTraffic::Kind::PING);
    };
    const auto mixed = plan("ready,detached,standby");
    const auto ready = plan("ready");
    for (std::size_t n = 0; n < mixed.size(); ++n)
    {
        EXPECT_EQ(mixed[n].octets, ready[n].octets);
        EXPECT_EQ(mixed[n].pause, ready[n].pause);
        EXPECT_TRUE(mixed[n].state != GprsPhoneState::READY || mixed[n].idle == ready[n].idle);
    }
    EXPECT_EQ(mixed[2].state, GprsPhoneState::STANDBY);
    EXPECT_GE(mixed[2].idle, Seconds(50));
}

TEST(GprsScenario, TheSameSeedGivesTheSameRecord)
{
    for (const char* file : {"gprs-ping.ini", "gprs-cell-load.ini", "gprs-mobility.ini"})
    {
        const std::vector<std::string> options{"Scenario.Sessions=60",
                                               "GprsCell.BlockErrorRate=0.1"};
        const ScenarioRun first(file, options, 3);
        EXPECT_TRUE(AreSame(first.record, ScenarioRun(file, options, 3).record)) << file;
        EXPECT_FALSE(AreSame(first.record, ScenarioRun(file, options, 4).record)) << file;
    }
}

TEST(GprsScenario, StopsWhenAskedTo)
{
    Config::SetDefault("ns3::p2pim::Scenario::Sessions", UintegerValue(20));
    RunRecord record;
    uint32_t last = 0;
    const auto stopAfterThree = [&last](uint32_t ended) {
        last = ended;
        return ended < 3;
    };
    EXPECT_FALSE(CreateObject<GprsPingScenario>()->Run("ping", stopAfterThree, record));
    EXPECT_EQ(last, 3U);
    Config::Reset();
}

// A session that fails has a cause, and the phone goes on to its next one.
TEST(GprsScenario, TellsWhyASessionFails)
{
    using Causes = std::set<std::string>;
    EXPECT_EQ(GetCauses(ScenarioRun("gprs-ping.ini",
                                    {"Scenario.Sessions=6",
                                     "GprsTraffic.States=detached",
                                     "Ggsn.AccessPoints=corporate=10.0.0.0/8"})),
              Causes{"pdp activation rejected, cause 27"}); // TS 24.008: missing or unknown APN
    EXPECT_EQ(GetCauses(ScenarioRun("gprs-ping.ini",
                                    {"Scenario.Sessions=6", "GprsTraffic.States=detached"},
                                    1,
                                    "push")),
              Causes{"the phone has no address"});
    EXPECT_EQ(
        GetCauses(ScenarioRun(
            "gprs-ping.ini",
            {"Scenario.Sessions=6", "GprsScenario.Deadline=100ms", "GprsTraffic.States=as-is"})),
        Causes{"deadline over"});
    EXPECT_EQ(
        GetCauses(ScenarioRun(
            "gprs-ping.ini",
            {"Scenario.Sessions=6", "GprsScenario.Deadline=100ms", "GprsTraffic.States=ready"})),
        Causes{"its phone did not get into its state"});
    EXPECT_EQ(GetCauses(ScenarioRun("gprs-transfer.ini",
                                    {"Scenario.Sessions=6", "GprsScenario.Deadline=20s"})),
              Causes{"deadline over"});
    EXPECT_EQ(GetCauses(ScenarioRun("gprs-transfer.ini",
                                    {"Scenario.Sessions=2",
                                     "GprsTraffic.States=as-is",
                                     "Internet.ServerDelay=1h",
                                     "GprsScenario.Deadline=3h"})),
              Causes{"no answer to the connection request"});
}

// What the users got is in the record: octets of each transfer, and in the counters their sum.
TEST(GprsScenario, CountsWhatItsPhonesShare)
{
    const ScenarioRun run("gprs-cell-load.ini", {"Scenario.Sessions=200"});
    double octets = 0;
    int64_t first = INT64_MAX;
    int64_t last = 0;
    for (const auto& session : run.record.sessions)
    {
        ASSERT_TRUE(session.succeeded) << session.cause;
        ASSERT_EQ(session.messages.size(), 1U);
        EXPECT_FALSE(session.messages.front().fromInitiator);
        octets += session.messages.front().octets;
        first = std::min(first, session.steps.front().timeNs);
        last = std::max(last, session.steps.back().timeNs);
    }
    const double seconds = static_cast<double>(last - first) * 1e-9;
    EXPECT_NEAR(run.Get("derived", "carried_bit_s"), 8 * octets / seconds, 1e-3);
    // a block of CS-2 is 30 octets; four PDCHs have 200 blocks a second
    const double blocks = run.Get("cell-0", "downlink_blocks");
    EXPECT_NEAR(run.Get("derived", "downlink_pdch_share"), blocks / (200 * seconds), 1e-9);
    const double llc = run.Get("cell-0", "llc_downlink_octets_out");
    EXPECT_NEAR(run.Get("derived", "downlink_rlc_efficiency"), llc / (30 * blocks), 1e-9);
    EXPECT_NEAR(run.Get("derived", "downlink_payload_share"), octets / llc, 1e-9);
    // 12 phones, 10000 octets on average, a minute's thought
    EXPECT_NEAR(run.Get("derived", "offered_bit_s"), 12 * 8 * 10000 / 60.0, 4000);
}

// Four PDCHs of CS-2 carry 48 kbit/s of RLC data, whatever is asked of them.
TEST(GprsScenario, PhonesOfACellShareItsPdchs)
{
    const auto load = [](const std::string& phones) {
        return ScenarioRun("gprs-cell-load.ini",
                           {"Scenario.Sessions=150",
                            "GprsScenario.Phones=" + phones,
                            "PeerTcpSocket.MinimumRto=3s",
                            "GprsTraffic.ThinkTime=ns3::ConstantRandomVariable[Constant=1]"});
    };
    const ScenarioRun alone = load("1");
    const ScenarioRun shared = load("6");
    const auto goodput = [](const ScenarioRun& run) { return run.Get("derived", "goodput_bit_s"); };
    EXPECT_LT(goodput(shared), goodput(alone) / 2);
    EXPECT_GT(shared.Get("derived", "carried_bit_s"), alone.Get("derived", "carried_bit_s"));
    EXPECT_LT(shared.Get("derived", "carried_bit_s"), 48e3);
    EXPECT_GT(shared.Get("derived", "downlink_pdch_share"), 0.9);
}

// Eight phones drive past three borders of cells that are 1000 m apart, at 20 m/s on average: one
// every 50 s, and a session in 20 s or more.
TEST(GprsScenario, PhonesOnTheRoadReselect)
{
    const auto drive = [](const std::string& option) {
        return ScenarioRun("gprs-mobility.ini", {"Scenario.Sessions=160", option});
    };
    const ScenarioRun slow = drive("CellReselection.Nacc=false");
    const ScenarioRun fast = drive("CellReselection.Nacc=true");
    const ScenarioRun still = drive("GprsScenario.Speed=ns3::ConstantRandomVariable[Constant=0]");
    EXPECT_GT(slow.Get("reselection", "reselections"), 40);
    EXPECT_LT(still.Get("reselection", "reselections"), 1);
    EXPECT_GT(still.Get("derived", "goodput_bit_s"), fast.Get("derived", "goodput_bit_s"));
    EXPECT_GT(fast.Get("derived", "goodput_bit_s"), slow.Get("derived", "goodput_bit_s"));
}

// A ping whose echo is lost with the old cell fails; rerouted, it comes late.
TEST(GprsScenario, PingsOnTheRoadSucceedIfTheSgsnReroutes)
{
    const auto drive = [](const std::string& option) {
        const ScenarioRun run("gprs-mobility-ping.ini", {"Scenario.Sessions=2000", option});
        EXPECT_GT(run.Get("reselection", "reselections"), 20);
        return std::count_if(run.record.sessions.begin(),
                             run.record.sessions.end(),
                             [](const SessionRecord& session) { return !session.succeeded; });
    };
    EXPECT_GT(drive("Sgsn.Reroute=false"), 0);
    EXPECT_EQ(drive("Sgsn.Reroute=true"), 0);
}

// RFC 1144: an acknowledgement of 40 octets becomes some 5; the transfer is the same, its uplink
// less
TEST(GprsScenario, CompressedHeadersSaveTheUplinkOfADownload)
{
    const std::vector<std::string> plain{"Scenario.Sessions=3"};
    const std::vector<std::string> compressed{"Scenario.Sessions=3",
                                              "CellularNetwork.HeaderCompression=true"};
    const ScenarioRun without("gprs-transfer.ini", plain);
    const ScenarioRun with("gprs-transfer.ini", compressed);
    for (const auto& session : with.record.sessions)
    {
        EXPECT_TRUE(session.succeeded) << session.cause;
    }
    const auto getUplink = [](const ScenarioRun& run) {
        return run.Get("sgsn", "gb_uplink_octets_in");
    };
    EXPECT_LT(getUplink(with), 0.6 * getUplink(without));
    EXPECT_EQ(with.Get("ggsn", "downlink_octets_in"), without.Get("ggsn", "downlink_octets_in"));
}

// Each element fails once in one or two minutes. A session meanwhile fails with the cause that its
// phone was told (TS 24.008 4.7.4.2), and the phone attaches again for the next one.
TEST(GprsScenario, SessionsEndAndGoOnWithTheNetworksFaults)
{
    const ScenarioRun run("gprs-ping.ini",
                          {"Scenario.Sessions=300",
                           "GprsTraffic.States=as-is",
                           "NetworkFaults.SgsnOutages=30",
                           "NetworkFaults.SgsnOutageTime=ns3::ConstantRandomVariable[Constant=1]",
                           "NetworkFaults.GgsnOutages=30",
                           "NetworkFaults.GgsnOutageTime=ns3::ConstantRandomVariable[Constant=1]",
                           "NetworkFaults.CellOutages=60",
                           "NetworkFaults.CellOutageTime=ns3::ConstantRandomVariable[Constant=1]"});
    for (const char* element : {"sgsn", "ggsn", "cell"})
    {
        EXPECT_GE(run.Get("faults", std::string(element) + "_outages"), 1) << element;
    }
    EXPECT_EQ(run.Get("ggsn", "restarts"), run.Get("faults", "ggsn_outages"));
    const std::set<std::string> causes = GetCauses(run);
    EXPECT_EQ(causes.count("gprs detached, cause 10"), 1U);           // implicitly detached
    EXPECT_EQ(causes.count("pdp context deactivated, cause 39"), 1U); // reactivation required
    const auto good = std::count_if(run.record.sessions.begin(),
                                    run.record.sessions.end(),
                                    [](const SessionRecord& each) { return each.succeeded; });
    EXPECT_GT(good, 250);
}

// A phone that is off or out of coverage half of the time, for 10 min at a stretch, sends nothing
// then; each session of the others succeeds.
TEST(GprsScenario, PhonesThatCannotBeReachedSendNothing)
{
    const ScenarioRun run("gprs-ping.ini",
                          {"Scenario.Sessions=400",
                           "GprsScenario.Phones=40",
                           "GprsTraffic.States=as-is",
                           "GprsTraffic.PingInterval=ns3::ConstantRandomVariable[Constant=60]",
                           "PhoneAvailability.UnreachableShare=0.5",
                           "PhoneAvailability.MeanUnreachableTime=10min"});
    const auto good = std::count_if(run.record.sessions.begin(),
                                    run.record.sessions.end(),
                                    [](const SessionRecord& each) { return each.succeeded; });
    // 200 of 400 for 40 phones with some two independent periods each: sigma 400 * sqrt(0.25 / 80)
    EXPECT_NEAR(good, 200, 3 * 400 * std::sqrt(0.25 / 80));
}

// A message takes a phone of class B off GPRS for the time of its SDCCH, some 4 s
// (sdcch_holding_seconds). One of class A goes on, and so does one whose messages come by GPRS.
TEST(GprsScenario, ShortMessagesStallTheSessionsOfClassB)
{
    const std::vector<std::string> options{"Scenario.Sessions=100",
                                           "CellularNetwork.NetworkMode=I"};
    const auto run = [&options](const std::string& more) {
        std::vector<std::string> all = options;
        all.push_back(more);
        return ScenarioRun("gprs-class-b.ini", all);
    };
    const ScenarioRun b = run("GprsMobileStation.MobileClass=B");
    EXPECT_GT(b.Get("derived", "stalls"), 5);
    EXPECT_NEAR(b.Get("derived", "stall_seconds") / b.Get("derived", "stalls"), 4, 1);
    EXPECT_EQ(run("GprsMobileStation.MobileClass=A").Get("derived", "stalls"), 0);
    EXPECT_EQ(run("CellularNetwork.SmsOverGprs=true").Get("derived", "stalls"), 0);
}
