// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * The four bounds of van Rooij's window tracking, to the octet.
 */
#include "ns3/nat-tcp-window.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace ns3::p2pim;

namespace
{

using Fit = NatTcpWindow::Fit;

constexpr uint8_t CLIENT = 0;
constexpr uint8_t SERVER = 1;

/// A connection from sequence number 1000 of the client and 5000 of the server.
class NatTcpWindowTest : public testing::Test
{
  protected:
    /// Both give windows of 10000, and offer to scale them if they have a shift count.
    void Establish(int clientScale = -1, int serverScale = -1, bool permitsSelective = false)
    {
        NatSegment syn = Make(999, 0, 0);
        syn.syn = true;
        syn.ack = false;
        SetOptions(syn, clientScale, permitsSelective);
        m_window.Begin(syn);
        ASSERT_EQ(m_window.Accept(syn, CLIENT, false, false), Fit::INSIDE);
        NatSegment answer = Make(4999, 1000, 0);
        answer.syn = true;
        SetOptions(answer, serverScale, permitsSelective);
        ASSERT_EQ(m_window.Accept(answer, SERVER, false, true), Fit::INSIDE);
        ASSERT_TRUE(Accepts(CLIENT, 1000, 5000));
    }

    static NatSegment Make(uint32_t sequence, uint32_t acknowledgment, uint32_t length)
    {
        NatSegment segment;
        segment.ack = true;
        segment.sequence = sequence;
        segment.acknowledgment = acknowledgment;
        segment.selective = acknowledgment;
        segment.length = length;
        segment.window = 10000;
        return segment;
    }

    static void SetOptions(NatSegment& segment, int scale, bool permitsSelective)
    {
        segment.hasOptions = true;
        segment.offersScale = scale >= 0;
        segment.scale = static_cast<uint8_t>(std::max(scale, 0));
        segment.permitsSelective = permitsSelective;
    }

    Fit Send(uint8_t sender, uint32_t sequence, uint32_t acknowledgment, uint32_t length = 0)
    {
        return m_window.Accept(Make(sequence, acknowledgment, length), sender, false, false);
    }

    bool Accepts(uint8_t sender, uint32_t sequence, uint32_t acknowledgment, uint32_t length = 0)
    {
        return Send(sender, sequence, acknowledgment, length) == Fit::INSIDE;
    }

    NatTcpWindow m_window;
};

} // namespace

// I: data may begin where the receiver's window ends, 4999 + 1 + 10000 for the server's; if it ends
// 10000 beyond it passes.
TEST_F(NatTcpWindowTest, DataBeginsWithinTheWindow)
{
    Establish();
    EXPECT_EQ(Send(SERVER, 24990, 1000, 10), Fit::OUTSIDE);
    EXPECT_EQ(Send(SERVER, 24989, 1000, 10), Fit::ASKEW);
    EXPECT_TRUE(Accepts(SERVER, 15000, 1000, 10));
}

// II: data may end the largest window that the receiver gave before the newest of the sender.
TEST_F(NatTcpWindowTest, DataEndsNoEarlierThanAWindowAgo)
{
    Establish();
    for (uint32_t sent = 0; sent < 30000; sent += 10000)
    {
        ASSERT_TRUE(Accepts(CLIENT, 1000 + sent, 5000, 10000));
        ASSERT_TRUE(Accepts(SERVER, 5000, 11000 + sent));
    }
    EXPECT_EQ(Send(CLIENT, 20989, 5000, 10), Fit::ASKEW); // 31000 - 10000 - 1
    EXPECT_TRUE(Accepts(CLIENT, 20990, 5000, 10));
}

// III: nothing can be acknowledged that was not seen.
TEST_F(NatTcpWindowTest, AcknowledgmentOfUnseenDataIsRefused)
{
    Establish();
    ASSERT_TRUE(Accepts(CLIENT, 1000, 5000, 100));
    EXPECT_EQ(Send(SERVER, 5000, 1101), Fit::OUTSIDE);
    EXPECT_TRUE(Accepts(SERVER, 5000, 1100));
}

