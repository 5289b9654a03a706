// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/double.h"
#include "ns3/sms-report-tpdu.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// What users send and read: messages of any length, status reports, commands, a full memory.
class ShortMessageTest : public testing::Test
{
  protected:
    ShortMessageTest()
    {
        for (int i = 0; i < 3; ++i)
        {
            m_net.AddPhone();
        }
        m_net.phones[1]->TraceConnectWithoutContext(
            "Message",
            Callback<void, const SmsAddress&, const ShortMessage&>(
                [this](const SmsAddress& from, const ShortMessage& message) {
                    m_texts.emplace_back(from.digits, message.text);
                }));
        m_net.phones[0]->TraceConnectWithoutContext(
            "StatusReport",
            Callback<void, const SmsStatusReport&>(
                [this](const SmsStatusReport& report) { m_reports.push_back(report); }));
    }

    /// Sends a text from phone 0 to a number. @return what is wrong with it.
    SmsCodecError SendText(const std::string& number,
                           const std::string& text,
                           const SmsOptions& options = SmsOptions())
    {
        ShortMessage message;
        message.text = text;
        return m_net.phones[0]->SubmitShortMessage(
            number,
            message,
            options,
            Callback<void, bool, const std::string&>(
                [this](bool accepted, const std::string& cause) {
                    m_net.outcomes.push_back(accepted ? "accepted" : cause);
                }));
    }

    void At(double seconds, const std::function<void()>& what)
    {
        Simulator::Schedule(Seconds(seconds), Callback<void>(what));
    }

    const std::string& GetNumber(std::size_t phone) const
    {
        return m_net.phones[phone]->GetMsisdn();
    }

    double GetSmsc(const std::string& name) const
    {
        return SmsNetwork::Get(m_net.smsc->GetCounters(), name);
    }

    std::vector<SmsStatus> GetStates() const
    {
        std::vector<SmsStatus> states;
        for (const SmsStatusReport& report : m_reports)
        {
            states.push_back(static_cast<SmsStatus>(report.status));
        }
        return states;
    }

    SmsNetwork m_net;
    std::vector<std::pair<std::string, std::string>> m_texts; ///< sender and text, at phone 1
    std::vector<SmsStatusReport> m_reports;                   ///< at phone 0
};

} // namespace

// 1000 characters of the default alphabet are 7 segments of 153 (TS 23.040 9.2.3.24.1).
TEST_F(ShortMessageTest, ArrivesWholeWhenItIsLong)
{
    std::string text;
    while (text.size() < 1000)
    {
        text += "Invitation " + std::to_string(text.size()) + ". ";
    }
    text.resize(1000);
    At(1, [&]() { EXPECT_EQ(SendText(GetNumber(1), text), SmsCodecError::NONE); });
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>{"accepted"});
    ASSERT_EQ(m_texts.size(), 1U);
    EXPECT_EQ(m_texts[0], std::make_pair(GetNumber(0), text));
    EXPECT_DOUBLE_EQ(GetSmsc("messages_delivered"), 7);
}

// Under frame losses and an outage of the phone in the middle too.
TEST_F(ShortMessageTest, ArrivesWholeInSpiteOfLosses)
{
    m_net.cell->SetAttribute("FrameErasureRate", DoubleValue(0.1));
    const std::string text(900, 'x');
    At(1, [&]() { SendText(GetNumber(1), text); });
    At(2, [&]() { SendText(GetNumber(1), "äöü €"); });
    At(14, [this]() { m_net.phones[1]->SetCovered(false); });
    At(30, [this]() { m_net.phones[1]->SetCovered(true); });
    Simulator::Run();
    ASSERT_EQ(m_texts.size(), 2U);
    EXPECT_EQ(m_texts[0].second, text);
    EXPECT_EQ(m_texts[1].second, "äöü €");
}

TEST_F(ShortMessageTest, SaysWhatIsWrongWithAMessage)
{
    EXPECT_EQ(SendText("49171x", "text"), SmsCodecError::BAD_ADDRESS);
    EXPECT_EQ(SendText(GetNumber(1), std::string(255 * 153 + 1, 'x')),
              SmsCodecError::TOO_MANY_SEGMENTS);
    Simulator::Run();
    EXPECT_TRUE(m_net.outcomes.empty());
}

// Data of any length go to the application's port in one piece.
TEST_F(ShortMessageTest, CarriesLongDataToAPort)
{
    ShortMessage message;
    message.alphabet = SmsAlphabet::DATA_8_BIT;
    message.ports = SmsPorts{SmsNetwork::PORT, 5000};
    for (int i = 0; i < 500; ++i)
    {
        message.data.push_back(static_cast<uint8_t>(i * 7));
    }
    At(1, [&]() {
        m_net.phones[0]->SubmitShortMessage(
            GetNumber(1),
            message,
            SmsOptions(),
            Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    });
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 1U);
    EXPECT_EQ(m_net.received[1][0].octets, message.data);
    EXPECT_TRUE(m_texts.empty());
}

