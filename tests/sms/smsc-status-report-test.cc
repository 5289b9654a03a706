// SPDX-License-Identifier: GPL-2.0-only
#include "tests/sms/smsc-fixture.h"

#include "ns3/sms-rp-cp.h"
#include "ns3/sms-time-stamp.h"

#include <cmath>
#include <cstdint>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr int64_t EPOCH = 1199145600; // Smsc::Epoch

/// Status reports and commands of phone 0, as the network carries them.
class SmscStatusReportTest : public SmscFixture
{
  protected:
    SmscStatusReportTest()
    {
        m_sender = GetMsisdn(0);
        m_net.phones[0]->TraceConnectWithoutContext(
            "StatusReport",
            Callback<void, const SmsStatusReport&>([this](const SmsStatusReport& report) {
                m_reports.push_back(report);
                m_times.push_back(Simulator::Now().GetSeconds());
            }));
        m_net.cell->TraceConnectWithoutContext(
            "Layer3",
            Callback<void, bool, uint8_t, const std::vector<uint8_t>&>(
                [this](bool uplink, uint8_t sapi, const std::vector<uint8_t>& octets) {
                    if (!uplink && sapi == SAPI_SMS)
                    {
                        ReadDownlink(octets);
                    }
                }));
    }

    void ReadDownlink(const std::vector<uint8_t>& octets)
    {
        CpMessage cp;
        RpMessage rp;
        if (DecodeCp(octets.data(), octets.size(), cp) != SmsCodecError::NONE ||
            cp.type != CpType::DATA || DecodeRp(cp.userData, cp.size, rp) != SmsCodecError::NONE ||
            rp.kind != RpKind::DATA)
        {
            return;
        }
        SmsDeliver deliver;
        if (DecodeDeliver(rp.userData, rp.size, deliver) == SmsCodecError::NONE)
        {
            m_delivers.push_back(deliver);
        }
    }

    /// @return an SMS-SUBMIT of phone 0's with TP-SRR.
    SmsSubmit MakeReported(std::size_t phone, uint8_t messageReference) const
    {
        SmsSubmit submit = MakeSubmit(phone, messageReference);
        submit.statusReportRequest = true;
        return submit;
    }

    /// An SMS-COMMAND of phone 0's about one of its messages to a phone.
    void CommandAt(double seconds,
                   SmsCommandType type,
                   std::size_t phone,
                   uint8_t messageNumber,
                   bool statusReportRequest = true)
    {
        SmsCommand command;
        command.statusReportRequest = statusReportRequest;
        command.messageReference = 200;
        command.type = static_cast<uint8_t>(type);
        command.messageNumber = messageNumber;
        command.destination.digits = std::to_string(GetMsisdn(phone));
        CommandAt(seconds, command);
    }

    void CommandAt(double seconds, const SmsCommand& command)
    {
        std::vector<uint8_t> tpdu;
        ASSERT_EQ(EncodeCommand(command, tpdu), SmsCodecError::NONE);
        SendTpduAt(seconds, tpdu);
    }

    /// Whole seconds of the simulation in a time stamp.
    static double GetTime(const SmsTimeStamp& stamp)
    {
        return static_cast<double>(GetSeconds(stamp) - EPOCH);
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

    /// What was stored is somewhere.
    void ExpectBalance() const
    {
        EXPECT_DOUBLE_EQ(Get("messages_accepted") + Get("status_reports"),
                         Get("messages_delivered") + Get("messages_expired") +
                             Get("messages_refused") + Get("messages_cancelled") +
                             Get("messages_stored"));
    }

    std::vector<SmsStatusReport> m_reports; ///< at phone 0
    std::vector<double> m_times;            ///< of them, s
    std::vector<SmsDeliver> m_delivers;     ///< to any phone
};

using States = std::vector<SmsStatus>;

} // namespace

