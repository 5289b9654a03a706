// SPDX-License-Identifier: GPL-2.0-only
#include "metric-option.h"

#include "nearest-name.h"

namespace p2pim::program
{

UserError
MakeUserError(const campaign::MetricError& error, const std::string& place)
{
    const std::string nearest = error.wrong.empty() ? "" : SuggestName(error.wrong, error.right);
    return UserError(place + ": " + error.what() + nearest);
}

campaign::MetricSpec
ReadMetric(const std::string& text, const std::string& place)
{
    try
    {
        return campaign::ParseMetric(text);
    }
    catch (const campaign::MetricError& error)
    {
        throw MakeUserError(error, place);
    }
}

} // namespace p2pim::program
