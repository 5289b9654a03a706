// SPDX-License-Identifier: GPL-2.0-only
#include "tests/sms/smsc-fixture.h"

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Deliveries that wait for one phone at the MSC.
class MtQueueTest : public SmscFixture
{
};

} // namespace

// The SMSC crashes while the phone is paged, and tries again while it is still paged: both attempts
// have their answer, and the phone is paged when it is tried once more.
TEST_F(MtQueueTest, AnswersEachDeliveryToAPhoneThatDoesNotAnswer)
{
    CoverAt(0.5, 1, false);
    SubmitAt(1, 1, 1);
    At(4, [this]() { m_net.smsc->Crash(); });
    At(5, [this]() { m_net.smsc->Restart(); });
    CoverAt(200, 1, true);
    Simulator::Run();
    ASSERT_GE(m_ends.size(), 2U); // RESTARTED is the first
    EXPECT_EQ(m_ends[1].outcome, MapError::NO_PAGING_RESPONSE);
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
    EXPECT_DOUBLE_EQ(Get("map_timeouts"), 0);
}

// A phone that detaches while it is paged: the SMSC is told at once.
TEST_F(MtQueueTest, AnswersWhenThePagedPhoneDetaches)
{
    SubmitAt(1, 1, 1);
    double paged = 0;
    m_net.msc->TraceConnectWithoutContext(
        "Hop",
        Callback<void, uint64_t, SmsHop, Time>([&](uint64_t, SmsHop hop, Time time) {
            if (hop == SmsHop::PAGED && paged == 0)
            {
                paged = time.GetSeconds();
                PowerAt(0.01, 1, false);
            }
        }));
    PowerAt(100, 1, true);
    Simulator::Run();
    ASSERT_GE(m_ends.size(), 1U);
    EXPECT_EQ(m_ends[0].outcome, MapError::ABSENT_SUBSCRIBER_SM);
    EXPECT_LT(m_ends[0].time.GetSeconds(), paged + 3); // T3113 is 7 s
    EXPECT_EQ(GetReceived(1), std::vector<int>{1});
}
