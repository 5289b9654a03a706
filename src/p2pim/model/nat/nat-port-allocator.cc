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
constexpr std::size_t BLOCKS_FULL = 9; ///< place of the addresses without a block
constexpr uint64_t ALL = ~uint64_t{0};
/// Bits of even, odd and all numbers.
constexpr uint64_t PATTERNS[] = {0x5555555555555555, 0xAAAAAAAAAAAAAAAA, ALL};

/// @return the place among the protocols.
std::size_t
GetPlace(NatProtocol protocol)
{
    return protocol == NatProtocol::TCP ? 0 : protocol == NatProtocol::UDP ? 1 : 2;
}

uint32_t
GetSubscriberHash(uint32_t address)
{
    return GetNatHash(NatProtocol::ICMP, {address, 0}, {});
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
    const auto put = [](uint64_t& word, uint32_t place, bool isSet) {
        const uint64_t bit = uint64_t{1} << place % WORD;
        word = isSet ? word | bit : word & ~bit;
    };
    const uint32_t at = number / WORD;
    put(m_taken[at], number, isTaken);
    for (const auto parity : {EVEN, ODD})
    {
        put(m_full[parity][at / WORD], at, (~m_taken[at] & PATTERNS[parity]) == 0);
    }
}

/// @return the first word of some that has a free number; one behind the last if none has.
uint32_t
NatNumberSpace::FindWord(uint32_t first, uint32_t last, Parity parity) const
{
    for (uint32_t at = first / WORD; at <= last / WORD; ++at)
    {
        ++m_steps;
        const uint64_t even = ~m_full[EVEN][at];
        const uint64_t odd = ~m_full[ODD][at];
        uint64_t words = parity == EVEN ? even : parity == ODD ? odd : even | odd;
        words &= at == first / WORD ? ALL << first % WORD : ALL;
        if (words != 0)
        {
            return at * WORD + static_cast<uint32_t>(__builtin_ctzll(words));
        }
    }
    return last + 1;
}

uint32_t
NatNumberSpace::Find(uint32_t first, uint32_t last, Parity parity) const
{
    const uint32_t end = last / WORD;
    for (uint32_t word = FindWord(first / WORD, end, parity); word <= end;
         word = FindWord(word + 1, end, parity))
    {
        ++m_steps;
        uint64_t free = ~m_taken[word] & PATTERNS[parity];
        free &= word == first / WORD ? ALL << first % WORD : ALL;
        free &= word == end ? ALL >> (WORD - 1 - last % WORD) : ALL;
        if (free != 0)
        {
            return word * WORD + static_cast<uint32_t>(__builtin_ctzll(free));
        }
        if (word == end)
        {
            break;
        }
    }
    return NUMBERS;
}

uint32_t
NatNumberSpace::FindFree(uint32_t first, uint32_t last, uint32_t start, Parity parity) const
{
    const uint32_t found = Find(start, last, parity);
    return found < NUMBERS || start == first ? found : Find(first, start - 1, parity);
}

uint64_t
NatNumberSpace::GetSteps() const
{
    return m_steps;
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
    const std::size_t first = ChooseAddress(wish);
    if (m_settings.allocation == NatSettings::BLOCK)
    {
        return AllocateInBlocks(first, wish);
    }
    return TryAddresses(first, GetFullIndex(wish), [&](std::size_t address) {
        return AllocateAt(address, wish);
    });
}

bool
NatPortAllocator::TriesAll() const
{
    return m_settings.pooling == NatSettings::SOFT_PAIRED ||
           m_settings.pooling == NatSettings::ARBITRARY;
}