// TS 23.040 9.2.2.3: TP-MR, TP-RA as TP-DA was, TP-SCTS as in the SMS-DELIVER, TP-DT the end.
TEST_F(SmscStatusReportTest, NamesTheMessageAndItsTimes)
{
    PowerAt(0.5, 1, false);
    SmsSubmit submit = MakeReported(1, 77);
    submit.destination.type = 0xA1; // national
    SendAt(10, submit);
    PowerAt(100, 1, true);
    Simulator::Run();
    ASSERT_EQ(m_reports.size(), 1U);
    ASSERT_EQ(m_delivers.size(), 1U);
    const SmsStatusReport& report = m_reports[0];
    EXPECT_EQ(report.messageReference, 77);
    EXPECT_EQ(report.recipient, (SmsAddress{0xA1, std::to_string(GetMsisdn(1))}));
    EXPECT_DOUBLE_EQ(GetTime(report.timeStamp), 10); // stored at 10.1 s
    EXPECT_DOUBLE_EQ(GetTime(m_delivers[0].timeStamp), 10);
    EXPECT_DOUBLE_EQ(GetTime(report.dischargeTime), std::floor(GetTimes(SmsHop::REPORTED)[0]));
    EXPECT_FALSE(report.resultOfCommand);
    EXPECT_TRUE(m_delivers[0].statusReportIndication); // TP-SRI tells the receiver
    ExpectBalance();
}

// Nobody asks for a report of a report, nor gets one unasked.
TEST_F(SmscStatusReportTest, ReportsOnceAndOnlyIfAsked)
{
    SendAt(1, MakeSubmit(1, 1));
    SendAt(20, MakeReported(1, 2));
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("status_reports"), 1);
    ASSERT_EQ(m_reports.size(), 1U);
    EXPECT_EQ(m_reports[0].messageReference, 2);
    ASSERT_EQ(m_delivers.size(), 2U);
    EXPECT_FALSE(m_delivers[0].statusReportIndication);
}

// TS 23.040 9.2.3.15: each end has its value of TP-ST.
TEST_F(SmscStatusReportTest, TellsEachEnd)
{
    PowerAt(0.5, 2, false);
    m_net.phones[3]->SetAttribute("MessageMemory", UintegerValue(1));
    SendAt(1, MakeReported(1, 1));
    SmsSubmit toNobody = MakeReported(1, 2);
    toNobody.destination.digits = "499999999999";
    SendAt(20, toNobody);
    SmsSubmit shortLived = MakeReported(2, 3);
    shortLived.validityPeriod.format = SmsValidityPeriod::Format::ENHANCED;
    shortLived.validityPeriod.enhanced = SmsValidityPeriod::Enhanced::SECONDS;
    shortLived.validityPeriod.seconds = 60;
    SendAt(40, shortLived);
    SmsSubmit once = MakeReported(2, 4);
    once.validityPeriod.format = SmsValidityPeriod::Format::ENHANCED;
    once.validityPeriod.singleShot = true;
    SendAt(150, once);
    SubmitAt(160, 3, 0); // fills the memory
    once.destination.digits = std::to_string(GetMsisdn(3));
    once.messageReference = 5;
    SendAt(180, once);
    Simulator::Run();
    EXPECT_EQ(GetStates(),
              (States{SmsStatus::RECEIVED,
                      SmsStatus::NOT_OBTAINABLE,
                      SmsStatus::VALIDITY_EXPIRED,
                      SmsStatus::GAVE_UP_NO_RESPONSE,
                      SmsStatus::GAVE_UP_ERROR_IN_SME}));
    for (std::size_t i = 0; i < m_reports.size(); ++i)
    {
        EXPECT_EQ(m_reports[i].messageReference, i + 1);
    }
    ExpectBalance();
}

// TS 23.040 3.2.9: a report is a message to the sender: it waits, is tried again, and AlertSC wakes
// it.
TEST_F(SmscStatusReportTest, WaitsForASenderThatIsOff)
{
    SendAt(1, MakeReported(1, 1));
    PowerAt(1.5, 0, false);
    PowerAt(1000, 0, true);
    Simulator::Stop(Seconds(1020));
    Simulator::Run();
    // restcomm: after 300 s, then 600 s; both are before the sender returns
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
    EXPECT_EQ(GetStates(), States{SmsStatus::RECEIVED});
    EXPECT_DOUBLE_EQ(Get("alerts_received"), 1);
    EXPECT_GT(m_times.at(0), 1000);
    EXPECT_LT(m_times.at(0), 1015);
    EXPECT_EQ(GetTimes(SmsHop::ATTEMPT_FAILED).size(), 3U);
    EXPECT_DOUBLE_EQ(GetTime(m_reports.at(0).dischargeTime),
                     std::floor(GetTimes(SmsHop::REPORTED)[0])); // of the message, not the report
}

