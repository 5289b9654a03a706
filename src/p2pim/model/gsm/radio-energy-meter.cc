// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/radio-energy-meter.h"

#include "ns3/tdma-clock.h"

#include <algorithm>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr double FRAME = 0.120 / 26;                ///< s
constexpr double SLOTS_OF_FRAME = 8;                ///< TS 45.002 4.3.2
constexpr double BURST = FRAME / SLOTS_OF_FRAME;    ///< s, a normal burst with its guard period
constexpr double ACCESS_BURST = BURST * 88 / 156.25; ///< s, of which the bits are sent (5.2.7)
/// Frames with a burst of an SDCCH with its SACCH: 4 of 51 and 4 of 102, each way (TS 45.002 7).
constexpr double SDCCH_SHARE = 6.0 / TDMA_MULTIFRAME;

/// @return the index of a direction.
constexpr std::size_t
Index(bool uplink)
{
    return uplink ? 1 : 0;
}

/// @return the index of a constant.
template <typename Enum>
constexpr std::size_t
Index(Enum constant)
{
    return static_cast<std::size_t>(constant);
}

} // namespace

// --- Energy --------------------------------------------------------------------------------------

double
RadioPowers::GetTransmitSlot() const
{
    return transmitBurst / SLOTS_OF_FRAME;
}

double
RadioPowers::GetSentBlock() const
{
    return transmitBurst * BURST * TDMA_BLOCK_FRAMES;
}

double
RadioPowers::GetReceivedBlock() const
{
    return receiveSlot * FRAME * TDMA_BLOCK_FRAMES;
}

double
RadioPowers::GetAccessBurst() const
{
    return transmitBurst * ACCESS_BURST;
}

double
RadioPowers::GetPower(RadioState state) const
{
    switch (state)
    {
    case RadioState::OFF:
        return off;
    case RadioState::NO_SERVICE:
        return noService;
    case RadioState::IDLE:
        return sleep;
    case RadioState::NON_DRX:
    case RadioState::ACCESS:
        return active + receiveSlot;
    case RadioState::DEDICATED:
        return active + SDCCH_SHARE * (receiveSlot + GetTransmitSlot());
    case RadioState::CALL:
        return active + receiveSlot + GetTransmitSlot();
    default:
        return active;
    }
}

double
EnergyTable::Get(RadioState state) const
{
    return Get(static_cast<EnergyItem>(state));
}

double
EnergyTable::Get(EnergyItem item) const
{
    double sum = 0;
    for (const double joules : m_joules[Index(item)])
    {
        sum += joules;
    }
    return sum;
}

double
EnergyTable::Get(EnergyPurpose purpose) const
{
    double sum = 0;
    for (const auto& item : m_joules)
    {
        sum += item[Index(purpose)];
    }
    return sum;
}

double
EnergyTable::GetTotal() const
{
    double sum = 0;
    for (std::size_t item = 0; item < ENERGY_ITEMS; ++item)
    {
        sum += Get(static_cast<EnergyItem>(item));
    }
    return sum;
}

void
EnergyTable::Add(std::size_t item, std::size_t purpose, double joules)
{
    m_joules[item][purpose] += joules;
}

// --- What the phone does -------------------------------------------------------------------------

void
RadioEnergyMeter::SetCircuit(Time now, CircuitActivity activity, Time pagingCycle)
{
    if (activity != m_circuit || pagingCycle != m_pagingCycle)
    {
        Advance(now);
        m_circuit = activity;
        m_pagingCycle = pagingCycle;
    }
}

void
RadioEnergyMeter::SetPacketPurpose(Time now, EnergyPurpose purpose)
{
    if (purpose != m_packetPurpose)
    {
        Advance(now);
        m_packetPurpose = purpose;
    }
}

void
RadioEnergyMeter::SetPacketRequest(Time now, bool uplink, bool wanted)
{
    Advance(now);
    m_directions[Index(uplink)].requested = wanted;
}

void
RadioEnergyMeter::StartTransfer(Time now, bool uplink, uint8_t slots)
{
    Advance(now);
    Direction& direction = m_directions[Index(uplink)];
    direction.requested = false;
    direction.active = true;
    direction.slots = slots;
}

void
RadioEnergyMeter::EndTransfer(Time now, bool uplink, const TransferTail& tail)
{
    Advance(now);
    Direction& direction = m_directions[Index(uplink)];
    direction.requested = false;
    direction.active = false;
    direction.end = tail.end;
    direction.openUntil = tail.openUntil;
    m_nonDrxUntil = std::max(m_nonDrxUntil, tail.nonDrxUntil);
    if (!uplink)
    {
        m_polledUntil = tail.polledUntil;
        m_pollPeriod = tail.pollPeriod;
    }
}

void
RadioEnergyMeter::CountAccessBurst()
{
    ++m_bursts[Index(m_circuit == CircuitActivity::ACCESS ? EnergyPurpose::SIGNALLING
                                                          : m_packetPurpose)];
}

RadioState
RadioEnergyMeter::GetPacketState(Time at) const
{
    const auto any = [this](auto condition) {
        return std::any_of(m_directions.begin(), m_directions.end(), condition);
    };
    if (any([at](const Direction& each) { return each.active || at < each.end; }))
    {
        return RadioState::TRANSFER;
    }
    if (any([at](const Direction& each) { return at < each.openUntil; }))
    {
        return RadioState::TBF_OPEN;
    }
    if (any([](const Direction& each) { return each.requested; }))
    {
        return RadioState::ACCESS;
    }
    return at < m_nonDrxUntil ? RadioState::NON_DRX : RadioState::IDLE;
}

