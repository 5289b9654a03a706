// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/session-step.h"

#include <array>
#include <cstddef>

namespace ns3
{
namespace p2pim
{

const char*
GetStepName(SessionStep step)
{
    static constexpr std::array<const char*, 20> names{
        "pressed",         "attached",     "pdp_up",           "registered",
        "connected",       "logged_in",    "listening",        "gathered",
        "sms_submitted",   "sms_accepted", "sms_delivered",    "target_bearer_up",
        "target_gathered", "syn_sent",     "answer_submitted", "answer_delivered",
        "established",     "ready",        "first_sent",       "first_received",
    };
    return names.at(static_cast<std::size_t>(step));
}

} // namespace p2pim
} // namespace ns3
