// SPDX-License-Identifier: GPL-2.0-only
#include "tests/sms/smsc-fixture.h"

#include "ns3/random-variable-stream.h"

#include <algorithm>
#include <map>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

class SmscTest : public SmscFixture
{
};

constexpr double MICROSECOND = 1e-6;

} // namespace

// C10: attempts 0.33, 5.33, 15.33, 35.33, 75.33, ... min after the submission, as long as the
// validity period of 72 h lasts (reference A.6: RestComm, with its 20 s before the first).
TEST_F(SmscTest, RetriesExactlyAsRestcomm)
{
    TakeNoTime();
    Set("FirstDueDelay", TimeValue(Seconds(20)));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    const std::vector<double>
        expected{20, 320, 920, 2120, 4520, 9320, 18920, 38120, 76520, 153320, 239720};
    ASSERT_EQ(starts.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
    {
        EXPECT_NEAR(starts[i] - 1, expected[i], MICROSECOND);
    }
    ASSERT_EQ(GetTimes(SmsHop::EXPIRED).size(), 1U);
    EXPECT_NEAR(GetTimes(SmsHop::EXPIRED)[0] - 1, 72 * 3600, MICROSECOND);
    EXPECT_EQ(m_outcomes, std::vector<SmsHop>{SmsHop::EXPIRED});
}

// Infobip's absent subscriber: hourly, 48 h. The 48th hour is the end of the validity period.
TEST_F(SmscTest, RetriesExactlyAsInfobip)
{
    TakeNoTime();
    Set("RetrySchedule", StringValue("infobip"));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    ASSERT_EQ(starts.size(), 48U);
    for (std::size_t i = 0; i < starts.size(); ++i)
    {
        EXPECT_NEAR(starts[i] - 1, 3600.0 * static_cast<double>(i), MICROSECOND * 48);
    }
    EXPECT_NEAR(GetTimes(SmsHop::EXPIRED).at(0) - 1, 48 * 3600, MICROSECOND);
}

// osmo-msc: one failure, and then nothing before the subscriber is heard of.
TEST_F(SmscTest, WaitsForTheSubscriberAsOsmocom)
{
    Set("RetrySchedule", StringValue("osmocom"));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    PowerAt(100000, 1, true);
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("delivery_attempts"), 2);
    ASSERT_EQ(m_net.received[1].size(), 1U);
    EXPECT_NEAR(m_net.received[1][0].time.GetSeconds(), 100000 + 4.5, 1.5);
}

// Attempts start no closer together than 1 / MaxThroughput, and as close as that.
TEST_F(SmscTest, KeepsItsThroughputExactly)
{
    TakeNoTime();
    Set("MaxThroughput", DoubleValue(8));
    constexpr std::size_t messages = 200;
    for (std::size_t i = 0; i < messages; ++i)
    {
        At(1, [this, i]() { SubmitTo(499000000000 + i, 0); }); // unknown numbers: one attempt each
    }
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    ASSERT_EQ(starts.size(), messages);
    for (std::size_t i = 0; i < messages; ++i)
    {
        EXPECT_NEAR(starts[i], 1 + static_cast<double>(i) / 8, MICROSECOND);
    }
    EXPECT_DOUBLE_EQ(Get("queue_peak"), messages);
    EXPECT_DOUBLE_EQ(Get("queue_length"), 0);
}

// A message that is cancelled in the queue takes no slot, and leaves none behind.
TEST_F(SmscTest, KeepsItsThroughputWhenMessagesAreCancelled)
{
    TakeNoTime();
    Set("MaxThroughput", DoubleValue(1));
    At(1, [this]() { SubmitTo(499000000000, 0); });
    At(1, [this]() { SubmitTo(499000000001, 0); });
    At(1.2, [this]() { EXPECT_TRUE(m_net.smsc->CancelMessage(m_answers.at(1).id)); });
    for (uint64_t i = 2; i < 5; ++i)
    {
        At(1.5, [this, i]() { SubmitTo(499000000000 + i, 0); });
    }
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    ASSERT_EQ(starts.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i)
    {
        EXPECT_NEAR(starts[i], 1 + static_cast<double>(i), MICROSECOND);
    }
    EXPECT_DOUBLE_EQ(Get("messages_cancelled"), 1);
}

