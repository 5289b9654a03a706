// SPDX-License-Identifier: GPL-2.0-only
#include "gprs/moving-phones.h"

#include "ns3/boolean.h"
#include "ns3/constant-velocity-mobility-model.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/network-mode.h"
#include "ns3/phone-availability.h"
#include "ns3/string.h"

#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

class CellReselectionTest : public MovingPhones
{
};

/// A stream of a phone that goes to and fro in one routing area; the means over 30 reselections.
class ReselectionOutage : public MovingPhones
{
  protected:
    double Measure(bool nacc)
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::CellsPerRoutingArea", UintegerValue(2));
        Config::SetDefault("ns3::p2pim::CellReselection::Nacc", BooleanValue(nacc));
        Config::SetDefault("ns3::p2pim::GprsCell::ExtendedUplinkTbf", TimeValue(Seconds(2)));
        Build(2, 1);
        Drive();
        BringAllUp();
        constexpr uint32_t octets = 10;
        m_up[0]->Start(m_network->GetServerAddress(), MilliSeconds(50), octets);
        RunFor(5);
        // the stream's own gaps are short: what is measured is the reselection
        EXPECT_LT(m_up[0]->GetLongestGap(Seconds(21), Seconds(25)), MilliSeconds(150));
        const double mean = GetMeanGap(*m_up[0], GoToAndFro(30, 10));
        RecordProperty("mean_ms", static_cast<int>(mean * 1000));
        return mean;
    }
};

} // namespace

// calibration target C8: 4 to 5 s, with a tolerance of 1.5 s (NSN)
TEST_F(ReselectionOutage, IsFourToFiveSecondsWithoutNacc)
{
    const double mean = Measure(false);
    EXPECT_GT(mean, 4 - 1.5);
    EXPECT_LT(mean, 5 + 1.5);
    EXPECT_NEAR(mean, 4.5, 0.5); // what the defaults aim at; standard error 0.58 / sqrt(30) = 0.1
}

// calibration target C8: 0.3 to 0.7 s (TR 44.901)
TEST_F(ReselectionOutage, IsThreeToSevenTenthsOfASecondWithNacc)
{
    const double mean = Measure(true);
    EXPECT_GT(mean, 0.3);
    EXPECT_LT(mean, 0.7);
}

namespace
{

/// A phone that goes to and fro while streams run both ways.
class ReselectionInTransfer : public MovingPhones
{
  protected:
    static constexpr uint32_t TIMES = 20;

    void Move(bool reroute)
    {
        Config::SetDefault("ns3::p2pim::Sgsn::Reroute", BooleanValue(reroute));
        Build(2, 1);
        Drive();
        BringAllUp();
        m_address = GetStation(0)->GetAddress();
        m_up[0]->Start(m_network->GetServerAddress(), MilliSeconds(300), 100);
        m_down[0]->Start(m_address, MilliSeconds(70), 200);
        GoToAndFro(TIMES, 15);
        m_up[0]->Stop();
        m_down[0]->Stop();
        RunFor(60);
    }

    Ipv4Address m_address;
};

} // namespace

TEST_F(ReselectionInTransfer, LosesDownlinkFramesOfTheOldCell)
{
    // a phone of class B is suspended by its location updating besides
    Config::SetDefault("ns3::p2pim::GprsMobileStation::MobileClass",
                       EnumValue(MobileClass::CLASS_A));
    Move(false);
    EXPECT_TRUE(m_up[0]->IsInOrder());
    EXPECT_TRUE(m_down[0]->IsInOrder());
    // a phone's own frames wait for the new cell
    EXPECT_EQ(m_up[0]->GetArrivals().size(), m_up[0]->GetSent());
    EXPECT_GT(SumOverCells("llc_uplink_octets_lost_rerouted"), 0);
    // some 4.5 s of a stream of 70 ms are lost each time
    const auto lost = m_down[0]->GetSent() - m_down[0]->GetArrivals().size();
    EXPECT_NEAR(static_cast<double>(lost) / TIMES, 4.5 / 0.07, 15);
    EXPECT_GT(SumOverCells("llc_downlink_octets_lost_cell_change"), lost * 200.0);
    EXPECT_EQ(SumOverCells("llc_downlink_octets_lost_rerouted"), 0);
}

