// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-procedures.h"
#include "tests/oracle/dissection.h"

#include "ns3/enum.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

// TS 24.008 4.7.4.1: the network answers a detach, and the context goes with it
TEST_F(GprsProcedures, AStationDetaches)
{
    BuildUp(1);
    m_stations[0]->Detach();
    EXPECT_EQ(GetState(), State::DETACHING);
    RunFor(Seconds(10));
    EXPECT_EQ(GetState(), State::DETACHED);
    EXPECT_FALSE(GetSgsn()->IsRegistered(m_stations[0]->GetImsi()));
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 0U);
    EXPECT_EQ(m_losses, Losses{"gprs detached"});
    BringUp(0);
    RunFor(Seconds(20));
    EXPECT_EQ(GetState(), State::CONTEXT_ACTIVE);
    EXPECT_EQ(Ping(0, 3), 3U);
}

// 4.7.4.1.2: nobody waits for the answer to a detach at power off
TEST_F(GprsProcedures, AStationThatIsSwitchedOffIsGone)
{
    BuildUp(1);
    m_stations[0]->Detach(true);
    EXPECT_EQ(GetState(), State::DETACHED);
    RunFor(Seconds(10));
    EXPECT_FALSE(GetSgsn()->IsRegistered(m_stations[0]->GetImsi()));
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 0U);
}

// 4.7.4.1.4: T3321 (15 s) expires five times, then the station is detached
TEST_F(GprsProcedures, ADetachWithoutAnAnswerEndsAfterFiveTimesT3321)
{
    BuildUp(1);
    GetSgsn()->SetInService(false);
    m_stations[0]->Detach();
    RunFor(Seconds(74));
    EXPECT_EQ(GetState(), State::DETACHING);
    RunFor(Seconds(2));
    EXPECT_EQ(GetState(), State::DETACHED);
}

// 4.7.4.2: the network detaches, for good or to be attached again
TEST_F(GprsProcedures, TheNetworkDetaches)
{
    BuildUp(2);
    GetSgsn()->DetachStation(m_stations[0]->GetImsi(),
                             MtDetachType::REATTACH_NOT_REQUIRED,
                             GmmSmCause::GPRS_NOT_ALLOWED);
    GetSgsn()->DetachStation(m_stations[1]->GetImsi(),
                             MtDetachType::REATTACH_REQUIRED,
                             GmmSmCause::IMPLICITLY_DETACHED);
    RunFor(Seconds(20));
    EXPECT_EQ(GetState(0), State::DETACHED);
    EXPECT_EQ(GetState(1), State::CONTEXT_ACTIVE); // it wanted one, and still does
    EXPECT_TRUE(GetSgsn()->IsRegistered(m_stations[1]->GetImsi()));
    EXPECT_EQ(m_losses, (Losses{"gprs detached, cause 7", "gprs detached, cause 10"}));
    EXPECT_EQ(Ping(1, 3), 3U);
}

// 4.7.4.2.4: T3322 (6 s) expires five times
TEST_F(GprsProcedures, ADetachOfTheNetworkGoesOnFiveTimes)
{
    BuildUp(1);
    const double pages = GetCounter("sgsn", "procedures_given_up");
    m_network->GetGprsCells()[0]->SetInService(false);
    GetSgsn()->DetachStation(m_stations[0]->GetImsi(),
                             MtDetachType::REATTACH_NOT_REQUIRED,
                             GmmSmCause::GPRS_NOT_ALLOWED);
    RunFor(Seconds(29));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up") - pages, 0);
    RunFor(Seconds(2));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up") - pages, 1);
}

// 6.1.3.4.1: a station deactivates its context, stays attached, and may activate another
TEST_F(GprsProcedures, AStationDeactivatesItsContext)
{
    BuildUp(1);
    m_stations[0]->BringDown();
    RunFor(Seconds(10));
    EXPECT_EQ(GetState(), State::ATTACHED);
    EXPECT_FALSE(m_stations[0]->IsUp());
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address::GetAny());
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 0U);
    EXPECT_FALSE(m_stations[0]->SendPacket(Create<Packet>(100)));
    BringUp(0);
    RunFor(Seconds(10));
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.3")); // addresses go round
    EXPECT_EQ(Ping(0, 3), 3U);
}