// What expires in the queue takes no slot from the others.
TEST_F(SmscTest, SpendsNoThroughputOnTheExpired)
{
    TakeNoTime();
    Set("MaxThroughput", DoubleValue(1));
    At(1, [this]() { SubmitTo(499000000000, 0); });
    At(1, [this]() { SubmitTo(499000000001, 0, 0, MilliSeconds(500)); });
    At(1, [this]() { SubmitTo(499000000002, 0); });
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    ASSERT_EQ(starts.size(), 2U);
    EXPECT_NEAR(starts[1], 2, MICROSECOND);
    EXPECT_DOUBLE_EQ(Get("messages_expired"), 1);
}

// The queue is served by priority, then in the order of becoming due. All are stored at 1 s, before
// the first slot.
TEST_F(SmscTest, ServesItsQueueByPriority)
{
    TakeNoTime();
    Set("MaxThroughput", DoubleValue(1));
    const std::vector<uint8_t> priorities{0, 0, 1, 3, 1, 0, 2};
    for (std::size_t i = 0; i < priorities.size(); ++i)
    {
        At(1, [this, i, &priorities]() { SubmitTo(499000000000 + i, 0, priorities[i]); });
    }
    Simulator::Run();
    std::vector<uint64_t> ids;
    for (const Hop& hop : m_hops)
    {
        if (hop.hop == SmsHop::ROUTING_REQUESTED)
        {
            ids.push_back(hop.reference & ~Smsc::EXTERNAL);
        }
    }
    EXPECT_EQ(ids, (std::vector<uint64_t>{4, 7, 3, 5, 1, 2, 6}));
}

// A message of higher priority lends it to its destination's place in the queue.
TEST_F(SmscTest, MovesADestinationAheadInTheQueue)
{
    TakeNoTime();
    Set("MaxThroughput", DoubleValue(1));
    for (uint64_t i = 0; i < 4; ++i)
    {
        At(1, [this, i]() { SubmitTo(499000000000 + i, 0); });
    }
    At(1.5, [this]() { SubmitTo(499000000003, 0, 1); });
    Simulator::Run();
    std::vector<uint64_t> ids;
    for (const Hop& hop : m_hops)
    {
        if (hop.hop == SmsHop::ROUTING_REQUESTED)
        {
            ids.push_back(hop.reference & ~Smsc::EXTERNAL);
        }
    }
    EXPECT_EQ(ids, (std::vector<uint64_t>{1, 5, 2, 3, 4}));
}

// Within a destination too priority goes first; a message on its way is not overtaken.
TEST_F(SmscTest, DeliversByPriorityWithinADestination)
{
    PowerAt(0.5, 1, false);
    const std::vector<uint8_t> priorities{0, 2, 1, 0, 2};
    for (std::size_t i = 0; i < priorities.size(); ++i)
    {
        SubmitAt(1 + static_cast<double>(i), 1, static_cast<uint8_t>(i), priorities[i]);
    }
    PowerAt(60, 1, true);
    SubmitAt(61.5, 1, 9, 3); // number 1 has been sent for at the alert, 60.2 s
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), (std::vector<int>{1, 9, 4, 2, 0, 3}));
}

// The order to one destination is that of acceptance among messages of one priority, whatever the
// phones do: random submissions, and phones that go and come.
TEST_F(SmscTest, KeepsTheOrderOfEachPriority)
{
    Ptr<UniformRandomVariable> random = CreateObject<UniformRandomVariable>();
    random->SetStream(77);
    std::map<int, uint8_t> priorities;
    for (int number = 0; number < 240; ++number)
    {
        const auto phone = static_cast<std::size_t>(random->GetInteger(0, 3));
        const auto priority = static_cast<uint8_t>(random->GetInteger(0, 2));
        priorities[number] = priority;
        SubmitAt(number * 20.0, phone, static_cast<uint8_t>(number), priority);
    }
    for (int i = 0; i < 60; ++i)
    {
        const auto phone = static_cast<std::size_t>(random->GetInteger(0, 3));
        const double start = random->GetValue(0, 4800);
        const double end = start + random->GetValue(1, 400);
        if (i % 2 == 0)
        {
            PowerAt(start, phone, false);
            PowerAt(end, phone, true);
        }
        else
        {
            CoverAt(start, phone, false);
            CoverAt(end, phone, true);
        }
    }
    for (std::size_t phone = 0; phone < 4; ++phone)
    {
        PowerAt(6000, phone, true);
        CoverAt(6000, phone, true);
    }
    Simulator::Run();
    std::size_t received = 0;
    for (std::size_t phone = 0; phone < 4; ++phone)
    {
        std::map<uint8_t, int> last;
        for (const int number : GetReceived(phone))
        {
            const auto before = last.find(priorities[number]);
            if (before != last.end())
            {
                EXPECT_GE(number, before->second); // a repetition may follow itself
                received += number > before->second ? 1 : 0;
            }
            else
            {
                ++received;
            }
            last[priorities[number]] = number;
        }
    }
    EXPECT_EQ(received, priorities.size());
    EXPECT_GT(Get("delivery_attempts_failed"), 20);
}

