// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/results-store.h"
#include "synthetic-runs.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

using Code = StoreError::Code;

/// A folder of its own for each test.
class ResultsStoreTest : public ::testing::Test
{
  protected:
    void SetUp() override
    {
        std::string name = (std::filesystem::temp_directory_path() / "p2pim-store-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        m_folder = name;
        m_path = name + "/results.sqlite";
    }

    void TearDown() override
    {
        std::filesystem::permissions(m_folder, std::filesystem::perms::owner_all);
        std::filesystem::remove_all(m_folder);
    }

    /// Stores the runs of @p plan, two sessions each, and finishes.
    Status Write(OpenMode mode, const std::vector<RunKey>& plan)
    {
        ResultsStore store(m_path, mode, MakeProvenance(), plan);
        for (const auto& key : plan)
        {
            store.Store(MakeRun(key.scheme, key.seed, 2, 10));
        }
        return store.Finish();
    }

    /// @return the error of opening for writing; what() is empty if there was none.
    StoreError TryOpen(OpenMode mode,
                       const std::vector<RunKey>& plan = {},
                       const Provenance& provenance = MakeProvenance())
    {
        try
        {
            ResultsStore store(m_path, mode, provenance, plan);
        }
        catch (const StoreError& error)
        {
            return error;
        }
        return {Code::FAILED, ""};
    }

    /// @return the error of LoadResults(); what() is empty if there was none.
    StoreError TryLoad()
    {
        try
        {
            LoadResults(m_path);
        }
        catch (const StoreError& error)
        {
            return error;
        }
        return {Code::FAILED, ""};
    }

    void WriteFile(const std::string& content) const
    {
        std::ofstream(m_path) << content;
    }

    /// @return how many files the folder has.
    long CountFiles() const
    {
        return std::distance(std::filesystem::directory_iterator(m_folder), {});
    }

    std::string m_folder;
    std::string m_path;
};

/// Root may write everywhere: as long as this lives, it is the user "nobody".
class NotRoot
{
  public:
    NotRoot()
    {
        constexpr uid_t nobody = 65534;
        m_changed = m_user == 0 && ::seteuid(nobody) == 0;
    }

    ~NotRoot()
    {
        EXPECT_TRUE(!m_changed || ::seteuid(m_user) == 0);
    }

    NotRoot(const NotRoot&) = delete;
    NotRoot& operator=(const NotRoot&) = delete;

  private:
    uid_t m_user = ::geteuid();
    bool m_changed = false;
};

void
ExpectEqualAttempts(const ::p2pim::SessionRecord& x, const ::p2pim::SessionRecord& y)
{
    ASSERT_EQ(x.attempts.size(), y.attempts.size());
    for (size_t k = 0; k < x.attempts.size(); ++k)
    {
        EXPECT_EQ(x.attempts[k].fromInitiator, y.attempts[k].fromInitiator);
        EXPECT_EQ(x.attempts[k].candidate, y.attempts[k].candidate);
        EXPECT_EQ(x.attempts[k].local, y.attempts[k].local);
        EXPECT_EQ(x.attempts[k].remote, y.attempts[k].remote);
        EXPECT_EQ(x.attempts[k].tries, y.attempts[k].tries);
        EXPECT_EQ(x.attempts[k].startNs, y.attempts[k].startNs);
        EXPECT_EQ(x.attempts[k].endNs, y.attempts[k].endNs);
        EXPECT_EQ(x.attempts[k].outcome, y.attempts[k].outcome);
    }
}

void
ExpectEqual(const ::p2pim::RunRecord& a, const ::p2pim::RunRecord& b)
{
    EXPECT_EQ(a.scheme, b.scheme);
    EXPECT_EQ(a.seed, b.seed);
    EXPECT_EQ(a.events, b.events);
    ASSERT_EQ(a.sessions.size(), b.sessions.size());
    for (size_t i = 0; i < a.sessions.size(); ++i)
    {
        const auto& x = a.sessions[i];
        const auto& y = b.sessions[i];
        EXPECT_EQ(x.index, y.index);
        EXPECT_EQ(x.bearer, y.bearer);
        EXPECT_EQ(x.succeeded, y.succeeded);
        EXPECT_EQ(x.cause, y.cause);
        EXPECT_EQ(x.diagnosis, y.diagnosis);
        EXPECT_EQ(x.initiatorAccess, y.initiatorAccess);
        EXPECT_EQ(x.targetAccess, y.targetAccess);
        EXPECT_EQ(x.setupNs, y.setupNs);
        EXPECT_EQ(x.firstMessageNs, y.firstMessageNs);
        ASSERT_EQ(x.steps.size(), y.steps.size());
        for (size_t k = 0; k < x.steps.size(); ++k)
        {
            EXPECT_EQ(x.steps[k].name, y.steps[k].name);
            EXPECT_EQ(x.steps[k].timeNs, y.steps[k].timeNs);
        }
        ASSERT_EQ(x.messages.size(), y.messages.size());
        for (size_t k = 0; k < x.messages.size(); ++k)
        {
            EXPECT_EQ(x.messages[k].index, y.messages[k].index);
            EXPECT_EQ(x.messages[k].fromInitiator, y.messages[k].fromInitiator);
            EXPECT_EQ(x.messages[k].octets, y.messages[k].octets);
            EXPECT_EQ(x.messages[k].sentNs, y.messages[k].sentNs);
            EXPECT_EQ(x.messages[k].receivedNs, y.messages[k].receivedNs);
        }
        ExpectEqualAttempts(x, y);
    }
    ASSERT_EQ(a.counters.size(), b.counters.size());
    for (size_t i = 0; i < a.counters.size(); ++i)
    {
        EXPECT_EQ(a.counters[i].element, b.counters[i].element);
        EXPECT_EQ(a.counters[i].name, b.counters[i].name);
        EXPECT_EQ(a.counters[i].value, b.counters[i].value);
    }
}

} // namespace

