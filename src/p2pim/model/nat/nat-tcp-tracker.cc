// SPDX-License-Identifier: GPL-2.0-only
#include "nat-tcp-tracker.h"

namespace ns3
{
namespace p2pim
{

using Action = NatTcpVerdict::Action;

namespace
{

/// @return whether a segment may have these flags.
bool
HasPossibleFlags(const NatSegment& segment)
{
    const int kinds = (segment.syn ? 1 : 0) + (segment.fin ? 1 : 0) + (segment.rst ? 1 : 0);
    return kinds <= 1 && (segment.ack || segment.syn || segment.rst) &&
           !(segment.urg && (segment.rst || (segment.syn && segment.ack)));
}

} // namespace

NatTcpVerdict
NatTcpTracker::Open(const NatSegment& segment, const NatSettings& settings)
{
    *this = NatTcpTracker();
    const bool isSyn = segment.syn && !segment.ack;
    const bool isLinux = settings.tcpMachine == NatSettings::LINUX_MACHINE;
    if (settings.tcpTracking != NatSettings::NO_TRACKING &&
        (!HasPossibleFlags(segment) ||
         (!isSyn && (!settings.picksUp || segment.rst || segment.syn || (isLinux && segment.fin)))))
    {
        return {Action::INVALID, {}};
    }
    if (isLinux)
    {
        m_state = isSyn ? State::SYN_SENT : State::ESTABLISHED;
    }
    else
    {
        m_state = isSyn ? State::INIT : State::ESTABLISHED;
    }
    m_lastKind = GetKind(segment);
    m_window.Begin(segment);
    m_window.Accept(segment, 0, false, false);
    if (isLinux)
    {
        if (!isSyn)
        {
            NoteRepetition(segment, 0);
        }
        return {Action::PASS, GetLinuxLifetime(m_lastKind, settings)};
    }
    return {Action::PASS, GetLifetime(m_state, settings.timers)};
}

NatTcpVerdict
NatTcpTracker::Continue(const NatSegment& segment, uint8_t direction, const NatSettings& settings)
{
    if (settings.tcpTracking == NatSettings::NO_TRACKING)
    {
        m_replied = m_replied || direction == 1;
        return {Action::PASS,
                m_replied ? settings.timers.tcpEstablished : settings.timers.tcpOpening};
    }
    if (!HasPossibleFlags(segment))
    {
        return {Action::INVALID, {}};
    }
    NatTcpVerdict verdict = settings.tcpMachine == NatSettings::LINUX_MACHINE
                                ? ContinueLinux(segment, direction, settings)
                                : ContinueRfc(segment, direction, settings);
    if (segment.rst && verdict.action <= Action::PASS_AND_END &&
        settings.resetAction == NatSettings::RESET_DELETES)
    {
        verdict.action = Action::PASS_AND_END;
    }
    return verdict;
}

/// @return whether what does not fit the window is refused.
bool
NatTcpTracker::IsStrict(uint8_t direction, const NatSettings& settings) const
{
    return settings.tcpTracking == NatSettings::WINDOW && !m_window.IsLiberal(direction);
}

NatTcpTracker::State
NatTcpTracker::GetNextRfc(const NatSegment& segment, uint8_t direction) const
{
    if (segment.rst)
    {
        const bool isOpen = m_state == State::ESTABLISHED || m_state == State::FIN_RECEIVED ||
                            m_state == State::FIN_ANSWERED;
        return isOpen ? State::TRANSITORY : m_state;
    }
    switch (m_state)
    {
    case State::INIT:
        return segment.syn && direction == 1 ? State::ESTABLISHED : State::INIT;
    case State::ESTABLISHED:
        if (!segment.fin)
        {
            return State::ESTABLISHED;
        }
        return direction == 0 ? State::FIN_RECEIVED : State::FIN_ANSWERED;
    case State::FIN_RECEIVED:
        return segment.fin && direction == 1 ? State::BOTH_FINS : State::FIN_RECEIVED;
    case State::FIN_ANSWERED:
        return segment.fin && direction == 0 ? State::BOTH_FINS : State::FIN_ANSWERED;
    case State::TRANSITORY:
        return State::ESTABLISHED;
    default:
        return m_state;
    }
}

NatTcpVerdict
NatTcpTracker::ContinueRfc(const NatSegment& segment,
                           uint8_t direction,
                           const NatSettings& settings)
{
    if (HasEnded() && segment.syn && !segment.ack)
    {
        return {Action::REOPEN, {}};
    }
    const bool isOpening = m_state == State::INIT;
    const auto fit = m_window.Accept(segment, direction, isOpening && direction == 0, isOpening);
    if (fit != NatTcpWindow::Fit::INSIDE && IsStrict(direction, settings))
    {
        const bool isAskew = fit == NatTcpWindow::Fit::ASKEW;
        return {isAskew ? Action::PASS_ALONE : Action::WINDOW, {}};
    }
    m_replied = m_replied || direction == 1;
    if (segment.rst && settings.resetAction == NatSettings::RESET_IGNORED)
    {
        return {Action::PASS_ALONE, {}};
    }
    const State before = m_state;
    m_state = GetNextRfc(segment, direction);
    if (m_state == before &&
        (segment.rst || HasEnded() || (m_state == State::INIT && !segment.syn)))
    {
        return {Action::PASS_ALONE, {}};
    }
    return {Action::PASS, GetLifetime(m_state, settings.timers)};
}

Time
NatTcpTracker::Expire(const NatSettings& settings)
{
    const bool isOpen = m_state == State::ESTABLISHED || m_state == State::FIN_RECEIVED ||
                        m_state == State::FIN_ANSWERED;
    if (!isOpen || settings.tcpMachine != NatSettings::RFC7857_MACHINE ||
        settings.tcpTracking == NatSettings::NO_TRACKING)
    {
        return Time();
    }
    m_state = State::TRANSITORY;
    return settings.timers.tcpClosing;
}

Time
NatTcpTracker::GetLifetime(State state, const NatTimers& timers)
{
    switch (state)
    {
    case State::NONE:
    case State::SYN_SENT:
    case State::SYN_SENT2:
    case State::INIT:
        return timers.tcpOpening;
    case State::SYN_RECEIVED:
        return timers.tcpSynReceived;
    case State::ESTABLISHED:
    case State::FIN_RECEIVED:
    case State::FIN_ANSWERED:
        return timers.tcpEstablished;
    case State::FIN_WAIT:
    case State::BOTH_FINS:
        return timers.tcpClosing;
    case State::CLOSE_WAIT:
        return timers.tcpCloseWait;
    case State::LAST_ACK:
        return timers.tcpLastAck;
    case State::TIME_WAIT:
        return timers.tcpTimeWait;
    case State::CLOSE:
    case State::TRANSITORY:
        return timers.tcpReset;
    }
    return Time();
}

NatTcpTracker::State
NatTcpTracker::GetState() const
{
    return m_state;
}

bool
NatTcpTracker::IsEstablished() const
{
    return m_state == State::ESTABLISHED || m_state == State::TRANSITORY;
}

bool
NatTcpTracker::HasEnded() const
{
    return m_state == State::TIME_WAIT || m_state == State::CLOSE || m_state == State::BOTH_FINS ||
           m_state == State::TRANSITORY;
}

const NatTcpWindow&
NatTcpTracker::GetWindow() const
{
    return m_window;
}

} // namespace p2pim
} // namespace ns3
