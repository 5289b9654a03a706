// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"
#include "scenarios/sms-scenario.h"
#include "scenarios/sms-traffic.h"
#include "tests/hex.h"
#include "tests/scenarios/scenario-run.h"

#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::RunRecord;
using ::p2pim::oracle::Capture;
using ::p2pim::oracle::HasTshark;
using ::p2pim::test::ToHex;

namespace
{

constexpr uint32_t MESSAGES = 10000;
constexpr uint32_t PHONES = 500;
constexpr uint32_t CELLS = 4;
constexpr uint64_t FIRST_NUMBER = 447700000001; // CellularNetwork's

/// What is asked of tshark, and where it is in the answer.
enum Field : uint8_t
{
    SMS_TYPE,
    RP_TYPE,
    RP_REFERENCE,
    MTI,
    MR,
    DA,
    OA,
    RA,
    TEXT,
    BODY,
    ID,
    PARTS,
    PART,
    TO_PORT,
    FROM_PORT
};

const std::vector<std::string> FIELDS{"gsm_a.dtap.msg_sms_type",
                                      "gsm_a.rp.msg_type",
                                      "gsm_a.rp.rp_message_reference",
                                      "gsm_sms.tp-mti",
                                      "gsm_sms.tp-mr",
                                      "gsm_sms.tp-da",
                                      "gsm_sms.tp-oa",
                                      "gsm_sms.tp-ra",
                                      "gsm_sms.sms_text",
                                      "gsm_sms.sms_body",
                                      "gsm_sms.udh.mm.msg_id",
                                      "gsm_sms.udh.mm.msg_parts",
                                      "gsm_sms.udh.mm.msg_part",
                                      "gsm_sms.destination_port",
                                      "gsm_sms.originator_port"};

using Frame = std::vector<std::string>;

/// A run of many kinds of messages, captured; and the same plan of who sends what.
class SmsCaptureTest : public testing::Test
{
  protected:
    SmsCaptureTest()
    {
        Set("Scenario::Sessions", UintegerValue(MESSAGES));
        Set("Scenario::Layer3Capture", StringValue(m_capture.path));
        Set("SmsScenario::Phones", UintegerValue(PHONES));
        Set("SmsTraffic::ArrivalInterval", StringValue("ns3::ExponentialRandomVariable[Mean=2]"));
        Set("SmsTraffic::DataShare", DoubleValue(0.4));
        Set("SmsTraffic::Ucs2Share", DoubleValue(0.3));
        Set("SmsTraffic::StatusReportShare", DoubleValue(0.2));
        Set("SmsTraffic::Length", StringValue("ns3::ExponentialRandomVariable[Mean=90|Bound=500]"));
        Set("SmsTraffic::Validity", StringValue("ns3::UniformRandomVariable[Min=0|Max=500000]"));
        Set("CellularNetwork::Cells", UintegerValue(CELLS));
        Set("GsmCell::FrameErasureRate", DoubleValue(0.01));
        Set("PhoneAvailability::UnreachableShare", DoubleValue(0.05));
        Set("GsmMobileStation::MessageMemory", UintegerValue(0));
    }

    ~SmsCaptureTest() override
    {
        Config::Reset();
    }

    static void Set(const std::string& name, const AttributeValue& value)
    {
        Config::SetDefault("ns3::p2pim::" + name, value);
    }

    /// @return the plan that the scenario makes: its traffic has the first streams.
    static std::vector<PlannedSms> MakePlan()
    {
        const auto traffic = CreateObject<SmsTraffic>();
        traffic->AssignStreams(0);
        return traffic->Plan(MESSAGES, PHONES, CELLS);
    }

    ::p2pim::test::TemporaryName m_capture;
};

/// What a TPDU with a message, or a segment of one, says.
struct Seen
{
    std::string address; ///< TP-DA or TP-OA
    std::string body;    ///< text, or data in hexadecimal digits
    bool isText;         ///< text, or data
    int part;            ///< its number, from 1
    int parts;           ///< of how many
    std::string group;   ///< what the segments of a message have in common, and perhaps others
    std::string ports;   ///< both, or empty
};

/// @return the messages and segments of the TPDU type that has a field @p address, in order.
std::vector<Seen>
Collect(const std::vector<Frame>& frames, Field address)
{
    std::vector<Seen> all;
    for (const Frame& frame : frames)
    {
        if (frame[address].empty() || (frame[TEXT].empty() && frame[BODY].empty()))
        {
            continue;
        }
        const bool isText = frame[BODY].empty();
        const bool isWhole = frame[PARTS].empty();
        all.push_back({frame[address],
                       isText ? frame[TEXT] : frame[BODY],
                       isText,
                       isWhole ? 1 : std::stoi(frame[PART]),
                       isWhole ? 1 : std::stoi(frame[PARTS]),
                       frame[address] + " " + frame[ID] + " " + frame[PARTS],
                       frame[TO_PORT].empty() ? "" : frame[TO_PORT] + " " + frame[FROM_PORT]});
    }
    return all;
}

/// Compares what is seen of messages with what was planned.
class Comparison
{
  public:
    explicit Comparison(const std::vector<PlannedSms>& plan)
        : m_plan(plan)
    {
    }

