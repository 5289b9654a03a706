// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/inline-engine.h"
#include "campaign/process-engine.h"
#include "campaign/run-codec.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <new>
#include <pthread.h>
#include <set>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace p2pim;
using namespace p2pim::campaign;
using namespace std::chrono_literals;

/**
 * @file
 * What engines promise, with runs that need no simulator: what a run does follows from the name of
 * its scheme. Time limits are either so short that only a hanging run meets them, or not met.
 */

namespace
{

using Progress = std::function<bool(uint32_t)>;

#ifdef __SANITIZE_ADDRESS__
constexpr bool g_isSanitized = true;
#else
constexpr bool g_isSanitized = false;
#endif

/// A counter that forked processes share.
class SharedCounter
{
  public:
    SharedCounter()
        : m_value(new (mmap(nullptr,
                            sizeof(std::atomic<int64_t>),
                            PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS,
                            -1,
                            0)) std::atomic<int64_t>(0))
    {
    }

    ~SharedCounter()
    {
        munmap(m_value, sizeof *m_value);
    }

    SharedCounter(const SharedCounter&) = delete;
    SharedCounter& operator=(const SharedCounter&) = delete;

    std::atomic<int64_t>& operator*() const
    {
        return *m_value;
    }

  private:
    std::atomic<int64_t>* m_value;
};

[[noreturn]] void
Hang()
{
    while (true)
    {
        pause();
    }
}

/// A run of one session whose events are the process that made it.
RunRecord
MakeRecord(const RunKey& key)
{
    RunRecord record;
    record.point = key.point;
    record.scheme = key.scheme;
    record.seed = key.seed;
    record.events = static_cast<uint64_t>(getpid());
    record.sessions.resize(1);
    return record;
}

/// Plans runs, takes what becomes of them.
class Study
{
  public:
    Study() = default;

    /// @param schemes of its runs, in their order; each has its number for seed.
    explicit Study(const std::vector<std::string>& schemes)
    {
        for (const auto& scheme : schemes)
        {
            Plan(scheme);
        }
    }

    /// Adds @p count runs of a scheme.
    void Plan(const std::string& scheme, std::size_t count = 1)
    {
        for (std::size_t i = 0; i < count; ++i)
        {
            ++m_planned;
            m_waiting.push_back({m_planned, {scheme, m_planned, 0}});
        }
    }

    RunEngine::Caller GetCaller()
    {
        RunEngine::Caller caller;
        caller.next = [this]() -> std::optional<PlannedRun> {
            if (m_waiting.empty())
            {
                return {};
            }
            auto run = m_waiting.front();
            m_waiting.pop_front();
            return run;
        };
        caller.done = [this](RunOutcome&& outcome) {
            const auto id = outcome.run.id;
            EXPECT_TRUE(m_outcomes.emplace(id, std::move(outcome)).second) << id << " came twice";
        };
        caller.isStopped = []() { return false; };
        return caller;
    }

    const std::map<uint64_t, RunOutcome>& GetOutcomes() const
    {
        return m_outcomes;
    }

    /// @return "cause: detail" of a run that failed, "succeeded", or "missing".
    std::string Tell(uint64_t id) const
    {
        const auto outcome = m_outcomes.find(id);
        if (outcome == m_outcomes.end())
        {
            return "missing";
        }
        const auto& [run, record, failure] = outcome->second;
        return record ? "succeeded" : failure.cause + ": " + failure.detail;
    }

    std::size_t CountSuccesses() const
    {
        return std::count_if(m_outcomes.begin(), m_outcomes.end(), [](const auto& outcome) {
            return outcome.second.record.has_value();
        });
    }

    /// @return the processes that made the runs, if MakeRecord() made their records.
    std::set<uint64_t> GetProcesses() const
    {
        std::set<uint64_t> processes;
        for (const auto& [id, outcome] : m_outcomes)
        {
            processes.insert(outcome.record ? outcome.record->events : 0);
        }
        return processes;
    }

