// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-world.h"

#include "ns3/boolean.h"
#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/gprs-coding-scheme.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/inet-socket-address.h"
#include "ns3/lean-stack-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using GprsNetwork = GprsWorld;

double
Mean(const std::vector<double>& values)
{
    double sum = 0;
    for (const auto value : values)
    {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

/// What a PDU whose LLC frame has @p octets takes from its arrival at the cell on.
Time
TimeDownlink(Ptr<CellularNetwork> network, Ptr<GprsMobileStation> station, uint32_t octets)
{
    const auto start = Simulator::Now();
    network->GetGprsCells()[0]->SendDownlink(station, {Create<Packet>(octets)});
    Simulator::Run();
    return Simulator::Now() - start;
}

} // namespace

// calibration target C6, from TS 44.060 table 10.2.1: 8, 12, 14.4, 20 kbit/s of RLC data
TEST_F(GprsNetwork, CarriesTheRlcRateOfEachCodingScheme)
{
    constexpr double rates[]{8000, 12000, 14400, 20000};
    for (uint8_t scheme = 1; scheme <= 4; ++scheme)
    {
        Config::SetDefault("ns3::p2pim::GprsCell::CodingScheme", EnumValue(scheme - 1));
        Config::SetDefault("ns3::p2pim::GprsMobileStation::MultislotClass", StringValue("1"));
        Build(1);
        // 9000 octets are a whole number of blocks in every coding scheme
        constexpr uint32_t octets = 9000;
        BringUp(0);
        Simulator::Run();
        const auto blocksBefore = GetCounter("cell-0", "downlink_blocks");
        TimeDownlink(m_network, m_stations[0], octets);
        const auto blocks = GetCounter("cell-0", "downlink_blocks") - blocksBefore;
        EXPECT_EQ(octets * 8 / (blocks * RADIO_BLOCK_NS / 1e9), rates[scheme - 1]);
        TearDown();
        m_outcomes.clear();
        SetUp();
    }
}

TEST_F(GprsNetwork, SharesAPdchEquallyBetweenTwoStations)
{
    Config::SetDefault("ns3::p2pim::GprsCell::Pdchs", UintegerValue(1));
    Build(2);
    const auto cell = m_network->GetGprsCells()[0];
    for (const auto& station : m_stations)
    {
        BringUp(station == m_stations[0] ? 0 : 1);
    }
    Simulator::Run();
    constexpr uint32_t octets = 9000;
    const auto blocks = octets / GetRlcDataOctets(GprsCodingScheme::CS_2);
    const auto start = Simulator::Now();
    for (const auto& station : m_stations)
    {
        cell->SendDownlink(station, {Create<Packet>(octets)});
    }
    Simulator::Run();
    const auto took = Simulator::Now() - start;
    // both need every block of their own, and the assignments overlap
    EXPECT_GE(took, NanoSeconds(2 * blocks * RADIO_BLOCK_NS));
    EXPECT_LT(took, NanoSeconds(2 * blocks * RADIO_BLOCK_NS) + Seconds(2));
}

// with a block error rate p each block is sent 1 / (1 - p) times on average
TEST_F(GprsNetwork, SendsErroredBlocksAgain)
{
    Config::SetDefault("ns3::p2pim::GprsCell::BlockErrorRate", DoubleValue(0.2));
    Build(1);
    BringUp(0);
    Simulator::Run();
    ASSERT_TRUE(m_outcomes[0].up);
    const auto before = GetCounter("cell-0", "downlink_blocks");
    constexpr uint32_t octets = 60000;
    TimeDownlink(m_network, m_stations[0], octets);
    const auto sent = GetCounter("cell-0", "downlink_blocks") - before;
    const double needed = octets / 30.0;
    // the standard deviation of the mean is sqrt(p) / (1 - p) / sqrt(needed): 0.0125
    EXPECT_NEAR(sent / needed, 1 / 0.8, 4 * 0.0125);
}

// calibration target C7: warm small-packet round trip 0.6 to 1.0 s, cold at least 1.0 s
TEST_F(GprsNetwork, WarmRoundTripOfASmallPacketIsThatOfALiveNetwork)
{
    Build(1);
    BringUp(0);
    Simulator::Run();
    ASSERT_TRUE(m_outcomes[0].up);
    Pinger pinger(m_network, m_stations[0], 32);
    for (uint32_t n = 0; n < 300; ++n)
    {
        // spread over the multiframe; no TBF is open any more, the station is READY
        Simulator::Schedule(Seconds(1) + MilliSeconds(10037) * n, &Pinger::Send, &pinger);
    }
    Simulator::Run();
    ASSERT_EQ(pinger.GetRoundTrips().size(), 300U);
    RecordProperty("mean_ms", static_cast<int>(Mean(pinger.GetRoundTrips()) * 1000));
    EXPECT_GE(Mean(pinger.GetRoundTrips()), 0.6);
    EXPECT_LE(Mean(pinger.GetRoundTrips()), 1.0);
}

TEST_F(GprsNetwork, AttachAndActivationTakeTheStepsOfTs24008)
{
    Build(1);
    BringUp(0);
    Simulator::Run();
    EXPECT_TRUE(m_outcomes[0].up) << m_outcomes[0].cause;
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.2"));
    // two round trips and the HLR's time for attach, one round trip for the context
    EXPECT_GT(m_outcomes[0].attached, Seconds(1));
    EXPECT_LT(m_outcomes[0].attached, Seconds(4));
    EXPECT_GT(m_outcomes[0].done - m_outcomes[0].attached, MilliSeconds(500));
    EXPECT_LT(m_outcomes[0].done - m_outcomes[0].attached, Seconds(2));
    EXPECT_EQ(GetCounter("sgsn", "attaches"), 1);
    EXPECT_EQ(GetCounter("ggsn", "pdp_contexts_created"), 1);
}

TEST_F(GprsNetwork, ABearerThatIsUpAnswersAtOnce)
{
    Build(1);
    BringUp(0);
    Simulator::Run();
    const auto now = Simulator::Now();
    BringUp(0);
    EXPECT_EQ(m_outcomes[0].attached, now);
    EXPECT_EQ(m_outcomes[0].done, now);
    EXPECT_EQ(GetCounter("sgsn", "pdp_activations"), 1);
}

TEST_F(GprsNetwork, AnIdleAttachedPhoneHasNoEvent)
{
    Build(1);
    m_stations[0]->Attach();
    Simulator::Run(); // comes back: nothing is pending
    EXPECT_LT(Simulator::Now(), Minutes(1));
    EXPECT_EQ(m_stations[0]->GetState(), GprsMobileStation::State::ATTACHED);
    EXPECT_TRUE(Simulator::IsFinished());
}

// TS 24.008 4.7.3.1.5: T3310 (15 s) expires five times
TEST_F(GprsNetwork, AttachFailsAfterFiveTimesT3310)
{
    Build(1);
    m_network->GetSgsn()->SetInService(false);
    BringUp(0);
    RunFor(Seconds(80));
    EXPECT_FALSE(m_outcomes[0].up);
    EXPECT_EQ(m_outcomes[0].cause, "gprs attach timeout");
    EXPECT_EQ(m_outcomes[0].done, Seconds(5 * 15));
}

// TS 29.002 7.6.1: a subscriber that the HLR does not know is one of no service
TEST_F(GprsNetwork, AnUnknownSubscriberIsRejected)
{
    Build(1);
    m_stations[0]->SetIdentity(999'999'999'999'999, m_stations[0]->GetNodeId());
    BringUp(0);
    Simulator::Run();
    EXPECT_EQ(m_outcomes[0].cause, "gprs attach rejected, cause 8");
    EXPECT_EQ(GetCounter("sgsn", "attach_rejects"), 1);
}

TEST_F(GprsNetwork, APhoneWithoutARoomInThePoolIsRejected)
{
    Config::SetDefault("ns3::p2pim::Ggsn::AccessPoints", StringValue("internet=10.0.0.0/30"));
    Build(2);
    BringUp(0);
    Simulator::Run();
    EXPECT_TRUE(m_outcomes[0].up);
    BringUp(1);
    Simulator::Run();
    EXPECT_FALSE(m_outcomes[1].up);
    EXPECT_EQ(m_outcomes[1].cause, "pdp activation rejected, cause 26"); // insufficient resources
}

TEST_F(GprsNetwork, AnUnknownApnIsRejected)
{
    Config::SetDefault("ns3::p2pim::Ggsn::AccessPoints", StringValue("corporate=10.0.0.0/8"));
    Build(1);
    BringUp(0);
    Simulator::Run();
    EXPECT_EQ(m_outcomes[0].cause, "pdp activation rejected, cause 27");
}

TEST_F(GprsNetwork, AStationGetsTheApnThatItAsksFor)
{
    Config::SetDefault("ns3::p2pim::Ggsn::AccessPoints",
                       StringValue("corporate.example=10.0.0.0/8"));
    Config::SetDefault("ns3::p2pim::GprsMobileStation::Apn", StringValue("corporate.example"));
    Build(1);
    BringUp(0);
    Simulator::Run();
    EXPECT_TRUE(m_outcomes[0].up);
}

// TS 29.060 7.6: N3-REQUESTS (5) transmissions, T3-RESPONSE (5 s) apart
TEST_F(GprsNetwork, AGgsnThatIsTooSlowIsGivenUp)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::GnDelay", TimeValue(Seconds(20)));
    Build(1);
    BringUp(0);
    Simulator::Run();
    EXPECT_EQ(m_outcomes[0].cause, "pdp activation rejected, cause 38");
    // and the radio's share: one round trip of session management
    EXPECT_GE(m_outcomes[0].done - m_outcomes[0].attached, Seconds(25));
    EXPECT_LT(m_outcomes[0].done - m_outcomes[0].attached, Seconds(27));
}