TEST_F(ResultsStoreTest, Load_ReturnsWhatWasStored)
{
    auto first = MakeRun("p2p", 18446744073709551615u, 3, 10);
    first.sessions.push_back(MakeFailedSession(3, "sms \"expired\", late"));
    first.sessions.push_back(MakeBlockedSession(4));
    first.sessions[0].messages[1].receivedNs = -1;
    const auto second = MakeRun("im-server", 1, 2, 1);
    {
        ResultsStore store(m_path,
                           OpenMode::CREATE,
                           MakeProvenance(),
                           {{first.scheme, first.seed}, {"im-server", 1}});
        store.Store(first);
        store.Store(second);
        EXPECT_EQ(store.Finish(), Status::COMPLETE);
    }
    const auto results = LoadResults(m_path);
    EXPECT_EQ(results.status, Status::COMPLETE);
    EXPECT_EQ(results.provenance.programVersion, "0.1.0");
    EXPECT_EQ(results.provenance.scenarioFile, "scenarios/setup-time.ini");
    ASSERT_EQ(results.provenance.configuration.size(), 2u);
    EXPECT_EQ(results.provenance.configuration[0].key, "SetupTime.Sessions");
    EXPECT_FALSE(results.provenance.configuration[0].isDefault);
    EXPECT_EQ(results.provenance.configuration[1].value, "+1.5s");
    ASSERT_EQ(results.runs.size(), 2u);
    ExpectEqual(results.runs[0], first);
    ExpectEqual(results.runs[1], second);
    EXPECT_EQ(CountFiles(), 1);
}

TEST_F(ResultsStoreTest, Create_RefusesAFileThatExists)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    const auto error = TryOpen(OpenMode::CREATE, {{"p2p", 2}});
    EXPECT_EQ(error.GetCode(), Code::EXISTS);
    EXPECT_NE(std::string(error.what()).find("--force"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("--append"), std::string::npos);
    EXPECT_EQ(LoadResults(m_path).runs.size(), 1u);
}

TEST_F(ResultsStoreTest, Create_RefusesAlsoAFileThatIsNotOurs)
{
    WriteFile("my thesis");
    EXPECT_EQ(TryOpen(OpenMode::CREATE).GetCode(), Code::EXISTS);
}

