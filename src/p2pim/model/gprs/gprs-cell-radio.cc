// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The radio of a cell's packet data channels: which coding, which blocks are lost, and which
 * timeslots voice leaves.
 */
#include "ns3/gprs-cell.h"
#include "ns3/gprs-mobile-station.h"
#include "ns3/gsm-mobile-station.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace p2pim
{

namespace
{

/// With incremental redundancy the receptions of a block add up: n of them are too little with the
/// probability that the sum of n exponentially distributed C/I is below the threshold of one, which
/// is Erlang's distribution. That it is the energy that adds up is the least that it gains.
double
GetCombinedErrorRate(double rate, uint32_t earlier)
{
    const double threshold = -std::log(1 - rate); // in mean C/I
    double term = 1;
    double fewer = 1;
    for (uint32_t n = 1; n < earlier; ++n)
    {
        term *= threshold / n;
        fewer += term;
    }
    term *= threshold / earlier;
    const double before = 1 - (1 - rate) * fewer;
    return before > 0 ? (1 - (1 - rate) * (fewer + term)) / before : 0;
}

} // namespace

std::optional<double>
GprsCell::GetCarrierRatio(const TemporaryBlockFlow& flow) const
{
    const GsmMobileStation* ms = flow.ms->GetGsmMobileStation();
    return m_conditions && ms ? m_conditions->GetMeanCarrierRatio(
                                    *ms,
                                    flow.uplink ? GsmDirection::UPLINK : GsmDirection::DOWNLINK)
                              : std::nullopt;
}

/// With Rayleigh block fading C/I is exponentially distributed, and a block is lost below a
/// threshold, which follows from the 10 % that are lost at the reference ratio.
double
GprsCell::GetErrorRate(const TemporaryBlockFlow& flow, GprsCodingScheme scheme) const
{
    if (!flow.ms->IsReachable())
    {
        return 1;
    }
    const auto ratio = GetCarrierRatio(flow);
    if (!ratio)
    {
        return m_blockErrorRate;
    }
    constexpr double referenceRate = 0.1;
    const double above = *ratio - GetGprsCoding(scheme).referenceRatio;
    return 1 - std::pow(1 - referenceRate, std::pow(10, -above / 10));
}

GprsCodingScheme
GprsCell::ChooseScheme(const TemporaryBlockFlow& flow)
{
    if (!m_linkAdaptation || !GetCarrierRatio(flow))
    {
        return m_codingScheme;
    }
    const auto rate = [&](GprsCodingScheme scheme) {
        return GetRlcDataOctets(scheme) * (1 - GetErrorRate(flow, scheme));
    };
    auto best = IsEgprs(m_codingScheme) ? GprsCodingScheme::MCS_1 : GprsCodingScheme::CS_1;
    for (auto next = best; next <= m_codingScheme;
         next = static_cast<GprsCodingScheme>(static_cast<uint8_t>(next) + 1))
    {
        best = rate(next) > rate(best) ? next : best;
    }
    return best;
}

bool
GprsCell::LosesBlock(const TemporaryBlockFlow& flow, GprsCodingScheme scheme, uint32_t earlier)
{
    double rate = GetErrorRate(flow, scheme);
    if (m_incrementalRedundancy && earlier > 0 && rate < 1 && IsEgprs(scheme))
    {
        rate = GetCombinedErrorRate(rate, earlier);
    }
    return rate > 0 && m_blockErrors->GetValue() < rate;
}

/// From the end of one spike to the next is exponential again.
Time
GprsCell::GetPause(TemporaryBlockFlow& flow)
{
    const Time now = Simulator::Now();
    if (m_spikeInterval.IsZero() || now < flow.nextSpike)
    {
        return Time();
    }
    ++m_delaySpikes;
    Time pause = Seconds(m_spikeDuration->GetValue());
    flow.nextSpike = now + pause + Seconds(m_spikes->GetValue(m_spikeInterval.GetSeconds(), 0));
    return pause;
}

uint8_t
GprsCell::CountPdchs()
{
    if (m_sharedPdchs == 0)
    {
        return m_pdchs;
    }
    return m_pdchs + CountLent(m_voice.GetCalls(Simulator::Now()));
}

/// @return timeslots that are PDCHs for a time, while there are @p calls.
uint8_t
GprsCell::CountLent(uint32_t calls) const
{
    const auto most = std::min<uint32_t>(m_sharedPdchs, PacketScheduler::MAX_PDCHS - m_pdchs);
    return static_cast<uint8_t>(std::min(most, m_voiceSettings.channels - calls));
}

void
GprsCell::ChangePdchs(const TemporaryBlockFlow& flow)
{
    MeterStart(flow);
}

/// As for an assignment on the PACCH.
Time
GprsCell::GetReassignmentTime() const
{
    return m_pcuProcessing + NanoSeconds(RADIO_BLOCK_NS) + m_assignmentReaction;
}

void
GprsCell::AppendVoiceCounters(CounterList& counters) const
{
    const Time now = Simulator::Now();
    if (m_sharedPdchs == 0 || now.IsZero())
    {
        return;
    }
    double pdchs = m_pdchs;
    const auto& times = m_voice.GetTimes(now);
    for (uint32_t calls = 0; calls < times.size(); ++calls)
    {
        pdchs += CountLent(calls) * times[calls].GetSeconds() / now.GetSeconds();
    }
    counters.emplace_back("pdchs_mean", pdchs);
    counters.emplace_back("tbfs_pre_empted", static_cast<double>(m_scheduler.GetReassignments()));
    counters.emplace_back("voice_calls", static_cast<double>(m_voice.GetOffered()));
    counters.emplace_back("voice_calls_blocked", static_cast<double>(m_voice.GetBlocked()));
}

} // namespace p2pim
} // namespace ns3
