// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/gmm-sm-elements.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::test::FromHex;

namespace
{

std::optional<RoutingAreaId>
DecodeArea(const Octets& octets)
{
    FieldReader in(octets);
    return ReadRoutingArea(in);
}

Octets
EncodeArea(const RoutingAreaId& area)
{
    Octets octets;
    OctetWriter out(octets);
    AppendRoutingArea(area, out);
    return octets;
}

} // namespace

// TS 24.008 10.5.7.3: bits 6 to 8 are the unit: 2 s, 1 min, 6 min; 7 is deactivated
TEST(GprsTimer, IsThirtyOneUnitsAtMost)
{
    EXPECT_EQ(EncodeGprsTimer(Seconds(0)), 0x00);
    EXPECT_EQ(EncodeGprsTimer(Seconds(44)), 0x16); // T3314
    EXPECT_EQ(EncodeGprsTimer(Seconds(62)), 0x1F);
    EXPECT_EQ(EncodeGprsTimer(Minutes(2)), 0x22);
    EXPECT_EQ(EncodeGprsTimer(Minutes(54)), GPRS_TIMER_54_MIN); // T3312
    EXPECT_EQ(EncodeGprsTimer(Minutes(186)), 0x5F);
    EXPECT_EQ(EncodeGprsTimer(std::nullopt), 0xE0);
}

TEST(GprsTimer, TakesTheNearestThatThereIs)
{
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Seconds(44.9))), Seconds(44));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Seconds(45.1))), Seconds(46));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Seconds(80))), Seconds(62));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Seconds(100))), Minutes(2));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Minutes(33))), Minutes(31));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Minutes(34))), Minutes(36));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Hours(10))), Minutes(186));
    EXPECT_EQ(DecodeGprsTimer(EncodeGprsTimer(Seconds(-1))), Seconds(0));
}

// By brute force: no other octet is nearer.
TEST(GprsTimer, IsNearerThanAllOthers)
{
    for (int seconds = 0; seconds < 12000; seconds += 7)
    {
        const Time time = Seconds(seconds);
        const auto chosen = DecodeGprsTimer(EncodeGprsTimer(time));
        ASSERT_TRUE(chosen);
        for (int octet = 0; octet < 0xE0; ++octet)
        {
            const auto other = DecodeGprsTimer(static_cast<uint8_t>(octet));
            ASSERT_LE(Abs(*chosen - time), Abs(*other - time)) << seconds << " s, octet " << octet;
        }
    }
}

// 10.5.7.3: other values are interpreted as multiples of 1 minute
TEST(GprsTimer, ReadsReservedUnitsAsMinutes)
{
    EXPECT_EQ(DecodeGprsTimer(0x65), Minutes(5));
    EXPECT_EQ(DecodeGprsTimer(0xC5), Minutes(5));
    EXPECT_EQ(DecodeGprsTimer(0xE5), std::nullopt);
}

// 10.5.5.15: MCC 2 1, MNC 3 and MCC 3, MNC 2 1; an MNC of two digits has 1111 for its third
TEST(RoutingAreaId, HasTwoOrThreeDigitsOfMnc)
{
    const RoutingAreaId two{262, 1, 0x1234, 5, 2};
    const RoutingAreaId three{310, 4, 0x1234, 5, 3};
    EXPECT_EQ(EncodeArea(two), FromHex("62 F2 10 12 34 05"));
    EXPECT_EQ(EncodeArea(three), FromHex("13 40 00 12 34 05"));
    EXPECT_EQ(DecodeArea(EncodeArea(two)), two);
    EXPECT_EQ(DecodeArea(EncodeArea(three)), three);
    EXPECT_NE(two, three);
    // 01 and 001 are two networks
    EXPECT_NE((RoutingAreaId{262, 1, 1, 1, 2}), (RoutingAreaId{262, 1, 1, 1, 3}));
}

TEST(RoutingAreaId, RefusesWhatIsNoDigit)
{
    EXPECT_FALSE(DecodeArea(FromHex("A2 F2 10 12 34 05")));
    EXPECT_FALSE(DecodeArea(FromHex("62 A2 10 12 34 05")));
    EXPECT_FALSE(DecodeArea(FromHex("62 F2 1A 12 34 05")));
    EXPECT_FALSE(DecodeArea(FromHex("62 F2 10 12 34")));
}

