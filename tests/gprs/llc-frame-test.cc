// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/llc-frame.h"

#include <gtest/gtest.h>
#include <random>
#include <tuple>

using namespace ns3::p2pim;
using p2pim::test::FromHex;
using p2pim::test::ToHex;

namespace
{

constexpr std::array<LlcSap, 8> SAPS{LlcSap::LLGMM,
                                     LlcSap::TOM2,
                                     LlcSap::LL3,
                                     LlcSap::LL5,
                                     LlcSap::LLSMS,
                                     LlcSap::TOM8,
                                     LlcSap::LL9,
                                     LlcSap::LL11};

/// Frames of all formats with fields at random; always the same ones.
class RandomFrames
{
  public:
    /// @return a frame; its information is valid until the next one.
    LlcFrame Next()
    {
        LlcFrame frame;
        frame.sap = SAPS[Draw(SAPS.size())];
        frame.command = Draw(2) == 0;
        frame.format = static_cast<LlcFormat>(Draw(4));
        const bool numbered = frame.format == LlcFormat::I || frame.format == LlcFormat::S;
        if (numbered)
        {
            SetNumbered(frame);
        }
        if (frame.format == LlcFormat::I || frame.format == LlcFormat::UI)
        {
            frame.sendNumber = static_cast<uint16_t>(Draw(LLC_MODULUS));
        }
        if (frame.format == LlcFormat::UI)
        {
            frame.encrypted = Draw(2) == 0;
            frame.protectedMode = Draw(2) == 0;
        }
        bool information = frame.format != LlcFormat::S;
        if (frame.format == LlcFormat::U)
        {
            frame.unnumbered = UNNUMBERED[Draw(UNNUMBERED.size())];
            frame.pollFinal = Draw(2) == 0;
            information =
                frame.unnumbered == LlcUnnumbered::SABM || frame.unnumbered == LlcUnnumbered::XID;
        }
        m_information.resize(information ? Draw(LLC_MAX_N201 + 1) : 0);
        for (uint8_t& octet : m_information)
        {
            octet = static_cast<uint8_t>(Draw(256));
        }
        frame.information = m_information.data();
        frame.size = m_information.size();
        return frame;
    }

    /// @return a number below @p limit.
    std::size_t Draw(std::size_t limit)
    {
        return m_random() % limit;
    }

  private:
    static constexpr std::array<LlcUnnumbered, 5> UNNUMBERED{LlcUnnumbered::NULL_COMMAND,
                                                             LlcUnnumbered::DM,
                                                             LlcUnnumbered::DISC,
                                                             LlcUnnumbered::SABM,
                                                             LlcUnnumbered::XID};

    void SetNumbered(LlcFrame& frame)
    {
        frame.receiveNumber = static_cast<uint16_t>(Draw(LLC_MODULUS));
        frame.acknowledge = Draw(2) == 0;
        frame.supervisory = static_cast<LlcSupervisory>(Draw(4));
        if (frame.supervisory == LlcSupervisory::SACK)
        {
            for (std::size_t i = 0; i < 1 + Draw(20); ++i)
            {
                frame.bitmap.Set(1 + Draw(256));
            }
        }
    }

    std::mt19937 m_random{1144};
    Octets m_information;
};

auto
GetFields(const LlcFrame& frame)
{
    return std::tie(frame.sap,
                    frame.command,
                    frame.format,
                    frame.supervisory,
                    frame.unnumbered,
                    frame.pollFinal,
                    frame.acknowledge,
                    frame.encrypted,
                    frame.protectedMode,
                    frame.sendNumber,
                    frame.receiveNumber,
                    frame.bitmap.size,
                    frame.bitmap.octets);
}

Octets
Encode(const LlcFrame& frame, LlcSide sender)
{
    Octets octets;
    EncodeLlcFrame(frame, sender, octets);
    return octets;
}

LlcFrameError
Decode(const Octets& octets)
{
    LlcFrame frame;
    return DecodeLlcFrame(octets.data(), octets.size(), LlcSide::MS, frame);
}

/// Appends the right FCS.
Octets
WithFcs(Octets octets)
{
    const uint32_t fcs = GetLlcFcs(octets.data(), octets.size());
    OctetWriter(octets).U8(fcs & 0xFF).U8(fcs >> 8 & 0xFF).U8(fcs >> 16);
    return octets;
}

} // namespace

