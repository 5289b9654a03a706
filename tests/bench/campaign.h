// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_CAMPAIGN_H
#define P2PIM_BENCH_CAMPAIGN_H

#include <cstdint>

namespace p2pim
{
namespace bench
{

/// What making the runs of a study costs beside the runs themselves.
struct CampaignCost
{
    uint32_t runs{0};       ///< made by one worker, and as many by two
    double runSeconds{0};   ///< CPU time of a run itself, s
    double addedSeconds{0}; ///< CPU time a run of all else, in all processes, s
    double speedUpOfTwo{0}; ///< wall-clock time of one worker in that of two
};

/**
 * Sweeps of runs of 50 sessions, by one and by two workers in turns, so that a change of the
 * machine's speed meets both.
 *
 * @param runs how many each of them makes.
 * @return what it costs.
 */
CampaignCost MeasureCampaign(uint32_t runs);

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_CAMPAIGN_H
