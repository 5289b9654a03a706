// SPDX-License-Identifier: GPL-2.0-only
#include "gsm/sms-network.h"

#include "ns3/double.h"
#include "ns3/gsm-cell.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <gtest/gtest.h>
#include <ostream>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Erlang's B formula by its recursion: the share blocked of @p load Erlang on @p servers.
double
ErlangB(double load, uint32_t servers)
{
    double blocked = 1;
    for (uint32_t n = 1; n <= servers; ++n)
    {
        blocked = load * blocked / (n + load * blocked);
    }
    return blocked;
}

/// A mean and half its 95 % confidence interval.
struct Estimate
{
    double mean;
    double halfWidth;
};

/// From batch means; 2.09 is Student's t of 19 degrees of freedom at 97.5 %.
Estimate
Average(const std::vector<double>& batches)
{
    double sum = 0;
    double squares = 0;
    for (const double batch : batches)
    {
        sum += batch;
        squares += batch * batch;
    }
    const auto n = static_cast<double>(batches.size());
    const double mean = sum / n;
    const double variance = (squares - n * mean * mean) / (n - 1);
    return {mean, 2.09 * std::sqrt(variance / n)};
}

/// A cell whose only load are location updates.
class LoadedCell
{
  public:
    LoadedCell(uint32_t sdcchs, double updatesPerHour)
    {
        cell->SetAttribute("SdcchCount", UintegerValue(sdcchs));
        load->SetAttribute("LocationUpdateRate", DoubleValue(updatesPerHour));
        load->SetAttribute("LocationUpdateTime",
                           StringValue("ns3::ExponentialRandomVariable[Mean=3.4]"));
        cell->AssignStreams(1);
    }

    ~LoadedCell()
    {
        Simulator::Destroy();
        cell->Dispose();
    }

    LoadedCell(const LoadedCell&) = delete;
    LoadedCell& operator=(const LoadedCell&) = delete;

    double Get(const std::string& name) const
    {
        return SmsNetwork::Get(cell->GetCounters(), name);
    }

    /// Runs on for a time.
    void Run(Time time)
    {
        load->Start();
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// @return the share of requests that are blocked, from 20 batches after one that is dropped.
    Estimate MeasureBlocking(Time batch)
    {
        Run(batch);
        std::vector<double> shares;
        for (int i = 0; i < 20; ++i)
        {
            const double blocked = Get("sdcch_blocked");
            const double requests = Get("sdcch_requests_location");
            Run(batch);
            shares.push_back((Get("sdcch_blocked") - blocked) /
                             (Get("sdcch_requests_location") - requests));
        }
        return Average(shares);
    }

    /// @return mean time from seizure to the end of T3111, s, as the pool measures it.
    double GetHoldingTime() const
    {
        return Get("sdcch_seconds") / Get("sdcch_seizures");
    }

    Ptr<GsmCell> cell = CreateObject<GsmCell>();
    Ptr<GsmBackgroundLoad> load = cell->GetBackgroundLoad();
};

/// A pool and its offered load.
struct BlockingCase
{
    uint32_t sdcchs;   ///< channels
    double perChannel; ///< Erlang offered to each
};

void
PrintTo(const BlockingCase& one, std::ostream* stream)
{
    *stream << one.sdcchs << " SDCCHs, " << one.perChannel << " E each";
}

class SdcchBlockingTest : public testing::TestWithParam<BlockingCase>
{
};

class GsmBackgroundLoadTest : public testing::Test
{
};

constexpr double HOLDING = 3.97; // about what 3.4 s of procedure become with AGCH and T3111, s
constexpr double ARRIVALS = 150000;

} // namespace

