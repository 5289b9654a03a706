// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/packet-scheduler.h"

#include "ns3/ns3-compatibility.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr int64_t POLL_BLOCKS = 3;       ///< from a poll to the station's answer (RRBP 13 frames)
constexpr int64_t UPLINK_ACK_BLOCKS = 2; ///< from a block to PACKET UPLINK ACK/NACK

constexpr uint8_t
Bit(std::size_t n)
{
    return static_cast<uint8_t>(1U << n);
}

} // namespace

PacketScheduler::PacketScheduler(PacketSchedulerUser& user, const PacketSchedulerSettings& settings)
    : m_user(user),
      m_settings(settings)
{
}

PacketScheduler::Direction&
PacketScheduler::GetDirection(bool uplink)
{
    return uplink ? m_uplink : m_downlink;
}

uint8_t
PacketScheduler::Choose(uint8_t slots, bool uplink)
{
    UpdatePdchs();
    return ChooseOf(slots, uplink);
}

uint8_t
PacketScheduler::ChooseOf(uint8_t slots, bool uplink) const
{
    const auto& rotations = (uplink ? m_uplink : m_downlink).rotations;
    const std::size_t width = std::min(slots, m_pdchs);
    std::size_t best = 0;
    std::size_t bestLoad = SIZE_MAX;
    for (std::size_t first = 0; first + width <= m_pdchs; ++first)
    {
        std::size_t load = 0;
        for (std::size_t n = first; n < first + width; ++n)
        {
            load += rotations[n].assigned;
        }
        if (load < bestLoad)
        {
            best = first;
            bestLoad = load;
        }
    }
    if (uplink && bestLoad >= MAX_USF * width)
    {
        return 0;
    }
    return static_cast<uint8_t>(((1U << width) - 1) << best);
}

void
PacketScheduler::Start(TemporaryBlockFlow& flow, RlcTransfer::Mode mode, uint32_t window)
{
    flow.state = TemporaryBlockFlow::State::ACTIVE;
    flow.serial = ++flow.starts;
    flow.rlc = std::make_unique<RlcTransfer>(mode, window, m_settings.resegmentation);
    flow.inTransfer = 0;
    flow.countdown = false;
    flow.acknowledgementDue = false;
    flow.acknowledgementsLost = 0;
    flow.blocksUnacknowledged = 0;
    flow.scheme = m_user.ChooseScheme(flow);
    CountAssigned(flow, 1);
    flow.place = m_flows.size();
    m_flows.push_back(&flow);
    TakePdus(flow);
    ScheduleTick();
}

void
PacketScheduler::Append(TemporaryBlockFlow& flow)
{
    if (!flow.countdown)
    {
        TakePdus(flow);
    }
}

void
PacketScheduler::TakePdus(TemporaryBlockFlow& flow)
{
    for (auto pdu = std::next(flow.queue.begin(), static_cast<std::ptrdiff_t>(flow.inTransfer));
         pdu != flow.queue.end();
         ++pdu)
    {
        flow.rlc->Append(GetLlcOctets(*pdu));
        ++flow.inTransfer;
    }
    FollowDelayClass(flow);
    TakeTurns(flow);
}

/// A flow takes its turns in the class of the first PDU that is not through.
void
PacketScheduler::FollowDelayClass(TemporaryBlockFlow& flow)
{
    if (!flow.queue.empty() && flow.queue.front().delayClass != flow.delayClass)
    {
        LeaveTurns(flow);
        flow.delayClass = flow.queue.front().delayClass;
        TakeTurns(flow);
    }
}

void
PacketScheduler::CountAssigned(const TemporaryBlockFlow& flow, int change)
{
    for (std::size_t n = 0; n < MAX_PDCHS; ++n)
    {
        if ((flow.pdchs & Bit(n)) != 0)
        {
            GetDirection(flow.uplink).rotations[n].assigned += static_cast<uint32_t>(change);
        }
    }
}

