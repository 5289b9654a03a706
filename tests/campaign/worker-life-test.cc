// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/process-engine.h"
#include "engine-study.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <pthread.h>
#include <set>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

using namespace p2pim;
using namespace p2pim::campaign;
using namespace p2pim::campaign::test;
using namespace std::chrono_literals;

/**
 * @file
 * When workers are started, what they are given, and how they end.
 */

namespace
{

/// Set where every process is to end right after the fork.
bool g_isStillborn = false;

/// @return how many descriptors this process has open, with the one that counts.
std::size_t
CountDescriptors()
{
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

/// @return whether this process has a child, alive or not waited for.
bool
HasChild()
{
    return waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

/// Waits until a process is dead; its parent has not waited for it yet.
void
WaitForDeath(pid_t process)
{
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOWAIT);
}

/// @return the memory that this process takes, octets.
int64_t
GetResidentMemory()
{
    std::ifstream file("/proc/self/statm");
    int64_t size = 0;
    int64_t resident = 0;
    file >> size >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

} // namespace

TEST(ProcessEngine, WorkersAreStartedWhenNeeded_AndLiveBetweenExecutions)
{
    Study study({"first"});
    ProcessEngine engine(MakeGoodRun, 4);
    EXPECT_FALSE(HasChild());
    engine.Execute(study.GetCaller());
    study.Plan("second");
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.GetProcesses().size(), 1u);
    study.Plan("further", 200);
    engine.Execute(study.GetCaller());
    EXPECT_LE(study.GetProcesses().size(), 4u);
    EXPECT_EQ(study.GetProcesses().count(static_cast<uint64_t>(getpid())), 0u);
}

TEST(ProcessEngine, WorkersWorkAtTheSameTime)
{
    const SharedCounter begun;
    Study study;
    study.Plan("wait for the others", 3);
    ProcessEngine engine(
        [&begun](const RunKey& key, const Progress&) {
            for (++*begun; *begun < 3;)
            {
                std::this_thread::yield();
            }
            return std::optional(MakeRecord(key));
        },
        3);
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.GetProcesses().size(), 3u);
}

TEST(ProcessEngine, IdleWorkerKilledFromOutside_CostsNoRun)
{
    Study study({"first"});
    ProcessEngine engine(MakeGoodRun, 1);
    engine.Execute(study.GetCaller());
    const auto worker = static_cast<pid_t>(*study.GetProcesses().begin());
    kill(worker, SIGKILL);
    WaitForDeath(worker);
    study.Plan("second");
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(2), "succeeded");
    EXPECT_EQ(study.GetProcesses().size(), 2u);
}

// The runs tell their process as the number of sessions.
TEST(ProcessEngine, BusyWorkerKilledFromOutside_CostsItsRunOnly)
{
    Study study({"good", "to be killed", "good", "good"});
    auto caller = study.GetCaller();
    caller.progress = [](const PlannedRun& run, uint32_t ended) {
        if (run.id == 2 && ended > 0)
        {
            kill(static_cast<pid_t>(ended), SIGKILL);
        }
    };
    ProcessEngine engine(
        [](const RunKey& key, const Progress& progress) {
            if (key.scheme == "to be killed")
            {
                progress(static_cast<uint32_t>(getpid()));
                Hang();
            }
            return std::optional(MakeRecord(key));
        },
        2);
    engine.Execute(caller);
    EXPECT_EQ(study.Tell(2), "killed: SIGKILL, perhaps out of memory");
    EXPECT_EQ(study.CountSuccesses(), 3u);
}

TEST(ProcessEngine, WorkersThatNeverBegin_AreNotStartedForEver)
{
    pthread_atfork(nullptr, nullptr, []() {
        if (g_isStillborn)
        {
            _exit(9);
        }
    });
    Study study({"never begun"});
    ProcessEngine engine(MakeGoodRun, 1);
    g_isStillborn = true;
    try
    {
        engine.Execute(study.GetCaller());
        ADD_FAILURE() << study.Tell(1);
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_STREQ(error.what(), "workers end before they begin a run: crash, exit status 9");
    }
    g_isStillborn = false;
}

