// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/tcp-conversation.h"
#include "tests/hex.h"

#include "ns3/sndcp.h"

#include <gtest/gtest.h>
#include <numeric>
#include <random>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::MakeTcpPacket;
using ::p2pim::test::TcpConversation;
using ::p2pim::test::TcpFields;
using ::p2pim::test::ToHex;

namespace
{

constexpr uint8_t NSAPI = 5;

/// An N-PDU that is told from others.
Octets
MakeNpdu(std::size_t size, uint32_t seed = 0)
{
    Octets npdu(size);
    std::iota(npdu.begin(), npdu.end(), static_cast<uint8_t>(seed));
    return npdu;
}

/// Two sides with one NSAPI.
struct SndcpPair
{
    explicit SndcpPair(SndcpParameters parameters = {})
    {
        EXPECT_TRUE(from.Activate(NSAPI, parameters));
        EXPECT_TRUE(to.Activate(NSAPI, parameters));
    }

    std::vector<Octets> Segment(const Octets& npdu)
    {
        return from.Segment(NSAPI, npdu.data(), npdu.size());
    }

    SndcpReception Receive(const Octets& pdu)
    {
        return to.Receive(pdu.data(), pdu.size());
    }

    uint64_t CountDiscarded(SndcpOutcome outcome) const
    {
        return to.GetCounters(NSAPI).discarded[static_cast<std::size_t>(outcome)];
    }

    SndcpEntity from;
    SndcpEntity to;
};

} // namespace

// TS 44.065 7.2, figures 8 and 9: F 40, T 20, M 10, NSAPI; DCOMP and PCOMP; segment and number.
TEST(Sndcp, HasItsHeaderInPlace)
{
    const auto encode = [](bool first, bool unitdata, bool more) {
        SndcpHeader header;
        header.first = first;
        header.unitdata = unitdata;
        header.more = more;
        header.nsapi = 11;
        header.dcomp = 3;
        header.pcomp = 2;
        header.segment = first ? 0 : 9;
        header.npduNumber = unitdata ? 0xABC : 0xBC;
        Octets octets;
        EncodeSndcpHeader(header, octets);
        return ToHex(octets);
    };
    EXPECT_EQ(encode(true, true, true), "7b320abc");
    EXPECT_EQ(encode(false, true, false), "2b9abc");
    EXPECT_EQ(encode(true, false, false), "4b32bc");
    EXPECT_EQ(encode(false, false, true), "1b");
}

TEST(Sndcp, HeaderHoldsItsFields)
{
    std::mt19937 random(44065);
    for (int i = 0; i < 2000; ++i)
    {
        SndcpHeader header;
        header.first = random() % 2 == 0;
        header.unitdata = random() % 2 == 0;
        header.more = random() % 2 == 0;
        header.nsapi = static_cast<uint8_t>(5 + random() % 11);
        header.dcomp = header.first ? random() % 16 : 0;
        header.pcomp = header.first ? random() % 16 : 0;
        header.segment = header.unitdata && !header.first ? 1 + random() % 15 : 0;
        header.npduNumber = header.unitdata ? random() % 4096 : header.first ? random() % 256 : 0;
        Octets octets;
        EncodeSndcpHeader(header, octets);
        octets.push_back(0);
        SndcpHeader read;
        std::size_t size = 0;
        ASSERT_EQ(DecodeSndcpHeader(octets.data(), octets.size(), read, size), SndcpError::NONE);
        EXPECT_EQ(size, octets.size() - 1);
        Octets again;
        EncodeSndcpHeader(read, again);
        again.push_back(0);
        EXPECT_EQ(again, octets);
        EXPECT_EQ(read.npduNumber, header.npduNumber);
        EXPECT_EQ(read.segment, header.segment);
        EXPECT_EQ(read.nsapi, header.nsapi);
        EXPECT_EQ(read.more, header.more);
    }
}

