// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/data-rate.h"
#include "ns3/simulator.h"
#include "ns3/ss7-network.h"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Three points behind links of 64 kbit/s, 50 ms apart: 100 octets take 12.5 ms on a link.
class Ss7NetworkTest : public testing::Test
{
  protected:
    Ss7NetworkTest()
    {
        m_network->SetAttribute("Delay", TimeValue(MilliSeconds(50)));
        m_network->SetAttribute("LinkRate", DataRateValue(DataRate("64kb/s")));
    }

    ~Ss7NetworkTest() override
    {
        Simulator::Destroy();
    }

    void SendAt(Time at, Ss7Network::Point from, Ss7Network::Point to, int number = 0)
    {
        Simulator::Schedule(at, Callback<void>([this, from, to, number]() {
                                m_network->Send(from, to, 100, Callback<void>([this, number]() {
                                                    m_arrived[number] = Simulator::Now();
                                                }));
                            }));
    }

    void SetServiceAt(Time at, Ss7Network::Point point, bool inService)
    {
        Simulator::Schedule(at, &Ss7Network::SetInService, m_network, point, inService);
    }

    double Get(const std::string& name) const
    {
        for (const auto& counter : m_network->GetCounters())
        {
            if (counter.first == name)
            {
                return counter.second;
            }
        }
        return -1;
    }

    Ptr<Ss7Network> m_network = CreateObject<Ss7Network>();
    Ss7Network::Point m_msc = m_network->AddPoint("msc");
    Ss7Network::Point m_hlr = m_network->AddPoint("hlr");
    Ss7Network::Point m_smsc = m_network->AddPoint("smsc");
    std::map<int, Time> m_arrived; ///< by number
};

} // namespace

// 800 bits at 64 kbit/s onto the sender's link and off the receiver's, and the delay between.
TEST_F(Ss7NetworkTest, TakesBothLinksAndTheDelay)
{
    SendAt(Seconds(1), m_msc, m_smsc);
    Simulator::Run();
    EXPECT_EQ(m_arrived[0], Seconds(1) + MilliSeconds(50) + MicroSeconds(2 * 12500));
    EXPECT_EQ(Simulator::GetEventCount(), 2U); // that which sends, and the arrival
    EXPECT_EQ(Get("msc_sent"), 1);
    EXPECT_EQ(Get("msc_octets"), 100);
}

// Messages at one time leave one after the other, in their order; those of another sender wait at
// the receiver's link only.
TEST_F(Ss7NetworkTest, QueuesAtTheSendersLinkAndAtTheReceivers)
{
    SendAt(Seconds(1), m_msc, m_smsc, 0);
    SendAt(Seconds(1), m_msc, m_smsc, 1);
    SendAt(Seconds(1), m_hlr, m_smsc, 2);
    Simulator::Run();
    EXPECT_EQ(m_arrived[0], Seconds(1) + MicroSeconds(75000));
    EXPECT_EQ(m_arrived[1], Seconds(1) + MicroSeconds(75000 + 12500));
    EXPECT_EQ(m_arrived[2], Seconds(1) + MicroSeconds(75000 + 2 * 12500));
    EXPECT_DOUBLE_EQ(Get("msc_queue_seconds"), 0.0125);
    EXPECT_DOUBLE_EQ(Get("smsc_queue_seconds"), 0.025);
}

TEST_F(Ss7NetworkTest, LosesWhatMeetsAnOutage)
{
    SetServiceAt(Seconds(2), m_smsc, false);
    SetServiceAt(Seconds(3), m_smsc, true);
    SendAt(Seconds(1), m_msc, m_smsc, 0);                     // before it
    SendAt(Seconds(2) - MilliSeconds(30), m_msc, m_smsc, 1);  // under way when it begins
    SendAt(Seconds(2) + MilliSeconds(100), m_msc, m_smsc, 2); // to it
    SendAt(Seconds(2) + MilliSeconds(100), m_smsc, m_msc, 3); // from it
    SendAt(Seconds(2) + MilliSeconds(100), m_msc, m_hlr, 4);  // it has nothing to do with it
    SendAt(Seconds(3) + MilliSeconds(1), m_msc, m_smsc, 5);   // after it
    Simulator::Run();
    std::vector<int> arrived;
    for (const auto& [number, time] : m_arrived)
    {
        arrived.push_back(number);
    }
    EXPECT_EQ(arrived, (std::vector<int>{0, 4, 5}));
    EXPECT_EQ(Get("msc_lost") + Get("smsc_lost"), 3);
}

// The sender's network tells the delays, each network its link sets' rate: 12.5 ms at 64 kbit/s,
// and half of that at 128 kbit/s.
TEST_F(Ss7NetworkTest, TakesLongerToAnotherOperator)
{
    const auto other = CreateObject<Ss7Network>();
    other->SetAttribute("LinkRate", DataRateValue(DataRate("128kb/s")));
    other->SetAttribute("Delay", TimeValue(MilliSeconds(3)));
    other->SetAttribute("InterOperatorDelay", TimeValue(MilliSeconds(7)));
    m_network->SetAttribute("InterOperatorDelay", TimeValue(MilliSeconds(200)));
    const auto hlr = other->AddPoint("hlr");
    SendAt(Seconds(1), m_smsc, hlr, 0);
    SendAt(Seconds(2), hlr, m_smsc, 1);
    Simulator::Run();
    EXPECT_EQ(m_arrived[0], MilliSeconds(1000 + 50 + 200) + MicroSeconds(12500 + 6250));
    EXPECT_EQ(m_arrived[1], MilliSeconds(2000 + 3 + 7) + MicroSeconds(12500 + 6250));
    EXPECT_EQ(Get("smsc_sent"), 1);
    other->SetInService(hlr, false);
    EXPECT_TRUE(m_network->IsInService(m_msc)); // of the same index in the other network
    EXPECT_FALSE(other->IsInService(hlr));
}

// An outage that is over before the message arrives has lost it all the same.
TEST_F(Ss7NetworkTest, RemembersAShortOutage)
{
    SendAt(Seconds(1), m_msc, m_smsc);
    SetServiceAt(Seconds(1) + MilliSeconds(20), m_smsc, false);
    SetServiceAt(Seconds(1) + MilliSeconds(40), m_smsc, true);
    Simulator::Run();
    EXPECT_TRUE(m_arrived.empty());
}
