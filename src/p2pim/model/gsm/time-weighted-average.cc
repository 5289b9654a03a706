// SPDX-License-Identifier: GPL-2.0-only
#include "time-weighted-average.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return a duration in the unit of the areas.
double
ToNanoseconds(Time duration)
{
    return static_cast<double>(duration.GetNanoSeconds());
}

} // namespace

TimeWeightedAverage::TimeWeightedAverage(Time start, double level)
    : m_start(start),
      m_last(start),
      m_level(level)
{
}

void
TimeWeightedAverage::Set(Time now, double value)
{
    m_area += m_value * ToNanoseconds(now - m_last);
    m_atLevel += m_value >= m_level ? now - m_last : Time();
    m_last = now;
    m_value = value;
    m_maximum = std::max(m_maximum, value);
}

void
TimeWeightedAverage::Add(Time now, double change)
{
    Set(now, m_value + change);
}

void
TimeWeightedAverage::Restart(Time now)
{
    m_start = now;
    m_last = now;
    m_maximum = m_value;
    m_area = 0;
    m_atLevel = Time();
}

double
TimeWeightedAverage::GetValue() const
{
    return m_value;
}

double
TimeWeightedAverage::GetMaximum() const
{
    return m_maximum;
}

double
TimeWeightedAverage::GetAverage(Time now) const
{
    const double area = m_area + m_value * ToNanoseconds(now - m_last);
    return now > m_start ? area / ToNanoseconds(now - m_start) : m_value;
}

double
TimeWeightedAverage::GetShareAtLevel(Time now) const
{
    const Time atLevel = m_atLevel + (m_value >= m_level ? now - m_last : Time());
    return now > m_start ? ToNanoseconds(atLevel) / ToNanoseconds(now - m_start) : 0;
}

} // namespace p2pim
} // namespace ns3
