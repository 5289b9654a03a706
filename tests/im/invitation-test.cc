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
