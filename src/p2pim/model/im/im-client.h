// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_IM_CLIENT_H
#define P2PIM_IM_CLIENT_H

#include "ns3/application.h"
#include "ns3/callback.h"
#include "ns3/connection-attempt.h"
#include "ns3/session-step.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace p2pim
{

/// A telephone number: the digits of an international E.164 number, without "+". In a scheme whose
/// users have another unique identifier, such as a PIN, it is that.
using Msisdn = std::string;

/**
 * The messaging software on one phone, whatever the scheme. The user model calls the four verbs
 * and is called back; between two users there is at most one chat at a time, so the peer's number
 * names it.
 *
 * A scheme is one subclass. It owns its sockets and timers, and lets go of all of a chat's state
 * when the chat ends: an idle client holds no event.
 */
class ImClient : public Application
{
  public:
    /// @return the type.
    static TypeId GetTypeId();

    ~ImClient() override;

    /// Called when something happened in the chat with @p peer.
    using ChatCallback = Callback<void, const Msisdn& /* peer */>;
    /// Called with the text of a message received from @p peer.
    using MessageCallback = Callback<void, const Msisdn& /* peer */, const std::string& /* text */>;
    /// Called when a chat has ended; the cause is empty if it ended in order.
    using EndCallback = Callback<void, const Msisdn& /* peer */, const std::string& /* cause */>;
    /// TracedCallback signature of the trace source Step.
    typedef void (*StepTracedCallback)(const Msisdn& peer, SessionStep step);
    /// TracedCallback signature of the trace source Attempt.
    typedef void (*AttemptTracedCallback)(const Msisdn& peer, const ConnectionAttempt& attempt);

    /// @param own this phone's number.
    void SetMsisdn(const Msisdn& own);
    /// @return this phone's number.
    const Msisdn& GetMsisdn() const;

    /// @param ready called once per chat, when this side can send.
    void SetReadyCallback(ChatCallback ready);
    /// @param received called for each message that arrives.
    void SetReceiveCallback(MessageCallback received);
    /// @param ended called once per chat, on each side that had it open.
    void SetEndCallback(EndCallback ended);

    /**
     * Does, before any chat, what a phone with this scheme does when it is switched on and stays
     * reachable: bearer, registration, log-in, connection. Schemes that need none of it bring up
     * the bearer only.
     */
    virtual void GoOnline() = 0;

    /**
     * The user presses "chat". Answered by the ready callback, or by the end callback with the
     * cause.
     *
     * @param peer the number of the other phone.
     */
    virtual void Open(const Msisdn& peer) = 0;

    /**
     * Sends one message in an open chat.
     *
     * @param peer the number of the other phone.
     * @param text the message, 1 to 1000 octets of UTF-8.
     */
    virtual void Send(const Msisdn& peer, const std::string& text) = 0;

    /**
     * Ends an open chat in order.
     *
     * @param peer the number of the other phone.
     */
    virtual void Close(const Msisdn& peer) = 0;

  protected:
    void DoDispose() override;

    /// Stamps a step of the chat with @p peer, at the present simulated time.
    void NotifyStep(const Msisdn& peer, SessionStep step);
    /// Tells of an attempt to connect that begins, is over, or was misunderstood.
    void NotifyAttempt(const Msisdn& peer, const ConnectionAttempt& attempt);
    /// Tells the user model that this side can send.
    void NotifyReady(const Msisdn& peer);
    /// Hands a message that has arrived to the user model.
    void NotifyReceived(const Msisdn& peer, const std::string& text);
    /// Tells the user model that the chat is over; @p cause is empty if it ended in order.
    void NotifyEnded(const Msisdn& peer, const std::string& cause);

  private:
    Msisdn m_msisdn;
    ChatCallback m_ready;
    MessageCallback m_received;
    EndCallback m_ended;
    TracedCallback<const Msisdn&, SessionStep> m_stepTrace;
    TracedCallback<const Msisdn&, const ConnectionAttempt&> m_attemptTrace;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_IM_CLIENT_H
