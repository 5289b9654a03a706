// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/rlc-transfer.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using Mode = RlcTransfer::Mode;
using Outcome = RlcTransfer::Outcome;
using Outcomes = std::vector<Outcome>;

constexpr uint32_t WINDOW = 64; // TS 44.060 9.1.9.1

/// Sends one block, which arrives. @return what ended with it.
Outcomes
Carry(RlcTransfer& rlc, int64_t when, bool lost = false)
{
    Outcomes ended;
    rlc.Receive(rlc.Send(CS_2, when).number, lost, ended);
    return ended;
}

/// Sends all there is, with a bitmap after each block; @return blocks sent.
uint64_t
CarryAll(RlcTransfer& rlc, double errorRate, Outcomes& ended, uint32_t ackPeriod = 8)
{
    std::mt19937 random(7);
    std::bernoulli_distribution lost(errorRate);
    uint64_t sent = 0;
    int64_t now = 0;
    for (; !rlc.IsDone(); ++now)
    {
        if (rlc.CanSend())
        {
            rlc.Receive(rlc.Send(CS_2, now).number, lost(random), ended);
            ++sent;
        }
        if (now % ackPeriod == 0 || !rlc.CanSend())
        {
            rlc.Acknowledge(now + 1);
        }
    }
    return sent;
}

} // namespace

// TS 44.060 10.4.14: a PDU that ends within a block has a length indicator of one octet there
TEST(RlcTransfer, PutsPdusIntoBlocks)
{
    RlcTransfer rlc(Mode::ACKNOWLEDGED, WINDOW);
    rlc.Append(60); // two blocks exactly
    rlc.Append(29); // with its indicator one block
    rlc.Append(10); // 11 octets of a block, the next PDU's first 19 in the rest
    rlc.Append(20);
    EXPECT_EQ(Carry(rlc, 0), Outcomes());
    EXPECT_EQ(Carry(rlc, 1), Outcomes{Outcome::DELIVERED});
    EXPECT_EQ(Carry(rlc, 2), Outcomes{Outcome::DELIVERED});
    EXPECT_EQ(Carry(rlc, 3), Outcomes{Outcome::DELIVERED});
    EXPECT_EQ(rlc.GetUnsentOctets(), 1U);
    EXPECT_EQ(Carry(rlc, 4), Outcomes{Outcome::DELIVERED});
    EXPECT_FALSE(rlc.CanSend());
    EXPECT_FALSE(rlc.IsDone());
    rlc.Acknowledge(5);
    EXPECT_TRUE(rlc.IsDone());
}

// 9.1.2: no more than the window waits for its acknowledgement
TEST(RlcTransfer, StallsWhenTheWindowIsFull)
{
    RlcTransfer rlc(Mode::ACKNOWLEDGED, WINDOW);
    rlc.Append(30 * 100);
    for (uint32_t n = 0; n < WINDOW; ++n)
    {
        ASSERT_TRUE(rlc.CanSend());
        Carry(rlc, n);
    }
    EXPECT_TRUE(rlc.IsStalled());
    EXPECT_FALSE(rlc.CanSend());
    rlc.Acknowledge(10); // tells of ten blocks
    for (uint32_t n = 0; n < 10; ++n)
    {
        ASSERT_TRUE(rlc.CanSend());
        Carry(rlc, WINDOW + n);
    }
    EXPECT_FALSE(rlc.CanSend());
}