/// Other PDCHs for an active TBF, or none.
void
PacketScheduler::Assign(TemporaryBlockFlow& flow, uint8_t pdchs)
{
    LeaveTurns(flow);
    CountAssigned(flow, -1);
    flow.pdchs = pdchs;
    CountAssigned(flow, 1);
    TakeTurns(flow);
    m_user.ChangePdchs(flow);
}

/// For a TBF that has none; if there is no USF left it shares one.
uint8_t
PacketScheduler::ChooseAgain(const TemporaryBlockFlow& flow) const
{
    const uint8_t chosen = ChooseOf(flow.slots, flow.uplink);
    return chosen != 0 ? chosen : 1;
}

void
PacketScheduler::UpdatePdchs()
{
    const uint8_t before = std::exchange(m_pdchs, m_user.CountPdchs());
    if (m_pdchs > before)
    {
        ShareOut();
    }
    else if (m_pdchs < before)
    {
        TakeAway();
    }
}

/// Chooses PDCHs anew for all TBFs that have some.
void
PacketScheduler::ShareOut()
{
    std::vector<TemporaryBlockFlow*> flows;
    for (TemporaryBlockFlow* flow : m_flows)
    {
        if (flow->pdchs != 0)
        {
            flows.push_back(flow);
            LeaveTurns(*flow);
            CountAssigned(*flow, -1);
            flow->pdchs = 0;
        }
    }
    for (TemporaryBlockFlow* flow : flows)
    {
        Assign(*flow, ChooseAgain(*flow));
    }
}

/// Some PDCHs are gone.
void
PacketScheduler::TakeAway()
{
    const auto present = static_cast<uint8_t>((1U << m_pdchs) - 1);
    for (TemporaryBlockFlow* flow : m_flows)
    {
        if ((flow->pdchs & ~present) == 0)
        {
            continue;
        }
        ++m_reassigned;
        Assign(*flow, flow->pdchs & present);
        if (flow->pdchs == 0 && !flow->paused)
        {
            Pause(*flow, m_user.GetReassignmentTime());
        }
    }
}

void
PacketScheduler::Pause(TemporaryBlockFlow& flow, Time pause)
{
    flow.paused = true;
    ++m_paused;
    LeaveTurns(flow);
    Simulator::Schedule(pause, &PacketScheduler::EndPause, this, &flow, flow.serial);
}

void
PacketScheduler::Stop(TemporaryBlockFlow& flow)
{
    if (flow.state == TemporaryBlockFlow::State::ACTIVE)
    {
        Leave(flow);
    }
}

void
PacketScheduler::Leave(TemporaryBlockFlow& flow)
{
    LeaveTurns(flow);
    CountAssigned(flow, -1);
    m_flows[flow.place] = m_flows.back();
    m_flows[flow.place]->place = flow.place;
    m_flows.pop_back();
    m_paused -= flow.paused ? 1 : 0;
    flow.paused = false;
    flow.state = TemporaryBlockFlow::State::NONE;
    flow.serial = 0;
    flow.inTransfer = 0;
    flow.rlc.reset();
}

void
PacketScheduler::TakeTurns(TemporaryBlockFlow& flow)
{
    if (flow.paused || !flow.rlc->CanSend())
    {
        return;
    }
    auto& rotations = GetDirection(flow.uplink).rotations;
    for (std::size_t n = 0; n < MAX_PDCHS; ++n)
    {
        if ((flow.pdchs & ~flow.turns & Bit(n)) != 0)
        {
            rotations[n].classes[flow.delayClass - 1U].flows.push_back(&flow);
        }
    }
    flow.turns = flow.pdchs;
}

