// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_CAMPAIGN_TRAJECTORY_H
#define P2PIM_CAMPAIGN_TRAJECTORY_H

#include <cstddef>
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
namespace campaign
{

/// An event that a simulator has executed.
struct TrajectoryEvent
{
    static constexpr uint32_t NO_NODE = UINT32_MAX; ///< context of an event of no node

    int64_t timeNs = 0;         ///< simulated time, ns
    uint32_t context = NO_NODE; ///< the node's id
    uint32_t packets = 0;       ///< IP packets that nodes have sent in it
    uint64_t octets = 0;        ///< of these, with their headers
};

/// @return whether two events are the same.
bool operator==(const TrajectoryEvent& a, const TrajectoryEvent& b);

/// What a run has executed.
struct Trajectory
{
    std::string scheme;
    uint64_t seed = 1;
    std::string mark;                    ///< ties it to its baseline's row: the hash of the times
    std::vector<TrajectoryEvent> events; ///< in their order
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
    uint64_t index = 0;                    ///< its place, from 1
    std::optional<TrajectoryEvent> before; ///< nothing: the old run had ended
    std::optional<TrajectoryEvent> after;  ///< nothing: the new run has ended
};

/// @return in words, one line.
std::string Describe(const TrajectoryDifference& difference);

/// Compares a run with an old one while it goes.
class TrajectoryComparer
{
  public:
    /// @param before the old run; it outlives this object.
    explicit TrajectoryComparer(const Trajectory& before);

    /// The next event. @param event the event.
    void Add(const TrajectoryEvent& event);

    /// The run has ended.
    void Finish();

    /// @return the first event that differs; nothing if none has so far.
    const std::optional<TrajectoryDifference>& GetDifference() const;

  private:
    const std::vector<TrajectoryEvent>& m_before;
    std::size_t m_next = 0;
    std::optional<TrajectoryDifference> m_difference;
};

} // namespace campaign
} // namespace p2pim

#endif // P2PIM_CAMPAIGN_TRAJECTORY_H
