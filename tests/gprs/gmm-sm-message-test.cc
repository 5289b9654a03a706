// SPDX-License-Identifier: GPL-2.0-only
#include "oracle/dissection.h"

#include "ns3/gmm-sm-message.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

constexpr uint64_t IMSI = 1'010'000'000'042; // 001 01 0000000042

/// One of each message, and whether a station sends it.
std::vector<std::pair<GmmSmMessage, bool>>
AllMessages()
{
    AuthenticationAndCipheringRequest challenge;
    challenge.rand.fill(0x5A);
    return {
        {AttachRequest{IMSI}, true},
        {challenge, false},
        {AuthenticationAndCipheringResponse{0x01020304}, true},
        {AttachAccept{0xC0000007, 0x1234, 5}, false},
        {AttachComplete{}, true},
        {AttachReject{GmmSmCause::GPRS_NOT_ALLOWED}, false},
        {ActivatePdpContextRequest{5, "internet.example"}, true},
        {ActivatePdpContextAccept{Ipv4Address("10.0.0.2")}, false},
        {ActivatePdpContextReject{GmmSmCause::MISSING_OR_UNKNOWN_APN}, false},
    };
}

} // namespace

TEST(GmmSmMessage, DecodesWhatItEncodes)
{
    for (const auto& [message, uplink] : AllMessages())
    {
        const auto octets = EncodeGmmSm(message);
        const auto direction = uplink ? GmmSmDirection::UPLINK : GmmSmDirection::DOWNLINK;
        const auto decoded = DecodeGmmSm(octets, direction);
        ASSERT_TRUE(decoded) << "message type " << int{octets[1]};
        EXPECT_EQ(decoded->index(), message.index());
        EXPECT_EQ(EncodeGmmSm(*decoded), octets);
    }
    const auto request = std::get<AttachRequest>(
        *DecodeGmmSm(EncodeGmmSm(AttachRequest{IMSI}), GmmSmDirection::UPLINK));
    EXPECT_EQ(request.imsi, IMSI);
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
    for (const auto& [message, uplink] : AllMessages())
    {
        const auto direction = uplink ? GmmSmDirection::UPLINK : GmmSmDirection::DOWNLINK;
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
    for (const auto& [message, uplink] : AllMessages())
    {
        capture.AddPdu("gsm_a_dtap", EncodeGmmSm(message), uplink);
    }
    EXPECT_EQ(capture.FindFaults(), std::vector<std::string>{});
    const auto fields =
        capture.Dissect({"gsm_a.dtap.msg_gmm_type", "gsm_a.dtap.msg_sm_type", "e212.imsi"});
    EXPECT_EQ(fields[0][0], "0x01");
    EXPECT_EQ(fields[0][2], "001010000000042");
    EXPECT_EQ(fields[3][0], "0x02");
    EXPECT_EQ(fields[6][1], "0x41");
    EXPECT_EQ(fields[7][1], "0x42");
}