// Class B tells the SGSN of its new cell only by GPRS SUSPENSION REQUEST, which its location
// updating begins with: random access and assignment some 0.3 s, then SABM, UA and the request, a
// multiframe of 51 (235 ms) each; what comes later waits at the SGSN.
TEST_F(ReselectionInTransfer, OfClassBLosesDownlinkFramesUntilItIsSuspended)
{
    Move(false);
    EXPECT_TRUE(m_up[0]->IsInOrder());
    EXPECT_TRUE(m_down[0]->IsInOrder());
    EXPECT_EQ(m_up[0]->GetArrivals().size(), m_up[0]->GetSent());
    const auto lost = m_down[0]->GetSent() - m_down[0]->GetArrivals().size();
    EXPECT_NEAR(static_cast<double>(lost) / TIMES, (4.5 + 0.3 + 3 * 0.235) / 0.07, 8);
}

// TS 48.018 8.1: FLUSH-LL with a new cell carries over what waits
TEST_F(ReselectionInTransfer, CarriesDownlinkFramesOverIfTheSgsnReroutes)
{
    Move(true);
    EXPECT_TRUE(m_up[0]->IsInOrder());
    EXPECT_TRUE(m_down[0]->IsInOrder());
    EXPECT_EQ(m_up[0]->GetArrivals().size(), m_up[0]->GetSent());
    EXPECT_EQ(m_down[0]->GetArrivals().size(), m_down[0]->GetSent());
    EXPECT_EQ(SumOverCells("llc_downlink_octets_lost_cell_change"), 0);
    EXPECT_GT(SumOverCells("llc_downlink_octets_lost_rerouted"), TIMES * 4.0 / 0.07 * 200 / 2);
}

// octets in = out + lost by cause + inside, and nothing is left inside
TEST_F(ReselectionInTransfer, KeepsTheLedgerOfEachCell)
{
    for (const bool reroute : {false, true})
    {
        Move(reroute);
        for (const std::string cell : {"cell-0", "cell-1"})
        {
            for (const std::string way : {"llc_uplink", "llc_downlink"})
            {
                double lost = 0;
                for (const char* cause : {"rerouted", "cell_change"})
                {
                    lost += GetCounter(cell, way + "_octets_lost_" + cause);
                }
                EXPECT_EQ(GetCounter(cell, way + "_octets_inside"), 0);
                EXPECT_EQ(GetCounter(cell, way + "_octets_in"),
                          GetCounter(cell, way + "_octets_out") + lost);
            }
        }
        // what the cells have taken and given, as the SGSN has counted it on Gb
        EXPECT_EQ(GetCounter("sgsn", "gb_downlink_octets_out"),
                  SumOverCells("llc_downlink_octets_in") -
                      SumOverCells("llc_downlink_octets_lost_rerouted"));
        EXPECT_EQ(GetCounter("sgsn", "gb_uplink_octets_in"), SumOverCells("llc_uplink_octets_out"));
        for (const std::string way : {"uplink", "downlink"})
        {
            EXPECT_EQ(GetCounter("sgsn", way + "_octets_inside"), 0);
            EXPECT_EQ(GetCounter("sgsn", way + "_octets_in"),
                      GetCounter("sgsn", way + "_octets_out"));
        }
        m_up.clear();
        m_down.clear();
        m_phones.clear();
        m_reselection->Dispose();
        Simulator::Destroy();
        m_network->Dispose();
    }
}

// TS 24.008 4.7.5.1: a new routing area is told; the context and its address stay
TEST_F(ReselectionInTransfer, UpdatesTheRoutingAreaAndKeepsTheAddress)
{
    Move(false);
    EXPECT_EQ(GetCounter("sgsn", "routing_area_updates"), TIMES);
    EXPECT_EQ(GetCounter("sgsn", "cell_changes"), TIMES);
    EXPECT_EQ(GetCounter("sgsn", "attaches"), 1);
    EXPECT_EQ(GetCounter("sgsn", "pdp_activations"), 1);
    EXPECT_TRUE(GetStation(0)->IsUp());
    EXPECT_EQ(GetStation(0)->GetAddress(), m_address);
    EXPECT_EQ(GetCounter("msc", "location_updatings"), TIMES);
}

