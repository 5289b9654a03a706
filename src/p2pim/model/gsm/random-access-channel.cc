// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/random-access-channel.h"

#include "ns3/simulator.h"
#include "ns3/tdma-clock.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr uint32_t MIN_FIRST_SPREAD = 8; // TS 44.018 3.3.1.1.2: max(T, 8)

/// A row of TS 44.018 table 3.1.1.2.1.
struct SpreadRow
{
    uint32_t txInteger;   ///< T
    uint32_t nonCombined; ///< S on a CCCH that is not combined with SDCCHs
    uint32_t combined;    ///< S on one that is
};

constexpr std::array<SpreadRow, 16> SPREAD{{
    {3, 55, 41},
    {4, 76, 52},
    {5, 109, 58},
    {6, 163, 86},
    {7, 217, 115},
    {8, 55, 41},
    {9, 76, 52},
    {10, 109, 58},
    {11, 163, 86},
    {12, 217, 115},
    {14, 55, 41},
    {16, 76, 52},
    {20, 109, 58},
    {25, 163, 86},
    {32, 217, 115},
    {50, 55, 41},
}};

/// @return S for @p txInteger, or for the next greater T of the table.
uint32_t
GetSpreadOffset(uint32_t txInteger, bool combined)
{
    const auto* row = std::find_if(SPREAD.begin(), SPREAD.end() - 1, [txInteger](const auto& r) {
        return r.txInteger >= txInteger;
    });
    return combined ? row->combined : row->nonCombined;
}

} // namespace

RandomAccessChannel::RandomAccessChannel(const CcchLayout& layout, const RachSettings& settings)
    : m_layout(layout),
      m_settings(settings),
      m_spread(CreateObject<UniformRandomVariable>()),
      m_capture(CreateObject<UniformRandomVariable>())
{
}

RandomAccessChannel::~RandomAccessChannel()
{
    Clear();
}

void
RandomAccessChannel::Clear()
{
    // The order does not matter: nothing but the events themselves changes.
    for (auto& access : m_accesses)
    {
        access.second.event.Cancel();
    }
    m_accesses.clear();
    m_slots.clear();
}

void
RandomAccessChannel::SetConditions(Ptr<GsmRadioConditions> conditions)
{
    m_conditions = conditions;
}

void
RandomAccessChannel::SetInService(bool inService)
{
    m_inService = inService;
}

const RachCounters&
RandomAccessChannel::GetCounters() const
{
    return m_counters;
}

int64_t
RandomAccessChannel::AssignStreams(int64_t first, int64_t capture)
{
    m_spread->SetStream(first);
    m_capture->SetStream(capture);
    return 1;
}

uint64_t
RandomAccessChannel::Start(AccessCallback done,
                           const GsmMobileStation* ms,
                           bool untilStopped,
                           RadioEnergyMeter* meter)
{
    const uint64_t number = ++m_lastNumber;
    Access& access = m_accesses[number];
    access.done = done;
    access.ms = ms;
    access.untilStopped = untilStopped;
    access.meter = meter;
    const int64_t slot = m_layout.GetRachSlot(TdmaFrameAtOrAfter(Simulator::Now()));
    SendRequest(number, access, slot, std::max(m_settings.txInteger, MIN_FIRST_SPREAD));
    return number;
}

void
RandomAccessChannel::Stop(uint64_t number)
{
    const auto access = m_accesses.find(number);
    if (access != m_accesses.end())
    {
        access->second.event.Cancel();
        m_accesses.erase(access);
    }
}

void
RandomAccessChannel::SendRequest(uint64_t number,
                                 Access& access,
                                 int64_t firstSlot,
                                 uint32_t spread)
{
    const int64_t slot = firstSlot + m_spread->GetInteger(0, spread - 1);
    ++access.sent;
    std::vector<uint64_t>& inSlot = m_slots[slot];
    inSlot.push_back(number);
    if (inSlot.size() == 1)
    {
        Simulator::Schedule(TdmaFrameStart(m_layout.GetRachFrame(slot) + 1) - Simulator::Now(),
                            &RandomAccessChannel::EndSlot,
                            this,
                            slot);
    }
}