// A report that nobody fetches ends with its own validity period, and is not reported.
TEST_F(SmscStatusReportTest, ExpiresWithoutAReport)
{
    Set("DefaultValidity", StringValue("1h"));
    SendAt(1, MakeReported(1, 1));
    PowerAt(1.5, 0, false);
    Simulator::Run();
    EXPECT_TRUE(m_reports.empty());
    EXPECT_DOUBLE_EQ(Get("status_reports"), 1);
    ASSERT_EQ(GetTimes(SmsHop::EXPIRED).size(), 1U);
    EXPECT_NEAR(GetTimes(SmsHop::EXPIRED)[0], GetTimes(SmsHop::REPORTED)[0] + 3600, 1e-6);
    EXPECT_DOUBLE_EQ(Get("messages_stored"), 0);
    ExpectBalance();
}

// What a crash leaves in the store is the request too, and the report itself.
TEST_F(SmscStatusReportTest, SurvivesACrash)
{
    PowerAt(0.5, 1, false);
    SendAt(1, MakeReported(1, 1)); // the request waits with the message
    SendAt(1, MakeReported(2, 2)); // the report waits for the sender
    PowerAt(1.5, 0, false);
    At(30, [this]() {
        EXPECT_DOUBLE_EQ(Get("status_reports"), 1);
        m_net.smsc->Crash();
    });
    PowerAt(35, 0, true);
    PowerAt(35, 1, true);
    At(50, [this]() { m_net.smsc->Restart(); });
    Simulator::Stop(Seconds(100));
    Simulator::Run();
    ASSERT_EQ(m_reports.size(), 2U);
    EXPECT_EQ(m_reports[0].messageReference, 2);
    EXPECT_EQ(m_reports[1].messageReference, 1);
    ExpectBalance();
}

// A sender that writes to itself: message and report go to one destination, one after the other.
TEST_F(SmscStatusReportTest, ReportsToASenderThatIsTheReceiver)
{
    SendAt(1, MakeReported(0, 1));
    SendAt(1, MakeReported(0, 2));
    Simulator::Run();
    EXPECT_EQ(GetReceived(0), (std::vector<int>{1, 2}));
    ASSERT_EQ(m_reports.size(), 2U);
    EXPECT_EQ(m_reports[0].messageReference, 1);
    EXPECT_EQ(m_reports[1].messageReference, 2);
    EXPECT_TRUE(m_delivers.at(0).moreMessagesToSend);
    EXPECT_FALSE(m_reports[1].moreMessagesToSend);
    ExpectBalance();
}

// TS 23.040 9.2.3.19: an enquiry is answered whether TP-SRR is set or not, the message stays.
TEST_F(SmscStatusReportTest, AnswersAnEnquiry)
{
    PowerAt(0.5, 1, false);
    SendAt(1, MakeSubmit(1, 1));
    CommandAt(60, SmsCommandType::ENQUIRY, 1, 1, false);
    PowerAt(100, 1, true);
    CommandAt(150, SmsCommandType::ENQUIRY, 1, 1);
    Simulator::Stop(Seconds(200));
    Simulator::Run();
    EXPECT_EQ(GetStates(), (States{SmsStatus::TRYING_NO_RESPONSE, SmsStatus::DOES_NOT_EXIST}));
    EXPECT_EQ(m_reports.at(0).messageReference, 200); // TP-MR of the command
    EXPECT_TRUE(m_reports.at(0).resultOfCommand);
    EXPECT_DOUBLE_EQ(GetTime(m_reports.at(0).timeStamp), 1);
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
    EXPECT_DOUBLE_EQ(Get("commands"), 2);
}

// TS 23.040 9.2.3.15: a report tells why the last attempt has failed.
TEST_F(SmscStatusReportTest, TellsWhyAMessageWaits)
{
    m_net.phones[1]->SetAttribute("MessageMemory", UintegerValue(1));
    SendAt(1, MakeSubmit(1, 1));
    SendAt(20, MakeSubmit(1, 2)); // no memory is left
    CommandAt(60, SmsCommandType::ENQUIRY, 1, 2);
    PowerAt(70, 1, false);
    At(71, [this]() { m_net.smsc->AlertServiceCentre(GetMsisdn(1)); });
    CommandAt(90, SmsCommandType::ENQUIRY, 1, 2);
    Simulator::Stop(Seconds(120));
    Simulator::Run();
    EXPECT_EQ(GetStates(), (States{SmsStatus::TRYING_ERROR_IN_SME, SmsStatus::TRYING_NO_RESPONSE}));
}

