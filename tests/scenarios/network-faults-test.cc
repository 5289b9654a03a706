// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gsm/sms-network.h"

#include "ns3/cellular-network.h"
#include "ns3/double.h"
#include "ns3/network-faults.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <gtest/gtest.h>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A network of four cells that nobody uses.
class NetworkFaultsTest : public testing::Test
{
  protected:
    NetworkFaultsTest()
    {
        m_network->SetAttribute("Cells", UintegerValue(4));
        m_network->Build();
        m_faults->AssignStreams(1);
    }

    ~NetworkFaultsTest() override
    {
        Simulator::Destroy();
        m_faults->Dispose();
        m_network->Dispose();
    }

    void RunFor(Time time)
    {
        m_faults->Start(m_network);
        Simulator::Stop(time);
        Simulator::Run();
    }

    double Get(const std::string& name) const
    {
        return SmsNetwork::Get(m_faults->GetCounters(), name);
    }

    Ptr<CellularNetwork> m_network = CreateObject<CellularNetwork>();
    Ptr<NetworkFaults> m_faults = CreateObject<NetworkFaults>();
};

} // namespace

// Poisson, from the end of one outage to the next: 2 an hour of work, 0.5 h each, so one outage in
// an hour, of each of four cells.
TEST_F(NetworkFaultsTest, FailsAsOftenAndAsLongAsItSays)
{
    m_faults->SetAttribute("CellOutages", DoubleValue(2));
    m_faults->SetAttribute("CellOutageTime",
                           StringValue("ns3::ConstantRandomVariable[Constant=1800]"));
    RunFor(Hours(1000));
    EXPECT_NEAR(Get("cell_outages"), 4000, 3 * std::sqrt(4000));
    EXPECT_NEAR(Get("cell_outage_seconds"), Get("cell_outages") * 1800, 1);
    EXPECT_EQ(Get("smsc_outages"), 0);
}

TEST_F(NetworkFaultsTest, PutsEachElementOutOfServiceAndBack)
{
    for (const char* element : {"Cell", "Msc", "Hlr", "Smsc"})
    {
        m_faults->SetAttribute(std::string(element) + "Outages", DoubleValue(3600));
        m_faults->SetAttribute(std::string(element) + "OutageTime",
                               StringValue("ns3::ConstantRandomVariable[Constant=1]"));
    }
    RunFor(Hours(1));
    // a second of work and a second of outage by turns
    for (const char* element : {"msc", "hlr", "smsc"})
    {
        EXPECT_NEAR(Get(std::string(element) + "_outages"), 1800, 200) << element;
    }
    EXPECT_NEAR(Get("cell_outages"), 4 * 1800, 400);
    EXPECT_NEAR(SmsNetwork::Get(m_network->GetSmsc()->GetCounters(), "restarts"),
                Get("smsc_outages"),
                1);
}

TEST_F(NetworkFaultsTest, CostsNothingWithoutFaults)
{
    RunFor(Seconds(1)); // the network starts
    const uint64_t before = Simulator::GetEventCount();
    Simulator::Stop(Hours(1000));
    Simulator::Run();
    EXPECT_EQ(Simulator::GetEventCount(), before + 1); // the end
}
