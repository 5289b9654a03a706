// SPDX-License-Identifier: GPL-2.0-only
#ifndef P2PIM_TESTS_SYNTHETIC_RUNS_H
#define P2PIM_TESTS_SYNTHETIC_RUNS_H

#include "campaign/results.h"

#include <string>

namespace p2pim
{
namespace campaign
{
namespace test
{

/// Session @p index with set-up and first message after the given seconds, three steps and two
/// messages. Even indices are cold.
inline ::p2pim::SessionRecord
MakeSession(uint32_t index, double setup, double firstMessage)
{
    constexpr int64_t second = 1000000000;
    const int64_t pressed = (index + 1) * second;
    ::p2pim::SessionRecord session;
    session.index = index;
    session.bearer = index % 2 == 0 ? "cold" : "warm";
    session.succeeded = true;
    session.setupNs = static_cast<int64_t>(setup * second);
    session.firstMessageNs = static_cast<int64_t>(firstMessage * second);
    session.steps = {{"pressed", pressed},
                     {"ready", pressed + session.setupNs},
                     {"first_received", pressed + session.firstMessageNs}};
    const int64_t sent = pressed + session.firstMessageNs;
    session.messages = {{0, true, 20, pressed + session.setupNs, sent},
                        {1, false, 30, sent + second, sent + 2 * second}};
    return session;
}

/// A session that failed before it was set up.
inline ::p2pim::SessionRecord
MakeFailedSession(uint32_t index, const std::string& cause)
{
    ::p2pim::SessionRecord session;
    session.index = index;
    session.bearer = "cold";
    session.cause = cause;
    session.steps = {{"pressed", 5}};
    return session;
}

/// A session that failed, with two attempts of which the second was never over.
inline ::p2pim::SessionRecord
MakeBlockedSession(uint32_t index)
{
    auto session = MakeFailedSession(index, "not traversed");
    session.diagnosis = "hole expired";
    session.initiatorAccess = "home-router";
    session.targetAccess = "carrier, \"grade\"";
    session.attempts = {
        {true, "host", "10.0.0.1:5000", "10.1.0.1:5001", 1, 7, 1000000007, "no route"},
        {false, "srflx", "10.1.0.1:5001", "198.18.0.1:1024", 3, 9, -1, "hole expired"}};
    return session;
}

/// A run of @p sessions sessions; set-up of session i takes @p base + i seconds.
inline ::p2pim::RunRecord
MakeRun(const std::string& scheme, uint64_t seed, uint32_t sessions, double base)
{
    ::p2pim::RunRecord run;
    run.scheme = scheme;
    run.seed = seed;
    run.events = 1000 * seed;
    for (uint32_t i = 0; i < sessions; ++i)
    {
        run.sessions.push_back(MakeSession(i, base + i, base + i + 0.5));
    }
    run.counters = {{"ggsn", "contexts", 4}, {"smsc", "messages_accepted", 1.25}};
    return run;
}

/// Where the runs of the tests come from.
inline Provenance
MakeProvenance()
{
    return {"0.1.0",
            "build-1",
            "3.37",
            "SetupTime",
            "scenarios/setup-time.ini",
            "p2pim compare scenarios/setup-time.ini",
            {{"SetupTime.Sessions", "4", false}, {"Smsc.ServiceTime", "+1.5s", true}}};
}

} // namespace test
} // namespace campaign
} // namespace p2pim

#endif // P2PIM_TESTS_SYNTHETIC_RUNS_H