// Each message ends with its own validity period, also behind one that lasts longer.
TEST_F(SmscTest, EndsEachValidityPeriodOnTime)
{
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1, 0, Hours(10));
    SubmitAt(10, 1, 2, 0, Minutes(7));
    SubmitAt(20, 1, 3, 0, Minutes(3));
    PowerAt(3000, 1, true);
    Simulator::Run();
    const std::vector<double> ends = GetTimes(SmsHop::EXPIRED);
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_NEAR(ends[0], 20.1 + 180, MICROSECOND); // with StorageTime
    EXPECT_NEAR(ends[1], 10.1 + 420, MICROSECOND);
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
}

// The end of the first message's validity is no reason to try the others before their time.
TEST_F(SmscTest, TriesNobodyForAnExpiry)
{
    TakeNoTime();
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1, 0, Minutes(4));
    SubmitAt(1, 1, 2);
    Simulator::Stop(Seconds(400));
    Simulator::Run();
    const std::vector<double> starts = GetTimes(SmsHop::ROUTING_REQUESTED);
    ASSERT_EQ(starts.size(), 2U);
    EXPECT_NEAR(starts[1], 1 + 300, 1e-3);
    EXPECT_NEAR(GetTimes(SmsHop::EXPIRED).at(0), 1 + 240, MICROSECOND);
}

TEST_F(SmscTest, KeepsValidityWithinItsBounds)
{
    Set("MinValidity", TimeValue(Minutes(10)));
    Set("MaxValidity", TimeValue(Hours(2)));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1, 0, Seconds(1));
    SubmitAt(1, 1, 2, 0, Hours(200));
    SubmitAt(1, 1, 3);
    Simulator::Run();
    const std::vector<double> ends = GetTimes(SmsHop::EXPIRED);
    ASSERT_EQ(ends.size(), 3U);
    EXPECT_NEAR(ends[0], 1.1 + 600, MICROSECOND);
    EXPECT_NEAR(ends[1], 1.1 + 7200, MICROSECOND);
    EXPECT_NEAR(ends[2], 1.1 + 7200, MICROSECOND); // 72 h by the schedule
}

// TS 23.040 9.2.3.12: the period is relative, absolute or enhanced.
TEST_F(SmscTest, UnderstandsEachFormatOfValidityPeriod)
{
    PowerAt(0.5, 1, false);
    SmsSubmit relative = MakeSubmit(1, 1);
    relative.validityPeriod = SmsValidityPeriod::MakeRelative(0); // 5 min
    SmsSubmit absolute = MakeSubmit(1, 2);
    absolute.validityPeriod.format = SmsValidityPeriod::Format::ABSOLUTE;
    absolute.validityPeriod.absolute = MakeSmsTimeStamp(1199145600 + 1000);
    SmsSubmit enhanced = MakeSubmit(1, 3);
    enhanced.validityPeriod.format = SmsValidityPeriod::Format::ENHANCED;
    enhanced.validityPeriod.enhanced = SmsValidityPeriod::Enhanced::SECONDS;
    enhanced.validityPeriod.seconds = 77;
    SendAt(1, relative);
    SendAt(1, absolute);
    SendAt(1, enhanced);
    Simulator::Run();
    const std::vector<double> ends = GetTimes(SmsHop::EXPIRED);
    ASSERT_EQ(ends.size(), 3U);
    EXPECT_NEAR(ends[0], 1.1 + 77, MICROSECOND);
    EXPECT_NEAR(ends[1], 1.1 + 300, MICROSECOND);
    EXPECT_NEAR(ends[2], 1000, 1); // whole seconds
}

// TS 23.040 9.2.3.12.3: single shot.
TEST_F(SmscTest, TriesASingleShotOnce)
{
    PowerAt(0.5, 1, false);
    SmsSubmit submit = MakeSubmit(1, 1);
    submit.validityPeriod.format = SmsValidityPeriod::Format::ENHANCED;
    submit.validityPeriod.singleShot = true;
    SendAt(1, submit);
    PowerAt(50, 1, true);
    Simulator::Run();
    EXPECT_TRUE(m_net.received[1].empty());
    EXPECT_DOUBLE_EQ(Get("delivery_attempts"), 1);
    EXPECT_DOUBLE_EQ(Get("messages_expired"), 1);
    EXPECT_DOUBLE_EQ(Get("messages_stored"), 0);
}

