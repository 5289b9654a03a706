// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/summary.h"
#include "synthetic-runs.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

TEST(Summary, Phases_AddUpToTheTotalExactly)
{
    ::p2pim::SessionRecord session;
    session.steps = {{"pressed", 1},
                     {"attached", 333333334},
                     {"pdp_up", 333333334},
                     {"ready", 7777777777777777}};
    const auto phases = SplitIntoPhases(session);
    ASSERT_EQ(phases.size(), 3u);
    EXPECT_EQ(phases[0].name, "attached");
    EXPECT_EQ(phases[0].durationNs, 333333333);
    EXPECT_EQ(phases[1].durationNs, 0);
    int64_t sum = 0;
    for (const auto& phase : phases)
    {
        sum += phase.durationNs;
    }
    EXPECT_EQ(sum, 7777777777777776);
    EXPECT_TRUE(SplitIntoPhases(MakeFailedSession(0, "x")).empty());
}

TEST(Summary, Scheme_CountsSuccessFailuresAndBearers)
{
    auto run = MakeRun("p2p", 1, 4, 10);
    run.sessions.push_back(MakeFailedSession(4, "sms_expired"));
    run.sessions[1].diagnosis = "filtered"; // of a session that succeeded: not a failure
    const auto summary = Summarise("p2p", {&run});
    EXPECT_TRUE(summary.all.diagnoses.empty());
    EXPECT_EQ(summary.all.sessions, 5u);
    EXPECT_EQ(summary.all.succeeded, 4u);
    EXPECT_DOUBLE_EQ(summary.all.success.value, 0.8);
    EXPECT_EQ(summary.all.failures.at("sms_expired"), 1u);
    EXPECT_EQ(summary.bearers.at("cold").sessions, 3u);
    EXPECT_EQ(summary.bearers.at("warm").sessions, 2u);
    // Set-up: 10, 11, 12, 13 s; the warm ones are 11 and 13 s.
    EXPECT_DOUBLE_EQ(summary.all.setup.mean.value, 11.5);
    EXPECT_EQ(summary.all.setup.mean.n, 4u);
    EXPECT_DOUBLE_EQ(summary.bearers.at("warm").setup.median.value, 12);
    EXPECT_DOUBLE_EQ(summary.all.firstMessage.mean.value, 12);
}

TEST(Summary, Failures_AreCountedByDiagnosisToo)
{
    auto run = MakeRun("p2p", 1, 1, 10);
    run.sessions.push_back(MakeFailedSession(1, "not traversed"));
    run.sessions.push_back(MakeBlockedSession(2));
    const auto summary = Summarise("p2p", {&run});
    EXPECT_EQ(summary.all.failures.at("not traversed"), 2u);
    EXPECT_EQ(summary.all.diagnoses, (std::map<std::string, uint64_t>{{"hole expired", 1}}));
}

// MakeSession(): the first message takes 0.5 s, the second 1 s; only the second one counts.
TEST(Summary, MessageDelay_LeavesOutTheFirstMessageAndTheLost)
{
    auto run = MakeRun("p2p", 1, 2, 10);
    run.sessions[0].messages.push_back({2, true, 10, 5, -1});
    const auto summary = Summarise("p2p", {&run});
    EXPECT_EQ(summary.all.messageDelay.mean.n, 2u);
    EXPECT_DOUBLE_EQ(summary.all.messageDelay.mean.value, 1);
}

TEST(Summary, Counters_AddUpOverTheRuns)
{
    const auto first = MakeRun("p2p", 1, 1, 1);
    const auto second = MakeRun("p2p", 2, 1, 1);
    const auto summary = Summarise("p2p", {&first, &second});
    EXPECT_DOUBLE_EQ(summary.counters.at("smsc").at("messages_accepted"), 2.5);
}

TEST(Summary, Pairs_AreSessionsOfTheSameSeedAndIndex)
{
    Results results;
    results.runs = {MakeRun("b", 2, 3, 1), MakeRun("a", 1, 3, 11), MakeRun("a", 2, 3, 6)};
    results.runs[0].sessions.erase(results.runs[0].sessions.begin()); // index 0 of seed 2
    const auto comparison = Compare(results, {"a", "b"});
    ASSERT_EQ(comparison.paired.size(), 3u);
    EXPECT_EQ(comparison.paired[0].a, "a");
    EXPECT_EQ(comparison.paired[0].metric, Metric::SETUP);
    // Seed 2, sessions 1 and 2: (6 + i) - (1 + i) = 5 s each; seed 1 has no partner.
    EXPECT_EQ(comparison.paired[0].difference.n, 2u);
    EXPECT_DOUBLE_EQ(comparison.paired[0].difference.value, 5);
}

TEST(Summary, Pairs_NeedTheMetricOnBothSides)
{
    Results results;
    results.runs = {MakeRun("a", 1, 3, 6), MakeRun("b", 1, 3, 1)};
    results.runs[1].sessions[2].setupNs = -1;
    const auto comparison = Compare(results);
    EXPECT_EQ(comparison.paired[0].difference.n, 2u);
    EXPECT_EQ(comparison.paired[1].difference.n, 3u);
}

TEST(Summary, Schemes_KeepTheOrderThatWasAskedFor)
{
    Results results;
    results.runs = {MakeRun("b", 3, 1, 1), MakeRun("a", 1, 1, 1)};
    EXPECT_EQ(Compare(results).schemes[0].scheme, "b");
    EXPECT_EQ(Compare(results, {"a", "b"}).schemes[0].scheme, "a");
    EXPECT_EQ(Compare(results, {"a"}).seeds, std::vector<uint64_t>{1});
    EXPECT_EQ(Compare(results, {"c"}).schemes[0].all.sessions, 0u);
}

// A mean over the time of a run is no more in three runs than in one.
TEST(Summary, AveragesAndPeaks_AreNotAddedUpOverRuns)
{
    std::vector<p2pim::RunRecord> runs(2);
    runs[0].counters = {{"smsc", "messages_stored_mean", 1},
                        {"smsc", "messages_stored_peak", 7},
                        {"smsc", "messages_stored", 1}};
    runs[1].counters = {{"smsc", "messages_stored_mean", 2},
                        {"smsc", "messages_stored_peak", 5},
                        {"smsc", "messages_stored", 2}};
    const auto counters = Summarise("p2p", {&runs[0], &runs[1]}).counters.at("smsc");
    EXPECT_DOUBLE_EQ(counters.at("messages_stored_mean"), 1.5);
    EXPECT_DOUBLE_EQ(counters.at("messages_stored_peak"), 7);
    EXPECT_DOUBLE_EQ(counters.at("messages_stored"), 3);
}