// 9.1.3: a bitmap refuses what was sent before it and is missing, once
TEST(RlcTransfer, SendsRefusedBlocksAgain)
{
    RlcTransfer rlc(Mode::ACKNOWLEDGED, WINDOW);
    rlc.Append(120);
    Outcomes ended;
    rlc.Receive(rlc.Send(CS_2, 0).number, false, ended);
    rlc.Receive(rlc.Send(CS_2, 1).number, true, ended);
    rlc.Receive(rlc.Send(CS_2, 2).number, false, ended);
    rlc.Receive(rlc.Send(CS_2, 3).number, true, ended);
    EXPECT_FALSE(rlc.CanSend());
    rlc.Acknowledge(3); // it was made before the block of radio block 3 was over
    ASSERT_TRUE(rlc.CanSend());
    const auto block = rlc.Send(CS_2, 4);
    EXPECT_EQ(block.number, 1U);
    EXPECT_TRUE(block.repeated);
    EXPECT_FALSE(rlc.CanSend());
    rlc.Acknowledge(4); // of before the repetition: refuses 3 only
    ASSERT_TRUE(rlc.CanSend());
    EXPECT_EQ(rlc.Send(CS_2, 5).number, 3U);
    rlc.Receive(3, false, ended);
    EXPECT_TRUE(ended.empty()); // block 1 is missing
    rlc.Receive(1, false, ended);
    EXPECT_EQ(ended, Outcomes{Outcome::DELIVERED});
    rlc.Acknowledge(6);
    EXPECT_TRUE(rlc.IsDone());
}

// 9.1.2: a repetition has the coding of the first transmission
TEST(RlcTransfer, RepeatsWithTheSameCoding)
{
    RlcTransfer rlc(Mode::ACKNOWLEDGED, WINDOW);
    rlc.Append(60);
    Outcomes ended;
    rlc.Receive(rlc.Send(CS_2, 0).number, true, ended);
    rlc.Acknowledge(1);
    EXPECT_EQ(rlc.Send(GprsCodingScheme::CS_1, 1).scheme, CS_2);
    EXPECT_EQ(rlc.Send(GprsCodingScheme::CS_1, 2).scheme, GprsCodingScheme::CS_1);
}

// Whatever is lost, all PDUs arrive; each block is sent 1 / (1 - p) times in the mean.
TEST(RlcTransfer, LosesNothingWhenItAcknowledges)
{
    for (const double p : {0.0, 0.1, 0.5})
    {
        RlcTransfer rlc(Mode::ACKNOWLEDGED, WINDOW);
        constexpr uint32_t pdus = 2000;
        constexpr uint32_t octets = 299; // ten blocks with its length indicator
        for (uint32_t n = 0; n < pdus; ++n)
        {
            rlc.Append(octets);
        }
        Outcomes ended;
        const auto sent = static_cast<double>(CarryAll(rlc, p, ended));
        EXPECT_EQ(ended, Outcomes(pdus, Outcome::DELIVERED));
        const double blocks = pdus * 10.0;
        // standard deviation of a mean of geometric numbers
        const double sigma = std::sqrt(p) / (1 - p) / std::sqrt(blocks);
        EXPECT_NEAR(sent / blocks, 1 / (1 - p), 4 * sigma + 1e-12) << p;
    }
}

// 9.3.3: a PDU that misses a block is lost, the others are not; those of n blocks arrive with
// probability (1 - p)^n
TEST(RlcTransfer, LosesPdusWhenItDoesNotAcknowledge)
{
    RlcTransfer rlc(Mode::UNACKNOWLEDGED, WINDOW);
    constexpr int pdus = 20000;
    for (int n = 0; n < pdus; ++n)
    {
        rlc.Append(150); // five blocks
    }
    Outcomes ended;
    EXPECT_EQ(CarryAll(rlc, 0.1, ended), pdus * 5U);
    ASSERT_EQ(ended.size(), static_cast<std::size_t>(pdus));
    const auto delivered = std::count(ended.begin(), ended.end(), Outcome::DELIVERED);
    const double share = std::pow(0.9, 5);
    const double sigma = std::sqrt(share * (1 - share) / pdus);
    EXPECT_NEAR(static_cast<double>(delivered) / pdus, share, 4 * sigma);
}

// A lost block takes with it each PDU that has a part in it.
TEST(RlcTransfer, ALostBlockIsTheLossOfAllPdusInIt)
{
    RlcTransfer rlc(Mode::UNACKNOWLEDGED, WINDOW);
    rlc.Append(40); // block 0, and 10 octets of block 1 with an indicator
    rlc.Append(5);  // block 1
    rlc.Append(30); // 13 octets of block 1, the rest of block 2
    rlc.Append(5);  // block 2
    Outcomes ended;
    rlc.Receive(rlc.Send(CS_2, 0).number, false, ended);
    rlc.Receive(rlc.Send(CS_2, 1).number, true, ended);
    rlc.Receive(rlc.Send(CS_2, 2).number, false, ended);
    EXPECT_EQ(ended, (Outcomes{Outcome::LOST, Outcome::LOST, Outcome::LOST, Outcome::DELIVERED}));
    EXPECT_TRUE(rlc.IsDone());
}

