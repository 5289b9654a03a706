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

/// Elements in a row, in blocks: it grows without moving any.
template <typename Element>
class NatBlocks
{
  public:
    void PushBack(const Element& element)
    {
        if (m_size == m_blocks.size() * BLOCK)
        {
            m_blocks.push_back(std::make_unique<Element[]>(BLOCK));
        }
        (*this)[m_size++] = element;
    }

    void PopBack()
    {
        --m_size;
    }

    Element& operator[](std::size_t place)
    {
        return m_blocks[place / BLOCK][place % BLOCK];
    }

    const Element& operator[](std::size_t place) const
    {
        return m_blocks[place / BLOCK][place % BLOCK];
    }

    std::size_t GetSize() const
    {
        return m_size;
    }

    /// @return octets of memory.
    std::size_t GetMemory() const
    {
        return m_blocks.size() * (BLOCK * sizeof(Element) + sizeof(m_blocks[0]));
    }

  private:
    static constexpr std::size_t BLOCK = 64;

    std::vector<std::unique_ptr<Element[]>> m_blocks;
    std::size_t m_size = 0;
};

/// Elements by number: they never move, and numbers are used again.
template <typename Element>
class NatSlab
{
  public:
    /// @return the number of a new element.
    uint32_t Take()
    {
        if (m_free.GetSize() == 0)
        {
            m_elements.PushBack(Element());
            return static_cast<uint32_t>(m_elements.GetSize() - 1);
        }
        const uint32_t number = m_free[m_free.GetSize() - 1];
        m_free.PopBack();
        m_elements[number] = Element();
        return number;
    }

    /// Gives an element back.
    void Give(uint32_t number)
    {
        m_free.PushBack(number);
    }

    Element& operator[](uint32_t number)
    {
        return m_elements[number];
    }

    const Element& operator[](uint32_t number) const
    {
        return m_elements[number];
    }

    /// @return elements in use.
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_elements.GetSize() - m_free.GetSize());
    }

    /// @return octets of memory.
    std::size_t GetMemory() const
    {
        return m_elements.GetMemory() + m_free.GetMemory();
    }

  private:
    NatBlocks<Element> m_elements;
    NatBlocks<uint32_t> m_free;
};

/**
 * Numbers of elements by a hash of their keys: linear hashing (W. Litwin, 1980). There are as many
 * chains as entries, and one chain is split when an entry comes: nothing is ever rehashed as a
 * whole. Nothing depends on the order of entries.
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
        if (m_chains.GetSize() == 0)
        {
            return NAT_NONE;
        }
        for (uint32_t at = m_chains[GetChain(hash)]; at != NAT_NONE; at = m_entries[at].next)
        {
            ++m_steps;
            const Entry& entry = m_entries[at];
            if (entry.hash == hash && isSame(entry.number))
            {
                return entry.number;
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
    /// @return entries that were looked at since the beginning.
    uint64_t GetSteps() const;

  private:
    /// An element.
    struct Entry
    {
        uint32_t hash = 0;
        uint32_t number = NAT_NONE;
        uint32_t next = NAT_NONE; ///< of its chain
    };

    std::size_t GetChain(uint32_t hash) const;
    uint32_t* Locate(uint32_t hash, uint32_t number);
    void AddChain();

    NatSlab<Entry> m_entries;
    NatBlocks<uint32_t> m_chains; ///< their first entries
    std::size_t m_mask = 0;       ///< of hashes: a power of two, less one, not below the last chain
    mutable uint64_t m_steps = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_INDEX_H
