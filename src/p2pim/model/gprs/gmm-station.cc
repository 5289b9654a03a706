// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/gmm-station.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// Attaches or updates that fail in a row before the station waits for T3302 (TS 24.008 4.7.3.1.5,
/// 4.7.5.1.5).
constexpr uint8_t MAX_ATTEMPTS = 5;

} // namespace

GmmStation::GmmStation(const GmmStationSettings& settings)
    : m_settings(settings)
{
}

void
GmmStation::SetImsi(uint64_t imsi)
{
    m_imsi = imsi;
}

void
GmmStation::Attach(Time now, const RoutingAreaId& area)
{
    if (m_state != State::DEREGISTERED)
    {
        return;
    }
    m_cellArea = area;
    m_wanted = true;
    if (IsBarred())
    {
        Deregister(Event::ATTACH_REJECTED, m_barCause);
        return;
    }
    StartAttach(now);
}

void
GmmStation::StartAttach(Time now)
{
    m_t3314 = m_settings.t3314;
    m_state = State::REGISTERED_INITIATED;
    m_transmissions = 0;
    SendRequest(now);
}

/// The attach is tried again after T3311, or T3302 when it has failed too often (4.7.3.1.5).
void
GmmStation::FailAttach(Time now, Event event, std::optional<GmmSmCause> cause)
{
    Deregister(event, cause);
    ++m_attachAttempts;
    const bool again = m_attachAttempts < MAX_ATTEMPTS && !(cause && IsProtocolError(*cause));
    m_deadline = now + (again ? m_settings.t3311 : m_settings.t3302);
    m_attachAttempts = again ? m_attachAttempts : 0;
}

/// Errors of protocol, after which there is nothing to be gained by trying again soon (4.7.3.1.5 d,
/// 4.7.5.1.5 d).
bool
GmmStation::IsProtocolError(GmmSmCause cause)
{
    return cause >= GmmSmCause::SEMANTICALLY_INCORRECT_MESSAGE;
}

/// @return whether the network's @p cause bars the station, instead of being a failure that passes.
bool
GmmStation::NoteRefusal(GmmSmCause cause)
{
    switch (cause)
    {
    case GmmSmCause::ILLEGAL_MS:
    case GmmSmCause::ILLEGAL_ME:
    case GmmSmCause::GPRS_NOT_ALLOWED:
    case GmmSmCause::GPRS_AND_NON_GPRS_NOT_ALLOWED:
    case GmmSmCause::PLMN_NOT_ALLOWED:
    case GmmSmCause::GPRS_NOT_ALLOWED_IN_PLMN:
        m_bar = Bar::UNTIL_SWITCH_OFF;
        break;
    case GmmSmCause::LOCATION_AREA_NOT_ALLOWED:
    case GmmSmCause::ROAMING_NOT_ALLOWED_IN_LOCATION_AREA:
    case GmmSmCause::NO_SUITABLE_CELLS_IN_LOCATION_AREA:
        m_bar = Bar::LOCATION_AREA;
        m_barredArea = m_cellArea.lac;
        break;
    default:
        return false;
    }
    m_barCause = cause;
    m_ptmsi.reset();
    return true;
}

bool
GmmStation::IsBarred() const
{
    return m_bar == Bar::UNTIL_SWITCH_OFF ||
           (m_bar == Bar::LOCATION_AREA && m_barredArea == m_cellArea.lac);
}

bool
GmmStation::IsToBeAttached() const
{
    return m_wanted;
}

bool
GmmStation::IsAttemptingToAttach() const
{
    return m_state == State::DEREGISTERED && m_deadline != Time::Max();
}

void
GmmStation::Detach(Time now, bool powerOff)
{
    m_wanted = false;
    if (powerOff)
    {
        m_bar = Bar::NONE;
        m_attachAttempts = 0;
    }
    if (m_state == State::DEREGISTERED)
    {
        m_deadline = Time::Max();
        return;
    }
    if (powerOff)
    {
        m_messages.emplace_back(MoDetachRequest{MoDetachType::GPRS, true, m_ptmsi});
        Deregister(Event::DETACHED, std::nullopt);
        return;
    }
    m_state = State::DEREGISTERED_INITIATED;
    m_transmissions = 0;
    SendRequest(now);
}

void
GmmStation::EnterCell(Time now, const RoutingAreaId& area, uint16_t pdpContexts)
{
    const bool other = area != m_cellArea;
    m_cellArea = area;
    m_pdpContexts = pdpContexts;
    if (other && m_wanted && m_state == State::DEREGISTERED && !IsBarred())
    {
        m_attachAttempts = 0;
        StartAttach(now); // ATTEMPTING-TO-ATTACH, or LIMITED-SERVICE where it was barred
    }
    else if (m_state == State::REGISTERED && area != m_area)
    {
        m_updateAttempts = 0;
        StartUpdate(now, UpdateType::RA);
    }
    else if (other && (m_state == State::REGISTERED_INITIATED ||
                       m_state == State::ROUTING_AREA_UPDATING_INITIATED))
    {
        m_transmissions = 0; // the procedure begins again in the new area (4.7.3.1.5, 4.7.5.1.5)
        SendRequest(now);
    }
}

