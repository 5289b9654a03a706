// SPDX-License-Identifier: GPL-2.0-only
#include "gprs-figures.h"

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

/// The counters of a run, by the element's name.
using Counters = std::vector<std::pair<std::string, CounterList>>;

constexpr double NANOSECOND = 1e-9;

double
Divide(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/// @return a counter of one element; 0 if there is none.
double
Get(const CounterList& counters, const std::string& name)
{
    const auto found = std::find_if(counters.begin(), counters.end(), [&name](const auto& each) {
        return each.first == name;
    });
    return found == counters.end() ? 0 : found->second;
}

/// What has been carried, and in which time.
struct Carried
{
    double octets = 0;
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
                sum.octets += message.octets;
                sum.transferSeconds +=
                    static_cast<double>(message.receivedNs - message.sentNs) * NANOSECOND;
            }
        }
    }
    return sum;
}

/// @return what the blocks of one direction were used for.
CounterList
DeriveBlocks(const CellularNetwork& network,
             const Counters& counters,
             const std::string& direction,
             double seconds)
{
    double blocks = 0;
    double available = 0;
    double octets = 0;
    double room = 0;
    bool known = true;
    for (std::size_t n = 0; n < network.GetGprsCells().size(); ++n)
    {
        const auto found =
            std::find_if(counters.begin(), counters.end(), [n](const auto& element) {
                return element.first == "cell-" + std::to_string(n) &&
                       !element.second.empty();
            });
        UintegerValue pdchs;
        EnumValue scheme;
        BooleanValue adapts;
        const auto cell = network.GetGprsCells()[n];
        cell->GetAttribute("Pdchs", pdchs);
        cell->GetAttribute("CodingScheme", scheme);
        cell->GetAttribute("LinkAdaptation", adapts);
        const double used = Get(found->second, direction + "_blocks");
        blocks += used;
        available += static_cast<double>(pdchs.Get()) * seconds / (RADIO_BLOCK_NS * NANOSECOND);
        octets += Get(found->second, "llc_" + direction + "_octets_out");
        room += used * GetRlcDataOctets(static_cast<GprsCodingScheme>(scheme.Get()));
        known = known && !adapts.Get();
    }
    CounterList figures{{direction + "_pdch_share", Divide(blocks, available)}};
    if (known)
    {
        figures.emplace_back(direction + "_rlc_efficiency", Divide(octets, room));
    }
    return figures;
}

} // namespace

void
StoreGprsCounters(const CellularNetwork& network, ::p2pim::RunRecord& record)
{
    Counters counters = network.GetCounters();
    const Carried carried = MeasureCarried(record);
    const double seconds = static_cast<double>(carried.last - carried.first) * NANOSECOND;
    CounterList derived{
        {"carried_bit_s", Divide(8 * carried.octets, seconds)},
        {"goodput_bit_s", Divide(8 * carried.octets, carried.transferSeconds)},
    };
    for (const auto* direction : {"downlink", "uplink"})
    {
        const CounterList more = DeriveBlocks(network, counters, direction, seconds);
        derived.insert(derived.end(), more.begin(), more.end());
    }
    counters.emplace_back("derived", derived);
    std::sort(counters.begin(), counters.end());
    for (const auto& [element, list] : counters)
    {
        for (const auto& [name, value] : list)
        {
            record.counters.push_back({element, name, value});
        }
    }
}

} // namespace p2pim
} // namespace ns3
