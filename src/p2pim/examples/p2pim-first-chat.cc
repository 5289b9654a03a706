// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Two phones, one invitation, one message each way: the smallest whole p2p chat, with the time of
 * each step.
 *
 *     ./waf --run "p2pim-first-chat"
 *     ./waf --run "p2pim-first-chat --scheme=sip-message --RngRun=2"
 */
#include "ns3/command-line.h"
#include "ns3/conversation.h"
#include "ns3/im-helper.h"
#include "ns3/simulator.h"

#include <iostream>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

void
Report(Ptr<Conversation> conversation)
{
    const auto& steps = conversation->GetSteps();
    const auto pressed = steps.front().second;
    for (const auto& [step, time] : steps)
    {
        std::cout << GetStepName(step) << " " << (time - pressed).As(Time::S) << "\n";
    }
    if (!conversation->HasSucceeded())
    {
        std::cout << "failed: " << conversation->GetCause() << "\n";
    }
    Simulator::Stop();
}

} // namespace

int
main(int argc, char** argv)
{
    std::string scheme = "p2p";
    CommandLine cmd(__FILE__);
    cmd.AddValue("scheme", "p2p, sip-message or im-server", scheme);
    cmd.Parse(argc, argv);

    auto network = CreateObject<CellularNetwork>();
    network->Build();
    ImHelper im(scheme, network);
    network->AssignStreams(im.AssignStreams(0));
    auto initiator = im.Install(network->AddPhone(0));
    auto target = im.Install(network->AddPhone(1));
    if (im.GetScheme().hasServer)
    {
        Simulator::Schedule(Seconds(1), &ImClient::GoOnline, target);
    }

    const ConversationPlan plan{{{true, Time(), 20}, {false, Seconds(5), 30}}, Minutes(5)};
    auto conversation = Create<Conversation>(initiator, target, plan, MakeCallback(&Report));
    Simulator::Schedule(Minutes(1), &Conversation::Start, conversation);
    Simulator::Run();
    Simulator::Destroy();
    network->Dispose();
    return conversation->HasSucceeded() ? 0 : 1;
}
