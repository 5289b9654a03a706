// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sdcch.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t SUBCHANNELS = 8;
constexpr int64_t UPLINK_OFFSET = 15; // TS 45.002 7, table 4: SDCCH/8

LapdmSide
GetPeer(LapdmSide side)
{
    return side == LapdmSide::MS ? LapdmSide::BTS : LapdmSide::MS;
}

} // namespace

Sdcch::Sdcch(SdcchEnvironment& environment, uint32_t index)
    : m_environment(environment),
      m_index(index),
      m_ends{End{LapdmEntity(LapdmSide::BTS, environment.lapdm)},
             End{LapdmEntity(LapdmSide::MS, environment.lapdm)}}
{
}

Sdcch::~Sdcch()
{
    m_event.Cancel();
}

Sdcch::End&
Sdcch::GetEnd(LapdmSide side)
{
    return m_ends[static_cast<std::size_t>(side)];
}

const Sdcch::End&
Sdcch::GetEnd(LapdmSide side) const
{
    return m_ends[static_cast<std::size_t>(side)];
}

uint8_t
Sdcch::GetSubchannel() const
{
    return static_cast<uint8_t>(m_index % SUBCHANNELS);
}

uint8_t
Sdcch::GetTimeSlot() const
{
    return static_cast<uint8_t>(1 + m_index / SUBCHANNELS);
}

uint64_t
Sdcch::GetSeizure() const
{
    return m_seizure;
}

Time
Sdcch::GetActivationTime() const
{
    return m_activated;
}

uint64_t
Sdcch::GetSubscriber() const
{
    return m_subscriber;
}

void
Sdcch::SetMessageReference(uint64_t reference)
{
    m_messageReference = reference;
}

uint64_t
Sdcch::GetMessageReference() const
{
    return m_messageReference;
}

bool
Sdcch::IsOpen() const
{
    return GetEnd(LapdmSide::BTS).user != nullptr;
}

void
Sdcch::Activate(DedicatedChannelUser* network)
{
    if (DedicatedChannelUser* ms = GetEnd(LapdmSide::MS).user)
    {
        // A phone that still waits for an answer here has lost the channel.
        TuneOut();
        ms->HandleLink(*this, {LapdmPrimitive::ERROR_INDICATION, SAPI_SIGNALLING, nullptr, 0});
    }
    const int64_t now = TdmaFrameAtOrAfter(Simulator::Now());
    for (End& end : m_ends)
    {
        end.lapdm.Reset();
        end.nextFrame = now;
    }
    ++m_seizure;
    m_subscriber = 0;
    m_messageReference = 0;
    m_activated = Simulator::Now();
    m_silentFrom = TDMA_NEVER;
    End& bts = GetEnd(LapdmSide::BTS);
    bts.user = network;
    bts.present = true;
    Plan();
}

void
Sdcch::TuneIn(DedicatedChannelUser* ms)
{
    End& end = GetEnd(LapdmSide::MS);
    end.lapdm.Reset();
    end.nextFrame = TdmaFrameAtOrAfter(Simulator::Now());
    end.user = ms;
    end.present = true;
}

void
Sdcch::TuneOut()
{
    CatchUp();
    Forget(LapdmSide::MS);
    Plan();
}

void
Sdcch::Forget(LapdmSide side)
{
    End& end = GetEnd(side);
    end.user = nullptr;
    end.present = false;
}

void
Sdcch::SetNetwork(DedicatedChannelUser* network, uint64_t subscriber)
{
    GetEnd(LapdmSide::BTS).user = network;
    m_subscriber = subscriber;
}

void
Sdcch::CloseNetwork(Time end)
{
    CatchUp();
    GetEnd(LapdmSide::BTS).user = nullptr;
    m_subscriber = 0;
    m_silentFrom = TdmaFrameAtOrAfter(end);
    Plan();
}

int64_t
Sdcch::StartRequest(Time wait)
{
    CatchUp();
    return TdmaFrameAtOrAfter(Simulator::Now() + wait);
}

void
Sdcch::Establish(LapdmSide side, uint8_t sapi, std::vector<uint8_t> information, Time wait)
{
    const int64_t ready = StartRequest(wait);
    GetEnd(side).lapdm.Establish(sapi, std::move(information), ready);
    Plan();
}

void
Sdcch::Send(LapdmSide side, uint8_t sapi, std::vector<uint8_t> message, Time wait)
{
    const int64_t ready = StartRequest(wait);
    GetEnd(side).lapdm.Send(sapi, std::move(message), ready);
    Plan();
}

void
Sdcch::Release(LapdmSide side, uint8_t sapi, Time wait)
{
    const int64_t ready = StartRequest(wait);
    GetEnd(side).lapdm.Release(sapi, ready);
    Plan();
}

bool
Sdcch::IsLossless() const
{
    return m_environment.frameErasureRate == 0 && m_ends[0].present && m_ends[1].present &&
           m_silentFrom == TDMA_NEVER;
}

