// SPDX-License-Identifier: GPL-2.0-only
#include "call-program.h"
#include "campaign/synthetic-study.h"
#include "work-folder.h"

#include <gtest/gtest.h>

using namespace p2pim::campaign;
using namespace p2pim::campaign::test;

namespace
{

/// Two halves of a study of six runs, of which the last one fails.
class MergeCommandTest : public WorkFolderTest
{
  protected:
    MergeCommandTest()
    {
        for (uint64_t i = 0; i < 2; ++i)
        {
            ResultsStore store(i == 0 ? "a.sqlite" : "b.sqlite",
                               OpenMode::CREATE,
                               MakeProvenance(),
                               MakeStudy(1));
            for (const auto& run : store.ListMissing(0, 10, {i, 2}))
            {
                if (run.id == 6)
                {
                    store.StoreFailure(run, {"crash", "Segmentation fault", "p2pim run x"});
                }
                else
                {
                    store.Store(MakeRunOf(run.key));
                }
            }
            store.Finish({i, 2});
        }
    }

    /// Expects what a call leaves: its status and its only line, on the right stream.
    static void Expect(const std::vector<std::string>& args, int status, const std::string& line)
    {
        const auto outcome = Call(args);
        EXPECT_EQ(outcome.status, status) << outcome.err;
        EXPECT_EQ(status == 0 ? outcome.out : outcome.err, line + "\n");
        EXPECT_EQ(status == 0 ? outcome.err : outcome.out, "");
    }
};

} // namespace

TEST_F(MergeCommandTest, SaysWhatTheNewFileHas)
{
    Expect({"merge", "b.sqlite", "a.sqlite", "--output=all.sqlite"},
           0,
           "all.sqlite: 5 of 6 runs from 2 files, 1 failed (partial)");
    EXPECT_EQ(LoadResults("all.sqlite").runs.size(), 5u);
    {
        ResultsStore store("all.sqlite", OpenMode::RESUME, MakeProvenance(), MakeStudy(1));
        store.Store(MakeRunOf(store.ListMissing(0, 1).at(0).key));
        store.Finish();
    }
    Expect({"merge", "all.sqlite", "--output=all.sqlite"},
           0,
           "all.sqlite: 6 of 6 runs from 1 file (complete)");
}

TEST_F(MergeCommandTest, ReplacesAFileByForceOnly)
{
    Expect({"merge", "a.sqlite", "--output=b.sqlite"},
           2,
           "p2pim: b.sqlite: exists already; give --force to replace it");
    Expect({"merge", "a.sqlite", "--output=b.sqlite", "--force"},
           0,
           "b.sqlite: 3 of 6 runs from 1 file (partial)");
}

TEST_F(MergeCommandTest, SaysWhatIsWrong)
{
    Expect({"merge", "a.sqlite"}, 2, "p2pim: merge: needs --output=RESULTS");
    Expect({"merge", "--output=c.sqlite"},
           2,
           "p2pim: merge: needs a RESULTS, as in: p2pim merge shards/*.sqlite "
           "--output=results/study.sqlite");
    Expect({"merge", "a.sqlite", "none.sqlite", "--output=c.sqlite"},
           2,
           "p2pim: none.sqlite: cannot be read: No such file or directory");
    Expect({"merge", "a.sqlite", "--output=no/c.sqlite"},
           2,
           "p2pim: no/c.sqlite: there is no folder no");
}

TEST_F(MergeCommandTest, JoinsOtherBuildsIfTheUserSaysSo)
{
    auto provenance = MakeProvenance();
    provenance.programId = "build-2";
    {
        const ResultsStore other("c.sqlite", OpenMode::CREATE, provenance, MakeStudy(1));
    }
    Expect({"merge", "a.sqlite", "c.sqlite", "--output=d.sqlite"},
           2,
           "p2pim: c.sqlite: not of the study of a.sqlite: the build of p2pim is \"build-2\" in "
           "this file and \"build-1\" in that one");
    Expect({"merge", "a.sqlite", "c.sqlite", "--output=d.sqlite", "--any-build"},
           0,
           "d.sqlite: 3 of 6 runs from 2 files (partial)");
}