// TS 23.060 6.1.2: after T3314 (44 s) a station is in STANDBY and has to be paged
TEST_F(GprsNetwork, AStationIsPagedOnlyWhenItIsNotReady)
{
    Build(1);
    BringUp(0);
    const auto runFor = [](Time time) {
        Simulator::Stop(time);
        Simulator::Run();
    };
    runFor(Seconds(10));
    ASSERT_TRUE(m_outcomes[0].up);
    auto sender = Socket::CreateSocket(m_network->GetServer(), UdpSocketFactory::GetTypeId());
    sender->Bind();
    // somebody listens there: no ICMP message goes back
    auto sink =
        Socket::CreateSocket(m_stations[0]->GetObject<Node>(), UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
    const InetSocketAddress target(m_stations[0]->GetAddress(), 9);
    const auto send = [&](Time wait) {
        runFor(wait);
        sender->SendTo(Create<Packet>(10), 0, target);
        runFor(Seconds(5));
        return GetCounter("sgsn", "pages");
    };
    EXPECT_EQ(send(Seconds(30)), 0);
    EXPECT_EQ(send(Seconds(30)), 1); // 70 s after its last uplink PDU: the downlink does not count
    EXPECT_EQ(send(Seconds(30)), 1); // it answered the page, so it is READY
    EXPECT_EQ(GetCounter("sgsn", "pages_unanswered"), 0);
}

// TS 44.060 9.3.1b: in extended mode the uplink TBF outlives its data
TEST_F(GprsNetwork, AnExtendedUplinkTbfSavesTheNextAccess)
{
    const auto countTbfs = [this](Time extended) {
        Config::SetDefault("ns3::p2pim::GprsCell::ExtendedUplinkTbf", TimeValue(extended));
        Build(1);
        BringUp(0);
        Simulator::Run();
        const auto before = GetCounter("cell-0", "uplink_tbfs");
        Pinger pinger(m_network, m_stations[0], 32);
        for (uint32_t n = 0; n < 10; ++n)
        {
            Simulator::Schedule(Seconds(1 + n), &Pinger::Send, &pinger);
        }
        Simulator::Run();
        EXPECT_EQ(pinger.GetRoundTrips().size(), 10U);
        const auto tbfs = GetCounter("cell-0", "uplink_tbfs") - before;
        TearDown();
        m_outcomes.clear();
        SetUp();
        return tbfs;
    };
    EXPECT_EQ(countTbfs(Seconds(0)), 10);
    EXPECT_EQ(countTbfs(Seconds(2)), 1);
}

// TS 44.060 7.1.3: the second phase is a request and an assignment more
TEST_F(GprsNetwork, TwoPhaseAccessTakesLonger)
{
    const auto attach = [this](bool twoPhases) {
        Config::SetDefault("ns3::p2pim::GprsCell::TwoPhaseAccess", BooleanValue(twoPhases));
        Build(1);
        BringUp(0);
        Simulator::Run();
        auto time = m_outcomes[0].attached;
        TearDown();
        m_outcomes.clear();
        SetUp();
        return time;
    };
    // once: later requests go by the open downlink TBF. Starting time, block, processing, block,
    // then the next AGCH block, which may be up to a multiframe of 235 ms away
    const auto extra = attach(true) - attach(false);
    EXPECT_GE(extra, MilliSeconds(170) - MilliSeconds(235));
    EXPECT_LE(extra, MilliSeconds(170) + MilliSeconds(235));
    EXPECT_NE(extra, Seconds(0));
}

// TS 44.060 10.4.1: a PDCH has seven USF values for uplink TBFs; who finds none tries again
// after T3142
TEST_F(GprsNetwork, TheEighthStationOnAPdchWaitsForT3142)
{
    Config::SetDefault("ns3::p2pim::GprsCell::Pdchs", UintegerValue(1));
    Build(8);
    const auto cell = m_network->GetGprsCells()[0];
    for (const auto& station : m_stations)
    {
        // 201 blocks of CS-2 each: seven stations are busy for 28 s, two waits of 20 s
        cell->SendUplink(station, {Create<Packet>(6006)});
    }
    Simulator::Run();
    EXPECT_EQ(GetCounter("cell-0", "access_rejects"), 2);
    EXPECT_EQ(GetCounter("cell-0", "uplink_tbfs"), 8);
    EXPECT_EQ(GetCounter("cell-0", "llc_uplink_octets_out"), 8 * 6006);
    EXPECT_GT(Simulator::Now(), Seconds(40));
}

// a block period of a PDCH has one block, whatever happens at its start
TEST_F(GprsNetwork, ASecondPduOfTheSameInstantTakesTheNextBlock)
{
    Build(1);
    BringUp(0);
    Simulator::Stop(Seconds(30));
    Simulator::Run();
    const auto cell = m_network->GetGprsCells()[0];
    const auto send = [&] { cell->SendDownlink(m_stations[0], {Create<Packet>(30)}); };
    const auto before = GetCounter("cell-0", "downlink_blocks");
    send(); // opens a TBF
    const auto block = GetRadioBlockAtOrAfter(Simulator::Now() + Seconds(1.6));
    Simulator::Stop(GetRadioBlockStart(block) - Simulator::Now());
    Simulator::Run();
    ASSERT_EQ(GetCounter("cell-0", "downlink_blocks") - before, 1);
    // at the start of a block period: the first PDU's block is chosen, then the second comes
    Simulator::Schedule(MilliSeconds(0), [&] {
        send();
        Simulator::ScheduleNow(send);
    });
    Simulator::Stop(MilliSeconds(10));
    Simulator::Run();
    EXPECT_EQ(GetCounter("cell-0", "downlink_blocks") - before, 2);
    Simulator::Stop(GetRadioBlockStart(block + 1) - Simulator::Now() + MilliSeconds(1));
    Simulator::Run();
    EXPECT_EQ(GetCounter("cell-0", "downlink_blocks") - before, 3);
}

// TS 24.008 4.7.7.5: a wrong signed response ends the attach
TEST_F(GprsNetwork, AStationWithTheWrongKeyIsRejected)
{
    Build(1);
    BringUp(0);
    const auto sgsn = m_network->GetSgsn();
    LogicalLink link(LlcSide::MS, {});
    link.Reset(0x78000001); // as the station's
    const auto say = [&](const GmmSmMessage& message) {
        for (const LlcPdu& frame : link.SendSignalling(Simulator::Now(), EncodeGmmSm(message)))
        {
            sgsn->ReceiveUplink(m_network->GetGprsCells()[0], m_stations[0], frame);
        }
    };
    say(AttachRequest{m_stations[0]->GetImsi()});
    say(AuthenticationAndCipheringResponse{0xDEADBEEF});
    Simulator::Run();
    EXPECT_EQ(m_outcomes[0].cause, "gprs attach rejected, cause 3"); // illegal MS
    EXPECT_EQ(GetCounter("sgsn", "attaches"), 0);
}

// the four ways to reach a station, by how long ago it was last in a transfer
TEST_F(GprsNetwork, ADownlinkTbfIsAssignedWhereTheStationListens)
{
    Build(1);
    const auto runUntil = [](Time time) {
        Simulator::Stop(time - Simulator::Now());
        Simulator::Run();
    };
    BringUp(0);
    runUntil(Seconds(100));
    constexpr uint32_t oneBlock = 30;
    const auto arrival = [&](Time start) {
        runUntil(start);
        const auto blocks = GetCounter("cell-0", "downlink_blocks");
        m_network->GetGprsCells()[0]->SendDownlink(m_stations[0], {Create<Packet>(oneBlock)});
        while (GetCounter("cell-0", "downlink_blocks") == blocks)
        {
            runUntil(Simulator::Now() + MilliSeconds(1));
        }
        return Simulator::Now() - start;
    };
    const auto processing = MilliSeconds(70);
    const auto reaction = MilliSeconds(60);
    const auto block = MilliSeconds(20);
    const auto toNextBlock = MicroSeconds(23077); // five frames at most: one may be without a block
    const auto multiframe = MicroSeconds(235385);
    // on its PDCH: the TBF is kept open for 2 s
    arrival(Seconds(100));
    EXPECT_LE(arrival(Seconds(102)), toNextBlock + MilliSeconds(1));
    // on the PACCH: T3192 (500 ms) runs, 2 s after the last block
    // (tried at several places of the multiframe: an AGCH block would come at any time of it)
    auto last = Seconds(102);
    for (int n = 0; n < 12; ++n)
    {
        const auto next = last + MilliSeconds(2250 + 11 * n);
        const auto onPacch = arrival(next);
        EXPECT_GE(onPacch, processing + block + reaction);
        EXPECT_LE(onPacch, processing + block + reaction + toNextBlock + MilliSeconds(1));
        last = next;
    }
    // on the AGCH: out of DRX for 4 s
    last += Seconds(3);
    const auto agch = arrival(last);
    EXPECT_GE(agch, processing + reaction);
    EXPECT_LE(agch, processing + 2 * multiframe + reaction + toNextBlock);
    // in its paging group: one block in 5 multiframes
    Time sum;
    constexpr int tries = 20;
    for (int n = 1; n <= tries; ++n)
    {
        sum += arrival(last + MilliSeconds(10061) * n);
    }
    const auto meanWait = sum / tries - processing - reaction - block / 2;
    EXPECT_NEAR(meanWait.GetSeconds(), 1.177 / 2, 0.2); // 20 tries of a uniform wait: s = 0.08
}
