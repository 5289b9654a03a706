// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// The default network with a few phones; messages are numbered by their length.
class SmsFailureTest : public testing::Test
{
  protected:
    SmsFailureTest()
    {
        for (int i = 0; i < 4; ++i)
        {
            m_net.AddPhone();
        }
        m_net.smsc->TraceConnectWithoutContext("Hop", MakeCallback(&SmsFailureTest::Hop, this));
    }

    void Hop(uint64_t /* reference */, SmsHop hop, Time time)
    {
        if (hop == SmsHop::ROUTING_REQUESTED)
        {
            m_attempts.push_back(time);
        }
    }

    void SendAt(double seconds, std::size_t from, std::size_t to, uint32_t octets = 10)
    {
        Simulator::Schedule(Seconds(seconds), &SmsNetwork::Send, &m_net, from, to, octets);
    }

    void PowerAt(double seconds, std::size_t phone, bool on)
    {
        Simulator::Schedule(Seconds(seconds),
                            &GsmMobileStation::SetPoweredOn,
                            m_net.phones[phone],
                            on);
    }

    void CoverAt(double seconds, std::size_t phone, bool covered)
    {
        Simulator::Schedule(Seconds(seconds),
                            &GsmMobileStation::SetCovered,
                            m_net.phones[phone],
                            covered);
    }

    double GetSmsc(const std::string& name) const
    {
        return SmsNetwork::Get(m_net.smsc->GetCounters(), name);
    }

    SmsNetwork m_net;
    std::vector<Time> m_attempts;
};

} // namespace

// TS 23.040 3.2.7: the IMSI attach makes the HLR alert the SMSC, which delivers at once.
TEST_F(SmsFailureTest, Smsc_DeliversWhenSubscriberAttaches)
{
    PowerAt(0.5, 1, false);
    SendAt(1, 0, 1);
    PowerAt(100, 1, true);
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 1U);
    EXPECT_NEAR(m_net.received[1][0].time.GetSeconds(), 100 + 4.5, 1.5);
    EXPECT_DOUBLE_EQ(GetSmsc("alerts_received"), 1);
    EXPECT_DOUBLE_EQ(GetSmsc("delivery_attempts_failed"), 1);
}

TEST_F(SmsFailureTest, Smsc_KeepsATimeLineWhileItHasTheMessage)
{
    PowerAt(0.5, 1, false);
    SendAt(1, 0, 1);
    std::vector<SmsHop> hops;
    Simulator::Schedule(Seconds(50), [this, &hops]() {
        for (const auto& stamp : m_net.smsc->GetTimeLine(491711000001))
        {
            hops.push_back(stamp.hop);
        }
    });
    PowerAt(100, 1, true);
    Simulator::Run();
    EXPECT_EQ(hops,
              (std::vector<SmsHop>{SmsHop::STORED,
                                   SmsHop::ROUTING_REQUESTED,
                                   SmsHop::MT_FORWARDED,
                                   SmsHop::ATTEMPT_FAILED}));
    EXPECT_TRUE(m_net.smsc->GetTimeLine(491711000001).empty());
}

// A phone back in coverage tells nobody: it gets its message at the next retry of the schedule.
TEST_F(SmsFailureTest, Smsc_RetriesWhenSubscriberReturns)
{
    CoverAt(0.5, 1, false);
    SendAt(1, 0, 1);
    CoverAt(100, 1, true);
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 1U);
    ASSERT_EQ(m_attempts.size(), 2U);
    EXPECT_GT(m_net.received[1][0].time, Seconds(300));
    EXPECT_LT(m_net.received[1][0].time, Seconds(335));
}

// C10, the RestComm schedule after a first attempt at once: each delay counts from the failure
// before it, 300 s and doubled up to 24 h.
TEST_F(SmsFailureTest, Smsc_RetriesByItsSchedule)
{
    PowerAt(0.5, 1, false);
    SendAt(1, 0, 1);
    Simulator::Stop(Hours(96));
    Simulator::Run();
    const std::vector<double>
        intervals{300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 76800, 86400};
    ASSERT_GT(m_attempts.size(), intervals.size());
    for (std::size_t i = 0; i < intervals.size(); ++i)
    {
        // The failure is known three links and two look-ups after the attempt starts.
        EXPECT_NEAR((m_attempts[i + 1] - m_attempts[i]).GetSeconds(), intervals[i], 0.5);
    }
}

TEST_F(SmsFailureTest, Smsc_DropsAMessageWhenItsValidityEnds)
{
    m_net.phones[0]->SetAttribute("ValidityPeriod", UintegerValue(11)); // 1 h
    PowerAt(0.5, 1, false);
    SendAt(1, 0, 1);
    PowerAt(5000, 1, true);
    Simulator::Run();
    EXPECT_TRUE(m_net.received[1].empty());
    EXPECT_DOUBLE_EQ(GetSmsc("messages_expired"), 1);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_stored"), 0);
}

