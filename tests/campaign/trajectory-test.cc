// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/store-error.h"
#include "campaign/trajectory.h"
#include "program/work-folder.h"

#include <gtest/gtest.h>

using namespace p2pim::campaign;

namespace
{

using TrajectoryTest = WorkFolderTest;

std::vector<Trajectory>
MakeSample()
{
    return {{"p2p", 1, "00ff", {{0, 3, 0, 0}, {1500000000, 4, 2, 104}, {1500000000, 3, 0, 0}}},
            {"p2p", 2, "00fe", {{7, p2pim::EventRecord::NO_NODE, 0, 0}}}};
}

/// Compares with the first run of the sample. @return what differs, in words.
std::string
CompareWith(const std::vector<p2pim::EventRecord>& events)
{
    const auto difference = FindDifference(MakeSample().front().events, events);
    return difference ? Describe(*difference) : "none";
}

} // namespace

TEST_F(TrajectoryTest, IsReadAsItWasWritten)
{
    WriteFile("a.events.gz", FormatTrajectories(MakeSample()));
    const auto read = ReadTrajectories("a.events.gz");
    ASSERT_EQ(read.size(), 2u);
    EXPECT_EQ(read[0].scheme, "p2p");
    EXPECT_EQ(read[1].seed, 2u);
    EXPECT_EQ(read[1].mark, "00fe");
    EXPECT_EQ(read[0].events, MakeSample()[0].events);
    EXPECT_EQ(read[1].events, MakeSample()[1].events);
    EXPECT_EQ(FormatTrajectories(read), FormatTrajectories(MakeSample()));
}

TEST_F(TrajectoryTest, LiesBesideItsBaseline)
{
    EXPECT_EQ(GetTrajectoryPath("results/baselines/setup-time.json"),
              "results/baselines/setup-time.events.gz");
}

TEST_F(TrajectoryTest, OfAMissingFileIsEmpty)
{
    EXPECT_TRUE(ReadTrajectories("none.events.gz").empty());
}

TEST_F(TrajectoryTest, RefusesADamagedFile)
{
    const auto good = FormatTrajectories(MakeSample());
    WriteFile("short.gz", good.substr(0, good.size() - 6)); // the check sum is cut off
    EXPECT_THROW(ReadTrajectories("short.gz"), StoreError);
    auto spoilt = good;
    spoilt[spoilt.size() / 2] = static_cast<char>(spoilt[spoilt.size() / 2] ^ 0x55);
    WriteFile("spoilt.gz", spoilt);
    EXPECT_THROW(ReadTrajectories("spoilt.gz"), StoreError);
    WriteFile("text.gz", "run p2p 1 00ff\n1 2 3\n"); // zlib reads plain text, too
    EXPECT_THROW(ReadTrajectories("text.gz"), StoreError);
    WriteFile("headless.gz", "1 2\n");
    EXPECT_THROW(ReadTrajectories("headless.gz"), StoreError);
}

TEST_F(TrajectoryTest, ComparisonFindsNothingInTheSameRun)
{
    EXPECT_EQ(CompareWith(MakeSample().front().events), "none");
}

TEST_F(TrajectoryTest, ComparisonNamesTheFirstEventThatDiffers)
{
    auto events = MakeSample().front().events;
    events[1].octets = 105;
    events[2].context = 9; // not the first
    EXPECT_EQ(CompareWith(events),
              "event 2: before 1.500000000 s, node 4, 2 IP packets of 104 octets; now "
              "1.500000000 s, node 4, 2 IP packets of 105 octets");
    events = MakeSample().front().events;
    events[0] = {1, p2pim::EventRecord::NO_NODE, 1, 40};
    EXPECT_EQ(CompareWith(events),
              "event 1: before 0.000000000 s, node 3; now 0.000000001 s, no node, 1 IP packet of "
              "40 octets");
}

TEST_F(TrajectoryTest, ComparisonSeesThatARunEndsEarlierOrLater)
{
    auto events = MakeSample().front().events;
    events.pop_back();
    EXPECT_EQ(CompareWith(events), "event 3: before 1.500000000 s, node 3; now the run has ended");
    events = MakeSample().front().events;
    events.push_back({1600000000, 1, 0, 0});
    EXPECT_EQ(CompareWith(events), "event 4: before the run has ended; now 1.600000000 s, node 1");
}
