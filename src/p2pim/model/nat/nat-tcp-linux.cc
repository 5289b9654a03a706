// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The states of TCP in Linux' nf_conntrack.
 */
#include "nat-tcp-tracker.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

using Action = NatTcpVerdict::Action;

namespace
{

/// The next state by direction and kind; a column is a state in State's order, and - is invalid, i
/// passes untracked, s SYN_SENT, r SYN_RECEIVED, e ESTABLISHED, f FIN_WAIT, c CLOSE_WAIT,
/// l LAST_ACK, t TIME_WAIT, x CLOSE, 2 SYN_SENT2.
constexpr const char* TRANSITIONS[2][6] = {
    {"ssiiiiiss2", "--r------r", "--ffllltx-", "e-eeccttx-", "-xxxxxxxxx", "----------"},
    {"-2-----s-2", "-riiiiiiir", "--ffllltx-", "-ireccttxi", "-xxxxxxxxx", "----------"}};

NatTcpTracker::State
ToState(char letter)
{
    using State = NatTcpTracker::State;
    switch (letter)
    {
    case 's':
        return State::SYN_SENT;
    case 'r':
        return State::SYN_RECEIVED;
    case 'e':
        return State::ESTABLISHED;
    case 'f':
        return State::FIN_WAIT;
    case 'c':
        return State::CLOSE_WAIT;
    case 'l':
        return State::LAST_ACK;
    case 't':
        return State::TIME_WAIT;
    case '2':
        return State::SYN_SENT2;
    default:
        return State::CLOSE;
    }
}

} // namespace

NatTcpTracker::Kind
NatTcpTracker::GetKind(const NatSegment& segment)
{
    if (segment.rst)
    {
        return RST;
    }
    if (segment.syn)
    {
        return segment.ack ? SYN_ACK : SYN;
    }
    if (segment.fin)
    {
        return FIN;
    }
    return segment.ack ? ACK : NOTHING;
}

/// A SYN-ACK that acknowledges a SYN passed untracked: the ends are in step, and this box was not.
bool
NatTcpTracker::IsSyncing(const NatSegment& segment, uint8_t direction) const
{
    return segment.syn && segment.ack && m_lastKind == SYN && m_lastDirection != direction &&
           segment.acknowledgment == m_lastEnd;
}

NatTcpVerdict
NatTcpTracker::PassUntracked(const NatSegment& segment, uint8_t direction)
{
    m_replied = m_replied || direction == 1;
    m_lastKind = GetKind(segment);
    m_lastDirection = direction;
    m_lastSequence = segment.sequence;
    m_lastEnd = segment.GetEnd();
    m_lastWindow = segment.window;
    if (m_lastKind == SYN && direction == 0)
    {
        m_lastOffersScale = segment.offersScale;
        m_lastScale = segment.scale;
    }
    return {Action::PASS_ALONE, {}};
}

/// @return whether a RST is too old to be believed; one in the window whose number is not exact
///         leaves the state as it is, since it may be answered (RFC 5961 3).
bool
NatTcpTracker::IsWrongReset(const NatSegment& segment, uint8_t direction, State& next) const
{
    const auto other = static_cast<uint8_t>(1 - direction);
    const bool wasEstablished = m_state == State::ESTABLISHED && m_assured;
    if (!m_window.HasAcknowledged(other) || (segment.sequence == 0 && !wasEstablished))
    {
        return false;
    }
    const uint32_t expected = m_window.GetAcknowledged(other);
    if (static_cast<int32_t>(segment.sequence - expected) < 0)
    {
        return true;
    }
    const bool isExact =
        segment.sequence == expected ||
        (m_lastKind == ACK && m_lastDirection == direction && segment.sequence == m_lastEnd);
    if (wasEstablished && !isExact)
    {
        next = m_state;
    }
    return false;
}

/// @return whether a RST answers a SYN or ACK that was passed untracked.
bool
NatTcpTracker::AnswersUntracked(const NatSegment& segment) const
{
    return ((m_replied && m_lastKind == SYN) || (!m_assured && m_lastKind == ACK)) &&
           segment.acknowledgment == m_lastEnd;
}

