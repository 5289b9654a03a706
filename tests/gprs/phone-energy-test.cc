// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/boolean.h"
#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/phone-energy.h"
#include "ns3/rlc-transfer.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A network of one cell whose phones are metered, unless it says otherwise.
class PhoneEnergyTest : public testing::Test
{
  protected:
    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
        Config::SetDefault("ns3::p2pim::CellularNetwork::Energy", BooleanValue(true));
    }

    void TearDown() override
    {
        m_phones.clear();
        Simulator::Destroy();
        if (m_network)
        {
            m_network->Dispose();
        }
        Config::Reset();
    }

    void Build(uint32_t phones)
    {
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_network->AssignStreams(100);
        for (uint32_t n = 0; n < phones; ++n)
        {
            m_phones.push_back(m_network->AddPhone(0));
        }
    }

    void RunUntil(Time time)
    {
        Simulator::Stop(time - Simulator::Now());
        Simulator::Run();
    }

    void BringUp(uint32_t phone)
    {
        m_phones[phone]->GetObject<GprsMobileStation>()->BringUp(
            MakeCallback(+[]() {}),
            Callback<void, bool, const std::string&>(
                [](bool up, const std::string& cause) { EXPECT_TRUE(up) << cause; }));
    }

    /// Carries a signalling frame of @p octets to a phone.
    void SendDown(uint32_t phone, uint32_t octets)
    {
        m_network->GetGprsCells()[0]->SendDownlink(m_phones[phone]->GetObject<GprsMobileStation>(),
                                                   {Create<Packet>(octets)});
    }

    void SendUp(uint32_t phone, uint32_t octets)
    {
        m_network->GetGprsCells()[0]->SendUplink(m_phones[phone]->GetObject<GprsMobileStation>(),
                                                 {Create<Packet>(octets)});
    }

    Ptr<PhoneEnergy> GetPhone(uint32_t phone) const
    {
        return m_phones[phone]->GetObject<PhoneEnergy>();
    }

    double GetCounter(const std::string& element, const std::string& name) const
    {
        for (const auto& [itsElement, counters] : m_network->GetCounters())
        {
            if (itsElement == element)
            {
                return SmsNetwork::Get(counters, name);
            }
        }
        return -1;
    }

    /// Times of the phones add up to the run, joules by state to those by purpose.
    void ExpectConservation() const
    {
        for (const auto& node : m_phones)
        {
            const auto phone = node->GetObject<PhoneEnergy>();
            Time sum;
            for (std::size_t state = 0; state < RADIO_STATES; ++state)
            {
                sum += phone->GetTime(static_cast<RadioState>(state));
            }
            EXPECT_EQ(sum, Simulator::Now());
            const EnergyTable energy = phone->GetEnergy();
            double purposes = 0;
            for (std::size_t purpose = 0; purpose < ENERGY_PURPOSES; ++purpose)
            {
                const double joules = energy.Get(static_cast<EnergyPurpose>(purpose));
                EXPECT_GE(joules, 0);
                purposes += joules;
            }
            EXPECT_NEAR(purposes, energy.GetTotal(), 1e-9 * purposes);
        }
    }

    Ptr<CellularNetwork> m_network;
    std::vector<Ptr<Node>> m_phones;
    const RadioPowers m_powers = CreateObject<RadioPowerProfile>()->GetPowers();
};

} // namespace

TEST_F(PhoneEnergyTest, IdlePhoneTakesItsPowerAndNoEvent)
{
    Build(3);
    RunUntil(Seconds(1)); // the start of the network
    const uint64_t before = Simulator::GetEventCount();
    RunUntil(Hours(1));
    EXPECT_LE(Simulator::GetEventCount() - before, 1U); // that of the test, which stops the run
    // BS_PA_MFRMS 5: a paging block in 5 x 51 frames of 120/26 ms
    const double watts = m_powers.sleep + m_powers.pagingBlock / (5 * 51 * 0.120 / 26);
    EXPECT_NEAR(GetPhone(0)->GetEnergy().GetTotal(), 3600 * watts, 1e-4);
    EXPECT_NEAR(GetCounter("energy", "total_j"), 3 * 3600 * watts, 1e-3);
    EXPECT_NEAR(GetCounter("energy", "mean_j"), 3600 * watts, 1e-3);
    EXPECT_NEAR(GetCounter("energy", "purpose_idle_j"), 3 * 3600 * watts, 1e-3);
    EXPECT_EQ(GetCounter("energy", "time_idle_s"), 3 * 3600);
    ExpectConservation();
}

TEST_F(PhoneEnergyTest, PagingCycleOfTheCellCounts)
{
    Config::SetDefault("ns3::p2pim::CommonControlChannel::BsPaMfrms", UintegerValue(9));
    Build(1);
    RunUntil(Hours(1));
    const double watts = m_powers.sleep + m_powers.pagingBlock / (9 * 51 * 0.120 / 26);
    EXPECT_NEAR(GetPhone(0)->GetEnergy().GetTotal(), 3600 * watts, 1e-4);
}

