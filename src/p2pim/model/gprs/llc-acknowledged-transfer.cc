// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The information transfer of acknowledged operation (TS 44.064 8.6).
 */
#include "ns3/llc-entity.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

/// The unit of mU and mD, octets (TS 44.064 8.9.7).
constexpr std::size_t WINDOW_UNIT = 16;

} // namespace

void
LlcEntity::Acknowledged::PopFront()
{
    sentOctets -= queue.front().sdu.size();
    queue.pop_front();
    --sent;
    acknowledgeState = (acknowledgeState + 1) % LLC_MODULUS;
}

void
LlcEntity::Acknowledged::SetReceived(LlcFrame& frame) const
{
    frame.receiveNumber = receiveState;
    frame.supervisory = LlcSupervisory::RR;
    if (busy)
    {
        frame.supervisory = LlcSupervisory::RNR;
    }
    else if (early.size() == 1)
    {
        frame.supervisory = LlcSupervisory::ACK;
    }
    else if (!early.empty())
    {
        frame.supervisory = LlcSupervisory::SACK;
        for (std::size_t i = 0; i < early.size(); ++i)
        {
            if (early[i])
            {
                frame.bitmap.Set(i + 1);
            }
        }
    }
}

void
LlcEntity::ReceiveNumbered(Time now, const LlcFrame& frame)
{
    if (GetState() != State::ABM)
    {
        ++m_counters.invalid;
        if (GetState() == State::ADM && frame.command)
        {
            SendUnnumbered(LlcUnnumbered::DM, false, false);
        }
        return;
    }
    Acknowledged& link = *m_acknowledged;
    link.used = true;
    if (GetLlcDistance(frame.receiveNumber, link.acknowledgeState) > link.sent)
    {
        // An N(R) that acknowledges what was never sent: the links do not fit (8.6.6).
        ++m_counters.invalid;
        BeginEstablishment(now, false);
        return;
    }
    ReceiveAcknowledgement(now, frame);
    if (GetState() != State::ABM)
    {
        return;
    }
    link.acknowledgement = link.acknowledgement || frame.acknowledge;
    if (frame.format == LlcFormat::I)
    {
        ReceiveInformation(frame);
    }
}

void
LlcEntity::ReceiveAcknowledgement(Time now, const LlcFrame& frame)
{
    Acknowledged& link = *m_acknowledged;
    uint64_t newest = 0; // the latest transmission that is known to have arrived
    while (link.acknowledgeState != frame.receiveNumber)
    {
        newest = std::max(newest, link.queue.front().order);
        link.PopFront();
        Indicate(LlcPrimitive::DATA_CONFIRM);
    }
    for (std::size_t i = 1; i < link.sent; ++i)
    {
        const bool received = (frame.supervisory == LlcSupervisory::ACK && i == 1) ||
                              (frame.supervisory == LlcSupervisory::SACK && frame.bitmap.Has(i));
        if (received && !link.queue[i].received)
        {
            link.queue[i].received = true;
            link.queue[i].due = false;
            newest = std::max(newest, link.queue[i].order);
        }
    }
    const bool busy = frame.supervisory == LlcSupervisory::RNR;
    if (link.peerBusy && !busy)
    {
        RestartSending();
    }
    link.peerBusy = busy;
    if (newest > 0 || busy)
    {
        link.retransmissions = 0;
        link.deadline = Time::Max();
        if (link.sent > 0)
        {
            link.deadline = now + m_parameters.t200;
        }
    }
    for (std::size_t i = 0; i < link.sent; ++i)
    {
        // Frames arrive in order: what was sent before one that has arrived is lost.
        if (!link.queue[i].received && !link.queue[i].due && link.queue[i].order < newest &&
            !Retransmit(now, i))
        {
            return;
        }
    }
}

bool
LlcEntity::Retransmit(Time now, std::size_t index)
{
    Acknowledged::Outgoing& frame = m_acknowledged->queue[index];
    if (frame.retransmissions == m_parameters.n200)
    {
        Indicate(LlcPrimitive::STATUS_INDICATION);
        BeginEstablishment(now, false);
        return false;
    }
    ++frame.retransmissions;
    frame.due = true;
    return true;
}

void
LlcEntity::RestartSending()
{
    Acknowledged& link = *m_acknowledged;
    for (std::size_t i = 0; i < link.sent; ++i)
    {
        link.queue[i].due = true;
        link.queue[i].received = false;
    }
}

