// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-world.h"

#include "ns3/ggsn.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

class GgsnCharging : public GprsWorld
{
  protected:
    void Keep(const GgsnChargingRecord& record)
    {
        m_records.push_back(record);
    }

    void Build(uint32_t phones)
    {
        GprsWorld::Build(phones);
        m_network->GetGgsn()->TraceConnectWithoutContext("ChargingRecord",
                                                         MakeCallback(&GgsnCharging::Keep, this));
    }

    std::vector<GgsnChargingRecord> m_records;
};

} // namespace

// a datagram of 100 octets is an IP packet of 128 (RFC 791, RFC 768): three up and three down
TEST_F(GgsnCharging, ARecordTellsWhatTheContextHasCarried)
{
    Set("Ggsn::AccessPoints", StringValue("internet=10.0.0.0/8 wap=192.168.0.0/24"));
    Build(1);
    BringUp(0);
    RunFor(Seconds(10));
    ASSERT_TRUE(m_outcomes[0].up);
    const auto address = m_stations[0]->GetAddress();
    Pinger pinger(m_network, m_stations[0], 100);
    for (int n = 0; n < 3; ++n)
    {
        pinger.Send();
        RunFor(Seconds(5));
    }
    ASSERT_EQ(pinger.GetRoundTrips().size(), 3U);
    EXPECT_TRUE(m_records.empty());
    EXPECT_EQ(GetCounter("ggsn", "charged_internet_uplink_octets"), 384);
    EXPECT_EQ(GetCounter("ggsn", "charged_internet_downlink_octets"), 384);
    EXPECT_EQ(GetCounter("ggsn", "charged_wap_uplink_octets"), 0);

    m_stations[0]->BringDown();
    RunFor(Seconds(10));
    ASSERT_EQ(m_records.size(), 1U);
    const auto& record = m_records.front();
    EXPECT_EQ(record.imsi, m_stations[0]->GetImsi());
    EXPECT_EQ(record.apn, "internet");
    EXPECT_EQ(record.address, address);
    EXPECT_EQ(record.uplinkOctets, 384U);
    EXPECT_EQ(record.downlinkOctets, 384U);
    // it was opened before the phone knew, and closed after it asked at 25 s
    EXPECT_LT(record.opened, m_outcomes[0].done);
    EXPECT_GT(record.opened + record.duration, Seconds(25));
    EXPECT_LT(record.opened + record.duration, Seconds(28));
    // what has ended stays on the bill
    EXPECT_EQ(GetCounter("ggsn", "charged_internet_uplink_octets"), 384);
}

// each context has a record of its own, with a charging ID of its own (TS 29.060 7.7.26)
TEST_F(GgsnCharging, ARestartClosesAllRecords)
{
    Build(3);
    for (uint32_t n = 0; n < 3; ++n)
    {
        BringUp(n);
    }
    RunFor(Seconds(20));
    m_network->GetGgsn()->SetInService(false);
    m_network->GetGgsn()->SetInService(true);
    ASSERT_EQ(m_records.size(), 3U);
    EXPECT_NE(m_records[0].chargingId, m_records[1].chargingId);
    EXPECT_NE(m_records[1].chargingId, m_records[2].chargingId);
}

// the area below the number of contexts is the sum of their durations; one is not over
TEST_F(GgsnCharging, ContextsHaveTheirMeanOverTime)
{
    Build(3);
    for (uint32_t n = 0; n < 3; ++n)
    {
        BringUp(n);
        RunFor(Seconds(10));
    }
    m_stations[0]->BringDown();
    m_stations[2]->BringDown();
    RunFor(Seconds(10));
    ASSERT_EQ(m_records.size(), 2U);
    const Time now = Simulator::Now();
    Time area = m_records[0].duration + m_records[1].duration;
    m_network->GetGgsn()->SetInService(false);
    m_network->GetGgsn()->SetInService(true);
    ASSERT_EQ(m_records.size(), 3U);
    area += m_records[2].duration;
    EXPECT_NEAR(GetCounter("ggsn", "pdp_contexts_mean") * now.GetSeconds(),
                area.GetSeconds(),
                1e-6);
    EXPECT_EQ(GetCounter("ggsn", "pdp_contexts_peak"), 3);
}
