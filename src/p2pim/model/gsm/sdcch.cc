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
constexpr uint32_t COMBINED_SUBCHANNELS = 4;
constexpr int64_t UPLINK_OFFSET = 15; // TS 45.002 7, table 4: of SDCCH/4 and SDCCH/8
/// First downlink frames of the subchannels of an SDCCH/4 (TS 45.002 7, table 4).
constexpr std::array<int64_t, COMBINED_SUBCHANNELS> COMBINED_OFFSETS{22, 26, 32, 36};

// SACCH/TF (TS 45.002 7, table 1): four bursts 26 frames apart, by time slot 13 frames later.
constexpr int64_t SACCH_LENGTH = 3 * 26 + 1;
constexpr int64_t SACCH_FIRST = 12;
constexpr int64_t SACCH_STEP = 13;
constexpr uint32_t TIME_SLOTS = 8;
constexpr uint32_t FIRST_TCH_SLOT = 2; // own choice: behind BCCH and SDCCH/8

LapdmSide
GetPeer(LapdmSide side)
{
    return side == LapdmSide::MS ? LapdmSide::BTS : LapdmSide::MS;
}

bool
IsSacch(DedicatedChannelKind kind)
{
    return kind == DedicatedChannelKind::SACCH_TCH;
}

/// @return the share lost of what one loss and then another leaves over.
double
CombineLosses(double one, double other)
{
    return one + other - one * other;
}

} // namespace

Sdcch::Sdcch(SdcchEnvironment& environment, uint32_t index, DedicatedChannelKind kind)
    : m_environment(environment),
      m_kind(kind),
      m_index(index),
      m_timing(MakeTiming(kind, index)),
      m_ends{
          End{LapdmEntity(LapdmSide::BTS, IsSacch(kind) ? environment.sacch : environment.lapdm)},
          End{LapdmEntity(LapdmSide::MS, IsSacch(kind) ? environment.sacch : environment.lapdm)}}
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

Sdcch::Timing
Sdcch::MakeTiming(DedicatedChannelKind kind, uint32_t index)
{
    if (IsSacch(kind))
    {
        const uint32_t slot = (FIRST_TCH_SLOT + index) % TIME_SLOTS;
        const int64_t first = SACCH_FIRST + SACCH_STEP * slot;
        return {TDMA_SACCH_PERIOD, SACCH_LENGTH, first, first};
    }
    const int64_t downlink = kind == DedicatedChannelKind::SDCCH_4
                                 ? COMBINED_OFFSETS[index % COMBINED_SUBCHANNELS]
                                 : TDMA_BLOCK_FRAMES * (index % SUBCHANNELS);
    return {TDMA_MULTIFRAME, TDMA_BLOCK_FRAMES, downlink, downlink + UPLINK_OFFSET};
}

DedicatedChannelKind
Sdcch::GetKind() const
{
    return m_kind;
}

Time
Sdcch::GetBlockPeriod() const
{
    return TdmaFrameStart(m_timing.period);
}

uint8_t
Sdcch::GetSubchannel() const
{
    switch (m_kind)
    {
    case DedicatedChannelKind::SDCCH_8:
        return static_cast<uint8_t>(m_index % SUBCHANNELS);
    case DedicatedChannelKind::SDCCH_4:
        return static_cast<uint8_t>(m_index % COMBINED_SUBCHANNELS);
    default:
        return 0;
    }
}

uint8_t
Sdcch::GetTimeSlot() const
{
    switch (m_kind)
    {
    case DedicatedChannelKind::SDCCH_8:
        return static_cast<uint8_t>(1 + m_index / SUBCHANNELS);
    case DedicatedChannelKind::SDCCH_4:
        return 0;
    default:
        return static_cast<uint8_t>(FIRST_TCH_SLOT + m_index);
    }
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
        end.erasureRate = m_environment.frameErasureRate;
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
Sdcch::SetErasureRates(double uplink, double downlink)
{
    CatchUp();
    GetEnd(LapdmSide::MS).erasureRate = CombineLosses(m_environment.frameErasureRate, uplink);
    GetEnd(LapdmSide::BTS).erasureRate = CombineLosses(m_environment.frameErasureRate, downlink);
    Plan();
}

void
Sdcch::FallSilent()
{
    CatchUp();
    GetEnd(LapdmSide::BTS).present = false;
    Plan();
}

DedicatedChannelUser*
Sdcch::GetNetwork() const
{
    return GetEnd(LapdmSide::BTS).user;
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
    return m_ends[0].erasureRate == 0 && m_ends[1].erasureRate == 0 && m_ends[0].present &&
           m_ends[1].present && m_silentFrom == TDMA_NEVER;
}

int64_t
Sdcch::GetBlock(LapdmSide side, int64_t due) const
{
    const End& end = GetEnd(side);
    if (due == TDMA_NEVER || !end.present)
    {
        return TDMA_NEVER;
    }
    const int64_t offset = side == LapdmSide::BTS ? m_timing.downlink : m_timing.uplink;
    const int64_t frame = TdmaNextAtOffset(std::max(due, end.nextFrame), offset, m_timing.period);
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
            first = std::min(first, std::max(due.backlog, answer + m_timing.length));
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
    frame += m_timing.length;
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
        if (frame > now - m_timing.length)
        {
            break;
        }
        // On a SACCH both go at once: neither can answer the other.
        const Frame downlink = down == frame ? BuildBlock(LapdmSide::BTS, frame) : Frame{};
        const Frame uplink = up == frame ? BuildBlock(LapdmSide::MS, frame) : Frame{};
        SendBlock(LapdmSide::MS, frame, uplink);
        SendBlock(LapdmSide::BTS, frame, downlink);
    }
    m_catchingUp = false;
}

Sdcch::Frame
Sdcch::BuildBlock(LapdmSide side, int64_t frame)
{
    End& end = GetEnd(side);
    end.nextFrame = frame + 1;
    Frame built;
    const LapdmEntity::Build result = end.lapdm.BuildFrame(frame, built.block, built.failure);
    built.sent = result == LapdmEntity::Build::FRAME;
    built.failed = result == LapdmEntity::Build::FAILED;
    if (built.sent && side == LapdmSide::MS && IsSacch(m_kind))
    {
        end.nextFrame = frame + m_timing.period + 1;
    }
    return built;
}

void
Sdcch::SendBlock(LapdmSide side, int64_t frame, const Frame& sent)
{
    if (sent.failed)
    {
        ++m_environment.linkFailures;
        Deliver(side, sent.failure);
        return;
    }
    if (!sent.sent)
    {
        return;
    }
    ++m_environment.frames;
    if (!IsSacch(m_kind))
    {
        m_environment.frameTrace(side == LapdmSide::MS, frame, sent.block);
    }
    else if (m_environment.sacchTrace != nullptr)
    {
        (*m_environment.sacchTrace)(side == LapdmSide::MS, frame, sent.block);
    }
    if (m_environment.blockTrace != nullptr)
    {
        (*m_environment.blockTrace)(*this, side == LapdmSide::MS, frame, sent.block);
    }
    const double rate = GetEnd(side).erasureRate;
    End& peer = GetEnd(GetPeer(side));
    const bool erased = rate > 0 && m_environment.erasure->GetValue() < rate;
    if (erased || !peer.present)
    {
        ++m_environment.erased;
        return;
    }
    Deliver(GetPeer(side), peer.lapdm.Receive(frame + m_timing.length, sent.block));
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
