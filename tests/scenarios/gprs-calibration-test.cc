// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The calibration targets that are about the packet bearer, C6 and C7 of the list in the
 * documentation's chapter on calibration, and what follows from the standards about round trips and
 * bulk transfers, in runs of the scenario files.
 */
#include "tests/scenarios/scenario-run.h"

#include "ns3/gprs-coding-scheme.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace ns3::p2pim;
using p2pim::SessionRecord;
using p2pim::test::GetMean;
using p2pim::test::ScenarioRun;

namespace
{

constexpr double NANOSECOND = 1e-9;

std::string
Constant(const std::string& attribute, uint32_t value)
{
    return attribute + "=ns3::ConstantRandomVariable[Constant=" + std::to_string(value) + "]";
}

/// @return the round trips of the sessions that began in a state, s.
std::vector<double>
GetRoundTrips(const ScenarioRun& run, const std::string& state)
{
    std::vector<double> times;
    for (const SessionRecord& session : run.record.sessions)
    {
        EXPECT_TRUE(session.succeeded) << session.cause;
        if (session.bearer == state)
        {
            times.push_back(static_cast<double>(session.firstMessageNs) * NANOSECOND);
        }
    }
    return times;
}

/// The parts of a session: what ended them, and how long they took in s.
using Parts = std::vector<std::pair<std::string, double>>;

Parts
GetParts(const SessionRecord& session)
{
    Parts parts;
    for (std::size_t n = 1; n < session.steps.size(); ++n)
    {
        const auto time = session.steps[n].timeNs - session.steps[n - 1].timeNs;
        parts.emplace_back(session.steps[n].name, static_cast<double>(time) * NANOSECOND);
    }
    return parts;
}

std::vector<std::string>
GetNames(const Parts& parts)
{
    std::vector<std::string> names;
    for (const auto& part : parts)
    {
        names.push_back(part.first);
    }
    return names;
}

double
GetSum(const Parts& parts)
{
    double sum = 0;
    for (const auto& part : parts)
    {
        sum += part.second;
    }
    return sum;
}

/// A line through points, by least squares.
struct Line
{
    double slope;
    double determination; ///< R²
};

Line
Fit(const std::vector<double>& x, const std::vector<double>& y)
{
    const double meanX = GetMean(x);
    const double meanY = GetMean(y);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (std::size_t n = 0; n < x.size(); ++n)
    {
        xx += (x[n] - meanX) * (x[n] - meanX);
        xy += (x[n] - meanX) * (y[n] - meanY);
        yy += (y[n] - meanY) * (y[n] - meanY);
    }
    return {xy / xx, xy * xy / xx / yy};
}

/// How long a transfer takes at full rate: so long that slow start does not count.
constexpr double TRANSFER_SECONDS = 400;
/// TCP payload in an IP packet of 1400 octets, which SNDCP cuts into three LLC frames: 6 octets of
/// LLC each (TS 44.064 6), 4 of SNDCP in the first and 3 in the others (TS 44.065 7.2).
constexpr double HEADER_EFFICIENCY = 1360.0 / (1400 + 3 * 6 + 4 + 2 * 3);

/// A coding scheme and a number of timeslots.
struct Channel
{
    GprsCodingScheme scheme;
    const char* multislotClass; ///< TS 45.002 annex B
    double slots;               ///< that it has in the direction of the transfer
};

/// @return all that the goodput is measured of.
std::vector<Channel>
ListChannels()
{
    std::vector<Channel> channels;
    for (const auto scheme : {CS_1, CS_2, CS_3, CS_4, MCS_1, MCS_5, MCS_9})
    {
        channels.push_back({scheme, "1", 1});
        channels.push_back({scheme, "2", 2});
        channels.push_back({scheme, "4", 3});
        channels.push_back({scheme, "8", 4});
    }
    return channels;
}

/**
 * Blocks of one direction that acknowledge a burst of the other: RLC asks after the burst's last
 * block, again if the answer is lost, and again after what was repeated. With m blocks, each lost
 * with probability p, that is the mean of the largest of m geometric numbers, times 1 / (1 - p).
 */
double
GetAcknowledgements(uint32_t m, double p)
{
    double rounds = 0;
    double lost = 1; // p^k: of a block that was sent k times, in all of them
    for (double missing = 1; missing > 1e-9; missing = 1 - std::pow(1 - lost, m))
    {
        rounds += missing;
        lost *= p;
    }
    return rounds / (1 - p);
}

/// A bulk transfer over a channel.
struct Transfer
{
    double share; ///< goodput, of the RLC rate times the header efficiency
    double arq;   ///< the same, as it should be
};

/**
 * The share of the rate that selective repeat leaves: p of the blocks are lost, and some belong to
 * the PACCH, for the acknowledgements of the other direction's TBFs, which carry those of TCP.
 *
 * @param channel it.
 * @param p share of blocks that are lost.
 * @param octets of TCP payload.
 * @param bursts of the other direction.
 */
double
GetArqShare(const Channel& channel, double p, double octets, double bursts)
{
    // a TCP segment without data: 40 octets, SNDCP 4 and LLC 6 (TS 44.065 7.2, TS 44.064 6)
    constexpr double acknowledgement = 40 + 4 + 6;
    const GprsCoding& coding = GetGprsCoding(channel.scheme);
    const auto m = static_cast<uint32_t>(std::ceil(acknowledgement / coding.dataOctets));
    const double pacch = bursts * GetAcknowledgements(m, p);
    const double data = octets / HEADER_EFFICIENCY / GetRlcDataOctets(channel.scheme) / (1 - p);
    return (1 - p) * data / (data + pacch);
}

/// @return what a transfer gets.
Transfer
Measure(const Channel& channel, const std::string& scheme, double errorRate)
{
    const double rate = GetRlcDataOctets(channel.scheme) * 8 * 50 * channel.slots; // bit/s
    const auto octets = static_cast<uint32_t>(rate / 8 * TRANSFER_SECONDS);
    const std::string coding = GetGprsCoding(channel.scheme).name;
    const ScenarioRun run(
        "gprs-transfer.ini",
        {"GprsTransferScenario.Sessions=1",
         "GprsCell.CodingScheme=" + coding,
         "GprsCell.BlockErrorRate=" + std::to_string(errorRate),
         "GprsMobileStation.MultislotClass=" + std::string(channel.multislotClass),
         Constant("GprsTraffic.TransferOctets", octets)},
        1,
        scheme);
    const SessionRecord& session = run.record.sessions.front();
    EXPECT_TRUE(session.succeeded) << session.cause;
    if (!session.succeeded)
    {
        return {};
    }
    const auto& message = session.messages.front();
    const double seconds = static_cast<double>(message.receivedNs - message.sentNs) * NANOSECOND;
    // up, each burst has a TBF of its own; down, the TBF stays open between them
    const double bursts = scheme == "download" ? run.Get("cell-0", "uplink_tbfs")
                                               : run.Get("sgsn", "downlink_packets");
    return {8 * octets / seconds / (rate * HEADER_EFFICIENCY),
            GetArqShare(channel, errorRate, octets, bursts)};
}

std::string
Describe(const Channel& channel)
{
    return std::string(GetGprsCoding(channel.scheme).name) + " class " + channel.multislotClass;
}

} // namespace

