// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * 200 faults, 40 of each of five kinds, in moments that move on by a prime number of milliseconds:
 * the phone sees the standard's cause, and works again.
 */
#include "tests/gprs/gprs-procedures.h"

#include "ns3/double.h"
#include "ns3/ipv4.h"
#include "ns3/network-faults.h"
#include "ns3/string.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr int FAULTS = 40; ///< of a kind

class GprsFaults : public GprsProcedures
{
  protected:
    void SetCell(bool inService)
    {
        m_network->GetGprsCells()[0]->SetInService(inService);
    }

    /// Asks for the bearer. @return what came of it after @p time: the cause, or nothing.
    std::string TryBearer(uint32_t phone, Time time)
    {
        m_outcomes[phone] = Outcome();
        BringUp(phone);
        RunFor(time);
        return m_outcomes[phone].up ? "" : m_outcomes[phone].cause;
    }

    void ExpectWorks(uint32_t phone, int fault)
    {
        EXPECT_EQ(GetState(phone), State::CONTEXT_ACTIVE) << fault;
        EXPECT_EQ(Ping(phone, 2), 2U) << fault;
    }

    /// The next @p count Create PDP Context Responses are lost: the GGSN's end of Gn is down from
    /// after the request until before the next one. Its context is created all the same.
    void LoseResponses(int count)
    {
        m_toLose = count;
    }

    void WatchGn()
    {
        m_network->GetGnDevice()->TraceConnectWithoutContext(
            "Tx",
            Callback<void, Ptr<const Packet>>([this](Ptr<const Packet> packet) { Sent(packet); }));
    }

  private:
    void Sent(Ptr<const Packet> packet)
    {
        constexpr std::size_t type = 20 + 8 + 1; // behind IPv4 and UDP, octet 2 of GTP
        constexpr uint8_t createRequest = 16;
        const Octets octets = ToOctets(packet);
        if (m_toLose > 0 && octets.size() > type && octets[type] == createRequest)
        {
            --m_toLose;
            constexpr uint32_t gn = 1; // the first interface
            const auto ipv4 = m_network->GetGgsn()->GetObject<Ipv4>();
            Simulator::Schedule(MilliSeconds(100), &Ipv4::SetDown, ipv4, gn);
            Simulator::Schedule(Seconds(4), &Ipv4::SetUp, ipv4, gn);
        }
    }

    int m_toLose = 0;
};

} // namespace

// TS 23.007 12.1: reactivation required (39), which the phone does by itself
TEST_F(GprsFaults, RestartsOfTheGgsn)
{
    BuildUp(1);
    for (int n = 1; n <= FAULTS; ++n)
    {
        RunFor(MilliSeconds(137 * n));
        m_network->GetGgsn()->SetInService(false);
        RunFor(MilliSeconds(59 * n));
        m_network->GetGgsn()->SetInService(true);
        Ping(0, 3); // the first packet meets a GGSN that does not know it
        ASSERT_EQ(m_losses,
                  Losses(static_cast<std::size_t>(n), "pdp context deactivated, cause 39"));
        ExpectWorks(0, n);
    }
    EXPECT_EQ(GetCounter("ggsn", "restarts"), FAULTS);
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 1U);
    ExpectConservation();
}

// TS 24.008 4.7.3.1.5, 6.1.3.1.5: five times T3310 (15 s) or T3380 (30 s) without an answer
TEST_F(GprsFaults, OutagesOfTheCell)
{
    BuildUp(1);
    for (int n = 1; n <= FAULTS; ++n)
    {
        const bool attached = n % 2 == 0;
        attached ? m_stations[0]->BringDown() : m_stations[0]->Detach();
        RunFor(Seconds(10) + MilliSeconds(137 * n));
        SetCell(false);
        EXPECT_EQ(TryBearer(0, Seconds(attached ? 151 : 76)),
                  attached ? "pdp activation timeout" : "gprs attach timeout")
            << n;
        SetCell(true);
        RunFor(Seconds(30)); // T3311: the phone attaches by itself
        EXPECT_NE(GetState(), State::DETACHED) << n;
        EXPECT_EQ(TryBearer(0, Seconds(30)), "") << n;
        ExpectWorks(0, n);
    }
    ExpectConservation();
}

// TS 24.008 6.1.3.1.3: insufficient resources (26) until somebody gives an address back
TEST_F(GprsFaults, ExhaustedPools)
{
    Set("Ggsn::AccessPoints", StringValue("internet=10.0.0.0/30")); // one address
    Build(2);
    EXPECT_EQ(TryBearer(0, Seconds(20)), "");
    for (int n = 1; n <= FAULTS; ++n)
    {
        const uint32_t has = n % 2 == 1 ? 0 : 1;
        const uint32_t wants = 1 - has;
        RunFor(MilliSeconds(137 * n));
        EXPECT_EQ(TryBearer(wants, Seconds(20)), "pdp activation rejected, cause 26") << n;
        m_stations[has]->BringDown();
        RunFor(Seconds(10));
        EXPECT_EQ(TryBearer(wants, Seconds(20)), "") << n;
        ExpectWorks(wants, n);
    }
    EXPECT_EQ(GetCounter("ggsn", "pdp_contexts_rejected"), FAULTS);
    ExpectConservation();
}

