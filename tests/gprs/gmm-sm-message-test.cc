// SPDX-License-Identifier: GPL-2.0-only
#include "tests/fuzz/gprs-fields.h"
#include "tests/fuzz/gprs-samples.h"
#include "tests/hex.h"
#include "tests/oracle/dissection.h"

#include "ns3/gmm-sm-message.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;
using ::p2pim::fuzz::AreSame;
using ::p2pim::fuzz::GprsSamples;
using ::p2pim::test::FromHex;

namespace
{

constexpr uint64_t IMSI = 1'010'000'000'042; // 001 01 0000000042
constexpr auto UP = GmmSmDirection::UPLINK;
constexpr auto DOWN = GmmSmDirection::DOWNLINK;

/// A message, who sends it, and its octets by the standard's layout.
struct Layout
{
    GmmSmMessage message;
    GmmSmDirection direction;
    const char* octets;
};

/// @return GMM messages and their octets, put together by hand from TS 24.008 9.4 and 10.5.
std::vector<Layout>
GmmLayouts()
{
    const RoutingAreaId area{262, 1, 0x1234, 5}; // 62 F2 10 12 34 05
    AttachRequest combined;
    combined.ptmsi = 0xC0000007;
    combined.type = AttachType::COMBINED;
    combined.cksn = 2;
    combined.oldRoutingArea = area;
    combined.readyTimer = 0x16; // 44 s
    AttachAccept accept;
    accept.ptmsi = 0xC0000007;
    accept.SetRoutingAreaId(area);
    accept.result = AttachResult::COMBINED;
    accept.t3312 = 0x2A; // 10 min
    accept.readyTimer = 0x16;
    accept.cause = GmmSmCause::MSC_TEMPORARILY_NOT_REACHABLE;
    const uint16_t nsapis5And9 = 1 << 5 | 1 << 9;
    AuthenticationAndCipheringRequest challenge;
    challenge.rand.fill(0x5A);
    challenge.cksn = 3;
    challenge.reference = 9;
    return {
        {combined,
         UP,
         "08 01 02 E0 00 23 00 00 05 F4 C0 00 00 07 62 F2 10 12 34 05 05 13 33 00 2A 80 17 16"},
        {accept, DOWN, "08 02 03 2A 04 62 F2 10 12 34 05 17 16 18 05 F4 C0 00 00 07 25 10"},
        {AttachComplete{}, UP, "08 03"},
        {AttachReject{GmmSmCause::ILLEGAL_MS}, DOWN, "08 04 03"},
        {MoDetachRequest{MoDetachType::GPRS, true, 0xC0000007},
         UP,
         "08 05 09 18 05 F4 C0 00 00 07"},
        {MoDetachRequest{MoDetachType::COMBINED, false, std::nullopt}, UP, "08 05 03"},
        {MoDetachAccept{}, DOWN, "08 06 00"},
        {MtDetachRequest{MtDetachType::REATTACH_REQUIRED, GmmSmCause::IMPLICITLY_DETACHED},
         DOWN,
         "08 05 01 25 0A"},
        {MtDetachAccept{}, UP, "08 06"},
        {RoutingAreaUpdateRequest{UpdateType::PERIODIC, 2, area, 0x16, 0xC0000007, nsapis5And9},
         UP,
         "08 08 23 62 F2 10 12 34 05 05 13 33 00 2A 80 17 16 18 05 F4 C0 00 00 07 32 02 20 02"},
        {RoutingAreaUpdateAccept{UpdateResult::COMBINED,
                                 0x2A,
                                 area,
                                 0xC0000007,
                                 0x16,
                                 GmmSmCause::MSC_TEMPORARILY_NOT_REACHABLE,
                                 nsapis5And9},
         DOWN,
         "08 09 10 2A 62 F2 10 12 34 05 18 05 F4 C0 00 00 07 17 16 25 10 32 02 20 02"},
        {RoutingAreaUpdateComplete{}, UP, "08 0A"},
        {RoutingAreaUpdateReject{GmmSmCause::IMPLICITLY_DETACHED}, DOWN, "08 0B 0A 00"},
        {PtmsiReallocationCommand{0xC0000007, area},
         DOWN,
         "08 10 05 F4 C0 00 00 07 62 F2 10 12 34 05 00"},
        {PtmsiReallocationComplete{}, UP, "08 11"},
        {challenge, DOWN, "08 12 01 90 21 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 5A 83"},
        {AuthenticationAndCipheringResponse{0x01020304, 9}, UP, "08 13 09 22 01 02 03 04"},
        {AuthenticationAndCipheringReject{}, DOWN, "08 14"},
        {IdentityRequest{IdentityType::IMEI}, DOWN, "08 15 02"},
        {IdentityResponse{{IdentityType::IMEI, 356938035643809}},
         UP,
         "08 16 08 3A 65 39 08 53 46 83 90"},
        {GmmStatus{GmmSmCause::MESSAGE_TYPE_NON_EXISTENT}, UP, "08 20 61"},
    };
}

/// @return SM messages and their octets, put together by hand from TS 24.008 9.5 and 10.5.6.
std::vector<Layout>
SmLayouts()
{
    const Ipv4Address address("10.0.0.2");
    const QosProfile qos{1, 2, 6, 1, 18}; // 0A 61 12
    return {
        {ActivatePdpContextRequest{6, "a.bc", {2, false}, {PDP_TYPE_IPV4, address}, qos},
         UP,
         "2A 41 06 03 03 0A 61 12 06 01 21 0A 00 00 02 28 05 01 61 02 62 63"},
        {ActivatePdpContextAccept{address, {2, true}, qos, 3},
         DOWN,
         "AA 42 03 03 0A 61 12 03 2B 06 01 21 0A 00 00 02"},
        {ActivatePdpContextReject{GmmSmCause::MISSING_OR_UNKNOWN_APN, {2, true}}, DOWN, "AA 43 1B"},
        {RequestPdpContextActivation{address, "a", {1, false}},
         DOWN,
         "1A 44 06 01 21 0A 00 00 02 28 02 01 61"},
        {RequestPdpContextActivationReject{GmmSmCause::INSUFFICIENT_RESOURCES, {1, true}},
         UP,
         "9A 45 1A"},
        {DeactivatePdpContextRequest{GmmSmCause::REGULAR_DEACTIVATION, {2, false}, true},
         UP,
         "2A 46 24 91"},
        {DeactivatePdpContextRequest{GmmSmCause::REACTIVATION_REQUIRED, {2, true}, false},
         DOWN,
         "AA 46 27"},
        {DeactivatePdpContextAccept{{2, true}}, DOWN, "AA 47"},
        {MtModifyPdpContextRequest{qos, {2, true}, 3, address},
         DOWN,
         "AA 48 03 03 03 0A 61 12 2B 06 01 21 0A 00 00 02"},
        {MtModifyPdpContextAccept{{2, false}}, UP, "2A 49"},
        {MoModifyPdpContextRequest{qos, {2, false}}, UP, "2A 4A 30 03 0A 61 12"},
        {MoModifyPdpContextAccept{qos, {2, true}, 3}, DOWN, "AA 4B 30 03 0A 61 12 83"},
        {ModifyPdpContextReject{GmmSmCause::QOS_NOT_ACCEPTED, {2, true}}, DOWN, "AA 4C 25"},
        {SmStatus{GmmSmCause::INVALID_TRANSACTION_IDENTIFIER, {6, true}}, DOWN, "EA 55 51"},
    };
}

/// @return one of each message, fields drawn.
std::vector<GprsSamples::Directed>
Sample(GprsSamples& samples)
{
    auto messages = samples.MakeGmm();
    const auto sm = samples.MakeSm();
    messages.insert(messages.end(), sm.begin(), sm.end());
    return messages;
}

/// @return the octets with some behind them.
Octets
With(Octets octets, const Octets& more)
{
    octets.insert(octets.end(), more.begin(), more.end());
    return octets;
}

} // namespace