// TS 23.040 9.2.3.25: with TP-RD the repetition of a message is dropped, and confirmed.
TEST_F(SmscTest, DropsARepetitionAsAsked)
{
    SmsSubmit submit = MakeSubmit(1, 7);
    submit.rejectDuplicates = true;
    SendAt(1, submit);
    SendAt(50, submit);                // delivered by then
    SendAt(1 + 700, submit);           // 10 min after the first one, and forgotten
    SendAt(1 + 700, MakeSubmit(2, 7)); // another message with the same TP-MR
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), (std::vector<int>{7, 7}));
    EXPECT_EQ(GetReceived(2), (std::vector<int>{7}));
    EXPECT_DOUBLE_EQ(Get("duplicates_dropped"), 1);
    EXPECT_DOUBLE_EQ(Get("duplicates_stored"), 0);
    EXPECT_DOUBLE_EQ(Get("submissions_refused"), 0);
    EXPECT_EQ(GetTimes(SmsHop::DUPLICATE_DROPPED).size(), 1U);
}

// While the message is stored its repetition is known, however long that is.
TEST_F(SmscTest, KnowsARepetitionOfWhatItStores)
{
    SmsSubmit submit = MakeSubmit(1, 7);
    submit.rejectDuplicates = true;
    PowerAt(0.5, 1, false);
    SendAt(1, submit);
    SendAt(5000, submit);
    SendAt(90000, submit);
    PowerAt(90010, 1, true);
    SendAt(90500, submit); // gone, and the last copy came 25 h ago
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("duplicates_dropped"), 2);
    EXPECT_EQ(GetReceived(1), (std::vector<int>{7, 7}));
}

TEST_F(SmscTest, StoresARepetitionAndSaysSo)
{
    SendAt(1, MakeSubmit(1, 7));
    SendAt(50, MakeSubmit(1, 7));
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), (std::vector<int>{7, 7}));
    EXPECT_DOUBLE_EQ(Get("duplicates_stored"), 1);
    ASSERT_EQ(GetTimes(SmsHop::DUPLICATE_STORED).size(), 1U);
    EXPECT_NEAR(GetTimes(SmsHop::DUPLICATE_STORED)[0], 50.1, MICROSECOND);
}

// A full store refuses, and a repetition of what it has refused is not taken for a duplicate.
TEST_F(SmscTest, RefusesWhenItsStoreIsFull)
{
    Set("MaxMessages", UintegerValue(2));
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    SubmitAt(2, 1, 2);
    SubmitAt(3, 1, 3);
    SmsSubmit submit = MakeSubmit(2, 4);
    submit.rejectDuplicates = true;
    SendAt(4, submit);
    PowerAt(60, 1, true);
    SendAt(100, submit);
    Simulator::Run();
    ASSERT_EQ(m_answers.size(), 3U);
    EXPECT_EQ(m_answers[1].error, MapError::NONE);
    EXPECT_EQ(m_answers[2].error, MapError::SC_CONGESTION);
    EXPECT_EQ(m_answers[2].id, 0U);
    EXPECT_DOUBLE_EQ(Get("submissions_refused"), 2);
    EXPECT_DOUBLE_EQ(Get("messages_stored_peak"), 2);
    EXPECT_EQ(GetReceived(2), (std::vector<int>{4}));
}

// The area below the number of stored messages is the sum of the times for which each was stored:
// one that is delivered, one that expires, one that is cancelled.
TEST_F(SmscTest, StoredMessages_HaveTheirMeanOverTime)
{
    PowerAt(0.5, 1, false);
    SubmitAt(1, 0, 1);
    SubmitAt(2, 1, 2);
    SubmitAt(3, 2, 3, 0, Minutes(5));
    PowerAt(0.5, 2, false);
    At(50, [this]() { EXPECT_TRUE(m_net.smsc->CancelMessage(m_answers.at(1).id)); });
    Simulator::Run();
    ASSERT_EQ(GetTimes(SmsHop::REPORTED).size(), 1U);
    ASSERT_EQ(GetTimes(SmsHop::EXPIRED).size(), 1U);
    const auto stored = GetTimes(SmsHop::STORED);
    ASSERT_EQ(stored.size(), 3U);
    const double area = GetTimes(SmsHop::REPORTED)[0] + GetTimes(SmsHop::EXPIRED)[0] + 50 -
                        stored[0] - stored[1] - stored[2];
    EXPECT_NEAR(Get("messages_stored_mean") * Simulator::Now().GetSeconds(), area, MICROSECOND);
    EXPECT_DOUBLE_EQ(Get("messages_stored"), 0);
    EXPECT_DOUBLE_EQ(Get("messages_stored_peak"), 3);
}

