// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The calibration targets that are about short messages, C1 to C5 and C10 to C14 of the list in the
 * documentation's chapter on calibration, in runs of the scenario files.
 */
#include "tests/scenarios/scenario-run.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

using p2pim::test::GetMean;
using p2pim::test::ScenarioRun;

namespace
{

/// A block on the air, as GSMTAP tells it.
struct Block
{
    uint8_t channel;             ///< GSMTAP's channel type
    bool uplink;                 ///< from a phone
    uint8_t timeSlot;            ///< 0-7
    uint8_t subchannel;          ///< 0-7
    uint32_t frame;              ///< first TDMA frame
    std::vector<uint8_t> octets; ///< the L2 frame
};

uint32_t
Read32(const std::vector<uint8_t>& octets, std::size_t at)
{
    return uint32_t{octets[at]} << 24 | uint32_t{octets[at + 1]} << 16 |
           uint32_t{octets[at + 2]} << 8 | octets[at + 3];
}

/// @return the blocks of a RadioCapture: GSMTAP version 2 over UDP over IPv4, 44 octets of headers.
std::vector<Block>
ReadBlocks(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::vector<uint8_t> all{std::istreambuf_iterator<char>(file), {}};
    std::vector<Block> blocks;
    for (std::size_t at = 24; at + 16 <= all.size();)
    {
        uint32_t size = 0; // little endian
        std::copy_n(&all[at + 8], 4, reinterpret_cast<uint8_t*>(&size));
        const std::vector<uint8_t> packet(all.begin() + static_cast<std::ptrdiff_t>(at + 16),
                                          all.begin() +
                                              static_cast<std::ptrdiff_t>(at + 16 + size));
        constexpr std::size_t tap = 28;
        blocks.push_back({packet[tap + 12],
                          (packet[tap + 4] & 0x40) != 0,
                          packet[tap + 3],
                          packet[tap + 14],
                          Read32(packet, tap + 8),
                          {packet.begin() + tap + 16, packet.end()}});
        at += 16 + size;
    }
    return blocks;
}

constexpr double FRAME = 120e-3 / 26; // s, TS 45.002 4.3.1
constexpr uint8_t CHANNEL_PCH = 5;    // GSMTAP
constexpr uint8_t CHANNEL_SDCCH8 = 8; // GSMTAP

/// A run of sms-latency.ini whose radio is captured.
class SmsRadioCalibration : public testing::Test
{
  protected:
    SmsRadioCalibration()
    {
        const p2pim::test::TemporaryName capture;
        const ScenarioRun run("sms-latency.ini",
                              {"SmsScenario.Sessions=200",
                               "SmsScenario.Phones=10",
                               "CellularNetwork.Cells=1",
                               "Scenario.RadioCapture=" + capture.path});
        m_blocks = ReadBlocks(capture.path);
    }

    std::vector<Block> m_blocks;
};

} // namespace

// C1: 7 s, within 6 to 9 s, for one segment to a phone at hand in an unloaded cell.
TEST(SmsCalibration, MessageTakesSixToNineSeconds)
{
    const ScenarioRun run("sms-latency.ini");
    double sum = 0;
    for (const auto& session : run.record.sessions)
    {
        ASSERT_TRUE(session.succeeded);
        sum += static_cast<double>(session.firstMessageNs) * 1e-9;
    }
    const double mean = sum / static_cast<double>(run.record.sessions.size());
    EXPECT_GT(mean, 6);
    EXPECT_LT(mean, 9);
}

// C2: 1 to 2 s of that are the SMSC's, from MO-ForwardSM there to MT-ForwardSM: it writes the
// message for 0.1 s before it is stored.
TEST(SmsCalibration, ServiceCentreTakesOneToTwoSeconds)
{
    const ScenarioRun run("sms-latency.ini", {"SmsScenario.Sessions=300"});
    const double mean = 0.1 + GetMean(run.GetTimes("stored", "mt_forwarded"));
    EXPECT_GT(mean, 1);
    EXPECT_LT(mean, 2);
}

