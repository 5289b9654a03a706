// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_PORT_ALLOCATOR_H
#define P2PIM_NAT_PORT_ALLOCATOR_H

#include "ns3/nat-endpoint.h"
#include "ns3/nat-index.h"
#include "ns3/nat-settings.h"
#include "ns3/nstime.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Draws a number below a limit, all with the same probability.
using NatDraw = std::function<uint32_t(uint32_t limit)>;

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

/// Finds outside endpoints for mappings: pool, ports, blocks, quarantine, and the load of others.
class NatPortAllocator
{
  public:
    /// Whom an endpoint is for.
    struct Wish
    {
        Time now;
        NatProtocol protocol;
        NatEndpoint inside;
        NatEndpoint remote;
        /// Where ports are shared: whether an endpoint is taken towards this peer.
        std::function<bool(const NatEndpoint&)> isTaken;
    };

    /**
     * @param settings must outlive it.
     * @param draw for all that is random.
     */
    NatPortAllocator(const NatSettings& settings, NatDraw draw);

    /// @return an endpoint, taken until Release(); nothing if none is free.
    std::optional<NatEndpoint> Allocate(const Wish& wish);
    /// Gives an endpoint back, which goes into quarantine.
    void Release(Time now,
                 NatProtocol protocol,
                 const NatEndpoint& outside,
                 const NatEndpoint& inside);
    /// @return whether an address is one of the pool.
    bool Owns(uint32_t address) const;
    /// @return octets of memory.
    std::size_t GetMemory() const;
    /// @return entries that were looked at since the beginning.
    uint64_t GetSteps() const;

  private:
    /// Ports of one address and protocol.
    struct Space
    {
        NatNumberSpace ports;
        uint32_t next = 0;  ///< of the sequential allocation
        Time advanced;      ///< when others last took some
        bool begun = false; ///< `next` is set
    };

    /// First and last of some ports.
    struct Range
    {
        uint32_t first;
        uint32_t last;
    };

    /// A block of ports that a subscriber has.
    struct Block
    {
        uint32_t address; ///< index in the pool
        uint32_t number;
        uint32_t used; ///< ports
    };

    /// An inside address that has blocks.
    struct Subscriber
    {
        uint32_t address = 0;
        std::vector<Block> blocks;
    };

    /// A port that nobody gets yet.
    struct Quarantined
    {
        Time until;
        uint32_t space;
        uint16_t port;
    };

    std::size_t GetSpaceIndex(std::size_t address, NatProtocol protocol) const;
    Space& GetSpace(std::size_t address, NatProtocol protocol);
    std::size_t ChooseAddress(const Wish& wish);
    bool TriesAll() const;
    template <typename Try>
    std::optional<NatEndpoint> TryAddresses(std::size_t first,
                                            std::size_t full,
                                            Try tryAddress);
    static std::size_t GetFullIndex(const Wish& wish);
    NatNumberSpace& GetFull(std::size_t index);
    std::optional<uint16_t> AllocateAt(std::size_t address, const Wish& wish);
    std::optional<NatEndpoint> AllocateInBlocks(std::size_t first, const Wish& wish);
    std::optional<NatEndpoint> SearchOwnBlocks(std::size_t address, bool isAt, const Wish& wish);
    std::optional<uint16_t> TakeBlock(std::size_t address, const Wish& wish);
    uint32_t FindSubscriber(uint32_t address) const;
    void ReleaseBlock(std::size_t address, const NatEndpoint& outside, uint32_t subscriber);
    void Free(std::size_t space, uint16_t port);
    std::optional<NatEndpoint> AllocateDeterministically(const Wish& wish);
    std::optional<uint16_t> Search(std::size_t address, const Wish& wish, Range range);
    std::optional<uint16_t> SearchShared(std::size_t address, const Wish& wish, Range range);
    bool IsFree(std::size_t address, const Wish& wish, uint16_t port);
    bool IsTakenByOthers(Range range);
    Range GetRange(const Wish& wish) const;
    Range GetBlockRange(uint32_t number) const;
    uint32_t GetStart(Space& space, const Wish& wish, Range range);
    uint32_t DrawPoisson(double mean);
    double DrawUniform();
    void EndQuarantine(Time now);
    bool Preserves() const;

    const NatSettings& m_settings;
    NatDraw m_draw;
    std::unordered_map<uint32_t, std::size_t> m_addresses; ///< indices in the pool
    std::vector<std::unique_ptr<Space>> m_spaces;          ///< made when they are needed
    std::vector<std::unique_ptr<NatNumberSpace>> m_blocks; ///< numbers of blocks by address
    /// Addresses without a port, by protocol and class, and those without a block.
    std::array<std::unique_ptr<NatNumberSpace>, 10> m_full;
    NatSlab<Subscriber> m_subscribers;
    NatIndex m_subscribersByAddress;
    std::deque<Quarantined> m_quarantine; ///< in order of time
    uint64_t m_steps = 0;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_PORT_ALLOCATOR_H
