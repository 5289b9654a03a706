// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_RESULT_H
#define P2PIM_BENCH_RESULT_H

#include <cstdint>
#include <string>

namespace p2pim
{
namespace bench
{

/// What one benchmark cost.
struct BenchResult
{
    std::string name;       ///< the benchmark
    uint32_t sessions{0};   ///< how many sessions it was asked for
    double cpuSeconds{0};   ///< CPU time of build, run and destroy, in s
    double buildSeconds{0}; ///< CPU time of build, in s
    double runSeconds{0};   ///< CPU time of the run proper, in s
    uint64_t events{0};     ///< simulator events
    double rssKilobytes{0}; ///< growth of the resident set until the end of the run, in kB
    uint32_t completed{0};  ///< sessions that did all that was asked of them
};

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_RESULT_H
