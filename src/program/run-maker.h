// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RUN_MAKER_H
#define P2PIM_RUN_MAKER_H

#include "campaign/results.h"
#include "scenarios/scenario.h"

#include "ns3/type-id.h"

#include <optional>

namespace p2pim::program
{

/**
 * Makes one run in a world of its own, with the present defaults of the attributes.
 *
 * @param scenario which scenario.
 * @param key which run.
 * @param progress told of each session's end; may be empty.
 * @return its record; nothing if @p progress stopped it.
 * @throw std::exception the run failed.
 */
std::optional<RunRecord> MakeRun(ns3::TypeId scenario,
                                 const campaign::RunKey& key,
                                 const ns3::p2pim::Scenario::Progress& progress);

} // namespace p2pim::program

#endif // P2PIM_RUN_MAKER_H