TEST_F(PhoneEnergyTest, OffByDefaultAndWithoutInfluence)
{
    std::vector<std::pair<std::string, CounterList>> counters[2];
    uint64_t events[2];
    for (const bool metered : {false, true})
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Energy", BooleanValue(metered));
        Config::SetDefault("ns3::p2pim::GprsCell::BlockErrorRate", DoubleValue(0.1));
        Build(2);
        EXPECT_EQ(GetPhone(0) != nullptr, metered);
        BringUp(0);
        RunUntil(Seconds(20));
        SendDown(0, 9000);
        SendUp(1, 3000);
        RunUntil(Seconds(60));
        events[metered ? 1 : 0] = Simulator::GetEventCount();
        for (auto& each : m_network->GetCounters())
        {
            if (each.first != "energy")
            {
                counters[metered ? 1 : 0].push_back(std::move(each));
            }
            else
            {
                EXPECT_TRUE(metered);
            }
        }
        TearDown();
        SetUp();
    }
    EXPECT_EQ(counters[0], counters[1]);
    EXPECT_EQ(events[0], events[1]);
}

// 9000 octets are 300 blocks of CS-2; class 8 hears four slots. Defaults: the TBF is kept for 2 s
// with a poll in 200 ms, T3192 is 500 ms, the phone is out of DRX for 4 s after its last block
TEST_F(PhoneEnergyTest, DownlinkTransferTakesItsBlocksAndItsTail)
{
    Build(1);
    RunUntil(Seconds(10));
    SendDown(0, 9000);
    RunUntil(Seconds(60));
    ASSERT_EQ(GetCounter("cell-0", "downlink_blocks"), 300);
    const double acks = GetCounter("cell-0", "downlink_acks");
    ASSERT_GT(acks, 300 / 16.0);
    const auto phone = GetPhone(0);
    const EnergyTable energy = phone->GetEnergy();
    EXPECT_NEAR(energy.Get(EnergyItem::RECEIVED_BLOCKS), 300 * m_powers.GetReceivedBlock(), 1e-9);
    EXPECT_NEAR(energy.Get(EnergyItem::SENT_BLOCKS),
                (acks + (phone->GetTime(RadioState::TBF_OPEN).GetSeconds() - 0.5) / 0.2) *
                    m_powers.GetSentBlock(),
                1e-9);
    const double transfer = phone->GetTime(RadioState::TRANSFER).GetSeconds();
    EXPECT_GT(transfer, 300 / 4.0 * 0.020);
    EXPECT_LT(transfer, 300 / 4.0 * 0.020 + 0.3);
    EXPECT_NEAR(energy.Get(RadioState::TRANSFER) + energy.Get(EnergyItem::RECEIVED_BLOCKS),
                transfer * (m_powers.active + 4 * m_powers.receiveSlot),
                1e-9);
    // the last acknowledgement comes three blocks after the last block of data, from which the
    // times count
    EXPECT_NEAR(phone->GetTime(RadioState::TBF_OPEN).GetSeconds(), 2.5, 0.07);
    EXPECT_NEAR(phone->GetTime(RadioState::NON_DRX).GetSeconds(), 1.5, 1e-9);
    EXPECT_EQ(phone->GetTime(RadioState::ACCESS), MilliSeconds(60)); // the TBF starting time
    EXPECT_NEAR(energy.Get(EnergyPurpose::SIGNALLING),
                energy.GetTotal() - energy.Get(EnergyPurpose::IDLE),
                1e-9);
    ExpectConservation();
}

TEST_F(PhoneEnergyTest, UplinkTransferTakesItsAccessAndItsBlocks)
{
    Build(1);
    RunUntil(Seconds(10));
    SendUp(0, 6000);
    RunUntil(Seconds(60));
    const EnergyTable energy = GetPhone(0)->GetEnergy();
    ASSERT_EQ(GetCounter("cell-0", "uplink_blocks"), 200);
    EXPECT_NEAR(energy.Get(EnergyItem::SENT_BLOCKS), 200 * m_powers.GetSentBlock(), 1e-9);
    EXPECT_NEAR(energy.Get(EnergyItem::RECEIVED_BLOCKS),
                GetCounter("cell-0", "uplink_acks") * m_powers.GetReceivedBlock(),
                1e-9);
    ASSERT_GE(GetCounter("cell-0", "rach_requests"), 1);
    EXPECT_NEAR(energy.Get(EnergyItem::ACCESS_BURSTS),
                GetCounter("cell-0", "rach_requests") * m_powers.GetAccessBurst(),
                1e-12);
    EXPECT_GE(GetPhone(0)->GetTime(RadioState::ACCESS), MilliSeconds(130)); // PCU and reaction
    ExpectConservation();
}

