// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Packet paging of stations in STANDBY (TS 24.008 4.7.9, TS 23.060 8.1.4), and what waits for it.
 */
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

uint32_t
Sgsn::GetAreaKey(const RoutingAreaId& area)
{
    return uint32_t{area.lac} << 8 | area.rac;
}

/// A station that was paged has been heard of.
void
Sgsn::Answered(ContextRef& subscriber)
{
    Continue(subscriber);
    Context& context = subscriber.second;
    if (!context.paging)
    {
        return;
    }
    context.paging = false;
    context.pageTimer.Cancel();
    for (const Waiting& each : std::exchange(context.waiting, {}))
    {
        PassToCell(subscriber, each);
    }
}

void
Sgsn::Page(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    ++m_pages;
    ++context.pages;
    const auto area = m_areas.find(GetAreaKey(context.cell->GetRoutingArea()));
    if (area != m_areas.end())
    {
        for (const auto& cell : area->second)
        {
            Simulator::Schedule(cell->GetGbDelay(), &GprsCell::Page, cell, context.ms);
        }
    }
    context.pageTimer = Simulator::Schedule(m_t3313, &Sgsn::PagingExpired, this, subscriber.first);
}

void
Sgsn::PagingExpired(uint64_t imsi)
{
    auto& subscriber = *m_contexts.find(imsi);
    Context& context = subscriber.second;
    if (context.pages < m_pagingAttempts)
    {
        Page(subscriber);
        return;
    }
    context.paging = false;
    ++m_pagesUnanswered;
    RejectNotification(subscriber, GtpCause::MS_IS_NOT_GPRS_RESPONDING);
    LoseWaiting(context, LossCause::NOT_REACHED);
}

void
Sgsn::LoseWaiting(Context& context, LossCause cause)
{
    AnswerDeliveries(context,
                     cause == LossCause::NOT_REACHED ? MapError::NO_PAGING_RESPONSE
                                                     : MapError::ABSENT_SUBSCRIBER_SM);
    context.suspended = false;
    context.held = 0;
    context.paging = false;
    context.pageTimer.Cancel();
    for (const Waiting& each : std::exchange(context.waiting, {}))
    {
        if (each.npdu)
        {
            m_downlink.Lose(each.npdu->GetSize(), cause);
        }
    }
}

} // namespace p2pim
} // namespace ns3
