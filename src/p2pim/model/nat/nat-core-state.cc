// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * How NatCore makes, keeps and ends mappings and sessions.
 */
#include "nat-core.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint8_t UNREACHABLE = 3;
constexpr uint8_t HOST_UNREACHABLE = 1;
constexpr uint8_t PROHIBITED = 13;

/// The session of a mapping that was asked for: with nobody.
constexpr NatEndpoint NOBODY{};

} // namespace

uint32_t
NatCore::FindMapping(const Flow& flow) const
{
    const auto main =
        flow.protocol == NatProtocol::TCP ? m_settings.tcpMapping : m_settings.udpMapping;
    auto before = NatSettings::CDM;
    for (const auto mapping : {NatSettings::EIM, main, m_settings.conflictMapping})
    {
        if (mapping == before)
        {
            continue;
        }
        before = mapping;
        const uint32_t number =
            m_table.FindMapping(flow.protocol, flow.local, mapping, flow.remote);
        if (number == NAT_NONE)
        {
            continue;
        }
        const NatEndpoint& outside = m_table.GetMapping(number).outside;
        const bool isTaken =
            m_settings.overlaps &&
            m_table.FindSession(NatSide::OUTSIDE, flow.protocol, outside, flow.remote) != NAT_NONE;
        if (!isTaken)
        {
            return number;
        }
    }
    return NAT_NONE;
}

NatCause
NatCore::MakeMapping(const NatMapping& wanted, uint32_t& number)
{
    const NatCause cause = m_table.GetMappings() >= m_settings.limits.mappings
                               ? NatCause::LIMIT
                               : m_subscribers.CheckMapping(wanted.inside.address, m_now);
    if (cause != NatCause::NONE)
    {
        return cause;
    }
    NatMapping mapping = wanted;
    mapping.outside = wanted.inside;
    if (m_settings.translates)
    {
        const auto isTaken = [this, &wanted](const NatEndpoint& outside) {
            return m_table.FindSession(NatSide::OUTSIDE, wanted.protocol, outside, wanted.remote) !=
                   NAT_NONE;
        };
        const auto outside =
            m_allocator.Allocate({m_now, wanted.protocol, wanted.inside, wanted.remote, isTaken});
        if (!outside)
        {
            return NatCause::EXHAUSTED;
        }
        mapping.outside = *outside;
        mapping.holdsPort = !m_settings.overlaps && m_settings.allocation != NatSettings::OVERLOAD;
    }
    if (mapping.outside.port != mapping.inside.port && !mapping.isExplicit &&
        m_settings.conflictMapping > mapping.mapping)
    {
        mapping.mapping = m_settings.conflictMapping;
    }
    if (m_settings.allocation == NatSettings::OVERLOAD)
    {
        EndOverloaded(mapping);
    }
    number = m_table.AddMapping(mapping);
    m_subscribers.AddMapping(mapping.inside.address, m_now);
    Tell(NatEvent::Kind::MAPPING_CREATED, mapping, m_table.GetMapping(number).remote, m_now);
    return NatCause::NONE;
}

/// Ends the session whose endpoints a new mapping takes away.
void
NatCore::EndOverloaded(const NatMapping& mapping)
{
    const uint32_t number =
        m_table.FindSession(NatSide::OUTSIDE, mapping.protocol, mapping.outside, mapping.remote);
    if (number != NAT_NONE)
    {
        EndSession(number, m_now);
    }
}

NatCause
NatCore::CheckSessionLimits(uint32_t insideAddress) const
{
    return m_table.GetSessions() >= m_settings.limits.sessions
               ? NatCause::LIMIT
               : m_subscribers.CheckSession(insideAddress);
}

uint32_t
NatCore::AddSession(uint32_t mapping, const NatEndpoint& remote, Time lifetime)
{
    const uint32_t number = m_table.AddSession(mapping, remote, m_now, m_now + lifetime);
    const NatMapping& owner = m_table.GetMapping(mapping);
    m_subscribers.CountSession(owner.inside.address, 1);
    Tell(NatEvent::Kind::SESSION_CREATED, owner, remote, m_now);
    return number;
}

uint32_t
NatCore::OpenFromInside(Passage& passage, const Flow& flow)
{
    NatTcpTracker tracker;
    NatTcpVerdict verdict;
    if (flow.protocol == NatProtocol::TCP)
    {
        verdict = tracker.Open(passage.header.GetSegment(), m_settings);
        if (verdict.action != NatTcpVerdict::Action::PASS)
        {
            DropSegment(passage, NatCause::INVALID);
            return NAT_NONE;
        }
    }
    else
    {
        verdict.lifetime = GetDatagramLifetime(flow.protocol, flow.remote);
    }
    NatCause cause = CheckSessionLimits(flow.local.address);
    uint32_t mapping = cause == NatCause::NONE ? FindMapping(flow) : NAT_NONE;
    if (cause == NatCause::NONE && mapping == NAT_NONE)
    {
        NatMapping wanted;
        wanted.inside = flow.local;
        wanted.remote = flow.remote;
        wanted.protocol = flow.protocol;
        wanted.mapping =
            flow.protocol == NatProtocol::TCP ? m_settings.tcpMapping : m_settings.udpMapping;
        cause = MakeMapping(wanted, mapping);
    }
    if (cause != NatCause::NONE)
    {
        Refuse(passage, cause);
        return NAT_NONE;
    }
    const uint32_t session = AddSession(mapping, flow.remote, verdict.lifetime);
    m_table.GetSession(session).tcp = tracker;
    return session;
}

