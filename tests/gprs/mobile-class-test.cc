// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * One phone with both worlds: mobile class by network mode, for a short message during a download
 * and a download during a call. What is expected of each is TS 23.060 5.4.5, 6.3.3.1 and 16.2.1.
 */
#include "ns3/boolean.h"
#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/enum.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A cell, and two phones in it: the first has a bearer and gets a datagram each 250 ms from the
/// server; the second sends it short messages.
class TwoWorlds : public testing::Test
{
  protected:
    static constexpr uint32_t OCTETS = 300;
    static constexpr uint16_t PORT = 9000;

    void SetUp() override
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(1));
        // READY to the end of a download: nothing is paged by packet paging
        Config::SetDefault("ns3::p2pim::Sgsn::T3314", TimeValue(Seconds(62)));
    }

    void TearDown() override
    {
        m_busy = nullptr;
        Simulator::Destroy();
        if (m_network)
        {
            m_network->Dispose();
            m_network = nullptr;
        }
        Config::Reset();
    }

    /// For another network in the same test.
    void BeginAnew()
    {
        m_messages.clear();
        m_arrivals.clear();
        m_sent = 0;
        TearDown();
        SetUp();
    }

    void Build(MobileClass mobileClass, NetworkMode mode)
    {
        Config::SetDefault("ns3::p2pim::CellularNetwork::NetworkMode", EnumValue(mode));
        m_network = CreateObject<CellularNetwork>();
        m_network->Build();
        m_network->AssignStreams(100);
        Config::SetDefault("ns3::p2pim::GprsMobileStation::MobileClass", EnumValue(mobileClass));
        const auto node = m_network->AddPhone(0);
        m_busy = node->GetObject<GprsMobileStation>();
        m_busyGsm = node->GetObject<GsmMobileStation>();
        Config::SetDefault("ns3::p2pim::GprsMobileStation::MobileClass",
                           EnumValue(MobileClass::CLASS_A));
        m_sender = m_network->AddPhone(0)->GetObject<GsmMobileStation>();
        m_busyGsm->Listen(PORT,
                          Callback<void, const std::string&, const std::vector<uint8_t>&>(
                              [this](const std::string&, const std::vector<uint8_t>&) {
                                  m_messages.push_back(Simulator::Now());
                              }));
        m_busyGsm->TraceConnectWithoutContext(
            "MmState",
            Callback<void, MmState, MmState>(
                [this](MmState from, MmState to) { FollowState(from, to); }));
        m_busy->BringUp(
            Callback<void>([] {}),
            Callback<void, bool, const std::string&>([this](bool up, const std::string& cause) {
                m_up = up;
                m_cause = cause;
            }));
    }

    /// The server sends datagrams from 15 s on, for @p duration.
    void Download(Time duration)
    {
        const auto count = static_cast<uint32_t>(duration.GetMilliSeconds() / 250);
        Simulator::Schedule(Seconds(15), &TwoWorlds::StartDownload, this, count);
    }

    void SendMessage(Time when)
    {
        m_messageSent = when;
        Simulator::Schedule(when, &TwoWorlds::Submit, this, m_sender, m_busyGsm->GetMsisdn());
    }

    /// Has the phone itself send a message.
    void SendOwnMessage(Time when)
    {
        m_messageSent = when;
        Simulator::Schedule(when, &TwoWorlds::Submit, this, m_busyGsm, m_sender->GetMsisdn());
    }

    double GetCounter(const std::string& element, const std::string& name) const
    {
        for (const auto& [itsElement, counters] : m_network->GetCounters())
        {
            for (const auto& [itsName, value] : counters)
            {
                if (itsElement == element && itsName == name)
                {
                    return value;
                }
            }
        }
        return 0; // a cause of loss that did not occur has no counter
    }

    /// @return the longest time without a datagram while they were sent.
    Time GetLongestStall() const
    {
        Time longest;
        for (std::size_t n = 1; n < m_arrivals.size(); ++n)
        {
            longest = std::max(longest, m_arrivals[n].when - m_arrivals[n - 1].when);
        }
        return longest;
    }

    /// Checks that every datagram sent has come, once, in order, and that no layer has lost one.
    void ExpectNothingLost() const
    {
        ASSERT_EQ(m_arrivals.size(), m_sent);
        for (uint32_t n = 0; n < m_sent; ++n)
        {
            ASSERT_EQ(m_arrivals[n].number, n) << "datagrams were reordered";
        }
        for (const auto& [element, counters] : m_network->GetCounters())
        {
            for (const auto& [name, value] : counters)
            {
                const bool lost = name.find("_octets_lost") != std::string::npos;
                const bool inside = name.find("_octets_inside") != std::string::npos;
                EXPECT_TRUE(!(lost || inside) || value == 0) << element << " " << name << value;
            }
        }
    }

    struct Arrival
    {
        uint32_t number;
        Time when;
    };

    Ptr<CellularNetwork> m_network;
    Ptr<GprsMobileStation> m_busy;
    Ptr<GsmMobileStation> m_busyGsm;
    Ptr<GsmMobileStation> m_sender;
    bool m_up = false;
    std::string m_cause;
    uint32_t m_sent = 0;
    std::vector<Arrival> m_arrivals;
    std::vector<Time> m_messages;        ///< when they have come
    std::vector<std::string> m_outcomes; ///< of submissions
    Time m_messageSent;
    Time m_dedicatedSince; ///< the last time that the phone had a dedicated channel
    Time m_dedicatedUntil;

  private:
    void FollowState(MmState from, MmState to)
    {
        if (from == MmState::MM_IDLE && to == MmState::WAIT_FOR_RR_CONNECTION)
        {
            m_dedicatedSince = Simulator::Now();
        }
        if (to == MmState::MM_IDLE)
        {
            m_dedicatedUntil = Simulator::Now();
        }
    }

    void Submit(Ptr<GsmMobileStation> from, const std::string& to)
    {
        from->Submit(to,
                     PORT,
                     PORT,
                     std::vector<uint8_t>(20, 'x'),
                     Callback<void, bool, const std::string&>(
                         [this](bool accepted, const std::string& cause) {
                             m_outcomes.push_back(accepted ? "accepted" : cause);
                         }));
    }

    void StartDownload(uint32_t count)
    {
        ASSERT_TRUE(m_up) << m_cause;
        const auto udp = UdpSocketFactory::GetTypeId();
        m_server = Socket::CreateSocket(m_network->GetServer(), udp);
        m_server->Bind();
        m_phone = Socket::CreateSocket(m_busy->GetObject<Node>(), udp);
        m_phone->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_phone->SetRecvCallback(MakeCallback(&TwoWorlds::Receive, this));
        for (uint32_t n = 0; n < count; ++n)
        {
            Simulator::Schedule(MilliSeconds(250) * n, &TwoWorlds::Send, this);
        }
    }

    void Send()
    {
        std::vector<uint8_t> octets(OCTETS);
        octets[0] = static_cast<uint8_t>(m_sent >> 8);
        octets[1] = static_cast<uint8_t>(m_sent);
        ++m_sent;
        m_server->SendTo(Create<Packet>(octets.data(), OCTETS),
                         0,
                         InetSocketAddress(m_busy->GetAddress(), PORT));
    }

    void Receive(Ptr<Socket> socket)
    {
        while (const auto packet = socket->Recv())
        {
            uint8_t octets[2];
            packet->CopyData(octets, sizeof octets);
            m_arrivals.push_back(
                {static_cast<uint32_t>(octets[0] << 8 | octets[1]), Simulator::Now()});
        }
    }

    Ptr<Socket> m_server;
    Ptr<Socket> m_phone;
};

