// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-transfers.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Transaction identifiers that one end can give (TS 24.007 11.2.3.1.3).
constexpr uint8_t IDENTIFIERS = 7;

} // namespace

SmsTransfers::SmsTransfers(bool network, const SmsTimers& timers)
    : m_own(network, timers),
      m_peers(network, timers)
{
}

std::vector<uint8_t>
SmsTransfers::Originate(uint8_t reference,
                        const SmsAddress& serviceCentre,
                        const std::vector<uint8_t>& tpdu,
                        Time now)
{
    m_own.Finish();
    auto message = m_own.Originate(m_transaction, reference, serviceCentre, tpdu, now);
    m_transaction = static_cast<uint8_t>((m_transaction + 1) % IDENTIFIERS);
    return message;
}

SmsTransfers::Result
SmsTransfers::Receive(const uint8_t* octets, std::size_t size, Time now)
{
    // the end that is the receiver of a transaction says so in it: then this end has opened it
    const bool own = IsOfReceiver(octets, size);
    return {own, (own ? m_own : m_peers).Receive(octets, size, now)};
}

std::vector<SmsTransfers::Result>
SmsTransfers::Expire(Time now)
{
    std::vector<Result> results;
    if (m_own.GetDeadline() <= now)
    {
        results.push_back({true, m_own.Expire(now)});
    }
    if (m_peers.GetDeadline() <= now)
    {
        results.push_back({false, m_peers.Expire(now)});
    }
    return results;
}

Time
SmsTransfers::GetDeadline() const
{
    return std::min(m_own.GetDeadline(), m_peers.GetDeadline());
}

SmsTransactionEngine&
SmsTransfers::GetOwn()
{
    return m_own;
}

SmsTransactionEngine&
SmsTransfers::GetPeers()
{
    return m_peers;
}

} // namespace p2pim
} // namespace ns3