TEST(ProcessEngine, RequestToStop_EndsRunsThatHang)
{
    Study study({"good", "hang", "hang", "good"});
    bool stopped = false;
    auto caller = study.GetCaller();
    caller.isStopped = [&stopped]() { return stopped; };
    caller.progress = [&stopped](const PlannedRun&, uint32_t) { stopped = true; };
    ProcessEngine engine(MakeMishap, 2);
    engine.Execute(caller);
    EXPECT_EQ(study.Tell(2), "missing");
    EXPECT_EQ(study.Tell(3), "missing");
    EXPECT_FALSE(HasChild());
}

TEST(ProcessEngine, AfterAStop_WorksAgain)
{
    Study study({"hang"});
    auto caller = study.GetCaller();
    bool stopped = false;
    caller.isStopped = [&stopped]() { return stopped; };
    caller.progress = [&stopped](const PlannedRun&, uint32_t) { stopped = true; };
    ProcessEngine engine(MakeMishap, 1);
    engine.Execute(caller);
    study.Plan("good");
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(1), "missing");
    EXPECT_EQ(study.Tell(2), "succeeded");
}

TEST(ProcessEngine, ExceptionOfTheCaller_EndsTheRuns)
{
    Study study({"good", "hang"});
    auto caller = study.GetCaller();
    caller.done = [](RunOutcome&&) { throw std::runtime_error("disk full"); };
    ProcessEngine engine(MakeMishap, 2);
    EXPECT_THROW(engine.Execute(caller), std::runtime_error);
    study.Plan("good", 3);
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.CountSuccesses(), 3u);
    EXPECT_LE(study.GetProcesses().size(), 2u);
}

TEST(ProcessEngine, WorkersKeepNothingThatTheirParentHasOpen)
{
    const std::ifstream open("/proc/self/stat");
    Study study({"a", "b"});
    ProcessEngine engine(
        [](const RunKey& key, const Progress&) {
            auto record = MakeRecord(key);
            record.events = CountDescriptors();
            return std::optional(record);
        },
        2);
    engine.Execute(study.GetCaller());
    // The standard three, the socket, and the one that counts.
    EXPECT_EQ(study.GetProcesses(), std::set<uint64_t>{5});
}

TEST(ProcessEngine, End_LeavesNoProcessAndNoDescriptor)
{
    const auto before = CountDescriptors();
    {
        Study study;
        study.Plan("good", 10);
        study.Plan("exception", 3);
        study.Plan("abort", 3);
        study.Plan("good", 10);
        ProcessEngine engine(MakeMishap, 3);
        engine.Execute(study.GetCaller());
        EXPECT_GT(CountDescriptors(), before);
    }
    EXPECT_EQ(CountDescriptors(), before);
    EXPECT_FALSE(HasChild());
}

