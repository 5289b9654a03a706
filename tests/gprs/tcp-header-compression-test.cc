// SPDX-License-Identifier: GPL-2.0-only
#include "tests/gprs/tcp-conversation.h"

#include "ns3/tcp-header-compression.h"

#include <functional>
#include <gtest/gtest.h>
#include <random>

using namespace ns3::p2pim;
using p2pim::test::MakeTcpPacket;
using p2pim::test::TcpConversation;
using p2pim::test::TcpFields;

namespace
{

/// @return a packet as it is sent, and what it is.
std::pair<TcpHeaderType, Octets>
Compress(TcpHeaderCompressor& compressor, const Octets& packet)
{
    const auto head = compressor.Compress(packet.data(), packet.size());
    Octets octets(head.octets.begin(), head.octets.begin() + head.size);
    octets.insert(octets.end(), packet.begin() + head.replaced, packet.end());
    return {head.type, octets};
}

/// The compressed header, without data, of @p packet behind @p before.
Octets
GetHeaderBehind(const TcpFields& before, const TcpFields& packet)
{
    TcpHeaderCompressor compressor;
    EXPECT_EQ(Compress(compressor, MakeTcpPacket(before)).first, TcpHeaderType::UNCOMPRESSED_TCP);
    const auto [type, octets] = Compress(compressor, MakeTcpPacket(packet));
    EXPECT_EQ(type, TcpHeaderType::COMPRESSED_TCP);
    return {octets.begin(), octets.end() - static_cast<std::ptrdiff_t>(packet.data)};
}

/// @return the checksum of a packet and the octets behind it.
Octets
WithChecksum(uint8_t changes, const TcpFields& packet, const Octets& fields)
{
    const Octets octets = MakeTcpPacket(packet);
    Octets header{changes, octets[36], octets[37]};
    header.insert(header.end(), fields.begin(), fields.end());
    return header;
}

} // namespace

// RFC 1144 3.2.2: what has no whole TCP header, or begins or ends a connection, is TYPE_IP.
TEST(TcpHeaderCompression, LeavesWhatIsNoPlainTcp)
{
    TcpHeaderCompressor compressor;
    const auto isIp = [&compressor](const Octets& packet) {
        const auto head = compressor.Compress(packet.data(), packet.size());
        return head.type == TcpHeaderType::IP && head.size == 0 && head.replaced == 0;
    };
    for (const uint8_t flags : {0x02, 0x12, 0x11, 0x14, 0x04, 0x00}) // SYN, FIN, RST, no ACK
    {
        TcpFields fields;
        fields.flags = flags;
        EXPECT_TRUE(isIp(MakeTcpPacket(fields))) << int(flags);
    }
    const Octets plain = MakeTcpPacket({});
    Octets udp = plain;
    udp[9] = 17;
    EXPECT_TRUE(isIp(udp));
    Octets fragment = plain;
    fragment[6] = 0x20; // more fragments
    EXPECT_TRUE(isIp(fragment));
    Octets cut = plain;
    cut.pop_back();
    EXPECT_TRUE(isIp(cut));
    EXPECT_TRUE(isIp({}));
    EXPECT_FALSE(isIp(plain));
}

// RFC 1144 3.2.2, 3.2.3: the first packet of a connection has the slot as its protocol.
TEST(TcpHeaderCompression, SendsTheSlotInTheProtocolField)
{
    TcpHeaderCompressor compressor;
    TcpHeaderDecompressor decompressor;
    const Octets packet = MakeTcpPacket({});
    auto [type, octets] = Compress(compressor, packet);
    EXPECT_EQ(type, TcpHeaderType::UNCOMPRESSED_TCP);
    ASSERT_EQ(octets.size(), packet.size());
    EXPECT_LT(octets[9], 16);
    EXPECT_EQ(decompressor.Decompress(type, octets), TcpDecompression::DONE);
    EXPECT_EQ(octets, packet);
}

