// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-stream.h"

namespace ns3
{
namespace p2pim
{

void
SmppStream::Append(const Octets& octets)
{
    m_octets.erase(m_octets.begin(), m_octets.begin() + static_cast<std::ptrdiff_t>(m_begin));
    m_begin = 0;
    m_octets.insert(m_octets.end(), octets.begin(), octets.end());
}

std::optional<Octets>
SmppStream::Next()
{
    if (m_broken || m_octets.size() - m_begin < SMPP_HEADER_SIZE)
    {
        return std::nullopt;
    }
    uint32_t length = 0;
    for (std::size_t n = 0; n < 4; ++n)
    {
        length = length << 8 | m_octets[m_begin + n];
    }
    if (length < SMPP_HEADER_SIZE || length > SMPP_MAX_PDU_SIZE)
    {
        m_broken = true;
        return std::nullopt;
    }
    if (m_octets.size() - m_begin < length)
    {
        return std::nullopt;
    }
    const auto from = m_octets.begin() + static_cast<std::ptrdiff_t>(m_begin);
    m_begin += length;
    return Octets(from, from + length);
}

bool
SmppStream::IsBroken() const
{
    return m_broken;
}

} // namespace p2pim
} // namespace ns3