/// From the release of the channel to the next datagram: assignment on the PCH at the latest, 9
/// multiframes of 235 ms (BS_PA_MFRMS of the CCCH), reaction and processing.
const Time g_resumption = Seconds(3);
/// Datagrams follow each other by 250 ms, and blocks by some more.
const Time g_noStall = MilliSeconds(600);

} // namespace

TEST_F(TwoWorlds, ClassAGetsAMessageDuringADownload)
{
    Build(MobileClass::CLASS_A, NetworkMode::NMO_II);
    Download(Seconds(40));
    SendMessage(Seconds(22));
    Simulator::Run();
    ASSERT_EQ(m_messages.size(), 1U);
    // calibration target C1: 9 s at most from end to end
    EXPECT_LT(m_messages[0] - m_messageSent, Seconds(9));
    EXPECT_LT(GetLongestStall(), g_noStall);
    EXPECT_EQ(GetCounter("cell-0", "cs_pages_missed"), 0);
    EXPECT_EQ(GetCounter("cell-0", "suspensions"), 0);
    ExpectNothingLost();
}

// TS 23.060 6.3.3.1: in modes II and III a phone in packet transfer does not listen to the PCH
TEST_F(TwoWorlds, ClassBMissesThePageOfAMessageDuringADownload)
{
    for (const auto mode : {NetworkMode::NMO_II, NetworkMode::NMO_III})
    {
        Build(MobileClass::CLASS_B, mode);
        Download(Seconds(40));
        SendMessage(Seconds(22));
        Simulator::Run();
        EXPECT_GE(GetCounter("cell-0", "cs_pages_missed"), 1);
        EXPECT_EQ(GetCounter("msc", "no_paging_response"), 1);
        EXPECT_EQ(GetCounter("smsc", "first_attempts_failed"), 1);
        // it comes when the download is over
        ASSERT_EQ(m_messages.size(), 1U);
        EXPECT_GT(m_messages[0], Seconds(55));
        EXPECT_LT(GetLongestStall(), g_noStall);
        ExpectNothingLost();
        BeginAnew();
    }
}

