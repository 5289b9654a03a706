// SPDX-License-Identifier: GPL-2.0-only
// The client's side of long-term credentials: RFC 8489 9.2.5.
#include "ns3/stun-integrity.h"
#include "ns3/stun-requester.h"

#include <gtest/gtest.h>
#include <string>

using namespace ns3;
using namespace ns3::p2pim;

namespace
{

StunMessage
MakeAllocate()
{
    StunMessage message;
    message.method = StunMethod::ALLOCATE;
    return message;
}

StunMessage
MakeChallenge(const Octets& request, StunStatus status, const std::string& nonce)
{
    StunMessage message;
    EXPECT_EQ(DecodeStun(request, message), StunError::NONE);
    StunMessage error = MakeStunError(message, status);
    error.realm = "example.org";
    error.nonce = nonce;
    return error;
}

} // namespace

TEST(StunRequester, Rfc8489_9_2_5_SignsWhenItIsAsked)
{
    StunRequester requester("a", {"u", "secret", "", ""}, Seconds(39.5));
    const Octets first = requester.Begin(MakeAllocate(), Seconds(1));
    EXPECT_EQ(requester.GetDeadline(), Seconds(40.5));
    const auto outcome =
        requester.Receive(EncodeStun(MakeChallenge(first, StunStatus::UNAUTHENTICATED, "n1")),
                          Seconds(2));
    ASSERT_TRUE(outcome.again);
    StunMessage signedOne;
    ASSERT_EQ(DecodeStun(*outcome.again, signedOne), StunError::NONE);
    EXPECT_EQ(signedOne.username, "u");
    EXPECT_EQ(signedOne.nonce, "n1");
    const Octets key = MakeLongTermKey("u", "example.org", "secret");
    EXPECT_TRUE(HasStunIntegrity(*outcome.again, signedOne, key));
    EXPECT_EQ(requester.GetDeadline(), Seconds(41.5));

    const Octets unsignedAnswer = EncodeStun(MakeStunResponse(signedOne, StunClass::SUCCESS));
    EXPECT_FALSE(requester.Receive(unsignedAnswer, Seconds(3)).answer) << "anybody could say that";
    const Octets good = EncodeStun(MakeStunResponse(signedOne, StunClass::SUCCESS), key);
    EXPECT_TRUE(requester.Receive(good, Seconds(3)).answer);
    EXPECT_FALSE(requester.Receive(good, Seconds(3)).answer) << "an answer that comes twice";
    EXPECT_EQ(requester.GetDeadline(), Time::Max());
}

TEST(StunRequester, Rfc8489_9_2_5_DoesNotAskForEver)
{
    StunRequester requester("a", {"u", "secret", "", ""}, Seconds(39.5));
    Octets request = requester.Begin(MakeAllocate(), Time());
    request =
        *requester
             .Receive(EncodeStun(MakeChallenge(request, StunStatus::UNAUTHENTICATED, "n1")), Time())
             .again;
    const auto wrong =
        requester.Receive(EncodeStun(MakeChallenge(request, StunStatus::UNAUTHENTICATED, "n2")),
                          Time());
    EXPECT_FALSE(wrong.again) << "the password is wrong";
    EXPECT_EQ(wrong.answer->errorCode, StunStatus::UNAUTHENTICATED);

    request = requester.Begin(MakeAllocate(), Time());
    uint32_t repeated = 0;
    while (
        const auto again =
            requester
                .Receive(EncodeStun(MakeChallenge(request, StunStatus::STALE_NONCE, "n3")), Time())
                .again)
    {
        request = *again;
        ++repeated;
    }
    EXPECT_EQ(repeated, 2U);
}

TEST(StunRequester, HasNoCredentialsToGive)
{
    StunRequester requester("a", {}, Seconds(39.5));
    const Octets request = requester.Begin(MakeAllocate(), Time());
    const auto outcome =
        requester.Receive(EncodeStun(MakeChallenge(request, StunStatus::UNAUTHENTICATED, "n1")),
                          Time());
    EXPECT_FALSE(outcome.again);
    EXPECT_EQ(outcome.answer->errorCode, StunStatus::UNAUTHENTICATED);
}
