// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Stations that also use circuit switching: GPRS suspended and resumed (TS 23.060 16.2.1), pages by
 * way of the SGSN (TS 23.060 9.2.3).
 */
#include "ns3/sgsn.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

void
Sgsn::SetNetworkMode(NetworkMode mode)
{
    m_networkMode = mode;
}

Ptr<GprsMobileStation>
Sgsn::FindAssociated(uint64_t imsi) const
{
    const auto found = m_contexts.find(imsi);
    const bool associated = found != m_contexts.end() && found->second.associated &&
                            found->second.state == Context::State::REGISTERED;
    return associated && m_gn.IsInService() ? found->second.ms : nullptr;
}

void
Sgsn::Suspend(uint64_t imsi, uint32_t tlli)
{
    const auto found = m_contexts.find(imsi);
    if (found == m_contexts.end() || !m_gn.IsInService())
    {
        return;
    }
    Context& context = found->second;
    const bool known = context.link && context.link->IsAssigned(tlli);
    if (!known || context.state == Context::State::DEREGISTERED)
    {
        return; // SUSPEND NACK: the station will have a routing area update
    }
    ++m_suspensions;
    context.suspended = true;
    context.paging = false; // it cannot answer; it is paged again when it is back
    context.pageTimer.Cancel();
}

/// What comes for a station that is suspended waits.
void
Sgsn::Hold(Context& context, Waiting item)
{
    const uint32_t octets = item.npdu ? item.npdu->GetSize() : 0;
    if (context.held + octets > m_suspensionBuffer)
    {
        m_downlink.Lose(octets, LossCause::NO_ROOM);
        return;
    }
    context.held += octets;
    context.waiting.push_back(std::move(item));
}

void
Sgsn::Resume(uint64_t imsi)
{
    const auto found = m_contexts.find(imsi);
    if (found != m_contexts.end())
    {
        Continue(*found);
    }
}

/// If the station was suspended it goes on: RESUME has come, or a frame of its own.
void
Sgsn::Continue(ContextRef& subscriber)
{
    Context& context = subscriber.second;
    if (!context.suspended)
    {
        return;
    }
    ++m_resumptions;
    context.suspended = false;
    context.held = 0;
    if (context.waiting.empty())
    {
        return;
    }
    if (!IsReady(context))
    {
        context.paging = true;
        context.pages = 0;
        Page(subscriber);
        return;
    }
    for (const Waiting& each : std::exchange(context.waiting, {}))
    {
        PassToCell(subscriber, each);
    }
}

} // namespace p2pim
} // namespace ns3
