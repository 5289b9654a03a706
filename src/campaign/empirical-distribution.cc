// SPDX-License-Identifier: GPL-2.0-only
#include "empirical-distribution.h"

#include "statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace p2pim
{
namespace campaign
{

EmpiricalDistribution::EmpiricalDistribution(std::vector<double> sample)
    : m_sample(std::move(sample))
{
    std::sort(m_sample.begin(), m_sample.end());
}

const std::vector<double>&
EmpiricalDistribution::GetSample() const
{
    return m_sample;
}

double
EmpiricalDistribution::GetShare(double x) const
{
    const auto above = std::upper_bound(m_sample.begin(), m_sample.end(), x);
    return static_cast<double>(above - m_sample.begin()) / static_cast<double>(m_sample.size());
}

double
EmpiricalDistribution::GetQuantile(double p) const
{
    return campaign::GetQuantile(m_sample, p);
}

double
EmpiricalDistribution::GetBand(double confidence) const
{
    return std::sqrt(std::log(2 / (1 - confidence)) / (2 * static_cast<double>(m_sample.size())));
}

std::vector<EmpiricalDistribution::Point>
EmpiricalDistribution::GetPoints() const
{
    const double band = GetBand();
    std::vector<Point> points;
    for (size_t i = 0; i < m_sample.size(); ++i)
    {
        if (i + 1 < m_sample.size() && m_sample[i + 1] == m_sample[i])
        {
            continue;
        }
        const double share = static_cast<double>(i + 1) / static_cast<double>(m_sample.size());
        points.push_back(
            {m_sample[i], share, std::max(0.0, share - band), std::min(1.0, share + band)});
    }
    return points;
}

double
GetDistance(const EmpiricalDistribution& a, const EmpiricalDistribution& b)
{
    if (a.GetSample().empty() || b.GetSample().empty())
    {
        return std::numeric_limits<double>::quiet_NaN();
    }
    double greatest = 0;
    for (const auto* distribution : {&a, &b})
    {
        for (const double x : distribution->GetSample())
        {
            greatest = std::max(greatest, std::abs(a.GetShare(x) - b.GetShare(x)));
        }
    }
    return greatest;
}

} // namespace campaign
} // namespace p2pim
