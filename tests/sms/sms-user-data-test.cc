// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/sms-concatenation.h"
#include "ns3/sms-user-data.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::test::FromHex;
using p2pim::test::ToHex;

namespace
{

SmsCodecError
Read(const std::string& hex, SmsUserDataHeader& header)
{
    return DecodeUserDataHeader(FromHex(hex), header);
}

std::string
Write(const SmsUserDataHeader& header)
{
    std::vector<uint8_t> octets;
    EncodeUserDataHeader(header, octets);
    return ToHex(octets);
}

/// @return segments that a text of @p characters times @p character makes; 0 if it is refused.
std::size_t
CountSegments(const std::string& character,
              std::size_t characters,
              bool wide,
              std::optional<SmsPorts> ports = {})
{
    ShortMessage message;
    message.ports = ports;
    for (std::size_t i = 0; i < characters; ++i)
    {
        message.text += character;
    }
    std::vector<SmsUserData> segments;
    return SplitShortMessage(message, 1, wide, segments) == SmsCodecError::NONE ? segments.size()
                                                                                : 0;
}

std::size_t
CountDataSegments(std::size_t octets, bool wide)
{
    ShortMessage message;
    message.alphabet = SmsAlphabet::DATA_8_BIT;
    message.data.resize(octets);
    std::vector<SmsUserData> segments;
    return SplitShortMessage(message, 1, wide, segments) == SmsCodecError::NONE ? segments.size()
                                                                                : 0;
}

} // namespace

// TS 23.040 9.2.3.24.3 and 9.2.3.24.4: element 04 with ports of 8 bits, 05 of 16, the destination
// first.
TEST(SmsUserDataHeader, ReadsPortsOf8And16Bits)
{
    SmsUserDataHeader header;
    ASSERT_EQ(Read("040402F0F1", header), SmsCodecError::NONE);
    ASSERT_TRUE(header.ports);
    EXPECT_EQ(header.ports->destination, 0xF0);
    EXPECT_EQ(header.ports->originator, 0xF1);
    ASSERT_EQ(Read("060504FFFF0B84", header), SmsCodecError::NONE);
    EXPECT_EQ(header.ports->destination, 65535);
    EXPECT_EQ(header.ports->originator, 2948);
    EXPECT_FALSE(header.concatenation);
    EXPECT_EQ(header.size, 7U);
}

// TS 23.040 9.2.3.24.1 and 9.2.3.24.8: element 00 with a reference of 8 bits, 08 of 16; then how
// many segments there are, and which this is.
TEST(SmsUserDataHeader, ReadsAndWritesConcatenationOf8And16Bits)
{
    SmsUserDataHeader header;
    ASSERT_EQ(Read("0500032A0302", header), SmsCodecError::NONE);
    ASSERT_TRUE(header.concatenation);
    EXPECT_EQ(header.concatenation->reference, 0x2A);
    EXPECT_EQ(header.concatenation->total, 3);
    EXPECT_EQ(header.concatenation->number, 2);
    EXPECT_FALSE(header.concatenation->wide);
    EXPECT_EQ(Write(header), "0500032a0302");
    ASSERT_EQ(Read("06080412340302", header), SmsCodecError::NONE);
    EXPECT_EQ(header.concatenation->reference, 0x1234);
    EXPECT_TRUE(header.concatenation->wide);
    EXPECT_EQ(Write(header), "06080412340302");
    header.ports = SmsPorts{0x0B84, 0x23F0};
    EXPECT_EQ(Write(header), "0c05040b8423f0080412340302");
    EXPECT_EQ(Write(SmsUserDataHeader()), "");
}

// TS 23.040 9.2.3.24: unknown elements are skipped, wherever they are, empty ones too; of an
// element that comes twice the last one counts; one of a wrong length is as good as unknown.
TEST(SmsUserDataHeader, SkipsWhatItDoesNotKnow)
{
    SmsUserDataHeader header;
    ASSERT_EQ(Read("0E 7000 0003010201 240101 0003020403", header),
              SmsCodecError::BAD_USER_DATA_HEADER);
    ASSERT_EQ(Read("0F 7000 0003010201 240101 0003020403", header), SmsCodecError::NONE);
    ASSERT_TRUE(header.concatenation);
    EXPECT_EQ(header.concatenation->reference, 2);
    EXPECT_EQ(header.concatenation->total, 4);
    EXPECT_EQ(header.concatenation->number, 3);
    EXPECT_EQ(header.size, 16U);
    ASSERT_EQ(Read("05 0503010203", header), SmsCodecError::NONE);
    EXPECT_FALSE(header.ports);
    ASSERT_EQ(Read("06 000401020301", header), SmsCodecError::NONE);
    EXPECT_FALSE(header.concatenation);
    ASSERT_EQ(Read("00", header), SmsCodecError::NONE);
    EXPECT_EQ(header.size, 1U);
}

