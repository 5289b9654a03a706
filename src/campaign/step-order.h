// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STEP_ORDER_H
#define P2PIM_CAMPAIGN_STEP_ORDER_H

#include "scenarios/run-record.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/// Finds the order of the steps of sessions, run by run.
class StepOrder
{
  public:
    StepOrder();
    ~StepOrder();

    /// @param run one of the runs, which may come in any order.
    void Add(const ::p2pim::RunRecord& run);

    /**
     * @return the names of the steps that sessions have, each once, in the order in which most
     * sessions pass them. Steps that no session has in common are ordered by their mean time since
     * the first step of their session, then by name.
     */
    std::vector<std::string> Get() const;

  private:
    struct StepStatistics;
    using Steps = std::map<std::string, StepStatistics>;

    static bool IsFree(const std::string& name, const Steps& left);

    std::unique_ptr<Steps> m_steps;
};

/// @param runs the runs, in any order. @return the order of their steps.
std::vector<std::string> GetStepOrder(const std::vector<const ::p2pim::RunRecord*>& runs);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STEP_ORDER_H