TEST_F(PhoneEnergyTest, AttachIsSignallingAndPacketsAreData)
{
    Build(1);
    BringUp(0);
    RunUntil(Seconds(30));
    const double signalling = GetPhone(0)->GetEnergy().Get(EnergyPurpose::SIGNALLING);
    EXPECT_GT(signalling, 0.5);
    EXPECT_EQ(GetPhone(0)->GetEnergy().Get(EnergyPurpose::DATA), 0);
    const auto station = m_phones[0]->GetObject<GprsMobileStation>();
    m_network->GetGprsCells()[0]->SendDownlink(station, {Create<Packet>(1000), false});
    RunUntil(Seconds(60));
    EXPECT_GT(GetPhone(0)->GetEnergy().Get(EnergyPurpose::DATA), 0.5);
    EXPECT_NEAR(GetPhone(0)->GetEnergy().Get(EnergyPurpose::SIGNALLING), signalling, 1e-9);
    ExpectConservation();
}

TEST_F(PhoneEnergyTest, ShortMessageTakesAccessAndSdcch)
{
    Build(2);
    const auto send = [this] {
        m_phones[0]->GetObject<GsmMobileStation>()->Submit(
            CellularNetwork::GetMsisdn(m_phones[1]),
            9000,
            9000,
            std::vector<uint8_t>(60, 'x'),
            Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    };
    RunUntil(Seconds(10));
    send();
    RunUntil(Seconds(60));
    for (uint32_t n = 0; n < 2; ++n)
    {
        const auto phone = GetPhone(n);
        const EnergyTable energy = phone->GetEnergy();
        const double dedicated = phone->GetTime(RadioState::DEDICATED).GetSeconds();
        EXPECT_GT(dedicated, 2); // calibration target C4: 3 to 5 s with the release
        EXPECT_LT(dedicated, 5);
        const double slots = m_powers.receiveSlot + m_powers.GetTransmitSlot();
        EXPECT_NEAR(energy.Get(RadioState::DEDICATED),
                    dedicated * (m_powers.active + 6 / 51.0 * slots),
                    1e-9);
        EXPECT_GT(phone->GetTime(RadioState::ACCESS), MilliSeconds(50));
        EXPECT_GT(energy.Get(EnergyItem::ACCESS_BURSTS), 0);
        EXPECT_NEAR(energy.Get(EnergyPurpose::SIGNALLING),
                    energy.GetTotal() - energy.Get(RadioState::IDLE),
                    1e-9);
    }
    ExpectConservation();
}

TEST_F(PhoneEnergyTest, CallPowerOffAndNoCoverageAreTimed)
{
    Build(1);
    const auto gsm = m_phones[0]->GetObject<GsmMobileStation>();
    RunUntil(Seconds(10));
    ASSERT_TRUE(gsm->StartCall());
    RunUntil(Seconds(70));
    gsm->EndCall();
    RunUntil(Seconds(100));
    gsm->SetCovered(false);
    RunUntil(Seconds(120));
    gsm->SetCovered(true);
    RunUntil(Seconds(140));
    gsm->SetPoweredOn(false);
    RunUntil(Seconds(180));
    const auto phone = GetPhone(0);
    // the release of the channel and the IMSI DETACH INDICATION are of the phone's own doing
    EXPECT_GE(phone->GetTime(RadioState::CALL), Seconds(60));
    EXPECT_LT(phone->GetTime(RadioState::CALL), Seconds(63));
    EXPECT_EQ(phone->GetTime(RadioState::NO_SERVICE), Seconds(20));
    EXPECT_LE(phone->GetTime(RadioState::OFF), Seconds(40));
    EXPECT_GT(phone->GetTime(RadioState::OFF), Seconds(35));
    EXPECT_GT(phone->GetEnergy().Get(EnergyPurpose::VOICE), 60 * 0.7);
    ExpectConservation();
}

// many things at a time, with losses: whatever happens, time and joules are conserved
TEST_F(PhoneEnergyTest, TimeAndJoulesAreConserved)
{
    Config::SetDefault("ns3::p2pim::GprsCell::BlockErrorRate", DoubleValue(0.3));
    Build(6);
    const auto cell = m_network->GetGprsCells()[0];
    for (uint32_t n = 0; n < 6; ++n)
    {
        const auto gsm = m_phones[n]->GetObject<GsmMobileStation>();
        const auto gprs = m_phones[n]->GetObject<GprsMobileStation>();
        Simulator::Schedule(Seconds(1 + n), [this, n] { SendUp(n, 5000); });
        Simulator::Schedule(Seconds(2 + n), [this, n] { SendDown(n, 9000); });
        Simulator::Schedule(Seconds(3 + n), [gsm] { gsm->StartCall(); });
        Simulator::Schedule(Seconds(5 + 2 * n),
                            [cell, gprs] { cell->Discard(*gprs, LossCause::CELL_CHANGE); });
        Simulator::Schedule(Seconds(8 + n), [gsm] { gsm->SetCovered(false); });
        Simulator::Schedule(Seconds(20 + n), [gsm] { gsm->SetCovered(true); });
        Simulator::Schedule(Seconds(21 + n), [this, n] { SendUp(n, 500); });
        Simulator::Schedule(Seconds(24 + n), [gsm] { gsm->SetPoweredOn(false); });
    }
    for (int second = 1; second < 60; ++second)
    {
        RunUntil(MilliSeconds(1003 * second));
        ExpectConservation();
    }
}
