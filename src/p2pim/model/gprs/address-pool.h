// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_ADDRESS_POOL_H
#define P2PIM_ADDRESS_POOL_H

#include "ns3/ipv4-address.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * The IPv4 addresses that a GGSN gives to the stations of one access point name. The network's own
 * address, the next one, which is the gateway's, and the broadcast address are not given. Addresses
 * are given in their order, those that came back last of all.
 */
class AddressPool
{
  public:
    /**
     * @param network its first address.
     * @param prefixLength bits of the network, 8 to 30.
     */
    AddressPool(Ipv4Address network, uint8_t prefixLength);

    /// @return the next free address; nothing if there is none.
    std::optional<Ipv4Address> Take();
    /// Takes a certain @p address. @return whether it is one of the pool's, and free.
    bool Take(Ipv4Address address);
    /// An @p address that was taken is free again.
    void GiveBack(Ipv4Address address);

    /// @return its first address.
    Ipv4Address GetNetwork() const;
    /// @return its mask.
    Ipv4Mask GetMask() const;
    /// @return whether an @p address is in the network.
    bool Contains(Ipv4Address address) const;
    /// @return whether both have an address in common.
    bool Overlaps(const AddressPool& other) const;
    /// @return how many addresses can be given at a time.
    uint32_t GetSize() const;
    /// @return how many are given.
    uint32_t GetTaken() const;

  private:
    Ipv4Address m_network;
    Ipv4Mask m_mask;
    uint32_t m_next;             ///< addresses from here on were never taken in their turn
    std::deque<uint32_t> m_free; ///< that came back
    std::vector<bool> m_taken;   ///< by the number in the network; as long as it has to be
    uint32_t m_count = 0;        ///< taken
};

/// An access point name and its pool.
struct AccessPoint
{
    std::string name; ///< labels separated by dots
    AddressPool pool;
};

/**
 * @param text access point names with their pools, separated by blanks:
 *             "internet=10.0.0.0/8 wap=192.168.0.0/16".
 * @return them; nothing if one is no name, no network or too small a one, or if two are alike or
 *         overlap.
 */
std::optional<std::vector<AccessPoint>> ParseAccessPoints(const std::string& text);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_ADDRESS_POOL_H
