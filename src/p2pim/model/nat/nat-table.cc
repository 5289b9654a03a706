// SPDX-License-Identifier: GPL-2.0-only
#include "nat-table.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

/// @return what of a peer the key of a mapping has.
NatEndpoint
GetKeyOf(NatSettings::Mapping mapping, const NatEndpoint& remote)
{
    switch (mapping)
    {
    case NatSettings::EIM:
        return {};
    case NatSettings::ADM:
        return {remote.address, 0};
    default:
        return remote;
    }
}

/// Puts an element in front of the chain that an index has for its key.
template <typename Slab, typename Element>
void
Link(NatIndex& index,
     Slab& slab,
     uint32_t hash,
     uint32_t head,
     uint32_t number,
     uint32_t Element::*next,
     uint32_t Element::*previous)
{
    if (head == NAT_NONE)
    {
        index.Insert(hash, number);
        return;
    }
    slab[number].*next = head;
    slab[head].*previous = number;
    index.Replace(hash, head, number);
}

/// Takes an element out of its chain.
template <typename Slab, typename Element>
void
Unlink(NatIndex& index,
       Slab& slab,
       uint32_t hash,
       uint32_t number,
       uint32_t Element::*next,
       uint32_t Element::*previous)
{
    const uint32_t after = slab[number].*next;
    const uint32_t before = slab[number].*previous;
    if (after != NAT_NONE)
    {
        slab[after].*previous = before;
    }
    if (before != NAT_NONE)
    {
        slab[before].*next = after;
    }
    else if (after != NAT_NONE)
    {
        index.Replace(hash, number, after);
    }
    else
    {
        index.Erase(hash, number);
    }
}

uint64_t
Mix(uint64_t value)
{
    value = (value ^ value >> 32) * 0x9E3779B97F4A7C15;
    value = (value ^ value >> 29) * 0xBF58476D1CE4E5B9;
    return value ^ value >> 32;
}

uint32_t
GetPeerHash(uint32_t mapping, uint32_t address)
{
    return static_cast<uint32_t>(Mix(static_cast<uint64_t>(mapping) << 32 | address));
}

} // namespace

uint32_t
GetNatHash(NatProtocol protocol, const NatEndpoint& first, const NatEndpoint& second)
{
    const uint64_t one = static_cast<uint64_t>(first.address) << 16 | first.port;
    const uint64_t two = static_cast<uint64_t>(second.address) << 16 | second.port;
    return static_cast<uint32_t>(Mix(Mix(one | static_cast<uint64_t>(protocol) << 48) + two));
}

NatTable::NatTable(bool countsAddresses)
    : m_countsAddresses(countsAddresses)
{
}

bool
NatTable::IsKey(const NatMapping& mapping,
                NatProtocol protocol,
                const NatEndpoint& inside,
                NatSettings::Mapping kind,
                const NatEndpoint& remote) const
{
    return mapping.inside == inside && mapping.protocol == protocol && mapping.mapping == kind &&
           mapping.remote == remote;
}

uint32_t
NatTable::FindMapping(NatProtocol protocol,
                      const NatEndpoint& inside,
                      NatSettings::Mapping mapping,
                      const NatEndpoint& remote) const
{
    const NatEndpoint key = GetKeyOf(mapping, remote);
    return m_mappingsByInside.Find(GetNatHash(protocol, inside, key), [&](uint32_t number) {
        return IsKey(m_mappings[number], protocol, inside, mapping, key);
    });
}

uint32_t
NatTable::FindMapping(NatProtocol protocol, const NatEndpoint& outside) const
{
    return m_mappingsByOutside.Find(GetNatHash(protocol, outside, {}), [&](uint32_t number) {
        return m_mappings[number].outside == outside && m_mappings[number].protocol == protocol;
    });
}

uint32_t
NatTable::FindSession(NatSide side,
                      NatProtocol protocol,
                      const NatEndpoint& local,
                      const NatEndpoint& remote) const
{
    const bool isInside = side == NatSide::INSIDE;
    const NatIndex& index = isInside ? m_sessionsByInside : m_sessionsByOutside;
    return index.Find(GetNatHash(protocol, local, remote), [&](uint32_t number) {
        const NatSession& session = m_sessions[number];
        const NatMapping& mapping = m_mappings[session.mapping];
        return session.remote == remote && mapping.protocol == protocol &&
               (isInside ? mapping.inside : mapping.outside) == local;
    });
}

