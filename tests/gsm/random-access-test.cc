// SPDX-License-Identifier: GPL-2.0-only
#include "gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/common-control-channel.h"
#include "ns3/double.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Radio conditions whose bursts have given powers.
class GivenLevels : public GsmRadioConditions
{
  public:
    double GetErasureRate(const GsmMobileStation*, GsmDirection, GsmChannel) const override
    {
        return 0;
    }

    AccessBurst ReceiveAccessBurst(const GsmMobileStation* ms) override
    {
        const auto level = levels.find(ms);
        return {true, level == levels.end() ? 0 : std::pow(10.0, level->second / 10)};
    }

    std::map<const GsmMobileStation*, double> levels; ///< dB
};

class RandomAccessTest : public testing::Test
{
  protected:
    RandomAccessTest()
    {
        m_ccch->AssignStreams(1);
    }

    ~RandomAccessTest() override
    {
        Simulator::Destroy();
        m_ccch->Dispose();
    }

    double Get(const std::string& name) const
    {
        return SmsNetwork::Get(m_ccch->GetCounters(), name);
    }

    /// Starts accesses at the times of a Poisson process of @p perSlot for @p slots RACH slots.
    void StartPoisson(double perSlot, int64_t slots)
    {
        Ptr<ExponentialRandomVariable> interval = CreateObject<ExponentialRandomVariable>();
        interval->SetStream(77);
        const double slot = TdmaFrameStart(13).GetSeconds() / 13;
        for (double at = 0; at < static_cast<double>(slots) * slot;
             at += interval->GetValue(slot / perSlot, 0))
        {
            Simulator::Schedule(Seconds(at), &CommonControlChannel::RequestAccess, m_ccch, m_done);
        }
    }

    /// Two accesses that start together, again and again, without repetition.
    void StartPairs(int pairs, const GsmMobileStation* one, const GsmMobileStation* other)
    {
        m_ccch->SetAttribute("MaxRetrans", UintegerValue(0));
        for (int i = 0; i < pairs; ++i)
        {
            Simulator::Schedule(Seconds(10 * i), [this, one, other]() {
                m_ccch->GetRach().Start(m_done, one, false);
                m_ccch->GetRach().Start(m_done, other, false);
            });
        }
        Simulator::Run();
    }

    Ptr<CommonControlChannel> m_ccch = CreateObject<CommonControlChannel>();
    int m_decoded = 0;
    int m_failed = 0;
    Callback<void, bool> m_done{[this](bool decoded) { ++(decoded ? m_decoded : m_failed); }};
};

} // namespace

// Abramson: first transmissions of a Poisson load of G a slot get S = G exp(-G) through. The 95 %
// confidence interval of a share of n slots is 1.96 sqrt(S (1 - S) / n).
TEST_F(RandomAccessTest, FirstTransmissionsAreSlottedAloha)
{
    constexpr int64_t slots = 100000;
    m_ccch->SetAttribute("MaxRetrans", UintegerValue(0));
    double requests = 0;
    double captured = 0;
    for (const double load : {0.1, 0.3, 1.0, 2.0})
    {
        m_decoded = 0;
        Simulator::Destroy();
        StartPoisson(load, slots);
        Simulator::Run();
        const double expected = load * std::exp(-load);
        const double measured = static_cast<double>(m_decoded) / slots;
        // The load itself is a sample too: S depends on it by (1 - G) exp(-G).
        const double ofLoad = std::fabs(1 - load) * std::exp(-load) * std::sqrt(load / slots);
        EXPECT_NEAR(measured,
                    expected,
                    1.96 * std::hypot(ofLoad, std::sqrt(expected * (1 - expected) / slots)))
            << load;
        requests = Get("rach_requests") - requests;
        captured += Get("rach_captured");
        EXPECT_NEAR(requests / slots, load, 0.02);
        requests = Get("rach_requests");
    }
    EXPECT_DOUBLE_EQ(captured, 0);
    EXPECT_GT(Get("rach_slots_used"), 0);
    EXPECT_LT(Get("rach_slots_used"), Get("rach_requests"));
}

// Without levels one of two requests in a slot is decoded with the probability set.
TEST_F(RandomAccessTest, CapturesWithItsProbability)
{
    m_ccch->SetAttribute("CaptureProbability", DoubleValue(0.4));
    StartPairs(6000, nullptr, nullptr);
    const double pairs = (Get("rach_collisions") + Get("rach_captured")) / 2;
    EXPECT_NEAR(pairs / 6000, 1.0 / 12, 0.012); // both draw one of 12 slots
    EXPECT_NEAR(Get("rach_captured") / pairs, 0.4, 1.96 * std::sqrt(0.24 / pairs) + 0.01);
    EXPECT_DOUBLE_EQ(m_decoded + m_failed, 12000);
    EXPECT_DOUBLE_EQ(m_failed, Get("rach_collisions"));
}