uint32_t
NatCore::OpenFromOutside(Passage& passage, uint32_t mapping, const Flow& flow)
{
    const NatSegment segment = passage.header.GetSegment();
    NatTcpTracker tracker;
    const NatTcpVerdict verdict = tracker.Open(segment, m_settings);
    if (verdict.action != NatTcpVerdict::Action::PASS || !segment.syn)
    {
        Drop(passage, NatCause::INVALID);
        return NAT_NONE;
    }
    const NatCause cause = CheckSessionLimits(m_table.GetMapping(mapping).inside.address);
    if (cause != NatCause::NONE)
    {
        Drop(passage, cause);
        return NAT_NONE;
    }
    const uint32_t number = AddSession(mapping, flow.remote, verdict.lifetime);
    NatSession& session = m_table.GetSession(number);
    session.tcp = tracker;
    session.opener = NatSide::OUTSIDE;
    return number;
}

/// Drops what there is no room for, and says so.
void
NatCore::Refuse(Passage& passage, NatCause cause)
{
    Drop(passage, cause);
    if (m_settings.refusal != NatSettings::REFUSE_SILENTLY && !passage.isHairpin)
    {
        const bool isProhibited = m_settings.refusal == NatSettings::REFUSE_PROHIBITED;
        SendError(passage,
                  GetOwnAddress(passage.from),
                  UNREACHABLE,
                  isProhibited ? PROHIBITED : HOST_UNREACHABLE);
    }
}

/// Drops a segment that does not fit to a connection.
void
NatCore::DropSegment(Passage& passage, NatCause cause)
{
    Drop(passage, cause);
    if (passage.from != NatSide::INSIDE || passage.isHairpin)
    {
        return;
    }
    if (m_settings.leaksInvalid)
    {
        Emit(passage, NatSide::OUTSIDE);
    }
    else if (m_settings.resetsStray && !passage.header.GetSegment().rst)
    {
        m_result.packets.push_back({MakeTcpReset(passage.header), NatSide::INSIDE});
    }
}

Time
NatCore::GetDatagramLifetime(NatProtocol protocol, const NatEndpoint& remote) const
{
    if (protocol == NatProtocol::ICMP)
    {
        return m_settings.timers.icmpQuery;
    }
    const auto own = m_settings.timers.udpPorts.find(remote.port);
    return own == m_settings.timers.udpPorts.end() ? m_settings.timers.udpNew : own->second;
}

NatCore::Outcome
NatCore::Continue(Passage& passage, uint32_t number, NatSide from)
{
    NatSession& session = m_table.GetSession(number);
    const NatProtocol protocol = m_table.GetMapping(session.mapping).protocol;
    if (protocol == NatProtocol::TCP)
    {
        return ContinueTcp(passage, number, from);
    }
    if (from == NatSide::INSIDE || m_settings.timers.udpInboundRefresh)
    {
        const NatTimers& timers = m_settings.timers;
        Time lifetime = GetDatagramLifetime(protocol, session.remote);
        if (protocol == NatProtocol::UDP && session.replied &&
            m_now - session.created > timers.udpStreamAge &&
            timers.udpPorts.count(session.remote.port) == 0)
        {
            lifetime = timers.udpStream;
        }
        m_table.SetExpiry(number, m_now + lifetime);
    }
    session.replied = session.replied || from != session.opener;
    return Outcome::PASSES;
}

NatCore::Outcome
NatCore::ContinueTcp(Passage& passage, uint32_t number, NatSide from)
{
    using Action = NatTcpVerdict::Action;
    NatSession& session = m_table.GetSession(number);
    const uint8_t direction = from == session.opener ? 0 : 1;
    const NatTcpVerdict verdict =
        session.tcp.Continue(passage.header.GetSegment(), direction, m_settings);
    switch (verdict.action)
    {
    case Action::PASS:
        m_table.SetExpiry(number, m_now + verdict.lifetime);
        return Outcome::PASSES;
    case Action::PASS_ALONE:
        return Outcome::PASSES;
    case Action::PASS_AND_END:
        return Outcome::ENDS;
    case Action::REOPEN:
        return Reopen(passage, number, from);
    default:
        if (verdict.lifetime.IsStrictlyPositive() && session.expiry > m_now + verdict.lifetime)
        {
            m_table.SetExpiry(number, m_now + verdict.lifetime);
        }
        DropSegment(passage,
                    verdict.action == Action::WINDOW ? NatCause::WINDOW : NatCause::INVALID);
        return Outcome::DROPPED;
    }
}