TEST_F(ResultsStoreTest, Force_ReplacesTheFile)
{
    Write(OpenMode::CREATE, {{"p2p", 1}, {"p2p", 2}});
    EXPECT_EQ(Write(OpenMode::FORCE, {{"im-server", 1}}), Status::COMPLETE);
    const auto results = LoadResults(m_path);
    ASSERT_EQ(results.runs.size(), 1u);
    EXPECT_EQ(results.runs[0].scheme, "im-server");
    EXPECT_EQ(CountFiles(), 1);
}

// SQLite would roll the journal that a killed writer left back into the new file.
TEST_F(ResultsStoreTest, Force_TakesTheJournalOfAKilledWriterAway)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    const pid_t child = ::fork();
    if (child == 0)
    {
        SQLite::Database database(m_path, SQLite::OPEN_READWRITE);
        database.exec("PRAGMA cache_size = 1; BEGIN; DELETE FROM step; DELETE FROM message;"
                      " UPDATE run SET scheme = 'killed'; UPDATE session SET bearer = 'killed'");
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(std::filesystem::exists(m_path + "-journal"));
    Write(OpenMode::FORCE, {{"im-server", 2}});
    const auto results = LoadResults(m_path);
    ASSERT_EQ(results.runs.size(), 1u);
    EXPECT_EQ(results.runs[0].scheme, "im-server");
}

TEST_F(ResultsStoreTest, Force_FollowsALinkAndRefusesAFolder)
{
    const std::string target = m_folder + "/target.sqlite";
    std::ofstream(target) << "old";
    std::filesystem::create_symlink(target, m_path);
    Write(OpenMode::FORCE, {{"p2p", 1}});
    EXPECT_TRUE(std::filesystem::is_symlink(m_path));
    std::filesystem::remove(m_path);
    std::filesystem::create_directory(m_path);
    EXPECT_EQ(TryOpen(OpenMode::FORCE).GetCode(), Code::NOT_WRITABLE);
    EXPECT_TRUE(std::filesystem::is_directory(m_path));
}

TEST_F(ResultsStoreTest, Append_AddsRunsToTheFile)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    EXPECT_EQ(Write(OpenMode::APPEND, {{"p2p", 2}, {"im-server", 1}}), Status::COMPLETE);
    EXPECT_EQ(LoadResults(m_path).runs.size(), 3u);
}

TEST_F(ResultsStoreTest, Append_MakesTheFileIfThereIsNone)
{
    EXPECT_EQ(Write(OpenMode::APPEND, {{"p2p", 1}}), Status::COMPLETE);
    EXPECT_EQ(LoadResults(m_path).provenance.commandLine, MakeProvenance().commandLine);
}

TEST_F(ResultsStoreTest, Append_NamesTheFirstSettingThatDiffers)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    auto provenance = MakeProvenance();
    provenance.configuration[1].value = "+2s";
    const auto error = TryOpen(OpenMode::APPEND, {{"p2p", 2}}, provenance);
    EXPECT_EQ(error.GetCode(), Code::DIFFERENT);
    EXPECT_EQ(std::string(error.what()),
              m_path +
                  ": cannot append: Smsc.ServiceTime is \"+1.5s\" in this file and \"+2s\" now");
}

TEST_F(ResultsStoreTest, Append_RefusesAnotherVersionAndAMissingSetting)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    auto provenance = MakeProvenance();
    provenance.programVersion = "0.2.0";
    EXPECT_EQ(TryOpen(OpenMode::APPEND, {}, provenance).GetCode(), Code::DIFFERENT);
    provenance = MakeProvenance();
    provenance.configuration.pop_back();
    EXPECT_EQ(TryOpen(OpenMode::APPEND, {}, provenance).GetCode(), Code::DIFFERENT);
    provenance = MakeProvenance();
    provenance.scenarioFile = "copy.ini";
    provenance.commandLine = "p2pim compare copy.ini";
    EXPECT_STREQ(TryOpen(OpenMode::APPEND, {}, provenance).what(), "");
}

TEST_F(ResultsStoreTest, Append_RefusesARunThatIsThereAlready)
{
    Write(OpenMode::CREATE, {{"p2p", 1}, {"p2p", 2}});
    const auto error = TryOpen(OpenMode::APPEND, {{"p2p", 3}, {"p2p", 2}});
    EXPECT_EQ(error.GetCode(), Code::DUPLICATE);
    EXPECT_EQ(std::string(error.what()), m_path + ": has scheme p2p with seed 2 already");
    // Nothing of the refused plan stays.
    EXPECT_EQ(LoadResults(m_path).status, Status::COMPLETE);
    EXPECT_EQ(Write(OpenMode::APPEND, {{"im-server", 1}}), Status::COMPLETE);
}