// TS 43.064 6.2: a READY station tells its new cell by a frame, one in STANDBY does not
TEST_F(CellReselectionTest, UpdatesTheCellOnlyWhenReady)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::CellsPerRoutingArea", UintegerValue(3));
    Build(3, 1);
    Drive();
    BringAllUp();
    EXPECT_TRUE(m_reselection->Reselect(m_phones[0], 1));
    RunFor(100);
    EXPECT_EQ(GetCounter("sgsn", "cell_changes"), 1);
    EXPECT_TRUE(m_reselection->Reselect(m_phones[0], 2));
    RunFor(20);
    EXPECT_EQ(GetCounter("sgsn", "cell_changes"), 1);
    EXPECT_EQ(GetCounter("sgsn", "routing_area_updates"), 0);
    EXPECT_EQ(GetCounter("msc", "location_updatings"), 0);
    // it is paged in all cells of its routing area, and answers in the one where it is
    m_down[0]->Start(GetStation(0)->GetAddress(), Hours(1), 10);
    RunFor(5);
    EXPECT_EQ(m_down[0]->GetArrivals().size(), 1U);
    EXPECT_EQ(GetCounter("sgsn", "pages"), 1);
    EXPECT_EQ(SumOverCells("packet_pages"), 3);
    EXPECT_EQ(GetCounter("sgsn", "cell_changes"), 2);
}

// the network has not heard it in the other cell: what waits for it in the first one goes on
TEST_F(CellReselectionTest, LosesNothingWhenItIsBackAtOnce)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::CellsPerRoutingArea", UintegerValue(2));
    Config::SetDefault("ns3::p2pim::CellReselection::ReadingTime",
                       StringValue("ns3::ConstantRandomVariable[Constant=0.05]"));
    Build(2, 1);
    Drive();
    BringAllUp();
    m_down[0]->Start(GetStation(0)->GetAddress(), MilliSeconds(70), 200);
    RunFor(10);
    EXPECT_TRUE(m_reselection->Reselect(m_phones[0], 1));
    RunFor(0.06);
    EXPECT_TRUE(m_reselection->Reselect(m_phones[0], 0));
    RunFor(5);
    m_down[0]->Stop();
    RunFor(10);
    EXPECT_EQ(m_down[0]->GetArrivals().size(), m_down[0]->GetSent());
    EXPECT_TRUE(m_down[0]->IsInOrder());
}

// TS 24.008 4.7.3.1.5: a change of area begins an attach again; 4.7.5.1.5: likewise an update
TEST(GmmStationInANewCell, BeginsTheProcedureAgain)
{
    const GmmStationSettings settings;
    GmmStation gmm(settings);
    RoutingAreaId area;
    gmm.Attach(Seconds(0), area);
    EXPECT_EQ(gmm.TakeMessages().size(), 1U);
    gmm.EnterCell(Seconds(1), area, 0);
    EXPECT_TRUE(gmm.TakeMessages().empty()); // the same area: T3310 runs on
    area.lac = 2;
    gmm.EnterCell(Seconds(5), area, 0);
    EXPECT_EQ(gmm.TakeMessages().size(), 1U);
    EXPECT_EQ(gmm.GetDeadline(), Seconds(5) + settings.t3310);
    AttachAccept accept;
    accept.SetRoutingAreaId(area);
    gmm.Receive(Seconds(6), accept);
    ASSERT_TRUE(gmm.IsRegistered());
    gmm.TakeMessages();
    area.lac = 3;
    gmm.EnterCell(Seconds(10), area, 0);
    area.lac = 4;
    gmm.EnterCell(Seconds(12), area, 0);
    EXPECT_EQ(gmm.TakeMessages().size(), 2U);
    EXPECT_EQ(gmm.GetDeadline(), Seconds(12) + settings.t3330);
}

// circuit paging goes to all cells of the location area too (TS 23.012)
TEST_F(CellReselectionTest, GetsAShortMessageInAnotherCellOfItsLocationArea)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::CellsPerRoutingArea", UintegerValue(2));
    Build(2, 2);
    Drive();
    EXPECT_TRUE(m_reselection->Reselect(m_phones[1], 0));
    RunFor(10);
    std::size_t received = 0;
    GetGsm(1)->Listen(9000,
                      Callback<void, const std::string&, const std::vector<uint8_t>&>(
                          [&](const std::string&, const std::vector<uint8_t>&) { ++received; }));
    bool accepted = false;
    GetGsm(0)->Submit(CellularNetwork::GetMsisdn(m_phones[1]),
                      9000,
                      9000,
                      {1, 2, 3},
                      Callback<void, bool, const std::string&>(
                          [&](bool ok, const std::string&) { accepted = ok; }));
    RunFor(60);
    EXPECT_TRUE(accepted);
    EXPECT_EQ(received, 1U);
    EXPECT_EQ(GetCounter("msc", "location_updatings"), 0);
}

