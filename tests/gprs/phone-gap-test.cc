// SPDX-License-Identifier: GPL-2.0-only
#include "gprs/moving-phones.h"

#include "ns3/string.h"

#include <cmath>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A phone that is switched off or goes out of coverage.
class PhoneGap : public MovingPhones
{
};

} // namespace

// TS 24.008 4.7.4.1: the network is told, and frees the context
TEST_F(PhoneGap, DetachesWhenSwitchedOffAndAttachesAgain)
{
    Build(1, 1);
    BringAllUp();
    const uint64_t imsi = GetStation(0)->GetImsi();
    GetGsm(0)->SetPoweredOn(false);
    EXPECT_FALSE(GetStation(0)->IsUp());
    RunFor(10);
    EXPECT_FALSE(m_network->GetSgsn()->IsRegistered(imsi));
    EXPECT_EQ(GetCounter("sgsn", "detaches"), 1);
    EXPECT_EQ(GetCounter("sgsn", "pdp_contexts"), 0);
    EXPECT_FALSE(GetStation(0)->IsReachable());
    GetGsm(0)->SetPoweredOn(true);
    RunFor(20);
    EXPECT_TRUE(m_network->GetSgsn()->IsRegistered(imsi));
    EXPECT_EQ(GetStation(0)->GetState(), GprsMobileStation::State::ATTACHED);
    BringUp(0);
    RunFor(20);
    EXPECT_TRUE(GetStation(0)->IsUp());
}

TEST_F(PhoneGap, APhoneThatWasNotAttachedDoesNotAttachWhenSwitchedOn)
{
    Build(1, 1);
    GetGsm(0)->SetPoweredOn(false);
    RunFor(10);
    GetGsm(0)->SetPoweredOn(true);
    RunFor(60);
    EXPECT_EQ(GetStation(0)->GetState(), GprsMobileStation::State::DETACHED);
    EXPECT_EQ(GetCounter("sgsn", "detaches"), 0);
}

// without coverage nobody can be told; the SGSN learns by the next attach (4.7.3.1.6 f)
TEST_F(PhoneGap, AttachesAgainAfterItWasSwitchedOffOutOfCoverage)
{
    Build(1, 1);
    BringAllUp();
    GetGsm(0)->SetCovered(false);
    GetGsm(0)->SetPoweredOn(false);
    RunFor(60);
    EXPECT_EQ(GetCounter("sgsn", "detaches"), 0);
    GetGsm(0)->SetPoweredOn(true);
    RunFor(60);
    EXPECT_EQ(GetStation(0)->GetState(), GprsMobileStation::State::DETACHED);
    GetGsm(0)->SetCovered(true);
    RunFor(20);
    EXPECT_EQ(GetStation(0)->GetState(), GprsMobileStation::State::ATTACHED);
    EXPECT_EQ(GetCounter("sgsn", "attaches"), 2);
    BringUp(0);
    RunFor(20);
    EXPECT_TRUE(GetStation(0)->IsUp());
}

// N3103 and N3105 end the TBFs; the phone's own frames wait
TEST_F(PhoneGap, GoesOnAfterAGapInCoverage)
{
    Build(1, 1);
    BringAllUp();
    m_up[0]->Start(m_network->GetServerAddress(), MilliSeconds(500), 100);
    m_down[0]->Start(GetStation(0)->GetAddress(), MilliSeconds(200), 100);
    RunFor(10);
    const auto failures = GetCounter("cell-0", "tbf_failures");
    EXPECT_EQ(failures, 0);
    const Time lost = Simulator::Now();
    GetGsm(0)->SetCovered(false);
    RunFor(60);
    EXPECT_GE(GetCounter("cell-0", "tbf_failures"), 1);
    EXPECT_GT(GetCounter("cell-0", "llc_downlink_octets_lost_link_failure"), 0);
    EXPECT_TRUE(m_network->GetSgsn()->IsRegistered(GetStation(0)->GetImsi()));
    GetGsm(0)->SetCovered(true);
    RunFor(10);
    m_up[0]->Stop();
    m_down[0]->Stop();
    RunFor(60);
    EXPECT_TRUE(m_up[0]->IsInOrder());
    EXPECT_TRUE(m_down[0]->IsInOrder());
    EXPECT_EQ(m_up[0]->GetArrivals().size(), m_up[0]->GetSent());
    EXPECT_NEAR(m_up[0]->GetLongestGap(lost, lost + Seconds(70)).GetSeconds(), 60, 2);
    EXPECT_LT(m_down[0]->GetArrivals().size(), m_down[0]->GetSent());
    EXPECT_EQ(m_down[0]->GetArrivals().back().number, m_down[0]->GetSent() - 1);
    EXPECT_EQ(GetCounter("cell-0", "llc_uplink_octets_inside"), 0);
    EXPECT_EQ(GetCounter("cell-0", "llc_downlink_octets_inside"), 0);
    EXPECT_EQ(GetCounter("sgsn", "attaches"), 1);
}

TEST_F(PhoneGap, AnAttachWaitsForCoverage)
{
    Build(1, 1);
    GetGsm(0)->SetCovered(false);
    BringUp(0);
    RunFor(20);
    EXPECT_EQ(GetCounter("cell-0", "llc_uplink_octets_out"), 0);
    GetGsm(0)->SetCovered(true);
    RunFor(20);
    EXPECT_TRUE(GetStation(0)->IsUp());
}

// a downlink that always has data is one TBF: spikes come after 20 s of transfer on average, and
// last 5 s, so that in 5000 s there are 5000 / 25
TEST_F(PhoneGap, DelaySpikesPauseATransfer)
{
    Config::SetDefault("ns3::p2pim::GprsCell::DelaySpikeInterval", TimeValue(Seconds(20)));
    Config::SetDefault("ns3::p2pim::GprsCell::DelaySpikeDuration",
                       StringValue("ns3::ConstantRandomVariable[Constant=5]"));
    Build(1, 1);
    BringAllUp();
    const Time start = Simulator::Now();
    const auto before = GetCounter("cell-0", "delay_spikes");
    m_down[0]->Start(GetStation(0)->GetAddress(), MilliSeconds(250), 1400); // more than it can
    RunFor(5000);
    m_down[0]->Stop();
    const double spikes = GetCounter("cell-0", "delay_spikes") - before;
    // the time to one is 20 s give or take 20, and each is longer by 5
    EXPECT_NEAR(spikes, 200, 4 * 200 * 20 / 25.0 / std::sqrt(200));
    std::size_t gaps = 0;
    const auto& arrivals = m_down[0]->GetArrivals();
    for (std::size_t n = 1; n < arrivals.size(); ++n)
    {
        const Time gap = arrivals[n].time - arrivals[n - 1].time;
        EXPECT_LT(gap, Seconds(12));
        gaps += gap >= Seconds(5) && arrivals[n - 1].time > start ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(gaps), spikes, spikes / 10);
    EXPECT_TRUE(m_down[0]->IsInOrder());
    EXPECT_EQ(GetCounter("cell-0", "tbf_failures"), 0);
}