// RFC 1144 3.2.2, figure 3, and the special cases of 3.2.3; A.2 gives the bits: C 40, I 20, P 10,
// S 08, A 04, W 02, U 01, SAWU 0F, SWU 0B. All slots here are the last one used, so C is 0.
TEST(TcpHeaderCompression, TellsWhatHasChanged)
{
    TcpFields before;
    before.data = 100;
    TcpFields next = before;
    next.identification += 1;

    TcpFields data = next; // a bulk transfer: by as much as the last packet had
    data.sequence += 100;
    EXPECT_EQ(GetHeaderBehind(before, data), WithChecksum(0x0F, data, {}));

    TcpFields echo = data;
    echo.acknowledgement += 100;
    EXPECT_EQ(GetHeaderBehind(before, echo), WithChecksum(0x0B, echo, {}));

    TcpFields ack = next; // 0 and two octets for numbers above 255
    ack.acknowledgement += 0x0123;
    EXPECT_EQ(GetHeaderBehind(before, ack), WithChecksum(0x04, ack, {0, 0x01, 0x23}));

    TcpFields many = next; // in the order U, W, A, S, I
    many.flags |= 0x28;    // URG, PSH
    many.acknowledgement += 3;
    many.sequence += 4;
    many.identification += 4;
    EXPECT_EQ(GetHeaderBehind(before, many), WithChecksum(0x3D, many, {0, 0, 0, 3, 4, 5}));
    TcpFields smaller = next;
    smaller.window -= 2;
    smaller.acknowledgement += 3;
    EXPECT_EQ(GetHeaderBehind(before, smaller), WithChecksum(0x06, smaller, {0, 0xFF, 0xFE, 3}));

    TcpFields window = next;
    window.window += 7;
    EXPECT_EQ(GetHeaderBehind(before, window), WithChecksum(0x02, window, {7}));

    TcpFields bare = before;
    bare.data = 0;
    TcpFields typed = bare; // data behind an ack changes nothing but the length
    typed.data = 1;
    typed.identification += 1;
    typed.flags |= 0x08;
    EXPECT_EQ(GetHeaderBehind(bare, typed), WithChecksum(0x10, typed, {}));
}

// RFC 1144 3.2.3: repetitions, and what the changes cannot tell, are sent uncompressed.
TEST(TcpHeaderCompression, SendsUncompressedWhatItCannotTell)
{
    TcpFields before;
    before.data = 100;
    const auto isUncompressed = [&before](const std::function<void(TcpFields&)>& change) {
        TcpHeaderCompressor compressor;
        Compress(compressor, MakeTcpPacket(before));
        TcpFields next = before;
        next.identification += 1;
        change(next);
        return Compress(compressor, MakeTcpPacket(next)).first == TcpHeaderType::UNCOMPRESSED_TCP;
    };
    EXPECT_TRUE(isUncompressed([](TcpFields&) {})); // a repetition
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.sequence -= 100; }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.sequence += 0x10000; }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.acknowledgement -= 1; }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.urgent += 1; }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.ttl -= 1; }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.typeOfService = 8; }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.flags |= 0x40; })); // ECE
    EXPECT_TRUE(isUncompressed([](TcpFields& next) { next.options = 4; }));
    // Changes that look like a special case: S, W and U, and all four.
    EXPECT_TRUE(isUncompressed([](TcpFields& next) {
        next.sequence += 1;
        next.window += 1;
        next.flags |= 0x20;
    }));
    EXPECT_TRUE(isUncompressed([](TcpFields& next) {
        next.sequence += 1;
        next.acknowledgement += 1;
        next.window += 1;
        next.flags |= 0x20;
    }));
    EXPECT_FALSE(isUncompressed([](TcpFields& next) { next.sequence += 0xFFFF; }));
}

