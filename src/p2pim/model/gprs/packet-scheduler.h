// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_PACKET_SCHEDULER_H
#define P2PIM_PACKET_SCHEDULER_H

#include "ns3/counter-list.h"
#include "ns3/event-id.h"
#include "ns3/gprs-coding-scheme.h"
#include "ns3/temporary-block-flow.h"

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// What a PacketScheduler asks of the cell that it is part of, and tells it.
class PacketSchedulerUser
{
  public:
    virtual ~PacketSchedulerUser() = default;

    /// @return the coding of the new blocks of @p flow from now on.
    virtual GprsCodingScheme ChooseScheme(const TemporaryBlockFlow& flow) = 0;
    /// @return whether a block of @p flow with a coding is lost that was sent @p earlier times in
    /// vain; draws if it may be.
    virtual bool LosesBlock(const TemporaryBlockFlow& flow,
                            GprsCodingScheme scheme,
                            uint32_t earlier) = 0;
    /// The first PDU of the queue has come to its end; it has to be taken away.
    virtual void EndPdu(TemporaryBlockFlow& flow, RlcTransfer::Outcome outcome) = 0;
    /// All PDUs that were taken are through and acknowledged; the flow has left the scheduler.
    virtual void EndTransfer(TemporaryBlockFlow& flow) = 0;
    /// N3103 or N3105 acknowledgements were lost in a row; the flow has left the scheduler.
    virtual void FailTransfer(TemporaryBlockFlow& flow) = 0;
    /// @return how long @p flow gets no blocks from now on; it is asked before each block.
    virtual Time GetPause(TemporaryBlockFlow& flow) = 0;
    /// @return the packet data channels that the cell has now; asked in each block with a backlog.
    virtual uint8_t CountPdchs() = 0;
    /// The PDCHs of an active @p flow are others.
    virtual void ChangePdchs(const TemporaryBlockFlow& flow) = 0;
    /// @return in which time a TBF that has lost all its PDCHs gets others.
    virtual Time GetReassignmentTime() const = 0;
};

/// Settings of a PacketScheduler; its owner may change them.
struct PacketSchedulerSettings
{
    uint32_t acknowledgementBlocks = 16; ///< blocks after which an acknowledgement is asked for
    uint8_t maxLost = 8;                 ///< N3103, N3105 (TS 44.060 13.2: 8 here)
    uint32_t countdownBlocks = 15;       ///< BS_CV_MAX
    bool extendedUplink = false;         ///< whether an uplink TBF takes PDUs to its last block
    bool resegmentation = false;         ///< whether repeated blocks change their coding (EGPRS)
};

/**
 * The blocks of a cell's packet data channels (TS 44.060 5.7, 6; TS 45.002 6.3.2). In each radio
 * block period with a backlog every PDCH gives its downlink block, and by the USF its uplink block,
 * to the next TBF in turn, of those with the best delay class: a class keeps its delay whatever the
 * load of those below it, which may starve. Acknowledgements take blocks of the other direction: a
 * station that is polled answers three blocks later (RRBP, 10.4.5), PACKET UPLINK ACK/NACK goes two
 * blocks after what made it due (own choice). Without a backlog there is no event.
 *
 * When PDCHs come or go, the TBFs are shared out anew; one that loses some goes on on the others.
 */
class PacketScheduler
{
  public:
    static constexpr std::size_t MAX_PDCHS = 8;
    /// USF values that one PDCH can give to uplink TBFs (TS 44.060 10.4.1: 3 bits, one reserved).
    static constexpr std::size_t MAX_USF = 7;

    /**
     * @param user the cell; must outlive the scheduler.
     * @param settings likewise.
     */
    PacketScheduler(PacketSchedulerUser& user, const PacketSchedulerSettings& settings);

    /**
     * Chooses PDCHs for a TBF: neighbours with the fewest TBFs.
     *
     * @param slots how many at most.
     * @param uplink its direction.
     * @return bit n for PDCH n; 0 if no uplink TBF can be taken.
     */
    uint8_t Choose(uint8_t slots, bool uplink);