RadioState
RadioEnergyMeter::GetState(Time now) const
{
    switch (m_circuit)
    {
    case CircuitActivity::OFF:
        return RadioState::OFF;
    case CircuitActivity::NO_SERVICE:
        return RadioState::NO_SERVICE;
    case CircuitActivity::CALL:
        return RadioState::CALL;
    case CircuitActivity::DEDICATED:
        return RadioState::DEDICATED;
    default:
        break;
    }
    const RadioState packet = GetPacketState(now);
    return m_circuit == CircuitActivity::ACCESS && packet < RadioState::TBF_OPEN
               ? RadioState::ACCESS
               : packet;
}

EnergyPurpose
RadioEnergyMeter::GetPurpose(RadioState state) const
{
    switch (state)
    {
    case RadioState::OFF:
    case RadioState::NO_SERVICE:
    case RadioState::IDLE:
        return EnergyPurpose::IDLE;
    case RadioState::DEDICATED:
        return EnergyPurpose::SIGNALLING;
    case RadioState::CALL:
        return EnergyPurpose::VOICE;
    case RadioState::ACCESS:
        return m_circuit == CircuitActivity::ACCESS ? EnergyPurpose::SIGNALLING : m_packetPurpose;
    default:
        return m_packetPurpose;
    }
}

/// The slots of the two directions lie upon each other: a phone receives no more than its class
/// allows.
uint8_t
RadioEnergyMeter::GetSlots(Time at) const
{
    uint8_t slots = 0;
    for (const Direction& each : m_directions)
    {
        const bool open = each.active || at < each.end || at < each.openUntil;
        slots = open ? std::max(slots, each.slots) : slots;
    }
    return slots;
}

// --- Time ----------------------------------------------------------------------------------------

Time
RadioEnergyMeter::GetNextChange(Time after) const
{
    Time next = Time::Max();
    for (const Time& time : {m_directions[0].end,
                             m_directions[0].openUntil,
                             m_directions[1].end,
                             m_directions[1].openUntil,
                             m_polledUntil,
                             m_nonDrxUntil})
    {
        next = time > after ? std::min(next, time) : next;
    }
    return next;
}

void
RadioEnergyMeter::Advance(Time now)
{
    while (m_since < now)
    {
        const Time until = std::min(now, GetNextChange(m_since));
        Book(until - m_since);
        m_since = until;
    }
}

void
RadioEnergyMeter::Book(Time length)
{
    const RadioState state = GetState(m_since);
    m_times[Index(state)][Index(GetPurpose(state))] += length;
    if (state == RadioState::IDLE && m_pagingCycle.IsStrictlyPositive())
    {
        m_pagingBlocks += length.GetSeconds() / m_pagingCycle.GetSeconds();
    }
    const RadioState packet = GetPacketState(m_since);
    if (packet < RadioState::TBF_OPEN || m_circuit <= CircuitActivity::NO_SERVICE)
    {
        return;
    }
    const std::size_t purpose = Index(m_packetPurpose);
    m_slotTimes[Index(packet) - Index(RadioState::TBF_OPEN)][purpose] +=
        GetSlots(m_since) * length.GetNanoSeconds();
    if (!m_directions[0].active && m_since < m_polledUntil)
    {
        m_polls[purpose] += length.GetSeconds() / m_pollPeriod.GetSeconds();
    }
}

Time
RadioEnergyMeter::GetTime(Time now, RadioState state) const
{
    RadioEnergyMeter copy = *this;
    copy.Advance(now);
    Time sum;
    for (const Time& time : copy.m_times[Index(state)])
    {
        sum += time;
    }
    return sum;
}

uint64_t
RadioEnergyMeter::GetBlocks(bool uplink) const
{
    uint64_t sum = 0;
    for (const uint64_t blocks : m_blocks[Index(uplink)])
    {
        sum += blocks;
    }
    return sum;
}

EnergyTable
RadioEnergyMeter::GetEnergy(Time now, const RadioPowers& powers) const
{
    RadioEnergyMeter copy = *this;
    copy.Advance(now);
    EnergyTable table;
    for (std::size_t purpose = 0; purpose < ENERGY_PURPOSES; ++purpose)
    {
        const auto add = [&table, purpose](auto item, double joules) {
            table.Add(Index(item), purpose, joules);
        };
        for (std::size_t state = 0; state < RADIO_STATES; ++state)
        {
            add(static_cast<RadioState>(state),
                copy.m_times[state][purpose].GetSeconds() *
                    powers.GetPower(static_cast<RadioState>(state)));
        }
        const double received =
            static_cast<double>(copy.m_blocks[0][purpose]) * powers.GetReceivedBlock();
        const double slotSecond = powers.receiveSlot / 1e9;
        add(RadioState::TBF_OPEN, static_cast<double>(copy.m_slotTimes[0][purpose]) * slotSecond);
        add(RadioState::TRANSFER,
            static_cast<double>(copy.m_slotTimes[1][purpose]) * slotSecond - received);
        add(EnergyItem::RECEIVED_BLOCKS, received);
        add(EnergyItem::SENT_BLOCKS,
            (static_cast<double>(copy.m_blocks[1][purpose]) + copy.m_polls[purpose]) *
                powers.GetSentBlock());
        add(EnergyItem::ACCESS_BURSTS,
            static_cast<double>(copy.m_bursts[purpose]) * powers.GetAccessBurst());
    }
    table.Add(Index(RadioState::IDLE),
              Index(EnergyPurpose::IDLE),
              copy.m_pagingBlocks * powers.pagingBlock);
    return table;
}

} // namespace p2pim
} // namespace ns3
