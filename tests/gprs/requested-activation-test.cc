// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * PDP contexts that the network wants (TS 23.060 9.2.2.2, TS 24.008 6.1.3.1.2): packets for a
 * static address without a context, and each way in which the station does not activate it.
 */
#include "tests/gprs/gprs-world.h"
#include "tests/oracle/dissection.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/hlr.h"
#include "ns3/string.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using State = GprsMobileStation::State;

constexpr uint32_t HEADERS = 28; ///< IPv4 and UDP
constexpr uint16_t PORT = 9;

/// Phones with static addresses, to which the server sends datagrams.
class RequestedActivation : public GprsWorld
{
  protected:
    void SetUp() override
    {
        GprsWorld::SetUp();
        Set("Ggsn::NetworkRequestedActivation", BooleanValue(true));
        Set("CellularNetwork::StaticAddresses", Ipv4AddressValue("10.9.0.2"));
    }

    void TearDown() override
    {
        if (m_sink)
        {
            m_sink->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
            m_sink = nullptr;
        }
        GprsWorld::TearDown();
    }

    /// Builds a network, and attaches its phones @p idle before the test goes on.
    void BuildAttached(uint32_t phones, Time idle)
    {
        Build(phones);
        m_stations[0]->TraceConnectWithoutContext(
            "State",
            Callback<void, State, State>([this](State, State now) { FollowState(now); }));
        for (const auto& station : m_stations)
        {
            station->Attach();
        }
        RunFor(idle);
    }

    /// The server sends datagrams of @p octets to the first phone, numbered from 0 on.
    void SendDown(uint32_t count, uint32_t octets = 100)
    {
        auto source = Socket::CreateSocket(m_network->GetServer(), UdpSocketFactory::GetTypeId());
        source->Bind();
        for (uint32_t n = 0; n < count; ++n)
        {
            std::vector<uint8_t> content(octets, static_cast<uint8_t>(n));
            source->SendTo(Create<Packet>(content.data(), octets),
                           0,
                           InetSocketAddress(m_address, PORT));
        }
    }

    double GetLost(const std::string& cause) const
    {
        for (const auto& [name, value] : m_network->GetGgsn()->GetCounters())
        {
            if (name == "downlink_octets_lost_" + cause)
            {
                return value;
            }
        }
        return 0;
    }

    void SetCell(bool inService)
    {
        m_network->GetGprsCells()[0]->SetInService(inService);
    }

    bool HasMnrg() const
    {
        return m_network->GetHlr()->GetMwStatus(m_msisdn).mnrg;
    }

    const Ipv4Address m_address{"10.9.0.2"};
    std::vector<uint8_t> m_arrived; ///< the numbers of the datagrams
    uint64_t m_msisdn = 0;

    void Build(uint32_t phones)
    {
        GprsWorld::Build(phones);
        m_msisdn = std::stoull(CellularNetwork::GetMsisdn(m_stations[0]->GetObject<Node>()));
    }

  private:
    /// The phone has an IP stack from its first context on.
    void FollowState(State now)
    {
        if (now != State::CONTEXT_ACTIVE || m_sink)
        {
            return;
        }
        m_sink =
            Socket::CreateSocket(m_stations[0]->GetObject<Node>(), UdpSocketFactory::GetTypeId());
        m_sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_sink->SetRecvCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket> socket) {
            while (const auto packet = socket->Recv())
            {
                uint8_t number = 0;
                packet->CopyData(&number, 1);
                m_arrived.push_back(number);
            }
        }));
    }

    Ptr<Socket> m_sink;
};

using Numbers = std::vector<uint8_t>;

} // namespace

// TS 23.060 9.2.2.2.1: the GGSN asks the HLR, then the SGSN, which pages the station in STANDBY
TEST_F(RequestedActivation, APacketBringsTheContextUp)
{
    BuildAttached(1, Seconds(100)); // T3314 is 44 s
    SendDown(3);
    RunFor(Seconds(20));
    EXPECT_EQ(m_stations[0]->GetState(), State::CONTEXT_ACTIVE);
    EXPECT_EQ(m_stations[0]->GetAddress(), m_address);
    EXPECT_EQ(m_arrived, (Numbers{0, 1, 2}));
    EXPECT_EQ(GetCounter("hlr", "sri_gprs"), 1);
    EXPECT_EQ(GetCounter("ggsn", "pdu_notifications"), 1);
    EXPECT_EQ(GetCounter("sgsn", "pages"), 1);
    EXPECT_EQ(GetCounter("ggsn", "downlink_octets_inside"), 0);
    SendDown(1); // there is a context now
    RunFor(Seconds(20));
    EXPECT_EQ(m_arrived.size(), 4U);
    EXPECT_EQ(GetCounter("ggsn", "pdu_notifications"), 1);
}