// TS 23.060 9.2.3.1: in mode I the page comes on the PACCH
TEST_F(TwoWorlds, ClassBAnswersThePageOnThePacchInModeI)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_I);
    Download(Seconds(40));
    SendMessage(Seconds(22));
    Simulator::Run();
    EXPECT_EQ(GetCounter("cell-0", "cs_pages_pacch"), 1);
    EXPECT_EQ(GetCounter("cell-0", "cs_pages_missed"), 0);
    ASSERT_EQ(m_messages.size(), 1U);
    EXPECT_LT(m_messages[0] - m_messageSent, Seconds(9));
    EXPECT_EQ(GetCounter("cell-0", "suspensions"), 1);
    EXPECT_EQ(GetCounter("sgsn", "suspensions"), 1);
    EXPECT_EQ(GetCounter("sgsn", "resumptions"), 1);
    EXPECT_EQ(GetCounter("sgsn", "routing_area_updates"), 0);
    // the download stands still as long as the phone has its channel
    const Time dedicated = m_dedicatedUntil - m_dedicatedSince;
    EXPECT_GT(GetLongestStall(), dedicated);
    EXPECT_LT(GetLongestStall(), dedicated + g_resumption);
    ExpectNothingLost();
}

TEST_F(TwoWorlds, WithoutCombinedAttachModeIIsAsModeIi)
{
    Config::SetDefault("ns3::p2pim::GprsMobileStation::CombinedAttach", BooleanValue(false));
    Build(MobileClass::CLASS_B, NetworkMode::NMO_I);
    Download(Seconds(40));
    SendMessage(Seconds(22));
    Simulator::Run();
    EXPECT_EQ(GetCounter("cell-0", "cs_pages_pacch"), 0);
    EXPECT_EQ(GetCounter("msc", "no_paging_response"), 1);
}