// C6: bits of a radio block by TS 45.003 5.1, octets of RLC data by TS 44.060 10.2.1, 12 blocks in
// a multiframe of 240 ms.
TEST(GprsCalibration, CodingSchemesHaveTheStandardsRates)
{
    const std::map<GprsCodingScheme, std::pair<double, double>> rates{{CS_1, {9050, 8000}},
                                                                      {CS_2, {13400, 12000}},
                                                                      {CS_3, {15600, 14400}},
                                                                      {CS_4, {21400, 20000}}};
    EXPECT_EQ(GetRadioBlockStart(RADIO_BLOCKS_PER_MULTIFRAME), ns3::MilliSeconds(240));
    for (const auto& [scheme, rate] : rates)
    {
        EXPECT_EQ(GetGprsCoding(scheme).blockBits * 50, rate.first);
        EXPECT_EQ(GetRlcDataOctets(scheme) * 8 * 50, rate.second);
    }
}

// C6, in a run: 852 octets of UDP payload are two LLC frames of 899 octets, and RLC has one octet
// of length indicator for the end of the first (TS 44.060 10.4.14): 900, a whole number of blocks
// in each of the four schemes. They take as many blocks in a row as the rate says, in each push.
TEST(GprsCalibration, APacketTakesTheBlocksThatTheRateSays)
{
    for (const auto scheme : {CS_1, CS_2, CS_3, CS_4})
    {
        const ScenarioRun run("gprs-ping.ini",
                              {"GprsPingScenario.Sessions=30",
                               "GprsTraffic.States=ready",
                               Constant("GprsTraffic.PingOctets", 852),
                               "GprsMobileStation.MultislotClass=1",
                               std::string("GprsCell.CodingScheme=") + GetGprsCoding(scheme).name},
                              1,
                              "push");
        const double rate = GetRlcDataOctets(scheme) * 8 * 50;
        for (const SessionRecord& session : run.record.sessions)
        {
            std::map<std::string, ns3::Time> steps;
            for (const auto& step : session.steps)
            {
                steps[step.name] = ns3::NanoSeconds(step.timeNs); // of both frames the last
            }
            const int64_t first = GetRadioBlockAtOrAfter(steps.at("downlink_open"));
            int64_t last = first;
            while (GetRadioBlockEnd(last) < steps.at("downlink_delivered"))
            {
                ++last;
            }
            EXPECT_EQ(GetRadioBlockEnd(last), steps.at("downlink_delivered"));
            EXPECT_EQ(900 * 8 * 50.0 / static_cast<double>(last - first + 1), rate);
        }
    }
}