TEST_F(SmscTest, RefusesAnExternalMessageToNoNumber)
{
    SmscSubmission submission;
    submission.destination.digits = "12a";
    At(1, [this, submission]() {
        m_net.smsc->SubmitExternal(submission, [this](MapError error, uint64_t id) {
            m_answers.push_back({error, id});
        });
    });
    Simulator::Run();
    ASSERT_EQ(m_answers.size(), 1U);
    EXPECT_EQ(m_answers[0].error, MapError::UNKNOWN_SUBSCRIBER);
}

TEST_F(SmscTest, TellsAnExternalSenderOfTheOutcome)
{
    SubmitAt(1, 1, 1);
    At(1.05, [this]() { EXPECT_TRUE(m_answers.empty()); }); // StorageTime
    At(1.15, [this]() {
        ASSERT_EQ(m_answers.size(), 1U);
        EXPECT_TRUE(m_net.smsc->HasMessage(m_answers[0].id));
    });
    At(2, [this]() { SubmitTo(499000000000, 2); });
    Simulator::Run();
    EXPECT_EQ(m_outcomes, (std::vector<SmsHop>{SmsHop::REFUSED, SmsHop::REPORTED}));
    EXPECT_FALSE(m_net.smsc->HasMessage(m_answers[0].id));
    EXPECT_EQ(m_net.received[1].at(0).from, "12345");
}

TEST_F(SmscTest, CancelsWhatIsNotOnItsWay)
{
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    SubmitAt(2, 1, 2);
    SubmitAt(20, 2, 3);
    At(10, [this]() {
        EXPECT_TRUE(m_net.smsc->CancelMessage(m_answers.at(0).id));
        EXPECT_FALSE(m_net.smsc->CancelMessage(m_answers.at(0).id));
        EXPECT_FALSE(m_net.smsc->CancelMessage(99));
    });
    At(22, [this]() { EXPECT_FALSE(m_net.smsc->CancelMessage(m_answers.at(2).id)); });
    PowerAt(60, 1, true);
    Simulator::Run();
    EXPECT_EQ(GetReceived(1), (std::vector<int>{2}));
    EXPECT_EQ(GetReceived(2), (std::vector<int>{3}));
    EXPECT_DOUBLE_EQ(Get("messages_cancelled"), 1);
    EXPECT_EQ(GetTimes(SmsHop::CANCELLED), (std::vector<double>{10}));
    EXPECT_EQ(m_outcomes.size(), 2U);
}

TEST_F(SmscTest, CountsFirstAttempts)
{
    PowerAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    SubmitAt(1, 2, 2);
    PowerAt(60, 1, true);
    Simulator::Run();
    EXPECT_DOUBLE_EQ(Get("first_attempts"), 2);
    EXPECT_DOUBLE_EQ(Get("first_attempts_failed"), 1);
    EXPECT_DOUBLE_EQ(Get("delivery_attempts"), 3);
    EXPECT_DOUBLE_EQ(Get("attempts_absent_subscriber_sm"), 1);
}

TEST_F(SmscTest, RefusesBadAttributes)
{
    const auto refuses = [this](const std::string& name, const AttributeValue& value) {
        return !m_net.smsc->SetAttributeFailSafe(name, value);
    };
    EXPECT_TRUE(refuses("DefaultValidity", StringValue("0s")));
    EXPECT_TRUE(refuses("DefaultValidity", StringValue("long")));
    EXPECT_TRUE(refuses("DefaultValidity", StringValue("72h 1s")));
    EXPECT_TRUE(refuses("RetrySchedule", StringValue("600s 300s")));
    EXPECT_TRUE(refuses("MaxThroughput", DoubleValue(-1)));
    EXPECT_TRUE(refuses("MaxValidity", TimeValue(Seconds(0))));
    EXPECT_TRUE(refuses("MinValidity", TimeValue(Seconds(-1))));
    EXPECT_TRUE(refuses("FirstDueDelay", TimeValue(Seconds(-1))));
    EXPECT_TRUE(refuses("SriTimer", TimeValue(Seconds(31))));     // class m: 15-30 s
    EXPECT_TRUE(refuses("ForwardTimer", TimeValue(Seconds(59)))); // class ml: 1-10 min
    EXPECT_FALSE(refuses("DefaultValidity", StringValue("36h")));
}