TEST_F(ResultsStoreTest, Store_RefusesTheSameRunTwiceAndKeepsTheFirst)
{
    ResultsStore store(m_path, OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}, {"p2p", 2}});
    store.Store(MakeRun("p2p", 1, 3, 1));
    EXPECT_THROW(store.Store(MakeRun("p2p", 1, 2, 1)), StoreError);
    store.Store(MakeRun("p2p", 2, 2, 1));
    EXPECT_EQ(LoadResults(m_path).runs[0].sessions.size(), 3u);
}

TEST_F(ResultsStoreTest, Store_RefusesARunThatWasNotPlanned)
{
    ResultsStore store(m_path, OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}});
    EXPECT_THROW(store.Store(MakeRun("p2p", 2, 3, 1)), StoreError);
    EXPECT_TRUE(LoadResults(m_path).runs.empty());
}

TEST_F(ResultsStoreTest, Status_IsPartialUntilEveryPlannedRunIsThere)
{
    {
        ResultsStore store(m_path, OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}, {"p2p", 2}});
        store.Store(MakeRun("p2p", 1, 2, 1));
        EXPECT_EQ(LoadResults(m_path).status, Status::RUNNING);
        EXPECT_EQ(store.Finish(), Status::PARTIAL);
    }
    EXPECT_EQ(LoadResults(m_path).status, Status::PARTIAL);
    EXPECT_EQ(Write(OpenMode::APPEND, {{"p2p", 3}}), Status::PARTIAL);
    EXPECT_EQ(Write(OpenMode::APPEND, {{"p2p", 2}}), Status::COMPLETE);
}

TEST_F(ResultsStoreTest, Crash_KeepsEveryRunThatWasStored)
{
    const pid_t child = ::fork();
    if (child == 0)
    {
        ResultsStore store(m_path, OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}, {"p2p", 2}});
        store.Store(MakeRun("p2p", 1, 2, 1));
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const auto results = LoadResults(m_path);
    EXPECT_EQ(results.status, Status::RUNNING);
    EXPECT_EQ(results.runs.size(), 1u);
    EXPECT_EQ(Write(OpenMode::APPEND, {{"p2p", 2}}), Status::COMPLETE);
}

TEST_F(ResultsStoreTest, Writer_ExcludesAnotherOne)
{
    const ResultsStore store(m_path, OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}});
    EXPECT_EQ(TryOpen(OpenMode::APPEND, {{"p2p", 2}}).GetCode(), Code::BUSY);
    EXPECT_EQ(TryOpen(OpenMode::FORCE, {{"p2p", 2}}).GetCode(), Code::BUSY);
}

TEST_F(ResultsStoreTest, Folder_ThatIsMissingIsNamed)
{
    m_path = m_folder + "/nowhere/results.sqlite";
    const auto error = TryOpen(OpenMode::CREATE);
    EXPECT_EQ(error.GetCode(), Code::FOLDER);
    EXPECT_NE(std::string(error.what()).find("there is no folder " + m_folder + "/nowhere"),
              std::string::npos);
}

TEST_F(ResultsStoreTest, Folder_ThatIsNotWritableIsNamedAndTheOldFileStays)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    std::filesystem::permissions(m_path, std::filesystem::perms(0666));
    std::filesystem::permissions(m_folder, std::filesystem::perms(0555));
    {
        const NotRoot ordinaryUser;
        EXPECT_EQ(TryOpen(OpenMode::FORCE).GetCode(), Code::FOLDER);
        EXPECT_EQ(LoadResults(m_path).runs.size(), 1u);
        m_path = m_folder + "/other.sqlite";
        EXPECT_EQ(TryOpen(OpenMode::CREATE).GetCode(), Code::FOLDER);
    }
}

