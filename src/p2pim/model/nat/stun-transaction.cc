// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-transaction.h"

#include "ns3/hash.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

StunTransaction::StunTransaction(const Settings& settings, Time now)
    : m_settings(settings),
      m_interval(settings.rto)
{
    m_deadline = now + (settings.transmissions > 1 ? m_interval : settings.lastWait * settings.rto);
}

StunTransaction::StunTransaction(Time wait, Time now)
    : m_deadline(now + wait)
{
    m_settings.transmissions = 1;
}

Time
StunTransaction::GetDeadline() const
{
    return m_deadline;
}

StunTransaction::Action
StunTransaction::Advance(Time now)
{
    if (now < m_deadline)
    {
        return Action::NONE;
    }
    if (m_sent >= m_settings.transmissions)
    {
        m_deadline = Time::Max();
        return Action::FAIL;
    }
    ++m_sent;
    m_interval = 2 * m_interval;
    m_deadline +=
        m_sent < m_settings.transmissions ? m_interval : m_settings.lastWait * m_settings.rto;
    return Action::SEND;
}

StunTransactionIds::StunTransactionIds(const std::string& name)
    : m_name(Hash64(name))
{
}

StunTransactionId
StunTransactionIds::Make()
{
    Octets octets;
    OctetWriter(octets)
        .U32(static_cast<uint32_t>(m_name >> 32))
        .U32(static_cast<uint32_t>(m_name))
        .U32(++m_count);
    StunTransactionId id{};
    std::copy(octets.begin(), octets.end(), id.begin());
    return id;
}

} // namespace p2pim
} // namespace ns3
