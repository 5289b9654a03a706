// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * Which pairs of hosts behind NATs get a TCP connection, in the simulation and between stacks and
 * NATs of the running kernel, cell by cell.
 */
#include "kernel-nat.h"
#include "kernel-pairs.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using p2pim::oracle::KernelNat;
using p2pim::oracle::KernelPair;
using p2pim::oracle::TryKernelPairs;
using p2pim::test::PUNCH_KINDS;
using p2pim::test::PunchingWorld;
using p2pim::test::PunchPlan;

namespace
{

std::vector<KernelPair>
MakePairs()
{
    const std::vector<PunchPlan> plans{
        {true, false, 0},
        {true, true, 0},
        {true, true, 0.25},
        {true, true, 2},
    };
    std::vector<KernelPair> pairs;
    for (const auto& plan : plans)
    {
        for (std::size_t left = 0; left < PUNCH_KINDS.size(); ++left)
        {
            for (std::size_t right = 0; right < PUNCH_KINDS.size(); ++right)
            {
                pairs.push_back({left, right, plan});
            }
        }
    }
    return pairs;
}

std::string
Describe(const KernelPair& pair)
{
    const std::string how = pair.plan.rightConnects ? "skew " + std::to_string(pair.plan.skew)
                                                    : std::string("the right one has sent nothing");
    return std::string(PUNCH_KINDS[pair.left].name) + " and " + PUNCH_KINDS[pair.right].name +
           ", " + how;
}

bool
TryModel(const KernelPair& pair)
{
    return PunchingWorld(PUNCH_KINDS[pair.left].settings, PUNCH_KINDS[pair.right].settings)
        .Try(pair.plan);
}

} // namespace

TEST(PairOracle, KernelSaysTheSame)
{
    const std::string obstacle = KernelNat::FindObstacle();
    if (!obstacle.empty())
    {
        GTEST_SKIP() << obstacle;
    }
    auto pairs = MakePairs();
    for (int attempt = 0; attempt < 3 && !pairs.empty(); ++attempt) // the machine may be slow
    {
        const auto kernel = TryKernelPairs(pairs);
        ASSERT_TRUE(kernel);
        std::vector<KernelPair> others;
        for (std::size_t n = 0; n < pairs.size(); ++n)
        {
            if ((*kernel)[n] != TryModel(pairs[n]))
            {
                others.push_back(pairs[n]);
            }
        }
        pairs = others;
    }
    for (const auto& pair : pairs)
    {
        ADD_FAILURE() << Describe(pair) << ": the model says "
                      << (TryModel(pair) ? "connected" : "not connected");
    }
}