// RFC 1144 3.2.3: the slot that was not used for longest is taken; C is sent when the slot changes.
TEST(TcpHeaderCompression, NamesTheSlotWhenItChanges)
{
    TcpHeaderCompressor compressor(2);
    const auto send = [&compressor](uint16_t port, uint32_t sequence) {
        TcpFields fields;
        fields.sourcePort = port;
        fields.sequence = sequence;
        const auto [type, octets] = Compress(compressor, MakeTcpPacket(fields));
        return type == TcpHeaderType::COMPRESSED_TCP ? (octets[0] & 0x40) != 0 ? 'C' : 'c' : 'U';
    };
    std::string kinds;
    for (const auto& [port, sequence] : std::vector<std::pair<uint16_t, uint32_t>>{{1, 1},
                                                                                   {2, 1},
                                                                                   {1, 2},
                                                                                   {1, 3},
                                                                                   {2, 2},
                                                                                   {3, 1},
                                                                                   {2, 3},
                                                                                   {1, 4}})
    {
        kinds += send(port, sequence);
    }
    // Port 3 takes the slot of port 1, so that of port 2 is still there, and port 1 takes that
    // of 3.
    EXPECT_EQ(kinds, "UUCcCUCU");
}

// RFC 1144 4.1: after a loss, compressed packets are tossed until one names its slot. The lost one
// was of another connection, so this one's checksum then verifies.
TEST(TcpHeaderCompression, TossesUntilASlotIsNamed)
{
    TcpHeaderCompressor compressor;
    TcpHeaderDecompressor decompressor;
    TcpFields one;
    one.sourcePort = 1;
    TcpFields two;
    two.sourcePort = 2;
    const auto send = [&](TcpFields& fields) {
        fields.sequence += 10;
        fields.identification += 1;
        auto [type, octets] = Compress(compressor, MakeTcpPacket(fields));
        const auto outcome = decompressor.Decompress(type, octets);
        EXPECT_TRUE(outcome != TcpDecompression::DONE || octets == MakeTcpPacket(fields));
        return outcome;
    };
    send(one);
    send(two);
    send(two);
    decompressor.NoteLoss();
    EXPECT_EQ(send(two), TcpDecompression::TOSSED);
    EXPECT_EQ(send(one), TcpDecompression::DONE);
    EXPECT_EQ(send(two), TcpDecompression::OUT_OF_STEP); // has missed the tossed one
    EXPECT_EQ(send(two), TcpDecompression::UNKNOWN_SLOT);
    two.sequence -= 20; // repeats
    EXPECT_EQ(send(two), TcpDecompression::DONE);
    EXPECT_EQ(send(two), TcpDecompression::DONE);
}

// Hosts that compute no checksum: right without losses, and nothing wrong after one.
TEST(TcpHeaderCompression, WorksWithoutChecksumsUntilALoss)
{
    TcpHeaderCompressor compressor;
    TcpHeaderDecompressor decompressor;
    TcpFields fields;
    fields.hasChecksum = false;
    const auto send = [&](uint32_t ahead) {
        fields.sequence += ahead;
        fields.identification += 1;
        auto [type, octets] = Compress(compressor, MakeTcpPacket(fields));
        const auto outcome = decompressor.Decompress(type, octets);
        EXPECT_TRUE(outcome != TcpDecompression::DONE || octets == MakeTcpPacket(fields));
        return outcome;
    };
    EXPECT_EQ(send(10), TcpDecompression::DONE);
    EXPECT_EQ(send(10), TcpDecompression::DONE);
    decompressor.NoteLoss();
    EXPECT_NE(send(10), TcpDecompression::DONE);
    EXPECT_NE(send(10), TcpDecompression::DONE);
    EXPECT_EQ(send(0U - 20U), TcpDecompression::DONE); // a repetition, so uncompressed
    EXPECT_EQ(send(10), TcpDecompression::DONE);
}

