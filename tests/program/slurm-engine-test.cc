// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/results-file.h"
#include "campaign/synthetic-study.h"
#include "program/slurm-engine.h"
#include "program/slurm.h"
#include "program/user-error.h"
#include "work-folder.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <sstream>

/**
 * @file
 * What is submitted to Slurm, and what becomes of what its tasks leave. Slurm's commands are played
 * by scripts that are first on PATH; SlurmTest has the real ones.
 */

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;
using namespace p2pim::program;

using Stopped = p2pim::program::RunFailure; // the campaign has one, too

namespace
{

constexpr const char* OUTPUT = "my study.sqlite"; // a blank is in each path
constexpr const char* FOLDER = "my study.sqlite.shards/";

/// Notes down what it is told, and makes the tasks one after the other.
constexpr const char* SBATCH = R"sh(#!/bin/sh
printf '%s\n' "$@" >sbatch.txt
for word; do
    case $word in
    --array=*) tasks=${word#--array=} ;;
    --chdir=*) folder=${word#--chdir=} ;;
    --output=*) log=${word#--output=} ;;
    *) script=$word ;;
    esac
done
cd "$folder" || exit 1
for part in $(echo "${tasks%\%*}" | tr , ' '); do
    for task in $(seq "${part%-*}" "${part#*-}"); do
        SLURM_ARRAY_TASK_ID=$task sh "$script" >"$(echo "$log" | sed "s/%a/$task/")" 2>&1
    done
done
echo "8 tasks are no problem" >&2
echo "17;here"
)sh";

/// Says what is in the file `queue`, then takes one line away; status 1 if there is no such file.
constexpr const char* SQUEUE = R"sh(#!/bin/sh
cat queue && sed -i 1d queue
)sh";

/// Stands for p2pim: gives out the shard that the test has made before.
constexpr const char* PROGRAM = R"sh(#!/bin/sh
printf '%s\n' "$@" >words.txt
for word; do
    case $word in
    --shard=*) shard=${word#--shard=} ;;
    --output=*) output=${word#--output=} ;;
    esac
done
echo "begun"
echo "p2pim: there is no shard $shard today"
exec cp "made/$(echo "$shard" | tr / -)" "$output"
)sh";

class SlurmEngineTest : public WorkFolderTest
{
  protected:
    SlurmEngineTest()
        : m_path(std::getenv("PATH")),
          m_work(m_folder / "it's a folder")
    {
        std::filesystem::create_directories(m_work / "bin");
        std::filesystem::create_directories(m_work / "made");
        std::filesystem::current_path(m_work);
        WriteScript("bin/sbatch", SBATCH);
        WriteScript("bin/squeue", SQUEUE);
        WriteScript("bin/p2pim", PROGRAM);
        WriteFile("queue", "");
        setenv("PATH", ((m_work / "bin").string() + ":" + m_path).c_str(), 1);
        m_study.words = {"sweep", "a b.ini", "--GprsCell.CodingScheme=CS-1,CS-2", "--seed=1"};
        m_study.output = OUTPUT;
        m_study.program = (m_work / "bin/p2pim").string();
        m_study.shards = 4;
        m_study.open = []() { Plan(OUTPUT); };
    }

    ~SlurmEngineTest() override
    {
        setenv("PATH", m_path.c_str(), 1);
    }

    static void WriteScript(const std::string& path, const std::string& text)
    {
        WriteFile(path, text);
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }

    /// Makes a results file with the plan only.
    static void Plan(const std::string& path)
    {
        const ResultsStore store(path, OpenMode::RESUME, MakeProvenance(), MakeStudy(3));
    }

    /// Makes what the tasks will give out. @param failing numbers of runs that fail.
    static void MakeShard(const std::string& name,
                          const Shard& shard,
                          const std::vector<uint64_t>& failing = {},
                          const StudyPlan& study = MakeStudy(3))
    {
        ResultsStore store(name, OpenMode::CREATE, MakeProvenance(), study);
        for (const auto& run : store.ListMissing(0, 1000, shard))
        {
            if (std::count(failing.begin(), failing.end(), run.id) != 0)
            {
                store.StoreFailure(run, {"crash", "Segmentation fault", "p2pim run x"});
            }
            else
            {
                store.Store(MakeRunOf(run.key));
            }
        }
        store.Finish(shard);
    }