TEST(GmmSmMessage, DecodesWhatItEncodes)
{
    GprsSamples samples(4);
    for (int round = 0; round < 200; ++round)
    {
        for (const auto& [message, direction] : Sample(samples))
        {
            const auto octets = EncodeGmmSm(message);
            const auto decoded = DecodeGmmSm(octets, direction);
            ASSERT_TRUE(decoded) << "message type " << int{octets[1]};
            EXPECT_TRUE(AreSame(*decoded, message)) << "message type " << int{octets[1]};
        }
    }
}

TEST(GmmSmMessage, HasTheLayoutOfTheStandard)
{
    for (const auto& layouts : {GmmLayouts(), SmLayouts()})
    {
        for (const auto& [message, direction, octets] : layouts)
        {
            EXPECT_EQ(EncodeGmmSm(message), FromHex(octets)) << octets;
            const auto decoded = DecodeGmmSm(FromHex(octets), direction);
            ASSERT_TRUE(decoded) << octets;
            EXPECT_TRUE(AreSame(*decoded, message)) << octets;
        }
    }
}

// Capabilities of a handset (10.5.5.12, 10.5.5.12a), no old routing area, QoS as subscribed and of
// best effort (10.5.6.5).
TEST(GmmSmMessage, HasTheDefaultsOfAHandset)
{
    EXPECT_EQ(EncodeGmmSm(AttachRequest{IMSI}),
              FromHex("08 01 02 E0 00 71 00 00 08 09 10 10 00 00 00 00 24 00 F1 10 FF FE 00 05 13 "
                      "33 00 2A 80"));
    EXPECT_EQ(EncodeGmmSm(AttachAccept{0xC0000007}),
              FromHex("08 02 01 49 04 00 F1 10 00 01 01 18 05 F4 C0 00 00 07"));
    EXPECT_EQ(EncodeGmmSm(ActivatePdpContextRequest{5, "a"}),
              FromHex("0A 41 05 03 03 00 00 00 02 01 21 28 02 01 61"));
    EXPECT_EQ(EncodeGmmSm(ActivatePdpContextAccept{Ipv4Address("10.0.0.2")}),
              FromHex("8A 42 03 03 23 42 1F 04 2B 06 01 21 0A 00 00 02"));
}

