// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_STEP_ORDER_H
#define P2PIM_CAMPAIGN_STEP_ORDER_H

#include "scenarios/run-record.h"

#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{

/**
 * The names of the steps that sessions have, in the order in which most sessions pass them. Steps
 * that no session has in common are ordered by their mean time since the first step of their
 * session, then by name.
 *
 * @param runs the runs, in any order.
 * @return each name once.
 */
std::vector<std::string> GetStepOrder(const std::vector<const ::p2pim::RunRecord*>& runs);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_STEP_ORDER_H
