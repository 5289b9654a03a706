// SPDX-License-Identifier: GPL-2.0-only
#include "tests/sms/smsc-fixture.h"

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// What becomes of messages when answers are lost, or the SMSC fails.
class SmscCrashTest : public SmscFixture
{
  protected:
    void CrashAt(double from, double to)
    {
        At(from, [this]() { m_net.smsc->Crash(); });
        At(to, [this]() { m_net.smsc->Restart(); });
    }
};

} // namespace

// TS 29.002 17.1.2: without an answer to SRI-SM the attempt ends after SriTimer exactly.
TEST_F(SmscCrashTest, GivesUpRoutingInformationAfterItsTimer)
{
    Set("SriTimer", TimeValue(Seconds(20)));
    CutOff(m_net.hlr->GetPoint(), 0.5, 100);
    SubmitAt(1, 1, 1);
    Simulator::Run();
    ASSERT_GE(m_ends.size(), 1U);
    EXPECT_EQ(m_ends[0].outcome, MapError::TIMED_OUT);
    EXPECT_EQ(m_ends[0].time.GetSeconds(), GetTimes(SmsHop::ROUTING_REQUESTED)[0] + 20);
    EXPECT_NEAR(GetTimes(SmsHop::ROUTING_REQUESTED)[1], m_ends[0].time.GetSeconds() + 300, 1e-6);
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
}

// The result of MT-ForwardSM is lost: the message is delivered again, and why can be seen.
TEST_F(SmscCrashTest, DeliversAgainWhenItHasNotHeardOfTheSuccess)
{
    Set("ForwardTimer", TimeValue(Seconds(60)));
    CutOff(m_net.msc->GetPoint(), 4, 20);
    SubmitAt(1, 1, 1);
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), (std::vector<int>{1, 1}));
    ASSERT_EQ(m_ends.size(), 2U);
    EXPECT_EQ(m_ends[0].outcome, MapError::TIMED_OUT);
    EXPECT_EQ(m_ends[1].outcome, MapError::NONE);
    EXPECT_EQ(GetTimes(SmsHop::ATTEMPT_FAILED).size(), 1U);
    EXPECT_DOUBLE_EQ(Get("map_timeouts"), 1);
    EXPECT_DOUBLE_EQ(Get("messages_delivered"), 1);
}

// A success that comes after the timer is known as late, and repeated all the same.
TEST_F(SmscCrashTest, CountsALateSuccess)
{
    Set("ForwardTimer", TimeValue(Seconds(60)));
    m_net.cell->SetAttribute("T3113", TimeValue(Seconds(30)));
    m_net.cell->SetAttribute("PagingAttempts", UintegerValue(4));
    CoverAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    CoverAt(55, 1, true); // the page of 62 s is answered
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("late_successes"), 1);
    EXPECT_EQ(GetReceived(1), (std::vector<int>{1, 1}));
}

// TS 23.040 9.2.3.12.3: one attempt is one attempt, whether it was heard of or not.
TEST_F(SmscCrashTest, TriesASingleShotNotOnceMore)
{
    CoverAt(0.5, 1, false);
    SmsSubmit submit = MakeSubmit(1, 1);
    submit.validityPeriod.format = SmsValidityPeriod::Format::ENHANCED;
    submit.validityPeriod.singleShot = true;
    SendAt(1, submit);
    SendAt(1, MakeSubmit(1, 2));
    CrashAt(5, 30); // the phone is being paged
    CoverAt(29, 1, true);
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), std::vector<int>{2});
    EXPECT_DOUBLE_EQ(Get("messages_expired"), 1);
    EXPECT_DOUBLE_EQ(Get("attempts_restarted"), 1);
}

// What was accepted survives the crash and is delivered at once after the restart.
TEST_F(SmscCrashTest, LosesNothingThatItHasAccepted)
{
    PowerAt(0.5, 1, false);
    for (uint8_t i = 0; i < 20; ++i)
    {
        SubmitAt(2 + 0.1 * i, 1, i);
    }
    CrashAt(30, 100);
    PowerAt(50, 1, true); // its alert finds no SMSC
    Simulator::Stop(Seconds(180));
    Simulator::Run();
    ASSERT_EQ(GetReceived(1).size(), 20U);
    for (int i = 0; i < 20; ++i)
    {
        EXPECT_EQ(GetReceived(1)[static_cast<std::size_t>(i)], i);
    }
    EXPECT_DOUBLE_EQ(Get("restarts"), 1);
    EXPECT_DOUBLE_EQ(Get("messages_accepted"), 20);
}

