// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/run-codec.h"
#include "campaign/trajectory.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace p2pim;
using namespace p2pim::campaign;

/**
 * @file
 * What one process says of a run, another understands; what is damaged, it refuses. Nothing here
 * has a reference outside: what comes out is compared with what went in, field by field.
 */

namespace
{

/// A run in which no two fields have the same value, and none its default.
RunOutcome
MakeOutcome()
{
    RunOutcome outcome;
    outcome.run = {1000000000001, {"p2p", 1000000000002, 4000000003}};
    outcome.failure = {"crash", "SIGSEGV; \xff and \"more\"\n", "p2pim run a.ini"};
    auto& run = outcome.record.emplace();
    run.point = 4000000004;
    run.scheme = "sip-message";
    run.seed = 1000000000005;
    run.events = 1000000000006;
    run.trace.fingerprints = {{'t', 1000000000012}, {'c', 0xfedcba9876543210}};
    run.trace.events = {{-2, 4000000011, 4000000012, 1000000000013}, {}};
    run.counters = {{"ggsn", "contexts", 0.1}, {"smsc", "queue", -1e300}};
    SessionRecord session;
    session.index = 4000000007;
    session.bearer = "warm";
    session.succeeded = true;
    session.cause = "a";
    session.diagnosis = "b";
    session.initiatorAccess = "c";
    session.targetAccess = std::string("d\0e", 3);
    session.setupNs = -8000000000001;
    session.firstMessageNs = 9000000000001;
    session.steps = {{"pressed", -1}, {"", 1000000000007}};
    session.messages = {{4000000008, false, 4000000009, 1000000000008, 1000000000009}};
    session.attempts = {{false, "host", "f", "g", 4000000010, 1000000000010, 1000000000011, "h"}};
    run.sessions = {session, {}};
    return outcome;
}

void
ExpectEqual(const SessionRecord& a, const SessionRecord& b)
{
    EXPECT_EQ(a.index, b.index);
    EXPECT_EQ(a.bearer, b.bearer);
    EXPECT_EQ(a.succeeded, b.succeeded);
    EXPECT_EQ(a.cause, b.cause);
    EXPECT_EQ(a.diagnosis, b.diagnosis);
    EXPECT_EQ(a.initiatorAccess, b.initiatorAccess);
    EXPECT_EQ(a.targetAccess, b.targetAccess);
    EXPECT_EQ(a.setupNs, b.setupNs);
    EXPECT_EQ(a.firstMessageNs, b.firstMessageNs);
    ASSERT_EQ(a.steps.size(), b.steps.size());
    for (std::size_t i = 0; i < a.steps.size(); ++i)
    {
        EXPECT_EQ(a.steps[i].name, b.steps[i].name);
        EXPECT_EQ(a.steps[i].timeNs, b.steps[i].timeNs);
    }
    ASSERT_EQ(a.messages.size(), b.messages.size());
    for (std::size_t i = 0; i < a.messages.size(); ++i)
    {
        EXPECT_EQ(a.messages[i].index, b.messages[i].index);
        EXPECT_EQ(a.messages[i].fromInitiator, b.messages[i].fromInitiator);
        EXPECT_EQ(a.messages[i].octets, b.messages[i].octets);
        EXPECT_EQ(a.messages[i].sentNs, b.messages[i].sentNs);
        EXPECT_EQ(a.messages[i].receivedNs, b.messages[i].receivedNs);
    }
    ASSERT_EQ(a.attempts.size(), b.attempts.size());
    for (std::size_t i = 0; i < a.attempts.size(); ++i)
    {
        EXPECT_EQ(a.attempts[i].fromInitiator, b.attempts[i].fromInitiator);
        EXPECT_EQ(a.attempts[i].candidate, b.attempts[i].candidate);
        EXPECT_EQ(a.attempts[i].local, b.attempts[i].local);
        EXPECT_EQ(a.attempts[i].remote, b.attempts[i].remote);
        EXPECT_EQ(a.attempts[i].tries, b.attempts[i].tries);
        EXPECT_EQ(a.attempts[i].startNs, b.attempts[i].startNs);
        EXPECT_EQ(a.attempts[i].endNs, b.attempts[i].endNs);
        EXPECT_EQ(a.attempts[i].outcome, b.attempts[i].outcome);
    }
}

} // namespace

TEST(RunCodec, PlannedRun_ComesBack)
{
    const auto run = DecodeRun(EncodeRun({1000000000001, {"p2p", 1000000000002, 4000000003}}));
    EXPECT_EQ(run.id, 1000000000001u);
    EXPECT_EQ(run.key.scheme, "p2p");
    EXPECT_EQ(run.key.seed, 1000000000002u);
    EXPECT_EQ(run.key.point, 4000000003u);
}