void
GmmStation::SetAttachType(AttachType type)
{
    m_attachType = type;
}

void
GmmStation::RequestUpdate(Time now, uint16_t pdpContexts)
{
    m_pdpContexts = pdpContexts;
    if (m_state == State::REGISTERED)
    {
        m_updateAttempts = 0;
        StartUpdate(now, UpdateType::RA);
    }
}

void
GmmStation::NotifySent(Time now)
{
    m_lastSent = now;
}

bool
GmmStation::IsReady(Time now) const
{
    return IsRegistered() && m_lastSent != Time::Min() && now <= m_lastSent + m_t3314;
}

/// Sends the request of the procedure under way, and starts its timer.
void
GmmStation::SendRequest(Time now)
{
    ++m_transmissions;
    switch (m_state)
    {
    case State::REGISTERED_INITIATED:
    {
        AttachRequest request;
        request.imsi = m_imsi;
        request.type = m_attachType;
        m_messages.emplace_back(request);
        m_deadline = now + m_settings.t3310;
        break;
    }
    case State::DEREGISTERED_INITIATED:
        m_messages.emplace_back(MoDetachRequest{MoDetachType::GPRS, false, m_ptmsi});
        m_deadline = now + m_settings.t3321;
        break;
    default:
    {
        RoutingAreaUpdateRequest request;
        request.type = m_updateType;
        request.oldRoutingArea = m_area;
        request.pdpContexts = m_pdpContexts;
        m_messages.emplace_back(request);
        m_deadline = now + m_settings.t3330;
        break;
    }
    }
}

void
GmmStation::StartUpdate(Time now, UpdateType type)
{
    m_updateType = type;
    m_state = State::ROUTING_AREA_UPDATING_INITIATED;
    m_transmissions = 0;
    SendRequest(now);
}

/// The update is tried again after T3311, or T3302 when it has failed too often (4.7.5.1.5).
void
GmmStation::FailUpdate(Time now)
{
    m_state = State::REGISTERED;
    ++m_updateAttempts;
    m_deadline = now + (m_updateAttempts < MAX_ATTEMPTS ? m_settings.t3311 : m_settings.t3302);
    m_updateAttempts %= MAX_ATTEMPTS;
}

void
GmmStation::Deregister(Event event, std::optional<GmmSmCause> cause)
{
    m_state = State::DEREGISTERED;
    m_deadline = Time::Max();
    m_cause = cause;
    m_t3312.reset();
    m_area.lac = NO_LAC;
    m_events.push_back(event);
}

Time
GmmStation::GetPeriodicDeadline() const
{
    const bool runs = m_state == State::REGISTERED && m_t3312 && m_lastSent != Time::Min();
    return runs ? m_lastSent + m_t3314 + *m_t3312 : Time::Max();
}

Time
GmmStation::GetDeadline() const
{
    return std::min(m_deadline, GetPeriodicDeadline());
}

void
GmmStation::Expire(Time now)
{
    if (m_deadline > now)
    {
        if (GetPeriodicDeadline() <= now)
        {
            StartUpdate(now, UpdateType::PERIODIC);
        }
        return;
    }
    m_deadline = Time::Max();
    if (m_state == State::REGISTERED)
    {
        StartUpdate(now, m_updateType); // T3311 or T3302
    }
    else if (m_state == State::DEREGISTERED)
    {
        StartAttach(now); // likewise
    }
    else if (m_transmissions < m_settings.transmissions)
    {
        SendRequest(now);
    }
    else if (m_state == State::ROUTING_AREA_UPDATING_INITIATED)
    {
        FailUpdate(now);
    }
    else if (m_state == State::REGISTERED_INITIATED)
    {
        FailAttach(now, Event::ATTACH_TIMEOUT, std::nullopt);
    }
    else
    {
        Deregister(Event::DETACHED, std::nullopt);
    }
}

void
GmmStation::Receive(Time now, const GmmMessage& message)
{
    std::visit([this, now](const auto& each) { Handle(now, each); }, message);
}

/// A timer of zero is deactivated too (10.5.7.3).
void
GmmStation::SetPeriodicTimer(uint8_t timer)
{
    const auto time = DecodeGprsTimer(timer);
    m_t3312 = time && time->IsStrictlyPositive() ? time : std::nullopt;
}

/// @p timer is the READY timer that the network gives; deactivated means READY for ever.
void
GmmStation::SetReadyTimer(std::optional<uint8_t> timer)
{
    if (timer)
    {
        m_t3314 = DecodeGprsTimer(*timer).value_or(Time::Max() / 4);
    }
}

