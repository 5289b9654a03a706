// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/inline-engine.h"
#include "campaign/process-engine.h"
#include "campaign/run-codec.h"
#include "engine-study.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace p2pim;
using namespace p2pim::campaign;
using namespace p2pim::campaign::test;
using namespace std::chrono_literals;

/**
 * @file
 * What engines make of a run, however it ends. Time limits are either so short that only a hanging
 * run meets them, or not met.
 */

namespace
{

/// @return how a run of a scheme of g_mishaps ends; one before it and one after it succeed.
std::string
TellMishap(const std::string& scheme, std::chrono::nanoseconds timeLimit = 0s)
{
    Study study({"good", scheme, "good"});
    ProcessEngine engine(MakeMishap, 1, timeLimit);
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(1), "succeeded");
    EXPECT_EQ(study.Tell(3), "succeeded");
    return study.Tell(2);
}

/// @return what every engine is to make of 60 runs, of which some throw.
std::map<uint64_t, std::string>
Encode60Runs(RunEngine& engine)
{
    Study study;
    study.Plan("p2p", 60);
    engine.Execute(study.GetCaller());
    std::map<uint64_t, std::string> encoded;
    for (const auto& [id, outcome] : study.GetOutcomes())
    {
        encoded[id] = EncodeOutcome(outcome);
    }
    return encoded;
}

std::optional<RunRecord>
MakeOneOf60Runs(const RunKey& key, const Progress& progress)
{
    if (key.seed % 7 == 0)
    {
        throw std::runtime_error("seed " + std::to_string(key.seed));
    }
    auto record = MakeRecord(key);
    record.events = key.seed;
    record.sessions.resize(key.seed);
    EXPECT_TRUE(progress(1));
    return record;
}

} // namespace

TEST(Engines, OutcomesDoNotDependOnTheNumberOfWorkers)
{
    InlineEngine inlineEngine(MakeOneOf60Runs);
    const auto expected = Encode60Runs(inlineEngine);
    EXPECT_EQ(expected.size(), 60u);
    for (const std::size_t workers : {1, 2, 4})
    {
        ProcessEngine engine(MakeOneOf60Runs, workers);
        EXPECT_EQ(Encode60Runs(engine), expected) << workers << " workers";
    }
}

TEST(InlineEngine, ExceptionsOfARun_AreItsFailure)
{
    Study study({"exception", "number", "out of memory", "good"});
    InlineEngine(MakeMishap).Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(1), "error: two; lines ?");
    EXPECT_EQ(study.Tell(2), "error: an exception of an unknown type");
    EXPECT_EQ(study.Tell(3), "out of memory: ");
    EXPECT_EQ(study.Tell(4), "succeeded");
}

TEST(InlineEngine, RequestToStop_GivesUpTheRun)
{
    Study study({"a", "b"});
    bool stopped = false;
    auto caller = study.GetCaller();
    caller.isStopped = [&stopped]() { return stopped; };
    caller.progress = [&stopped](const PlannedRun& run, uint32_t ended) {
        stopped = run.id == 2 && ended == 3;
    };
    InlineEngine engine([](const RunKey& key, const Progress& progress) {
        return progress(3) ? std::optional(MakeRecord(key)) : std::nullopt;
    });
    engine.Execute(caller);
    EXPECT_EQ(study.Tell(1), "succeeded");
    EXPECT_EQ(study.Tell(2), "missing");
}

TEST(InlineEngine, ExceptionOfTheCaller_IsNoFailureOfTheRun)
{
    Study study({"a"});
    auto caller = study.GetCaller();
    caller.progress = [](const PlannedRun&, uint32_t) { throw std::logic_error("caller"); };
    InlineEngine engine([](const RunKey& key, const Progress& progress) {
        EXPECT_FALSE(progress(1));
        return std::optional(MakeRecord(key));
    });
    EXPECT_THROW(engine.Execute(caller), std::logic_error);
    EXPECT_EQ(study.Tell(1), "missing");
}

TEST(ProcessEngine, RunThatEndsItsProcess_IsACrashWithTheSignalOrStatus)
{
    EXPECT_EQ(TellMishap("segmentation fault"), "crash: SIGSEGV");
    EXPECT_EQ(TellMishap("abort"), "crash: SIGABRT");
    EXPECT_EQ(TellMishap("exit"), "crash: exit status 3");
    EXPECT_EQ(TellMishap("silent exit"), "crash: exit status 0");
}

TEST(ProcessEngine, RunThatExits_RunsNothingOfItsParentsEnd)
{
    static const SharedCounter ended;
    static const pid_t parent = getpid();
    std::atexit([]() { *ended += getpid() == parent ? 0 : 1; });
    EXPECT_EQ(TellMishap("exit"), "crash: exit status 3");
    EXPECT_EQ(*ended, 0);
}

TEST(ProcessEngine, CrashWithLastWords_TellsThem)
{
    EXPECT_EQ(TellMishap("fatal error"),
              "crash: SIGABRT: msg=\"no route\", file=a.cc, line=7; NS_FATAL, terminating");
    // As libstdc++'s verbose terminate handler says it.
    EXPECT_EQ(TellMishap("noexcept"),
              "crash: SIGABRT: terminate called after throwing an instance of "
              "'std::runtime_error'; what():  thrown where nothing may be");
}

TEST(ProcessEngine, LastWords_AreThoseOfTheRunThatCrashes)
{
    Study study({"words", "no words"});
    ProcessEngine engine(
        [](const RunKey& key, const Progress&) {
            if (key.scheme == "no words")
            {
                std::abort();
            }
            std::fputs("all is well\n", stderr);
            return std::optional(MakeRecord(key));
        },
        1);
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(2), "crash: SIGABRT");
}