    void Compare(const Seen& seen)
    {
        EXPECT_EQ(seen.ports, seen.isText ? "" : "16000 16000");
        if (seen.part == 1)
        {
            Begin(seen);
        }
        else
        {
            Continue(seen);
        }
    }

    /// Messages all segments of which have been seen, with their numbers.
    std::map<uint32_t, std::string> whole;

  private:
    /// A message of which the last segments have not been seen.
    struct Begun
    {
        uint32_t index;
        std::string expected;   ///< all of it
        std::size_t length = 0; ///< of what has been seen
        int parts = 1;          ///< segments that have been seen
    };

    /// What begins a message begins with its index.
    void Begin(const Seen& seen)
    {
        const auto index = static_cast<uint32_t>(
            seen.isText ? std::stoul(seen.body) : std::stoul(seen.body.substr(0, 8), nullptr, 16));
        ASSERT_LT(index, m_plan.size());
        const PlannedSms& planned = m_plan[index];
        const std::string expected = planned.alphabet == SmsAlphabet::DATA_8_BIT
                                         ? ToHex(MakeSmsData(index, planned.length))
                                         : MakeSmsText(index, planned.alphabet, planned.length);
        EXPECT_EQ(seen.body, expected.substr(0, seen.body.size()));
        if (seen.parts == 1)
        {
            EXPECT_EQ(seen.body.size(), expected.size());
            whole[index] = seen.address;
        }
        else
        {
            m_begun[seen.group].push_back({index, expected, seen.body.size()});
        }
    }

    /// Continues the first message that it fits; other phones may use the same reference.
    void Continue(const Seen& seen)
    {
        bool isRepetition = false;
        for (Begun& begun : m_begun[seen.group])
        {
            if (begun.parts + 1 == seen.part &&
                begun.expected.compare(begun.length, seen.body.size(), seen.body) == 0)
            {
                begun.length += seen.body.size();
                ++begun.parts;
                if (begun.parts == seen.parts && begun.length == begun.expected.size())
                {
                    whole[begun.index] = seen.address;
                }
                return;
            }
            isRepetition = isRepetition || (begun.parts >= seen.part &&
                                            begun.expected.find(seen.body) != std::string::npos);
        }
        EXPECT_TRUE(isRepetition) << seen.group << ": " << seen.part << ": " << seen.body;
    }

    const std::vector<PlannedSms>& m_plan;
    std::map<std::string, std::vector<Begun>> m_begun; ///< by group
};

} // namespace

