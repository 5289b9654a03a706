// SPDX-License-Identifier: GPL-2.0-only
#include "tests/sms/smsc-fixture.h"

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// The HLR of the fixture's network, and a second SMSC that only waits.
class HlrTest : public SmscFixture
{
  protected:
    HlrTest()
    {
        m_second->SetSignalling(m_net.signalling, m_net.signalling->AddPoint("second"));
        m_second->SetHlr(m_net.hlr);
        m_second->AssignStreams(900);
        Set("PriorityRequest", BooleanValue(false)); // MNRF is an answer, not a hint
    }

    ~HlrTest() override
    {
        Simulator::Destroy();
        m_second->Dispose();
    }

    /// An SMSC reports on phone 1, at a time in s.
    void ReportAt(double seconds, Ptr<Smsc> smsc, MapDeliveryOutcome outcome)
    {
        At(seconds, [this, smsc, outcome]() {
            m_net.hlr->ReportSmDeliveryStatus(smsc, {GetMsisdn(1), 1}, outcome);
        });
    }

    void ReadyAt(double seconds, MapAlertReason reason)
    {
        At(seconds, [this, reason]() { m_net.hlr->ReadyForSm(GetMsisdn(1), reason); });
    }

    /// An SMSC asks for phone 1's routing information, at a time in s.
    void AskAt(double seconds, Ptr<Smsc> smsc)
    {
        At(seconds, [this, smsc]() {
            m_net.hlr->SendRoutingInfoForSm(smsc, {GetMsisdn(1), 1}, false);
        });
    }

    MapMwStatus GetStatus() const
    {
        return m_net.hlr->GetMwStatus(GetMsisdn(1));
    }

    double GetSecond(const std::string& counter) const
    {
        return SmsNetwork::Get(m_second->GetCounters(), counter);
    }

    Ptr<Smsc> m_second = CreateObject<Smsc>();
};

} // namespace