// With levels the stronger is decoded if it exceeds the other by the ratio, and never the weaker.
TEST_F(RandomAccessTest, CapturesTheStrongerOne)
{
    const auto near = CreateObject<GsmMobileStation>();
    const auto far = CreateObject<GsmMobileStation>();
    const auto conditions = CreateObject<GivenLevels>();
    m_ccch->GetRach().SetConditions(conditions);
    m_ccch->SetAttribute("CaptureRatio", DoubleValue(9));
    conditions->levels = {{PeekPointer(near), 20.0}, {PeekPointer(far), 11.5}};
    StartPairs(300, PeekPointer(near), PeekPointer(far));
    EXPECT_DOUBLE_EQ(Get("rach_captured"), 0);
    EXPECT_GT(Get("rach_collisions"), 0);
    const double before = Get("rach_collisions");
    conditions->levels[PeekPointer(far)] = 10.5;
    Simulator::Destroy();
    StartPairs(300, PeekPointer(near), PeekPointer(far));
    EXPECT_GT(Get("rach_captured"), 0);
    EXPECT_DOUBLE_EQ(Get("rach_captured"), Get("rach_collisions") - before);
}

// TS 44.018 3.3.1.1.2: a phone that gets no answer repeats its request after S to S + T - 1 slots
// although the BTS has decoded it, M times in all, and gives up T3126 after the last.
TEST_F(RandomAccessTest, RepeatsUntilItIsAnswered)
{
    m_ccch->SetAttribute("MaxRetrans", UintegerValue(4));
    std::vector<int64_t> slots;
    Time failed;
    m_ccch->GetRach().Start(Callback<void, bool>([&slots, &failed](bool decoded) {
                                if (decoded)
                                {
                                    slots.push_back(TdmaCurrentFrame(Simulator::Now()) - 1);
                                }
                                else
                                {
                                    failed = Simulator::Now();
                                }
                            }),
                            nullptr,
                            true);
    Simulator::Run();
    ASSERT_EQ(slots.size(), 5U);
    EXPECT_LT(slots[0], 12);
    for (std::size_t i = 1; i < slots.size(); ++i)
    {
        EXPECT_GE(slots[i] - slots[i - 1], 217);
        EXPECT_LE(slots[i] - slots[i - 1], 228);
    }
    EXPECT_EQ(failed, TdmaFrameStart(slots.back() + 1) + Seconds(5));
    EXPECT_DOUBLE_EQ(Get("rach_unanswered"), 1);
    EXPECT_DOUBLE_EQ(Get("rach_failures"), 0);
}

TEST_F(RandomAccessTest, IsSilentOnceItIsAnswered)
{
    uint64_t number = 0;
    number = m_ccch->GetRach().Start(Callback<void, bool>([this, &number](bool decoded) {
                                         m_done(decoded);
                                         m_ccch->GetRach().Stop(number);
                                     }),
                                     nullptr,
                                     true);
    Simulator::Run();
    EXPECT_EQ(m_decoded, 1);
    EXPECT_EQ(m_failed, 0);
    EXPECT_DOUBLE_EQ(Get("rach_requests"), 1);
}

// A share p of the bursts is lost: a phone with M repetitions fails with p^(M + 1).
TEST_F(RandomAccessTest, LosesBurstsByRadioConditions)
{
    const auto conditions = CreateObject<ConstantRadioConditions>();
    conditions->SetAttribute("UplinkErasureRate", DoubleValue(0.6));
    conditions->AssignStreams(5);
    m_ccch->GetRach().SetConditions(conditions);
    m_ccch->SetAttribute("MaxRetrans", UintegerValue(2));
    constexpr int n = 4000;
    for (int i = 0; i < n; ++i)
    {
        Simulator::Schedule(Seconds(10 * i), &CommonControlChannel::RequestAccess, m_ccch, m_done);
    }
    Simulator::Run();
    EXPECT_NEAR(static_cast<double>(m_failed) / n, 0.216, 1.96 * std::sqrt(0.216 * 0.784 / n));
    EXPECT_NEAR(Get("rach_lost") / Get("rach_requests"), 0.6, 0.02);
}

// A BTS out of service decodes nothing; the phone notices by T3126.
TEST_F(RandomAccessTest, FindsNobodyWhenTheCellIsOut)
{
    m_ccch->SetInService(false);
    m_ccch->RequestAccess(m_done);
    Simulator::Run();
    EXPECT_EQ(m_failed, 1);
    EXPECT_DOUBLE_EQ(Get("rach_lost"), 8);
    m_ccch->SetInService(true);
    m_ccch->RequestAccess(m_done);
    Simulator::Run();
    EXPECT_EQ(m_decoded, 1);
}
