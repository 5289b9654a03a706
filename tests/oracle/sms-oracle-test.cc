// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Our CP and RP layers on one side, libosmogsm's on the other: two implementations of TS 24.011
 * that know nothing of each other have to carry the same messages.
 */
#include "oracle/line-process.h"
#include "tests/hex.h"

#include "ns3/sms-transaction-engine.h"

#include <algorithm>
#include <deque>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::oracle::LineProcess;
using ::p2pim::test::FromHex;
using ::p2pim::test::ToHex;

namespace
{

using Octets = std::vector<uint8_t>;
using Event = SmsTransactionEngine::Event;

constexpr const char* PROGRAM = "sms-peer";
constexpr uint8_t REFERENCE = 77;
const SmsAddress SERVICE_CENTRE{SmsAddress::INTERNATIONAL, "4412345"};
/// SERVICE_CENTRE in an RP-DATA (TS 24.011 8.2.5.1).
const Octets SERVICE_CENTRE_OCTETS{0x05, 0x91, 0x44, 0x21, 0x43, 0xF5};
const Octets TPDU{0x01, 0x07, 0x03, 0x91, 0x21, 0xF3, 0x00, 0x04, 0x03, 'a', 'b', 'c'};

/// A transfer between one of ours and one of theirs; the parameter says whether we are the network.
class SmsOracleTest : public testing::TestWithParam<bool>
{
  protected:
    void SetUp() override
    {
        if (!LineProcess::Exists(PROGRAM))
        {
            GTEST_SKIP() << "build/sms-peer is not there: libosmogsm is not installed";
        }
        m_process = std::make_unique<LineProcess>(
            PROGRAM,
            std::vector<std::string>{GetParam() ? "phone" : "network"});
    }

    /// An RP-DATA of their side behind its length.
    static Octets MakeTheirRpData()
    {
        const bool fromNetwork = !GetParam();
        Octets rp{static_cast<uint8_t>(fromNetwork ? 0x01 : 0x00), REFERENCE};
        const Octets none{0x00};
        const Octets& first = fromNetwork ? SERVICE_CENTRE_OCTETS : none;
        const Octets& second = fromNetwork ? none : SERVICE_CENTRE_OCTETS;
        rp.insert(rp.end(), first.begin(), first.end());
        rp.insert(rp.end(), second.begin(), second.end());
        rp.push_back(static_cast<uint8_t>(TPDU.size()));
        rp.insert(rp.end(), TPDU.begin(), TPDU.end());
        rp.insert(rp.begin(), static_cast<uint8_t>(rp.size()));
        return rp;
    }

    /// Gives them a command, and us the messages of the answer.
    void Command(const std::string& command)
    {
        for (const auto& words : m_process->Execute(command))
        {
            if (words[0] == "frame")
            {
                m_toUs.push_back(FromHex(words[1]));
            }
            else
            {
                m_theirs.push_back(words[1] + (words.size() > 2 ? " " + words[2] : ""));
            }
        }
    }

    /// Carries messages both ways until there are none; @p lost of them, counted from 0, is lost.
    void Carry(int lost = -1)
    {
        while (!m_toUs.empty() || !m_toThem.empty())
        {
            const bool ours = !m_toThem.empty();
            auto& queue = ours ? m_toThem : m_toUs;
            const Octets message = queue.front();
            queue.pop_front();
            if (m_carried++ == lost)
            {
                continue;
            }
            ours ? Command("receive " + ToHex(message)) : Receive(message);
        }
    }

    /// Lets time pass on both sides, second by second.
    void Wait(int seconds, int lost = -1)
    {
        for (int i = 0; i < seconds; ++i)
        {
            m_now += Seconds(1);
            Command("advance 1000000");
            if (m_engine.GetDeadline() <= m_now)
            {
                Note(m_engine.Expire(m_now));
            }
            Carry(lost);
        }
    }

    void Receive(const Octets& message)
    {
        Note(m_engine.Receive(message.data(), message.size(), m_now));
    }

    /// Sends what a step sends; answers an RP-DATA as the test wants it.
    void Note(const SmsTransactionEngine::Step& step)
    {
        if (!step.message.empty())
        {
            m_toThem.push_back(step.message);
        }
        if (step.event != Event::NONE)
        {
            m_ours.push_back(step.event);
        }
        if (step.event == Event::RP_DATA)
        {
            m_received.assign(step.rp.userData, step.rp.userData + step.rp.size);
            m_toThem.push_back(m_refusal == 0 ? m_engine.Acknowledge(m_now)
                                              : m_engine.Refuse(m_refusal, m_now));
        }
    }

