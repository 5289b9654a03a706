// SPDX-License-Identifier: GPL-2.0-only
#include "nat-port-allocator.h"

#include "nat-table.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t NUMBERS = 65536;
constexpr uint32_t WORD = 64;
constexpr uint64_t ALL = ~uint64_t{0};
constexpr uint64_t EVEN_ONES = 0x5555555555555555;

/// @return the place among the protocols.
std::size_t
GetPlace(NatProtocol protocol)
{
    return protocol == NatProtocol::TCP ? 0 : protocol == NatProtocol::UDP ? 1 : 2;
}

} // namespace

bool
NatNumberSpace::IsTaken(uint32_t number) const
{
    return (m_taken[number / WORD] >> number % WORD & 1) != 0;
}

void
NatNumberSpace::Set(uint32_t number, bool isTaken)
{
    const uint64_t bit = uint64_t{1} << number % WORD;
    m_taken[number / WORD] = isTaken ? m_taken[number / WORD] | bit : m_taken[number / WORD] & ~bit;
}

uint32_t
NatNumberSpace::Find(uint32_t first, uint32_t last, uint64_t pattern) const
{
    for (uint32_t word = first / WORD; word <= last / WORD; ++word)
    {
        uint64_t free = ~m_taken[word] & pattern;
        free &= word == first / WORD ? ALL << first % WORD : ALL;
        free &= word == last / WORD ? ALL >> (WORD - 1 - last % WORD) : ALL;
        if (free != 0)
        {
            return word * WORD + static_cast<uint32_t>(__builtin_ctzll(free));
        }
    }
    return NUMBERS;
}

uint32_t
NatNumberSpace::FindFree(uint32_t first, uint32_t last, uint32_t start, Parity parity) const
{
    const uint64_t pattern = parity == ANY ? ALL : parity == EVEN ? EVEN_ONES : ~EVEN_ONES;
    const uint32_t found = Find(start, last, pattern);
    return found < NUMBERS || start == first ? found : Find(first, start - 1, pattern);
}

NatPortAllocator::NatPortAllocator(const NatSettings& settings, NatDraw draw)
    : m_settings(settings),
      m_draw(std::move(draw)),
      m_spaces(3 * settings.pool.size()),
      m_blocks(settings.pool.size())
{
    for (std::size_t i = 0; i < settings.pool.size(); ++i)
    {
        m_addresses.emplace(settings.pool[i].Get(), i);
    }
}

bool
NatPortAllocator::Owns(uint32_t address) const
{
    return m_addresses.count(address) > 0;
}

std::size_t
NatPortAllocator::GetSpaceIndex(std::size_t address, NatProtocol protocol) const
{
    return 3 * address + GetPlace(protocol);
}

NatPortAllocator::Space&
NatPortAllocator::GetSpace(std::size_t address, NatProtocol protocol)
{
    auto& space = m_spaces[GetSpaceIndex(address, protocol)];
    if (!space)
    {
        space = std::make_unique<Space>();
    }
    return *space;
}

bool
NatPortAllocator::Preserves() const
{
    return m_settings.allocation <= NatSettings::PRESERVE_OR_SEQUENTIAL;
}

std::size_t
NatPortAllocator::ChooseAddress(const Wish& wish)
{
    const auto size = static_cast<uint32_t>(m_settings.pool.size());
    if (size == 1)
    {
        return 0;
    }
    switch (m_settings.pooling)
    {
    case NatSettings::ARBITRARY:
        return m_draw(size);
    case NatSettings::PER_DESTINATION:
        return GetNatHash(NatProtocol::ICMP, {wish.inside.address, 0}, {wish.remote.address, 0}) %
               size;
    default:
        return GetNatHash(NatProtocol::ICMP, {wish.inside.address, 0}, {}) % size;
    }
}

std::optional<NatEndpoint>
NatPortAllocator::Allocate(const Wish& wish)
{
    EndQuarantine(wish.now);
    if (m_settings.allocation == NatSettings::DETERMINISTIC)
    {
        return AllocateDeterministically(wish);
    }
    const std::size_t size = m_settings.pool.size();
    const bool triesAll = m_settings.pooling == NatSettings::SOFT_PAIRED ||
                          m_settings.pooling == NatSettings::ARBITRARY;
    const std::size_t first = ChooseAddress(wish);
    for (std::size_t i = 0; i < (triesAll ? size : 1); ++i)
    {
        const std::size_t address = (first + i) % size;
        const auto port = m_settings.allocation == NatSettings::BLOCK
                              ? AllocateInBlocks(address, wish)
                              : AllocateAt(address, wish);
        if (port)
        {
            return NatEndpoint{m_settings.pool[address].Get(), *port};
        }
    }
    return std::nullopt;
}