TEST(Sndcp, SaysWhatIsWrongWithAHeader)
{
    const auto decode = [](const Octets& octets) {
        SndcpHeader header;
        std::size_t size = 0;
        return DecodeSndcpHeader(octets.data(), octets.size(), header, size);
    };
    EXPECT_EQ(decode({}), SndcpError::TRUNCATED);
    EXPECT_EQ(decode({0x65, 0, 0, 0}), SndcpError::TRUNCATED); // no data
    EXPECT_EQ(decode({0x65, 0, 0, 0, 1}), SndcpError::NONE);
    EXPECT_EQ(decode({0x64, 0, 0, 0, 1}), SndcpError::RESERVED_NSAPI);
    EXPECT_EQ(decode({0x65, 0, 0x10, 0, 1}), SndcpError::SEGMENT_NUMBER); // first, but number 1
    EXPECT_EQ(decode({0x25, 0, 0, 1}), SndcpError::SEGMENT_NUMBER);       // later, but number 0
}

// TS 44.065 6.7: no segment is longer than N201, only the last is shorter; sizes as in 7.2.
TEST(Sndcp, CutsAndPutsTogether)
{
    for (const bool acknowledged : {false, true})
    {
        const std::size_t first = acknowledged ? 3 : 4;
        const std::size_t next = acknowledged ? 1 : 3;
        SndcpParameters parameters;
        parameters.acknowledged = acknowledged;
        SndcpPair pair(parameters);
        for (std::size_t size = 1; size <= SNDCP_MAX_NPDU; ++size)
        {
            const Octets npdu = MakeNpdu(size, static_cast<uint32_t>(size));
            const auto pdus = pair.Segment(npdu);
            std::size_t octets = first + size;
            for (std::size_t i = 0; i < pdus.size(); ++i, octets += next)
            {
                EXPECT_EQ(pdus[i].size(), std::min<std::size_t>(octets, 500));
                octets -= pdus[i].size();
                const auto reception = pair.Receive(pdus[i]);
                const bool isLast = i + 1 == pdus.size();
                EXPECT_EQ(reception.outcome, isLast ? SndcpOutcome::NPDU : SndcpOutcome::MORE);
                EXPECT_EQ(reception.npdu, isLast ? npdu : Octets());
            }
            EXPECT_EQ(octets, next);
        }
        EXPECT_EQ(pair.from.GetCounters(NSAPI).sent, SNDCP_MAX_NPDU);
        EXPECT_EQ(pair.to.GetCounters(NSAPI).delivered, SNDCP_MAX_NPDU);
        EXPECT_EQ(pair.to.GetCounters(NSAPI).skipped, 0U);
    }
}

TEST(Sndcp, CutsThePacketsOctets)
{
    SndcpPair pair;
    const Octets npdu = MakeNpdu(1500);
    const auto pdus = pair.from.Segment(NSAPI, ToPacket(npdu));
    ASSERT_EQ(pdus.size(), 4U);
    SndcpReception reception;
    for (const Octets& pdu : pdus)
    {
        reception = pair.Receive(pdu);
    }
    EXPECT_EQ(reception.npdu, npdu);
}

TEST(Sndcp, RefusesWhatItCannotSend)
{
    SndcpPair pair;
    EXPECT_TRUE(pair.Segment(MakeNpdu(1503)).empty());
    EXPECT_TRUE(pair.from.Segment(NSAPI, ToPacket(MakeNpdu(1503))).empty());
    EXPECT_TRUE(pair.Segment({}).empty());
    EXPECT_EQ(pair.from.GetCounters(NSAPI).refused, 3U);
    EXPECT_TRUE(pair.from.Segment(6, MakeNpdu(10).data(), 10).empty());
    EXPECT_FALSE(pair.from.Activate(4, {}));
    EXPECT_FALSE(pair.from.Activate(16, {}));
    SndcpParameters parameters;
    parameters.n201 = 139; // TS 44.064 table 9: 140 at least
    EXPECT_FALSE(pair.from.Activate(6, parameters));
    parameters = SndcpParameters();
    parameters.pcompCompressed = parameters.pcompUncompressed;
    EXPECT_FALSE(pair.from.Activate(6, parameters));
    pair.from.Deactivate(NSAPI);
    EXPECT_FALSE(pair.from.IsActive(NSAPI));
    EXPECT_TRUE(pair.Segment(MakeNpdu(10)).empty());
}