    /// Makes what the tasks of four shards will give out, but for those that are to fail.
    static void MakeShards(const std::vector<uint64_t>& without = {})
    {
        for (uint64_t i = 0; i < 4; ++i)
        {
            if (std::count(without.begin(), without.end(), i + 1) == 0)
            {
                MakeShard("made/" + std::to_string(i + 1) + "-4", {i, 4});
            }
        }
    }

    /// @return the octets of the file of one machine.
    static std::string MakeWhole()
    {
        MakeShard("whole.sqlite", {});
        ResultsStore store("whole.sqlite", OpenMode::RESUME, MakeProvenance(), MakeStudy(3));
        store.Finish();
        store.Compact();
        return ReadFile("whole.sqlite");
    }

    /// @return whether everything is there.
    bool Make()
    {
        m_out.str("");
        m_err.str("");
        std::filesystem::remove("sbatch.txt");
        return MakeOnSlurm(m_study, {m_out, m_err, "p2pim sweep"});
    }

    /// @return what() of the error of the kind, with which Make() has to fail.
    template <typename Error>
    std::string Fail()
    {
        try
        {
            Make();
        }
        catch (const Error& error)
        {
            return error.what();
        }
        ADD_FAILURE() << "no error of this kind";
        return "";
    }

    /// @return the words of sbatch's last call, of which one begins so; else empty.
    static std::string GetSubmitted(const std::string& begin)
    {
        std::istringstream words(ReadFile("sbatch.txt"));
        for (std::string word; std::getline(words, word);)
        {
            if (word.rfind(begin, 0) == 0)
            {
                return word;
            }
        }
        return "";
    }

    std::string m_path;
    std::filesystem::path m_work;
    SlurmStudy m_study;
    std::ostringstream m_out;
    std::ostringstream m_err;
};

} // namespace

TEST_F(SlurmEngineTest, SubmitsOneArrayOfShardsAndMergesThem)
{
    MakeShards();
    m_study.cpus = 2;
    m_study.atOnce = 3;
    m_study.options = "--partition=long --time=1:00:00";
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "--array=1-4%3");
    EXPECT_EQ(GetSubmitted("--cpus-per-task"), "--cpus-per-task=2");
    EXPECT_EQ(GetSubmitted("--output"), "--output=%a-of-4.log");
    EXPECT_EQ(GetSubmitted("--parsable"), "--parsable");
    EXPECT_EQ(m_err.str().rfind("job 17: 18 runs in 4 of 4 shards\n", 0), 0u) << m_err.str();
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());

    const std::string script = ReadFile(std::string(FOLDER) + "shard.sh");
    EXPECT_EQ(script.rfind("#!/bin/sh\n#SBATCH --partition=long --time=1:00:00\n", 0), 0u);
    EXPECT_EQ(ReadFile("words.txt"), // of the last task, whose folder is that of the caller
              "sweep\na b.ini\n--GprsCell.CodingScheme=CS-1,CS-2\n--seed=1\n--shard=4/4\n--jobs=2\n"
              "--output=" +
                  (m_work / FOLDER / "4-of-4.sqlite").string() + "\n");
}

TEST_F(SlurmEngineTest, SubmitsOnlyShardsThatAreNotWhole)
{
    MakeShards({2, 3});
    EXPECT_EQ(Fail<Stopped>(),
              "job 17: shards 2-3 of 4 failed: 9 of 18 runs kept in my study.sqlite (partial)");
    const std::string line = "p2pim: shard 2 did not end: my study.sqlite.shards/2-of-4.log: cp: ";
    EXPECT_NE(m_err.str().find(line), std::string::npos) << m_err.str();
    EXPECT_EQ(LoadResults(OUTPUT).status, Status::PARTIAL);
    EXPECT_EQ(LoadResults(OUTPUT).runs.size(), 9u);

    MakeShard("made/2-4", {1, 4});
    MakeShard("made/3-4", {2, 4});
    m_study.shards.reset(); // as before
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "--array=2-3");
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());

    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "") << "nothing is left";
}