// Lengths that lie: of the header beyond TP-UD, of an element beyond the header, and an element
// that ends behind its identifier.
TEST(SmsUserDataHeader, RefusesLengthsThatDoNotFit)
{
    SmsUserDataHeader header;
    EXPECT_EQ(Read("", header), SmsCodecError::BAD_USER_DATA_HEADER);
    for (const char* bad : {"05",
                            "0500032A03",
                            "0500042A0302",
                            "0400032A0302",
                            "0100",
                            "0100FF",
                            "060504000100",
                            "FF00032A0302"})
    {
        EXPECT_EQ(Read(bad, header), SmsCodecError::BAD_USER_DATA_HEADER) << bad;
        SmsUserData userData;
        userData.hasHeader = true;
        userData.octets = FromHex(bad);
        userData.length = static_cast<uint8_t>(userData.octets.size());
        ShortMessage message;
        EXPECT_EQ(ReadShortMessage(userData, message), SmsCodecError::BAD_USER_DATA_HEADER);
    }
}

// C14, TS 23.040 9.2.3.24.1 and 9.2.3.24.8: room is 140 octets less the header, in septets rounded
// down: 6 octets leave 153 septets, 134 octets, 67 UCS2 characters; 7 octets 152, 133, 66.
TEST(SmsUserData, HasRoomBehindEachWidthOfReference)
{
    EXPECT_EQ(CountSegments("a", 160, true), 1U);
    EXPECT_EQ(CountSegments("a", 2 * 153, false), 2U);
    EXPECT_EQ(CountSegments("a", 2 * 153 + 1, false), 3U);
    EXPECT_EQ(CountSegments("a", 2 * 152, true), 2U);
    EXPECT_EQ(CountSegments("a", 2 * 152 + 1, true), 3U);
    EXPECT_EQ(CountSegments("Ж", 70, true), 1U);
    EXPECT_EQ(CountSegments("Ж", 71, true), 2U);
    EXPECT_EQ(CountSegments("Ж", 2 * 67, false), 2U);
    EXPECT_EQ(CountSegments("Ж", 2 * 67 + 1, false), 3U);
    EXPECT_EQ(CountSegments("Ж", 2 * 66, true), 2U);
    EXPECT_EQ(CountSegments("Ж", 2 * 66 + 1, true), 3U);
    EXPECT_EQ(CountDataSegments(140, true), 1U);
    EXPECT_EQ(CountDataSegments(2 * 134, false), 2U);
    EXPECT_EQ(CountDataSegments(2 * 134 + 1, false), 3U);
    EXPECT_EQ(CountDataSegments(2 * 133, true), 2U);
    EXPECT_EQ(CountDataSegments(2 * 133 + 1, true), 3U);
}

// The number of segments has an octet (TS 23.040 9.2.3.24.1): 255 at most, whatever the alphabet.
TEST(SmsUserData, IsRefusedBeyond255Segments)
{
    EXPECT_EQ(CountSegments("a", 255 * 152, true), 255U);
    EXPECT_EQ(CountSegments("a", 255 * 152 + 1, true), 0U);
    EXPECT_EQ(CountSegments("Ж", 255 * 67, false), 255U);
    EXPECT_EQ(CountSegments("Ж", 255 * 67 + 1, false), 0U);
    EXPECT_EQ(CountDataSegments(255 * 134, false), 255U);
    EXPECT_EQ(CountDataSegments(255 * 134 + 1, false), 0U);
    const SmsPorts ports{9000, 9001}; // 12 octets of header: 146 septets
    EXPECT_EQ(CountSegments("a", 255 * 146, false, ports), 255U);
    EXPECT_EQ(CountSegments("a", 255 * 146 + 1, false, ports), 0U);
}
