// SPDX-License-Identifier: GPL-2.0-only
#include "precision-rule.h"

#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace p2pim
{
namespace campaign
{

PrecisionRule::PrecisionRule(const PrecisionGoal& goal)
    : m_goal(goal)
{
}

uint64_t
PrecisionRule::GetTarget(const std::vector<double>& values) const
{
    uint64_t target = std::min(m_goal.least, m_goal.most);
    while (target < m_goal.most && target <= values.size() &&
           !IsPrecise({values.begin(), values.begin() + static_cast<ptrdiff_t>(target)}))
    {
        target = std::min(target + (target + 1) / 2, m_goal.most);
    }
    return target;
}

bool
PrecisionRule::IsPrecise(const std::vector<double>& values) const
{
    std::vector<double> sample;
    sample.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(sample), [](double value) {
        return !std::isnan(value);
    });
    const auto [value, low, high, n] = EstimateMean(sample);
    return high - low <= 2 * m_goal.relative * std::abs(value); // false of NaN
}

} // namespace campaign
} // namespace p2pim