// TP-SRR, TS 23.040 9.2.2.3: the report names the message and tells its end.
TEST_F(ShortMessageTest, ReportsTheEndOfEachMessage)
{
    SmsOptions options;
    options.statusReport = true;
    At(0.5, [this]() { m_net.phones[2]->SetPoweredOn(false); });
    At(5, [&]() { SendText(GetNumber(1), "delivered", options); });
    At(30, [&]() { SendText("499999999999", "nobody", options); });
    At(60, [&]() {
        options.validity = SmsValidityPeriod::Make(120);
        SendText(GetNumber(2), "expired", options);
    });
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, (std::vector<std::string>(3, "accepted")));
    EXPECT_EQ(GetStates(),
              (std::vector<SmsStatus>{SmsStatus::RECEIVED,
                                      SmsStatus::NOT_OBTAINABLE,
                                      SmsStatus::VALIDITY_EXPIRED}));
    for (uint8_t i = 0; i < 3; ++i)
    {
        EXPECT_EQ(m_reports[i].messageReference, i);
        EXPECT_FALSE(m_reports[i].resultOfCommand);
    }
    EXPECT_EQ(m_reports[0].recipient.digits, GetNumber(1));
}

// SMS-COMMAND, TS 23.040 9.2.3.19: an enquiry is answered, a deletion ends the message.
TEST_F(ShortMessageTest, CommandsTheServiceCentre)
{
    const auto command = [this](SmsCommandType type) {
        EXPECT_EQ(m_net.phones[0]->SendCommand(
                      GetNumber(2),
                      0,
                      type,
                      Callback<void, bool, const std::string&>(
                          [](bool accepted, const std::string&) { EXPECT_TRUE(accepted); })),
                  SmsCodecError::NONE);
    };
    At(0.5, [this]() { m_net.phones[2]->SetPoweredOn(false); });
    At(5, [&]() { SendText(GetNumber(2), "waits"); });
    At(60, [&]() { command(SmsCommandType::ENQUIRY); });
    At(90, [&]() { command(SmsCommandType::DELETE); });
    At(120, [&]() { command(SmsCommandType::ENQUIRY); });
    Simulator::Run();
    EXPECT_EQ(GetStates(),
              (std::vector<SmsStatus>{SmsStatus::TRYING_NO_RESPONSE,
                                      SmsStatus::DELETED_BY_SME,
                                      SmsStatus::DOES_NOT_EXIST}));
    for (const SmsStatusReport& report : m_reports)
    {
        EXPECT_TRUE(report.resultOfCommand);
    }
    EXPECT_DOUBLE_EQ(GetSmsc("messages_cancelled"), 1);
}

// TS 23.040 10.3, TS 24.011 6.3.3: a full memory refuses, RP-SMMA makes the HLR alert the SMSC.
TEST_F(ShortMessageTest, WaitsForAFullMemory)
{
    m_net.phones[1]->SetAttribute("MessageMemory", UintegerValue(2));
    for (int i = 0; i < 4; ++i)
    {
        At(1 + 20 * i, [&, i]() { SendText(GetNumber(1), std::to_string(i)); });
    }
    At(150, [this]() {
        EXPECT_EQ(m_texts.size(), 2U);
        EXPECT_TRUE(m_net.hlr->GetMwStatus(491711000001).mcef);
        m_net.phones[1]->ReadMessages();
    });
    Simulator::Stop(Seconds(170));
    Simulator::Run();
    ASSERT_EQ(m_texts.size(), 4U);
    EXPECT_EQ(m_texts[2].second, "2");
    EXPECT_EQ(m_texts[3].second, "3");
    EXPECT_FALSE(m_net.hlr->GetMwStatus(491711000001).mcef);
    EXPECT_DOUBLE_EQ(GetSmsc("alerts_received"), 1);
    EXPECT_GE(GetSmsc("attempts_memory_capacity_exceeded"), 1);
}

// An RP-SMMA that is not answered goes again after TRAM.
TEST_F(ShortMessageTest, RepeatsTheWordThatThereIsMemory)
{
    m_net.phones[1]->SetAttribute("MessageMemory", UintegerValue(1));
    At(1, [&]() { SendText(GetNumber(1), "0"); });
    At(20, [&]() { SendText(GetNumber(1), "1"); });
    At(50, [this]() {
        m_net.hlr->SetInService(false);
        m_net.phones[1]->ReadMessages();
    });
    At(60, [this]() { m_net.hlr->SetInService(true); });
    Simulator::Stop(Seconds(120));
    Simulator::Run();
    EXPECT_EQ(m_texts.size(), 2U);
}
