// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_NUMBER_SPACE_H
#define P2PIM_NAT_NUMBER_SPACE_H

#include <array>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// The 65536 numbers of something, each taken or free.
class NatNumberSpace
{
  public:
    /// Which numbers are looked for.
    enum Parity : uint8_t
    {
        EVEN,
        ODD,
        ANY
    };

    /**
     * @param first of the range.
     * @param last of the range.
     * @param start where to begin in it.
     * @return the next free one, after the last the first follows; 65536 if there is none.
     */
    uint32_t FindFree(uint32_t first, uint32_t last, uint32_t start, Parity parity) const;
    bool IsTaken(uint32_t number) const;
    void Set(uint32_t number, bool isTaken);
    /// @return words that were looked at since the beginning.
    uint64_t GetSteps() const;

  private:
    static constexpr uint32_t WORD = 64;
    static constexpr uint32_t WORDS = 65536 / WORD;

    uint32_t Find(uint32_t first, uint32_t last, Parity parity) const;
    uint32_t FindWord(uint32_t first, uint32_t last, Parity parity) const;

    std::array<uint64_t, WORDS> m_taken{};
    std::array<std::array<uint64_t, WORDS / WORD>, 2> m_full{}; ///< words without an even, odd one
    mutable uint64_t m_steps = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_NUMBER_SPACE_H