TEST_F(TwoWorlds, ClassAGetsAMessageInModeIOnThePacchWithoutAStall)
{
    Build(MobileClass::CLASS_A, NetworkMode::NMO_I);
    Download(Seconds(40));
    SendMessage(Seconds(22));
    Simulator::Run();
    ASSERT_EQ(m_messages.size(), 1U);
    EXPECT_EQ(GetCounter("cell-0", "cs_pages_pacch"), 1);
    EXPECT_LT(GetLongestStall(), g_noStall);
    ExpectNothingLost();
}

TEST_F(TwoWorlds, ClassBEndsItsTransferToSendAMessage)
{
    for (const auto mode : {NetworkMode::NMO_I, NetworkMode::NMO_II, NetworkMode::NMO_III})
    {
        Build(MobileClass::CLASS_B, mode);
        Download(Seconds(40));
        SendOwnMessage(Seconds(22));
        Simulator::Run();
        EXPECT_EQ(m_outcomes, std::vector<std::string>{"accepted"});
        const Time dedicated = m_dedicatedUntil - m_dedicatedSince;
        EXPECT_GT(dedicated, Seconds(2));
        EXPECT_GT(GetLongestStall(), dedicated);
        EXPECT_LT(GetLongestStall(), dedicated + g_resumption);
        ExpectNothingLost();
        m_outcomes.clear();
        m_arrivals.clear();
        m_sent = 0;
        TearDown();
        SetUp();
    }
}

// TS 23.060 16.2.1.1.2: without RESUME the station has a routing area update
TEST_F(TwoWorlds, WithoutResumeTheStationUpdatesItsRoutingArea)
{
    Config::SetDefault("ns3::p2pim::GprsCell::GprsResumption", BooleanValue(false));
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Download(Seconds(40));
    SendOwnMessage(Seconds(22));
    Simulator::Run();
    EXPECT_EQ(GetCounter("sgsn", "routing_area_updates"), 1);
    EXPECT_EQ(GetCounter("sgsn", "suspensions"), 1);
    EXPECT_EQ(GetCounter("sgsn", "resumptions"), 1);
    ExpectNothingLost();
}

// TS 23.060 16.2.1.1.1: what the phone has to send meanwhile waits in it, and goes by itself
TEST_F(TwoWorlds, APacketOfThePhoneDuringItsMessageGoesAfterIt)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    SendOwnMessage(Seconds(22));
    Ptr<Socket> phone;
    Time arrived;
    const auto server = Socket::CreateSocket(m_network->GetServer(), UdpSocketFactory::GetTypeId());
    server->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    server->SetRecvCallback(Callback<void, Ptr<Socket>>([&arrived](Ptr<Socket> socket) {
        while (socket->Recv())
        {
            arrived = Simulator::Now();
        }
    }));
    Simulator::Schedule(Seconds(24), [&] {
        EXPECT_TRUE(m_busy->IsSuspended());
        phone = Socket::CreateSocket(m_busy->GetObject<Node>(), UdpSocketFactory::GetTypeId());
        phone->SendTo(Create<Packet>(OCTETS),
                      0,
                      InetSocketAddress(m_network->GetServerAddress(), PORT));
    });
    Simulator::Run();
    EXPECT_GT(arrived, m_dedicatedUntil);
    EXPECT_LT(arrived, m_dedicatedUntil + g_resumption);
}

// TS 23.060 16.2.1.1.2: coverage is lost during the message, so that nobody says that GPRS goes on;
// the phone has its routing area updated when it is back, and what waited for it at the SGSN comes
TEST_F(TwoWorlds, AStationThatWasLostWhileSuspendedGoesOn)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Download(Seconds(60));
    SendOwnMessage(Seconds(22));
    Simulator::Schedule(Seconds(24.5), [this] {
        EXPECT_TRUE(m_busy->IsSuspended());
        EXPECT_EQ(GetCounter("sgsn", "suspensions"), 1);
        m_busyGsm->SetCovered(false);
    });
    Simulator::Schedule(Seconds(40), &GsmMobileStation::SetCovered, m_busyGsm, true);
    Simulator::Run();
    EXPECT_GE(GetCounter("sgsn", "routing_area_updates"), 1);
    ASSERT_FALSE(m_arrivals.empty());
    EXPECT_EQ(m_arrivals.back().number, m_sent - 1);
}

