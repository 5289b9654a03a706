// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/address-pool.h"

#include "ns3/decimal-reader.h"
#include "ns3/gmm-sm-elements.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t FIRST_HOST = 2; ///< after the network's own and the gateway's address
constexpr uint32_t RESERVED = 3;   ///< those two and the broadcast address
constexpr uint8_t SHORTEST_PREFIX = 8;
constexpr uint8_t LONGEST_PREFIX = 30;

std::optional<AddressPool>
ParsePool(const std::string& text)
{
    const char* place = text.data();
    const char* end = place + text.size();
    uint32_t address = 0;
    for (const char terminator : {'.', '.', '.', '/'})
    {
        const auto octet = ReadDecimal(place, end, UINT8_MAX, terminator);
        if (!octet)
        {
            return std::nullopt;
        }
        address = address << 8 | *octet;
    }
    const auto length = ReadDecimal(place, end, LONGEST_PREFIX, '\0');
    if (!length || *length < SHORTEST_PREFIX)
    {
        return std::nullopt;
    }
    const AddressPool pool(Ipv4Address(address), static_cast<uint8_t>(*length));
    return pool.GetNetwork() == Ipv4Address(address) ? std::optional(pool) : std::nullopt;
}

bool
IsAlikeOrOverlaps(const AccessPoint& a, const AccessPoint& b)
{
    return a.name == b.name || a.pool.Overlaps(b.pool);
}

} // namespace

AddressPool::AddressPool(Ipv4Address network, uint8_t prefixLength)
    : m_mask(~uint32_t{0} << (32 - prefixLength)),
      m_next(FIRST_HOST)
{
    m_network = network.CombineMask(m_mask);
}

std::optional<Ipv4Address>
AddressPool::Take()
{
    while (m_next < GetSize() + FIRST_HOST)
    {
        const Ipv4Address address(m_network.Get() + m_next++);
        if (Take(address))
        {
            return address;
        }
    }
    while (!m_free.empty())
    {
        const Ipv4Address address(m_network.Get() + m_free.front());
        m_free.pop_front();
        if (Take(address))
        {
            return address;
        }
    }
    return std::nullopt;
}

bool
AddressPool::Take(Ipv4Address address)
{
    const uint32_t number = address.Get() - m_network.Get();
    if (!Contains(address) || number < FIRST_HOST || number >= GetSize() + FIRST_HOST)
    {
        return false;
    }
    m_taken.resize(std::max<std::size_t>(m_taken.size(), number + 1));
    if (m_taken[number])
    {
        return false;
    }
    m_taken[number] = true;
    ++m_count;
    return true;
}

void
AddressPool::GiveBack(Ipv4Address address)
{
    const uint32_t number = address.Get() - m_network.Get();
    m_taken[number] = false;
    m_free.push_back(number);
    --m_count;
}

Ipv4Address
AddressPool::GetNetwork() const
{
    return m_network;
}

Ipv4Mask
AddressPool::GetMask() const
{
    return m_mask;
}

bool
AddressPool::Contains(Ipv4Address address) const
{
    return m_mask.IsMatch(address, m_network);
}

bool
AddressPool::Overlaps(const AddressPool& other) const
{
    return Contains(other.m_network) || other.Contains(m_network);
}

uint32_t
AddressPool::GetSize() const
{
    return m_mask.GetInverse() + 1 - RESERVED;
}

uint32_t
AddressPool::GetTaken() const
{
    return m_count;
}

std::optional<std::vector<AccessPoint>>
ParseAccessPoints(const std::string& text)
{
    std::vector<AccessPoint> points;
    std::istringstream words(text);
    for (std::string word; words >> word;)
    {
        const std::size_t equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const auto pool =
            equals == std::string::npos ? std::nullopt : ParsePool(word.substr(equals + 1));
        if (!pool || name.empty() || DecodeApn(EncodeApn(name)) != name)
        {
            return std::nullopt;
        }
        points.push_back({name, *pool});
        const AccessPoint& added = points.back();
        if (std::any_of(points.begin(), std::prev(points.end()), [&added](const auto& point) {
                return IsAlikeOrOverlaps(point, added);
            }))
        {
            return std::nullopt;
        }
    }
    return points.empty() ? std::nullopt : std::optional(points);
}

} // namespace p2pim
} // namespace ns3