void
PacketScheduler::LeaveTurns(TemporaryBlockFlow& flow)
{
    auto& rotations = GetDirection(flow.uplink).rotations;
    for (std::size_t n = 0; n < MAX_PDCHS; ++n)
    {
        if ((flow.turns & Bit(n)) != 0)
        {
            auto& [flows, next] = rotations[n].classes[flow.delayClass - 1U];
            const auto place = std::find(flows.begin(), flows.end(), &flow);
            next -= static_cast<std::size_t>(place - flows.begin()) < next ? 1 : 0;
            flows.erase(place);
        }
    }
    flow.turns = 0;
}

std::vector<TemporaryBlockFlow*>
PacketScheduler::GetFlows() const
{
    return m_flows;
}

void
PacketScheduler::Cancel()
{
    m_tick.Cancel();
}

void
PacketScheduler::ScheduleTick()
{
    if (!IsPending(m_tick))
    {
        const Time now = Simulator::Now();
        const int64_t next = std::max(GetRadioBlockAtOrAfter(now), m_block + 1);
        m_tick = Simulator::Schedule(GetRadioBlockStart(next) - now, &PacketScheduler::Tick, this);
    }
}

void
PacketScheduler::Tick()
{
    m_block = GetRadioBlockAtOrAfter(Simulator::Now());
    UpdatePdchs();
    ReceiveAcknowledgements(false);
    ReceiveAcknowledgements(true);
    for (std::size_t n = 0; n < m_pdchs; ++n)
    {
        SendBlock(m_downlink, n);
        SendBlock(m_uplink, n);
    }
    if (m_flows.size() > m_paused || !m_uplink.waiting.empty() || !m_downlink.waiting.empty())
    {
        ScheduleTick();
    }
}

/// Those for data of one direction; they take blocks of the other.
void
PacketScheduler::ReceiveAcknowledgements(bool uplink)
{
    auto& waiting = GetDirection(uplink).waiting;
    Direction& other = GetDirection(!uplink);
    other.reserved = 0;
    for (; !waiting.empty() && waiting.front().block <= m_block; waiting.pop_front())
    {
        TemporaryBlockFlow& flow = *waiting.front().flow;
        if (flow.serial != waiting.front().serial)
        {
            continue;
        }
        if (flow.pdchs == 0)
        {
            flow.acknowledgementDue = false; // asked for again when it has PDCHs
        }
        else
        {
            other.reserved |= flow.pdchs & static_cast<uint8_t>(-flow.pdchs); // its first PDCH
            ++other.acknowledgements;
            flow.Meter(!uplink);
            ReceiveAcknowledgement(flow);
        }
    }
}

void
PacketScheduler::ReceiveAcknowledgement(TemporaryBlockFlow& flow)
{
    flow.acknowledgementDue = false;
    if (m_user.LosesBlock(flow, GprsCodingScheme::CS_1, 0))
    {
        if (++flow.acknowledgementsLost >= m_settings.maxLost)
        {
            Leave(flow);
            m_user.FailTransfer(flow);
            return;
        }
        AskForAcknowledgement(flow);
        return;
    }
    flow.acknowledgementsLost = 0;
    flow.rlc->Acknowledge(m_block);
    if (flow.rlc->IsDone())
    {
        Leave(flow);
        m_user.EndTransfer(flow);
        return;
    }
    flow.scheme = m_user.ChooseScheme(flow);
    TakeTurns(flow);
    if (flow.turns == 0 && !flow.paused)
    {
        AskForAcknowledgement(flow); // of what was on its way when this one was made
    }
}

void
PacketScheduler::SendBlock(Direction& direction, std::size_t pdch)
{
    if ((direction.reserved & Bit(pdch)) != 0)
    {
        return;
    }
    for (Turns& turns : direction.rotations[pdch].classes)
    {
        if (!turns.flows.empty())
        {
            SendBlockOf(direction, turns);
            return;
        }
    }
}

