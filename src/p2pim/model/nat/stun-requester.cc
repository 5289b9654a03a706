// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/stun-requester.h"

#include "ns3/stun-integrity.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

StunRequester::StunRequester(const std::string& name, StunCredentials credentials, Time timeout)
    : m_ids(name),
      m_credentials(std::move(credentials)),
      m_timeout(timeout)
{
}

const StunCredentials&
StunRequester::GetCredentials() const
{
    return m_credentials;
}

Time
StunRequester::GetDeadline() const
{
    return m_pending.empty() ? Time::Max() : m_pending.front().deadline;
}

Octets
StunRequester::Begin(StunMessage request, Time now)
{
    m_pending.push_back({std::move(request), {}, {}});
    return Sign(m_pending.back(), now);
}

Octets
StunRequester::Sign(Pending& pending, Time now)
{
    pending.deadline = now + m_timeout;
    pending.request.transactionId = m_ids.Make();
    if (!m_credentials.nonce.empty())
    {
        pending.request.username = m_credentials.username;
        pending.request.realm = m_credentials.realm;
        pending.request.nonce = m_credentials.nonce;
        pending.key =
            MakeLongTermKey(m_credentials.username, m_credentials.realm, m_credentials.password);
    }
    return EncodeStun(pending.request, pending.key);
}

StunRequester::Outcome
StunRequester::Receive(const Octets& octets, Time now)
{
    StunMessage answer;
    const bool isAnswer =
        DecodeStun(octets, answer) == StunError::NONE && answer.messageClass >= StunClass::SUCCESS;
    const auto found =
        std::find_if(m_pending.begin(), m_pending.end(), [&answer](const Pending& each) {
            return each.request.transactionId == answer.transactionId;
        });
    if (!isAnswer || found == m_pending.end() || answer.method != found->request.method)
    {
        return {};
    }
    const bool mustBeSigned = answer.messageClass == StunClass::SUCCESS || answer.integrityAt != 0;
    if (!found->key.empty() && mustBeSigned && !HasStunIntegrity(octets, answer, found->key))
    {
        return {};
    }
    Outcome outcome;
    if (TakeChallenge(*found, answer))
    {
        ++found->attempts;
        outcome.again = Sign(*found, now);
        m_pending.splice(m_pending.end(), m_pending, found);
        return outcome;
    }
    outcome.answer = std::move(answer);
    outcome.request = std::move(found->request);
    m_pending.erase(found);
    return outcome;
}

bool
StunRequester::TakeChallenge(const Pending& pending, const StunMessage& answer)
{
    constexpr uint32_t mostAttempts = 3; // unsigned, signed, with a new nonce
    const bool isNew = (answer.errorCode == StunStatus::UNAUTHENTICATED && pending.key.empty()) ||
                       answer.errorCode == StunStatus::STALE_NONCE;
    const bool isWhole = answer.realm && answer.nonce && !answer.nonce->empty();
    if (!isNew || !isWhole || m_credentials.username.empty() || pending.attempts >= mostAttempts)
    {
        return false;
    }
    m_credentials.realm = *answer.realm;
    m_credentials.nonce = *answer.nonce;
    return true;
}

} // namespace p2pim
} // namespace ns3