void
GmmStation::Handle(Time /* now */, const AttachAccept& message)
{
    if (m_state == State::REGISTERED_INITIATED)
    {
        m_deadline = Time::Max();
        m_state = State::REGISTERED;
        m_attachAttempts = 0;
        m_area = message.GetRoutingAreaId();
        m_ptmsi = message.ptmsi;
        SetPeriodicTimer(message.t3312);
        SetReadyTimer(message.readyTimer);
        m_events.push_back(Event::ATTACHED);
    }
    if (m_state == State::REGISTERED)
    {
        m_messages.emplace_back(AttachComplete{}); // once more, if the first was lost
    }
}

void
GmmStation::Handle(Time now, const AttachReject& message)
{
    if (m_state != State::REGISTERED_INITIATED)
    {
        return;
    }
    if (NoteRefusal(message.cause))
    {
        Deregister(Event::ATTACH_REJECTED, message.cause);
    }
    else
    {
        FailAttach(now, Event::ATTACH_REJECTED, message.cause);
    }
}

void
GmmStation::Handle(Time /* now */, const AuthenticationAndCipheringReject& /* message */)
{
    // 4.7.7.5: the SIM is invalid, whatever was under way
    const bool attaching = m_state == State::REGISTERED_INITIATED;
    if (m_state != State::DEREGISTERED)
    {
        NoteRefusal(GmmSmCause::ILLEGAL_MS);
        Deregister(attaching ? Event::ATTACH_REJECTED : Event::DETACHED, GmmSmCause::ILLEGAL_MS);
    }
}

void
GmmStation::Handle(Time /* now */, const MoDetachAccept& /* message */)
{
    if (m_state == State::DEREGISTERED_INITIATED)
    {
        Deregister(Event::DETACHED, std::nullopt);
    }
}

void
GmmStation::Handle(Time now, const MtDetachRequest& message)
{
    m_messages.emplace_back(MtDetachAccept{});
    if (m_state == State::DEREGISTERED)
    {
        return;
    }
    Deregister(Event::DETACHED, message.cause);
    if (message.type == MtDetachType::REATTACH_REQUIRED)
    {
        Attach(now, m_cellArea);
        return;
    }
    m_wanted = message.cause && NoteRefusal(*message.cause); // 4.7.4.2.2
}

void
GmmStation::Handle(Time now, const RoutingAreaUpdateAccept& message)
{
    if (m_state == State::ROUTING_AREA_UPDATING_INITIATED)
    {
        m_deadline = Time::Max();
        m_state = State::REGISTERED;
        m_updateAttempts = 0;
        m_area = message.routingArea;
        SetPeriodicTimer(message.t3312);
        SetReadyTimer(message.readyTimer);
        m_ptmsi = message.ptmsi ? message.ptmsi : m_ptmsi;
        m_events.push_back(Event::UPDATED);
    }
    if (m_state == State::REGISTERED && message.ptmsi)
    {
        m_messages.emplace_back(RoutingAreaUpdateComplete{});
    }
    if (m_state == State::REGISTERED && m_area != m_cellArea)
    {
        StartUpdate(now, UpdateType::RA); // the station has moved on meanwhile
    }
}

void
GmmStation::Handle(Time now, const RoutingAreaUpdateReject& message)
{
    if (m_state != State::ROUTING_AREA_UPDATING_INITIATED)
    {
        return;
    }
    if (message.cause == GmmSmCause::MS_IDENTITY_CANNOT_BE_DERIVED ||
        message.cause == GmmSmCause::IMPLICITLY_DETACHED)
    {
        // 4.7.5.1.4: the network does not know the station any more, which attaches anew
        m_ptmsi.reset();
        Deregister(Event::DETACHED, message.cause);
        Attach(now, m_cellArea);
    }
    else if (NoteRefusal(message.cause))
    {
        Deregister(Event::DETACHED, message.cause);
    }
    else
    {
        m_updateAttempts = IsProtocolError(message.cause) ? MAX_ATTEMPTS - 1 : m_updateAttempts;
        FailUpdate(now);
    }
}

void
GmmStation::Handle(Time /* now */, const PtmsiReallocationCommand& message)
{
    m_ptmsi = message.ptmsi;
    m_area = message.routingArea;
    m_messages.emplace_back(PtmsiReallocationComplete{});
}

void
GmmStation::Handle(Time /* now */, const IdentityRequest& message)
{
    if (message.type == IdentityType::IMSI)
    {
        m_messages.emplace_back(IdentityResponse{{IdentityType::IMSI, m_imsi}});
    }
}

std::vector<GmmMessage>
GmmStation::TakeMessages()
{
    return std::exchange(m_messages, {});
}

std::vector<GmmStation::Event>
GmmStation::TakeEvents()
{
    return std::exchange(m_events, {});
}

GmmStation::State
GmmStation::GetState() const
{
    return m_state;
}

bool
GmmStation::IsRegistered() const
{
    return m_state == State::REGISTERED || m_state == State::ROUTING_AREA_UPDATING_INITIATED;
}

std::optional<GmmSmCause>
GmmStation::GetCause() const
{
    return m_cause;
}

std::optional<uint32_t>
GmmStation::GetPtmsi() const
{
    return m_ptmsi;
}

} // namespace p2pim
} // namespace ns3