NatPortAllocator::Range
NatPortAllocator::GetRange(const Wish& wish) const
{
    if (wish.protocol == NatProtocol::ICMP)
    {
        return {0, NUMBERS - 1}; // an identifier, of which there are no classes
    }
    const Range all{m_settings.firstPort, m_settings.lastPort};
    const uint16_t port = wish.inside.port;
    Range range{1024, NUMBERS - 1};
    if (m_settings.portClasses == NatSettings::NO_CLASSES)
    {
        return all;
    }
    if (m_settings.portClasses == NatSettings::LINUX_CLASSES && port < 512)
    {
        range = {1, 511};
    }
    else if (port < 1024)
    {
        range = {m_settings.portClasses == NatSettings::LINUX_CLASSES ? 600U : 1U, 1023};
    }
    range = {std::max(range.first, all.first), std::min(range.last, all.last)};
    return range.first > range.last ? all : range;
}

std::optional<uint16_t>
NatPortAllocator::AllocateAt(std::size_t address, const Wish& wish)
{
    if (m_settings.allocation == NatSettings::OVERLOAD)
    {
        return wish.inside.port;
    }
    const uint16_t port = wish.inside.port;
    const bool isInRange = wish.protocol == NatProtocol::ICMP ||
                           (port >= m_settings.firstPort && port <= m_settings.lastPort);
    if (Preserves() && isInRange && IsFree(address, wish, port))
    {
        if (!m_settings.overlaps)
        {
            GetSpace(address, wish.protocol).ports.Set(port, true);
        }
        return port;
    }
    if (m_settings.allocation == NatSettings::PRESERVE)
    {
        return std::nullopt;
    }
    return m_settings.overlaps ? SearchShared(address, wish, GetRange(wish))
                               : Search(address, wish, GetRange(wish));
}

bool
NatPortAllocator::IsFree(std::size_t address, const Wish& wish, uint16_t port)
{
    const bool isTaken = m_settings.overlaps ? wish.isTaken({m_settings.pool[address].Get(), port})
                                             : GetSpace(address, wish.protocol).ports.IsTaken(port);
    return !isTaken && !IsTakenByOthers({m_settings.firstPort, m_settings.lastPort});
}

bool
NatPortAllocator::IsTakenByOthers(Range range)
{
    if (m_settings.load.rate <= 0)
    {
        return false;
    }
    const double taken = m_settings.load.rate * m_settings.load.holding.GetSeconds();
    return DrawUniform() * (range.last - range.first + 1) < taken;
}

double
NatPortAllocator::DrawUniform()
{
    constexpr uint32_t STEPS = 1U << 24;
    return (m_draw(STEPS) + 0.5) / STEPS;
}

uint32_t
NatPortAllocator::DrawPoisson(double mean)
{
    constexpr double MANY = 64; // from here on the normal distribution is as good
    if (mean > MANY)
    {
        const double radius = std::sqrt(-2 * std::log(DrawUniform()));
        const double normal = radius * std::cos(2 * M_PI * DrawUniform());
        return static_cast<uint32_t>(std::max(0.0, std::round(mean + std::sqrt(mean) * normal)));
    }
    uint32_t count = 0;
    for (double sum = -std::log(DrawUniform()); sum < mean; sum -= std::log(DrawUniform()))
    {
        ++count;
    }
    return count;
}

uint32_t
NatPortAllocator::GetStart(Space& space, const Wish& wish, Range range)
{
    const uint32_t size = range.last - range.first + 1;
    const bool isSequential = m_settings.allocation == NatSettings::SEQUENTIAL ||
                              m_settings.allocation == NatSettings::PRESERVE_OR_SEQUENTIAL;
    if (!isSequential)
    {
        return range.first + m_draw(size);
    }
    if (!space.begun)
    {
        space.next = range.first + m_draw(size);
        space.begun = true;
    }
    else if (m_settings.load.rate > 0)
    {
        const double mean = m_settings.load.rate * (wish.now - space.advanced).GetSeconds();
        const uint64_t steps = uint64_t{DrawPoisson(mean)} * m_settings.portDelta;
        space.next = static_cast<uint32_t>((space.next + steps) % NUMBERS);
    }
    space.advanced = wish.now;
    const bool isInRange = space.next >= range.first && space.next <= range.last;
    return isInRange ? space.next : range.first + (space.next + size - range.first % size) % size;
}

std::optional<uint16_t>
NatPortAllocator::Search(std::size_t address, const Wish& wish, Range range)
{
    constexpr int MOST_TRIES = 64;
    Space& space = GetSpace(address, wish.protocol);
    auto parity = !m_settings.keepsParity     ? NatNumberSpace::ANY
                  : wish.inside.port % 2 == 0 ? NatNumberSpace::EVEN
                                              : NatNumberSpace::ODD;
    uint32_t start = GetStart(space, wish, range);
    for (int i = 0; i < MOST_TRIES; ++i)
    {
        uint32_t port = space.ports.FindFree(range.first, range.last, start, parity);
        if (port == NUMBERS && parity != NatNumberSpace::ANY)
        {
            parity = NatNumberSpace::ANY;
            port = space.ports.FindFree(range.first, range.last, start, parity);
        }
        if (port == NUMBERS)
        {
            return std::nullopt;
        }
        if (!IsTakenByOthers(range))
        {
            space.ports.Set(port, true);
            space.next = (port + m_settings.portDelta) % NUMBERS;
            return static_cast<uint16_t>(port);
        }
        start = port == range.last ? range.first : port + 1;
    }
    return std::nullopt;
}

