// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/sms-alphabet.h"
#include "ns3/sms-concatenation.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

using Octets = std::vector<uint8_t>;

/// Every character of the default alphabet and its extension table (TS 23.038 6.2.1), UTF-8.
const std::string ALL_CHARACTERS =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€";

std::vector<SmsUserData>
Split(const ShortMessage& message, bool wide = false)
{
    std::vector<SmsUserData> segments;
    EXPECT_EQ(SplitShortMessage(message, 0x4E, wide, segments), SmsCodecError::NONE);
    return segments;
}

ShortMessage
MakeText(const std::string& text)
{
    ShortMessage message;
    message.text = text;
    return message;
}

std::string
Repeat(const std::string& text, std::size_t count)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
    {
        all += text;
    }
    return all;
}

} // namespace

// "hellohello" is the widely published example of packed septets.
TEST(SmsAlphabet, PacksTheWellKnownExample)
{
    Octets octets;
    PackSeptets(*EncodeGsm7("hellohello"), 0, octets);
    EXPECT_EQ(octets, Octets({0xE8, 0x32, 0x9B, 0xFD, 0x46, 0x97, 0xD9, 0xEC, 0x37}));
    EXPECT_EQ(DecodeGsm7(UnpackSeptets(octets.data(), octets.size(), 0, 10)), "hellohello");
}

// TS 23.038 6.2.1: 127 characters beside the escape; 6.2.1.1: ten more with two septets each.
TEST(SmsAlphabet, KnowsEveryCharacter)
{
    const auto septets = EncodeGsm7(ALL_CHARACTERS);
    ASSERT_TRUE(septets);
    EXPECT_EQ(septets->size(), 127U + 2 * 10);
    EXPECT_EQ(DecodeGsm7(*septets), ALL_CHARACTERS);
    for (const char* other : {"ê", "Ж", "😀", "`", "\xC3", "\xFF", "\xED\xA0\x80"})
    {
        EXPECT_FALSE(EncodeGsm7(other)) << other;
    }
}

// TS 23.038 6.2.1.1: an escape before what the table does not have shows the default character,
// and a second escape a space.
TEST(SmsAlphabet, ShowsUnknownExtensionsAsTheStandardSays)
{
    EXPECT_EQ(DecodeGsm7({0x1B, 0x41}), "A");
    EXPECT_EQ(DecodeGsm7({0x1B, 0x1B}), " ");
    EXPECT_EQ(DecodeGsm7({0x1B}), " ");
}

TEST(SmsAlphabet, PacksBehindEveryNumberOfFillBits)
{
    const Octets septets{1, 2, 127, 64, 0, 99, 5, 6, 77};
    for (std::size_t fill = 0; fill < 7; ++fill)
    {
        for (std::size_t count = 0; count <= septets.size(); ++count)
        {
            const Octets some(septets.begin(),
                              septets.begin() + static_cast<std::ptrdiff_t>(count));
            Octets octets;
            PackSeptets(some, fill, octets);
            EXPECT_EQ(octets.size(), (fill + 7 * count + 7) / 8);
            EXPECT_EQ(UnpackSeptets(octets.data(), octets.size(), fill, count), some);
        }
    }
}

// RFC 2781 2.1's example: U+12345 is D808 DF45.
TEST(SmsAlphabet, WritesSurrogatePairs)
{
    const auto octets = EncodeUcs2("\xF0\x92\x8D\x85Ж");
    ASSERT_TRUE(octets);
    EXPECT_EQ(*octets, Octets({0xD8, 0x08, 0xDF, 0x45, 0x04, 0x16}));
    EXPECT_EQ(DecodeUcs2(octets->data(), octets->size()), "\xF0\x92\x8D\x85Ж");
    EXPECT_EQ(DecodeUcs2(octets->data(), 2), "\xEF\xBF\xBD");
}