// Poisson arrivals that do not retry see Erlang-B at the load that is offered: arrivals times the
// mean holding time, T3111 included. Within 1 percentage point.
TEST_P(SdcchBlockingTest, IsErlangB)
{
    const BlockingCase point = GetParam();
    const double perSecond = point.perChannel * point.sdcchs / HOLDING;
    LoadedCell cell(point.sdcchs, perSecond * 3600);
    const Estimate blocking = cell.MeasureBlocking(Seconds(ARRIVALS / 20 / perSecond));
    const double elapsed = Simulator::Now().GetSeconds();
    const double offered = cell.Get("sdcch_requests_location") / elapsed * cell.GetHoldingTime();
    EXPECT_NEAR(offered, point.perChannel * point.sdcchs, 0.05 * offered);
    const double expected = ErlangB(offered, point.sdcchs);
    EXPECT_LT(blocking.halfWidth, 0.005);
    EXPECT_NEAR(blocking.mean, expected, 0.01) << "+-" << blocking.halfWidth;
    // Little's law: what is carried is what is not blocked.
    EXPECT_NEAR(cell.Get("sdcch_erlang"), offered * (1 - expected), 0.02 * point.sdcchs);
    EXPECT_LE(cell.Get("sdcch_peak"), point.sdcchs);
}

INSTANTIATE_TEST_SUITE_P(PoolsAndLoads,
                         SdcchBlockingTest,
                         testing::Values(BlockingCase{2, 0.3},
                                         BlockingCase{2, 1},
                                         BlockingCase{2, 3},
                                         BlockingCase{4, 0.3},
                                         BlockingCase{4, 1},
                                         BlockingCase{4, 3},
                                         BlockingCase{8, 0.3},
                                         BlockingCase{8, 1},
                                         BlockingCase{8, 3},
                                         BlockingCase{12, 0.3},
                                         BlockingCase{12, 1},
                                         BlockingCase{12, 3}));

// Phones that come again after T3122 add to the load, so more requests are blocked: at least what
// Erlang-B gives for the load that is its own consequence (Cohen's approximation). That would be
// exact if they came again as a Poisson process; T3122 is the same for all, so what was rejected
// in a peak comes again as a peak.
TEST_F(GsmBackgroundLoadTest, RetriesRaiseTheBlocking)
{
    constexpr uint32_t sdcchs = 8;
    constexpr uint32_t retries = 4;
    constexpr double perSecond = 0.8 * sdcchs / HOLDING;
    LoadedCell cell(sdcchs, perSecond * 3600);
    cell.load->SetAttribute("Retries", UintegerValue(retries));
    cell.cell->SetAttribute("T3122", TimeValue(Seconds(200)));
    const Estimate blocking = cell.MeasureBlocking(Seconds(10000));
    const double fresh = perSecond * cell.GetHoldingTime();
    double fixedPoint = 0;
    for (int i = 0; i < 100; ++i)
    {
        double offered = 0;
        for (uint32_t k = 0; k <= retries; ++k)
        {
            offered += fresh * std::pow(fixedPoint, k);
        }
        fixedPoint = ErlangB(offered, sdcchs);
    }
    EXPECT_LT(blocking.halfWidth, 0.01);
    EXPECT_GT(blocking.mean - blocking.halfWidth, ErlangB(fresh, sdcchs) + 0.02);
    EXPECT_GT(blocking.mean, fixedPoint);
    EXPECT_LT(blocking.mean, fixedPoint + 0.1);
    // A request that was not decoded in the last slots is still under way.
    EXPECT_NEAR(cell.Get("load_update_accesses"), cell.Get("sdcch_requests_location"), 20);
    EXPECT_LT(cell.Get("load_updates_blocked"), cell.Get("sdcch_blocked"));
}

// C12: 55 sectors with 12 SDCCHs, all taken all the time for 4 s each, carry 165 messages a second.
TEST_F(GsmBackgroundLoadTest, SaturatedCellCarries3MessagesASecond)
{
    LoadedCell cell(12, 8 * 3600);
    cell.cell->SetAttribute("SdcchQueueLimit", UintegerValue(20));
    cell.load->SetAttribute("LocationUpdateTime",
                            StringValue("ns3::ConstantRandomVariable[Constant=3.4]"));
    cell.Run(Seconds(100));
    const double before = cell.Get("sdcch_seizures");
    cell.Run(Seconds(3600));
    EXPECT_NEAR(cell.GetHoldingTime(), 4, 0.06);
    EXPECT_NEAR(55 * (cell.Get("sdcch_seizures") - before) / 3600, 165, 0.02 * 165);
    EXPECT_NEAR(cell.Get("sdcch_erlang"), 12, 0.1);
}

