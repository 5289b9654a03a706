// SPDX-License-Identifier: GPL-2.0-only
#include "scenarios/sms-traffic.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/sms-concatenation.h"
#include "ns3/string.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint32_t MESSAGES = 20000;

/// A plan of messages between 1000 phones in 4 cells.
class SmsTrafficTest : public testing::Test
{
  protected:
    std::vector<PlannedSms> Plan()
    {
        m_traffic->AssignStreams(0);
        return m_traffic->Plan(MESSAGES, 1000, 4);
    }

    template <typename Condition>
    static double GetShare(const std::vector<PlannedSms>& plan, Condition condition)
    {
        return static_cast<double>(std::count_if(plan.begin(), plan.end(), condition)) / MESSAGES;
    }

    /// @return three standard deviations of a share of MESSAGES.
    static double GetTolerance(double share)
    {
        return 3 * std::sqrt(share * (1 - share) / MESSAGES);
    }

    Ptr<SmsTraffic> m_traffic = CreateObject<SmsTraffic>();
};

} // namespace

TEST_F(SmsTrafficTest, HasTheSharesThatItIsTold)
{
    m_traffic->SetAttribute("DataShare", DoubleValue(0.4));
    m_traffic->SetAttribute("Ucs2Share", DoubleValue(0.3));
    m_traffic->SetAttribute("StatusReportShare", DoubleValue(0.1));
    const auto plan = Plan();
    EXPECT_NEAR(
        GetShare(plan,
                 [](const PlannedSms& sms) { return sms.alphabet == SmsAlphabet::DATA_8_BIT; }),
        0.4,
        GetTolerance(0.4));
    EXPECT_NEAR(
        GetShare(plan, [](const PlannedSms& sms) { return sms.alphabet == SmsAlphabet::UCS2; }),
        0.6 * 0.3,
        GetTolerance(0.18));
    EXPECT_NEAR(GetShare(plan, [](const PlannedSms& sms) { return sms.statusReport; }),
                0.1,
                GetTolerance(0.1));
}

// Common random numbers: a setting changes nothing but what it names.
TEST_F(SmsTrafficTest, ChangesOnlyWhatASettingNames)
{
    const auto before = Plan();
    m_traffic->SetAttribute("DataShare", DoubleValue(0.2));
    m_traffic->SetAttribute("StatusReportShare", DoubleValue(0.5));
    const auto after = Plan();
    for (std::size_t i = 0; i < MESSAGES; ++i)
    {
        EXPECT_EQ(before[i].start, after[i].start);
        EXPECT_EQ(before[i].sender, after[i].sender);
        EXPECT_EQ(before[i].target, after[i].target);
        EXPECT_EQ(before[i].length, after[i].length);
    }
}

TEST_F(SmsTrafficTest, NobodyWritesToHimself)
{
    m_traffic->SetAttribute("FlashCrowdShare", DoubleValue(0.5));
    for (const auto target : {SmsTraffic::ONE_NUMBER, SmsTraffic::ONE_CELL})
    {
        m_traffic->SetAttribute("FlashCrowdTarget", EnumValue(target));
        for (const PlannedSms& sms : Plan())
        {
            EXPECT_NE(sms.sender, sms.target);
            EXPECT_LT(sms.sender, 1000U);
            EXPECT_LT(sms.target, 1000U);
        }
    }
}

// The crowd writes within its window, to the phones of cell 0; the others go on as before.
TEST_F(SmsTrafficTest, HasItsCrowdWriteToOneCellAtOneTime)
{
    m_traffic->SetAttribute("FlashCrowdShare", DoubleValue(0.3));
    m_traffic->SetAttribute("FlashCrowdStart", TimeValue(Seconds(1000)));
    m_traffic->SetAttribute("FlashCrowdWindow", TimeValue(Seconds(60)));
    const auto plan = Plan();
    EXPECT_NEAR(GetShare(plan, [](const PlannedSms& sms) { return sms.crowd; }),
                0.3,
                GetTolerance(0.3));
    Time before;
    for (const PlannedSms& sms : plan)
    {
        EXPECT_GE(sms.start, before);
        before = sms.start;
        if (sms.crowd)
        {
            EXPECT_GE(sms.start, Seconds(1000));
            EXPECT_LE(sms.start, Seconds(1060));
            EXPECT_EQ(sms.target % 4, 0U);
        }
    }
}

// A message says which it is, in each alphabet, and has the length that was planned.
TEST(SmsTexts, SayWhichTheyAre)
{
    for (const uint32_t index : {0U, 7U, 4294967295U})
    {
        for (const auto alphabet : {SmsAlphabet::GSM_7_BIT, SmsAlphabet::UCS2})
        {
            const std::string text = MakeSmsText(index, alphabet, 70);
            EXPECT_EQ(ReadSmsIndex(text), index);
            ShortMessage message;
            message.text = text;
            std::vector<SmsUserData> segments;
            ASSERT_EQ(SplitShortMessage(message, 0, false, segments), SmsCodecError::NONE);
            EXPECT_EQ(segments.size(), 1U); // 70 characters of either alphabet fit
        }
        EXPECT_EQ(ReadSmsIndex(MakeSmsData(index, 40)), index);
        EXPECT_EQ(MakeSmsData(index, 40).size(), 40U);
    }
    EXPECT_FALSE(ReadSmsIndex(std::string("Hello")));
    EXPECT_FALSE(ReadSmsIndex(std::vector<uint8_t>{1, 2, 3}));
}
