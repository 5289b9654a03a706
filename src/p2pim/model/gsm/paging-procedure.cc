// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/paging-procedure.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace p2pim
{

PagingProcedure::PagingProcedure(PagingChannel& pch,
                                 const Time& t3113,
                                 const uint32_t& attempts,
                                 PacchCallback pacch,
                                 PhoneCallback paged,
                                 PhoneCallback failed)
    : m_pch(pch),
      m_t3113(t3113),
      m_attempts(attempts),
      m_pacch(pacch),
      m_paged(paged),
      m_failed(failed)
{
}

PagingProcedure::~PagingProcedure()
{
    Clear();
}

void
PagingProcedure::Clear()
{
    for (auto& paging : m_pagings)
    {
        paging.second.t3113.Cancel();
    }
    m_pagings.clear();
}

void
PagingProcedure::NotifyDropped()
{
    for (auto& paging : m_pagings)
    {
        paging.second.queued = false;
    }
}

uint64_t
PagingProcedure::GetSent() const
{
    return m_sentCount;
}

uint64_t
PagingProcedure::GetFailed() const
{
    return m_failedCount;
}

void
PagingProcedure::Start(uint64_t imsi, std::optional<uint32_t> tmsi, Time wait)
{
    Paging& paging = m_pagings[imsi];
    paging.t3113.Cancel();
    paging.attempts = 0;
    paging.tmsi = tmsi;
    SendRequest(imsi, wait);
}

void
PagingProcedure::SendRequest(uint64_t imsi, Time wait)
{
    Paging& paging = m_pagings[imsi];
    ++paging.attempts;
    if (!paging.queued)
    {
        ++m_sentCount;
        paging.queued =
            !m_pacch(imsi, wait) && m_pch.Page(imsi,
                                               {imsi, paging.tmsi},
                                               Callback<void>([this, imsi]() { NotifySent(imsi); }),
                                               wait,
                                               true);
    }
    paging.t3113 = Simulator::Schedule(wait + m_t3113, &PagingProcedure::ExpireT3113, this, imsi);
}

void
PagingProcedure::NotifySent(uint64_t imsi)
{
    const auto paging = m_pagings.find(imsi);
    if (paging != m_pagings.end())
    {
        paging->second.queued = false;
    }
    m_paged(imsi);
}

void
PagingProcedure::ExpireT3113(uint64_t imsi)
{
    const auto paging = m_pagings.find(imsi);
    if (paging->second.attempts < m_attempts)
    {
        SendRequest(imsi, Time());
        return;
    }
    m_pagings.erase(paging);
    ++m_failedCount;
    m_failed(imsi);
}

void
PagingProcedure::Stop(uint64_t imsi)
{
    const auto paging = m_pagings.find(imsi);
    if (paging != m_pagings.end())
    {
        paging->second.t3113.Cancel();
        m_pagings.erase(paging);
    }
}

} // namespace p2pim
} // namespace ns3
