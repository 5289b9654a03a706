// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/boolean.h"

#include <gtest/gtest.h>
#include <map>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr std::size_t PHONES = 60;
constexpr std::size_t MESSAGES = 300;
constexpr uint32_t INVITATION_OCTETS = 70;
constexpr double MULTIFRAME = 51 * 0.12 / 26; // TS 45.002 4.3.3, s

/// The default network with one invitation at a time, at random instants, between idle phones.
class SmsDelayTest : public testing::Test
{
  protected:
    void Run()
    {
        for (std::size_t i = 0; i < PHONES; ++i)
        {
            m_net.AddPhone();
            m_net.phones[i]->TraceConnectWithoutContext("Hop",
                                                        MakeCallback(&SmsDelayTest::Hop, this));
        }
        m_net.msc->TraceConnectWithoutContext("Hop", MakeCallback(&SmsDelayTest::Hop, this));
        m_net.smsc->TraceConnectWithoutContext("Hop", MakeCallback(&SmsDelayTest::Hop, this));
        Ptr<UniformRandomVariable> phase = CreateObject<UniformRandomVariable>();
        phase->SetStream(1000);
        for (std::size_t i = 0; i < MESSAGES; ++i)
        {
            m_pressed.push_back(Seconds(30.0 * static_cast<double>(i) + phase->GetValue(0, 5)));
            Simulator::Schedule(m_pressed[i],
                                &SmsNetwork::Send,
                                &m_net,
                                i % PHONES,
                                (i + 1) % PHONES,
                                INVITATION_OCTETS);
        }
        const uint64_t before = Simulator::GetEventCount();
        Simulator::Run();
        m_events = Simulator::GetEventCount() - before - MESSAGES;
    }

    void Hop(uint64_t /* reference */, SmsHop hop, Time time)
    {
        m_hops[hop].push_back(time);
    }

    /// @return the mean time from one hop to another, in s.
    double Mean(SmsHop from, SmsHop to) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < MESSAGES; ++i)
        {
            sum += (m_hops.at(to).at(i) - m_hops.at(from).at(i)).GetSeconds();
        }
        return sum / MESSAGES;
    }

    /// @return the time from the press to the arrival of message @p i, in s.
    double GetDelay(std::size_t i) const
    {
        const auto& arrival = m_net.received.at((i + 1) % PHONES).at(i / PHONES);
        return (arrival.time - m_pressed.at(i)).GetSeconds();
    }

    double GetMeanDelay() const
    {
        double sum = 0;
        for (std::size_t i = 0; i < MESSAGES; ++i)
        {
            sum += GetDelay(i);
        }
        return sum / MESSAGES;
    }

    SmsNetwork m_net;
    std::vector<Time> m_pressed;
    std::map<SmsHop, std::vector<Time>> m_hops;
    uint64_t m_events = 0;
};

} // namespace

// C1: 7 s (6-9) +- 2 s, ANACOM 2008 and Forbes 2006. C2: 1-2 s of it in the SMSC, Forbes 2006.
TEST_F(SmsDelayTest, ArrivesInSevenSecondsOnAverage)
{
    Run();
    EXPECT_NEAR(GetMeanDelay(), 7, 2);
    for (std::size_t i = 0; i < MESSAGES; ++i)
    {
        EXPECT_GT(GetDelay(i), 5);
        EXPECT_LT(GetDelay(i), 10);
        const Time written = m_hops[SmsHop::STORED][i] - MilliSeconds(100); // StorageTime
        const Time share = m_hops[SmsHop::MT_FORWARDED][i] - written;
        EXPECT_GE(share, Seconds(1));
        EXPECT_LE(share, Seconds(2));
    }
    EXPECT_EQ(m_net.outcomes, std::vector<std::string>(MESSAGES, "accepted"));
}

