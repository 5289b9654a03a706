// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_BENCH_PROCESS_USAGE_H
#define P2PIM_BENCH_PROCESS_USAGE_H

#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace p2pim
{
namespace bench
{

/// @return CPU time of this process so far, in s.
inline double
GetCpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// @return the resident set of this process, in kB.
inline double
GetRssKilobytes()
{
    std::ifstream file("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    file >> pages >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

} // namespace bench
} // namespace p2pim

#endif // P2PIM_BENCH_PROCESS_USAGE_H