// A deletion tells of itself if it is asked to, and of the message if that was to be reported.
TEST_F(SmscStatusReportTest, DeletesWhatWaits)
{
    PowerAt(0.5, 1, false);
    SendAt(1, MakeReported(1, 1));
    SendAt(2, MakeSubmit(1, 2));
    CommandAt(60, SmsCommandType::DELETE, 1, 1);
    CommandAt(90, SmsCommandType::DELETE, 1, 2, false);
    PowerAt(120, 1, true);
    Simulator::Stop(Seconds(1000));
    Simulator::Run();
    EXPECT_EQ(GetStates(), (States{SmsStatus::DELETED_BY_SME, SmsStatus::DELETED_BY_SME}));
    EXPECT_TRUE(m_reports.at(0).resultOfCommand);
    EXPECT_FALSE(m_reports.at(1).resultOfCommand);
    EXPECT_EQ(m_reports.at(1).messageReference, 1);
    EXPECT_TRUE(GetReceived(1).empty());
    EXPECT_DOUBLE_EQ(Get("messages_cancelled"), 2);
    ExpectBalance();
}

// What is on its way cannot be called back: the answer says that the SMSC is trying.
TEST_F(SmscStatusReportTest, DeletesNothingThatIsOnItsWay)
{
    SendAt(1, MakeSubmit(1, 1));
    CommandAt(4, SmsCommandType::DELETE, 1, 1);
    Simulator::Run();
    EXPECT_EQ(GetStates(), States{SmsStatus::TRYING_CONGESTION});
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
    EXPECT_DOUBLE_EQ(Get("messages_cancelled"), 0);
    ExpectBalance();
}

// TP-CT 1 and 3 change TP-SRR of the stored message, and with it TP-SRI of the SMS-DELIVER.
TEST_F(SmscStatusReportTest, ChangesTheRequestForAReport)
{
    PowerAt(0.5, 1, false);
    SendAt(1, MakeReported(1, 1));
    SendAt(2, MakeSubmit(1, 2));
    CommandAt(60, SmsCommandType::CANCEL_STATUS_REPORT, 1, 1, false);
    CommandAt(61, SmsCommandType::ENABLE_STATUS_REPORT, 1, 2, false);
    PowerAt(90, 1, true);
    Simulator::Stop(Seconds(150));
    Simulator::Run();
    ASSERT_EQ(m_delivers.size(), 2U);
    EXPECT_FALSE(m_delivers[0].statusReportIndication);
    EXPECT_TRUE(m_delivers[1].statusReportIndication);
    EXPECT_EQ(GetStates(), States{SmsStatus::RECEIVED});
    EXPECT_EQ(m_reports.at(0).messageReference, 2);
}

// A command is about the sender's own messages: TP-MN and TP-DA name nobody else's.
TEST_F(SmscStatusReportTest, LeavesTheMessagesOfOthersAlone)
{
    PowerAt(0.5, 1, false);
    SendAt(1, MakeSubmit(1, 1));
    At(50, [this]() { m_sender = GetMsisdn(2); });
    CommandAt(60, SmsCommandType::DELETE, 1, 1);
    At(70, [this]() { m_sender = GetMsisdn(0); });
    CommandAt(80, SmsCommandType::DELETE, 3, 1); // TP-DA of another message
    PowerAt(100, 1, true);
    Simulator::Stop(Seconds(150));
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
    EXPECT_EQ(GetStates(), States{SmsStatus::DOES_NOT_EXIST}); // the other report is phone 2's
    EXPECT_DOUBLE_EQ(Get("status_reports"), 2);
}

// What the SMSC cannot read, or has no such command for, it refuses.
TEST_F(SmscStatusReportTest, RefusesCommandsThatItDoesNotKnow)
{
    PowerAt(0.5, 1, false);
    SendAt(1, MakeSubmit(1, 1));
    SmsCommand command;
    command.type = 4; // reserved
    command.messageNumber = 1;
    command.destination.digits = std::to_string(GetMsisdn(1));
    CommandAt(10, command);
    std::vector<uint8_t> tpdu;
    ASSERT_EQ(EncodeCommand(command, tpdu), SmsCodecError::NONE);
    tpdu.resize(tpdu.size() - 3);
    SendTpduAt(20, tpdu);
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("submissions_refused"), 2);
    EXPECT_DOUBLE_EQ(Get("commands"), 0);
    EXPECT_DOUBLE_EQ(Get("messages_stored"), 1);
}
