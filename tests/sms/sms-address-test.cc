// SPDX-License-Identifier: GPL-2.0-only
#include "tests/hex.h"

#include "ns3/sms-tpdu-fields.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace ns3::p2pim;
using p2pim::test::FromHex;
using p2pim::test::ToHex;

namespace
{

constexpr uint8_t NATIONAL = 0xA1;
constexpr uint8_t SHORT_CODE = 0x81; ///< unknown type of number, E.164

/// @return the address field in hexadecimal digits; nothing if it cannot be written.
std::string
Write(const SmsAddress& address)
{
    std::vector<uint8_t> octets;
    return AppendAddress(address, octets) == SmsCodecError::NONE ? ToHex(octets) : std::string();
}

SmsCodecError
Read(const std::string& hex, SmsAddress& address)
{
    const std::vector<uint8_t> octets = FromHex(hex);
    OctetReader reader(octets.data(), octets.size());
    return ReadAddress(reader, address);
}

void
ExpectBothWays(const SmsAddress& address, const std::string& hex)
{
    EXPECT_EQ(Write(address), hex);
    SmsAddress read;
    EXPECT_EQ(Read(hex, read), SmsCodecError::NONE);
    EXPECT_EQ(read, address);
}

} // namespace

// TS 23.040 9.1.2.5 and 9.1.2.3: how many digits, their type, then semi-octets, the first in the
// low half, F behind an odd number of them; 10 to 14 are * # a b c.
TEST(SmsAddress, IsWrittenInSemiOctets)
{
    ExpectBothWays({SmsAddress::INTERNATIONAL, "46708251358"}, "0b916407281553f8");
    ExpectBothWays({NATIONAL, "0301234567"}, "0aa13010325476");
    ExpectBothWays({SHORT_CODE, "8"}, "0181f8");
    ExpectBothWays({SHORT_CODE, "*100#abc"}, "08811a00cbed");
    ExpectBothWays({SmsAddress::INTERNATIONAL, "12345678901234567890"}, "149121436587092143658709");
}

// TS 23.040 9.1.2.5: packed septets of the default alphabet; the length counts the semi-octets that
// are used. The octets of "hellohello" are those of the published SMS-SUBMIT in sms-codec-test.
TEST(SmsAddress, CanBeText)
{
    ExpectBothWays({SmsAddress::ALPHANUMERIC, "hellohello"}, "12d0e8329bfd4697d9ec37");
    ExpectBothWays({SmsAddress::ALPHANUMERIC, "Hello"}, "09d0c8329bfd06");
    ExpectBothWays({SmsAddress::ALPHANUMERIC, "@"}, "02d000");
    ExpectBothWays({SmsAddress::ALPHANUMERIC, "€"}, "04d09b32"); // 1B 65, escaped: two septets
}

// Ten octets hold 80 bits: eleven septets, of which an escaped character takes two.
TEST(SmsAddress, HoldsElevenCharactersOfText)
{
    ExpectBothWays({SmsAddress::ALPHANUMERIC, "aaaaaaaaaaa"}, "14d0e170381c0e87c3e17018");
    EXPECT_EQ(Write({SmsAddress::ALPHANUMERIC, "aaaaaaaaaaaa"}), "");
    EXPECT_NE(Write({SmsAddress::ALPHANUMERIC, "€€€€€a"}), "");
    EXPECT_EQ(Write({SmsAddress::ALPHANUMERIC, "€€€€€€"}), "");
}

TEST(SmsAddress, RefusesWhatIsNone)
{
    EXPECT_EQ(Write({SmsAddress::INTERNATIONAL, ""}), "");
    EXPECT_EQ(Write({SmsAddress::INTERNATIONAL, "123456789012345678901"}), ""); // 21 digits
    EXPECT_EQ(Write({SmsAddress::INTERNATIONAL, "+4670"}), "");
    EXPECT_EQ(Write({SmsAddress::INTERNATIONAL, "12d"}), "");
    EXPECT_EQ(Write({SmsAddress::ALPHANUMERIC, ""}), "");
    EXPECT_EQ(Write({SmsAddress::ALPHANUMERIC, "Ж"}), "");
    EXPECT_EQ(Write({SmsAddress::ALPHANUMERIC, "\xFF"}), "");
    SmsAddress address;
    EXPECT_EQ(Read("159121436587092143658709F1", address), SmsCodecError::BAD_ADDRESS);
    EXPECT_EQ(Read("04912F43", address), SmsCodecError::BAD_ADDRESS); // a filler among digits
    EXPECT_EQ(Read("0491F243", address), SmsCodecError::BAD_ADDRESS);
    EXPECT_EQ(Read("059121", address), SmsCodecError::TRUNCATED);
    EXPECT_EQ(Read("05", address), SmsCodecError::TRUNCATED);
    EXPECT_EQ(Read("09d0c8329b", address), SmsCodecError::TRUNCATED);
}

TEST(SmsAddress, ParsesDigitsAsANumber)
{
    EXPECT_EQ(ParseDigits("00491711"), 491711U);
    EXPECT_EQ(ParseDigits("999999999999999999"), 999999999999999999U);
    for (const char* bad : {"", "1234567890123456789", "12a", "-1", "+1", " 1"})
    {
        EXPECT_FALSE(ParseDigits(bad)) << bad;
    }
}
