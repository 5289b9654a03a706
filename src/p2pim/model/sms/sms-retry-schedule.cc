// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-retry-schedule.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace p2pim
{

namespace
{

/// RestComm smscgateway: 300 s, doubled each time, at most 24 h.
std::vector<Time>
MakeRestCommWaits()
{
    std::vector<Time> waits;
    for (Time wait = Seconds(300); wait < Hours(24); wait = wait * 2)
    {
        waits.push_back(wait);
    }
    waits.push_back(Hours(24));
    return waits;
}

/// Infobip: five times each minute, then for an hour each 10 minutes, then hourly to 24 h: the 22nd
/// hour ends at 23 h 5 min.
std::vector<Time>
MakeInfobipWaits()
{
    std::vector<Time> waits(5, Minutes(1));
    waits.insert(waits.end(), 6, Minutes(10));
    waits.insert(waits.end(), 22, Hours(1));
    return waits;
}

} // namespace

std::optional<Time>
SmsRetrySchedule::ParseTime(const std::string& text)
{
    std::istringstream stream(text);
    double value = 0;
    std::string unit;
    std::string rest;
    if (!(stream >> value >> unit) || stream >> rest)
    {
        return std::nullopt;
    }
    const double seconds = unit == "s"     ? value
                           : unit == "min" ? value * 60
                           : unit == "h"   ? value * 3600
                                           : 0;
    // a nanosecond is the least that there is; three years are beyond any validity period
    const bool fits = seconds >= 1e-9 && seconds <= 1e8;
    return fits ? std::optional<Time>(Seconds(seconds)) : std::nullopt;
}

std::optional<SmsRetrySchedule>
SmsRetrySchedule::Parse(const std::string& text)
{
    SmsRetrySchedule schedule;
    schedule.m_text = text;
    schedule.m_defaultValidity = Hours(72); // RestComm
    if (text == "restcomm")
    {
        schedule.m_waits = MakeRestCommWaits();
        return schedule;
    }
    if (text == "infobip")
    {
        schedule.m_waits = MakeInfobipWaits();
        schedule.m_absentWaits.assign(7 * 24, Hours(1));
        schedule.m_repeats = false;
        schedule.m_defaultValidity = Hours(48);
        return schedule;
    }
    if (text == "osmocom")
    {
        // osmo-msc: one failure, then nothing until the subscriber attaches
        schedule.m_defaultValidity = Hours(24 * 7);
        return schedule;
    }
    std::istringstream words(text);
    for (std::string word; words >> word;)
    {
        const auto wait = ParseTime(word);
        if (!wait || (!schedule.m_waits.empty() && *wait < schedule.m_waits.back()))
        {
            return std::nullopt;
        }
        schedule.m_waits.push_back(*wait);
    }
    return schedule.m_waits.empty() ? std::nullopt : std::optional(schedule);
}

std::optional<Time>
SmsRetrySchedule::GetWait(uint32_t failures, bool absent) const
{
    const std::vector<Time>& waits = absent && !m_absentWaits.empty() ? m_absentWaits : m_waits;
    if (waits.empty() || (!m_repeats && failures > waits.size()))
    {
        return std::nullopt;
    }
    return waits[std::min<std::size_t>(failures, waits.size()) - 1];
}

Time
SmsRetrySchedule::GetDefaultValidity() const
{
    return m_defaultValidity;
}

const std::string&
SmsRetrySchedule::GetText() const
{
    return m_text;
}

} // namespace p2pim
} // namespace ns3