TEST(Sndcp, KeepsNsapisApart)
{
    SndcpPair pair;
    ASSERT_TRUE(pair.from.Activate(15, {}));
    ASSERT_TRUE(pair.to.Activate(15, {}));
    const Octets one = MakeNpdu(700, 1);
    const Octets two = MakeNpdu(900, 2);
    const auto first = pair.Segment(one);
    const auto second = pair.from.Segment(15, two.data(), two.size());
    pair.Receive(first[0]);
    pair.Receive(second[0]);
    EXPECT_EQ(pair.Receive(first[1]).npdu, one);
    const auto reception = pair.Receive(second[1]);
    EXPECT_EQ(reception.nsapi, 15);
    EXPECT_EQ(reception.npdu, two);
    pair.to.Deactivate(15);
    EXPECT_EQ(pair.Receive(second[0]).outcome, SndcpOutcome::UNKNOWN_NSAPI);
}

// Each way of losing a segment discards its N-PDU, with its cause, and no other.
TEST(Sndcp, DiscardsAnNpduWithALostSegment)
{
    SndcpPair pair;
    const Octets npdu = MakeNpdu(1400);
    const auto receive = [&pair](const std::vector<Octets>& pdus, std::size_t lost) {
        std::vector<SndcpOutcome> outcomes;
        for (std::size_t i = 0; i < pdus.size(); ++i)
        {
            if (i != lost)
            {
                outcomes.push_back(pair.Receive(pdus[i]).outcome);
            }
        }
        return outcomes;
    };
    using Outcomes = std::vector<SndcpOutcome>;
    constexpr auto more = SndcpOutcome::MORE;
    constexpr auto noFirst = SndcpOutcome::NO_FIRST_SEGMENT;
    EXPECT_EQ(receive(pair.Segment(npdu), 0), (Outcomes{noFirst, noFirst}));
    EXPECT_EQ(pair.CountDiscarded(noFirst), 1U);
    EXPECT_EQ(receive(pair.Segment(npdu), 1), (Outcomes{more, SndcpOutcome::MISSING_SEGMENT}));
    EXPECT_EQ(pair.CountDiscarded(SndcpOutcome::MISSING_SEGMENT), 1U);
    EXPECT_EQ(receive(pair.Segment(npdu), 2), (Outcomes{more, more}));
    EXPECT_EQ(receive(pair.Segment(npdu), 9), (Outcomes{more, more, SndcpOutcome::NPDU}));
    EXPECT_EQ(pair.to.GetCounters(NSAPI).unfinished, 1U);
    pair.Segment(npdu); // all lost
    pair.Segment(npdu);
    EXPECT_EQ(receive(pair.Segment(npdu), 9), (Outcomes{more, more, SndcpOutcome::NPDU}));
    EXPECT_EQ(pair.to.GetCounters(NSAPI).skipped, 2U);
    EXPECT_EQ(pair.to.GetCounters(NSAPI).delivered, 2U);
}

TEST(Sndcp, DiscardsWhatIsTooLong)
{
    SndcpPair pair;
    for (int i = 0; i < 3; ++i)
    {
        Octets pdu{uint8_t(i == 0 ? 0x75 : 0x35)};
        if (i == 0)
        {
            pdu.push_back(0);
        }
        pdu.push_back(static_cast<uint8_t>(i << 4));
        pdu.push_back(0);
        pdu.resize(pdu.size() + 751);
        EXPECT_EQ(pair.Receive(pdu).outcome, i < 2 ? SndcpOutcome::MORE : SndcpOutcome::TOO_LONG);
    }
}