void
RandomAccessChannel::EndSlot(int64_t slot)
{
    auto node = m_slots.extract(slot);
    if (node.empty())
    {
        return;
    }
    std::vector<uint64_t>& inSlot = node.mapped();
    const auto gone = std::remove_if(inSlot.begin(), inSlot.end(), [this](uint64_t number) {
        return m_accesses.count(number) == 0;
    });
    inSlot.erase(gone, inSlot.end());
    if (inSlot.empty())
    {
        return;
    }
    ++m_counters.slotsUsed;
    m_counters.requests += inSlot.size();
    const std::size_t decoded = FindDecoded(inSlot);
    for (std::size_t i = 0; i < inSlot.size(); ++i)
    {
        FollowUp(inSlot[i], m_accesses.at(inSlot[i]), slot, i == decoded);
    }
    if (decoded == inSlot.size())
    {
        return;
    }
    const auto access = m_accesses.find(inSlot[decoded]);
    const AccessCallback done = access->second.done;
    if (!access->second.untilStopped)
    {
        m_accesses.erase(access);
    }
    done(true);
}

GsmRadioConditions::AccessBurst
RandomAccessChannel::ReceiveBurst(uint64_t number)
{
    return m_conditions ? m_conditions->ReceiveAccessBurst(m_accesses.at(number).ms)
                        : GsmRadioConditions::AccessBurst{};
}

std::size_t
RandomAccessChannel::FindDecoded(const std::vector<uint64_t>& inSlot)
{
    const std::size_t none = inSlot.size();
    if (!m_inService)
    {
        m_counters.lost += inSlot.size();
        return none;
    }
    if (inSlot.size() == 1)
    {
        const bool decodable = ReceiveBurst(inSlot[0]).decodable;
        m_counters.lost += decodable ? 0 : 1;
        return decodable ? 0 : none;
    }
    std::vector<GsmRadioConditions::AccessBurst> bursts;
    bursts.reserve(inSlot.size());
    for (const uint64_t number : inSlot)
    {
        bursts.push_back(ReceiveBurst(number));
    }
    const std::size_t captured = FindCaptured(bursts);
    m_counters.captured += captured == none ? 0 : 1;
    m_counters.collisions += inSlot.size() - (captured == none ? 0 : 1);
    return captured;
}

std::size_t
RandomAccessChannel::FindCaptured(const std::vector<GsmRadioConditions::AccessBurst>& bursts)
{
    const std::size_t none = bursts.size();
    double sum = 0;
    std::size_t strongest = 0;
    bool levels = true;
    for (std::size_t i = 0; i < bursts.size(); ++i)
    {
        sum += bursts[i].power;
        levels = levels && bursts[i].power > 0;
        strongest = bursts[i].power > bursts[strongest].power ? i : strongest;
    }
    if (levels)
    {
        const double others = sum - bursts[strongest].power;
        const double ratio = std::pow(10.0, m_settings.captureRatio / 10);
        const bool captured =
            bursts[strongest].decodable && bursts[strongest].power >= ratio * others;
        return captured ? strongest : none;
    }
    if (m_settings.captureProbability == 0 ||
        m_capture->GetValue() >= m_settings.captureProbability)
    {
        return none;
    }
    const std::size_t any = m_capture->GetInteger(0, static_cast<uint32_t>(bursts.size()) - 1);
    return bursts[any].decodable ? any : none;
}

void
RandomAccessChannel::FollowUp(uint64_t number, Access& access, int64_t slot, bool decoded)
{
    access.decoded = access.decoded || decoded;
    if (access.meter != nullptr)
    {
        access.meter->CountAccessBurst();
    }
    if (decoded && !access.untilStopped)
    {
        return;
    }
    if (access.sent > m_settings.maxRetrans)
    {
        access.event =
            Simulator::Schedule(m_settings.t3126, &RandomAccessChannel::Fail, this, number);
        return;
    }
    const int64_t first = slot + GetSpreadOffset(m_settings.txInteger, m_layout.combined);
    if (!decoded)
    {
        SendRequest(number, access, first, m_settings.txInteger);
        return;
    }
    // Mostly the answer comes first, so the slot is drawn no earlier than needed.
    access.event =
        Simulator::Schedule(TdmaFrameStart(m_layout.GetRachFrame(first)) - Simulator::Now(),
                            &RandomAccessChannel::RepeatDecoded,
                            this,
                            number,
                            first);
}

void
RandomAccessChannel::RepeatDecoded(uint64_t number, int64_t firstSlot)
{
    SendRequest(number, m_accesses.at(number), firstSlot, m_settings.txInteger);
}

void
RandomAccessChannel::Fail(uint64_t number)
{
    const auto access = m_accesses.find(number);
    const AccessCallback done = access->second.done;
    ++(access->second.decoded ? m_counters.unanswered : m_counters.failures);
    m_accesses.erase(access);
    done(false);
}

} // namespace p2pim
} // namespace ns3
