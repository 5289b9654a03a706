// SPDX-License-Identifier: GPL-2.0-only
#include "session.h"

#include "process-usage.h"
#include "scenarios/chat-scenario.h"

#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace p2pim
{
namespace bench
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

/// Enough that sessions do not wait for each other's radio blocks.
constexpr uint32_t CELLS = 64;

void
SetCells()
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(CELLS));
}

} // namespace

BenchResult
RunSessions(const std::string& scheme, uint32_t sessions)
{
    SetCells();
    Config::SetDefault("ns3::p2pim::ChatScenario::ArrivalInterval",
                       StringValue("ns3::ConstantRandomVariable[Constant=1]"));
    Config::SetDefault("ns3::p2pim::ChatScenario::WarmShare", DoubleValue(0));
    Config::SetDefault("ns3::p2pim::Scenario::Sessions", UintegerValue(sessions));

    const auto rss = GetRssKilobytes();
    const auto cpu = GetCpuSeconds();
    BenchResult result;
    result.name = scheme;
    result.sessions = sessions;
    RunRecord record;
    const auto sample = [&](uint32_t ended) {
        if (ended == sessions)
        {
            result.rssKilobytes = GetRssKilobytes() - rss;
        }
        return true;
    };
    CreateObject<ChatScenario>()->Run(scheme, sample, record);
    result.cpuSeconds = GetCpuSeconds() - cpu;
    result.events = record.events;
    result.completed = static_cast<uint32_t>(
        std::count_if(record.sessions.begin(), record.sessions.end(), [](const auto& each) {
            return each.succeeded;
        }));
    return result;
}

BenchResult
RunIdle(uint32_t phones)
{
    SetCells();
    const auto cpu = GetCpuSeconds();
    auto network = CreateObject<CellularNetwork>();
    network->Build();
    ImHelper im("p2p", network);
    const auto rss = GetRssKilobytes();
    std::vector<Ptr<GprsMobileStation>> stations;
    for (uint32_t n = 0; n < phones; ++n)
    {
        auto node = network->AddPhone(n);
        im.Install(node);
        stations.push_back(node->GetObject<GprsMobileStation>());
        Simulator::ScheduleWithContext(node->GetId(),
                                       MilliSeconds(200) * n,
                                       &GprsMobileStation::Attach,
                                       stations.back());
    }
    Simulator::Stop(MilliSeconds(200) * phones + Minutes(10));
    Simulator::Run();
    const auto before = Simulator::GetEventCount();
    Simulator::Stop(Hours(1));
    Simulator::Run();

    BenchResult result;
    result.name = "idle";
    result.sessions = phones;
    result.events = Simulator::GetEventCount() - before - 1; // the stop is one
    result.rssKilobytes = GetRssKilobytes() - rss;
    result.completed = static_cast<uint32_t>(
        std::count_if(stations.begin(), stations.end(), [](const auto& station) {
            return station->GetState() == GprsMobileStation::State::ATTACHED;
        }));
    Simulator::Destroy();
    network->Dispose();
    result.cpuSeconds = GetCpuSeconds() - cpu;
    return result;
}

} // namespace bench
} // namespace p2pim