// TS 23.038 4: the coding groups.
TEST(SmsAlphabet, ReadsTheDataCodingScheme)
{
    EXPECT_EQ(DecodeDataCoding(0x00).alphabet, SmsAlphabet::GSM_7_BIT);
    EXPECT_EQ(DecodeDataCoding(0x04).alphabet, SmsAlphabet::DATA_8_BIT);
    EXPECT_EQ(DecodeDataCoding(0x08).alphabet, SmsAlphabet::UCS2);
    EXPECT_FALSE(DecodeDataCoding(0x01).messageClass);
    EXPECT_EQ(DecodeDataCoding(0x11).messageClass, 1);
    EXPECT_TRUE(DecodeDataCoding(0x20).compressed);
    EXPECT_EQ(DecodeDataCoding(0xC8).alphabet, SmsAlphabet::GSM_7_BIT);
    EXPECT_EQ(DecodeDataCoding(0xE0).alphabet, SmsAlphabet::UCS2);
    EXPECT_EQ(DecodeDataCoding(0xF6).alphabet, SmsAlphabet::DATA_8_BIT);
    EXPECT_EQ(DecodeDataCoding(0xF2).messageClass, 2);
    for (const SmsAlphabet alphabet :
         {SmsAlphabet::GSM_7_BIT, SmsAlphabet::DATA_8_BIT, SmsAlphabet::UCS2})
    {
        const SmsDataCoding coding = DecodeDataCoding(EncodeDataCoding(alphabet, 3));
        EXPECT_EQ(coding.alphabet, alphabet);
        EXPECT_EQ(coding.messageClass, 3);
    }
}

// C14 and TS 23.040 9.2.3.24.1: 160 septets, 140 octets, 70 UCS2 characters in one; 153, 134 and
// 67 in a segment; with 16-bit ports alone 152 and 133; with both elements 146 and 128.
TEST(SmsConcatenation, CutsWhereTheStandardSays)
{
    EXPECT_EQ(Split(MakeText(std::string(160, 'a'))).size(), 1U);
    EXPECT_EQ(Split(MakeText(std::string(161, 'a'))).size(), 2U);
    EXPECT_EQ(Split(MakeText(std::string(306, 'a'))).size(), 2U);
    EXPECT_EQ(Split(MakeText(std::string(307, 'a'))).size(), 3U);
    EXPECT_EQ(Split(MakeText(Repeat("Ж", 70))).size(), 1U);
    EXPECT_EQ(Split(MakeText(Repeat("Ж", 134))).size(), 2U);
    EXPECT_EQ(Split(MakeText(Repeat("Ж", 135))).size(), 3U);
    ShortMessage data;
    data.alphabet = SmsAlphabet::DATA_8_BIT;
    data.data.assign(140, 7);
    EXPECT_EQ(Split(data).size(), 1U);
    data.data.assign(268, 7);
    EXPECT_EQ(Split(data).size(), 2U);
    data.data.assign(269, 7);
    EXPECT_EQ(Split(data).size(), 3U);
    data.ports = SmsPorts{9000, 9001};
    data.data.assign(133, 7);
    EXPECT_EQ(Split(data).size(), 1U);
    data.data.assign(256, 7);
    EXPECT_EQ(Split(data).size(), 2U);
    data.data.assign(257, 7);
    EXPECT_EQ(Split(data).size(), 3U);
    ShortMessage text = MakeText(std::string(152, 'a'));
    text.ports = SmsPorts{9000, 9001};
    EXPECT_EQ(Split(text).size(), 1U);
    text.text += 'a';
    EXPECT_EQ(Split(text).size(), 2U);
}

TEST(SmsConcatenation, RefusesWhatNoMessageCanCarry)
{
    std::vector<SmsUserData> segments;
    EXPECT_EQ(SplitShortMessage(MakeText(std::string(255 * 153, 'a')), 1, false, segments),
              SmsCodecError::NONE);
    EXPECT_EQ(segments.size(), 255U);
    EXPECT_EQ(SplitShortMessage(MakeText(std::string(255 * 153 + 1, 'a')), 1, false, segments),
              SmsCodecError::TOO_MANY_SEGMENTS);
    ShortMessage gsm = MakeText("Ж");
    gsm.alphabet = SmsAlphabet::GSM_7_BIT;
    EXPECT_EQ(SplitShortMessage(gsm, 1, false, segments), SmsCodecError::UNENCODABLE_TEXT);
    EXPECT_EQ(SplitShortMessage(MakeText("\xFF"), 1, false, segments),
              SmsCodecError::UNENCODABLE_TEXT);
}

