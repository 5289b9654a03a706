// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/gprs-world.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

using GprsAssignment = GprsWorld;

// TS 44.060 13.2: while T3193 runs the network takes the station to be on its PDCH. After the
// station's T3192 an assignment there is not heard; with T3193 over it is sent on the AGCH.
TEST_F(GprsAssignment, AnAssignmentBetweenT3192AndT3193IsNotHeard)
{
    for (const double t3193 : {0.6, 20.0})
    {
        Set("GprsCell::T3193", TimeValue(Seconds(t3193)));
        Build(1);
        BringUp(0);
        RunFor(Seconds(10));
        Pinger pinger(m_network, m_stations[0], 100);
        pinger.Send();
        RunFor(Seconds(8)); // more than T3192 after the last downlink block
        const double before = GetCounter("cell-0", "assignments_lost");
        pinger.Send();
        RunFor(Seconds(60));
        EXPECT_EQ(pinger.GetRoundTrips().size(), 2U);
        const double lost = GetCounter("cell-0", "assignments_lost") - before;
        EXPECT_EQ(lost > 0, t3193 > 8) << t3193;
        TearDown();
    }
}