  private:
    uint64_t m_planned = 0;
    std::deque<PlannedRun> m_waiting;
    std::map<uint64_t, RunOutcome> m_outcomes;
};

std::optional<RunRecord>
MakeGoodRun(const RunKey& key, const Progress& /* progress */)
{
    return MakeRecord(key);
}

[[noreturn]] void
Throw()
{
    throw std::runtime_error("thrown where nothing may be");
}

/// Set where every process is to end right after the fork.
bool g_isStillborn = false;

/// What a run of a scheme does before it succeeds, if it does.
const std::map<std::string, std::function<void()>> g_mishaps{
    {"good", []() {}},
    {"segmentation fault",
     []() {
         std::signal(SIGSEGV, SIG_DFL); // a sanitizer has its own handler
         std::raise(SIGSEGV);
     }},
    {"abort", []() { std::abort(); }},
    {"exit", []() { std::exit(3); }},
    {"silent exit", []() { _exit(0); }},
    {"SIGKILL", []() { std::raise(SIGKILL); }},
    {"SIGTERM", []() { std::raise(SIGTERM); }},
    {"SIGINT", []() { std::raise(SIGINT); }},
    {"fatal error",
     []() { // as ns-3 does it
         std::fputs("a line of a log\nmsg=\"no route\", file=a.cc, line=7\n", stderr);
         std::fputs("NS_FATAL, terminating\n", stderr);
         std::terminate();
     }},
    {"noexcept", []() noexcept { Throw(); }},
    {"exception", []() { throw std::runtime_error("two\n\tlines \xff"); }},
    {"number", []() { throw 7; }},
    {"out of memory", []() { throw std::bad_alloc(); }},
    {"hang", []() { Hang(); }},
    {"nonsense",
     []() {
         const std::string octets(100, 'x');
         EXPECT_EQ(write(3, octets.data(), octets.size()), 100); // 3 is its socket
         Hang();
     }},
};

std::optional<RunRecord>
MakeMishap(const RunKey& key, const Progress& /* progress */)
{
    g_mishaps.at(key.scheme)();
    return MakeRecord(key);
}

/// @return how a run of a scheme of g_mishaps ends; one before it and one after it succeed.
std::string
TellMishap(const std::string& scheme, const RunLimits& limits = {})
{
    Study study({"good", scheme, "good"});
    ProcessEngine engine(MakeMishap, 1, limits);
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
    RunLimits limits;
    limits.time = 500ms;
    EXPECT_EQ(TellMishap("hang", limits), "time limit: no end after 0.5 s");
}

// As by Ctrl-Z: a process and its worker are stopped for longer than a run may take.
TEST(ProcessEngine, TimeInWhichTheProgramIsSuspended_DoesNotCount)
{
    const SharedCounter stage; // 1: the run has begun; 2: it may end
    const pid_t program = fork();
    if (program == 0)
    {
        setpgid(0, 0);
        RunLimits limits;
        limits.time = 2s;
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
            limits);
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

TEST(ProcessEngine, MemoryLimit_MakesARunFail)
{
    if (g_isSanitized)
    {
        GTEST_SKIP() << "a sanitizer's shadow memory is larger than any limit";
    }
    RunLimits limits;
    limits.memory = uint64_t(4) << 30;
    Study study({"large", "small"});
    ProcessEngine engine(
        [](const RunKey& key, const Progress&) -> std::optional<RunRecord> {
            const std::size_t size = key.scheme == "large" ? std::size_t(8) << 30 : 1;
            const auto* volatile memory = static_cast<char*>(::operator new(size)); // not touched
            ::operator delete(const_cast<char*>(memory));
            return MakeRecord(key);
        },
        1,
        limits);
    engine.Execute(study.GetCaller());
    EXPECT_EQ(study.Tell(1), "out of memory: ");
    EXPECT_EQ(study.Tell(2), "succeeded");
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
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
    {
        ADD_FAILURE() << status;
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