void
LlcEntity::ReceiveInformation(const LlcFrame& frame)
{
    Acknowledged& link = *m_acknowledged;
    const uint16_t window = m_side == LlcSide::MS ? m_parameters.kD : m_parameters.kU;
    const uint16_t ahead = GetLlcDistance(frame.sendNumber, link.receiveState);
    const bool before = ahead >= LLC_MODULUS / 2;
    const bool again =
        ahead >= 1 && ahead <= link.early.size() && link.early[ahead - 1].has_value();
    if (before || again)
    {
        ++m_counters.iDuplicates;
        return;
    }
    if (ahead >= window || frame.size > m_parameters.n201I || link.busy)
    {
        ++m_counters.iOutOfWindow;
        return;
    }
    if (ahead == 0)
    {
        Deliver(frame);
        return;
    }
    link.acknowledgement = link.acknowledgement || link.early.empty(); // tells of the gap
    link.early.resize(std::max<std::size_t>(link.early.size(), ahead));
    link.early[ahead - 1].emplace(frame.information, frame.information + frame.size);
}

void
LlcEntity::Deliver(const LlcFrame& frame)
{
    Acknowledged& link = *m_acknowledged;
    const auto deliver = [this, &link](const uint8_t* sdu, std::size_t size) {
        link.receiveState = (link.receiveState + 1) % LLC_MODULUS;
        ++m_counters.iDelivered;
        Indicate(LlcPrimitive::DATA_INDICATION, sdu, size);
    };
    deliver(frame.information, frame.size);
    while (!link.early.empty())
    {
        std::optional<Octets> next = std::move(link.early.front());
        link.early.pop_front();
        if (!next)
        {
            break; // the one with N(S) = V(R)
        }
        link.delivered.push_back(std::move(*next)); // its octets stay where they are
        deliver(link.delivered.back().data(), link.delivered.back().size());
    }
}

std::vector<std::size_t>
LlcEntity::TakeDue()
{
    Acknowledged& link = *m_acknowledged;
    const bool fromPhone = m_side == LlcSide::MS;
    const std::size_t window = fromPhone ? m_parameters.kU : m_parameters.kD;
    const std::size_t octets = (fromPhone ? m_parameters.mU : m_parameters.mD) * WINDOW_UNIT;
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < link.queue.size() && !link.peerBusy; ++i)
    {
        Acknowledged::Outgoing& frame = link.queue[i];
        if (i == link.sent)
        {
            const bool fits =
                octets == 0 || link.sent == 0 || link.sentOctets + frame.sdu.size() <= octets;
            if (link.sent == window || !fits)
            {
                break;
            }
            ++link.sent;
            link.sentOctets += frame.sdu.size();
        }
        if (frame.due)
        {
            frame.due = false;
            due.push_back(i);
        }
    }
    return due;
}

void
LlcEntity::WriteNumbered(Time now)
{
    Acknowledged& link = *m_acknowledged;
    LlcFrame frame;
    const std::vector<std::size_t> due = TakeDue();
    for (const std::size_t index : due)
    {
        Acknowledged::Outgoing& outgoing = link.queue[index];
        frame = LlcFrame();
        frame.format = LlcFormat::I;
        link.SetReceived(frame);
        if (!link.acknowledgement && frame.supervisory != LlcSupervisory::RNR)
        {
            frame.supervisory = LlcSupervisory::RR; // told before
        }
        link.acknowledgement = false;
        frame.acknowledge = index == due.back();
        frame.sendNumber = (link.acknowledgeState + index) % LLC_MODULUS;
        frame.information = outgoing.sdu.data();
        frame.size = outgoing.sdu.size();
        SendFrame(frame);
        ++(outgoing.order == 0 ? m_counters.iSent : m_counters.iRetransmitted);
        outgoing.order = ++link.transmissions;
    }
    if (link.acknowledgement || link.poll)
    {
        frame = LlcFrame();
        frame.format = LlcFormat::S;
        frame.command = link.poll;
        frame.acknowledge = link.poll;
        link.SetReceived(frame);
        SendFrame(frame);
        link.acknowledgement = link.poll = false;
    }
    const bool waits = link.sent > 0 || (link.peerBusy && !link.queue.empty());
    if (waits && link.deadline == Time::Max())
    {
        link.deadline = now + m_parameters.t200;
    }
}

} // namespace p2pim
} // namespace ns3
