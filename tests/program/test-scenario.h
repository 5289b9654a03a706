// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_TEST_SCENARIO_H
#define P2PIM_TESTS_TEST_SCENARIO_H

#include "scenarios/scenario.h"

namespace ns3
{
namespace p2pim
{

/// A scenario that takes no time, and stops or fails where a test wants it to.
class TestScenario : public Scenario
{
  public:
    static TypeId GetTypeId();

    std::vector<SchemeInfo> GetSchemes() const override;

    bool Run(const std::string& scheme,
             const Progress& progress,
             ::p2pim::RunRecord& record) override;

  private:
    uint32_t m_interruptedSeed; ///< under which SIGINT is raised after the first session; 0: never
    uint32_t m_failingSeed;     ///< under which the run throws; 0: never
    uint32_t m_crashingSeed;    ///< under which it takes its process with it; 0: never
    uint32_t m_hangingSeed;     ///< under which it never ends; 0: never
};

/// A second one, for files that name two.
class TestOtherScenario : public TestScenario
{
  public:
    static TypeId GetTypeId();
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TESTS_TEST_SCENARIO_H