TEST_F(SmsFailureTest, Smsc_KeepsTheOrderToOneDestination)
{
    PowerAt(0.5, 1, false);
    SendAt(1, 0, 1, 1);
    SendAt(20, 2, 1, 2);
    SendAt(40, 0, 1, 3);
    PowerAt(60, 1, true);
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
    {
        EXPECT_EQ(m_net.received[1][i].octets.size(), i + 1);
    }
}

// A new message to the same number restarts the schedule of those that wait (reference A.6).
TEST_F(SmsFailureTest, Smsc_NewMessageWakesThoseThatWait)
{
    CoverAt(0.5, 1, false);
    SendAt(1, 0, 1, 1);
    CoverAt(50, 1, true);
    SendAt(60, 2, 1, 2);
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 2U);
    EXPECT_EQ(m_net.received[1][0].octets.size(), 1U);
    EXPECT_LT(m_net.received[1][1].time, Seconds(90));
}

TEST_F(SmsFailureTest, Smsc_RefusesAnUnknownNumberForGood)
{
    Simulator::Schedule(Seconds(1), [this]() { m_net.SendTo(0, "491799999999", {1}); });
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes.at(0), "accepted");
    EXPECT_DOUBLE_EQ(GetSmsc("messages_refused"), 1);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_stored"), 0);
}

TEST_F(SmsFailureTest, Smsc_RefusesAScheduleThatIsNone)
{
    for (const char* bad : {"", "10", "10x", "600s 300s", "-5s", "soon"})
    {
        EXPECT_FALSE(m_net.smsc->SetAttributeFailSafe("RetrySchedule", StringValue(bad))) << bad;
    }
    EXPECT_TRUE(m_net.smsc->SetAttributeFailSafe("RetrySchedule", StringValue("1min 1min 1h")));
}

// Phone-side limits: TS 23.040 9.2.3.24 and 9.1.2.5. Nothing goes out, and the cause says why.
TEST_F(SmsFailureTest, Phone_RefusesWhatCannotBeSent)
{
    m_net.Send(0, 1, m_net.phones[0]->GetMaxUserData() + 1);
    m_net.SendTo(0, "", {1});
    m_net.SendTo(0, "12x", {1});
    m_net.SendTo(0, "123456789012345678901", {1});
    ASSERT_EQ(m_net.outcomes.size(), 4U);
    EXPECT_EQ(m_net.outcomes[0], "user data too long");
    for (std::size_t i = 1; i < 4; ++i)
    {
        EXPECT_EQ(m_net.outcomes[i], "bad destination number");
    }
    EXPECT_EQ(m_net.phones[0]->GetMaxUserData(), 133U);
}

// A full message of 133 octets and a port without a listener.
TEST_F(SmsFailureTest, Phone_DropsWhatNobodyListensTo)
{
    SendAt(1, 0, 1, 133);
    SendAt(20, 0, 2, 133);
    m_net.phones[2]->Listen(SmsNetwork::PORT, PageModeService::ReceiveCallback());
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 1U);
    EXPECT_EQ(m_net.received[1][0].octets.size(), 133U);
    EXPECT_EQ(m_net.received[1][0].from, m_net.phones[0]->GetMsisdn());
    EXPECT_TRUE(m_net.received[2].empty());
    EXPECT_DOUBLE_EQ(GetSmsc("messages_delivered"), 2);
}

TEST_F(SmsFailureTest, Phone_SendsItsQueueOneByOne)
{
    for (uint32_t i = 1; i <= 5; ++i)
    {
        SendAt(1, 0, 1, i);
    }
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 5U);
    for (std::size_t i = 0; i < 5; ++i)
    {
        EXPECT_EQ(m_net.received[1][i].octets.size(), i + 1);
    }
}

// Two phones that write to each other at the same time: each is busy when the other's message
// comes, and none is lost or late by a retry.
TEST_F(SmsFailureTest, Network_DeliversToAPhoneThatIsSending)
{
    for (int i = 0; i < 40; ++i)
    {
        SendAt(1 + 0.37 * i, 0, 1, 60);
        SendAt(1 + 0.41 * i, 1, 0, 60);
    }
    Simulator::Run();
    EXPECT_EQ(m_net.received[0].size(), 40U);
    EXPECT_EQ(m_net.received[1].size(), 40U);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_stored"), 0);
}

