// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/fuzz-target.h"

namespace p2pim::fuzz
{

std::vector<Target>
GetTargets()
{
    std::vector<Target> all;
    for (const auto get : {GetTpduTargets,
                           GetSmsTargets,
                           GetGsmTargets,
                           GetGprsTargets,
                           GetLlcTargets,
                           GetSmppTargets,
                           GetImTargets,
                           GetNatTargets,
                           GetStunTargets,
                           GetScenarioTargets,
                           GetCampaignTargets})
    {
        const auto targets = get();
        all.insert(all.end(), targets.begin(), targets.end());
    }
    return all;
}

} // namespace p2pim::fuzz
