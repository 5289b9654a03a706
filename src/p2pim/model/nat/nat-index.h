// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_INDEX_H
#define P2PIM_NAT_INDEX_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// No element.
constexpr uint32_t NAT_NONE = 0xFFFFFFFF;

/**
 * Numbers of elements by a hash of their keys: open addressing, linear probing, eight octets an
 * entry and at most three quarters of them in use. Nothing depends on the order of entries.
 */
class NatIndex
{
  public:
    /**
     * @param hash of the key.
     * @param isSame says of a number whether its element has the key.
     * @return the number; NAT_NONE if there is none.
     */
    template <typename IsSame>
    uint32_t Find(uint32_t hash, IsSame isSame) const
    {
        if (m_entries.empty())
        {
            return NAT_NONE;
        }
        for (std::size_t at = hash & m_mask; m_entries[at].number != NAT_NONE;
             at = (at + 1) & m_mask)
        {
            if (m_entries[at].hash == hash && isSame(m_entries[at].number))
            {
                return m_entries[at].number;
            }
        }
        return NAT_NONE;
    }

    /// Takes an element in; none with the same key may be there.
    void Insert(uint32_t hash, uint32_t number);
    /// Takes an element out, which has to be there.
    void Erase(uint32_t hash, uint32_t number);
    /// Puts an element with the same key in the place of another.
    void Replace(uint32_t hash, uint32_t before, uint32_t number);
    /// @return octets of memory.
    std::size_t GetMemory() const;

  private:
    /// An entry, free if it has no number.
    struct Entry
    {
        uint32_t hash = 0;
        uint32_t number = NAT_NONE;
    };

    std::size_t Locate(uint32_t hash, uint32_t number) const;
    void Grow();

    std::vector<Entry> m_entries; ///< a power of two of them
    std::size_t m_mask = 0;
    std::size_t m_used = 0;
};

/// Elements by number, in blocks: they never move, and numbers are used again.
template <typename Element>
class NatSlab
{
  public:
    /// @return the number of a new element.
    uint32_t Take()
    {
        ++m_used;
        if (!m_free.empty())
        {
            const uint32_t number = m_free.back();
            m_free.pop_back();
            (*this)[number] = Element();
            return number;
        }
        if (m_next % BLOCK == 0)
        {
            m_blocks.push_back(std::make_unique<Element[]>(BLOCK));
        }
        return m_next++;
    }

    /// Gives an element back.
    void Give(uint32_t number)
    {
        --m_used;
        m_free.push_back(number);
    }

    Element& operator[](uint32_t number)
    {
        return m_blocks[number / BLOCK][number % BLOCK];
    }

    const Element& operator[](uint32_t number) const
    {
        return m_blocks[number / BLOCK][number % BLOCK];
    }

    /// @return elements in use.
    uint32_t GetSize() const
    {
        return m_used;
    }

    /// @return octets of memory.
    std::size_t GetMemory() const
    {
        return m_blocks.size() * BLOCK * sizeof(Element) + m_free.capacity() * sizeof(uint32_t);
    }

  private:
    static constexpr uint32_t BLOCK = 64;

    std::vector<std::unique_ptr<Element[]>> m_blocks;
    std::vector<uint32_t> m_free;
    uint32_t m_next = 0;
    uint32_t m_used = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_INDEX_H
