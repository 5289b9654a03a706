// SPDX-License-Identifier: GPL-2.0-only
#include "test-scenario.h"

#include "ns3/random-variable-stream.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/uinteger.h"

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

namespace ns3
{
namespace p2pim
{

NS_OBJECT_ENSURE_REGISTERED(TestScenario);
NS_OBJECT_ENSURE_REGISTERED(TestOtherScenario);

TypeId
TestScenario::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::TestScenario")
                            .SetParent<Scenario>()
                            .SetGroupName("P2pim")
                            .AddConstructor<TestScenario>()
                            .AddAttribute("InterruptedSeed",
                                          "Seed under which SIGINT is raised; 0 for none.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&TestScenario::m_interruptedSeed),
                                          MakeUintegerChecker<uint32_t>())
                            .AddAttribute("FailingSeed",
                                          "Seed under which the run fails; 0 for none.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&TestScenario::m_failingSeed),
                                          MakeUintegerChecker<uint32_t>())
                            .AddAttribute("CrashingSeed",
                                          "Seed under which the run crashes; 0 for none.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&TestScenario::m_crashingSeed),
                                          MakeUintegerChecker<uint32_t>())
                            .AddAttribute("HangingSeed",
                                          "Seed under which the run hangs; 0 for none.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&TestScenario::m_hangingSeed),
                                          MakeUintegerChecker<uint32_t>());
    return tid;
}

TypeId
TestOtherScenario::GetTypeId()
{
    static TypeId tid = TypeId("ns3::p2pim::TestOtherScenario")
                            .SetParent<TestScenario>()
                            .SetGroupName("P2pim")
                            .AddConstructor<TestOtherScenario>();
    return tid;
}

std::vector<SchemeInfo>
TestScenario::GetSchemes() const
{
    return {{"fast", "the fast one"}, {"slow", "the slow one"}};
}

bool
TestScenario::Run(const std::string& scheme, const Progress& progress, ::p2pim::RunRecord& record)
{
    const uint64_t seed = RngSeedManager::GetRun();
    if (seed == m_failingSeed)
    {
        throw std::runtime_error("the mast fell over");
    }
    if (seed == m_crashingSeed)
    {
        std::abort();
    }
    while (seed == m_hangingSeed)
    {
        pause();
    }
    const auto draw = CreateObject<UniformRandomVariable>();
    draw->SetStream(1);
    for (uint32_t i = 0; i < m_sessions; ++i)
    {
        ::p2pim::SessionRecord session;
        session.index = i;
        session.bearer = "warm";
        session.succeeded = true;
        session.setupNs = draw->GetInteger(1, 1000000) * (scheme == "fast" ? 1 : 2);
        session.firstMessageNs = session.setupNs + 1;
        record.sessions.push_back(session);
        if (seed == m_interruptedSeed)
        {
            std::raise(SIGINT);
        }
        if (!progress(i + 1))
        {
            return false;
        }
    }
    return true;
}

} // namespace p2pim
} // namespace ns3
