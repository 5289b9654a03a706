// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_SUBSCRIBERS_H
#define P2PIM_NAT_SUBSCRIBERS_H

#include "ns3/nat-index.h"
#include "ns3/nat-result.h"
#include "ns3/nat-settings.h"
#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// Counts what each inside address has, and says what its limits refuse (RFC 6888 REQ-4). An
/// address that has no mapping left is forgotten, and with it how fast it made them.
class NatSubscribers
{
  public:
    /// @param limits must outlive it.
    explicit NatSubscribers(const NatLimits& limits);

    /// @return why an address may have no further session: LIMIT or NONE.
    NatCause CheckSession(uint32_t address) const;
    /// @return why an address may have no further mapping: LIMIT, RATE or NONE.
    NatCause CheckMapping(uint32_t address, Time now);
    /// Counts a new mapping.
    void AddMapping(uint32_t address, Time now);
    /// Counts a mapping that is gone.
    void RemoveMapping(uint32_t address);
    /// Counts a new session, or one that is gone, of an address that has a mapping.
    void CountSession(uint32_t address, int change);
    /// @return addresses that have mappings.
    uint32_t GetSize() const;
    /// @return octets of memory.
    std::size_t GetMemory() const;
    /// @return entries that were looked at since the beginning.
    uint64_t GetSteps() const;

  private:
    /// An inside address.
    struct Subscriber
    {
        uint32_t address = 0;
        uint32_t mappings = 0;
        uint32_t sessions = 0;
        float tokens = 0; ///< mappings that it may make at once
        Time filled;      ///< when it had these tokens
    };

    uint32_t Find(uint32_t address) const;
    float GetTokens(const Subscriber& subscriber, Time now) const;

    const NatLimits& m_limits;
    NatSlab<Subscriber> m_subscribers;
    NatIndex m_index;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_SUBSCRIBERS_H