int64_t
Sdcch::GetBlock(LapdmSide side, int64_t due) const
{
    const End& end = GetEnd(side);
    if (due == TDMA_NEVER || !end.present)
    {
        return TDMA_NEVER;
    }
    const int64_t first = TDMA_BLOCK_FRAMES * GetSubchannel();
    const int64_t offset = side == LapdmSide::BTS ? first : (first + UPLINK_OFFSET);
    const int64_t frame = TdmaNextAtOffset(std::max(due, end.nextFrame), offset);
    return side == LapdmSide::BTS && frame >= m_silentFrom ? TDMA_NEVER : frame;
}

int64_t
Sdcch::GetAnyDue(LapdmSide side) const
{
    int64_t first = TDMA_NEVER;
    for (std::size_t i = 0; i < LapdmEntity::LINKS; ++i)
    {
        const LapdmEntity::LinkDue due = GetEnd(side).lapdm.GetDue(i);
        first = std::min({first, due.command, due.ack, due.t200});
    }
    return first;
}

int64_t
Sdcch::GetNotableDue(LapdmSide side) const
{
    int64_t first = TDMA_NEVER;
    for (std::size_t i = 0; i < LapdmEntity::LINKS; ++i)
    {
        const LapdmEntity::LinkDue due = GetEnd(side).lapdm.GetDue(i);
        first = std::min(first, due.command);
        const int64_t answer = GetBlock(GetPeer(side), GetEnd(GetPeer(side)).lapdm.GetDue(i).ack);
        if (answer == TDMA_NEVER)
        {
            first = std::min(first, due.t200);
        }
        else if (due.backlog != TDMA_NEVER)
        {
            first = std::min(first, std::max(due.backlog, answer + TDMA_BLOCK_FRAMES));
        }
    }
    return first;
}

void
Sdcch::Plan()
{
    if (m_catchingUp)
    {
        return;
    }
    const bool lossless = IsLossless();
    int64_t frame = TDMA_NEVER;
    for (const LapdmSide side : {LapdmSide::BTS, LapdmSide::MS})
    {
        frame = std::min(frame, GetBlock(side, lossless ? GetNotableDue(side) : GetAnyDue(side)));
    }
    if (frame == TDMA_NEVER)
    {
        m_event.Cancel();
        m_eventFrame = TDMA_NEVER;
        return;
    }
    frame += TDMA_BLOCK_FRAMES;
    if (frame != m_eventFrame)
    {
        m_event.Cancel();
        m_eventFrame = frame;
        m_event = Simulator::Schedule(TdmaFrameStart(frame) - Simulator::Now(),
                                      &Sdcch::HandleEvent,
                                      this);
    }
}

void
Sdcch::HandleEvent()
{
    m_eventFrame = TDMA_NEVER;
    CatchUp();
    Plan();
}

void
Sdcch::CatchUp()
{
    if (m_catchingUp)
    {
        return;
    }
    m_catchingUp = true;
    const int64_t now = TdmaCurrentFrame(Simulator::Now());
    for (;;)
    {
        const int64_t down = GetBlock(LapdmSide::BTS, GetAnyDue(LapdmSide::BTS));
        const int64_t up = GetBlock(LapdmSide::MS, GetAnyDue(LapdmSide::MS));
        const int64_t frame = std::min(down, up);
        if (frame > now - TDMA_BLOCK_FRAMES)
        {
            break;
        }
        SendBlock(down < up ? LapdmSide::BTS : LapdmSide::MS, frame);
    }
    m_catchingUp = false;
}

void
Sdcch::SendBlock(LapdmSide side, int64_t frame)
{
    End& end = GetEnd(side);
    end.nextFrame = frame + 1;
    L2Block block;
    LapdmIndication indication;
    switch (end.lapdm.BuildFrame(frame, block, indication))
    {
    case LapdmEntity::Build::NOTHING:
        return;
    case LapdmEntity::Build::FAILED:
        ++m_environment.linkFailures;
        Deliver(side, indication);
        return;
    case LapdmEntity::Build::FRAME:
        break;
    }
    ++m_environment.frames;
    m_environment.frameTrace(side == LapdmSide::MS, frame, block);
    End& peer = GetEnd(GetPeer(side));
    const bool erased = m_environment.frameErasureRate > 0 &&
                        m_environment.erasure->GetValue() < m_environment.frameErasureRate;
    if (erased || !peer.present)
    {
        ++m_environment.erased;
        return;
    }
    Deliver(GetPeer(side), peer.lapdm.Receive(frame + TDMA_BLOCK_FRAMES, block));
}

void
Sdcch::Deliver(LapdmSide side, const LapdmIndication& indication)
{
    if (indication.primitive == LapdmPrimitive::NONE)
    {
        return;
    }
    if (indication.size > 0 && !m_environment.layer3Trace.IsEmpty())
    {
        m_environment.layer3Trace(
            side == LapdmSide::BTS,
            indication.sapi,
            std::vector<uint8_t>(indication.message, indication.message + indication.size));
    }
    if (DedicatedChannelUser* user = GetEnd(side).user)
    {
        user->HandleLink(*this, indication);
    }
}

} // namespace p2pim
} // namespace ns3
