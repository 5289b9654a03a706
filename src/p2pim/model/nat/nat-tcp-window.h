// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_NAT_TCP_WINDOW_H
#define P2PIM_NAT_TCP_WINDOW_H

#include "ns3/nat-packet.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/**
 * What a middle box knows of the sequence numbers of a connection, and whether a segment fits. The
 * bounds are those of G. van Rooij, "Real stateful TCP packet filtering in IP Filter", as Linux
 * widens them: data may begin up to where the receiver's window ended, or end no further than a
 * window beyond, and end down to a window before the newest data; an acknowledgment may be as new
 * as the newest data seen, and older by a window or 66000 octets. All comparisons are modulo 2^32.
 */
class NatTcpWindow
{
  public:
    /// Where a segment lies.
    enum class Fit : uint8_t
    {
        INSIDE, ///< in the window: it is taken note of
        ASKEW,  ///< a little beside it: it may pass, and changes nothing
        OUTSIDE ///< beyond it, or it acknowledges what nobody has sent
    };

    /// Begins with the first segment of a connection, or of what is seen of it.
    void Begin(const NatSegment& segment);

    /**
     * @param segment a segment.
     * @param from 0: it goes the way of the first segment; 1: it comes back.
     * @param renews whether a SYN with a higher number begins the sender's numbers again.
     * @param opening whether only a SYN was seen yet.
     * @return where it lies.
     */
    Fit Accept(const NatSegment& segment, uint8_t from, bool renews, bool opening);

    /**
     * Takes a SYN that was let through as its sender's first segment after all; of the other side
     * nothing is known any more.
     *
     * @param sender of the SYN.
     * @param end the sequence number behind it.
     * @param syn its window and options.
     */
    void Resume(uint8_t sender, uint32_t end, const NatSegment& syn);

    /// @return whether nothing is sure of what a side sends, since the first segment was no SYN.
    bool IsLiberal(uint8_t side) const;
    /// @return whether data of either side waits for its acknowledgment.
    bool IsUnacknowledged() const;
    /// @return whether a side has acknowledged anything.
    bool HasAcknowledged(uint8_t side) const;
    /// @return the newest acknowledgment of a side.
    uint32_t GetAcknowledged(uint8_t side) const;
    /// @return the sequence number behind the newest data of a side.
    uint32_t GetEnd(uint8_t side) const;

  private:
    /// What a side has sent.
    struct Side
    {
        uint32_t end = 0;          ///< behind its newest data
        uint32_t maximumEnd = 0;   ///< end of the window it was given
        uint32_t window = 0;       ///< largest that it gave; 0: nothing seen of it
        uint32_t acknowledged = 0; ///< its newest acknowledgment
        uint8_t scale = 0;
        bool offersScale = false;
        bool permitsSelective = false;
        bool hasAcknowledged = false;
        bool unacknowledged = false; ///< its data
        bool liberal = false;        ///< the first segment was no SYN
    };

    static void BeginSide(Side& side, const NatSegment& segment);
    static bool Overshoots(uint32_t end, Side& sender, const Side& receiver);
    void Settle();
    void Enter(const NatSegment& segment, uint32_t selective, Side& sender, Side& receiver);
    void Note(const NatSegment& segment,
              uint32_t end,
              uint32_t acknowledgment,
              uint32_t selective,
              Side& sender,
              Side& receiver);

    std::array<Side, 2> m_sides;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_NAT_TCP_WINDOW_H