// A phone switched off in the middle of either leg: the sender is told, the SMSC keeps the message.
TEST_F(SmsFailureTest, Network_SurvivesAPhoneThatGoesOffAtAnyTime)
{
    m_net.phones[0]->SetAttribute("SubmissionRetries", UintegerValue(0));
    std::size_t sent = 0;
    for (int i = 0; i < 60; ++i, ++sent)
    {
        const double start = 1000.0 * i;
        SendAt(start, 0, 1, 70);
        const std::size_t victim = i % 2;
        PowerAt(start + 0.2 * i, victim, false);
        PowerAt(start + 0.2 * i + 60, victim, true);
    }
    Simulator::Run();
    ASSERT_EQ(m_net.outcomes.size(), sent);
    std::size_t accepted = 0;
    for (const std::string& outcome : m_net.outcomes)
    {
        accepted += outcome == "accepted" ? 1 : 0;
    }
    // What was accepted arrives. A sender cut off before its RP-ACK may not know that it did.
    EXPECT_GE(m_net.received[1].size(), accepted);
    EXPECT_LE(m_net.received[1].size(), sent + GetSmsc("delivery_attempts_failed"));
    EXPECT_LT(accepted, sent);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_stored"), 0);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_accepted"), GetSmsc("messages_delivered"));
}

// The SMSC has the message, but the phone loses coverage before the RP-ACK: it sends the message
// once more, with the same TP-MR. With TP-RD the SMSC drops the repetition (TS 23.040 9.2.3.25).
TEST_F(SmsFailureTest, Phone_RepeatsASubmissionThatIsNotAcknowledged)
{
    m_net.phones[1]->SetAttribute("RejectDuplicates", BooleanValue(false));
    std::size_t stored = 0;
    m_net.smsc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([&](uint64_t, SmsHop hop, Time now) {
            if (hop == SmsHop::STORED && stored < 2)
            {
                CoverAt(0, stored, false);
                CoverAt(20, stored, true);
            }
            stored += hop == SmsHop::STORED && now < Seconds(110) ? 1 : 0;
        }));
    SendAt(1, 0, 2);
    SendAt(100, 1, 2);
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>(2, "accepted"));
    EXPECT_DOUBLE_EQ(GetSmsc("duplicates_dropped"), 1);
    EXPECT_DOUBLE_EQ(GetSmsc("duplicates_stored"), 1);
    EXPECT_EQ(m_net.received[2].size(), 3U);
}

// A repetition is no more than that: after SubmissionRetries the user is told.
TEST_F(SmsFailureTest, Phone_GivesASubmissionUpAfterItsRetries)
{
    m_net.phones[0]->SetAttribute("SubmissionRetries", UintegerValue(2));
    m_net.msc->SetInService(false);
    SendAt(1, 0, 1);
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes.size(), 1U);
    EXPECT_NE(m_net.outcomes.at(0), "accepted");
    EXPECT_EQ(SmsNetwork::Get(m_net.cell->GetCounters(), "sdcch_seizures"), 3);
}

// An outage of the MSC at any time of a transfer loses no message that was accepted: the SMSC's MAP
// timer ends the attempt, and its schedule brings the next.
TEST_F(SmsFailureTest, Msc_LosesNoAcceptedMessageInAnOutage)
{
    constexpr std::size_t messages = 50;
    for (std::size_t i = 0; i < messages; ++i)
    {
        const double start = 1000.0 * static_cast<double>(i);
        SendAt(start, 0, 1);
        Simulator::Schedule(Seconds(start + 0.2 * static_cast<double>(i)),
                            &MscVlr::SetInService,
                            m_net.msc,
                            false);
        Simulator::Schedule(Seconds(start + 0.2 * static_cast<double>(i) + 30),
                            &MscVlr::SetInService,
                            m_net.msc,
                            true);
    }
    Simulator::Run();
    std::size_t accepted = 0;
    for (const std::string& outcome : m_net.outcomes)
    {
        accepted += outcome == "accepted" ? 1 : 0;
    }
    EXPECT_GT(accepted, 0U);
    EXPECT_GT(GetSmsc("map_timeouts"), 0);
    EXPECT_GE(m_net.received[1].size(), accepted);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_stored"), 0);
    EXPECT_DOUBLE_EQ(GetSmsc("messages_accepted"), GetSmsc("messages_delivered"));
}

// TS 44.018 3.3.1.1.3.2: with all SDCCHs taken the answer is a reject, and the phone waits T3122.
TEST_F(SmsFailureTest, Cell_RejectsWhenItHasNoFreeSdcch)
{
    m_net.cell->SetAttribute("SdcchCount", UintegerValue(1));
    SendAt(1, 0, 3);
    SendAt(2, 1, 3);
    Simulator::Run();
    EXPECT_EQ(m_net.received[3].size(), 2U);
    EXPECT_GE(SmsNetwork::Get(m_net.cell->GetCounters(), "sdcch_blocked"), 1);
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>(2, "accepted"));
    EXPECT_GT(m_net.outcomeTimes[1], Seconds(12)); // 2 s + T3122
}

