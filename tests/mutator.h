// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_MUTATOR_H
#define P2PIM_TESTS_MUTATOR_H

#include <cstdint>
#include <random>
#include <vector>

namespace p2pim::test
{

/// Spoils good messages: flips, cuts, inserts, erases and replaces octets; always the same
/// sequence.
class MessageMutator
{
  public:
    /// @return @p octets with one to three changes, in a block without spare room.
    std::vector<uint8_t> Mutate(std::vector<uint8_t> octets)
    {
        for (uint32_t changes = 1 + Draw(3); changes > 0; --changes)
        {
            Change(octets);
        }
        return {octets.begin(), octets.end()};
    }

  private:
    void Change(std::vector<uint8_t>& octets)
    {
        if (octets.empty())
        {
            octets.push_back(static_cast<uint8_t>(Draw(256)));
            return;
        }
        const auto at = octets.begin() + Draw(static_cast<uint32_t>(octets.size()));
        switch (Draw(5))
        {
        case 0:
            *at ^= static_cast<uint8_t>(1U << Draw(8));
            break;
        case 1:
            octets.erase(at, octets.end());
            break;
        case 2:
            octets.insert(at, static_cast<uint8_t>(Draw(256)));
            break;
        case 3:
            octets.erase(at);
            break;
        default:
            *at = static_cast<uint8_t>(Draw(256));
            break;
        }
    }

    uint32_t Draw(uint32_t limit)
    {
        return static_cast<uint32_t>(m_random()) % limit;
    }

    std::mt19937 m_random{20090401};
};

} // namespace p2pim::test

#endif // P2PIM_TESTS_MUTATOR_H