// TS 44.065 6.5.1.1: a value of PCOMP that was not agreed on.
TEST(Sndcp, DiscardsWhatItCannotDecompress)
{
    SndcpPair pair;
    EXPECT_EQ(pair.Receive({0x65, 0x01, 0, 0, 9}).outcome, SndcpOutcome::UNKNOWN_COMPRESSION);
    EXPECT_EQ(pair.Receive({0x65, 0x10, 0, 1, 9}).outcome, SndcpOutcome::UNKNOWN_COMPRESSION);
    EXPECT_EQ(pair.Receive({0x65, 0x00, 0, 2, 9}).outcome, SndcpOutcome::NPDU);
    EXPECT_EQ(pair.CountDiscarded(SndcpOutcome::UNKNOWN_COMPRESSION), 2U);
}

// TS 44.065 6.5.2, table 5: PCOMP 0 as it is, PCOMP1 with the slot, PCOMP2 with what has changed.
TEST(Sndcp, TellsTheHeaderTypeByPcomp)
{
    SndcpParameters parameters;
    parameters.tcpSlots = 16;
    parameters.pcompUncompressed = 7;
    parameters.pcompCompressed = 9;
    SndcpPair pair(parameters);
    TcpFields fields;
    fields.flags = 0x02; // SYN
    std::vector<int> pcomps;
    for (int i = 0; i < 3; ++i)
    {
        const Octets npdu = MakeTcpPacket(fields);
        const auto pdus = pair.Segment(npdu);
        ASSERT_EQ(pdus.size(), 1U);
        pcomps.push_back(pdus[0][1]);
        EXPECT_EQ(pair.Receive(pdus[0]).npdu, npdu);
        fields.flags = 0x10;
        fields.sequence += 1;
        fields.identification += 1;
    }
    EXPECT_EQ(pcomps, (std::vector<int>{0, 7, 9}));
}

// Hosts that compute no TCP checksum: the decompressor knows of a loss from the N-PDU numbers.
TEST(Sndcp, TellsTheDecompressorOfALoss)
{
    SndcpParameters parameters;
    parameters.tcpSlots = 16;
    SndcpPair pair(parameters);
    TcpFields fields;
    fields.hasChecksum = false;
    fields.data = 10;
    const auto send = [&pair, &fields](bool lost) {
        fields.sequence += 10;
        fields.identification += 1;
        const Octets npdu = MakeTcpPacket(fields);
        const Octets pdu = pair.Segment(npdu).at(0);
        if (lost)
        {
            return SndcpOutcome::MORE;
        }
        const auto reception = pair.Receive(pdu);
        EXPECT_TRUE(reception.outcome != SndcpOutcome::NPDU || reception.npdu == npdu);
        return reception.outcome;
    };
    EXPECT_EQ(send(false), SndcpOutcome::NPDU);
    EXPECT_EQ(send(false), SndcpOutcome::NPDU);
    send(true);
    EXPECT_EQ(send(false), SndcpOutcome::DECOMPRESSION);
    EXPECT_EQ(send(false), SndcpOutcome::DECOMPRESSION);
    fields.sequence -= 40; // TCP repeats
    EXPECT_EQ(send(false), SndcpOutcome::NPDU);
    EXPECT_EQ(send(false), SndcpOutcome::NPDU);
    EXPECT_EQ(pair.CountDiscarded(SndcpOutcome::DECOMPRESSION), 2U);
}

/// By per cent of SN-PDUs that are lost.
class SndcpLoss : public testing::TestWithParam<int>
{
};

