// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_TCP_TRACKER_H
#define P2PIM_NAT_TCP_TRACKER_H

#include "ns3/nat-settings.h"
#include "ns3/nat-tcp-window.h"
#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// What becomes of a segment and its connection.
struct NatTcpVerdict
{
    /// Kinds.
    enum class Action : uint8_t
    {
        PASS,         ///< and the connection lives on for `lifetime` from now
        PASS_ALONE,   ///< and leaves the connection as it is
        PASS_AND_END, ///< the connection ends with it
        REOPEN,       ///< it begins another connection of the same endpoints
        INVALID,      ///< dropped: it does not fit the state
        WINDOW        ///< dropped: it does not fit the window
    };

    Action action = Action::PASS;
    Time lifetime; ///< of the connection; if the segment is dropped: at most, unless it is zero
};

/**
 * The state of a TCP connection in a middle box: the state machine of RFC 7857 2, or that of Linux'
 * nf_conntrack, and the window. Direction 0 is that of the segment that opened it.
 */
class NatTcpTracker
{
  public:
    /// States of both machines.
    enum class State : uint8_t
    {
        NONE,
        // Linux, in the order of its table.
        SYN_SENT,
        SYN_RECEIVED,
        ESTABLISHED, ///< of both
        FIN_WAIT,
        CLOSE_WAIT,
        LAST_ACK,
        TIME_WAIT,
        CLOSE,
        SYN_SENT2, ///< simultaneous open
        // RFC 7857 2.
        INIT,         ///< a SYN in one direction
        FIN_RECEIVED, ///< C_FIN_RCV: a FIN in direction 0
        FIN_ANSWERED, ///< S_FIN_RCV: a FIN in direction 1
        BOTH_FINS,
        TRANSITORY ///< TRANS
    };

    /**
     * Begins a connection.
     *
     * @param segment its first.
     * @param settings of the NAT.
     * @return PASS or INVALID.
     */
    NatTcpVerdict Open(const NatSegment& segment, const NatSettings& settings);

    /**
     * @param segment a further segment.
     * @param direction 0 or 1.
     * @param settings of the NAT.
     * @return what becomes of it.
     */
    NatTcpVerdict Continue(const NatSegment& segment,
                           uint8_t direction,
                           const NatSettings& settings);

    /**
     * Its life time is over.
     *
     * @param settings of the NAT.
     * @return how long it goes on to live all the same.
     */
    Time Expire(const NatSettings& settings);

    /// @return the state.
    State GetState() const;
    /// @return whether both ends may think that it is established.
    bool IsEstablished() const;
    /// @return whether it has ended, so that a SYN would open another.
    bool HasEnded() const;
    /// @return what is known of the sequence numbers.
    const NatTcpWindow& GetWindow() const;

  private:
    /// Kinds of segments in Linux' table.
    enum Kind : uint8_t
    {
        SYN,
        SYN_ACK,
        FIN,
        ACK,
        RST,
        NOTHING
    };

    /// What the number of a RST says of it.
    enum class ResetFit : uint8_t
    {
        IN_WINDOW, ///< the window decides
        FITS,
        WRONG
    };

    static Kind GetKind(const NatSegment& segment);
    static Time GetLifetime(State state, const NatTimers& timers);
    NatTcpVerdict ContinueRfc(const NatSegment& segment,
                              uint8_t direction,
                              const NatSettings& settings);
    NatTcpVerdict ContinueLinux(const NatSegment& segment,
                                uint8_t direction,
                                const NatSettings& settings);
    NatTcpVerdict Fit(State next,
                      const NatSegment& segment,
                      uint8_t direction,
                      const NatSettings& settings);
    NatTcpVerdict Enter(State next,
                        const NatSegment& segment,
                        uint8_t direction,
                        const NatSettings& settings);
    NatTcpVerdict RefuseByWindow(Kind kind, uint8_t direction, const NatSettings& settings);
    bool IsStrict(uint8_t direction, const NatSettings& settings) const;
    State GetNextRfc(const NatSegment& segment, uint8_t direction) const;
    bool IsSyncing(const NatSegment& segment, uint8_t direction) const;
    bool IsChallenge(Kind kind, uint8_t direction) const;
    void Resume();
    NatTcpVerdict PassAlone(uint8_t direction);
    NatTcpVerdict PassUntracked(const NatSegment& segment, uint8_t direction);
    ResetFit FitReset(const NatSegment& segment, uint8_t direction, State& next) const;
    bool AnswersUntracked(const NatSegment& segment) const;
    void NoteRepetition(const NatSegment& segment, uint8_t direction);
    Time GetLinuxLifetime(Kind kind, const NatSettings& settings) const;

    NatTcpWindow m_window;
    uint32_t m_lastSequence = 0;       ///< of the last segment that was an ACK
    uint32_t m_lastAcknowledgment = 0; ///< of it
    uint32_t m_lastEnd = 0;            ///< behind it, or behind a segment passed untracked
    uint16_t m_lastWindow = 0;         ///< of it
    State m_state = State::NONE;
    Kind m_lastKind = NOTHING; ///< of the last segment
    uint8_t m_lastDirection = 0;
    uint8_t m_lastScale = 0; ///< of a SYN passed untracked
    uint8_t m_retransmissions = 0;
    bool m_lastOffersScale = false; ///< of a SYN passed untracked
    bool m_lastSelective = false;   ///< of a SYN passed untracked: it permits SACK
    bool m_challenged = false;      ///< Linux: a SYN passed in LAST_ACK; an ACK may answer it
    bool m_simultaneous = false;    ///< Linux: SYN_SENT2 was entered
    bool m_replied = false;         ///< something has come in direction 1
    bool m_assured = false;         ///< Linux: the handshake is complete
    bool m_closed = false;          ///< Linux: a FIN has come in time
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_TCP_TRACKER_H