TEST(TcpHeaderCompression, RefusesWhatIsMalformed)
{
    TcpHeaderDecompressor decompressor(4);
    Octets octets = MakeTcpPacket({});
    octets[9] = 4; // no such slot
    EXPECT_EQ(decompressor.Decompress(TcpHeaderType::UNCOMPRESSED_TCP, octets),
              TcpDecompression::UNKNOWN_SLOT);
    octets.pop_back();
    EXPECT_EQ(decompressor.Decompress(TcpHeaderType::UNCOMPRESSED_TCP, octets),
              TcpDecompression::MALFORMED);
    octets = {0x40, 4, 0, 0};
    EXPECT_EQ(decompressor.Decompress(TcpHeaderType::COMPRESSED_TCP, octets),
              TcpDecompression::UNKNOWN_SLOT);
    octets = {0x40, 3, 0, 0}; // never filled
    EXPECT_EQ(decompressor.Decompress(TcpHeaderType::COMPRESSED_TCP, octets),
              TcpDecompression::UNKNOWN_SLOT);
    octets = MakeTcpPacket({});
    octets[9] = 3;
    EXPECT_EQ(decompressor.Decompress(TcpHeaderType::UNCOMPRESSED_TCP, octets),
              TcpDecompression::DONE);
    octets = {0x04, 1}; // cut
    EXPECT_EQ(decompressor.Decompress(TcpHeaderType::COMPRESSED_TCP, octets),
              TcpDecompression::MALFORMED);
}

/// By per cent of packets that are lost, whether the decompressor is told, and a seed.
class TcpHeaderCompressionLoss : public testing::TestWithParam<std::tuple<int, bool, int>>
{
};

// Conversations at random, of more connections than there are slots. What comes out is what went
// in, but for the identification (and with it the header's checksum) of a packet behind a lost one
// that changed nothing else; or it is dropped. Without loss nothing is dropped. A packet may be
// expanded by the header of another connection, whose begin was lost: one in 2^16 of those has the
// right checksum, and there are some thousands in a run.
TEST_P(TcpHeaderCompressionLoss, HardlyEverAltersASegment)
{
    const auto [percent, isTold, seed] = GetParam();
    std::mt19937 random(static_cast<uint32_t>(seed));
    std::vector<TcpConversation> conversations;
    for (uint16_t i = 0; i < 6; ++i)
    {
        conversations.emplace_back(1000 + i, random());
    }
    TcpHeaderCompressor compressor(4);
    TcpHeaderDecompressor decompressor(4);
    uint32_t lost = 0;
    uint32_t dropped = 0;
    uint32_t altered = 0;
    uint32_t compressed = 0;
    uint32_t compressedOctets = 0;
    constexpr uint32_t packets = 20000;
    for (uint32_t i = 0; i < packets; ++i)
    {
        // Some conversations say more than others.
        auto& conversation = conversations[std::min(random() % 6, random() % 6)];
        const Octets packet = conversation.Next(random);
        auto [type, octets] = Compress(compressor, packet);
        if (type == TcpHeaderType::COMPRESSED_TCP)
        {
            ++compressed;
            compressedOctets += static_cast<uint32_t>(octets.size()) + 40;
            compressedOctets -= static_cast<uint32_t>(packet.size());
        }
        if (random() % 100 < static_cast<uint32_t>(percent))
        {
            ++lost;
            if (isTold)
            {
                decompressor.NoteLoss();
            }
            continue;
        }
        if (decompressor.Decompress(type, octets) != TcpDecompression::DONE)
        {
            ++dropped;
            continue;
        }
        ASSERT_EQ(octets.size(), packet.size());
        EXPECT_TRUE(type == TcpHeaderType::IP || VerifiesTcpChecksum(octets.data(), octets.size()));
        if (percent > 0)
        {
            std::copy_n(packet.begin() + 4, 2, octets.begin() + 4);
            std::copy_n(packet.begin() + 10, 2, octets.begin() + 10);
        }
        altered += octets != packet ? 1 : 0;
    }
    EXPECT_GT(compressed, packets / 2);
    EXPECT_LT(compressedOctets, compressed * 10); // RFC 1144 2: 3 to some 10 octets for 40
    EXPECT_LE(altered, percent == 0 ? 0U : 1U);
    EXPECT_EQ(dropped == 0, percent == 0);
    EXPECT_LT(lost + dropped, packets * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(Shares,
                         TcpHeaderCompressionLoss,
                         testing::Combine(testing::Values(0, 1, 10, 30),
                                          testing::Bool(),
                                          testing::Range(0, 5)));
