// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/moving-phones.h"

#include "ns3/boolean.h"
#include "ns3/bssgp-flow-control.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/string.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// What has been passed: when, to whom, how many octets.
struct Delivery
{
    double second;
    uint64_t imsi;
    uint32_t octets;

    bool operator==(const Delivery& other) const
    {
        return std::abs(second - other.second) < 1e-6 && imsi == other.imsi &&
               octets == other.octets;
    }
};

std::ostream&
operator<<(std::ostream& os, const Delivery& delivery)
{
    return os << delivery.octets << " to " << delivery.imsi << " at " << delivery.second << " s";
}

/// An SGSN's flow control of a cell whose buckets, unless a test says so, never run over.
class BssgpFlowControlTest : public testing::Test
{
  protected:
    static constexpr uint32_t PLENTY = 1'000'000;

    BssgpFlowControlTest()
        : m_control(m_settings)
    {
    }

    /// Tells the cell's bucket, and the default of its stations.
    void Tell(const BssgpBucket& bvc, const BssgpBucket& ms)
    {
        m_control.ReceiveBvc(m_now, {bvc, ms});
    }

    bool Submit(uint64_t imsi,
                uint32_t octets,
                uint8_t delayClass = BEST_EFFORT,
                Time expires = Time::Max())
    {
        return m_control.Submit(m_now,
                                imsi,
                                {Create<Packet>(octets), false, 0, delayClass, expires});
    }

    /// Lets time pass to @p end, serving when it is due.
    void RunTo(Time end)
    {
        for (;; m_now = m_control.GetDeadline(m_now))
        {
            for (const auto& [imsi, pdu] : m_control.Serve(m_now, m_expired))
            {
                m_passed.push_back({m_now.GetSeconds(), imsi, GetLlcOctets(pdu)});
            }
            if (m_control.GetDeadline(m_now) > end)
            {
                break;
            }
        }
        m_now = end;
    }

    BssgpFlowControlSettings m_settings;
    BssgpFlowControl m_control;
    Time m_now;
    std::vector<Delivery> m_passed;
    std::vector<LlcPdu> m_expired;
};

} // namespace

// TS 48.018 8.2: a PDU of L octets is passed if B + L - R t <= Bmax. 1000 octets at once, then 200
// in each 2 s that leak 200.
TEST_F(BssgpFlowControlTest, PassesWhatTheBucketOfTheCellTakes)
{
    Tell({1000, 100, -1}, {PLENTY, PLENTY, -1});
    for (int n = 0; n < 7; ++n)
    {
        ASSERT_TRUE(Submit(1, 200));
    }
    RunTo(Seconds(100));
    EXPECT_EQ(m_passed,
              (std::vector<Delivery>{{0, 1, 200},
                                     {0, 1, 200},
                                     {0, 1, 200},
                                     {0, 1, 200},
                                     {0, 1, 200},
                                     {2, 1, 200},
                                     {4, 1, 200}}));
    EXPECT_EQ(m_control.GetDeadline(m_now), Time::Max());
    EXPECT_EQ(m_control.GetOctets(), 0U);
}

// Nothing that the bucket takes waits, and there is nothing to be woken up for.
TEST_F(BssgpFlowControlTest, HasNoDeadlineWhileTheBucketHasRoom)
{
    Tell({1000, 100, -1}, {1000, 100, -1});
    Submit(1, 500);
    RunTo(Seconds(0));
    EXPECT_EQ(m_passed.size(), 1U);
    EXPECT_EQ(m_control.GetDeadline(m_now), Time::Max());
}

// A PDU that is larger than the bucket is passed when that is empty.
TEST_F(BssgpFlowControlTest, PassesALargePduWhenTheBucketIsEmpty)
{
    Tell({300, 100, -1}, {PLENTY, PLENTY, -1});
    Submit(1, 200);
    Submit(1, 500);
    Submit(1, 100);
    RunTo(Seconds(100));
    // 500 at 2 s; 100 when 500 have come down to 200, 3 s later
    EXPECT_EQ(m_passed, (std::vector<Delivery>{{0, 1, 200}, {2, 1, 500}, {5, 1, 100}}));
}