TEST(RunCodec, EveryFieldOfAnOutcome_ComesBack)
{
    const auto sent = MakeOutcome();
    const auto taken = DecodeOutcome(EncodeOutcome(sent));
    EXPECT_EQ(taken.run.id, sent.run.id);
    EXPECT_EQ(taken.run.key.scheme, sent.run.key.scheme);
    EXPECT_EQ(taken.run.key.seed, sent.run.key.seed);
    EXPECT_EQ(taken.run.key.point, sent.run.key.point);
    EXPECT_EQ(taken.failure.cause, sent.failure.cause);
    EXPECT_EQ(taken.failure.detail, sent.failure.detail);
    EXPECT_EQ(taken.failure.command, sent.failure.command);
    ASSERT_TRUE(taken.record);
    EXPECT_EQ(taken.record->point, sent.record->point);
    EXPECT_EQ(taken.record->scheme, sent.record->scheme);
    EXPECT_EQ(taken.record->seed, sent.record->seed);
    EXPECT_EQ(taken.record->events, sent.record->events);
    ASSERT_EQ(taken.record->trace.fingerprints.size(), 2u);
    EXPECT_EQ(taken.record->trace.fingerprints[1].ingredient, 'c');
    EXPECT_EQ(taken.record->trace.fingerprints[1].hash, 0xfedcba9876543210);
    EXPECT_EQ(taken.record->trace.events, sent.record->trace.events);
    ASSERT_EQ(taken.record->counters.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i)
    {
        EXPECT_EQ(taken.record->counters[i].element, sent.record->counters[i].element);
        EXPECT_EQ(taken.record->counters[i].name, sent.record->counters[i].name);
        EXPECT_EQ(taken.record->counters[i].value, sent.record->counters[i].value);
    }
    ASSERT_EQ(taken.record->sessions.size(), 2u);
    ExpectEqual(taken.record->sessions[0], sent.record->sessions[0]);
    ExpectEqual(taken.record->sessions[1], sent.record->sessions[1]);
}

TEST(RunCodec, FailedRun_HasNoRecord)
{
    auto sent = MakeOutcome();
    sent.record.reset();
    const auto taken = DecodeOutcome(EncodeOutcome(sent));
    EXPECT_FALSE(taken.record);
    EXPECT_EQ(taken.failure.cause, "crash");
}

TEST(RunCodec, CutOffOctets_AreRefused)
{
    const std::string octets = EncodeOutcome(MakeOutcome());
    for (std::size_t size = 0; size < octets.size(); ++size)
    {
        EXPECT_THROW(DecodeOutcome(octets.substr(0, size)), CodecError) << size;
    }
}

TEST(RunCodec, OctetsBehindARun_AreRefused)
{
    EXPECT_THROW(DecodeRun(EncodeRun({}) + '\0'), CodecError);
    EXPECT_THROW(DecodeOutcome(EncodeOutcome({}) + '\0'), CodecError);
}

// Nobody makes room for 2^28 octets or rows that are not there.
TEST(RunCodec, LengthBeyondTheEnd_IsRefusedAtOnce)
{
    RunOutcome outcome;
    outcome.record.emplace();
    const std::size_t schemePlace = 8;                            // behind the run's number
    const std::size_t sessionsPlace = 8 + 8 + 8 + 4 + 3 * 8 + 1 + // the run, the failure, a bool
                                      4 + 8 + 8;                  // point, scheme, seed
    for (const std::size_t place : {schemePlace, sessionsPlace})
    {
        std::string octets = EncodeOutcome(outcome);
        octets.at(place + 3) = 0x10;
        try
        {
            DecodeOutcome(octets);
            FAIL();
        }
        catch (const CodecError& error)
        {
            EXPECT_STREQ(error.what(), "octets that nobody has written") << place;
        }
    }
}

TEST(RunCodec, AnyWrongOctet_IsRefusedOrAnotherOutcome)
{
    const std::string octets = EncodeOutcome(MakeOutcome());
    std::size_t refused = 0;
    for (std::size_t place = 0; place < octets.size(); ++place)
    {
        std::string wrong = octets;
        wrong[place] = static_cast<char>(wrong[place] ^ 0x42);
        try
        {
            EXPECT_EQ(EncodeOutcome(DecodeOutcome(wrong)), wrong) << place;
        }
        catch (const CodecError&)
        {
            ++refused;
        }
    }
    // all but the lowest octet of the lengths of 25 texts and 8 lists, the versions of these, 5
    // bools
    EXPECT_GE(refused, (25 + 8) * 7 + 8 * 4 + 5);
}

TEST(FrameReader, FramesInPieces_ComeOutWhole)
{
    const std::vector<std::string> sent{"first", "", std::string(100000, 'x'), "last"};
    std::string stream;
    for (const auto& octets : sent)
    {
        stream += MakeFrame(octets);
    }
    for (const std::size_t piece : {std::size_t(1), std::size_t(7), stream.size()})
    {
        FrameReader reader;
        std::vector<std::string> taken;
        for (std::size_t i = 0; i < stream.size(); i += piece)
        {
            reader.Add(stream.data() + i, std::min(piece, stream.size() - i));
            while (auto octets = reader.Take())
            {
                taken.push_back(*octets);
            }
        }
        EXPECT_EQ(taken, sent) << "pieces of " << piece;
    }
}

// Nor is a wrong length waited for.
TEST(FrameReader, AnyWrongBit_IsRefused)
{
    const std::string frame = MakeFrame("octets");
    for (std::size_t bit = 0; bit < 8 * frame.size(); ++bit)
    {
        std::string damaged = frame;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
        FrameReader reader;
        reader.Add(damaged.data(), damaged.size());
        EXPECT_THROW(reader.Take(), CodecError) << bit;
    }
}