void
NatTcpTracker::NoteRepetition(const NatSegment& segment, uint8_t direction)
{
    const bool isSame = m_lastDirection == direction && m_lastSequence == segment.sequence &&
                        m_lastAcknowledgment == segment.acknowledgment &&
                        m_lastEnd == segment.GetEnd() && m_lastWindow == segment.window;
    m_retransmissions =
        isSame ? static_cast<uint8_t>(std::min(m_retransmissions + 1, 255)) : uint8_t{0};
    m_lastDirection = direction;
    m_lastSequence = segment.sequence;
    m_lastAcknowledgment = segment.acknowledgment;
    m_lastEnd = segment.GetEnd();
    m_lastWindow = segment.window;
}

Time
NatTcpTracker::GetLinuxLifetime(Kind kind, const NatSettings& settings) const
{
    const NatTimers& timers = settings.timers;
    const Time lifetime = GetLifetime(m_state, timers);
    if (m_retransmissions >= settings.retransmissions)
    {
        return std::min(lifetime, timers.tcpRetransmitted);
    }
    if (kind == RST)
    {
        return timers.tcpReset;
    }
    const bool isPickedUp = m_state == State::ESTABLISHED && !m_replied;
    return m_window.IsUnacknowledged() || isPickedUp ? std::min(lifetime, timers.tcpUnacknowledged)
                                                     : lifetime;
}

NatTcpVerdict
NatTcpTracker::ContinueLinux(const NatSegment& segment,
                             uint8_t direction,
                             const NatSettings& settings)
{
    const Kind kind = GetKind(segment);
    const char letter = TRANSITIONS[direction][kind][static_cast<std::size_t>(m_state)];
    if (letter == '-')
    {
        return {Action::INVALID, {}};
    }
    if (letter == 's' && HasEnded() &&
        (m_closed || (m_lastDirection == direction && m_lastKind == RST)))
    {
        return {Action::REOPEN, {}};
    }
    State next = ToState(letter);
    if (letter == 'i' || (letter == 's' && HasEnded()))
    {
        if (!IsSyncing(segment, direction))
        {
            return PassUntracked(segment, direction);
        }
        m_window.Resume(m_lastDirection, m_lastEnd, m_lastWindow, m_lastOffersScale, m_lastScale);
        m_state = State::SYN_SENT;
        next = State::SYN_RECEIVED;
    }
    if (kind == RST && settings.tcpTracking != NatSettings::FLAGS &&
        IsWrongReset(segment, direction, next))
    {
        return {Action::INVALID, {}};
    }
    const auto fit = kind == RST && AnswersUntracked(segment)
                         ? NatTcpWindow::Fit::INSIDE
                         : FitWindow(segment, direction, settings);
    if (fit != NatTcpWindow::Fit::INSIDE)
    {
        const bool isLate = fit == NatTcpWindow::Fit::LATE;
        return {isLate ? Action::PASS_ALONE : Action::WINDOW, {}};
    }
    if (kind == RST && settings.resetAction == NatSettings::RESET_IGNORED)
    {
        return {Action::PASS_ALONE, {}};
    }
    return Enter(next, segment, direction, settings);
}

/// A segment that fits has come.
NatTcpVerdict
NatTcpTracker::Enter(State next,
                     const NatSegment& segment,
                     uint8_t direction,
                     const NatSettings& settings)
{
    const Kind kind = GetKind(segment);
    const bool endsUnanswered = kind == RST && !m_replied;
    if (kind == ACK)
    {
        NoteRepetition(segment, direction);
    }
    m_lastKind = kind;
    m_lastDirection = direction;
    m_closed = m_closed || (next == State::FIN_WAIT && m_state != next);
    m_assured = m_assured || (m_replied && next == State::ESTABLISHED &&
                              (m_state == State::SYN_RECEIVED || m_state == next));
    m_state = next;
    NatTcpVerdict verdict{endsUnanswered ? Action::PASS_AND_END : Action::PASS,
                          GetLinuxLifetime(kind, settings)};
    m_replied = m_replied || direction == 1;
    return verdict;
}

} // namespace p2pim
} // namespace ns3