// FLOW-CONTROL-MS: a slow station waits for its own bucket, and nobody for it.
TEST_F(BssgpFlowControlTest, ASlowStationDoesNotHoldUpOthers)
{
    Tell({PLENTY, PLENTY, -1}, {1000, 1000, -1});
    m_control.ReceiveMs(m_now, 1, {100, 50, -1});
    Submit(1, 100);
    Submit(1, 100);
    Submit(2, 100);
    Submit(2, 100);
    RunTo(Seconds(10));
    EXPECT_EQ(m_passed,
              (std::vector<Delivery>{{0, 1, 100}, {0, 2, 100}, {0, 2, 100}, {2, 1, 100}}));
}

// Th: after that the cell's default holds for the station again.
TEST_F(BssgpFlowControlTest, ForgetsAStationsValuesAfterTh)
{
    m_settings.msValidity = Seconds(5);
    Tell({PLENTY, PLENTY, -1}, {1000, 1000, -1});
    m_control.ReceiveMs(m_now, 1, {100, 50, -1});
    RunTo(Seconds(6));
    Submit(1, 500);
    Submit(1, 500);
    RunTo(Seconds(6));
    EXPECT_EQ(m_passed.size(), 2U);
}

// Stations take turns at the bucket of the cell; a better delay class goes first.
TEST_F(BssgpFlowControlTest, StationsTakeTurnsByDelayClass)
{
    Tell({100, 100, 1}, {PLENTY, PLENTY, -1}); // full
    Submit(1, 100);
    Submit(1, 100);
    Submit(2, 100);
    Submit(2, 100);
    Submit(3, 100, 1);
    RunTo(Seconds(10));
    std::vector<uint64_t> order;
    for (const Delivery& delivery : m_passed)
    {
        order.push_back(delivery.imsi);
    }
    EXPECT_EQ(order, (std::vector<uint64_t>{3, 1, 2, 1, 2}));
    EXPECT_NEAR(m_passed.front().second, 1, 1e-6);
}

// Bucket_Full Ratio: the BSS knows better how much there is.
TEST_F(BssgpFlowControlTest, BelievesTheBssHowFullTheBucketIs)
{
    Tell({1000, 100, -1}, {PLENTY, PLENTY, -1});
    Submit(1, 1000);
    RunTo(Seconds(5)); // 500 are taken to be left
    Tell({1000, 100, 0.9}, {PLENTY, PLENTY, -1});
    Submit(1, 500);
    RunTo(Seconds(100));
    EXPECT_EQ(m_passed, (std::vector<Delivery>{{0, 1, 1000}, {9, 1, 500}}));
}

// LLC-DISCARDED: what the BSS has dropped is not in its bucket any more.
TEST_F(BssgpFlowControlTest, TakesDiscardedOctetsOutOfTheBuckets)
{
    Tell({1000, 100, -1}, {1000, 100, -1});
    Submit(1, 1000);
    Submit(1, 600);
    RunTo(Seconds(1));
    m_control.ReceiveDiscarded(m_now, 1, 400);
    RunTo(Seconds(100));
    // 1000 - 400 - 100 t <= 400
    EXPECT_EQ(m_passed, (std::vector<Delivery>{{0, 1, 1000}, {2, 1, 600}}));
}

TEST_F(BssgpFlowControlTest, HasRoomForSoMuchOfAStation)
{
    m_settings.queueOctets = 1000;
    Tell({100, 100, 1}, {PLENTY, PLENTY, -1});
    EXPECT_TRUE(Submit(1, 600));
    EXPECT_TRUE(Submit(1, 400));
    EXPECT_FALSE(Submit(1, 1));
    EXPECT_TRUE(Submit(2, 600));
    EXPECT_EQ(m_control.GetOctets(), 1600U);
}

// PDU Lifetime: who has waited too long is not passed, and does not take room in the bucket.
TEST_F(BssgpFlowControlTest, DropsWhatHasWaitedTooLong)
{
    Tell({100, 10, 1}, {PLENTY, PLENTY, -1}); // empty after 10 s
    Submit(1, 100, BEST_EFFORT, Seconds(5));
    Submit(1, 80, BEST_EFFORT, Seconds(50));
    RunTo(Seconds(100));
    EXPECT_EQ(m_expired.size(), 1U);
    EXPECT_EQ(m_passed, (std::vector<Delivery>{{10, 1, 80}}));
}

