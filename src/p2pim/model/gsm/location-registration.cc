// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/location-registration.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

void
LocationRegistration::Register(uint16_t area, Time now)
{
    m_area = area;
    m_required.reset();
    m_attempts = 0;
    m_notBefore = Time();
    m_lastContact = now;
}

void
LocationRegistration::Require(LocationUpdatingType type)
{
    if (m_required != LocationUpdatingType::NORMAL)
    {
        m_required = type;
    }
    m_attempts = 0;
    m_notBefore = Time();
}

void
LocationRegistration::NotifyContact(Time now)
{
    m_lastContact = now;
}

std::optional<LocationUpdatingType>
LocationRegistration::GetDue(Time now, const LocationUpdatingTimes& times) const
{
    if (GetDeadline(times) > now)
    {
        return std::nullopt;
    }
    return m_required.value_or(LocationUpdatingType::PERIODIC);
}

void
LocationRegistration::Fail(Time now, const LocationUpdatingTimes& times)
{
    constexpr uint8_t mostAttempts = 4;
    m_attempts = static_cast<uint8_t>(m_attempts % mostAttempts + 1);
    m_notBefore = now + (m_attempts < mostAttempts ? times.t3211 : times.longPause);
}

Time
LocationRegistration::GetDeadline(const LocationUpdatingTimes& times) const
{
    const Time due = m_required             ? Time()
                     : times.t3212.IsZero() ? Time::Max()
                                            : m_lastContact + times.t3212;
    return std::max(due, m_notBefore);
}

uint16_t
LocationRegistration::GetArea() const
{
    return m_area;
}

} // namespace p2pim
} // namespace ns3
