// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_FRAGMENTS_H
#define P2PIM_NAT_FRAGMENTS_H

#include "ns3/nat-packet.h"
#include "ns3/nat-settings.h"
#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Fragments of IPv4 (RFC 791 3.2) in a middle box, in bounded memory: if there is no room the
 * oldest datagram is given up. Either datagrams are put together, of fragments in any order; one
 * whose fragments overlap is given up. Or the addresses that the first fragment got are kept for
 * those that follow.
 */
class NatFragments
{
  public:
    /// Side, source, destination, identification and protocol (RFC 791 3.2).
    using Key = std::tuple<NatSide, uint32_t, uint32_t, uint16_t, NatProtocol>;

    /// A datagram whose fragments have all come.
    struct Datagram
    {
        Octets packet;
        std::vector<std::size_t> parts; ///< octets of its fragments behind their headers, in order
    };

    /// What the first fragment of a datagram became.
    struct Path
    {
        uint32_t source;
        uint32_t destination;
        NatSide to;
    };

    /// @param settings must outlive it.
    explicit NatFragments(const NatSettings& settings);

    /**
     * Takes a fragment in.
     *
     * @param fragment its header.
     * @param octets of it.
     * @param from where it came from.
     * @param now the time.
     * @return the datagram if it is complete.
     */
    std::optional<Datagram> Add(const NatHeader& fragment,
                                const Octets& octets,
                                NatSide from,
                                Time now);

    /// @return what the fragments of a datagram have in common.
    static Key GetKey(const NatHeader& fragment, NatSide from);
    /// Keeps what the first fragment of a datagram became.
    void Keep(const Key& key, Time now, const Path& path);
    /// @return what the first fragment of the datagram became, if it is known.
    std::optional<Path> Find(const Key& key, Time now);

    /// Gives all up.
    void Clear();
    /// @return datagrams of which something is kept.
    std::size_t GetDatagrams() const;
    /// @return octets of kept fragments.
    std::size_t GetOctets() const;

  private:
    /// A datagram of which something has come.
    struct Partial
    {
        std::map<std::size_t, Octets> parts; ///< by offset
        Octets header;                       ///< of the first
        std::size_t length = 0;              ///< octets behind the header, once the last has come
        std::size_t there = 0;               ///< octets that have come
        std::size_t memory = 0;              ///< that it is counted for
        uint64_t serial = 0;
        std::optional<Path> path;
    };

    /// A datagram in the order of the first fragments.
    struct Started
    {
        Time end;
        Key key;
    };

    void Expire(Time now);
    void GiveUpOldest();
    void Remove(std::map<Key, Partial>::iterator place);
    std::map<Key, Partial>::iterator Start(const Key& key, Time now);
    static bool Insert(Partial& partial, const NatHeader& fragment, const Octets& octets);
    static Datagram Join(Partial& partial);

    const NatSettings& m_settings;
    std::map<Key, Partial> m_partials;
    std::map<uint64_t, Started> m_order; ///< of m_partials, by serial number
    std::size_t m_octets = 0;
    uint64_t m_serial = 0;
};

/**
 * @param packet a packet.
 * @param size most octets of a fragment.
 * @param checksums whether its header has one.
 * @return its fragments, in order; itself if it is short enough.
 */
std::vector<Octets> FragmentPacket(const Octets& packet, std::size_t size, bool checksums);

/**
 * @param packet a packet.
 * @param parts octets of the fragments behind their headers; but for the last in eights.
 * @param checksums whether its header has one.
 * @return its fragments, in order.
 */
std::vector<Octets> CutPacket(const Octets& packet,
                              const std::vector<std::size_t>& parts,
                              bool checksums);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_FRAGMENTS_H