// What was not written at the crash was not accepted: the phone is not told so, and tries again.
TEST_F(SmscCrashTest, AnswersNothingThatItHasNotWritten)
{
    Set("StorageTime", TimeValue(Seconds(1)));
    At(1, [this]() { m_net.Send(0, 1, 20); });
    // RP-DATA reaches the MSC some 3 s later
    m_net.msc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([this](uint64_t, SmsHop hop, Time) {
            if (hop == SmsHop::MO_FORWARDED && Get("restarts") == 0)
            {
                CrashAt(0.5, 2);
            }
        }));
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>{"accepted"});
    EXPECT_EQ(m_net.received[1].size(), 1U);
    EXPECT_DOUBLE_EQ(Get("messages_accepted"), 1);
    EXPECT_DOUBLE_EQ(Get("duplicates_stored") + Get("duplicates_dropped"), 0);
}

// Written, but the answer is lost: the phone's repetition has TP-RD, and is dropped but confirmed.
TEST_F(SmscCrashTest, DropsTheRepetitionOfWhatItHasWritten)
{
    At(1, [this]() { m_net.Send(0, 1, 20); });
    m_net.smsc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([this](uint64_t, SmsHop hop, Time) {
            if (hop == SmsHop::STORED)
            {
                CutOff(m_net.msc->GetPoint(), 0, 1);
            }
        }));
    Simulator::Run();
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>{"accepted"});
    EXPECT_EQ(m_net.received[1].size(), 1U);
    EXPECT_DOUBLE_EQ(Get("duplicates_dropped"), 1);
}

// An attempt that the crash interrupts is known as failed; its late result is nobody's.
TEST_F(SmscCrashTest, ForgetsAttemptsAndTimers)
{
    SubmitAt(1, 1, 1);
    CrashAt(4, 6); // while the phone is paged
    Simulator::Run();
    ASSERT_GE(m_ends.size(), 2U);
    EXPECT_EQ(m_ends[0].outcome, MapError::RESTARTED);
    EXPECT_EQ(m_ends[0].time, Seconds(4));
    EXPECT_EQ(m_ends.back().outcome, MapError::NONE);
    EXPECT_DOUBLE_EQ(Get("attempts_restarted"), 1);
    EXPECT_DOUBLE_EQ(Get("map_timeouts"), 0);
    EXPECT_DOUBLE_EQ(Get("messages_delivered"), 1);
}

// A validity period that ends during the outage ends the message at the restart.
TEST_F(SmscCrashTest, ExpiresWhatHasExpiredMeanwhile)
{
    PowerAt(0.5, 1, false);
    SubmitAt(2, 1, 1, 0, Seconds(100));
    SubmitAt(2, 1, 2, 0, Seconds(1000));
    CrashAt(50, 500);
    PowerAt(510, 1, true);
    Simulator::Stop(Seconds(600));
    Simulator::Run();
    EXPECT_EQ(GetTimes(SmsHop::EXPIRED), std::vector<double>{500});
    EXPECT_EQ(GetReceived(1), std::vector<int>{2});
}

// The throughput limit holds after a restart too, though all messages are due at once.
TEST_F(SmscCrashTest, KeepsItsThroughputAfterARestart)
{
    Set("MaxThroughput", DoubleValue(4));
    for (uint64_t i = 0; i < 20; ++i)
    {
        At(1, [this, i]() { SubmitTo(499000000000 + i, 0); });
    }
    CrashAt(3, 10);
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    for (std::size_t i = 1; i < starts.size(); ++i)
    {
        EXPECT_GE(starts[i] - starts[i - 1], 0.25 - 1e-9);
    }
    EXPECT_DOUBLE_EQ(Get("messages_refused"), 20);
}
