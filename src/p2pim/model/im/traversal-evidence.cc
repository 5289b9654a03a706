// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/traversal-evidence.h"

namespace ns3
{
namespace p2pim
{

std::size_t
TraversalEvidence::FlowHash::operator()(const Flow& flow) const
{
    constexpr uint64_t odd = 0x9e3779b97f4a7c15; // 2^64 by the golden ratio
    const auto pack = [](const NatEndpoint& end) { return uint64_t{end.address} << 16 | end.port; };
    const uint64_t hash = (pack(flow.first) * odd ^ pack(flow.second)) * odd;
    return static_cast<std::size_t>(hash ^ hash >> 32);
}

uint32_t
TraversalEvidence::Add(const NatEndpoint& local, const NatEndpoint& remote)
{
    const uint32_t number = m_next++;
    m_attempts[number].finding.outer = local;
    m_flows.erase({local, remote});
    AddFlow(number, {local, remote});
    return number;
}

const TraversalEvidence::Finding&
TraversalEvidence::Get(uint32_t attempt) const
{
    return m_attempts.at(attempt).finding;
}

void
TraversalEvidence::Remove(uint32_t attempt)
{
    const auto found = m_attempts.find(attempt);
    for (const auto& flow : found->second.flows)
    {
        const auto owner = m_flows.find(flow);
        if (owner != m_flows.end() && owner->second == attempt)
        {
            m_flows.erase(owner);
        }
    }
    for (const auto& flow : found->second.inbounds)
    {
        m_inside.erase(flow);
    }
    m_attempts.erase(found);
}

std::size_t
TraversalEvidence::GetSize() const
{
    return m_attempts.size();
}

void
TraversalEvidence::AddFlow(uint32_t number, const Flow& flow)
{
    if (!m_flows.emplace(flow, number).second)
    {
        return;
    }
    m_attempts[number].flows.push_back(flow);
    // the NATs that the other end has dialled through let it in
    const auto inside = m_inside.find(flow);
    if (inside != m_inside.end())
    {
        AddFlow(number, {flow.first, inside->second});
    }
}

void
TraversalEvidence::Handle(const NatEvent& event, Time now)
{
    if (event.protocol != NatProtocol::TCP)
    {
        return;
    }
    switch (event.kind)
    {
    case NatEvent::Kind::SESSION_CREATED:
        HandleSession(event);
        break;
    case NatEvent::Kind::SESSION_EXPIRED:
        if (const auto flow = m_flows.find({event.inside, event.remote}); flow != m_flows.end())
        {
            // what ends by time is found out later
            m_attempts[flow->second].finding.isClosed = event.time == now;
        }
        break;
    case NatEvent::Kind::PACKET_DROPPED:
        HandleDrop(event);
        break;
    default:
        break;
    }
}

void
TraversalEvidence::HandleSession(const NatEvent& event)
{
    const Flow inbound(event.remote, event.outside);
    const auto outgoing = m_flows.find({event.inside, event.remote});
    if (outgoing != m_flows.end())
    {
        const uint32_t number = outgoing->second;
        auto& attempt = m_attempts[number];
        attempt.finding.outer = event.outside;
        attempt.finding.isClosed = false;
        attempt.inbounds.push_back(inbound);
        m_inside[inbound] = event.inside;
        AddFlow(number, {event.outside, event.remote});
    }
    const auto incoming = m_flows.find(inbound);
    // the private endpoint of a phone may be dialled, too, but never comes from outside
    if (incoming != m_flows.end() && m_attempts[incoming->second].finding.outer == event.remote)
    {
        AddFlow(incoming->second, {event.remote, event.inside});
    }
}

void
TraversalEvidence::HandleDrop(const NatEvent& event)
{
    const bool isOutbound = event.from == NatSide::INSIDE;
    const auto& source = isOutbound ? event.inside : event.remote;
    const auto& destination = isOutbound ? event.remote : event.outside;
    const bool isTracking = event.cause == NatCause::WINDOW || event.cause == NatCause::INVALID;
    const auto note = [this, &event](const Flow& flow) {
        const auto found = m_flows.find(flow);
        if (found != m_flows.end())
        {
            Note(m_attempts[found->second].finding, event.cause);
        }
        return found != m_flows.end();
    };
    const bool isOwn = note({source, destination}) || note({{source.address, 0}, destination});
    if (!isOwn || isTracking)
    {
        note({destination, source}); // it may answer the other end's
    }
}

void
TraversalEvidence::Note(Finding& finding, NatCause cause)
{
    switch (cause)
    {
    case NatCause::NO_MAPPING:
    case NatCause::FILTERED:
        finding.cause = finding.cause == NatCause::EXPIRED ? NatCause::EXPIRED : cause;
        break;
    case NatCause::INVALID: // what strays after a drop is no cause
        finding.cause = finding.cause == NatCause::NONE ? cause : finding.cause;
        break;
    case NatCause::EXPIRED:
    case NatCause::WINDOW:
    case NatCause::EXHAUSTED:
    case NatCause::LIMIT:
    case NatCause::RATE:
    case NatCause::HAIRPIN:
        finding.cause = cause;
        break;
    default: // a SYN with a short TTL is meant to be lost; the rest does not happen to SYNs
        break;
    }
}

} // namespace p2pim
} // namespace ns3
