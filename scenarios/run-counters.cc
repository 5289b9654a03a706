// SPDX-License-Identifier: GPL-2.0-only
#include "run-counters.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

double
SumCounters(const RunCounters& counters, const std::string& element, const std::string& name)
{
    double sum = 0;
    for (const auto& [which, list] : counters)
    {
        if (which.rfind(element, 0) != 0)
        {
            continue;
        }
        for (const auto& [counter, value] : list)
        {
            sum += counter == name ? value : 0;
        }
    }
    return sum;
}

double
GetShare(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

void
StoreCounters(RunCounters counters, ::p2pim::RunRecord& record)
{
    std::sort(counters.begin(), counters.end());
    for (const auto& [element, list] : counters)
    {
        for (const auto& [name, value] : list)
        {
            record.counters.push_back({element, name, value});
        }
    }
}

} // namespace p2pim
} // namespace ns3