TEST(LlcFrame, HoldsItsFields)
{
    RandomFrames random;
    for (int i = 0; i < 5000; ++i)
    {
        const LlcFrame frame = random.Next();
        const LlcSide sender = i % 2 == 0 ? LlcSide::MS : LlcSide::SGSN;
        const Octets octets = Encode(frame, sender);
        LlcFrame read;
        ASSERT_EQ(DecodeLlcFrame(octets.data(), octets.size(), sender, read), LlcFrameError::NONE);
        EXPECT_EQ(GetFields(read), GetFields(frame));
        EXPECT_EQ(Octets(read.information, read.information + read.size),
                  Octets(frame.information, frame.information + frame.size));
    }
}

// The remainder of a division by the polynomial of TS 44.064 5.5, one bit after the other, begun
// with ones and inverted, with the terms as the standard lists them.
TEST(LlcFrame, HasTheFcsOfThePolynomial)
{
    uint32_t polynomial = 0;
    for (const int term : {23, 21, 20, 19, 17, 16, 15, 13, 8, 7, 5, 4, 2, 0})
    {
        polynomial |= 1U << (23 - term);
    }
    std::mt19937 random(24);
    for (std::size_t size = 0; size < 100; ++size)
    {
        Octets octets(size);
        uint32_t remainder = 0xFFFFFF;
        for (uint8_t& octet : octets)
        {
            octet = static_cast<uint8_t>(random());
            for (int bit = 0; bit < 8; ++bit)
            {
                const bool one = ((remainder ^ octet >> bit) & 1) != 0;
                remainder = remainder >> 1 ^ (one ? polynomial : 0);
            }
        }
        EXPECT_EQ(GetLlcFcs(octets.data(), size), ~remainder & 0xFFFFFF) << size;
    }
}

// Frames from networks, as Osmocom's libosmo-gprs has them in its tests (tests/llc).
TEST(LlcFrame, ReadsFramesOfRealNetworks)
{
    const auto identity = FromHex("41c001081502de8e9a"); // from the SGSN, IDENTITY REQUEST
    LlcFrame frame;
    ASSERT_EQ(DecodeLlcFrame(identity.data(), identity.size(), LlcSide::SGSN, frame),
              LlcFrameError::NONE);
    EXPECT_EQ(frame.sap, LlcSap::LLGMM);
    EXPECT_TRUE(frame.command);
    EXPECT_EQ(frame.format, LlcFormat::UI);
    EXPECT_EQ(frame.sendNumber, 0);
    EXPECT_TRUE(frame.protectedMode);
    EXPECT_EQ(Octets(frame.information, frame.information + frame.size), FromHex("081502"));
    EXPECT_EQ(Encode(frame, LlcSide::SGSN), identity);

    for (const char* hex : {"01c010080509afe633", "01e01ca2b3", "03fb1604d216f984"})
    {
        const auto octets = FromHex(hex);
        ASSERT_EQ(DecodeLlcFrame(octets.data(), octets.size(), LlcSide::MS, frame),
                  LlcFrameError::NONE);
        EXPECT_EQ(ToHex(Encode(frame, LlcSide::MS)), hex);
    }

    const auto xid = FromHex("43fb01001601f41a05df8c7c4e");
    ASSERT_EQ(DecodeLlcFrame(xid.data(), xid.size(), LlcSide::SGSN, frame), LlcFrameError::NONE);
    EXPECT_EQ(frame.sap, LlcSap::LL3);
    EXPECT_EQ(frame.unnumbered, LlcUnnumbered::XID);
    EXPECT_TRUE(frame.pollFinal);
    EXPECT_EQ(Encode(frame, LlcSide::SGSN), xid);
}

// TS 44.064 table 1: a command has C/R 0 from the phone and 1 from the SGSN, a response the other.
TEST(LlcFrame, HasCommandAndResponseBySide)
{
    LlcFrame frame;
    EXPECT_EQ(Encode(frame, LlcSide::MS)[0], 0x01);
    EXPECT_EQ(Encode(frame, LlcSide::SGSN)[0], 0x41);
    frame.command = false;
    EXPECT_EQ(Encode(frame, LlcSide::MS)[0], 0x41);
    EXPECT_EQ(Encode(frame, LlcSide::SGSN)[0], 0x01);
}