// Wireshark dissects the capture of a run of 10,000 messages without a fault, and reads in it the
// texts, data, ports, numbers and references that were sent.
TEST_F(SmsCaptureTest, ShowsWhatWasSent)
{
    if (!HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    RunRecord record;
    ASSERT_TRUE(CreateObject<SmsScenario>()->Run("sms", {}, record));
    const std::vector<PlannedSms> plan = MakePlan();
    const Capture capture = Capture::Read(m_capture.path);
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    const std::vector<Frame> frames = capture.Dissect(FIELDS, {"gsm_sms.reassemble:FALSE"});
    EXPECT_GT(frames.size(), 20U * MESSAGES);

    Comparison submitted(plan);
    for (const Seen& seen : Collect(frames, DA))
    {
        submitted.Compare(seen);
    }
    for (const auto& [index, address] : submitted.whole)
    {
        EXPECT_EQ(address, std::to_string(FIRST_NUMBER + plan[index].target));
    }
    Comparison delivered(plan);
    for (const Seen& seen : Collect(frames, OA))
    {
        delivered.Compare(seen);
        EXPECT_LT(std::stoull(seen.address) - FIRST_NUMBER, PHONES);
    }
    uint32_t succeeded = 0;
    for (const auto& session : record.sessions)
    {
        succeeded += session.succeeded ? 1 : 0;
        EXPECT_EQ(session.succeeded, delivered.whole.count(session.index) == 1) << session.index;
        EXPECT_LE(session.succeeded, submitted.whole.count(session.index) == 1) << session.index;
    }
    EXPECT_GT(succeeded, MESSAGES * 98 / 100);
}

// The RP-Message-Reference of an RP-DATA with an SMS-SUBMIT is its TP-MR, and each RP-DATA has an
// RP-ACK or RP-ERROR with its reference before the transfer after the next begins.
TEST_F(SmsCaptureTest, AnswersEachReference)
{
    if (!HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    Set("Scenario::Sessions", UintegerValue(500));
    Set("SmsTraffic::ArrivalInterval", StringValue("ns3::ConstantRandomVariable[Constant=30]"));
    Set("SmsTraffic::Length", StringValue("ns3::ConstantRandomVariable[Constant=60]"));
    Set("PhoneAvailability::UnreachableShare", DoubleValue(0));
    Set("GsmCell::FrameErasureRate", DoubleValue(0));
    RunRecord record;
    ASSERT_TRUE(CreateObject<SmsScenario>()->Run("sms", {}, record));
    const auto frames = Capture::Read(m_capture.path).Dissect(FIELDS, {"gsm_sms.reassemble:FALSE"});
    std::multiset<std::string> open; // references, with the type of their answer
    uint32_t submissions = 0;
    uint32_t answers = 0;
    for (const Frame& frame : frames)
    {
        if (frame[RP_TYPE].empty())
        {
            continue;
        }
        const auto type = std::stoul(frame[RP_TYPE], nullptr, 16);
        if (type < 2)
        {
            // MS to network 0, answered by 3; network to MS 1, answered by 2 (TS 24.011 8.2.2)
            open.insert(frame[RP_REFERENCE] + (type == 0 ? " 3" : " 2"));
            if (!frame[DA].empty())
            {
                ++submissions;
                EXPECT_EQ(std::stoul(frame[RP_REFERENCE], nullptr, 16), std::stoul(frame[MR]));
            }
        }
        else
        {
            const auto answered = open.find(frame[RP_REFERENCE] + " " + std::to_string(type));
            ASSERT_NE(answered, open.end());
            open.erase(answered);
            ++answers;
        }
    }
    EXPECT_EQ(submissions, 500U);
    EXPECT_GT(answers, 1000U); // with those of the status reports
    EXPECT_TRUE(open.empty());
}

// Every block on the air in GSMTAP: nothing malformed, each SDCCH frame is LAPDm, and the frame
// number of each block is that of its channel (TS 45.002 7, table 4: downlink SDCCH/8 s at 4s).
TEST_F(SmsCaptureTest, ShowsEachBlockInItsPlace)
{
    if (!HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    Set("Scenario::Sessions", UintegerValue(300));
    // Wireshark's reassembly of LAPDm is confused by a repetition of a lost frame, and knows one
    // cell
    Set("GsmCell::FrameErasureRate", DoubleValue(0));
    Set("CellularNetwork::Cells", UintegerValue(1));
    Set("SmsTraffic::ArrivalInterval", StringValue("ns3::ExponentialRandomVariable[Mean=4]"));
    Set("Scenario::Layer3Capture", StringValue(""));
    Set("Scenario::RadioCapture", StringValue(m_capture.path));
    RunRecord record;
    ASSERT_TRUE(CreateObject<SmsScenario>()->Run("sms", {}, record));
    const Capture capture = Capture::Read(m_capture.path);
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>());
    const auto frames = capture.Dissect({"gsmtap.chan_type",
                                         "gsmtap.uplink",
                                         "gsmtap.sub_slot",
                                         "gsmtap.frame_nr",
                                         "lapdm.address_field"});
    uint32_t dedicated = 0;
    for (const auto& frame : frames)
    {
        constexpr unsigned long sdcch8 = 8; // GSMTAP_CHANNEL_SDCCH8
        if (std::stoul(frame[0]) == sdcch8)
        {
            ++dedicated;
            EXPECT_FALSE(frame[4].empty());
            const unsigned long first = 4 * std::stoul(frame[2]) + (frame[1] == "1" ? 15 : 0);
            EXPECT_EQ(std::stoul(frame[3]) % 51, first % 51);
        }
    }
    EXPECT_GT(dedicated, 300U * 30);
}
