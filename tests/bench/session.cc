// SPDX-License-Identifier: GPL-2.0-only
#include "session.h"

#include "process-usage.h"
#include "scenarios/chat-scenario.h"

#include "ns3/config.h"
#include "ns3/default-simulator-impl.h"
#include "ns3/double.h"
#include "ns3/global-value.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <typeinfo>
#include <unordered_map>

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

/// A simulator that takes the time of the radio's events, by the clock: asking for the CPU time
/// would take longer than many an event. What other processes take of it is taken of all events.
class RadioTimer : public DefaultSimulatorImpl
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("p2pim::bench::RadioTimer")
                                .SetParent<DefaultSimulatorImpl>()
                                .AddConstructor<RadioTimer>();
        return tid;
    }

    static double g_seconds;  ///< CPU time of the events so far
    static uint64_t g_events; ///< how many

    using Clock = std::chrono::steady_clock;

  private:
    void PreEventHook(const EventId& id) override
    {
        if (m_timed)
        {
            g_seconds += std::chrono::duration<double>(Clock::now() - m_begin).count();
            ++g_events;
        }
        const EventImpl& event = *id.PeekEventImpl();
        m_timed = IsRadio(typeid(event).name());
        if (m_timed)
        {
            m_begin = Clock::now();
        }
    }

    /// Whether an event is a member function of a cell's packet side; its type's name tells.
    bool IsRadio(const char* name)
    {
        const auto [known, added] = m_kinds.try_emplace(name, false);
        if (added)
        {
            const std::string_view text(name);
            known->second = text.find("MakeEventIMNS_5p2pim8GprsCellE") != text.npos ||
                            text.find("MakeEventIMNS_5p2pim15PacketSchedulerE") != text.npos;
        }
        return known->second;
    }

    std::unordered_map<const char*, bool> m_kinds; ///< by the types' names; looked up only
    Clock::time_point m_begin;
    bool m_timed = false;
};

double RadioTimer::g_seconds = 0;
uint64_t RadioTimer::g_events = 0;

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
RunRadio(uint32_t sessions)
{
    RadioTimer::g_seconds = 0;
    RadioTimer::g_events = 0;
    GlobalValue::Bind("SimulatorImplementationType",
                      StringValue(RadioTimer::GetTypeId().GetName()));
    const auto begin = RadioTimer::Clock::now();
    BenchResult result = RunSessions("p2p", sessions);
    const std::chrono::duration<double> elapsed = RadioTimer::Clock::now() - begin;
    result.name = "radio";
    result.cpuSeconds *= RadioTimer::g_seconds / elapsed.count();
    result.events = RadioTimer::g_events;
    result.rssKilobytes = 0;
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
