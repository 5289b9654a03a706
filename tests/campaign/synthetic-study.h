// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SYNTHETIC_STUDY_H
#define P2PIM_TESTS_SYNTHETIC_STUDY_H

#include "campaign/results-store.h"
#include "synthetic-runs.h"

#include <string>
#include <utility>
#include <vector>

namespace p2pim
{
namespace campaign
{
namespace test
{

/// Coding schemes CS-2 and CS-1, in this order, times 2 and 10 PDCHs; p2p and im-server; three
/// seeds. Runs 1 to 24.
inline StudyPlan
MakeTwoVariables()
{
    StudyPlan study;
    study.variables = {{"cs", "GprsCell.CodingScheme"}, {"pdchs", "GprsCell.Pdchs"}};
    study.nextPoint = [next = 0](std::vector<std::string>& values) mutable {
        values = {next < 2 ? "CS-2" : "CS-1", next % 2 == 0 ? "2" : "10"};
        return next++ < 4;
    };
    study.schemes = {"p2p", "im-server"};
    study.seeds = 3;
    return study;
}

/// A run of the study: three sessions that succeed and one that fails. Set-up of session i takes i
/// seconds and 10, 11, 20 or 21 by point, 5 less with im-server, and 0.25 more with each seed.
inline ::p2pim::RunRecord
MakeRunOfStudy(const RunKey& key)
{
    const uint32_t byPoint = 10 * (1 + key.point / 2) + key.point % 2;
    const double byScheme = key.scheme == "p2p" ? 0 : -5;
    auto run =
        MakeRun(key.scheme, key.seed, 3, byPoint + byScheme + 0.25 * static_cast<double>(key.seed));
    run.sessions.push_back(MakeBlockedSession(3));
    run.point = key.point;
    run.counters[1].value = static_cast<double>(key.seed);
    return run;
}

/// Writes the study's file; unless it is to be whole run 3, p2p at point 1, fails with "crash", and
/// run 24 has not been made. @return @p path
inline std::string
WriteStudy(const std::string& path, bool isWhole = false)
{
    ResultsStore store(path, OpenMode::CREATE, MakeProvenance(), MakeTwoVariables());
    for (const auto& run : store.ListMissing(0, 100))
    {
        if (isWhole || (run.id != 3 && run.id != 24))
        {
            store.Store(MakeRunOfStudy(run.key));
        }
        else if (run.id == 3)
        {
            store.StoreFailure(run, {"crash", "signal 11", "p2pim run x.ini --seed=1"});
        }
    }
    store.Finish();
    return path;
}

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