// 6.1.3.4.2: the network deactivates a context for a cause
TEST_F(GprsProcedures, TheNetworkDeactivatesAContext)
{
    BuildUp(1);
    GetSgsn()->DeactivateContext(m_stations[0]->GetImsi(),
                                 NSAPI,
                                 GmmSmCause::OPERATOR_DETERMINED_BARRING);
    RunFor(Seconds(10));
    EXPECT_EQ(GetState(), State::ATTACHED);
    EXPECT_EQ(m_losses, Losses{"pdp context deactivated, cause 8"});
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 0U);
}

// 6.1.3.4.2: a context is asked for again at once if the network says so, with a new address
TEST_F(GprsProcedures, AContextIsActivatedAgainWhenTheNetworkWantsIt)
{
    BuildUp(1);
    GetSgsn()->DeactivateContext(m_stations[0]->GetImsi(),
                                 NSAPI,
                                 GmmSmCause::REACTIVATION_REQUIRED);
    RunFor(Seconds(10));
    EXPECT_EQ(GetState(), State::CONTEXT_ACTIVE);
    EXPECT_EQ(m_losses, Losses{"pdp context deactivated, cause 39"});
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.3"));
    EXPECT_EQ(Ping(0, 3), 3U);
}

// 6.1.3.4.3: T3395 (8 s) expires five times, and the SGSN forgets the context
TEST_F(GprsProcedures, ADeactivationOfTheNetworkGoesOnFiveTimes)
{
    BuildUp(1);
    m_network->GetGprsCells()[0]->SetInService(false);
    GetSgsn()->DeactivateContext(m_stations[0]->GetImsi(), NSAPI, GmmSmCause::REGULAR_DEACTIVATION);
    RunFor(Seconds(39));
    EXPECT_EQ(GetCounter("sgsn", "pdp_contexts"), 1);
    RunFor(Seconds(2));
    EXPECT_EQ(GetCounter("sgsn", "pdp_contexts"), 0);
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 1);
}

// 6.1.3.3: either side changes the quality of service
TEST_F(GprsProcedures, EitherSideModifiesAContext)
{
    BuildUp(1);
    QosProfile qos;
    qos.delayClass = 2;
    m_stations[0]->Modify(qos);
    RunFor(Seconds(10));
    EXPECT_EQ(m_stations[0]->GetQos(), qos);
    qos.delayClass = 1;
    GetSgsn()->ModifyContext(m_stations[0]->GetImsi(), NSAPI, qos);
    RunFor(Seconds(10));
    EXPECT_EQ(m_stations[0]->GetQos(), qos);
    EXPECT_EQ(GetCounter("sgsn", "pdp_modifications"), 2);
    EXPECT_EQ(Ping(0, 3), 3U);
}

// 6.1.3.3.4: T3381 (8 s) expires five times, and the context stays as it was
TEST_F(GprsProcedures, AModificationWithoutAnAnswerChangesNothing)
{
    BuildUp(1);
    const QosProfile before = m_stations[0]->GetQos();
    QosProfile qos;
    qos.delayClass = 2;
    m_network->GetGprsCells()[0]->SetInService(false);
    m_stations[0]->Modify(qos);
    RunFor(Seconds(41));
    EXPECT_EQ(m_stations[0]->GetQos(), before);
    EXPECT_EQ(GetState(), State::CONTEXT_ACTIVE);
    m_network->GetGprsCells()[0]->SetInService(true);
    EXPECT_EQ(Ping(0, 3), 3U);
}

// 6.1.3.3.4: T3386 (8 s) expires five times, likewise
TEST_F(GprsProcedures, AModificationOfTheNetworkGoesOnFiveTimes)
{
    BuildUp(1);
    const QosProfile before = m_stations[0]->GetQos();
    QosProfile qos;
    qos.delayClass = 2;
    m_network->GetGprsCells()[0]->SetInService(false);
    GetSgsn()->ModifyContext(m_stations[0]->GetImsi(), NSAPI, qos);
    RunFor(Seconds(39));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 0);
    RunFor(Seconds(2));
    EXPECT_EQ(GetCounter("sgsn", "procedures_given_up"), 1);
    EXPECT_EQ(GetCounter("sgsn", "pdp_modifications"), 0);
    EXPECT_EQ(m_stations[0]->GetQos(), before);
    m_network->GetGprsCells()[0]->SetInService(true);
    EXPECT_EQ(Ping(0, 3), 3U);
}