// Segments are lost, repeated and swapped: each N-PDU that comes out went in, in order and once,
// and each that went in comes out or is counted.
TEST_P(SndcpLoss, DeliversOnlyWhatWasSent)
{
    std::mt19937 random(static_cast<uint32_t>(GetParam()));
    SndcpPair pair;
    std::vector<Octets> sent;
    std::vector<Octets> channel;
    for (uint32_t i = 0; i < 3000; ++i)
    {
        Octets npdu(4 + random() % 1490);
        for (uint8_t& octet : npdu)
        {
            octet = static_cast<uint8_t>(random());
        }
        const auto pdus = pair.Segment(npdu);
        channel.insert(channel.end(), pdus.begin(), pdus.end());
        sent.push_back(std::move(npdu));
    }
    const auto percent = static_cast<uint32_t>(GetParam());
    auto expected = sent.begin();
    for (const Octets& pdu : channel)
    {
        if (random() % 100 >= percent)
        {
            const auto reception = pair.Receive(pdu);
            if (reception.outcome == SndcpOutcome::NPDU)
            {
                expected = std::find(expected, sent.end(), reception.npdu);
                ASSERT_NE(expected, sent.end());
                ++expected;
            }
        }
    }
    EXPECT_EQ(pair.Receive(pair.Segment({1}).at(0)).outcome, SndcpOutcome::NPDU);
    const SndcpCounters counters = pair.to.GetCounters(NSAPI);
    const uint64_t discarded =
        std::accumulate(counters.discarded.begin(), counters.discarded.end(), uint64_t(0));
    EXPECT_EQ(counters.delivered + counters.unfinished + counters.skipped + discarded,
              sent.size() + 1);
    EXPECT_EQ(counters.delivered == sent.size() + 1, percent == 0);
}

// With header compression a loss costs the N-PDUs until TCP repeats, and alters none, up to the
// identification and what the TCP checksum does not show (RFC 1144 4.2).
TEST_P(SndcpLoss, AltersNothingWithHeaderCompression)
{
    std::mt19937 random(static_cast<uint32_t>(GetParam()));
    SndcpParameters parameters;
    parameters.tcpSlots = 16;
    SndcpPair pair(parameters);
    TcpConversation one(1000, 1);
    TcpConversation two(2000, 77);
    uint32_t delivered = 0;
    constexpr uint32_t npdus = 3000;
    for (uint32_t i = 0; i < npdus; ++i)
    {
        const Octets npdu = (random() % 2 == 0 ? one : two).Next(random);
        for (const Octets& pdu : pair.Segment(npdu))
        {
            if (random() % 100 < static_cast<uint32_t>(GetParam()))
            {
                continue;
            }
            auto reception = pair.Receive(pdu);
            if (reception.outcome == SndcpOutcome::NPDU)
            {
                ++delivered;
                ASSERT_EQ(reception.npdu.size(), npdu.size());
                std::copy_n(npdu.begin() + 4, 2, reception.npdu.begin() + 4);
                std::copy_n(npdu.begin() + 10, 2, reception.npdu.begin() + 10);
                EXPECT_EQ(reception.npdu, npdu);
            }
        }
    }
    EXPECT_EQ(delivered == npdus, GetParam() == 0);
    EXPECT_GT(delivered, npdus / 20);
}

INSTANTIATE_TEST_SUITE_P(Shares, SndcpLoss, testing::Values(0, 2, 10, 30));

// What is repeated or swapped below is never put together wrongly.
TEST(Sndcp, IsNotDeceivedByOrder)
{
    std::mt19937 random(9);
    SndcpPair pair;
    for (uint32_t i = 0; i < 2000; ++i)
    {
        const Octets npdu = MakeNpdu(600 + random() % 900, i);
        auto pdus = pair.Segment(npdu);
        if (random() % 2 == 0)
        {
            pdus.push_back(pdus[random() % pdus.size()]);
        }
        if (random() % 2 == 0)
        {
            std::swap(pdus[random() % pdus.size()], pdus[random() % pdus.size()]);
        }
        for (const Octets& pdu : pdus)
        {
            const auto reception = pair.Receive(pdu);
            if (reception.outcome == SndcpOutcome::NPDU)
            {
                EXPECT_EQ(reception.npdu, npdu);
            }
        }
    }
    EXPECT_GT(pair.to.GetCounters(NSAPI).delivered, 500U);
}