/// A SYN comes for a connection that has ended.
NatCore::Outcome
NatCore::Reopen(Passage& passage, uint32_t number, NatSide from)
{
    const bool isNew = from == NatSide::INSIDE && m_settings.tcpMapping == NatSettings::CDM;
    if (isNew || m_settings.tcpMachine == NatSettings::LINUX_MACHINE)
    {
        EndSession(number, m_now);
        return Outcome::GONE;
    }
    NatSession& session = m_table.GetSession(number);
    if (from == NatSide::OUTSIDE && m_settings.tcpFiltering == NatSettings::CDF)
    {
        const NatMapping& mapping = m_table.GetMapping(session.mapping);
        RefuseUnsolicited(passage,
                          {mapping.protocol, mapping.outside, session.remote},
                          NatCause::FILTERED);
        return Outcome::DROPPED;
    }
    const NatTcpVerdict verdict = session.tcp.Open(passage.header.GetSegment(), m_settings);
    session.opener = from;
    m_table.SetExpiry(number, m_now + verdict.lifetime);
    return Outcome::PASSES;
}

void
NatCore::EndSession(uint32_t number, Time time)
{
    const uint32_t owner = m_table.GetSession(number).mapping;
    const NatEndpoint remote = m_table.GetSession(number).remote;
    const NatMapping mapping = m_table.GetMapping(owner);
    NoteExpired(mapping, remote);
    Tell(NatEvent::Kind::SESSION_EXPIRED, mapping, remote, time);
    m_subscribers.CountSession(mapping.inside.address, -1);
    if (!m_table.RemoveSession(number))
    {
        m_table.GetMapping(owner).isExplicit = mapping.isExplicit && remote != NOBODY;
        return;
    }
    if (mapping.holdsPort)
    {
        m_allocator.Release(time, mapping.protocol, mapping.outside, mapping.inside);
    }
    m_table.RemoveMapping(owner);
    m_subscribers.RemoveMapping(mapping.inside.address);
    Tell(NatEvent::Kind::MAPPING_EXPIRED, mapping, mapping.remote, time);
}

void
NatCore::SendExpiryResets(const NatSession& session)
{
    const NatMapping& mapping = m_table.GetMapping(session.mapping);
    const NatTcpWindow& window = session.tcp.GetWindow();
    const uint8_t inside = session.opener == NatSide::INSIDE ? 0 : 1;
    const uint32_t ownEnd = window.GetEnd(inside);
    const uint32_t remoteEnd = window.GetEnd(static_cast<uint8_t>(1 - inside));
    m_result.packets.push_back(
        {MakeTcpReset(session.remote, mapping.inside, remoteEnd, ownEnd, true), NatSide::INSIDE});
    m_result.packets.push_back(
        {MakeTcpReset(mapping.outside, session.remote, ownEnd, remoteEnd, true), NatSide::OUTSIDE});
}

std::optional<NatEndpoint>
NatCore::RequestMapping(Time now, NatProtocol protocol, const NatEndpoint& inside, Time lifetime)
{
    Begin(now);
    const uint32_t renewed = m_table.FindSession(NatSide::INSIDE, protocol, inside, NOBODY);
    if (renewed != NAT_NONE)
    {
        m_table.SetExpiry(renewed, now + lifetime);
        return m_table.GetMapping(m_table.GetSession(renewed).mapping).outside;
    }
    uint32_t number = m_table.FindMapping(protocol, inside, NatSettings::EIM, NOBODY);
    if (lifetime.IsZero() || CheckSessionLimits(inside.address) != NatCause::NONE)
    {
        return std::nullopt;
    }
    if (number == NAT_NONE)
    {
        NatMapping wanted;
        wanted.inside = inside;
        wanted.protocol = protocol;
        wanted.isExplicit = true;
        if (MakeMapping(wanted, number) != NatCause::NONE)
        {
            return std::nullopt;
        }
    }
    m_table.GetMapping(number).isExplicit = true;
    AddSession(number, NOBODY, lifetime);
    return m_table.GetMapping(number).outside;
}

void
NatCore::NoteExpired(const NatMapping& mapping, const NatEndpoint& remote)
{
    constexpr std::size_t LEAST = 256;
    constexpr std::size_t MOST = 262144;
    if (m_expired.empty() ||
        (m_expired.size() < MOST && m_expired.size() < 2 * std::size_t{m_table.GetSessions()}))
    {
        m_expiredBefore = std::move(m_expired);
        m_expired.assign(std::max(LEAST, 2 * m_expiredBefore.size()), 0);
    }
    const uint32_t hash = GetNatHash(mapping.protocol, mapping.outside, remote);
    m_expired[hash & (m_expired.size() - 1)] = hash;
}

bool
NatCore::HasExpired(const Flow& flow) const
{
    const uint32_t hash = GetNatHash(flow.protocol, flow.local, flow.remote);
    const auto has = [hash](const std::vector<uint32_t>& hashes) {
        return !hashes.empty() && hashes[hash & (hashes.size() - 1)] == hash;
    };
    return has(m_expired) || has(m_expiredBefore);
}

} // namespace p2pim
} // namespace ns3