TEST_F(BssgpFlowControlTest, GivesUpWhatItHoldsForAStation)
{
    Tell({100, 10, 1}, {PLENTY, PLENTY, -1});
    Submit(1, 100);
    Submit(2, 100);
    Submit(1, 90);
    const auto held = m_control.Remove(1);
    ASSERT_EQ(held.size(), 2U);
    EXPECT_EQ(GetLlcOctets(held.back()), 90U);
    EXPECT_EQ(m_control.GetOctets(), 100U);
    RunTo(Seconds(100));
    EXPECT_EQ(m_passed, (std::vector<Delivery>{{10, 2, 100}}));
    Submit(3, 100);
    Submit(3, 100);
    EXPECT_EQ(m_control.Clear().size(), 2U);
    EXPECT_EQ(m_control.GetDeadline(m_now), Time::Max());
}

namespace
{

/// Phones whose server sends more than their slow cell can carry.
class FlowControlledCell : public MovingPhones
{
  protected:
    static constexpr uint32_t PHONES = 4;
    static constexpr double RATE = 50 * 20; ///< CS-1 on one PDCH, octets/s

    /// How much there was to wait where.
    struct Backlog
    {
        double bss = 0;     ///< most octets in the cell
        double sgsn = 0;    ///< most octets in the SGSN
        double seconds = 0; ///< until all had arrived
    };

    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::GprsCell::CodingScheme", EnumValue(GprsCodingScheme::CS_1));
        Config::SetDefault("ns3::p2pim::GprsCell::Pdchs", UintegerValue(1));
        Config::SetDefault("ns3::p2pim::GprsCell::FlowControlBucketTime", TimeValue(Seconds(2)));
        Config::SetDefault("ns3::p2pim::Sgsn::T3314", TimeValue(Seconds(60)));
    }

    void SetFlowControl(bool on)
    {
        Config::SetDefault("ns3::p2pim::GprsCell::FlowControl", BooleanValue(on));
    }

    /// 40 datagrams of 400 octets to each phone in 10 s: 64 kB and more for a cell of 1 kB/s.
    Backlog Overload()
    {
        Backlog most;
        // a fifth of the blocks has to be repeated, which the leak rate does not know
        m_network->GetGprsCells()[0]->SetAttribute("BlockErrorRate", DoubleValue(0.2));
        for (uint32_t phone = 0; phone < PHONES; ++phone)
        {
            m_down[phone]->Start(GetStation(phone)->GetAddress(), MilliSeconds(250), 400);
        }
        for (int second = 0; second < 200; ++second)
        {
            RunFor(1);
            if (second == 9)
            {
                std::for_each(m_down.begin(), m_down.end(), [](auto& each) { each->Stop(); });
            }
            most.bss = std::max(most.bss, SumOverCells("llc_downlink_octets_inside"));
            most.sgsn = std::max(most.sgsn, GetCounter("sgsn", "gb_downlink_octets_inside"));
            for (const auto& stream : m_down)
            {
                const auto& arrivals = stream->GetArrivals();
                most.seconds = std::max(most.seconds,
                                        arrivals.empty() ? 0 : arrivals.back().time.GetSeconds());
            }
        }
        return most;
    }

    std::size_t CountLost() const
    {
        std::size_t lost = 0;
        for (const auto& stream : m_down)
        {
            EXPECT_TRUE(stream->IsInOrder());
            lost += stream->GetSent() - stream->GetArrivals().size();
        }
        return lost;
    }
};

} // namespace

// Without it all waits in the BSS. With it no more than its bucket, what leaks too fast until the
// next report of each second has come over Gb, and what is on its way there and not in the report:
// a bucket at the most. The cell is as busy as without.
TEST_F(FlowControlledCell, TheSgsnHoldsWhatTheCellCannotSend)
{
    SetFlowControl(false);
    Build(1, PHONES);
    BringAllUp();
    const Backlog without = Overload();
    EXPECT_EQ(CountLost(), 0U);
    EXPECT_GT(without.bss, 50000);
    EXPECT_EQ(without.sgsn, 0);
    m_up.clear();
    m_down.clear();
    m_phones.clear();
    m_reselection->Dispose();
    Simulator::Destroy();
    m_network->Dispose();

    SetFlowControl(true);
    Build(1, PHONES);
    BringAllUp();
    const Backlog with = Overload();
    EXPECT_EQ(CountLost(), 0U);
    EXPECT_LT(with.bss, 2 * 2 * RATE + (1 + 2 * 0.08) * RATE);
    EXPECT_GT(with.sgsn, 50000);
    EXPECT_NEAR(with.seconds, without.seconds, 0.05 * without.seconds);
}

