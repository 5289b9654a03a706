// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RADIO_ENERGY_METER_H
#define P2PIM_RADIO_ENERGY_METER_H

#include "ns3/nstime.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace p2pim
{

/// What the radio of a phone does, of which it does one at a time.
enum class RadioState : uint8_t
{
    OFF,        ///< switched off
    NO_SERVICE, ///< on, without coverage
    IDLE,       ///< hears its paging block once in a DRX cycle
    NON_DRX,    ///< hears the whole CCCH for some time after a transfer
    ACCESS,     ///< waits on the CCCH for the answer to its random access
    DEDICATED,  ///< on an SDCCH
    CALL,       ///< on a TCH
    TBF_OPEN,   ///< hears its PDCHs, and there is nothing to carry
    TRANSFER    ///< hears its PDCHs, a TBF has data
};

constexpr std::size_t RADIO_STATES = static_cast<std::size_t>(RadioState::TRANSFER) + 1;

/// What energy goes to: each state, and beside them what is counted and not timed.
enum class EnergyItem : uint8_t
{
    RECEIVED_BLOCKS = RADIO_STATES, ///< the own radio blocks among those heard on the PDCHs
    SENT_BLOCKS,                    ///< radio blocks sent on PDCHs
    ACCESS_BURSTS                   ///< random access
};

constexpr std::size_t ENERGY_ITEMS = static_cast<std::size_t>(EnergyItem::ACCESS_BURSTS) + 1;

/// What energy is spent for.
enum class EnergyPurpose : uint8_t
{
    IDLE,       ///< to be reachable, or off
    SIGNALLING, ///< SMS, mobility and session management of either kind
    DATA,       ///< packets of the user
    VOICE       ///< calls
};

constexpr std::size_t ENERGY_PURPOSES = static_cast<std::size_t>(EnergyPurpose::VOICE) + 1;

/// What the circuit-switched side of a phone does.
enum class CircuitActivity : uint8_t
{
    OFF,
    NO_SERVICE,
    NONE,
    ACCESS,
    DEDICATED,
    CALL
};

/// Powers and energies of a radio.
struct RadioPowers
{
    double off;           ///< W
    double noService;     ///< W, mean
    double sleep;         ///< W, between paging blocks
    double pagingBlock;   ///< J, beside sleep
    double active;        ///< W, awake, without what the slots take
    double receiveSlot;   ///< W, mean, a slot that is received in each frame
    double transmitBurst; ///< W, during a burst

    /// @return W, mean, a slot that is sent in each frame.
    double GetTransmitSlot() const;
    /// @return J, beside hearing the PDCHs.
    double GetSentBlock() const;
    /// @return J.
    double GetReceivedBlock() const;
    /// @return J.
    double GetAccessBurst() const;
    /// @return W in @p state, without the slots heard on PDCHs; of IDLE without paging blocks.
    double GetPower(RadioState state) const;
};

/// Joules by what they went to and what they were spent for.
class EnergyTable
{
  public:
    /// @return J of a state or of an item.
    double Get(RadioState state) const;
    double Get(EnergyItem item) const;
    /// @return J for a purpose.
    double Get(EnergyPurpose purpose) const;
    /// @return J.
    double GetTotal() const;
    /// Adds @p joules.
    void Add(std::size_t item, std::size_t purpose, double joules);

  private:
    std::array<std::array<double, ENERGY_PURPOSES>, ENERGY_ITEMS> m_joules{};
};

/// How a phone goes on when a TBF has no more data.
struct TransferTail
{
    Time end;         ///< end of the last block
    Time polledUntil; ///< until when it answers a poll in each pollPeriod
    Time pollPeriod;  ///< from one poll to the next
    Time openUntil;   ///< until when it hears its PDCHs
    Time nonDrxUntil; ///< until when it hears the CCCH after that
};

/**
 * What the radio of one phone has done: time by state, and blocks and bursts. Circuit-switched and
 * packet-switched side tell what they do when it changes; a TBF that is kept open and the non-DRX
 * period end by themselves. Time that has passed is booked when the next change comes, so that no
 * event is needed. Joules follow from the times when they are asked for.
 *
 * Of two things at a time the state is that of OFF, NO_SERVICE, CALL, DEDICATED, TRANSFER,
 * TBF_OPEN, ACCESS, NON_DRX and IDLE that comes first; the slots heard on PDCHs count nevertheless.
 */
class RadioEnergyMeter
{
  public:
    /**
     * The circuit-switched side.
     *
     * @param now the time, which never goes back.
     * @param activity what it does from now on.
     * @param pagingCycle the time between two blocks of the phone's paging group.
     */
    void SetCircuit(Time now, CircuitActivity activity, Time pagingCycle);
    /// What the packet-switched side works for from @p now on.
    void SetPacketPurpose(Time now, EnergyPurpose purpose);
    /// @return what it works for.
    EnergyPurpose GetPacketPurpose() const
    {
        return m_packetPurpose;
    }

    /// @param wanted whether an access or assignment is under way that the phone knows of.
    void SetPacketRequest(Time now, bool uplink, bool wanted);
    /// A TBF has data and takes turns on @p slots timeslots.
    void StartTransfer(Time now, bool uplink, uint8_t slots);
    /// It has none any more.
    void EndTransfer(Time now, bool uplink, const TransferTail& tail);

    /// A radio block of the phone is sent or received, from now on.
    void CountBlock(bool uplink, EnergyPurpose purpose)
    {
        if (m_circuit > CircuitActivity::NO_SERVICE)
        {
            ++m_blocks[uplink ? 1 : 0][static_cast<std::size_t>(purpose)];
        }
    }

    /// A CHANNEL REQUEST is sent.
    void CountAccessBurst();

    /// @return the state at @p now.
    RadioState GetState(Time now) const;
    /// @return how long the phone was in @p state until @p now.
    Time GetTime(Time now, RadioState state) const;
    /// @return radio blocks of a direction.
    uint64_t GetBlocks(bool uplink) const;
    /// @return the energy until @p now.
    EnergyTable GetEnergy(Time now, const RadioPowers& powers) const;

  private:
    /// One direction of the packet-switched side.
    struct Direction
    {
        bool requested = false;
        bool active = false;
        uint8_t slots = 0;
        Time end;
        Time openUntil;
    };

    template <typename T>
    using ByPurpose = std::array<T, ENERGY_PURPOSES>;

    RadioState GetPacketState(Time at) const;
    EnergyPurpose GetPurpose(RadioState state) const;
    uint8_t GetSlots(Time at) const;
    Time GetNextChange(Time after) const;
    void Advance(Time now);
    void Book(Time length);

    Time m_since; ///< what was before is booked
    CircuitActivity m_circuit = CircuitActivity::NONE;
    Time m_pagingCycle;
    EnergyPurpose m_packetPurpose = EnergyPurpose::SIGNALLING;
    std::array<Direction, 2> m_directions; ///< downlink, uplink
    Time m_polledUntil;
    Time m_pollPeriod;
    Time m_nonDrxUntil;

    std::array<ByPurpose<Time>, RADIO_STATES> m_times;
    std::array<ByPurpose<int64_t>, 2> m_slotTimes{};     ///< ns times slots, open and in transfer
    std::array<ByPurpose<uint64_t>, 2> m_blocks{};       ///< downlink, uplink
    ByPurpose<double> m_polls{};                         ///< answered
    ByPurpose<uint64_t> m_bursts{};                      ///< of random access
    double m_pagingBlocks = 0;                           ///< heard
};

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RADIO_ENERGY_METER_H
