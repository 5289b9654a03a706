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

/// @return whether an ACK answers a SYN that came too late (RFC 5961 4), and not the last FIN.
bool
NatTcpTracker::IsChallenge(Kind kind, uint8_t direction) const
{
    return m_challenged && m_state == State::LAST_ACK && kind == ACK && m_lastKind == SYN &&
           m_lastDirection != direction;
}

/// Believes the SYN that was passed untracked.
void
NatTcpTracker::Resume()
{
    NatSegment syn;
    syn.window = m_lastWindow;
    syn.offersScale = m_lastOffersScale;
    syn.scale = m_lastScale;
    syn.permitsSelective = m_lastSelective;
    m_window.Resume(m_lastDirection, m_lastEnd, syn);
    m_challenged = false;
    m_closed = false;
}

NatTcpVerdict
NatTcpTracker::PassAlone(uint8_t direction)
{
    m_replied = m_replied || direction == 1;
    return {Action::PASS_ALONE, {}};
}

NatTcpVerdict
NatTcpTracker::PassUntracked(const NatSegment& segment, uint8_t direction)
{
    m_lastKind = GetKind(segment);
    m_lastDirection = direction;
    m_lastSequence = segment.sequence;
    m_lastEnd = segment.GetEnd();
    m_lastWindow = segment.window;
    if (m_lastKind == SYN && direction == 0)
    {
        m_lastOffersScale = segment.offersScale;
        m_lastScale = segment.scale;
        m_lastSelective = segment.permitsSelective;
        m_challenged = m_state == State::LAST_ACK;
        m_simultaneous = false;
    }
    if (m_lastKind == ACK && direction == 1 && m_state == State::SYN_SENT)
    {
        m_lastAcknowledgment = segment.acknowledgment;
    }
    return PassAlone(direction);
}

/// @return whether a RST may be believed. One in the window of an established connection whose
///         number is not exact leaves the state as it is, since it may be answered (RFC 5961 3);
///         of one that is closing any is.
NatTcpTracker::ResetFit
NatTcpTracker::FitReset(const NatSegment& segment, uint8_t direction, State& next) const
{
    const auto other = static_cast<uint8_t>(1 - direction);
    const bool isOpen = m_state < State::FIN_WAIT || m_state == State::SYN_SENT2;
    if (!isOpen)
    {
        return ResetFit::FITS;
    }
    if (m_window.HasAcknowledged(other) && m_lastKind != SYN)
    {
        const bool isEstablished = m_state == State::ESTABLISHED && m_assured;
        const uint32_t expected = m_window.GetAcknowledged(other);
        const bool answersSyn = segment.sequence == 0 && !isEstablished;
        if (!answersSyn && static_cast<int32_t>(segment.sequence - expected) < 0)
        {
            return ResetFit::WRONG;
        }
        const bool followsData =
            m_lastKind == ACK && m_lastDirection == direction && segment.sequence == m_lastEnd;
        if (!isEstablished || segment.sequence == expected || followsData)
        {
            return ResetFit::IN_WINDOW;
        }
        next = m_state;
    }
    const bool answersChallenge = m_state == State::SYN_SENT && m_lastKind == ACK &&
                                  m_lastDirection == 1 && segment.sequence == m_lastAcknowledgment;
    return AnswersUntracked(segment) || answersChallenge ? ResetFit::FITS : ResetFit::IN_WINDOW;
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
    const Time normal = GetLifetime(m_state, timers);
    Time lifetime = normal;
    if (m_retransmissions >= settings.retransmissions && normal > timers.tcpRetransmitted)
    {
        lifetime = timers.tcpRetransmitted;
    }
    else if (kind == RST)
    {
        lifetime = timers.tcpReset;
    }
    else if (m_window.IsUnacknowledged() && normal > timers.tcpUnacknowledged)
    {
        lifetime = timers.tcpUnacknowledged;
    }
    else if (m_lastWindow == 0)
    {
        lifetime = std::min(normal, timers.tcpRetransmitted);
    }
    const bool isPickedUp = m_state == State::ESTABLISHED && !m_replied;
    return isPickedUp ? std::min(lifetime, timers.tcpUnacknowledged) : lifetime;
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
    const bool begins = letter == 's' && HasEnded();
    if (begins && (m_closed || (m_lastDirection == direction && m_lastKind == RST)))
    {
        return {Action::REOPEN, {}};
    }
    State next = ToState(letter);
    if (letter == 'i' || begins)
    {
        if (!IsSyncing(segment, direction))
        {
            return PassUntracked(segment, direction);
        }
        Resume();
        next = State::SYN_RECEIVED;
    }
    if (IsChallenge(kind, direction))
    {
        m_challenged = false;
        return PassAlone(direction);
    }
    m_simultaneous = m_simultaneous || next == State::SYN_SENT2;
    if (m_simultaneous && next == State::SYN_RECEIVED && direction == 1 && kind == ACK)
    {
        next = State::ESTABLISHED;
    }
    return Fit(next, segment, direction, settings);
}

