// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/traversal-evidence.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

// the initiator behind its home router and its carrier's NAT, and the target likewise
constexpr NatEndpoint INITIATOR{0xc0a80102, 5000};
constexpr NatEndpoint INITIATOR_HOME{0x64400001, 5001};
constexpr NatEndpoint INITIATOR_OUTSIDE{0xc6120001, 5002};
constexpr NatEndpoint TARGET{0xc0a80109, 6000};
constexpr NatEndpoint TARGET_HOME{0x64400002, 6001};
constexpr NatEndpoint TARGET_OUTSIDE{0xc6130001, 6002};

NatEvent
MakeSession(const NatEndpoint& inside, const NatEndpoint& outside, const NatEndpoint& remote)
{
    NatEvent event;
    event.kind = NatEvent::Kind::SESSION_CREATED;
    event.inside = inside;
    event.outside = outside;
    event.remote = remote;
    return event;
}

NatEvent
MakeInboundDrop(const NatEndpoint& from, const NatEndpoint& to, NatCause cause)
{
    NatEvent event = MakeSession({}, to, from);
    event.kind = NatEvent::Kind::PACKET_DROPPED;
    event.cause = cause;
    event.from = NatSide::OUTSIDE;
    return event;
}

NatEvent
MakeOutboundDrop(const NatEndpoint& from, const NatEndpoint& to, NatCause cause)
{
    NatEvent event = MakeInboundDrop(to, {}, cause);
    event.from = NatSide::INSIDE;
    event.inside = from;
    return event;
}

/// The initiator has dialled the target, through both of its NATs.
class TraversalEvidenceTest : public testing::Test
{
  protected:
    TraversalEvidenceTest()
        : m_attempt(m_evidence.Add(INITIATOR, TARGET_OUTSIDE))
    {
        m_evidence.Handle(MakeSession(INITIATOR, INITIATOR_HOME, TARGET_OUTSIDE), Seconds(9));
        m_evidence.Handle(MakeSession(INITIATOR_HOME, INITIATOR_OUTSIDE, TARGET_OUTSIDE),
                          Seconds(9));
    }

    NatCause GetCause() const
    {
        return m_evidence.Get(m_attempt).cause;
    }

    TraversalEvidence m_evidence;
    uint32_t m_attempt;
};

} // namespace

TEST_F(TraversalEvidenceTest, AnAttemptIsFollowedThroughNatsInARow)
{
    EXPECT_EQ(m_evidence.Get(m_attempt).outer, INITIATOR_OUTSIDE);
    EXPECT_EQ(GetCause(), NatCause::NONE);
    // another's packet at the same port, and another packet of its home router
    m_evidence.Handle(MakeInboundDrop({0xc6120007, 5002}, TARGET_OUTSIDE, NatCause::FILTERED),
                      Seconds(9));
    m_evidence.Handle(MakeInboundDrop(INITIATOR_HOME, TARGET_OUTSIDE, NatCause::LIMIT), Seconds(9));
    EXPECT_EQ(GetCause(), NatCause::LIMIT);
    m_evidence.Handle(MakeInboundDrop(INITIATOR_OUTSIDE, TARGET_OUTSIDE, NatCause::FILTERED),
                      Seconds(9));
    EXPECT_EQ(GetCause(), NatCause::FILTERED);
}

TEST_F(TraversalEvidenceTest, ADropByTheOwnNatIsTheAttempts)
{
    m_evidence.Handle(MakeOutboundDrop(INITIATOR_HOME, TARGET_OUTSIDE, NatCause::EXHAUSTED),
                      Seconds(9));
    EXPECT_EQ(GetCause(), NatCause::EXHAUSTED);
}

