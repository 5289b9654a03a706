// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Short messages between idle phones: prints each delay, from the submission to the application
 * port of the other phone, and the mean.
 *
 *     ./waf --run "p2pim-sms-delay --messages=20 --octets=60"
 */
#include "ns3/cellular-network.h"
#include "ns3/command-line.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"

#include <iostream>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint16_t PORT = 16440;

Time g_submitted;
std::vector<double> g_delays; ///< s

void
Submit(Ptr<GsmMobileStation> from, const std::string& to, uint32_t octets)
{
    g_submitted = Simulator::Now();
    const std::vector<uint8_t> userData(octets, 'x');
    from->Submit(to, PORT, PORT, userData, MakeCallback(+[](bool, const std::string&) {}));
}

void
Received(const std::string& from, const std::vector<uint8_t>& userData)
{
    g_delays.push_back((Simulator::Now() - g_submitted).GetSeconds());
    std::cout << userData.size() << " octets from " << from << " after " << g_delays.back()
              << " s\n";
}

} // namespace

int
main(int argc, char** argv)
{
    uint32_t messages = 10;
    uint32_t octets = 60;
    CommandLine cmd(__FILE__);
    cmd.AddValue("messages", "how many", messages);
    cmd.AddValue("octets", "user data of each, at most 133", octets);
    cmd.Parse(argc, argv);

    auto network = CreateObject<CellularNetwork>();
    network->Build();
    network->AssignStreams(0);
    auto sender = network->AddPhone(0)->GetObject<GsmMobileStation>();
    auto receiver = network->AddPhone(1)->GetObject<GsmMobileStation>();
    receiver->Listen(PORT, MakeCallback(&Received));
    for (uint32_t n = 0; n < messages; ++n)
    {
        // not a multiple of the paging cycle, so that the waits differ
        Simulator::Schedule(MilliSeconds(30123) * n,
                            &Submit,
                            sender,
                            receiver->GetMsisdn(),
                            octets);
    }
    Simulator::Run();
    double sum = 0;
    for (const auto delay : g_delays)
    {
        sum += delay;
    }
    std::cout << g_delays.size() << " of " << messages << " delivered, mean "
              << sum / static_cast<double>(g_delays.size()) << " s\n";
    Simulator::Destroy();
    network->Dispose();
    return g_delays.size() == messages ? 0 : 1;
}