// TS 29.060 7.6: five responses lost, N3-REQUESTS: network failure (38); fewer cost only time. The
// context that the GGSN has made is found again, or replaced: it has one address all the time.
TEST_F(GprsFaults, LostCreateResponses)
{
    Set("Ggsn::AccessPoints", StringValue("internet=10.0.0.0/30"));
    Build(1);
    WatchGn();
    for (int n = 1; n <= FAULTS; ++n)
    {
        const int lost = 1 + n % 5;
        RunFor(MilliSeconds(137 * n));
        LoseResponses(lost);
        EXPECT_EQ(TryBearer(0, Seconds(45)), lost == 5 ? "pdp activation rejected, cause 38" : "")
            << n;
        EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 1U) << n;
        if (lost == 5)
        {
            EXPECT_EQ(TryBearer(0, Seconds(20)), "") << n;
        }
        ExpectWorks(0, n);
        m_stations[0]->BringDown();
        RunFor(Seconds(10));
    }
    ExpectConservation();
}

// TS 24.008 4.7.4: in mid-transfer the network detaches, to attach again (implicitly detached, 10)
// or for now (congestion, 22), or the phone does
TEST_F(GprsFaults, DetachesInMidTransfer)
{
    BuildUp(1);
    Losses expected;
    for (int n = 1; n <= FAULTS; ++n)
    {
        Pinger pinger(m_network, m_stations[0], 400);
        for (int ping = 0; ping < 40; ++ping)
        {
            Simulator::Schedule(MilliSeconds(100 * ping), &Pinger::Send, &pinger);
        }
        RunFor(Seconds(2) + MilliSeconds(37 * n));
        const uint64_t imsi = m_stations[0]->GetImsi();
        switch (n % 3)
        {
        case 0:
            GetSgsn()->DetachStation(imsi,
                                     MtDetachType::REATTACH_REQUIRED,
                                     GmmSmCause::IMPLICITLY_DETACHED);
            expected.emplace_back("gprs detached, cause 10");
            break;
        case 1:
            GetSgsn()->DetachStation(imsi,
                                     MtDetachType::REATTACH_NOT_REQUIRED,
                                     GmmSmCause::CONGESTION);
            expected.emplace_back("gprs detached, cause 22");
            break;
        default:
            m_stations[0]->Detach();
            expected.emplace_back("gprs detached");
            break;
        }
        RunFor(Seconds(30));
        ASSERT_EQ(m_losses, expected);
        EXPECT_LT(pinger.GetRoundTrips().size(), 40U) << n;
        EXPECT_EQ(GetState(), n % 3 == 0 ? State::CONTEXT_ACTIVE : State::DETACHED) << n;
        EXPECT_EQ(TryBearer(0, Seconds(20)), "") << n;
        ExpectWorks(0, n);
    }
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), 1U);
    ExpectConservation();
}

// Outages of cell, SGSN and GGSN, 200 more: whatever they break in whatever moment, each phone
// works again.
TEST_F(GprsFaults, EachPhoneWorksAgainAfterTheFaults)
{
    constexpr uint32_t phones = 20;
    Build(phones);
    auto faults = CreateObject<NetworkFaults>();
    faults->AssignStreams(1000);
    for (const char* kind : {"Cell", "Sgsn", "Ggsn"})
    {
        faults->SetAttribute(std::string(kind) + "Outages", DoubleValue(90));
        faults->SetAttribute(std::string(kind) + "OutageTime",
                             StringValue("ns3::ExponentialRandomVariable[Mean=5]"));
    }
    faults->Start(m_network);
    for (uint32_t phone = 0; phone < phones; ++phone)
    {
        // an application that wants the bearer, and sends
        for (uint32_t n = 0; n < 300; ++n)
        {
            Simulator::Schedule(Seconds(10 * n + phone), [this, phone]() {
                BringUp(phone);
                m_stations[phone]->SendPacket(Create<Packet>(200));
            });
        }
    }
    RunFor(Seconds(3000));
    double sum = 0;
    for (const auto& counter : faults->GetCounters())
    {
        sum += counter.first.find("_outages") != std::string::npos ? counter.second : 0;
    }
    EXPECT_GE(sum, 200);
    faults->Dispose(); // no further ones; what is out of service comes back
    m_network->GetGprsCells()[0]->SetInService(true);
    m_network->GetGsmCells()[0]->SetInService(true);
    GetSgsn()->SetInService(true);
    m_network->GetGgsn()->SetInService(true);
    RunFor(Minutes(3)); // T3310, T3380 and their repetitions
    for (uint32_t phone = 0; phone < phones; ++phone)
    {
        Ping(phone, 1); // shows the network what it has forgotten
        BringUp(phone);
        RunFor(Seconds(60));
        EXPECT_TRUE(m_stations[phone]->IsUp()) << phone;
        EXPECT_EQ(Ping(phone, 2), 2U) << phone;
    }
    const std::vector<std::string> causes{"",
                                          "gprs attach timeout",
                                          "gprs detached, cause 10",
                                          "pdp activation timeout",
                                          "pdp activation rejected, cause 38"};
    for (const Outcome& outcome : m_outcomes)
    {
        EXPECT_NE(std::find(causes.begin(), causes.end(), outcome.cause), causes.end())
            << outcome.cause;
    }
    EXPECT_EQ(m_network->GetGgsn()->GetContexts(), phones);
    RunFor(Minutes(2));
    ExpectConservation();
}
