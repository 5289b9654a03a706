// SPDX-License-Identifier: GPL-2.0-only
#include "nat-core.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

enum IcmpError : uint8_t
{
    UNREACHABLE = 3,
    TIME_EXCEEDED = 11
};

constexpr uint8_t PORT_UNREACHABLE = 3;
constexpr uint8_t FRAGMENTATION_NEEDED = 4;

} // namespace

const char*
GetNatCauseName(NatCause cause)
{
    constexpr const char* NAMES[] = {"none",
                                     "malformed",
                                     "checksum",
                                     "unsupported",
                                     "ttl",
                                     "mtu",
                                     "fragment",
                                     "no mapping",
                                     "expired",
                                     "filtered",
                                     "invalid",
                                     "window",
                                     "exhausted",
                                     "limit",
                                     "rate",
                                     "hairpin",
                                     "error"};
    return NAMES[static_cast<std::size_t>(cause)];
}

NatCore::NatCore(const NatSettings& settings, NatDraw draw)
    : m_settings(settings),
      m_table(settings.udpFiltering == NatSettings::ADF ||
              settings.tcpFiltering == NatSettings::ADF),
      m_allocator(m_settings, std::move(draw)),
      m_subscribers(m_settings.limits),
      m_fragments(m_settings),
      m_held(settings.limits.heldSyns, settings.timers.heldSyn)
{
}

const NatResult&
NatCore::Receive(Time now, NatSide from, Octets packet)
{
    Begin(now);
    NatHeader header(packet);
    Passage passage{packet, header, from};
    const NatCause cause = header.Parse();
    if (cause != NatCause::NONE)
    {
        Drop(passage, cause);
        return m_result;
    }
    packet.resize(header.GetSize());
    if (m_settings.checksums && !header.HasRightHeaderChecksum())
    {
        Drop(passage, NatCause::CHECKSUM);
    }
    else if (header.IsFragment())
    {
        ReceiveFragment(packet, header, from);
    }
    else
    {
        Process(passage);
    }
    return m_result;
}

const NatResult&
NatCore::Advance(Time now)
{
    Begin(now);
    return m_result;
}

Time
NatCore::GetNextDue() const
{
    return std::min(m_held.GetNextDue(),
                    m_settings.resetsExpired ? m_table.GetNextExpiry() : Time::Max());
}

const NatResult&
NatCore::LoseState(Time now)
{
    Begin(now);
    Forget();
    return m_result;
}

void
NatCore::Begin(Time now)
{
    m_result.packets.clear();
    m_result.events.clear();
    if (!m_lost && now >= m_settings.stateLoss)
    {
        m_lost = true;
        m_now = m_settings.stateLoss;
        ExpireSessions(m_now);
        SendHeldErrors();
        Forget();
    }
    m_now = now;
    ExpireSessions(now);
    SendHeldErrors();
}

void
NatCore::ExpireSessions(Time now)
{
    for (uint32_t number = m_table.GetExpired(now); number != NAT_NONE;
         number = m_table.GetExpired(now))
    {
        NatSession& session = m_table.GetSession(number);
        const bool isTcp = m_table.GetMapping(session.mapping).protocol == NatProtocol::TCP;
        const Time more = isTcp ? session.tcp.Expire(m_settings) : Time();
        if (more.IsStrictlyPositive())
        {
            m_table.SetExpiry(number, session.expiry + more);
            continue;
        }
        if (isTcp && m_settings.resetsExpired && session.tcp.IsEstablished())
        {
            SendExpiryResets(session);
        }
        EndSession(number, session.expiry);
    }
}

void
NatCore::SendHeldErrors()
{
    for (Octets& syn : m_held.TakeDue(m_now))
    {
        NatHeader header(syn);
        header.Parse();
        const Passage passage{syn, header, NatSide::OUTSIDE};
        SendError(passage, header.GetDestinationAddress(), UNREACHABLE, PORT_UNREACHABLE);
    }
}

void
NatCore::Forget()
{
    for (uint32_t number = m_table.GetAny(); number != NAT_NONE; number = m_table.GetAny())
    {
        EndSession(number, m_now);
    }
    m_fragments.Clear();
    m_held.Clear();
    NatEvent event;
    event.kind = NatEvent::Kind::STATE_LOST;
    event.time = m_now;
    m_result.events.push_back(event);
}

void
NatCore::ReceiveFragment(Octets& packet, NatHeader& header, NatSide from)
{
    Passage passage{packet, header, from};
    if (m_settings.fragments == NatSettings::DROP_FRAGMENTS)
    {
        Drop(passage, NatCause::FRAGMENT);
        return;
    }
    if (m_settings.fragments == NatSettings::FRAGMENTS_IN_ORDER)
    {
        FollowFirst(packet, header, from);
        return;
    }
    auto whole = m_fragments.Add(header, packet, from, m_now);
    if (!whole)
    {
        return;
    }
    NatHeader wholeHeader(whole->packet);
    Passage wholePassage{whole->packet, wholeHeader, from, std::move(whole->parts)};
    const NatCause cause = wholeHeader.Parse();
    if (cause != NatCause::NONE)
    {
        Drop(passage, cause);
        return;
    }
    Process(wholePassage);
}

