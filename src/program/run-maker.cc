// SPDX-License-Identifier: GPL-2.0-only
#include "run-maker.h"

#include "run-plan.h"

#include "ns3/names.h"
#include "ns3/rng-seed-manager.h"

namespace p2pim::program
{

std::optional<RunRecord>
MakeRun(ns3::TypeId scenario,
        const campaign::RunKey& key,
        const ns3::p2pim::Scenario::Progress& progress)
{
    ns3::Names::Clear();
    ns3::RngSeedManager::SetSeed(1);
    ns3::RngSeedManager::SetRun(key.seed);
    std::optional<RunRecord> record(std::in_place);
    record->scheme = key.scheme;
    record->seed = key.seed;
    record->point = key.point;
    if (!MakeScenario(scenario)->Run(key.scheme, progress, *record))
    {
        record.reset();
    }
    return record;
}

} // namespace p2pim::program