/// Tries the address, and, if the pooling allows it, those behind it that are not full.
template <typename Try>
std::optional<NatEndpoint>
NatPortAllocator::TryAddresses(std::size_t first, std::size_t full, Try tryAddress)
{
    constexpr int MOST_TRIES = 64;
    const auto last = static_cast<uint32_t>(m_settings.pool.size() - 1);
    auto address = static_cast<uint32_t>(first);
    for (int i = 0; i < (TriesAll() ? MOST_TRIES : 1); ++i)
    {
        if (TriesAll())
        {
            address = GetFull(full).FindFree(0, last, address, NatNumberSpace::ANY);
        }
        if (address > last)
        {
            break;
        }
        if (const std::optional<uint16_t> port = tryAddress(address))
        {
            return NatEndpoint{m_settings.pool[address].Get(), *port};
        }
        address = address == last ? 0 : address + 1;
        if (address == first)
        {
            break;
        }
    }
    return std::nullopt;
}

/// @return where the addresses are that have no free port for such a wish.
std::size_t
NatPortAllocator::GetFullIndex(const Wish& wish)
{
    const uint16_t port = wish.inside.port;
    return 3 * GetPlace(wish.protocol) + (port < 512 ? 0 : port < 1024 ? 1 : 2);
}

NatNumberSpace&
NatPortAllocator::GetFull(std::size_t index)
{
    auto& full = m_full[index];
    if (!full)
    {
        full = std::make_unique<NatNumberSpace>();
    }
    return *full;
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
    const Range range = GetRange(wish);
    if (m_settings.overlaps)
    {
        return SearchShared(address, wish, range);
    }
    const auto found = Search(address, wish, range);
    const auto& ports = GetSpace(address, wish.protocol).ports;
    if (!found && TriesAll() &&
        ports.FindFree(range.first, range.last, range.first, NatNumberSpace::ANY) == NUMBERS)
    {
        GetFull(GetFullIndex(wish)).Set(static_cast<uint32_t>(address), true);
    }
    return found;
}

