// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_FNV1A_H
#define P2PIM_FNV1A_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/// FNV-1a of 64 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv): the same on every machine.
class Fnv1a
{
  public:
    /// Adds the eight octets of a number, the lowest first. @param number the number.
    void Add(uint64_t number)
    {
        constexpr int octets = 8;
        for (int i = 0; i < octets; ++i)
        {
            AddOctet(static_cast<uint8_t>(number >> (8 * i)));
        }
    }

    /// Adds a text and its end. @param text the text.
    void Add(const std::string& text)
    {
        for (const char octet : text)
        {
            AddOctet(static_cast<uint8_t>(octet));
        }
        Add(static_cast<uint64_t>(text.size()));
    }

    /// Adds an octet. @param octet the octet.
    void AddOctet(uint8_t octet)
    {
        constexpr uint64_t prime = 0x100000001b3;
        m_hash = (m_hash ^ octet) * prime;
    }

    /// @return the hash of what has been added.
    uint64_t Get() const
    {
        return m_hash;
    }

  private:
    uint64_t m_hash = 0xcbf29ce484222325; ///< the offset basis
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_FNV1A_H
