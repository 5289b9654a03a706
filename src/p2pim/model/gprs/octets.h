// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_OCTETS_H
#define P2PIM_OCTETS_H

#include "ns3/octet-reader.h"
#include "ns3/packet.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The octets of a message.
using Octets = std::vector<uint8_t>;

/// @return a packet with these octets.
inline Ptr<Packet>
ToPacket(const Octets& octets)
{
    return Create<Packet>(octets.data(), static_cast<uint32_t>(octets.size()));
}

/// @return the octets of a packet.
inline Octets
ToOctets(Ptr<const Packet> packet)
{
    Octets octets(packet->GetSize());
    packet->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
    return octets;
}

/// Appends numbers in network order.
class OctetWriter
{
  public:
    /// @param octets where to append.
    explicit OctetWriter(Octets& octets)
        : m_octets(octets)
    {
    }

    /// Appends one octet.
    OctetWriter& U8(uint8_t value)
    {
        m_octets.push_back(value);
        return *this;
    }

    /// Appends two octets.
    OctetWriter& U16(uint16_t value)
    {
        return U8(static_cast<uint8_t>(value >> 8)).U8(static_cast<uint8_t>(value));
    }

    /// Appends four octets.
    OctetWriter& U32(uint32_t value)
    {
        return U16(static_cast<uint16_t>(value >> 16)).U16(static_cast<uint16_t>(value));
    }

    /// Appends octets as they are.
    OctetWriter& Raw(const Octets& value)
    {
        m_octets.insert(m_octets.end(), value.begin(), value.end());
        return *this;
    }

  private:
    Octets& m_octets;
};

/// An OctetReader that also reads numbers in network order and strings of octets.
class FieldReader : public OctetReader
{
  public:
    /// @param octets what to read; must outlive the reader.
    explicit FieldReader(const Octets& octets)
        : OctetReader(octets.data(), octets.size())
    {
    }

    /// @return the next octet; 0 past the end.
    uint8_t U8()
    {
        return Read();
    }

    /// @return the next two octets.
    uint16_t U16()
    {
        const auto high = U8();
        return static_cast<uint16_t>(high << 8 | U8());
    }

    /// @return the next four octets.
    uint32_t U32()
    {
        const uint32_t high = U16();
        return high << 16 | U16();
    }

    /// @return the next @p count octets; none if there are fewer.
    Octets Raw(std::size_t count)
    {
        const auto* begin = Read(count);
        return begin != nullptr ? Octets(begin, begin + count) : Octets();
    }
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_OCTETS_H