// An escape and its character, and the halves of a surrogate pair, stay together.
TEST(SmsConcatenation, CutsNoCharacter)
{
    const auto gsm = Split(MakeText(std::string(152, 'a') + "€" + std::string(20, 'b')));
    ASSERT_EQ(gsm.size(), 2U);
    ShortMessage part;
    ASSERT_EQ(ReadShortMessage(gsm[0], part), SmsCodecError::NONE);
    EXPECT_EQ(part.text, std::string(152, 'a'));
    const auto ucs2 = Split(MakeText(Repeat("Ж", 66) + "😀" + Repeat("Ж", 20)));
    ASSERT_EQ(ucs2.size(), 2U);
    ASSERT_EQ(ReadShortMessage(ucs2[0], part), SmsCodecError::NONE);
    EXPECT_EQ(part.text, Repeat("Ж", 66));
}

// Segments of many messages from several senders, shuffled and some of them repeated.
TEST(SmsConcatenation, PutsShuffledSegmentsTogether)
{
    std::mt19937 random(23040);
    SmsReassembler reassembler(Hours(1), 1000);

    struct Piece
    {
        SmsAddress sender;
        SmsUserData userData;
    };

    std::vector<Piece> pieces;
    std::vector<std::string> sent;
    for (uint16_t reference = 0; reference < 40; ++reference)
    {
        std::string text;
        for (std::size_t i = 0; i < 100 + reference * 20U; ++i)
        {
            text += static_cast<char>('a' + random() % 26);
        }
        std::vector<SmsUserData> segments;
        // references repeat among senders, and are of both sizes
        ASSERT_EQ(SplitShortMessage(MakeText(reference % 3 == 0 ? text + "Ж" : text),
                                    reference / 2,
                                    reference % 2 == 0,
                                    segments),
                  SmsCodecError::NONE);
        sent.push_back(reference % 3 == 0 ? text + "Ж" : text);
        for (const auto& segment : segments)
        {
            const SmsAddress sender{SmsAddress::INTERNATIONAL,
                                    std::to_string(49170 + reference % 5)};
            pieces.push_back({sender, segment});
        }
        if (segments.size() > 1)
        {
            pieces.push_back({pieces.back().sender, segments[random() % segments.size()]});
        }
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    std::vector<std::string> received;
    ShortMessage message;
    for (const Piece& piece : pieces)
    {
        if (reassembler.Add(piece.sender, piece.userData, Seconds(1), message))
        {
            received.push_back(message.text);
        }
    }
    std::sort(sent.begin(), sent.end());
    std::sort(received.begin(), received.end());
    // a repetition behind the end of its message starts one that stays incomplete
    EXPECT_EQ(received, sent);
}

TEST(SmsConcatenation, DropsWhatStaysIncomplete)
{
    SmsReassembler reassembler(Minutes(10), 2);
    const auto segments = Split(MakeText(std::string(200, 'a')));
    ShortMessage message;
    const SmsAddress one{SmsAddress::INTERNATIONAL, "1"};
    EXPECT_FALSE(reassembler.Add(one, segments[0], Minutes(1), message));
    EXPECT_FALSE(reassembler.Add(one, segments[1], Minutes(11), message));
    EXPECT_EQ(reassembler.GetDropped(), 1U);
    for (const char* sender : {"2", "3", "4"})
    {
        reassembler.Add({SmsAddress::INTERNATIONAL, sender}, segments[0], Minutes(12), message);
    }
    EXPECT_EQ(reassembler.GetIncomplete(), 2U);
    EXPECT_EQ(reassembler.GetDropped(), 3U);
}

// TS 23.040 9.2.3.24.1: a segment number of 0 or beyond the total makes the element ignored.
TEST(SmsConcatenation, IgnoresASenselessElement)
{
    for (const Octets& header : {Octets{5, 0, 3, 9, 2, 0, 'x'}, Octets{5, 0, 3, 9, 2, 3, 'x'}})
    {
        SmsUserData userData;
        userData.hasHeader = true;
        userData.octets = header;
        userData.length = static_cast<uint8_t>(header.size());
        SmsReassembler reassembler(Hours(1), 10);
        ShortMessage message;
        EXPECT_TRUE(reassembler.Add({}, userData, Time(), message));
        EXPECT_EQ(message.data, Octets{'x'});
    }
}