TEST(ProcessEngine, RunThatThrows_Fails)
{
    EXPECT_EQ(TellMishap("exception"), "error: two; lines ?");
    EXPECT_EQ(TellMishap("number"), "error: an exception of an unknown type");
    EXPECT_EQ(TellMishap("out of memory"), "out of memory: ");
}

TEST(ProcessEngine, KilledRun_SaysSo)
{
    EXPECT_EQ(TellMishap("SIGKILL"), "killed: SIGKILL, perhaps out of memory");
}

TEST(ProcessEngine, SignalsOfAWorker_AreIgnoredForInterruptDefaultForTerminate)
{
    struct sigaction former = {};
    struct sigaction handled = {};
    handled.sa_handler = [](int) {};
    sigaction(SIGTERM, &handled, &former);
    EXPECT_EQ(TellMishap("SIGINT"), "succeeded");
    EXPECT_EQ(TellMishap("SIGTERM"), "killed: SIGTERM");
    sigaction(SIGTERM, &former, nullptr);
}

TEST(ProcessEngine, HangingRun_MeetsTheTimeLimit)
{
    EXPECT_EQ(TellMishap("hang", 500ms), "time limit: no end after 0.5 s");
}

// As by Ctrl-Z: a process and its worker are stopped for longer than a run may take.
TEST(ProcessEngine, TimeInWhichTheProgramIsSuspended_DoesNotCount)
{
    const SharedCounter stage; // 1: the run has begun; 2: it may end
    const pid_t program = fork();
    if (program == 0)
    {
        setpgid(0, 0);
        Study study({"a"});
        ProcessEngine engine(
            [&stage](const RunKey& key, const Progress&) {
                for (*stage = 1; *stage != 2;)
                {
                    std::this_thread::sleep_for(1ms);
                }
                return std::optional(MakeRecord(key));
            },
            1,
            2s);
        engine.Execute(study.GetCaller());
        _exit(study.CountSuccesses() == 1 ? 0 : 1);
    }
    while (*stage != 1)
    {
        std::this_thread::sleep_for(1ms);
    }
    kill(-program, SIGSTOP);
    std::this_thread::sleep_for(2100ms);
    *stage = 2;
    kill(-program, SIGCONT);
    int status = 0;
    waitpid(program, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(ProcessEngine, DamagedOutcome_IsACrash)
{
    EXPECT_EQ(TellMishap("nonsense"), "crash: what it sent is damaged");
}

TEST(ProcessEngine, ManyMishaps_LeaveTheOtherRunsAlone)
{
    Study study;
    for (int i = 0; i < 10; ++i)
    {
        for (const std::string scheme : {"good", "segmentation fault", "good", "exception", "exit"})
        {
            study.Plan(scheme);
        }
    }
    ProcessEngine(MakeMishap, 3).Execute(study.GetCaller());
    EXPECT_EQ(study.GetOutcomes().size(), 50u);
    EXPECT_EQ(study.CountSuccesses(), 20u);
}

// A run that fails can leave anything behind, such as half a world.
TEST(ProcessEngine, RunAfterAFailedOne_HasAFreshProcess)
{
    Study study({"good", "exception", "good"});
    ProcessEngine engine(MakeMishap, 1);
    engine.Execute(study.GetCaller());
    EXPECT_NE(study.GetOutcomes().at(1).record->events, study.GetOutcomes().at(3).record->events);
}

// Both are larger than what a socket takes at once (net.core.wmem_default: 208 KiB).
TEST(ProcessEngine, HugeRecordAndHugeName_Pass)
{
    const std::string large(5000000, 'x');
    Study study({std::string(1000000, 'n'), "small"});
    ProcessEngine engine(
        [&large](const RunKey& key, const Progress&) {
            auto record = MakeRecord(key);
            record.counters = {{large, large, 1}};
            return std::optional(record);
        },
        1);
    engine.Execute(study.GetCaller());
    ASSERT_EQ(study.Tell(1), "succeeded");
    EXPECT_EQ(study.GetOutcomes().at(1).record->scheme, std::string(1000000, 'n'));
    EXPECT_EQ(study.GetOutcomes().at(1).record->counters.at(0).element, large);
    EXPECT_EQ(study.GetOutcomes().at(1).record->counters.at(0).name, large);
    EXPECT_EQ(study.Tell(2), "succeeded");
}

TEST(ProcessEngine, RunThatWritesMuchToStderr_IsNotHeldUp)
{
    Study study({"a"});
    ProcessEngine engine(
        [](const RunKey& key, const Progress&) {
            for (int i = 0; i < 100; ++i)
            {
                std::fputs(std::string(10000, 'x').c_str(), stderr);
            }
            return std::optional(MakeRecord(key));
        },
        1);
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(1), "succeeded");
}

// It is asked twice a tick of 100 ms, or thousands of times if it does not sleep.
TEST(ProcessEngine, RunThatClosesStderr_DoesNotKeepItsParentBusy)
{
    Study study({"a"});
    auto caller = study.GetCaller();
    int asked = 0;
    caller.isStopped = [&asked]() { return ++asked < 0; };
    ProcessEngine engine(
        [](const RunKey& key, const Progress&) {
            close(STDERR_FILENO);
            std::this_thread::sleep_for(300ms);
            return std::optional(MakeRecord(key));
        },
        1);
    engine.Execute(caller);
    EXPECT_EQ(study.Tell(1), "succeeded");
    EXPECT_LT(asked, 30);
}