TEST_F(CellReselectionTest, StaysDuringACall)
{
    Build(2, 1);
    Drive();
    ASSERT_TRUE(GetGsm(0)->StartCall());
    RunFor(10);
    EXPECT_FALSE(m_reselection->Reselect(m_phones[0], 1));
    GetGsm(0)->EndCall();
    RunFor(10);
    EXPECT_TRUE(m_reselection->Reselect(m_phones[0], 1));
    EXPECT_FALSE(m_reselection->Reselect(m_phones[0], 0)); // not before it has entered
    RunFor(10);
    EXPECT_EQ(GetStation(0)->GetCell(), m_network->GetGprsCells()[1]);
    EXPECT_EQ(GetGsm(0)->GetCell(), m_network->GetGsmCells()[1]);
}

// a Poisson process: in T / mean reselections the standard deviation is the root of that
TEST_F(CellReselectionTest, FollowsTheProcess)
{
    Config::SetDefault("ns3::p2pim::CellReselection::MeanInterval", TimeValue(Minutes(10)));
    Build(4, 50);
    Drive();
    RunFor(36000);
    const double expected = 50 * 60;
    EXPECT_NEAR(GetCounter("msc", "location_updatings"), expected, 4 * std::sqrt(expected));
}

TEST_F(CellReselectionTest, HasNoEventByDefault)
{
    Build(4, 10);
    Drive();
    RunFor(1);
    const auto before = Simulator::GetEventCount();
    RunFor(36000);
    EXPECT_LE(Simulator::GetEventCount() - before, 1U); // Stop() itself
}

namespace
{

/// A road between two cells, 4 km long.
class ReselectionOnTheRoad : public MovingPhones
{
  protected:
    static constexpr double SPEED = 20; ///< m/s

    void BuildRoad()
    {
        Config::SetDefault("ns3::p2pim::GsmCell::RadioConditions",
                           StringValue("ns3::p2pim::PropagationRadioConditions"));
        Config::SetDefault("ns3::p2pim::PropagationRadioConditions::ShadowingDeviation",
                           DoubleValue(0));
        Build(2, 1);
        m_network->GetGsmCells()[1]->SetAttribute("Position", VectorValue(Vector(4000, 0, 30)));
        m_mobility = CreateObject<ConstantVelocityMobilityModel>();
        m_mobility->SetPosition(Vector(1000, 0, 0));
        m_phones[0]->AggregateObject(m_mobility);
        Drive();
    }

    /// The phone drives off. @return where it reselects, m.
    double DriveOff()
    {
        m_mobility->SetVelocity(Vector(SPEED, 0, 0));
        while (GetStation(0)->GetCell() == m_network->GetGprsCells()[0] &&
               m_mobility->GetPosition().x < 4000)
        {
            RunFor(0.1);
        }
        return m_mobility->GetPosition().x;
    }

    Ptr<ConstantVelocityMobilityModel> m_mobility;
};

} // namespace

// equal levels at 2000 m; better for 5 s (TS 45.008 6.6.2), seen once a second
TEST_F(ReselectionOnTheRoad, ReselectsWhenTheOtherCellHasBeenBetter)
{
    Config::SetDefault("ns3::p2pim::CellReselection::Hysteresis", DoubleValue(0));
    BuildRoad();
    const double place = DriveOff();
    EXPECT_GE(place, 2000 + 5 * SPEED);
    EXPECT_LE(place, 2000 + 6.2 * SPEED);
}

TEST_F(ReselectionOnTheRoad, ReselectsLaterWithAHysteresis)
{
    Config::SetDefault("ns3::p2pim::CellReselection::Hysteresis", DoubleValue(6));
    BuildRoad();
    // by Hata the levels differ by 35.2 * lg(x / (4000 - x)) dB
    const double better = 4000 / (1 + std::pow(10, -6 / 35.2));
    const double place = DriveOff();
    EXPECT_GE(place, better + 5 * SPEED);
    EXPECT_LE(place, better + 6.2 * SPEED);
}

TEST_F(ReselectionOnTheRoad, HasNoEventUnlessItMoves)
{
    BuildRoad();
    RunFor(100);
    auto before = Simulator::GetEventCount();
    RunFor(3600);
    EXPECT_LE(Simulator::GetEventCount() - before, 1U);
    m_mobility->SetVelocity(Vector(1, 0, 0));
    before = Simulator::GetEventCount();
    RunFor(100);
    EXPECT_NEAR(Simulator::GetEventCount() - before, 100, 2); // one a MeasurementPeriod
    m_mobility->SetVelocity(Vector(0, 0, 0));
    RunFor(10);
    before = Simulator::GetEventCount();
    RunFor(3600);
    EXPECT_LE(Simulator::GetEventCount() - before, 1U);
}

