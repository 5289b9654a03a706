// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-figures.h"

#include "run-counters.h"

#include "ns3/boolean.h"
#include "ns3/enum.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

namespace
{

constexpr double NANOSECOND = 1e-9;

/// What has been carried, and in which time.
struct Carried
{
    double uplink = 0;          ///< octets from phones
    double downlink = 0;        ///< octets to them
    double transferSeconds = 0; ///< of all of them
    int64_t first = -1;         ///< beginning of the first session, ns
    int64_t last = 0;           ///< end of the last one
};

Carried
MeasureCarried(const ::p2pim::RunRecord& record)
{
    Carried sum;
    for (const auto& session : record.sessions)
    {
        if (session.steps.empty())
        {
            continue;
        }
        const int64_t start = session.steps.front().timeNs;
        sum.first = sum.first < 0 ? start : std::min(sum.first, start);
        sum.last = std::max(sum.last, session.steps.back().timeNs);
        for (const auto& message : session.messages)
        {
            if (message.receivedNs >= 0)
            {
                (message.fromInitiator ? sum.uplink : sum.downlink) += message.octets;
                sum.transferSeconds +=
                    static_cast<double>(message.receivedNs - message.sentNs) * NANOSECOND;
            }
        }
    }
    return sum;
}

/// @return how often, and for how long in all, sessions stood still as their phones were suspended;
/// nothing if none did.
CounterList
MeasureStalls(const ::p2pim::RunRecord& record)
{
    double stalls = 0;
    int64_t total = 0;
    for (const auto& session : record.sessions)
    {
        int64_t since = -1;
        for (const auto& step : session.steps)
        {
            if (step.name == GPRS_SUSPENDED_STEP)
            {
                since = step.timeNs;
                ++stalls;
            }
            else if (since >= 0 &&
                     (step.name == GPRS_RESUMED_STEP || &step == &session.steps.back()))
            {
                total += step.timeNs - std::exchange(since, -1);
            }
        }
    }
    if (stalls == 0)
    {
        return {};
    }
    return {{"stalls", stalls}, {"stall_seconds", static_cast<double>(total) * NANOSECOND}};
}

/// @return what the blocks of one direction were used for, in a run that brought @p payload octets.
CounterList
DeriveBlocks(const CellularNetwork& network,
             const RunCounters& counters,
             const std::string& direction,
             double payload,
             double seconds)
{
    double pdchs = SumCounters(counters, "cell-", "pdchs_mean");
    const bool lends = pdchs > 0; // voice lends some
    for (const auto& cell : network.GetGprsCells())
    {
        UintegerValue fixed;
        cell->GetAttribute("Pdchs", fixed);
        pdchs += lends ? 0 : static_cast<double>(fixed.Get());
    }
    const double available = pdchs * seconds / (RADIO_BLOCK_NS * NANOSECOND);
    const double blocks = SumCounters(counters, "cell-", direction + "_blocks");
    const double octets = SumCounters(counters, "cell-", "llc_" + direction + "_octets_out");
    CounterList figures{{direction + "_pdch_share", GetShare(blocks, available)},
                        {direction + "_payload_share", GetShare(payload, octets)}};
    EnumValue scheme;
    BooleanValue adapts;
    network.GetGprsCells().front()->GetAttribute("CodingScheme", scheme);
    network.GetGprsCells().front()->GetAttribute("LinkAdaptation", adapts);
    if (!adapts.Get())
    {
        const double room = GetRlcDataOctets(static_cast<GprsCodingScheme>(scheme.Get()));
        figures.emplace_back(direction + "_rlc_efficiency", GetShare(octets, blocks * room));
    }
    return figures;
}

} // namespace

void
StoreGprsCounters(const CellularNetwork& network,
                  const CounterList& reselections,
                  double offered,
                  ::p2pim::RunRecord& record)
{
    RunCounters counters = network.GetCounters();
    const Carried carried = MeasureCarried(record);
    const double seconds = static_cast<double>(carried.last - carried.first) * NANOSECOND;
    const double bits = 8 * (carried.uplink + carried.downlink);
    CounterList derived{
        {"carried_bit_s", GetShare(bits, seconds)},
        {"goodput_bit_s", GetShare(bits, carried.transferSeconds)},
    };
    if (offered > 0)
    {
        derived.emplace_back("offered_bit_s", offered);
    }
    const CounterList stalls = MeasureStalls(record);
    derived.insert(derived.end(), stalls.begin(), stalls.end());
    for (const bool uplink : {false, true})
    {
        const CounterList more = DeriveBlocks(network,
                                              counters,
                                              uplink ? "uplink" : "downlink",
                                              uplink ? carried.uplink : carried.downlink,
                                              seconds);
        derived.insert(derived.end(), more.begin(), more.end());
    }
    counters.emplace_back("derived", derived);
    counters.emplace_back("reselection", reselections);
    StoreCounters(std::move(counters), record);
}

} // namespace p2pim
} // namespace ns3