// TS 48.008 3.1.17: who waits gets a channel when one is free, in order, or a reject when its time
// is over. A queue blocks less than none.
TEST_F(GsmBackgroundLoadTest, QueueForSdcchsBlocksLess)
{
    std::vector<double> blocked;
    for (const uint32_t limit : {0U, 1U, 1000U})
    {
        LoadedCell cell(4, 3600);
        cell.cell->SetAttribute("SdcchQueueLimit", UintegerValue(limit));
        cell.Run(Seconds(20000));
        blocked.push_back(cell.Get("sdcch_blocked"));
        EXPECT_EQ(cell.Get("sdcch_queued") > 0, limit > 0);
        const double waits = cell.Get("sdcch_queue_seconds");
        EXPECT_LE(waits, 0.75 * cell.Get("sdcch_queued")); // SdcchQueueTime
        EXPECT_DOUBLE_EQ(cell.Get("sdcch_unused"), 0);
    }
    EXPECT_LT(blocked[1], 0.95 * blocked[0]);
    EXPECT_LT(blocked[2], 0.95 * blocked[1]);
    EXPECT_GT(blocked[2], 0);
}

// A call leaves its SDCCH for a TCH. Enough SDCCHs, 7 TCHs, 5 Erlang: Erlang-B again.
TEST_F(GsmBackgroundLoadTest, CallsWithoutATchAreLost)
{
    LoadedCell cell(30, 0);
    cell.cell->SetAttribute("TchCount", UintegerValue(7));
    cell.load->SetAttribute("CallRate", DoubleValue(5.0 * 3600 / 90));
    std::vector<double> shares;
    cell.Run(Seconds(2000));
    for (int i = 0; i < 20; ++i)
    {
        const double lost = cell.Get("tch_blocked");
        const double calls = cell.Get("tch_seizures") + lost;
        cell.Run(Seconds(50000));
        const double more = cell.Get("tch_blocked") - lost;
        shares.push_back(more / (cell.Get("tch_seizures") + more + lost - calls));
    }
    const Estimate blocking = Average(shares);
    const double holding = 90 + 0.471; // T3111
    EXPECT_LT(blocking.halfWidth, 0.007);
    EXPECT_NEAR(blocking.mean, ErlangB(5 * holding / 90, 7), 0.01);
    EXPECT_DOUBLE_EQ(cell.Get("load_calls_without_tch"), cell.Get("tch_blocked"));
    EXPECT_DOUBLE_EQ(cell.Get("sdcch_blocked_call"), 0);
    EXPECT_NEAR(cell.Get("load_calls_offered"), 5 * 3600 / 90.0 * 278.3, 1200);
}

// Rates of 0 have no event, and a burst of location updates is as large as it says.
TEST_F(GsmBackgroundLoadTest, CostsNothingWithoutALoadAndComesInBursts)
{
    LoadedCell cell(8, 0);
    const uint64_t before = Simulator::GetEventCount();
    cell.load->SetAttribute("LocationUpdateBurst", UintegerValue(100));
    cell.load->SetAttribute("LocationUpdateBurstTime", TimeValue(Seconds(5)));
    cell.Run(Seconds(4.9));
    EXPECT_EQ(Simulator::GetEventCount() - before, 1U); // the end of the run
    cell.Run(Seconds(60));
    EXPECT_DOUBLE_EQ(cell.Get("load_updates_offered"), 100);
    EXPECT_DOUBLE_EQ(cell.Get("load_update_accesses"), 100);
    EXPECT_GE(cell.Get("sdcch_seizures"), 8);
    EXPECT_GT(cell.Get("load_updates_failed"), 0); // 100 phones in 12 slots, time and again
    EXPECT_GT(cell.Get("sdcch_blocked_location"), 0);
    EXPECT_DOUBLE_EQ(cell.Get("sdcch_blocked"), cell.Get("sdcch_blocked_location"));
    EXPECT_DOUBLE_EQ(cell.Get("load_updates_blocked") + cell.Get("load_updates_failed") +
                         cell.Get("sdcch_seizures") - cell.Get("sdcch_unused"),
                     100);
}