TEST_F(RequestedActivation, AStationThatIsReadyIsNotPaged)
{
    BuildAttached(1, Seconds(20));
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_arrived, Numbers{0});
    EXPECT_EQ(GetCounter("sgsn", "pages"), 0);
}

// The address comes from the network's request, and each station has its own.
TEST_F(RequestedActivation, EachStationGetsItsOwnAddress)
{
    BuildAttached(2, Seconds(20));
    SendDown(1);
    BringUp(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.9.0.2"));
    EXPECT_EQ(m_stations[1]->GetAddress(), Ipv4Address("10.9.0.3"));
}

TEST_F(RequestedActivation, NobodyIsAskedByDefault)
{
    Set("Ggsn::NetworkRequestedActivation", BooleanValue(false));
    BuildAttached(1, Seconds(20));
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_stations[0]->GetState(), State::ATTACHED);
    EXPECT_EQ(GetLost("no_context"), 100 + HEADERS);
    EXPECT_EQ(GetCounter("hlr", "sri_gprs"), 0);
}

// TS 23.060 9.2.2.2.1: the HLR knows no SGSN
TEST_F(RequestedActivation, AStationThatNeverAttachedIsNotLookedFor)
{
    Build(1);
    SendDown(2);
    RunFor(Seconds(20));
    EXPECT_EQ(GetLost("not_reached"), 2 * (100 + HEADERS));
    EXPECT_EQ(GetCounter("ggsn", "pdu_notifications_failed"), 1);
    EXPECT_EQ(GetCounter("ggsn", "gtp_requests"), 0);
    EXPECT_FALSE(HasMnrg());
}

// TS 23.060 9.2.2.2.2: MS is GPRS Detached; MNRG is set by Failure Report, until it attaches
TEST_F(RequestedActivation, ADetachedStationIsLeftInPeaceUntilItIsBack)
{
    BuildAttached(1, Seconds(20));
    m_stations[0]->Detach();
    RunFor(Seconds(10));
    SendDown(1);
    RunFor(Seconds(10));
    EXPECT_TRUE(HasMnrg());
    EXPECT_EQ(GetCounter("hlr", "failure_reports"), 1);
    SendDown(1); // the GGSN knows, and asks nobody
    RunFor(Seconds(10));
    EXPECT_EQ(GetCounter("ggsn", "pdu_notifications"), 1);
    EXPECT_EQ(GetLost("not_reached"), 2 * (100 + HEADERS));
    m_stations[0]->Attach();
    RunFor(Seconds(10));
    EXPECT_FALSE(HasMnrg());
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_arrived, Numbers{0});
}

// TS 23.060 9.2.2.2.2, 16.1.1: no answer to two pages, T3313 each (30 s): MS is not GPRS
// responding; the next frame of the station makes the SGSN send ReadyForSM
TEST_F(RequestedActivation, AStationThatDoesNotAnswerPagesIsMarked)
{
    BuildAttached(1, Seconds(100));
    SetCell(false);
    SendDown(1);
    RunFor(Seconds(59));
    EXPECT_EQ(GetLost("not_reached"), 0);
    EXPECT_FALSE(HasMnrg());
    RunFor(Seconds(3));
    EXPECT_EQ(GetLost("not_reached"), 100 + HEADERS);
    EXPECT_TRUE(HasMnrg());
    EXPECT_EQ(GetCounter("sgsn", "pages"), 2);
    SetCell(true);
    SendDown(1);
    RunFor(Seconds(10));
    EXPECT_EQ(GetCounter("ggsn", "pdu_notifications"), 1);
    m_stations[0]->ReceivePage(); // makes it send a frame
    RunFor(Seconds(10));
    EXPECT_FALSE(HasMnrg());
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_arrived, Numbers{0});
}