    /**
     * A TBF has data and takes turns on its PDCHs.
     *
     * @param flow it, with PDUs in its queue, and slots and pdchs set.
     * @param mode the RLC mode.
     * @param window the RLC window, blocks.
     */
    void Start(TemporaryBlockFlow& flow, RlcTransfer::Mode mode, uint32_t window);
    /// A PDU has been put into the queue of an active @p flow.
    void Append(TemporaryBlockFlow& flow);
    /// A flow leaves, whatever it has still to send; its PDUs stay in its queue.
    void Stop(TemporaryBlockFlow& flow);
    /// @return the active TBFs: those with data, or waiting for an acknowledgement.
    std::vector<TemporaryBlockFlow*> GetFlows() const;
    /// Drops all events.
    void Cancel();

    /// @return blocks used, repeated and lost, by direction.
    CounterList GetCounters() const;
    /// @return how often a TBF has lost PDCHs.
    uint64_t GetReassignments() const;

  private:
    static constexpr std::size_t DELAY_CLASSES = 4;

    /// TBFs of one delay class that take turns.
    struct Turns
    {
        std::vector<TemporaryBlockFlow*> flows;
        std::size_t next = 0;
    };

    /// Those of one PDCH, in one direction.
    struct Rotation
    {
        std::array<Turns, DELAY_CLASSES> classes; ///< class 1 first
        uint32_t assigned = 0;                    ///< active TBFs that have this PDCH
    };

    /// An acknowledgement that is under way.
    struct Acknowledgement
    {
        int64_t block; ///< it goes in this radio block
        TemporaryBlockFlow* flow;
        uint32_t serial; ///< of the TBF
    };

    /// One direction of the channels.
    struct Direction
    {
        std::array<Rotation, MAX_PDCHS> rotations;
        uint8_t reserved = 0;                ///< PDCHs whose block is taken by an acknowledgement
        std::deque<Acknowledgement> waiting; ///< for data of this direction, by block
        uint64_t blocks = 0;
        uint64_t repeated = 0;
        uint64_t lost = 0;
        uint64_t acknowledgements = 0;
    };

    Direction& GetDirection(bool uplink);
    void TakeTurns(TemporaryBlockFlow& flow);
    void LeaveTurns(TemporaryBlockFlow& flow);
    void Leave(TemporaryBlockFlow& flow);
    void TakePdus(TemporaryBlockFlow& flow);
    void FollowDelayClass(TemporaryBlockFlow& flow);
    void UpdatePdchs();
    void ShareOut();
    void TakeAway();
    void CountAssigned(const TemporaryBlockFlow& flow, int change);
    void Assign(TemporaryBlockFlow& flow, uint8_t pdchs);
    uint8_t ChooseAgain(const TemporaryBlockFlow& flow) const;
    uint8_t ChooseOf(uint8_t slots, bool uplink) const;
    void Pause(TemporaryBlockFlow& flow, Time pause);
    void ScheduleTick();
    void Tick();
    void ReceiveAcknowledgements(bool uplink);
    void ReceiveAcknowledgement(TemporaryBlockFlow& flow);
    void SendBlock(Direction& direction, std::size_t pdch);
    void SendBlockOf(Direction& direction, Turns& turns);
    void SendRlcBlocks(Direction& direction, TemporaryBlockFlow& flow);
    void AskForAcknowledgement(TemporaryBlockFlow& flow);
    void EndPause(TemporaryBlockFlow* flow, uint32_t serial);

    PacketSchedulerUser& m_user;
    const PacketSchedulerSettings& m_settings;
    Direction m_uplink;
    Direction m_downlink;
    std::vector<TemporaryBlockFlow*> m_flows; ///< active ones; each knows its place
    std::size_t m_paused = 0;                 ///< how many of them are paused
    int64_t m_block = -1;                     ///< the radio block of now, or of the last tick
    uint8_t m_pdchs = 0;                      ///< of the cell, as last seen
    uint64_t m_reassigned = 0;                ///< TBFs that lost PDCHs
    EventId m_tick;
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_PACKET_SCHEDULER_H
