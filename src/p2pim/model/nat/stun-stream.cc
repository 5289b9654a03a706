// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-stream.h"

#include "ns3/stun-message.h"

#include <utility>

namespace ns3
{
namespace p2pim
{

void
StunStream::Append(const std::string& octets)
{
    if (!m_broken)
    {
        m_octets += octets;
    }
}

std::optional<Octets>
StunStream::Next()
{
    if (m_broken || m_octets.size() < STUN_HEADER_SIZE)
    {
        return std::nullopt;
    }
    const Octets header(m_octets.begin(), m_octets.begin() + STUN_HEADER_SIZE);
    FieldReader in(header);
    const auto type = in.U16();
    const auto length = in.U16();
    if (type >> 14 != 0 || length % 4 != 0 || in.U32() != STUN_MAGIC_COOKIE)
    {
        m_broken = true;
        m_octets.clear();
        return std::nullopt;
    }
    const std::size_t size = STUN_HEADER_SIZE + length;
    if (m_octets.size() < size)
    {
        return std::nullopt;
    }
    Octets message(m_octets.begin(), m_octets.begin() + static_cast<std::ptrdiff_t>(size));
    m_octets.erase(0, size);
    return message;
}

bool
StunStream::IsBroken() const
{
    return m_broken;
}

std::string
StunStream::TakeRest()
{
    return std::exchange(m_octets, "");
}

} // namespace p2pim
} // namespace ns3
