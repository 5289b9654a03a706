// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SYNTHETIC_STUDY_H
#define P2PIM_TESTS_SYNTHETIC_STUDY_H

#include "campaign/results-store.h"
#include "synthetic-runs.h"

#include <string>
#include <vector>

namespace p2pim
{
namespace campaign
{
namespace test
{

/// Three points of a variable, two schemes.
inline StudyPlan
MakeStudy(uint64_t seeds)
{
    StudyPlan study;
    study.variables = {{"cs", "GprsCell.CodingScheme"}};
    study.nextPoint = [next = 1](std::vector<std::string>& values) mutable {
        values = {"CS-" + std::to_string(next)};
        return next++ <= 3;
    };
    study.schemes = {"p2p", "im-server"};
    study.seeds = seeds;
    study.traits = {{"constraint", "true"}};
    return study;
}

/// What a run of it gives.
inline ::p2pim::RunRecord
MakeRunOf(const RunKey& key)
{
    auto run = MakeRun(key.scheme, key.seed, 3, 10.0 + key.point);
    run.point = key.point;
    return run;
}

} // namespace test
} // namespace campaign
} // namespace p2pim

#endif // P2PIM_TESTS_SYNTHETIC_STUDY_H
