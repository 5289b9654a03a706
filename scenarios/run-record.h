// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_RUN_RECORD_H
#define P2PIM_RUN_RECORD_H

#include <cstdint>
#include <string>
#include <vector>

/**
 * @file
 * What one run of a scenario leaves behind, in plain C++: one scheme under one seed. All times are
 * integer nanoseconds of simulated time since the start of the run, so that sums are exact.
 */

namespace p2pim
{

/// A step of a session and its time.
struct StepRecord
{
    std::string name;   ///< as GetStepName() spells it
    int64_t timeNs = 0; ///< simulated time, ns
};

/// A message of a session.
struct MessageRecord
{
    uint32_t index = 0;        ///< its place in the session, from 0
    bool fromInitiator = true; ///< its direction
    uint32_t octets = 0;       ///< size of its text
    int64_t sentNs = 0;        ///< when its user sent it
    int64_t receivedNs = -1;   ///< when the other user had it; -1 if never
};

/// One end's attempt to connect to one address, with its repetitions.
struct AttemptRecord
{
    bool fromInitiator = true; ///< which phone made it
    std::string candidate;     ///< what it dialled: "host", "srflx", "mapped" or "relay"
    std::string local;         ///< its own end, "address:port"
    std::string remote;        ///< the end that it dialled
    uint32_t tries = 1;        ///< how often it was begun
    int64_t startNs = 0;       ///< when it was begun first
    int64_t endNs = -1;        ///< when it connected, failed or was given up; -1 if never
    std::string outcome;       ///< why it did not connect; empty if it did
};

/// A session: one chat between two phones, from the press of the button to its end.
struct SessionRecord
{
    uint32_t index = 0;          ///< its place in the run, from 0: the same users in every scheme
    std::string bearer;          ///< "cold" or "warm": what the initiator's phone had at the press
    bool succeeded = false;      ///< every message of the session arrived
    std::string cause;           ///< cause of failure; empty if it succeeded
    std::string diagnosis;       ///< what was in the way of the connection; empty if nothing was
    std::string initiatorAccess; ///< what the initiator's phone is behind; empty if not said
    std::string targetAccess;    ///< the same of the target's
    int64_t setupNs = -1;        ///< press to "both sides can send"; -1 if never
    int64_t firstMessageNs = -1; ///< press to the first message's arrival; -1 if never
    std::vector<StepRecord> steps;       ///< by time; ties in the order in which they happened
    std::vector<MessageRecord> messages; ///< by index
    std::vector<AttemptRecord> attempts; ///< in the order in which they were begun
};

/// A counter of a network element.
struct CounterRecord
{
    std::string element; ///< such as "smsc", "cell-0", "ggsn"
    std::string name;    ///< such as "messages_accepted"
    double value = 0; ///< unit is part of the name when it is not a count, such as "sdcch_seconds"
};

/// An event that the simulator executed, and the IP packets that nodes sent in it.
struct EventRecord
{
    static constexpr uint32_t NO_NODE = UINT32_MAX; ///< context of an event of no node

    int64_t timeNs = 0;         ///< simulated time, ns
    uint32_t context = NO_NODE; ///< the node's id
    uint32_t packets = 0;       ///< IP packets
    uint64_t octets = 0;        ///< of these, with their headers
};

/// A hash of all events.
struct FingerprintRecord
{
    char ingredient = '\0'; ///< what of the events is hashed, see RunFingerprint
    uint64_t hash = 0;
};

/// What the simulator did in a run.
struct TraceRecord
{
    std::vector<FingerprintRecord> fingerprints;
    std::vector<EventRecord> events; ///< in their order
};

/// One run: one scheme under one seed at one point of a study.
struct RunRecord
{
    uint32_t point = 0;                  ///< of the study's grid; 0 where nothing varies
    std::string scheme;                  ///< such as "p2p"
    uint64_t seed = 1;                   ///< ns-3's run number
    std::vector<SessionRecord> sessions; ///< by index
    std::vector<CounterRecord> counters; ///< by element, then name
    uint64_t events = 0;                 ///< events that the simulator executed
    TraceRecord trace; ///< empty but for the short runs of `p2pim check`; in no results file
};

} // namespace p2pim

#endif // P2PIM_RUN_RECORD_H