// the far carrier's NAT lets it in by its filter, and makes a session; the home router does not
TEST_F(TraversalEvidenceTest, AnAttemptIsFollowedIntoTheNatsOfTheOtherEnd)
{
    m_evidence.Handle(MakeSession(TARGET_HOME, TARGET_OUTSIDE, INITIATOR_OUTSIDE), Seconds(9));
    m_evidence.Handle(MakeInboundDrop(INITIATOR_OUTSIDE, TARGET_HOME, NatCause::FILTERED),
                      Seconds(9));
    EXPECT_EQ(GetCause(), NatCause::FILTERED);
}

// the other end has dialled before: its carrier's NAT has a session, and tells nothing more
TEST(TraversalEvidence, TheHolesOfTheOtherEndAreKnownWhateverCameFirst)
{
    for (const bool isFirst : {false, true})
    {
        TraversalEvidence evidence;
        uint32_t attempt = 0;
        const auto dial = [&evidence, &attempt]() {
            attempt = evidence.Add(INITIATOR, TARGET_OUTSIDE);
            evidence.Handle(MakeSession(INITIATOR, INITIATOR_OUTSIDE, TARGET_OUTSIDE), Seconds(9));
        };
        if (isFirst)
        {
            dial();
        }
        evidence.Add(TARGET, INITIATOR_OUTSIDE);
        evidence.Handle(MakeSession(TARGET, TARGET_HOME, INITIATOR_OUTSIDE), Seconds(9));
        evidence.Handle(MakeSession(TARGET_HOME, TARGET_OUTSIDE, INITIATOR_OUTSIDE), Seconds(9));
        if (!isFirst)
        {
            dial();
        }
        evidence.Handle(MakeInboundDrop(INITIATOR_OUTSIDE, TARGET_HOME, NatCause::EXPIRED),
                        Seconds(9));
        EXPECT_EQ(evidence.Get(attempt).cause, NatCause::EXPIRED) << isFirst;
    }
}

TEST_F(TraversalEvidenceTest, TheLastCauseCounts_ButForWhatComesOfIt)
{
    const auto drop = [this](NatCause cause) {
        m_evidence.Handle(MakeInboundDrop(INITIATOR_OUTSIDE, TARGET_OUTSIDE, cause), Seconds(9));
        return GetCause();
    };
    EXPECT_EQ(drop(NatCause::TTL), NatCause::NONE);
    EXPECT_EQ(drop(NatCause::RATE), NatCause::RATE);
    EXPECT_EQ(drop(NatCause::INVALID), NatCause::RATE);
    EXPECT_EQ(drop(NatCause::NO_MAPPING), NatCause::NO_MAPPING);
    EXPECT_EQ(drop(NatCause::EXPIRED), NatCause::EXPIRED);
    EXPECT_EQ(drop(NatCause::FILTERED), NatCause::EXPIRED);
    EXPECT_EQ(drop(NatCause::WINDOW), NatCause::WINDOW);
}

TEST_F(TraversalEvidenceTest, AnAnswerThatIsDroppedIsTheAttempts)
{
    m_evidence.Handle(MakeOutboundDrop(TARGET_OUTSIDE, INITIATOR_OUTSIDE, NatCause::WINDOW),
                      Seconds(9));
    EXPECT_EQ(GetCause(), NatCause::WINDOW);
}

// the answer has the endpoints of an attempt of the other end's own
TEST_F(TraversalEvidenceTest, WhatTrackingDropsIsOfBothEnds)
{
    const Time now = Seconds(9);
    const auto other = m_evidence.Add(TARGET_OUTSIDE, INITIATOR_OUTSIDE);
    m_evidence.Handle(MakeOutboundDrop(TARGET_OUTSIDE, INITIATOR_OUTSIDE, NatCause::LIMIT), now);
    EXPECT_EQ(m_evidence.Get(other).cause, NatCause::LIMIT);
    EXPECT_EQ(GetCause(), NatCause::NONE);
    m_evidence.Handle(MakeOutboundDrop(TARGET_OUTSIDE, INITIATOR_OUTSIDE, NatCause::INVALID), now);
    EXPECT_EQ(m_evidence.Get(other).cause, NatCause::LIMIT);
    EXPECT_EQ(GetCause(), NatCause::INVALID);
}