// TS 24.008 10.5.1.4: digits from the low half octet on, type IMSI, odd number of digits
TEST(GmmSmMessage, WritesTheImsiAsMobileIdentity)
{
    const auto octets = EncodeGmmSm(AttachRequest{IMSI});
    const Octets identity(octets.begin() + 8, octets.begin() + 17);
    EXPECT_EQ(identity, (Octets{8, 0x09, 0x10, 0x10, 0x00, 0x00, 0x00, 0x00, 0x24}));
}

// What is cut off between two optional elements is a message without the rest, and nothing else.
TEST(GmmSmMessage, RefusesEveryTruncationButBetweenOptionalElements)
{
    GprsSamples samples(5);
    for (const auto& [message, direction] : Sample(samples))
    {
        const auto octets = EncodeGmmSm(message);
        for (std::size_t size = 0; size < octets.size(); ++size)
        {
            const Octets cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size));
            const auto decoded = DecodeGmmSm(cut, direction);
            EXPECT_TRUE(!decoded || EncodeGmmSm(*decoded) == cut)
                << "type " << int{octets[1]} << " cut to " << size;
        }
    }
}

// TS 24.007 11.2.4: an unknown identifier with bit 8 set is the whole element, one without has an
// octet of length; 11.2.5: one below 0x10 must be comprehended.
TEST(GmmSmMessage, SkipsUnknownOptionalElements)
{
    const auto octets = EncodeGmmSm(AttachAccept{0xC0000007});
    const auto decode = [&](const Octets& more) {
        return DecodeGmmSm(With(octets, more), GmmSmDirection::DOWNLINK);
    };
    const auto known = decode({0xB3, 0x4A, 3, 1, 2, 3, 0x17, 0x16});
    ASSERT_TRUE(known);
    EXPECT_EQ(std::get<AttachAccept>(*known).readyTimer, 0x16);
    EXPECT_FALSE(decode({0x4A, 3, 1, 2}));
    EXPECT_FALSE(decode({0x0A, 1, 1}));
}

// TS 24.008 8.6.3: of an element that is repeated the first counts
TEST(GmmSmMessage, TakesTheFirstOfARepeatedElement)
{
    const auto octets = With(EncodeGmmSm(MtDetachRequest{}), {0x25, 0x0A, 0x25, 0x07});
    const auto decoded = DecodeGmmSm(octets, GmmSmDirection::DOWNLINK);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(std::get<MtDetachRequest>(*decoded).cause, GmmSmCause::IMPLICITLY_DETACHED);
}