// TS 23.007 12.1, TS 29.060 7.3.7: the GGSN restarts, the first packet shows that a context is
// gone, and the station is told to activate it again
TEST_F(GprsProcedures, AContextComesBackAfterTheGgsnHasRestarted)
{
    BuildUp(1);
    m_network->GetGgsn()->SetInService(false);
    RunFor(Seconds(5));
    m_network->GetGgsn()->SetInService(true);
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 0U);
    EXPECT_LT(Ping(0, 10), 10U); // some are lost meanwhile
    EXPECT_EQ(m_losses, Losses{"pdp context deactivated, cause 39"});
    EXPECT_EQ(GetCounter("ggsn", "gtp_error_indications"), 1);
    EXPECT_EQ(GetState(), State::CONTEXT_ACTIVE);
    EXPECT_EQ(Ping(0, 3), 3U);
}

// TS 29.060 7.2.2, TS 23.007 12.1: the restart counter of a response tells of all contexts
TEST_F(GprsProcedures, TheRestartCounterTellsOfAllContexts)
{
    BuildUp(3);
    m_stations[2]->BringDown();
    RunFor(Seconds(10));
    m_network->GetGgsn()->SetInService(false);
    m_network->GetGgsn()->SetInService(true);
    m_losses.clear();
    BringUp(2); // its Create PDP Context Response carries the new counter
    RunFor(Seconds(30));
    EXPECT_EQ(m_losses, Losses(2, "pdp context deactivated, cause 39"));
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 3U);
    for (uint32_t phone = 0; phone < 3; ++phone)
    {
        EXPECT_EQ(GetState(phone), State::CONTEXT_ACTIVE);
        EXPECT_EQ(Ping(phone, 2), 2U);
    }
}

// TS 23.007 10: the SGSN restarts; a station that sends user data is told to attach again
TEST_F(GprsProcedures, AStationAttachesAgainAfterTheSgsnHasRestarted)
{
    BuildUp(1);
    GetSgsn()->SetInService(false);
    RunFor(Seconds(5));
    GetSgsn()->SetInService(true);
    EXPECT_EQ(Ping(0, 3), 0U);
    EXPECT_EQ(GetState(), State::CONTEXT_ACTIVE);
    EXPECT_EQ(m_losses, Losses{"gprs detached, cause 10"});
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 1U); // the old one was replaced
    EXPECT_EQ(Ping(0, 3), 3U);
}

// TS 29.060 7.3.7: packets for a station that the restarted SGSN does not know end its context
TEST_F(GprsProcedures, TheGgsnDropsAContextThatTheSgsnHasForgotten)
{
    BuildUp(1);
    GetSgsn()->SetInService(false);
    GetSgsn()->SetInService(true);
    auto sender = Socket::CreateSocket(m_network->GetServer(), UdpSocketFactory::GetTypeId());
    sender->Bind();
    sender->SendTo(Create<Packet>(10), 0, InetSocketAddress(Ipv4Address("10.0.0.2"), 9));
    RunFor(Seconds(5));
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 0U);
    EXPECT_EQ(GetCounter("sgsn", "gtp_error_indications"), 1);
}

// TS 29.060 7.6, 7.3.1: a request that is repeated is answered again, and makes no second context
TEST_F(GprsProcedures, ARepeatedRequestCostsNoSecondAddress)
{
    Set("Sgsn::T3Response", TimeValue(MilliSeconds(100))); // the GGSN takes 200 ms
    Build(1);
    BringUp(0);
    RunFor(Seconds(20));
    EXPECT_TRUE(m_outcomes[0].up);
    EXPECT_GE(GetCounter("sgsn", "gtp_requests_repeated"), 1);
    EXPECT_EQ(GetCounter("ggsn", "pdp_contexts_created"), 1);
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.2"));
}

// What came back can be given again: a pool of one address serves one station after the other.
TEST_F(GprsProcedures, AnAddressIsGivenAgain)
{
    Set("Ggsn::AccessPoints", StringValue("internet=10.0.0.0/30"));
    Build(2);
    BringUp(0);
    RunFor(Seconds(20));
    ASSERT_TRUE(m_outcomes[0].up);
    BringUp(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_outcomes[1].cause, "pdp activation rejected, cause 26");
    m_stations[0]->Detach();
    RunFor(Seconds(10));
    BringUp(1);
    RunFor(Seconds(20));
    EXPECT_TRUE(m_outcomes[1].up);
    EXPECT_EQ(m_stations[1]->GetAddress(), Ipv4Address("10.0.0.2"));
}

