// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_TRAJECTORY_H
#define P2PIM_CAMPAIGN_TRAJECTORY_H

#include "scenarios/run-record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * The events of short runs, one by one, so that the first one that differs can be named.
 */

namespace p2pim
{

/// @return whether two events are the same.
bool operator==(const EventRecord& a, const EventRecord& b);

namespace campaign
{

/// What a run has executed.
struct Trajectory
{
    std::string scheme;
    uint64_t seed = 1;
    std::string mark;                ///< ties it to its baseline's row: the hash of the times
    std::vector<EventRecord> events; ///< in their order
};

/**
 * @param baseline a baseline's file.
 * @return the file of its trajectories: "NAME.events.gz" beside "NAME.json".
 */
std::string GetTrajectoryPath(const std::string& baseline);

/**
 * A line a run, "run SCHEME SEED MARK", then a line an event: the nanoseconds since the one before,
 * the node or "-", and, where IP packets were sent, how many with how many octets. Compressed.
 *
 * @param trajectories the runs.
 * @return the file's content; equal runs give equal octets.
 * @throw StoreError it cannot be compressed.
 */
std::string FormatTrajectories(const std::vector<Trajectory>& trajectories);

/**
 * @param path a file that FormatTrajectories() made.
 * @return the runs; none if there is no such file.
 * @throw StoreError it is damaged.
 */
std::vector<Trajectory> ReadTrajectories(const std::string& path);

/// The first event in which two runs differ.
struct TrajectoryDifference
{
    uint64_t index = 0;                ///< its place, from 1
    std::optional<EventRecord> before; ///< nothing: the old run had ended
    std::optional<EventRecord> after;  ///< nothing: the new run has ended
};

/// @return in words, one line.
std::string Describe(const TrajectoryDifference& difference);

/**
 * @param before the events of the old run.
 * @param after those of the new one.
 * @return the first in which they differ; nothing if there is none.
 */
std::optional<TrajectoryDifference> FindDifference(const std::vector<EventRecord>& before,
                                                   const std::vector<EventRecord>& after);

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_TRAJECTORY_H