// TS 23.040 3.2.7: an absent subscriber sets MNRF, a full memory MCEF; each is cleared by its own
// reason, both by a success.
TEST_F(HlrTest, SetsAndClearsEachFlag)
{
    ReportAt(1, m_net.smsc, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReportAt(2, m_net.smsc, MapDeliveryOutcome::MEMORY_CAPACITY_EXCEEDED);
    At(3, [this]() {
        EXPECT_TRUE(GetStatus().mnrf);
        EXPECT_TRUE(GetStatus().mcef);
    });
    ReadyAt(4, MapAlertReason::MS_PRESENT);
    At(5, [this]() {
        EXPECT_FALSE(GetStatus().mnrf);
        EXPECT_TRUE(GetStatus().mcef);
        EXPECT_DOUBLE_EQ(GetHlr("alerts_sent"), 0); // its memory is still full
    });
    ReadyAt(6, MapAlertReason::MEMORY_AVAILABLE);
    At(7, [this]() {
        EXPECT_FALSE(GetStatus().mcef);
        EXPECT_DOUBLE_EQ(GetHlr("alerts_sent"), 1);
    });
    AskAt(8, m_net.smsc);
    ReportAt(8.5, m_net.smsc, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReportAt(9, m_net.smsc, MapDeliveryOutcome::SUCCESSFUL_TRANSFER);
    Simulator::Run();
    EXPECT_FALSE(GetStatus().mnrf);
    EXPECT_DOUBLE_EQ(GetHlr("alerts_sent"), 1); // who has reported the success knows
}

// TS 23.040 3.2.7: each SMSC in the message waiting data is alerted, once however often it failed.
TEST_F(HlrTest, AlertsEachServiceCentreThatWaits)
{
    ReportAt(1, m_net.smsc, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReportAt(2, m_second, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReportAt(3, m_second, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReadyAt(4, MapAlertReason::MS_PRESENT);
    ReadyAt(5, MapAlertReason::MS_PRESENT);
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("alerts_received"), 1);
    EXPECT_DOUBLE_EQ(GetSecond("alerts_received"), 1);
}

// A success of one SMSC is news for the others.
TEST_F(HlrTest, AlertsTheOthersAfterASuccess)
{
    ReportAt(1, m_net.smsc, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReportAt(2, m_second, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    ReportAt(3, m_second, MapDeliveryOutcome::SUCCESSFUL_TRANSFER);
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("alerts_received"), 1);
    EXPECT_DOUBLE_EQ(GetSecond("alerts_received"), 0);
}

// TS 29.002 12.1, 12.6: while MNRF is set a request without priority is answered by
// absentSubscriberSM, one with priority by the routing information; both are informed.
TEST_F(HlrTest, AnswersByPriorityWhileTheSubscriberIsMarked)
{
    ReportAt(0.5, m_second, MapDeliveryOutcome::ABSENT_SUBSCRIBER); // wrongly: the phone is there
    SubmitAt(1, 1, 1);
    At(20, [this]() {
        EXPECT_TRUE(GetReceived(1).empty());
        ASSERT_EQ(m_ends.size(), 1U);
        EXPECT_EQ(m_ends[0].outcome, MapError::ABSENT_SUBSCRIBER_SM);
        EXPECT_DOUBLE_EQ(Get("informs_received"), 1);
    });
    SubmitAt(30, 1, 2, 1); // sm-RP-PRI
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), (std::vector<int>{2, 1}));
    EXPECT_FALSE(GetStatus().mnrf); // as the success was reported
}

TEST_F(HlrTest, KnowsNobodyElse)
{
    At(1, [this]() { SubmitTo(491719999999, 1); });
    Simulator::Run();
    ASSERT_EQ(m_ends.size(), 1U);
    EXPECT_EQ(m_ends[0].outcome, MapError::UNKNOWN_SUBSCRIBER);
    EXPECT_DOUBLE_EQ(GetHlr("unknown_subscriber"), 1);
}

// An alert that nobody confirms goes again after AlertRetryTime, AlertRetries times.
TEST_F(HlrTest, RepeatsAlertsToAServiceCentreThatIsDown)
{
    m_net.hlr->SetAttribute("AlertRetryTime", TimeValue(Seconds(60)));
    m_net.hlr->SetAttribute("AlertRetries", UintegerValue(3));
    PowerAt(0.5, 1, false);
    SubmitAt(2, 1, 1);
    CutOff(m_net.smsc->GetPoint(), 10, 150);
    PowerAt(20, 1, true); // alerts at 22, 82, 142, 202 s
    Simulator::Stop(Seconds(230));
    Simulator::Run();
    EXPECT_DOUBLE_EQ(GetHlr("alerts_sent"), 4);
    EXPECT_DOUBLE_EQ(Get("alerts_received"), 1);
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
}

TEST_F(HlrTest, GivesUpAlertsInTheEnd)
{
    m_net.hlr->SetAttribute("AlertRetries", UintegerValue(2));
    ReportAt(1, m_net.smsc, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    CutOff(m_net.smsc->GetPoint(), 2, 10000);
    ReadyAt(5, MapAlertReason::MS_PRESENT);
    Simulator::Run();
    EXPECT_DOUBLE_EQ(GetHlr("alerts_sent"), 3);
    EXPECT_DOUBLE_EQ(GetHlr("alerts_lost"), 1);
}

// A phone comes back while the news of its absence is still on its way through the SMSC: no flag is
// set that nobody would clear, and the SMSC tries again at once.
TEST_F(HlrTest, TakesAReadyPhoneForPresentThoughTheReportComesLater)
{
    AskAt(1, m_second);
    ReadyAt(2, MapAlertReason::MS_PRESENT);
    ReportAt(2.1, m_second, MapDeliveryOutcome::ABSENT_SUBSCRIBER);
    At(3, [this]() {
        EXPECT_FALSE(GetStatus().mnrf);
        EXPECT_DOUBLE_EQ(GetSecond("alerts_received"), 1);
    });
    AskAt(4, m_second);
    ReportAt(5, m_second, MapDeliveryOutcome::ABSENT_SUBSCRIBER); // an attempt of later
    Simulator::Run();
    EXPECT_TRUE(GetStatus().mnrf);
    EXPECT_DOUBLE_EQ(GetSecond("alerts_received"), 1);
}

// The HLR is down when the SMSC reports: it is told again, so that the phone's return is news.
TEST_F(HlrTest, IsToldAgainOfAnAbsenceThatItHasNotHeardOf)
{
    Set("RetrySchedule", StringValue("osmocom"));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    bool cut = false;
    m_net.smsc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([&](uint64_t, SmsHop hop, Time) {
            if (hop == SmsHop::MT_FORWARDED && !cut)
            {
                cut = true;
                CutOff(m_net.hlr->GetPoint(), 0, 40);
            }
        }));
    At(35, [this]() { EXPECT_FALSE(GetStatus().mnrf); });
    At(70, [this]() { EXPECT_TRUE(GetStatus().mnrf); });
    PowerAt(100, 1, true);
    Simulator::Stop(Hours(1));
    Simulator::Run();
    EXPECT_TRUE(cut);
    EXPECT_DOUBLE_EQ(GetHlr("absent_reports"), 1);
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
}

// The HLR is down when the phone returns: the VLR keeps its flag, and the next contact is reported.
TEST_F(HlrTest, HearsOfThePhoneAtItsNextContact)
{
    Set("RetrySchedule", StringValue("osmocom"));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    CutOff(m_net.hlr->GetPoint(), 20, 60);
    PowerAt(30, 1, true);
    At(100, [this]() {
        EXPECT_TRUE(GetReceived(1).empty());
        m_net.Send(1, 0, 10);
    });
    Simulator::Stop(Seconds(200));
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
    EXPECT_DOUBLE_EQ(GetHlr("alerts_sent"), 1);
    EXPECT_FALSE(GetStatus().mnrf);
}
