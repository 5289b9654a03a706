// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_CORE_H
#define P2PIM_NAT_CORE_H

#include "ns3/nat-fragments.h"
#include "ns3/nat-held-syns.h"
#include "ns3/nat-packet.h"
#include "ns3/nat-port-allocator.h"
#include "ns3/nat-result.h"
#include "ns3/nat-settings.h"
#include "ns3/nat-subscribers.h"
#include "ns3/nat-table.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * A NAT (RFC 4787, 5382, 5508, 6888, 7857) or a stateful firewall. IPv4 packets go in and come out
 * as octets; whoever mounts it does the routing, and takes one off the TTL.
 *
 * There are no events inside. What has expired is found out when something happens; only a held SYN
 * (RFC 5382 REQ-4), and RSTs on expiry, have to be sent in time: see GetNextDue().
 */
class NatCore
{
  public:
    /**
     * @param settings without a fault.
     * @param draw for all that is random.
     */
    NatCore(const NatSettings& settings, NatDraw draw);
    NatCore(const NatCore&) = delete;
    NatCore& operator=(const NatCore&) = delete;

    /**
     * A packet comes. Times never go back.
     *
     * @param now the time.
     * @param from where it comes from.
     * @param packet its octets, with the IPv4 header.
     * @return what leaves, and what has happened; valid until the next call.
     */
    const NatResult& Receive(Time now, NatSide from, Octets packet);

    /// Does what is due. @return as Receive().
    const NatResult& Advance(Time now);
    /// @return when to call Advance(); Time::Max() if there is nothing to be done by time.
    Time GetNextDue() const;

    /// Forgets all, as if power had failed; ports go into quarantine. @return as Receive().
    const NatResult& LoseState(Time now);

    /**
     * Maps an inside endpoint for a time, whatever is sent, and lets all send to it, as PCP's MAP
     * does (RFC 6887 11; RFC 6888 REQ-9). If it is mapped by request it is renewed.
     *
     * @param now the time.
     * @param protocol the protocol.
     * @param inside the endpoint.
     * @param lifetime how long; 0 ends what there is.
     * @return the outside endpoint, if there is one.
     */
    std::optional<NatEndpoint> RequestMapping(Time now,
                                              NatProtocol protocol,
                                              const NatEndpoint& inside,
                                              Time lifetime);

    /// @return the settings.
    const NatSettings& GetSettings() const;
    /// @return mappings, expired ones that nobody asked for included.
    uint32_t GetMappings() const;
    /// @return sessions, expired ones included.
    uint32_t GetSessions() const;
    /// @return octets of memory that grow with the load, about.
    std::size_t GetMemory() const;
    /// @return entries that were looked at since the beginning: what tests count.
    uint64_t GetSteps() const;
    /// @return fragments and SYNs that are kept.
    const NatFragments& GetFragments() const;
    const NatHeldSyns& GetHeldSyns() const;

  private:
    /// A packet on its way through.
    struct Passage
    {
        Octets& packet;
        NatHeader& header;
        NatSide from;
        std::vector<std::size_t> parts = {}; ///< that it came in, behind their headers
        bool isHairpin = false;       ///< it has been translated outbound, and comes back
        bool isThrough = false;       ///< it has left
        NatSide to = NatSide::INSIDE; ///< where
    };

    /// Whose packet it is, as one side of the NAT sees it.
    struct Flow
    {
        NatProtocol protocol;
        NatEndpoint local;  ///< inside, or outside endpoint of a mapping
        NatEndpoint remote; ///< the peer
    };

    /// What a packet has done to its session.
    enum class Outcome : uint8_t
    {
        PASSES,
        ENDS,   ///< it passes, and the session ends
        GONE,   ///< the session has ended, and it belongs to none
        DROPPED ///< and told
    };

    // In and out, and what time does: nat-core.cc.
    void Begin(Time now);
    void ExpireSessions(Time now);
    void SendHeldErrors();
    void Forget();
    void ReceiveFragment(Octets& packet, NatHeader& header, NatSide from);
    void FollowFirst(Octets& packet, NatHeader& header, NatSide from);
    void Process(Passage& passage);
    bool Check(Passage& passage);
    void Emit(Passage& passage, NatSide to);
    std::vector<Octets> Cut(const Passage& passage, std::size_t mtu) const;
    void SendError(const Passage& passage,
                   uint32_t source,
                   uint8_t type,
                   uint8_t code,
                   uint32_t rest = 0);
    uint32_t GetOwnAddress(NatSide side) const;
    void Drop(const Passage& passage, NatCause cause);
    void Tell(NatEvent::Kind kind, const NatMapping& mapping, const NatEndpoint& remote, Time time);

    // Mappings and sessions: nat-core-state.cc.
    NatCause MakeMapping(const NatMapping& wanted, uint32_t& number);
    void EndOverloaded(const NatMapping& mapping);
    uint32_t FindMapping(const Flow& flow) const;
    uint32_t OpenFromInside(Passage& passage, const Flow& flow);
    uint32_t OpenFromOutside(Passage& passage, uint32_t mapping, const Flow& flow);
    uint32_t AddSession(uint32_t mapping, const NatEndpoint& remote, Time lifetime);
    NatCause CheckSessionLimits(uint32_t insideAddress) const;
    Outcome Continue(Passage& passage, uint32_t number, NatSide from);
    Outcome ContinueTcp(Passage& passage, uint32_t number, NatSide from);
    Outcome Reopen(Passage& passage, uint32_t number, NatSide from);
    void EndSession(uint32_t number, Time time);
    void SendExpiryResets(const NatSession& session);
    Time GetDatagramLifetime(NatProtocol protocol, const NatEndpoint& remote) const;
    void Refuse(Passage& passage, NatCause cause);
    void DropSegment(Passage& passage, NatCause cause);
    void NoteExpired(const NatMapping& mapping, const NatEndpoint& remote);
    bool HasExpired(const Flow& flow) const;

    // Ways through: nat-core-translate.cc.
    static Flow GetFlow(const NatHeader& header, NatSide from);
    void HandleInside(Passage& passage);
    void HandleOutside(Passage& passage);
    void Hairpin(Passage& passage);
    void RefuseHairpin(Passage& passage);
    bool TranslateOutbound(Passage& passage);
    bool TranslateInbound(Passage& passage);
    uint32_t Admit(Passage& passage, const Flow& flow);
    NatCause Filter(uint32_t mapping, const Flow& flow) const;
    bool TranslateError(Passage& passage, NatSide from);
    void RefuseUnsolicited(Passage& passage, const Flow& flow, NatCause cause);
    void TakeByHost(const Flow& flow);
    bool IsUntranslated(const Passage& passage) const;

    const NatSettings m_settings;
    Time m_now;
    NatTable m_table;
    NatPortAllocator m_allocator;
    NatSubscribers m_subscribers;
    NatFragments m_fragments;
    NatHeldSyns m_held;
    NatResult m_result;
    std::vector<uint32_t> m_expired;       ///< hashes of sessions that have expired, by hash
    std::vector<uint32_t> m_expiredBefore; ///< those that were noted when there was less room
    bool m_lost = false;             ///< the loss of state in the settings is over
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_CORE_H
