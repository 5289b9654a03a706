// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/traversal-diagnosis.h"

#include "ns3/ipv4-address.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <charconv>

namespace ns3
{
namespace p2pim
{

namespace
{

using Candidate = ConnectionAttempt::Candidate;
using Outcome = ConnectionAttempt::Outcome;

NatEndpoint
ToEndpoint(const InetSocketAddress& address)
{
    return {address.GetIpv4().Get(), address.GetPort()};
}

/// @return whether an address is one of RFC 1918 or RFC 6598, which others may have, too.
bool
IsPrivate(Ipv4Address address)
{
    static const std::array<std::pair<Ipv4Address, Ipv4Mask>, 4> networks{
        {{Ipv4Address("10.0.0.0"), Ipv4Mask("/8")},
         {Ipv4Address("172.16.0.0"), Ipv4Mask("/12")},
         {Ipv4Address("192.168.0.0"), Ipv4Mask("/16")},
         {Ipv4Address("100.64.0.0"), Ipv4Mask("/10")}}};
    return std::any_of(networks.begin(), networks.end(), [address](const auto& each) {
        return each.second.IsMatch(address, each.first);
    });
}

/// @return whether nothing came back, maybe because the other end did not get as far as to dial.
bool
IsSilent(const std::string& outcome)
{
    return outcome == "filtered" || outcome == "tcp timeout" || outcome == "given up";
}

} // namespace

TraversalDiagnosis::~TraversalDiagnosis()
{
    while (!m_sessions.empty())
    {
        Forget(m_sessions.begin()->first);
    }
    for (const auto& gateway : m_gateways)
    {
        gateway->TraceDisconnectWithoutContext(
            "Event",
            MakeCallback(&TraversalDiagnosis::HandleEvent, this));
    }
}

void
TraversalDiagnosis::Watch(Ptr<NatGateway> gateway)
{
    gateway->TraceConnectWithoutContext("Event",
                                        MakeCallback(&TraversalDiagnosis::HandleEvent, this));
    m_gateways.push_back(gateway);
}

void
TraversalDiagnosis::Watch(Ptr<Smsc> centre)
{
    m_centres.push_back(centre);
}

void
TraversalDiagnosis::Begin(uint32_t session, Ptr<ImClient> initiator, Ptr<ImClient> target)
{
    m_sessions[session].clients = {initiator, target};
    for (const bool fromInitiator : {true, false})
    {
        (fromInitiator ? initiator : target)
            ->TraceConnectWithoutContext(
                "Attempt",
                MakeCallback(&TraversalDiagnosis::HandleAttempt, this).Bind(session, fromInitiator));
    }
}

void
TraversalDiagnosis::Forget(uint32_t session)
{
    const auto found = m_sessions.find(session);
    for (const bool fromInitiator : {true, false})
    {
        found->second.clients[fromInitiator ? 0 : 1]->TraceDisconnectWithoutContext(
            "Attempt",
            MakeCallback(&TraversalDiagnosis::HandleAttempt, this).Bind(session, fromInitiator));
    }
    for (const auto& entry : found->second.entries)
    {
        m_evidence.Remove(entry.evidence);
    }
    m_sessions.erase(found);
}

const TraversalEvidence&
TraversalDiagnosis::GetEvidence() const
{
    return m_evidence;
}

void
TraversalDiagnosis::HandleEvent(const NatEvent& event)
{
    m_evidence.Handle(event);
}

void
TraversalDiagnosis::HandleAttempt(uint32_t number,
                                  bool fromInitiator,
                                  const Msisdn&,
                                  const ConnectionAttempt& attempt)
{
    Session& session = m_sessions.at(number);
    const auto local = ToEndpoint(attempt.local);
    const auto remote = ToEndpoint(attempt.remote);
    const auto [place, isNew] =
        session.places.emplace(std::make_tuple(fromInitiator, local, remote),
                               session.entries.size());
    if (isNew && attempt.outcome != Outcome::UNDER_WAY && attempt.outcome != Outcome::NO_ROUTE)
    {
        session.places.erase(place); // a connection that the other end has made
        return;
    }
    if (isNew)
    {
        session.entries.push_back(
            {{fromInitiator, attempt, Simulator::Now(), NanoSeconds(-1), ""},
             Outcome::UNDER_WAY,
             m_evidence.Add(local, remote)});
    }
    auto& entry = session.entries[place->second];
    const bool isWord =
        attempt.outcome != Outcome::UNDER_WAY && attempt.outcome != Outcome::GIVEN_UP;
    entry.seen = isWord || entry.seen == Outcome::UNDER_WAY ? attempt.outcome : entry.seen;
    entry.attempt.told.tries = std::max(entry.attempt.told.tries, attempt.tries);
    entry.attempt.told.isOver = attempt.isOver;
    entry.attempt.told.outcome = attempt.outcome;
    entry.attempt.end = attempt.isOver ? Simulator::Now() : NanoSeconds(-1);
}

std::string
TraversalDiagnosis::GetBestOutcome(const std::vector<Attempt>& attempts)
{
    const Attempt* best = nullptr;
    const auto rank = [](const Attempt& attempt) {
        return std::make_pair(attempt.told.candidate, !IsSilent(attempt.outcome));
    };
    for (const auto& attempt : attempts)
    {
        const bool isBetter = !best || rank(attempt) >= rank(*best);
        best = !attempt.outcome.empty() && isBetter ? &attempt : best;
    }
    return best ? best->outcome : "";
}

TraversalDiagnosis::Findings
TraversalDiagnosis::End(uint32_t number, const Conversation& conversation)
{
    const Session& session = m_sessions.at(number);
    const bool isReady = !conversation.GetStepTime(SessionStep::READY).IsStrictlyNegative();
    Findings findings;
    for (const auto& entry : session.entries)
    {
        Attempt attempt = entry.attempt;
        attempt.outcome = Explain(session, entry, isReady);
        findings.attempts.push_back(attempt);
    }
    if (!isReady)
    {
        findings.diagnosis = ExplainMessages(session, conversation);
        if (findings.diagnosis.empty())
        {
            findings.diagnosis = GetBestOutcome(findings.attempts);
        }
    }
    auto& attempts = findings.attempts;
    attempts.erase(std::remove_if(attempts.begin(),
                                  attempts.end(),
                                  [](const auto& each) {
                                      return each.told.candidate == Candidate::STUN_SERVER;
                                  }),
                   attempts.end());
    Forget(number);
    return findings;
}

std::string
TraversalDiagnosis::Explain(const Session& session, const Entry& entry, bool isReady) const
{
    const auto& told = entry.attempt.told;
    const bool mayBeOthers = told.candidate == Candidate::HOST && IsPrivate(told.remote.GetIpv4());
    switch (entry.seen)
    {
    case Outcome::CONNECTED: // without a binding only the other phone would know
        return mayBeOthers && !isReady ? "wrong host" : "";
    case Outcome::WRONG_HOST:
        return "wrong host";
    case Outcome::CLOSED: // if there is another connection, that is the reason
        return isReady ? "given up" : "wrong host";
    case Outcome::NO_ROUTE:
        return "no route";
    default:
        break;
    }
    if (auto cause = ExplainDrop(session, entry); !cause.empty())
    {
        return cause;
    }
    if (entry.seen == Outcome::REFUSED)
    {
        // the phone that was meant listens there as long as the session lasts
        return mayBeOthers                ? "wrong host"
               : told.local.GetPort() == 0 ? "relay refused"
                                           : "reset";
    }
    if (mayBeOthers && !isReady)
    {
        return "no route";
    }
    return entry.seen == Outcome::TIMED_OUT ? "tcp timeout" : "given up";
}

std::string
TraversalDiagnosis::ExplainDrop(const Session& session, const Entry& entry) const
{
    const auto cause = m_evidence.Get(entry.evidence).cause;
    switch (cause)
    {
    case NatCause::EXHAUSTED:
    case NatCause::LIMIT:
    case NatCause::RATE:
        return "port exhausted";
    case NatCause::WINDOW:
    case NatCause::INVALID:
        return "window";
    case NatCause::HAIRPIN:
        return "no hairpinning";
    case NatCause::EXPIRED:
    case NatCause::NO_MAPPING:
    case NatCause::FILTERED:
        break;
    default:
        return "";
    }
    if (IsMismatch(session, entry))
    {
        return "mapping mismatch";
    }
    const bool hadMapping = entry.attempt.told.candidate != Candidate::HOST &&
                            entry.attempt.told.candidate != Candidate::PREDICTED;
    if (cause == NatCause::EXPIRED || (cause == NatCause::NO_MAPPING && hadMapping))
    {
        return "hole expired";
    }
    return entry.seen == Outcome::REFUSED ? "reset" : "filtered";
}

bool
TraversalDiagnosis::IsTranslated(const Entry& entry) const
{
    return m_evidence.Get(entry.evidence).outer != ToEndpoint(entry.attempt.told.local);
}

bool
TraversalDiagnosis::IsMismatch(const Session& session, const Entry& entry) const
{
    const auto& outer = m_evidence.Get(entry.evidence).outer;
    const auto dialled = ToEndpoint(entry.attempt.told.remote);
    const bool dialsHost = entry.attempt.told.candidate == Candidate::HOST;
    bool isMismatch = false;
    for (const auto& other : session.entries)
    {
        const auto& told = other.attempt.told;
        const bool isServer =
            told.candidate == Candidate::RELAY || told.candidate == Candidate::STUN_SERVER;
        const auto& otherOuter = m_evidence.Get(other.evidence).outer;
        const auto otherDialled = ToEndpoint(told.remote);
        // only what goes between the outermost NATs of the two can meet
        const bool canMeet = !(dialsHost && IsTranslated(other)) &&
                             !(told.candidate == Candidate::HOST && IsTranslated(entry)) &&
                             (IsTranslated(other) || otherOuter == dialled);
        if (other.attempt.fromInitiator == entry.attempt.fromInitiator || isServer || !canMeet)
        {
            continue;
        }
        if (otherOuter == dialled && otherDialled == outer)
        {
            return false;
        }
        isMismatch = true;
    }
    return isMismatch;
}

std::string
TraversalDiagnosis::ExplainMessages(const Session& session, const Conversation& conversation) const
{
    const auto isMissing = [&conversation](SessionStep sent, SessionStep delivered) {
        return !conversation.GetStepTime(sent).IsStrictlyNegative() &&
               conversation.GetStepTime(delivered).IsStrictlyNegative();
    };
    if (isMissing(SessionStep::SMS_SUBMITTED, SessionStep::SMS_DELIVERED))
    {
        return ExplainMessage(session.clients[1]->GetMsisdn());
    }
    if (isMissing(SessionStep::ANSWER_SUBMITTED, SessionStep::ANSWER_DELIVERED))
    {
        return ExplainMessage(session.clients[0]->GetMsisdn());
    }
    return "";
}

std::string
TraversalDiagnosis::ExplainMessage(const Msisdn& receiver) const
{
    uint64_t number = 0;
    std::from_chars(receiver.data(), receiver.data() + receiver.size(), number);
    const bool isHeld = std::any_of(m_centres.begin(), m_centres.end(), [number](const auto& each) {
        return !each->GetTimeLine(number).empty();
    });
    return m_centres.empty() ? "" : isHeld ? "sms late" : "sms lost";
}

} // namespace p2pim
} // namespace ns3
