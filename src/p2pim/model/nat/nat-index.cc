// SPDX-License-Identifier: GPL-2.0-only
#include "nat-index.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

void
NatIndex::Grow()
{
    constexpr std::size_t LEAST = 16;
    std::vector<Entry> before(m_entries.empty() ? LEAST : 2 * m_entries.size());
    std::swap(before, m_entries);
    m_mask = m_entries.size() - 1;
    m_used = 0;
    for (const Entry& entry : before)
    {
        if (entry.number != NAT_NONE)
        {
            Insert(entry.hash, entry.number);
        }
    }
}

void
NatIndex::Insert(uint32_t hash, uint32_t number)
{
    if (4 * (m_used + 1) > 3 * m_entries.size())
    {
        Grow();
    }
    std::size_t at = hash & m_mask;
    while (m_entries[at].number != NAT_NONE)
    {
        at = (at + 1) & m_mask;
    }
    m_entries[at] = {hash, number};
    ++m_used;
}

std::size_t
NatIndex::Locate(uint32_t hash, uint32_t number) const
{
    std::size_t at = hash & m_mask;
    while (m_entries[at].number != number)
    {
        at = (at + 1) & m_mask;
    }
    return at;
}

void
NatIndex::Erase(uint32_t hash, uint32_t number)
{
    std::size_t hole = Locate(hash, number);
    // Those behind the hole that would not be found any more move into it.
    for (std::size_t at = (hole + 1) & m_mask; m_entries[at].number != NAT_NONE;
         at = (at + 1) & m_mask)
    {
        const std::size_t home = m_entries[at].hash & m_mask;
        if (((at - home) & m_mask) >= ((at - hole) & m_mask))
        {
            m_entries[hole] = m_entries[at];
            hole = at;
        }
    }
    m_entries[hole] = Entry();
    --m_used;
}

void
NatIndex::Replace(uint32_t hash, uint32_t before, uint32_t number)
{
    m_entries[Locate(hash, before)].number = number;
}

std::size_t
NatIndex::GetMemory() const
{
    return m_entries.capacity() * sizeof(Entry);
}

} // namespace p2pim
} // namespace ns3