TEST_F(SlurmEngineTest, RunsThatFailAreNoFailureOfTheShard)
{
    MakeShards({1});
    MakeShard("made/1-4", {0, 4}, {5, 9});
    EXPECT_TRUE(Make());
    EXPECT_EQ(LoadResults(OUTPUT).failures.size(), 2u);
    EXPECT_EQ(LoadResults(OUTPUT).runs.size(), 16u);
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "--array=1") << "they are tried again";
}

TEST_F(SlurmEngineTest, WhatEndedAfterACallIsMergedByTheNext)
{
    MakeShards();
    m_study.detach = true;
    WriteFile("queue", "");
    EXPECT_FALSE(Make());
    EXPECT_NE(m_out.str().find("squeue --array --job=17\n"), std::string::npos) << m_out.str();
    EXPECT_NE(m_out.str().find("p2pim merge 'my study.sqlite' 'my study.sqlite.shards/'*.sqlite "
                               "--output='my study.sqlite'\n"),
              std::string::npos)
        << m_out.str();
    EXPECT_TRUE(LoadResults(OUTPUT).runs.empty());
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "");
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());
}

TEST_F(SlurmEngineTest, WaitsForAJobThatIsUnderWay)
{
    std::filesystem::create_directory(FOLDER);
    WriteFile(std::string(FOLDER) + "job", "17 4\n");
    MakeShards();
    for (int i = 1; i <= 4; ++i)
    {
        const std::string task = std::to_string(i);
        std::filesystem::copy("made/" + task + "-4", FOLDER + task + "-of-4.sqlite");
    }
    m_study.shards = 7; // too late
    WriteFile("queue", "16 PD Resources\n17 PD Priority\n17 R None\n17 CG None\n");
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "");
    EXPECT_EQ(m_err.str(),
              "job 17: 2 shards running, 1 waiting (Priority)\n"
              "job 17: 2 shards running, 0 waiting\n"
              "job 17: 1 shards running, 0 waiting\n");
    EXPECT_TRUE(ReadFile(OUTPUT) == MakeWhole());

    std::filesystem::remove(OUTPUT);
    std::filesystem::remove(std::string(FOLDER) + "2-of-4.sqlite");
    WriteFile("queue", "17 R None\n");
    EXPECT_NE(Fail<Stopped>().find("shards 2 of 4 failed"), std::string::npos);

    m_study.force = true;
    WriteFile("queue", "17 R None\n");
    EXPECT_EQ(Fail<UserError>(),
              "--force: job 17 is still writing my study.sqlite.shards/; scancel 17 ends it");
    EXPECT_TRUE(std::filesystem::exists(FOLDER + std::string("1-of-4.sqlite")));
    EXPECT_EQ(LoadResults(OUTPUT).runs.size(), 13u) << "opened before it was refused";
}

TEST_F(SlurmEngineTest, ForceMakesEachShardAnew)
{
    MakeShards();
    Make();
    std::filesystem::remove(OUTPUT);
    for (const auto& entry : std::filesystem::directory_iterator("made"))
    {
        std::filesystem::remove(entry);
    }
    m_study.force = true;
    EXPECT_NE(Fail<Stopped>().find("shards 1-4 of 4 failed: 0 of 18 runs"), std::string::npos);
}

TEST_F(SlurmEngineTest, AShardThatIsDamagedMakesRoomForANewOne)
{
    MakeShards({2});
    WriteFile("made/2-4", "");
    EXPECT_NE(Fail<Stopped>().find("shards 2 of 4 failed: 13 of 18 runs"), std::string::npos);
    EXPECT_NE(m_err.str().find("p2pim: left out: my study.sqlite.shards/2-of-4.sqlite: not a "
                               "results file of p2pim; it is now my "
                               "study.sqlite.shards/2-of-4.sqlite.damaged\n"),
              std::string::npos)
        << m_err.str();
    EXPECT_FALSE(std::filesystem::exists(FOLDER + std::string("2-of-4.sqlite")));
    EXPECT_TRUE(std::filesystem::exists(FOLDER + std::string("2-of-4.sqlite.damaged")));
    std::filesystem::remove("made/2-4");
    MakeShard("made/2-4", {1, 4});
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "--array=2");
}

