// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_OCTET_READER_H
#define P2PIM_OCTET_READER_H

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * Reads octets in order from a message, never beyond its end: a read that is too long fails, gives
 * zero, and so do all that follow.
 */
class OctetReader
{
  public:
    /**
     * @param octets the message; must outlive the reader.
     * @param size its length in octets.
     */
    OctetReader(const uint8_t* octets, std::size_t size)
        : m_at(octets),
          m_left(size)
    {
    }

    /// @return the next octet, or 0 at the end.
    uint8_t Read()
    {
        const uint8_t* octet = Read(1);
        return octet ? *octet : 0;
    }

    /**
     * @param count how many octets to read.
     * @return where they are, or null if there are fewer.
     */
    const uint8_t* Read(std::size_t count)
    {
        if (count > m_left)
        {
            m_left = 0;
            m_failed = true;
            return nullptr;
        }
        const uint8_t* octets = m_at;
        m_at += count;
        m_left -= count;
        return octets;
    }

    /// @return how many octets are left.
    std::size_t GetLeft() const
    {
        return m_left;
    }

    /// @return whether a read went beyond the end.
    bool HasFailed() const
    {
        return m_failed;
    }

  private:
    const uint8_t* m_at;
    std::size_t m_left;
    bool m_failed = false;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_OCTET_READER_H
