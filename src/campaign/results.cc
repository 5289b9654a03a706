// SPDX-License-Identifier: GPL-2.0-only
#include "results.h"

#include <algorithm>
#include <tuple>

namespace p2pim
{
namespace campaign
{

bool
operator<(const RunKey& a, const RunKey& b)
{
    return std::tie(a.point, a.scheme, a.seed) < std::tie(b.point, b.scheme, b.seed);
}

const char*
GetStatusName(Status status)
{
    switch (status)
    {
    case Status::RUNNING:
        return "running";
    case Status::COMPLETE:
        return "complete";
    case Status::PARTIAL:
        return "partial";
    }
    return "";
}

std::vector<const ::p2pim::RunRecord*>
SelectRuns(const Results& results, const std::vector<std::string>& schemes)
{
    std::vector<const ::p2pim::RunRecord*> selected;
    for (const auto& run : results.runs)
    {
        if (schemes.empty() ||
            std::find(schemes.begin(), schemes.end(), run.scheme) != schemes.end())
        {
            selected.push_back(&run);
        }
    }
    std::sort(selected.begin(), selected.end(), [](const auto* a, const auto* b) {
        return std::tie(a->point, a->scheme, a->seed) < std::tie(b->point, b->scheme, b->seed);
    });
    return selected;
}

std::vector<std::string>
GetSchemes(const Results& results)
{
    std::vector<std::string> schemes;
    for (const auto& run : results.runs)
    {
        if (std::find(schemes.begin(), schemes.end(), run.scheme) == schemes.end())
        {
            schemes.push_back(run.scheme);
        }
    }
    return schemes;
}

} // namespace campaign
} // namespace p2pim
