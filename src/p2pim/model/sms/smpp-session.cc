// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/smpp-session.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

SmppBindState
GetSmppBindState(SmppCommand bind)
{
    switch (bind)
    {
    case SmppCommand::BIND_TRANSMITTER:
        return SmppBindState::BOUND_TX;
    case SmppCommand::BIND_RECEIVER:
        return SmppBindState::BOUND_RX;
    case SmppCommand::BIND_TRANSCEIVER:
        return SmppBindState::BOUND_TRX;
    default:
        return SmppBindState::OPEN;
    }
}

SmppSession::SmppSession(SmppSessionUser& user, const Timers& timers, Time now)
    : m_user(user),
      m_timers(timers),
      m_lastHeard(now)
{
}

void
SmppSession::Receive(const Octets& octets, Time now)
{
    m_lastHeard = now;
    m_stream.Append(octets);
    while (m_state != SmppBindState::CLOSED)
    {
        const auto next = m_stream.Next();
        if (!next)
        {
            break;
        }
        SmppPdu pdu;
        const auto error = DecodeSmpp(*next, pdu);
        if (error == SmppError::NONE)
        {
            Handle(pdu);
        }
        else
        {
            Reject(pdu, error);
        }
    }
    if (m_stream.IsBroken() && m_state != SmppBindState::CLOSED)
    {
        SmppPdu nack;
        nack.command = SmppCommand::GENERIC_NACK;
        nack.status = SmppStatus::ESME_RINVCMDLEN;
        Write(nack);
        End("smpp malformed");
    }
}

void
SmppSession::Reject(const SmppPdu& pdu, SmppError error)
{
    if (IsSmppResponse(pdu.command))
    {
        SmppPdu failure = pdu;
        failure.body = std::monostate();
        if (pdu.status == SmppStatus::ESME_ROK)
        {
            failure.status = SmppStatus::ESME_RUNKNOWNERR;
        }
        HandleResponse(failure);
        return;
    }
    if (error == SmppError::UNKNOWN_COMMAND)
    {
        SmppPdu nack;
        nack.command = SmppCommand::GENERIC_NACK;
        nack.status = SmppStatus::ESME_RINVCMDID;
        nack.sequence = pdu.sequence;
        Write(nack);
        return;
    }
    Respond(pdu, GetSmppStatus(error));
}

void
SmppSession::Handle(const SmppPdu& pdu)
{
    if (IsSmppResponse(pdu.command))
    {
        HandleResponse(pdu);
        return;
    }
    switch (pdu.command)
    {
    case SmppCommand::ENQUIRE_LINK:
        Respond(pdu, SmppStatus::ESME_ROK);
        break;
    case SmppCommand::UNBIND:
        Respond(pdu, SmppStatus::ESME_ROK);
        End("smpp unbound");
        break;
    default:
        m_user.HandleRequest(pdu);
        break;
    }
}

void
SmppSession::HandleResponse(const SmppPdu& response)
{
    if (m_outstanding.erase(response.sequence) == 0)
    {
        return; // an answer to nothing
    }
    if (response.command != SmppCommand::ENQUIRE_LINK_RESP)
    {
        m_user.HandleResponse(response);
    }
}

uint32_t
SmppSession::SendRequest(SmppPdu request, Time now)
{
    constexpr uint32_t maxSequence = 0x7FFFFFFF; // SMPP 3.4, 5.1.4
    request.sequence = m_lastSequence == maxSequence ? 1 : m_lastSequence + 1;
    request.status = SmppStatus::ESME_ROK;
    Octets octets;
    if (EncodeSmpp(request, octets) != SmppError::NONE)
    {
        return 0;
    }
    m_lastSequence = request.sequence;
    m_outstanding[request.sequence] = now;
    m_user.Write(octets);
    return request.sequence;
}

void
SmppSession::Respond(const SmppPdu& request, SmppStatus status, decltype(SmppPdu::body) body)
{
    SmppPdu response;
    response.command = GetSmppResponse(request.command);
    response.status = status;
    response.sequence = request.sequence;
    response.body = std::move(body);
    Write(response);
}

void
SmppSession::Write(const SmppPdu& pdu)
{
    Octets octets;
    if (m_state != SmppBindState::CLOSED && EncodeSmpp(pdu, octets) == SmppError::NONE)
    {
        m_user.Write(octets);
    }
}

Time
SmppSession::GetDeadline() const
{
    if (m_state == SmppBindState::CLOSED)
    {
        return Time::Max();
    }
    if (!m_outstanding.empty())
    {
        // sequence numbers are in the order of time, but for the one turn after 2^31 requests
        return m_outstanding.begin()->second + m_timers.response;
    }
    return m_timers.enquireLink.IsZero() ? Time::Max() : m_lastHeard + m_timers.enquireLink;
}

void
SmppSession::Advance(Time now)
{
    if (now < GetDeadline())
    {
        return;
    }
    if (!m_outstanding.empty())
    {
        End("smpp response timeout");
        return;
    }
    SendRequest(SmppPdu{SmppCommand::ENQUIRE_LINK, SmppStatus::ESME_ROK, 0, {}}, now);
}

void
SmppSession::End(const char* cause)
{
    if (m_state != SmppBindState::CLOSED)
    {
        Close();
        m_user.HandleEnd(cause);
    }
}

void
SmppSession::Close()
{
    m_state = SmppBindState::CLOSED;
    m_outstanding.clear();
}

void
SmppSession::SetState(SmppBindState state)
{
    m_state = state;
}

SmppBindState
SmppSession::GetState() const
{
    return m_state;
}

std::size_t
SmppSession::GetOutstanding() const
{
    return m_outstanding.size();
}

} // namespace p2pim
} // namespace ns3
