// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/double.h"
#include "ns3/uinteger.h"
#include "ns3/voice-calls.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Twenty phones that call ten times an hour for two minutes: 480 s from call to call.
class VoiceCallsTest : public testing::Test
{
  protected:
    explicit VoiceCallsTest(uint32_t channels = 100)
    {
        m_net.cell->SetAttribute("TchCount", UintegerValue(channels));
        m_calls->SetAttribute("CallRate", DoubleValue(10));
        m_calls->SetAttribute("MeanDuration", TimeValue(Seconds(120)));
        for (int i = 0; i < 20; ++i)
        {
            m_calls->Drive(m_net.phones[m_net.AddPhone()], 1000 + i);
        }
    }

    ~VoiceCallsTest() override
    {
        m_calls->Dispose();
    }

    void RunFor(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    SmsNetwork m_net;
    Ptr<VoiceCalls> m_calls = CreateObject<VoiceCalls>();
};

} // namespace

// A renewal process: T / 480 s calls of each phone, and 20 x 120 / 480 Erlang.
TEST_F(VoiceCallsTest, CallsAsOftenAndAsLongAsItSays)
{
    RunFor(Hours(40));
    const double expected = 20 * 40 * 3600 / 480.0;
    EXPECT_NEAR(SmsNetwork::Get(m_calls->GetCounters(), "calls"),
                expected,
                3 * std::sqrt(expected));
    // only where the release of one call is not over when the next one is due, some 3 s of 360
    EXPECT_LT(SmsNetwork::Get(m_calls->GetCounters(), "failed"), 0.02 * expected);
    EXPECT_NEAR(SmsNetwork::Get(m_net.cell->GetCounters(), "tch_erlang"), 5, 0.25);
}

// Messages to phones that are in a call or not: all arrive, some without a paging.
TEST_F(VoiceCallsTest, LeavesMessagesTheirWay)
{
    for (int i = 0; i < 400; ++i)
    {
        Simulator::Schedule(Seconds(20 * i), &SmsNetwork::Send, &m_net, i % 20, (i + 7) % 20, 20);
    }
    RunFor(Hours(3));
    std::size_t received = 0;
    for (const auto& phone : m_net.received)
    {
        received += phone.size();
    }
    EXPECT_EQ(received, 400U);
    const double pagings = SmsNetwork::Get(m_net.cell->GetCounters(), "pagings_sent");
    EXPECT_LT(pagings, 340); // a quarter of the phones is in a call
    EXPECT_GT(pagings, 260);
}