// IV: acknowledgments reach 66000 octets back, or a window that is larger.
TEST_F(NatTcpWindowTest, OldAcknowledgmentsAreRefused)
{
    Establish();
    for (uint32_t sent = 0; sent < 80000; sent += 10000)
    {
        ASSERT_TRUE(Accepts(CLIENT, 1000 + sent, 5000, 10000));
        ASSERT_TRUE(Accepts(SERVER, 5000, 11000 + sent));
    }
    EXPECT_EQ(Send(SERVER, 5000, 81000 - 66001), Fit::ASKEW);
    EXPECT_TRUE(Accepts(SERVER, 5000, 81000 - 66000));
}

// RFC 7323 2.2: windows are scaled if both offer it: 10000 << 3 for the server, and once
// more beyond.
TEST_F(NatTcpWindowTest, WindowsAreScaledIfBothOfferIt)
{
    Establish(3, 0);
    EXPECT_EQ(Send(SERVER, 5000 + 159999, 1000, 1), Fit::OUTSIDE);
    EXPECT_EQ(Send(SERVER, 5000 + 159998, 1000, 1), Fit::ASKEW);
}

TEST_F(NatTcpWindowTest, WindowsAreNotScaledIfOneOffersIt)
{
    Establish(3, -1);
    EXPECT_EQ(Send(SERVER, 5000 + 19999, 1000, 1), Fit::OUTSIDE);
    EXPECT_EQ(Send(SERVER, 5000 + 19998, 1000, 1), Fit::ASKEW);
}

// RFC 2018: the edge of a SACK block counts as the acknowledgment, if SACK was permitted.
TEST_F(NatTcpWindowTest, SelectiveAcknowledgmentsCount)
{
    for (const bool permits : {false, true})
    {
        m_window = NatTcpWindow();
        Establish(-1, -1, permits);
        ASSERT_TRUE(Accepts(CLIENT, 1000, 5000, 100));
        NatSegment segment = Make(5000, 1050, 0);
        segment.selective = 1101; // not seen
        EXPECT_EQ(m_window.Accept(segment, SERVER, false, false),
                  permits ? Fit::OUTSIDE : Fit::INSIDE);
        segment.selective = 1100;
        EXPECT_EQ(m_window.Accept(segment, SERVER, false, false), Fit::INSIDE);
    }
}

// A RST without an acknowledgment, or with that of nothing, is judged by its sequence number.
TEST_F(NatTcpWindowTest, ResetsAreJudgedByTheirSequenceNumber)
{
    Establish();
    for (const bool ack : {false, true})
    {
        NatSegment reset = Make(25001, 0, 0);
        reset.rst = true;
        reset.ack = ack;
        EXPECT_EQ(m_window.Accept(reset, SERVER, false, false), Fit::OUTSIDE);
        reset.sequence = 5000;
        EXPECT_EQ(m_window.Accept(reset, SERVER, false, false), Fit::INSIDE);
    }
}

// All of it modulo 2^32.
TEST_F(NatTcpWindowTest, NumbersWrapAround)
{
    NatSegment syn = Make(0xFFFFFFFE, 0, 0);
    syn.syn = true;
    syn.ack = false;
    m_window.Begin(syn);
    ASSERT_EQ(m_window.Accept(syn, CLIENT, false, false), Fit::INSIDE);
    NatSegment answer = Make(0x7FFFFFFF, 0xFFFFFFFF, 0);
    answer.syn = true;
    ASSERT_EQ(m_window.Accept(answer, SERVER, false, true), Fit::INSIDE);
    EXPECT_TRUE(Accepts(CLIENT, 0xFFFFFFFF, 0x80000000, 100));
    EXPECT_FALSE(Accepts(SERVER, 0x80000000, 100, 1));
    EXPECT_TRUE(Accepts(SERVER, 0x80000000, 99, 1));
}
