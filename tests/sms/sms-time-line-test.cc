// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-time-line.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Hops told by hand; time is counted in hops.
class SmsTimeLineTest : public testing::Test
{
  protected:
    void Tell(uint64_t reference, const std::vector<SmsHop>& hops)
    {
        for (const SmsHop hop : hops)
        {
            m_timeLine.NotifyHop(reference, hop, Seconds(++m_time));
        }
    }

    /// @return the hops of a line that was handed out.
    std::vector<SmsHop> GetHops(std::size_t line) const
    {
        std::vector<SmsHop> hops;
        for (const auto& stamp : m_lines.at(line).hops)
        {
            hops.push_back(stamp.hop);
        }
        return hops;
    }

    int m_time = 0;
    std::vector<SmsTimeLine::Line> m_lines; ///< handed out
    SmsTimeLine m_timeLine{[this](const SmsTimeLine::Line& line) { m_lines.push_back(line); }};
};

const std::vector<SmsHop> SUBMISSION{SmsHop::SUBMITTED,
                                     SmsHop::MO_FORWARDED,
                                     SmsHop::STORED,
                                     SmsHop::ACCEPTED};

} // namespace

TEST_F(SmsTimeLineTest, EndsWhenTheServiceCentreForgetsTheMessage)
{
    Tell(7, SUBMISSION);
    EXPECT_EQ(m_timeLine.GetOpenLines(), 1U);
    Tell(7, {SmsHop::ROUTING_REQUESTED, SmsHop::RECEIVED, SmsHop::REPORTED});
    ASSERT_EQ(m_lines.size(), 1U);
    EXPECT_TRUE(m_lines[0].complete);
    EXPECT_EQ(m_lines[0].hops.size(), 7U);
    EXPECT_EQ(m_lines[0].hops.back().time, Seconds(7));
    EXPECT_EQ(m_timeLine.GetOpenLines(), 0U);
}

// The answer to the sender may come after the delivery.
TEST_F(SmsTimeLineTest, WaitsForTheSendersAnswer)
{
    Tell(7, {SmsHop::SUBMITTED, SmsHop::STORED, SmsHop::RECEIVED, SmsHop::REPORTED});
    EXPECT_TRUE(m_lines.empty());
    Tell(7, {SmsHop::ACCEPTED});
    EXPECT_EQ(m_lines.size(), 1U);
}

TEST_F(SmsTimeLineTest, EndsEachWay)
{
    for (const SmsHop end : {SmsHop::EXPIRED, SmsHop::REFUSED, SmsHop::CANCELLED})
    {
        Tell(7, SUBMISSION);
        Tell(7, {end});
    }
    Tell(8, {SmsHop::SUBMITTED, SmsHop::SUBMISSION_FAILED});
    EXPECT_EQ(m_lines.size(), 4U);
    EXPECT_EQ(m_timeLine.GetOpenLines(), 0U);
}

// A repetition that is stored as well is a second copy of the same message.
TEST_F(SmsTimeLineTest, WaitsForEachCopy)
{
    Tell(7, {SmsHop::SUBMITTED, SmsHop::STORED, SmsHop::RESUBMITTED, SmsHop::STORED});
    Tell(7, {SmsHop::DUPLICATE_STORED, SmsHop::ACCEPTED, SmsHop::RECEIVED, SmsHop::REPORTED});
    EXPECT_TRUE(m_lines.empty());
    Tell(7, {SmsHop::RECEIVED, SmsHop::REPORTED});
    ASSERT_EQ(m_lines.size(), 1U);
    EXPECT_EQ(m_lines[0].hops.size(), 10U);
}

// A reference names the sender's last 256 messages: when it comes round, the SMSC's hops belong to
// the older message as long as that is stored, the phone's to the newer one.
TEST_F(SmsTimeLineTest, TellsMessagesWithOneReferenceApart)
{
    Tell(7, SUBMISSION);
    Tell(7, {SmsHop::SUBMITTED});
    EXPECT_EQ(m_timeLine.GetLastNumber(), 2U);
    Tell(7, {SmsHop::ROUTING_REQUESTED, SmsHop::MO_CHANNEL, SmsHop::REPORTED});
    ASSERT_EQ(m_lines.size(), 1U);
    EXPECT_EQ(m_lines[0].number, 1U);
    EXPECT_EQ(GetHops(0).back(), SmsHop::REPORTED);
    Tell(7, {SmsHop::STORED, SmsHop::ACCEPTED, SmsHop::REPORTED});
    ASSERT_EQ(m_lines.size(), 2U);
    EXPECT_EQ(GetHops(1)[1], SmsHop::MO_CHANNEL);
}

TEST_F(SmsTimeLineTest, CountsHopsOfWhatHasEnded)
{
    Tell(7, {SmsHop::RECEIVED});
    EXPECT_EQ(m_timeLine.GetStrayHops(), 1U);
    EXPECT_EQ(m_timeLine.GetOpenLines(), 0U);
}

TEST_F(SmsTimeLineTest, HandsOutTheRestInOrder)
{
    for (const uint64_t reference : {9, 3, 5})
    {
        Tell(reference, SUBMISSION);
    }
    m_timeLine.Flush();
    ASSERT_EQ(m_lines.size(), 3U);
    EXPECT_EQ(m_lines[0].reference, 9U);
    EXPECT_EQ(m_lines[1].reference, 3U);
    EXPECT_EQ(m_lines[2].reference, 5U);
    EXPECT_FALSE(m_lines[0].complete);
    EXPECT_EQ(m_lines[0].copies, 1U);
}
