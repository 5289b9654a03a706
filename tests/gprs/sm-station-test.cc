// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * A station's PDP contexts when nobody answers, or the network asks for one (TS 24.008 6.1.3);
 * timers as in table 11.3a, five expiries each (11.2).
 */
#include "ns3/sm-station.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint8_t NSAPI = 5;

using Kind = SmStation::Event::Kind;

class SmStationTest : public testing::Test
{
  protected:
    void Activate()
    {
        m_sm.Activate(m_now, NSAPI, {});
        m_sm.Receive(m_now, ActivatePdpContextAccept{Ipv4Address("10.0.0.2"), {0, true}});
        ASSERT_EQ(m_sm.GetState(NSAPI), SmStation::State::ACTIVE);
        m_sm.TakeMessages();
        m_sm.TakeEvents();
    }

    /// @return after how many requests, one each @p timer, the procedure is given up.
    int CountRequests(Time timer)
    {
        int requests = 0;
        while (m_sm.GetDeadline() != Time::Max())
        {
            requests += static_cast<int>(m_sm.TakeMessages().size());
            EXPECT_EQ(m_sm.GetDeadline(), m_now + timer);
            m_now += timer;
            m_sm.Expire(m_now);
        }
        return requests;
    }

    Kind GetOutcome()
    {
        const auto events = m_sm.TakeEvents();
        EXPECT_EQ(events.size(), 1U);
        return events.front().kind;
    }

    SmStationSettings m_settings;
    SmStation m_sm{m_settings};
    Time m_now;
};

} // namespace

// 6.1.3.1.5: T3380, 30 s
TEST_F(SmStationTest, AsksFiveTimesForAContext)
{
    m_sm.Activate(m_now, NSAPI, {});
    EXPECT_EQ(CountRequests(Seconds(30)), 5);
    EXPECT_EQ(GetOutcome(), Kind::ACTIVATION_TIMEOUT);
    EXPECT_EQ(m_sm.GetState(NSAPI), SmStation::State::INACTIVE);
}

// 6.1.3.3.4: T3381, 8 s
TEST_F(SmStationTest, AsksFiveTimesForAModification)
{
    Activate();
    m_sm.Modify(m_now, NSAPI, {});
    EXPECT_EQ(CountRequests(Seconds(8)), 5);
    EXPECT_EQ(GetOutcome(), Kind::MODIFICATION_REJECTED);
    EXPECT_EQ(m_sm.GetState(NSAPI), SmStation::State::ACTIVE);
}

// 6.1.3.4.3: T3390, 8 s
TEST_F(SmStationTest, AsksFiveTimesForADeactivation)
{
    Activate();
    m_sm.Deactivate(m_now, NSAPI);
    EXPECT_EQ(CountRequests(Seconds(8)), 5);
    EXPECT_EQ(GetOutcome(), Kind::DEACTIVATED);
    EXPECT_EQ(m_sm.GetState(NSAPI), SmStation::State::INACTIVE);
}

// 6.1.3.1.2: the request names the address and the access point; repeated, it changes nothing
TEST_F(SmStationTest, ActivatesTheContextThatTheNetworkWants)
{
    const RequestPdpContextActivation wanted{Ipv4Address("10.9.0.2"), "wap", {0, false}};
    m_sm.Receive(m_now, wanted);
    m_sm.Receive(m_now, wanted);
    const auto messages = m_sm.TakeMessages();
    ASSERT_EQ(messages.size(), 1U);
    const auto& request = std::get<ActivatePdpContextRequest>(messages.front());
    EXPECT_EQ(request.apn, "wap");
    EXPECT_EQ(request.pdp.address, Ipv4Address("10.9.0.2"));
}

// 6.1.3.1.4: insufficient resources
TEST_F(SmStationTest, RefusesTheContextThatItHasNoRoomFor)
{
    m_settings.maxContexts = 1;
    Activate();
    m_sm.Receive(m_now, RequestPdpContextActivation{Ipv4Address("10.9.0.2"), "wap", {0, false}});
    const auto messages = m_sm.TakeMessages();
    ASSERT_EQ(messages.size(), 1U);
    const auto& reject = std::get<RequestPdpContextActivationReject>(messages.front());
    EXPECT_EQ(reject.cause, GmmSmCause::INSUFFICIENT_RESOURCES);
    EXPECT_TRUE(reject.ti == (TransactionId{0, true}));
}
