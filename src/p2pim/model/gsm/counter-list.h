// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_COUNTER_LIST_H
#define P2PIM_COUNTER_LIST_H

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// Counters of a network element: name and value. The unit is part of the name when it is no count.
using CounterList = std::vector<std::pair<std::string, double>>;

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_COUNTER_LIST_H
