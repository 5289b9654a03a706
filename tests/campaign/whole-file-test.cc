// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/store-error.h"
#include "campaign/whole-file.h"
#include "program/work-folder.h"

#include <cerrno>
#include <csignal>
#include <sys/resource.h>

using namespace p2pim::campaign;

namespace
{

class WholeFileTest : public WorkFolderTest
{
  protected:
    /// @return how many files the folder has.
    static std::ptrdiff_t CountFiles()
    {
        return std::distance(std::filesystem::directory_iterator("."), {});
    }
};

/// Lets no file of this process grow beyond some octets.
class FileSizeLimit
{
  public:
    explicit FileSizeLimit(rlim_t octets)
        : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        getrlimit(RLIMIT_FSIZE, &m_former);
        const rlimit limit{octets, m_former.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }

    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_former);
        std::signal(SIGXFSZ, m_handler);
    }

    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    sighandler_t m_handler;
    rlimit m_former{};
};

} // namespace

TEST_F(WholeFileTest, IsTheOldOneUntilItIsTheNewOne)
{
    WriteFile("a.txt", "old");
    WholeFile file("a.txt");
    EXPECT_EQ(ReadFile("a.txt"), "old");
    file.Write("new");
    EXPECT_EQ(ReadFile("a.txt"), "new");
    EXPECT_EQ(CountFiles(), 1);
}

TEST_F(WholeFileTest, StaysAsItWasIfNothingIsWritten)
{
    WriteFile("a.txt", "old");
    {
        const WholeFile file("a.txt");
        const WholeFile other("none.txt");
    }
    EXPECT_EQ(ReadFile("a.txt"), "old");
    EXPECT_EQ(CountFiles(), 1);
}

TEST_F(WholeFileTest, StaysAsItWasIfThereIsNoRoom)
{
    WriteFile("a.txt", "old");
    {
        const FileSizeLimit limit(1000);
        WholeFile file("a.txt");
        EXPECT_THROW(file.Write(std::string(2000, 'x')), StoreError);
    }
    EXPECT_EQ(ReadFile("a.txt"), "old");
    EXPECT_EQ(CountFiles(), 1);
}

TEST_F(WholeFileTest, WhatCannotBeWrittenIsRefusedBeforeItsContentIsKnown)
{
    try
    {
        const WholeFile file("none/a.txt");
        FAIL();
    }
    catch (const StoreError& error)
    {
        EXPECT_EQ(error.GetCode(), StoreError::Code::NOT_WRITABLE);
        EXPECT_STREQ(error.what(), "none/a.txt: cannot be written: No such file or directory");
    }
}