namespace
{

/// A hundred phones in transfer that go from cell to cell, in and out of coverage, off and on.
class ReselectionSoak : public MovingPhones, public testing::WithParamInterface<bool>
{
  protected:
    static constexpr std::size_t PHONES = 100;

    void Ping(std::size_t phone)
    {
        m_up[phone]->Start(m_network->GetServerAddress(), Seconds(5), 100);
        m_down[phone]->Start(GetStation(phone)->GetAddress(), Seconds(7), 100);
    }

    void BringUpAgain()
    {
        for (std::size_t n = 0; n < PHONES; ++n)
        {
            if (!GetStation(n)->IsUp() && GetGsm(n)->IsReachable())
            {
                BringUp(n);
            }
        }
        Simulator::Schedule(Seconds(10), [this]() { BringUpAgain(); });
    }
};

} // namespace

TEST_P(ReselectionSoak, EveryPhoneWorksAtTheEnd)
{
    Config::SetDefault("ns3::p2pim::Sgsn::Reroute", BooleanValue(GetParam()));
    Config::SetDefault("ns3::p2pim::CellReselection::Nacc", BooleanValue(GetParam()));
    Config::SetDefault("ns3::p2pim::CellularNetwork::CellsPerRoutingArea", UintegerValue(2));
    Config::SetDefault("ns3::p2pim::CellReselection::MeanInterval", TimeValue(Seconds(200)));
    Config::SetDefault("ns3::p2pim::GprsCell::DelaySpikeInterval", TimeValue(Seconds(100)));
    Config::SetDefault("ns3::p2pim::PhoneAvailability::UnreachableShare", DoubleValue(0.2));
    Config::SetDefault("ns3::p2pim::PhoneAvailability::MeanUnreachableTime",
                       TimeValue(Seconds(40)));
    Build(8, PHONES);
    for (std::size_t n = 0; n < PHONES; ++n)
    {
        Simulator::Schedule(Seconds(0.5 * static_cast<double>(n)), [this, n]() { BringUp(n); });
    }
    RunFor(200);
    for (std::size_t n = 0; n < PHONES; ++n)
    {
        ASSERT_TRUE(GetStation(n)->IsUp());
        AddStreams(n);
        Ping(n);
    }
    auto availability = CreateObject<PhoneAvailability>();
    for (std::size_t n = 0; n < PHONES; ++n)
    {
        availability->Drive(GetGsm(n), 2'000'000 + static_cast<int64_t>(n));
    }
    Drive();
    BringUpAgain();
    RunFor(800);
    m_reselection->Stop();
    availability->Stop();
    for (std::size_t n = 0; n < PHONES; ++n)
    {
        GetGsm(n)->SetCovered(true);
        GetGsm(n)->SetPoweredOn(true);
        m_up[n]->Stop();
        m_down[n]->Stop();
    }
    RunFor(300);
    EXPECT_GT(m_reselection->GetCounters().front().second, 200);
    for (std::size_t n = 0; n < PHONES; ++n)
    {
        ASSERT_TRUE(GetStation(n)->IsUp()) << n;
        EXPECT_TRUE(m_network->GetSgsn()->IsRegistered(GetStation(n)->GetImsi()));
        EXPECT_TRUE(m_up[n]->IsInOrder()) << n;
        EXPECT_TRUE(m_down[n]->IsInOrder()) << n;
        Ping(n);
        m_up[n]->Stop();
        m_down[n]->Stop();
    }
    RunFor(60);
    for (std::size_t n = 0; n < PHONES; ++n)
    {
        EXPECT_EQ(m_up[n]->GetArrivals().back().number, m_up[n]->GetSent() - 1) << n;
        EXPECT_EQ(m_down[n]->GetArrivals().back().number, m_down[n]->GetSent() - 1) << n;
    }
    EXPECT_EQ(SumOverCells("llc_uplink_octets_inside"), 0);
    EXPECT_EQ(SumOverCells("llc_downlink_octets_inside"), 0);
    availability->Dispose();
}

INSTANTIATE_TEST_SUITE_P(WithoutAndWithReroute, ReselectionSoak, testing::Bool());
