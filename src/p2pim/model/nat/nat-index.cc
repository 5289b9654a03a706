// SPDX-License-Identifier: GPL-2.0-only
#include "nat-index.h"

namespace ns3
{
namespace p2pim
{

std::size_t
NatIndex::GetChain(uint32_t hash) const
{
    const std::size_t chain = hash & m_mask;
    return chain < m_chains.GetSize() ? chain : hash & m_mask / 2;
}

/// Adds a chain, with what belongs there of the one that it is split from.
void
NatIndex::AddChain()
{
    const std::size_t added = m_chains.GetSize();
    m_mask = added > m_mask ? 2 * m_mask + 1 : m_mask;
    m_chains.PushBack(NAT_NONE);
    if (added == 0)
    {
        return;
    }
    for (uint32_t* link = &m_chains[added & m_mask / 2]; *link != NAT_NONE;)
    {
        ++m_steps;
        Entry& entry = m_entries[*link];
        if ((entry.hash & m_mask) != added)
        {
            link = &entry.next;
            continue;
        }
        const uint32_t moved = *link;
        *link = entry.next;
        entry.next = m_chains[added];
        m_chains[added] = moved;
    }
}

void
NatIndex::Insert(uint32_t hash, uint32_t number)
{
    if (m_entries.GetSize() >= m_chains.GetSize())
    {
        AddChain();
    }
    uint32_t& first = m_chains[GetChain(hash)];
    const uint32_t at = m_entries.Take();
    m_entries[at] = {hash, number, first};
    first = at;
}

/// @return what leads to the entry of an element.
uint32_t*
NatIndex::Locate(uint32_t hash, uint32_t number)
{
    uint32_t* link = &m_chains[GetChain(hash)];
    while (m_entries[*link].number != number)
    {
        ++m_steps;
        link = &m_entries[*link].next;
    }
    return link;
}

void
NatIndex::Erase(uint32_t hash, uint32_t number)
{
    uint32_t* const link = Locate(hash, number);
    const uint32_t at = *link;
    *link = m_entries[at].next;
    m_entries.Give(at);
}

void
NatIndex::Replace(uint32_t hash, uint32_t before, uint32_t number)
{
    m_entries[*Locate(hash, before)].number = number;
}

std::size_t
NatIndex::GetMemory() const
{
    return m_entries.GetMemory() + m_chains.GetMemory();
}

uint64_t
NatIndex::GetSteps() const
{
    return m_steps;
}

} // namespace p2pim
} // namespace ns3