// TS 24.008 6.1.3.1.3: insufficient resources
TEST_F(GprsProcedures, TheSgsnHasRoomForSoManyContexts)
{
    Set("Sgsn::MaxPdpContexts", UintegerValue(1));
    Build(2);
    BringUp(0);
    RunFor(Seconds(20));
    BringUp(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_outcomes[1].cause, "pdp activation rejected, cause 26");
    EXPECT_EQ(GetState(1), State::ATTACHED);
}

// Two access points give addresses of their own networks.
TEST_F(GprsProcedures, EachAccessPointHasItsPool)
{
    Set("Ggsn::AccessPoints", StringValue("internet=10.0.0.0/8 wap=192.168.7.0/24"));
    Build(2);
    m_stations[1]->SetAttribute("Apn", StringValue("wap"));
    BringUp(0);
    BringUp(1);
    RunFor(Seconds(20));
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.0.0.2"));
    EXPECT_EQ(m_stations[1]->GetAddress(), Ipv4Address("192.168.7.2"));
    EXPECT_EQ(Ping(0, 2), 2U);
    EXPECT_EQ(Ping(1, 2), 2U);
}

// TS 24.008 9.5.1: a static address is one of the pool that nobody else has, or none: cause 28
TEST_F(GprsProcedures, AStationAsksForItsStaticAddress)
{
    Build(4);
    m_stations[0]->SetAttribute("StaticAddress", Ipv4AddressValue("10.1.2.3"));
    m_stations[1]->SetAttribute("StaticAddress", Ipv4AddressValue("10.1.2.3"));
    m_stations[2]->SetAttribute("StaticAddress", Ipv4AddressValue("192.168.0.1"));
    for (uint32_t phone = 0; phone < 4; ++phone)
    {
        BringUp(phone);
        RunFor(Seconds(20));
    }
    EXPECT_EQ(m_stations[0]->GetAddress(), Ipv4Address("10.1.2.3"));
    EXPECT_EQ(m_outcomes[1].cause, "pdp activation rejected, cause 28");
    EXPECT_EQ(m_outcomes[2].cause, "pdp activation rejected, cause 28");
    EXPECT_EQ(m_stations[3]->GetAddress(), Ipv4Address("10.0.0.2"));
    EXPECT_EQ(Ping(0, 2), 2U);
}

// The operator ends a context that carries nothing; one in use stays.
TEST_F(GprsProcedures, TheOperatorEndsIdleContexts)
{
    Set("Ggsn::IdleTimeout", TimeValue(Seconds(100)));
    BuildUp(2);
    Pinger pinger(m_network, m_stations[1], 32);
    for (int n = 0; n < 10; ++n)
    {
        Simulator::Schedule(Seconds(30 * n), &Pinger::Send, &pinger);
    }
    RunFor(Seconds(300));
    EXPECT_EQ(GetState(0), State::ATTACHED);
    EXPECT_EQ(GetState(1), State::CONTEXT_ACTIVE);
    EXPECT_EQ(pinger.GetRoundTrips().size(), 10U);
    EXPECT_EQ(GetCounter("ggsn", "pdp_contexts_idle_deleted"), 1);
    EXPECT_EQ(m_losses, Losses{"pdp context deactivated, cause 36"}); // regular deactivation
    RunFor(Seconds(200));
    EXPECT_EQ(GetState(1), State::ATTACHED);
}

namespace
{

/// Sends datagrams from one phone to another; @return how many arrive.
uint32_t
CountBetweenPhones(Ptr<GprsMobileStation> from, Ptr<GprsMobileStation> to, uint32_t count)
{
    uint32_t arrived = 0;
    auto sink = Socket::CreateSocket(to->GetObject<Node>(), UdpSocketFactory::GetTypeId());
    sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), 9));
    sink->SetRecvCallback(Callback<void, Ptr<Socket>>([&arrived](Ptr<Socket> socket) {
        while (socket->Recv())
        {
            ++arrived;
        }
    }));
    auto source = Socket::CreateSocket(from->GetObject<Node>(), UdpSocketFactory::GetTypeId());
    source->Bind();
    for (uint32_t n = 0; n < count; ++n)
    {
        source->SendTo(Create<Packet>(20), 0, InetSocketAddress(to->GetAddress(), 9));
    }
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    sink->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    return arrived;
}

} // namespace