    bool WeSaw(Event event) const
    {
        return std::count(m_ours.begin(), m_ours.end(), event) == 1;
    }

    bool TheySaw(const std::string& indication) const
    {
        return std::count(m_theirs.begin(), m_theirs.end(), indication) == 1;
    }

    SmsTransactionEngine m_engine{GetParam(), {Seconds(40), Seconds(15), Seconds(10), 2}};
    std::unique_ptr<LineProcess> m_process;
    Time m_now = Seconds(1);
    int m_carried = 0;
    uint8_t m_refusal = 0; ///< RP cause that we answer an RP-DATA with, or 0
    std::deque<Octets> m_toUs;
    std::deque<Octets> m_toThem;
    std::vector<Event> m_ours;
    std::vector<std::string> m_theirs;
    Octets m_received;
};

TEST_P(SmsOracleTest, OurRpDataIsAcknowledged)
{
    m_toThem.push_back(m_engine.Originate(0, REFERENCE, SERVICE_CENTRE, TPDU, m_now));
    Carry();
    ASSERT_EQ(m_theirs.size(), 1U);
    // what they hand up is our RP-DATA, the TPDU at its end
    EXPECT_EQ(m_theirs[0].substr(m_theirs[0].size() - TPDU.size() * 2), ToHex(TPDU));
    const uint8_t ack = GetParam() ? 0x02 : 0x03; // RP-ACK: 2 from the phone, 3 from the network
    Command("report " + ToHex({2, ack, REFERENCE}));
    Carry();
    EXPECT_TRUE(WeSaw(Event::RP_ACK));
    EXPECT_TRUE(TheySaw("release"));
}

TEST_P(SmsOracleTest, OurRpDataIsRefused)
{
    m_toThem.push_back(m_engine.Originate(0, REFERENCE, SERVICE_CENTRE, TPDU, m_now));
    Carry();
    const uint8_t error = GetParam() ? 0x04 : 0x05; // RP-ERROR
    Command("report " + ToHex({4, error, REFERENCE, 1, 22}));
    Carry();
    EXPECT_TRUE(WeSaw(Event::RP_ERROR));
    EXPECT_TRUE(TheySaw("release"));
}

TEST_P(SmsOracleTest, TheirRpDataIsAcknowledged)
{
    Command("originate 0 " + ToHex(MakeTheirRpData()));
    Carry();
    EXPECT_EQ(m_received, TPDU);
    EXPECT_TRUE(WeSaw(Event::FINISHED));
    EXPECT_TRUE(
        TheySaw("report " + ToHex({static_cast<uint8_t>(GetParam() ? 0x03 : 0x02), REFERENCE})));
}

TEST_P(SmsOracleTest, TheirRpDataIsRefused)
{
    m_refusal = 22;
    Command("originate 0 " + ToHex(MakeTheirRpData()));
    Carry();
    EXPECT_TRUE(WeSaw(Event::FINISHED));
    EXPECT_TRUE(TheySaw("report " +
                        ToHex({static_cast<uint8_t>(GetParam() ? 0x05 : 0x04), REFERENCE, 1, 22})));
}

// A transfer is their CP-DATA, our CP-ACK and CP-DATA, their CP-ACK. TC1* makes good for a lost
// one; but libosmogsm takes a CP-DATA that comes before the CP-ACK for an error.
TEST_P(SmsOracleTest, TheirTransferSurvivesTheLossOfAMessage)
{
    for (const int lost : {0, 2, 3})
    {
        SCOPED_TRACE(lost);
        m_engine = SmsTransactionEngine(GetParam(), {Seconds(40), Seconds(15), Seconds(10), 2});
        SetUp();
        m_ours.clear();
        m_theirs.clear();
        m_carried = 0;
        Command("originate 0 " + ToHex(MakeTheirRpData()));
        Carry(lost);
        Wait(30, lost);
        EXPECT_EQ(m_received, TPDU);
        EXPECT_TRUE(WeSaw(Event::RP_DATA));
        EXPECT_TRUE(TheySaw("report " +
                            ToHex({static_cast<uint8_t>(GetParam() ? 0x03 : 0x02), REFERENCE})));
    }
}

INSTANTIATE_TEST_SUITE_P(OurSide, SmsOracleTest, testing::Bool(), [](const auto& info) {
    return info.param ? "Network" : "Phone";
});

} // namespace