// Sauter p.96: suspended during a call, the PDP context is kept, and it goes on
TEST_F(TwoWorlds, ClassBStallsForTheTimeOfACall)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Download(Seconds(40));
    Simulator::Schedule(Seconds(22), [this] { EXPECT_TRUE(m_busyGsm->StartCall()); });
    Simulator::Schedule(Seconds(42), [this] { m_busyGsm->EndCall(); });
    Simulator::Run();
    EXPECT_GT(GetLongestStall(), Seconds(20));
    EXPECT_LT(GetLongestStall(), Seconds(20) + Seconds(2) + g_resumption);
    EXPECT_TRUE(m_busy->IsUp());
    ExpectNothingLost();
}

TEST_F(TwoWorlds, ClassADownloadsDuringACall)
{
    Build(MobileClass::CLASS_A, NetworkMode::NMO_II);
    Download(Seconds(40));
    Simulator::Schedule(Seconds(22), [this] { EXPECT_TRUE(m_busyGsm->StartCall()); });
    Simulator::Schedule(Seconds(42), [this] { m_busyGsm->EndCall(); });
    Simulator::Run();
    EXPECT_LT(GetLongestStall(), g_noStall);
    ExpectNothingLost();
}

// what the SGSN has no room for is lost, for that cause, and the rest comes in order
TEST_F(TwoWorlds, TheSgsnKeepsNoMoreThanItsBufferForASuspendedStation)
{
    constexpr uint32_t packet = OCTETS + 28; // IP and UDP headers
    Config::SetDefault("ns3::p2pim::Sgsn::SuspensionBuffer", UintegerValue(10 * packet + 5));
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Download(Seconds(40));
    Simulator::Schedule(Seconds(22), [this] { EXPECT_TRUE(m_busyGsm->StartCall()); });
    Simulator::Schedule(Seconds(42), [this] { m_busyGsm->EndCall(); });
    Simulator::Run();
    const double lost = GetCounter("sgsn", "downlink_octets_lost_no_room");
    EXPECT_EQ(lost, (m_sent - m_arrivals.size()) * packet);
    // of the 80 datagrams of 20 s ten are kept, and those that came before the SGSN knew
    EXPECT_GT(m_sent - m_arrivals.size(), 60U);
    EXPECT_LE(m_sent - m_arrivals.size(), 75U);
    for (std::size_t n = 1; n < m_arrivals.size(); ++n)
    {
        ASSERT_GT(m_arrivals[n].number, m_arrivals[n - 1].number);
    }
}

// a station in STANDBY is paged after its call, not before
TEST_F(TwoWorlds, AStationThatIsNotReadyAnyMoreIsPagedAfterItsCall)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Simulator::Schedule(Seconds(10), [this] { EXPECT_TRUE(m_busyGsm->StartCall()); });
    Download(Seconds(1)); // at 15 s
    Simulator::Schedule(Seconds(100), [this] { m_busyGsm->EndCall(); });
    Simulator::Run();
    EXPECT_EQ(GetCounter("sgsn", "pages"), 1);
    ASSERT_FALSE(m_arrivals.empty());
    EXPECT_GT(m_arrivals[0].when, Seconds(100));
    EXPECT_LT(m_arrivals[0].when, Seconds(110));
    ExpectNothingLost();
}