// C7: 0.6 to 1.0 s warm, 1.0 s and more cold. A phone's own packet is not paged for: in STANDBY it
// takes what it takes in READY. So cold is a phone that has to attach, or that is sent a packet
// when it has no TBF.
TEST(GprsCalibration, RoundTripsAreThoseOfLiveNetworks)
{
    const ScenarioRun ping("gprs-ping.ini");
    for (const char* state : {"open", "ready", "standby"})
    {
        EXPECT_GE(GetMean(GetRoundTrips(ping, state)), 0.6) << state;
        EXPECT_LE(GetMean(GetRoundTrips(ping, state)), 1) << state;
    }
    const std::vector<double> detached = GetRoundTrips(ping, "detached");
    EXPECT_GE(*std::min_element(detached.begin(), detached.end()), 1);

    const ScenarioRun push("gprs-ping.ini", {"GprsTraffic.States=open,ready,standby"}, 1, "push");
    EXPECT_GE(GetMean(GetRoundTrips(push, "open")), 0.6);
    EXPECT_LE(GetMean(GetRoundTrips(push, "open")), 1);
    EXPECT_GE(GetMean(GetRoundTrips(push, "ready")), 1);
    const std::vector<double> standby = GetRoundTrips(push, "standby");
    EXPECT_GE(*std::min_element(standby.begin(), standby.end()), 1);
}

// Each octet more takes its time on one timeslot up and four down: CS-2 has 12 kbit/s of each, and
// SNDCP and LLC add nine octets to each 497.
TEST(GprsCalibration, RoundTripIsLinearInThePacketSize)
{
    std::vector<double> sizes;
    std::vector<double> means;
    for (const uint32_t octets : {8, 200, 400, 600, 800, 1000, 1200, 1400})
    {
        const ScenarioRun run("gprs-ping.ini",
                              {"GprsPingScenario.Sessions=100",
                               "GprsTraffic.States=ready",
                               Constant("GprsTraffic.PingOctets", octets)});
        sizes.push_back(octets);
        means.push_back(GetMean(GetRoundTrips(run, "ready")));
    }
    const Line line = Fit(sizes, means);
    EXPECT_GT(line.determination, 0.99);
    EXPECT_NEAR(line.slope, 8 * (1 + 9.0 / 497) * (1 / 12e3 + 1 / 48e3), 0.05 * line.slope);
}

// The server sends a packet to a phone in STANDBY, and the next one half a second after the first's
// echo. The first has parts that the next has not: each is a step, and they make up the difference.
TEST(GprsCalibration, AColdPhonesFirstPacketPaysForPagingAccessAndTbf)
{
    const ScenarioRun run("gprs-ping.ini",
                          {"GprsTraffic.States=standby,as-is",
                           "GprsTraffic.PingInterval=ns3::UniformRandomVariable[Min=0.4|Max=0.6]"},
                          1,
                          "push");
    const std::vector<std::string> echo{"received",
                                        "uplink_queued",
                                        "uplink_requested",
                                        "uplink_open",
                                        "uplink_delivered",
                                        "echo_received"};
    std::vector<std::string> cold{"sent",
                                  "paged",
                                  "uplink_queued", // the answer to the page
                                  "uplink_requested",
                                  "uplink_open",
                                  "uplink_delivered",
                                  "downlink_queued",
                                  "downlink_requested",
                                  "downlink_open",
                                  "downlink_delivered"};
    std::vector<std::string> next{"sent", "downlink_queued", "downlink_delivered"};
    cold.insert(cold.end(), echo.begin(), echo.end());
    next.insert(next.end(), echo.begin(), echo.end());
    std::vector<double> differences;
    std::vector<double> gained;
    std::vector<double> pagingWaits;
    const auto& sessions = run.record.sessions;
    for (std::size_t n = 0; n + 1 < sessions.size(); n += 2)
    {
        const Parts first = GetParts(sessions[n]);
        const Parts second = GetParts(sessions[n + 1]);
        ASSERT_EQ(GetNames(first), cold) << n;
        ASSERT_EQ(GetNames(second), next) << n;
        for (const auto& session : {sessions[n], sessions[n + 1]})
        {
            EXPECT_NEAR(GetSum(GetParts(session)), session.firstMessageNs * NANOSECOND, 1e-9);
        }
        // the page waits for the phone's block, 1.177 s apart (C5)
        const double paging = first[2].second;
        pagingWaits.push_back(paging);
        EXPECT_LT(paging, 1.177 + 0.02);
        // access and assignment: PcuProcessing and AssignmentReaction, 70 and 60 ms, at the least,
        // and an AGCH block may be a multiframe of 235 ms away
        const double access = first[4].second;
        EXPECT_GE(access, 0.130);
        EXPECT_LE(access, 0.130 + 2 * 0.2354);
        // the answer is a UI frame without contents, 6 octets: one block and the way to it
        const double answer = first[5].second;
        EXPECT_LE(answer, 0.020 + 0.024);
        // Gb both ways
        const double gb = first[6].second;
        EXPECT_NEAR(gb, 2 * 0.080, 1e-9);
        const double assignment = first[8].second;
        EXPECT_GE(assignment, 0.130);
        EXPECT_LE(assignment, 0.130 + 2 * 0.2354);
        const double parts = paging + access + answer + gb + assignment;
        gained.push_back(parts);
        differences.push_back(GetSum(first) - GetSum(second));
        EXPECT_GT(differences.back(), 0);
    }
    ASSERT_EQ(differences.size(), 200U);
    // uniform over a paging cycle: standard deviation of the mean 1.177 / sqrt(12 * 200) = 0.024
    EXPECT_NEAR(GetMean(pagingWaits), 1.177 / 2, 4 * 0.024);
    // the rest of both is the same but for where in a poll period the echo finds the downlink TBF
    // (PollPeriod 200 ms)
    EXPECT_NEAR(GetMean(differences), GetMean(gained), 0.2);
}