void
NatCore::FollowFirst(Octets& packet, NatHeader& header, NatSide from)
{
    Passage passage{packet, header, from};
    const auto key = NatFragments::GetKey(header, from);
    if (header.GetFragmentOffset() == 0)
    {
        if (header.CheckTransport() != NatCause::NONE || header.IsError())
        {
            Drop(passage, NatCause::MALFORMED);
            return;
        }
        Process(passage);
        if (passage.isThrough)
        {
            // Emit() has moved the packet into the result.
            NatHeader sent(m_result.packets.back().packet);
            sent.Parse();
            m_fragments.Keep(key,
                             m_now,
                             {sent.GetSourceAddress(), sent.GetDestinationAddress(), passage.to});
        }
        return;
    }
    const auto path = m_fragments.Find(key, m_now);
    if (!path || header.GetTtl() <= 1)
    {
        Drop(passage, path ? NatCause::TTL : NatCause::FRAGMENT);
        return;
    }
    header.SetSource({path->source, 0}, m_settings.checksums);
    header.SetDestination({path->destination, 0}, m_settings.checksums);
    Emit(passage, path->to);
}

bool
NatCore::Check(Passage& passage)
{
    const NatHeader& header = passage.header;
    const bool isIcmp = header.GetProtocol() == NatProtocol::ICMP;
    if (m_settings.checksums && (isIcmp || m_settings.transportChecksums) && !header.IsFragment() &&
        !header.HasRightTransportChecksum())
    {
        Drop(passage, NatCause::CHECKSUM);
        return false;
    }
    if (header.GetTtl() <= 1)
    {
        Drop(passage, NatCause::TTL);
        if (m_settings.sendsErrors)
        {
            SendError(passage, GetOwnAddress(passage.from), TIME_EXCEEDED, 0);
        }
        return false;
    }
    const uint16_t mtu =
        passage.from == NatSide::INSIDE ? m_settings.outsideMtu : m_settings.insideMtu;
    if (header.GetSize() > mtu && !header.MayBeFragmented())
    {
        Drop(passage, NatCause::MTU);
        if (m_settings.sendsErrors)
        {
            SendError(passage, GetOwnAddress(passage.from), UNREACHABLE, FRAGMENTATION_NEEDED, mtu);
        }
        return false;
    }
    return true;
}

void
NatCore::Process(Passage& passage)
{
    if (!Check(passage))
    {
        return;
    }
    if (IsUntranslated(passage))
    {
        Emit(passage, GetOther(passage.from));
    }
    else if (passage.from == NatSide::INSIDE)
    {
        HandleInside(passage);
    }
    else
    {
        HandleOutside(passage);
    }
}

void
NatCore::Emit(Passage& passage, NatSide to)
{
    passage.isThrough = true;
    passage.to = to;
    const std::size_t mtu = to == NatSide::INSIDE ? m_settings.insideMtu : m_settings.outsideMtu;
    if (passage.parts.empty() && passage.packet.size() <= mtu)
    {
        m_result.packets.push_back({std::move(passage.packet), to});
        return;
    }
    for (Octets& fragment : Cut(passage, mtu))
    {
        m_result.packets.push_back({std::move(fragment), to});
    }
}

/// Cuts a packet where it came cut, or, if those parts are too long, as it fits.
std::vector<Octets>
NatCore::Cut(const Passage& passage, std::size_t mtu) const
{
    const std::size_t header = passage.header.GetHeaderSize();
    const bool fits = std::all_of(passage.parts.begin(),
                                  passage.parts.end(),
                                  [=](std::size_t part) { return header + part <= mtu; });
    return fits && !passage.parts.empty()
               ? CutPacket(passage.packet, passage.parts, m_settings.checksums)
               : FragmentPacket(passage.packet, mtu, m_settings.checksums);
}

void
NatCore::SendError(const Passage& passage,
                   uint32_t source,
                   uint8_t type,
                   uint8_t code,
                   uint32_t rest)
{
    if (source != 0 && !passage.header.IsError())
    {
        m_result.packets.push_back(
            {MakeIcmpError(source, type, code, rest, passage.packet), passage.from});
    }
}

uint32_t
NatCore::GetOwnAddress(NatSide side) const
{
    if (side == NatSide::INSIDE || m_settings.pool.empty())
    {
        return m_settings.insideAddress.Get();
    }
    return m_settings.pool.front().Get();
}

void
NatCore::Drop(const Passage& passage, NatCause cause)
{
    NatEvent event;
    event.cause = cause;
    event.from = passage.from;
    event.time = m_now;
    const bool isKnown = cause != NatCause::MALFORMED && cause != NatCause::UNSUPPORTED;
    if (isKnown && passage.header.GetFragmentOffset() == 0)
    {
        const Flow flow = GetFlow(passage.header, passage.from);
        event.protocol = flow.protocol;
        event.remote = flow.remote;
        (passage.from == NatSide::INSIDE ? event.inside : event.outside) = flow.local;
    }
    m_result.events.push_back(event);
}

void
NatCore::Tell(NatEvent::Kind kind, const NatMapping& mapping, const NatEndpoint& remote, Time time)
{
    NatEvent event;
    event.kind = kind;
    event.protocol = mapping.protocol;
    event.time = time;
    event.inside = mapping.inside;
    event.outside = mapping.outside;
    event.remote = remote;
    m_result.events.push_back(event);
}

const NatSettings&
NatCore::GetSettings() const
{
    return m_settings;
}

uint32_t
NatCore::GetMappings() const
{
    return m_table.GetMappings();
}

uint32_t
NatCore::GetSessions() const
{
    return m_table.GetSessions();
}

std::size_t
NatCore::GetMemory() const
{
    return m_table.GetMemory() + m_allocator.GetMemory() + m_subscribers.GetMemory() +
           (m_expired.size() + m_expiredBefore.size()) * sizeof(uint32_t) + m_fragments.GetOctets();
}

uint64_t
NatCore::GetSteps() const
{
    return m_table.GetSteps() + m_allocator.GetSteps() + m_subscribers.GetSteps();
}

const NatFragments&
NatCore::GetFragments() const
{
    return m_fragments;
}

const NatHeldSyns&
NatCore::GetHeldSyns() const
{
    return m_held;
}

} // namespace p2pim
} // namespace ns3
