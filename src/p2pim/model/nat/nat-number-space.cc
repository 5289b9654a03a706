// SPDX-License-Identifier: GPL-2.0-only
#include "nat-number-space.h"

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t NUMBERS = 65536;
constexpr uint64_t ALL = ~uint64_t{0};
/// Bits of even, odd and all numbers.
constexpr uint64_t PATTERNS[] = {0x5555555555555555, 0xAAAAAAAAAAAAAAAA, ALL};

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

} // namespace p2pim
} // namespace ns3