// C3: 184 bits in a block of an SDCCH, one block in 51 frames each way: 782 bit/s.
TEST_F(SmsRadioCalibration, SdcchCarries782BitsPerSecond)
{
    std::map<std::tuple<bool, uint8_t, uint8_t>, uint32_t> last;
    uint32_t closest = UINT32_MAX;
    for (const Block& block : m_blocks)
    {
        if (block.channel == CHANNEL_SDCCH8)
        {
            uint32_t& before = last[{block.uplink, block.timeSlot, block.subchannel}];
            closest = before > 0 ? std::min(closest, block.frame - before) : closest;
            before = block.frame;
            EXPECT_EQ(block.octets.size() * 8, 184U);
        }
    }
    EXPECT_NEAR(184 / (closest * FRAME), 782, 0.01 * 782);
}

// C4: an SDCCH is held for 3 to 5 s for a message.
TEST(SmsCalibration, HoldsAnSdcchForThreeToFiveSeconds)
{
    const ScenarioRun run("sms-latency.ini", {"SmsScenario.Sessions=300"});
    const double holding = run.Get("derived", "sdcch_holding_seconds");
    EXPECT_GT(holding, 3);
    EXPECT_LT(holding, 5);
}

// C5: a phone's paging block comes each 0.235385 s x BS_PA_MFRMS, 5 by default: 1.177 s, which is
// what all the times between its pagings have in common.
TEST_F(SmsRadioCalibration, PagesAPhoneOnceIn1177Milliseconds)
{
    std::map<std::vector<uint8_t>, std::vector<uint32_t>> pagings; // of each phone
    for (const Block& block : m_blocks)
    {
        if (block.channel == CHANNEL_PCH)
        {
            pagings[block.octets].push_back(block.frame);
        }
    }
    EXPECT_EQ(pagings.size(), 10U);
    for (const auto& [phone, frames] : pagings)
    {
        uint32_t common = 0;
        for (const uint32_t frame : frames)
        {
            common = std::gcd(common, frame - frames.front());
        }
        EXPECT_NEAR(common * FRAME, 1.177, 0.0005);
    }
}

// C10: 5 min after the first failure, and twice as long after each one that follows, up to a day;
// FirstDueDelay is 20 s with RestComm.
TEST(SmsCalibration, RetriesAsRestcommDoes)
{
    const ScenarioRun run("sms-population.ini",
                          {"SmsScenario.Sessions=1500",
                           "PhoneAvailability.SwitchedOffShare=0",
                           "Smsc.RetrySchedule=restcomm",
                           "Smsc.FirstDueDelay=20s"});
    uint32_t firstAttempts = 0;
    std::map<uint32_t, uint32_t> retries;
    for (const auto& session : run.record.sessions)
    {
        int64_t failed = -1;
        int64_t stored = -1;
        uint32_t failures = 0;
        for (const auto& step : session.steps)
        {
            const double since = static_cast<double>(step.timeNs - failed) * 1e-9;
            if (step.name == "stored")
            {
                stored = step.timeNs;
            }
            else if (step.name == "attempt_failed")
            {
                failed = step.timeNs;
                ++failures;
            }
            else if (step.name == "routing_requested" && failures == 0)
            {
                const double wait = static_cast<double>(step.timeNs - stored) * 1e-9;
                EXPECT_GE(wait, 20);
                if (wait > 22)
                {
                    break; // the phone has another message waiting
                }
                ++firstAttempts;
            }
            else if (step.name == "routing_requested" && since < 300 * std::exp2(failures - 1) - 1)
            {
                break; // another message to the phone has come, or an answer of it
            }
            else if (step.name == "routing_requested")
            {
                EXPECT_NEAR(since, 300 * std::exp2(failures - 1), 1e-6);
                ++retries[failures];
            }
        }
    }
    EXPECT_GT(firstAttempts, 1450U);
    for (const uint32_t failures : {1, 2, 3, 4, 5})
    {
        EXPECT_GT(retries[failures], 5U) << failures;
    }
}