bool
NatPortAllocator::IsFree(std::size_t address, const Wish& wish, uint16_t port)
{
    ++m_steps;
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

std::optional<NatEndpoint>
NatPortAllocator::AllocateInBlocks(std::size_t first, const Wish& wish)
{
    for (const bool isFirst : {true, false})
    {
        if (const auto own = SearchOwnBlocks(first, isFirst, wish))
        {
            return own;
        }
        if (isFirst)
        {
            if (const auto port = TakeBlock(first, wish))
            {
                return NatEndpoint{m_settings.pool[first].Get(), *port};
            }
        }
        if (!TriesAll())
        {
            return std::nullopt;
        }
    }
    return TryAddresses(first, BLOCKS_FULL, [&](std::size_t address) {
        return TakeBlock(address, wish);
    });
}

/// @return a port of the blocks that a subscriber has, at an address or at all others.
std::optional<NatEndpoint>
NatPortAllocator::SearchOwnBlocks(std::size_t address, bool isAt, const Wish& wish)
{
    const uint32_t number = FindSubscriber(wish.inside.address);
    if (number == NAT_NONE)
    {
        return std::nullopt;
    }
    for (Block& block : m_subscribers[number].blocks)
    {
        ++m_steps;
        if ((block.address == address) == isAt)
        {
            if (const auto port = Search(block.address, wish, GetBlockRange(block.number)))
            {
                ++block.used;
                return NatEndpoint{m_settings.pool[block.address].Get(), *port};
            }
        }
    }
    return std::nullopt;
}

/// @return a port of a new block at an address.
std::optional<uint16_t>
NatPortAllocator::TakeBlock(std::size_t address, const Wish& wish)
{
    uint32_t subscriber = FindSubscriber(wish.inside.address);
    if (subscriber != NAT_NONE &&
        m_subscribers[subscriber].blocks.size() >= m_settings.subscriberBlocks)
    {
        return std::nullopt;
    }
    auto& numbers = m_blocks[address];
    if (!numbers)
    {
        numbers = std::make_unique<NatNumberSpace>();
    }
    const uint32_t count = (m_settings.lastPort - m_settings.firstPort + 1U) / m_settings.blockSize;
    const uint32_t number = numbers->FindFree(0, count - 1, m_draw(count), NatNumberSpace::ANY);
    if (number == NUMBERS)
    {
        GetFull(BLOCKS_FULL).Set(static_cast<uint32_t>(address), true);
        return std::nullopt;
    }
    const auto port = Search(address, wish, GetBlockRange(number));
    if (!port)
    {
        return std::nullopt;
    }
    if (subscriber == NAT_NONE)
    {
        subscriber = m_subscribers.Take();
        m_subscribers[subscriber].address = wish.inside.address;
        m_subscribersByAddress.Insert(GetSubscriberHash(wish.inside.address), subscriber);
    }
    numbers->Set(number, true);
    m_subscribers[subscriber].blocks.push_back({static_cast<uint32_t>(address), number, 1});
    return port;
}

uint32_t
NatPortAllocator::FindSubscriber(uint32_t address) const
{
    return m_subscribersByAddress.Find(GetSubscriberHash(address), [&](uint32_t number) {
        return m_subscribers[number].address == address;
    });
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
    const std::size_t space = GetSpaceIndex(address, protocol);
    if (m_settings.quarantine.IsZero())
    {
        Free(space, outside.port);
    }
    else
    {
        m_quarantine.push_back(
            {now + m_settings.quarantine, static_cast<uint32_t>(space), outside.port});
    }
    const uint32_t subscriber = FindSubscriber(inside.address);
    if (subscriber != NAT_NONE)
    {
        ReleaseBlock(address, outside, subscriber);
    }
}

/// A subscriber has one port less in a block.
void
NatPortAllocator::ReleaseBlock(std::size_t address, const NatEndpoint& outside, uint32_t subscriber)
{
    const uint32_t number = (outside.port - m_settings.firstPort) / m_settings.blockSize;
    auto& blocks = m_subscribers[subscriber].blocks;
    const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const Block& one) {
        return one.address == address && one.number == number;
    });
    if (block != blocks.end() && --block->used == 0)
    {
        m_blocks[address]->Set(number, false);
        GetFull(BLOCKS_FULL).Set(static_cast<uint32_t>(address), false);
        blocks.erase(block);
    }
    if (blocks.empty())
    {
        m_subscribersByAddress.Erase(GetSubscriberHash(m_subscribers[subscriber].address),
                                     subscriber);
        m_subscribers.Give(subscriber);
    }
}

/// A port can be had again, hence its address is not full any more.
void
NatPortAllocator::Free(std::size_t space, uint16_t port)
{
    m_spaces[space]->ports.Set(port, false);
    for (std::size_t portClass = 0; portClass < 3; ++portClass)
    {
        if (auto& full = m_full[3 * (space % 3) + portClass])
        {
            full->Set(static_cast<uint32_t>(space / 3), false);
        }
    }
}

void
NatPortAllocator::EndQuarantine(Time now)
{
    while (!m_quarantine.empty() && m_quarantine.front().until <= now)
    {
        Free(m_quarantine.front().space, m_quarantine.front().port);
        m_quarantine.pop_front();
    }
}

std::size_t
NatPortAllocator::GetMemory() const
{
    std::size_t memory = m_quarantine.size() * sizeof(Quarantined) + m_subscribers.GetMemory() +
                         m_subscribersByAddress.GetMemory();
    for (const auto& space : m_spaces)
    {
        memory += space ? sizeof(Space) : 0;
    }
    return memory;
}

uint64_t
NatPortAllocator::GetSteps() const
{
    uint64_t steps = m_steps + m_subscribersByAddress.GetSteps();
    for (const auto& space : m_spaces)
    {
        steps += space ? space->ports.GetSteps() : 0;
    }
    for (const auto& full : m_full)
    {
        steps += full ? full->GetSteps() : 0;
    }
    return steps;
}

} // namespace p2pim
} // namespace ns3