TEST_F(SlurmEngineTest, ShardsOfAnotherStudyAreNamedBeforeAnythingIsSubmitted)
{
    std::filesystem::create_directory(FOLDER);
    auto study = MakeStudy(3);
    study.traits["constraint"] = "false";
    MakeShard(std::string(FOLDER) + "1-of-4.sqlite", {0, 4}, {}, study);
    const auto error = Fail<StoreError>();
    EXPECT_NE(error.find("1-of-4.sqlite: not of the study of my study.sqlite: constraint is"),
              std::string::npos)
        << error;
    EXPECT_EQ(GetSubmitted("--array"), "");
}

TEST_F(SlurmEngineTest, ASecondCallerIsRefused)
{
    std::filesystem::create_directory(FOLDER);
    WriteFile(std::string(FOLDER) + "job", "");
    const FileLock other(std::string(FOLDER) + "job");
    EXPECT_EQ(Fail<StoreError>(),
              "my study.sqlite.shards/job: another p2pim is writing this file at the moment");
}

TEST_F(SlurmEngineTest, WhatSlurmRefusesIsSaid)
{
    WriteScript("bin/sbatch", "#!/bin/sh\necho 'sbatch: error: no such partition' >&2\nexit 1\n");
    EXPECT_EQ(Fail<Stopped>(), "sbatch: error: no such partition");
    WriteScript("bin/sbatch", "#!/bin/sh\n");
    EXPECT_EQ(Fail<Stopped>(), "sbatch: failed without a word");
    std::filesystem::remove("bin/sbatch");
    setenv("PATH", (m_work / "bin").c_str(), 1);
    EXPECT_EQ(Fail<UserError>(),
              "--engine=slurm: there is no sbatch on PATH; Slurm's commands are in Debian's "
              "package slurm-client");
    EXPECT_EQ(ReadFile(std::string(FOLDER) + "job"), "");
}

TEST_F(SlurmEngineTest, KeepsWaitingWhileSlurmDoesNotAnswer)
{
    MakeShards();
    std::filesystem::remove("queue");
    WriteScript("bin/squeue", "#!/bin/sh\ntouch asked; cat queue && exit\necho >queue; exit 1\n");
    EXPECT_TRUE(Make());
    EXPECT_NE(m_err.str().find("job 17: squeue does not answer; still waiting\n"),
              std::string::npos);
}

TEST_F(SlurmEngineTest, TheUserMayStopWaiting)
{
    MakeShards();
    WriteScript("bin/squeue", "#!/bin/sh\necho 17 R None\nkill -INT $PPID\n");
    EXPECT_EQ(Fail<Stopped>(),
              "interrupted: job 17 goes on; the same command waits for it again, scancel 17 ends "
              "it");
    WriteScript("bin/squeue", "#!/bin/sh\n");
    EXPECT_TRUE(Make());
    EXPECT_EQ(GetSubmitted("--array"), "");
}

TEST(SlurmTasks, AreDescribedAsSlurmWritesThem)
{
    EXPECT_EQ(DescribeTasks({1}), "1");
    EXPECT_EQ(DescribeTasks({1, 2, 3, 7, 9, 10}), "1-3,7,9-10");
}

TEST(SlurmOptions, AreChecked)
{
    CommandSpec spec;
    spec.name = "sweep";
    spec.options = GetSlurmOptions();
    const auto read = [&](const std::string& word) {
        return ReadSlurmOptions(Arguments(spec, {word}));
    };
    EXPECT_EQ(read("--shards=1000").shards, 1000u);
    EXPECT_FALSE(read("--detach").shards);
    EXPECT_TRUE(read("--detach").detach);
    EXPECT_EQ(read("--at-once=5").atOnce, 5u);
    EXPECT_EQ(read("--slurm-options=--mem=4G --qos=x").options, "--mem=4G --qos=x");
    EXPECT_THROW(read("--shards=0"), UserError);
    EXPECT_THROW(read("--shards=1001"), UserError);
    EXPECT_THROW(read("--slurm-options=--mem=4G\nrm"), UserError);
    EXPECT_NO_THROW(RefuseSlurmOptions(Arguments(spec, {})));
    EXPECT_THROW(RefuseSlurmOptions(Arguments(spec, {"--detach"})), UserError);
}
