// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_TABLE_H
#define P2PIM_NAT_TABLE_H

#include "ns3/nat-endpoint.h"
#include "ns3/nat-index.h"
#include "ns3/nat-settings.h"
#include "ns3/nat-tcp-tracker.h"
#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// An outside endpoint that stands for an inside one.
struct NatMapping
{
    NatEndpoint inside;
    NatEndpoint outside;
    NatEndpoint remote; ///< whom it is for; 0 where the class does not ask
    NatProtocol protocol = NatProtocol::UDP;
    NatSettings::Mapping mapping = NatSettings::EIM; ///< its class
    bool isExplicit = false;                         ///< asked for: all may send to it
    bool holdsPort = false;                          ///< its port is taken in the allocator
    uint32_t firstSession = NAT_NONE;                ///< the newest
    uint32_t nextInside = NAT_NONE;                  ///< the next older one with the same key
    uint32_t previousInside = NAT_NONE;
    uint32_t nextOutside = NAT_NONE; ///< the next older one with the same outside endpoint
    uint32_t previousOutside = NAT_NONE;
};

/// What a mapping, or the host of the NAT, has to do with one outside endpoint.
struct NatSession
{
    Time expiry;
    Time created;
    NatEndpoint remote;
    uint32_t mapping = NAT_NONE;
    uint32_t place = 0; ///< in the queue of deadlines
    uint32_t next = NAT_NONE;
    uint32_t previous = NAT_NONE;
    NatSide opener = NatSide::INSIDE;
    bool replied = false; ///< something came from the side that did not open it
    NatTcpTracker tcp;
};

/**
 * The mappings and sessions of a NAT. Each is found in constant time by its inside and by its
 * outside endpoints, and the one that expires first is known. A mapping lives as long as one of its
 * sessions.
 */
class NatTable
{
  public:
    /// @param countsAddresses whether HasPeer() is asked for.
    explicit NatTable(bool countsAddresses);

    /**
     * @param mapping the class.
     * @param remote the peer, of which the key has what the class asks for.
     * @return the newest mapping with the key.
     */
    uint32_t FindMapping(NatProtocol protocol,
                         const NatEndpoint& inside,
                         NatSettings::Mapping mapping,
                         const NatEndpoint& remote) const;
    /// @return the newest mapping with an outside endpoint.
    uint32_t FindMapping(NatProtocol protocol, const NatEndpoint& outside) const;
    /// @return the session between an endpoint, as the side sees it, and its peer.
    uint32_t FindSession(NatSide side,
                         NatProtocol protocol,
                         const NatEndpoint& local,
                         const NatEndpoint& remote) const;
    /// @return whether a mapping has a session with an address.
    bool HasPeer(uint32_t mapping, uint32_t address) const;

    /// @return the number of a new mapping, of which the endpoints, protocol and class are taken.
    uint32_t AddMapping(const NatMapping& mapping);
    /// @return the number of a new session.
    uint32_t AddSession(uint32_t mapping, const NatEndpoint& remote, Time now, Time expiry);
    /// Removes a session. @return whether its mapping has none left.
    bool RemoveSession(uint32_t number);
    /// Removes a mapping that has no session.
    void RemoveMapping(uint32_t number);
    /// Moves the end of a session.
    void SetExpiry(uint32_t number, Time expiry);

    /// @return the session that expires first, if that is not after @p now.
    uint32_t GetExpired(Time now);
    /// @return a time at which, or after which, the first session expires; Time::Max() if none.
    Time GetNextExpiry() const;
    /// @return any session; NAT_NONE if there is none.
    uint32_t GetAny() const;

    NatMapping& GetMapping(uint32_t number);
    const NatMapping& GetMapping(uint32_t number) const;
    NatSession& GetSession(uint32_t number);
    const NatSession& GetSession(uint32_t number) const;
    uint32_t GetMappings() const;
    uint32_t GetSessions() const;
    /// @return octets of memory.
    std::size_t GetMemory() const;
    /// @return entries that were looked at or moved since the beginning: what tests count.
    uint64_t GetSteps() const;

  private:
    /// An entry of the queue; the session's expiry may be later.
    struct Deadline
    {
        Time time;
        uint32_t session = NAT_NONE;
    };

    /// An address that a mapping has sessions with.
    struct Peer
    {
        uint32_t mapping = NAT_NONE;
        uint32_t address = 0;
        uint32_t sessions = 0;
    };

    static constexpr std::size_t FAN = 4; ///< children of a node of the queue

    bool IsKey(const NatMapping& mapping,
               NatProtocol protocol,
               const NatEndpoint& inside,
               NatSettings::Mapping kind,
               const NatEndpoint& remote) const;
    void Put(std::size_t place, const Deadline& deadline);
    void Rise(std::size_t place);
    void Sink(std::size_t place);
    void Unqueue(std::size_t place);
    uint32_t FindPeer(uint32_t mapping, uint32_t address) const;
    void CountPeer(uint32_t mapping, uint32_t address, int change);

    NatSlab<NatMapping> m_mappings;
    NatSlab<NatSession> m_sessions;
    NatIndex m_mappingsByInside;
    NatIndex m_mappingsByOutside;
    NatIndex m_sessionsByInside;
    NatIndex m_sessionsByOutside;
    NatBlocks<Deadline> m_queue; ///< a heap by time
    NatSlab<Peer> m_peers;
    NatIndex m_peersByAddress;
    bool m_countsAddresses;
    uint64_t m_moves = 0; ///< in the queue
};

/// @return a hash of endpoints.
uint32_t GetNatHash(NatProtocol protocol, const NatEndpoint& first, const NatEndpoint& second);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_TABLE_H
