// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-world.h"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <numeric>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// A phone that pings in a cell where others download.
class DelayClass : public GprsWorld
{
  protected:
    static constexpr uint32_t PINGS = 30;

    /// @return the mean round trip of the phone with a delay class, s.
    double Ping(uint8_t delayClass, bool loaded)
    {
        constexpr uint32_t phones = 6;
        Set("GprsCell::Pdchs", UintegerValue(1));
        Build(phones);
        m_stations[0]->SetAttribute("DelayClass", UintegerValue(delayClass));
        for (uint32_t phone = 0; phone < phones; ++phone)
        {
            BringUp(phone);
        }
        RunFor(Seconds(30));
        EXPECT_TRUE(m_outcomes[0].up) << m_outcomes[0].cause;
        const auto cell = m_network->GetGprsCells()[0];
        for (uint32_t phone = 1; loaded && phone < phones; ++phone)
        {
            for (int n = 0; n < 600; ++n)
            {
                cell->SendDownlink(m_stations[phone], {Create<Packet>(1500)});
            }
        }
        Pinger pinger(m_network, m_stations[0], 400);
        for (uint32_t n = 0; n < PINGS; ++n)
        {
            Simulator::Schedule(Seconds(10 * n), &Pinger::Send, &pinger);
        }
        RunFor(Seconds(10 * PINGS + 20));
        const auto times = pinger.GetRoundTrips();
        EXPECT_EQ(times.size(), PINGS);
        TearDown();
        m_outcomes.clear();
        SetUp();
        return std::accumulate(times.begin(), times.end(), 0.0) / PINGS;
    }
};

} // namespace

// Five downloads have the PDCH, and the ping's 409 octets take 14 blocks of CS-2: the sixth of a
// fully shared one for best effort, 5 * 14 * 20 ms = 1.4 s more, and all of it for class 1.
TEST_F(DelayClass, ABetterOneDoesNotWaitForDownloads)
{
    const double alone = Ping(BEST_EFFORT, false);
    const double last = Ping(BEST_EFFORT, true);
    const double first = Ping(1, true);
    EXPECT_NEAR(last - alone, 5 * 14 * 0.02, 0.3);
    EXPECT_NEAR(first, alone, 0.1);
}