TEST_F(TwoWorlds, ClassCInGprsCannotBeReachedByShortMessages)
{
    for (const auto mode : {NetworkMode::NMO_I, NetworkMode::NMO_II, NetworkMode::NMO_III})
    {
        Build(MobileClass::CLASS_C_GPRS, mode);
        Download(Seconds(20));
        SendMessage(Seconds(20));
        Simulator::Stop(Minutes(2));
        Simulator::Run();
        EXPECT_TRUE(m_messages.empty());
        EXPECT_EQ(GetCounter("smsc", "attempts_absent_subscriber_sm"), 1);
        EXPECT_EQ(GetCounter("cell-0", "pagings_sent"), 0);
        EXPECT_LT(GetLongestStall(), g_noStall);
        m_arrivals.clear();
        m_sent = 0;
        TearDown();
        SetUp();
    }
}

TEST_F(TwoWorlds, ClassCInGsmHasNoBearer)
{
    for (const auto mode : {NetworkMode::NMO_I, NetworkMode::NMO_II, NetworkMode::NMO_III})
    {
        Build(MobileClass::CLASS_C_GSM, mode);
        EXPECT_EQ(m_cause, "gprs not in use");
        SendMessage(Seconds(5));
        Simulator::Run();
        EXPECT_EQ(m_messages.size(), 1U);
        EXPECT_EQ(GetCounter("sgsn", "attaches"), 0);
        m_messages.clear();
        TearDown();
        SetUp();
    }
}

// the user of a class C phone changes by hand: the message that waited comes, and the bearer is
// gone
TEST_F(TwoWorlds, ClassCChangesFromGprsToGsmByHand)
{
    Build(MobileClass::CLASS_C_GPRS, NetworkMode::NMO_II);
    SendMessage(Seconds(20));
    Simulator::Schedule(Seconds(60), [this] { m_busy->SetMobileClass(MobileClass::CLASS_C_GSM); });
    Simulator::Stop(Minutes(3));
    Simulator::Run();
    ASSERT_EQ(m_messages.size(), 1U);
    EXPECT_GT(m_messages[0], Seconds(60));
    EXPECT_LT(m_messages[0], Seconds(75)); // by its location updating and the SMSC's alert
    EXPECT_FALSE(m_busy->IsUp());
    EXPECT_EQ(GetCounter("sgsn", "detaches"), 1);
}

/// The same with short messages over GPRS (Gd).
class TwoWorldsGd : public TwoWorlds
{
  protected:
    void SetUp() override
    {
        TwoWorlds::SetUp();
        Config::SetDefault("ns3::p2pim::CellularNetwork::SmsOverGprs", BooleanValue(true));
    }
};

// TS 23.060, point-to-point SMS: in LLC frames beside those of the download, in any network mode
TEST_F(TwoWorldsGd, AMessageComesDuringADownloadOfClassB)
{
    for (const auto mode : {NetworkMode::NMO_I, NetworkMode::NMO_II, NetworkMode::NMO_III})
    {
        Build(MobileClass::CLASS_B, mode);
        Download(Seconds(40));
        SendMessage(Seconds(22));
        Simulator::Run();
        ASSERT_EQ(m_messages.size(), 1U);
        EXPECT_LT(m_messages[0] - m_messageSent, Seconds(9));
        EXPECT_LT(GetLongestStall(), g_noStall);
        EXPECT_EQ(GetCounter("sgsn", "mt_delivered"), 1);
        EXPECT_EQ(GetCounter("smsc", "messages_delivered"), 1);
        EXPECT_EQ(GetCounter("msc", "mt_delivered"), 0);
        EXPECT_EQ(GetCounter("cell-0", "pagings_sent"), 0);
        EXPECT_EQ(GetCounter("cell-0", "suspensions"), 0);
        ExpectNothingLost();
        BeginAnew();
    }
}

