// SPDX-License-Identifier: GPL-2.0-only
#include "short-messages.h"

#include "process-usage.h"

#include "ns3/cellular-network.h"
#include "ns3/config.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <string>
#include <vector>

namespace p2pim
{
namespace bench
{

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t PORT = 16440;
constexpr uint32_t PAIRS = 1000;
const Time INTERVAL = MilliSeconds(250);
const std::vector<uint8_t> USER_DATA(35, 'x'); ///< the size of an invitation

/// The phones, and what has arrived so far.
struct Traffic
{
    std::vector<Ptr<GsmMobileStation>> senders;
    std::vector<Ptr<GsmMobileStation>> receivers;
    uint32_t wanted = 0;
    uint32_t sent = 0;
    uint32_t received = 0;
};

void
Receive(Traffic* traffic, const std::string&, const std::vector<uint8_t>&)
{
    ++traffic->received;
}

void
Send(Traffic* traffic)
{
    const uint32_t pair = traffic->sent % PAIRS;
    traffic->senders[pair]->Submit(traffic->receivers[pair]->GetMsisdn(),
                                   PORT,
                                   PORT,
                                   USER_DATA,
                                   MakeCallback(+[](bool, const std::string&) {}));
    if (++traffic->sent < traffic->wanted)
    {
        Simulator::Schedule(INTERVAL, &Send, traffic);
    }
}

} // namespace

BenchResult
RunShortMessages(uint32_t messages)
{
    Config::SetDefault("ns3::p2pim::CellularNetwork::Cells", UintegerValue(64));
    BenchResult result;
    result.name = "sms";
    result.sessions = messages;
    const auto cpu = GetCpuSeconds();
    auto network = CreateObject<CellularNetwork>();
    network->Build();
    network->AssignStreams(0);
    Traffic traffic;
    traffic.wanted = messages;
    for (uint32_t n = 0; n < PAIRS; ++n)
    {
        traffic.senders.push_back(network->AddPhone(n)->GetObject<GsmMobileStation>());
        traffic.receivers.push_back(network->AddPhone(n + 32)->GetObject<GsmMobileStation>());
        traffic.receivers.back()->Listen(PORT, MakeCallback(&Receive).Bind(&traffic));
    }
    const auto rss = GetRssKilobytes();
    Simulator::Schedule(INTERVAL, &Send, &traffic);
    Simulator::Run();
    result.rssKilobytes = GetRssKilobytes() - rss;
    result.events = Simulator::GetEventCount();
    result.completed = traffic.received;
    Simulator::Destroy();
    network->Dispose();
    result.cpuSeconds = GetCpuSeconds() - cpu;
    return result;
}

} // namespace bench
} // namespace p2pim
