// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/invitation.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

std::optional<Invitation>
Decode(const std::string& text)
{
    return DecodeInvitation({text.begin(), text.end()});
}

} // namespace

TEST(Invitation, IsTheMsrpUriOfTheInitiator)
{
    const Invitation invitation{Ipv4Address("10.1.2.3"), 49152, "5f3a9c10"};
    const auto octets = EncodeInvitation(invitation);
    EXPECT_EQ(std::string(octets.begin(), octets.end()), "msrp://10.1.2.3:49152/5f3a9c10;tcp");
    const auto decoded = DecodeInvitation(octets);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->address, invitation.address);
    EXPECT_EQ(decoded->port, invitation.port);
    EXPECT_EQ(decoded->sessionId, invitation.sessionId);
}

// one short message with a 16-bit port element has room for 133 octets (TS 23.040 9.2.3.24.4)
TEST(Invitation, FitsIntoOneShortMessage)
{
    const Invitation longest{Ipv4Address("255.255.255.255"), 65535, std::string(32, 'x')};
    EXPECT_LE(EncodeInvitation(longest).size(), 133U);
}

TEST(Invitation, RefusesWhatIsNotOne)
{
    EXPECT_TRUE(Decode("msrp://10.1.2.3:1/a;tcp"));
    for (const auto* text : {"",
                             "hello",
                             "msrps://10.1.2.3:1/a;tcp",
                             "msrp://10.1.2:1/a;tcp",
                             "msrp://10.1.2.256:1/a;tcp",
                             "msrp://10.1.2.3/a;tcp",
                             "msrp://10.1.2.3:0/a;tcp",
                             "msrp://10.1.2.3:65536/a;tcp",
                             "msrp://10.1.2.3:-1/a;tcp",
                             "msrp://10.1.2.3:1/;tcp",
                             "msrp://10.1.2.3:1/a b;tcp",
                             "msrp://10.1.2.3:1/a;udp",
                             "msrp://10.1.2.3:1/a;tcp ",
                             "msrp://10.1.2.3:1/123456789012345678901234567890123;tcp"})
    {
        EXPECT_FALSE(Decode(text)) << text;
    }
}

// RFC 8839 5.1 names the kinds; the whole fits into one short message of 133 octets
TEST(Invitation, CarriesOtherAddressesAndTheNat)
{
    Invitation invitation{Ipv4Address("100.64.255.254"), 65535, "0123456789"};
    invitation.candidates = {
        {Candidate::Kind::REFLEXIVE, Ipv4Address("198.18.255.254"), 65535},
        {Candidate::Kind::RELAYED, Ipv4Address("203.0.113.222"), 65535},
    };
    invitation.mapping = StunBehaviour::ADDRESS_AND_PORT_DEPENDENT;
    invitation.sequence = {65535, PortSequence::MAX_ADVANCE};
    invitation.isAnswer = true;
    const auto octets = EncodeInvitation(invitation);
    EXPECT_EQ(std::string(octets.begin(), octets.end()),
              "msrp://100.64.255.254:65535/0123456789;tcp;answer;"
              "srflx=198.18.255.254_65535;relay=203.0.113.222_65535;nat=apdm;"
              "step=1024_65535");
    EXPECT_LE(octets.size(), 133U);
    const auto read = DecodeInvitation(octets);
    ASSERT_TRUE(read);
    EXPECT_EQ(EncodeInvitation(*read), octets);
}

TEST(Invitation, ParametersThatAreWrongAreRefusedAndUnknownOnesLetBe)
{
    const auto isGood = [](const std::string& parameters) {
        const std::string text = "msrp://10.0.0.2:1/x;tcp" + parameters;
        return DecodeInvitation({text.begin(), text.end()}).has_value();
    };
    EXPECT_TRUE(isGood(";new=1;nat=eim"));
    EXPECT_FALSE(isGood(";nat=none."));
    EXPECT_TRUE(isGood(";step=1024_65535"));
    for (const auto* text : {";step=",
                             ";step=1",
                             ";step=1_",
                             ";step=0_5",
                             ";step=1_0",
                             ";step=-1_5",
                             ";step=1025_5",
                             ";step=1_65536",
                             ";step=1_5_",
                             ";step=1_5 "})
    {
        EXPECT_FALSE(isGood(text)) << text;
    }
    EXPECT_FALSE(isGood(";srflx=1.2.3.4"));
    EXPECT_FALSE(isGood(";srflx=1.2.3.4_0"));
    EXPECT_FALSE(isGood(";srflx=1.2.3.4_65536"));
    EXPECT_FALSE(isGood(";srflx=1.2.3_4"));
    const std::string one = ";srflx=1.2.3.4_5";
    EXPECT_TRUE(isGood(one + one + one + one));
    EXPECT_FALSE(isGood(one + one + one + one + one));
}

TEST(Invitation, TheNameOfASessionIsReadFromItsUri)
{
    EXPECT_EQ(GetMsrpSessionId("msrp://10.0.0.2:1/abc;tcp"), "abc");
    EXPECT_EQ(GetMsrpSessionId("msrp://10.0.0.2:1"), "");
    EXPECT_EQ(GetMsrpSessionId("sip:x"), "");
}