/// A segment that the state allows, if its numbers do too.
NatTcpVerdict
NatTcpTracker::Fit(State next,
                   const NatSegment& segment,
                   uint8_t direction,
                   const NatSettings& settings)
{
    const Kind kind = GetKind(segment);
    const auto resetFit = kind == RST && settings.tcpTracking != NatSettings::FLAGS
                              ? FitReset(segment, direction, next)
                              : ResetFit::IN_WINDOW;
    if (resetFit == ResetFit::WRONG)
    {
        return {Action::INVALID, {}};
    }
    if (resetFit == ResetFit::IN_WINDOW)
    {
        const bool isOpening = m_state == State::SYN_SENT;
        const bool renews = isOpening || m_state == State::SYN_RECEIVED;
        const auto fit = m_window.Accept(segment, direction, renews, isOpening);
        if (fit != NatTcpWindow::Fit::INSIDE && IsStrict(direction, settings))
        {
            return fit == NatTcpWindow::Fit::ASKEW ? PassAlone(direction)
                                                   : RefuseByWindow(kind, direction, settings);
        }
        if (fit == NatTcpWindow::Fit::INSIDE && kind == ACK)
        {
            NoteRepetition(segment, direction);
        }
    }
    if (kind == RST && settings.resetAction == NatSettings::RESET_IGNORED)
    {
        return PassAlone(direction);
    }
    return Enter(next, segment, direction, settings);
}

/// Out of the window. If it is the second FIN or RST, from either side, the connection is thought
/// to have ended unseen.
NatTcpVerdict
NatTcpTracker::RefuseByWindow(Kind kind, uint8_t direction, const NatSettings& settings)
{
    if (!m_assured || (kind != RST && kind != FIN))
    {
        return {Action::WINDOW, {}};
    }
    if (m_lastDirection != direction && (m_lastKind == RST || m_lastKind == FIN))
    {
        return {Action::WINDOW, settings.timers.tcpUnacknowledged};
    }
    m_lastKind = kind;
    m_lastDirection = direction;
    return {Action::WINDOW, {}};
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
    const bool repeatsSyn = kind == SYN && !m_replied && m_state == State::SYN_SENT;
    m_lastKind = kind;
    m_lastDirection = direction;
    m_closed = m_closed || (next == State::FIN_WAIT && m_state != next);
    m_assured = m_assured || (m_replied && next == State::ESTABLISHED &&
                              (m_state == State::SYN_RECEIVED || m_state == next));
    m_state = next;
    NatTcpVerdict verdict{Action::PASS, GetLinuxLifetime(kind, settings)};
    if (endsUnanswered || repeatsSyn)
    {
        verdict.action = endsUnanswered ? Action::PASS_AND_END : Action::PASS_ALONE;
    }
    m_replied = m_replied || direction == 1;
    return verdict;
}

} // namespace p2pim
} // namespace ns3
