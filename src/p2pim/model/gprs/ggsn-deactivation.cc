// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * How PDP contexts end at the GGSN, and what they are charged.
 */
#include "ns3/ggsn.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

void
Ggsn::Remove(uint32_t teid)
{
    const auto found = m_contexts.find(teid);
    const Context& context = found->second;
    ++m_deleted;
    auto& [uplink, downlink] = m_charged[context.accessPoint];
    uplink += context.uplinkOctets;
    downlink += context.downlinkOctets;
    m_chargingTrace({teid,
                     context.imsi,
                     m_accessPoints[context.accessPoint].name,
                     context.address,
                     context.opened,
                     Simulator::Now() - context.opened,
                     context.uplinkOctets,
                     context.downlinkOctets});
    if (m_static.count(context.address.Get()) == 0)
    {
        m_accessPoints[context.accessPoint].pool.GiveBack(context.address);
    }
    m_byOwner.erase(GetOwner(context.imsi, context.nsapi));
    m_byAddress.erase(context.address.Get());
    m_bySgsnTeid.erase(context.sgsnData);
    m_contexts.erase(found);
    m_contextCount.Add(Simulator::Now(), -1);
}

void
Ggsn::RemoveAll()
{
    std::vector<uint32_t> teids;
    for (const auto& context : m_contexts)
    {
        teids.push_back(context.first);
    }
    std::sort(teids.begin(), teids.end()); // the pools' order must not depend on the map's
    for (const uint32_t teid : teids)
    {
        Remove(teid);
    }
}

bool
Ggsn::EndContext(Ipv4Address address)
{
    const auto found = m_byAddress.find(address.Get());
    if (found == m_byAddress.end())
    {
        return false;
    }
    EndContext(found->second);
    return true;
}

/// The SGSN is asked to end it, and does so with the station; the context is gone either way.
void
Ggsn::EndContext(uint32_t teid)
{
    const Context& context = m_contexts.at(teid);
    DeletePdpContextRequest request;
    request.teid = context.sgsnControl;
    request.nsapi = context.nsapi;
    m_gn.Request(request, [this, teid](const GtpMessage*) {
        if (m_contexts.count(teid) > 0)
        {
            Remove(teid);
        }
    });
}

/// Ends the contexts that have been idle for too long; one event serves all of them.
void
Ggsn::CheckIdle()
{
    const Time now = Simulator::Now();
    while (!m_idle.empty() && m_idle.front().first <= now)
    {
        const uint32_t teid = m_idle.front().second;
        m_idle.pop_front();
        const auto found = m_contexts.find(teid);
        if (found == m_contexts.end())
        {
            continue;
        }
        const Time end = found->second.lastPacket + m_idleTimeout;
        if (end > now)
        {
            // contexts come back in the order of their ends, but for those that are looked at now
            m_idle.insert(std::upper_bound(m_idle.begin(), m_idle.end(), std::make_pair(end, teid)),
                          {end, teid});
            continue;
        }
        ++m_idleDeleted;
        EndContext(teid);
    }
    if (!m_idle.empty() && !m_idleEvent.IsRunning())
    {
        m_idleEvent = Simulator::Schedule(m_idle.front().first - now, &Ggsn::CheckIdle, this);
    }
}

void
Ggsn::AppendCharges(CounterList& counters) const
{
    auto charged = m_charged;
    for (const auto& [teid, context] : m_contexts)
    {
        charged[context.accessPoint].first += context.uplinkOctets;
        charged[context.accessPoint].second += context.downlinkOctets;
    }
    for (std::size_t n = 0; n < charged.size(); ++n)
    {
        const std::string prefix = "charged_" + m_accessPoints[n].name;
        counters.emplace_back(prefix + "_downlink_octets", static_cast<double>(charged[n].second));
        counters.emplace_back(prefix + "_uplink_octets", static_cast<double>(charged[n].first));
    }
}

} // namespace p2pim
} // namespace ns3