// What one station sends to another goes straight on, out and back over Gi, or nowhere.
TEST_F(GprsProcedures, PacketsBetweenStationsGoAsTheOperatorWants)
{
    struct Case
    {
        MsToMsPolicy policy;
        uint32_t arrived;
    };

    for (const auto& [policy, arrived] :
         std::vector<Case>{{MS_TO_MS_ALLOWED, 3}, {MS_TO_MS_HAIRPINNED, 3}, {MS_TO_MS_BARRED, 0}})
    {
        Set("Ggsn::MsToMs", EnumValue(policy));
        BuildUp(2);
        EXPECT_EQ(CountBetweenPhones(m_stations[0], m_stations[1], 3), arrived) << policy;
        EXPECT_EQ(GetCounter("ggsn", "ms_to_ms_barred"), 3 - arrived);
        EXPECT_EQ(Ping(0, 2), 2U); // the server can be reached all the same
        TearDown();
        m_outcomes.clear();
        SetUp();
    }
}

// TS 24.008 4.7.5.1: a station in STANDBY updates its routing area each T3312, which begins when
// READY ends; the SGSN's answer and the last octet of the update make it READY again.
TEST_F(GprsProcedures, AStationUpdatesPeriodically)
{
    Set("Sgsn::T3312", TimeValue(Minutes(6)));
    Build(1);
    m_stations[0]->Attach();
    RunFor(Minutes(60));
    const double updates = GetCounter("sgsn", "routing_area_updates");
    EXPECT_GE(updates, 8);
    EXPECT_LE(updates, 60 / 6.5);
    EXPECT_EQ(GetState(), State::ATTACHED);
}

// 4.7.5.1.4: a station whose update finds nothing attaches again
TEST_F(GprsProcedures, APeriodicUpdateFindsTheRestartOfTheSgsn)
{
    Set("Sgsn::T3312", TimeValue(Minutes(6)));
    Build(1);
    m_stations[0]->Attach();
    RunFor(Minutes(3));
    GetSgsn()->SetInService(false);
    GetSgsn()->SetInService(true);
    EXPECT_FALSE(GetSgsn()->IsRegistered(m_stations[0]->GetImsi()));
    RunFor(Minutes(6));
    EXPECT_TRUE(GetSgsn()->IsRegistered(m_stations[0]->GetImsi()));
    EXPECT_EQ(GetState(), State::ATTACHED);
}

// TS 29.060: tshark reads each message that these procedures put on Gn, and in G-PDUs the packets
// of the stations as they were sent.
TEST_F(GprsProcedures, TsharkReadsWhatGoesOverGn)
{
    using ::p2pim::oracle::Capture;
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    Build(2);
    Capture gn(Capture::Link::RAW_IP);
    for (const char* trace : {"Tx", "Rx"})
    {
        m_network->GetGnDevice()->TraceConnectWithoutContext(
            trace,
            Callback<void, Ptr<const Packet>>(
                [&gn](Ptr<const Packet> packet) { gn.Add(ToOctets(packet)); }));
    }
    BringUp(0);
    BringUp(1);
    RunFor(Seconds(20));
    QosProfile qos;
    qos.delayClass = 2;
    m_stations[0]->Modify(qos);
    constexpr uint32_t pings = 5;
    EXPECT_EQ(Ping(0, pings), pings);
    m_stations[1]->BringDown();
    m_network->GetGgsn()->SetInService(false);
    m_network->GetGgsn()->SetInService(true);
    Ping(0, 2); // the first one meets a GGSN that does not know it
    EXPECT_EQ(gn.FindFaults(), std::vector<std::string>{});
    std::set<std::string> types;
    uint32_t carried = 0; // UDP over IP over GTP over UDP, 32 octets
    for (const auto& frame : gn.Dissect({"gtp.message", "ip.dst", "udp.dstport", "udp.length"}))
    {
        types.insert(frame[0]);
        const bool ping = frame[1] == "172.16.0.2,203.0.113.2" && frame[2] == "2152,7";
        carried += ping && frame[3] == "76,40" ? 1 : 0;
    }
    // create, update, delete: requests and responses; error indication, G-PDU
    EXPECT_EQ(
        types,
        (std::set<std::string>{"0x10", "0x11", "0x12", "0x13", "0x14", "0x15", "0x1a", "0xff"}));
    EXPECT_GE(carried, pings + 1);
}
