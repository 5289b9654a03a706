// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_HELD_SYNS_H
#define P2PIM_NAT_HELD_SYNS_H

#include "ns3/nat-endpoint.h"
#include "ns3/nstime.h"
#include "ns3/octets.h"

#include <cstddef>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Unsolicited SYNs that wait for a SYN of the inside to the same peer (RFC 5382 REQ-4).
class NatHeldSyns
{
  public:
    /**
     * @param most SYNs that it holds.
     * @param delay how long.
     */
    NatHeldSyns(std::size_t most, Time delay);

    /// Holds a SYN, unless there is no room, or one of the same endpoints is held.
    void Add(const NatEndpoint& outside, const NatEndpoint& remote, const Octets& syn, Time now);
    /// Drops the SYN between two endpoints, if there is one: the inside opens the connection too.
    void Remove(const NatEndpoint& outside, const NatEndpoint& remote);
    /// @return the SYNs that were held long enough, which are dropped.
    std::vector<Octets> TakeDue(Time now);
    /// @return when the first was held long enough; it may have been removed.
    Time GetNextDue() const;
    void Clear();
    std::size_t GetSize() const;

  private:
    using Key = std::pair<NatEndpoint, NatEndpoint>;

    /// A SYN.
    struct Held
    {
        Time due;
        Octets syn;
    };

    std::size_t m_most;
    Time m_delay;
    std::map<Key, Held> m_held;
    std::deque<std::pair<Time, Key>> m_order; ///< of m_held, and of some that were removed
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_HELD_SYNS_H