// /proc takes no new files from anyone, root included.
TEST_F(ResultsStoreTest, FileSystem_ThatTakesNoFilesIsNoFolderToWriteTo)
{
    m_path = "/proc/p2pim-results.sqlite";
    EXPECT_EQ(TryOpen(OpenMode::CREATE).GetCode(), Code::FOLDER);
}

TEST_F(ResultsStoreTest, FullDisk_IsSaidAndKeepsWhatWasStored)
{
    {
        ResultsStore store(m_path, OpenMode::CREATE, MakeProvenance(), {{"p2p", 1}, {"p2p", 2}});
        store.Store(MakeRun("p2p", 1, 2, 1));
        store.SetSizeLimit(std::filesystem::file_size(m_path) + 8192);
        try
        {
            store.Store(MakeRun("p2p", 2, 5000, 1));
            FAIL() << "stored more than fits";
        }
        catch (const StoreError& error)
        {
            EXPECT_EQ(error.GetCode(), Code::FULL);
            EXPECT_EQ(std::string(error.what()),
                      m_path + ": cannot be written: the disk or the quota is full");
        }
        EXPECT_EQ(store.Finish(), Status::PARTIAL);
    }
    const auto results = LoadResults(m_path);
    ASSERT_EQ(results.runs.size(), 1u);
    ExpectEqual(results.runs[0], MakeRun("p2p", 1, 2, 1));
}

TEST_F(ResultsStoreTest, Load_RefusesWhatIsNotAResultsFile)
{
    EXPECT_EQ(TryLoad().GetCode(), Code::MISSING);
    WriteFile("");
    EXPECT_EQ(TryLoad().GetCode(), Code::NOT_RESULTS);
    WriteFile("scheme,seed\np2p,1\n");
    EXPECT_EQ(TryLoad().GetCode(), Code::NOT_RESULTS);
    EXPECT_EQ(TryOpen(OpenMode::APPEND).GetCode(), Code::NOT_RESULTS);
    std::filesystem::remove(m_path);
    SQLite::Database(m_path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE other (a)");
    EXPECT_EQ(TryLoad().GetCode(), Code::NOT_RESULTS);
    m_path = m_folder;
    EXPECT_EQ(TryLoad().GetCode(), Code::NOT_RESULTS);
}

TEST_F(ResultsStoreTest, Load_RefusesAnotherSchemaVersion)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    SQLite::Database(m_path, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    const auto error = TryLoad();
    EXPECT_EQ(error.GetCode(), Code::SCHEMA);
    EXPECT_NE(std::string(error.what()).find("version 99"), std::string::npos);
    EXPECT_EQ(TryOpen(OpenMode::APPEND).GetCode(), Code::SCHEMA);
}

// Version 1 had neither attempts nor diagnoses.
TEST_F(ResultsStoreTest, Version1_IsNeitherReadNorAppendedToAndTheLineSaysWhatToDo)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    SQLite::Database(m_path, SQLite::OPEN_READWRITE)
        .exec("DROP TABLE attempt; PRAGMA user_version = 1");
    const std::string line = m_path + ": has version 1 of the results schema, this program reads "
                                      "and appends to version 3; make it again, or use the p2pim "
                                      "that made it";
    EXPECT_EQ(TryLoad().what(), line);
    EXPECT_EQ(TryOpen(OpenMode::APPEND, {{"p2p", 2}}).what(), line);
    EXPECT_EQ(Write(OpenMode::FORCE, {{"p2p", 2}}), Status::COMPLETE);
    EXPECT_EQ(LoadResults(m_path).runs.size(), 1u);
}

TEST_F(ResultsStoreTest, AMissingTableIsAnErrorOfTheStore)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    SQLite::Database(m_path, SQLite::OPEN_READWRITE).exec("DROP TABLE counter_list");
    EXPECT_NE(std::string(TryLoad().what()).find("counter"), std::string::npos);
    EXPECT_NE(std::string(TryOpen(OpenMode::APPEND).what()).find("counter"), std::string::npos);
}

TEST_F(ResultsStoreTest, Load_RefusesRowsWithoutARun)
{
    Write(OpenMode::CREATE, {{"p2p", 1}});
    SQLite::Database(m_path, SQLite::OPEN_READWRITE).exec("DELETE FROM run");
    EXPECT_EQ(TryLoad().GetCode(), Code::NOT_RESULTS);
}
