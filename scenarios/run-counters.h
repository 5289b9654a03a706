// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RUN_COUNTERS_H
#define P2PIM_RUN_COUNTERS_H

#include "run-record.h"

#include "ns3/counter-list.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace p2pim
{

/// The counters of a run, by the element's name.
using RunCounters = std::vector<std::pair<std::string, CounterList>>;

/// @return a counter, added up over the elements whose names begin with @p element.
double SumCounters(const RunCounters& counters,
                   const std::string& element,
                   const std::string& name);

/// @return @p part of @p whole; 0 if there is no whole.
double GetShare(double part, double whole);

/// Puts counters into a run's record, by element and name.
void StoreCounters(RunCounters counters, ::p2pim::RunRecord& record);

} // namespace p2pim
} // namespace ns3

#endif // P2PIM_RUN_COUNTERS_H
