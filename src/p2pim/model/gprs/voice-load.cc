// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/voice-load.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

VoiceLoad::VoiceLoad(const VoiceLoadSettings& settings)
    : m_settings(settings),
      m_kinds(CreateObject<UniformRandomVariable>()),
      m_gaps(CreateObject<ExponentialRandomVariable>())
{
}

VoiceLoad::~VoiceLoad() = default;

int64_t
VoiceLoad::AssignStreams(int64_t first)
{
    m_kinds->SetStream(first);
    m_gaps->SetStream(first + 1);
    return 2;
}

/// As many calls as Erlang's distribution says: n with a weight of erlangs^n / n!.
void
VoiceLoad::Start()
{
    m_times.resize(m_settings.channels + 1);
    std::vector<double> sums{1};
    double weight = 1;
    for (uint32_t n = 1; n <= m_settings.channels; ++n)
    {
        weight *= m_settings.erlangs / n;
        sums.push_back(sums.back() + weight);
    }
    const double drawn = m_kinds->GetValue() * sums.back();
    m_calls =
        static_cast<uint32_t>(std::upper_bound(sums.begin(), sums.end() - 1, drawn) - sums.begin());
    DrawNext();
}

void
VoiceLoad::DrawNext()
{
    const double perHoldingTime = m_settings.erlangs + m_calls;
    m_next =
        perHoldingTime > 0
            ? m_last +
                  Seconds(
                      m_gaps->GetValue(m_settings.meanHoldingTime.GetSeconds() / perHoldingTime, 0))
            : Time::Max();
}

uint32_t
VoiceLoad::GetCalls(Time now)
{
    if (m_times.empty())
    {
        Start();
    }
    while (m_next <= now)
    {
        m_times[m_calls] += m_next - m_last;
        m_last = m_next;
        if (m_kinds->GetValue() * (m_settings.erlangs + m_calls) >= m_settings.erlangs)
        {
            --m_calls;
        }
        else
        {
            ++m_offered;
            const bool taken = m_calls < m_settings.channels;
            m_calls += taken ? 1 : 0;
            m_blocked += taken ? 0 : 1;
        }
        DrawNext();
    }
    m_times[m_calls] += now - m_last;
    m_last = now;
    return m_calls;
}

const std::vector<Time>&
VoiceLoad::GetTimes(Time now)
{
    GetCalls(now);
    return m_times;
}

uint64_t
VoiceLoad::GetOffered() const
{
    return m_offered;
}

uint64_t
VoiceLoad::GetBlocked() const
{
    return m_blocked;
}

} // namespace p2pim
} // namespace ns3
