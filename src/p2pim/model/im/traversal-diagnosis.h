// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TRAVERSAL_DIAGNOSIS_H
#define P2PIM_TRAVERSAL_DIAGNOSIS_H

#include "ns3/connection-attempt.h"
#include "ns3/conversation.h"
#include "ns3/im-client.h"
#include "ns3/nat-gateway.h"
#include "ns3/nstime.h"
#include "ns3/smsc.h"
#include "ns3/traversal-evidence.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace p2pim
{

/**
 * Why phones do not get through to each other, as one sees it who hears the phones as well as the
 * NATs and firewalls between them. No phone knows as much: nobody tells it who has dropped its SYN.
 *
 * An attempt to connect fails by one of: filtered, mapping mismatch, hole expired, reset, window,
 * port exhausted, no hairpinning, wrong host, no route; where none of that is found, by what the
 * phone has seen: tcp timeout, relay refused, given up. A session fails as its best attempt, or by
 * an sms that is lost or late.
 */
class TraversalDiagnosis
{
  public:
    /// An attempt to connect, and what has come of it.
    struct Attempt
    {
        bool fromInitiator = true;
        ConnectionAttempt told; ///< as the phone has told it last
        Time start;             ///< when it was begun first
        Time end;               ///< when it was over; negative if it was not
        std::string outcome;    ///< why it did not connect; empty if it did
    };

    /// What is found out about a session.
    struct Findings
    {
        std::vector<Attempt> attempts; ///< in the order in which they were begun
        std::string diagnosis;         ///< what was in the way; empty if nothing was, or not known
    };

    TraversalDiagnosis() = default;
    ~TraversalDiagnosis();
    TraversalDiagnosis(const TraversalDiagnosis&) = delete;
    TraversalDiagnosis& operator=(const TraversalDiagnosis&) = delete;

    /// @param gateway a NAT or firewall, to be heard from now on.
    void Watch(Ptr<NatGateway> gateway);
    /// A NAT or firewall tells what has happened.
    void HandleEvent(const NatEvent& event);
    /// @param centre where invitations may be, if they are short messages.
    void Watch(Ptr<Smsc> centre);

    /**
     * A session begins; its clients are heard.
     *
     * @param session its number, which is free.
     * @param initiator the client of the initiator.
     * @param target that of the target.
     */
    void Begin(uint32_t session, Ptr<ImClient> initiator, Ptr<ImClient> target);

    /**
     * A session has ended, and is forgotten.
     *
     * @param number its number.
     * @param conversation what has become of it.
     * @return the findings.
     */
    Findings End(uint32_t number, const Conversation& conversation);

    /// @return what is known of the attempts of the sessions that last.
    const TraversalEvidence& GetEvidence() const;

  private:
    /// An attempt and what it is found by.
    struct Entry
    {
        Attempt attempt;
        ConnectionAttempt::Outcome seen; ///< the last that the phone has seen
        uint32_t evidence;               ///< number of it
    };

    /// What the other end has opened for an attempt.
    struct Hole
    {
        const Entry* opener = nullptr; ///< the other end's attempt, if it has the right endpoints
        bool isElsewhere = false;      ///< it has others: from or for another port
    };

    struct Session
    {
        std::array<Ptr<ImClient>, 2> clients; ///< of initiator and target
        std::vector<Entry> entries;
        /// Places of entries, by who has made the attempt, and its ends.
        std::map<std::tuple<bool, NatEndpoint, NatEndpoint>, std::size_t> places;
    };

    void HandleAttempt(uint32_t number,
                       bool fromInitiator,
                       const Msisdn& peer,
                       const ConnectionAttempt& attempt);
    void Forget(uint32_t session);

    /// @return why an attempt did not connect.
    std::string Explain(const Session& session, const Entry& entry, bool isReady) const;
    /// @return why, if a NAT has dropped its packets; else empty.
    std::string ExplainDrop(const Session& session, const Entry& entry) const;
    /// @return the hole that the other end has opened, if it has.
    Hole FindHole(const Session& session, const Entry& entry) const;
    /// @return whether there is a NAT before the phone that made an attempt.
    bool IsTranslated(const Entry& entry) const;
    /**
     * @return the outcome of the attempt that had the best chance: by its candidate, of equal ones
     *         the last that was not met by silence only.
     */
    static std::string GetBestOutcome(const std::vector<Attempt>& attempts);
    /// @return what became of the short messages.
    std::string ExplainMessages(const Session& session, const Conversation& conversation) const;
    std::string ExplainMessage(const Msisdn& receiver) const;

    TraversalEvidence m_evidence;
    std::vector<Ptr<NatGateway>> m_gateways;
    std::vector<Ptr<Smsc>> m_centres;
    std::unordered_map<uint32_t, Session> m_sessions;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_TRAVERSAL_DIAGNOSIS_H