void
PacketScheduler::SendBlockOf(Direction& direction, Turns& turns)
{
    turns.next %= turns.flows.size();
    TemporaryBlockFlow& flow = *turns.flows[turns.next++];
    const Time pause = m_user.GetPause(flow);
    if (pause.IsStrictlyPositive())
    {
        Pause(flow, pause);
        return;
    }
    ++direction.blocks;
    flow.lastBlock = GetRadioBlockEnd(m_block);
    flow.Meter(flow.uplink);
    SendRlcBlocks(direction, flow);
    if (flow.uplink && !m_settings.extendedUplink)
    {
        flow.countdown =
            flow.countdown || flow.rlc->GetUnsentBlocks(flow.scheme) <= m_settings.countdownBlocks;
    }
    if (!flow.rlc->CanSend())
    {
        LeaveTurns(flow);
    }
    FollowDelayClass(flow);
    if (flow.rlc->IsDone()) // unacknowledged
    {
        Leave(flow);
        m_user.EndTransfer(flow);
    }
    else if (flow.turns == 0 || flow.blocksUnacknowledged >= m_settings.acknowledgementBlocks)
    {
        AskForAcknowledgement(flow);
    }
}

void
PacketScheduler::SendRlcBlocks(Direction& direction, TemporaryBlockFlow& flow)
{
    std::vector<RlcTransfer::Outcome> ended;
    const GprsCodingScheme scheme = flow.scheme;
    uint32_t most = GetGprsCoding(scheme).rlcBlocks;
    for (uint32_t n = 0; n < most && flow.rlc->CanSend(); ++n)
    {
        const RlcTransfer::Block block = flow.rlc->Send(scheme, m_block);
        most = m_settings.resegmentation ? GetGprsCoding(block.scheme).rlcBlocks : most;
        const bool lost = m_user.LosesBlock(flow, block.scheme, block.earlier);
        direction.repeated += block.repeated ? 1 : 0;
        direction.lost += lost ? 1 : 0;
        ++flow.blocksUnacknowledged;
        flow.rlc->Receive(block.number, lost, ended, block.part);
    }
    for (const RlcTransfer::Outcome outcome : ended)
    {
        --flow.inTransfer;
        m_user.EndPdu(flow, outcome);
    }
}

void
PacketScheduler::AskForAcknowledgement(TemporaryBlockFlow& flow)
{
    if (!flow.acknowledgementDue)
    {
        flow.acknowledgementDue = true;
        flow.blocksUnacknowledged = 0;
        GetDirection(flow.uplink)
            .waiting.push_back(
                {m_block + (flow.uplink ? UPLINK_ACK_BLOCKS : POLL_BLOCKS), &flow, flow.serial});
    }
}

void
PacketScheduler::EndPause(TemporaryBlockFlow* flow, uint32_t serial)
{
    if (flow->serial != serial)
    {
        return;
    }
    flow->paused = false;
    --m_paused;
    ScheduleTick();
    if (flow->pdchs == 0)
    {
        Assign(*flow, ChooseAgain(*flow));
    }
    TakeTurns(*flow);
    if (flow->turns == 0)
    {
        AskForAcknowledgement(*flow);
    }
}

uint64_t
PacketScheduler::GetReassignments() const
{
    return m_reassigned;
}

CounterList
PacketScheduler::GetCounters() const
{
    return {
        {"downlink_acks", static_cast<double>(m_uplink.acknowledgements)},
        {"downlink_blocks", static_cast<double>(m_downlink.blocks)},
        {"downlink_blocks_lost", static_cast<double>(m_downlink.lost)},
        {"downlink_blocks_repeated", static_cast<double>(m_downlink.repeated)},
        {"uplink_acks", static_cast<double>(m_downlink.acknowledgements)},
        {"uplink_blocks", static_cast<double>(m_uplink.blocks)},
        {"uplink_blocks_lost", static_cast<double>(m_uplink.lost)},
        {"uplink_blocks_repeated", static_cast<double>(m_uplink.repeated)},
    };
}

} // namespace p2pim
} // namespace ns3