// C4: 4 s (3-5) of SDCCH a leg with authentication and ciphering, Enck et al. 2005.
TEST_F(SmsDelayTest, HoldsAnSdcchForFourSecondsALeg)
{
    Run();
    const CounterList counters = m_net.cell->GetCounters();
    const double seizures = SmsNetwork::Get(counters, "sdcch_seizures");
    EXPECT_DOUBLE_EQ(seizures, 2 * MESSAGES);
    EXPECT_NEAR(SmsNetwork::Get(counters, "sdcch_seconds") / seizures, 4, 1);
    // Each leg from its own end: MO channel to CP-ACK, MT channel to RP-ACK.
    EXPECT_NEAR(Mean(SmsHop::MO_CHANNEL, SmsHop::ACCEPTED), 3.5, 1);
    EXPECT_NEAR(Mean(SmsHop::MT_CHANNEL, SmsHop::MT_DELIVERED), 3.5, 1);
}

// C5: the wait for the paging block is half of 1.177 s on average; access adds some 0.3 s.
TEST_F(SmsDelayTest, WaitsHalfAPagingCycleForTheTarget)
{
    Run();
    EXPECT_NEAR(Mean(SmsHop::PAGED, SmsHop::MT_CHANNEL), 1.177 / 2 + 0.35, 0.15);
}

// The delay is the sum of its steps. From the UA to the CIPHERING MODE COMMAND: one multiframe to
// the AUTHENTICATION REQUEST, two to the response that the SIM computes and the command behind it.
TEST_F(SmsDelayTest, AuthenticationTakesThreeMultiframes)
{
    Run();
    EXPECT_NEAR(Mean(SmsHop::MO_CHANNEL, SmsHop::MO_CIPHERED), 3 * MULTIFRAME, 0.001);
}

TEST_F(SmsDelayTest, NoAuthenticationTakesOneMultiframe)
{
    m_net.msc->SetAttribute("Authentication", BooleanValue(false));
    Run();
    EXPECT_NEAR(Mean(SmsHop::MO_CHANNEL, SmsHop::MO_CIPHERED), MULTIFRAME, 0.001);
}

// Without ciphering the CM SERVICE ACCEPT takes its place, and the message still arrives.
TEST_F(SmsDelayTest, WorksWithoutAuthenticationAndCiphering)
{
    m_net.msc->SetAttribute("Authentication", BooleanValue(false));
    m_net.msc->SetAttribute("Ciphering", BooleanValue(false));
    Run();
    EXPECT_NEAR(GetMeanDelay(), 6.75, 0.75); // [D] of the reference: 6.5-7 s
}

// An idle network has no event; a message costs about 60.
TEST_F(SmsDelayTest, CostsNoMoreThan70Events)
{
    Run();
    EXPECT_LE(static_cast<double>(m_events) / MESSAGES, 70);
    EXPECT_TRUE(Simulator::IsFinished());
}

// The hops of a message are stamped in their order, at each element that it passes.
TEST_F(SmsDelayTest, StampsEachHop)
{
    Run();
    for (int hop = 0; hop <= static_cast<int>(SmsHop::MT_DELIVERED); ++hop)
    {
        ASSERT_EQ(m_hops[static_cast<SmsHop>(hop)].size(), MESSAGES)
            << GetSmsHopName(static_cast<SmsHop>(hop));
    }
    for (std::size_t i = 0; i < MESSAGES; ++i)
    {
        for (int hop = static_cast<int>(SmsHop::ROUTING_REQUESTED);
             hop < static_cast<int>(SmsHop::MT_DELIVERED);
             ++hop)
        {
            EXPECT_LE(m_hops[static_cast<SmsHop>(hop)][i], m_hops[static_cast<SmsHop>(hop + 1)][i]);
        }
    }
}

// Same streams, same times to the nanosecond; other streams, other times.
TEST(SmsDelay, DependsOnItsStreamsOnly)
{
    const auto run = [](int64_t firstStream) {
        SmsNetwork net(firstStream);
        net.AddPhone();
        net.AddPhone();
        for (int i = 0; i < 10; ++i)
        {
            Simulator::Schedule(Seconds(1 + 20.37 * i), &SmsNetwork::Send, &net, 0, 1, 70);
        }
        Simulator::Run();
        std::vector<Time> times;
        for (const auto& one : net.received.at(1))
        {
            times.push_back(one.time);
        }
        return times;
    };
    const std::vector<Time> first = run(1);
    EXPECT_EQ(first.size(), 10U);
    EXPECT_EQ(run(1), first);
    EXPECT_NE(run(50), first);
}