bool
NatTable::HasPeer(uint32_t mapping, uint32_t address) const
{
    return FindPeer(mapping, address) != NAT_NONE;
}

uint32_t
NatTable::FindPeer(uint32_t mapping, uint32_t address) const
{
    return m_peersByAddress.Find(GetPeerHash(mapping, address), [&](uint32_t number) {
        return m_peers[number].mapping == mapping && m_peers[number].address == address;
    });
}

void
NatTable::CountPeer(uint32_t mapping, uint32_t address, int change)
{
    if (!m_countsAddresses)
    {
        return;
    }
    uint32_t number = FindPeer(mapping, address);
    if (number == NAT_NONE)
    {
        number = m_peers.Take();
        m_peers[number] = {mapping, address, 0};
        m_peersByAddress.Insert(GetPeerHash(mapping, address), number);
    }
    if ((m_peers[number].sessions += static_cast<uint32_t>(change)) == 0)
    {
        m_peersByAddress.Erase(GetPeerHash(mapping, address), number);
        m_peers.Give(number);
    }
}

uint32_t
NatTable::AddMapping(const NatMapping& mapping)
{
    const NatEndpoint key = GetKeyOf(mapping.mapping, mapping.remote);
    const uint32_t sameInside = FindMapping(mapping.protocol, mapping.inside, mapping.mapping, key);
    const uint32_t sameOutside = FindMapping(mapping.protocol, mapping.outside);
    const uint32_t number = m_mappings.Take();
    m_mappings[number] = mapping;
    m_mappings[number].remote = key;
    Link(m_mappingsByInside,
         m_mappings,
         GetNatHash(mapping.protocol, mapping.inside, key),
         sameInside,
         number,
         &NatMapping::nextInside,
         &NatMapping::previousInside);
    Link(m_mappingsByOutside,
         m_mappings,
         GetNatHash(mapping.protocol, mapping.outside, {}),
         sameOutside,
         number,
         &NatMapping::nextOutside,
         &NatMapping::previousOutside);
    return number;
}

void
NatTable::RemoveMapping(uint32_t number)
{
    const NatMapping& mapping = m_mappings[number];
    Unlink(m_mappingsByInside,
           m_mappings,
           GetNatHash(mapping.protocol, mapping.inside, mapping.remote),
           number,
           &NatMapping::nextInside,
           &NatMapping::previousInside);
    Unlink(m_mappingsByOutside,
           m_mappings,
           GetNatHash(mapping.protocol, mapping.outside, {}),
           number,
           &NatMapping::nextOutside,
           &NatMapping::previousOutside);
    m_mappings.Give(number);
}

uint32_t
NatTable::AddSession(uint32_t mapping, const NatEndpoint& remote, Time now, Time expiry)
{
    const uint32_t number = m_sessions.Take();
    NatMapping& owner = m_mappings[mapping];
    NatSession& session = m_sessions[number];
    session.mapping = mapping;
    session.remote = remote;
    session.created = now;
    session.expiry = expiry;
    session.next = owner.firstSession;
    if (session.next != NAT_NONE)
    {
        m_sessions[session.next].previous = number;
    }
    owner.firstSession = number;
    m_sessionsByInside.Insert(GetNatHash(owner.protocol, owner.inside, remote), number);
    m_sessionsByOutside.Insert(GetNatHash(owner.protocol, owner.outside, remote), number);
    CountPeer(mapping, remote.address, 1);
    m_queue.PushBack({expiry, number});
    Rise(m_queue.GetSize() - 1);
    return number;
}

bool
NatTable::RemoveSession(uint32_t number)
{
    const NatSession& session = m_sessions[number];
    NatMapping& owner = m_mappings[session.mapping];
    if (session.next != NAT_NONE)
    {
        m_sessions[session.next].previous = session.previous;
    }
    (session.previous == NAT_NONE ? owner.firstSession : m_sessions[session.previous].next) =
        session.next;
    m_sessionsByInside.Erase(GetNatHash(owner.protocol, owner.inside, session.remote), number);
    m_sessionsByOutside.Erase(GetNatHash(owner.protocol, owner.outside, session.remote), number);
    CountPeer(session.mapping, session.remote.address, -1);
    Unqueue(session.place);
    m_sessions.Give(number);
    return owner.firstSession == NAT_NONE;
}