// C11: TR2N, 12 to 20 s, ends what the SMSC does not answer; TR1M, 35 to 45 s, what the network
// does not.
TEST(SmsCalibration, GivesUpWithinTheStandardsTimes)
{
    const ScenarioRun smsc(
        "sms-latency.ini",
        {"GsmMobileStation.SubmissionRetries=0",
         "NetworkFaults.SmscOutages=20",
         "NetworkFaults.SmscOutageTime=ns3::ConstantRandomVariable[Constant=60]"});
    const std::vector<double> unanswered = smsc.GetTimes("mo_forwarded", "submission_failed");
    ASSERT_GT(unanswered.size(), 20U);
    for (const double time : unanswered)
    {
        EXPECT_GT(time, 12);
        EXPECT_LT(time, 20 + 1); // and the CHANNEL RELEASE
    }

    const ScenarioRun msc("sms-latency.ini",
                          {"GsmMobileStation.SubmissionRetries=0",
                           "SmsTraffic.ArrivalInterval=ns3::ExponentialRandomVariable[Mean=1]",
                           "CellularNetwork.Cells=8",
                           "NetworkFaults.MscOutages=600",
                           "NetworkFaults.MscOutageTime=ns3::ConstantRandomVariable[Constant=1]"});
    const std::vector<double> silent = msc.GetTimes("mo_ciphered", "submission_failed");
    ASSERT_GT(silent.size(), 5U);
    EXPECT_GT(std::count_if(silent.begin(),
                            silent.end(),
                            [](double time) { return time >= 35 && time <= 45; }),
              5);
    EXPECT_LE(*std::max_element(silent.begin(), silent.end()), 45);
}

// C13: the share of first attempts that fail is what PhoneAvailability says, 38 % by Forbes. It is
// counted for messages whose target has no other one waiting, three standard deviations wide.
TEST(SmsCalibration, FirstAttemptsFailAsThePopulationSays)
{
    const ScenarioRun run("sms-population.ini");
    const double deviation = std::sqrt(0.38 * 0.62 / 4000);
    EXPECT_NEAR(run.Get("derived", "first_attempts_failed_share"), 0.38, 3 * deviation);
}

// C14: 133 octets to 16-bit ports, 160 characters of the default alphabet and 70 of UCS2 are one
// message; one more makes two.
TEST(SmsCalibration, MessagesHaveTheStandardsRoom)
{
    const auto count = [](const std::string& alphabet, uint32_t length) {
        std::vector<std::string> options{"SmsScenario.Sessions=20",
                                         "SmsTraffic.Length=ns3::ConstantRandomVariable[Constant=" +
                                             std::to_string(length) + "]"};
        options.push_back(std::string("SmsTraffic.DataShare=") + (alphabet == "data" ? "1" : "0"));
        options.push_back(std::string("SmsTraffic.Ucs2Share=") + (alphabet == "ucs2" ? "1" : "0"));
        const ScenarioRun run("sms-latency.ini", options);
        for (const auto& session : run.record.sessions)
        {
            EXPECT_TRUE(session.succeeded);
        }
        return run.Get("smsc", "messages_accepted") / 20;
    };
    EXPECT_EQ(count("data", 133), 1);
    EXPECT_EQ(count("data", 134), 2);
    EXPECT_EQ(count("ucs2", 70), 1);
    EXPECT_EQ(count("ucs2", 71), 2);
    EXPECT_EQ(count("ucs2", 2 * 67), 2);
    EXPECT_EQ(count("ucs2", 2 * 67 + 1), 3);
    EXPECT_EQ(count("data", 2 * 128), 2);
    EXPECT_EQ(count("data", 2 * 128 + 1), 3);
}
