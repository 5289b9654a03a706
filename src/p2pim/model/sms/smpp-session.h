// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_SMPP_SESSION_H
#define P2PIM_SMPP_SESSION_H

#include "ns3/nstime.h"
#include "ns3/smpp-pdu.h"
#include "ns3/smpp-stream.h"

#include <cstddef>
#include <cstdint>
#include <map>

namespace ns3
{
namespace p2pim
{

/// How a session that is bound can be used (SMPP 3.4, 2.2).
enum class SmppBindState : uint8_t
{
    OPEN,      ///< connected, not bound
    BOUND_TX,  ///< as transmitter: the ESME submits
    BOUND_RX,  ///< as receiver: the SMSC delivers
    BOUND_TRX, ///< as transceiver: both
    CLOSED,    ///< over: unbound, or broken
};

/// @return the state that a bind command asks for; OPEN for another command.
SmppBindState GetSmppBindState(SmppCommand bind);

/// Who uses an SmppSession: it is told what arrives. It does not destroy the session meanwhile.
class SmppSessionUser
{
  public:
    virtual ~SmppSessionUser() = default;
    /// Octets are to be sent to the peer.
    virtual void Write(const Octets& octets) = 0;
    /// A request has arrived, other than enquire_link and unbind; to be answered by Respond().
    virtual void HandleRequest(const SmppPdu& request) = 0;
    /// The answer to a request of this side has arrived; a generic_nack is one.
    virtual void HandleResponse(const SmppPdu& response) = 0;
    /// The session is over: the peer has unbound, has not answered, or has sent what is no PDU.
    virtual void HandleEnd(const char* cause) = 0;
};

/**
 * One side of an SMPP session (SMPP 3.4, 2), SMSC or ESME: sequence numbers, requests that wait for
 * their responses, the response timer, and enquire_link. Events and times in, octets out.
 */
class SmppSession
{
  public:
    /// Timers of the session (7.2).
    struct Timers
    {
        Time enquireLink; ///< silence after which the link is enquired; 0 for never
        Time response;    ///< how long a response may take
    };

    /**
     * @param user who uses it.
     * @param timers its timers.
     * @param now the present time.
     */
    SmppSession(SmppSessionUser& user, const Timers& timers, Time now);

    /// Octets have come from the peer.
    void Receive(const Octets& octets, Time now);

    /**
     * Sends a request.
     *
     * @param request command and body; gets its sequence number here.
     * @param now the present time.
     * @return the sequence number, or 0 if a field is too long: then nothing was sent.
     */
    uint32_t SendRequest(SmppPdu request, Time now);

    /**
     * Answers a request.
     *
     * @param request the request, of which command and sequence number count.
     * @param status the outcome.
     * @param body the response's body, if the status is ESME_ROK.
     */
    void Respond(const SmppPdu& request,
                 SmppStatus status,
                 decltype(SmppPdu::body) body = std::monostate());

    /// @return when Advance() has to be called; Time::Max() if never.
    Time GetDeadline() const;
    /// Does what is due: enquires the link, or gives up.
    void Advance(Time now);

    /// Ends the session without a word to the user.
    void Close();
    /// @param state how the session can be used from now on.
    void SetState(SmppBindState state);
    /// @return the state.
    SmppBindState GetState() const;
    /// @return how many requests wait for a response, enquire_link among them.
    std::size_t GetOutstanding() const;

  private:
    void Handle(const SmppPdu& pdu);
    void HandleResponse(const SmppPdu& response);
    /// Refuses octets that are no good PDU.
    void Reject(const SmppPdu& pdu, SmppError error);
    void Write(const SmppPdu& pdu);
    void End(const char* cause);

    SmppSessionUser& m_user;
    Timers m_timers;
    SmppStream m_stream;
    SmppBindState m_state = SmppBindState::OPEN;
    uint32_t m_lastSequence = 0;
    std::map<uint32_t, Time> m_outstanding; ///< when each request was sent, by sequence number
    Time m_lastHeard;                       ///< when the peer last sent anything
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_SMPP_SESSION_H
