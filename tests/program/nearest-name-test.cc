// SPDX-License-Identifier: GPL-2.0-only
#include "program/nearest-name.h"

#include <gtest/gtest.h>

using namespace p2pim::program;

// Expected distances: F. J. Damerau, "A technique for computer detection and correction of spelling
// errors", CACM 7(3), 1964: one each for a wrong, missing, extra letter and a swap of neighbours.

TEST(NearestName, CountsEachOfTheFourMistakesOnce)
{
    EXPECT_EQ(EditDistance("compare", "compare"), 0u);
    EXPECT_EQ(EditDistance("compare", "conpare"), 1u);
    EXPECT_EQ(EditDistance("compare", "compre"), 1u);
    EXPECT_EQ(EditDistance("compare", "commpare"), 1u);
    EXPECT_EQ(EditDistance("compare", "comapre"), 1u);
}

TEST(NearestName, CountsFromAndToNothing)
{
    EXPECT_EQ(EditDistance("", ""), 0u);
    EXPECT_EQ(EditDistance("", "run"), 3u);
    EXPECT_EQ(EditDistance("run", ""), 3u);
}

TEST(NearestName, KnowsThePublishedDistanceOfKittenAndSitting)
{
    EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

TEST(NearestName, RestrictedFormDoesNotEditASwappedPair)
{
    // 2 in the unrestricted form (ca, ac, abc); 3 where a swapped pair is left alone.
    EXPECT_EQ(EditDistance("ca", "abc"), 3u);
}

TEST(NearestName, SuggestsTheNearestWhateverTheCase)
{
    EXPECT_EQ(SuggestName("procesingdelay", {"LinkDelay", "ProcessingDelay"}),
              "; did you mean ProcessingDelay?");
}

TEST(NearestName, PrefersTheFirstOfEquallyNearNames)
{
    EXPECT_EQ(SuggestName("ab", {"ac", "ad"}), "; did you mean ac?");
}

TEST(NearestName, DoesNotClaimThatTheUserMeantAFarName)
{
    EXPECT_EQ(SuggestName("carrier-pigeon", {"p2p", "im-server"}), "; the nearest is im-server");
}

TEST(NearestName, IsSilentWhereThereIsNoName)
{
    EXPECT_EQ(SuggestName("x", {}), "");
}