// TS 44.060 8.1.1.1: families A (MCS-3, 6, 9, and 8 with padding), B (MCS-2, 5, 7) and C (MCS-1, 4)
TEST(RlcTransfer, ARepetitionStaysInItsFamily)
{
    using Scheme = GprsCodingScheme;
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_9, Scheme::MCS_9), Scheme::MCS_9);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_9, Scheme::MCS_8), Scheme::MCS_6);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_9, Scheme::MCS_5), Scheme::MCS_3);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_8, Scheme::MCS_7), Scheme::MCS_6);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_8, Scheme::MCS_1), Scheme::MCS_3);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_7, Scheme::MCS_6), Scheme::MCS_5);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_7, Scheme::MCS_4), Scheme::MCS_2);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_6, Scheme::MCS_5), Scheme::MCS_3);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_5, Scheme::MCS_1), Scheme::MCS_2);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_4, Scheme::MCS_2), Scheme::MCS_1);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_4, Scheme::MCS_9), Scheme::MCS_4);
    EXPECT_EQ(GetRepetitionScheme(Scheme::MCS_3, Scheme::MCS_1), Scheme::MCS_3);
    EXPECT_EQ(GetRepetitionScheme(Scheme::CS_4, Scheme::CS_1), Scheme::CS_4);
}

// A block of MCS-9, 74 octets, goes again as one of MCS-6, or as two of MCS-3 with 37 octets each,
// both of which have to arrive
TEST(RlcTransfer, ResegmentsRefusedBlocks)
{
    using Scheme = GprsCodingScheme;
    RlcTransfer rlc(Mode::ACKNOWLEDGED, WINDOW, true);
    rlc.Append(74);
    Outcomes ended;
    rlc.Receive(rlc.Send(Scheme::MCS_9, 0).number, true, ended);
    rlc.Acknowledge(1);
    RlcTransfer::Block block = rlc.Send(Scheme::MCS_6, 1);
    EXPECT_EQ(block.scheme, Scheme::MCS_6);
    EXPECT_EQ(block.earlier, 0U); // with this coding
    EXPECT_FALSE(rlc.CanSend());
    rlc.Receive(block.number, true, ended, block.part);
    rlc.Acknowledge(2);
    block = rlc.Send(Scheme::MCS_6, 2);
    EXPECT_EQ(block.earlier, 1U);
    rlc.Receive(block.number, true, ended, block.part);

    rlc.Acknowledge(3);
    block = rlc.Send(Scheme::MCS_3, 3);
    EXPECT_EQ(block.scheme, Scheme::MCS_3);
    EXPECT_EQ(block.part, 0b01);
    rlc.Receive(block.number, true, ended, block.part);
    ASSERT_TRUE(rlc.CanSend());
    block = rlc.Send(Scheme::MCS_3, 4);
    EXPECT_EQ(block.number, 0U);
    EXPECT_EQ(block.part, 0b10);
    rlc.Receive(block.number, false, ended, block.part);
    EXPECT_TRUE(ended.empty());
    EXPECT_FALSE(rlc.CanSend());
    rlc.Acknowledge(5); // refuses the first half only, and halves stay halves
    block = rlc.Send(Scheme::MCS_9, 5);
    EXPECT_EQ(block.scheme, Scheme::MCS_3);
    EXPECT_EQ(block.part, 0b01);
    EXPECT_EQ(block.earlier, 1U);
    rlc.Receive(block.number, false, ended, block.part);
    EXPECT_EQ(ended, Outcomes{Outcome::DELIVERED});
    rlc.Acknowledge(6);
    EXPECT_TRUE(rlc.IsDone());
}