// TS 24.008 11.2 table 11.4a: T3385 (8 s) expires five times
TEST_F(RequestedActivation, ARequestWithoutAnAnswerGoesOnFiveTimes)
{
    BuildAttached(1, Seconds(20));
    SetCell(false);
    SendDown(1); // the SGSN takes it to be READY
    RunFor(Seconds(39));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 0);
    RunFor(Seconds(3));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 1);
    EXPECT_EQ(GetLost("not_reached"), 100 + HEADERS);
    EXPECT_TRUE(HasMnrg());
}

// TS 24.008 6.1.3.1.4: REQUEST PDP CONTEXT ACTIVATION REJECT, insufficient resources: the handset
// has room for one context. It is there, so that it is asked again.
TEST_F(RequestedActivation, AStationRefuses)
{
    BuildAttached(1, Seconds(20));
    m_stations[0]->SetAttribute("StaticAddress", Ipv4AddressValue(Ipv4Address::GetAny()));
    BringUp(0);
    RunFor(Seconds(20));
    ASSERT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.2"));
    for (int n = 1; n <= 2; ++n)
    {
        SendDown(1);
        RunFor(Seconds(20));
        EXPECT_EQ(GetCounter("ggsn", "pdu_notifications_failed"), n);
        EXPECT_EQ(GetLost("no_context"), n * (100 + HEADERS));
    }
    EXPECT_FALSE(HasMnrg());
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.2"));
}

// TS 24.008 6.1.3.1.3: the SGSN has no room for the context that it has asked for
TEST_F(RequestedActivation, TheSgsnHasNoRoom)
{
    Set("Sgsn::MaxPdpContexts", UintegerValue(1));
    BuildAttached(2, Seconds(20));
    BringUp(1);
    RunFor(Seconds(20));
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_stations[0]->GetState(), State::ATTACHED);
    EXPECT_EQ(GetCounter("sgsn", "pdp_activation_rejects"), 1);
    EXPECT_EQ(GetLost("no_context"), 100 + HEADERS);
    EXPECT_FALSE(HasMnrg());
}

// The station detaches while it is asked: MS is GPRS Detached.
TEST_F(RequestedActivation, TheStationLeavesMeanwhile)
{
    BuildAttached(1, Seconds(20));
    SendDown(1);
    RunFor(MilliSeconds(300)); // the request is on its way
    EXPECT_EQ(GetCounter("ggsn", "pdu_notifications_failed"), 0);
    m_network->GetSgsn()->DetachStation(m_stations[0]->GetImsi(),
                                        MtDetachType::REATTACH_NOT_REQUIRED,
                                        GmmSmCause::GPRS_NOT_ALLOWED);
    RunFor(Seconds(10));
    EXPECT_EQ(m_stations[0]->GetState(), State::DETACHED);
    EXPECT_EQ(GetLost("not_reached"), 100 + HEADERS);
    EXPECT_TRUE(HasMnrg());
}