TEST_F(TwoWorldsGd, AMessageGoesDuringADownloadOfClassB)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Download(Seconds(40));
    SendOwnMessage(Seconds(22));
    Simulator::Run();
    EXPECT_EQ(m_outcomes, std::vector<std::string>{"accepted"});
    EXPECT_EQ(GetCounter("sgsn", "mo_forwarded"), 1);
    EXPECT_EQ(GetCounter("msc", "mo_forwarded"), 0);
    // the receiver is not GPRS attached: to it by the MSC
    EXPECT_EQ(GetCounter("msc", "mt_delivered"), 1);
    EXPECT_LT(GetLongestStall(), g_noStall);
    ExpectNothingLost();
}

// several at once go one after another (TS 24.011 5.1: one transaction a way at a time)
TEST_F(TwoWorldsGd, MessagesBothWaysAtOnceAllArriveOnce)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    for (int n = 0; n < 3; ++n)
    {
        SendMessage(Seconds(22));
        SendOwnMessage(Seconds(22));
    }
    Simulator::Run();
    EXPECT_EQ(m_outcomes, std::vector<std::string>(6, "accepted"));
    EXPECT_EQ(m_messages.size(), 3U);
    EXPECT_EQ(GetCounter("sgsn", "mt_delivered"), 3);
    EXPECT_EQ(GetCounter("sgsn", "mo_forwarded"), 3);
    EXPECT_EQ(GetCounter("smsc", "messages_delivered"), 6);
    EXPECT_EQ(GetCounter("smsc", "delivery_attempts"), 6);
}

TEST_F(TwoWorldsGd, AStationInStandbyIsPagedByTheSgsn)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    SendMessage(Minutes(5));
    Simulator::Run();
    EXPECT_EQ(GetCounter("sgsn", "pages"), 1);
    EXPECT_EQ(GetCounter("sgsn", "mt_delivered"), 1);
    ASSERT_EQ(m_messages.size(), 1U);
    EXPECT_LT(m_messages[0] - m_messageSent, Seconds(9));
}

// TS 23.040 3.2.8: the HLR gives both nodes, and the SMSC tries the other when one cannot
TEST_F(TwoWorldsGd, WhatTheSgsnCannotDeliverGoesByTheMsc)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Simulator::Schedule(Seconds(15), [this] { m_busy->Detach(); });
    SendMessage(Seconds(22));
    Simulator::Run();
    EXPECT_EQ(GetCounter("sgsn", "mt_failed"), 1);
    EXPECT_EQ(GetCounter("msc", "mt_delivered"), 1);
    EXPECT_EQ(GetCounter("smsc", "delivery_attempts"), 1);
    EXPECT_EQ(m_messages.size(), 1U);
}

TEST_F(TwoWorldsGd, ClassCInGprsHasShortMessagesToo)
{
    Build(MobileClass::CLASS_C_GPRS, NetworkMode::NMO_II);
    SendMessage(Seconds(22));
    SendOwnMessage(Seconds(40));
    Simulator::Run();
    EXPECT_EQ(m_messages.size(), 1U);
    EXPECT_EQ(m_outcomes, std::vector<std::string>(2, "accepted"));
    EXPECT_EQ(GetCounter("sgsn", "mt_delivered"), 1);
    EXPECT_EQ(GetCounter("sgsn", "mo_forwarded"), 1);
}

// during a call a class B phone has no GPRS: its messages go on the SACCH
TEST_F(TwoWorldsGd, DuringACallMessagesGoOnItsSacch)
{
    Build(MobileClass::CLASS_B, NetworkMode::NMO_II);
    Simulator::Schedule(Seconds(20), [this] { EXPECT_TRUE(m_busyGsm->StartCall()); });
    SendOwnMessage(Seconds(30));
    Simulator::Schedule(Seconds(60), [this] { m_busyGsm->EndCall(); });
    Simulator::Run();
    EXPECT_EQ(m_outcomes, std::vector<std::string>{"accepted"});
    EXPECT_EQ(GetCounter("msc", "mo_forwarded"), 1);
}