TEST_F(SmsFailureTest, Cell_ReportsCongestionAfterItsTries)
{
    m_net.cell->SetAttribute("SdcchCount", UintegerValue(1));
    m_net.phones[1]->SetAttribute("MaxAccessAttempts", UintegerValue(1));
    SendAt(1, 0, 3);
    SendAt(2, 1, 3);
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes.at(0), "no free channel");
    EXPECT_EQ(m_net.outcomes.at(1), "accepted");
}

// TS 44.018 3.4.13.1: a released channel rests for T3111 before it is given to another.
TEST_F(SmsFailureTest, Cell_LetsAReleasedSdcchRest)
{
    m_net.cell->SetAttribute("SdcchCount", UintegerValue(2));
    m_net.cell->SetAttribute("T3111", TimeValue(Seconds(25)));
    SendAt(1, 0, 3);
    SendAt(20, 1, 3);
    Simulator::Run();
    EXPECT_GE(SmsNetwork::Get(m_net.cell->GetCounters(), "sdcch_blocked"), 1);
    EXPECT_EQ(m_net.outcomes.at(1), "accepted");
    EXPECT_GT(m_net.outcomeTimes.at(1), Seconds(5 + 25));
}

// TS 44.018 3.3.1.1.4.2: an assigned channel that its phone does not come to is free after T3101.
TEST_F(SmsFailureTest, Cell_TakesAnUnusedSdcchBack)
{
    m_net.cell->SetAttribute("SdcchCount", UintegerValue(1));
    m_net.phones[0]->SetAttribute("SubmissionRetries", UintegerValue(0));
    SendAt(1, 0, 3);
    CoverAt(1.08, 0, false); // between the CHANNEL REQUEST and the IMMEDIATE ASSIGNMENT
    m_net.phones[1]->SetAttribute("MaxAccessAttempts", UintegerValue(1));
    SendAt(2, 1, 3);
    SendAt(4.5, 2, 3);
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes,
              std::vector<std::string>(
                  {"phone switched off or out of coverage", "no free channel", "accepted"}));
    EXPECT_DOUBLE_EQ(SmsNetwork::Get(m_net.cell->GetCounters(), "sdcch_unused"), 1);
}

// T3113 and the number of pagings: a phone out of coverage for the first paging hears the second.
TEST_F(SmsFailureTest, Cell_RepeatsThePaging)
{
    SendAt(1, 0, 1);
    CoverAt(2, 1, false);
    CoverAt(10, 1, true);
    Simulator::Run();
    ASSERT_EQ(m_net.received[1].size(), 1U);
    EXPECT_LT(m_net.received[1][0].time, Seconds(20));
    EXPECT_DOUBLE_EQ(SmsNetwork::Get(m_net.cell->GetCounters(), "pagings_sent"), 2);
    EXPECT_DOUBLE_EQ(GetSmsc("delivery_attempts_failed"), 0);
}

// LAPDm carries every message through 10 % of lost frames, only later: without loss the mean is
// 8.1 s, and a frame lost on SAPI 3 costs T200, 2 s.
TEST_F(SmsFailureTest, Cell_DeliversThroughFrameErasures)
{
    m_net.cell->SetAttribute("FrameErasureRate", DoubleValue(0.1));
    for (int i = 0; i < 50; ++i)
    {
        SendAt(1 + 100.0 * i, 0, 1, 70);
    }
    Simulator::Run();
    EXPECT_EQ(m_net.received[1].size(), 50U);
    double sum = 0;
    for (std::size_t i = 0; i < 50; ++i)
    {
        sum +=
            (m_net.received[1][i].time - Seconds(1 + 100.0 * static_cast<double>(i))).GetSeconds();
    }
    EXPECT_GT(sum / 50, 10);
}

// The timer bands of TS 24.011 10 (C11) are those of the attributes.
TEST_F(SmsFailureTest, Phone_KeepsItsTimersInTheirBands)
{
    TimeValue value;
    m_net.phones[0]->GetAttribute("TR1M", value);
    EXPECT_TRUE(value.Get() > Seconds(35) && value.Get() < Seconds(45));
    m_net.phones[0]->GetAttribute("TR2M", value);
    EXPECT_TRUE(value.Get() > Seconds(12) && value.Get() < Seconds(20));
    EXPECT_FALSE(m_net.phones[0]->SetAttributeFailSafe("TR1M", TimeValue(Seconds(46))));
    EXPECT_FALSE(m_net.phones[0]->SetAttributeFailSafe("TR2M", TimeValue(Seconds(11))));
}