// NotificationBuffer is 8192 octets by default: seven datagrams of 1000 octets
TEST_F(RequestedActivation, WhatWaitsIsBounded)
{
    BuildAttached(1, Seconds(20));
    SendDown(12, 1000);
    RunFor(Seconds(60));
    EXPECT_EQ(m_arrived, (Numbers{0, 1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(GetLost("no_room"), 5 * (1000 + HEADERS));
    EXPECT_EQ(GetCounter("ggsn", "downlink_octets_inside"), 0);
}

// Nothing waits longer than NotificationTime: here the HLR does not answer.
TEST_F(RequestedActivation, WhatWaitsIsLostAfterItsTime)
{
    BuildAttached(1, Seconds(20));
    m_network->GetHlr()->SetInService(false);
    SendDown(1);
    RunFor(Seconds(119));
    EXPECT_EQ(GetLost("not_reached"), 0);
    RunFor(Seconds(2));
    EXPECT_EQ(GetLost("not_reached"), 100 + HEADERS);
    m_network->GetHlr()->SetInService(true);
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_arrived, Numbers{0});
}

TEST_F(RequestedActivation, ARestartOfTheGgsnLosesWhatWaits)
{
    BuildAttached(1, Seconds(100));
    SendDown(1);
    RunFor(MilliSeconds(200));
    m_network->GetGgsn()->SetInService(false);
    m_network->GetGgsn()->SetInService(true);
    RunFor(Seconds(30));
    EXPECT_EQ(GetLost("outage"), 100 + HEADERS);
    SendDown(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_arrived, Numbers{0});
}

// TS 24.008 6.1.3.1.3: unknown PDP address; a subscribed address is not for anybody else, nor is it
// given dynamically
TEST_F(RequestedActivation, AStaticAddressIsOnlyItsSubscribers)
{
    Set("Ggsn::AccessPoints", StringValue("internet=10.9.0.0/29")); // 2 to 6
    Build(4);
    m_stations[1]->SetAttribute("StaticAddress", Ipv4AddressValue("10.9.0.2"));
    m_stations[2]->SetAttribute("StaticAddress", Ipv4AddressValue(Ipv4Address::GetAny()));
    m_stations[3]->SetAttribute("StaticAddress", Ipv4AddressValue(Ipv4Address::GetAny()));
    for (uint32_t phone = 1; phone < 4; ++phone)
    {
        BringUp(phone);
        RunFor(Seconds(20));
    }
    EXPECT_EQ(m_outcomes[1].cause, "pdp activation rejected, cause 28");
    EXPECT_EQ(m_stations[2]->GetAddress(), Ipv4Address("10.9.0.6")); // the only one left
    EXPECT_EQ(m_outcomes[3].cause, "pdp activation rejected, cause 26");
}

// TS 29.060 7.3.8 to 7.3.11: tshark reads each of the messages
TEST_F(RequestedActivation, TsharkReadsTheNotifications)
{
    using ::p2pim::oracle::Capture;
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    BuildAttached(1, Seconds(20));
    Capture gn(Capture::Link::RAW_IP);
    for (const char* trace : {"Tx", "Rx"})
    {
        m_network->GetGnDevice()->TraceConnectWithoutContext(
            trace,
            Callback<void, Ptr<const Packet>>(
                [&gn](Ptr<const Packet> packet) { gn.Add(ToOctets(packet)); }));
    }
    SetCell(false);
    SendDown(1);
    RunFor(Seconds(60));
    EXPECT_EQ(gn.FindFaults(), std::vector<std::string>{});
    std::vector<std::string> seen;
    for (const auto& frame : gn.Dissect({"gtp.message", "gtp.cause", "gtp.user_ipv4", "gtp.apn"}))
    {
        seen.push_back(frame[0] + " " + frame[1] + " " + frame[2] + " " + frame[3]);
    }
    EXPECT_EQ(seen,
              (std::vector<std::string>{"0x1b  10.9.0.2 internet",
                                        "0x1c 128  ",
                                        "0x1d 196 10.9.0.2 internet", // MS not GPRS responding
                                        "0x1e 128  "}));
}

// TS 23.060 16.1.1, TS 23.040 3.2.7: a phone without circuit switching misses a short message over
// GPRS, which sets MNRG; its next frame makes the SGSN send ReadyForSM, and the SMSC is alerted.
// Without it the next try would be one of Smsc.RetrySchedule.
TEST_F(RequestedActivation, AFrameBringsTheShortMessageThatWasMissed)
{
    Set("CellularNetwork::SmsOverGprs", BooleanValue(true));
    Build(2);
    m_stations[0]->SetAttribute("MobileClass", EnumValue(MobileClass::CLASS_C_GPRS));
    m_stations[0]->Attach();
    Time received;
    m_stations[0]->GetObject<GsmMobileStation>()->Listen(
        9000,
        Callback<void, const std::string&, const std::vector<uint8_t>&>(
            [&received](const std::string&, const std::vector<uint8_t>&) {
                received = Simulator::Now();
            }));
    RunFor(Seconds(100));
    SetCell(false);
    m_stations[1]->GetObject<GsmMobileStation>()->Submit(
        CellularNetwork::GetMsisdn(m_stations[0]->GetObject<Node>()),
        9000,
        9000,
        {1, 2, 3},
        Callback<void, bool, const std::string&>([](bool, const std::string&) {}));
    RunFor(Seconds(100)); // two pages of T3313
    EXPECT_TRUE(HasMnrg());
    EXPECT_TRUE(received.IsZero());
    SetCell(true);
    const Time heard = Simulator::Now();
    m_stations[0]->ReceivePage(); // makes it send a frame
    RunFor(Seconds(20));
    EXPECT_FALSE(HasMnrg());
    EXPECT_GT(received, heard);
}
