// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_STUN_REQUESTER_H
#define P2PIM_STUN_REQUESTER_H

#include "ns3/nstime.h"
#include "ns3/stun-message.h"
#include "ns3/stun-transaction.h"

#include <list>
#include <optional>
#include <string>

namespace ns3
{
namespace p2pim
{

/// The long-term credentials of a client (RFC 8489 9.2), and what a server has said of them.
struct StunCredentials
{
    std::string username;
    std::string password;
    std::string realm; ///< empty until a server has told it
    std::string nonce; ///< empty until a server has told it
};

/**
 * The requests of a client on one TCP connection: signs them, matches answers to them, and sends
 * one again when the server asks for credentials or has a new nonce (RFC 8489 9.2.5).
 */
class StunRequester
{
  public:
    /// What an answer means. Nothing is set if a message is no answer, or cannot be trusted.
    struct Outcome
    {
        std::optional<Octets> again;       ///< to be sent: the request with other credentials
        std::optional<StunMessage> answer; ///< the end of the transaction
        StunMessage request;               ///< what is answered
    };

    /**
     * @param name what tells this client from all others.
     * @param credentials who it is.
     * @param timeout Ti: how long a request waits for its answer (RFC 8489 6.2.2).
     */
    StunRequester(const std::string& name, StunCredentials credentials, Time timeout);

    /// Begins a transaction. @return what to send.
    Octets Begin(StunMessage request, Time now);

    /// A message has come.
    Outcome Receive(const Octets& octets, Time now);

    /// @return when the oldest request has waited too long; Time::Max() if none waits.
    Time GetDeadline() const;

    /// @return the credentials as the server wants them now.
    const StunCredentials& GetCredentials() const;

  private:
    /// A request without an answer.
    struct Pending
    {
        StunMessage request;
        Octets key; ///< it was signed with; empty if it was not
        Time deadline;
        uint32_t attempts = 1;
    };

    Octets Sign(Pending& pending, Time now);
    /// @return whether a request may be sent once more after an answer, whose realm and nonce are
    ///         taken.
    bool TakeChallenge(const Pending& pending, const StunMessage& answer);

    StunTransactionIds m_ids;
    StunCredentials m_credentials;
    Time m_timeout;
    std::list<Pending> m_pending; ///< the oldest first
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_STUN_REQUESTER_H
