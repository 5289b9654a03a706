// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/octet-ledger.h"

#include <numeric>

namespace ns3
{
namespace p2pim
{

namespace
{

const std::array<const char*, LOSS_CAUSES> g_names{"radio",
                                                   "link_failure",
                                                   "cell_change",
                                                   "outage",
                                                   "no_context",
                                                   "not_reached",
                                                   "no_room",
                                                   "detached",
                                                   "barred",
                                                   "incomplete",
                                                   "invalid",
                                                   "rerouted"};

} // namespace

uint64_t
OctetLedger::GetInside() const
{
    return m_in - m_out - std::accumulate(m_lost.begin(), m_lost.end(), uint64_t{0});
}

void
OctetLedger::AppendTo(const std::string& prefix, CounterList& counters) const
{
    counters.emplace_back(prefix + "_octets_in", static_cast<double>(m_in));
    counters.emplace_back(prefix + "_octets_out", static_cast<double>(m_out));
    counters.emplace_back(prefix + "_octets_inside", static_cast<double>(GetInside()));
    for (std::size_t cause = 0; cause < LOSS_CAUSES; ++cause)
    {
        if (m_lost[cause] > 0)
        {
            counters.emplace_back(prefix + "_octets_lost_" + g_names[cause],
                                  static_cast<double>(m_lost[cause]));
        }
    }
}

} // namespace p2pim
} // namespace ns3