// 10.5.6.5: delay 3 bits, reliability 3; peak 4, spare, precedence 3; spare 3, mean 5
TEST(QosProfile, TakesThreeOctets)
{
    EXPECT_EQ(EncodeQos(QosProfile{}), FromHex("23 42 1F"));
    EXPECT_EQ(EncodeQos(QosProfile::Subscribed()), FromHex("00 00 00"));
    EXPECT_EQ(EncodeQos(QosProfile{1, 2, 9, 3, 18}), FromHex("0A 93 12"));
    EXPECT_EQ(DecodeQos(FromHex("0A 93 12")), (QosProfile{1, 2, 9, 3, 18}));
    // of Release 99 there are more octets, which say the same in other words
    EXPECT_EQ(DecodeQos(FromHex("0A 93 12 71 96 40")), (QosProfile{1, 2, 9, 3, 18}));
    EXPECT_FALSE(DecodeQos(FromHex("0A 93")));
}

// 10.5.6.4
TEST(PdpAddress, IsTypeAndAddressIfThereIsOne)
{
    const PdpAddress fixed{PDP_TYPE_IPV4, Ipv4Address("10.0.0.2")};
    EXPECT_EQ(EncodePdpAddress(fixed), FromHex("01 21 0A 00 00 02"));
    EXPECT_EQ(DecodePdpAddress(FromHex("01 21 0A 00 00 02")), fixed);
    EXPECT_EQ(DecodePdpAddress(FromHex("F1 21")), PdpAddress{}); // as in GTP
    const auto other = DecodePdpAddress(FromHex("01 57 20 01"));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->type, PDP_TYPE_IPV6);
    EXPECT_FALSE(other->address);
    EXPECT_FALSE(DecodePdpAddress(FromHex("01")));
    EXPECT_FALSE(DecodePdpAddress(FromHex("01 21 0A 00 00")));
    EXPECT_FALSE(DecodePdpAddress(FromHex("01 21 0A 00 00 02 00")));
}

// 10.5.1.4: the first digit beside the type; odd or even; an even number is filled with 1111
TEST(MobileIdentity, IsOfDigitsOrATmsi)
{
    const MobileIdentity imeisv{IdentityType::IMEISV, 3569380356438012};
    const MobileIdentity ptmsi{IdentityType::TMSI, 0xC0000007};
    EXPECT_EQ(EncodeMobileIdentity(imeisv), FromHex("33 65 39 08 53 46 83 10 F2"));
    EXPECT_EQ(DecodeMobileIdentity(FromHex("33 65 39 08 53 46 83 10 F2")), imeisv);
    EXPECT_EQ(EncodeMobileIdentity(ptmsi), FromHex("F4 C0 00 00 07"));
    EXPECT_EQ(DecodeMobileIdentity(FromHex("F4 C0 00 00 07")), ptmsi);
}

TEST(MobileIdentity, RefusesTheWrongNumberOfDigits)
{
    EXPECT_TRUE(DecodeMobileIdentity(FromHex("29 26 10 21 43 65 87 09")));
    EXPECT_FALSE(DecodeMobileIdentity(FromHex("29 26 10 21 43 65 87")));
    EXPECT_FALSE(DecodeMobileIdentity(FromHex("21 26 10 21 43 65 87 09"))); // an even number
    EXPECT_FALSE(DecodeMobileIdentity(FromHex("F4 C0 00 00")));
    EXPECT_FALSE(DecodeMobileIdentity(FromHex("F0"))); // no identity
    EXPECT_FALSE(DecodeMobileIdentity({}));
}

// 10.5.5.12a, bits: 0001 type, 0011001 length 25, 100 power, 1 1000000 A5, 0000, 1 multislot, 0, 1
// 01010 class 10, 0, 0; without a class 0010011 length 19
TEST(RadioCapability, TellsTheMultislotClass)
{
    EXPECT_EQ(EncodeRadioCapability(10), FromHex("13 33 00 2A 80"));
    EXPECT_EQ(EncodeRadioCapability(0), FromHex("12 73 00 20 00"));
    for (uint8_t multislotClass = 0; multislotClass <= 29; ++multislotClass)
    {
        EXPECT_EQ(DecodeRadioCapability(EncodeRadioCapability(multislotClass)), multislotClass);
    }
    EXPECT_EQ(DecodeRadioCapability(FromHex("13 33")), 0);
    EXPECT_EQ(DecodeRadioCapability({}), 0);
    // 0001 0010001 100, 0 no A5 bits, 0000, 1, 0, 1 01100 class 12, 0, 0
    EXPECT_EQ(DecodeRadioCapability(FromHex("12 30 15 80")), 12);
}

// TS 23.003 9.1: at most 100 octets
TEST(Apn, IsBounded)
{
    const std::string label(49, 'a');
    EXPECT_TRUE(DecodeApn(EncodeApn(label + "." + label)));
    EXPECT_FALSE(DecodeApn(EncodeApn(label + "." + label + ".a")));
}