// Octets that the SGSN has no room for are lost there, by their cause, and nothing else is.
TEST_F(FlowControlledCell, WhatTheSgsnHasNoRoomForIsLostThere)
{
    SetFlowControl(true);
    Config::SetDefault("ns3::p2pim::Sgsn::FlowControlQueue", UintegerValue(4000));
    Build(1, PHONES);
    BringAllUp();
    const Backlog most = Overload();
    EXPECT_LE(most.sgsn, PHONES * 4000);
    EXPECT_GT(CountLost(), 0U);
    EXPECT_GE(GetCounter("sgsn", "gb_downlink_octets_lost_no_room"), CountLost() * 400.0);
    EXPECT_EQ(GetCounter("sgsn", "gb_downlink_octets_in"),
              GetCounter("sgsn", "gb_downlink_octets_out") +
                  GetCounter("sgsn", "gb_downlink_octets_lost_no_room"));
}

// PDU Lifetime: nothing that arrives was on its way for longer than it and what the BSS takes for
// its bucket and what a report may be late, (2 + 1.16) s at 80 % of the rate. The rest is lost.
TEST_F(FlowControlledCell, WhatHasWaitedForItsLifetimeIsLost)
{
    SetFlowControl(true);
    Config::SetDefault("ns3::p2pim::Sgsn::PduLifetime", TimeValue(Seconds(5)));
    Build(1, PHONES);
    BringAllUp();
    const Backlog most = Overload();
    EXPECT_GT(CountLost(), 0U);
    EXPECT_GT(GetCounter("sgsn", "gb_downlink_octets_lost_no_room"), 0);
    // sent for 10 s from 20 s on
    EXPECT_LT(most.seconds, 20 + 10 + 5 + 3.16 / 0.8 + 0.5);
}

// FLUSH-LL: of a phone that changes its cell only what the BSS had is lost; what the SGSN held goes
// on in the new cell, in order.
TEST_F(FlowControlledCell, HeldFramesFollowTheStation)
{
    SetFlowControl(true);
    Config::SetDefault("ns3::p2pim::GprsMobileStation::MobileClass",
                       EnumValue(MobileClass::CLASS_A));
    Build(2, 1);
    Drive();
    BringAllUp();
    m_down[0]->Start(GetStation(0)->GetAddress(), MilliSeconds(100), 400);
    RunFor(10);
    m_down[0]->Stop();
    const double held = GetCounter("sgsn", "gb_downlink_octets_inside");
    EXPECT_GT(held, 25000);
    EXPECT_TRUE(m_reselection->Reselect(m_phones[0], 1));
    RunFor(200);
    EXPECT_TRUE(m_down[0]->IsInOrder());
    const auto lost =
        static_cast<double>(m_down[0]->GetSent() - m_down[0]->GetArrivals().size()) * 400;
    // the bucket, a report's second, and what leaks into the old cell until the phone is heard, 5 s
    EXPECT_GT(lost, 0);
    EXPECT_LT(lost, (2 + 1.16 + 5) * RATE);
    EXPECT_GT(GetCounter("sgsn", "llc_discarded"), 0);
    EXPECT_EQ(GetCounter("sgsn", "gb_downlink_octets_inside"), 0);
}

// A slow station of a fast cell: FLOW-CONTROL-MS has the SGSN hold back its frames, no others.
TEST_F(FlowControlledCell, AStationOfOneTimeslotHasABucketOfItsOwn)
{
    SetFlowControl(true);
    Config::SetDefault("ns3::p2pim::GprsCell::Pdchs", UintegerValue(4));
    Config::SetDefault("ns3::p2pim::GprsMobileStation::MultislotClass", StringValue("1"));
    Build(1, 1);
    BringAllUp();
    m_down[0]->Start(GetStation(0)->GetAddress(), MilliSeconds(100), 400);
    RunFor(10);
    m_down[0]->Stop();
    // its bucket, and what went by the default of four timeslots until the first report
    EXPECT_LT(SumOverCells("llc_downlink_octets_inside"), 3.5 * RATE);
    EXPECT_GT(GetCounter("sgsn", "gb_downlink_octets_inside"), 25000);
    RunFor(100);
    EXPECT_EQ(CountLost(), 0U);
}
