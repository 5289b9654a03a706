// SPDX-License-Identifier: GPL-2.0-only
#include "figure-format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace p2pim
{
namespace campaign
{

FigureFormat::FigureFormat(int decimals)
    : m_decimals(decimals)
{
}

void
FigureFormat::Fit(const Estimate& estimate)
{
    for (const double x : {estimate.value, estimate.low, estimate.high})
    {
        if (!std::isnan(x))
        {
            m_largest = std::max(m_largest, std::abs(x));
            m_hasSign = m_hasSign || x < 0;
        }
    }
}

void
FigureFormat::Fit(const TimeSummary& summary)
{
    Fit(summary.mean);
    Fit(summary.median);
    Fit(summary.p95);
}

std::string
FigureFormat::WithInterval(const Estimate& estimate) const
{
    if (std::isnan(estimate.value))
    {
        return "-";
    }
    const std::string value = Value(estimate.value);
    return value + " [" + Value(estimate.low) + ", " + Value(estimate.high) + "]";
}

std::string
FigureFormat::Value(double x) const
{
    const int fitting = m_largest < 10 ? 3 : m_largest < 100 ? 2 : 1;
    const int decimals = m_decimals >= 0 ? m_decimals : fitting;
    char text[64];
    const int width = std::snprintf(text, sizeof text, "%.*f", decimals, m_largest);
    const int fullWidth = width + (m_hasSign ? 1 : 0);
    if (std::isnan(x))
    {
        std::snprintf(text, sizeof text, "%*s", fullWidth, "-");
    }
    else
    {
        std::snprintf(text, sizeof text, "%*.*f", fullWidth, decimals, x);
    }
    return text;
}

} // namespace campaign
} // namespace p2pim