// TS 44.064 table 3: the place of each bit of the I and S control fields.
TEST(LlcFrame, HasItsControlFieldInPlace)
{
    LlcFrame frame;
    frame.sap = LlcSap::LL3;
    frame.format = LlcFormat::I;
    frame.acknowledge = true;
    frame.sendNumber = 0x155;    // 1 0101 0101
    frame.receiveNumber = 0x0F3; // 0 1111 0011
    frame.supervisory = LlcSupervisory::SACK;
    frame.bitmap.Set(1);
    frame.bitmap.Set(10);
    EXPECT_EQ(ToHex(Encode(frame, LlcSide::MS)).substr(0, 14), "035553cf018040");
    frame.format = LlcFormat::S;
    EXPECT_EQ(ToHex(Encode(frame, LlcSide::MS)).substr(0, 10), "03a3cf8040");
}

// A cyclic code notices any burst of errors no longer than its check sequence. (One that hits the
// header of a UI frame can clear PM, and with it most of the protection.)
TEST(LlcFrame, IsRefusedWhenSpoilt)
{
    RandomFrames random;
    for (int i = 0; i < 5000; ++i)
    {
        LlcFrame frame = random.Next();
        frame.protectedMode = true;
        Octets octets = Encode(frame, LlcSide::MS);
        const std::size_t begin = frame.format == LlcFormat::UI ? 24 : 0;
        const std::size_t length = 1 + random.Draw(24);
        const std::size_t first = begin + random.Draw(octets.size() * 8 - length - begin + 1);
        for (std::size_t bit = first; bit < first + length; ++bit)
        {
            const bool flips = bit == first || bit + 1 == first + length || random.Draw(2) == 0;
            octets[bit / 8] ^= flips ? 1U << bit % 8 : 0;
        }
        EXPECT_NE(Decode(octets), LlcFrameError::NONE);
    }
}

// TS 44.064 5.5, 6.3.5.5.2: without PM only the header and N202 = 4 octets are protected.
TEST(LlcFrame, ProtectsN202OctetsInUnprotectedMode)
{
    const Octets information(20, 0x55);
    LlcFrame frame;
    frame.protectedMode = false;
    frame.information = information.data();
    frame.size = information.size();
    const Octets octets = Encode(frame, LlcSide::MS);
    constexpr std::size_t header = 3;
    for (std::size_t i = 0; i < octets.size(); ++i)
    {
        Octets spoilt = octets;
        spoilt[i] ^= 0x10;
        const bool isInformation = i >= header + LLC_N202 && i < header + information.size();
        EXPECT_EQ(Decode(spoilt) == LlcFrameError::NONE, isInformation) << i;
    }
}

TEST(LlcFrame, SaysWhatIsWrong)
{
    EXPECT_EQ(Decode({}), LlcFrameError::TRUNCATED);
    EXPECT_EQ(Decode(FromHex("01c0123456")), LlcFrameError::TRUNCATED);
    EXPECT_EQ(Decode(WithFcs(FromHex("81c001"))), LlcFrameError::PROTOCOL_DISCRIMINATOR);
    for (const uint8_t sapi : {0, 4, 6, 10, 12, 13, 14, 15})
    {
        EXPECT_EQ(Decode(WithFcs({sapi, 0xC0, 0x01})), LlcFrameError::RESERVED_SAPI);
    }
    EXPECT_EQ(Decode(WithFcs(FromHex("01e2"))), LlcFrameError::UNKNOWN_COMMAND);
    EXPECT_EQ(Decode(WithFcs(FromHex("01d001aabbccdd"))), LlcFrameError::INTEGRITY_PROTECTED);
    EXPECT_EQ(Decode(WithFcs(FromHex("03e4ff"))), LlcFrameError::TRAILING_OCTETS);   // DISC
    EXPECT_EQ(Decode(WithFcs(FromHex("038000ff"))), LlcFrameError::TRAILING_OCTETS); // RR
    EXPECT_EQ(Decode(WithFcs(FromHex("038003"))), LlcFrameError::TRUNCATED);       // SACK without R
    EXPECT_EQ(Decode(WithFcs(FromHex("0300000301ff"))), LlcFrameError::TRUNCATED); // k says two
    EXPECT_EQ(Decode(FromHex("41c001081502de8e9b")), LlcFrameError::WRONG_FCS);
}