// A phone that was never attached: attach and activation are parts of its session. Attach takes two
// round trips of the radio and the HLR's time, activation one.
TEST(GprsCalibration, ADetachedPhonesFirstPacketPaysForAttachAndActivation)
{
    const ScenarioRun run("gprs-ping.ini",
                          {"GprsPingScenario.Sessions=60", "GprsTraffic.States=detached,open"});
    const std::vector<double> attach = run.GetTimes("started", "attached");
    const std::vector<double> activation = run.GetTimes("attached", "context_active");
    const std::vector<double> rest = run.GetTimes("sent", "echo_received");
    ASSERT_EQ(attach.size(), 30U);
    ASSERT_EQ(activation.size(), 30U);
    EXPECT_GT(GetMean(attach), 1);
    EXPECT_GT(GetMean(activation), 0.5);
    const double difference =
        GetMean(GetRoundTrips(run, "detached")) - GetMean(GetRoundTrips(run, "open"));
    EXPECT_NEAR(difference, GetMean(attach) + GetMean(activation), 0.2);
    for (std::size_t n = 0; n < run.record.sessions.size(); n += 2)
    {
        const SessionRecord& session = run.record.sessions[n];
        EXPECT_NEAR(session.setupNs * NANOSECOND, attach[n / 2] + activation[n / 2], 1e-9);
        EXPECT_NEAR(session.firstMessageNs * NANOSECOND,
                    attach[n / 2] + activation[n / 2] + rest[n],
                    1e-9);
    }
}

// What RLC carries at most, less what its headers take: a transfer comes to 85 % of it at least.
// What is missing are the blocks that acknowledge TCP's acknowledgements, and slow start.
TEST(GprsCalibration, ADownloadGetsTheRlcRateWithoutErrors)
{
    for (const Channel& channel : ListChannels())
    {
        const Transfer transfer = Measure(channel, "download", 0);
        EXPECT_GE(transfer.share, 0.85) << Describe(channel);
        EXPECT_LE(transfer.share, 1) << Describe(channel);
        EXPECT_NEAR(transfer.share / transfer.arq, 1, 0.015) << Describe(channel);
    }
}

// Selective repeat: each block is sent 1 / (1 - p) times on average, and nothing but the PACCH
// takes more, as windows and acknowledgements keep pace.
TEST(GprsCalibration, ADownloadGetsTheArqRateWithErrors)
{
    for (const Channel& channel : ListChannels())
    {
        const Transfer transfer = Measure(channel, "download", 0.1);
        EXPECT_NEAR(transfer.share / transfer.arq, 1, 0.015) << Describe(channel);
    }
}

// Up, a class has one timeslot.
TEST(GprsCalibration, AnUploadGetsTheArqRate)
{
    for (const auto scheme : {CS_1, CS_2, CS_3, CS_4, MCS_1, MCS_5, MCS_9})
    {
        const Channel channel{scheme, "1", 1};
        for (const double rate : {0.0, 0.1})
        {
            const Transfer transfer = Measure(channel, "upload", rate);
            EXPECT_GE(transfer.share / (1 - rate), 0.85) << Describe(channel);
            EXPECT_LE(transfer.share / (1 - rate), 1) << Describe(channel);
            EXPECT_NEAR(transfer.share / transfer.arq, 1, 0.015) << Describe(channel);
        }
    }
}