// The worker becomes a child of the test, which waits for its end.
TEST(ProcessEngine, KilledParent_TakesItsWorkersWithIt)
{
    const SharedCounter worker;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const pid_t parent = fork();
    if (parent == 0)
    {
        Study study({"hang"});
        ProcessEngine engine(
            [&worker](const RunKey&, const Progress&) -> std::optional<RunRecord> {
                *worker = getpid();
                Hang();
            },
            1);
        engine.Execute(study.GetCaller());
        _exit(0);
    }
    while (*worker == 0)
    {
        std::this_thread::yield();
    }
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
    int status = 0;
    for (int i = 0; i < 2000 && waitpid(static_cast<pid_t>(*worker), &status, WNOHANG) == 0; ++i)
    {
        std::this_thread::sleep_for(10ms);
    }
    const bool isKilled = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    EXPECT_TRUE(isKilled) << status;
    if (!isKilled)
    {
        kill(static_cast<pid_t>(*worker), SIGKILL);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

// A worker takes two descriptors of its parent, and four while it is started. The descriptor that
// the limit is counted from is the next free one.
TEST(ProcessEngine, NoDescriptorForAFurtherWorker_GoesOnWithThoseThatLive)
{
    if (g_isSanitized)
    {
        GTEST_SKIP() << "a sanitizer needs descriptors of its own";
    }
    rlimit former{};
    getrlimit(RLIMIT_NOFILE, &former);
    const int next = dup(0);
    close(next);
    for (const int spare : {4, 3})
    {
        Study study;
        study.Plan("good", 10);
        const rlimit limit{static_cast<rlim_t>(next + spare), former.rlim_max};
        ProcessEngine engine(MakeGoodRun, 3);
        setrlimit(RLIMIT_NOFILE, &limit);
        if (spare == 4)
        {
            EXPECT_NO_THROW(engine.Execute(study.GetCaller()));
            EXPECT_EQ(study.CountSuccesses(), 10u);
            EXPECT_EQ(study.GetProcesses().size(), 1u);
        }
        else
        {
            EXPECT_THROW(engine.Execute(study.GetCaller()), std::system_error);
        }
        setrlimit(RLIMIT_NOFILE, &former);
    }
}

TEST(ProcessEngine, SignalsWhileItWaits_DoNoHarm)
{
    struct sigaction former = {};
    struct sigaction handled = {};
    handled.sa_handler = [](int) {}; // without SA_RESTART: every system call may be interrupted
    sigaction(SIGALRM, &handled, &former);
    const itimerval often{{0, 500}, {0, 500}};
    setitimer(ITIMER_REAL, &often, nullptr);
    Study study;
    study.Plan("good", 200);
    study.Plan("exception", 10);
    ProcessEngine(MakeMishap, 2).Execute(study.GetCaller());
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &former, nullptr);
    EXPECT_EQ(study.GetOutcomes().size(), 210u);
    EXPECT_EQ(study.CountSuccesses(), 200u);
}

// Two workers, two outcomes that wait and the one being told: what is made is never far ahead.
TEST(ProcessEngine, SlowCaller_HoldsUpTheWorkers)
{
    const SharedCounter made;
    Study study;
    study.Plan("good", 100);
    auto caller = study.GetCaller();
    int64_t told = 0;
    int64_t ahead = 0;
    caller.done = [&](RunOutcome&&) {
        std::this_thread::sleep_for(1ms);
        ahead = std::max<int64_t>(ahead, *made - ++told);
    };
    ProcessEngine engine(
        [&made](const RunKey& key, const Progress&) {
            ++*made;
            return std::optional(MakeRecord(key));
        },
        2);
    engine.Execute(caller);
    EXPECT_EQ(told, 100);
    EXPECT_LE(ahead, 4);
}

TEST(ProcessEngine, Memory_DoesNotGrowWithTheNumberOfRuns)
{
    if (g_isSanitized)
    {
        GTEST_SKIP() << "a sanitizer keeps what is freed";
    }
    uint64_t done = 0;
    uint64_t wanted = 100;
    RunEngine::Caller caller;
    uint64_t next = 0;
    caller.next = [&]() {
        return next < wanted ? std::optional(PlannedRun{++next, {"p2p", next, 0}}) : std::nullopt;
    };
    caller.done = [&](RunOutcome&& outcome) { done += outcome.record ? 1 : 0; };
    caller.isStopped = []() { return false; };
    ProcessEngine engine(MakeGoodRun, 2);
    engine.Execute(caller);
    const auto before = GetResidentMemory();
    wanted += 100000;
    engine.Execute(caller);
    EXPECT_EQ(done, wanted);
    EXPECT_LT(GetResidentMemory() - before, 50 << 20);
}