TEST_F(TraversalEvidenceTest, AHoleThatAPacketEndsIsClosed)
{
    auto end = MakeSession(INITIATOR, INITIATOR_HOME, TARGET_OUTSIDE);
    end.kind = NatEvent::Kind::SESSION_EXPIRED;
    end.time = Seconds(8); // noticed at 9 s
    m_evidence.Handle(end, Seconds(9));
    EXPECT_FALSE(m_evidence.Get(m_attempt).isClosed);
    end.time = Seconds(9);
    m_evidence.Handle(end, Seconds(9));
    EXPECT_TRUE(m_evidence.Get(m_attempt).isClosed);
    m_evidence.Handle(MakeSession(INITIATOR, INITIATOR_HOME, TARGET_OUTSIDE), Seconds(9));
    EXPECT_FALSE(m_evidence.Get(m_attempt).isClosed);
}

// both dial the other's private endpoint, too; the drop there is not that of the public one
TEST_F(TraversalEvidenceTest, AttemptsOfOneSessionAreNotMixedUp)
{
    const Time now = Seconds(9);
    const auto target = m_evidence.Add(TARGET, INITIATOR_OUTSIDE);
    const auto toPrivate = m_evidence.Add(TARGET, INITIATOR);
    m_evidence.Add(INITIATOR, TARGET);
    m_evidence.Handle(MakeSession(TARGET, TARGET_OUTSIDE, INITIATOR_OUTSIDE), now);
    m_evidence.Handle(MakeSession(INITIATOR, INITIATOR_OUTSIDE, TARGET), now);
    m_evidence.Handle(MakeOutboundDrop(TARGET, INITIATOR, NatCause::LIMIT), now);
    EXPECT_EQ(m_evidence.Get(target).cause, NatCause::NONE);
    EXPECT_EQ(m_evidence.Get(toPrivate).cause, NatCause::LIMIT);
    const auto another = m_evidence.Add(TARGET, INITIATOR); // of another session
    m_evidence.Handle(MakeOutboundDrop(TARGET, INITIATOR, NatCause::RATE), now);
    EXPECT_EQ(m_evidence.Get(another).cause, NatCause::RATE);
}

TEST_F(TraversalEvidenceTest, AnOwnPortThatIsNotKnownMatchesAny)
{
    constexpr NatEndpoint relay{0xc6140001, 3478};
    const auto attempt = m_evidence.Add({INITIATOR.address, 0}, relay);
    m_evidence.Handle(MakeOutboundDrop({INITIATOR.address, 7}, relay, NatCause::EXHAUSTED),
                      Seconds(9));
    EXPECT_EQ(m_evidence.Get(attempt).cause, NatCause::EXHAUSTED);
}

TEST_F(TraversalEvidenceTest, WhatIsNotTcpIsNotHeard)
{
    auto drop = MakeInboundDrop(INITIATOR_OUTSIDE, TARGET_OUTSIDE, NatCause::FILTERED);
    drop.protocol = NatProtocol::UDP;
    m_evidence.Handle(drop, Seconds(9));
    EXPECT_EQ(GetCause(), NatCause::NONE);
}

TEST_F(TraversalEvidenceTest, NothingIsLeftOfWhatIsRemoved)
{
    const auto other = m_evidence.Add(TARGET, INITIATOR_OUTSIDE);
    m_evidence.Remove(m_attempt);
    m_evidence.Handle(MakeInboundDrop(INITIATOR_OUTSIDE, TARGET_OUTSIDE, NatCause::LIMIT),
                      Seconds(9));
    m_evidence.Handle(MakeSession(INITIATOR, INITIATOR_HOME, TARGET_OUTSIDE), Seconds(9));
    EXPECT_EQ(m_evidence.GetSize(), 1u);
    EXPECT_EQ(m_evidence.Get(other).cause, NatCause::NONE);
    m_evidence.Remove(other);
    EXPECT_EQ(m_evidence.GetSize(), 0u);
}