std::optional<uint16_t>
NatPortAllocator::SearchShared(std::size_t address, const Wish& wish, Range range)
{
    // As Linux does it: some ports from a random one on, then fewer from another.
    constexpr uint32_t MOST_TRIES = 128;
    constexpr uint32_t LEAST_TRIES = 16;
    const uint32_t size = range.last - range.first + 1;
    for (uint32_t tries = std::min(size, MOST_TRIES);; tries /= 2)
    {
        const uint32_t start = GetStart(GetSpace(address, wish.protocol), wish, range);
        for (uint32_t i = 0; i < tries; ++i)
        {
            const auto port = static_cast<uint16_t>(range.first + (start - range.first + i) % size);
            if (IsFree(address, wish, port))
            {
                GetSpace(address, wish.protocol).next = (port + m_settings.portDelta) % NUMBERS;
                return port;
            }
        }
        if (tries >= size || tries < LEAST_TRIES)
        {
            return std::nullopt;
        }
    }
}

NatPortAllocator::Range
NatPortAllocator::GetBlockRange(uint32_t number) const
{
    const uint32_t first = m_settings.firstPort + number * m_settings.blockSize;
    return {first, first + m_settings.blockSize - 1};
}

std::optional<uint16_t>
NatPortAllocator::AllocateInBlocks(std::size_t address, const Wish& wish)
{
    auto& numbers = m_blocks[address];
    if (!numbers)
    {
        numbers = std::make_unique<NatNumberSpace>();
    }
    auto& blocks = m_subscribers[wish.inside.address];
    for (Block& block : blocks)
    {
        if (block.address == address)
        {
            const auto port = Search(address, wish, GetBlockRange(block.number));
            if (port)
            {
                ++block.used;
                return port;
            }
        }
    }
    const uint32_t count = (m_settings.lastPort - m_settings.firstPort + 1U) / m_settings.blockSize;
    const uint32_t number =
        blocks.size() < m_settings.subscriberBlocks
            ? numbers->FindFree(0, count - 1, m_draw(count), NatNumberSpace::ANY)
            : NUMBERS;
    const auto port =
        number == NUMBERS ? std::nullopt : Search(address, wish, GetBlockRange(number));
    if (port)
    {
        numbers->Set(number, true);
        blocks.push_back({static_cast<uint32_t>(address), number, 1});
    }
    else if (blocks.empty())
    {
        m_subscribers.erase(wish.inside.address);
    }
    return port;
}

std::optional<NatEndpoint>
NatPortAllocator::AllocateDeterministically(const Wish& wish)
{
    const uint32_t subscribers = 1U << (32 - m_settings.subscriberPrefix);
    const auto addresses = static_cast<uint32_t>(m_settings.pool.size());
    const uint32_t sharing = (subscribers + addresses - 1) / addresses;
    const uint32_t ports = (m_settings.lastPort - m_settings.firstPort + 1U) / sharing;
    const uint32_t subscriber = wish.inside.address - m_settings.subscriberNetwork.Get();
    if (subscriber >= subscribers)
    {
        return std::nullopt;
    }
    const std::size_t address = subscriber / sharing;
    const uint32_t first = m_settings.firstPort + subscriber % sharing * ports;
    const auto port = Search(address, wish, {first, first + ports - 1});
    return port ? std::make_optional(NatEndpoint{m_settings.pool[address].Get(), *port})
                : std::nullopt;
}

void
NatPortAllocator::Release(Time now,
                          NatProtocol protocol,
                          const NatEndpoint& outside,
                          const NatEndpoint& inside)
{
    const std::size_t address = m_addresses.at(outside.address);
    if (m_settings.quarantine.IsZero())
    {
        GetSpace(address, protocol).ports.Set(outside.port, false);
    }
    else
    {
        m_quarantine.push_back({now + m_settings.quarantine,
                                static_cast<uint32_t>(GetSpaceIndex(address, protocol)),
                                outside.port});
    }
    const auto subscriber = m_subscribers.find(inside.address);
    if (subscriber == m_subscribers.end())
    {
        return;
    }
    const uint32_t number = (outside.port - m_settings.firstPort) / m_settings.blockSize;
    auto& blocks = subscriber->second;
    const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const Block& one) {
        return one.address == address && one.number == number;
    });
    if (block != blocks.end() && --block->used == 0)
    {
        m_blocks[address]->Set(number, false);
        blocks.erase(block);
    }
    if (blocks.empty())
    {
        m_subscribers.erase(subscriber);
    }
}

void
NatPortAllocator::EndQuarantine(Time now)
{
    while (!m_quarantine.empty() && m_quarantine.front().until <= now)
    {
        m_spaces[m_quarantine.front().space]->ports.Set(m_quarantine.front().port, false);
        m_quarantine.pop_front();
    }
}

std::size_t
NatPortAllocator::GetMemory() const
{
    std::size_t memory = m_quarantine.size() * sizeof(Quarantined);
    for (const auto& space : m_spaces)
    {
        memory += space ? sizeof(Space) : 0;
    }
    return memory;
}

} // namespace p2pim
} // namespace ns3