// TS 24.008 10.5.5.2, 10.5.5.5, 10.5.5.9: what all other values are interpreted as
TEST(GmmSmMessage, InterpretsReservedTypes)
{
    const auto decode = [](const char* octets, GmmSmDirection direction) {
        return DecodeGmmSm(FromHex(octets), direction).value();
    };
    EXPECT_EQ(std::get<MoDetachRequest>(decode("08 05 07", UP)).type, MoDetachType::COMBINED);
    EXPECT_EQ(std::get<MtDetachRequest>(decode("08 05 07", DOWN)).type,
              MtDetachType::REATTACH_NOT_REQUIRED);
    EXPECT_EQ(std::get<IdentityRequest>(decode("08 15 00", DOWN)).type, IdentityType::IMSI);
    auto attach = EncodeGmmSm(AttachRequest{IMSI});
    attach[5] = 0x74;
    EXPECT_EQ(std::get<AttachRequest>(*DecodeGmmSm(attach, UP)).type, AttachType::GPRS);
}

// TS 24.008 8.4 and 8.5: causes 97, 96; TS 24.007 11.2.3.1.3 and TS 24.008 8.3.2: 7 extends the TI
TEST(GmmSmMessage, TellsTheCauseOfWhatItRefuses)
{
    const auto find = [](const char* octets, GmmSmDirection direction) {
        return FindGmmSmFault(FromHex(octets), direction);
    };
    EXPECT_EQ(find("08 77", UP), GmmSmCause::MESSAGE_TYPE_NON_EXISTENT);
    EXPECT_EQ(find("0A 77", UP), GmmSmCause::MESSAGE_TYPE_NON_EXISTENT);
    // of the other direction is as good as unknown (TS 24.008 8.4)
    EXPECT_EQ(find("08 04 03", UP), GmmSmCause::MESSAGE_TYPE_NON_EXISTENT);
    EXPECT_EQ(find("08 08 23 62", UP), GmmSmCause::INVALID_MANDATORY_INFORMATION);
    EXPECT_EQ(find("0A 41 04 03", UP), GmmSmCause::INVALID_MANDATORY_INFORMATION);
    EXPECT_EQ(find("7A 47", UP), GmmSmCause::INVALID_TRANSACTION_IDENTIFIER);
    // no answer: good, too short, a status, another protocol
    EXPECT_EQ(find("08 03", UP), std::nullopt);
    EXPECT_EQ(find("08", UP), std::nullopt);
    EXPECT_EQ(find("", UP), std::nullopt);
    EXPECT_EQ(find("08 20", UP), std::nullopt);
    EXPECT_EQ(find("0A 55", UP), std::nullopt);
    EXPECT_EQ(find("05 77", UP), std::nullopt);
}

TEST(GmmSmMessage, RefusesAnApnWithAnEmptyLabel)
{
    EXPECT_FALSE(DecodeApn({3, 'a', 'b', 'c', 0}));
    EXPECT_FALSE(DecodeApn({4, 'a', 'b', 'c'}));
    EXPECT_EQ(DecodeApn(EncodeApn("a.bc.def")), "a.bc.def");
}

// TS 23.003 9.1: labels of letters, digits and hyphens; a dot within one would make it two.
TEST(GmmSmMessage, RefusesAnApnWithOtherCharacters)
{
    EXPECT_EQ(DecodeApn({3, 'a', '-', '1', 1, 'Z'}), "a-1.Z");
    EXPECT_FALSE(DecodeApn({3, 'a', '.', 'c'}));
    EXPECT_FALSE(DecodeApn({1, ' '}));
    EXPECT_FALSE(DecodeApn({1, 0xE4}));
}

// TS 24.008 10.5.1.4: a semi-octet above 9 is no digit; the first is beside the type of identity.
TEST(GmmSmMessage, RefusesAnImsiWhoseFirstDigitIsNone)
{
    Octets octets = EncodeGmmSm(AttachRequest{262011234567890});
    ASSERT_EQ(octets.at(9), 0x29); // digit 2, odd number of digits, IMSI
    octets[9] = 0xA9;
    EXPECT_FALSE(DecodeGmmSm(octets, GmmSmDirection::UPLINK));
}

TEST(GmmSmMessage, IsCleanForTshark)
{
    if (!::p2pim::oracle::HasTshark())
    {
        GTEST_SKIP() << "tshark is not installed";
    }
    ::p2pim::oracle::Capture capture(::p2pim::oracle::Capture::Link::EXPORTED_PDU);
    GprsSamples samples(6);
    for (int round = 0; round < 5; ++round)
    {
        for (const auto& [message, direction] : Sample(samples))
        {
            capture.AddPdu("gsm_a_dtap", EncodeGmmSm(message), direction == UP);
        }
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
}
