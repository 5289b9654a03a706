// SPDX-License-Identifier: GPL-2.0-only
#include "nat-fragments.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// What a fragment counts beside its octets.
constexpr std::size_t OVERHEAD = 64;

constexpr std::size_t LARGEST_PACKET = 65535;

void
Put16(Octets& octets, std::size_t at, std::size_t value)
{
    octets[at] = static_cast<uint8_t>(value >> 8);
    octets[at + 1] = static_cast<uint8_t>(value);
}

/// Sets the fields that differ between the fragments of a packet.
void
SetFragment(Octets& packet, std::size_t headerSize, std::size_t flagsAndOffset, bool checksums)
{
    Put16(packet, 2, packet.size());
    Put16(packet, 6, flagsAndOffset);
    if (checksums)
    {
        Put16(packet, 10, 0);
        Put16(packet, 10, GetInternetChecksum(packet.data(), headerSize));
    }
}

} // namespace

NatFragments::NatFragments(const NatSettings& settings)
    : m_settings(settings)
{
}

NatFragments::Key
NatFragments::GetKey(const NatHeader& fragment, NatSide from)
{
    return {from,
            fragment.GetSourceAddress(),
            fragment.GetDestinationAddress(),
            fragment.GetIdentification(),
            fragment.GetProtocol()};
}

void
NatFragments::Remove(std::map<Key, Partial>::iterator place)
{
    m_octets -= place->second.memory;
    m_order.erase(place->second.serial);
    m_partials.erase(place);
}

void
NatFragments::GiveUpOldest()
{
    Remove(m_partials.find(m_order.begin()->second.key));
}

void
NatFragments::Expire(Time now)
{
    while (!m_order.empty() && m_order.begin()->second.end <= now)
    {
        GiveUpOldest();
    }
}

std::map<NatFragments::Key, NatFragments::Partial>::iterator
NatFragments::Start(const Key& key, Time now)
{
    Expire(now);
    auto place = m_partials.find(key);
    if (place == m_partials.end())
    {
        while (m_partials.size() >= m_settings.limits.fragmentedDatagrams)
        {
            GiveUpOldest();
        }
        place = m_partials.emplace(key, Partial()).first;
        place->second.serial = ++m_serial;
        m_order.emplace(m_serial, Started{now + m_settings.timers.fragment, key});
    }
    return place;
}

/// @return whether it fits to those that have come.
bool
NatFragments::Insert(Partial& partial, const NatHeader& fragment, const Octets& octets)
{
    const std::size_t header = fragment.GetHeaderSize();
    const std::size_t offset = fragment.GetFragmentOffset();
    const std::size_t size = fragment.GetSize() - header;
    const bool isLast = !fragment.HasMoreFragments();
    const auto next = partial.parts.lower_bound(offset);
    const auto last = partial.parts.empty() ? partial.parts.end() : std::prev(partial.parts.end());
    const std::size_t end = last == partial.parts.end() ? 0 : last->first + last->second.size();
    const bool isBeyond = partial.length > 0 && (isLast || offset + size > partial.length);
    const bool isShort = isLast && end > offset + size;
    const bool overlaps = (next != partial.parts.end() && next->first < offset + size) ||
                          (next != partial.parts.begin() &&
                           std::prev(next)->first + std::prev(next)->second.size() > offset);
    if (size == 0 || (!isLast && size % 8 != 0) || isBeyond || isShort || overlaps)
    {
        return false;
    }
    const auto begin = octets.begin() + static_cast<std::ptrdiff_t>(header);
    partial.parts.emplace_hint(next,
                               offset,
                               Octets(begin, begin + static_cast<std::ptrdiff_t>(size)));
    if (offset == 0)
    {
        partial.header.assign(octets.begin(), begin);
    }
    partial.length = isLast ? offset + size : partial.length;
    partial.there += size;
    return true;
}

NatFragments::Datagram
NatFragments::Join(Partial& partial)
{
    Datagram whole{std::move(partial.header), {}};
    const std::size_t header = whole.packet.size();
    whole.packet.reserve(header + partial.length);
    for (const auto& part : partial.parts)
    {
        whole.packet.insert(whole.packet.end(), part.second.begin(), part.second.end());
        whole.parts.push_back(part.second.size());
    }
    SetFragment(whole.packet, header, 0, true);
    return whole;
}

std::optional<NatFragments::Datagram>
NatFragments::Add(const NatHeader& fragment, const Octets& octets, NatSide from, Time now)
{
    const auto place = Start(GetKey(fragment, from), now);
    Partial& partial = place->second;
    const auto same = partial.parts.find(fragment.GetFragmentOffset());
    const std::size_t size = fragment.GetSize() - fragment.GetHeaderSize();
    if (same != partial.parts.end() && same->second.size() == size)
    {
        return std::nullopt; // a duplicate
    }
    if (!Insert(partial, fragment, octets))
    {
        Remove(place);
        return std::nullopt;
    }
    partial.memory += size + OVERHEAD;
    m_octets += size + OVERHEAD;
    if (partial.there == partial.length)
    {
        const bool fits = partial.header.size() + partial.length <= LARGEST_PACKET;
        auto whole = fits ? std::make_optional(Join(partial)) : std::nullopt;
        Remove(place);
        return whole;
    }
    while (m_octets > m_settings.limits.fragmentOctets)
    {
        GiveUpOldest();
    }
    return std::nullopt;
}

void
NatFragments::Keep(const Key& key, Time now, const Path& path)
{
    Start(key, now)->second.path = path;
}

std::optional<NatFragments::Path>
NatFragments::Find(const Key& key, Time now)
{
    Expire(now);
    const auto place = m_partials.find(key);
    return place == m_partials.end() ? std::nullopt : place->second.path;
}

void
NatFragments::Clear()
{
    m_partials.clear();
    m_order.clear();
    m_octets = 0;
}

std::size_t
NatFragments::GetDatagrams() const
{
    return m_partials.size();
}

std::size_t
NatFragments::GetOctets() const
{
    return m_octets;
}

std::vector<Octets>
FragmentPacket(const Octets& packet, std::size_t size, bool checksums)
{
    if (packet.size() <= size)
    {
        return {packet};
    }
    const std::size_t header = static_cast<std::size_t>(packet[0] & 0x0F) * 4;
    const std::size_t part = (std::max(size, header + 8) - header) / 8 * 8;
    return CutPacket(packet,
                     std::vector<std::size_t>((packet.size() - header + part - 1) / part, part),
                     checksums);
}

std::vector<Octets>
CutPacket(const Octets& packet, const std::vector<std::size_t>& parts, bool checksums)
{
    const std::size_t header = static_cast<std::size_t>(packet[0] & 0x0F) * 4;
    const std::size_t before = static_cast<std::size_t>(packet[6] << 8 | packet[7]);
    std::vector<Octets> fragments;
    std::size_t at = header;
    for (const std::size_t part : parts)
    {
        const std::size_t end = std::min(at + part, packet.size());
        Octets fragment(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(header));
        fragment.insert(fragment.end(),
                        packet.begin() + static_cast<std::ptrdiff_t>(at),
                        packet.begin() + static_cast<std::ptrdiff_t>(end));
        const std::size_t more = end < packet.size() ? 0x2000 : before & 0x2000;
        SetFragment(fragment,
                    header,
                    (before & 0x4000) | more | ((before & 0x1FFF) + (at - header) / 8),
                    checksums);
        fragments.push_back(std::move(fragment));
        at = end;
    }
    return fragments;
}

} // namespace p2pim
} // namespace ns3