void
NatTable::SetExpiry(uint32_t number, Time expiry)
{
    NatSession& session = m_sessions[number];
    session.expiry = expiry;
    if (expiry < m_queue[session.place].time)
    {
        m_queue[session.place].time = expiry;
        Rise(session.place);
    }
}

uint32_t
NatTable::GetExpired(Time now)
{
    while (m_queue.GetSize() > 0 && m_queue[0].time <= now)
    {
        const uint32_t number = m_queue[0].session;
        if (m_sessions[number].expiry <= m_queue[0].time)
        {
            return number;
        }
        m_queue[0].time = m_sessions[number].expiry;
        Sink(0);
    }
    return NAT_NONE;
}

Time
NatTable::GetNextExpiry() const
{
    return m_queue.GetSize() == 0 ? Time::Max() : m_queue[0].time;
}

uint32_t
NatTable::GetAny() const
{
    return m_queue.GetSize() == 0 ? NAT_NONE : m_queue[m_queue.GetSize() - 1].session;
}

void
NatTable::Put(std::size_t place, const Deadline& deadline)
{
    ++m_moves;
    m_queue[place] = deadline;
    m_sessions[deadline.session].place = static_cast<uint32_t>(place);
}

void
NatTable::Rise(std::size_t place)
{
    const Deadline deadline = m_queue[place];
    while (place > 0 && deadline.time < m_queue[(place - 1) / FAN].time)
    {
        Put(place, m_queue[(place - 1) / FAN]);
        place = (place - 1) / FAN;
    }
    Put(place, deadline);
}

void
NatTable::Sink(std::size_t place)
{
    const Deadline deadline = m_queue[place];
    while (FAN * place + 1 < m_queue.GetSize())
    {
        const std::size_t end = std::min(FAN * (place + 1) + 1, m_queue.GetSize());
        std::size_t least = FAN * place + 1;
        for (std::size_t child = least + 1; child < end; ++child)
        {
            least = m_queue[child].time < m_queue[least].time ? child : least;
        }
        if (m_queue[least].time >= deadline.time)
        {
            break;
        }
        Put(place, m_queue[least]);
        place = least;
    }
    Put(place, deadline);
}

void
NatTable::Unqueue(std::size_t place)
{
    const Deadline last = m_queue[m_queue.GetSize() - 1];
    m_queue.PopBack();
    if (place < m_queue.GetSize())
    {
        Put(place, last);
        Rise(place);
        Sink(m_sessions[last.session].place);
    }
}

NatMapping&
NatTable::GetMapping(uint32_t number)
{
    return m_mappings[number];
}

const NatMapping&
NatTable::GetMapping(uint32_t number) const
{
    return m_mappings[number];
}

NatSession&
NatTable::GetSession(uint32_t number)
{
    return m_sessions[number];
}

const NatSession&
NatTable::GetSession(uint32_t number) const
{
    return m_sessions[number];
}

uint32_t
NatTable::GetMappings() const
{
    return m_mappings.GetSize();
}

uint32_t
NatTable::GetSessions() const
{
    return m_sessions.GetSize();
}

std::size_t
NatTable::GetMemory() const
{
    return m_mappings.GetMemory() + m_sessions.GetMemory() + m_mappingsByInside.GetMemory() +
           m_mappingsByOutside.GetMemory() + m_sessionsByInside.GetMemory() +
           m_sessionsByOutside.GetMemory() + m_queue.GetMemory() + m_peers.GetMemory() +
           m_peersByAddress.GetMemory();
}

uint64_t
NatTable::GetSteps() const
{
    return m_mappingsByInside.GetSteps() + m_mappingsByOutside.GetSteps() +
           m_sessionsByInside.GetSteps() + m_sessionsByOutside.GetSteps() +
           m_peersByAddress.GetSteps() + m_moves;
}

} // namespace p2pim
} // namespace ns3
